//! `rolecall audit` on an account, ours and moto's: what it finds, what it could not see, and in
//! which form.

use std::process::Command;

use serde_json::Value;

use crate::agent_faults::{Moto, moto_client};
use crate::clients::{Admin, Output, python, run};
use crate::fault::{Fault, Proxy};
use crate::harness::{World, scenario};

const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
    "Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
const ALL: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*",
    "Resource":"*"}]}"#;

#[test]
fn an_accounts_instances_are_told_with_what_they_read() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        plant(&mut admin, "ami-0a1b2c3d4e5f60001");
        let report = run(audit(world).args(["--format", "json"]));
        assert_eq!(report.code, Some(1), "{report:?}");
        let report: Value = serde_json::from_str(&report.stdout).unwrap();
        assert_eq!(report["missing"], serde_json::json!([]));
        // The image's imds-support requires tokens where the template says nothing, and two hops.
        for rule in [
            "RC-EC2-001",
            "RC-EC2-002",
            "RC-EC2-004",
            "RC-EC2-008",
            "RC-IAM-002",
        ] {
            assert!(has(&report, rule), "{rule}: {report:#}");
        }
        let readers = report["readers"].as_object().unwrap();
        let (secret, who) = readers.iter().next().unwrap();
        assert!(secret.contains(":secret:my-secret-"), "{secret}");
        let mut holders = report["holders"].as_array().unwrap().iter();
        let holder = holders.find(|it| it.to_string().contains(world.instance_id()));
        let role = &holder.unwrap()["role"];
        assert!(who.as_array().unwrap().contains(role), "{who}");
        let verdict = report["instances"].as_array().unwrap().iter();
        let mut sample = verdict.filter(|it| it["arn"].to_string().contains(world.instance_id()));
        let sample = sample.next().unwrap();
        assert_eq!(sample["role_usable"]["is"], "yes");
        assert_eq!(sample["keys_absent"]["is"], "not known");

        forms(world);
        waived(world, &report);
    });
}

/// A role-less profile, an administrator, a template without metadata options, and an instance
/// with neither.
fn plant(admin: &mut Admin, image: &str) {
    for name in ["empty", "wild"] {
        let make = format!("iam create-instance-profile --instance-profile-name {name}");
        admin.run(&make).ok();
    }
    let make = "iam create-role --role-name wild --assume-role-policy-document";
    admin.run_with(make, &[TRUST]).ok();
    let put = "iam put-role-policy --role-name wild --policy-name p --policy-document";
    admin.run_with(put, &[ALL]).ok();
    for profile in ["empty", "wild"] {
        let add = format!("iam add-role-to-instance-profile --instance-profile-name {profile}");
        admin.run(&format!("{add} --role-name wild")).ok();
    }
    for more in [
        "--metadata-options HttpTokens=required",
        "--iam-instance-profile Name=empty --metadata-options HttpTokens=required",
        "--iam-instance-profile Name=wild --metadata-options HttpTokens=optional",
    ] {
        let launch = format!("ec2 run-instances --image-id {image} --instance-type t3.micro");
        admin.run(&format!("{launch} {more}")).ok();
    }
    // A profile without a role is refused at launch, and not noticed later.
    admin
        .run("iam remove-role-from-instance-profile --instance-profile-name empty --role-name wild")
        .ok();
    let data = r#"{"ImageId":"IMAGE","InstanceType":"t3.micro"}"#.replace("IMAGE", image);
    let make = "ec2 create-launch-template --launch-template-name web --launch-template-data";
    admin.run_with(make, &[&data]).ok();
}

fn forms(world: &World) {
    let text = run(&mut audit(world)).stdout;
    let first = text.lines().next().unwrap();
    assert!(first.contains("4 instances"), "{text}");
    assert!(text.contains("critical RC-IAM-002"), "{text}");
    let sarif = run(audit(world).args(["--format", "sarif"])).stdout;
    let sarif: Value = serde_json::from_str(&sarif).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    assert!(!sarif["runs"][0]["results"].as_array().unwrap().is_empty());
    let csv = run(audit(world).args(["--format", "csv"])).stdout;
    assert!(csv.starts_with("rule,severity,kind,"), "{csv}");
    let ocsf = run(audit(world).args(["--format", "ocsf"])).stdout;
    let ocsf: Value = serde_json::from_str(&ocsf).unwrap();
    assert_eq!(ocsf[0]["class_uid"], 2003);
    let html = run(audit(world).args(["--format", "html"])).stdout;
    assert!(
        html.contains("<svg") && html.contains("my-secret"),
        "{html}"
    );
    assert!(!html.contains("http://") && !html.contains("<script"));
}

/// What is waived is out until its day; what a baseline held is not new.
fn waived(world: &World, report: &Value) {
    let rules = report["findings"].as_array().unwrap().iter();
    let waivers = |day: &str| {
        let entries = rules.clone().map(|it| {
            let (rule, subject) = (&it["rule"], &it["subject"]["id"]);
            let (rule, subject) = (rule.as_str().unwrap(), subject.as_str().unwrap());
            format!(
                "  - rule: {rule}\n    subject: '{subject}'\n    reason: planted\n    \
                 owner: tests\n    \
                 expires: {day}\n"
            )
        });
        format!("waivers:\n{}", entries.collect::<String>())
    };
    let file = world.scratch().join("waivers.yaml");
    let waived = |day: &str| {
        std::fs::write(&file, waivers(day)).unwrap();
        run(audit(world).args(["--waivers", "waivers.yaml"]))
    };
    let all = waived("2999-12-31");
    assert_eq!(all.code, Some(0), "{all:?}");
    let over = waived("2001-01-01");
    assert_eq!(over.code, Some(1), "{over:?}");
    assert!(over.stdout.contains("waivers that are over"), "{over:?}");

    std::fs::write(world.scratch().join("before.json"), report.to_string()).unwrap();
    let known = run(audit(world).args(["--baseline", "before.json"]));
    assert_eq!(known.code, Some(0), "{known:?}");
}

#[test]
fn what_was_recorded_is_judged_without_the_account() {
    scenario(|world| {
        let live = run(audit(world).args(["--record", "facts.json", "--format", "csv"]));
        let mut offline = crate::harness::rolecall(&world.scratch());
        let offline = run(offline.args(["audit", "--from", "facts.json", "--format", "csv"]));
        assert_eq!(offline.stdout, live.stdout);
        assert_eq!(offline.code, live.code);
        std::fs::write(world.scratch().join("broken.json"), "{\"account\": 3}").unwrap();
        let mut broken = crate::harness::rolecall(&world.scratch());
        let broken = run(broken.args(["audit", "--from", "broken.json"]));
        assert_eq!(broken.code, Some(2), "{broken:?}");
    });
}

/// The printed policy is enough; with one action fewer the rest is still told, and exit code 3.
#[test]
fn the_printed_policy_is_enough_and_a_denial_is_missing_evidence() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        let policy = run(audit(world).arg("--policy")).ok().to_owned();
        admin.run("iam create-user --user-name auditor").ok();
        let put = "iam put-user-policy --user-name auditor --policy-name read --policy-document";
        admin.run_with(put, &[&policy]).ok();
        let key = admin
            .run("iam create-access-key --user-name auditor")
            .json();
        let secret = key["AccessKey"]["SecretAccessKey"].as_str().unwrap();
        world.canary(secret);
        let as_auditor = |more: &[&str]| {
            let mut command = audit(world);
            let id = key["AccessKey"]["AccessKeyId"].as_str().unwrap();
            command
                .env("AWS_ACCESS_KEY_ID", id)
                .env("AWS_SECRET_ACCESS_KEY", secret);
            run(command.args(["--user-data", "--format", "json"]).args(more))
        };
        let whole = as_auditor(&[]);
        let whole: Value = serde_json::from_str(&whole.stdout).unwrap();
        assert_eq!(whole["missing"], serde_json::json!([]), "{whole:#}");
        assert_eq!(whole["instances"].as_array().unwrap().len(), 1);

        let less = policy.replace("\"iam:ListInstanceProfiles\",", "");
        admin.run_with(put, &[&less]).ok();
        let denied = as_auditor(&[]);
        assert_eq!(denied.code, Some(3), "{denied:?}");
        let denied: Value = serde_json::from_str(&denied.stdout).unwrap();
        let missing = denied["missing"].to_string();
        assert!(missing.contains("iam:ListInstanceProfiles"), "{missing}");
        assert!(missing.contains("AccessDenied"), "{missing}");
        let usable = &denied["instances"][0]["role_usable"];
        assert_eq!(usable["is"], "not known", "no pass on what was not read");
    });
}

#[test]
fn throttling_is_tried_again_and_then_missing_evidence() {
    scenario(|world| {
        let proxy = Proxy::before(world.endpoint());
        proxy.set(Fault::Answer(400, "ThrottlingException"));
        let mut command = audit(world);
        command.env("AWS_ENDPOINT_URL_SECRETS_MANAGER", proxy.url());
        let report = run(command.args(["--format", "json"]));
        assert_eq!(report.code, Some(3), "{report:?}");
        assert_eq!(proxy.requests(), 5, "one call and four more");
        let report: Value = serde_json::from_str(&report.stdout).unwrap();
        assert_eq!(report["missing"][0]["what"], "secretsmanager:ListSecrets");
        assert_eq!(report["instances"].as_array().unwrap().len(), 1);
    });
}

/// moto does not have GetInstanceMetadataDefaults, which is missing evidence and no pass.
#[test]
fn a_server_that_is_not_ours_is_judged_the_same() {
    scenario(|world| {
        let moto = Moto::start(world);
        let mut seed = moto_client(&python(), &world.scratch());
        seed.env("AWS_ENDPOINT_URL", &moto.endpoint);
        let mut admin = Admin::with(seed);
        plant(&mut admin, "ami-12c6146b");
        let mut command = moto_client(env!("CARGO_BIN_EXE_rolecall").as_ref(), &world.scratch());
        command.env("AWS_ENDPOINT_URL", &moto.endpoint);
        let arguments = ["audit", "--region", "us-east-1", "--format", "json"];
        let report: Output = run(command.args(arguments));
        assert_eq!(report.code, Some(3), "{report:?}");
        let report: Value = serde_json::from_str(&report.stdout).unwrap();
        let missing = report["missing"].to_string();
        assert!(missing.contains("GetInstanceMetadataDefaults"), "{missing}");
        for rule in ["RC-EC2-001", "RC-EC2-002", "RC-IAM-002"] {
            assert!(has(&report, rule), "{rule}: {report:#}");
        }
    });
}

fn has(report: &Value, rule: &str) -> bool {
    let findings = report["findings"].as_array().unwrap();
    findings.iter().any(|it| it["rule"] == rule)
}

/// As the administrator, in the region of the sample.
fn audit(world: &World) -> Command {
    let mut command = world.as_admin(env!("CARGO_BIN_EXE_rolecall"));
    command.args(["audit", "--region", "us-east-1"]);
    command
}
