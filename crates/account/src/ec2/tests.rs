//! Launching, showing, associating and terminating, and every refusal.

use jiff::SignedDuration;
use protocol::{Fault, Record};

use crate::testing::{World, fails, texts};

mod defaults;
mod launch;
mod manage;
mod power;
mod templates;

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
fn every_instance_that_is_missing_is_named() {
    let mut world = World::new();
    let (own, one, two) = (world.instance_id(), "i-00000000", "i-00000000000000000");
    let missing = ("InvalidInstanceID.NotFound", 400);
    for (ids, words) in [
        (
            vec![&*own, one],
            "The instance ID 'i-00000000' does not exist",
        ),
        (
            vec![one, &own, two],
            "The instance IDs 'i-00000000, i-00000000000000000' do not exist",
        ),
    ] {
        let input = Record::new().with("InstanceIds", ids);
        fails(
            call(&mut world, "DescribeInstances", &input),
            missing,
            words,
        );
    }
    let malformed = ("InvalidInstanceID.Malformed", 400);
    let input = Record::new().with("InstanceIds", vec![one, "x"]);
    fails(
        call(&mut world, "DescribeInstances", &input),
        malformed,
        "Invalid id: \"x\"",
    );
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
