//! EC2: instances as the path needs them. Nothing runs; what a real instance would be told by its
//! metadata service and the API is exact.
//!
//! Source: EC2 API Reference; error codes: "Error codes for the Amazon EC2 API".

mod associations;
mod describe;
mod filters;
mod images;
mod launch;
mod metadata_options;
mod shown;
mod terminate;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use protocol::{Fault, Record};

use crate::entity::{Instance, InstanceProfile};
use crate::gate::Need;
use crate::operations::Row;
use crate::state::HeldInstance;
use crate::transaction::Transaction;

pub(crate) use images::find as image;
pub(crate) use shown::{private_dns_name, shows_tags};

pub(crate) static ROWS: &[&[Row]] = &[
    launch::ROWS,
    describe::ROWS,
    terminate::ROWS,
    metadata_options::ROWS,
    associations::ROWS,
];

/// A need on an instance, with the condition keys that it supplies.
fn on_instance(action: &'static str, transaction: &Transaction<'_>, id: &str) -> Need {
    let need = Need::new(action, arn(transaction, &format!("instance/{id}")));
    let Some(held) = transaction.state().instance(id) else {
        return need;
    };
    let instance = &held.instance;
    let need = need
        .with("ec2:InstanceID", id)
        .with("ec2:InstanceType", instance.instance_type.as_str())
        .with(
            "ec2:AvailabilityZone",
            instance.placement.availability_zone.as_str(),
        )
        .on_tagged("ec2:ResourceTag", &instance.tags);
    match &instance.association {
        Some(association) => need.with("ec2:InstanceProfile", association.profile_arn.as_str()),
        None => need,
    }
}

fn arn(transaction: &Transaction<'_>, resource: &str) -> String {
    let state = transaction.state();
    protocol::Arn::new("ec2", state.region(), state.account_id(), resource).to_string()
}

/// The instance by id, as long as EC2 still speaks of it.
fn load<'a>(transaction: &'a Transaction<'_>, id: &str) -> Result<&'a Arc<HeldInstance>, Fault> {
    if !is_instance_id(id) {
        return Err(Fault::new(
            "InvalidInstanceID.Malformed",
            format!("Invalid id: \"{id}\""),
        ));
    }
    let held = transaction.state().instance(id);
    held.filter(|held| is_visible(&held.instance, transaction.now))
        .ok_or_else(|| {
            Fault::new(
                "InvalidInstanceID.NotFound",
                format!("The instance ID '{id}' does not exist"),
            )
        })
}

/// The instance by id, unless it has been terminated.
fn load_live(transaction: &Transaction<'_>, id: &str) -> Result<Instance, Fault> {
    let instance = load(transaction, id)?.instance.clone();
    if instance.terminated.is_some() {
        return Err(Fault::new(
            "IncorrectInstanceState",
            format!("The instance '{id}' is not in a state from which this can be done."),
        ));
    }
    Ok(instance)
}

/// Terminated instances are shown for a while and then forgotten.
fn is_visible(instance: &Instance, now: Timestamp) -> bool {
    instance
        .terminated
        .is_none_or(|at| now < at + TERMINATED_VISIBLE)
}

fn is_instance_id(id: &str) -> bool {
    id.strip_prefix("i-").is_some_and(|hex| {
        matches!(hex.len(), 8 | 17) && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

/// The profile that a specification names, by name or by ARN.
fn profile<'a>(
    transaction: &'a Transaction<'_>,
    specification: &Record,
) -> Result<&'a Arc<InstanceProfile>, Fault> {
    let state = transaction.state();
    let invalid = |value: &str, member: &str, what: &str| {
        let message = format!(
            "Value ({value}) for parameter iamInstanceProfile.{member} is invalid. Invalid IAM \
             Instance Profile {what}"
        );
        Fault::new("InvalidParameterValue", message)
    };
    match (specification.text("Name"), specification.text("Arn")) {
        (Some(_), Some(_)) => Err(Fault::new(
            "InvalidParameterCombination",
            "The parameter 'iamInstanceProfile.name' may not be used in combination with \
             'iamInstanceProfile.arn'",
        )),
        (Some(name), None) => state
            .profile(name)
            .ok_or_else(|| invalid(name, "name", "name")),
        (None, Some(arn)) => {
            let name = arn.rsplit('/').next().unwrap_or_default();
            let found = state
                .profile(name)
                .filter(|profile| profile_arn(transaction, profile) == arn);
            found.ok_or_else(|| invalid(arn, "arn", "ARN"))
        }
        (None, None) => Err(Fault::new(
            "MissingParameter",
            "The request must contain the parameter iamInstanceProfile.name or \
             iamInstanceProfile.arn",
        )),
    }
}

fn profile_arn(transaction: &Transaction<'_>, profile: &InstanceProfile) -> String {
    transaction
        .state()
        .iam_arn("instance-profile", &profile.path, &profile.name)
        .to_string()
}

/// The need to pass the role of the profile that a specification names, where there is one.
fn pass_role(transaction: &Transaction<'_>, specification: &Record) -> Option<Need> {
    let profile = profile(transaction, specification).ok()?;
    let role = transaction.state().role(profile.role.as_deref()?)?;
    let arn = transaction
        .state()
        .iam_arn("role", &role.role.path, &role.role.name);
    Some(crate::iam::pass_role(arn.to_string()))
}

/// What RunInstances and others tell a caller who asked only whether it would work.
pub(crate) fn dry_run() -> Fault {
    Fault::new(
        "DryRunOperation",
        "Request would have succeeded, but DryRun flag is set.",
    )
    .status(412)
}

/// Refuses members that would be silently without effect.
fn refuse(input: &Record, members: &[&'static str]) -> Result<(), Fault> {
    match members.iter().find(|member| input.get(member).is_some()) {
        Some(member) => Err(Fault::new(
            "UnsupportedOperation",
            format!("This server does not support the parameter {member}."),
        )),
        None => Ok(()),
    }
}

// Source: EC2 User Guide, "Terminate Amazon EC2 instances": visible for about an hour.
const TERMINATED_VISIBLE: SignedDuration = SignedDuration::from_hours(1);

#[cfg(test)]
mod tests;
