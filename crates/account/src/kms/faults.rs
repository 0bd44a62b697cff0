//! The errors that KMS answers with.

use protocol::{Fault, Record};

pub(super) fn not_found(message: impl Into<String>) -> Fault {
    Fault::new("NotFoundException", message.into())
}

pub(super) fn invalid_arn(message: impl Into<String>) -> Fault {
    Fault::new("InvalidArnException", message.into())
}

pub(super) fn validation(message: impl Into<String>) -> Fault {
    Fault::new("ValidationException", message.into())
}

pub(super) fn invalid_state(message: impl Into<String>) -> Fault {
    Fault::new("KMSInvalidStateException", message.into())
}

pub(super) fn limit_exceeded(message: impl Into<String>) -> Fault {
    Fault::new("LimitExceededException", message.into())
}

pub(super) fn unsupported(message: impl Into<String>) -> Fault {
    Fault::new("UnsupportedOperationException", message.into())
}

/// One without a word for all that is wrong with a blob, as on AWS: the reason would help whoever
/// altered it.
pub(super) fn invalid_ciphertext() -> Fault {
    Fault::new("InvalidCiphertextException", "")
}

/// Refuses members that would be silently without effect.
pub(super) fn refuse(input: &Record, members: &[&'static str]) -> Result<(), Fault> {
    match members.iter().find(|member| input.get(member).is_some()) {
        Some(member) => Err(unsupported(format!(
            "This server does not support {member}."
        ))),
        None => Ok(()),
    }
}

/// Refuses every value of a member but the one that this server has.
pub(super) fn only(input: &Record, member: &'static str, value: &str) -> Result<(), Fault> {
    match input.text(member) {
        Some(other) if other != value => Err(unsupported(format!(
            "This server does not support {member} {other}, only {value}."
        ))),
        _ => Ok(()),
    }
}

/// `DryRun`: the caller wants to know whether it may and could, and nothing done.
pub(super) fn check_dry_run(input: &Record) -> Result<(), Fault> {
    match input.boolean("DryRun") {
        Some(true) => Err(Fault::new(
            "DryRunOperationException",
            "The request would have succeeded, but the DryRun option is set.",
        )),
        _ => Ok(()),
    }
}
