//! `rolecall audit --organization` on our own account: every account by its role, what limits them
//! from above, and one that cannot be entered.

use serde_json::{Value, json};

use crate::admin_organizations::{Organization, enter};
use crate::clients::{Admin, run};
use crate::harness::{World, scenario_with};

const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
    "Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
const READ: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
    "Action":"secretsmanager:GetSecretValue","Resource":"*"}]}"#;

#[test]
fn every_account_is_told_of_and_one_that_is_shut_is_missing_evidence() {
    scenario_with(&["--empty"], |world| {
        world.canary("obviously-fake-value");
        let mut admin = Admin::new(world);
        let organization = Organization::make(&mut admin);
        let first = organization.account(&mut admin, "first");
        let second = organization.account(&mut admin, "second");
        for account in [&first, &second] {
            plant(&mut enter(world, &mut admin, account));
        }
        let (code, report) = audit(world, &[]);
        assert_eq!(code, Some(1), "{report:#}");
        assert_eq!(report["missing"], json!([]));
        assert_eq!(report["accounts"].as_array().unwrap().len(), 3);
        let readers = report["readers"].as_object().unwrap();
        assert_eq!(readers.len(), 2, "a secret of each: {readers:?}");
        let findings = report["findings"].as_array().unwrap();
        for account in [&first, &second] {
            let told = findings.iter().filter(|it| it["rule"] == "RC-IAM-003");
            let mut of = told.filter(|it| it["subject"]["account"] == account.as_str());
            assert!(of.next().is_some(), "{account}: {findings:?}");
        }
        let accounts = findings.iter().map(|it| &it["subject"]["account"]);
        assert!(accounts.clone().all(Value::is_string), "{findings:?}");

        across(world, &mut admin, &first, &second);

        // What denies from above counts in what can be read.
        organization.deny(&mut admin, "secretsmanager:GetSecretValue");
        let (code, report) = audit(world, &[]);
        assert_eq!(report["readers"], json!({}), "{code:?}");
        assert!(!has(&report, "RC-IAM-003"), "{report:#}");

        let (code, report) = audit(world, &["--role", "NoSuchRole"]);
        assert_eq!(code, Some(3), "{report:#}");
        let missing = report["missing"].to_string();
        for account in [&first, &second] {
            let role = format!("arn:aws:iam::{account}:role/NoSuchRole");
            assert!(missing.contains(&role), "{missing}");
        }
        assert!(missing.contains("sts:AssumeRole"), "{missing}");
        assert_eq!(report["accounts"].as_array().unwrap().len(), 1);
    });
}

/// A role of the first account that one of the second lets in, and a secret that lets it read: both
/// are told with the statements of both sides.
fn across(world: &World, admin: &mut Admin, first: &str, second: &str) {
    let app = format!("arn:aws:iam::{first}:role/app");
    let reader = format!("arn:aws:iam::{second}:role/reader");
    let trusts = |arn: &str, action: &str| {
        let lets = json!({"Effect": "Allow", "Principal": {"AWS": arn}, "Action": action,
            "Resource": "*"});
        let mut document = json!({"Version": "2012-10-17", "Statement": [lets]});
        if action == "sts:AssumeRole" {
            let statement = document["Statement"][0].as_object_mut().unwrap();
            statement.remove("Resource");
        }
        document
    };
    let mut member = enter(world, admin, first);
    let put = "iam put-role-policy --role-name app --policy-name across --policy-document";
    let may = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*",
        "Action": ["sts:AssumeRole", "kms:Decrypt"]}]});
    member.run_with(put, &[&may.to_string()]).ok();

    let mut member = enter(world, admin, second);
    let make = "iam create-role --role-name reader --assume-role-policy-document";
    let trust = trusts(&app, "sts:AssumeRole").to_string();
    member.run_with(make, &[&trust]).ok();
    let put = "iam put-role-policy --role-name reader --policy-name p --policy-document";
    member.run_with(put, &[READ]).ok();
    let mut policy = trusts(&format!("arn:aws:iam::{second}:root"), "kms:*");
    let statements = policy["Statement"].as_array_mut().unwrap();
    let decrypt = trusts(&app, "kms:Decrypt")["Statement"][0].take();
    statements.push(decrypt);
    let key = member.run_with("kms create-key --policy", &[&policy.to_string()]);
    let key = key.json()["KeyMetadata"]["Arn"]
        .as_str()
        .unwrap()
        .to_owned();
    let make = "secretsmanager create-secret --name shared --secret-string obviously-fake-value";
    let secret = member.run(&format!("{make} --kms-key-id {key}")).json();
    let shared = secret["ARN"].as_str().unwrap();
    let policy = trusts(&app, "secretsmanager:GetSecretValue").to_string();
    let put = "secretsmanager put-resource-policy --secret-id shared --resource-policy";
    member.run_with(put, &[&policy]).ok();

    let (_, report) = audit(world, &[]);
    assert_eq!(report["missing"], json!([]));
    let access = report["access"].as_array().unwrap().iter();
    let mut of_app = access.filter(|it| it["role"] == app.as_str());
    let secrets = of_app.next().unwrap()["secrets"]
        .as_array()
        .unwrap()
        .clone();
    let named = |name: &str, account: &str| {
        let mut secrets = secrets.iter();
        let is_it =
            |it: &&Value| it["name"] == name && it["secret"].as_str().unwrap().contains(account);
        secrets
            .find(is_it)
            .unwrap_or_else(|| panic!("{name}: {secrets:?}"))
    };
    assert_eq!(named("own", second)["through"], json!([reader]));
    let direct = named("shared", second);
    assert_eq!(direct["through"], json!([]));
    let statements = direct["statements"].to_string();
    assert!(statements.contains("resource policy"), "{direct}");
    let of_key = direct["key_statements"].to_string();
    assert!(of_key.contains("resource policy"), "{direct}");
    // The other way round.
    let all = report["readers"][shared].as_array().unwrap();
    assert!(all.contains(&json!(app)), "{all:?}");
}

/// The printed policies are enough: of the one who looks, and of the role in each account.
#[test]
fn the_printed_policies_are_enough_for_an_organization() {
    scenario_with(&["--empty"], |world| {
        world.canary("obviously-fake-value");
        let mut admin = Admin::new(world);
        let organization = Organization::make(&mut admin);
        let account = organization.account(&mut admin, "first");
        let own = admin.run("sts get-caller-identity").json();
        let own = own["Account"].as_str().unwrap();
        let trust = json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow",
            "Principal": {"AWS": format!("arn:aws:iam::{own}:root")}, "Action": "sts:AssumeRole"}});
        let policy = |more: &[&str]| {
            let mut command = world.as_admin(env!("CARGO_BIN_EXE_rolecall"));
            run(command.args(["audit", "--policy"]).args(more))
                .ok()
                .to_owned()
        };
        let mut member = enter(world, &mut admin, &account);
        let make = "iam create-role --role-name Auditor --assume-role-policy-document";
        member.run_with(make, &[&trust.to_string()]).ok();
        let put = "iam put-role-policy --role-name Auditor --policy-name p --policy-document";
        member.run_with(put, &[&policy(&[])]).ok();

        admin.run("iam create-user --user-name auditor").ok();
        let put = "iam put-user-policy --user-name auditor --policy-name p --policy-document";
        let above = policy(&["--organization", "--role", "Auditor"]);
        admin.run_with(put, &[&above]).ok();
        let key = admin
            .run("iam create-access-key --user-name auditor")
            .json();
        let given = |name: &str| key["AccessKey"][name].as_str().unwrap().to_owned();
        world.canary(&given("SecretAccessKey"));
        let look = || {
            let mut command = world.as_admin(env!("CARGO_BIN_EXE_rolecall"));
            command
                .env("AWS_ACCESS_KEY_ID", given("AccessKeyId"))
                .env("AWS_SECRET_ACCESS_KEY", given("SecretAccessKey"));
            command.args(["audit", "--region", "us-east-1", "--format", "json"]);
            let output = run(command.args(["--organization", "--role", "Auditor"]));
            serde_json::from_str::<Value>(&output.stdout).unwrap()
        };
        let report = look();
        assert_eq!(report["missing"], json!([]));
        assert_eq!(report["accounts"].as_array().unwrap().len(), 2);

        // Without a look at the policies above, that is told.
        let less = above.replace("\"organizations:ListPoliciesForTarget\",", "");
        admin.run_with(put, &[&less]).ok();
        let missing = look()["missing"].to_string();
        assert!(
            missing.contains("organizations:ListPoliciesForTarget"),
            "{missing}"
        );
    });
}

/// A role that reads every secret, on an instance, and a secret.
fn plant(member: &mut Admin) {
    let make = "iam create-role --role-name app --assume-role-policy-document";
    member.run_with(make, &[TRUST]).ok();
    let put = "iam put-role-policy --role-name app --policy-name p --policy-document";
    member.run_with(put, &[READ]).ok();
    for command in [
        "iam create-instance-profile --instance-profile-name app",
        "iam add-role-to-instance-profile --instance-profile-name app --role-name app",
        "secretsmanager create-secret --name own --secret-string obviously-fake-value",
        "ec2 run-instances --image-id ami-0a1b2c3d4e5f60001 --instance-type t3.micro \
         --iam-instance-profile Name=app",
    ] {
        member.run(command).ok();
    }
}

fn audit(world: &World, more: &[&str]) -> (Option<i32>, Value) {
    let mut command = world.as_admin(env!("CARGO_BIN_EXE_rolecall"));
    command.args([
        "audit",
        "--organization",
        "--region",
        "us-east-1",
        "--format",
        "json",
    ]);
    let output = run(command.args(more));
    let report = serde_json::from_str(&output.stdout);
    (
        output.code,
        report.unwrap_or_else(|error| panic!("{error}: {output:?}")),
    )
}

fn has(report: &Value, rule: &str) -> bool {
    let findings = report["findings"].as_array().unwrap();
    findings.iter().any(|it| it["rule"] == rule)
}
