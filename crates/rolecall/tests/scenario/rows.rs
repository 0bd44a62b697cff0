//! What AWS answers, row by row, as boto3 sees it: each script of `py/rows_*.py` in a world of its
//! own. A check that is not ok fails its row, and so does one that vanished.

use std::process::Command;

use serde::Deserialize;

use crate::clients::{python, run, script};
use crate::harness::{World, scenario};

#[test]
fn signatures() {
    rows("rows_signature.py", 16);
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
    scenario(|world| {
        world.canary(VALUE);
        let mut command = by_python(world, "rows_ec2.py");
        command.args([world.imds(), world.instance_id()]);
        hold(command, 21);
    });
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
    assert_eq!(checks.len(), expected, "checks\n{}", output.stderr);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
}

/// A line of a script's output.
#[derive(Deserialize)]
struct Check {
    name: String,
    ok: bool,
    detail: String,
}

const VALUE: &str = "the-value-of-a-row";
