//! Buckets: made, found, listed, deleted.
//!
//! Source: S3 API Reference, "CreateBucket", "DeleteBucket", "HeadBucket", "ListBuckets".

use std::net::Ipv4Addr;
use std::sync::Arc;

use protocol::Fault;

use super::call::{Call, Row};
use super::check_tags::{TAGS_MAX, check_tags};
use super::faults::{invalid_request, no_such_bucket, not_implemented};
use super::input::Answer;
use super::needs::{bucket_arn, common, on_bucket};
use super::settled;
use crate::entity::{Bucket, BucketEncryption, Entity, Key, ObjectOwnership, PublicAccessBlock};
use crate::gate::{GLOBAL_REGION, Need, keys};
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "CreateBucket",
        event: "CreateBucket",
        is_data: false,
        needs: |t, c| Ok(creating(t, c)),
        run: create,
    },
    Row {
        operation: "DeleteBucket",
        event: "DeleteBucket",
        is_data: false,
        needs: |t, c| Ok(vec![on_bucket("s3:DeleteBucket", t, c)?]),
        run: delete,
    },
    Row {
        operation: "HeadBucket",
        event: "HeadBucket",
        is_data: true,
        needs: |t, c| Ok(vec![on_bucket("s3:ListBucket", t, c)?]),
        run: get,
    },
    Row {
        operation: "GetBucketLocation",
        event: "GetBucketLocation",
        is_data: false,
        needs: |t, c| Ok(vec![on_bucket("s3:GetBucketLocation", t, c)?]),
        run: get,
    },
    Row {
        operation: "ListBuckets",
        event: "ListBuckets",
        is_data: false,
        needs: |t, c| Ok(vec![common(Need::new("s3:ListAllMyBuckets", "*"), t, c)]),
        run: list,
    },
];

fn creating(transaction: &Transaction, call: &Call) -> Vec<Need> {
    let arn = bucket_arn(&call.input.bucket);
    let ownership = call.input.ownership.map(ObjectOwnership::as_str);
    let need = |action| common(Need::new(action, arn.as_str()), transaction, call);
    let create = need("s3:CreateBucket")
        .with_some(&keys::S3_LOCATION, call.input.region.as_deref())
        .with_some(&keys::S3_ACL, call.input.acl.as_deref())
        .with_some(&keys::S3_OWNERSHIP, ownership);
    let mut needs = vec![create];
    needs.extend(ownership.map(|_| need("s3:PutBucketOwnershipControls")));
    needs
}

fn create(transaction: &mut Transaction, call: &Call) -> Result<Answer, Fault> {
    let input = &call.input;
    if !is_name(&input.bucket) {
        let why = "The specified bucket is not valid.";
        return Err(Fault::new("InvalidBucketName", why));
    }
    let acl = input.acl.as_deref();
    if acl.is_some_and(|acl| acl != "private") {
        return Err(acl_refused());
    }
    let state = transaction.state();
    let partition = state.partition();
    if let Some(home) = partition.bucket_home(&input.bucket) {
        if home.account() != state.account_id() {
            let why = "The requested bucket name is not available. The bucket namespace is shared \
                       by all users of the system. Please select a different name and try again.";
            return Err(Fault::new("BucketAlreadyExists", why).status(409));
        }
        // As S3 does in its first region alone.
        if home == state.home() && home.region() == GLOBAL_REGION {
            return get(transaction, call);
        }
        let why = "Your previous request to create the named bucket succeeded and you already own \
                   it.";
        return Err(Fault::new("BucketAlreadyOwnedByYou", why).status(409));
    }
    if partition.buckets_of(state.account_id()).count() >= BUCKETS_MAX {
        let why = "You have attempted to create more buckets than allowed";
        return Err(Fault::new("TooManyBuckets", why));
    }
    let bucket = Bucket {
        name: input.bucket.as_str().into(),
        created: transaction.now,
        ownership: Some(
            input
                .ownership
                .unwrap_or(ObjectOwnership::BucketOwnerEnforced),
        ),
        public_access: Some(PublicAccessBlock::default()),
        versioning: None,
        encryption: BucketEncryption::default(),
        policy: None,
        tags: input.tags.clone(),
        cors: Vec::new(),
        lifecycle: Vec::new(),
        lifecycle_since: None,
    };
    transaction.put(Entity::Bucket(bucket))?;
    get(transaction, call)
}

fn delete(transaction: &mut Transaction, call: &Call) -> Result<Answer, Fault> {
    let held = Arc::clone(call.bucket(transaction)?);
    if settled::names(&held).any(|stored| !settled::is_over(&held.bucket, &stored, transaction.now))
    {
        let why = if held.bucket.versioning.is_some() {
            "The bucket you tried to delete is not empty. You must delete all versions in the \
             bucket."
        } else {
            "The bucket you tried to delete is not empty"
        };
        return Err(Fault::new("BucketNotEmpty", why).status(409));
    }
    // What is over is listed to nobody, who could not delete it.
    if held.objects().nth(OVER_MAX).is_some() {
        let why = "What lifecycle rules have ended is still being removed. Please try again.";
        return Err(Fault::new("SlowDown", why).status(503));
    }
    for object in held.objects() {
        transaction.delete(Key::S3Object {
            bucket: held.bucket.name.to_string(),
            key: object.key.to_string(),
            version: object.version,
        })?;
    }
    for upload in held.uploads.values() {
        let bucket = held.bucket.name.to_string();
        for number in upload.parts.keys() {
            let id = upload.upload.id.clone();
            transaction.delete(Key::UploadPart(bucket.clone(), id, *number))?;
        }
        transaction.delete(Key::Upload(bucket, upload.upload.id.clone()))?;
    }
    transaction.delete(Key::Bucket(held.bucket.name.to_string()))?;
    Ok(Answer::Done)
}

pub(super) fn get(transaction: &mut Transaction, call: &Call) -> Result<Answer, Fault> {
    let held = call.bucket(transaction)?;
    Ok(Answer::Bucket(Arc::clone(&held.bucket)))
}

fn list(transaction: &mut Transaction, call: &Call) -> Result<Answer, Fault> {
    let partition = transaction.state().partition();
    let list = &call.input.list;
    let all = partition.buckets_of(&call.caller().account);
    let found = all.filter(|(name, home)| {
        let is_after = list.after.as_deref().is_none_or(|after| *name > after);
        let is_there = call
            .input
            .region
            .as_deref()
            .is_none_or(|region| home.region() == region);
        is_after && is_there && name.starts_with(&list.prefix)
    });
    let found = found.take(list.max).map(|(name, home)| {
        let state = partition.state(home).ok_or_else(no_such_bucket)?;
        let held = state.bucket(name).ok_or_else(no_such_bucket)?;
        Ok((Arc::clone(&held.bucket), home.region().to_owned()))
    });
    Ok(Answer::Buckets(found.collect::<Result<_, Fault>>()?))
}

/// Source: S3 User Guide, "General purpose bucket naming rules".
fn is_name(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = name.as_bytes();
    let ends = [bytes.first(), bytes.last()];
    (3..=63).contains(&name.len())
        && bytes
            .iter()
            .all(|byte| is_plain(*byte) || matches!(byte, b'.' | b'-'))
        && ends.into_iter().flatten().all(|byte| is_plain(*byte))
        && !name.contains("..")
        && name.parse::<Ipv4Addr>().is_err()
        && !["xn--", "sthree-", "amzn-s3-demo-"]
            .iter()
            .any(|it| name.starts_with(it))
        && !["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"]
            .iter()
            .any(|it| name.ends_with(it))
}

/// Access control lists, but for the owner's, are not there.
pub(super) fn acl_refused() -> Fault {
    Fault::new(
        "AccessControlListNotSupported",
        "The bucket does not allow ACLs",
    )
}

/// Refuses what an object is to have and cannot.
pub(super) fn check_put(call: &Call) -> Result<(), Fault> {
    let acl = call.input.acl.as_deref();
    let is_owners = acl.is_none_or(|acl| matches!(acl, "private" | "bucket-owner-full-control"));
    if !is_owners {
        return Err(acl_refused());
    }
    check_tags(&call.input.tags, TAGS_MAX)?;
    match call.input.storage_class.as_deref() {
        None | Some("STANDARD") => {}
        Some(class) => {
            let known = [
                "REDUCED_REDUNDANCY",
                "STANDARD_IA",
                "ONEZONE_IA",
                "INTELLIGENT_TIERING",
                "GLACIER",
                "DEEP_ARCHIVE",
                "GLACIER_IR",
            ];
            return Err(if known.contains(&class) {
                not_implemented("A storage class other than STANDARD")
            } else {
                let why = "The storage class you specified is not valid";
                Fault::new("InvalidStorageClass", why)
            });
        }
    }
    let metadata = &call.input.headers.metadata;
    let bytes = metadata
        .iter()
        .map(|(name, value)| name.len() + value.len());
    if bytes.sum::<usize>() > METADATA_BYTES_MAX {
        let why = "Your metadata headers exceed the maximum allowed metadata size";
        return Err(Fault::new("MetadataTooLarge", why));
    }
    if call.input.key.len() > KEY_BYTES_MAX {
        return Err(Fault::new("KeyTooLongError", "Your key is too long"));
    }
    if call.input.key.is_empty() {
        return Err(invalid_request("The object has no name"));
    }
    Ok(())
}

/// Of an account; Service Quotas.
const BUCKETS_MAX: usize = 10_000;
// Versions that are over and go with a bucket at once; more go by the sweep before.
const OVER_MAX: usize = 10_000;
/// Of all names and values together.
const METADATA_BYTES_MAX: usize = 2_048;
/// Of an object's name in UTF-8.
pub(super) const KEY_BYTES_MAX: usize = 1_024;

#[cfg(test)]
mod tests {
    use super::is_name;

    #[test]
    fn names_follow_the_rules() {
        for name in ["abc", "a.b-c", "1ab", &"x".repeat(63)] {
            assert!(is_name(name), "{name}");
        }
        for name in [
            "",
            "ab",
            "Abc",
            "a_b",
            "-ab",
            "ab-",
            "a..b",
            "192.168.5.4",
            "xn--abc",
            "abc-s3alias",
            "a/b",
            "abc\0",
            "ä-bucket",
            &"x".repeat(64),
        ] {
            assert!(!is_name(name), "{name}");
        }
    }
}
