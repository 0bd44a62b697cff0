//! Launch configurations, and groups that launch by them.

use protocol::{Fault, Record, Value};

use crate::testing::{World, fails, policy, statements, texts};

const INVALID: (&str, u16) = ("ValidationError", 400);
const PROFILE: &str = "ec2-secrets-manager-profile";

fn call(world: &mut World, operation: &str, input: &Record) -> Result<Record, Fault> {
    world.admin("autoscaling", operation, input)
}

fn asked() -> Record {
    let options = texts(&[("HttpTokens", "required"), ("HttpEndpoint", "enabled")]);
    texts(&[
        ("LaunchConfigurationName", "old"),
        ("ImageId", "ami-12c6146b"),
        ("InstanceType", "t3.micro"),
        ("IamInstanceProfile", PROFILE),
    ])
    .with(
        "UserData",
        protocol::Secret::from_text("IyEvYmluL3No".to_owned()),
    )
    .with(
        "MetadataOptions",
        options.with("HttpPutResponseHopLimit", 3),
    )
}

fn subnets(world: &World) -> String {
    let subnets = world.state.settings().network.subnets.iter();
    subnets
        .map(|it| it.id.clone())
        .collect::<Vec<_>>()
        .join(",")
}

fn grouped(world: &World) -> Record {
    texts(&[
        ("AutoScalingGroupName", "web"),
        ("LaunchConfigurationName", "old"),
        ("VPCZoneIdentifier", &subnets(world)),
    ])
    .with("MinSize", 1)
    .with("MaxSize", 2)
}

fn made() -> World {
    let mut world = World::new();
    call(&mut world, "CreateLaunchConfiguration", &asked()).unwrap();
    world
}

fn configurations(world: &mut World) -> Vec<Record> {
    let answer = call(world, "DescribeLaunchConfigurations", &Record::new()).unwrap();
    answer.records("LaunchConfigurations").cloned().collect()
}

#[test]
fn a_configuration_is_shown_as_it_was_made() {
    let mut world = made();
    let all = configurations(&mut world);
    let [shown] = all.as_slice() else {
        panic!("{all:?}");
    };
    assert_eq!(shown.text("LaunchConfigurationName"), Some("old"));
    let arn = shown.text("LaunchConfigurationARN").unwrap();
    let prefix = "arn:aws:autoscaling:us-east-1:123456789012:launchConfiguration:";
    assert!(arn.starts_with(prefix) && arn.ends_with(":launchConfigurationName/old"));
    assert_eq!(shown.text("ImageId"), Some("ami-12c6146b"));
    assert_eq!(shown.text("IamInstanceProfile"), Some(PROFILE));
    assert_eq!(shown.secret("UserData").unwrap().expose(), b"IyEvYmluL3No");
    let monitoring = shown.record("InstanceMonitoring").unwrap();
    assert_eq!(monitoring.boolean("Enabled"), Some(true));
    let options = shown.record("MetadataOptions").unwrap();
    assert_eq!(options.integer("HttpPutResponseHopLimit"), Some(3));
    assert_eq!(shown.get("CreatedTime"), Some(&Value::Timestamp(world.now)));

    let other = Record::new().with("LaunchConfigurationNames", vec!["other"]);
    let answer = call(&mut world, "DescribeLaunchConfigurations", &other).unwrap();
    assert!(answer.list("LaunchConfigurations").is_empty());
}

#[test]
fn a_group_launches_what_its_configuration_says() {
    let mut world = made();
    let input = grouped(&world);
    call(&mut world, "CreateAutoScalingGroup", &input).unwrap();

    let group = call(&mut world, "DescribeAutoScalingGroups", &Record::new()).unwrap();
    let group = group.records("AutoScalingGroups").next().unwrap().clone();
    assert_eq!(group.text("LaunchConfigurationName"), Some("old"));
    assert!(group.record("LaunchTemplate").is_none());
    let member = group.records("Instances").next().unwrap().clone();
    assert_eq!(member.text("LaunchConfigurationName"), Some("old"));
    assert!(member.record("LaunchTemplate").is_none());
    let id = member.text("InstanceId").unwrap();
    let instance = &world.state.instance(id).unwrap().instance;
    assert_eq!(instance.instance_type, "t3.micro");
    assert_eq!(instance.metadata_options.hop_limit, 3);
    assert_eq!(instance.user_data.as_ref().unwrap().expose(), b"#!/bin/sh");
    assert!(instance.attributes.monitored);
    let profile = instance.association.as_ref().unwrap();
    assert!(profile.profile_arn.ends_with(PROFILE));
}

#[test]
fn a_group_changes_from_one_to_the_other() {
    let mut world = made();
    let input = grouped(&world);
    call(&mut world, "CreateAutoScalingGroup", &input).unwrap();
    let data = texts(&[("ImageId", "ami-12c6146b"), ("InstanceType", "t3.micro")]);
    let template = texts(&[("LaunchTemplateName", "new")]).with("LaunchTemplateData", data);
    world
        .admin("ec2", "CreateLaunchTemplate", &template)
        .unwrap();
    let by_template = texts(&[("AutoScalingGroupName", "web")])
        .with("LaunchTemplate", texts(&[("LaunchTemplateName", "new")]));
    call(&mut world, "UpdateAutoScalingGroup", &by_template).unwrap();

    let group = call(&mut world, "DescribeAutoScalingGroups", &Record::new()).unwrap();
    let group = group.records("AutoScalingGroups").next().unwrap().clone();
    assert!(group.text("LaunchConfigurationName").is_none());
    assert!(group.record("LaunchTemplate").is_some());
    // Its first instance was launched by what it used then.
    let member = group.records("Instances").next().unwrap();
    assert_eq!(member.text("LaunchConfigurationName"), Some("old"));
    let gone = texts(&[("LaunchConfigurationName", "old")]);
    call(&mut world, "DeleteLaunchConfiguration", &gone).unwrap();
}

#[test]
fn one_in_use_is_not_deleted() {
    let mut world = made();
    let input = grouped(&world);
    call(&mut world, "CreateAutoScalingGroup", &input).unwrap();
    let named = texts(&[("LaunchConfigurationName", "old")]);
    let answer = call(&mut world, "DeleteLaunchConfiguration", &named);
    let words = "Cannot delete launch configuration old because it is attached to AutoScalingGroup \
                 web";
    fails(answer, ("ResourceInUse", 400), words);
    let group = texts(&[("AutoScalingGroupName", "web")]).with("ForceDelete", true);
    call(&mut world, "DeleteAutoScalingGroup", &group).unwrap();
    call(&mut world, "DeleteLaunchConfiguration", &named).unwrap();
    assert!(configurations(&mut world).is_empty());
    let words = "Launch configuration name not found - Launch configuration old not found";
    let answer = call(&mut world, "DeleteLaunchConfiguration", &named);
    fails(answer, INVALID, words);
}

#[test]
fn what_could_not_be_launched_is_refused() {
    let mut world = made();
    let fresh = || {
        let mut input = asked();
        input.set("LaunchConfigurationName", "new");
        input
    };
    let twice = call(&mut world, "CreateLaunchConfiguration", &asked());
    fails(
        twice,
        ("AlreadyExists", 400),
        "already exists with the name old",
    );
    let mapping = texts(&[("DeviceName", "/dev/xvdb"), ("VirtualName", "ephemeral0")]);
    for (member, value, words) in [
        ("ImageId", Value::from("ami-00000000"), "does not exist"),
        ("KeyName", "key".into(), "The key pair 'key' does not exist"),
        ("IamInstanceProfile", "none".into(), "none"),
        (
            "SecurityGroups",
            vec!["sg-1"].into_iter().map(Value::from).collect(),
            "sg-1",
        ),
        (
            "SpotPrice",
            "0.1".into(),
            "the parameter SpotPrice as given",
        ),
        (
            "InstanceId",
            "i-00000000".into(),
            "the parameter InstanceId as given",
        ),
        (
            "AssociatePublicIpAddress",
            true.into(),
            "AssociatePublicIpAddress as given",
        ),
        (
            "PlacementTenancy",
            "dedicated".into(),
            "PlacementTenancy as given",
        ),
        (
            "BlockDeviceMappings",
            vec![mapping].into_iter().collect(),
            "VirtualName as given",
        ),
    ] {
        let mut input = fresh();
        input.set(member, value);
        fails(
            call(&mut world, "CreateLaunchConfiguration", &input),
            INVALID,
            words,
        );
    }
    let neither = texts(&[
        ("LaunchConfigurationName", "new"),
        ("ImageId", "ami-12c6146b"),
    ]);
    let words = "both the ImageId and InstanceType parameters";
    fails(
        call(&mut world, "CreateLaunchConfiguration", &neither),
        INVALID,
        words,
    );
}

#[test]
fn a_group_is_launched_by_one_thing() {
    let mut world = made();
    let words = "Valid requests must contain either LaunchTemplate, LaunchConfigurationName, \
                 InstanceId or MixedInstancesPolicy parameter.";
    let mut none = Record::new();
    for (name, value) in grouped(&world).members() {
        if name != "LaunchConfigurationName" {
            none.set(name, value.clone());
        }
    }
    fails(
        call(&mut world, "CreateAutoScalingGroup", &none),
        INVALID,
        words,
    );
    let data = texts(&[("ImageId", "ami-12c6146b"), ("InstanceType", "t3.micro")]);
    let template = texts(&[("LaunchTemplateName", "new")]).with("LaunchTemplateData", data);
    world
        .admin("ec2", "CreateLaunchTemplate", &template)
        .unwrap();
    let both = grouped(&world).with("LaunchTemplate", texts(&[("LaunchTemplateName", "new")]));
    fails(
        call(&mut world, "CreateAutoScalingGroup", &both),
        INVALID,
        words,
    );
    let mut other = grouped(&world);
    other.set("LaunchConfigurationName", "other");
    let answer = call(&mut world, "CreateAutoScalingGroup", &other);
    fails(answer, INVALID, "Launch configuration other not found");
    let mixed = Record::new().with(
        "LaunchTemplate",
        Record::new().with(
            "LaunchTemplateSpecification",
            texts(&[("LaunchTemplateName", "new")]),
        ),
    );
    let mixed = none.with("MixedInstancesPolicy", mixed);
    let answer = call(&mut world, "CreateAutoScalingGroup", &mixed);
    fails(
        answer,
        INVALID,
        "does not support the parameter MixedInstancesPolicy",
    );
}

#[test]
fn who_names_a_profile_must_be_allowed_to_pass_its_role() {
    let mut world = World::new();
    let create = "CreateLaunchConfiguration";
    let user = world.user("u", &policy("Allow", "autoscaling:*", "*"));
    let answer = world.call(&user, "autoscaling", create, &asked());
    fails(answer, ("AccessDenied", 403), "iam:PassRole");
    let document = statements(
        r#"{"Effect":"Allow","Action":"autoscaling:CreateLaunchConfiguration","Resource":
            "arn:aws:autoscaling:*:*:launchConfiguration:*:launchConfigurationName/old",
            "Condition":{"StringEquals":{"autoscaling:MetadataHttpTokens":"required",
             "autoscaling:InstanceType":"t3.micro"}}},
           {"Effect":"Allow","Action":"iam:PassRole","Resource":"*"}"#,
    );
    let user = world.user("v", &document);
    let mut weaker = asked();
    weaker.set("MetadataOptions", texts(&[("HttpTokens", "optional")]));
    let answer = world.call(&user, "autoscaling", create, &weaker);
    fails(
        answer,
        ("AccessDenied", 403),
        "autoscaling:CreateLaunchConfiguration",
    );
    assert!(world.call(&user, "autoscaling", create, &asked()).is_ok());
    let limits = call(&mut world, "DescribeAccountLimits", &Record::new()).unwrap();
    assert_eq!(limits.integer("NumberOfLaunchConfigurations"), Some(1));
    assert_eq!(limits.integer("NumberOfAutoScalingGroups"), Some(0));
    assert_eq!(limits.integer("MaxNumberOfLaunchConfigurations"), Some(200));
}

#[test]
fn user_data_are_in_no_record_of_the_call() {
    let world = &mut World::new();
    let service = protocol::shape::Service::find("autoscaling").unwrap();
    let operation = service.operation("CreateLaunchConfiguration").unwrap();
    let request = world.signed(&world.admin.clone(), service, operation, &asked());
    let place = crate::home::Home::new("123456789012", "us-east-1");
    let record = world.outcome(&request).trail.record(&place);
    assert!(
        record.contains("ami-12c6146b") && !record.contains("IyEvYmluL3No"),
        "{record}"
    );
}
