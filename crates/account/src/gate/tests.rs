//! Who gets in: every way of not being who one claims to be, in the words of each protocol.

mod across;
mod vpc;

use bytes::Bytes;
use http::{HeaderValue, Request, header};
use protocol::shape::Service;
use protocol::sigv4::{self, Credentials, Scope};
use protocol::{Fault, Record, Secret, wire};

use crate::testing::{World, fails, policy, texts, trust};

const ALLOW_ALL: &str =
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;

/// One harmless call in each protocol.
const CALLS: [(&str, &str); 4] = [
    ("sts", "GetCallerIdentity"),
    ("iam", "ListRoles"),
    ("secretsmanager", "ListSecrets"),
    ("ec2", "DescribeInstances"),
];

fn signed(world: &World, caller: &Credentials, call: (&str, &str)) -> Request<Bytes> {
    let service = Service::find(call.0).unwrap();
    let operation = service.operation(call.1).unwrap();
    world.signed(caller, service, operation, &Record::new())
}

fn answer(
    world: &mut World,
    request: &Request<Bytes>,
    call: (&str, &str),
) -> Result<Record, Fault> {
    let service = Service::find(call.0).unwrap();
    let operation = service.operation(call.1).unwrap();
    wire::decode_output(service, operation, &world.send(request))
}

/// The code and status that each of [`CALLS`] is refused with.
type Refusals = [(&'static str, u16); 4];

const INVALID_KEY: Refusals = [
    ("InvalidClientTokenId", 403),
    ("InvalidClientTokenId", 403),
    ("UnrecognizedClientException", 400),
    ("AuthFailure", 401),
];
const BAD_SIGNATURE: Refusals = [
    ("SignatureDoesNotMatch", 403),
    ("SignatureDoesNotMatch", 403),
    ("InvalidSignatureException", 400),
    ("AuthFailure", 401),
];
const EXPIRED: Refusals = [
    ("ExpiredToken", 403),
    ("ExpiredToken", 403),
    ("ExpiredTokenException", 400),
    ("RequestExpired", 400),
];

/// Signs every call, lets it be altered, and expects refusal.
#[track_caller]
fn refuses(
    world: &mut World,
    caller: &Credentials,
    expect: Refusals,
    words: [&str; 4],
    alter: impl Fn(&mut Request<Bytes>),
) {
    for ((call, expect), words) in CALLS.into_iter().zip(expect).zip(words) {
        let mut request = signed(world, caller, call);
        alter(&mut request);
        fails(answer(world, &request, call), expect, words);
    }
}

fn same(words: &str) -> [&str; 4] {
    [words, words, words, "not able to validate"]
}

const UNRECOGNISED: &str = "The security token included in the request is invalid.";
const MISMATCH: &str = "signature we calculated does not match";

fn as_is(_: &mut Request<Bytes>) {}

#[test]
fn who_signs_right_gets_in() {
    let mut world = World::new();
    let admin = world.admin.clone();
    for call in CALLS {
        let request = signed(&world, &admin, call);
        answer(&mut world, &request, call).unwrap();
    }
}

#[test]
fn a_wrong_secret() {
    let mut world = World::new();
    let wrong = Credentials {
        secret_access_key: Secret::from_text("another secret".to_owned()),
        ..world.admin.clone()
    };

    refuses(&mut world, &wrong, BAD_SIGNATURE, same(MISMATCH), as_is);
}

#[test]
fn an_unknown_key() {
    let mut world = World::new();
    let unknown = Credentials {
        access_key_id: "AKIAAAAAAAAAAAAAAAAA".to_owned(),
        ..world.admin.clone()
    };

    refuses(&mut world, &unknown, INVALID_KEY, same(UNRECOGNISED), as_is);
}

#[test]
fn an_inactive_key_until_it_is_active_again() {
    let mut world = World::new();
    let user = world.user("u", ALLOW_ALL);
    let switch = |world: &mut World, status| {
        let key = texts(&[
            ("UserName", "u"),
            ("AccessKeyId", &user.access_key_id),
            ("Status", status),
        ]);
        world.admin("iam", "UpdateAccessKey", &key).unwrap();
    };

    switch(&mut world, "Inactive");
    refuses(&mut world, &user, INVALID_KEY, same(UNRECOGNISED), as_is);

    switch(&mut world, "Active");
    assert!(
        world
            .call(&user, "iam", "ListRoles", &Record::new())
            .is_ok()
    );
}

#[test]
fn a_deleted_key() {
    let mut world = World::new();
    let user = world.user("u", ALLOW_ALL);
    let key = texts(&[("UserName", "u"), ("AccessKeyId", &user.access_key_id)]);
    world.admin("iam", "DeleteAccessKey", &key).unwrap();

    refuses(&mut world, &user, INVALID_KEY, same(UNRECOGNISED), as_is);
}

#[test]
fn no_signature() {
    let mut world = World::new();
    let admin = world.admin.clone();
    let expect = [
        ("MissingAuthenticationToken", 403),
        ("MissingAuthenticationToken", 403),
        ("MissingAuthenticationTokenException", 400),
        ("MissingAuthenticationToken", 403),
    ];

    refuses(
        &mut world,
        &admin,
        expect,
        ["issing Authentication Token"; 4],
        |request| {
            request.headers_mut().remove(header::AUTHORIZATION);
        },
    );
}

#[test]
fn an_incomplete_signature() {
    let mut world = World::new();
    let admin = world.admin.clone();
    let expect = [
        ("IncompleteSignature", 400),
        ("IncompleteSignature", 400),
        ("IncompleteSignatureException", 400),
        ("IncompleteSignature", 400),
    ];
    for garbage in [
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA256 Credential=x",
        "Bearer x",
    ] {
        refuses(&mut world, &admin, expect, [""; 4], |request| {
            let garbage = HeaderValue::from_static(garbage);
            request.headers_mut().insert(header::AUTHORIZATION, garbage);
        });
    }
}

#[test]
fn a_tampered_request() {
    let mut world = World::new();
    let admin = world.admin.clone();
    let alterations: [fn(&mut Request<Bytes>); 4] = [
        |request| {
            let mut body = request.body().to_vec();
            body.extend_from_slice(b" ");
            *request.body_mut() = body.into();
        },
        |request| {
            let host = HeaderValue::from_static("elsewhere:4566");
            request.headers_mut().insert(header::HOST, host);
        },
        |request| *request.uri_mut() = "/elsewhere".parse().unwrap(),
        |request| *request.uri_mut() = "/?more=1".parse().unwrap(),
    ];
    for alter in alterations {
        refuses(&mut world, &admin, BAD_SIGNATURE, same(MISMATCH), alter);
    }
}

#[test]
fn a_date_out_of_reach() {
    let mut world = World::new();
    let admin = world.admin.clone();
    let expect = [
        ("SignatureDoesNotMatch", 403),
        ("SignatureDoesNotMatch", 403),
        ("InvalidSignatureException", 400),
        ("RequestExpired", 400),
    ];
    for (seconds, words) in [
        (-301, "Signature expired"),
        (301, "Signature not yet current"),
    ] {
        for ((call, expect), words) in
            CALLS
                .into_iter()
                .zip(expect)
                .zip([words, words, words, "Request has expired"])
        {
            let now = world.now;
            world.now = now + jiff::SignedDuration::from_secs(seconds);
            let request = signed(&world, &admin, call);
            world.now = now;
            fails(answer(&mut world, &request, call), expect, words);
        }
    }
}

#[test]
fn a_region_that_is_not_served() {
    let mut world = World::new();
    let expect = [
        ("SignatureDoesNotMatch", 403),
        ("InvalidSignatureException", 400),
        ("AuthFailure", 401),
    ];
    for (call, expect) in [CALLS[0], CALLS[2], CALLS[3]].into_iter().zip(expect) {
        let mut request = signed(&world, &world.admin, call);
        let scope = Scope::at(world.now, "eu-nowhere-1", call.0);
        sigv4::sign(&mut request, &world.admin, &scope, world.now).unwrap();
        fails(answer(&mut world, &request, call), expect, "");
    }
}

#[test]
fn every_region_answers_wherever_the_account_was_made() {
    let mut world = World::of([1; 32], "eu-central-1");
    for (call, region) in CALLS
        .into_iter()
        .zip(["us-east-1", "eu-central-1", "ap-south-2"])
    {
        let mut request = signed(&world, &world.admin, call);
        let scope = Scope::at(world.now, region, call.0);
        sigv4::sign(&mut request, &world.admin, &scope, world.now).unwrap();
        assert!(answer(&mut world, &request, call).is_ok(), "{call:?}");
    }
}

fn session(world: &mut World) -> (Credentials, String) {
    let arn = world.role("r", &trust("123456789012"), ALLOW_ALL);
    let admin = world.admin.clone();
    let input = texts(&[("RoleArn", &arn), ("RoleSessionName", "session")]);
    (world.assume(&admin, &input), arn)
}

#[test]
fn a_session_gets_in_until_it_ends() {
    let mut world = World::new();
    let (session, _) = session(&mut world);
    let own = world
        .call(&session, "sts", "GetCallerIdentity", &Record::new())
        .unwrap();
    assert_eq!(
        own.text("Arn"),
        Some("arn:aws:sts::123456789012:assumed-role/r/session")
    );

    world.now = crate::testing::seconds(3_599);
    assert!(
        world
            .call(&session, "iam", "ListRoles", &Record::new())
            .is_ok()
    );
    world.now = crate::testing::seconds(3_600);
    let words = [
        "is expired",
        "is expired",
        "is expired",
        "Request has expired",
    ];
    refuses(&mut world, &session, EXPIRED, words, as_is);
}

#[test]
fn a_session_without_its_token_or_with_another() {
    let mut world = World::new();
    let (one, arn) = session(&mut world);
    let admin = world.admin.clone();
    let input = texts(&[("RoleArn", &arn), ("RoleSessionName", "other")]);
    let two = world.assume(&admin, &input);
    let mut altered = one.session_token.clone().unwrap().expose().to_vec();
    altered[20] ^= 1;
    let foreign = {
        let mut other = World::of([2; 32], "us-east-1");
        other.role("r", &trust("123456789012"), ALLOW_ALL);
        let admin = other.admin.clone();
        let input = texts(&[
            ("RoleArn", "arn:aws:iam::123456789012:role/r"),
            ("RoleSessionName", "session"),
        ]);
        other.now = world.now;
        other.assume(&admin, &input)
    };
    for token in [
        None,
        two.session_token,
        Some(Secret::new(altered)),
        foreign.session_token.clone(),
        Some(Secret::from_text("x".to_owned())),
    ] {
        let bad = Credentials {
            session_token: token,
            ..one.clone()
        };
        refuses(&mut world, &bad, INVALID_KEY, same(UNRECOGNISED), as_is);
    }
    refuses(&mut world, &foreign, INVALID_KEY, same(UNRECOGNISED), as_is);
}

#[test]
fn a_users_key_with_a_sessions_token() {
    let mut world = World::new();
    let (session, _) = session(&mut world);
    let mixed = Credentials {
        session_token: session.session_token,
        ..world.admin.clone()
    };

    refuses(&mut world, &mixed, INVALID_KEY, same(UNRECOGNISED), as_is);
}

#[test]
fn the_session_of_a_role_that_was_deleted_or_made_anew() {
    let mut world = World::new();
    let (session, _) = session(&mut world);
    let inline = texts(&[("RoleName", "r"), ("PolicyName", "inline")]);
    world.admin("iam", "DeleteRolePolicy", &inline).unwrap();
    let name = texts(&[("RoleName", "r")]);
    world.admin("iam", "DeleteRole", &name).unwrap();
    refuses(&mut world, &session, INVALID_KEY, same(UNRECOGNISED), as_is);

    world.role("r", &trust("123456789012"), ALLOW_ALL);
    refuses(&mut world, &session, INVALID_KEY, same(UNRECOGNISED), as_is);
}

fn raw(
    world: &mut World,
    service: &str,
    target: Option<&'static str>,
    body: &'static str,
) -> (u16, String, String) {
    let mut request = Request::post("http://127.0.0.1:4566/")
        .body(Bytes::from_static(body.as_bytes()))
        .unwrap();
    if let Some(target) = target {
        let headers = request.headers_mut();
        headers.insert("x-amz-target", HeaderValue::from_static(target));
        let kind = HeaderValue::from_static("application/x-amz-json-1.1");
        headers.insert(header::CONTENT_TYPE, kind);
    } else {
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    let scope = Scope::at(world.now, world.state.region(), service);
    let admin = world.admin.clone();
    sigv4::sign(&mut request, &admin, &scope, world.now).unwrap();
    let outcome = world.outcome(&request);
    (
        outcome.response.status().as_u16(),
        outcome.trail.error.unwrap_or_default(),
        String::from_utf8(outcome.response.into_body().to_vec()).unwrap(),
    )
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table of cases")]
fn what_is_no_operation_is_the_callers_fault_in_its_own_protocol() {
    let mut world = World::new();
    let cases = [
        (
            "sts",
            None,
            "Action=No&Version=2011-06-15",
            "InvalidAction",
            400,
            "<ErrorResponse",
        ),
        (
            "sts",
            None,
            "Action=GetCallerIdentity&Version=2010-05-08",
            "InvalidAction",
            400,
            "<ErrorResponse",
        ),
        (
            "iam",
            None,
            "Version=2010-05-08",
            "MissingAction",
            400,
            "<ErrorResponse",
        ),
        (
            "ec2",
            None,
            "Action=No&Version=2016-11-15",
            "InvalidAction",
            400,
            "<Response>",
        ),
        (
            "ec2",
            None,
            "Action=DescribeInstances&Version=2001-01-01",
            "NoSuchVersion",
            400,
            "<Response>",
        ),
        (
            "secretsmanager",
            Some("secretsmanager.No"),
            "{}",
            "UnknownOperationException",
            400,
            "__type",
        ),
        (
            "secretsmanager",
            Some("secretsmanager.GetSecretValue"),
            "{",
            "SerializationException",
            400,
            "__type",
        ),
        (
            "secretsmanager",
            Some("secretsmanager.GetSecretValue"),
            "{}",
            "ValidationException",
            400,
            "__type",
        ),
        (
            "iam",
            None,
            "Action=GetRole&Version=2010-05-08",
            "ValidationError",
            400,
            "<ErrorResponse",
        ),
        (
            "ec2",
            None,
            "Action=TerminateInstances&Version=2016-11-15",
            "MissingParameter",
            400,
            "<Response>",
        ),
        (
            "coffee",
            None,
            "Action=Make&Version=1",
            "UnknownService",
            404,
            "<ErrorResponse",
        ),
    ];
    for (service, target, body, code, status, form) in cases {
        let (answered, error, text) = raw(&mut world, service, target, body);
        assert_eq!(
            (answered, &*error),
            (status, code),
            "{service} {body}: {text}"
        );
        assert!(
            text.contains(form) && text.contains(code),
            "{service} {body}: {text}"
        );
    }
}

#[test]
fn a_presigned_call_is_answered_while_it_counts() {
    let mut world = World::new();
    let uri = presigned(&world, 60);
    let request = Request::get(&uri)
        .header(header::HOST, "127.0.0.1:4566")
        .body(Bytes::new())
        .unwrap();

    assert_eq!(world.send(&request).status(), 200);
    world.now = crate::testing::seconds(61);
    assert_eq!(
        world.outcome(&request).trail.error.as_deref(),
        Some("SignatureDoesNotMatch")
    );
}

/// A presigned GetCallerIdentity: the canonical request written out by hand.
fn presigned(world: &World, expires: u32) -> String {
    use hmac::{Hmac, KeyInit, Mac};
    use sha2::{Digest, Sha256};
    let hmac = |key: &[u8], text: &str| -> Vec<u8> {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().to_vec()
    };
    let hex = |bytes: &[u8]| -> String {
        bytes
            .iter()
            .fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
    };
    let query = format!(
        "Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-SHA256\
         &X-Amz-Credential={}%2F20260101%2Fus-east-1%2Fsts%2Faws4_request\
         &X-Amz-Date=20260101T000000Z&X-Amz-Expires={expires}&X-Amz-SignedHeaders=host",
        world.admin.access_key_id
    );
    let empty = hex(&Sha256::digest(b""));
    let canonical = format!("GET\n/\n{query}\nhost:127.0.0.1:4566\n\nhost\n{empty}");
    let to_sign = format!(
        "AWS4-HMAC-SHA256\n20260101T000000Z\n20260101/us-east-1/sts/aws4_request\n{}",
        hex(&Sha256::digest(canonical.as_bytes()))
    );
    let secret = world.admin.secret_access_key.expose_text().unwrap();
    let key = ["20260101", "us-east-1", "sts", "aws4_request"]
        .into_iter()
        .fold(format!("AWS4{secret}").into_bytes(), |key, part| {
            hmac(&key, part)
        });
    format!("/?{query}&X-Amz-Signature={}", hex(&hmac(&key, &to_sign)))
}

#[test]
fn a_denied_call_changes_nothing_and_says_so_in_the_trail() {
    let mut world = World::new();
    let user = world.user("u", &policy("Deny", "*", "*"));
    let service = Service::find("iam").unwrap();
    let operation = service.operation("CreateUser").unwrap();
    // That a key was used is kept, but not again at once.
    world
        .call(&user, "iam", "ListRoles", &Record::new())
        .unwrap_err();
    let before = format!("{:?}", world.state);
    let request = world.signed(&user, service, operation, &texts(&[("UserName", "x")]));

    let outcome = world.outcome(&request);

    assert!(outcome.changes.is_empty());
    assert_eq!(outcome.trail.error.as_deref(), Some("AccessDenied"));
    assert_eq!(outcome.trail.operation, Some("CreateUser"));
    assert_eq!(
        outcome.trail.principal.as_deref(),
        Some("arn:aws:iam::123456789012:user/u")
    );
    assert!(!outcome.trail.verdicts[0].allowed);
    assert_eq!(format!("{:?}", world.state), before);
}
