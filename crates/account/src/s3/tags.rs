//! Tags of objects.
//!
//! Source: S3 API Reference, "PutObjectTagging"; S3 User Guide, "Categorizing your objects using
//! tags".

use std::sync::Arc;

use protocol::Fault;

use super::call::{Call, Row};
use super::check_tags::{TAGS_MAX, check_tags};
use super::input::{Answer, Found};
use super::needs::requesting;
use super::objects::{find, reading};
use super::settled::settle;
use crate::entity::{Entity, S3Object};
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
    // A version that is put again must be there as it is.
    settle(transaction, &call.input.bucket, &call.input.key)?;
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
