//! `rolecall policy explain`: the same answer as the account's, before the call is made.

use std::process::Command;

use crate::clients::{Admin, run};
use crate::harness::{World, scenario};
use crate::role_to_secret::ROLE;

#[test]
fn an_explanation_is_the_accounts_own_decision() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        let secret = admin
            .run("secretsmanager describe-secret --secret-id my-secret")
            .json();
        let arn = secret["ARN"].as_str().unwrap();
        let role = format!("arn:aws:iam::123456789012:role/{ROLE}");
        let get = "secretsmanager:GetSecretValue";

        let allowed = run(&mut explain(world, &role, get, arn));
        assert_eq!(allowed.code, Some(0), "{allowed:?}");
        assert!(allowed.stdout.contains("ReadMySecret"), "{allowed:?}");
        let session = format!("arn:aws:sts::123456789012:assumed-role/{ROLE}/i-1");
        assert_eq!(run(&mut explain(world, &session, get, arn)).code, Some(0));

        let denied = run(&mut explain(
            world,
            &role,
            "secretsmanager:PutSecretValue",
            arn,
        ));
        assert_eq!(denied.code, Some(1), "{denied:?}");
        let other = "arn:aws:secretsmanager:us-east-1:123456789012:secret:other-AbCdEf";
        assert_eq!(run(&mut explain(world, &role, get, other)).code, Some(1));

        let json = run(explain(world, &role, get, arn).args(["--format", "json"])).json();
        assert_eq!(json["decision"], "allowed", "{json}");
    });
}

#[test]
fn a_tree_shows_every_policy_that_has_a_say() {
    scenario(|world| {
        let role = format!("arn:aws:iam::123456789012:role/{ROLE}");
        let other = "arn:aws:secretsmanager:us-east-1:123456789012:secret:other-AbCdEf";
        let get = "secretsmanager:GetSecretValue";
        let tree = run(&mut explain(world, &role, get, other)).stdout;
        for line in [
            "denied, because no identity-based policy allows the secretsmanager:GetSecretValue \
             action",
            "├─ identity-based policy",
            "│  └─ arn:aws:iam::123456789012:policy/ec2-secrets-manager-policy",
            "│     └─ would allow: statement `ReadMySecret`, line 4, but it is about other \
             resources",
        ] {
            assert!(tree.lines().any(|found| found == line), "{line}\n{tree}");
        }

        let tree = run(&mut explain(world, &role, "sts:AssumeRole", &role)).stdout;
        let trust = "would allow: statement 0, line 4, but it is about other principals";
        assert!(tree.contains(trust), "{tree}");

        let mut admin = Admin::new(world);
        let secret = admin
            .run("secretsmanager describe-secret --secret-id my-secret")
            .json();
        let arn = secret["ARN"].as_str().unwrap();
        let deny = r#"{"Version":"2012-10-17","Statement":[{"Sid":"Not now","Effect":"Deny",
            "Principal":"*","Action":"secretsmanager:GetSecretValue","Resource":"*"}]}"#;
        admin
            .run_with(
                "secretsmanager put-resource-policy --secret-id my-secret --resource-policy",
                &[deny],
            )
            .ok();
        let tree = run(&mut explain(world, &role, get, arn)).stdout;
        assert!(
            tree.contains("denies: statement `Not now`, line 1"),
            "{tree}"
        );
    });
}

/// What AWS's own client wrote, and what no single call of AWS tells, decided without a server.
#[test]
fn a_file_of_the_details_is_as_good_as_the_account() {
    scenario(|world| {
        let mut admin = Admin::new(world);
        let details = admin.run("iam get-account-authorization-details").json();
        let secret = admin
            .run("secretsmanager describe-secret --secret-id my-secret")
            .json();
        let arn = secret["ARN"].as_str().unwrap();
        let role = format!("arn:aws:iam::123456789012:role/{ROLE}");
        let get = "secretsmanager:GetSecretValue";
        let path = world.scratch().join("account.json");
        let check = |details: &serde_json::Value, arn: &str, code: i32, words: &str| {
            std::fs::write(&path, details.to_string()).unwrap();
            let mut command = explain(world, &role, get, arn);
            command.env("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
            let output = run(command.arg("--from").arg(&path));
            assert_eq!(output.code, Some(code), "{output:?}");
            let told = format!("{}{}", output.stdout, output.stderr);
            assert!(told.contains(words), "{words}\n{told}");
        };
        check(&details, arn, 0, "allows: statement `ReadMySecret`");

        let mut organized = details.clone();
        organized["ServiceControlPolicies"] = serde_json::json!([[{"Name": "guardrail", "Policy":
            {"Version": "2012-10-17", "Statement": [
                {"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}]}}]]);
        check(
            &organized,
            arn,
            1,
            "because no service control policy allows",
        );

        let mut denied = details.clone();
        denied["ResourcePolicies"] = serde_json::json!([{"ResourceArn": arn, "Policy":
            {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*",
                "Action": "secretsmanager:*", "Resource": "*"}]}}]);
        check(&denied, arn, 1, "denies: statement 0");

        let mut bounded = details.clone();
        bounded["RoleDetailList"][0]["PermissionsBoundary"] = serde_json::json!({
            "PermissionsBoundaryType": "Policy",
            "PermissionsBoundaryArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"});
        check(
            &bounded,
            arn,
            3,
            "arn:aws:iam::aws:policy/ReadOnlyAccess is attached",
        );

        let key = "arn:aws:kms:us-east-1:123456789012:key/1";
        check(&details, key, 3, "the policy of arn:aws:kms");
        check(
            &serde_json::json!({"IsTruncated": true}),
            arn,
            2,
            "first page",
        );
    });
}

#[test]
fn what_cannot_be_explained_is_said() {
    scenario(|world| {
        let get = "secretsmanager:GetSecretValue";
        let check = |command: &mut Command, code: i32, words: &str| {
            let output = run(command);
            assert_eq!(output.code, Some(code), "{output:?}");
            let mut lines = output.stderr.lines();
            assert!(lines.any(|line| line.starts_with("error: ")), "{output:?}");
            assert!(output.stderr.contains(words), "{output:?}");
            assert_eq!(output.stdout, "");
        };
        check(&mut explain(world, "somebody", get, "*"), 2, "`somebody`");
        let nobody = "arn:aws:iam::123456789012:role/nobody";
        check(&mut explain(world, nobody, get, "*"), 1, "nobody");
        let role = format!("arn:aws:iam::123456789012:role/{ROLE}");
        let mut nowhere = explain(world, &role, get, "*");
        check(
            nowhere.env("AWS_ENDPOINT_URL", "http://127.0.0.1:1"),
            3,
            "127.0.0.1:1",
        );
        let mut stranger = explain(world, &role, get, "*");
        let wrong = "a-key-that-is-not-the-one-of-the-account";
        check(
            stranger.env("AWS_SECRET_ACCESS_KEY", wrong),
            3,
            "SignatureDoesNotMatch",
        );
    });
}

fn explain(world: &World, principal: &str, action: &str, resource: &str) -> Command {
    let mut command = world.as_admin(env!("CARGO_BIN_EXE_rolecall"));
    command.args(["policy", "explain", "--principal", principal]);
    command.args(["--action", action, "--resource", resource]);
    command
}
