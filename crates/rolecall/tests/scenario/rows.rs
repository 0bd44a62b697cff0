//! What AWS answers, row by row, as boto3 sees it: each script of `py/rows_*.py` in a world of its
//! own. A check that is not ok fails its row, and so does one that vanished.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde::Deserialize;

use crate::account_serve::Served;
use crate::canary::Canaries;
use crate::clients::{client, python, run, script};
use crate::harness::{World, rolecall, scenario, scenario_with};

#[test]
fn signatures() {
    rows("rows_signature.py", 18);
}

#[test]
fn policies() {
    rows("rows_policy.py", 35);
}

#[test]
fn roles() {
    rows("rows_roles.py", 15);
}

#[test]
fn keys() {
    rows("rows_kms.py", 12);
}

#[test]
fn secrets() {
    rows("rows_secrets.py", 29);
}

#[test]
fn instances() {
    on_instance("rows_ec2.py", 22);
}

#[test]
fn metadata() {
    on_instance("rows_imds.py", 9);
}

#[test]
fn rotations() {
    let function = "arn:aws:lambda:us-east-1:123456789012:function:nothing";
    let flag = format!("{function} role=ec2-secrets-manager-role true");
    scenario_with(&["--rotation-command", &flag], |world| {
        world.canary(VALUE);
        let mut command = by_python(world, "rows_rotation.py");
        command.arg(function);
        hold(command, 6);
    });
}

#[test]
fn between_accounts() {
    let folder = tempfile::tempdir().unwrap();
    let account = |step: &str, id: &str, file: &str| {
        let mut command = rolecall(folder.path());
        command.args(["account", step, "--data", "data", "--account-id", id]);
        let made = run(&mut command);
        std::fs::write(folder.path().join(file), made.ok()).unwrap();
    };
    account("init", "111111111111", "credentials");
    account("add", "222222222222", "others");
    let served = Served::start(folder, &[]);
    let mut command = served.as_admin(python());
    command.arg(script("rows_across.py"));
    command.arg(served.path("others"));
    hold(command, 8);
    let folder = served.stop();
    let mut canaries = Canaries::default();
    canaries.add(VALUE);
    canaries.search(&[&folder.path().join("data")], &[]);
}

#[test]
fn what_outlives_a_kill() {
    scenario(|world| {
        world.canary(VALUE);
        let told = world.scratch().join("told.json");
        let step = |world: &World, name: &str| {
            let mut command = by_python(world, "rows_kept.py");
            command.arg(name).arg(&told);
            command
        };
        hold(step(world, "write"), 1);
        world.kill();
        world.start();
        hold(step(world, "read"), 6);
    });
}

fn rows(name: &str, expected: usize) {
    scenario(|world| {
        world.canary(VALUE);
        hold(by_python(world, name), expected);
    });
}

/// The same for scripts about the sample's instance.
fn on_instance(name: &str, expected: usize) {
    scenario(|world| {
        world.canary(VALUE);
        let mut command = by_python(world, name);
        command.args([world.imds(), world.instance_id()]);
        hold(command, expected);
    });
}

fn by_python(world: &World, name: &str) -> Command {
    let mut command = world.as_admin(python());
    command.arg(script(name));
    command
}

/// Runs a script of checks, all of which must be ok, and as many as there are to be.
pub(crate) fn hold(mut command: Command, expected: usize) {
    let output = run(&mut command);
    let checks: Vec<Check> = output
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    let failed: Vec<String> = checks
        .iter()
        .filter(|check| !check.ok)
        .map(|check| format!("{}\n{}", check.name, check.detail))
        .collect();
    assert!(
        failed.is_empty(),
        "{} of {} checks failed:\n{}",
        failed.len(),
        checks.len(),
        failed.join("\n")
    );
    let names: BTreeSet<&str> = checks.iter().map(|check| check.name.as_str()).collect();
    assert_eq!(names.len(), checks.len(), "two checks of one name");
    assert_eq!(checks.len(), expected, "checks\n{}", output.stderr);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
}

#[test]
#[should_panic(expected = "1 of 2 checks failed:\nb\nwhy")]
fn a_check_that_is_not_ok_is_seen() {
    hold(
        printing(&[OK, r#"{"name":"b","ok":false,"detail":"why"}"#], 1),
        2,
    );
}

#[test]
#[should_panic(expected = "checks")]
fn a_check_that_vanished_is_seen() {
    hold(printing(&[OK], 0), 2);
}

#[test]
#[should_panic(expected = "two checks of one name")]
fn a_check_that_is_there_twice_is_seen() {
    hold(printing(&[OK, OK], 0), 2);
}

#[test]
#[should_panic(expected = "Some(0)")]
fn a_script_that_breaks_off_is_seen() {
    hold(printing(&[OK], 1), 1);
}

/// A script of these lines that ends with a code.
fn printing(lines: &[&str], code: u8) -> Command {
    let mut command = client("sh", Path::new("/"));
    let text = lines.join("\n");
    command.args(["-c", &format!("printf '%s\n' '{text}'; exit {code}")]);
    command
}

/// A line of a script's output.
#[derive(Deserialize)]
struct Check {
    name: String,
    ok: bool,
    detail: String,
}

const OK: &str = r#"{"name":"a","ok":true,"detail":""}"#;
const VALUE: &str = "the-value-of-a-row";
