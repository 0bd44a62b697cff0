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
