//! What tags may be, wherever they stand.
//!
//! Source: S3 User Guide, "Categorizing your objects using tags".

use std::collections::BTreeSet;

use protocol::Fault;

use crate::entity::Tag;

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
