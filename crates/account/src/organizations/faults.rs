//! The errors that Organizations answers with.

use protocol::{Fault, Record};

pub(super) fn not_in_use() -> Fault {
    Fault::new(
        "AWSOrganizationsNotInUseException",
        "Your account is not a member of an organization.",
    )
}

/// To accounts that do not manage the organization.
pub(super) fn access_denied() -> Fault {
    Fault::new(
        "AccessDeniedException",
        "You don't have permissions to access this resource.",
    )
}

pub(super) fn constraint(message: impl Into<String>) -> Fault {
    Fault::new("ConstraintViolationException", message.into())
}

pub(super) fn invalid_input(message: impl Into<String>) -> Fault {
    Fault::new("InvalidInputException", message.into())
}

pub(super) fn account_not_found() -> Fault {
    Fault::new(
        "AccountNotFoundException",
        "You specified an account that doesn't exist.",
    )
}

pub(super) fn parent_not_found() -> Fault {
    Fault::new(
        "ParentNotFoundException",
        "You specified parent that doesn't exist.",
    )
}

pub(super) fn policy_not_found() -> Fault {
    Fault::new(
        "PolicyNotFoundException",
        "You specified a policy that doesn't exist.",
    )
}

pub(super) fn target_not_found() -> Fault {
    Fault::new(
        "TargetNotFoundException",
        "You specified a target that doesn't exist.",
    )
}

pub(super) fn management_cannot_leave() -> Fault {
    Fault::new(
        "MasterCannotLeaveOrganizationException",
        "The management account cannot leave its organization. Delete the organization instead.",
    )
}

/// Refuses every value of a member but the one that this server has.
pub(super) fn only(input: &Record, member: &'static str, value: &str) -> Result<(), Fault> {
    match input.text(member) {
        Some(other) if other != value => Err(invalid_input(format!(
            "This server does not support {member} {other}, only {value}."
        ))),
        _ => Ok(()),
    }
}

pub(super) fn type_not_enabled() -> Fault {
    Fault::new(
        "PolicyTypeNotEnabledException",
        "This operation can be performed only for enabled policy types.",
    )
}
