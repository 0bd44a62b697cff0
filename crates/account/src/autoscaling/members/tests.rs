//! Members that come and go by themselves, and processes that rest.

use protocol::{Fault, Record};

use crate::testing::{World, fails, policy, texts};

const INVALID: (&str, u16) = ("ValidationError", 400);

fn call(world: &mut World, operation: &str, input: &Record) -> Result<Record, Fault> {
    world.admin("autoscaling", operation, input)
}

fn on_group(ids: &[&str]) -> Record {
    let input = texts(&[("AutoScalingGroupName", "web")]);
    if ids.is_empty() {
        return input;
    }
    input.with(
        "InstanceIds",
        ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>(),
    )
}

/// A group of two that may grow to three.
fn made() -> World {
    let mut world = World::new();
    let data = texts(&[("ImageId", "ami-12c6146b"), ("InstanceType", "t3.micro")]);
    let template = texts(&[("LaunchTemplateName", "web")]).with("LaunchTemplateData", data);
    world
        .admin("ec2", "CreateLaunchTemplate", &template)
        .unwrap();
    let subnets = world.state.settings().network.subnets.iter();
    let subnets: Vec<String> = subnets.map(|it| it.id.clone()).collect();
    let tag = texts(&[("Key", "team"), ("Value", "blue")]).with("PropagateAtLaunch", true);
    let input = on_group(&[])
        .with("LaunchTemplate", texts(&[("LaunchTemplateName", "web")]))
        .with("VPCZoneIdentifier", subnets.join(","))
        .with("MinSize", 1)
        .with("MaxSize", 3)
        .with("DesiredCapacity", 2)
        .with("Tags", vec![tag]);
    call(&mut world, "CreateAutoScalingGroup", &input).unwrap();
    world
}

fn group(world: &mut World) -> Record {
    let answer = call(world, "DescribeAutoScalingGroups", &Record::new()).unwrap();
    answer.records("AutoScalingGroups").next().unwrap().clone()
}

fn members(world: &mut World) -> Vec<String> {
    let group = group(world);
    let ids = group
        .records("Instances")
        .filter_map(|it| it.text("InstanceId"));
    ids.map(str::to_owned).collect()
}

fn set(world: &mut World, desired: i64) {
    let input = on_group(&[]).with("DesiredCapacity", desired);
    call(world, "SetDesiredCapacity", &input).unwrap();
}

#[test]
fn an_instance_joins_and_leaves() {
    let mut world = made();
    let id = world
        .state
        .instance_ids()
        .find(|id| {
            let instance = &world.state.instance(id).unwrap().instance;
            instance.auto_scaling_group().is_none()
        })
        .unwrap()
        .to_owned();
    call(&mut world, "AttachInstances", &on_group(&[&id])).unwrap();
    assert!(members(&mut world).contains(&id));
    assert_eq!(group(&mut world).integer("DesiredCapacity"), Some(3));
    let again = call(&mut world, "AttachInstances", &on_group(&[&id]));
    fails(again, INVALID, "above its max size 3");
    set(&mut world, 2);
    let kept = members(&mut world);
    assert_eq!(kept.len(), 2);

    let one = &kept[0];
    let leaving = on_group(&[one]).with("ShouldDecrementDesiredCapacity", true);
    let answer = call(&mut world, "DetachInstances", &leaving).unwrap();
    let activity = answer.records("Activities").next().unwrap();
    let expect = format!("Detaching EC2 instance: {one}");
    assert_eq!(activity.text("Description"), Some(expect.as_str()));
    assert_eq!(members(&mut world), [kept[1].clone()]);
    assert!(world.state.instance(one).unwrap().instance.is_running());
    let last = on_group(&[&kept[1]]);
    let below = last.clone().with("ShouldDecrementDesiredCapacity", true);
    fails(
        call(&mut world, "DetachInstances", &below),
        INVALID,
        "below its min size 1",
    );
    // Without, another one takes its place.
    let replaced = last.with("ShouldDecrementDesiredCapacity", false);
    call(&mut world, "DetachInstances", &replaced).unwrap();
    let now = members(&mut world);
    assert!(now.len() == 1 && now[0] != kept[1], "{now:?}");
}

#[test]
fn who_cannot_join_is_told_why() {
    let mut world = made();
    let member = members(&mut world)[0].clone();
    let answer = call(&mut world, "AttachInstances", &on_group(&[&member]));
    fails(answer, INVALID, "is already part of AutoScalingGroup:web");
    let answer = call(&mut world, "AttachInstances", &on_group(&["i-00000000"]));
    fails(answer, INVALID, "Invalid Instance ID(s): i-00000000");
    fails(
        call(&mut world, "AttachInstances", &on_group(&[])),
        INVALID,
        "At least one",
    );
    let input = on_group(&["i-00000000"]).with("ShouldDecrementDesiredCapacity", true);
    set(&mut world, 3);
    let words = "The instance i-00000000 is not part of Auto Scaling group web.";
    fails(call(&mut world, "DetachInstances", &input), INVALID, words);
    let mut other = on_group(&[&member]);
    other.set("AutoScalingGroupName", "other");
    fails(
        call(&mut world, "AttachInstances", &other),
        INVALID,
        "name not found",
    );
    let user = world.user("u", &policy("Allow", "ec2:*", "*"));
    let answer = world.call(
        &user,
        "autoscaling",
        "AttachInstances",
        &on_group(&[&member]),
    );
    fails(answer, ("AccessDenied", 403), "autoscaling:AttachInstances");
}

#[test]
fn a_protected_member_is_kept_when_the_group_shrinks() {
    let mut world = made();
    let oldest = members(&mut world)[0].clone();
    let protect = |protects: bool| on_group(&[&oldest]).with("ProtectedFromScaleIn", protects);
    call(&mut world, "SetInstanceProtection", &protect(true)).unwrap();
    set(&mut world, 1);
    assert_eq!(members(&mut world), std::slice::from_ref(&oldest));
    call(&mut world, "SetInstanceProtection", &protect(false)).unwrap();
    let shown = group(&mut world);
    let member = shown.records("Instances").next().unwrap();
    assert_eq!(member.boolean("ProtectedFromScaleIn"), Some(false));
    let other = on_group(&["i-00000000"]).with("ProtectedFromScaleIn", true);
    let answer = call(&mut world, "SetInstanceProtection", &other);
    fails(answer, INVALID, "is not part of Auto Scaling group web");
}

#[test]
fn what_rests_is_done_when_it_is_resumed() {
    let mut world = made();
    let processes = |names: &[&str]| {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        on_group(&[]).with("ScalingProcesses", names)
    };
    call(
        &mut world,
        "SuspendProcesses",
        &processes(&["Launch", "Terminate"]),
    )
    .unwrap();
    let shown = group(&mut world);
    let suspended = shown.records("SuspendedProcesses");
    let names: Vec<_> = suspended.filter_map(|it| it.text("ProcessName")).collect();
    assert_eq!(names, ["Launch", "Terminate"]);
    for (desired, resumed) in [(3, "Launch"), (1, "Terminate")] {
        let before = members(&mut world).len();
        set(&mut world, desired);
        assert_eq!(members(&mut world).len(), before);
        call(&mut world, "ResumeProcesses", &processes(&[resumed])).unwrap();
        let after = members(&mut world).len();
        assert_eq!(i64::try_from(after).unwrap(), desired, "{resumed}");
    }
    let answer = call(&mut world, "SuspendProcesses", &processes(&["Sleep"]));
    fails(answer, INVALID, "Invalid process name: Sleep");
}

#[test]
fn an_unhealthy_member_stays_while_nobody_looks() {
    for resting in ["HealthCheck", "ReplaceUnhealthy"] {
        let mut world = made();
        let names = on_group(&[]).with("ScalingProcesses", vec![resting]);
        call(&mut world, "SuspendProcesses", &names).unwrap();
        let ill = members(&mut world)[0].clone();
        let stop = Record::new().with("InstanceIds", vec![ill.as_str()]);
        world.admin("ec2", "StopInstances", &stop).unwrap();
        assert!(members(&mut world).contains(&ill), "{resting}");
        call(&mut world, "ResumeProcesses", &on_group(&[])).unwrap();
        let after = members(&mut world);
        assert!(after.len() == 2 && !after.contains(&ill), "{resting}");
    }
}

#[test]
fn tags_are_listed_by_filters() {
    let mut world = made();
    let filter = |name: &str, value: &str| {
        let filter = texts(&[("Name", name)]).with("Values", vec![value]);
        Record::new().with("Filters", vec![filter])
    };
    for (name, value, count) in [
        ("auto-scaling-group", "web", 1),
        ("auto-scaling-group", "other", 0),
        ("key", "team", 1),
        ("value", "red", 0),
        ("propagate-at-launch", "true", 1),
    ] {
        let answer = call(&mut world, "DescribeTags", &filter(name, value)).unwrap();
        assert_eq!(answer.list("Tags").len(), count, "{name} {value}");
    }
    let answer = call(&mut world, "DescribeTags", &filter("owner", "me"));
    assert_eq!(answer.unwrap_err().code, "ValidationError");
}
