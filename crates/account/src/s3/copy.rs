//! An object made of another: the caller reads the one and puts the other.
//!
//! First handled it answers what is to be read; once that is stored, it keeps what was stored.
//!
//! Source: S3 API Reference, "CopyObject" and "UploadPartCopy".

use std::sync::Arc;

use jiff::Timestamp;
use protocol::Fault;

use super::buckets::check_put;
use super::call::{Call, Row};
use super::conditions;
use super::encryption;
use super::faults::{access_denied, invalid_request, no_such_bucket, no_such_key, no_such_version};
use super::input::{Answer, CopySource, Found};
use super::multipart;
use super::needs::{existing, on_source, putting};
use super::objects::{LISTING, content_of, keep, lookup};
use crate::entity::S3Object;
use crate::gate::{Need, keys};
use crate::state::{HeldBucket, State};
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "CopyObject",
        event: "CopyObject",
        is_data: true,
        needs: |t, c| {
            let mut needs = source_needs(t, c)?;
            needs.extend(putting(t, c)?);
            needs.extend(encryption::to_put(t, c)?);
            Ok(needs)
        },
        run: copy,
    },
    Row {
        operation: "UploadPartCopy",
        event: "UploadPartCopy",
        is_data: true,
        needs: |t, c| {
            let mut needs = source_needs(t, c)?;
            needs.extend(multipart::putting_part(t, c)?);
            Ok(needs)
        },
        run: copy_part,
    },
];

fn source(call: &Call) -> Result<&CopySource, Fault> {
    let source = call.input.source.as_ref();
    source.ok_or_else(|| invalid_request("The copy has no source"))
}

/// The view from where the source is; both must be in one region.
fn place(transaction: &Transaction, source: &CopySource) -> Result<State, Fault> {
    let partition = transaction.state().partition();
    let home = partition.bucket_home(&source.bucket);
    let state = home.and_then(|home| partition.state(home));
    state.ok_or_else(no_such_bucket)
}

/// The version that is to be copied.
fn named(
    held: &HeldBucket,
    source: &CopySource,
    now: Timestamp,
) -> Result<Option<Arc<S3Object>>, Fault> {
    lookup(held, &source.key, source.version.as_deref(), now)
}

fn source_needs(transaction: &Transaction, call: &Call) -> Result<Vec<Need>, Fault> {
    let source = source(call)?;
    let state = place(transaction, source)?;
    let held = state.bucket(&source.bucket).ok_or_else(no_such_bucket)?;
    let object = named(held, source, transaction.now)?;
    let action = match source.version {
        None => "s3:GetObject",
        Some(_) => "s3:GetObjectVersion",
    };
    let restricts = held
        .bucket
        .public_access
        .is_some_and(|it| it.restrict_public_buckets);
    if held.is_public && restricts && call.caller().account != state.account_id() {
        return Err(access_denied());
    }
    let expected = call.head.header("x-amz-source-expected-bucket-owner");
    if expected.is_some_and(|expected| expected != state.account_id()) {
        return Err(access_denied());
    }
    let at = state.home().clone();
    let with_place = |need: Need| need.at(at.clone());
    let need = on_source(action, transaction, call, source);
    let mut needs = vec![with_place(existing(need, object.as_deref()))];
    match object.as_ref().and_then(|object| object.content.as_ref()) {
        None => {
            let arn = super::needs::bucket_arn(&source.bucket);
            let need = Need::new("s3:ListBucket", arn).of_bucket(&source.bucket);
            let need = need.with(&keys::S3_PREFIX, source.key.as_str());
            needs.push(with_place(need).of_part(LISTING));
        }
        Some(content) => {
            let place = (source.bucket.as_str(), source.key.as_str());
            needs.extend(encryption::to_read(transaction, &content.sealing, place)?);
        }
    }
    let has_tags = object
        .as_ref()
        .is_some_and(|object| !object.tags.is_empty());
    if has_tags && !source.replaces_tags && call.operation == "CopyObject" {
        let need = on_source("s3:GetObjectTagging", transaction, call, source);
        needs.push(with_place(need));
        needs.push(super::needs::on_object(
            "s3:PutObjectTagging",
            transaction,
            call,
        )?);
    }
    Ok(needs)
}

/// What is to be read.
fn found(transaction: &Transaction, call: &Call) -> Result<Found, Fault> {
    let source = source(call)?;
    let state = place(transaction, source)?;
    let held = state.bucket(&source.bucket).ok_or_else(no_such_bucket)?;
    let object = named(held, source, transaction.now)?;
    let object = object.filter(|object| object.content.is_some());
    let Some(object) = object else {
        if transaction.refused(LISTING).is_some() {
            return Err(access_denied());
        }
        return Err(match source.version {
            Some(_) => no_such_version(),
            None => no_such_key(),
        });
    };
    let content = object.content.as_ref().ok_or_else(no_such_key)?;
    conditions::of_read(&source.conditions, &object, content).map_err(|fault| {
        // A copy that is not wanted is none.
        if fault.status == 304 {
            super::faults::precondition_failed()
        } else {
            fault
        }
    })?;
    let place = (source.bucket.as_str(), source.key.as_str());
    let sealing = (&content.sealing, source.customer.as_ref());
    Ok(Found {
        data_key: Some(encryption::open(transaction, call, sealing, place)?),
        is_versioned: held.bucket.versioning.is_some(),
        object,
    })
}

fn copy(transaction: &mut Transaction, call: &Call) -> Result<Answer, Fault> {
    check_put(call)?;
    let found = found(transaction, call)?;
    let source = source(call)?;
    let input = &call.input;
    let is_same =
        source.bucket == input.bucket && source.key == input.key && source.version.is_none();
    let asks = &input.encryption;
    let changes = source.replaces_metadata
        || asks.algorithm.is_some()
        || asks.kms_key.is_some()
        || input.customer.is_some();
    if is_same && !changes {
        return Err(invalid_request(
            "This copy request is illegal because it is trying to copy an object to itself without \
             changing the object's metadata, storage class, website redirect location or \
             encryption attributes.",
        ));
    }
    let Some(content) = &found.object.content else {
        return Err(no_such_key());
    };
    if content.size > COPY_BYTES_MAX {
        let max = COPY_BYTES_MAX;
        return Err(invalid_request(format!(
            "The specified copy source is larger than the maximum allowable size for a copy \
             source: {max}"
        )));
    }
    let Some(stored) = &input.stored else {
        encryption::plan(transaction, call)?;
        return Ok(Answer::Object(found));
    };
    let headers = if source.replaces_metadata {
        input.headers.clone()
    } else {
        content.headers.clone()
    };
    let tags = if source.replaces_tags {
        input.tags.clone()
    } else {
        found.object.tags.clone()
    };
    let sealing = encryption::seal(transaction, call, &stored.data_key)?;
    let content = content_of(stored, sealing, headers);
    Ok(Answer::Put(keep(transaction, call, content, tags)?))
}

fn copy_part(transaction: &mut Transaction, call: &Call) -> Result<Answer, Fault> {
    let found = found(transaction, call)?;
    if call.input.stored.is_some() {
        return multipart::put_part(transaction, call);
    }
    match multipart::put_part(transaction, call)? {
        Answer::Upload(upload, key) => Ok(Answer::CopyPart(found, upload, key)),
        other => Ok(other),
    }
}

/// 5 GiB: S3 User Guide, "Copying objects".
const COPY_BYTES_MAX: u64 = 5 << 30;
