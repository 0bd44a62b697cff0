//! The record of calls: what clients did is there, what they brought is not, and no kill takes it.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::clients::{Admin, Output, aws, python, run};
use crate::harness::{World, rolecall, scenario, scenario_with};
use crate::role_to_secret::ROLE;
use crate::wait::until;

#[test]
fn calls_are_recorded_allowed_or_denied() {
    scenario(|world| {
        world.canary(VALUE);
        let mut admin = Admin::new(world);
        let mut instance = Admin::with(world.on_instance(python()));
        let put = "secretsmanager put-secret-value --secret-id my-secret --secret-string";
        admin.run_with(put, &[VALUE]).ok();
        let get = "secretsmanager get-secret-value --secret-id my-secret";
        assert_eq!(instance.run(get).json()["SecretString"], VALUE);
        instance
            .run_with(put, &["another-value-of-the-caller"])
            .fails_with(&["(AccessDeniedException)"]);
        world.canary("another-value-of-the-caller");

        let denied = one(world, &["--denied", "--event", "PutSecretValue"]);
        assert_eq!(denied["errorCode"], "AccessDeniedException");
        assert_eq!(denied["requestParameters"]["secretId"], "my-secret");
        let agent = denied["userAgent"].as_str().unwrap();
        assert!(
            agent.contains("aws-cli") || agent.contains("Boto"),
            "{agent}"
        );
        assert_eq!(denied["sourceIPAddress"], "127.0.0.1");
        let identity = &denied["userIdentity"];
        assert_eq!(identity["type"], "AssumedRole");
        let issuer = &identity["sessionContext"]["sessionIssuer"];
        assert_eq!(issuer["userName"], ROLE);
        assert_eq!(identity["sessionContext"]["ec2RoleDelivery"], "2.0");

        let user = "arn:aws:iam::123456789012:user/administrator";
        let done = one(world, &["--principal", user, "--event", "PutSecretValue"]);
        assert!(done.get("errorCode").is_none(), "{done}");
        assert_eq!(done["responseElements"]["name"], "my-secret");
        let role = format!("arn:aws:iam::123456789012:role/{ROLE}");
        let text = shown(world, &["--principal", &role, "--since", "1h"]);
        let line = text.ok().lines().last().unwrap().to_owned();
        for part in ["denied", "secretsmanager:PutSecretValue", ROLE, "127.0.0.1"] {
            assert!(line.contains(part), "no `{part}` in {line}");
        }
        let verified = shown(world, &["--verify"]);
        assert!(verified.ok().starts_with("whole: "), "{verified:?}");
    });
}

#[test]
fn lookup_events_finds_them() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        let mut instance = Admin::with(world.on_instance(python()));
        let get = "secretsmanager get-secret-value --secret-id";
        admin.run(&format!("{get} my-secret")).ok();
        instance
            .run(&format!("{get} other"))
            .fails_with(&["(AccessDeniedException)"]);
        let look = "cloudtrail lookup-events";
        instance
            .run(look)
            .fails_with(&["(AccessDeniedException)", "cloudtrail:LookupEvents"]);

        let by = |key: &str, value: &str| {
            format!("{look} --lookup-attributes AttributeKey={key},AttributeValue={value}")
        };
        let found = admin.run(&by("Username", "administrator")).json();
        let newest = &found["Events"][0];
        assert_eq!(newest["EventName"], "GetSecretValue", "{newest}");
        assert_eq!(newest["EventSource"], "secretsmanager.amazonaws.com");
        let record: Value =
            serde_json::from_str(newest["CloudTrailEvent"].as_str().unwrap()).unwrap();
        assert_eq!(record["eventID"], newest["EventId"]);
        let found = admin.run(&by("ResourceName", "my-secret")).json();
        assert!(!found["Events"].as_array().unwrap().is_empty());
        let found = admin.run(&by("ResourceName", "nothing")).json();
        assert_eq!(found["Events"], serde_json::json!([]));

        // All pages of one together are what one large page is.
        let names = "--query Events[].EventId --end-time 2100-01-01";
        let whole = by("EventName", "GetSecretValue");
        let large = admin.run(&format!("{whole} {names}")).json();
        let small = admin.run(&format!("{whole} {names} --page-size 1")).json();
        assert_eq!(small, large);
        assert!(large.as_array().unwrap().len() >= 2, "{large}");
        admin
            .run(&format!("{look} --next-token AAAA"))
            .fails_with(&["(InvalidNextTokenException)"]);
        let early = format!("{look} --start-time 2026-01-02 --end-time 2026-01-01");
        admin
            .run(&early)
            .fails_with(&["(InvalidTimeRangeException)"]);
    });
}

#[test]
fn a_kill_takes_no_record() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        for number in 0..5 {
            admin
                .run(&format!(
                    "secretsmanager get-secret-value --secret-id s-{number}"
                ))
                .fails_with(&["(ResourceNotFoundException)"]);
        }
        until("five records", WAIT, || {
            (calls(world, "s-").len() == 5).then_some(())
        });
        world.kill();
        assert_eq!(calls(world, "s-").len(), 5);
        world.start();
        assert_eq!(calls(world, "s-").len(), 5);
        assert!(shown(world, &["--verify"]).ok().starts_with("whole: "));
    });
}

#[test]
fn a_strict_answer_comes_after_its_record() {
    scenario_with(&["--strict-trail"], |world| {
        let mut admin = Admin::new(world);
        for number in 0..3 {
            let name = format!("strict-{number}");
            admin
                .run(&format!(
                    "secretsmanager get-secret-value --secret-id {name}"
                ))
                .fails_with(&["(ResourceNotFoundException)"]);
            assert_eq!(calls(world, &name).len(), 1);
            let create = format!("secretsmanager create-secret --name {name}");
            admin.run_with(&create, &["--secret-string", VALUE]).ok();
            assert_eq!(calls(world, &name).len(), 2);
        }
        world.canary(VALUE);
        world.kill();
        assert_eq!(calls(world, "strict-").len(), 6);
    });
}

#[test]
fn what_was_done_to_the_files_is_told() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        for number in 0..3 {
            admin
                .run(&format!(
                    "secretsmanager get-secret-value --secret-id s-{number}"
                ))
                .fails_with(&["(ResourceNotFoundException)"]);
        }
        world.stop();
        let segment = segment(world);
        let whole = std::fs::read_to_string(&segment).unwrap();
        let tell = |text: &str, words: &str| {
            std::fs::write(&segment, text).unwrap();
            for flags in [&["--verify"][..], &[]] {
                let output = shown(world, flags);
                assert_eq!(output.code, Some(1), "{output:?}");
                assert!(output.stderr.starts_with("error: "), "{output:?}");
                assert!(output.stderr.contains(words), "{output:?}");
            }
        };
        tell(
            &whole.replace("\"s-1\"", "\"s-9\""),
            "not as it was written",
        );
        let last = whole.trim_end().rfind('\n').unwrap() + 1;
        let (cut, _) = whole.split_at(last);
        tell(cut, "missing");
        let json = shown(world, &["--verify", "--format", "json"]);
        assert_eq!(json.code, Some(1), "{json:?}");
        let json: Value = serde_json::from_str(&json.stdout).unwrap();
        assert_eq!(json["whole"], false, "{json}");

        // What is cut off stays missing, whatever is written after it.
        world.start();
        let output = shown(world, &["--verify"]);
        assert_eq!(output.code, Some(1), "{output:?}");
        assert!(output.stderr.contains("missing"), "{output:?}");
    });
}

#[test]
fn a_trail_that_was_put_back_with_its_head_is_told() {
    scenario(|world| {
        let trail = segment(world).parent().unwrap().to_owned();
        let old = trail.with_file_name("trail-of-before");
        Admin::new(world).run("sts get-caller-identity").ok();
        world.stop();
        std::fs::create_dir(&old).unwrap();
        for entry in std::fs::read_dir(&trail).unwrap() {
            let entry = entry.unwrap();
            std::fs::copy(entry.path(), old.join(entry.file_name())).unwrap();
        }
        world.start();
        let mut admin = Admin::new(world);
        let create = "secretsmanager create-secret --secret-string value --name";
        admin.run_with(create, &["one"]).ok();
        until("the first secret's record", WAIT, || {
            (calls(world, "one").len() == 1).then_some(())
        });
        admin.run_with(create, &["two"]).ok();
        world.stop();
        std::fs::remove_dir_all(&trail).unwrap();
        std::fs::rename(&old, &trail).unwrap();
        // By itself it is whole.
        assert!(shown(world, &["--verify"]).ok().starts_with("whole: "));
        world.start();
        Admin::new(world).run("sts get-caller-identity").ok();
        until("the record of what is missing", WAIT, || {
            let lost = shown(world, &["--event", "RecordsLost", "--format", "json"]);
            lost.stdout.contains("it was put back").then_some(())
        });
        let output = shown(world, &["--verify"]);
        assert_eq!(output.code, Some(1), "{output:?}");
        assert!(output.stderr.contains("missing"), "{output:?}");
    });
}

#[test]
fn a_torn_last_line_is_cut() {
    scenario(|world| {
        Admin::new(world).run("sts get-caller-identity").ok();
        world.stop();
        let segment = segment(world);
        let mut text = std::fs::read_to_string(&segment).unwrap();
        text += "{\"number\":99,\"hash\":\"00";
        std::fs::write(&segment, text).unwrap();
        assert!(shown(world, &["--verify"]).stderr.contains("the last line"));
        world.start();
        assert!(world.talk().contains("a torn last line is cut"));
        let verified = shown(world, &["--verify"]);
        assert!(verified.ok().starts_with("whole: "), "{verified:?}");
    });
}

#[test]
fn followers_see_what_comes() {
    scenario(|world| {
        let mut follower = trail(
            world,
            &["--follow", "--format", "json", "--event", "GetRole"],
        )
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
        let mut lines = BufReader::new(follower.stdout.take().unwrap()).lines();
        let mut admin = Admin::new(world);
        for name in ["one", "two"] {
            admin
                .run(&format!("iam get-role --role-name {name}"))
                .fails_with(&["(NoSuchEntity)"]);
            let record: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
            assert_eq!(record["requestParameters"]["roleName"], name);
        }
        follower.kill().unwrap();
        follower.wait().unwrap();
    });
}

#[test]
fn questions_have_their_exit_codes() {
    scenario(|world| {
        let none = shown(world, &["--event", "MakeCoffee"]);
        assert_eq!((none.code, none.stdout.as_str()), (Some(1), ""), "{none:?}");
        for flags in [
            &["--since", "yesterday"][..],
            &["--since", "1h", "--until", "2h"],
            &["--principal", "somebody"],
            &["--follow", "--until", "1h"],
            &["--verify", "--denied"],
            &["--format", "xml"],
        ] {
            let wrong = shown(world, flags);
            assert_eq!(wrong.code, Some(2), "{flags:?} {wrong:?}");
            assert_eq!(wrong.stdout, "", "{flags:?}");
            assert!(wrong.stderr.starts_with("error: "), "{wrong:?}");
        }
        let home = world.scratch();
        let nowhere = home.join("nowhere");
        let mut command = rolecall(&home);
        let output = run(command.args(["account", "trail", "--data"]).arg(&nowhere));
        assert_eq!(output.code, Some(2), "{output:?}");
        assert!(!nowhere.exists());
    });
}

#[test]
fn strangers_are_recorded_without_what_they_brought() {
    scenario(|world| {
        let token = "a-session-token-of-a-stranger";
        let secret = "a-secret-key-of-a-stranger";
        world.canary(token);
        let mut command = world.anonymous(aws());
        let output = run(command
            .env("AWS_ACCESS_KEY_ID", "ASIAAAAAAAAAAAAAAAAA")
            .env("AWS_SECRET_ACCESS_KEY", secret)
            .env("AWS_SESSION_TOKEN", token)
            .args([
                "secretsmanager",
                "get-secret-value",
                "--secret-id",
                "my-secret",
            ]));
        output.fails_with(&["(UnrecognizedClientException)"]);
        let record = one(world, &["--denied"]);
        assert_eq!(record["userIdentity"]["type"], "Unknown");
        assert_eq!(
            record["userIdentity"]["accessKeyId"],
            "ASIAAAAAAAAAAAAAAAAA"
        );
        assert_eq!(record["requestParameters"], Value::Null);
    });
}

/// `rolecall account trail` on the world's data.
fn trail(world: &World, flags: &[&str]) -> Command {
    let mut command = rolecall(&world.scratch());
    command
        .args(["account", "trail", "--data"])
        .arg(world.data())
        .args(flags);
    command
}

fn shown(world: &World, flags: &[&str]) -> Output {
    run(&mut trail(world, flags))
}

/// The one record that is asked for, as soon as it is there.
fn one(world: &World, flags: &[&str]) -> Value {
    let flags = [flags, &["--format", "json"]].concat();
    let text = until("record", WAIT, || {
        let output = shown(world, &flags);
        (output.code == Some(0)).then_some(output.stdout)
    });
    assert_eq!(text.lines().count(), 1, "{text}");
    serde_json::from_str(&text).unwrap()
}

/// Records of calls on secrets whose names begin so.
fn calls(world: &World, name: &str) -> Vec<Value> {
    let output = shown(world, &["--format", "json"]);
    let records = output
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    let is_about = |record: &Value| {
        let parameters = &record["requestParameters"];
        [&parameters["secretId"], &parameters["name"]]
            .iter()
            .any(|id| id.as_str().is_some_and(|id| id.starts_with(name)))
    };
    records.filter(is_about).collect()
}

fn segment(world: &World) -> PathBuf {
    let entries = std::fs::read_dir(world.data().join("trail")).unwrap();
    let mut paths = entries.map(|entry| entry.unwrap().path());
    let segment = paths.find(|path| path.extension().is_some_and(|ending| ending == "jsonl"));
    segment.unwrap()
}

const VALUE: &str = "a-value-that-no-record-holds";
const WAIT: Duration = Duration::from_secs(10);
