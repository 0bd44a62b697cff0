//! What a version of a launch template holds, and a launch that uses one.

use protocol::shape::{Kind, Service, Shape};
use protocol::{Fault, Record, Secret, Value, wire};

use super::named::{load, version};
use crate::ec2::faults::refuse;
use crate::entity::{LaunchTemplate, LaunchTemplateVersion, Tag};
use crate::transaction::{Transaction, internal_failure};

/// Data that a launch here can use in full; what it could not is refused by name.
pub(super) fn checked(given: &Record) -> Result<Record, Fault> {
    let unsupported: Vec<&'static str> = given
        .members()
        .map(|(name, _)| name)
        .filter(|name| !SUPPORTED.contains(name))
        .collect();
    refuse(given, &unsupported)?;
    Ok(given.clone())
}

pub(super) fn to_json(data: &Record) -> Result<Secret, Fault> {
    let shape = shape().ok_or_else(internal_failure)?;
    Ok(wire::to_json(shape, data))
}

/// The data of a version.
pub(super) fn of(version: &LaunchTemplateVersion) -> Result<Record, Fault> {
    let shape = shape().ok_or_else(internal_failure)?;
    wire::from_json(shape, &version.data).map_err(|_| internal_failure())
}

/// `RequestLaunchTemplateData`
fn shape() -> Option<&'static Shape> {
    let create = Service::find("ec2")?.operation("CreateLaunchTemplate")?;
    let Kind::Structure(members) = &create.input?.kind else {
        return None;
    };
    let mut members = members.iter();
    let data = members.find(|member| member.name == "LaunchTemplateData")?;
    Some(data.shape)
}

/// `base` with the members of `top` in place of its own; tags are those of both.
pub(crate) fn over(base: &Record, top: &Record) -> Record {
    let mut merged = Record::new();
    for (name, value) in base.members().chain(top.members()) {
        merged.set(name, value.clone());
    }
    let (below, above) = (base.list(TAGS), top.list(TAGS));
    if !below.is_empty() && !above.is_empty() {
        merged.set(TAGS, merged_tags(base, top));
    }
    merged
}

fn merged_tags(base: &Record, top: &Record) -> Value {
    let mut kinds: Vec<&str> = Vec::new();
    for of in base.records(TAGS).chain(top.records(TAGS)) {
        kinds.extend(of.text("ResourceType").filter(|kind| !kinds.contains(kind)));
    }
    let of_kind = |of: &Record, kind: &str| -> Vec<Record> {
        let specifications = of.records(TAGS);
        let specifications = specifications.filter(|it| it.text("ResourceType") == Some(kind));
        specifications
            .flat_map(|it| it.records("Tags").cloned().collect::<Vec<_>>())
            .collect()
    };
    let merged = kinds.into_iter().map(|kind| {
        let above = of_kind(top, kind);
        let mut tags = of_kind(base, kind);
        tags.retain(|tag| above.iter().all(|it| it.text("Key") != tag.text("Key")));
        tags.extend(above);
        Record::new().with("ResourceType", kind).with("Tags", tags)
    });
    merged.collect()
}

/// A launch by a template: what it asks for in all, and which version that is.
#[derive(Debug)]
pub(crate) struct Applied<'a> {
    /// The call's parameters over the version's.
    pub(crate) input: Record,
    pub(crate) template: &'a LaunchTemplate,
    pub(crate) version: u32,
}

/// The launch that `input` asks for by `LaunchTemplate`, `None` where it names none.
pub(crate) fn applied<'a>(
    transaction: &'a Transaction,
    input: &Record,
) -> Result<Option<Applied<'a>>, Fault> {
    let Some(named) = input.record("LaunchTemplate") else {
        return Ok(None);
    };
    let template = load(transaction, named)?;
    let wanted = named.text("Version").filter(|version| !version.is_empty());
    let version = version(template, wanted.unwrap_or("$Default"))?;
    let mut own = Record::new();
    for (name, value) in input
        .members()
        .filter(|(name, _)| *name != "LaunchTemplate")
    {
        own.set(name, value.clone());
    }
    Ok(Some(Applied {
        input: over(&of(version)?, &own),
        template,
        version: version.number,
    }))
}

impl Applied<'_> {
    /// The tags by which an instance says what it was launched by.
    pub(crate) fn tags(&self) -> Vec<Tag> {
        let tag = |key: &str, value: String| Tag {
            key: key.to_owned(),
            value,
        };
        vec![
            tag("aws:ec2launchtemplate:id", self.template.id.clone()),
            tag("aws:ec2launchtemplate:version", self.version.to_string()),
        ]
    }
}

const TAGS: &str = "TagSpecifications";
pub(in crate::ec2) const SUPPORTED: &[&str] = &[
    "BlockDeviceMappings",
    "CreditSpecification",
    "DisableApiStop",
    "DisableApiTermination",
    "EbsOptimized",
    "HibernationOptions",
    "IamInstanceProfile",
    "ImageId",
    "InstanceInitiatedShutdownBehavior",
    "InstanceType",
    "KeyName",
    "MaintenanceOptions",
    "MetadataOptions",
    "Monitoring",
    "Placement",
    "SecurityGroupIds",
    "SecurityGroups",
    TAGS,
    "UserData",
];
