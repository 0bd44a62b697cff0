//! Auto Scaling: groups that keep a number of instances.
//!
//! There is no process that watches: whatever call changes a group or one of its instances brings
//! the group to its number in the same transaction (`settle`).
//!
//! Source: Amazon EC2 Auto Scaling API Reference and User Guide.

mod changes;
mod configurations;
mod describe;
mod fidelity;
mod members;
mod parameters;
mod settle;
mod tags;

use protocol::{Fault, Record};

pub(crate) use self::fidelity::FIDELITY;
pub(crate) use self::settle::{UNHEALTHY, group_of, settle};
use crate::entity::AutoScalingGroup;
use crate::gate::{Need, keys};
use crate::operation::{Row, required};
use crate::transaction::Transaction;

pub(crate) static ROWS: &[&[Row]] = &[
    changes::ROWS,
    configurations::ROWS,
    members::ROWS,
    tags::ROWS,
    describe::ROWS,
];

/// A need on the group that the call names, whether or not there is one.
fn on_group(
    action: &'static str,
    transaction: &Transaction,
    input: &Record,
) -> Result<Need, Fault> {
    Ok(on_named(
        action,
        transaction,
        required(input, "AutoScalingGroupName")?,
    ))
}

fn on_named(action: &'static str, transaction: &Transaction, name: &str) -> Need {
    let found = transaction.state().auto_scaling_groups().get(name);
    let id = found.map_or("*", |group| group.id.as_str());
    let need = Need::new(action, arn(transaction, id, name));
    let tags = found.map_or(&[][..], |group| &group.tags);
    let tags: Vec<_> = tags.iter().map(parameters::plain).collect();
    need.on_tagged(&keys::AUTOSCALING_RESOURCE_TAG, &tags)
}

fn arn(transaction: &Transaction, id: &str, name: &str) -> String {
    let state = transaction.state();
    let resource = format!("autoScalingGroup:{id}:autoScalingGroupName/{name}");
    protocol::Arn::new("autoscaling", state.region(), state.account_id(), &resource).to_string()
}

/// The group that the call names, to be changed and put back.
fn load(transaction: &Transaction, input: &Record) -> Result<AutoScalingGroup, Fault> {
    let name = required(input, "AutoScalingGroupName")?;
    let groups = transaction.state().auto_scaling_groups();
    let found = groups.get(name).map(|group| AutoScalingGroup::clone(group));
    found.ok_or_else(|| {
        invalid(format!(
            "AutoScalingGroup name not found - AutoScalingGroup '{name}' not found"
        ))
    })
}

fn invalid(message: impl Into<String>) -> Fault {
    Fault::new("ValidationError", message.into())
}

#[cfg(test)]
mod tests;
