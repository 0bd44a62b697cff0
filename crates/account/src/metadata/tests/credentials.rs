//! Credentials: good at once, rotated in time, and gone with the role.

use std::collections::BTreeSet;

use super::*;
use crate::testing::policy;

/// The credentials document, and the credentials in it.
fn credentials(world: &World, token: Option<&str>) -> (serde_json::Value, Credentials) {
    let headers: Vec<(&str, &str)> = token.map(|token| (TOKEN, token)).into_iter().collect();
    let path = format!("{ROLES}{}", sample::ROLE);
    let response = ask(world, "GET", &path, &headers).response;
    assert_eq!(response.status(), 200);
    let read: serde_json::Value = serde_json::from_slice(response.body()).unwrap();
    let text = |name: &str| read[name].as_str().unwrap_or_default().to_owned();
    let credentials = Credentials {
        access_key_id: text("AccessKeyId"),
        secret_access_key: Secret::from_text(text("SecretAccessKey")),
        session_token: Some(Secret::from_text(text("Token"))),
    };
    (read, credentials)
}

fn read_secret(world: &mut World, caller: &Credentials) -> bool {
    let input = texts(&[("SecretId", sample::SECRET)]);
    world
        .call(caller, "secretsmanager", "GetSecretValue", &input)
        .is_ok()
}

#[test]
fn credentials_are_good_at_once() {
    let mut world = World::new();
    let token = token(&world);
    let (document, credentials) = credentials(&world, Some(&token));
    let names: BTreeSet<&str> = document
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let expect = [
        "AccessKeyId",
        "Code",
        "Expiration",
        "LastUpdated",
        "SecretAccessKey",
        "Token",
        "Type",
    ];
    assert_eq!(names, BTreeSet::from(expect));
    assert_eq!(document["Code"], "Success");
    assert_eq!(document["Type"], "AWS-HMAC");
    assert!(
        document["AccessKeyId"]
            .as_str()
            .unwrap()
            .starts_with("ASIA")
    );

    let own = world
        .call(&credentials, "sts", "GetCallerIdentity", &Record::new())
        .unwrap();
    let arn = format!(
        "arn:aws:sts::123456789012:assumed-role/{}/{}",
        sample::ROLE,
        world.instance_id()
    );
    assert_eq!(own.text("Arn"), Some(&*arn));
    assert!(read_secret(&mut world, &credentials));
    assert!(
        world
            .call(&credentials, "iam", "ListRoles", &Record::new())
            .is_err()
    );
}

#[test]
fn how_credentials_were_delivered_can_be_demanded() {
    let mut world = World::new();
    set(&mut world, &[("HttpTokens", "optional")]);
    let deny = crate::testing::statements(
        r#"{"Effect":"Deny","Action":"*","Resource":"*",
            "Condition":{"StringNotEquals":{"ec2:RoleDelivery":"2.0"}}}"#,
    );
    let input = texts(&[
        ("RoleName", sample::ROLE),
        ("PolicyName", "v2"),
        ("PolicyDocument", &deny),
    ]);
    world.admin("iam", "PutRolePolicy", &input).unwrap();
    let token = token(&world);
    let (_, first) = credentials(&world, None);
    let (_, second) = credentials(&world, Some(&token));

    assert_ne!(first.access_key_id, second.access_key_id);
    assert!(!read_secret(&mut world, &first));
    assert!(read_secret(&mut world, &second));
}

#[test]
fn where_credentials_were_delivered_can_be_demanded() {
    let mut world = World::new();
    let id = world.instance_id();
    let token = token(&world);
    let (_, credentials) = credentials(&world, Some(&token));
    for (value, may) in [(&*id, true), ("i-00000000000000000", false)] {
        let deny = crate::testing::statements(&format!(
            r#"{{"Effect":"Deny","Action":"*","Resource":"*","Condition":{{"StringNotEquals":
                {{"ec2:SourceInstanceARN":
                "arn:aws:ec2:us-east-1:123456789012:instance/{value}"}}}}}}"#
        ));
        let input = texts(&[
            ("RoleName", sample::ROLE),
            ("PolicyName", "here"),
            ("PolicyDocument", &deny),
        ]);
        world.admin("iam", "PutRolePolicy", &input).unwrap();
        assert_eq!(read_secret(&mut world, &credentials), may, "{value}");
    }
}

#[test]
fn credentials_rotate_with_an_hour_left() {
    let mut world = World::new();
    let mut seen = std::collections::BTreeMap::new();
    for at in (0..3 * 86_400).step_by(599) {
        world.now = seconds(at);
        let (document, credentials) = credentials(&world, Some(&token(&world)));
        let moment =
            |name: &str| -> jiff::Timestamp { document[name].as_str().unwrap().parse().unwrap() };
        let left = moment("Expiration").duration_since(world.now);
        assert!(
            left >= jiff::SignedDuration::from_hours(1),
            "{left} at {at}"
        );
        assert!(
            left <= jiff::SignedDuration::from_hours(6),
            "{left} at {at}"
        );
        assert!(moment("LastUpdated") <= world.now);
        // Within a slot the document does not change.
        let known = seen
            .entry(credentials.access_key_id)
            .or_insert(document.clone());
        assert_eq!(*known, document);
    }
    assert!((15..=16).contains(&seen.len()), "{}", seen.len());
}

#[test]
fn a_change_of_the_role_is_visible_at_once() {
    let mut world = World::new();
    let token = token(&world);
    let path = format!("{ROLES}{}", sample::ROLE);
    let (_, before) = credentials(&world, Some(&token));
    let profile = "ec2-secrets-manager-profile";
    let members = [("InstanceProfileName", profile), ("RoleName", sample::ROLE)];
    world
        .admin("iam", "RemoveRoleFromInstanceProfile", &texts(&members))
        .unwrap();
    assert_eq!(get(&world, ROLES).0, 404);
    assert_eq!(get(&world, &path).0, 404);

    let trust = world.state.role(sample::ROLE).unwrap().role.trust.clone();
    world.role("other", &trust, &policy("Deny", "s3:*", "*"));
    let members = [("InstanceProfileName", profile), ("RoleName", "other")];
    world
        .admin("iam", "AddRoleToInstanceProfile", &texts(&members))
        .unwrap();
    assert_eq!(get(&world, ROLES), (200, "other".to_owned()));
    assert_eq!(get(&world, &path).0, 404);
    // Credentials that are out stay good until they end, as on EC2.
    assert!(read_secret(&mut world, &before));

    let id = world.instance_id();
    let association = world
        .state
        .instance(&id)
        .unwrap()
        .instance
        .association
        .clone();
    let input = texts(&[("AssociationId", &association.unwrap().id)]);
    world
        .admin("ec2", "DisassociateIamInstanceProfile", &input)
        .unwrap();
    for path in [
        ROLES,
        "/latest/meta-data/iam/",
        "/latest/meta-data/iam/info",
    ] {
        assert_eq!(get(&world, path).0, 404, "{path}");
    }
    assert!(!get(&world, "/latest/meta-data/").1.contains("iam"));
}

#[test]
fn the_profile_document() {
    let world = World::new();
    let (_, info) = get(&world, "/latest/meta-data/iam/info");
    let read: serde_json::Value = serde_json::from_str(&info).unwrap();

    let arn = "arn:aws:iam::123456789012:instance-profile/ec2-secrets-manager-profile";
    assert_eq!(read["Code"], "Success");
    assert_eq!(read["InstanceProfileArn"], arn);
    assert!(
        read["InstanceProfileId"]
            .as_str()
            .unwrap()
            .starts_with("AIPA")
    );
    assert!(read["LastUpdated"].as_str().unwrap().ends_with('Z'));
}

#[test]
fn a_role_that_does_not_trust_ec2_is_a_failure_in_a_good_answer() {
    let mut world = World::new();
    let input = texts(&[
        ("RoleName", sample::ROLE),
        ("PolicyDocument", &crate::testing::trust("123456789012")),
    ]);
    world
        .admin("iam", "UpdateAssumeRolePolicy", &input)
        .unwrap();

    let (document, _) = credentials(&world, Some(&token(&world)));

    assert_eq!(document["Code"], "AssumeRoleUnauthorizedAccess");
    assert!(document["Message"].as_str().unwrap().contains(sample::ROLE));
    assert!(document.get("AccessKeyId").is_none());
    assert_eq!(get(&world, ROLES), (200, sample::ROLE.to_owned()));
}

#[test]
fn no_answer_shows_its_body_in_debug() {
    let world = World::new();
    let token = token(&world);
    let path = format!("{ROLES}{}", sample::ROLE);
    let answer = ask(&world, "GET", &path, &[(TOKEN, &token)]);
    let document: serde_json::Value = serde_json::from_slice(answer.response.body()).unwrap();
    let shown = format!("{answer:?}");
    for name in ["SecretAccessKey", "Token"] {
        assert!(!shown.contains(document[name].as_str().unwrap()), "{shown}");
    }
}
