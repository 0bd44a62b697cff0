//! The group that a call names: what its needs are about, and what is changed and put back.

use protocol::{Fault, Record};

use crate::entity::{AutoScalingGroup, GroupTag, Tag};
use crate::gate::{Need, keys};
use crate::operation::required;
use crate::transaction::Transaction;

/// A need on the group that the call names, whether or not there is one.
pub(super) fn on_group(
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

pub(super) fn on_named(action: &'static str, transaction: &Transaction, name: &str) -> Need {
    let found = transaction.state().auto_scaling_groups().get(name);
    let id = found.map_or("*", |group| group.id.as_str());
    let need = Need::new(action, arn(transaction, id, name));
    let tags = found.map_or(&[][..], |group| &group.tags);
    let tags: Vec<_> = tags.iter().map(plain).collect();
    need.on_tagged(&keys::AUTOSCALING_RESOURCE_TAG, &tags)
}

pub(super) fn arn(transaction: &Transaction, id: &str, name: &str) -> String {
    let state = transaction.state();
    let resource = format!("autoScalingGroup:{id}:autoScalingGroupName/{name}");
    protocol::Arn::new("autoscaling", state.region(), state.account_id(), &resource).to_string()
}

/// The group that the call names, to be changed and put back.
pub(super) fn load(transaction: &Transaction, input: &Record) -> Result<AutoScalingGroup, Fault> {
    let name = required(input, "AutoScalingGroupName")?;
    let groups = transaction.state().auto_scaling_groups();
    let found = groups.get(name).map(|group| AutoScalingGroup::clone(group));
    found.ok_or_else(|| {
        invalid(format!(
            "AutoScalingGroup name not found - AutoScalingGroup '{name}' not found"
        ))
    })
}

pub(super) fn invalid(message: impl Into<String>) -> Fault {
    Fault::new("ValidationError", message.into())
}

/// The tag without what it means for instances.
pub(super) fn plain(tag: &GroupTag) -> Tag {
    Tag {
        key: tag.key.clone(),
        value: tag.value.clone(),
    }
}

// Source: Auto Scaling User Guide, "Quotas".
pub(super) const GROUPS_MAX: usize = 500;
// Source: Auto Scaling User Guide, "Tag naming and usage restrictions".
pub(super) const TAGS_MAX: usize = 50;
