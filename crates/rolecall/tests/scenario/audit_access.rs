//! `rolecall audit` on what roles reach through other roles, grants of keys and policies of the
//! account's own, and on the keys of many users.

use serde_json::{Value, json};

use crate::clients::{Admin, Output, run};
use crate::harness::{World, scenario};

const OF_EC2: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
    "Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
const OF_HOP: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
    "Principal":{"AWS":"arn:aws:iam::123456789012:role/hop"},"Action":"sts:AssumeRole"}]}"#;
const TYPO: &str = r#"{"Version":"2012-10-17","Statement":[
    {"Sid":"Typo","Effect":"Allow","Action":"secretsmanager:GetSecretValues","Resource":"*"},
    {"Sid":"Hop","Effect":"Allow","Action":"sts:AssumeRole",
     "Resource":"arn:aws:iam::123456789012:role/reader"}]}"#;
const READ: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
    "Action":"secretsmanager:GetSecretValue","Resource":"*"}]}"#;

#[test]
fn a_secret_is_told_through_a_role_and_a_grant_until_the_grant_is_gone() {
    scenario(|world| {
        world.canary("obviously-fake-deep");
        let mut admin = Admin::new(world);
        let key = admin.run("kms create-key").json();
        let key = key["KeyMetadata"]["KeyId"].as_str().unwrap();
        plant(&mut admin, key);
        let (_, report) = audit(world);
        assert!(!reads_deep(&report), "{report:#}");

        let reader = "arn:aws:iam::123456789012:role/reader";
        let grant = format!("kms create-grant --key-id {key} --operations Decrypt");
        let grant = admin.run(&format!("{grant} --grantee-principal {reader}"));
        let grant = grant.json()["GrantId"].as_str().unwrap().to_owned();
        let (_, report) = audit(world);
        assert_eq!(report["missing"], json!([]));
        let secret = deep(&report).unwrap();
        assert_eq!(secret["through"], json!([reader]));
        assert!(
            secret["key_statements"].to_string().contains(&grant),
            "{secret}"
        );
        let findings = report["findings"].as_array().unwrap();
        let told = |rule: &str| findings.iter().find(|it| it["rule"] == rule).unwrap();
        let all = told("RC-IAM-003");
        assert_eq!(all["title"], "it can assume reader, which reads any secret");
        assert_eq!(told("RC-IAM-009")["decided"]["by"], "statement 1 (Typo)");

        // As the instance itself would find.
        let revoke = format!("kms revoke-grant --key-id {key} --grant-id {grant}");
        admin.run(&revoke).ok();
        assert!(!reads_deep(&audit(world).1));
    });
}

/// An instance's role that may assume one that reads all secrets, and a secret under a key.
fn plant(admin: &mut Admin, key: &str) {
    for (role, trust) in [("hop", OF_EC2), ("reader", OF_HOP)] {
        let make = format!("iam create-role --role-name {role} --assume-role-policy-document");
        admin.run_with(&make, &[trust]).ok();
    }
    let make = "iam create-policy --policy-name hop --policy-document";
    admin.run_with(make, &[TYPO]).ok();
    let put = "iam put-role-policy --role-name reader --policy-name p --policy-document";
    admin.run_with(put, &[READ]).ok();
    for command in [
        "iam attach-role-policy --role-name hop --policy-arn arn:aws:iam::123456789012:policy/hop",
        "iam create-instance-profile --instance-profile-name hop",
        "iam add-role-to-instance-profile --instance-profile-name hop --role-name hop",
        "ec2 run-instances --image-id ami-0a1b2c3d4e5f60001 --instance-type t3.micro \
         --iam-instance-profile Name=hop",
    ] {
        admin.run(command).ok();
    }
    let make = "secretsmanager create-secret --name deep --secret-string obviously-fake-deep";
    admin.run(&format!("{make} --kms-key-id {key}")).ok();
}

fn deep(report: &Value) -> Option<&Value> {
    let access = report["access"].as_array().unwrap();
    let hop = access
        .iter()
        .find(|it| it["role"] == "arn:aws:iam::123456789012:role/hop");
    let secrets = hop.unwrap()["secrets"].as_array().unwrap();
    secrets.iter().find(|it| it["name"] == "deep")
}

fn reads_deep(report: &Value) -> bool {
    deep(report).is_some()
}

/// As AWS keeps it: the versions of a managed policy before the default.
#[test]
fn an_older_version_of_a_policy_is_told_with_what_it_would_give() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        let policy = "arn:aws:iam::123456789012:policy/app";
        let all = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
            "Action": "*", "Resource": "*"}]});
        let set = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
            "Action": "iam:SetDefaultPolicyVersion", "Resource": policy}]});
        let make = "iam create-policy --policy-name app --policy-document";
        admin.run_with(make, &[&all.to_string()]).ok();
        let next = format!("iam create-policy-version --set-as-default --policy-arn {policy}");
        let next = format!("{next} --policy-document");
        admin.run_with(&next, &[&set.to_string()]).ok();
        let make = "iam create-role --role-name app --assume-role-policy-document";
        admin.run_with(make, &[OF_EC2]).ok();
        for command in [
            &format!("iam attach-role-policy --role-name app --policy-arn {policy}"),
            "iam create-instance-profile --instance-profile-name app",
            "iam add-role-to-instance-profile --instance-profile-name app --role-name app",
            "ec2 run-instances --image-id ami-0a1b2c3d4e5f60001 --instance-type t3.micro \
             --iam-instance-profile Name=app",
        ] {
            admin.run(command).ok();
        }
        let titles = || {
            let (_, report) = audit(world);
            assert_eq!(report["missing"], json!([]));
            let findings = report["findings"].as_array().unwrap().iter();
            let told = findings.filter(|it| it["rule"] == "RC-IAM-004");
            told.map(|it| it["title"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        let title = "it can set the policy app to its version v1, and then do anything";
        assert_eq!(titles(), [title]);
        let delete = format!("iam delete-policy-version --policy-arn {policy} --version-id v1");
        admin.run(&delete).ok();
        assert_eq!(titles(), Vec::<String>::new());
    });
}

/// Where there are many users, those without a key cost no call; without the report, one each.
#[test]
fn the_credential_report_spares_a_call_for_each_user() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        for number in 0..25 {
            admin
                .run(&format!("iam create-user --user-name u{number}"))
                .ok();
        }
        let made = admin.run("iam create-access-key --user-name u7").json();
        let id = made["AccessKey"]["AccessKeyId"].as_str().unwrap();
        world.canary(made["AccessKey"]["SecretAccessKey"].as_str().unwrap());
        let (by_report, _) = audit(world);
        let recorded = keys(world);
        assert!(recorded.to_string().contains(id), "{recorded}");

        // Who may not have the report made is told the same.
        let deny = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny",
            "Action":"iam:GenerateCredentialReport","Resource":"*"}]}"#;
        let user = admin.run("sts get-caller-identity").json();
        let user = user["Arn"]
            .as_str()
            .unwrap()
            .rsplit('/')
            .next()
            .unwrap()
            .to_owned();
        let put = format!("iam put-user-policy --user-name {user} --policy-name no");
        admin
            .run_with(&format!("{put} --policy-document"), &[deny])
            .ok();
        let (one_by_one, report) = audit(world);
        assert_eq!(report["missing"], json!([]));
        assert_eq!(keys(world)[0]["id"], recorded[0]["id"]);
        assert!(
            calls(&by_report) + 20 < calls(&one_by_one),
            "{by_report:?} {one_by_one:?}"
        );
    });
}

fn keys(world: &World) -> Value {
    let facts = std::fs::read(world.scratch().join("facts.json")).unwrap();
    let facts: Value = serde_json::from_slice(&facts).unwrap();
    facts["accounts"][0]["access_keys"].clone()
}

/// `read 1 region with 23 calls`.
fn calls(output: &Output) -> usize {
    let line = output.stderr.lines().find(|it| it.starts_with("read "));
    let words: Vec<&str> = line.unwrap().split(' ').collect();
    words[words.len() - 2].parse().unwrap()
}

fn audit(world: &World) -> (Output, Value) {
    let mut command = world.as_admin(env!("CARGO_BIN_EXE_rolecall"));
    command.args(["audit", "--region", "us-east-1", "--format", "json"]);
    let output = run(command.args(["--record", "facts.json"]));
    let report = serde_json::from_str(&output.stdout);
    let report = report.unwrap_or_else(|error| panic!("{error}: {output:?}"));
    (output, report)
}
