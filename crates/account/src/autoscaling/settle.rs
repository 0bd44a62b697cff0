//! Brings a group to its number: unhealthy instances are replaced, too many terminated, missing
//! ones launched, each with an activity that says so.

use std::collections::BTreeSet;

use protocol::{Fault, Record};

use super::parameters::{launch_input, specification};
use crate::ec2;
use crate::entity::{
    AUTO_SCALING_GROUP_TAG, Activity, AutoScalingGroup, Entity, LaunchedBy, Member, Step, Tag,
};
use crate::ids;
use crate::transaction::Transaction;

/// Brings the groups to their numbers whose instances a call has stopped or ended. A launch that
/// fails is an activity and no fault: the call was about something else.
pub(crate) fn attend(transaction: &mut Transaction) -> Result<(), Fault> {
    for name in bereft(transaction) {
        let found = transaction.state().auto_scaling_groups().get(&name);
        let Some(mut group) = found.map(|group| AutoScalingGroup::clone(group)) else {
            continue;
        };
        bring(transaction, &mut group, UNHEALTHY)?;
        transaction.put(Entity::AutoScalingGroup(group))?;
    }
    Ok(())
}

/// Groups that lost an instance to a call, but for those which the call itself has put: whoever
/// puts a group has brought it to its number.
fn bereft(transaction: &Transaction) -> BTreeSet<String> {
    let mut groups = BTreeSet::new();
    let mut put = BTreeSet::new();
    for change in transaction.changes() {
        let Step::Put(entity) = &change.step else {
            continue;
        };
        match &**entity {
            Entity::Instance(instance) if !instance.is_running() => {
                groups.extend(instance.auto_scaling_group());
            }
            Entity::AutoScalingGroup(group) => {
                put.insert(group.name.as_str());
            }
            _ => {}
        }
    }
    groups
        .difference(&put)
        .map(|&name| name.to_owned())
        .collect()
}

/// Brings a group that is not put back yet to its number; the fault of a launch that failed, if
/// one did.
pub(super) fn bring(
    transaction: &mut Transaction,
    group: &mut AutoScalingGroup,
    cause: &str,
) -> Result<Option<Fault>, Fault> {
    let rests = |group: &AutoScalingGroup, names: &[&str]| {
        let mut suspended = group.suspended.iter();
        suspended.any(|process| names.contains(&process.as_str()))
    };
    // Without the one that ends instances or the one that looks at them, none is replaced.
    if !rests(group, &[HEALTH_CHECK, REPLACE, TERMINATE]) {
        replace_unhealthy(transaction, group)?;
    }
    let (launches, ends) = (!rests(group, &[LAUNCH]), !rests(group, &[TERMINATE]));
    let desired = usize::try_from(group.desired).unwrap_or(usize::MAX);
    while ends && group.members.len() > desired {
        let Some(at) = superfluous(transaction, group) else {
            break;
        };
        let member = group.members.remove(at);
        end(transaction, group, &member, cause)?;
    }
    while launches && group.members.len() < desired {
        if let Err(fault) = launch(transaction, group, cause) {
            let description = "Launching a new EC2 instance".to_owned();
            let message = fault.message.to_string();
            log(transaction, group, description, cause, Some(message));
            return Ok(Some(fault));
        }
    }
    Ok(None)
}

fn replace_unhealthy(
    transaction: &mut Transaction,
    group: &mut AutoScalingGroup,
) -> Result<(), Fault> {
    let members = std::mem::take(&mut group.members);
    let (well, ill): (Vec<Member>, Vec<Member>) = members.into_iter().partition(|member| {
        let held = transaction.state().instance(&member.instance);
        held.is_some_and(|held| held.instance.is_running())
    });
    group.members = well;
    for member in &ill {
        end(transaction, group, member, UNHEALTHY)?;
    }
    Ok(())
}

/// Which instance goes first: of the zone with the most, the oldest that is not protected.
///
/// Source: Auto Scaling User Guide, "Configure termination policies".
fn superfluous(transaction: &Transaction, group: &AutoScalingGroup) -> Option<usize> {
    let zone = |member: &Member| {
        let held = transaction.state().instance(&member.instance);
        held.map(|held| held.instance.placement.availability_zone.clone())
    };
    let zones: Vec<Option<String>> = group.members.iter().map(zone).collect();
    let open = group
        .members
        .iter()
        .zip(&zones)
        .enumerate()
        .filter(|(_, (member, _))| !member.is_protected);
    let crowd = |of: &Option<String>| zones.iter().filter(|zone| *zone == of).count();
    // The first of the greatest: members are in the order of their age.
    let (at, _) = open.rev_max_by_key(|(_, (_, zone))| crowd(zone))?;
    Some(at)
}

/// `max_by_key` that keeps the first of several.
trait FirstMax: Iterator + Sized {
    fn rev_max_by_key<K: Ord>(self, key: impl Fn(&Self::Item) -> K) -> Option<Self::Item> {
        self.fold(None, |best, item| match best {
            Some(best) if key(&best) >= key(&item) => Some(best),
            _ => Some(item),
        })
    }
}

impl<I: Iterator> FirstMax for I {}

/// Terminates a member's instance, which termination protection does not keep from its group.
pub(super) fn end(
    transaction: &mut Transaction,
    group: &mut AutoScalingGroup,
    member: &Member,
    cause: &str,
) -> Result<(), Fault> {
    let held = transaction.state().instance(&member.instance);
    let instance = held.map(|held| held.instance.clone());
    if let Some(instance) = instance.filter(|instance| instance.terminated.is_none()) {
        ec2::end_instance(transaction, instance)?;
    }
    let description = format!("Terminating EC2 instance: {}", member.instance);
    log(transaction, group, description, cause, None);
    Ok(())
}

fn launch(
    transaction: &mut Transaction,
    group: &mut AutoScalingGroup,
    cause: &str,
) -> Result<(), Fault> {
    let (version, configuration) = match &group.by {
        LaunchedBy::Template(template) => {
            let found = ec2::launch_template(transaction, &specification(template))?;
            let version = found.version(template.version.as_deref().unwrap_or("$Default"));
            (version.map_or(0, |version| version.number), None)
        }
        LaunchedBy::Configuration { configuration } => (0, Some(configuration.clone())),
    };
    let subnet = emptiest(transaction, group);
    let input: Record = launch_input(transaction, &group.by, subnet, &group.tags)?;
    let tag = Tag {
        key: AUTO_SCALING_GROUP_TAG.to_owned(),
        value: group.name.clone(),
    };
    for instance in ec2::launch(transaction, &input, &[tag], None)? {
        let description = format!("Launching a new EC2 instance: {}", instance.id);
        group.members.push(Member {
            instance: instance.id,
            version,
            configuration: configuration.clone(),
            is_protected: group.protects_new,
        });
        log(transaction, group, description, cause, None);
    }
    Ok(())
}

/// The subnet with the fewest members.
fn emptiest<'g>(transaction: &Transaction, group: &'g AutoScalingGroup) -> &'g str {
    let members = |subnet: &str| {
        let held = group
            .members
            .iter()
            .filter_map(|member| transaction.state().instance(&member.instance));
        held.filter(|held| held.instance.placement.subnet_id == subnet)
            .count()
    };
    let subnets = group.subnets.iter().map(String::as_str);
    subnets.min_by_key(|subnet| members(subnet)).unwrap_or("")
}

/// Notes what was done to an instance that is no member any more.
pub(super) fn end_log(
    transaction: &mut Transaction,
    group: &mut AutoScalingGroup,
    description: String,
    cause: &str,
) {
    log(transaction, group, description, cause, None);
}

fn log(
    transaction: &mut Transaction,
    group: &mut AutoScalingGroup,
    description: String,
    cause: &str,
    failure: Option<String>,
) {
    let now = transaction.now;
    let failure = failure.map(|text| text.chars().take(FAILURE_CHARACTERS_MAX).collect());
    group.activities.push(Activity {
        id: ids::uuid(&mut transaction.entropy),
        at: now,
        description,
        cause: format!("At {} {cause}", now.strftime("%Y-%m-%dT%H:%M:%SZ")),
        failure,
    });
    let surplus = group.activities.len().saturating_sub(ACTIVITIES_MAX);
    group.activities.drain(..surplus);
}

/// Why an instance is replaced.
const UNHEALTHY: &str = "an instance was taken out of service in response to an EC2 \
                                    health check indicating it has been terminated or stopped.";
// Source: Auto Scaling User Guide, "Suspend and resume processes".
const LAUNCH: &str = "Launch";
pub(super) const TERMINATE: &str = "Terminate";
const HEALTH_CHECK: &str = "HealthCheck";
const REPLACE: &str = "ReplaceUnhealthy";
// AWS keeps six weeks of them.
const ACTIVITIES_MAX: usize = 100;
// Source: Auto Scaling API Reference, Activity, `StatusMessage`.
const FAILURE_CHARACTERS_MAX: usize = 255;
