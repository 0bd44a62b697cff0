//! Tags of keys.
//!
//! Source: KMS Developer Guide, "Tags in KMS".

use protocol::{Fault, Record, Value};

use super::faults::limit_exceeded;
use super::lookup::{check_kept, load, on_key};
use super::pages;
use crate::entity::{Entity, Tag};
use crate::gate::Caller;
use crate::operation::Row;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "TagResource",
        needs: |transaction, _, input| {
            let needs = on_key("kms:TagResource", transaction, input)?;
            let needs = needs.into_iter();
            Ok(needs
                .map(|need| need.requesting_pairs(pairs(input)))
                .collect())
        },
        run: tag,
    },
    Row {
        operation: "UntagResource",
        needs: |transaction, _, input| {
            let needs = on_key("kms:UntagResource", transaction, input)?;
            let keys: Vec<String> = input.texts("TagKeys").map(str::to_owned).collect();
            let needs = needs.into_iter();
            Ok(needs.map(|need| need.about_tags(keys.clone())).collect())
        },
        run: untag,
    },
    Row {
        operation: "ListResourceTags",
        needs: |t, _, i| on_key("kms:ListResourceTags", t, i),
        run: list,
    },
];

/// Keys and values of the tags that a call brings.
pub(super) fn pairs(input: &Record) -> impl Iterator<Item = (&str, &str)> {
    let pair = |tag| Record::text(tag, "TagKey").zip(Record::text(tag, "TagValue"));
    input.records("Tags").filter_map(pair)
}

/// The tags that a call brings, each once.
pub(super) fn given(input: &Record) -> Result<Vec<Tag>, Fault> {
    let mut tags: Vec<Tag> = Vec::new();
    for (key, value) in pairs(input) {
        check_key(key)?;
        if tags.iter().any(|known| known.key == key) {
            return Err(fault(format!("The tag key {key} is given more than once.")));
        }
        tags.push(Tag {
            key: key.to_owned(),
            value: value.to_owned(),
        });
    }
    if tags.len() > TAGS_MAX {
        return Err(limit_exceeded(format!(
            "A key has at most {TAGS_MAX} tags."
        )));
    }
    Ok(tags)
}

fn check_key(key: &str) -> Result<(), Fault> {
    let prefix = key.get(..4).unwrap_or_default();
    if prefix.eq_ignore_ascii_case("aws:") {
        return Err(fault("Tag keys must not begin with aws:.".to_owned()));
    }
    Ok(())
}

fn fault(message: String) -> Fault {
    Fault::new("TagException", message)
}

fn tag(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let held = load(transaction, input)?;
    check_kept(&held)?;
    let mut key = held.key.clone();
    for tag in given(input)? {
        match key.tags.iter_mut().find(|known| known.key == tag.key) {
            Some(known) => known.value = tag.value,
            None => key.tags.push(tag),
        }
    }
    if key.tags.len() > TAGS_MAX {
        return Err(limit_exceeded(format!(
            "A key has at most {TAGS_MAX} tags."
        )));
    }
    transaction.put(Entity::KmsKey(key))?;
    Ok(Record::new())
}

fn untag(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let held = load(transaction, input)?;
    check_kept(&held)?;
    let mut key = held.key.clone();
    for gone in input.texts("TagKeys") {
        check_key(gone)?;
        key.tags.retain(|tag| tag.key != gone);
    }
    if key.tags.len() < held.key.tags.len() {
        transaction.put(Entity::KmsKey(key))?;
    }
    Ok(Record::new())
}

fn list(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let held = load(transaction, input)?;
    let mut tags: Vec<&Tag> = held.key.tags.iter().collect();
    tags.sort_by_key(|tag| &tag.key);
    let show = |tag: &&Tag| {
        let shown = Record::new().with("TagKey", tag.key.as_str());
        Value::from(shown.with("TagValue", tag.value.as_str()))
    };
    pages::page(input, "Tags", tags.into_iter(), |tag| tag.key.clone(), show)
}

const TAGS_MAX: usize = 50;
