//! Termination.

use std::collections::BTreeSet;

use protocol::{Fault, Record};

use super::instances::{is_visible, load};
use super::power::{change, on_all};
use super::shown::Status;
use crate::entity::{Entity, Instance, Key};
use crate::gate::Caller;
use crate::operation::Row;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[Row {
    operation: "TerminateInstances",
    needs: |transaction, _, input| on_all("ec2:TerminateInstances", transaction, input),
    run: terminate,
}];

fn terminate(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let mut changes = Vec::new();
    let asked: BTreeSet<&str> = input.texts("InstanceIds").collect();
    // All of them or none: the transaction is dropped when one cannot be terminated.
    for id in asked {
        let instance = load(transaction, id)?.instance.clone();
        if instance.termination_protected && instance.terminated.is_none() {
            return Err(Fault::new(
                "OperationNotPermitted",
                format!(
                    "The instance '{id}' may not be terminated. Modify its \
                     'disableApiTermination' instance attribute and try again."
                ),
            ));
        }
        let before = Status::of(transaction, &instance);
        let current = match before {
            Status::Terminated => Status::Terminated,
            _ => Status::ShuttingDown,
        };
        changes.push(change(id, before, current));
        if instance.terminated.is_none() {
            end(transaction, instance)?;
        }
    }
    forget(transaction)?;
    Ok(Record::new().with("TerminatingInstances", changes))
}

/// Terminates an instance, whatever protects it from calls.
pub(crate) fn end(transaction: &mut Transaction, mut instance: Instance) -> Result<(), Fault> {
    instance.terminated = Some(transaction.now);
    instance.stopped = None;
    instance.association = None;
    instance.user_data = None;
    instance.volumes = Vec::new();
    transaction.put(Entity::Instance(instance))
}

/// Deletes what has not been shown for a while, so that the account does not grow with its past.
pub(super) fn forget(transaction: &mut Transaction) -> Result<(), Fault> {
    let now = transaction.now;
    let gone = transaction.state().instances().values();
    let gone = gone.filter(|held| !is_visible(&held.instance, now));
    let gone: Vec<Key> = gone
        .map(|held| Key::Instance(held.instance.id.clone()))
        .take(FORGOTTEN_MAX)
        .collect();
    gone.into_iter().try_for_each(|key| transaction.delete(key))
}

// Bounds the work that one call does for others.
const FORGOTTEN_MAX: usize = 64;
