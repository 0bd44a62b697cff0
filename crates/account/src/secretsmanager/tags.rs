//! Tags of secrets.
//!
//! A caller does not tag itself out: what it asks for must be allowed with the tags as they are
//! and as they would be.
//!
//! Source: Secrets Manager API Reference, "TagResource", "UntagResource".

use protocol::{Fault, Record};

use super::faults::invalid_parameter;
use super::lookup::{find, load_live, on_secret};
use super::secrets::{check_number, tags};
use crate::entity::{Entity, Tag};
use crate::gate::{Need, keys};
use crate::operation::{Row, required};
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "TagResource",
        needs: |transaction, _, input| {
            let needs = needs("secretsmanager:TagResource", tagged, transaction, input)?;
            let with = |need: Need| need.requesting(input.records("Tags"));
            Ok(needs.into_iter().map(with).collect())
        },
        run: |transaction, _, input| change(tagged, transaction, input),
    },
    Row {
        operation: "UntagResource",
        needs: |transaction, _, input| {
            let needs = needs("secretsmanager:UntagResource", untagged, transaction, input)?;
            let keys: Vec<String> = input.texts("TagKeys").map(str::to_owned).collect();
            let with = |need: Need| need.about_tags(keys.clone());
            Ok(needs.into_iter().map(with).collect())
        },
        run: |transaction, _, input| change(untagged, transaction, input),
    },
];

fn needs(
    action: &'static str,
    changed: Changed,
    transaction: &Transaction,
    input: &Record,
) -> Result<Vec<Need>, Fault> {
    let mut needs = on_secret(action, transaction, input)?;
    let id = required(input, "SecretId")?;
    let held = find(transaction.state(), id, transaction.now);
    if let Some(held) = held
        && let Ok(tags) = changed(&held.secret.tags, input)
        && tags != held.secret.tags
    {
        let secret = &held.secret;
        let need = Need::new(action, secret.arn.as_str())
            .of_secret(&secret.name)
            .with(&keys::SECRET_ID, id)
            .on_tagged(&keys::SECRET_RESOURCE_TAG, &tags);
        needs.push(need);
    }
    Ok(needs)
}

/// Tags as a call makes them of those that were there.
type Changed = fn(&[Tag], &Record) -> Result<Vec<Tag>, Fault>;

fn tagged(before: &[Tag], input: &Record) -> Result<Vec<Tag>, Fault> {
    let mut after = before.to_vec();
    for tag in tags(input)? {
        match after.iter_mut().find(|known| known.key == tag.key) {
            Some(known) => known.value = tag.value,
            None => after.push(tag),
        }
    }
    check_number(&after)?;
    Ok(after)
}

fn untagged(before: &[Tag], input: &Record) -> Result<Vec<Tag>, Fault> {
    let mut after = before.to_vec();
    for gone in input.texts("TagKeys") {
        if gone.starts_with("aws:") {
            return Err(invalid_parameter("Tag keys must not begin with aws:."));
        }
        after.retain(|tag| tag.key != gone);
    }
    Ok(after)
}

fn change(
    changed: Changed,
    transaction: &mut Transaction,
    input: &Record,
) -> Result<Record, Fault> {
    let held = load_live(transaction, input)?;
    let tags = changed(&held.secret.tags, input)?;
    if tags != held.secret.tags {
        let mut secret = held.secret.clone();
        secret.tags = tags;
        secret.changed = transaction.now;
        transaction.put(Entity::Secret(secret))?;
    }
    Ok(Record::new())
}
