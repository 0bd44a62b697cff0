//! Whatever a caller with all rights sends, it is answered, and never with a fault of ours.

use bytes::Bytes;
use http::{HeaderValue, Request, header};
use proptest::prelude::*;
use protocol::shape::{Kind, Protocol, SERVICES, Service};
use protocol::sigv4::{self, Scope};

use crate::testing::World;

/// A value that is wrong somewhere, or right by chance.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => proptest::sample::select(vec![
            "", "0", "1", "-1", "99999999999", "true", "null", "a", "administrator", "my-secret",
            "ec2-secrets-manager-role", "ec2-secrets-manager-profile", "/", "/a/", "v1", "Active",
            "AWSCURRENT", "00000000-0000-4000-8000-000000000000", "ami-12c6146b", "i-00000000",
            "arn:aws:iam::123456789012:policy/ec2-secrets-manager-policy",
            "arn:aws:iam::123456789012:role/ec2-secrets-manager-role", "arn:aws:iam", "arn:::::",
            "arn:aws:secretsmanager:us-east-1:123456789012:secret:é-é-é", "é", "{}", "[]",
            "alias/a", "alias/aws/secretsmanager", "arn:aws:kms:us-east-1:123456789012:key/é",
            "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkq", "AES_256", "default",
            r#"{"Version":"2012-10-17",
                "Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#,
        ]).prop_map(str::to_owned),
        1 => ".{0,40}",
    ]
}

/// A call of some operation with some of its members.
fn call() -> impl Strategy<Value = (&'static Service, usize, Vec<(usize, String)>)> {
    let services = proptest::sample::select(SERVICES);
    let members = proptest::collection::vec((0..64_usize, value()), 0..8);
    (services, 0..64_usize, members)
}

fn request(
    service: &'static Service,
    operation: usize,
    values: &[(usize, String)],
) -> Request<Bytes> {
    let operation = &service.operations[operation % service.operations.len()];
    let members = match operation.input.map(|shape| &shape.kind) {
        Some(Kind::Structure(members)) => *members,
        _ => &[],
    };
    // Each member at most once: a form that repeats one is refused before anything is read.
    let mut chosen = std::collections::BTreeMap::new();
    for (at, value) in values.iter().filter(|_| !members.is_empty()) {
        let member = &members[at % members.len()];
        chosen.insert(member.name, (member, value));
    }
    let mut request = Request::post("http://127.0.0.1:4566/");
    let body = if let Protocol::Json { target_prefix, .. } = service.protocol {
        request = request.header(
            "x-amz-target",
            format!("{target_prefix}.{}", operation.name),
        );
        let object = chosen.iter().map(|(name, (member, value))| {
            let typed = match member.shape.kind {
                Kind::String(_) | Kind::Blob { .. } => serde_json::Value::from(value.as_str()),
                _ => serde_json::from_str(value).unwrap_or_else(|_| value.as_str().into()),
            };
            ((*name).to_owned(), typed)
        });
        serde_json::Value::Object(object.collect()).to_string()
    } else {
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        request = request.header(header::CONTENT_TYPE, form);
        let mut body = format!("Action={}&Version={}", operation.name, service.api_version);
        for (name, (member, value)) in chosen {
            let value =
                percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC);
            let name = member.query_name.or(member.wire_name).unwrap_or(name);
            let suffix = match member.shape.kind {
                Kind::List { .. } if matches!(service.protocol, Protocol::Ec2 { .. }) => ".1",
                Kind::List { .. } => ".member.1",
                _ => "",
            };
            body.extend(["&", name, suffix, "=", &value.to_string()]);
        }
        body
    };
    request.body(body.into()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_call_is_our_fault(calls in proptest::collection::vec(call(), 1..6)) {
        let mut world = World::new();
        let admin = world.admin.clone();
        for (service, operation, values) in calls {
            let mut request = request(service, operation, &values);
            let scope = Scope::at(world.now, world.state.region(), service.name);
            sigv4::sign(&mut request, &admin, &scope, world.now).unwrap();
            // Panics where the status is 500 or more.
            let outcome = world.outcome(&request);
            let code = outcome.trail.error.unwrap_or_default();
            prop_assert_ne!(code.as_str(), "SignatureDoesNotMatch");
        }
    }

    #[test]
    fn no_request_to_the_metadata_service_is_our_fault(
        method in "[A-Z]{1,8}",
        path in "/(latest|1\\.0|2021-03-23)?(/[a-z.%/-]{0,12}){0,5}",
        token in proptest::option::of("[ -~]{0,60}"),
    ) {
        let world = World::new();
        let Ok(uri) = path.parse::<http::Uri>() else { return Ok(()) };
        let mut request = Request::builder().method(method.as_str()).uri(uri);
        if let Some(token) = token {
            request = request.header("x-aws-ec2-metadata-token", token);
        }
        let request = request.body(()).unwrap();
        let id = world.instance_id();
        let answer = crate::metadata::serve(&world.state, &id, &request, world.now, [0; 12]);
        prop_assert!(answer.response.status().is_client_error());
    }
}
