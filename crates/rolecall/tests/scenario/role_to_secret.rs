//! The path that Rolecall is for: a program on an instance reads a secret with the role's
//! credentials, and the account decides.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::clients::{Admin, Output, aws, python, run, script};
use crate::harness::{World, scenario};
use crate::wire::http;

#[test]
fn a_role_reads_its_secret_and_no_other() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let mut admin = Admin::new(world);
        reads_its_secret(world, &password);
        is_told_why_not(world, &mut admin);
        obeys_at_once(world, &mut admin);
    });
}

#[test]
fn all_of_it_outlives_a_kill() {
    scenario(|world| {
        let password = sample_password(world);
        world.canary(&password);
        let before = identity(world);
        let mut admin = Admin::new(world);
        let policy = policy_arn(world);
        admin
            .run(&format!(
                "iam detach-role-policy --role-name {ROLE} --policy-arn {policy}"
            ))
            .ok();
        drop(admin);

        world.kill();
        world.start();

        assert_eq!(identity(world), before);
        get(world, "my-secret").fails_with(&["(AccessDeniedException)"]);
        let mut admin = Admin::new(world);
        admin
            .run(&format!(
                "iam attach-role-policy --role-name {ROLE} --policy-arn {policy}"
            ))
            .ok();
        reads_its_secret(world, &password);

        world.kill();
        world.start();

        assert_eq!(identity(world), before);
        reads_its_secret(world, &password);
    });
}

#[test]
fn an_empty_account_has_no_sample() {
    crate::harness::scenario_with(&["--empty"], |world| {
        let mut admin = Admin::new(world);
        let arn = admin.run("sts get-caller-identity").json()["Arn"].clone();
        assert_eq!(arn, "arn:aws:iam::123456789012:user/administrator");
        for (call, list) in [
            ("iam list-roles", "Roles"),
            ("iam list-instance-profiles", "InstanceProfiles"),
            ("secretsmanager list-secrets", "SecretList"),
            ("ec2 describe-instances", "Reservations"),
        ] {
            assert_eq!(
                admin.run(call).json()[list],
                Value::Array(Vec::new()),
                "{call}"
            );
        }
    });
}

#[test]
fn what_is_gone_stays_gone() {
    scenario(|world| {
        let key = world.ready_text("/admin/access_key_id").to_owned();
        let mut admin = Admin::new(world);
        let id = world.instance_id().to_owned();
        admin
            .run(&format!("ec2 terminate-instances --instance-ids {id}"))
            .ok();
        let path = "GET /latest/meta-data/instance-id";
        assert_eq!(http(world.imds(), path, &[], b"").status, 404);
        get(world, "my-secret").fails_with(&["Unable to locate credentials"]);
        world.stop();
        world.start();
        for member in ["/instance_id", "/imds", "/agent"] {
            assert!(world.is_null(member), "{member}");
        }

        let mut admin = Admin::new(world);
        let delete = "iam delete-access-key --user-name administrator --access-key-id";
        admin.run(&format!("{delete} {key}")).ok();
        admin
            .run("sts get-caller-identity")
            .fails_with(&["(InvalidClientTokenId)"]);
        world.stop();
        world.start();
        assert!(world.is_null("/admin"));
    });
}

fn reads_its_secret(world: &World, password: &str) {
    let value = get(world, "my-secret").json();
    assert_eq!(value["Name"], "my-secret");
    let text = value["SecretString"].as_str().unwrap();
    let value: Value = serde_json::from_str(text).unwrap();
    assert_eq!(value["username"], "app");
    assert_eq!(value["password"], password);

    let caller = run(world
        .on_instance(aws())
        .args(["sts", "get-caller-identity"]))
    .json();
    assert_eq!(caller["Arn"], session_arn(world).as_str());
    assert_eq!(caller["Account"], "123456789012");

    let method = run(world
        .on_instance(python())
        .arg(script("credentials_method.py")));
    assert_eq!(method.ok(), "iam-role");
}

fn is_told_why_not(world: &mut World, admin: &mut Admin) {
    let value = "the-other-secret-of-the-account";
    world.canary(value);
    let created = admin
        .run(&format!(
            "secretsmanager create-secret --name other --secret-string {value}"
        ))
        .json();
    let arn = created["ARN"].as_str().unwrap();

    let denied = format!(
        "(AccessDeniedException) when calling the GetSecretValue operation: \
         User: {} is not authorized to perform: secretsmanager:GetSecretValue on resource: {arn} \
         because no identity-based policy allows the secretsmanager:GetSecretValue action",
        session_arn(world)
    );
    get(world, "other").fails_with(&[&denied]);
    get(world, "not-there").fails_with(&["(AccessDeniedException)"]);
    let role = run(world
        .on_instance(aws())
        .args(["iam", "get-role", "--role-name", ROLE]));
    role.fails_with(&["(AccessDenied)", &session_arn(world), "iam:GetRole"]);
}

/// The first call after a change, never repeated, obeys it.
fn obeys_at_once(world: &World, admin: &mut Admin) {
    let policy = policy_arn(world);
    let start = Instant::now();
    admin
        .run(&format!(
            "iam detach-role-policy --role-name {ROLE} --policy-arn {policy}"
        ))
        .ok();
    let changed = Instant::now();
    get(world, "my-secret").fails_with(&["(AccessDeniedException)"]);
    assert!(
        changed - start < Duration::from_secs(5),
        "a write took long"
    );

    admin
        .run(&format!(
            "iam attach-role-policy --role-name {ROLE} --policy-arn {policy}"
        ))
        .ok();
    get(world, "my-secret").ok();
}

fn get(world: &World, secret: &str) -> Output {
    run(world.on_instance(aws()).args([
        "secretsmanager",
        "get-secret-value",
        "--secret-id",
        secret,
    ]))
}

/// What must be the same after a restart.
fn identity(world: &World) -> [String; 3] {
    [
        "/instance_id",
        "/admin/access_key_id",
        "/admin/secret_access_key",
    ]
    .map(|member| world.ready_text(member).to_owned())
}

/// The password in the sample's secret, as the administrator reads it.
pub(crate) fn sample_password(world: &World) -> String {
    let value = run(world.as_admin(aws()).args([
        "secretsmanager",
        "get-secret-value",
        "--secret-id",
        "my-secret",
        "--query",
        "SecretString",
        "--output",
        "text",
    ]));
    let value: Value = serde_json::from_str(value.ok()).unwrap();
    value["password"].as_str().unwrap().to_owned()
}

fn session_arn(world: &World) -> String {
    let instance = world.instance_id();
    format!("arn:aws:sts::123456789012:assumed-role/{ROLE}/{instance}")
}

fn policy_arn(world: &World) -> String {
    let account = world.ready_text("/account_id");
    format!("arn:aws:iam::{account}:policy/ec2-secrets-manager-policy")
}

pub(crate) const ROLE: &str = "ec2-secrets-manager-role";
