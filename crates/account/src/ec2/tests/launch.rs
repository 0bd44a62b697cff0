//! Launches, taken and refused.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use protocol::{Secret, Value};

use super::*;

#[test]
fn an_instance_is_pending_once_and_running_ever_after() {
    let mut world = World::new();
    let input = launch(1, 1).with("IamInstanceProfile", texts(&[("Name", PROFILE)]));
    let answer = call(&mut world, "RunInstances", &input).unwrap();
    let shown = answer.records("Instances").next().unwrap();
    assert_eq!(shown.record("State").unwrap().text("Name"), Some("pending"));

    let shown = one(&mut world, &ids(&answer)[0]);
    assert_eq!(shown.record("State").unwrap().integer("Code"), Some(16));
    let profile = shown.record("IamInstanceProfile").unwrap();
    let arn = format!("arn:aws:iam::123456789012:instance-profile/{PROFILE}");
    assert_eq!(profile.text("Arn"), Some(&*arn));
    assert!(profile.text("Id").unwrap().starts_with("AIPA"));
    let options = shown.record("MetadataOptions").unwrap();
    let expect = texts(&[
        ("State", "applied"),
        ("HttpTokens", "required"),
        ("HttpEndpoint", "enabled"),
        ("HttpProtocolIpv6", "disabled"),
        ("InstanceMetadataTags", "disabled"),
    ])
    .with("HttpPutResponseHopLimit", 2);
    assert_eq!(*options, expect);
    let old = launch(1, 1).with("ImageId", "ami-12c6146b");
    let id = run(&mut world, &old).remove(0);
    let options = one(&mut world, &id)
        .record("MetadataOptions")
        .unwrap()
        .clone();
    assert_eq!(options.text("HttpTokens"), Some("optional"));
    assert_eq!(options.integer("HttpPutResponseHopLimit"), Some(1));
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table of cases")]
fn launches_that_are_refused() {
    let mut world = World::new();
    let profile = |member, value: &str| Record::new().with(member, value);
    let arn = "arn:aws:iam::123456789012:instance-profile/none";
    let tag = |key: &str| texts(&[("Key", key), ("Value", "v")]);
    let tags =
        |kind: &str, tags: Vec<Record>| vec![texts(&[("ResourceType", kind)]).with("Tags", tags)];
    let many: Vec<Record> = (0..51).map(|at| tag(&at.to_string())).collect();
    let options = |limit: i64| Record::new().with("HttpPutResponseHopLimit", limit);
    let placement = texts(&[("AvailabilityZone", "us-east-1z")]);
    let cases: Vec<(&'static str, Value, &str, &str)> = vec![
        ("ImageId", "ami-1".into(), "InvalidAMIID.Malformed", "ami-1"),
        (
            "ImageId",
            "image".into(),
            "InvalidAMIID.Malformed",
            "ami-...",
        ),
        (
            "ImageId",
            "ami-00000000000000000".into(),
            "InvalidAMIID.NotFound",
            "The image id '[ami-00000000000000000]' does not exist",
        ),
        ("MinCount", 0.into(), "InvalidParameterValue", "at least 1"),
        ("MinCount", 2.into(), "InvalidParameterValue", "minCount"),
        ("MaxCount", 0.into(), "InvalidParameterValue", ""),
        (
            "MaxCount",
            100_000.into(),
            "InstanceLimitExceeded",
            "100000",
        ),
        (
            "IamInstanceProfile",
            profile("Name", "none").into(),
            "InvalidParameterValue",
            "Value (none) for parameter iamInstanceProfile.name is invalid. Invalid IAM \
             Instance Profile name",
        ),
        (
            "IamInstanceProfile",
            profile("Name", &PROFILE.to_uppercase()).into(),
            "InvalidParameterValue",
            "Invalid IAM Instance Profile name",
        ),
        (
            "IamInstanceProfile",
            profile("Arn", arn).into(),
            "InvalidParameterValue",
            "Invalid IAM Instance Profile ARN",
        ),
        (
            "IamInstanceProfile",
            profile("Arn", PROFILE).into(),
            "InvalidParameterValue",
            "Invalid IAM Instance Profile ARN",
        ),
        (
            "IamInstanceProfile",
            profile("Arn", arn).with("Name", PROFILE).into(),
            "InvalidParameterCombination",
            "iamInstanceProfile",
        ),
        (
            "SubnetId",
            "subnet-0".into(),
            "InvalidSubnetID.NotFound",
            "The subnet ID 'subnet-0' does not exist",
        ),
        (
            "Placement",
            placement.into(),
            "InvalidParameterValue",
            "us-east-1z",
        ),
        (
            "SecurityGroupIds",
            vec!["sg-0"].into(),
            "InvalidGroup.NotFound",
            "sg-0",
        ),
        (
            "SecurityGroups",
            vec!["web"].into(),
            "InvalidGroup.NotFound",
            "web",
        ),
        ("KeyName", "mine".into(), "InvalidKeyPair.NotFound", "mine"),
        (
            "UserData",
            Secret::from_text("no base64!".into()).into(),
            "InvalidUserData.Malformed",
            "BASE64",
        ),
        (
            "UserData",
            Secret::from_text(STANDARD.encode(vec![0; 16_385])).into(),
            "InvalidParameterValue",
            "16384 bytes",
        ),
        (
            "PrivateIpAddress",
            "10.0.0.1".into(),
            "InvalidParameterValue",
            "10.0.0.1",
        ),
        (
            "PrivateIpAddress",
            "172.31.0.3".into(),
            "InvalidParameterValue",
            "172.31.0.3",
        ),
        (
            "PrivateIpAddress",
            "172.31.15.255".into(),
            "InvalidParameterValue",
            "172.31.15.255",
        ),
        (
            "PrivateIpAddress",
            "172.31.0.10".into(),
            "InvalidIPAddress.InUse",
            "172.31.0.10",
        ),
        (
            "MetadataOptions",
            options(0).into(),
            "InvalidParameterValue",
            "between 1 and 64",
        ),
        (
            "MetadataOptions",
            options(65).into(),
            "InvalidParameterValue",
            "between 1 and 64",
        ),
        (
            "MetadataOptions",
            texts(&[("HttpTokens", "maybe")]).into(),
            "InvalidParameterValue",
            "maybe",
        ),
        (
            "TagSpecifications",
            tags("instance", many).into(),
            "TagLimitExceeded",
            "50",
        ),
        (
            "TagSpecifications",
            tags("instance", vec![tag("aws:x")]).into(),
            "InvalidParameterValue",
            "aws:",
        ),
        (
            "TagSpecifications",
            tags("instance", vec![tag("a"), tag("a")]).into(),
            "InvalidParameterValue",
            "Duplicate",
        ),
        (
            "TagSpecifications",
            tags("vpc", vec![tag("a")]).into(),
            "InvalidParameterValue",
            "vpc",
        ),
        (
            "RamdiskId",
            "ari-1".into(),
            "UnsupportedOperation",
            "RamdiskId",
        ),
    ];
    let before = world.state.instance_ids().count();
    for (member, value, code, words) in cases {
        let input = launch(1, 1).with(member, value);
        fails(call(&mut world, "RunInstances", &input), (code, 400), words);
    }
    let no_image = Record::new().with("MinCount", 1).with("MaxCount", 1);
    fails(
        call(&mut world, "RunInstances", &no_image),
        ("MissingParameter", 400),
        "ImageId",
    );
    assert_eq!(world.state.instance_ids().count(), before);
}

#[test]
fn a_profile_without_a_role_helps_nobody() {
    let mut world = World::new();
    let name = texts(&[("InstanceProfileName", "bare")]);
    world.admin("iam", "CreateInstanceProfile", &name).unwrap();
    let bare = texts(&[("Name", "bare")]);
    let id = run(&mut world, &launch(1, 1)).remove(0);
    let words = "has no associated IAM Roles";

    let input = launch(1, 1).with("IamInstanceProfile", bare.clone());
    fails(call(&mut world, "RunInstances", &input), VALUE, words);
    let input = texts(&[("InstanceId", &id)]).with("IamInstanceProfile", bare);
    fails(
        call(&mut world, "AssociateIamInstanceProfile", &input),
        VALUE,
        words,
    );
}

#[test]
fn a_launch_is_idempotent_by_its_token() {
    let mut world = World::new();
    let input = launch(2, 2).with("ClientToken", "token");
    let first = run(&mut world, &input);

    assert_eq!(first.len(), 2);
    let mut again = run(&mut world, &input);
    again.sort();
    let mut sorted = first.clone();
    sorted.sort();
    assert_eq!(again, sorted);
    let mismatch = ("IdempotentParameterMismatch", 400);
    let other = input.clone().with("InstanceType", "t3.large");
    fails(
        call(&mut world, "RunInstances", &other),
        mismatch,
        "client token",
    );
    let data = Secret::from_text(STANDARD.encode("x"));
    let other = input.clone().with("UserData", data);
    fails(
        call(&mut world, "RunInstances", &other),
        mismatch,
        "client token",
    );
    assert_ne!(run(&mut world, &input.with("ClientToken", "other")), first);
}

#[test]
fn instances_of_one_launch_share_a_reservation_and_no_address() {
    let mut world = World::new();
    let launched = run(&mut world, &launch(1, 40));
    let mut addresses = std::collections::BTreeSet::new();
    for id in &launched {
        addresses.insert(
            one(&mut world, id)
                .text("PrivateIpAddress")
                .unwrap()
                .to_owned(),
        );
    }
    assert_eq!(addresses.len(), 40);
    let input = Record::new().with("InstanceIds", launched);
    let answer = call(&mut world, "DescribeInstances", &input).unwrap();
    assert_eq!(answer.records("Reservations").count(), 1);
}

#[test]
fn a_subnet_can_be_full() {
    let mut world = World::new();
    // 4,096 addresses, five of AWS's own, one of the sample instance.
    for _ in 0..4 {
        run(&mut world, &launch(1_000, 1_000));
    }
    let full = ("InsufficientFreeAddressesInSubnet", 400);
    fails(
        call(&mut world, "RunInstances", &launch(91, 91)),
        full,
        "free addresses in subnet",
    );
    assert_eq!(run(&mut world, &launch(10, 200)).len(), 90);
    fails(
        call(&mut world, "RunInstances", &launch(1, 1)),
        full,
        "free addresses in subnet",
    );
    let elsewhere = texts(&[("AvailabilityZone", "us-east-1b")]);
    let id = run(&mut world, &launch(1, 1).with("Placement", elsewhere)).remove(0);
    let placement = one(&mut world, &id).record("Placement").unwrap().clone();
    assert_eq!(placement.text("AvailabilityZone"), Some("us-east-1b"));
}
