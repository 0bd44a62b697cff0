//! Roles that assume roles, and grants of keys: what is read, and what is told of it.

use super::*;
use world::{allow, codes, inline, role_arn, secret_arn};

fn assumes(roles: &[&str]) -> Vec<NamedText> {
    let policy = |role: &&str| inline(role, &allow("sts:AssumeRole", &role_arn(role)));
    roles.iter().map(policy).collect()
}

fn reads(secret: &str) -> Vec<NamedText> {
    let text = allow("secretsmanager:GetSecretValue", &secret_arn(secret));
    vec![inline("read", &text)]
}

fn named(role: &str) -> String {
    format!(r#"{{"AWS":"{}"}}"#, role_arn(role))
}

/// An instance whose role may assume `next`, which trusts this.
fn chain(trusted: &str, policies: Vec<NamedText>) -> World {
    World::new()
        .with_role("app", assumes(&["next"]))
        .with_instance("app")
        .with_secret("db", None)
        .with_bare_role("next", trusted, policies)
}

#[test]
fn a_secret_is_read_through_a_role_that_may_be_assumed() {
    for trusted in [
        named("app"),
        format!(r#"{{"AWS":"arn:aws:iam::{ACCOUNT}:root"}}"#),
    ] {
        let judged = chain(&trusted, reads("db")).judge();
        assert_eq!(judged.missing, []);
        let [secret] = judged.access[0].secrets.as_slice() else {
            panic!("{:?}", judged.access);
        };
        assert_eq!(secret.through, [role_arn("next")]);
        assert_eq!(codes(&judged), Vec::<&str>::new());
    }
}

#[test]
fn trust_alone_to_the_account_and_a_policy_alone_are_no_chain() {
    let mut no_policy = chain(
        &format!(r#"{{"AWS":"arn:aws:iam::{ACCOUNT}:root"}}"#),
        reads("db"),
    );
    no_policy.role("app").policies.inline.clear();
    let other = chain(&named("somebody-else"), reads("db"));
    let service = chain(r#"{"Service":"lambda.amazonaws.com"}"#, reads("db"));
    let mut denied = chain(&named("app"), reads("db"));
    let deny = allow("sts:*", "*").replace("Allow", "Deny");
    denied
        .role("app")
        .policies
        .inline
        .push(inline("deny", &deny));
    for world in [no_policy, other, service, denied] {
        assert_eq!(world.judge().access[0].secrets, []);
    }
}

#[test]
fn a_condition_on_the_way_is_told_with_the_access() {
    let mut world = chain(&named("app"), reads("db"));
    world.role("next").trust = world::trust(&named("app")).replace(
        r#""Action""#,
        r#""Condition":{"StringEquals":{"sts:ExternalId":"x"}},"Action""#,
    );
    let judged = world.judge();
    let conditions = judged.access[0].secrets[0].conditions.join("; ");
    assert!(conditions.contains("sts:ExternalId"), "{conditions}");
}

#[test]
fn longer_chains_are_followed_and_loops_end() {
    let world = chain(&named("app"), assumes(&["app", "last", "next"])).with_bare_role(
        "last",
        &named("next"),
        reads("db"),
    );
    let mut looped = world;
    looped.role("app").trust = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"sts:AssumeRole",
        "Principal":{{"Service":"ec2.amazonaws.com","AWS":"{}"}}}}]}}"#,
        role_arn("next")
    );
    let judged = looped.judge();
    let through = &judged.access[0].secrets[0].through;
    assert_eq!(*through, [role_arn("next"), role_arn("last")]);
}

#[test]
fn chains_have_an_end() {
    let mut world = World::new()
        .with_role("app", assumes(&["r0"]))
        .with_instance("app")
        .with_secret("db", None);
    let mut before = "app".to_owned();
    for number in 0..8 {
        let (name, next) = (format!("r{number}"), format!("r{}", number + 1));
        let mut policies = assumes(&[&next]);
        // What is read five links away is told, what is six away is not.
        if number == 5 {
            policies.extend(reads("db"));
        }
        world = world.with_bare_role(&name, &named(&before), policies);
        before = name;
    }
    assert_eq!(world.judge().access[0].secrets, []);
    world.role("r4").policies.inline.extend(reads("db"));
    assert_eq!(world.judge().access[0].secrets[0].through.len(), 5);
}

#[test]
fn an_administrator_at_the_end_of_a_chain_is_told_once() {
    let world = chain(&named("app"), vec![world::admin("all")]).with_bare_role(
        "beyond",
        &format!(r#"{{"AWS":"arn:aws:iam::{ACCOUNT}:root"}}"#),
        vec![world::admin("all")],
    );
    let judged = world.judge();
    assert_eq!(codes(&judged), ["RC-IAM-004"]);
    let finding = &judged.findings[0];
    assert_eq!(
        finding.title,
        "it can assume next, and then: it may do anything"
    );
    assert_eq!(finding.severity, Severity::High);
    assert!(finding.evidence[0].source.contains("sts:AssumeRole on"));
}

#[test]
fn a_role_that_gives_itself_more_or_reads_all_at_the_end_of_a_chain() {
    let writes = vec![inline("p", &allow("iam:PutRolePolicy", "*"))];
    let judged = chain(&named("app"), writes).judge();
    assert_eq!(codes(&judged), ["RC-IAM-004"]);
    assert!(
        judged.findings[0]
            .title
            .ends_with("and then write itself a policy")
    );
    let all = vec![inline("p", &allow("secretsmanager:GetSecretValue", "*"))];
    let judged = chain(&named("app"), all).judge();
    assert_eq!(codes(&judged), ["RC-IAM-003"]);
}

const KEY: &str = "arn:aws:kms:eu-central-1:123456789012:key/0a11ce00-0000-0000-0000-000000000001";

/// A secret under a key that lets nobody but by this grant.
fn under_grant(context: &[(&str, &str)], is_whole: bool, grantee: String) -> World {
    let mut world = World::new()
        .with_role("app", reads("db"))
        .with_instance("app")
        .with_secret("db", None);
    world.region().secrets.as_mut().unwrap()[0].key = Some(KEY.to_owned());
    let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    world.region().keys = vec![Key {
        arn: KEY.to_owned(),
        policy: Some(
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":
            {"AWS":"arn:aws:iam::123456789012:user/keeper"},"Action":"kms:*","Resource":"*"}]}"#
                .to_owned(),
        ),
        aws_managed: false,
        grants: Some(vec![Grant {
            id: "g1".to_owned(),
            grantee,
            context: context.iter().map(pair).collect(),
            is_whole,
        }]),
    }];
    world
}

#[test]
fn a_grant_unlocks_a_secret() {
    let secret = secret_arn("db");
    for (context, is_whole, conditional) in [
        (vec![], false, false),
        (vec![("SecretARN", secret.as_str())], false, false),
        (
            vec![("SecretARN", secret.as_str()), ("SecretVersionId", "v")],
            true,
            true,
        ),
    ] {
        let judged = under_grant(&context, is_whole, role_arn("app")).judge();
        assert_eq!(judged.missing, []);
        let found = &judged.access[0].secrets[0];
        assert!(found.key_statements[0].contains("grant g1"), "{found:?}");
        assert_eq!(!found.conditions.is_empty(), conditional, "{found:?}");
    }
}

#[test]
fn a_grant_to_somebody_else_or_for_something_else_unlocks_nothing() {
    let secret = secret_arn("db");
    let other = secret_arn("other");
    for (context, is_whole, grantee) in [
        (vec![], false, role_arn("other")),
        (vec![("SecretARN", other.as_str())], false, role_arn("app")),
        // The context has a version besides.
        (vec![("SecretARN", secret.as_str())], true, role_arn("app")),
        (vec![], false, "AROAGONE00000000000".to_owned()),
    ] {
        let judged = under_grant(&context, is_whole, grantee).judge();
        assert_eq!(judged.access[0].secrets, [], "{context:?}");
    }
}

#[test]
fn a_denial_has_precedence_over_a_grant_and_unread_grants_are_missing() {
    let mut world = under_grant(&[], false, role_arn("app"));
    let deny = allow("kms:Decrypt", "*").replace("Allow", "Deny");
    world
        .role("app")
        .policies
        .inline
        .push(inline("deny", &deny));
    assert_eq!(world.judge().access[0].secrets, []);
    world.region().keys[0].grants = None;
    assert!(!world.judge().missing.is_empty());
}
