//! Requests that name an operation, and those that do not or name another.

use super::*;

fn form(method: Method, query: &str, body: &str) -> Request<Bytes> {
    Request::builder()
        .method(method)
        .uri(format!("/?{query}"))
        .body(Bytes::from(body.to_owned()))
        .unwrap()
}

fn json(target: &str) -> Request<Bytes> {
    let request = Request::builder()
        .method(Method::POST)
        .header("X-Amz-Target", target);
    request.body(Bytes::from_static(b"{}")).unwrap()
}

#[track_caller]
fn check(request: &Request<Bytes>, signed: Option<&str>, expect: Result<&str, Fault>) {
    let routed =
        route(request, signed).map(|(service, it)| format!("{}:{}", service.name, it.name));

    assert_eq!(routed, expect.map(str::to_owned));
}

const WHO: &str = "Action=GetCallerIdentity&Version=2011-06-15";

#[test]
fn the_action_of_a_form_is_found_in_body_or_query() {
    let expect = Ok("sts:GetCallerIdentity");
    for signed in [Some("sts"), None] {
        check(&form(Method::POST, "", WHO), signed, expect.clone());
        check(
            &form(Method::GET, &format!("{WHO}&X-Amz-Expires=60"), ""),
            signed,
            expect.clone(),
        );
    }
}

#[test]
fn the_target_of_json_is_found_in_its_header() {
    for signed in [Some("secretsmanager"), None] {
        let request = json("secretsmanager.GetSecretValue");
        check(&request, signed, Ok("secretsmanager:GetSecretValue"));
    }
}

#[test]
fn an_unknown_action_is_the_callers_fault() {
    let request = form(Method::POST, "", "Action=MakeTea&Version=2010-05-08");
    let message = "Could not find operation MakeTea for version 2010-05-08";
    for signed in [Some("iam"), None] {
        check(&request, signed, Err(Fault::new("InvalidAction", message)));
    }
    let request = form(Method::POST, "", "Action=MakeTea&Version=2016-11-15");
    let message = "The action MakeTea is not valid for this web service.";
    for signed in [Some("ec2"), None] {
        check(&request, signed, Err(Fault::new("InvalidAction", message)));
    }
    let fault = |target| {
        Fault::new(
            "UnknownOperationException",
            format!("there is no operation `{target}`"),
        )
    };
    for target in [
        "secretsmanager.MakeTea",
        "DynamoDB_20120810.GetItem",
        "GetSecretValue",
        "",
    ] {
        check(&json(target), Some("secretsmanager"), Err(fault(target)));
        check(&json(target), None, Err(fault(target)));
    }
}

#[test]
fn an_action_of_another_service_is_unknown() {
    let message = "Could not find operation GetCallerIdentity for version 2011-06-15";
    let fault = Fault::new("InvalidAction", message);
    check(&form(Method::POST, "", WHO), Some("iam"), Err(fault));
    let fault = Fault::new("UnknownOperationException", "there is no operation ``");
    check(
        &form(Method::POST, "", WHO),
        Some("secretsmanager"),
        Err(fault),
    );
}

#[test]
fn another_version_is_refused() {
    for (form_text, version) in [
        ("Action=GetRole&Version=2010-05-09", "2010-05-09"),
        ("Action=GetRole", "NO_VERSION_SPECIFIED"),
    ] {
        let message = format!("Could not find operation GetRole for version {version}");
        for signed in [Some("iam"), None] {
            let request = form(Method::POST, "", form_text);
            check(
                &request,
                signed,
                Err(Fault::new("InvalidAction", message.clone())),
            );
        }
    }
    let request = form(Method::POST, "", "Action=RunInstances&Version=2014-01-01");
    let message = "The requested version (2014-01-01) of service AmazonEC2 does not exist";
    check(
        &request,
        Some("ec2"),
        Err(Fault::new("NoSuchVersion", message)),
    );
}

#[test]
fn a_request_without_an_action_is_refused() {
    let fault = Fault::new(
        "MissingAction",
        "The request must contain the parameter Action",
    );
    for signed in [Some("sts"), None] {
        check(&form(Method::POST, "", ""), signed, Err(fault.clone()));
        check(
            &form(Method::GET, "Version=2011-06-15", "%"),
            signed,
            Err(fault.clone()),
        );
    }
}

#[test]
fn an_unknown_service_is_refused() {
    let (long, cut) = ("s".repeat(1000), "s".repeat(128));
    for (name, shown) in [("s4", "s4"), ("", ""), (&long, &cut)] {
        let message = format!("there is no service `{shown}` here");
        let fault = Fault::new("UnknownService", message).status(404);
        check(&form(Method::POST, "", WHO), Some(name), Err(fault));
    }
}

#[test]
fn other_methods_are_refused() {
    let fault = |method| {
        Fault::new(
            "MethodNotAllowed",
            format!("the service does not answer {method}"),
        )
        .status(405)
    };
    check(&form(Method::PUT, "", WHO), Some("sts"), Err(fault("PUT")));
    check(
        &form(Method::GET, "", ""),
        Some("secretsmanager"),
        Err(fault("GET")),
    );
}

#[test]
fn a_call_is_a_post_with_its_headers() {
    let service = Service::find("secretsmanager").unwrap();
    let operation = service.operation("GetSecretValue").unwrap();

    let request = encode_input(
        service,
        operation,
        &Record::new().with("SecretId", "a"),
        "h:1",
    );

    assert_eq!(
        (request.method(), request.uri().to_string().as_str()),
        (&Method::POST, "/")
    );
    let header = |name: &str| request.headers().get(name).and_then(|it| it.to_str().ok());
    assert_eq!(header("host"), Some("h:1"));
    assert_eq!(header("content-type"), Some("application/x-amz-json-1.1"));
    assert_eq!(
        header("x-amz-target"),
        Some("secretsmanager.GetSecretValue")
    );
    assert_eq!(request.body(), r#"{"SecretId":"a"}"#);
}

#[test]
fn a_form_says_action_and_version_first() {
    let service = Service::find("iam").unwrap();
    let operation = service.operation("GetRole").unwrap();

    let request = encode_input(
        service,
        operation,
        &Record::new().with("RoleName", "a b"),
        "\n",
    );

    assert_eq!(
        request.body(),
        "Action=GetRole&Version=2010-05-08&RoleName=a%20b"
    );
    assert!(!request.headers().contains_key(HOST));
}
