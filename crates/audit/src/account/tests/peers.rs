//! What other tools answer wrongly, as tests that we do not. The letters are those of one list:
//! Prowler 5.46.0 against a seeded account, and Powerpipe's AWS compliance mod as it is written.

use super::*;
use world::{codes, inline};

fn template(version: i64, metadata: MetadataOptions) -> LaunchTemplateVersion {
    LaunchTemplateVersion {
        id: "lt-1".to_owned(),
        name: "web".to_owned(),
        version,
        is_default: version == 1,
        is_latest: version == 2,
        image: None,
        profile: None,
        metadata,
        user_data: UserData::NotRead,
    }
}

fn tokens(tokens: Tokens) -> MetadataOptions {
    MetadataOptions {
        tokens: Some(tokens),
        hop_limit: Some(1),
        ..MetadataOptions::default()
    }
}

/// A world whose region has no default, so that what is unset is optional.
fn undecided() -> World {
    let mut world = World::new();
    world.region().metadata_defaults = Some(MetadataOptions::default());
    world
}

#[test]
fn a_profile_that_holds_no_role_does_not_pass() {
    let world = World::new()
        .with_profile("empty", None)
        .with_instance("empty");
    let judged = world.judge();
    assert_eq!(codes(&judged), ["RC-EC2-002"]);
    assert!(judged.instances[0].role_usable.is_no());
}

#[test]
fn b_a_template_without_metadata_options_is_not_one_that_disables_the_service() {
    let mut world = undecided();
    world.region().templates = Some(vec![template(1, MetadataOptions::default())]);
    let judged = world.judge();
    assert_eq!(codes(&judged), ["RC-EC2-007"]);
    let decided = judged.findings[0].decided.as_ref().unwrap();
    assert_eq!(decided.layer, "AWS default");
}

#[test]
fn b_unless_the_accounts_default_or_the_image_requires_tokens() {
    let mut world = World::new();
    world.region().templates = Some(vec![template(1, MetadataOptions::default())]);
    assert_eq!(codes(&world.judge()), Vec::<&str>::new());

    let mut world = undecided();
    let mut version = template(1, MetadataOptions::default());
    version.image = Some("ami-1".to_owned());
    world.region().templates = Some(vec![version]);
    world.region().images = Some(vec![Image {
        id: "ami-1".to_owned(),
        imds_v2: true,
    }]);
    let judged = world.judge();
    assert_eq!(codes(&judged), ["RC-EC2-008"], "v2.0 sets two hops itself");
}

#[test]
fn c_a_later_version_that_nobody_launches_mends_nothing() {
    let mut world = undecided();
    world.region().templates = Some(vec![
        template(1, tokens(Tokens::Optional)),
        template(2, tokens(Tokens::Required)),
    ]);
    let judged = world.judge();
    assert_eq!(codes(&judged), ["RC-EC2-007"]);
    assert!(judged.findings[0].subject.id.ends_with("lt-1:1"));
}

#[test]
fn c_nor_is_a_version_told_that_is_neither_default_nor_in_use() {
    let mut world = undecided();
    world.region().templates = Some(vec![
        template(1, tokens(Tokens::Required)),
        template(2, tokens(Tokens::Optional)),
    ]);
    assert_eq!(codes(&world.judge()), Vec::<&str>::new());
}

#[test]
fn a_group_is_judged_by_the_version_it_launches() {
    for (asked, told) in [("$Latest", true), ("2", true), ("$Default", false)] {
        let mut world = World::new().with_role("app", vec![]);
        let mut first = template(1, tokens(Tokens::Required));
        first.profile = Some("app".to_owned());
        let second = template(2, tokens(Tokens::Optional));
        world.region().templates = Some(vec![first, second]);
        world.region().groups = Some(vec![ScalingGroup {
            name: "web".to_owned(),
            arn: "arn:aws:autoscaling:eu-central-1:123456789012:autoScalingGroup:1:x".to_owned(),
            launches: vec![Fleet::Template(TemplateRef {
                template: "lt-1".to_owned(),
                version: asked.to_owned(),
            })],
            size: 0,
        }]);
        let judged = world.judge();
        let expected: &[&str] = if told {
            &["RC-EC2-007", "RC-EC2-009"]
        } else {
            &[]
        };
        assert_eq!(codes(&judged), expected, "{asked}");
    }
}

#[test]
fn a_group_whose_version_was_not_read_is_missing_and_no_pass() {
    let mut world = World::new();
    world.region().groups = Some(vec![ScalingGroup {
        name: "web".to_owned(),
        arn: "arn:aws:autoscaling:::x".to_owned(),
        launches: vec![Fleet::Template(TemplateRef {
            template: "lt-9".to_owned(),
            version: "7".to_owned(),
        })],
        size: 1,
    }]);
    let judged = world.judge();
    assert_eq!(judged.missing.len(), 1);
    assert!(judged.missing[0].why.contains("version 7"), "{judged:?}");
}

#[test]
fn d_an_instance_role_with_administrator_access_is_told_by_its_own_name() {
    let arn = "arn:aws:iam::aws:policy/AdministratorAccess";
    let mut world = World::new().with_role("app", vec![]).with_instance("app");
    world.role("app").policies.managed = vec![arn.to_owned()];
    let identities = world.facts.identities.as_mut().unwrap();
    identities
        .managed
        .push(inline(arn, &world::allow("*", "*")));
    let judged = world.judge();
    assert_eq!(codes(&judged), ["RC-IAM-002"]);
    assert_eq!(judged.findings[0].subject.id, world::role_arn("app"));
    let by = &judged.findings[0].decided.as_ref().unwrap().by;
    assert!(by.contains(arn), "{by}");
}

#[test]
fn e_any_secret_by_an_inline_policy_of_an_instance_role_is_told() {
    let text = world::allow("secretsmanager:GetSecretValue", "*");
    let world = World::new()
        .with_role("app", vec![inline("secrets", &text)])
        .with_instance("app");
    let judged = world.judge();
    assert_eq!(codes(&judged), ["RC-IAM-003"]);
    let by = &judged.findings[0].decided.as_ref().unwrap().by;
    assert!(by.contains("inline policy secrets"), "{by}");
}

#[test]
fn f_what_writes_itself_a_policy_does_not_pass() {
    let text = world::allow("iam:PutRolePolicy", "*");
    let world = World::new()
        .with_role("app", vec![inline("iam", &text)])
        .with_instance("app");
    let judged = world.judge();
    assert_eq!(codes(&judged), ["RC-IAM-004"]);
    assert_eq!(judged.findings[0].title, "it can write itself a policy");
}

#[test]
fn g_the_hop_limit_is_looked_at_on_running_instances() {
    let mut world = World::new().with_role("app", vec![]).with_instance("app");
    world.instance().metadata.hop_limit = Some(3);
    let judged = world.judge();
    assert_eq!(codes(&judged), ["RC-EC2-005"]);
    assert_eq!(judged.findings[0].severity, Severity::Medium);
}

/// Powerpipe reads the actions of the trust policy where it asks for permissions, so its control
/// on exposed credentials (`sts:assumerole` is in its list) alarms on every instance role.
#[test]
fn a_trust_policys_action_is_no_permission() {
    let world = World::new().with_role("app", vec![]).with_instance("app");
    assert_eq!(codes(&world.judge()), Vec::<&str>::new());
}

/// Prowler's confused-deputy check fails every role that trusts EC2 plainly.
#[test]
fn trusting_ec2_plainly_is_as_it_should_be() {
    let world = World::new().with_role("app", vec![]).with_instance("app");
    assert!(world.judge().findings.is_empty());
}

/// Cloudsplaining took no notice of Deny for long.
#[test]
fn a_deny_counts() {
    let text = r#"{"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":"secretsmanager:*","Resource":"*"},
        {"Effect":"Deny","Action":"secretsmanager:GetSecretValue","Resource":"*"}]}"#;
    let world = World::new()
        .with_role("app", vec![inline("p", text)])
        .with_instance("app");
    assert_eq!(codes(&world.judge()), Vec::<&str>::new());
}

/// 307 managed policies are named *FullAccess; three read any secret.
#[test]
fn a_name_is_no_permission() {
    let text = world::allow("s3:ListAllMyBuckets", "*");
    let world = World::new()
        .with_role("app", vec![inline("SecretsManagerFullAccess", &text)])
        .with_instance("app");
    assert_eq!(codes(&world.judge()), Vec::<&str>::new());
}
