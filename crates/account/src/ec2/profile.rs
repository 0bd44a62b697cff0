//! The instance profile that a call names, and the right to pass its role.

use std::sync::Arc;

use protocol::{Fault, Record};

use crate::entity::InstanceProfile;
use crate::gate::Need;
use crate::transaction::Transaction;

/// The profile that a specification names, by name or by ARN.
pub(super) fn profile<'a>(
    transaction: &'a Transaction,
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

pub(super) fn profile_arn(transaction: &Transaction, profile: &InstanceProfile) -> String {
    transaction
        .state()
        .iam_arn("instance-profile", &profile.path, &profile.name)
        .to_string()
}

/// The need to pass the role of the profile that a specification names, where there is one.
pub(crate) fn pass_role(transaction: &Transaction, specification: &Record) -> Option<Need> {
    let profile = profile(transaction, specification).ok()?;
    let role = transaction.state().role(profile.role.as_deref()?)?;
    let arn = transaction
        .state()
        .iam_arn("role", &role.role.path, &role.role.name);
    Some(crate::iam::pass_role(arn.to_string()))
}
