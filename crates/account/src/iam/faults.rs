//! The errors that IAM answers with.

use protocol::{Fault, Record};

pub(super) fn no_such_entity(message: String) -> Fault {
    Fault::new("NoSuchEntity", message).status(404)
}

pub(super) fn already_exists(message: String) -> Fault {
    Fault::new("EntityAlreadyExists", message).status(409)
}

pub(super) fn delete_conflict(message: &'static str) -> Fault {
    Fault::new("DeleteConflict", message).status(409)
}

pub(super) fn limit_exceeded(message: String) -> Fault {
    Fault::new("LimitExceeded", message).status(409)
}

/// Refuses members that would be silently without effect.
pub(super) fn refuse(input: &Record, members: &[&'static str]) -> Result<(), Fault> {
    match members.iter().find(|member| input.get(member).is_some()) {
        Some(member) => Err(Fault::new(
            "InvalidInput",
            format!("This server does not support {member}."),
        )),
        None => Ok(()),
    }
}
