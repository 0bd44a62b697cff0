//! What calls change is seen by the next read: options, profiles, tags, volumes, policies.

use super::*;
use crate::testing::policy;

const TAGS: &str = "/latest/meta-data/tags/instance";

/// Without a token.
fn bare(world: &World, path: &str) -> u16 {
    ask(world, "GET", path, &[]).response.status().as_u16()
}

fn profile(world: &mut World, name: &str, role: &str) {
    let input = texts(&[("InstanceProfileName", name)]);
    world.admin("iam", "CreateInstanceProfile", &input).unwrap();
    let input = texts(&[("InstanceProfileName", name), ("RoleName", role)]);
    world
        .admin("iam", "AddRoleToInstanceProfile", &input)
        .unwrap();
}

fn association(world: &World) -> String {
    let held = world.state.instance(&world.instance_id()).unwrap();
    held.instance.association.as_ref().unwrap().id.clone()
}

#[test]
fn options_are_in_force_with_the_answer() {
    let mut world = World::new();
    let path = "/latest/meta-data/instance-id";
    assert_eq!(bare(&world, path), 401);
    set(&mut world, &[("HttpTokens", "optional")]);
    assert_eq!(bare(&world, path), 200);
    set(&mut world, &[("HttpEndpoint", "disabled")]);
    assert_eq!(bare(&world, path), 403);
    set(
        &mut world,
        &[("HttpEndpoint", "enabled"), ("HttpTokens", "required")],
    );
    assert_eq!(bare(&world, path), 401);
    // A token of before is good still.
    let token = token(&world);
    set(&mut world, &[("HttpTokens", "optional")]);
    set(&mut world, &[("HttpTokens", "required")]);
    let answer = ask(&world, "GET", path, &[(TOKEN, &token)]);
    assert_eq!(answer.response.status(), 200);
}

#[test]
fn a_profile_is_there_as_long_as_it_is_associated() {
    let mut world = World::new();
    world.role("other-role", sample_trust(), &policy("Allow", "*", "*"));
    profile(&mut world, "other-profile", "other-role");
    assert_eq!(get(&world, ROLES).1, sample::ROLE);

    let input = texts(&[("AssociationId", &association(&world))])
        .with("IamInstanceProfile", texts(&[("Name", "other-profile")]));
    world
        .admin("ec2", "ReplaceIamInstanceProfileAssociation", &input)
        .unwrap();
    assert_eq!(get(&world, ROLES).1, "other-role");
    let (_, info) = get(&world, "/latest/meta-data/iam/info");
    assert!(info.contains("instance-profile/other-profile\""), "{info}");
    assert_eq!(get(&world, &format!("{ROLES}{}", sample::ROLE)).0, 404);
    assert_eq!(get(&world, &format!("{ROLES}other-role")).0, 200);

    let input = texts(&[("AssociationId", &association(&world))]);
    world
        .admin("ec2", "DisassociateIamInstanceProfile", &input)
        .unwrap();
    for path in ["iam", "iam/info", "iam/security-credentials/"] {
        assert_eq!(get(&world, &format!("/latest/meta-data/{path}")).0, 404);
    }
    assert!(!get(&world, "/latest/meta-data/").1.contains("iam/"));

    let input = texts(&[("InstanceId", &world.instance_id())])
        .with("IamInstanceProfile", texts(&[("Name", "other-profile")]));
    world
        .admin("ec2", "AssociateIamInstanceProfile", &input)
        .unwrap();
    assert_eq!(get(&world, ROLES).1, "other-role");

    // A profile that has lost its role has none to tell of.
    let input = texts(&[
        ("InstanceProfileName", "other-profile"),
        ("RoleName", "other-role"),
    ]);
    world
        .admin("iam", "RemoveRoleFromInstanceProfile", &input)
        .unwrap();
    assert_eq!(get(&world, ROLES).0, 404);
    assert_eq!(get(&world, "/latest/meta-data/iam/").1, "info");
}

#[test]
fn tags_come_and_go() {
    let mut world = World::new();
    let id = world.instance_id();
    let tag = |key: &str, value: &str| {
        Record::new()
            .with("Resources", vec![&*id])
            .with("Tags", vec![texts(&[("Key", key), ("Value", value)])])
    };
    assert_eq!(get(&world, TAGS).0, 404);
    set(&mut world, &[("InstanceMetadataTags", "enabled")]);
    world
        .admin("ec2", "CreateTags", &tag("team", "red"))
        .unwrap();
    assert_eq!(get(&world, TAGS).1, "Name\nteam");
    world
        .admin("ec2", "CreateTags", &tag("team", "blue"))
        .unwrap();
    assert_eq!(get(&world, &format!("{TAGS}/team")).1, "blue");
    let all = Record::new().with("Resources", vec![&*id]);
    world.admin("ec2", "DeleteTags", &all).unwrap();
    // Shown, and there are none.
    assert_eq!(get(&world, TAGS), (200, String::new()));
    assert_eq!(get(&world, &format!("{TAGS}/team")).0, 404);
    set(&mut world, &[("InstanceMetadataTags", "disabled")]);
    assert_eq!(get(&world, TAGS).0, 404);
}

#[test]
fn monitoring_and_volumes_are_told() {
    let mut world = World::new();
    let path = "/latest/dynamic/fws/instance-monitoring";
    assert_eq!(get(&world, path).1, "disabled");
    let ids = Record::new().with("InstanceIds", vec![&*world.instance_id()]);
    world.admin("ec2", "MonitorInstances", &ids).unwrap();
    assert_eq!(get(&world, path).1, "enabled");

    let folder = "/latest/meta-data/block-device-mapping/";
    assert_eq!(get(&world, folder).1, "ami\nroot");
    let volume = |device: &str| {
        Record::new()
            .with("DeviceName", device)
            .with("Ebs", Record::new().with("VolumeSize", 8))
    };
    let input = texts(&[("ImageId", "ami-12c6146b"), ("ClientToken", "t")])
        .with("MinCount", 1)
        .with("MaxCount", 1)
        .with(
            "BlockDeviceMappings",
            vec![volume("/dev/sdf"), volume("/dev/sdg")],
        );
    world.admin("ec2", "RunInstances", &input).unwrap();
    let id = world.state.launched_with("t").next().unwrap();
    let id = id.instance.id.clone();
    let read = |path: &str| {
        let response = ask_of(&world, &id, "GET", &format!("{folder}{path}"), &[]).response;
        (response.status().as_u16(), text(&response))
    };
    assert_eq!(read("").1, "ami\nebs1\nebs2\nroot");
    assert_eq!(read("ebs1").1, "sdf");
    assert_eq!(read("ebs2").1, "sdg");
    for name in ["ebs0", "ebs3", "ebs01", "ebs", "ebs+1", "NAME"] {
        assert_eq!(read(name).0, 404, "{name}");
    }
}

#[test]
fn policies_of_the_role_bind_credentials_that_are_out() {
    let mut world = World::new();
    let (_, document) = get(&world, &format!("{ROLES}{}", sample::ROLE));
    let read: serde_json::Value = serde_json::from_str(&document).unwrap();
    let text = |name: &str| read[name].as_str().unwrap().to_owned();
    let credentials = Credentials {
        access_key_id: text("AccessKeyId"),
        secret_access_key: Secret::from_text(text("SecretAccessKey")),
        session_token: Some(Secret::from_text(text("Token"))),
    };
    let secret = texts(&[("SecretId", sample::SECRET)]);
    let may = |world: &mut World| {
        let called = world.call(&credentials, "secretsmanager", "GetSecretValue", &secret);
        called.is_ok()
    };
    assert!(may(&mut world));
    let deny = texts(&[
        ("RoleName", sample::ROLE),
        ("PolicyName", "deny"),
        ("PolicyDocument", &policy("Deny", "*", "*")),
    ]);
    world.admin("iam", "PutRolePolicy", &deny).unwrap();
    assert!(!may(&mut world));
    let allow = texts(&[("RoleName", sample::ROLE), ("PolicyName", "deny")]);
    world.admin("iam", "DeleteRolePolicy", &allow).unwrap();
    assert!(may(&mut world));
}

fn sample_trust() -> &'static str {
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
        "Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#
}
