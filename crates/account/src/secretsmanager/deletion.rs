//! Deletion with its recovery window, and restoring.

use jiff::SignedDuration;
use protocol::{Fault, Record};

use super::answer::named;
use super::faults::invalid_parameter;
use super::lookup::{load, load_live, on_secret};
use crate::entity::{Entity, Key};
use crate::gate::Caller;
use crate::operation::{Row, required};
use crate::state::HeldSecret;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "DeleteSecret",
        needs: |t, _, i| on_secret("secretsmanager:DeleteSecret", t, i),
        run: delete,
    },
    Row {
        operation: "RestoreSecret",
        needs: |t, _, i| on_secret("secretsmanager:RestoreSecret", t, i),
        run: restore,
    },
];

fn delete(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let forced = input.boolean("ForceDeleteWithoutRecovery").unwrap_or(false);
    let window = input.integer("RecoveryWindowInDays");
    if forced && window.is_some() {
        return Err(invalid_parameter(
            "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
        ));
    }
    let days = window.unwrap_or(WINDOW_DAYS_DEFAULT);
    if !(WINDOW_DAYS_MIN..=WINDOW_DAYS_MAX).contains(&days) {
        return Err(invalid_parameter(format!(
            "The RecoveryWindowInDays value must be between {WINDOW_DAYS_MIN} and \
             {WINDOW_DAYS_MAX} days (inclusive)."
        )));
    }
    let now = transaction.now;
    if forced {
        // Deleting what is not there succeeds, so that the call can be repeated.
        let Ok(held) = load(transaction, input) else {
            let id = required(input, "SecretId")?;
            return Ok(Record::new()
                .with(
                    "ARN",
                    super::lookup::arn_of_missing(transaction.state(), id),
                )
                .with("Name", id)
                .with("DeletionDate", now));
        };
        purge(transaction, &held)?;
        return Ok(named(&held.secret).with("DeletionDate", now));
    }
    let held = load_live(transaction, input)?;
    let mut secret = held.secret.clone();
    let end = now + SignedDuration::from_hours(24 * days);
    secret.deletion = Some((now, end));
    let answer = named(&secret).with("DeletionDate", end);
    transaction.put(Entity::Secret(secret))?;
    Ok(answer)
}

fn restore(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let held = load(transaction, input)?;
    let mut secret = held.secret.clone();
    let answer = named(&secret);
    if secret.deletion.take().is_some() {
        transaction.put(Entity::Secret(secret))?;
    }
    Ok(answer)
}

/// Removes a secret and all its versions for good.
pub(super) fn purge(transaction: &mut Transaction, held: &HeldSecret) -> Result<(), Fault> {
    let name = &held.secret.name;
    for id in held.versions.keys() {
        transaction.delete(Key::SecretVersion(name.clone(), id.clone()))?;
    }
    transaction.delete(Entity::Secret(held.secret.clone()).key())
}

// Source: Secrets Manager API Reference, DeleteSecret.
const WINDOW_DAYS_MIN: i64 = 7;
const WINDOW_DAYS_DEFAULT: i64 = 30;
const WINDOW_DAYS_MAX: i64 = 30;
