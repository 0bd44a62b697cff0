//! Instances that take their time from one state to the next.

use jiff::SignedDuration;
use protocol::shape::Service;
use protocol::wire;

use super::*;
use crate::InstanceDelay;

const DELAY_SECONDS: i64 = 5;
const STATE: (&str, u16) = ("IncorrectInstanceState", 400);

/// A call to a server whose instances need five seconds.
fn slowly(world: &mut World, operation: &str, input: &Record) -> Result<Record, Fault> {
    let service = Service::find("ec2").unwrap();
    let operation = service.operation(operation).unwrap();
    let admin = world.admin.clone();
    let mut request = world.signed(&admin, service, operation, input);
    let delay = InstanceDelay(SignedDuration::from_secs(DELAY_SECONDS));
    request.extensions_mut().insert(delay);
    let response = world.send(&request);
    wire::decode_output(service, operation, &response)
}

fn of(world: &mut World, operation: &str, id: &str) -> Result<Record, Fault> {
    let input = Record::new().with("InstanceIds", vec![id]);
    slowly(world, operation, &input)
}

fn state(world: &mut World, id: &str) -> String {
    let answer = of(world, "DescribeInstances", id).unwrap();
    let reservation = answer.records("Reservations").next().unwrap();
    let instance = reservation.records("Instances").next().unwrap();
    let state = instance.record("State").unwrap();
    state.text("Name").unwrap().to_owned()
}

/// The state now, a moment before the time is over, and when it is.
fn states(world: &mut World, id: &str) -> [String; 3] {
    let start = world.now;
    let at = |seconds| start + SignedDuration::from_secs(seconds);
    [0, DELAY_SECONDS - 1, DELAY_SECONDS].map(|seconds| {
        world.now = at(seconds);
        state(world, id)
    })
}

#[test]
fn states_take_the_time_that_is_asked_for() {
    let mut world = World::new();
    let id = world.instance_id();
    assert_eq!(states(&mut world, &id), ["pending", "pending", "running"]);

    of(&mut world, "StopInstances", &id).unwrap();
    assert_eq!(states(&mut world, &id), ["stopping", "stopping", "stopped"]);
    of(&mut world, "StartInstances", &id).unwrap();
    assert_eq!(states(&mut world, &id), ["pending", "pending", "running"]);
    of(&mut world, "TerminateInstances", &id).unwrap();
    let end = ["shutting-down", "shutting-down", "terminated"];
    assert_eq!(states(&mut world, &id), end);
}

#[test]
fn an_instance_on_its_way_is_not_sent_elsewhere() {
    let mut world = World::new();
    let id = world.instance_id();
    fails(of(&mut world, "StopInstances", &id), STATE, "stopped");
    let reboot = of(&mut world, "RebootInstances", &id);
    fails(reboot, ("IncorrectState", 400), "rebooted");
    let input = Record::new();
    let status = slowly(&mut world, "DescribeInstanceStatus", &input).unwrap();
    assert!(status.list("InstanceStatuses").is_empty());

    world.now += SignedDuration::from_secs(DELAY_SECONDS);
    let status = slowly(&mut world, "DescribeInstanceStatus", &input).unwrap();
    assert_eq!(status.list("InstanceStatuses").len(), 1);
    of(&mut world, "StopInstances", &id).unwrap();
    fails(of(&mut world, "StartInstances", &id), STATE, "started");
    // It may go at any time.
    of(&mut world, "TerminateInstances", &id).unwrap();
    assert_eq!(state(&mut world, &id), "shutting-down");
}
