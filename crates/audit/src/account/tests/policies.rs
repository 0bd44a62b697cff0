//! Managed policies of the account, linted where somebody has them.

use super::*;
use world::codes;

const OWN: &str = "arn:aws:iam::123456789012:policy/team/read";

fn with(arn: &str, text: &str, is_attached: bool) -> World {
    let mut world = World::new().with_role("app", vec![]).with_instance("app");
    let identities = world.facts.identities.as_mut().unwrap();
    identities.managed.push(world::inline(arn, text));
    if is_attached {
        world.role("app").policies.managed.push(arn.to_owned());
    }
    world
}

const TEXT: &str = r#"{"Version":"2012-10-17","Statement":[
    {"Sid":"Fine","Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"},
    {"Sid":"Typo","Effect":"Allow","Action":"secretsmanager:GetSecretValues","Resource":"*"}]}"#;

#[test]
fn a_defect_is_told_with_its_statement() {
    let judged = with(OWN, TEXT, true).judge();
    assert_eq!(codes(&judged), ["RC-IAM-009"]);
    let finding = &judged.findings[0];
    assert!(finding.title.starts_with("unknown-action: "), "{finding:?}");
    assert_eq!(finding.decided.as_ref().unwrap().by, "statement 2 (Typo)");
    assert_eq!(finding.subject.id, OWN);
    assert_eq!(finding.severity, Severity::Medium);
}

#[test]
fn a_boundary_counts_as_attached() {
    let mut world = with(OWN, TEXT, false);
    world.role("app").policies.boundary = Some(OWN.to_owned());
    assert_eq!(codes(&world.judge()), ["RC-IAM-009"]);
}

#[test]
fn what_nobody_has_and_what_is_awss_is_not_told() {
    assert_eq!(codes(&with(OWN, TEXT, false).judge()), Vec::<&str>::new());
    let of_aws = "arn:aws:iam::aws:policy/Read";
    assert_eq!(codes(&with(of_aws, TEXT, true).judge()), Vec::<&str>::new());
    let fine = world::allow("s3:GetObject", "arn:aws:s3:::b/*");
    assert_eq!(codes(&with(OWN, &fine, true).judge()), Vec::<&str>::new());
}

/// One statement that is no list, without a Sid.
#[test]
fn a_lone_statement_has_a_number() {
    let text = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow",
        "Action":"secretsmanager:Nothing","Resource":"*"}}"#;
    let judged = with(OWN, text, true).judge();
    let decided = judged.findings[0].decided.as_ref().unwrap();
    assert_eq!(decided.by, "statement 1");
}
