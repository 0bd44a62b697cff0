//! Instances by their ids, and the needs that calls on them have.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use protocol::Fault;

use crate::entity::Instance;
use crate::gate::{Need, keys};
use crate::state::HeldInstance;
use crate::transaction::Transaction;

/// A need on an instance, with the condition keys that it supplies.
pub(super) fn on_instance(action: &'static str, transaction: &Transaction, id: &str) -> Need {
    let need = Need::new(action, arn(transaction, &format!("instance/{id}")));
    let Some(held) = transaction.state().instance(id) else {
        return need;
    };
    let instance = &held.instance;
    let need = need
        .with(&keys::EC2_INSTANCE_ID, id)
        .with(&keys::EC2_INSTANCE_TYPE, instance.instance_type.as_str())
        .with(
            &keys::EC2_AVAILABILITY_ZONE,
            instance.placement.availability_zone.as_str(),
        )
        .on_tagged(&keys::EC2_RESOURCE_TAG, &instance.tags);
    match &instance.association {
        Some(association) => need.with(
            &keys::EC2_INSTANCE_PROFILE,
            association.profile_arn.as_str(),
        ),
        None => need,
    }
}

pub(super) fn arn(transaction: &Transaction, resource: &str) -> String {
    let state = transaction.state();
    protocol::Arn::new("ec2", state.region(), state.account_id(), resource).to_string()
}

/// The instance by id, as long as EC2 still speaks of it.
pub(super) fn load<'a>(
    transaction: &'a Transaction,
    id: &str,
) -> Result<&'a Arc<HeldInstance>, Fault> {
    if !is_instance_id(id) {
        return Err(Fault::new(
            "InvalidInstanceID.Malformed",
            format!("Invalid id: \"{id}\""),
        ));
    }
    let held = transaction.state().instance(id);
    held.filter(|held| is_visible(&held.instance, transaction.now))
        .ok_or_else(|| {
            Fault::new(
                "InvalidInstanceID.NotFound",
                format!("The instance ID '{id}' does not exist"),
            )
        })
}

/// The instance by id, unless it has been terminated.
pub(super) fn load_live(transaction: &Transaction, id: &str) -> Result<Instance, Fault> {
    let instance = load(transaction, id)?.instance.clone();
    if instance.terminated.is_some() {
        return Err(Fault::new(
            "IncorrectInstanceState",
            format!("The instance '{id}' is not in a state from which this can be done."),
        ));
    }
    Ok(instance)
}

/// Terminated instances are shown for a while and then forgotten.
pub(super) fn is_visible(instance: &Instance, now: Timestamp) -> bool {
    instance
        .terminated
        .is_none_or(|at| now < at + TERMINATED_VISIBLE)
}

pub(super) fn is_instance_id(id: &str) -> bool {
    id.strip_prefix("i-").is_some_and(|hex| {
        matches!(hex.len(), 8 | 17) && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

// Source: EC2 User Guide, "Terminate Amazon EC2 instances": visible for about an hour.
pub(super) const TERMINATED_VISIBLE: SignedDuration = SignedDuration::from_hours(1);
