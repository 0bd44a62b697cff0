//! Objects, put and read.
//!
//! Source: S3 API Reference, "PutObject", "GetObject", "HeadObject", "GetObjectAttributes".

use std::sync::Arc;

use jiff::Timestamp;
use protocol::Fault;

use super::buckets::check_put;
use super::call::{Call, Row};
use super::conditions;
use super::encryption::{self, Plan};
use super::faults::{access_denied, invalid_argument, no_such_key, no_such_version};
use super::input::{Answer, Found, Stored};
use super::needs::{existing, on_bucket, on_object, putting};
use super::settled;
use crate::entity::{
    Content, Entity, Headers, S3Object, Sealing, Segment, Tag, Versioning, version_of,
};
use crate::gate::{Need, keys};
use crate::state::HeldBucket;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "PutObject",
        event: "PutObject",
        is_data: true,
        needs: |t, c| {
            let mut needs = putting(t, c)?;
            needs.extend(encryption::to_put(t, c)?);
            Ok(needs)
        },
        run: put,
    },
    Row {
        operation: "GetObject",
        event: "GetObject",
        is_data: true,
        needs: |t, c| reading(&["s3:GetObject"], &["s3:GetObjectVersion"], t, c),
        run: |t, c| read(t, c, true),
    },
    Row {
        operation: "HeadObject",
        event: "HeadObject",
        is_data: true,
        needs: |t, c| reading(&["s3:GetObject"], &["s3:GetObjectVersion"], t, c),
        run: |t, c| read(t, c, false),
    },
    Row {
        operation: "GetObjectAttributes",
        event: "GetObjectAttributes",
        is_data: true,
        needs: |t, c| {
            let plain = &["s3:GetObject", "s3:GetObjectAttributes"];
            let of_version = &["s3:GetObjectVersion", "s3:GetObjectVersionAttributes"];
            reading(plain, of_version, t, c)
        },
        run: |t, c| read(t, c, false),
    },
    Row {
        operation: "GetObjectAcl",
        event: "GetObjectAcl",
        is_data: true,
        needs: |t, c| reading(&["s3:GetObjectAcl"], &["s3:GetObjectVersionAcl"], t, c),
        run: |t, c| Ok(Answer::Object(find(t, c)?)),
    },
];

/// To read an object: of one that is not there, who may not list is told no more than that it may
/// not.
pub(super) fn reading(
    plain: &[&'static str],
    of_version: &[&'static str],
    transaction: &Transaction,
    call: &Call,
) -> Result<Vec<Need>, Fault> {
    let actions = match call.input.version {
        None => plain,
        Some(_) => of_version,
    };
    let held = call.bucket(transaction)?;
    let version = call.input.version.as_deref();
    let object = lookup(held, &call.input.key, version, transaction.now);
    let object = object.ok().flatten();
    let mut needs = Vec::new();
    for action in actions {
        let need = on_object(action, transaction, call)?;
        needs.push(existing(need, object.as_deref()));
    }
    match object.as_ref().and_then(|object| object.content.as_ref()) {
        None => {
            let need = on_bucket("s3:ListBucket", transaction, call)?;
            let need = need.with(&keys::S3_PREFIX, call.input.key.as_str());
            needs.push(need.of_part(LISTING));
        }
        Some(content) => {
            let place = (call.input.bucket.as_str(), call.input.key.as_str());
            needs.extend(encryption::to_read(transaction, &content.sealing, place)?);
        }
    }
    Ok(needs)
}

/// The version that is asked for, or the newest, of those that are not over. The error says that
/// there cannot be one.
pub(super) fn lookup(
    held: &HeldBucket,
    key: &str,
    version: Option<&str>,
    now: Timestamp,
) -> Result<Option<Arc<S3Object>>, Fault> {
    let Some(version) = version else {
        return Ok(settled::newest(held, key, now));
    };
    let invalid = || invalid_argument("Invalid version id specified");
    let version = version_of(version).ok_or_else(invalid)?;
    Ok(settled::version(held, key, version, now))
}

/// The object of a call that reads, whatever it holds.
pub(super) fn find(transaction: &Transaction, call: &Call) -> Result<Found, Fault> {
    let held = call.bucket(transaction)?;
    let version = call.input.version.as_deref();
    let object = lookup(held, &call.input.key, version, transaction.now)?;
    let is_there = |object: &S3Object| version.is_some() || object.content.is_some();
    let Some(object) = object.filter(|object| is_there(object)) else {
        if transaction.refused(LISTING).is_some() {
            return Err(access_denied());
        }
        return Err(match version {
            Some(_) => no_such_version(),
            None => no_such_key(),
        });
    };
    if object.content.is_none() {
        let why = "The specified method is not allowed against this resource.";
        return Err(Fault::new("MethodNotAllowed", why).status(405));
    }
    Ok(Found {
        object,
        data_key: None,
        is_versioned: held.bucket.versioning.is_some(),
    })
}

fn read(transaction: &mut Transaction, call: &Call, opens: bool) -> Result<Answer, Fault> {
    let mut found = find(transaction, call)?;
    let object = Arc::clone(&found.object);
    let Some(content) = &object.content else {
        return Err(no_such_key());
    };
    let customer = call.input.customer.as_ref();
    let sealing = (&content.sealing, customer);
    let place = (call.input.bucket.as_str(), call.input.key.as_str());
    let opened = encryption::open(transaction, call, sealing, place)?;
    conditions::of_read(&call.input.conditions, &object, content)?;
    found.data_key = opens.then_some(opened);
    Ok(Answer::Object(found))
}

fn put(transaction: &mut Transaction, call: &Call) -> Result<Answer, Fault> {
    check_put(call)?;
    let held = call.bucket(transaction)?;
    let before = settled::newest(held, &call.input.key, transaction.now);
    conditions::of_write(&call.input.conditions, before.as_deref())?;
    let Some(stored) = &call.input.stored else {
        // That it can be sealed is tried before bytes are taken.
        let plan = encryption::plan(transaction, call)?;
        return Ok(Answer::Ready {
            is_tagged_by_md5: matches!(plan, Plan::S3),
        });
    };
    let sealing = encryption::seal(transaction, call, &stored.data_key)?;
    let content = content_of(stored, sealing, call.input.headers.clone());
    let object = keep(transaction, call, content, call.input.tags.clone())?;
    Ok(Answer::Put(object))
}

pub(super) fn content_of(stored: &Stored, sealing: Sealing, headers: Headers) -> Content {
    let segments: Vec<Segment> = Some(stored.segment).into_iter().collect();
    Content {
        size: stored.segment.size,
        etag: stored.etag.clone(),
        checksum: stored.checksum.clone(),
        sealing,
        segments,
        parts: 0,
        headers,
        newest_again: None,
    }
}

/// Puts a version in its place.
pub(super) fn keep(
    transaction: &mut Transaction,
    call: &Call,
    content: Content,
    tags: Vec<Tag>,
) -> Result<Arc<S3Object>, Fault> {
    let key = call.input.key.clone();
    place(transaction, call, &key, Some(Box::new(content)), tags)
}

/// The same of a delete marker too.
pub(super) fn place(
    transaction: &mut Transaction,
    call: &Call,
    key: &str,
    content: Option<Box<Content>>,
    tags: Vec<Tag>,
) -> Result<Arc<S3Object>, Fault> {
    if call.bucket(transaction)?.bucket.versioning.is_some() {
        // What the new one comes after is what is there now.
        settled::settle(transaction, &call.input.bucket, key)?;
    }
    let held = call.bucket(transaction)?;
    let now = transaction.now;
    let is_enabled = held.bucket.versioning == Some(Versioning::Enabled);
    let last = held.newest(key).map_or(0, |object| object.sequence);
    let moment = u64::try_from(now.as_nanosecond()).unwrap_or_default();
    let object = S3Object {
        bucket: Arc::clone(&held.bucket.name),
        key: key.into(),
        version: None,
        sequence: moment.max(last + 1),
        modified: now,
        content,
        tags,
    };
    let version = is_enabled.then(|| u128::from_be_bytes(transaction.entropy.bytes()));
    let object = S3Object { version, ..object };
    transaction.put(Entity::S3Object(object.clone()))?;
    Ok(Arc::new(object))
}

/// The part of a read that is refused where the caller may not list.
pub(super) const LISTING: &str = "listing";
