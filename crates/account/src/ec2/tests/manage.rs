//! Attributes, stopping and starting, tags and volumes of instances that are there.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use protocol::{Secret, Value};

use super::*;

fn value(value: impl Into<Value>) -> Record {
    Record::new().with("Value", value)
}

fn modify(world: &mut World, id: &str, member: &'static str, to: Record) -> Result<Record, Fault> {
    let input = texts(&[("InstanceId", id)]).with(member, to);
    call(world, "ModifyInstanceAttribute", &input)
}

fn attribute(world: &mut World, id: &str, name: &str, member: &str) -> Option<Record> {
    let input = texts(&[("InstanceId", id), ("Attribute", name)]);
    let answer = call(world, "DescribeInstanceAttribute", &input).unwrap();
    answer.record(member).cloned()
}

fn of(world: &mut World, operation: &str, id: &str) -> Result<Record, Fault> {
    call(
        world,
        operation,
        &Record::new().with("InstanceIds", vec![id]),
    )
}

fn state(world: &mut World, id: &str) -> String {
    let shown = one(world, id);
    shown
        .record("State")
        .unwrap()
        .text("Name")
        .unwrap()
        .to_owned()
}

#[test]
fn protections_are_set_shown_and_kept() {
    let mut world = World::new();
    let id = world.instance_id();
    let not_permitted = ("OperationNotPermitted", 400);
    for (member, name, refused) in [
        (
            "DisableApiTermination",
            "disableApiTermination",
            "TerminateInstances",
        ),
        ("DisableApiStop", "disableApiStop", "StopInstances"),
    ] {
        assert_eq!(attribute(&mut world, &id, name, member), Some(value(false)));
        modify(&mut world, &id, member, value(true)).unwrap();
        assert_eq!(attribute(&mut world, &id, name, member), Some(value(true)));
        fails(of(&mut world, refused, &id), not_permitted, name);
        let by_name = texts(&[("InstanceId", &id), ("Attribute", name)])
            .with("Value", Secret::from_text("false".to_owned()));
        call(&mut world, "ModifyInstanceAttribute", &by_name).unwrap();
        assert_eq!(attribute(&mut world, &id, name, member), Some(value(false)));
    }
}

#[test]
fn a_stopped_instance_can_change_what_a_running_one_cannot() {
    let mut world = World::new();
    let id = world.instance_id();
    let incorrect = ("IncorrectInstanceState", 400);
    let data = Record::new().with("Value", Secret::new(*b"#!/bin/sh"));
    let changes = [
        ("InstanceType", value("t3.large")),
        ("UserData", data),
        ("EbsOptimized", value(true)),
    ];
    for (member, to) in &changes {
        let answer = modify(&mut world, &id, member, to.clone());
        fails(answer, incorrect, "not in the 'stopped' state");
    }
    of(&mut world, "StopInstances", &id).unwrap();
    assert_eq!(state(&mut world, &id), "stopped");
    for (member, to) in changes {
        modify(&mut world, &id, member, to).unwrap();
    }
    of(&mut world, "StartInstances", &id).unwrap();
    let shown = one(&mut world, &id);
    assert_eq!(shown.text("InstanceType"), Some("t3.large"));
    assert_eq!(shown.boolean("EbsOptimized"), Some(true));
    let data = attribute(&mut world, &id, "userData", "UserData").unwrap();
    assert_eq!(data, value(STANDARD.encode("#!/bin/sh")));
    assert_eq!(state(&mut world, &id), "running");
}

#[test]
fn attributes_that_cannot_be_so_are_refused() {
    let mut world = World::new();
    let id = world.instance_id();
    of(&mut world, "StopInstances", &id).unwrap();
    for (member, to, code) in [
        ("InstanceType", value("t3.huge"), "InvalidParameterValue"),
        ("InstanceType", value("t4g.micro"), "InvalidParameterValue"),
        ("Kernel", value("aki-1"), "UnsupportedOperation"),
        ("EnaSupport", value(false), "UnsupportedOperation"),
        (
            "InstanceInitiatedShutdownBehavior",
            value("sleep"),
            "InvalidParameterValue",
        ),
    ] {
        fails(modify(&mut world, &id, member, to), (code, 400), "");
    }
    let groups = texts(&[("InstanceId", &id)]).with("Groups", vec!["sg-0"]);
    let answer = call(&mut world, "ModifyInstanceAttribute", &groups);
    fails(answer, ("InvalidGroup.NotFound", 400), "sg-0");
    let none = texts(&[("InstanceId", &id)]);
    let answer = call(&mut world, "ModifyInstanceAttribute", &none);
    fails(answer, ("MissingParameter", 400), "No attributes");
    let two = none
        .clone()
        .with("DisableApiStop", value(true))
        .with("SourceDestCheck", value(false));
    let answer = call(&mut world, "ModifyInstanceAttribute", &two);
    fails(answer, ("InvalidParameterCombination", 400), "multiple");
    let named = none.with("Attribute", "rootDeviceName");
    let answer = call(&mut world, "ModifyInstanceAttribute", &named);
    fails(answer, VALUE, "rootDeviceName");
}

#[test]
fn what_is_not_running_is_not_served_nor_rebooted() {
    let mut world = World::new();
    let id = world.instance_id();
    of(&mut world, "RebootInstances", &id).unwrap();
    let answer = of(&mut world, "StopInstances", &id).unwrap();
    let change = answer.records("StoppingInstances").next().unwrap();
    let current = change.record("CurrentState").unwrap();
    assert_eq!(current.text("Name"), Some("stopping"));
    let request = http::Request::get("/latest/meta-data/").body(()).unwrap();
    let answer = crate::metadata::serve(&world.state, &id, &request, world.now, [0; 12]);
    assert_eq!(answer.response.status(), 404);
    let incorrect = ("IncorrectState", 400);
    fails(of(&mut world, "RebootInstances", &id), incorrect, &id);
    // Stopping twice is no error, and what was stopped first stays.
    of(&mut world, "StopInstances", &id).unwrap();

    let none = call(&mut world, "DescribeInstanceStatus", &Record::new()).unwrap();
    assert_eq!(none.records("InstanceStatuses").count(), 0);
    let all = Record::new().with("IncludeAllInstances", true);
    let all = call(&mut world, "DescribeInstanceStatus", &all).unwrap();
    let shown = all.records("InstanceStatuses").next().unwrap();
    let summary = shown.record("InstanceStatus").unwrap();
    assert_eq!(summary.text("Status"), Some("not-applicable"));

    terminate(&mut world, &[&id]).unwrap();
    let incorrect = ("IncorrectInstanceState", 400);
    for operation in ["StartInstances", "StopInstances"] {
        fails(of(&mut world, operation, &id), incorrect, &id);
    }
    let missing = ("InvalidInstanceID.NotFound", 400);
    let answer = of(&mut world, "StartInstances", "i-00000000000000000");
    fails(answer, missing, "does not exist");
    let hibernate = Record::new()
        .with("InstanceIds", vec![&*id])
        .with("Hibernate", true);
    let code = ("UnsupportedHibernationConfiguration", 400);
    fails(call(&mut world, "StopInstances", &hibernate), code, "");
}

#[test]
fn monitoring_is_shown_as_it_was_set() {
    let mut world = World::new();
    let id = world.instance_id();
    for (operation, expect) in [
        ("MonitorInstances", "enabled"),
        ("UnmonitorInstances", "disabled"),
    ] {
        of(&mut world, operation, &id).unwrap();
        let shown = one(&mut world, &id);
        let monitoring = shown.record("Monitoring").unwrap();
        assert_eq!(monitoring.text("State"), Some(expect));
        let missing = ("InvalidInstanceID.NotFound", 400);
        fails(
            of(&mut world, operation, "i-00000000"),
            missing,
            "i-00000000",
        );
    }
}

fn tag(key: &str, value: &str) -> Record {
    texts(&[("Key", key), ("Value", value)])
}

fn tagging(ids: &[&str], tags: Vec<Record>) -> Record {
    Record::new()
        .with("Resources", ids.to_vec())
        .with("Tags", tags)
}

fn tags_of(world: &mut World, id: &str) -> Vec<(String, String)> {
    let answer = call(world, "DescribeTags", &filter("resource-id", &[id])).unwrap();
    let pair = |tag: &Record| {
        let text = |name: &str| tag.text(name).unwrap().to_owned();
        (text("Key"), text("Value"))
    };
    answer.records("Tags").map(pair).collect()
}

#[test]
fn tags_are_put_replaced_and_taken_off() {
    let mut world = World::new();
    let id = world.instance_id();
    let volume = world.state.instance(&id).unwrap().instance.volumes[0]
        .id
        .clone();
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    let both = tagging(&[&id, &volume], vec![tag("team", "blue"), tag("Name", "x")]);
    call(&mut world, "CreateTags", &both).unwrap();
    let expect = [pair("Name", "x"), pair("team", "blue")];
    assert_eq!(tags_of(&mut world, &id), expect);
    assert_eq!(tags_of(&mut world, &volume), expect);

    let other = tagging(&[&id], vec![tag("team", "red")]);
    call(&mut world, "DeleteTags", &other).unwrap();
    assert_eq!(tags_of(&mut world, &id), expect, "another value stays");
    let key = tagging(&[&id], vec![texts(&[("Key", "team")])]);
    call(&mut world, "DeleteTags", &key).unwrap();
    assert_eq!(tags_of(&mut world, &id), [pair("Name", "x")]);
    let all = Record::new().with("Resources", vec![&*volume]);
    call(&mut world, "DeleteTags", &all).unwrap();
    assert_eq!(tags_of(&mut world, &volume), []);
}

#[test]
fn tags_that_cannot_be_are_refused() {
    let mut world = World::new();
    let id = world.instance_id();
    let many: Vec<Record> = (0..51).map(|at| tag(&at.to_string(), "")).collect();
    let long = "k".repeat(128);
    for (ids, tags, code) in [
        (&[&*id][..], vec![tag("aws:x", "")], "InvalidParameterValue"),
        (&[&id], vec![tag(&long, "")], "InvalidParameterValue"),
        (
            &[&id],
            vec![tag("k", &"v".repeat(257))],
            "InvalidParameterValue",
        ),
        (
            &[&id],
            vec![tag("k", "1"), tag("k", "2")],
            "InvalidParameterValue",
        ),
        (&[&id], many, "TagLimitExceeded"),
        (
            &[&id, "i-00000000"],
            vec![tag("k", "")],
            "InvalidInstanceID.NotFound",
        ),
        (&["vol-0"], vec![tag("k", "")], "InvalidVolume.NotFound"),
        (&["vpc-0"], vec![tag("k", "")], "UnsupportedOperation"),
        (&["x"], vec![tag("k", "")], "InvalidID"),
    ] {
        let answer = call(&mut world, "CreateTags", &tagging(ids, tags));
        fails(answer, (code, 400), "");
    }
    assert_eq!(tags_of(&mut world, &id).len(), 1, "all or nothing");
    let reserved = tagging(&[&id], vec![tag("aws:x", "")]);
    fails(call(&mut world, "DeleteTags", &reserved), VALUE, "aws:");
}

fn with_volumes(mappings: Vec<Record>) -> Record {
    launch(1, 1).with("BlockDeviceMappings", mappings)
}

fn mapping(device: &str, ebs: Record) -> Record {
    texts(&[("DeviceName", device)]).with("Ebs", ebs)
}

#[test]
fn volumes_are_as_asked_for_and_go_with_their_instance() {
    let mut world = World::new();
    let root = texts(&[("VolumeType", "gp2")]).with("VolumeSize", 40);
    let data = texts(&[("VolumeType", "gp3")])
        .with("VolumeSize", 100)
        .with("Iops", 4_000)
        .with("Encrypted", true);
    let input = with_volumes(vec![mapping("/dev/xvda", root), mapping("/dev/sdf", data)]);
    let id = run(&mut world, &input).remove(0);
    assert_eq!(
        one(&mut world, &id).records("BlockDeviceMappings").count(),
        2
    );
    let of_instance = filter("attachment.instance-id", &[&id]);
    let answer = call(&mut world, "DescribeVolumes", &of_instance).unwrap();
    let mut shown: Vec<_> = answer
        .records("Volumes")
        .map(|volume| {
            let number = |name: &str| volume.integer(name);
            (
                number("Size"),
                number("Iops"),
                number("Throughput"),
                volume.boolean("Encrypted"),
            )
        })
        .collect();
    shown.sort();
    let root = (Some(40), Some(120), None, Some(false));
    let data = (Some(100), Some(4_000), Some(125), Some(true));
    assert_eq!(shown, [root, data]);
    terminate(&mut world, &[&id]).unwrap();
    let answer = call(&mut world, "DescribeVolumes", &of_instance).unwrap();
    assert_eq!(answer.records("Volumes").count(), 0);
}

#[test]
fn volumes_that_cannot_be_are_refused() {
    let mut world = World::new();
    let empty = Record::new();
    let size = |gib: i64| Record::new().with("VolumeSize", gib);
    let of_type = |kind: &str| size(8).with("VolumeType", kind);
    for (device, ebs, code) in [
        ("/dev/xvda", size(7), "InvalidBlockDeviceMapping"),
        ("/dev/xvda", size(16_385), "InvalidBlockDeviceMapping"),
        ("/dev/xvda", size(-1), "InvalidBlockDeviceMapping"),
        (
            "/dev/sdf",
            empty.clone().with("Encrypted", true),
            "MissingParameter",
        ),
        ("/dev/sdf", of_type("io1"), "MissingParameter"),
        (
            "/dev/sdf",
            of_type("gp2").with("Iops", 100),
            "InvalidParameterValue",
        ),
        (
            "/dev/sdf",
            of_type("gp2").with("Throughput", 125),
            "InvalidParameterValue",
        ),
        (
            "/dev/sdf",
            size(8).with("DeleteOnTermination", false),
            "UnsupportedOperation",
        ),
        (
            "/dev/sdf",
            size(8).with("SnapshotId", "snap-1"),
            "UnsupportedOperation",
        ),
        (
            "/dev/sdf",
            size(8).with("KmsKeyId", "alias/x"),
            "UnsupportedOperation",
        ),
    ] {
        let answer = call(
            &mut world,
            "RunInstances",
            &with_volumes(vec![mapping(device, ebs)]),
        );
        fails(answer, (code, 400), "");
    }
    let twice = vec![mapping("/dev/sdf", size(8)), mapping("/dev/sdf", size(8))];
    let answer = call(&mut world, "RunInstances", &with_volumes(twice));
    fails(answer, ("InvalidBlockDeviceMapping", 400), "/dev/sdf");
    let many = (0..28).map(|at| mapping(&format!("/dev/x{at}"), size(1)));
    let answer = call(&mut world, "RunInstances", &with_volumes(many.collect()));
    fails(answer, ("InvalidBlockDeviceMapping", 400), "28");
}

#[test]
fn the_network_and_the_images_are_described() {
    let mut world = World::new();
    for (operation, member, count) in [
        ("DescribeVpcs", "Vpcs", 1),
        ("DescribeSubnets", "Subnets", 3),
        ("DescribeSecurityGroups", "SecurityGroups", 1),
        ("DescribeAvailabilityZones", "AvailabilityZones", 3),
        ("DescribeRegions", "Regions", 36),
        ("DescribeImages", "Images", 3),
    ] {
        let answer = call(&mut world, operation, &Record::new()).unwrap();
        assert_eq!(answer.records(member).count(), count, "{operation}");
        let answer = call(&mut world, operation, &filter("colour", &["blue"]));
        fails(answer, VALUE, "colour");
    }
    let subnets = call(&mut world, "DescribeSubnets", &Record::new()).unwrap();
    let free: i64 = subnets
        .records("Subnets")
        .filter_map(|subnet| subnet.integer("AvailableIpAddressCount"))
        .sum();
    assert_eq!(free, 3 * 4_091 - 1);
    for (operation, member, id, code) in [
        ("DescribeVpcs", "VpcIds", "vpc-0", "InvalidVpcID.NotFound"),
        (
            "DescribeSubnets",
            "SubnetIds",
            "subnet-0",
            "InvalidSubnetID.NotFound",
        ),
        (
            "DescribeSecurityGroups",
            "GroupIds",
            "sg-0",
            "InvalidGroup.NotFound",
        ),
        (
            "DescribeImages",
            "ImageIds",
            "ami-00000000",
            "InvalidAMIID.NotFound",
        ),
        (
            "DescribeVolumes",
            "VolumeIds",
            "vol-0",
            "InvalidVolume.NotFound",
        ),
        (
            "DescribeInstanceTypes",
            "InstanceTypes",
            "x1.16xlarge",
            "InvalidInstanceType",
        ),
        (
            "DescribeRegions",
            "RegionNames",
            "eu-nowhere-1",
            "InvalidParameterValue",
        ),
    ] {
        let answer = call(&mut world, operation, &Record::new().with(member, vec![id]));
        fails(answer, (code, 400), id);
    }
}

#[test]
fn credits_are_of_burstable_types_alone() {
    let mut world = World::new();
    let credits = |kind: &str| texts(&[("CpuCredits", kind)]);
    let asked = launch(1, 1).with("CreditSpecification", credits("standard"));
    let id = run(&mut world, &asked).remove(0);
    let answer = of(&mut world, "DescribeInstanceCreditSpecifications", &id).unwrap();
    let shown = answer
        .records("InstanceCreditSpecifications")
        .next()
        .unwrap();
    assert_eq!(shown.text("CpuCredits"), Some("standard"));
    let steady = launch(1, 1).with("InstanceType", "m5.large");
    let id = run(&mut world, &steady).remove(0);
    let answer = of(&mut world, "DescribeInstanceCreditSpecifications", &id);
    fails(
        answer,
        ("InvalidInstanceCreditSpecification", 400),
        "m5.large",
    );
    let both = steady.with("CreditSpecification", credits("unlimited"));
    let answer = call(&mut world, "RunInstances", &both);
    fails(answer, ("InvalidParameterCombination", 400), "m5.large");
    let other = launch(1, 1).with("CreditSpecification", credits("many"));
    fails(call(&mut world, "RunInstances", &other), VALUE, "many");
    let arm = launch(1, 1).with("InstanceType", "t4g.micro");
    fails(
        call(&mut world, "RunInstances", &arm),
        VALUE,
        "architecture",
    );
}
