//! Whether a key can be used: enabled, disabled, on its way out.
//!
//! Source: KMS Developer Guide, "Key states of KMS keys" and "Delete a KMS key".

use jiff::SignedDuration;
use protocol::{Fault, Record};

use super::faults::{invalid_state, validation};
use super::lookup::{check_kept, load, on_key};
use crate::entity::{Entity, KmsKey, KmsKeyState};
use crate::gate::{Caller, keys};
use crate::operation::Row;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "EnableKey",
        needs: |t, _, i| on_key("kms:EnableKey", t, i),
        run: |t, _, i| turn(t, i, KmsKeyState::Enabled),
    },
    Row {
        operation: "DisableKey",
        needs: |t, _, i| on_key("kms:DisableKey", t, i),
        run: |t, _, i| turn(t, i, KmsKeyState::Disabled),
    },
    Row {
        operation: "ScheduleKeyDeletion",
        needs: |transaction, _, input| {
            let needs = on_key("kms:ScheduleKeyDeletion", transaction, input)?;
            let needs = needs.into_iter();
            Ok(needs
                .map(|need| need.with(&keys::KMS_PENDING_DAYS, window(input)))
                .collect())
        },
        run: schedule_deletion,
    },
    Row {
        operation: "CancelKeyDeletion",
        needs: |t, _, i| on_key("kms:CancelKeyDeletion", t, i),
        run: cancel_deletion,
    },
];

fn turn(
    transaction: &mut Transaction,
    input: &Record,
    state: KmsKeyState,
) -> Result<Record, Fault> {
    let held = load(transaction, input)?;
    check_kept(&held)?;
    if held.key.state != state {
        let key = held.key.clone();
        transaction.put(Entity::KmsKey(KmsKey { state, ..key }))?;
    }
    Ok(Record::new())
}

fn window(input: &Record) -> i64 {
    input
        .integer("PendingWindowInDays")
        .unwrap_or(WINDOW_DAYS_DEFAULT)
}

fn schedule_deletion(
    transaction: &mut Transaction,
    _: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    let days = window(input);
    if !(WINDOW_DAYS_MIN..=WINDOW_DAYS_MAX).contains(&days) {
        return Err(validation(format!(
            "PendingWindowInDays must be between {WINDOW_DAYS_MIN} and {WINDOW_DAYS_MAX} days \
             (inclusive)."
        )));
    }
    let held = load(transaction, input)?;
    check_kept(&held)?;
    let mut key = held.key.clone();
    let end = transaction.now + SignedDuration::from_hours(24 * days);
    key.state = KmsKeyState::PendingDeletion { end };
    let answer = Record::new()
        .with("KeyId", key.arn.as_str())
        .with("DeletionDate", end)
        .with("KeyState", "PendingDeletion")
        .with("PendingWindowInDays", days);
    transaction.put(Entity::KmsKey(key))?;
    Ok(answer)
}

/// The key is then disabled, whatever it was before.
fn cancel_deletion(
    transaction: &mut Transaction,
    _: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    let held = load(transaction, input)?;
    let mut key = held.key.clone();
    if !matches!(key.state, KmsKeyState::PendingDeletion { .. }) {
        let message = format!("{} is not pending deletion.", key.arn);
        return Err(invalid_state(message));
    }
    key.state = KmsKeyState::Disabled;
    let answer = Record::new().with("KeyId", key.arn.as_str());
    transaction.put(Entity::KmsKey(key))?;
    Ok(answer)
}

// Source: KMS API Reference, "ScheduleKeyDeletion".
const WINDOW_DAYS_MIN: i64 = 7;
const WINDOW_DAYS_DEFAULT: i64 = 30;
const WINDOW_DAYS_MAX: i64 = 30;
