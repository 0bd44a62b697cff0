//! The conformance cases of the metadata service, in each of its modes; between them every case is
//! asked. The same runner can be pointed at EC2 (`tests/conformance/imds/run.py`).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::clients::{Admin, client, python, run};
use crate::harness::{World, scenario, scenario_with};

/// The names of what was asked, all of which passed, and of what was not.
fn conforms(world: &World, facts: &[&str]) -> (BTreeSet<String>, BTreeSet<String>) {
    let mut command = client(python(), &world.scratch());
    command.arg(cases().join("run.py")).arg(world.imds());
    command.args(["--ours", "--json"]);
    for fact in facts {
        command.args(["--must", fact]);
    }
    let output = run(&mut command);
    let report: Value = serde_json::from_str(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}\n{}", output.stdout, output.stderr));
    assert_eq!(report["failed"], serde_json::json!({}), "{facts:?}");
    let passed = report["passed"].as_array().unwrap().iter();
    let passed = passed.map(|name| name.as_str().unwrap().to_owned());
    let left_out = report["not asked"].as_object().unwrap().keys().cloned();
    (passed.collect(), left_out.collect())
}

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/imds")
}

#[test]
fn every_case_holds_in_its_mode() {
    let (mut passed, mut left_out) = (BTreeSet::new(), BTreeSet::new());
    let mut note = |(new_passed, new_left_out): (BTreeSet<String>, BTreeSet<String>)| {
        passed.extend(new_passed);
        left_out.extend(new_left_out);
    };
    scenario(|world| {
        let required = [
            "tokens=required",
            "role=there",
            "tags=hidden",
            "folders=plain",
        ];
        note(conforms(world, &required));
        let mut admin = Admin::new(world);
        let id = world.instance_id();
        let mut modify = |options: &str| {
            let call = "ec2 modify-instance-metadata-options --instance-id";
            admin.run(&format!("{call} {id} {options}")).ok();
        };
        modify("--http-tokens optional --instance-metadata-tags enabled");
        note(conforms(world, &["tokens=optional", "tags=shown"]));
        modify("--http-endpoint disabled");
        note(conforms(world, &["endpoint=disabled"]));
        modify("--http-endpoint enabled");
        let held = admin
            .run("ec2 describe-iam-instance-profile-associations")
            .json();
        let held = held["IamInstanceProfileAssociations"][0]["AssociationId"].clone();
        let call = "ec2 disassociate-iam-instance-profile --association-id";
        admin
            .run(&format!("{call} {}", held.as_str().unwrap()))
            .ok();
        note(conforms(world, &["role=none"]));
    });
    let flags = ["--imds-option", "redirects,keep-alive,extended-credentials"];
    scenario_with(&flags, |world| {
        let (found, _) = conforms_on_xen(world);
        note((found, BTreeSet::new()));
    });
    let never: Vec<&String> = left_out.difference(&passed).collect();
    assert!(never.is_empty(), "never asked: {never:?}");
    assert!(passed.len() > 60, "{}", passed.len());
}

/// Connections are kept there, and so `Connection: close` is not in every answer.
fn conforms_on_xen(world: &World) -> (BTreeSet<String>, BTreeSet<String>) {
    let mut command = client(python(), &world.scratch());
    command.arg(cases().join("run.py")).arg(world.imds());
    command.args([
        "--must",
        "folders=redirected",
        "--must",
        "extended=there",
        "--json",
    ]);
    command.arg(cases().join("paths.case"));
    let report = run(&mut command).json();
    let passed = report["passed"].as_array().unwrap().iter();
    let passed = passed.map(|name| name.as_str().unwrap().to_owned());
    (passed.collect(), BTreeSet::new())
}

#[test]
fn a_case_that_does_not_hold_is_told() {
    scenario(|world| {
        let wrong = world.scratch().join("wrong.case");
        let block = |name: &str, wants: &str| {
            let token = "X-aws-ec2-metadata-token: {token}";
            format!("{name}\nGET /latest/meta-data/instance-id\n{token}\n{wants}\n\n")
        };
        let text = [
            block("a status", "= 404"),
            block("a header", "= 200\nserver: nginx"),
            block("a header that is there", "= 200\nserver !"),
            block("a pattern", "= 200\n~ i-"),
            block("a body", "= 200\n| i-1"),
            block("good", "= 200\n~ i-.*"),
        ];
        std::fs::write(&wrong, text.concat()).unwrap();
        let mut command = client(python(), &world.scratch());
        command
            .arg(cases().join("run.py"))
            .args([world.imds(), "--json"]);
        command.args(["--must", "tokens=optional"]).arg(&wrong);
        let output = run(&mut command);
        assert_eq!(output.code, Some(1));
        let report: Value = serde_json::from_str(&output.stdout).unwrap();
        let failed = report["failed"].as_object().unwrap();
        assert_eq!(failed.len(), 6, "{report}");
        assert!(failed.contains_key("the service: tokens=optional"));
        assert_eq!(report["passed"], serde_json::json!(["wrong: good"]));
    });
}
