//! Uploads in parts.
//!
//! All parts are opened by the upload's data key, and the object takes over their files.
//!
//! Source: S3 API Reference, "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload",
//! "AbortMultipartUpload", "ListParts", "ListMultipartUploads"; S3 User Guide, "Multipart upload
//! limits".

use std::sync::Arc;

use protocol::{Fault, Secret};

use super::buckets::check_put;
use super::call::{Call, Row};
use super::conditions;
use super::encryption;
use super::faults::{invalid_argument, no_such_upload};
use super::input::Answer;
use super::lifecycle;
use super::listing::listing;
use super::needs::{on_object, putting};
use super::objects::keep;
use super::settled;
use crate::entity::{Content, Entity, Key, Sealing, Upload, UploadPart};
use crate::gate::Need;
use crate::ids;
use crate::state::{HeldBucket, HeldUpload};
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "CreateMultipartUpload",
        event: "CreateMultipartUpload",
        is_data: true,
        needs: |t, c| {
            let mut needs = putting(t, c)?;
            needs.extend(encryption::to_put(t, c)?);
            Ok(needs)
        },
        run: create,
    },
    Row {
        operation: "UploadPart",
        event: "UploadPart",
        is_data: true,
        needs: putting_part,
        run: put_part,
    },
    Row {
        operation: "CompleteMultipartUpload",
        event: "CompleteMultipartUpload",
        is_data: true,
        needs: putting_part,
        run: complete,
    },
    Row {
        operation: "AbortMultipartUpload",
        event: "AbortMultipartUpload",
        is_data: true,
        needs: |t, c| Ok(vec![on_object("s3:AbortMultipartUpload", t, c)?]),
        run: abort,
    },
    Row {
        operation: "ListParts",
        event: "ListParts",
        is_data: true,
        needs: |t, c| Ok(vec![on_object("s3:ListMultipartUploadParts", t, c)?]),
        run: list_parts,
    },
    Row {
        operation: "ListMultipartUploads",
        event: "ListMultipartUploads",
        is_data: true,
        needs: |t, c| listing("s3:ListBucketMultipartUploads", t, c),
        run: list_uploads,
    },
];

/// To put a part, and to put them together: the object's own right, and its key's.
pub(super) fn putting_part(transaction: &Transaction, call: &Call) -> Result<Vec<Need>, Fault> {
    let mut needs = vec![on_object("s3:PutObject", transaction, call)?];
    if let Ok(held) = find(transaction, call) {
        let place = (call.input.bucket.as_str(), call.input.key.as_str());
        let sealing = &held.upload.sealing;
        needs.extend(encryption::to_read(transaction, sealing, place)?);
    }
    Ok(needs)
}

fn find<'t>(transaction: &'t Transaction, call: &Call) -> Result<&'t HeldUpload, Fault> {
    let HeldBucket {
        bucket, uploads, ..
    } = &**call.bucket(transaction)?;
    let id = call.input.upload.as_deref().unwrap_or_default();
    let held = uploads.get(id).filter(|held| {
        *held.upload.key == *call.input.key
            && !lifecycle::is_given_up(bucket, &held.upload, transaction.now)
    });
    held.ok_or_else(no_such_upload)
}

fn create(transaction: &mut Transaction, call: &Call) -> Result<Answer, Fault> {
    check_put(call)?;
    let held = call.bucket(transaction)?;
    let is_counted =
        |it: &&HeldUpload| !lifecycle::is_given_up(&held.bucket, &it.upload, transaction.now);
    // Few buckets have so many that they must be counted.
    if held.uploads.len() >= UPLOADS_MAX
        && held.uploads.values().filter(is_counted).count() >= UPLOADS_MAX
    {
        let why = "Too many uploads are under way in this bucket.";
        return Err(Fault::new("TooManyParts", why));
    }
    let data_key = Secret::new(transaction.entropy.bytes::<32>());
    let sealing = encryption::seal(transaction, call, &data_key)?;
    let input = &call.input;
    let upload = Upload {
        bucket: input.bucket.as_str().into(),
        key: input.key.as_str().into(),
        id: ids::hex(&transaction.entropy.bytes::<32>()),
        initiated: transaction.now,
        sealing,
        checksum: input.checksum,
        headers: input.headers.clone(),
        tags: input.tags.clone(),
    };
    transaction.put(Entity::Upload(upload.clone()))?;
    Ok(Answer::Upload(Arc::new(upload), data_key))
}

/// First handled, it answers what opens the upload's parts.
pub(super) fn put_part(transaction: &mut Transaction, call: &Call) -> Result<Answer, Fault> {
    let held = find(transaction, call)?;
    let upload = Arc::clone(&held.upload);
    let number = call.input.part.unwrap_or_default();
    if !(1..=PARTS_MAX).contains(&number) {
        let why = format!("Part number must be an integer between 1 and {PARTS_MAX}, inclusive");
        return Err(invalid_argument(why));
    }
    let place = (call.input.bucket.as_str(), call.input.key.as_str());
    let sealing = (&upload.sealing, call.input.customer.as_ref());
    let data_key = encryption::open(transaction, call, sealing, place)?;
    let Some(stored) = &call.input.stored else {
        return Ok(Answer::Upload(upload, data_key));
    };
    let part = UploadPart {
        bucket: Arc::clone(&upload.bucket),
        upload: upload.id.clone(),
        number,
        segment: stored.segment,
        etag: stored.etag.clone(),
        checksum: stored.checksum.clone(),
        modified: transaction.now,
    };
    transaction.put(Entity::UploadPart(part.clone()))?;
    Ok(Answer::Part(Arc::new(part), upload))
}

/// The parts that the call names, if they are there and large enough.
fn chosen(held: &HeldUpload, call: &Call) -> Result<Vec<Arc<UploadPart>>, Fault> {
    let asked = &call.input.parts;
    if asked.is_empty() || asked.len() > usize::from(PARTS_MAX) {
        let why = "The XML you provided was not well-formed or did not validate against our \
                   published schema";
        return Err(Fault::new("MalformedXML", why));
    }
    if !asked.is_sorted_by(|one, next| one.number < next.number) {
        let why = "The list of parts was not in ascending order. Parts must be ordered by part \
                   number.";
        return Err(Fault::new("InvalidPartOrder", why));
    }
    let mut parts = Vec::with_capacity(asked.len());
    for part in asked {
        let known = held.parts.get(&part.number);
        let is_same = |known: &&Arc<UploadPart>| {
            let sum = known.checksum.as_ref().map(|sum| sum.value.as_str());
            let is_sum = part
                .checksum
                .as_deref()
                .is_none_or(|asked| sum == Some(asked));
            known.etag == part.etag && is_sum
        };
        let known = known.filter(is_same).ok_or_else(|| {
            let why = "One or more of the specified parts could not be found.  The part may not \
                       have been uploaded, or the specified entity tag may not match the part's \
                       entity tag.";
            Fault::new("InvalidPart", why)
        })?;
        parts.push(Arc::clone(known));
    }
    let before_last = parts.len() - 1;
    if parts
        .iter()
        .take(before_last)
        .any(|part| part.segment.size < PART_BYTES_MIN)
    {
        let why = "Your proposed upload is smaller than the minimum allowed size";
        return Err(Fault::new("EntityTooSmall", why));
    }
    Ok(parts)
}

/// First handled, it answers the parts, of which the whole's entity tag and checksum are made.
fn complete(transaction: &mut Transaction, call: &Call) -> Result<Answer, Fault> {
    let held = find(transaction, call)?.clone();
    let newest = settled::newest(call.bucket(transaction)?, &call.input.key, transaction.now);
    conditions::of_write(&call.input.conditions, newest.as_deref())?;
    if let (Sealing::Customer(_), Some(_)) = (&held.upload.sealing, &call.input.customer) {
        encryption::check_customer(&held.upload.sealing, call.input.customer.as_ref())?;
    }
    let parts = chosen(&held, call)?;
    let Some(stored) = &call.input.stored else {
        return Ok(Answer::Parts(held.upload, parts, false));
    };
    let count = u32::try_from(parts.len()).unwrap_or_default();
    let content = Content {
        size: parts.iter().map(|part| part.segment.size).sum(),
        etag: stored.etag.clone(),
        checksum: stored.checksum.clone(),
        sealing: held.upload.sealing.clone(),
        segments: parts.iter().map(|part| part.segment).collect(),
        parts: count,
        headers: held.upload.headers.clone(),
        newest_again: None,
    };
    let object = keep(transaction, call, content, held.upload.tags.clone())?;
    forget(transaction, &held)?;
    Ok(Answer::Put(object))
}

fn abort(transaction: &mut Transaction, call: &Call) -> Result<Answer, Fault> {
    let held = find(transaction, call)?.clone();
    forget(transaction, &held)?;
    Ok(Answer::Done)
}

/// Removes an upload and its parts.
pub(super) fn forget(transaction: &mut Transaction, held: &HeldUpload) -> Result<(), Fault> {
    let bucket = held.upload.bucket.to_string();
    let id = &held.upload.id;
    for number in held.parts.keys() {
        transaction.delete(Key::UploadPart(bucket.clone(), id.clone(), *number))?;
    }
    transaction.delete(Key::Upload(bucket, id.clone()))
}

fn list_parts(transaction: &mut Transaction, call: &Call) -> Result<Answer, Fault> {
    let held = find(transaction, call)?;
    let after = call.input.part.unwrap_or_default();
    let max = call.input.list.max;
    let mut parts = held.parts.range(after.saturating_add(1)..);
    let page: Vec<Arc<UploadPart>> = parts
        .by_ref()
        .take(max)
        .map(|(_, it)| Arc::clone(it))
        .collect();
    let is_truncated = parts.next().is_some();
    Ok(Answer::Parts(Arc::clone(&held.upload), page, is_truncated))
}

fn list_uploads(transaction: &mut Transaction, call: &Call) -> Result<Answer, Fault> {
    let held = call.bucket(transaction)?;
    let list = &call.input.list;
    let mut all: Vec<Arc<Upload>> = held
        .uploads
        .values()
        .map(|held| Arc::clone(&held.upload))
        .filter(|upload| upload.key.starts_with(&list.prefix))
        .filter(|upload| !lifecycle::is_given_up(&held.bucket, upload, transaction.now))
        .collect();
    let place = |upload: &Upload| (upload.key.to_string(), upload.initiated, upload.id.clone());
    all.sort_by_cached_key(|upload| place(upload));
    if let Some(after) = &list.after {
        let marked = list.after_version.as_deref();
        let marked = marked.and_then(|id| all.iter().position(|upload| upload.id == id));
        let skipped = match marked {
            Some(at) => at + 1,
            None => all.partition_point(|upload| *upload.key <= **after),
        };
        all.drain(..skipped.min(all.len()));
    }
    let is_truncated = all.len() > list.max;
    all.truncate(list.max);
    Ok(Answer::Uploads(all, is_truncated))
}

/// In one upload; S3 User Guide.
const PARTS_MAX: u16 = 10_000;
/// Of every part but the last.
const PART_BYTES_MIN: u64 = 5 << 20;
/// Under way in one bucket, so that a listing has a bound.
const UPLOADS_MAX: usize = 10_000;
