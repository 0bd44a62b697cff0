//! What calls ask of a group, read and refused one parameter at a time.

use protocol::{Fault, Record, Value};

use super::configurations;
use super::group::{TAGS_MAX, invalid};
use crate::ec2;
use crate::entity::{AutoScalingGroup, GroupTag, LaunchedBy, UsedTemplate};
use crate::transaction::Transaction;

/// Refuses what would be silently without effect.
pub(super) fn check_supported(input: &Record) -> Result<(), Fault> {
    let mut members = input.members();
    let other = members.find(|(name, value)| match *name {
        "CapacityRebalance" => **value != Value::Boolean(false),
        "HealthCheckType" => **value != Value::from("EC2"),
        "AvailabilityZoneDistribution" => {
            let Value::Structure(asked) = value else {
                return true;
            };
            let strategy = asked.text("CapacityDistributionStrategy");
            strategy.is_some_and(|strategy| strategy != DISTRIBUTION)
        }
        name => !SUPPORTED.contains(&name),
    });
    match other {
        Some((name, _)) => Err(invalid(format!(
            "This server does not support the parameter {name} as given."
        ))),
        None => Ok(()),
    }
}

/// Overlays the numbers asked for, and refuses those that do not fit together.
pub(super) fn overlay(group: &mut AutoScalingGroup, input: &Record) -> Result<(), Fault> {
    for (member, held) in [
        ("MinSize", &mut group.min),
        ("MaxSize", &mut group.max),
        ("DefaultCooldown", &mut group.cooldown_seconds),
        ("HealthCheckGracePeriod", &mut group.grace_seconds),
    ] {
        if let Some(asked) = input.integer(member) {
            *held = number(member, asked)?;
        }
    }
    let (min, max) = (group.min, group.max);
    if min > max {
        return Err(invalid(format!(
            "Max bound, {max}, must be greater than or equal to min bound, {min}"
        )));
    }
    if max > SIZE_MAX {
        return Err(invalid(format!(
            "A group here has at most {SIZE_MAX} instances."
        )));
    }
    match input.integer("DesiredCapacity") {
        Some(asked) => {
            group.desired = number("DesiredCapacity", asked)?;
            if !(min..=max).contains(&group.desired) {
                return Err(invalid(format!(
                    "Desired capacity:{asked} must be between the specified min size:{min} and \
                     max size:{max}"
                )));
            }
        }
        None => group.desired = group.desired.clamp(min, max),
    }
    if let Some(protects) = input.boolean("NewInstancesProtectedFromScaleIn") {
        group.protects_new = protects;
    }
    if input.get("TerminationPolicies").is_some() {
        group.termination_policies = termination_policies(input)?;
    }
    Ok(())
}

fn number(member: &str, asked: i64) -> Result<u32, Fault> {
    let number = u32::try_from(asked).ok().filter(|it| *it <= NUMBER_MAX);
    number.ok_or_else(|| {
        invalid(format!(
            "{member} must be between 0 and {NUMBER_MAX}: {asked}"
        ))
    })
}

fn termination_policies(input: &Record) -> Result<Vec<String>, Fault> {
    let asked: Vec<String> = input
        .texts("TerminationPolicies")
        .map(str::to_owned)
        .collect();
    match asked.iter().find(|policy| *policy != DEFAULT_POLICY) {
        Some(other) => Err(invalid(format!(
            "This server does not support the termination policy {other}."
        ))),
        None if asked.is_empty() => Ok(vec![DEFAULT_POLICY.to_owned()]),
        None => Ok(asked),
    }
}

/// The launch template or the launch configuration asked for, which is there.
pub(super) fn launched_by(
    transaction: &Transaction,
    input: &Record,
) -> Result<Option<LaunchedBy>, Fault> {
    let template = template(transaction, input)?;
    let Some(name) = input.text("LaunchConfigurationName") else {
        return Ok(template.map(LaunchedBy::Template));
    };
    if template.is_some() {
        return Err(invalid(ONE_OF));
    }
    let known = transaction.state().launch_configurations();
    if !known.contains_key(name) {
        return Err(configurations::not_found(name));
    }
    Ok(Some(LaunchedBy::Configuration {
        configuration: name.to_owned(),
    }))
}

/// The launch template asked for, which is there, in a version that is.
fn template(transaction: &Transaction, input: &Record) -> Result<Option<UsedTemplate>, Fault> {
    let Some(asked) = input.record("LaunchTemplate") else {
        return Ok(None);
    };
    let found = ec2::launch_template(transaction, asked)
        .map_err(|fault| invalid(fault.message.to_string()))?;
    let version = asked.text("Version");
    if found.version(version.unwrap_or("$Default")).is_none() {
        return Err(invalid(
            "The launch template version you specified does not exist.",
        ));
    }
    Ok(Some(UsedTemplate {
        id: found.id.clone(),
        name: found.name.clone(),
        version: version.map(str::to_owned),
    }))
}

/// The subnets asked for, by themselves or by their zones.
pub(super) fn subnets(
    transaction: &Transaction,
    input: &Record,
) -> Result<Option<Vec<String>>, Fault> {
    let known = &transaction.state().settings().network.subnets;
    let zones: Vec<&str> = input.texts("AvailabilityZones").collect();
    if let Some(list) = input.text("VPCZoneIdentifier") {
        let mut asked: Vec<String> = Vec::new();
        for id in list.split(',').map(str::trim).filter(|id| !id.is_empty()) {
            let subnet = known.iter().find(|subnet| subnet.id == id);
            let subnet =
                subnet.ok_or_else(|| invalid(format!("The subnet ID '{id}' does not exist")))?;
            if !zones.is_empty() && !zones.contains(&subnet.availability_zone.as_str()) {
                return Err(invalid(
                    "The availability zones of the specified subnets and the Auto Scaling group \
                     do not match",
                ));
            }
            if !asked.contains(&subnet.id) {
                asked.push(subnet.id.clone());
            }
        }
        return Ok((!asked.is_empty()).then_some(asked));
    }
    let of_zone = |zone: &&str| {
        let mut found = known.iter();
        let found = found.find(|subnet| subnet.availability_zone == *zone);
        found
            .map(|subnet| subnet.id.clone())
            .ok_or_else(|| invalid(format!("Invalid Availability Zone: {zone}")))
    };
    let asked: Vec<String> = zones.iter().map(of_zone).collect::<Result<_, _>>()?;
    Ok((!asked.is_empty()).then_some(asked))
}

/// The tags asked for, none twice.
pub(super) fn tags(input: &Record) -> Result<Vec<GroupTag>, Fault> {
    let mut tags: Vec<GroupTag> = Vec::new();
    for tag in input.records("Tags") {
        let key = tag.text("Key").unwrap_or_default();
        if key.is_empty() || key.starts_with("aws:") {
            return Err(invalid("Tag keys must not be empty or begin with aws:"));
        }
        if tags.iter().any(|known| known.key == key) {
            return Err(invalid(format!("Duplicate tag key '{key}' specified.")));
        }
        tags.push(GroupTag {
            key: key.to_owned(),
            value: tag.text("Value").unwrap_or_default().to_owned(),
            propagates: tag.boolean("PropagateAtLaunch").unwrap_or(false),
        });
    }
    if tags.len() > TAGS_MAX {
        return Err(invalid(format!("A group has at most {TAGS_MAX} tags.")));
    }
    Ok(tags)
}

/// What one launch for a group asks for.
pub(super) fn launch_input(
    transaction: &Transaction,
    by: &LaunchedBy,
    subnet: &str,
    tags: &[GroupTag],
) -> Result<Record, Fault> {
    let input = match by {
        LaunchedBy::Template(template) => by_template(&specification(template), subnet),
        LaunchedBy::Configuration { configuration } => {
            let known = transaction.state().launch_configurations();
            let found = known.get(configuration);
            let found = found.ok_or_else(|| configurations::not_found(configuration))?;
            configurations::launch_input(found)?.with("SubnetId", subnet)
        }
    };
    Ok(tagged(input, tags))
}

/// A launch by a template as a call names it, known or not.
pub(super) fn by_template(template: &Record, subnet: &str) -> Record {
    Record::new()
        .with("MinCount", 1)
        .with("MaxCount", 1)
        .with("LaunchTemplate", template.clone())
        .with("SubnetId", subnet)
}

/// The same launch with those of a group's tags that its instances get.
pub(super) fn tagged(input: Record, tags: &[GroupTag]) -> Record {
    let propagated: Vec<Record> = tags
        .iter()
        .filter(|tag| tag.propagates)
        .map(|tag| {
            Record::new()
                .with("Key", tag.key.as_str())
                .with("Value", tag.value.as_str())
        })
        .collect();
    if propagated.is_empty() {
        return input;
    }
    let of_instance = Record::new()
        .with("ResourceType", "instance")
        .with("Tags", propagated);
    input.with("TagSpecifications", vec![of_instance])
}

/// How a launch names a group's template.
pub(super) fn specification(template: &UsedTemplate) -> Record {
    Record::new()
        .with("LaunchTemplateId", template.id.as_str())
        .with_some("Version", template.version.as_deref())
}

pub(super) const ONE_OF: &str = "Valid requests must contain either LaunchTemplate, \
                                 LaunchConfigurationName, InstanceId or MixedInstancesPolicy \
                                 parameter.";
pub(super) const DEFAULT_POLICY: &str = "Default";
pub(super) const DISTRIBUTION: &str = "balanced-best-effort";
// Source: Auto Scaling API Reference, CreateAutoScalingGroup.
pub(super) const COOLDOWN_SECONDS: u32 = 300;
/// Taken where they say what a group does anyway.
pub(super) const AS_IT_IS: &[&str] = &[
    "AvailabilityZoneDistribution",
    "CapacityRebalance",
    "HealthCheckType",
];
pub(super) const SUPPORTED: &[&str] = &[
    "AutoScalingGroupName",
    "AvailabilityZones",
    "DefaultCooldown",
    "DesiredCapacity",
    "HealthCheckGracePeriod",
    "LaunchConfigurationName",
    "LaunchTemplate",
    "MaxSize",
    "MinSize",
    "NewInstancesProtectedFromScaleIn",
    "Tags",
    "TerminationPolicies",
    "VPCZoneIdentifier",
];
// Bounds the work of one call.
const SIZE_MAX: u32 = 500;
// Of sizes and of seconds.
const NUMBER_MAX: u32 = 10_000_000;
