//! What calls need to be allowed: actions on a bucket or an object, with S3's condition keys.
//!
//! Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon S3".

use protocol::Fault;

use super::call::Call;
use super::input::CopySource;
use crate::entity::{S3Object, Tag};
use crate::gate::{Need, keys};
use crate::transaction::Transaction;

pub(super) fn bucket_arn(bucket: &str) -> String {
    format!("arn:aws:s3:::{bucket}")
}

pub(super) fn object_arn(bucket: &str, key: &str) -> String {
    format!("arn:aws:s3:::{bucket}/{key}")
}

/// A need on the bucket of a call.
pub(super) fn on_bucket(
    action: &'static str,
    transaction: &Transaction,
    call: &Call,
) -> Result<Need, Fault> {
    let bucket = &call.bucket(transaction)?.bucket;
    let need = Need::new(action, bucket_arn(&bucket.name)).of_bucket(&bucket.name);
    Ok(common(need, transaction, call))
}

/// A need on the object of a call, with what its head brings.
pub(super) fn on_object(
    action: &'static str,
    transaction: &Transaction,
    call: &Call,
) -> Result<Need, Fault> {
    let need = on_object_named(action, transaction, call, &call.input.key)?;
    Ok(need.with_some(&keys::S3_VERSION_ID, call.input.version.as_deref()))
}

/// The same of an object by its name.
pub(super) fn on_object_named(
    action: &'static str,
    transaction: &Transaction,
    call: &Call,
    key: &str,
) -> Result<Need, Fault> {
    let bucket = &call.bucket(transaction)?.bucket.name;
    let need = Need::new(action, object_arn(bucket, key)).of_bucket(bucket);
    Ok(common(need, transaction, call))
}

/// A need on what a call copies.
pub(super) fn on_source(
    action: &'static str,
    transaction: &Transaction,
    call: &Call,
    source: &CopySource,
) -> Need {
    let need = Need::new(action, object_arn(&source.bucket, &source.key));
    let need = need.of_bucket(&source.bucket);
    common(need, transaction, call).with_some(&keys::S3_VERSION_ID, source.version.as_deref())
}

/// The same need on an object that is there, with its tags.
pub(super) fn existing(need: Need, object: Option<&S3Object>) -> Need {
    let tags: &[Tag] = object.map_or(&[], |object| &object.tags);
    tags.iter().fold(need, |need, tag| {
        need.with_part(&keys::S3_EXISTING_TAG, &tag.key, tag.value.as_str())
    })
}

/// The same need with the tags that a call brings for an object.
pub(super) fn requesting(need: Need, tags: &[Tag]) -> Need {
    if tags.is_empty() {
        return need;
    }
    let names: Vec<String> = tags.iter().map(|tag| tag.key.clone()).collect();
    let need = need.with(&keys::S3_REQUEST_TAG_KEYS, names);
    tags.iter().fold(need, |need, tag| {
        need.with_part(&keys::S3_REQUEST_TAG, &tag.key, tag.value.as_str())
    })
}

/// To put an object, with what the head says of it.
pub(super) fn putting(transaction: &Transaction, call: &Call) -> Result<Vec<Need>, Fault> {
    let header = |name| call.head.header(name);
    let need = on_object("s3:PutObject", transaction, call)?
        .with_some(&keys::S3_ACL, call.input.acl.as_deref())
        .with_some(&keys::S3_SSE, header("x-amz-server-side-encryption"))
        .with_some(
            &keys::S3_SSE_KEY,
            header("x-amz-server-side-encryption-aws-kms-key-id"),
        )
        .with_some(
            &keys::S3_SSE_CUSTOMER,
            header("x-amz-server-side-encryption-customer-algorithm"),
        )
        .with_some(&keys::S3_STORAGE_CLASS, header("x-amz-storage-class"))
        .with_some(&keys::S3_COPY_SOURCE, header("x-amz-copy-source"))
        .with_some(
            &keys::S3_METADATA_DIRECTIVE,
            header("x-amz-metadata-directive"),
        )
        .with_some(&keys::S3_IF_MATCH, header("if-match"))
        .with_some(&keys::S3_IF_NONE_MATCH, header("if-none-match"));
    let tags = &call.input.tags;
    let tagging = if tags.is_empty() {
        None
    } else {
        let need = on_object("s3:PutObjectTagging", transaction, call)?;
        Some(requesting(need, tags))
    };
    let mut needs = vec![requesting(need, tags)];
    needs.extend(tagging);
    Ok(needs)
}

/// What every request of S3 has.
pub(super) fn common(need: Need, transaction: &Transaction, call: &Call) -> Need {
    let signed = &call.signed;
    let form = if signed.is_query {
        "REST-QUERY-STRING"
    } else {
        "REST-HEADER"
    };
    let age = signed.age(transaction.now).as_millis().to_string();
    need.with(&keys::S3_AUTH_TYPE, form)
        .with(&keys::S3_SIGNATURE_VERSION, protocol::sigv4::ALGORITHM)
        .with(&keys::S3_RESOURCE_ACCOUNT, transaction.state().account_id())
        .with_some(&keys::S3_SIGNATURE_AGE, signed.is_query.then_some(age))
        .with_some(
            &keys::S3_CONTENT_HASH,
            call.head.header("x-amz-content-sha256"),
        )
}
