//! What roles may do: effective access to secrets, and what limits it.

use super::*;
use world::{codes, inline, secret_arn};

fn reads(secret: &str) -> Vec<NamedText> {
    let arn = secret_arn(secret);
    vec![inline(
        "read",
        &world::allow("secretsmanager:GetSecretValue", &arn),
    )]
}

fn readable(world: &World) -> Vec<SecretAccess> {
    let judged = world.judge();
    assert_eq!(judged.missing, []);
    let mut roles = judged.access;
    assert_eq!(roles.len(), 1);
    roles.remove(0).secrets
}

#[test]
fn a_role_reads_the_secret_that_its_statement_names() {
    let world = World::new()
        .with_role("app", reads("db"))
        .with_instance("app")
        .with_secret("db", None)
        .with_secret("other", None);
    let found = readable(&world);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].name, "db");
    assert_eq!(found[0].conditions, Vec::<String>::new());
    assert!(found[0].statements[0].contains("inline policy read"));
}

#[test]
fn a_boundary_and_an_organizations_policy_take_it_away() {
    let mut world = World::new()
        .with_role("app", reads("db"))
        .with_instance("app")
        .with_secret("db", None);
    let boundary = "arn:aws:iam::123456789012:policy/boundary";
    world.role("app").policies.boundary = Some(boundary.to_owned());
    let identities = world.facts.identities.as_mut().unwrap();
    identities
        .managed
        .push(inline(boundary, &world::allow("s3:*", "*")));
    assert_eq!(readable(&world), []);

    let mut world = World::new()
        .with_role("app", reads("db"))
        .with_instance("app")
        .with_secret("db", None);
    world.facts.service_control = vec![vec![inline("root", &world::allow("s3:*", "*"))]];
    assert_eq!(readable(&world), []);
}

#[test]
fn a_secrets_own_policy_grants_and_takes_away() {
    let principal = world::role_arn("app");
    let policy = |effect: &str| {
        format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"{effect}",
            "Principal":{{"AWS":"{principal}"}},"Action":"secretsmanager:GetSecretValue",
            "Resource":"*"}}]}}"#
        )
    };
    let granted = World::new()
        .with_role("app", vec![])
        .with_instance("app")
        .with_secret("db", Some(&policy("Allow")));
    assert_eq!(readable(&granted).len(), 1);
    let denied = World::new()
        .with_role("app", reads("db"))
        .with_instance("app")
        .with_secret("db", Some(&policy("Deny")));
    assert_eq!(readable(&denied), []);
}

/// The sample of the source documents: a service as principal of a secret's policy grants the
/// role's sessions nothing.
#[test]
fn a_secret_that_names_ec2_as_its_principal_lets_no_instance_read() {
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
        "Principal":{"Service":"ec2.amazonaws.com"},"Action":"secretsmanager:GetSecretValue",
        "Resource":"*"}]}"#;
    let world = World::new()
        .with_role("app", vec![])
        .with_instance("app")
        .with_secret("db", Some(policy));
    assert_eq!(readable(&world), []);
}

const KEY: &str = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555";

fn under_key(key_policy: Option<&str>, more: &str) -> World {
    let mut policies = reads("db");
    if !more.is_empty() {
        policies.push(inline("kms", &world::allow(more, KEY)));
    }
    let mut world = World::new()
        .with_role("app", policies)
        .with_instance("app")
        .with_secret("db", None);
    world.region().secrets.as_mut().unwrap()[0].key = Some(KEY.to_owned());
    world.region().keys.push(Key {
        arn: KEY.to_owned(),
        policy: key_policy.map(str::to_owned),
        aws_managed: false,
        grants: Some(Vec::new()),
    });
    world
}

const TO_ACCOUNT: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
    "Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"kms:*","Resource":"*"}]}"#;

#[test]
fn a_secret_under_a_customers_key_needs_the_key_too() {
    assert_eq!(readable(&under_key(Some(TO_ACCOUNT), "")), []);
    let found = readable(&under_key(Some(TO_ACCOUNT), "kms:Decrypt"));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].key.as_deref(), Some(KEY));
    assert!(found[0].key_statements[0].contains("inline policy kms"));
}

#[test]
fn a_key_policy_that_was_not_read_is_missing_and_no_pass() {
    let judged = under_key(None, "kms:Decrypt").judge();
    assert!(
        judged
            .missing
            .iter()
            .any(|it| it.what == "effective access")
    );
}

#[test]
fn a_resource_policy_that_was_not_read_is_missing_and_no_pass() {
    let mut world = World::new()
        .with_role("app", reads("db"))
        .with_instance("app")
        .with_secret("db", None);
    world.region().secrets.as_mut().unwrap()[0].policy = ResourcePolicy::NotRead;
    let judged = world.judge();
    assert!(!judged.missing.is_empty());
}

#[test]
fn a_condition_is_told_with_the_access() {
    let text = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
        "Action":"secretsmanager:GetSecretValue","Resource":"*",
        "Condition":{"StringEquals":{"aws:SourceVpc":"vpc-1"}}}]}"#;
    let world = World::new()
        .with_role("app", vec![inline("p", text)])
        .with_instance("app")
        .with_secret("db", None);
    let found = readable(&world);
    assert!(found[0].conditions[0].contains("aws:SourceVpc"));
    let judged = world.judge();
    assert_eq!(codes(&judged), ["RC-IAM-003"]);
    assert_eq!(judged.findings[0].severity, Severity::Medium);
}

#[test]
fn tags_decide_where_all_of_them_are_known() {
    let text = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
        "Action":"secretsmanager:GetSecretValue","Resource":"*","Condition":{"StringEquals":
        {"aws:ResourceTag/team":"${aws:PrincipalTag/team}"}}}]}"#;
    let mut world = World::new()
        .with_role("app", vec![inline("p", text)])
        .with_instance("app")
        .with_secret("ours", None)
        .with_secret("theirs", None);
    let tag = |team: &str| vec![("team".to_owned(), team.to_owned())];
    world.role("app").policies.tags = tag("a");
    let secrets = world.region().secrets.as_mut().unwrap();
    secrets[0].tags = tag("a");
    secrets[1].tags = tag("b");
    let found = readable(&world);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].name, "ours");
    assert_eq!(found[0].conditions, Vec::<String>::new());
}

#[test]
fn power_user_is_not_quite_an_administrator() {
    let text = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
        "NotAction":["iam:*","organizations:*","account:*"],"Resource":"*"}]}"#;
    let world = World::new()
        .with_role("app", vec![inline("p", text)])
        .with_instance("app");
    let judged = world.judge();
    assert_eq!(codes(&judged), ["RC-IAM-002"]);
    assert_eq!(judged.findings[0].severity, Severity::High);
}

#[test]
fn passing_a_role_needs_a_role_to_pass() {
    let text = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
        "Action":["iam:PassRole","ec2:RunInstances"],"Resource":"*"}]}"#;
    let alone = World::new()
        .with_role("app", vec![inline("p", text)])
        .with_instance("app");
    assert_eq!(codes(&alone.judge()), Vec::<&str>::new());
    let mut with_other = alone.with_role("other", vec![]);
    with_other.facts.all_regions = false;
    let judged = with_other.judge();
    assert_eq!(codes(&judged), ["RC-IAM-004"]);
    assert_eq!(
        judged.findings[0].title,
        "it can start an instance with another role"
    );
}

#[test]
fn a_secret_open_to_others_weighs_by_its_key() {
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
        "Principal":{"AWS":"arn:aws:iam::999999999999:root"},
        "Action":"secretsmanager:GetSecretValue","Resource":"*"}]}"#;
    let mut world = World::new().with_secret("db", Some(policy));
    let judged = world.judge();
    assert_eq!(codes(&judged), ["RC-SM-001"]);
    assert_eq!(judged.findings[0].severity, Severity::Low);
    world.region().secrets.as_mut().unwrap()[0].key = Some(KEY.to_owned());
    assert_eq!(world.judge().findings[0].severity, Severity::High);
}

#[test]
fn more_than_ten_readers_are_many() {
    let mut world = World::new().with_secret("db", None);
    world.facts.all_regions = false;
    for number in 0..10 {
        world = world.with_role(&format!("app{number}"), reads("db"));
    }
    world = world.with_role("root", vec![admin("all")]);
    assert_eq!(codes(&world.judge()), Vec::<&str>::new());
    world = world.with_role("one-more", reads("db"));
    assert_eq!(codes(&world.judge()), ["RC-SM-002"]);
}
