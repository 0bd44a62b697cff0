//! Tags of roles, users, policies and profiles.
//!
//! Source: IAM User Guide, "Tags for IAM resources".

use protocol::{Fault, Record, Value};

use super::faults::limit_exceeded;
use crate::entity::Tag;
use crate::gate::Need;

/// To make something, and to tag it where tags are given with it.
pub(super) fn creating(
    action: &'static str,
    tag_action: &'static str,
    arn: &str,
    input: &Record,
) -> Vec<Need> {
    let need = |action| Need::new(action, arn).requesting(input.records("Tags"));
    let tagging = (!input.list("Tags").is_empty()).then(|| need(tag_action));
    [need(action)].into_iter().chain(tagging).collect()
}

pub(super) fn tags(input: &Record) -> Result<Vec<Tag>, Fault> {
    let mut tags: Vec<Tag> = Vec::new();
    for tag in input.records("Tags") {
        let (Some(key), Some(value)) = (tag.text("Key"), tag.text("Value")) else {
            continue;
        };
        if is_reserved(key) {
            let message = format!("Tag key {key} must not begin with the reserved prefix aws:.");
            return Err(Fault::new("InvalidInput", message));
        }
        if tags
            .iter()
            .any(|known| known.key.to_lowercase() == key.to_lowercase())
        {
            let message =
                "Duplicate tag keys found. Please note that Tag keys are case insensitive.";
            return Err(Fault::new("InvalidInput", message));
        }
        tags.push(Tag {
            key: key.to_owned(),
            value: value.to_owned(),
        });
    }
    if tags.len() > TAGS_MAX {
        let message = format!("The number of tags has reached the maximum limit of {TAGS_MAX}.");
        return Err(limit_exceeded(message));
    }
    Ok(tags)
}

/// Keys with this prefix, in any case, are for AWS alone.
pub(super) fn is_reserved(key: &str) -> bool {
    key.get(..4)
        .is_some_and(|prefix| prefix.eq_ignore_ascii_case("aws:"))
}

/// Left out where there are none, as IAM does.
pub(super) fn tag_list(tags: &[Tag]) -> Option<Value> {
    let records = tags.iter().map(|tag| {
        Record::new()
            .with("Key", tag.key.as_str())
            .with("Value", tag.value.as_str())
    });
    (!tags.is_empty()).then(|| records.collect())
}

pub(super) const TAGS_MAX: usize = 50;
