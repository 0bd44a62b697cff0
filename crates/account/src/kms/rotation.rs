//! Rotation: new material from time to time, while the old one still decrypts.
//!
//! Nothing here runs by itself: material that is due is made by the next call that encrypts.
//!
//! Source: KMS Developer Guide, "Rotate KMS keys".

use std::sync::Arc;

use protocol::{Fault, Record};

use super::faults::{limit_exceeded, unsupported};
use super::lookup::{check_usable, load, on_key, remembered};
use super::{material, pages};
use crate::entity::{Entity, KmsKey, KmsKeySpec, KmsKeyState, KmsMaterial, KmsRotation};
use crate::gate::{Caller, keys};
use crate::operation::Row;
use crate::state::HeldKey;
use crate::transaction::{Transaction, internal_failure};

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "EnableKeyRotation",
        needs: |transaction, _, input| {
            let needs = on_key("kms:EnableKeyRotation", transaction, input)?;
            let Some(days) = input.integer("RotationPeriodInDays") else {
                return Ok(needs);
            };
            let needs = needs.into_iter();
            Ok(needs
                .map(|need| need.with(&keys::KMS_ROTATION_DAYS, days))
                .collect())
        },
        run: enable,
    },
    Row {
        operation: "DisableKeyRotation",
        needs: |t, _, i| on_key("kms:DisableKeyRotation", t, i),
        run: disable,
    },
    Row {
        operation: "GetKeyRotationStatus",
        needs: |t, _, i| on_key("kms:GetKeyRotationStatus", t, i),
        run: status,
    },
    Row {
        operation: "RotateKeyOnDemand",
        needs: |t, _, i| on_key("kms:RotateKeyOnDemand", t, i),
        run: on_demand,
    },
    Row {
        operation: "ListKeyRotations",
        needs: |t, _, i| on_key("kms:ListKeyRotations", t, i),
        run: list,
    },
];

fn enable(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let held = load(transaction, input)?;
    check_rotates(&held)?;
    check_usable(&held)?;
    let mut key = held.key.clone();
    let before = key.rotation;
    key.rotation = Some(KmsRotation {
        period_days: input
            .integer("RotationPeriodInDays")
            .or(before.map(|rotation| rotation.period_days))
            .unwrap_or(PERIOD_DAYS_DEFAULT),
        since: before.map_or(transaction.now, |rotation| rotation.since),
    });
    if key.rotation != before {
        transaction.put(Entity::KmsKey(key))?;
    }
    Ok(Record::new())
}

fn disable(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let held = load(transaction, input)?;
    check_rotates(&held)?;
    check_usable(&held)?;
    let mut key = held.key.clone();
    if key.rotation.take().is_some() {
        transaction.put(Entity::KmsKey(key))?;
    }
    Ok(Record::new())
}

/// An authentication code does not say which material made it.
fn check_rotates(held: &HeldKey) -> Result<(), Fault> {
    match held.key.spec {
        KmsKeySpec::Symmetric => Ok(()),
        spec => Err(unsupported(format!(
            "Keys of the key spec {} do not rotate.",
            spec.name()
        ))),
    }
}

/// A key that waits for its deletion does not rotate, nor do keys of the other specs, of which that
/// may be asked as well.
fn status(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let held = load(transaction, input)?;
    let is_kept = !matches!(held.key.state, KmsKeyState::PendingDeletion { .. });
    let rotation = held.key.rotation.filter(|_| is_kept);
    Ok(Record::new()
        .with("KeyId", held.key.id.as_str())
        .with("KeyRotationEnabled", rotation.is_some())
        .with_some(
            "RotationPeriodInDays",
            rotation.map(|rotation| rotation.period_days),
        )
        .with_some("NextRotationDate", rotation.map(|rotation| rotation.next())))
}

/// The key as it encrypts now: with new material, where that is due.
pub(super) fn current(
    transaction: &mut Transaction,
    held: &Arc<HeldKey>,
) -> Result<Arc<HeldKey>, Fault> {
    let now = transaction.now;
    let is_due = |rotation: &KmsRotation| rotation.next() <= now;
    let Some(rotation) = held.key.rotation.filter(is_due) else {
        return Ok(Arc::clone(held));
    };
    // A period has at least 90 days, which bounds how many there can be.
    let mut key = rotated(transaction, held, false)?;
    key.rotation = Some(KmsRotation {
        since: now,
        ..rotation
    });
    let home = key.home();
    transaction.put_in(home, Entity::KmsKey(key))?;
    let rotated = remembered(transaction.state(), &held.key.id, now);
    rotated.cloned().ok_or_else(internal_failure)
}

/// The key with new material.
fn rotated(
    transaction: &mut Transaction,
    held: &HeldKey,
    on_demand: bool,
) -> Result<KmsKey, Fault> {
    let newest = material::newest(&held.key).ok_or_else(internal_failure)?;
    let version = newest.version.checked_add(1).ok_or_else(internal_failure)?;
    let mut key = held.key.clone();
    let secret =
        material::drawn(key.spec, &mut transaction.entropy).ok_or_else(internal_failure)?;
    key.materials.push(KmsMaterial {
        version,
        created: transaction.now,
        on_demand,
        secret,
    });
    Ok(key)
}

/// New material at once; when the next is due does not change.
fn on_demand(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let held = load(transaction, input)?;
    check_rotates(&held)?;
    check_usable(&held)?;
    let materials = held.key.materials.iter();
    if materials.filter(|material| material.on_demand).count() >= ON_DEMAND_MAX {
        return Err(limit_exceeded(format!(
            "A key is rotated on demand at most {ON_DEMAND_MAX} times."
        )));
    }
    let key = rotated(transaction, &held, true)?;
    let answer = Record::new().with("KeyId", key.arn.as_str());
    transaction.put(Entity::KmsKey(key))?;
    Ok(answer)
}

fn list(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let held = load(transaction, input)?;
    check_rotates(&held)?;
    let key = &held.key;
    let newest = material::newest(key).ok_or_else(internal_failure)?.version;
    let is_all = input.text("IncludeKeyMaterial") == Some("ALL_KEY_MATERIAL");
    let asked = key.materials.iter();
    let asked = asked.filter(|material| is_all || material.version > 1);
    // As long as the largest, so that they grow as text.
    let at = |material: &&KmsMaterial| format!("{:010}", material.version);
    pages::page(input, "Rotations", asked, at, |material| {
        let rotated = Some(material).filter(|material| material.version > 1);
        let kind = |material: &KmsMaterial| {
            if material.on_demand {
                "ON_DEMAND"
            } else {
                "AUTOMATIC"
            }
        };
        let is_current = material.version == newest;
        let state = if is_current { "CURRENT" } else { "NON_CURRENT" };
        let entry = Record::new()
            .with("KeyId", key.id.as_str())
            .with_some("KeyMaterialId", material::shown_id(key, material.version))
            .with("KeyMaterialState", state)
            .with_some("RotationDate", rotated.map(|material| material.created))
            .with_some("RotationType", rotated.map(|it| kind(it)));
        entry.into()
    })
}

// Source: KMS API Reference, "RotateKeyOnDemand".
const ON_DEMAND_MAX: usize = 25;
// Source: KMS API Reference, "EnableKeyRotation".
const PERIOD_DAYS_DEFAULT: i64 = 365;
