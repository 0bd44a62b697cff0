//! Older versions of managed policies: who may set one, and what it would give.

use super::*;
use world::{admin, allow, codes, inline, role_arn, secret_arn};

const OWN: &str = "arn:aws:iam::123456789012:policy/app";
const SET: &str = "iam:SetDefaultPolicyVersion";

/// An instance whose role may do this with the policy that it has, whose default and whose version
/// 1 say these.
fn world(action: &str, default: &str, older: &str) -> World {
    let mut world = World::new()
        .with_role("app", vec![inline("set", &allow(action, OWN))])
        .with_instance("app")
        .with_secret("db", None);
    world.facts.all_regions = false;
    world.role("app").policies.managed.push(OWN.to_owned());
    let identities = world.facts.identities.as_mut().unwrap();
    identities.managed.push(inline(OWN, default));
    identities.versions.push(PolicyVersion {
        policy: OWN.to_owned(),
        id: "v1".to_owned(),
        text: older.to_owned(),
    });
    world
}

fn fine() -> String {
    allow("s3:GetObject", "arn:aws:s3:::bucket/*")
}

fn told(world: &World) -> Vec<(String, Severity)> {
    let judged = world.judge();
    assert_eq!(judged.missing, []);
    let told = judged.findings.iter();
    let told = told.filter(|it| it.rule.code == "RC-IAM-004");
    told.map(|it| (it.title.to_string(), it.severity)).collect()
}

fn only(world: &World) -> (String, Severity) {
    let told = told(world);
    assert_eq!(told.len(), 1, "{told:?}");
    told.into_iter().next().unwrap()
}

#[test]
fn what_an_older_version_gives_is_evaluated() {
    let put = allow("iam:PutRolePolicy", &role_arn("app"));
    let any = allow("secretsmanager:GetSecretValue", "*");
    let one = allow("secretsmanager:GetSecretValue", &secret_arn("db"));
    let more = allow("s3:PutObject", "arn:aws:s3:::bucket/*");
    for (older, gain, severity) in [
        (allow("*", "*"), "do anything", Severity::High),
        (put, "write itself a policy", Severity::High),
        (any, "read any secret", Severity::High),
        (one, "read the secret db", Severity::High),
        (
            more,
            "do more than now: s3:PutObject on arn:aws:s3:::bucket/*",
            Severity::Medium,
        ),
    ] {
        let found = only(&world(SET, &fine(), &older));
        let title = format!("it can set the policy app to its version v1, and then {gain}");
        assert_eq!(found, (title, severity));
    }
}

#[test]
fn both_steps_are_told_with_their_statements() {
    let judged = world(SET, &fine(), &allow("*", "*")).judge();
    let evidence = &judged.findings[0].evidence;
    assert_eq!(evidence[0].source, format!("{SET} on {OWN}"));
    assert!(
        evidence[0].said.contains("inline policy set"),
        "{evidence:?}"
    );
    assert_eq!(evidence[1].source, format!("version v1 of {OWN}"));
    assert!(evidence[1].said.contains(OWN), "{evidence:?}");
}

#[test]
fn what_gives_no_more_or_may_not_be_set_is_not_told() {
    let everything = allow("*", "*");
    let narrower = allow("s3:GetObject", "arn:aws:s3:::bucket/reports/*");
    let mut nobodys = world(SET, &fine(), &everything);
    nobodys.role("app").policies.managed.clear();
    let mut bounded = world(SET, &fine(), &everything);
    let boundary = "arn:aws:iam::123456789012:policy/boundary";
    bounded.role("app").policies.boundary = Some(boundary.to_owned());
    let identities = bounded.facts.identities.as_mut().unwrap();
    let limit = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Resource":"*","Action":
        ["s3:GetObject","iam:SetDefaultPolicyVersion"]}]}"#;
    identities.managed.push(inline(boundary, limit));
    let mut limited = world(SET, &fine(), &everything);
    let level = inline("root", &allow("s3:GetObject", "*"));
    limited.facts.service_control = vec![vec![level]];
    let mut elsewhere = world("s3:GetObject", &fine(), &everything);
    let other = allow(SET, "arn:aws:iam::123456789012:policy/other");
    elsewhere
        .role("app")
        .policies
        .inline
        .push(inline("other", &other));
    for (what, world) in [
        (
            "another action",
            world("iam:GetPolicyVersion", &fine(), &everything),
        ),
        ("the same", world(SET, &fine(), &fine())),
        ("less", world(SET, &fine(), &narrower)),
        ("a policy that it does not have", nobodys),
        ("the organization forbids to set", limited),
        ("another policy", elsewhere),
    ] {
        assert_eq!(told(&world), [], "{what}");
    }
    // The boundary lets it read any object, and nothing else.
    let (title, severity) = only(&bounded);
    assert!(
        title.contains("do more than now: s3:GetObject on *"),
        "{title}"
    );
    assert_eq!(severity, Severity::Medium);
}

#[test]
fn a_denial_that_an_older_version_lacks_is_more() {
    let all = allow("s3:*", "*");
    let default = r#"{"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":"s3:*","Resource":"*"},
        {"Effect":"Deny","Action":"s3:DeleteBucket","Resource":"*"}]}"#;
    let (title, _) = only(&world(SET, default, &all));
    assert!(title.ends_with("s3:DeleteBucket on *"), "{title}");
    assert_eq!(told(&world(SET, &all, default)), []);
}

#[test]
fn an_older_version_of_its_boundary_counts() {
    let mut world = world(SET, &allow("iam:*", "*"), &allow("*", "*"));
    world.role("app").policies.managed.clear();
    world.role("app").policies.boundary = Some(OWN.to_owned());
    let read = allow("secretsmanager:GetSecretValue", "*");
    world
        .role("app")
        .policies
        .inline
        .push(inline("read", &read));
    let (title, _) = only(&world);
    assert!(title.ends_with("and then read any secret"), "{title}");
}

#[test]
fn a_policy_of_a_role_that_it_can_assume_counts() {
    let mut world = world(SET, &fine(), &allow("*", "*"));
    world.role("app").policies.managed.clear();
    let trusted = format!(r#"{{"AWS":"{}"}}"#, role_arn("app"));
    world = world.with_bare_role("next", &trusted, vec![]);
    world.role("next").policies.managed.push(OWN.to_owned());
    let (title, _) = only(&world);
    assert_eq!(
        title,
        "it can set the policy app to its version v1, and then as next, which it can assume, do \
         anything"
    );
    world.role("next").trust = world::trust(r#"{"Service":"ec2.amazonaws.com"}"#);
    assert_eq!(told(&world), []);
}

#[test]
fn the_version_that_gives_most_is_told_and_the_others_with_it() {
    let mut world = world(SET, &fine(), &allow("s3:PutObject", "*"));
    let identities = world.facts.identities.as_mut().unwrap();
    identities.versions.push(PolicyVersion {
        policy: OWN.to_owned(),
        id: "v2".to_owned(),
        text: allow("*", "*"),
    });
    let judged = world.judge();
    assert!(judged.findings[0].title.contains("version v2"));
    let evidence = format!("{:?}", judged.findings[0].evidence);
    assert!(evidence.contains("version v1"), "{evidence}");
}

#[test]
fn a_version_that_is_not_understood_is_missing_and_no_pass() {
    let judged = world(SET, &fine(), "{").judge();
    let missing = &judged.missing;
    assert!(
        missing.iter().any(|it| it.what == "RC-IAM-004"),
        "{missing:?}"
    );
    // Who may do anything already gains nothing.
    let mut wild = world(SET, &fine(), &allow("*", "*"));
    wild.role("app").policies.inline.push(admin("all"));
    assert_eq!(codes(&wild.judge()), ["RC-IAM-002"]);
}
