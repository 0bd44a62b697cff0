//! Tags of roots, units, accounts and policies.

use protocol::{Fault, Record, Value};

use super::faults::{constraint, invalid_input, target_not_found};
use super::needs::on_named;
use super::node::Node;
use super::pages;
use super::tree::Tree;
use crate::entity::Tag;
use crate::gate::{Caller, Need};
use crate::operation::{Row, required};
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "TagResource",
        needs: |transaction, _, input| {
            let action = "organizations:TagResource";
            let needs = on_named(action, transaction, input, "ResourceId").into_iter();
            let tagged = |need: Need| need.requesting(input.records("Tags"));
            Ok(needs.map(tagged).collect())
        },
        run: tag,
    },
    Row {
        operation: "UntagResource",
        needs: |transaction, _, input| {
            let action = "organizations:UntagResource";
            let needs = on_named(action, transaction, input, "ResourceId").into_iter();
            let keys: Vec<String> = input.texts("TagKeys").map(str::to_owned).collect();
            Ok(needs.map(|need| need.about_tags(keys.clone())).collect())
        },
        run: untag,
    },
    Row {
        operation: "ListTagsForResource",
        needs: |t, _, i| {
            let action = "organizations:ListTagsForResource";
            Ok(on_named(action, t, i, "ResourceId"))
        },
        run: list,
    },
];

/// The tags that a call brings, each once.
pub(super) fn given(input: &Record) -> Result<Vec<Tag>, Fault> {
    let mut tags: Vec<Tag> = Vec::new();
    for tag in input.records("Tags") {
        let key = tag.text("Key").unwrap_or_default();
        let prefix = key.get(..4).unwrap_or_default();
        if key.is_empty() || prefix.eq_ignore_ascii_case("aws:") {
            return Err(invalid_input(
                "Tag keys must not be empty or begin with aws:.",
            ));
        }
        if tags.iter().any(|known| known.key == key) {
            return Err(invalid_input(format!(
                "The tag key {key} is given more than once."
            )));
        }
        tags.push(Tag {
            key: key.to_owned(),
            value: tag.text("Value").unwrap_or_default().to_owned(),
        });
    }
    check_count(&tags)?;
    Ok(tags)
}

fn check_count(tags: &[Tag]) -> Result<(), Fault> {
    if tags.len() > TAGS_MAX {
        return Err(constraint(format!(
            "A resource has at most {TAGS_MAX} tags."
        )));
    }
    Ok(())
}

fn load(transaction: &Transaction, input: &Record) -> Result<Node, Fault> {
    let tree = Tree::managed(transaction.state())?;
    let node = Node::find(tree, required(input, "ResourceId")?);
    node.ok_or_else(target_not_found)
}

fn tag(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let mut node = load(transaction, input)?;
    let tags = node.tags_mut();
    for tag in given(input)? {
        match tags.iter_mut().find(|known| known.key == tag.key) {
            Some(known) => known.value = tag.value,
            None => tags.push(tag),
        }
    }
    check_count(tags)?;
    transaction.put(node.into_entity())?;
    Ok(Record::new())
}

fn untag(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let mut node = load(transaction, input)?;
    let before = node.tags().len();
    for gone in input.texts("TagKeys") {
        node.tags_mut().retain(|tag| tag.key != gone);
    }
    if node.tags().len() < before {
        transaction.put(node.into_entity())?;
    }
    Ok(Record::new())
}

fn list(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let node = load(transaction, input)?;
    let shown = |tag: &Tag| {
        let shown = Record::new().with("Key", tag.key.as_str());
        Value::from(shown.with("Value", tag.value.as_str()))
    };
    // All of them fit on one page, whatever a caller asks for; so there is never a token.
    if input.text("NextToken").is_some() {
        return pages::none(input, "Tags");
    }
    let tags: Vec<Value> = node.tags().iter().map(shown).collect();
    Ok(Record::new().with("Tags", tags))
}

const TAGS_MAX: usize = 50;
