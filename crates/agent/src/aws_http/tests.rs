//! Requests that must be refused, by flaw, then those that are answered.

use http::{HeaderName, HeaderValue};
use proptest::prelude::*;

use super::*;

const TOKEN: (&str, &str) = ("X-Aws-Parameters-Secrets-Token", "t0ken");
const LOCAL: (&str, &str) = ("Host", "localhost:2773");

fn answer(
    method: &Method,
    target: &str,
    headers: &[(&str, &str)],
    listening: &str,
) -> Result<Call, HttpFault> {
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (target, None),
    };
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(
            HeaderName::from_bytes(name.as_bytes()).unwrap(),
            HeaderValue::from_bytes(value.as_bytes()).unwrap(),
        );
    }
    let token = Secret::new(*b"t0ken");
    let rules = Rules {
        token: &token,
        listening: listening.parse().unwrap(),
    };
    read(method, path, query, &map, &rules)
}

fn check(target: &str, headers: &[(&str, &str)], expect: &Result<Call, (u16, &str)>) {
    let found = answer(&Method::GET, target, headers, "127.0.0.1");

    assert_eq!(
        found
            .as_ref()
            .map_err(|fault| (fault.status.as_u16(), fault.body.as_str())),
        expect.as_ref().map_err(|fault| *fault),
        "{target} {headers:?}"
    );
}

fn refused(target: &str, status: u16, body: &str) {
    check(target, &[LOCAL, TOKEN], &Err((status, body)));
}

fn asks(target: &str, secret_id: &str, version_id: &str, stage: &str, refresh_now: bool) {
    let ask = Ask::new(
        secret_id,
        Some(version_id.to_owned()),
        Some(stage.to_owned()),
    )
    .unwrap();
    check(target, &[LOCAL, TOKEN], &Ok(Call::Get { ask, refresh_now }));
}

#[test]
fn without_the_token_nothing_is_told() {
    for headers in [
        &[LOCAL][..],
        &[LOCAL, ("X-Aws-Parameters-Secrets-Token", "")],
        &[LOCAL, ("X-Aws-Parameters-Secrets-Token", "t0ke")],
        &[LOCAL, ("X-Aws-Parameters-Secrets-Token", "T0KEN")],
        &[LOCAL, ("X-Vault-Token", "t0kenx")],
        &[LOCAL, ("Authorization", "t0ken")],
        &[LOCAL, ("X-Vault-Token", "\u{e9}")],
    ] {
        check(
            "/secretsmanager/get?secretId=db",
            headers,
            &Err((403, "Bad Token")),
        );
        check("/nothing", headers, &Err((403, "Bad Token")));
    }
}

#[test]
fn an_empty_token_opens_nothing() {
    let mut headers = HeaderMap::new();
    headers.insert(HOST, HeaderValue::from_static("localhost"));
    headers.insert("x-vault-token", HeaderValue::from_static(""));
    let rules = Rules {
        token: &Secret::new([]),
        listening: [127, 0, 0, 1].into(),
    };
    let fault = read(&Method::GET, "/v1/db", None, &headers, &rules).unwrap_err();

    assert_eq!(fault.status, StatusCode::FORBIDDEN);
}

#[test]
fn a_token_file_holds_one_token() {
    let of = |text: &str| {
        let found = token(&Secret::from_text(text.to_owned()));
        found.map(|token| token.expose_text().unwrap().to_owned())
    };

    assert_eq!(of(""), Err(TokenError::Empty));
    assert_eq!(of(" \r\n"), Err(TokenError::Empty));
    assert_eq!(of("a b"), Err(TokenError::NotHeaderText));
    assert_eq!(of("a\nb"), Err(TokenError::NotHeaderText));
    assert_eq!(of("\u{e9}"), Err(TokenError::NotHeaderText));
    assert_eq!(of("t0ken\r\n"), Ok("t0ken".to_owned()));
}

#[test]
fn what_a_proxy_passed_on_is_refused() {
    for name in ["X-Forwarded-For", "Forwarded", "Via"] {
        check(
            "/v1/db",
            &[LOCAL, TOKEN, (name, "10.0.0.1")],
            &Err((400, "Forwarded")),
        );
        check("/ping", &[LOCAL, (name, "")], &Err((400, "Forwarded")));
    }
}

#[test]
fn what_a_browser_sends_is_refused() {
    check(
        "/v1/db",
        &[LOCAL, TOKEN, ("Origin", "null")],
        &Err((403, "Origin")),
    );
    check(
        "/ping",
        &[LOCAL, ("Origin", "http://localhost:2773")],
        &Err((403, "Origin")),
    );
}

#[test]
fn a_foreign_host_is_refused() {
    for host in [
        "",
        "evil.example",
        "evil.example:2773",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "10.0.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "[::]:2773",
        "::1",
        "[::1",
        "[localhost]",
        "localhost:",
        "localhost:x",
        "localhost:99999",
        "[::1]2773",
        "127.0.0.1:1:2",
        "user@localhost",
        "localhost.",
        "127.1",
    ] {
        check("/v1/db", &[("Host", host), TOKEN], &Err((403, "Host")));
        check("/ping", &[("Host", host)], &Err((403, "Host")));
    }
    let none = "exactly one Host header is needed";
    check("/v1/db", &[TOKEN], &Err((400, none)));
    check("/v1/db", &[LOCAL, LOCAL, TOKEN], &Err((400, none)));
}

#[test]
fn this_machine_is_reached_by_its_own_names() {
    for host in [
        "localhost",
        "LOCALHOST:80",
        "127.0.0.1",
        "127.8.9.1:2773",
        "[::1]",
        "[::1]:2773",
        "[::ffff:127.0.0.1]:1",
    ] {
        check("/ping", &[("Host", host)], &Ok(Call::Ping));
    }
}

#[test]
fn off_loopback_an_address_is_no_rebound_name() {
    let ping = |host| answer(&Method::GET, "/ping", &[("Host", host)], "0.0.0.0");

    assert_eq!(ping("10.0.0.5:2773"), Ok(Call::Ping));
    assert_eq!(ping("[fd00::5]:2773"), Ok(Call::Ping));
    assert_eq!(
        ping("agent.internal").unwrap_err().status,
        StatusCode::FORBIDDEN
    );
}

#[test]
fn only_get_is_allowed() {
    for method in [
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::DELETE,
        Method::OPTIONS,
    ] {
        for target in ["/ping", "/v1/db"] {
            let fault = answer(&method, target, &[LOCAL, TOKEN], "127.0.0.1").unwrap_err();
            assert_eq!(
                (fault.status.as_u16(), fault.body.as_str()),
                (405, "Not allowed")
            );
        }
    }
}

#[test]
fn the_sdks_protocol_is_refused_in_its_own_words() {
    let target = ("X-Amz-Target", "secretsmanager.GetSecretValue");
    let fault = answer(&Method::POST, "/", &[LOCAL, target], "127.0.0.1").unwrap_err();

    assert_eq!((fault.status.as_u16(), fault.content_type), (400, JSON));
    assert!(
        fault.body.contains("UnsupportedOperationException"),
        "{}",
        fault.body
    );
}

#[test]
fn parameters_that_mean_nothing_are_refused() {
    refused("/secretsmanager/get", 400, "missing parameter: secretId");
    refused(
        "/secretsmanager/get?secretId=",
        400,
        "the secret's name is empty",
    );
    refused(
        "/secretsmanager/get?secretId=a&roleArn=x",
        400,
        "unknown parameter: roleArn",
    );
    refused(
        "/secretsmanager/get?secretid=a",
        400,
        "unknown parameter: secretid",
    );
    refused(
        "/secretsmanager/get?secretId=a&=b",
        400,
        "unknown parameter: ",
    );
    refused(
        "/secretsmanager/get?secretId=a&%0a=b",
        400,
        "unknown parameter: \\n",
    );
    refused("/v1/a?secretId=b", 400, "unknown parameter: secretId");
    refused("/v1/", 400, "the secret's name is empty");
    refused(
        "/v1/a?refreshNow=yes",
        400,
        "refreshNow must be true or false",
    );
    refused("/v1/a?refreshNow", 400, "refreshNow must be true or false");
    for query in [
        "secretId=%",
        "secretId=%2",
        "secretId=%zz",
        "secretId=%+1",
        "secretId=%ff",
        "%=1",
    ] {
        let target = format!("/secretsmanager/get?{query}");
        refused(&target, 400, "the query is not percent-encoded");
    }
    refused("/v1/a%ff", 400, "the path is not percent-encoded");
    refused(
        &format!("/v1/{}", "a".repeat(2_049)),
        400,
        "the secret's name is longer than 2048 characters",
    );
}

#[test]
fn other_paths_are_not_found() {
    for target in [
        "/",
        "/v1",
        "/v2/db",
        "/secretsmanager/get/",
        "/secretsmanager",
        "//v1/db",
        "/Ping",
    ] {
        refused(target, 404, "Not found");
    }
}

#[test]
fn reads_are_understood() {
    asks(
        "/secretsmanager/get?secretId=db",
        "db",
        "",
        "AWSCURRENT",
        false,
    );
    asks(
        "/secretsmanager/get?secretId=a+b&versionStage=AWSPREVIOUS",
        "a b",
        "",
        "AWSPREVIOUS",
        false,
    );
    asks(
        "/secretsmanager/get?&secretId=a%2Bb&&versionId=v1&refreshNow=TRUE",
        "a+b",
        "v1",
        "",
        true,
    );
    asks(
        "/secretsmanager/get?secretId=a&secretId=b&refreshNow=0",
        "b",
        "",
        "",
        false,
    );
    asks("/v1/app/db?refreshNow=1", "app/db", "", "AWSCURRENT", true);
    asks("/v1/a%20b+c%2Fd", "a b+c/d", "", "AWSCURRENT", false);
    asks(
        "/v1/arn:aws:secretsmanager:us-east-1:1:secret:a=b",
        "arn:aws:secretsmanager:us-east-1:1:secret:a=b",
        "",
        "",
        false,
    );
}

#[test]
fn either_header_carries_the_token() {
    for name in ["X-Aws-Parameters-Secrets-Token", "x-vault-token"] {
        let call = answer(
            &Method::GET,
            "/v1/db",
            &[LOCAL, (name, "t0ken")],
            "127.0.0.1",
        );
        assert!(call.is_ok());
    }
}

#[test]
fn a_services_fault_is_valid_json_with_its_status() {
    let fault = Fault::new("AccessDeniedException", "not \"allowed\"\n").status(400);
    let answer = HttpFault::from(&fault);
    let body: serde_json::Value = serde_json::from_str(&answer.body).unwrap();

    assert_eq!((answer.status.as_u16(), answer.content_type), (400, JSON));
    assert_eq!(body["__type"], "AccessDeniedException");
    assert_eq!(body["message"], "not \"allowed\"\n");
    for status in [0, 200, 302, 1_000] {
        assert_eq!(
            HttpFault::from(&fault.clone().status(status))
                .status
                .as_u16(),
            500
        );
    }
}

proptest! {
    #[test]
    fn arbitrary_requests_are_judged_without_panic(
        path in ".{0,60}",
        query in proptest::option::of(".{0,80}"),
        host in "\\PC{0,20}",
    ) {
        let mut headers = HeaderMap::new();
        if let Ok(host) = HeaderValue::from_str(&host) {
            headers.insert(HOST, host);
        }
        headers.insert("x-vault-token", HeaderValue::from_static("t0ken"));
        let token = Secret::new(*b"t0ken");
        let rules = Rules { token: &token, listening: [127, 0, 0, 1].into() };
        for path in [path.clone(), format!("/v1/{path}"), "/secretsmanager/get".to_owned()] {
            let _ = read(&Method::GET, &path, query.as_deref(), &headers, &rules);
            headers.insert(HOST, HeaderValue::from_static("localhost"));
        }
    }

    #[test]
    fn every_name_can_be_asked_for(name in ".{1,60}") {
        let encoded: Vec<String> = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let encoded = encoded.concat();
        let get = Call::Get { ask: Ask::new(name, None, None).unwrap(), refresh_now: false };
        let by_path = answer(&Method::GET, &format!("/v1/{encoded}"), &[LOCAL, TOKEN], "::1");
        let by_query = format!("/secretsmanager/get?secretId={encoded}");
        let by_query = answer(&Method::GET, &by_query, &[LOCAL, TOKEN], "::1");
        prop_assert_eq!(by_path.as_ref(), Ok(&get));
        prop_assert_eq!(by_query.as_ref(), Ok(&get));
    }
}
