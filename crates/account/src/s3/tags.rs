//! Tags of objects.
//!
//! Source: S3 API Reference, "PutObjectTagging"; S3 User Guide, "Categorizing your objects using
//! tags".

use std::collections::BTreeSet;
use std::sync::Arc;

use protocol::Fault;

use super::call::{Call, Row};
use super::input::{Answer, Found};
use super::needs::requesting;
use super::objects::{find, reading};
use crate::entity::{Entity, S3Object, Tag};
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "GetObjectTagging",
        event: "GetObjectTagging",
        is_data: true,
        needs: |t, c| {
            reading(
                &["s3:GetObjectTagging"],
                &["s3:GetObjectVersionTagging"],
                t,
                c,
            )
        },
        run: |t, c| Ok(Answer::Object(find(t, c)?)),
    },
    Row {
        operation: "PutObjectTagging",
        event: "PutObjectTagging",
        is_data: true,
        needs: |t, c| {
            let needs = reading(
                &["s3:PutObjectTagging"],
                &["s3:PutObjectVersionTagging"],
                t,
                c,
            )?;
            let needs = needs.into_iter();
            Ok(needs.map(|need| requesting(need, &c.input.tags)).collect())
        },
        run: set,
    },
    Row {
        operation: "DeleteObjectTagging",
        event: "DeleteObjectTagging",
        is_data: true,
        needs: |t, c| {
            let of_version = &["s3:DeleteObjectVersionTagging"];
            reading(&["s3:DeleteObjectTagging"], of_version, t, c)
        },
        run: set,
    },
];

fn set(transaction: &mut Transaction, call: &Call) -> Result<Answer, Fault> {
    let found = find(transaction, call)?;
    check_tags(&call.input.tags, TAGS_MAX)?;
    let object = S3Object {
        tags: call.input.tags.clone(),
        ..S3Object::clone(&found.object)
    };
    transaction.put(Entity::S3Object(object.clone()))?;
    Ok(Answer::Object(Found {
        object: Arc::new(object),
        ..found
    }))
}

/// Refuses tags that cannot be.
pub(super) fn check_tags(tags: &[Tag], max: usize) -> Result<(), Fault> {
    let invalid = |why: String| Fault::new("InvalidTag", why);
    if tags.len() > max {
        let why = format!("Object tags cannot be greater than {max}");
        return Err(Fault::new("BadRequest", why));
    }
    let mut known = BTreeSet::new();
    for Tag { key, value } in tags {
        let is_sized = (1..=128).contains(&key.chars().count()) && value.chars().count() <= 256;
        if !is_sized {
            return Err(invalid(
                "The TagKey or TagValue you have provided is invalid".into(),
            ));
        }
        if key
            .get(..4)
            .is_some_and(|it| it.eq_ignore_ascii_case("aws:"))
        {
            return Err(invalid(
                "System tags cannot be added/updated by requester".into(),
            ));
        }
        if !known.insert(key) {
            return Err(invalid(
                "Cannot provide multiple Tags with the same key".into(),
            ));
        }
    }
    Ok(())
}

/// Of an object.
pub(super) const TAGS_MAX: usize = 10;
