//! Requests that must be refused, by flaw, then those that are answered.

use http::header::HOST;
use http::{HeaderName, HeaderValue};
use proptest::prelude::*;

use super::*;
use crate::http_fault::JSON;

const TOKEN: (&str, &str) = ("X-Aws-Parameters-Secrets-Token", "t0ken");
const ROLE: &str = "arn:aws:iam::210987654321:role/reader";
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
    judge(method, path, query, &map, Some(listening.parse().unwrap())).map(|(call, _)| call)
}

/// What is made of a request, with the name of its token.
fn judge(
    method: &Method,
    path: &str,
    query: Option<&str>,
    headers: &HeaderMap,
    listening: Option<IpAddr>,
) -> Result<(Call, Option<String>), HttpFault> {
    let token = |name: &str, text: &str| Token {
        name: name.to_owned(),
        secret: Secret::from_text(text.to_owned()),
    };
    let tokens = [
        token("none", ""),
        token(TOKEN_FILE, "t0ken"),
        token("deploy", "d3ploy"),
    ];
    let roles = BTreeMap::from([(ROLE.to_owned(), "reader".to_owned())]);
    let against = Rules {
        tokens: &tokens,
        listening,
        roles: &roles,
    };
    let request = read(method, path, query, headers, &against)?;
    Ok((request.call, request.token.map(str::to_owned)))
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
    let refresh = if refresh_now {
        Refresh::Now
    } else {
        Refresh::No
    };
    check(target, &[LOCAL, TOKEN], &Ok(Call::Get { ask, refresh }));
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
fn the_token_is_known_by_name() {
    let name = |token: &'static str, listening| {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_static("localhost"));
        headers.insert("x-vault-token", HeaderValue::from_static(token));
        judge(&Method::GET, "/v1/db", None, &headers, listening)
            .map(|(_, name)| name.unwrap())
            .map_err(|fault| fault.status.as_u16())
    };
    for listening in [Some([127, 0, 0, 1].into()), None] {
        assert_eq!(
            name("", listening),
            Err(403),
            "an empty token opens nothing"
        );
        assert_eq!(name("t0ken", listening), Ok(TOKEN_FILE.to_owned()));
        assert_eq!(name("d3ploy", listening), Ok("deploy".to_owned()));
        assert_eq!(name("d3ploy2", listening), Err(403));
    }
}

#[test]
fn on_a_unix_socket_a_token_is_not_needed_but_a_wrong_one_is_refused() {
    let none = judge(&Method::GET, "/v1/db", None, &HeaderMap::new(), None).unwrap();

    assert_eq!(none.1, None);
    let mut headers = HeaderMap::new();
    headers.insert("x-vault-token", HeaderValue::from_static("wrong"));
    let wrong = judge(&Method::GET, "/v1/db", None, &headers, None).unwrap_err();
    assert_eq!(wrong.status, StatusCode::FORBIDDEN);
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
fn an_sdk_needs_no_token_and_gets_no_foreign_operation() {
    let call = |name, headers: &[(&str, &str)]| {
        let target = ("X-Amz-Target", name);
        let headers = [&[LOCAL, target], headers].concat();
        answer(&Method::POST, "/", &headers, "127.0.0.1")
            .map_err(|fault| (fault.status.as_u16(), fault.content_type))
    };
    let get = Call::Sdk(sdk::Action::GetSecretValue);
    assert_eq!(call("secretsmanager.GetSecretValue", &[]), Ok(get.clone()));
    assert_eq!(call("secretsmanager.GetSecretValue", &[TOKEN]), Ok(get));
    for name in ["secretsmanager.PutSecretValue", "TrentService.Decrypt", ""] {
        assert_eq!(call(name, &[]), Err((400, sdk::JSON)), "{name}");
    }
    let wrong = ("X-Vault-Token", "wrong");
    assert_eq!(
        call("secretsmanager.GetSecretValue", &[wrong])
            .unwrap_err()
            .0,
        403
    );
    let origin = ("Origin", "null");
    assert_eq!(
        call("secretsmanager.GetSecretValue", &[origin])
            .unwrap_err()
            .0,
        403
    );
}

#[test]
fn a_role_is_one_of_the_configuration() {
    let target = format!("/v1/db?roleArn={ROLE}");
    let ask = Ask::new("db", None, None).unwrap().by_role("reader");
    let refresh = Refresh::No;
    check(&target, &[LOCAL, TOKEN], &Ok(Call::Get { ask, refresh }));

    let other = answer(
        &Method::GET,
        &target.replace("reader", "admin"),
        &[LOCAL, TOKEN],
        "::1",
    );
    let other = other.unwrap_err();
    assert_eq!((other.status.as_u16(), other.content_type), (403, JSON));
    assert!(other.body.contains("AccessDeniedException"));
}

#[test]
fn a_version_that_failed_is_told() {
    let ask = Ask::new("db", None, None).unwrap();
    let of = |refresh| {
        Ok(Call::Get {
            ask: ask.clone(),
            refresh,
        })
    };
    let failed = Refresh::Failed("v1".to_owned());

    check("/v1/db?failedVersionId=v1", &[LOCAL, TOKEN], &of(failed));
    check(
        "/v1/db?failedVersionId=v1&refreshNow=1",
        &[LOCAL, TOKEN],
        &of(Refresh::Now),
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
        let listening = Some([127, 0, 0, 1].into());
        for path in [path.clone(), format!("/v1/{path}"), "/secretsmanager/get".to_owned()] {
            let _ = judge(&Method::GET, &path, query.as_deref(), &headers, listening);
            headers.insert(HOST, HeaderValue::from_static("localhost"));
        }
    }

    #[test]
    fn every_name_can_be_asked_for(name in ".{1,60}") {
        let encoded: Vec<String> = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let encoded = encoded.concat();
        let get = Call::Get { ask: Ask::new(name, None, None).unwrap(), refresh: Refresh::No };
        let by_path = answer(&Method::GET, &format!("/v1/{encoded}"), &[LOCAL, TOKEN], "::1");
        let by_query = format!("/secretsmanager/get?secretId={encoded}");
        let by_query = answer(&Method::GET, &by_query, &[LOCAL, TOKEN], "::1");
        prop_assert_eq!(by_path.as_ref(), Ok(&get));
        prop_assert_eq!(by_query.as_ref(), Ok(&get));
    }
}
