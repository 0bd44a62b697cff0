//! Rules over small accounts. Each wrong answer of another tool that is known stands here by name.

mod accounts;
mod chains;
mod escalation;
mod keys;
mod peers;
mod policies;
mod power;
mod versions;
mod world;

use super::*;
use crate::{Severity, Verdict};
use world::{ACCOUNT, World, admin, allow, inline};

#[test]
fn an_instance_with_a_role_that_trusts_ec2_has_a_usable_role_and_no_finding() {
    let world = World::new().with_role("app", vec![]).with_instance("app");
    let judged = world.judge();
    assert_eq!(world::codes(&judged), Vec::<&str>::new());
    let report = &judged.instances[0];
    assert_eq!(report.role_usable, Verdict::Yes);
    assert!(
        matches!(report.keys_absent, Verdict::NotKnown(_)),
        "a pass without the host looked at"
    );
    assert!(matches!(report.role_needed, Verdict::NotKnown(_)));
}

#[test]
fn an_instance_without_a_profile_is_told_and_what_is_needed_is_not_known() {
    let judged = World::new().with_bare_instance().judge();
    assert_eq!(world::codes(&judged), ["RC-EC2-001"]);
    assert!(judged.instances[0].role_usable.is_no());
    let said = &judged.findings[0].evidence[1].said;
    assert!(said.starts_with("not known"), "{said}");
}

#[test]
fn a_profile_that_does_not_exist_gives_no_role() {
    let mut world = World::new().with_role("app", vec![]).with_instance("app");
    world.instance().profile = Some(format!("arn:aws:iam::{ACCOUNT}:instance-profile/gone"));
    assert!(world::codes(&world.judge()).contains(&"RC-EC2-002"));
}

#[test]
fn a_role_that_does_not_trust_ec2_is_not_usable() {
    let mut world = World::new().with_role("app", vec![]).with_instance("app");
    world.role("app").trust = world::trust(r#"{"Service":"lambda.amazonaws.com"}"#);
    let judged = world.judge();
    assert!(world::codes(&judged).contains(&"RC-EC2-003"));
    assert!(judged.instances[0].role_usable.is_no());
}

#[test]
fn a_role_that_trusts_ec2_under_a_condition_is_not_known_and_no_pass() {
    let mut world = World::new().with_role("app", vec![]).with_instance("app");
    world.role("app").trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
        "Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole",
        "Condition":{"StringEquals":{"aws:SourceArn":"arn:aws:ec2:::x"}}}]}"#
        .to_owned();
    let judged = world.judge();
    assert!(matches!(
        judged.instances[0].role_usable,
        Verdict::NotKnown(_)
    ));
    assert!(judged.missing.iter().any(|it| it.what == "role usable"));
}

#[test]
fn a_disabled_metadata_service_serves_no_role_and_is_no_defect() {
    let mut world = World::new().with_role("app", vec![]).with_instance("app");
    world.instance().metadata.endpoint = Some(false);
    world.instance().metadata.tokens = Some(Tokens::Optional);
    let judged = world.judge();
    assert_eq!(world::codes(&judged), Vec::<&str>::new());
    assert!(judged.instances[0].role_usable.is_no());
}

#[test]
fn without_identities_nothing_is_known_of_a_role() {
    let mut world = World::new().with_role("app", vec![]).with_instance("app");
    world.facts.identities = None;
    let judged = world.judge();
    assert!(matches!(
        judged.instances[0].role_usable,
        Verdict::NotKnown(_)
    ));
    assert!(!judged.missing.is_empty());
}

#[test]
fn hops_count_only_where_tokens_are_required() {
    let mut world = World::new().with_role("app", vec![]).with_instance("app");
    world.instance().metadata.hop_limit = Some(2);
    let judged = world.judge();
    assert_eq!(world::codes(&judged), ["RC-EC2-005"]);
    assert_eq!(judged.findings[0].severity, Severity::Low);

    world.instance().metadata.tokens = Some(Tokens::Optional);
    let judged = world.judge();
    assert_eq!(world::codes(&judged), ["RC-EC2-004"]);
    let evidence = &judged.findings[0].evidence;
    assert!(
        evidence
            .iter()
            .any(|it| it.said.contains("limits nothing while tokens are optional"))
    );
}

#[test]
fn optional_tokens_weigh_less_where_there_are_no_credentials_to_take() {
    let mut world = World::new().with_bare_instance();
    world.instance().metadata.tokens = Some(Tokens::Optional);
    let judged = world.judge();
    let finding = judged.findings.iter();
    let finding = finding
        .filter(|it| it.rule.code == "RC-EC2-004")
        .collect::<Vec<_>>();
    assert_eq!(finding[0].severity, Severity::Medium);
}

#[test]
fn a_key_in_user_data_is_told_and_says_that_a_role_is_needed() {
    let mut world = World::new().with_role("app", vec![]).with_instance("app");
    let text = b"#!/bin/sh\nexport AWS_ACCESS_KEY_ID=AKIAY34FZKBOKMUTVV7A\n";
    let found = crate::keys::scan(text);
    assert_eq!(found.len(), 1);
    world.instance().user_data = UserData::Searched(found);
    let judged = world.judge();
    assert_eq!(world::codes(&judged), ["RC-EC2-012", "RC-EC2-013"]);
    assert!(judged.findings[0].title.contains("of account 609629065308"));
    assert!(judged.instances[0].role_needed.is_yes());
    assert!(judged.instances[0].keys_absent.is_no());
}

#[test]
fn a_region_without_a_default_is_told_only_where_it_matters() {
    let mut world = World::new().with_role("app", vec![]).with_instance("app");
    world.region().metadata_defaults = Some(MetadataOptions::default());
    assert_eq!(world::codes(&world.judge()), ["RC-EC2-006"]);
    world.region().instances = Some(Vec::new());
    world.facts.all_regions = false;
    assert_eq!(world::codes(&world.judge()), Vec::<&str>::new());
}

#[test]
fn a_launch_configuration_is_judged_as_it_stands() {
    let configuration = |tokens, hop_limit| LaunchConfiguration {
        name: "old".to_owned(),
        arn: "arn:aws:autoscaling:::launchConfiguration:1:launchConfigurationName/old".to_owned(),
        image: None,
        profile: Some("app".to_owned()),
        metadata: MetadataOptions {
            tokens,
            hop_limit,
            ..MetadataOptions::default()
        },
        user_data: UserData::NotRead,
    };
    for (tokens, hops, told) in [
        (Some(Tokens::Required), Some(1), None),
        (Some(Tokens::Required), Some(2), Some("RC-EC2-011")),
        (Some(Tokens::Optional), Some(2), Some("RC-EC2-010")),
    ] {
        let mut world = World::new().with_role("app", vec![]);
        world.region().configurations = Some(vec![configuration(tokens, hops)]);
        let expected: Vec<&str> = told.into_iter().collect();
        assert_eq!(world::codes(&world.judge()), expected);
    }
}

#[test]
fn an_unused_profile_is_told_only_if_every_region_was_read() {
    let mut world = World::new().with_role("app", vec![]);
    assert_eq!(world::codes(&world.judge()), ["RC-IAM-008"]);
    world.facts.all_regions = false;
    assert_eq!(world::codes(&world.judge()), Vec::<&str>::new());
    world.facts.all_regions = true;
    world.region().templates = None;
    assert_eq!(world::codes(&world.judge()), Vec::<&str>::new());
}

/// What `--record` writes is what `--from` judges.
#[test]
fn facts_are_the_same_after_they_were_written_down() {
    let mut world = World::new()
        .with_role("app", vec![admin("p")])
        .with_instance("app")
        .with_secret("plain", None)
        .with_secret("guarded", Some("{}"));
    world.region().secrets.as_mut().unwrap()[1].policy = ResourcePolicy::NotRead;
    let before = world.judge();
    let text = serde_json::to_string(&world.facts).unwrap();
    world.facts = serde_json::from_str(&text).unwrap();
    let after = world.judge();
    assert_eq!(before.findings, after.findings);
    assert_eq!(before.missing, after.missing);
    assert_eq!(before.missing.len(), 1, "{before:?}");
}

#[test]
fn trust_in_everybody_and_in_another_account() {
    let mut world = World::new().with_role("app", vec![]).with_instance("app");
    world.role("app").trust =
        world::trust(r#"{"Service":"ec2.amazonaws.com","AWS":"arn:aws:iam::999999999999:root"}"#);
    assert_eq!(world::codes(&world.judge()), ["RC-IAM-006"]);
    world.role("app").trust = world::trust(r#""*""#);
    let codes = world::codes(&world.judge());
    assert!(codes.contains(&"RC-IAM-005"), "{codes:?}");
    assert!(!codes.contains(&"RC-IAM-006"), "{codes:?}");
}

#[test]
fn another_account_with_an_external_id_is_as_it_should_be() {
    let mut world = World::new().with_role("vendor", vec![]);
    world.facts.all_regions = false;
    world.role("vendor").trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
        "Principal":{"AWS":"arn:aws:iam::999999999999:root"},"Action":"sts:AssumeRole",
        "Condition":{"StringEquals":{"sts:ExternalId":"x"}}}]}"#
        .to_owned();
    assert_eq!(world::codes(&world.judge()), Vec::<&str>::new());
}

#[test]
fn an_instances_role_that_is_also_somebody_elses() {
    for principal in [
        r#"{"Service":["ec2.amazonaws.com","lambda.amazonaws.com"]}"#,
        r#"{"Service":"ec2.amazonaws.com","AWS":"arn:aws:iam::123456789012:root"}"#,
        r#"{"Service":"ec2.amazonaws.com","AWS":"arn:aws:iam::123456789012:role/ci"}"#,
    ] {
        let mut world = World::new().with_role("app", vec![]).with_instance("app");
        world.role("app").trust = world::trust(principal);
        assert_eq!(world::codes(&world.judge()), ["RC-IAM-007"], "{principal}");
    }
}

#[test]
fn a_policy_that_is_not_understood_is_missing_and_no_pass() {
    let mut world = World::new()
        .with_role("app", vec![inline("p", "{\"Version\":\"2012-10-17\"}")])
        .with_instance("app");
    let judged = world.judge();
    assert!(judged.missing.iter().any(|it| it.what == "permissions"));
    assert!(
        judged
            .missing
            .iter()
            .any(|it| it.what == "effective access")
    );
    world.role("app").policies.inline = vec![admin("p")];
    assert!(world.judge().missing.is_empty());
    let _ = allow("s3:GetObject", "*");
}
