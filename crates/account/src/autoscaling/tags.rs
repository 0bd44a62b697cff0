//! Tags of groups, put on and taken off.

use protocol::{Fault, Record};

use super::group::{TAGS_MAX, invalid, on_named};
use super::parameters::tags;
use crate::entity::{AutoScalingGroup, Entity};
use crate::gate::{Caller, Need};
use crate::operation::Row;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "CreateOrUpdateTags",
        needs: |t, _, i| Ok(on_tagged("autoscaling:CreateOrUpdateTags", t, i)),
        run: create,
    },
    Row {
        operation: "DeleteTags",
        needs: |t, _, i| Ok(on_tagged("autoscaling:DeleteTags", t, i)),
        run: delete,
    },
];

/// A need on each group that a tag names, with the tags it gets; on all where none is named.
fn on_tagged(action: &'static str, transaction: &Transaction, input: &Record) -> Vec<Need> {
    let of_all: Vec<Need> = names(input)
        .into_iter()
        .map(|name| {
            let own = input
                .records("Tags")
                .filter(|tag| tag.text("ResourceId").unwrap_or_default() == name);
            on_named(action, transaction, name).requesting(own)
        })
        .collect();
    if of_all.is_empty() {
        return vec![on_named(action, transaction, "*")];
    }
    of_all
}

/// The groups that the tags name, each once.
fn names(input: &Record) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for tag in input.records("Tags") {
        let name = tag.text("ResourceId").unwrap_or_default();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The groups with the tags that a call has for each.
fn loaded(
    transaction: &Transaction,
    input: &Record,
) -> Result<Vec<(AutoScalingGroup, Record)>, Fault> {
    let groups = transaction.state().auto_scaling_groups();
    let of = |name: &str| {
        let group = groups.get(name).ok_or_else(|| {
            invalid(format!(
                "AutoScalingGroup name not found - AutoScalingGroup '{name}' not found"
            ))
        })?;
        let own = input
            .records("Tags")
            .filter(|tag| tag.text("ResourceId").unwrap_or_default() == name);
        let own: Vec<Record> = own.cloned().collect();
        Ok((
            AutoScalingGroup::clone(group),
            Record::new().with("Tags", own),
        ))
    };
    names(input).into_iter().map(of).collect()
}

fn create(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    for (mut group, asked) in loaded(transaction, input)? {
        let asked = tags(&asked)?;
        group
            .tags
            .retain(|tag| asked.iter().all(|new| new.key != tag.key));
        group.tags.extend(asked);
        if group.tags.len() > TAGS_MAX {
            return Err(invalid(format!("A group has at most {TAGS_MAX} tags.")));
        }
        transaction.put(Entity::AutoScalingGroup(group))?;
    }
    Ok(Record::new())
}

fn delete(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    for (mut group, asked) in loaded(transaction, input)? {
        let asked = tags(&asked)?;
        group
            .tags
            .retain(|tag| asked.iter().all(|gone| gone.key != tag.key));
        transaction.put(Entity::AutoScalingGroup(group))?;
    }
    Ok(Record::new())
}
