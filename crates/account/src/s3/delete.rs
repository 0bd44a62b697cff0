//! Objects deleted: for good, or behind a marker where versions are kept.
//!
//! Source: S3 API Reference, "DeleteObject" and "DeleteObjects"; S3 User Guide, "Deleting object
//! versions from a versioning-enabled bucket".

use std::sync::Arc;

use protocol::Fault;

use super::call::{Call, Row};
use super::conditions;
use super::faults::invalid_argument;
use super::input::{Answer, Deleted};
use super::needs::{existing, on_object_named};
use super::objects::{lookup, place};
use super::settled;
use crate::entity::{Key, Versioning, version_of};
use crate::gate::{Need, keys};
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "DeleteObject",
        event: "DeleteObject",
        is_data: true,
        needs: |t, c| {
            let version = c.input.version.as_deref();
            Ok(vec![deleting(t, c, &c.input.key, version)?])
        },
        run: delete_one,
    },
    Row {
        operation: "DeleteObjects",
        event: "DeleteObjects",
        is_data: true,
        needs: |t, c| {
            let each = c.input.objects.iter().enumerate();
            let needs = each.map(|(at, (key, version))| {
                let need = deleting(t, c, key, version.as_deref())?;
                Ok(need.of_part(&at.to_string()))
            });
            needs.collect()
        },
        run: |t, c| Ok(delete_many(t, c)),
    },
];

fn deleting(
    transaction: &Transaction,
    call: &Call,
    key: &str,
    version: Option<&str>,
) -> Result<Need, Fault> {
    let action = match version {
        None => "s3:DeleteObject",
        Some(_) => "s3:DeleteObjectVersion",
    };
    let object = lookup(call.bucket(transaction)?, key, version, transaction.now);
    let object = object.ok().flatten();
    let need = on_object_named(action, transaction, call, key)?;
    Ok(existing(need, object.as_deref()).with_some(&keys::S3_VERSION_ID, version))
}

fn delete_one(transaction: &mut Transaction, call: &Call) -> Result<Answer, Fault> {
    if call.input.conditions.matches.is_some() {
        let held = call.bucket(transaction)?;
        let newest = settled::newest(held, &call.input.key, transaction.now);
        conditions::of_write(&call.input.conditions, newest.as_deref())?;
    }
    let key = call.input.key.clone();
    let deleted = delete(transaction, call, key, call.input.version.clone())?;
    Ok(Answer::Deleted(vec![deleted]))
}

fn delete_many(transaction: &mut Transaction, call: &Call) -> Answer {
    let mut all = Vec::with_capacity(call.input.objects.len());
    for (at, (key, version)) in call.input.objects.iter().enumerate() {
        let refused = transaction.refused(&at.to_string()).cloned();
        let done = match refused {
            Some(fault) => Err(fault),
            None => delete(transaction, call, key.clone(), version.clone()),
        };
        all.push(done.unwrap_or_else(|fault| Deleted {
            key: key.clone(),
            asked: version.clone(),
            marker: None,
            fault: Some(fault),
        }));
    }
    Answer::Deleted(all)
}

fn delete(
    transaction: &mut Transaction,
    call: &Call,
    key: String,
    asked: Option<String>,
) -> Result<Deleted, Fault> {
    settled::settle(transaction, &call.input.bucket, &key)?;
    let held = Arc::clone(call.bucket(transaction)?);
    let bucket = held.bucket.name.to_string();
    let done = |key, asked, marker| Deleted {
        key,
        asked,
        marker,
        fault: None,
    };
    if let Some(text) = &asked {
        let invalid = || invalid_argument("Invalid version id specified");
        let version = version_of(text).ok_or_else(invalid)?;
        let Some(object) = held.version(&key, version) else {
            return Ok(done(key, asked, None));
        };
        let marker = object.content.is_none().then(|| text.clone());
        transaction.delete(Key::S3Object {
            bucket,
            version,
            key: key.clone(),
        })?;
        settled::show(transaction, &call.input.bucket, &key)?;
        return Ok(done(key, asked, marker));
    }
    match held.bucket.versioning {
        None => {
            if held.newest(&key).is_some() {
                transaction.delete(Key::S3Object {
                    bucket,
                    version: None,
                    key: key.clone(),
                })?;
            }
            Ok(done(key, None, None))
        }
        Some(Versioning::Enabled | Versioning::Suspended) => {
            let marker = place(transaction, call, &key, None, Vec::new())?;
            Ok(done(key, None, Some(marker.version_id())))
        }
    }
}
