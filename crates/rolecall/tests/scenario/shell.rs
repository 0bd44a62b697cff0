//! `rolecall get` and `rolecall credentials`: bytes as they are stored, exit codes, and credentials
//! that the real AWS CLI takes.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::clients::{Admin, Output, aws, python, run};
use crate::harness::{World, scenario};
use crate::role_to_secret::sample_password;

#[test]
fn bytes_come_out_as_they_are_stored() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let mut admin = Admin::new(world);
        may_read_all(&mut admin);
        let binary: Vec<u8> = (0..=255)
            .chain(b"\nthe-binary-secret\n".iter().copied())
            .collect();
        let file = world.scratch().join("binary");
        std::fs::write(&file, &binary).unwrap();
        let create = "secretsmanager create-secret --name";
        let stored = format!("fileb://{}", file.display());
        admin
            .run_with(&format!("{create} a/b+c@d --secret-binary"), &[&stored])
            .ok();
        let nested = r#"{"db": {"hosts": ["one", {"pass word": "nested-secret-é\n"}], "port": 5432,
            "up": true}, "/db": "literal"}"#;
        admin
            .run_with(&format!("{create} nested --secret-string"), &[nested])
            .ok();
        let plain = "no line's end, and a \"quote\"";
        admin
            .run_with(&format!("{create} plain --secret-string"), &[plain])
            .ok();
        let arn = admin
            .run("secretsmanager describe-secret --secret-id my-secret")
            .json();
        let arn = arn["ARN"].as_str().unwrap().to_owned();

        let check = |reference: &str, expect: &[u8]| {
            let output = tool(world).args(["get", reference]).output().unwrap();
            assert_eq!(output.stdout, expect, "{reference} {output:?}");
            assert_eq!(
                (output.status.code(), output.stderr.len()),
                (Some(0), 0),
                "{output:?}"
            );
        };
        check("my-secret:password", password.as_bytes());
        check("my-secret:/password", password.as_bytes());
        check(&format!("{arn}:password"), password.as_bytes());
        check(&format!("{arn}#AWSCURRENT:username"), b"app");
        check("a/b+c@d", &binary);
        check("plain", plain.as_bytes());
        check("nested", nested.as_bytes());
        check(
            "nested:/db/hosts/1/pass word",
            "nested-secret-é\n".as_bytes(),
        );
        check(
            "nested:/db/hosts",
            "[\"one\",{\"pass word\":\"nested-secret-é\\n\"}]".as_bytes(),
        );
        check("nested:/db/port", b"5432");
        check("nested:/db/up", b"true");
        check("nested:/db", b"literal");

        let json = run(tool(world).args(["get", "a/b+c@d", "--format", "json"])).json();
        assert_eq!(json["Name"], "a/b+c@d");
        assert_eq!(json["SecretBinary"], STANDARD.encode(&binary));
        assert_eq!(json["VersionStages"], serde_json::json!(["AWSCURRENT"]));
        for member in ["ARN", "VersionId", "CreatedDate"] {
            assert!(json[member].is_string(), "{member}");
        }
    });
}

#[test]
fn a_person_gets_a_lines_end_and_no_binary() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let mut admin = Admin::new(world);
        may_read_all(&mut admin);
        let file = world.scratch().join("binary");
        std::fs::write(&file, [0xff; 16]).unwrap();
        let stored = format!("fileb://{}", file.display());
        let create = "secretsmanager create-secret --name binary --secret-binary";
        admin.run_with(create, &[&stored]).ok();
        let on_terminal = |arguments: &[&str]| {
            let mut command = with_agent(world, world.anonymous(python()));
            command.args(["-c", include_str!("py/terminal.py"), ""]);
            run(command.arg(env!("CARGO_BIN_EXE_rolecall")).args(arguments))
        };

        let shown = on_terminal(&["get", "my-secret:password"]);
        assert_eq!(shown.stdout, format!("{password}\r\n"));
        let shown = on_terminal(&["get", "binary"]);
        assert_eq!(shown.code, Some(2), "{shown:?}");
        assert!(shown.stdout.contains("this is a terminal"), "{shown:?}");

        let mut command = world.on_instance(python());
        command.envs(FILES.map(|file| (file, "/dev/null")));
        command.args(["-c", include_str!("py/terminal.py"), ""]);
        command.args([env!("CARGO_BIN_EXE_rolecall"), "credentials"]);
        let shown = run(&mut command);
        assert!(shown.ok().starts_with("warning: "), "it warns first");
    });
}

#[test]
fn what_is_denied_or_not_there_is_no() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let check = |arguments: &[&str], code: i32, words: &[&str]| {
            let output = run(tool(world).arg("get").args(arguments));
            failed(&output, code, words);
            let told = ["username", &password].map(|secret| output.stderr.contains(secret));
            assert!(!told.contains(&true), "it tells of the secret: {output:?}");
        };
        let denied = ["`other` cannot be read", "(AccessDeniedException)"];
        check(&["other"], 1, &denied);
        let missing = ["there is no `pass` in `my-secret`", "2 keys", "hint: "];
        check(&["my-secret:pass"], 1, &missing);
        check(&["my-secret:/password/x"], 1, &["2 keys"]);
        check(&["my-secret:/~"], 1, &["`~0`"]);
        let no_stage = ["(ResourceNotFoundException)"];
        check(&["my-secret#NOSUCHSTAGE"], 1, &no_stage);
        check(&["my-secret:"], 2, &["no key after the `:`"]);
        check(&["arn:aws:x"], 2, &["not complete"]);
        let json_of_key = ["my-secret:password", "--format", "json"];
        check(&json_of_key, 2, &["hint: "]);
        check(&[], 2, &[]);
    });
}

#[test]
fn an_agent_that_is_named_is_the_only_way() {
    scenario(|world| {
        world.canary(&sample_password(world));
        let bad = world.scratch().join("bad-token");
        std::fs::write(&bad, "not-the-token").unwrap();
        let token = "ROLECALL_AGENT_TOKEN_FILE";
        for (name, value, code, words) in [
            (token, bad.to_str().unwrap(), 3, "does not accept the token"),
            (token, "/nonexistent", 2, "`/nonexistent`"),
            (token, "", 2, "there is no token"),
            ("ROLECALL_AGENT", "agent", 2, "`ROLECALL_AGENT=agent`"),
        ] {
            let output = run(tool(world).env(name, value).args(["get", "my-secret"]));
            failed(&output, code, &[words]);
        }
        // The host could read it by itself, and does not.
        for address in ["unix:/nonexistent/agent.sock", "http://127.0.0.1:1"] {
            let mut command = with_agent(world, world.on_instance(rolecall()));
            command.env("ROLECALL_AGENT", address);
            let output = run(command.args(["get", "my-secret"]));
            failed(&output, 3, &["does not answer", address]);
        }
    });
}

#[test]
fn without_an_agent_secrets_come_from_upstream() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let get = |reference: &str| {
            run(world
                .on_instance(rolecall())
                .env("ROLECALL_AGENT", "none")
                .args(["get", reference]))
        };
        assert_eq!(get("my-secret:password").stdout, password);
        assert_eq!(get("other").code, Some(1));
        let nowhere = run(world
            .on_instance(rolecall())
            .env("ROLECALL_AGENT", "none")
            .env("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
            .args(["get", "my-secret"]));
        assert_eq!(nowhere.code, Some(3), "{nowhere:?}");
        let mut command = world.as_admin(rolecall());
        command
            .env_remove("AWS_REGION")
            .env_remove("AWS_DEFAULT_REGION");
        let no_region = run(command
            .env("ROLECALL_AGENT", "none")
            .args(["get", "my-secret"]));
        assert_eq!(no_region.code, Some(2), "{no_region:?}");
        no_region.fails_with(&["no AWS region", "hint: "]);
    });
}

#[test]
fn a_new_value_is_read_when_it_is_asked_for() {
    scenario(|world| {
        world.canary("the-second-value-of-it");
        let get = |more: &[&str]| run(tool(world).args(["get", "my-secret"]).args(more)).stdout;
        let before = get(&[]);
        let mut admin = Admin::new(world);
        put(&mut admin, "the-second-value-of-it");

        assert_eq!(get(&[]), before);
        assert_eq!(get(&["--refresh"]), "the-second-value-of-it");
        assert_eq!(get(&[]), "the-second-value-of-it");
        let previous = run(tool(world).args(["get", "my-secret#AWSPREVIOUS"]));
        assert_eq!(previous.ok(), before);
    });
}

#[test]
fn credentials_serve_the_clients_in_every_form() {
    scenario(|world| {
        let print = |form: &str| {
            let mut command = world.on_instance(rolecall());
            command.envs(FILES.map(|file| (file, "/dev/null")));
            let output = run(command.args(["credentials", "--as", form]));
            assert_eq!(output.stderr, "", "{form}");
            output.ok().to_owned()
        };
        let identity = [
            "sts",
            "get-caller-identity",
            "--query",
            "Arn",
            "--output",
            "text",
        ];
        let role = run(world.on_instance(aws()).args(identity)).ok().to_owned();
        assert!(
            role.contains("assumed-role/ec2-secrets-manager-role/"),
            "{role}"
        );
        let offline = |program: &Path| {
            let mut command = world.anonymous(program);
            command.env("AWS_EC2_METADATA_DISABLED", "true");
            command
        };

        let script = format!("{}\nexec \"$@\"", print("env"));
        let mut shell = offline(Path::new("sh"));
        shell
            .env("AWS_SESSION_TOKEN", "of-others")
            .args(["-c", &script, "sh"]);
        assert_eq!(run(shell.arg(aws()).args(identity)).ok(), role);

        let file = world.scratch().join("credentials");
        std::fs::write(&file, print("ini")).unwrap();
        let mut from_file = offline(&aws());
        from_file.env("AWS_SHARED_CREDENTIALS_FILE", &file);
        assert_eq!(run(from_file.args(identity)).ok(), role);

        let json: Value = serde_json::from_str(&print("json")).unwrap();
        let member = |name: &str| json[name].as_str().unwrap().to_owned();
        let mut from_json = offline(&aws());
        from_json
            .env("AWS_ACCESS_KEY_ID", member("AccessKeyId"))
            .env("AWS_SECRET_ACCESS_KEY", member("SecretAccessKey"))
            .env("AWS_SESSION_TOKEN", member("SessionToken"));
        assert_eq!(run(from_json.args(identity)).ok(), role);
        assert!(
            member("Expiration").ends_with('Z'),
            "{}",
            member("Expiration")
        );

        // The profile in force is the one that has the command run, and it does not run itself.
        let config = world.scratch().join("config");
        let command = env!("CARGO_BIN_EXE_rolecall");
        let profile =
            format!("[profile app]\ncredential_process = {command} credentials --as process\n");
        std::fs::write(&config, profile).unwrap();
        let mut process = world.on_instance(aws());
        process
            .env("AWS_CONFIG_FILE", &config)
            .env("AWS_PROFILE", "app");
        assert_eq!(run(process.args(identity)).ok(), role);
        let printed: Value = serde_json::from_str(&print("process")).unwrap();
        assert_eq!(printed["Version"], 1);
    });
}

#[test]
fn without_credentials_there_is_a_way_out() {
    scenario(|world| {
        world.canary("nothing-secret-here");
        let mut command = world.anonymous(rolecall());
        let output = run(command
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .arg("credentials"));
        assert_eq!(
            (output.code, output.stdout.as_str()),
            (Some(3), ""),
            "{output:?}"
        );
        output.fails_with(&["no AWS credentials were found", "hint: "]);
        let mut command = world.on_instance(rolecall());
        command.env("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/");
        let output = run(command.arg("credentials"));
        assert_eq!(output.code, Some(3), "what is named is used: {output:?}");
        assert_eq!(
            run(world
                .on_instance(rolecall())
                .args(["credentials", "--as", "x"]))
            .code,
            Some(2)
        );
    });
}

#[test]
fn credentials_of_a_container_come_first() {
    scenario(|world| {
        world.canary("the-key-of-the-container");
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let uri = format!("http://{}/role", listener.local_addr().unwrap());
        let server = std::thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let head: Vec<String> = lines
                .by_ref()
                .map(Result::unwrap)
                .take_while(|line| !line.is_empty())
                .collect();
            let body = r#"{"AccessKeyId":"ASIACONTAINER","SecretAccessKey":
                "the-key-of-the-container","Token":"t","Expiration":"2050-01-01T00:00:00Z"}"#;
            let length = body.len();
            write!(
                &stream,
                "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{body}"
            )
            .unwrap();
            head.join("\n").to_ascii_lowercase()
        });
        let mut command = world.as_admin(rolecall());
        command
            .env("AWS_CONTAINER_CREDENTIALS_FULL_URI", uri)
            .env("AWS_CONTAINER_AUTHORIZATION_TOKEN", "the-token");
        let printed = run(command.args(["credentials", "--as", "process"])).json();
        let sent = server.join().unwrap();

        assert!(sent.contains("authorization: the-token"), "{sent}");
        assert_eq!(printed["AccessKeyId"], "ASIACONTAINER");
        assert_eq!(printed["SecretAccessKey"], "the-key-of-the-container");
        assert_eq!(printed["SessionToken"], "t");
        assert_eq!(printed["Expiration"], "2050-01-01T00:00:00Z");
    });
}

#[track_caller]
fn failed(output: &Output, code: i32, words: &[&str]) {
    let found = (output.code, output.stdout.as_str());
    assert_eq!(found, (Some(code), ""), "{output:?}");
    assert!(output.stderr.starts_with("error: "), "{output:?}");
    output.fails_with(words);
}

/// The binary through the agent of this world.
pub(crate) fn tool(world: &World) -> Command {
    with_agent(world, world.anonymous(rolecall()))
}

fn with_agent(world: &World, mut command: Command) -> Command {
    command
        .env("ROLECALL_AGENT", world.agent("http"))
        .env("ROLECALL_AGENT_TOKEN_FILE", world.agent("token_file"))
        .stdin(Stdio::null());
    command
}

fn rolecall() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_rolecall"))
}

/// Lets the agent's role read every secret.
pub(crate) fn may_read_all(admin: &mut Admin) {
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
        "Action":"secretsmanager:GetSecretValue","Resource":"*"}]}"#;
    let call = "iam put-role-policy --role-name ec2-secrets-manager-role --policy-name all";
    admin.run_with(call, &["--policy-document", policy]).ok();
}

/// Gives the sample secret a new value.
pub(crate) fn put(admin: &mut Admin, value: &str) {
    let call = "secretsmanager put-secret-value --secret-id my-secret --secret-string";
    admin.run_with(call, &[value]).ok();
}

// The SDK warns of files that are named and not there.
const FILES: [&str; 2] = ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"];
