//! Groups made, changed and deleted.

use protocol::{Fault, Record};

use super::describe;
use super::group::{GROUPS_MAX, invalid, load, on_group, on_named};
use super::parameters::{
    COOLDOWN_SECONDS, DEFAULT_POLICY, ONE_OF, by_template, check_supported, launch_input,
    launched_by, overlay, subnets, tagged, tags,
};
use super::settle::{bring, end};
use crate::ec2;
use crate::entity::{AutoScalingGroup, Entity, LaunchedBy};
use crate::gate::{Caller, Need, keys};
use crate::ids;
use crate::operation::{Row, required};
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "CreateAutoScalingGroup",
        needs: |transaction, _, input| {
            let need = on_group("autoscaling:CreateAutoScalingGroup", transaction, input)?;
            let mut needs = vec![with_keys(need, input).requesting(input.records("Tags"))];
            if !input.list("Tags").is_empty() {
                let need = on_group("autoscaling:CreateOrUpdateTags", transaction, input)?;
                needs.push(need.requesting(input.records("Tags")));
            }
            needs.extend(to_launch(transaction, input));
            Ok(needs)
        },
        run: create,
    },
    Row {
        operation: "UpdateAutoScalingGroup",
        needs: |transaction, _, input| {
            let need = on_group("autoscaling:UpdateAutoScalingGroup", transaction, input)?;
            let mut needs = vec![with_keys(need, input)];
            needs.extend(to_launch(transaction, input));
            Ok(needs)
        },
        run: update,
    },
    Row {
        operation: "DeleteAutoScalingGroup",
        needs: |transaction, _, input| {
            let need = on_group("autoscaling:DeleteAutoScalingGroup", transaction, input)?;
            let force = input.boolean("ForceDelete").unwrap_or(false);
            Ok(vec![need.with(&keys::AUTOSCALING_FORCE_DELETE, force)])
        },
        run: delete,
    },
    Row {
        operation: "SetDesiredCapacity",
        needs: |t, _, i| Ok(vec![on_group("autoscaling:SetDesiredCapacity", t, i)?]),
        run: set_desired,
    },
    Row {
        operation: "TerminateInstanceInAutoScalingGroup",
        needs: |transaction, _, input| {
            let held = input
                .text("InstanceId")
                .and_then(|id| transaction.state().instance(id));
            let group = held.and_then(|held| held.instance.auto_scaling_group());
            let action = "autoscaling:TerminateInstanceInAutoScalingGroup";
            Ok(vec![on_named(action, transaction, group.unwrap_or("*"))])
        },
        run: terminate,
    },
];

fn with_keys(need: Need, input: &Record) -> Need {
    let mut need = need;
    for (member, key) in [
        ("MinSize", &keys::AUTOSCALING_MIN_SIZE),
        ("MaxSize", &keys::AUTOSCALING_MAX_SIZE),
    ] {
        if let Some(size) = input.integer(member) {
            need = need.with(key, size);
        }
    }
    if let Some(subnets) = input.text("VPCZoneIdentifier") {
        let subnets: Vec<String> = subnets.split(',').map(|id| id.trim().to_owned()).collect();
        need = need.with(&keys::AUTOSCALING_SUBNETS, subnets);
    }
    if let Some(name) = input.text("LaunchConfigurationName") {
        need = need.with(&keys::AUTOSCALING_CONFIGURATION_NAME, name);
    }
    match input.record("LaunchTemplate") {
        Some(template) => {
            let version = template.text("Version").unwrap_or_default();
            let is_number = !version.is_empty() && !version.starts_with('$');
            need.with(&keys::AUTOSCALING_VERSION_SPECIFIED, is_number)
        }
        None => need,
    }
}

/// Who gives a group a launch template must be allowed to launch by it, and to pass its role:
/// Auto Scaling User Guide, "Control Amazon EC2 launch template usage in Auto Scaling groups". By a
/// launch configuration the service launches in its own name.
fn to_launch(transaction: &Transaction, input: &Record) -> Vec<Need> {
    let Some(template) = input.record("LaunchTemplate") else {
        return Vec::new();
    };
    let name = input.text("AutoScalingGroupName").unwrap_or_default();
    let held = transaction.state().auto_scaling_groups().get(name);
    let asked = subnets(transaction, input).ok().flatten();
    let subnets = asked.or_else(|| held.map(|group| group.subnets.clone()));
    let subnets = subnets.unwrap_or_else(|| vec!["*".to_owned()]);
    let tags = match held {
        Some(group) => group.tags.clone(),
        None if input.members().any(|(name, _)| name == "Tags") => tags(input).unwrap_or_default(),
        None => Vec::new(),
    };
    let needs = subnets
        .iter()
        .map(|subnet| tagged(by_template(template, subnet), &tags))
        .flat_map(|launch| ec2::launch_needs(transaction, &launch));
    needs.collect()
}

fn create(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    check_supported(input)?;
    let name = required(input, "AutoScalingGroupName")?;
    let groups = transaction.state().auto_scaling_groups();
    if groups.contains_key(name) {
        return Err(Fault::new(
            "AlreadyExists",
            format!(
                "AutoScalingGroup by this name already exists - A group with the name {name} \
                 already exists"
            ),
        ));
    }
    if name.contains(':') {
        return Err(invalid("AutoScalingGroupName must not contain a colon."));
    }
    if groups.len() >= GROUPS_MAX {
        let message = format!("There are {GROUPS_MAX} Auto Scaling groups already.");
        return Err(Fault::new("LimitExceeded", message));
    }
    let by = launched_by(transaction, input)?.ok_or_else(|| invalid(ONE_OF))?;
    let subnets = subnets(transaction, input)?
        .ok_or_else(|| invalid("You must specify at least one availability zone or VPC subnet."))?;
    let mut group = AutoScalingGroup {
        name: name.to_owned(),
        id: ids::uuid(&mut transaction.entropy),
        created: transaction.now,
        min: 0,
        max: 0,
        desired: 0,
        by,
        subnets,
        cooldown_seconds: COOLDOWN_SECONDS,
        grace_seconds: 0,
        termination_policies: vec![DEFAULT_POLICY.to_owned()],
        protects_new: false,
        suspended: Vec::new(),
        tags: tags(input)?,
        members: Vec::new(),
        activities: Vec::new(),
    };
    overlay(&mut group, input)?;
    check_launch(transaction, &group)?;
    let desired = group.desired;
    let cause = format!(
        "a user request created an AutoScalingGroup changing the desired capacity from 0 to \
         {desired}."
    );
    settled(transaction, group, &cause)
}

fn update(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    check_supported(input)?;
    let mut group = load(transaction, input)?;
    let by = launched_by(transaction, input)?;
    let is_other = by.is_some();
    if let Some(by) = by {
        group.by = by;
    }
    if let Some(subnets) = subnets(transaction, input)? {
        group.subnets = subnets;
    }
    let before = group.desired;
    overlay(&mut group, input)?;
    if is_other {
        check_launch(transaction, &group)?;
    }
    let desired = group.desired;
    let cause = format!(
        "a user request update of AutoScalingGroup constraints changed the desired capacity from \
         {before} to {desired}."
    );
    settled(transaction, group, &cause)
}

/// What cannot be launched is known before a group relies on it.
fn check_launch(transaction: &mut Transaction, group: &AutoScalingGroup) -> Result<(), Fault> {
    for subnet in &group.subnets {
        let input = launch_input(transaction, &group.by, subnet, &group.tags)?;
        ec2::check_launch(transaction, &input).map_err(|fault| match &group.by {
            LaunchedBy::Template(_) => invalid(format!(
                "You must use a valid fully-formed launch template. {}",
                fault.message
            )),
            LaunchedBy::Configuration { .. } => invalid(fault.message.to_string()),
        })?;
    }
    Ok(())
}

/// Brings a group to its number and puts it back. The call is about that number, so it fails where
/// the number cannot be had.
fn settled(
    transaction: &mut Transaction,
    mut group: AutoScalingGroup,
    cause: &str,
) -> Result<Record, Fault> {
    if let Some(fault) = bring(transaction, &mut group, cause)? {
        return Err(invalid(fault.message.to_string()));
    }
    transaction.put(Entity::AutoScalingGroup(group))?;
    Ok(Record::new())
}

fn delete(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let mut group = load(transaction, input)?;
    let members = std::mem::take(&mut group.members);
    if !members.is_empty() && input.boolean("ForceDelete") != Some(true) {
        return Err(Fault::new(
            "ResourceInUse",
            "You cannot delete an AutoScalingGroup while there are instances or pending Spot \
             instance request(s) still in the group.",
        ));
    }
    for member in &members {
        let cause = "a user request deleted the AutoScalingGroup.";
        end(transaction, &mut group, member, cause)?;
    }
    transaction.delete(Entity::AutoScalingGroup(group).key())?;
    Ok(Record::new())
}

fn set_desired(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let mut group = load(transaction, input)?;
    let asked = input.integer("DesiredCapacity").unwrap_or(-1);
    let bound = |word: &str, limit: u32| {
        invalid(format!(
            "New SetDesiredCapacity value {asked} is {word} value {limit} for the \
             AutoScalingGroup."
        ))
    };
    if asked < i64::from(group.min) {
        return Err(bound("below min", group.min));
    }
    if asked > i64::from(group.max) {
        return Err(bound("above max", group.max));
    }
    if input.boolean("HonorCooldown") == Some(true) && is_cooling(transaction, &group) {
        return Err(Fault::new(
            "ScalingActivityInProgress",
            "The group has not cooled down since its last scaling activity.",
        ));
    }
    let before = group.desired;
    group.desired = u32::try_from(asked).unwrap_or(group.max);
    let cause = format!(
        "a user request explicitly set group desired capacity changing the desired capacity from \
         {before} to {asked}."
    );
    settled(transaction, group, &cause)
}

fn is_cooling(transaction: &Transaction, group: &AutoScalingGroup) -> bool {
    let last = group.activities.last();
    last.is_some_and(|last| {
        let since = transaction.now.duration_since(last.at).as_secs();
        since < i64::from(group.cooldown_seconds)
    })
}

fn terminate(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    if let Some(member) = REFUSED.iter().find(|member| input.get(member).is_some()) {
        return Err(invalid(format!(
            "This server does not support {member}: it terminates one instance in a call, by \
             InstanceId alone."
        )));
    }
    let id = required(input, "InstanceId")?;
    let groups = transaction.state().auto_scaling_groups().values();
    let mut with = groups.filter_map(|group| {
        let at = group.members.iter().position(|it| it.instance == id)?;
        Some((AutoScalingGroup::clone(group), at))
    });
    let (mut group, at) = with.next().ok_or_else(|| {
        invalid(format!(
            "Instance Id not found - No managed instance found for instance ID: {id}"
        ))
    })?;
    if input.boolean("ShouldDecrementDesiredCapacity") == Some(true) {
        if group.desired <= group.min {
            return Err(invalid(format!(
                "Currently, desiredSize equals minSize ({}). Terminating instance without \
                 replacement will violate group's min size constraint. Either set \
                 shouldDecrementDesiredCapacity flag to false or lower group's min size.",
                group.min
            )));
        }
        group.desired -= 1;
    }
    let member = group.members.remove(at);
    let cause = "instance was taken out of service in response to a user request.";
    end(transaction, &mut group, &member, cause)?;
    let shown = group
        .activities
        .last()
        .map(|activity| describe::activity(transaction, &group, activity));
    // What is missing is launched, or told as an activity.
    bring(transaction, &mut group, cause)?;
    transaction.put(Entity::AutoScalingGroup(group))?;
    Ok(Record::new().with_some("Activity", shown))
}

/// Of TerminateInstanceInAutoScalingGroup.
pub(super) const REFUSED: &[&str] = &["InstanceIds", "AutoScalingGroupName"];
