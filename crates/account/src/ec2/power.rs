//! Starting, stopping and rebooting, and how instances do. Nothing runs, so all of it is done with
//! the answer.

use std::collections::BTreeSet;

use protocol::{Fault, Record, Value};

use super::instances::{is_visible, load, on_instance};
use super::listing::{Listing, one};
use super::shown::Status;
use crate::entity::{Entity, Instance, Maintenance, MaintenanceState};
use crate::gate::{Caller, Need};
use crate::operation::Row;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "StartInstances",
        needs: |transaction, _, input| on_all("ec2:StartInstances", transaction, input),
        run: start,
    },
    Row {
        operation: "StopInstances",
        needs: |transaction, _, input| on_all("ec2:StopInstances", transaction, input),
        run: stop,
    },
    Row {
        operation: "RebootInstances",
        needs: |transaction, _, input| on_all("ec2:RebootInstances", transaction, input),
        run: reboot,
    },
    Row {
        operation: "MonitorInstances",
        needs: |transaction, _, input| on_all("ec2:MonitorInstances", transaction, input),
        run: |transaction, _, input| monitor(transaction, input, true),
    },
    Row {
        operation: "UnmonitorInstances",
        needs: |transaction, _, input| on_all("ec2:UnmonitorInstances", transaction, input),
        run: |transaction, _, input| monitor(transaction, input, false),
    },
    Row {
        operation: "DescribeInstanceStatus",
        needs: |_, _, _| Ok(vec![Need::new("ec2:DescribeInstanceStatus", "*")]),
        run: describe,
    },
];

/// A need on each instance that `InstanceIds` names.
pub(super) fn on_all(
    action: &'static str,
    transaction: &Transaction,
    input: &Record,
) -> Result<Vec<Need>, Fault> {
    let ids = input.texts("InstanceIds");
    let needs: Vec<Need> = ids.map(|id| on_instance(action, transaction, id)).collect();
    if needs.is_empty() {
        let message = "The request must contain the parameter InstanceId";
        return Err(Fault::new("MissingParameter", message));
    }
    Ok(needs)
}

/// The instances named, each once, all of which must be there.
fn named(transaction: &Transaction, input: &Record) -> Result<Vec<Instance>, Fault> {
    let ids: BTreeSet<&str> = input.texts("InstanceIds").collect();
    ids.into_iter()
        .map(|id| Ok(load(transaction, id)?.instance.clone()))
        .collect()
}

fn check_live(instance: &Instance, done: &str) -> Result<(), Fault> {
    if instance.terminated.is_none() {
        return Ok(());
    }
    Err(on_its_way(instance, done))
}

fn on_its_way(instance: &Instance, done: &str) -> Fault {
    let message = format!(
        "This instance '{}' is not in a state from which it can be {done}.",
        instance.id
    );
    Fault::new("IncorrectInstanceState", message)
}

fn start(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    super::faults::refuse(input, REFUSED)?;
    let mut changes = Vec::new();
    for mut instance in named(transaction, input)? {
        check_live(&instance, "started")?;
        let before = Status::of(transaction, &instance);
        let current = match before {
            Status::Stopped => Status::Pending,
            Status::Stopping => return Err(on_its_way(&instance, "started")),
            other => other,
        };
        changes.push(change(&instance.id, before, current));
        if before == Status::Stopped {
            instance.stopped = None;
            instance.launched = transaction.now;
            // It starts on another host, which is what most events ask for.
            instance.notices.settle(MaintenanceState::Completed);
            transaction.put(Entity::Instance(instance))?;
        }
    }
    Ok(Record::new().with("StartingInstances", changes))
}

fn stop(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    if input.boolean("Hibernate") == Some(true) {
        let message = "Instances here are not enabled for hibernation.";
        return Err(Fault::new("UnsupportedHibernationConfiguration", message));
    }
    let mut changes = Vec::new();
    for mut instance in named(transaction, input)? {
        check_live(&instance, "stopped")?;
        if instance.attributes.stop_protected {
            let message = format!(
                "The instance '{}' may not be stopped. Modify its 'disableApiStop' instance \
                 attribute and try again.",
                instance.id
            );
            return Err(Fault::new("OperationNotPermitted", message));
        }
        let before = Status::of(transaction, &instance);
        let current = match before {
            Status::Running => Status::Stopping,
            Status::Pending => return Err(on_its_way(&instance, "stopped")),
            other => other,
        };
        changes.push(change(&instance.id, before, current));
        if before == Status::Running {
            instance.stopped = Some(transaction.now);
            transaction.put(Entity::Instance(instance))?;
        }
    }
    Ok(Record::new().with("StoppingInstances", changes))
}

/// What one call did to an instance's state.
pub(super) fn change(id: &str, before: Status, current: Status) -> Record {
    Record::new()
        .with("InstanceId", id)
        .with("CurrentState", current.record())
        .with("PreviousState", before.record())
}

/// An instance that is not running cannot be rebooted; one that is has been with the answer.
fn reboot(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    for instance in named(transaction, input)? {
        if Status::of(transaction, &instance) != Status::Running {
            let message = format!(
                "Instance '{}' is not in a state from which it can be rebooted.",
                instance.id
            );
            return Err(Fault::new("IncorrectState", message));
        }
    }
    Ok(Record::new())
}

/// What is measured stays the same: nothing.
fn monitor(transaction: &mut Transaction, input: &Record, enabled: bool) -> Result<Record, Fault> {
    let state = if enabled { "pending" } else { "disabling" };
    let mut changes = Vec::new();
    for mut instance in named(transaction, input)? {
        check_live(&instance, "monitored")?;
        changes.push(
            Record::new()
                .with("InstanceId", instance.id.as_str())
                .with("Monitoring", Record::new().with("State", state)),
        );
        instance.attributes.monitored = enabled;
        transaction.put(Entity::Instance(instance))?;
    }
    Ok(Record::new().with("InstanceMonitorings", changes))
}

fn describe(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let known = [
        "availability-zone",
        "instance-state-code",
        "instance-state-name",
        "instance-status.reachability",
        "instance-status.status",
        "system-status.reachability",
        "system-status.status",
    ];
    let listing = Listing::read(input, "InstanceIds", &known)?;
    for id in input.texts("InstanceIds") {
        load(transaction, id)?;
    }
    let all = input.boolean("IncludeAllInstances").unwrap_or(false);
    let instances = transaction.state().instances().values();
    let instances = instances
        .map(|held| &held.instance)
        .filter(|instance| is_visible(instance, transaction.now))
        .filter(|instance| all || Status::of(transaction, instance) == Status::Running);
    let (page, next) = listing.page(
        instances,
        |instance| instance.id.clone(),
        |instance, name| {
            let status = Status::of(transaction, instance);
            match name {
                "availability-zone" => one(&instance.placement.availability_zone),
                "instance-state-code" => one(status.code().to_string()),
                "instance-state-name" => one(status.name()),
                "instance-status.status" | "system-status.status" => one(summary(status)),
                "instance-status.reachability" | "system-status.reachability" => Some(
                    reachability(status)
                        .map(str::to_owned)
                        .into_iter()
                        .collect(),
                ),
                _ => None,
            }
        },
    );
    let shown: Value = page
        .iter()
        .map(|instance| status(transaction, instance))
        .collect();
    Ok(Record::new()
        .with("InstanceStatuses", shown)
        .with_some("NextToken", next))
}

fn status(transaction: &Transaction, instance: &Instance) -> Record {
    let status = Status::of(transaction, instance);
    let check = || {
        let details: Vec<Record> = reachability(status)
            .map(|passed| {
                Record::new()
                    .with("Name", "reachability")
                    .with("Status", passed)
            })
            .into_iter()
            .collect();
        Record::new()
            .with("Status", summary(status))
            .with("Details", details)
    };
    let events = instance.notices.scheduled().map(event);
    let events: Vec<Record> = events.collect();
    Record::new()
        .with("InstanceId", instance.id.as_str())
        .with(
            "AvailabilityZone",
            instance.placement.availability_zone.as_str(),
        )
        .with_some("Events", (!events.is_empty()).then_some(events))
        .with("InstanceState", status.record())
        .with("InstanceStatus", check())
        .with("SystemStatus", check())
}

fn event(event: &Maintenance) -> Record {
    Record::new()
        .with("InstanceEventId", event.id.as_str())
        .with("Code", event.code.as_str())
        .with("Description", event.code.description())
        .with("NotBefore", event.not_before)
        .with_some("NotAfter", event.not_after)
}

fn summary(status: Status) -> &'static str {
    match status {
        Status::Running => "ok",
        _ => "not-applicable",
    }
}

fn reachability(status: Status) -> Option<&'static str> {
    (status == Status::Running).then_some("passed")
}

pub(super) const REFUSED: &[&str] = &["AdditionalInfo"];
