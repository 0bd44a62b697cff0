//! Who may read what of the agent: other users, SDKs, tokens, rules that change, the audit log.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use rustix::process::Signal;
use serde_json::Value;

use crate::clients::{client, python, run, script};
use crate::harness::{World, scenario};
use crate::local_agent::{Agent, TOKEN, named};
use crate::role_to_secret::sample_password;
use crate::wait;
use crate::wire::{http, raw};

/// A user who is not the one that runs the agent, where these tests run as root.
const OTHER_UID: &str = "4242";

/// Folders that another user may enter, with sockets in them.
fn open_folder(world: &World) -> std::path::PathBuf {
    let folder = world.scratch().join("sockets");
    std::fs::create_dir_all(&folder).unwrap();
    for folder in folder
        .ancestors()
        .take_while(|folder| *folder != Path::new("/tmp"))
    {
        let mode = std::fs::metadata(folder).unwrap().permissions().mode();
        let _others =
            std::fs::set_permissions(folder, std::fs::Permissions::from_mode(mode | 0o011));
    }
    folder
}

fn sockets(world: &World) -> (std::path::PathBuf, String) {
    let folder = open_folder(world);
    let lines = format!(
        "  uds:\n    socket-path: {0}/frames.sock\n    socket-mode: 666\n",
        folder.display()
    );
    (folder, lines)
}

/// A configuration with sockets that everybody may connect to, so that the rules decide alone.
fn with_sockets(world: &World, name: &str, more: &str) -> std::path::PathBuf {
    let (folder, uds) = sockets(world);
    let config = named(world, name, "", more);
    let text = std::fs::read_to_string(&config).unwrap();
    let socket = format!(
        "  aws-http:\n    socket-path: {}/aws.sock\n    socket-mode: 666\n",
        folder.display()
    );
    let text = text.replace("  aws-http:\n", &format!("{uds}{socket}"));
    std::fs::write(&config, text).unwrap();
    config
}

/// One request over the Unix socket, by this user or another.
fn over_socket(world: &World, uid: Option<&str>, path: &str) -> (u16, Value) {
    let socket = world.scratch().join("sockets/aws.sock");
    let mut command = match uid {
        Some(uid) => {
            let mut command = client("setpriv", &world.scratch());
            command
                .args(["--reuid", uid, "--regid", uid, "--clear-groups", "curl"])
                .current_dir("/");
            command
        }
        None => client("curl", &world.scratch()),
    };
    let url = format!("http://localhost{path}");
    command
        .args(["-s", "-w", "\n%{http_code}", "--unix-socket"])
        .arg(socket)
        .arg(url);
    let output = run(&mut command);
    let text = output.ok();
    let (body, status) = text.rsplit_once('\n').unwrap();
    (
        status.parse().unwrap(),
        serde_json::from_str(body).unwrap_or(Value::Null),
    )
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[test]
fn without_rules_the_sockets_are_the_owners() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let config = with_sockets(world, "owner", "");
        let mut agent = Agent::start(world, &config);
        let get = "/secretsmanager/get?secretId=my-secret";

        let (status, body) = over_socket(world, None, get);
        assert_eq!((status, &body["Name"]), (200, &"my-secret".into()));
        if is_root() {
            let (status, body) = over_socket(world, Some(OTHER_UID), get);
            assert_eq!(
                (status, &body["__type"]),
                (403, &"AccessDeniedException".into())
            );
            assert!(
                body["message"]
                    .as_str()
                    .unwrap()
                    .contains("own user and root"),
                "{body}"
            );
        }
        read_by_commands(world, &password);
        agent.stop();
        assert!(!world.scratch().join("sockets/aws.sock").exists());
    });
}

/// `rolecall get` and `exec` over the socket, without any key or token.
fn read_by_commands(world: &World, password: &str) {
    let socket = world.scratch().join("sockets/aws.sock");
    let rolecall = |arguments: &[&str]| {
        let mut command = client(env!("CARGO_BIN_EXE_rolecall"), &world.scratch());
        command.env("ROLECALL_AGENT", format!("unix:{}", socket.display()));
        command.args(arguments);
        command
    };
    let get = ["get", "my-secret:password"];
    assert_eq!(run(&mut rolecall(&get)).ok(), password);
    let exec = [
        "exec",
        "--env",
        "P=my-secret:password",
        "--",
        "sh",
        "-c",
        "printf %s $P",
    ];
    assert_eq!(run(&mut rolecall(&exec)).ok(), password);
    if is_root() {
        let denied = run(&mut as_other(&rolecall(&get)));
        assert_eq!(
            (denied.code, denied.stdout.as_str()),
            (Some(1), ""),
            "{denied:?}"
        );
        denied.fails_with(&["own user and root"]);
    }
}

#[test]
fn rules_open_what_they_name_to_whom_they_name() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let rules = format!(
            "access:\n  rules:\n    - name: other\n      who: {{uid: {OTHER_UID}}}\n      \
             resources: TestingSecret\n      secrets: my-*\naudit:\n  file: {}\n",
            world.scratch().join("audit.log").display()
        );
        let config = with_sockets(world, "rules", &rules);
        let mut agent = Agent::start(world, &config);
        let get = "/v1/my-secret";

        // Neither the owner nor the holder of the token is named.
        let (status, body) = over_socket(world, None, get);
        assert_eq!(
            (status, &body["__type"]),
            (403, &"AccessDeniedException".into())
        );
        let by_token = agent.get("secretId=my-secret");
        assert_eq!(by_token.status, 403, "{by_token:?}");
        let framed = agent.framed(r#"{"Resource":"TestingSecret","SecretKey":"password"}"#);
        assert!(
            framed["Error"].as_str().unwrap().contains("denied"),
            "{framed}"
        );
        if is_root() {
            let (status, body) = over_socket(world, Some(OTHER_UID), get);
            assert_eq!((status, &body["Name"]), (200, &"my-secret".into()));
            let (status, _) = over_socket(world, Some(OTHER_UID), "/v1/other");
            assert_eq!(status, 403);
            let (status, _) = over_socket(world, Some("4243"), get);
            assert_eq!(status, 403);
        }
        let log = world.scratch().join("audit.log");
        let lines = wait::until("the audit log", Duration::from_secs(10), || {
            let text = std::fs::read_to_string(&log).unwrap();
            let wanted = if is_root() { 6 } else { 3 };
            (text.lines().count() == wanted).then_some(text)
        });
        let lines: Vec<Value> = lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines[0]["decision"], "denied");
        assert_eq!(lines[0]["uid"], rustix::process::geteuid().as_raw());
        assert_eq!(lines[1]["token"], "token-file");
        assert_eq!(
            (&lines[2]["listener"], &lines[2]["key"]),
            (&"tcp".into(), &"password".into())
        );
        if is_root() {
            assert_eq!(
                (&lines[3]["rule"], &lines[3]["outcome"]),
                (&"other".into(), &"served".into())
            );
            assert_eq!(lines[3]["uid"], 4242);
            assert!(lines[3]["version"].is_string() && lines[3]["cache"].is_string());
        }
        let mode = std::fs::metadata(&log).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);

        explained(world, &config);

        // Moved away, and opened anew on the signal, even if it comes with a wrong file.
        std::fs::rename(&log, world.scratch().join("audit.1")).unwrap();
        std::fs::write(&config, "service: [").unwrap();
        agent.signal(Signal::HUP);
        agent.says("the configuration is wrong");
        assert_eq!(over_socket(world, None, get).0, 403);
        wait::until("a new audit log", Duration::from_secs(10), || {
            let text = std::fs::read_to_string(&log).ok()?;
            (text.lines().count() == 1).then_some(())
        });
        agent.stop();
    });
}

fn explained(world: &World, config: &Path) {
    let explain = |more: &[&str]| {
        let mut command = client(env!("CARGO_BIN_EXE_rolecall"), &world.scratch());
        run(command
            .args(["agent", "explain", "--config"])
            .arg(config)
            .args(more))
    };
    let yes = explain(&["--uid", OTHER_UID, "--secret", "my-secret"]);
    assert_eq!(yes.ok(), "allowed by rule `other`\n  rule `other` opens it");
    let no = explain(&["--uid", "root", "--secret", "my-secret", "--format", "json"]);
    let told: Value = serde_json::from_str(&no.stdout).unwrap();
    assert_eq!((no.code, &told["allowed"]), (Some(1), &false.into()));
    assert!(
        told["rules"][0]["says"]
            .as_str()
            .unwrap()
            .contains("`uid` does not fit")
    );
    let wrong = explain(&["--uid", "nobody-of-this-name", "--secret", "x"]);
    assert_eq!(wrong.code, Some(2), "{wrong:?}");
    wrong.fails_with(&["hint: "]);
}

#[test]
fn a_changed_configuration_is_read_again_and_a_wrong_one_is_not() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let config = named(world, "reload", "", "");
        let mut agent = Agent::start(world, &config);
        let good = std::fs::read_to_string(&config).unwrap();
        assert_eq!(agent.password(), password);

        std::fs::write(&config, good.replace("TestingSecret:", "Renamed:")).unwrap();
        agent.signal(Signal::HUP);
        agent.says("the configuration was read again");
        let renamed = agent.framed(r#"{"Resource":"Renamed","SecretKey":"password"}"#);
        assert_eq!(renamed["SecretValue"], password.as_str());

        std::fs::write(&config, format!("{good}acess: {{}}\n")).unwrap();
        agent.signal(Signal::HUP);
        let told = agent.says("the configuration is wrong");
        assert!(
            told.contains("reload.yaml:") && told.contains("did you mean `access`?"),
            "{told}"
        );
        let renamed = agent.framed(r#"{"Resource":"Renamed","SecretKey":"password"}"#);
        assert_eq!(
            renamed["SecretValue"],
            password.as_str(),
            "the old one stays"
        );

        // Another token, and rules that close everything.
        let closed = format!("{good}access: {{rules: []}}\n");
        std::fs::write(&config, closed).unwrap();
        agent.signal(Signal::HUP);
        wait::until("the rules", Duration::from_secs(10), || {
            (agent.get("secretId=my-secret").status == 403).then_some(())
        });
        agent.stop();
    });
}

#[test]
fn another_source_is_taken_up_without_a_restart_and_inherits_nothing() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let config = named(world, "source", "", "");
        let mut agent = Agent::start(world, &config);
        assert_eq!(agent.password(), password);
        let good = std::fs::read_to_string(&config).unwrap();

        // A key that the account does not know: what the role read is not the key's to serve.
        let key = "    access-key-id: AKIAIOSFODNN7EXAMPLE\n    \
                   secret-access-key: test-data-and-no-secret\n";
        let other = good.replace("    resources:", &format!("{key}    resources:"));
        std::fs::write(&config, other).unwrap();
        agent.signal(Signal::HUP);
        agent.says("the configuration was read again");
        let refused = agent.get("secretId=my-secret");
        assert_ne!(refused.status, 200, "{refused:?}");

        std::fs::write(&config, &good).unwrap();
        agent.signal(Signal::HUP);
        wait::until("the role again", Duration::from_secs(10), || {
            (agent.get("secretId=my-secret").status == 200).then_some(())
        });
        // The same source goes on with what is held.
        std::fs::write(&config, format!("{good}cache: {{ttl: 60}}\n")).unwrap();
        world.kill();
        agent.signal(Signal::HUP);
        assert_eq!(agent.password(), password);
        agent.stop();
    });
}

#[test]
fn an_unmodified_sdk_reads_from_the_agent() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let config = named(world, "sdk", "", "");
        let mut agent = Agent::start(world, &config);
        // Keys that nobody knows: who asks is known by the process.
        let mut sdk = client(python(), &world.scratch());
        sdk.arg(script("agent_sdk.py"))
            .arg(&password)
            .env(
                "AWS_ENDPOINT_URL_SECRETS_MANAGER",
                format!("http://{}", agent.http),
            )
            .env("AWS_REGION", "us-east-1")
            .env("AWS_DEFAULT_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
            .env("AWS_SECRET_ACCESS_KEY", "test-data-and-no-secret");
        assert!(run(&mut sdk).ok().ends_with("done"));
        if is_root() {
            run(&mut as_other(&sdk)).fails_with(&["AccessDeniedException"]);
        }
        agent.stop();
    });
}

/// The same command as another user.
fn as_other(command: &Command) -> Command {
    let mut other = Command::new("setpriv");
    other
        .args(["--reuid", OTHER_UID, "--regid", OTHER_UID, "--clear-groups"])
        .arg(command.get_program())
        .args(command.get_args())
        .env_clear()
        .current_dir("/");
    for (name, value) in command.get_envs() {
        other.env(name, value.unwrap());
    }
    other.env("HOME", "/");
    other
}

#[test]
fn strangers_get_nothing_by_any_way() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let config = named(world, "strangers", "", "");
        let mut agent = Agent::start(world, &config);
        let token = format!("X-Aws-Parameters-Secrets-Token: {TOKEN}");
        let target = "X-Amz-Target: secretsmanager.GetSecretValue";
        let body = br#"{"SecretId":"my-secret"}"#;

        for header in [
            "Origin: http://localhost",
            "X-Forwarded-For: 10.0.0.1",
            "Forwarded: for=10.0.0.1",
            "Via: 1.1 proxy",
            "Host: rebound.example",
        ] {
            let get = http(&agent.http, "GET /v1/my-secret", &[&token, header], b"");
            let post = http(&agent.http, "POST /", &[target, header], body);
            for answer in [get, post] {
                assert!(matches!(answer.status, 400 | 403), "{header}: {answer:?}");
                assert!(!answer.body.contains(&password), "{header}");
            }
        }
        // A form that a page could post to this address.
        let form = "Content-Type: application/x-www-form-urlencoded";
        let answer = http(&agent.http, "POST /v1/my-secret", &[form], b"a=b");
        assert_eq!(answer.status, 403, "{answer:?}");
        assert!(raw(&agent.http, b"GET / HTTP/1.0\r\n\r\n").is_some_and(|it| it.status >= 400));
        agent.stop();
    });
}
