//! Whether what a call depends on holds (RFC 9110, section 13).

use protocol::Fault;

use super::faults::{no_such_key, precondition_failed};
use super::input::Conditions;
use crate::entity::{Content, S3Object};

/// Of a call that reads. `If-None-Match` that does not hold is no error but an answer.
pub(super) fn of_read(
    conditions: &Conditions,
    object: &S3Object,
    content: &Content,
) -> Result<(), Fault> {
    let etag = content.etag.as_str();
    // Whole seconds: clients send back what they were told.
    let modified = object.modified.as_second();
    if let Some(tags) = &conditions.matches {
        if !is_among(tags, etag) {
            return Err(precondition_failed());
        }
    } else if let Some(since) = conditions.unmodified_since
        && modified > since.as_second()
    {
        return Err(precondition_failed());
    }
    if let Some(tags) = &conditions.matches_none {
        if is_among(tags, etag) {
            return Err(not_modified());
        }
    } else if let Some(since) = conditions.modified_since
        && modified <= since.as_second()
    {
        return Err(not_modified());
    }
    Ok(())
}

/// Of a call that writes, on what is there before.
pub(super) fn of_write(conditions: &Conditions, before: Option<&S3Object>) -> Result<(), Fault> {
    let etag = before.and_then(|object| object.content.as_ref());
    let etag = etag.map(|content| content.etag.as_str());
    match (&conditions.matches, etag) {
        (Some(_), None) => return Err(no_such_key()),
        (Some(tags), Some(etag)) if !is_among(tags, etag) => return Err(precondition_failed()),
        _ => {}
    }
    match (&conditions.matches_none, etag) {
        (Some(tags), Some(etag)) if is_among(tags, etag) => Err(precondition_failed()),
        _ => Ok(()),
    }
}

fn is_among(tags: &[String], etag: &str) -> bool {
    tags.iter().any(|tag| tag == "*" || tag == etag)
}

fn not_modified() -> Fault {
    Fault::new("NotModified", "Not Modified").status(304)
}
