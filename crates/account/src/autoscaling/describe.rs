//! How groups, their instances and their activities are shown.

use protocol::{Fault, Record, Value};

use super::group::{arn, invalid, plain};
use super::listing::page;
use super::parameters::{DISTRIBUTION, specification};
use crate::ec2::Filters;
use crate::entity::{Activity, AutoScalingGroup, GroupTag, Instance, LaunchedBy, Member};
use crate::gate::{Caller, Need};
use crate::operation::Row;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "DescribeAutoScalingGroups",
        needs: |_, _, _| {
            Ok(vec![Need::new(
                "autoscaling:DescribeAutoScalingGroups",
                "*",
            )])
        },
        run: groups,
    },
    Row {
        operation: "DescribeAutoScalingInstances",
        needs: |_, _, _| {
            Ok(vec![Need::new(
                "autoscaling:DescribeAutoScalingInstances",
                "*",
            )])
        },
        run: instances,
    },
    Row {
        operation: "DescribeScalingActivities",
        needs: |_, _, _| {
            Ok(vec![Need::new(
                "autoscaling:DescribeScalingActivities",
                "*",
            )])
        },
        run: activities,
    },
    Row {
        operation: "DescribeTags",
        needs: |_, _, _| Ok(vec![Need::new("autoscaling:DescribeTags", "*")]),
        run: tags,
    },
];

fn groups(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let names: Vec<&str> = input.texts("AutoScalingGroupNames").collect();
    let filters = Filters::read(input).map_err(|fault| invalid(fault.message.to_string()))?;
    filters
        .check(|name| matches!(name, "tag-key" | "tag-value") || name.starts_with("tag:"))
        .map_err(|fault| invalid(fault.message.to_string()))?;
    let all = transaction.state().auto_scaling_groups().values();
    let all = all
        .filter(|group| names.is_empty() || names.contains(&group.name.as_str()))
        .filter(|group| {
            let admitted = filters.admit(|name| Some(attributes(group, name)));
            admitted.unwrap_or(false)
        });
    let with_instances = input.boolean("IncludeInstances").unwrap_or(true);
    page(
        input,
        "AutoScalingGroups",
        all,
        |group| group.name.clone(),
        |group| shown(transaction, group, with_instances),
    )
}

fn attributes(group: &AutoScalingGroup, name: &str) -> Vec<String> {
    let tags = group.tags.iter().map(plain);
    match name {
        "tag-key" => tags.map(|tag| tag.key).collect(),
        "tag-value" => tags.map(|tag| tag.value).collect(),
        name => {
            let key = name.strip_prefix("tag:").unwrap_or_default();
            let tags = tags.filter(|tag| tag.key == key);
            tags.map(|tag| tag.value).collect()
        }
    }
}

fn shown(transaction: &Transaction, group: &AutoScalingGroup, with_instances: bool) -> Record {
    let network = &transaction.state().settings().network;
    let zone = |id: &String| {
        let mut subnets = network.subnets.iter();
        let subnet = subnets.find(|subnet| subnet.id == *id)?;
        Some(subnet.availability_zone.clone())
    };
    let mut zones: Vec<String> = group.subnets.iter().filter_map(zone).collect();
    zones.sort();
    zones.dedup();
    let members = group.members.iter().filter(|_| with_instances);
    let instances = members.filter_map(|member| {
        let held = transaction.state().instance(&member.instance)?;
        Some(instance(group, member, &held.instance).with("LifecycleState", IN_SERVICE))
    });
    let tags = group.tags.iter().map(|tag| tag_record(group, tag));
    let suspended = group.suspended.iter().map(|name| {
        Record::new()
            .with("ProcessName", name.as_str())
            .with("SuspensionReason", "User suspended")
    });
    let distribution = Record::new().with("CapacityDistributionStrategy", DISTRIBUTION);
    Record::new()
        .with("AutoScalingGroupName", group.name.as_str())
        .with(
            "AutoScalingGroupARN",
            arn(transaction, &group.id, &group.name),
        )
        .with_some("LaunchTemplate", used(group))
        .with_some("LaunchConfigurationName", configuration(group))
        .with("MinSize", i64::from(group.min))
        .with("MaxSize", i64::from(group.max))
        .with("DesiredCapacity", i64::from(group.desired))
        .with("DefaultCooldown", i64::from(group.cooldown_seconds))
        .with("AvailabilityZones", zones)
        .with("LoadBalancerNames", Vec::<Value>::new())
        .with("TargetGroupARNs", Vec::<Value>::new())
        .with("HealthCheckType", "EC2")
        .with("HealthCheckGracePeriod", i64::from(group.grace_seconds))
        .with("Instances", instances.collect::<Value>())
        .with("CreatedTime", group.created)
        .with("SuspendedProcesses", suspended.collect::<Value>())
        .with("VPCZoneIdentifier", group.subnets.join(","))
        .with("EnabledMetrics", Vec::<Value>::new())
        .with("Tags", tags.collect::<Value>())
        .with("TerminationPolicies", group.termination_policies.clone())
        .with("NewInstancesProtectedFromScaleIn", group.protects_new)
        .with("CapacityRebalance", false)
        .with("AvailabilityZoneDistribution", distribution)
}

fn tag_record(group: &AutoScalingGroup, tag: &GroupTag) -> Record {
    Record::new()
        .with("ResourceId", group.name.as_str())
        .with("ResourceType", "auto-scaling-group")
        .with("Key", tag.key.as_str())
        .with("Value", tag.value.as_str())
        .with("PropagateAtLaunch", tag.propagates)
}

/// The template as the group uses it.
fn used(group: &AutoScalingGroup) -> Option<Record> {
    match &group.by {
        LaunchedBy::Template(template) => {
            let named = specification(template);
            Some(named.with("LaunchTemplateName", template.name.as_str()))
        }
        LaunchedBy::Configuration { .. } => None,
    }
}

/// The launch configuration of a group that uses one.
fn configuration(group: &AutoScalingGroup) -> Option<&str> {
    match &group.by {
        LaunchedBy::Template(_) => None,
        LaunchedBy::Configuration { configuration } => Some(configuration),
    }
}

/// A member, but for its state, which two calls show each in its own shape.
fn instance(group: &AutoScalingGroup, member: &Member, instance: &Instance) -> Record {
    // One that joined was launched by neither; one that was launched before the group changed is
    // shown with the template of today.
    let launched_by = match &group.by {
        LaunchedBy::Template(template) if member.version > 0 => Some(
            Record::new()
                .with("LaunchTemplateId", template.id.as_str())
                .with("LaunchTemplateName", template.name.as_str())
                .with("Version", member.version.to_string()),
        ),
        _ => None,
    };
    Record::new()
        .with("InstanceId", member.instance.as_str())
        .with("InstanceType", instance.instance_type.as_str())
        .with(
            "AvailabilityZone",
            instance.placement.availability_zone.as_str(),
        )
        .with_some("LaunchTemplate", launched_by)
        .with_some("LaunchConfigurationName", member.configuration.as_deref())
        .with("ProtectedFromScaleIn", member.is_protected)
        .with("HealthStatus", "Healthy")
}

fn instances(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let ids: Vec<&str> = input.texts("InstanceIds").collect();
    let state = transaction.state();
    let groups = state.auto_scaling_groups().values();
    let mut all: Vec<(&AutoScalingGroup, &Member, &Instance)> = groups
        .flat_map(|group| group.members.iter().map(move |member| (group, member)))
        .filter(|(_, member)| ids.is_empty() || ids.contains(&member.instance.as_str()))
        .filter_map(|(group, member)| {
            let held = state.instance(&member.instance)?;
            Some((group.as_ref(), member, &held.instance))
        })
        .collect();
    all.sort_by(|(_, one, _), (_, other, _)| one.instance.cmp(&other.instance));
    page(
        input,
        "AutoScalingInstances",
        all.into_iter(),
        |(_, member, _)| member.instance.clone(),
        |(group, member, held)| {
            instance(group, member, held)
                .with("LifecycleState", IN_SERVICE)
                .with("AutoScalingGroupName", group.name.as_str())
                // In this call alone they are in capitals.
                .with("HealthStatus", "HEALTHY")
        },
    )
}

fn tags(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let filters = Filters::read(input).map_err(|fault| invalid(fault.message.to_string()))?;
    filters
        .check(|name| {
            matches!(
                name,
                "auto-scaling-group" | "key" | "value" | "propagate-at-launch"
            )
        })
        .map_err(|fault| invalid(fault.message.to_string()))?;
    let groups = transaction.state().auto_scaling_groups().values();
    let all = groups.flat_map(|group| group.tags.iter().map(move |tag| (group, tag)));
    let mut all: Vec<_> = all
        .filter(|(group, tag)| {
            let admitted = filters.admit(|name| {
                Some(vec![match name {
                    "auto-scaling-group" => group.name.clone(),
                    "key" => tag.key.clone(),
                    "value" => tag.value.clone(),
                    _ => tag.propagates.to_string(),
                }])
            });
            admitted.unwrap_or(false)
        })
        .collect();
    let place = |group: &AutoScalingGroup, tag: &GroupTag| format!("{}\n{}", group.name, tag.key);
    all.sort_by_key(|(group, tag)| place(group, tag));
    page(
        input,
        "Tags",
        all.into_iter(),
        |(group, tag)| place(group, tag),
        |(group, tag)| tag_record(group, tag),
    )
}

fn activities(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    if let Some(member) = REFUSED.iter().find(|member| !input.list(member).is_empty()) {
        return Err(invalid(format!(
            "This server does not support the parameter {member}."
        )));
    }
    let groups = transaction.state().auto_scaling_groups();
    let name = input.text("AutoScalingGroupName");
    if let Some(name) = name.filter(|name| !groups.contains_key(*name)) {
        // Of groups that are deleted nothing is kept.
        if input.boolean("IncludeDeletedGroups") != Some(true) {
            return Err(invalid(format!(
                "AutoScalingGroup name not found - AutoScalingGroup '{name}' not found"
            )));
        }
    }
    let ids: Vec<&str> = input.texts("ActivityIds").collect();
    let of_groups = groups
        .values()
        .filter(|group| name.is_none_or(|name| name == group.name));
    let mut all: Vec<(&AutoScalingGroup, &Activity)> = of_groups
        .flat_map(|group| {
            let latest_first = group.activities.iter().rev();
            latest_first.map(move |activity| (group.as_ref(), activity))
        })
        .filter(|(_, activity)| ids.is_empty() || ids.contains(&activity.id.as_str()))
        .collect();
    all.sort_by_key(|(_, activity)| std::cmp::Reverse(activity.at));
    // Numbers are padded so that they grow as text along the listing.
    page(
        input,
        "Activities",
        all.into_iter().enumerate(),
        |(at, _)| format!("{at:010}"),
        |(_, (group, of))| activity(transaction, group, of),
    )
}

pub(super) fn activity(
    transaction: &Transaction,
    group: &AutoScalingGroup,
    activity: &Activity,
) -> Record {
    let status = match activity.failure {
        Some(_) => "Failed",
        None => "Successful",
    };
    Record::new()
        .with("ActivityId", activity.id.as_str())
        .with("AutoScalingGroupName", group.name.as_str())
        .with(
            "AutoScalingGroupARN",
            arn(transaction, &group.id, &group.name),
        )
        .with("Description", activity.description.as_str())
        .with("Cause", activity.cause.as_str())
        .with("StartTime", activity.at)
        .with("EndTime", activity.at)
        .with("StatusCode", status)
        .with_some("StatusMessage", activity.failure.as_deref())
        .with("Progress", 100)
        .with("Details", "{}")
}

const IN_SERVICE: &str = "InService";
/// Of DescribeScalingActivities.
pub(super) const REFUSED: &[&str] = &["Filters"];
