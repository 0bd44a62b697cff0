//! What is known of users and roles, and what is not taken for nothing.

use super::*;
use crate::known::State;

const ROLE: &str = "arn:aws:iam::123456789012:role/path/app";
const USER: &str = "arn:aws:iam::123456789012:user/ann";
const KEY: &str = "arn:aws:kms:us-east-1:123456789012:key/1";
const SECRET: &str = "arn:aws:secretsmanager:us-east-1:123456789012:secret:s-AbCdEf";
const MANAGED: &str = "arn:aws:iam::123456789012:policy/p";
const ALLOW: &str = r#"{"Version":"2012-10-17","Statement":[
    {"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
const OF_RESOURCE: &str = r#"{"Version":"2012-10-17","Statement":[
    {"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}"#;
const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[
    {"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;

fn user() -> Entity {
    Entity {
        arn: USER.into(),
        unique_id: Some("AIDAEXAMPLEEXAMPLE01".into()),
        tags: vec![("team".into(), "blue".into())],
        attachments: Attachments::default(),
        groups: Vec::new(),
        boundary: None,
        trust: None,
    }
}

fn role() -> Entity {
    Entity {
        arn: ROLE.into(),
        trust: Some(Document::read("trust policy", TRUST, Kind::Trust)),
        ..user()
    }
}

fn names<'a>(held: &Held<'a>) -> Vec<&'a str> {
    held.identity.iter().map(|applied| applied.name).collect()
}

#[test]
fn policies_are_its_own_and_those_of_its_groups() {
    let mut details = AuthorizationDetails::new();
    details.add_managed_policy(MANAGED, ALLOW);
    let inline = |name: &str| Attachments {
        managed: vec![MANAGED.into()],
        inline: vec![Document::read(name, ALLOW, Kind::Identity)],
    };
    details.add_group("g", inline("of g"));
    let entity = Entity {
        attachments: inline("own"),
        groups: vec!["g".into()],
        boundary: Some(MANAGED.into()),
        ..user()
    };

    let held = details.held(&entity).unwrap();

    assert_eq!(names(&held), [MANAGED, "own", MANAGED, "of g"]);
    assert_eq!(held.boundary.map(|applied| applied.name), Some(MANAGED));
}

#[test]
fn what_is_not_known_is_no_empty_policy() {
    let details = AuthorizationDetails::new();
    let attached = |attachments| Entity {
        attachments,
        ..user()
    };
    let managed = attached(Attachments {
        managed: vec![MANAGED.into()],
        inline: Vec::new(),
    });
    let broken = attached(Attachments {
        managed: Vec::new(),
        inline: vec![Document::read("own", "{}", Kind::Identity)],
    });
    let grouped = Entity {
        groups: vec!["g".into()],
        ..user()
    };
    let bounded = Entity {
        boundary: Some(MANAGED.into()),
        ..user()
    };

    let error = |entity: &Entity| details.held(entity).unwrap_err();
    assert_eq!(error(&managed), missing(MANAGED));
    assert_eq!(error(&grouped), missing("g"));
    assert_eq!(error(&bounded), missing(MANAGED));
    let told = "own cannot be understood: Missing required field Statement at line 1, column 1";
    assert_eq!(error(&broken).to_string(), told);
}

/// As `ReadOnlyAccess` is.
#[test]
fn a_policy_of_awss_own_may_be_longer_than_any_quota() {
    let text = |actions: usize| {
        let actions = vec!["\"s3:Get*\""; actions].join(",");
        ALLOW.replacen("\"*\"", &format!("[{actions}]"), 1)
    };
    let held = |text: &str| {
        let mut details = AuthorizationDetails::new();
        details.add_managed_policy(MANAGED, text);
        let attachments = Attachments {
            managed: vec![MANAGED.into()],
            inline: Vec::new(),
        };
        let entity = Entity {
            attachments,
            ..user()
        };
        details.held(&entity).map(|held| held.identity.len())
    };
    let long = text(20_000);

    let error = Policy::parse(&long, Kind::Identity).unwrap_err();
    assert!(
        error.message.contains("longer than 131072 bytes"),
        "{error}"
    );
    assert_eq!(held(&long), Ok(1));
    assert!(held(&text(120_000)).is_err());
}

#[test]
fn an_unreadable_policy_of_the_organization_is_told() {
    let mut details = AuthorizationDetails::new();
    let read = |kind| vec![Document::read("p", ALLOW, kind)];
    details.add_service_control_level(read(Kind::ServiceControl));
    details.add_resource_control_level(read(Kind::ResourceControl));

    let levels = details.service_control().unwrap();
    let names = |level: &Vec<Applied<'_>>| level.iter().map(|it| it.name.to_owned()).collect();
    let names: Vec<Vec<String>> = levels.iter().map(names).collect();
    assert_eq!(names, [["p"]]);
    assert!(details.resource_control().is_err());
}

#[test]
fn a_session_is_found_by_the_name_of_its_role() {
    let mut details = AuthorizationDetails::new();
    details.add_entity(role());
    details.add_entity(user());
    let found = |arn: &str| details.entity(arn).map(|entity| &*entity.arn);

    let all: Vec<&str> = details.entities().map(|entity| &*entity.arn).collect();
    assert_eq!(all, [ROLE, USER]);
    assert_eq!(found(USER), Some(USER));
    assert_eq!(
        found("arn:aws:sts::123456789012:assumed-role/app/s"),
        Some(ROLE)
    );
    for arn in [
        "arn:aws:sts::123456789012:assumed-role/app/",
        "arn:aws:sts::123456789012:assumed-role/app",
        "arn:aws:sts::123456789012:assumed-role/ann/s",
        "arn:aws:sts::999999999999:assumed-role/app/s",
        "arn:aws:iam::123456789012:role/app",
        "",
    ] {
        assert_eq!(found(arn), None, "{arn}");
    }
}

#[test]
fn a_role_and_a_key_need_their_own_policy() {
    let mut details = AuthorizationDetails::new();
    details.add_entity(role());
    details.add_entity(user());
    let assume = "sts:AssumeRole";
    let rule = |details: &AuthorizationDetails, action: &str, resource: &str| {
        let rule = details.rule(action, resource);
        rule.map(|rule| match rule {
            ResourceRule::None => "none",
            ResourceRule::Sufficient(_) => "sufficient",
            ResourceRule::Required(Some(_)) => "required",
            ResourceRule::Required(None) => "nobody",
        })
    };

    assert_eq!(rule(&details, assume, ROLE), Ok("required"));
    assert_eq!(rule(&details, "iam:GetRole", ROLE), Ok("none"));
    assert_eq!(
        rule(&details, "secretsmanager:GetSecretValue", SECRET),
        Ok("none")
    );
    // Users, aliases and sessions have no policy of their own.
    for resource in [USER, "arn:aws:sts::123456789012:federated-user/role/x", "*"] {
        assert_eq!(rule(&details, assume, resource), Ok("none"), "{resource}");
    }
    for resource in [
        "arn:aws:kms:us-east-1:123456789012:alias/a",
        "arn:aws:s3:us-east-1:123456789012:key/1",
    ] {
        assert_eq!(rule(&details, "kms:Decrypt", resource), Ok("none"));
    }
    assert!(!details.has_resource_policy(SECRET));
    let other = "arn:aws:iam::999999999999:role/app";
    assert!(rule(&details, assume, other).is_err());
    assert!(rule(&details, "kms:Decrypt", KEY).is_err());
    details.add_resource_policy(KEY, OF_RESOURCE);
    details.add_resource_policy(SECRET, OF_RESOURCE);
    assert!(details.has_resource_policy(SECRET));
    assert_eq!(rule(&details, "kms:Decrypt", KEY), Ok("required"));
    assert_eq!(
        rule(&details, "secretsmanager:GetSecretValue", SECRET),
        Ok("sufficient")
    );
    details.add_resource_policy(KEY, "{}");
    assert!(rule(&details, "kms:Decrypt", KEY).is_err());
}

#[test]
fn users_and_sessions_differ_in_what_is_known_of_them() {
    let (user, role) = (user().context(), role().context());
    assert_eq!(user.single("aws:username"), Some("ann"));
    assert_eq!(user.single("aws:userid"), Some("AIDAEXAMPLEEXAMPLE01"));
    assert_eq!(user.single("aws:principaltag/team"), Some("blue"));
    assert_eq!(role.single("aws:principalarn"), Some(ROLE));
    assert_eq!(role.single("aws:principaltype"), Some("AssumedRole"));
    assert_eq!(role.single("aws:username"), None);
    assert_eq!(role.single("aws:userid"), None);
}

#[test]
fn tags_are_known_of_users_alone() {
    let (user, role) = (user().known(), role().known());
    let tag = "aws:principaltag/team";
    assert_eq!(user.context().single(tag), Some("blue"));
    assert_eq!(user.context().single("aws:username"), Some("ann"));
    assert_eq!(user.state("aws:principaltag/other"), State::Known);
    assert_eq!(role.context().single("aws:principalarn"), Some(ROLE));
    assert_eq!(role.context().single(tag), None);
    assert_eq!(role.state(tag), State::Unknown);
}
