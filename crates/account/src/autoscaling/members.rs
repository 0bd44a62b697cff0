//! Instances that join, leave and are kept, and processes of a group that rest.
//!
//! Source: Auto Scaling API Reference, "AttachInstances", "DetachInstances",
//! "SetInstanceProtection", "SuspendProcesses"; User Guide, "Suspend and resume processes".

use protocol::{Fault, Record, Value};

use super::describe;
use super::group::{invalid, load, on_group};
use super::settle::{TERMINATE, bring, end_log};
use crate::entity::{AUTO_SCALING_GROUP_TAG, AutoScalingGroup, Entity, LaunchedBy, Member, Tag};
use crate::gate::Caller;
use crate::operation::Row;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "AttachInstances",
        needs: |t, _, i| Ok(vec![on_group("autoscaling:AttachInstances", t, i)?]),
        run: attach,
    },
    Row {
        operation: "DetachInstances",
        needs: |t, _, i| Ok(vec![on_group("autoscaling:DetachInstances", t, i)?]),
        run: detach,
    },
    Row {
        operation: "SetInstanceProtection",
        needs: |t, _, i| Ok(vec![on_group("autoscaling:SetInstanceProtection", t, i)?]),
        run: protect,
    },
    Row {
        operation: "SuspendProcesses",
        needs: |t, _, i| Ok(vec![on_group("autoscaling:SuspendProcesses", t, i)?]),
        run: suspend,
    },
    Row {
        operation: "ResumeProcesses",
        needs: |t, _, i| Ok(vec![on_group("autoscaling:ResumeProcesses", t, i)?]),
        run: resume,
    },
];

/// The group wants as many more as join it.
fn attach(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let mut group = load(transaction, input)?;
    let ids = instance_ids(input)?;
    let joining = u32::try_from(ids.len()).unwrap_or(u32::MAX);
    let desired = group.desired.saturating_add(joining);
    if desired > group.max {
        return Err(invalid(format!(
            "Attaching {joining} instances would take AutoScalingGroup {} above its max size {}.",
            group.name, group.max
        )));
    }
    for id in ids {
        join(transaction, &mut group, id)?;
    }
    group.desired = desired;
    let cause = "an instance was attached in response to a user request.";
    bring(transaction, &mut group, cause)?;
    transaction.put(Entity::AutoScalingGroup(group))?;
    Ok(Record::new())
}

fn join(
    transaction: &mut Transaction,
    group: &mut AutoScalingGroup,
    id: &str,
) -> Result<(), Fault> {
    let state = transaction.state();
    let held = state.instance(id);
    let held = held.filter(|held| held.instance.is_running());
    let mut instance = held
        .map(|held| held.instance.clone())
        .ok_or_else(|| invalid(format!("Invalid Instance ID(s): {id}")))?;
    if let Some(other) = instance.auto_scaling_group() {
        return Err(invalid(format!(
            "Instance {id} is already part of AutoScalingGroup:{other}"
        )));
    }
    let zone = &instance.placement.availability_zone;
    let mut subnets = state.settings().network.subnets.iter();
    let is_covered = subnets
        .any(|subnet| group.subnets.contains(&subnet.id) && subnet.availability_zone == *zone);
    if !is_covered {
        return Err(invalid(format!(
            "The instance {id} is not in the availability zones of AutoScalingGroup {}.",
            group.name
        )));
    }
    instance.tags.push(Tag {
        key: AUTO_SCALING_GROUP_TAG.to_owned(),
        value: group.name.clone(),
    });
    let configuration = match &group.by {
        LaunchedBy::Configuration { configuration } => Some(configuration.clone()),
        LaunchedBy::Template(_) => None,
    };
    group.members.push(Member {
        instance: id.to_owned(),
        version: 0,
        configuration,
        is_protected: group.protects_new,
    });
    transaction.put(Entity::Instance(instance))
}

fn detach(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let mut group = load(transaction, input)?;
    let ids = instance_ids(input)?;
    let leaving = u32::try_from(ids.len()).unwrap_or(u32::MAX);
    if input.boolean("ShouldDecrementDesiredCapacity") == Some(true) {
        let desired = group.desired.checked_sub(leaving);
        group.desired = desired.filter(|it| *it >= group.min).ok_or_else(|| {
            invalid(format!(
                "Detaching {leaving} instances would take AutoScalingGroup {} below its min size \
                 {}.",
                group.name, group.min
            ))
        })?;
    }
    let cause = "instance was detached in response to a user request.";
    let mut shown: Vec<Record> = Vec::new();
    for id in ids {
        let at = position(&group, id)?;
        group.members.remove(at);
        if let Some(held) = transaction.state().instance(id) {
            let mut instance = held.instance.clone();
            instance
                .tags
                .retain(|tag| tag.key != AUTO_SCALING_GROUP_TAG);
            transaction.put(Entity::Instance(instance))?;
        }
        end_log(
            transaction,
            &mut group,
            format!("Detaching EC2 instance: {id}"),
            cause,
        );
        let last = group.activities.last();
        shown.extend(last.map(|activity| describe::activity(transaction, &group, activity)));
    }
    bring(transaction, &mut group, cause)?;
    transaction.put(Entity::AutoScalingGroup(group))?;
    Ok(Record::new().with("Activities", shown.into_iter().collect::<Value>()))
}

fn protect(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let mut group = load(transaction, input)?;
    let protects = input.boolean("ProtectedFromScaleIn").unwrap_or(false);
    for id in instance_ids(input)? {
        let at = position(&group, id)?;
        if let Some(member) = group.members.get_mut(at) {
            member.is_protected = protects;
        }
    }
    transaction.put(Entity::AutoScalingGroup(group))?;
    Ok(Record::new())
}

/// The instances named, none twice.
fn instance_ids(input: &Record) -> Result<Vec<&str>, Fault> {
    let mut ids: Vec<&str> = input.texts("InstanceIds").collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Err(invalid("At least one instance ID must be given."));
    }
    if ids.len() > INSTANCES_MAX {
        return Err(invalid(format!(
            "At most {INSTANCES_MAX} instances can be named in a call."
        )));
    }
    Ok(ids)
}

fn position(group: &AutoScalingGroup, id: &str) -> Result<usize, Fault> {
    let mut members = group.members.iter();
    members
        .position(|member| member.instance == id)
        .ok_or_else(|| {
            invalid(format!(
                "The instance {id} is not part of Auto Scaling group {}.",
                group.name
            ))
        })
}

fn suspend(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let mut group = load(transaction, input)?;
    group.suspended.extend(processes(input)?);
    group.suspended.sort();
    group.suspended.dedup();
    transaction.put(Entity::AutoScalingGroup(group))?;
    Ok(Record::new())
}

/// What rested meanwhile is done now.
fn resume(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let mut group = load(transaction, input)?;
    let resumed = processes(input)?;
    group.suspended.retain(|name| !resumed.contains(name));
    bring(transaction, &mut group, "a user request resumed processes.")?;
    transaction.put(Entity::AutoScalingGroup(group))?;
    Ok(Record::new())
}

/// The processes named, or all.
fn processes(input: &Record) -> Result<Vec<String>, Fault> {
    let asked: Vec<String> = input.texts("ScalingProcesses").map(str::to_owned).collect();
    if let Some(other) = asked
        .iter()
        .find(|name| !PROCESSES.contains(&name.as_str()))
    {
        return Err(invalid(format!("Invalid process name: {other}")));
    }
    if asked.is_empty() {
        return Ok(PROCESSES.iter().map(|name| (*name).to_owned()).collect());
    }
    Ok(asked)
}

// Source: Auto Scaling API Reference, AttachInstances.
const INSTANCES_MAX: usize = 20;
/// Those that have nothing to do here can rest as well.
const PROCESSES: &[&str] = &[
    "AZRebalance",
    "AddToLoadBalancer",
    "AlarmNotification",
    "HealthCheck",
    "InstanceRefresh",
    "Launch",
    "ReplaceUnhealthy",
    "ScheduledActions",
    TERMINATE,
];

#[cfg(test)]
mod tests;
