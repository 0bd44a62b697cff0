//! The errors that Secrets Manager answers with.

use protocol::{Fault, Record};

pub(super) fn missing() -> Fault {
    Fault::new(
        "ResourceNotFoundException",
        "Secrets Manager can't find the specified secret.",
    )
}

pub(super) fn invalid_request(message: impl Into<String>) -> Fault {
    Fault::new("InvalidRequestException", message.into())
}

pub(super) fn invalid_parameter(message: impl Into<String>) -> Fault {
    Fault::new("InvalidParameterException", message.into())
}

/// Refuses members that would be silently without effect.
pub(super) fn refuse(input: &Record, members: &[&'static str]) -> Result<(), Fault> {
    match members.iter().find(|member| input.get(member).is_some()) {
        Some(member) => Err(invalid_parameter(format!(
            "This server does not support {member}."
        ))),
        None => Ok(()),
    }
}
