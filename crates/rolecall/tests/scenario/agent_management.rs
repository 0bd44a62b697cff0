//! Health, readiness, metrics and REST reads of the agent; credentials for containers.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::agent_process::{AgentProcess, get, password, private, read};
use crate::clients::{Admin, aws, python, run, script};
use crate::harness::{World, scenario};
use crate::role_to_secret::ROLE;
use crate::wait;

#[test]
fn monitoring_sees_how_it_is() {
    scenario(|world| {
        let password = password(world);
        let service = "{tcp: {endpoint: 127.0.0.1:0}, uds: {socket-path: scratch.sock}, \
                       http: {endpoint: 127.0.0.1:0, metrics: {prometheus: {labels: {host: \
                       'db \"1\"'}}}}}";
        let service = service.replace("scratch", &world.scratch().join("s").display().to_string());
        let agent = AgentProcess::start(world, &service, "");
        let http = agent.address("management over HTTP");
        assert_eq!(get(&http, "/manage", &[]).body, "healthy\n");
        // Whatever it is called on the network.
        assert_eq!(get(&http, "/manage", &["Host: db-1.example"]).status, 200);
        let ready = wait::until("readiness", TIME_MAX, || {
            let ready = get(&http, "/ready", &[]);
            (ready.status == 200).then_some(ready)
        });
        assert_eq!(ready.json()["ready"], true);
        let metrics = || get(&http, "/manage/rest/v1/prometheus", &[]);
        let first = metrics();
        let kind = first.header("content-type");
        assert_eq!(kind, Some("text/plain; version=0.0.4; charset=utf-8"));
        // There before the first connection: an alert looks for it.
        let gauge = |module: &str, value: u8| {
            let labels = format!("module=\"{module}\",host=\"db \\\"1\\\"\"");
            format!("aerospike_sa_connections_active{{{labels}}} {value}")
        };
        holds(&first.body, &gauge("tcp", 0));
        holds(&first.body, &gauge("uds", 0));
        assert!(!first.body.contains("module=\"https\""), "{}", first.body);

        let tcp = agent.address("secret agent protocol");
        assert_eq!(read(&tcp), password);
        let text = metrics().body;
        is_exposition(&text);
        for line in text.lines() {
            assert!(
                !line.contains("my-secret") && !line.contains("TestingSecret"),
                "{line}"
            );
        }
        let value = |name: &str| {
            let line = text.lines().find(|line| line.starts_with(name)).unwrap();
            line.rsplit(' ').next().unwrap().parse::<f64>().unwrap()
        };
        assert!(value("aerospike_sa_success{") >= 1.0, "{text}");
        assert!(value("rolecall_agent_entries{") >= 1.0, "{text}");
        holds(&text, "# TYPE rolecall_agent_reads_total counter");
        agent.stop();
    });
}

#[test]
fn it_is_not_ready_without_credentials_and_secrets() {
    scenario(|world| {
        password(world);
        let token = private(world, "token", "the-token-of-the-test\n");
        let service = format!(
            "{{http: {{endpoint: 127.0.0.1:0}}, \
             container-credentials: {{endpoint: 127.0.0.1:0, token-file: {token}}}}}"
        );
        let mut command = world.anonymous(env!("CARGO_BIN_EXE_rolecall"));
        command.env("AWS_EC2_METADATA_DISABLED", "true");
        let agent = AgentProcess::start_by(world, command, &service, "");
        let http = agent.address("management over HTTP");
        assert_eq!(get(&http, "/manage", &[]).status, 200);
        let ready = get(&http, "/ready", &[]);
        assert_eq!(ready.status, 503, "{ready:?}");
        assert_eq!(ready.json()["ready"], false);
        assert!(!ready.json()["reasons"].as_array().unwrap().is_empty());

        // SDKs wait for a second: they have their answer before.
        let credentials = agent.address("credentials for containers");
        let start = Instant::now();
        let answer = get(&credentials, "/", &["Authorization: the-token-of-the-test"]);
        assert!(
            start.elapsed() < Duration::from_secs(1),
            "{:?}",
            start.elapsed()
        );
        assert_eq!(answer.status, 503, "{answer:?}");
        let told = answer.json();
        assert!(
            told["code"].is_string() && told["message"].is_string(),
            "{told}"
        );
        agent.stop();
    });
}

#[test]
fn secrets_are_read_over_rest_where_it_is_turned_on() {
    scenario(|world| {
        let password = password(world);
        let service = "{http: {endpoint: 127.0.0.1:0, secrets: {url-base-path: /s}}}";
        let agent = AgentProcess::start(world, service, "");
        let http = agent.address("management over HTTP");
        let check = |path: &str, headers: &[&str], status: u16| {
            let answer = get(&http, path, headers);
            assert_eq!(answer.status, status, "{path} {answer:?}");
            answer
        };
        let path = "/s/v1/secrets/TestingSecret/password";
        let told = check(path, &[], 200).json();
        assert_eq!(told, json!({ "SecretValue": password }));
        let unknown = check("/s/v1/secrets/Other/password", &[], 404).json();
        assert_eq!(unknown["Error"], "resource not found in config: Other");
        let no_key = check("/s/v1/secrets/TestingSecret/pin", &[], 404).json();
        assert_eq!(no_key["Error"], "pin not present in resource TestingSecret");
        check(path, &["Host: evil.example"], 403);
        check(path, &["Origin: http://evil.example"], 403);
        check(path, &["X-Forwarded-For: 10.0.0.1"], 400);
        check("/manage/rest/v1/secrets/TestingSecret/password", &[], 404);
        let encoded = "{http: {endpoint: 127.0.0.1:0, secrets: {}}}";
        agent.reload(encoded, "    convert-to-base64: true");
        let http = agent.address("management over HTTP");
        let path = "/manage/rest/v1/secrets/TestingSecret/password";
        let value: Value = get(&http, path, &[]).json()["SecretValue"].clone();
        assert!(
            value.as_str().unwrap().ends_with('=') || value != password,
            "encoded"
        );

        // A rule closes it here as everywhere.
        let rules = "access: {rules: [{who: {uid: 54321}, resources: '*'}]}";
        agent.reload(encoded, rules);
        let http = agent.address("management over HTTP");
        assert_eq!(get(&http, path, &[]).status, 403);
        agent.stop();
    });
}

#[test]
fn sdks_take_credentials_as_in_a_container() {
    scenario(|world| {
        password(world);
        // Without a line's end: botocore takes the file as it is.
        let token = private(world, "token", "the-token-of-the-test");
        let service =
            format!("{{container-credentials: {{endpoint: 127.0.0.1:0, token-file: {token}}}}}");
        let audit = world.scratch().join("audit");
        let more = format!("audit: {{file: {}}}", audit.display());
        let agent = AgentProcess::start(world, &service, &more);
        let address = agent.address("credentials for containers");
        let answer = wait::until("credentials", TIME_MAX, || {
            let answer = get(&address, "/", &["Authorization: the-token-of-the-test"]);
            (answer.status == 200).then_some(answer)
        });
        let told = answer.json();
        for member in ["SecretAccessKey", "Token"] {
            world.canary(told[member].as_str().unwrap());
        }
        assert!(told["AccessKeyId"].as_str().unwrap().starts_with("ASIA"));
        assert!(told["Expiration"].as_str().unwrap().ends_with('Z'));
        for (header, status) in [
            ("Authorization: wrong-token-of-the-test", 401),
            ("Authorization:", 401),
            ("X: y", 401),
            ("Host: evil.example", 403),
        ] {
            let answer = get(&address, "/", &[header]);
            assert_eq!(answer.status, status, "{answer:?}");
            assert!(answer.json()["message"].is_string());
        }

        take_credentials(world, &address, &token);
        // A new token counts without a restart; the old one ends.
        private(world, "token", "another-token-of-the-test\n");
        wait::until("the new token", TIME_MAX, || {
            let answer = get(&address, "/", &["Authorization: another-token-of-the-test"]);
            (answer.status == 200).then_some(())
        });
        let old = get(&address, "/", &["Authorization: the-token-of-the-test"]);
        assert_eq!(old.status, 401);
        // Rules open it by name, and each is recorded.
        let rules = "access: {rules: [{who: anyone, resources: '*'}]}";
        agent.reload(&service, &format!("{more}\n{rules}"));
        let denied = get(&address, "/", &["Authorization: another-token-of-the-test"]);
        assert_eq!(denied.status, 403, "{denied:?}");
        agent.stop();
        let audit = std::fs::read_to_string(audit).unwrap();
        let lines: Vec<Value> = audit
            .lines()
            .map(|it| serde_json::from_str(it).unwrap())
            .collect();
        let by = |outcome| {
            lines
                .iter()
                .filter(|line| line["outcome"] == outcome)
                .count()
        };
        assert!(by("served") >= 4 && by("denied") == 1, "{audit}");
        assert!(lines[0]["access_key_id"].is_string(), "{audit}");
        let secret = told["SecretAccessKey"].as_str().unwrap();
        assert!(!audit.contains(secret));
    });
}

#[test]
fn a_container_can_have_a_role_of_its_own() {
    scenario(|world| {
        password(world);
        let mut admin = Admin::new(world);
        let arn = "arn:aws:iam::123456789012:role/app";
        let host = format!("arn:aws:iam::123456789012:role/{ROLE}");
        let trust = statement(json!({"Principal": {"AWS": host}, "Action": "sts:AssumeRole"}));
        let call = "iam create-role --role-name app --assume-role-policy-document";
        admin.run_with(call, &[&trust]).ok();
        let may = statement(json!({"Resource": arn, "Action": "sts:AssumeRole"}));
        let call = format!("iam put-role-policy --role-name {ROLE} --policy-name app");
        admin.run_with(&call, &["--policy-document", &may]).ok();
        let token = private(world, "token", "the-token-of-the-test");
        let service = format!(
            "{{container-credentials: {{endpoint: 127.0.0.1:0, token-file: {token}, role: app}}}}"
        );
        let agent = AgentProcess::start(world, &service, &format!("    roles:\n      app: {arn}"));
        let address = agent.address("credentials for containers");
        wait::until("credentials", TIME_MAX, || {
            let answer = get(&address, "/", &["Authorization: the-token-of-the-test"]);
            (answer.status == 200).then_some(())
        });
        let url = format!("http://{address}/");

        let mut cli = world.anonymous(aws());
        cli.env("AWS_CONTAINER_CREDENTIALS_FULL_URI", &url)
            .env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", &token);
        let who = run(cli.args(["sts", "get-caller-identity"])).json();
        let session = "arn:aws:sts::123456789012:assumed-role/app/";
        assert!(who["Arn"].as_str().unwrap().starts_with(session), "{who}");
        // What the role of the host may read is not the container's.
        let mut read = world.anonymous(aws());
        read.env("AWS_CONTAINER_CREDENTIALS_FULL_URI", &url)
            .env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", &token)
            .args([
                "secretsmanager",
                "get-secret-value",
                "--secret-id",
                "my-secret",
            ]);
        run(&mut read).fails_with(&["AccessDeniedException"]);
        agent.stop();
    });
}

/// The AWS CLI and boto3, with the variables that a container has.
fn take_credentials(world: &World, address: &str, token: &str) {
    let url = format!("http://{address}/credentials");
    let mut cli = world.anonymous(aws());
    cli.env("AWS_CONTAINER_CREDENTIALS_FULL_URI", &url)
        .env("AWS_CONTAINER_AUTHORIZATION_TOKEN", "the-token-of-the-test");
    let who = run(cli.args(["sts", "get-caller-identity"])).json();
    let role = ":assumed-role/ec2-secrets-manager-role/";
    assert!(who["Arn"].as_str().unwrap().contains(role), "{who}");
    let mut boto3 = world.anonymous(python());
    boto3
        .env("AWS_CONTAINER_CREDENTIALS_FULL_URI", &url)
        .env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", token);
    let seen = run(boto3.arg(script("container_credentials.py"))).json();
    assert_eq!(
        (&seen["name"], &seen["method"]),
        (&json!("my-secret"), &json!("container-role"))
    );
}

/// A policy with one statement that allows.
fn statement(mut what: Value) -> String {
    what["Effect"] = json!("Allow");
    json!({"Version": "2012-10-17", "Statement": [what]}).to_string()
}

#[track_caller]
fn holds(text: &str, line: &str) {
    assert!(text.lines().any(|it| it == line), "no `{line}` in\n{text}");
}

/// Every line is a comment or a sample of the text format, and every sample's family is told.
fn is_exposition(text: &str) {
    let label = r#"[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*""#;
    let name = "[a-zA-Z_:][a-zA-Z0-9_:]*";
    let number = r"-?[0-9]+(?:\.[0-9]+)?";
    let sample = format!(r"^({name})(\{{{label}(?:,{label})*\}})? {number}$");
    let sample = regex::Regex::new(&sample).unwrap();
    let comment = regex::Regex::new("^# (HELP [a-z_0-9]+ .+|TYPE [a-z_0-9]+ (counter|gauge))$");
    let comment = comment.unwrap();
    let mut family = "";
    let mut seen = std::collections::BTreeSet::new();
    for line in text.lines() {
        if line.starts_with('#') {
            assert!(comment.is_match(line), "`{line}`");
            family = line.split(' ').nth(2).unwrap();
            continue;
        }
        let found = sample
            .captures(line)
            .unwrap_or_else(|| panic!("no sample: `{line}`"));
        assert_eq!(&found[1], family, "`{line}`");
        let series = line.rsplit_once(' ').unwrap().0;
        assert!(seen.insert(series), "twice: `{line}`");
    }
    assert!(seen.len() > 20, "{text}");
}

const TIME_MAX: Duration = Duration::from_secs(15);
