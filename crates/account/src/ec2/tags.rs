//! Tags: read and refused, shown, put on what is there and taken off.
//!
//! Source: EC2 User Guide, "Tag your Amazon EC2 resources".

use protocol::{Fault, Record, Value};

use super::instances::{arn, load, on_instance};
use super::listing::{Listing, one};
use super::templates::named;
use crate::entity::{Entity, Instance, LaunchTemplate, Tag};
use crate::gate::{Caller, Need, keys};
use crate::operation::Row;
use crate::state::State;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "CreateTags",
        needs: |transaction, _, input| needs("ec2:CreateTags", transaction, input),
        run: create,
    },
    Row {
        operation: "DeleteTags",
        needs: |transaction, _, input| needs("ec2:DeleteTags", transaction, input),
        run: delete,
    },
    Row {
        operation: "DescribeTags",
        needs: |_, _, _| Ok(vec![Need::new("ec2:DescribeTags", "*")]),
        run: describe,
    },
];

/// The tags asked for on a kind of resource.
pub(super) fn of_kind<'r>(
    input: &'r Record,
    kind: &'static str,
) -> impl Iterator<Item = &'r Record> {
    input
        .records("TagSpecifications")
        .filter(move |of| of.text("ResourceType") == Some(kind))
        .flat_map(|of| of.records("Tags"))
}

/// Tags as a caller may give them, none twice.
pub(super) fn read<'r>(asked: impl Iterator<Item = &'r Record>) -> Result<Vec<Tag>, Fault> {
    let mut tags: Vec<Tag> = Vec::new();
    for tag in asked {
        let tag = checked(tag)?;
        if tags.iter().any(|known| known.key == tag.key) {
            let message = format!("Duplicate tag key '{}' specified.", tag.key);
            return Err(Fault::new("InvalidParameterValue", message));
        }
        tags.push(tag);
    }
    check_count(&tags)?;
    Ok(tags)
}

fn checked(tag: &Record) -> Result<Tag, Fault> {
    let (key, value) = (tag.text("Key").unwrap_or_default(), tag.text("Value"));
    let value = value.unwrap_or_default();
    if key.is_empty() || key.chars().count() > TAG_KEY_CHARACTERS_MAX || is_reserved(key) {
        let message = format!(
            "Tag keys must be 1 to {TAG_KEY_CHARACTERS_MAX} characters and must not begin with \
             aws:."
        );
        return Err(Fault::new("InvalidParameterValue", message));
    }
    if value.chars().count() > TAG_VALUE_CHARACTERS_MAX {
        let message = format!("Tag values must be at most {TAG_VALUE_CHARACTERS_MAX} characters.");
        return Err(Fault::new("InvalidParameterValue", message));
    }
    Ok(Tag {
        key: key.to_owned(),
        value: value.to_owned(),
    })
}

fn check_count(tags: &[Tag]) -> Result<(), Fault> {
    let own = tags.iter().filter(|tag| !is_reserved(&tag.key));
    if own.count() > TAGS_MAX {
        let message = format!("The maximum number of Tags is {TAGS_MAX}.");
        return Err(Fault::new("TagLimitExceeded", message));
    }
    Ok(())
}

/// Keys with this prefix are for AWS alone, and do not count.
fn is_reserved(key: &str) -> bool {
    key.starts_with("aws:")
}

/// Left out where there are none, as EC2 does.
pub(super) fn shown(tags: &[Tag]) -> Option<Value> {
    let records = tags.iter().map(|tag| {
        Record::new()
            .with("Key", tag.key.as_str())
            .with("Value", tag.value.as_str())
    });
    (!tags.is_empty()).then(|| records.collect())
}

/// What tags have under a filter's name; nothing where it is not about tags.
pub(super) fn attributes(tags: &[Tag], name: &str) -> Option<Vec<String>> {
    if let Some(key) = name.strip_prefix("tag:") {
        let tags = tags.iter().filter(|tag| tag.key == key);
        return Some(tags.map(|tag| tag.value.clone()).collect());
    }
    let keys = tags.iter().map(|tag| tag.key.clone());
    (name == "tag-key").then(|| keys.collect())
}

/// Something that has tags.
enum Tagged {
    Instance(Instance),
    /// The instance that has the volume of this id.
    Volume(Instance, String),
    Template(LaunchTemplate),
}

impl Tagged {
    fn load(transaction: &Transaction, id: &str) -> Result<Self, Fault> {
        let (kind, _) = id.split_once('-').unwrap_or((id, ""));
        match kind {
            "i" => Ok(Self::Instance(load(transaction, id)?.instance.clone())),
            "vol" => {
                let found = holder(transaction.state(), id).cloned();
                found
                    .map(|instance| Self::Volume(instance, id.to_owned()))
                    .ok_or_else(|| {
                        let message = format!("The volume '{id}' does not exist.");
                        Fault::new("InvalidVolume.NotFound", message)
                    })
            }
            "lt" => {
                let named = Record::new().with("LaunchTemplateId", id);
                Ok(Self::Template(named::load(transaction, &named)?.clone()))
            }
            "vpc" | "subnet" | "sg" | "eni" | "ami" => Err(Fault::new(
                "UnsupportedOperation",
                format!("This server keeps no tags of {id}."),
            )),
            _ => Err(Fault::new(
                "InvalidID",
                format!("The ID '{id}' is not valid"),
            )),
        }
    }

    fn tags_mut(&mut self) -> Option<&mut Vec<Tag>> {
        match self {
            Self::Instance(instance) => Some(&mut instance.tags),
            Self::Template(template) => Some(&mut template.tags),
            Self::Volume(instance, id) => {
                let mut volumes = instance.volumes.iter_mut();
                let volume = volumes.find(|volume| volume.id == *id)?;
                Some(&mut volume.tags)
            }
        }
    }

    fn into_entity(self) -> Entity {
        match self {
            Self::Instance(instance) | Self::Volume(instance, _) => Entity::Instance(instance),
            Self::Template(template) => Entity::LaunchTemplate(template),
        }
    }
}

/// The instance that a volume is attached to.
fn holder<'a>(state: &'a State, volume: &str) -> Option<&'a Instance> {
    let mut live = state.instances().values().map(|held| &held.instance);
    live.find(|instance| {
        instance.terminated.is_none() && instance.volumes.iter().any(|held| held.id == volume)
    })
}

fn needs(
    action: &'static str,
    transaction: &Transaction,
    input: &Record,
) -> Result<Vec<Need>, Fault> {
    let on = |id: &str| {
        let kind = match id.split_once('-').map_or(id, |(kind, _)| kind) {
            "i" => return on_instance(action, transaction, id),
            "lt" => {
                let named = Record::new().with("LaunchTemplateId", id);
                return named::on_template(action, transaction, &named);
            }
            "vol" => "volume",
            "vpc" => "vpc",
            "subnet" => "subnet",
            "sg" => "security-group",
            "eni" => "network-interface",
            _ => "*",
        };
        let need = Need::new(action, arn(transaction, &format!("{kind}/{id}")));
        let held = holder(transaction.state(), id).and_then(|instance| {
            let mut volumes = instance.volumes.iter();
            volumes.find(|volume| volume.id == id)
        });
        need.on_tagged(
            &keys::EC2_RESOURCE_TAG,
            held.map_or(&[], |volume| &volume.tags),
        )
    };
    let needs: Vec<Need> = input
        .texts("Resources")
        .map(|id| on(id).requesting(input.records("Tags")))
        .collect();
    if needs.is_empty() {
        let message = "The request must contain the parameter resourceIdSet";
        return Err(Fault::new("MissingParameter", message));
    }
    Ok(needs)
}

fn create(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    check_resources(input)?;
    let asked = read(input.records("Tags"))?;
    if asked.is_empty() {
        let message = "The request must contain the parameter tagSet";
        return Err(Fault::new("MissingParameter", message));
    }
    for id in input.texts("Resources") {
        let mut tagged = Tagged::load(transaction, id)?;
        if let Some(tags) = tagged.tags_mut() {
            tags.retain(|tag| asked.iter().all(|new| new.key != tag.key));
            tags.extend(asked.iter().cloned());
            check_count(tags)?;
        }
        transaction.put(tagged.into_entity())?;
    }
    Ok(Record::new())
}

/// Takes off the tags named, all of them where none is; one with a value only where it is the same.
fn delete(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    check_resources(input)?;
    let asked: Vec<&Record> = input.records("Tags").collect();
    let goes = |tag: &Tag| {
        let named = asked.iter().any(|asked| {
            asked.text("Key") == Some(&tag.key)
                && asked.text("Value").is_none_or(|value| value == tag.value)
        });
        !is_reserved(&tag.key) && (asked.is_empty() || named)
    };
    if let Some(key) = asked
        .iter()
        .filter_map(|tag| tag.text("Key"))
        .find(|key| is_reserved(key))
    {
        let message = format!("Tag keys starting with 'aws:' are reserved: '{key}'");
        return Err(Fault::new("InvalidParameterValue", message));
    }
    for id in input.texts("Resources") {
        let mut tagged = Tagged::load(transaction, id)?;
        if let Some(tags) = tagged.tags_mut() {
            tags.retain(|tag| !goes(tag));
        }
        transaction.put(tagged.into_entity())?;
    }
    Ok(Record::new())
}

fn check_resources(input: &Record) -> Result<(), Fault> {
    if input.list("Resources").len() > RESOURCES_MAX {
        let message = format!("At most {RESOURCES_MAX} resources can be tagged in one call.");
        return Err(Fault::new("InvalidParameterValue", message));
    }
    Ok(())
}

/// One tag of one resource.
struct Line<'a> {
    id: &'a str,
    kind: &'static str,
    tag: &'a Tag,
}

fn describe(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let known = ["key", "resource-id", "resource-type", "value"];
    let listing = Listing::read(input, "", &known)?;
    let mut lines = lines(transaction.state());
    lines.sort_by(|one, other| (one.id, &one.tag.key).cmp(&(other.id, &other.tag.key)));
    let (page, next) = listing.page(
        lines.into_iter(),
        |line| format!("{}/{}", line.id, line.tag.key),
        |line, name| match name {
            "key" => one(&line.tag.key),
            "resource-id" => one(line.id),
            "resource-type" => one(line.kind),
            "value" => one(&line.tag.value),
            name => attributes(std::slice::from_ref(line.tag), name),
        },
    );
    let shown: Value = page
        .iter()
        .map(|line| {
            Record::new()
                .with("Key", line.tag.key.as_str())
                .with("ResourceId", line.id)
                .with("ResourceType", line.kind)
                .with("Value", line.tag.value.as_str())
        })
        .collect();
    Ok(Record::new()
        .with("Tags", shown)
        .with_some("NextToken", next))
}

fn lines(state: &State) -> Vec<Line<'_>> {
    let instances = state.instances().values().map(|held| &held.instance);
    let live = instances.filter(|instance| instance.terminated.is_none());
    let mut lines = Vec::new();
    for instance in live {
        lines.extend(of("instance", &instance.id, &instance.tags));
        for volume in &instance.volumes {
            lines.extend(of("volume", &volume.id, &volume.tags));
        }
    }
    for template in state.launch_templates().values() {
        lines.extend(of("launch-template", &template.id, &template.tags));
    }
    lines
}

fn of<'a>(kind: &'static str, id: &'a str, tags: &'a [Tag]) -> impl Iterator<Item = Line<'a>> {
    tags.iter().map(move |tag| Line { id, kind, tag })
}

// Source: EC2 User Guide, "Tag restrictions".
const TAGS_MAX: usize = 50;
const TAG_KEY_CHARACTERS_MAX: usize = 127;
const TAG_VALUE_CHARACTERS_MAX: usize = 256;
// Source: EC2 API Reference, CreateTags.
const RESOURCES_MAX: usize = 1_000;
