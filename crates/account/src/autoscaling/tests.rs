//! Groups, and that they keep their number.

use protocol::{Fault, Record};

use crate::testing::{World, fails, policy, statements, texts};

const GROUP: &str = "web";
const INVALID: (&str, u16) = ("ValidationError", 400);
const PROFILE: &str = "ec2-secrets-manager-profile";

fn call(world: &mut World, operation: &str, input: &Record) -> Result<Record, Fault> {
    world.admin("autoscaling", operation, input)
}

fn template(world: &mut World) -> String {
    let data = texts(&[("ImageId", "ami-12c6146b"), ("InstanceType", "t3.micro")])
        .with("IamInstanceProfile", texts(&[("Name", PROFILE)]));
    let input = texts(&[("LaunchTemplateName", "web")]).with("LaunchTemplateData", data);
    let made = world.admin("ec2", "CreateLaunchTemplate", &input).unwrap();
    let made = made.record("LaunchTemplate").unwrap();
    made.text("LaunchTemplateId").unwrap().to_owned()
}

fn subnets(world: &World) -> Vec<String> {
    let subnets = world.state.settings().network.subnets.iter();
    subnets.map(|subnet| subnet.id.clone()).collect()
}

fn sizes(min: i64, max: i64, desired: i64) -> Record {
    texts(&[("AutoScalingGroupName", GROUP)])
        .with("MinSize", min)
        .with("MaxSize", max)
        .with("DesiredCapacity", desired)
}

fn making(world: &mut World, min: i64, max: i64, desired: i64) -> Record {
    let id = template(world);
    let tag = texts(&[("Key", "team"), ("Value", "blue")]).with("PropagateAtLaunch", true);
    sizes(min, max, desired)
        .with(
            "LaunchTemplate",
            texts(&[("LaunchTemplateId", &id), ("Version", "$Latest")]),
        )
        .with("VPCZoneIdentifier", subnets(world).join(","))
        .with("Tags", vec![tag])
}

fn make(world: &mut World, min: i64, max: i64, desired: i64) {
    let input = making(world, min, max, desired);
    call(world, "CreateAutoScalingGroup", &input).unwrap();
}

fn group(world: &mut World) -> Record {
    let input = Record::new().with("AutoScalingGroupNames", vec![GROUP]);
    let answer = call(world, "DescribeAutoScalingGroups", &input).unwrap();
    answer.records("AutoScalingGroups").next().unwrap().clone()
}

fn members(world: &mut World) -> Vec<String> {
    let group = group(world);
    let instances = group.records("Instances");
    instances
        .map(|it| {
            assert_eq!(it.text("LifecycleState"), Some("InService"));
            assert_eq!(it.text("HealthStatus"), Some("Healthy"));
            it.text("InstanceId").unwrap().to_owned()
        })
        .collect()
}

fn running(world: &mut World) -> Vec<String> {
    let filter = |name: &str, value: &str| texts(&[("Name", name)]).with("Values", vec![value]);
    let filters = vec![
        filter("tag:aws:autoscaling:groupName", GROUP),
        filter("instance-state-name", "running"),
    ];
    let input = Record::new().with("Filters", filters);
    let answer = world.admin("ec2", "DescribeInstances", &input).unwrap();
    let instances = answer.records("Reservations").flat_map(|it| {
        let ids = it.records("Instances");
        ids.map(|it| it.text("InstanceId").unwrap().to_owned())
            .collect::<Vec<_>>()
    });
    instances.collect()
}

#[track_caller]
fn keeps(world: &mut World, number: usize) -> Vec<String> {
    let mut members = members(world);
    members.sort();
    let mut running = running(world);
    running.sort();
    assert_eq!(members, running);
    assert_eq!(members.len(), number);
    members
}

fn ec2(world: &mut World, operation: &str, id: &str) {
    let input = Record::new().with("InstanceIds", vec![id]);
    world.admin("ec2", operation, &input).unwrap();
}

fn set(world: &mut World, desired: i64) -> Result<Record, Fault> {
    let input = texts(&[("AutoScalingGroupName", GROUP)]).with("DesiredCapacity", desired);
    call(world, "SetDesiredCapacity", &input)
}

#[test]
fn a_group_keeps_its_number_across_zones() {
    let mut world = World::new();
    make(&mut world, 0, 6, 3);
    let first = keeps(&mut world, 3);
    let shown = group(&mut world);
    let zones: std::collections::BTreeSet<_> = shown
        .records("Instances")
        .map(|it| it.text("AvailabilityZone").unwrap().to_owned())
        .collect();
    assert_eq!(zones.len(), 3);
    let instance = &world.state.instance(&first[0]).unwrap().instance;
    assert!(instance.association.is_some());
    let tag = |key: &str| instance.tags.iter().find(|tag| tag.key == key);
    assert_eq!(tag("team").unwrap().value, "blue");
    assert_eq!(tag("aws:ec2launchtemplate:version").unwrap().value, "1");

    set(&mut world, 5).unwrap();
    keeps(&mut world, 5);
    let update = sizes(0, 1, 1);
    call(&mut world, "UpdateAutoScalingGroup", &update).unwrap();
    keeps(&mut world, 1);
    let lower = texts(&[("AutoScalingGroupName", GROUP)])
        .with("MinSize", 1)
        .with("MaxSize", 2);
    call(&mut world, "UpdateAutoScalingGroup", &lower).unwrap();
    keeps(&mut world, 1);
}

#[test]
fn what_is_terminated_or_stopped_is_replaced_at_once() {
    let mut world = World::new();
    make(&mut world, 0, 2, 2);
    let before = keeps(&mut world, 2);
    ec2(&mut world, "TerminateInstances", &before[0]);
    let after = keeps(&mut world, 2);
    assert!(!after.contains(&before[0]) && after.contains(&before[1]));
    ec2(&mut world, "StopInstances", &before[1]);
    let after = keeps(&mut world, 2);
    assert!(!after.contains(&before[1]));
    let stopped = &world.state.instance(&before[1]).unwrap().instance;
    assert!(stopped.terminated.is_some());

    let input = texts(&[("AutoScalingGroupName", GROUP)]);
    let answer = call(&mut world, "DescribeScalingActivities", &input).unwrap();
    let shown: Vec<_> = answer.records("Activities").collect();
    assert_eq!(shown.len(), 6);
    assert!(
        shown
            .iter()
            .all(|it| it.text("StatusCode") == Some("Successful"))
    );
}

#[test]
fn a_launch_that_fails_is_an_activity_and_no_fault_of_the_call_that_led_to_it() {
    let mut world = World::new();
    make(&mut world, 0, 2, 1);
    let before = keeps(&mut world, 1);
    let input = texts(&[("LaunchTemplateName", "web")]);
    world.admin("ec2", "DeleteLaunchTemplate", &input).unwrap();
    ec2(&mut world, "TerminateInstances", &before[0]);
    keeps(&mut world, 0);
    let input = texts(&[("AutoScalingGroupName", GROUP)]).with("MaxRecords", 1);
    let answer = call(&mut world, "DescribeScalingActivities", &input).unwrap();
    assert!(answer.text("NextToken").is_some());
    let latest = answer.records("Activities").next().unwrap();
    assert_eq!(latest.text("StatusCode"), Some("Failed"));
    assert!(
        latest
            .text("StatusMessage")
            .unwrap()
            .contains("does not exist")
    );
    fails(set(&mut world, 2), INVALID, "does not exist");
}

#[test]
fn a_member_is_terminated_with_or_without_a_replacement() {
    let mut world = World::new();
    make(&mut world, 1, 2, 2);
    let ending = |id: &str, less: bool| {
        texts(&[("InstanceId", id)]).with("ShouldDecrementDesiredCapacity", less)
    };
    let operation = "TerminateInstanceInAutoScalingGroup";
    let before = keeps(&mut world, 2);
    let answer = call(&mut world, operation, &ending(&before[0], false)).unwrap();
    let activity = answer.record("Activity").unwrap();
    let words = format!("Terminating EC2 instance: {}", before[0]);
    assert_eq!(activity.text("Description"), Some(&*words));
    keeps(&mut world, 2);
    call(&mut world, operation, &ending(&before[1], true)).unwrap();
    let last = keeps(&mut world, 1);
    fails(
        call(&mut world, operation, &ending(&last[0], true)),
        INVALID,
        "minSize (1)",
    );
    let other = ending("i-00000000", false);
    fails(
        call(&mut world, operation, &other),
        INVALID,
        "Instance Id not found",
    );
    keeps(&mut world, 1);
}

#[test]
fn protected_members_stay() {
    let mut world = World::new();
    let input = making(&mut world, 0, 2, 2).with("NewInstancesProtectedFromScaleIn", true);
    call(&mut world, "CreateAutoScalingGroup", &input).unwrap();
    set(&mut world, 0).unwrap();
    keeps(&mut world, 2);
}

#[test]
fn a_group_goes_when_it_is_empty_or_forced() {
    let mut world = World::new();
    make(&mut world, 0, 2, 2);
    let named = texts(&[("AutoScalingGroupName", GROUP)]);
    let in_use = ("ResourceInUse", 400);
    fails(
        call(&mut world, "DeleteAutoScalingGroup", &named),
        in_use,
        "instances",
    );
    let forced = named.clone().with("ForceDelete", true);
    call(&mut world, "DeleteAutoScalingGroup", &forced).unwrap();
    assert!(running(&mut world).is_empty());
    fails(
        call(&mut world, "DeleteAutoScalingGroup", &named),
        INVALID,
        "not found",
    );
    fails(set(&mut world, 1), INVALID, "not found");
    let answer = call(&mut world, "DescribeAutoScalingGroups", &Record::new()).unwrap();
    assert_eq!(answer.records("AutoScalingGroups").count(), 0);
    let answer = call(&mut world, "DescribeScalingActivities", &named);
    fails(answer, INVALID, "not found");
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table of cases")]
fn groups_that_cannot_be_are_refused_and_launch_nothing() {
    let mut world = World::new();
    let good = making(&mut world, 0, 2, 1);
    let by = |pairs: &[(&'static str, &str)]| texts(pairs);
    let without_image = texts(&[("LaunchTemplateName", "bare")])
        .with("LaunchTemplateData", texts(&[("InstanceType", "t3.micro")]));
    world
        .admin("ec2", "CreateLaunchTemplate", &without_image)
        .unwrap();
    for (input, words) in [
        (
            good.clone().with("MinSize", 3),
            "greater than or equal to min bound",
        ),
        (
            good.clone().with("DesiredCapacity", 3),
            "between the specified min size",
        ),
        (good.clone().with("MaxSize", 100_000), "at most"),
        (good.clone().with("MinSize", -1), "MinSize"),
        (
            good.clone().with("VPCZoneIdentifier", "subnet-0"),
            "subnet-0",
        ),
        (good.clone().with("VPCZoneIdentifier", ","), "at least one"),
        (
            good.clone().with("HealthCheckType", "ELB"),
            "HealthCheckType",
        ),
        (
            good.clone().with("TargetGroupARNs", vec!["arn:x"]),
            "TargetGroupARNs",
        ),
        (
            good.clone()
                .with("TerminationPolicies", vec!["OldestInstance"]),
            "OldestInstance",
        ),
        (good.clone().with("AutoScalingGroupName", "a:b"), "colon"),
        (
            good.clone()
                .with("LaunchTemplate", by(&[("LaunchTemplateId", "lt-0")])),
            "lt-0",
        ),
        (
            good.clone().with(
                "LaunchTemplate",
                by(&[("LaunchTemplateName", "web"), ("Version", "9")]),
            ),
            "version",
        ),
        (
            good.clone()
                .with("LaunchTemplate", by(&[("LaunchTemplateName", "bare")])),
            "fully-formed launch template",
        ),
        (
            sizes(0, 1, 1).with("VPCZoneIdentifier", "x"),
            "LaunchTemplate",
        ),
    ] {
        let answer = call(&mut world, "CreateAutoScalingGroup", &input);
        fails(answer, INVALID, words);
    }
    assert!(running(&mut world).is_empty());
    call(&mut world, "CreateAutoScalingGroup", &good).unwrap();
    let exists = ("AlreadyExists", 400);
    fails(
        call(&mut world, "CreateAutoScalingGroup", &good),
        exists,
        GROUP,
    );
    for (desired, words) in [(3, "above max value 2"), (-1, "below min value 0")] {
        fails(set(&mut world, desired), INVALID, words);
    }
    keeps(&mut world, 1);
}

#[test]
fn who_gives_a_group_its_template_must_be_allowed_to_launch() {
    let mut world = World::new();
    let input = making(&mut world, 0, 2, 1);
    let denied = ("AccessDenied", 403);
    let create = "CreateAutoScalingGroup";
    let scaling = r#"{"Effect":"Allow","Action":"autoscaling:*","Resource":"*"}"#;
    let launching = r#"{"Effect":"Allow","Action":["ec2:RunInstances","ec2:CreateTags"],
        "Resource":"*"}"#;
    let numbered = r#"{"Effect":"Deny","Action":"autoscaling:CreateAutoScalingGroup",
        "Resource":"*",
        "Condition":{"Bool":{"autoscaling:LaunchTemplateVersionSpecified":"false"}}}"#;
    let pass = r#"{"Effect":"Allow","Action":"iam:PassRole","Resource":"*"}"#;
    for (name, allowed, words) in [
        ("one", scaling.to_owned(), "ec2:RunInstances"),
        ("two", format!("{scaling},{launching}"), "iam:PassRole"),
        (
            "three",
            format!("{scaling},{launching},{pass},{numbered}"),
            create,
        ),
    ] {
        let user = world.user(name, &statements(&allowed));
        fails(
            world.call(&user, "autoscaling", create, &input),
            denied,
            words,
        );
    }
    let all = format!("{scaling},{launching},{pass}");
    let user = world.user("four", &statements(&all));
    world.call(&user, "autoscaling", create, &input).unwrap();
    // Its number is the group's own matter.
    let only = policy("Allow", "autoscaling:SetDesiredCapacity", "*");
    let user = world.user("five", &only);
    let desired = texts(&[("AutoScalingGroupName", GROUP)]).with("DesiredCapacity", 2);
    world
        .call(&user, "autoscaling", "SetDesiredCapacity", &desired)
        .unwrap();
    keeps(&mut world, 2);
}

#[test]
fn instances_of_groups_are_described() {
    let mut world = World::new();
    make(&mut world, 0, 2, 2);
    let members = keeps(&mut world, 2);
    let input = Record::new().with("MaxRecords", 1);
    let answer = call(&mut world, "DescribeAutoScalingInstances", &input).unwrap();
    let shown = answer.records("AutoScalingInstances").next().unwrap();
    assert_eq!(shown.text("InstanceId"), Some(&*members[0]));
    assert_eq!(answer.text("NextToken"), Some(&*members[0]));
    let launched_by = shown.record("LaunchTemplate").unwrap();
    assert_eq!(launched_by.text("Version"), Some("1"));
    let none = Record::new().with("InstanceIds", vec!["i-00000000"]);
    let answer = call(&mut world, "DescribeAutoScalingInstances", &none).unwrap();
    assert_eq!(answer.records("AutoScalingInstances").count(), 0);
    let input = Record::new().with("MaxRecords", 101);
    let answer = call(&mut world, "DescribeAutoScalingInstances", &input);
    fails(answer, INVALID, "MaxRecords");
}

#[test]
fn tags_of_groups_are_put_and_taken_off() {
    let mut world = World::new();
    make(&mut world, 0, 2, 0);
    let tag = |group: &str, key: &str| {
        let tag = texts(&[("ResourceId", group), ("Key", key), ("Value", "red")]);
        Record::new().with("Tags", vec![tag.with("PropagateAtLaunch", false)])
    };
    let held = |world: &mut World| {
        let group = group(world);
        let tags = group.records("Tags");
        tags.map(|tag| tag.text("Value").unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    call(&mut world, "CreateOrUpdateTags", &tag(GROUP, "team")).unwrap();
    assert_eq!(held(&mut world), ["red"]);
    for operation in ["CreateOrUpdateTags", "DeleteTags"] {
        fails(
            call(&mut world, operation, &tag("none", "k")),
            INVALID,
            "not found",
        );
        fails(
            call(&mut world, operation, &tag(GROUP, "aws:k")),
            INVALID,
            "aws:",
        );
    }
    call(&mut world, "DeleteTags", &tag(GROUP, "team")).unwrap();
    assert!(held(&mut world).is_empty());
    let many = (0..51).map(|at| texts(&[("ResourceId", GROUP), ("Key", &at.to_string())]));
    let many = Record::new().with("Tags", many.collect::<Vec<_>>());
    fails(
        call(&mut world, "CreateOrUpdateTags", &many),
        INVALID,
        "at most 50",
    );
}
