//! Launching, showing, associating and terminating, and every refusal.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;
use protocol::{Fault, Record, Secret, Value};

use crate::testing::{World, fails, texts};

const VALUE: (&str, u16) = ("InvalidParameterValue", 400);
const PROFILE: &str = "ec2-secrets-manager-profile";
const IMAGE: &str = "ami-0a1b2c3d4e5f60001";

fn call(world: &mut World, operation: &str, input: &Record) -> Result<Record, Fault> {
    world.admin("ec2", operation, input)
}

fn launch(min: i64, max: i64) -> Record {
    texts(&[("ImageId", IMAGE), ("InstanceType", "t3.micro")])
        .with("MinCount", min)
        .with("MaxCount", max)
}

fn ids(answer: &Record) -> Vec<String> {
    let instances = answer.records("Instances");
    instances
        .map(|shown| shown.text("InstanceId").unwrap().to_owned())
        .collect()
}

fn run(world: &mut World, input: &Record) -> Vec<String> {
    ids(&call(world, "RunInstances", input).unwrap())
}

fn described(world: &mut World, input: &Record) -> Vec<String> {
    let answer = call(world, "DescribeInstances", input).unwrap();
    answer.records("Reservations").flat_map(ids).collect()
}

fn one(world: &mut World, id: &str) -> Record {
    let input = Record::new().with("InstanceIds", vec![id]);
    let answer = call(world, "DescribeInstances", &input).unwrap();
    let reservation = answer.records("Reservations").next().unwrap();
    reservation.records("Instances").next().unwrap().clone()
}

fn filter(name: &str, values: &[&str]) -> Record {
    let filter = texts(&[("Name", name)]).with("Values", values.to_vec());
    Record::new().with("Filters", vec![filter])
}

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
            "Value (none) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name",
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
            Secret::from_text(STANDARD.encode([0; 16_385])).into(),
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

fn terminate(world: &mut World, ids: &[&str]) -> Result<Record, Fault> {
    let input = Record::new().with("InstanceIds", ids.to_vec());
    call(world, "TerminateInstances", &input)
}

fn at(address: &str) -> Record {
    launch(1, 1).with("PrivateIpAddress", address)
}

#[test]
fn an_address_is_free_when_its_instance_is_gone_and_stays_with_the_next() {
    let mut world = World::new();
    let first = run(&mut world, &at("172.31.0.99")).remove(0);
    terminate(&mut world, &[&first]).unwrap();
    run(&mut world, &at("172.31.0.99"));
    let in_use = ("InvalidIPAddress.InUse", 400);
    fails(
        call(&mut world, "RunInstances", &at("172.31.0.99")),
        in_use,
        "in use",
    );

    // Forgetting the first must not free what the second has.
    world.now += SignedDuration::from_hours(1);
    run(&mut world, &launch(1, 1));
    assert!(world.state.instance(&first).is_none());
    fails(
        call(&mut world, "RunInstances", &at("172.31.0.99")),
        in_use,
        "in use",
    );
}

#[test]
fn a_terminated_instance_is_shown_for_an_hour() {
    let mut world = World::new();
    let input = launch(1, 1).with("IamInstanceProfile", texts(&[("Name", PROFILE)]));
    let id = run(&mut world, &input).remove(0);
    let answer = terminate(&mut world, &[&id]).unwrap();
    let change = answer.records("TerminatingInstances").next().unwrap();
    assert_eq!(
        change.record("PreviousState").unwrap().text("Name"),
        Some("running")
    );
    assert_eq!(
        change.record("CurrentState").unwrap().text("Name"),
        Some("shutting-down")
    );

    let shown = one(&mut world, &id);
    assert_eq!(
        shown.record("State").unwrap().text("Name"),
        Some("terminated")
    );
    assert!(shown.get("PrivateIpAddress").is_none() && shown.get("IamInstanceProfile").is_none());
    let answer = terminate(&mut world, &[&id]).unwrap();
    let change = answer.records("TerminatingInstances").next().unwrap();
    assert_eq!(
        change.record("CurrentState").unwrap().text("Name"),
        Some("terminated")
    );
    let state = ("IncorrectInstanceState", 400);
    let input = texts(&[("InstanceId", &id), ("HttpTokens", "required")]);
    fails(
        call(&mut world, "ModifyInstanceMetadataOptions", &input),
        state,
        &id,
    );

    world.now += SignedDuration::from_hours(1);
    let input = Record::new().with("InstanceIds", vec![&*id]);
    let missing = ("InvalidInstanceID.NotFound", 400);
    let words = format!("The instance ID '{id}' does not exist");
    fails(
        call(&mut world, "DescribeInstances", &input),
        missing,
        &words,
    );
    fails(terminate(&mut world, &[&id]), missing, &words);
}

#[test]
fn terminations_that_are_refused_terminate_nothing() {
    let mut world = World::new();
    let protected = run(
        &mut world,
        &launch(1, 1).with("DisableApiTermination", true),
    )
    .remove(0);
    let other = run(&mut world, &launch(1, 1)).remove(0);
    for (ids, code, words) in [
        (
            &[&*other, &*protected][..],
            "OperationNotPermitted",
            "disableApiTermination",
        ),
        (
            &[&other, "i-00000000000000000"],
            "InvalidInstanceID.NotFound",
            "does not exist",
        ),
        (
            &[&other, "i-1"],
            "InvalidInstanceID.Malformed",
            "Invalid id: \"i-1\"",
        ),
        (
            &[&other, "x"],
            "InvalidInstanceID.Malformed",
            "Invalid id: \"x\"",
        ),
    ] {
        fails(terminate(&mut world, ids), (code, 400), words);
    }
    let state = one(&mut world, &other).record("State").unwrap().clone();
    assert_eq!(state.text("Name"), Some("running"));
    let twice = terminate(&mut world, &[&other, &other]).unwrap();
    assert_eq!(twice.records("TerminatingInstances").count(), 1);
}

#[test]
fn instances_are_found_by_filters() {
    let mut world = World::new();
    let sample = world.instance_id();
    let tags = vec![
        texts(&[("ResourceType", "instance")])
            .with("Tags", vec![texts(&[("Key", "team"), ("Value", "blue")])]),
    ];
    let input = texts(&[("ImageId", "ami-12c6146b"), ("InstanceType", "t3.large")])
        .with("MinCount", 1)
        .with("MaxCount", 1)
        .with("ClientToken", "token")
        .with("TagSpecifications", tags);
    let other = run(&mut world, &input).remove(0);
    let address = one(&mut world, &other)
        .text("PrivateIpAddress")
        .unwrap()
        .to_owned();
    let (sample, other) = (&*sample, &*other);
    let mut both = [sample, other];
    both.sort_unstable();
    for (name, values, expect) in [
        ("instance-id", &[other][..], &[other][..]),
        ("instance-id", &["i-*"], &both),
        ("instance-type", &["t3.mi??o"], &[sample]),
        ("instance-type", &["t3.nano", "t3.large"], &[other]),
        ("image-id", &["ami-12c6146b"], &[other]),
        ("tag:team", &["blue"], &[other]),
        ("tag:team", &["Blue"], &[]),
        ("tag:Name", &["ec2-with-*"], &[sample]),
        ("tag-key", &["team"], &[other]),
        ("client-token", &["token"], &[other]),
        ("private-ip-address", &[&address], &[other]),
        (
            "iam-instance-profile.arn",
            &["*/ec2-secrets-manager-profile"],
            &[sample],
        ),
        ("metadata-options.http-tokens", &["optional"], &[other]),
        (
            "metadata-options.http-put-response-hop-limit",
            &["1"],
            &both,
        ),
        ("instance-state-name", &["running"], &both),
        ("instance-state-name", &["stopped"], &[]),
        ("instance-state-code", &["16"], &both),
        ("availability-zone", &["us-east-1a"], &both),
        ("architecture", &["x86_64"], &both),
        ("owner-id", &["123456789012"], &both),
        ("vpc-id", &["vpc-0"], &[]),
    ] {
        let mut found = described(&mut world, &filter(name, values));
        found.sort();
        assert_eq!(found, expect, "{name} {values:?}");
    }
    let answer = call(
        &mut world,
        "DescribeInstances",
        &filter("colour", &["blue"]),
    );
    fails(answer, VALUE, "The filter 'colour' is invalid");
    terminate(&mut world, &[sample, other]).unwrap();
    world.now += SignedDuration::from_hours(1);
    let answer = call(
        &mut world,
        "DescribeInstances",
        &filter("colour", &["blue"]),
    );
    fails(answer, VALUE, "The filter 'colour' is invalid");
}

#[test]
fn instances_are_shown_in_pages() {
    let mut world = World::new();
    run(&mut world, &launch(12, 12));
    let mut input = Record::new().with("MaxResults", 5);
    let mut all = Vec::new();
    loop {
        let answer = call(&mut world, "DescribeInstances", &input).unwrap();
        let page: Vec<String> = answer.records("Reservations").flat_map(ids).collect();
        assert!(page.len() <= 5);
        all.extend(page);
        match answer.text("NextToken") {
            Some(next) => input.set("NextToken", next),
            None => break,
        }
    }
    let unique: std::collections::BTreeSet<_> = all.iter().collect();
    assert_eq!((all.len(), unique.len()), (13, 13));
    for size in [4, 1_001, 0, -1] {
        let input = Record::new().with("MaxResults", size);
        fails(
            call(&mut world, "DescribeInstances", &input),
            VALUE,
            "maxResults",
        );
    }
    let both = Record::new()
        .with("MaxResults", 5)
        .with("InstanceIds", vec![&*all[0]]);
    let code = ("InvalidParameterCombination", 400);
    fails(
        call(&mut world, "DescribeInstances", &both),
        code,
        "instancesSet",
    );
}

#[test]
fn metadata_options_change_at_once_and_only_as_asked() {
    let mut world = World::new();
    let id = world.instance_id();
    let change = texts(&[("InstanceId", &id), ("InstanceMetadataTags", "enabled")])
        .with("HttpPutResponseHopLimit", 3);
    let answer = call(&mut world, "ModifyInstanceMetadataOptions", &change).unwrap();
    let options = answer.record("InstanceMetadataOptions").unwrap();
    assert_eq!(options.text("State"), Some("pending"));

    let shown = one(&mut world, &id)
        .record("MetadataOptions")
        .unwrap()
        .clone();
    assert_eq!(shown.text("State"), Some("applied"));
    assert_eq!(shown.text("HttpTokens"), Some("required"));
    assert_eq!(shown.text("InstanceMetadataTags"), Some("enabled"));
    assert_eq!(shown.integer("HttpPutResponseHopLimit"), Some(3));
    for limit in [0, 65, -1, 300] {
        let input = texts(&[("InstanceId", &id)]).with("HttpPutResponseHopLimit", limit);
        let answer = call(&mut world, "ModifyInstanceMetadataOptions", &input);
        fails(answer, VALUE, "between 1 and 64");
    }
    for member in [
        "HttpTokens",
        "HttpEndpoint",
        "HttpProtocolIpv6",
        "InstanceMetadataTags",
    ] {
        let input = texts(&[("InstanceId", &id), (member, "maybe")]);
        let answer = call(&mut world, "ModifyInstanceMetadataOptions", &input);
        fails(answer, VALUE, "maybe");
    }
}

fn association(
    world: &mut World,
    operation: &str,
    input: &Record,
) -> Result<(String, String), Fault> {
    let answer = call(world, operation, input)?;
    let shown = answer.record("IamInstanceProfileAssociation").unwrap();
    let text = |name: &str| shown.text(name).unwrap().to_owned();
    Ok((text("AssociationId"), text("State")))
}

#[test]
fn an_instance_has_one_profile_at_a_time() {
    let mut world = World::new();
    let id = run(&mut world, &launch(1, 1)).remove(0);
    let profile = texts(&[("Name", PROFILE)]);
    let input = texts(&[("InstanceId", &id)]).with("IamInstanceProfile", profile.clone());
    let (first, state) = association(&mut world, "AssociateIamInstanceProfile", &input).unwrap();
    assert_eq!(state, "associating");
    let incorrect = ("IncorrectState", 400);
    let words = format!("There is an existing association for instance {id}");
    let answer = association(&mut world, "AssociateIamInstanceProfile", &input);
    fails(answer, incorrect, &words);

    let replace = texts(&[("AssociationId", &first)]).with("IamInstanceProfile", profile);
    let operation = "ReplaceIamInstanceProfileAssociation";
    let (second, _) = association(&mut world, operation, &replace).unwrap();
    assert_ne!(first, second);
    let missing = ("InvalidAssociationID.NotFound", 400);
    fails(
        association(&mut world, operation, &replace),
        missing,
        &first,
    );
    let gone = texts(&[("AssociationId", &first)]);
    fails(
        association(&mut world, "DisassociateIamInstanceProfile", &gone),
        missing,
        &first,
    );
    let there = texts(&[("AssociationId", &second)]);
    let (_, state) = association(&mut world, "DisassociateIamInstanceProfile", &there).unwrap();
    assert_eq!(state, "disassociating");
    assert!(one(&mut world, &id).get("IamInstanceProfile").is_none());
    terminate(&mut world, &[&id]).unwrap();
    let answer = association(&mut world, "AssociateIamInstanceProfile", &input);
    fails(
        answer,
        incorrect,
        "not in the 'running' or 'stopped' states",
    );
}

#[test]
fn associations_are_found_by_instance_and_id() {
    let mut world = World::new();
    let input = launch(6, 6).with("IamInstanceProfile", texts(&[("Name", PROFILE)]));
    let launched = run(&mut world, &input);
    let operation = "DescribeIamInstanceProfileAssociations";
    let found = |world: &mut World, input: &Record| {
        let answer = call(world, operation, input)?;
        let shown = answer.records("IamInstanceProfileAssociations");
        let ids: Vec<(String, String)> = shown
            .map(|it| {
                assert_eq!(it.text("State"), Some("associated"));
                let text = |name: &str| it.text(name).unwrap().to_owned();
                (text("InstanceId"), text("AssociationId"))
            })
            .collect();
        Ok((ids, answer.text("NextToken").map(str::to_owned)))
    };
    let (one, _) = found(&mut world, &filter("instance-id", &[&launched[0]])).unwrap();
    assert_eq!(one.len(), 1);
    assert_eq!(one[0].0, launched[0]);
    let by_id = Record::new().with("AssociationIds", vec![&*one[0].1]);
    assert_eq!(found(&mut world, &by_id).unwrap().0, one);
    let (first, next) = found(&mut world, &Record::new().with("MaxResults", 5)).unwrap();
    let rest = texts(&[("NextToken", &next.unwrap())]);
    let (rest, next) = found(&mut world, &rest).unwrap();
    assert_eq!((first.len(), rest.len(), next), (5, 2, None));

    let none = Record::new().with("AssociationIds", vec!["iip-assoc-0"]);
    let missing = ("InvalidAssociationID.NotFound", 400);
    fails::<(Vec<(String, String)>, Option<String>)>(
        found(&mut world, &none),
        missing,
        "iip-assoc-0",
    );
    for name in ["colour", "tag:team"] {
        let answer = found(&mut world, &filter(name, &["x"]));
        fails::<(Vec<(String, String)>, Option<String>)>(answer, VALUE, name);
    }
}
