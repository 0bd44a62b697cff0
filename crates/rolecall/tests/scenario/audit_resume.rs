//! `rolecall audit --resume`: a collection that was broken off, or had something missing, goes on
//! where it was.

use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::clients::{Output, run};
use crate::fault::{Fault, Proxy};
use crate::harness::{World, scenario};
use crate::wait;

#[test]
fn what_was_missing_is_read_and_the_rest_is_not() {
    scenario(|world| {
        let proxy = Proxy::before(world.endpoint());
        proxy.set(Fault::Answer(400, "AccessDeniedException"));
        let mut denied = audit(world, &["--record", "facts.json"]);
        denied.env("AWS_ENDPOINT_URL_SECRETS_MANAGER", proxy.url());
        let denied = run(&mut denied);
        assert_eq!(denied.code, Some(3), "{denied:?}");

        let resume = ["--resume", "facts.json", "--record", "facts.json"];
        let resumed = run(&mut audit(world, &resume));
        assert_eq!(report(&resumed)["missing"], json!([]), "{resumed:?}");
        assert!(calls(&resumed) < calls(&denied), "{denied:?} {resumed:?}");
        assert!(!report(&resumed)["readers"].as_object().unwrap().is_empty());

        // Now nothing is missing: no more is asked than who calls.
        let again = run(&mut audit(world, &resume));
        assert_eq!(calls(&again), 1, "{again:?}");
        assert_eq!(report(&again)["findings"], report(&resumed)["findings"]);
    });
}

#[test]
fn what_was_read_before_the_end_is_kept_and_told_as_not_all() {
    scenario(|world| {
        let proxy = Proxy::before(world.endpoint());
        proxy.set(Fault::Hang);
        let mut hanging = audit(world, &["--record", "facts.json"]);
        hanging.env("AWS_ENDPOINT_URL_SECRETS_MANAGER", proxy.url());
        let hanging = hanging.stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = hanging.spawn().unwrap();
        let path = world.scratch().join("facts.json");
        let written = wait::until("a record", Duration::from_secs(30), || {
            std::fs::read_to_string(&path).ok()
        });
        child.kill().unwrap();
        child.wait().unwrap();
        let facts: Value = serde_json::from_str(&written).unwrap();
        assert_eq!(facts["missing"][0]["what"], "collection", "{facts:#}");

        // By itself it is no whole inventory.
        let mut alone = crate::harness::rolecall(&world.scratch());
        let alone = run(alone.args(["audit", "--from", "facts.json"]));
        assert_eq!(alone.code, Some(3), "{alone:?}");

        let resumed = run(&mut audit(world, &["--resume", "facts.json"]));
        assert_eq!(report(&resumed)["missing"], json!([]), "{resumed:?}");
        let whole = run(&mut audit(world, &[]));
        assert_eq!(report(&resumed)["findings"], report(&whole)["findings"]);
        assert!(calls(&resumed) < calls(&whole), "{resumed:?}");
    });
}

#[test]
fn what_is_no_record_is_a_mistake() {
    scenario(|world| {
        std::fs::write(world.scratch().join("broken.json"), "{\"accounts\": 3}").unwrap();
        for file in ["broken.json", "none.json"] {
            let output = run(&mut audit(world, &["--resume", file]));
            assert_eq!(output.code, Some(2), "{output:?}");
        }
    });
}

fn report(output: &Output) -> Value {
    let report = serde_json::from_str(&output.stdout);
    report.unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

/// `read 1 region with 23 calls`.
fn calls(output: &Output) -> usize {
    let line = output.stderr.lines().find(|it| it.starts_with("read "));
    let words: Vec<&str> = line.unwrap().split(' ').collect();
    words[words.len() - 2].parse().unwrap()
}

fn audit(world: &World, more: &[&str]) -> Command {
    let mut command = world.as_admin(env!("CARGO_BIN_EXE_rolecall"));
    command.args(["audit", "--region", "us-east-1", "--format", "json"]);
    command.args(more);
    command
}
