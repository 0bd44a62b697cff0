//! The agent: one secret on two ways, and every error of both.

use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};

use crate::harness::{World, scenario};
use crate::role_to_secret::sample_password;
use crate::wire::{Answer, MAGIC, Wire, frame, http};

#[test]
fn both_ways_give_the_same_secret() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);

        let framed = ask(
            world,
            r#"{"Resource":"TestingSecret","SecretKey":"password"}"#,
        );
        let over_http = get(
            world,
            "/secretsmanager/get?secretId=my-secret",
            &[&token(world)],
        );

        assert_eq!(over_http.status, 200, "{over_http:?}");
        assert_eq!(over_http.header("content-type"), Some("application/json"));
        let secret = over_http.json();
        assert_eq!(secret["Name"], "my-secret");
        let object: Value = serde_json::from_str(secret["SecretString"].as_str().unwrap()).unwrap();
        assert_eq!(object["password"], password.as_str());
        assert_eq!(value(&framed), password);
        // No resource is the only resource; the other client's order and spacing mean the same.
        for body in [
            r#"{"SecretKey":"password"}"#,
            r#"{"Resource":"","SecretKey":"password"}"#,
            r#"{ "SecretKey" : "password" , "Resource" : "TestingSecret", "More": 1 }"#,
        ] {
            assert_eq!(ask(world, body), framed, "{body}");
        }
        let by_path = get(world, "/v1/my-secret", &[&token(world)]);
        assert_eq!(by_path.json(), secret);
    });
}

#[test]
fn secret_agent_errors_are_answered() {
    scenario(|world| {
        for (body, error) in [
            ("not json", "the request is not valid JSON"),
            (
                r#"{"Resource":"a"b","SecretKey":"c"}"#,
                "the request is not valid JSON",
            ),
            ("[]", "the request is not a JSON object"),
            ("", "the request is not valid JSON"),
            ("{}", "the request has no `SecretKey`"),
            (r#"{"SecretKey":""}"#, "`SecretKey` is empty"),
            (r#"{"SecretKey":7}"#, "`SecretKey` is not a string"),
            (
                r#"{"Resource":"Nowhere","SecretKey":"password"}"#,
                "resource not found in config: Nowhere",
            ),
            (
                r#"{"Resource":"TestingSecret","SecretKey":"pin"}"#,
                "pin not present in resource TestingSecret",
            ),
        ] {
            assert_eq!(ask(world, body), json!({ "Error": error }), "{body}");
        }
    });
}

#[test]
fn secret_agent_connections_are_held_to_the_protocol() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let good = frame(r#"{"Resource":"TestingSecret","SecretKey":"password"}"#);
        let connect = || Wire::connect(world.agent("tcp"));

        // Several requests on one connection, an error between them.
        let mut wire = connect();
        assert_eq!(value(&wire.send(&good).frame()), password);
        assert!(wire.send(frame("?")).frame()["Error"].is_string());
        assert_eq!(value(&wire.send(&good).frame()), password);
        // Two in one write, then nothing more.
        wire.send([good.clone(), good.clone()].concat());
        assert_eq!(value(&wire.frame()), password);
        assert_eq!(value(&wire.frame()), password);
        assert_eq!(wire.close_sending().rest(), b"");

        // One byte after the other.
        let mut wire = connect();
        for byte in &good {
            wire.send([*byte]);
        }
        assert_eq!(value(&wire.frame()), password);

        // Another protocol, and the other byte order: closed without a word.
        for start in [
            b"GET / HT".as_slice(),
            &[0xcc, 0xc1, 0xde, 0x51, 0, 0, 0, 2],
        ] {
            assert_eq!(connect().send(start).rest(), b"");
        }
        // A body that is not taken: said, then closed.
        let long = [MAGIC.as_slice(), &u32::MAX.to_be_bytes()].concat();
        let mut wire = connect();
        let error = wire.send(long).frame();
        assert!(
            error["Error"]
                .as_str()
                .unwrap()
                .contains("4294967295 bytes"),
            "{error}"
        );
        assert_eq!(wire.rest(), b"");
        // Half a request, then nothing: no answer.
        assert_eq!(connect().send(&good[..20]).close_sending().rest(), b"");
        assert_eq!(connect().close_sending().rest(), b"");
    });
}

#[test]
fn the_local_http_interface_refuses_strangers() {
    scenario(|world| {
        let token = token(world);
        let secret = "/secretsmanager/get?secretId=my-secret";
        let check = |path: &str, headers: &[&str], status: u16| {
            let answer = get(world, path, headers);
            assert_eq!(answer.status, status, "{path} {answer:?}");
            answer
        };
        assert_eq!(check("/ping", &[], 200).body, "healthy");
        check(secret, &[], 403);
        check(secret, &["X-Aws-Parameters-Secrets-Token: wrong"], 403);
        check(secret, &["X-Aws-Parameters-Secrets-Token:"], 403);
        check(secret, &[&token, "X-Forwarded-For: 10.0.0.1"], 400);
        check(secret, &[&token, "Via: 1.1 proxy"], 400);
        check(secret, &[&token, "Host: evil.example"], 403);
        check(secret, &[&token, "Origin: http://evil.example"], 403);
        check("/secretsmanager/get", &[&token], 400);
        check(
            "/secretsmanager/get?secretId=my-secret&refresh=1",
            &[&token],
            400,
        );
        check("/elsewhere", &[&token], 404);
        let post = http(
            world.agent("http"),
            &format!("POST {secret}"),
            &[&token],
            b"{}",
        );
        assert_eq!(post.status, 405);
        // The role may read one secret, and the service does not say whether another is there.
        let denied = check(
            "/secretsmanager/get?secretId=other%22secret",
            &[&token],
            400,
        );
        assert!(
            denied.json()["__type"]
                .as_str()
                .unwrap()
                .contains("AccessDenied"),
            "{denied:?}"
        );
    });
}

#[test]
fn a_fault_of_the_service_keeps_its_status_and_is_json() {
    scenario(|world| {
        let mut admin = crate::clients::Admin::new(world);
        let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
            "Action":"secretsmanager:GetSecretValue","Resource":"*"}]}"#;
        let call = "iam put-role-policy --role-name ec2-secrets-manager-role --policy-name all";
        admin.run_with(call, &["--policy-document", policy]).ok();

        let answer = get(
            world,
            "/secretsmanager/get?secretId=a%22b",
            &[&token(world)],
        );

        let code = answer.json()["__type"].clone();
        // Secrets Manager answers 400, and so does AWS's own agent then.
        assert_eq!(
            (answer.status, code.as_str()),
            (400, Some("ResourceNotFoundException"))
        );
    });
}

#[test]
fn a_new_value_is_read_when_asked_for() {
    scenario(|world| {
        let mut admin = crate::clients::Admin::new(world);
        let path = "/secretsmanager/get?secretId=my-secret";
        get(world, path, &[&token(world)]);
        world.canary("a-value-of-the-second-version");
        let stored = r#"{"password":"a-value-of-the-second-version"}"#;
        let call = "secretsmanager put-secret-value --secret-id my-secret";
        admin.run_with(call, &["--secret-string", stored]).ok();

        let fresh = get(world, &format!("{path}&refreshNow=true"), &[&token(world)]);
        let framed = ask(world, r#"{"SecretKey":"password"}"#);

        assert_eq!(fresh.json()["SecretString"], stored);
        assert_eq!(value(&framed), "a-value-of-the-second-version");
    });
}

#[test]
fn a_denial_ends_what_is_held() {
    scenario(|world| {
        let mut admin = crate::clients::Admin::new(world);
        let password = sample_password(world);
        world.canary(&password);
        let request = r#"{"SecretKey":"password"}"#;
        assert_eq!(value(&ask(world, request)), password);
        let attachment = "--role-name ec2-secrets-manager-role --policy-arn \
                          arn:aws:iam::123456789012:policy/ec2-secrets-manager-policy";
        admin
            .run(&format!("iam detach-role-policy {attachment}"))
            .ok();

        let path = "/secretsmanager/get?secretId=my-secret&refreshNow=true";
        let denied = get(world, path, &[&token(world)]);
        let framed = ask(world, request);

        assert_eq!(denied.status, 400, "{denied:?}");
        let message = denied.json()["message"].clone();
        let words = "is not authorized to perform: secretsmanager:GetSecretValue";
        assert!(message.as_str().unwrap().contains(words), "{denied:?}");
        let error = framed["Error"].as_str().unwrap();
        assert!(
            error.starts_with("fetching resource TestingSecret failed"),
            "{error}"
        );

        admin
            .run(&format!("iam attach-role-policy {attachment}"))
            .ok();
        let again = get(world, path, &[&token(world)]);
        assert_eq!(again.status, 200, "{again:?}");
        assert_eq!(value(&ask(world, request)), password);
    });
}

fn ask(world: &World, body: &str) -> Value {
    Wire::connect(world.agent("tcp")).send(frame(body)).frame()
}

/// The value of a reply: passed on as it is stored.
fn value(reply: &Value) -> &str {
    let value = reply["SecretValue"].as_str();
    value.unwrap_or_else(|| panic!("no value: {reply}"))
}

fn get(world: &World, path: &str, headers: &[&str]) -> Answer {
    http(world.agent("http"), &format!("GET {path}"), headers, b"")
}

/// The header that shows the token of the agent's file.
fn token(world: &World) -> String {
    let path = world.agent("token_file");
    let mode = std::fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "mode of `{path}`");
    let token = std::fs::read_to_string(path).unwrap();
    format!("X-Aws-Parameters-Secrets-Token: {}", token.trim())
}
