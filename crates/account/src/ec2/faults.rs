//! What EC2 answers to parameters that this server does not have.

use protocol::{Fault, Record};

/// Refuses members that would be silently without effect.
pub(super) fn refuse(input: &Record, members: &[&'static str]) -> Result<(), Fault> {
    match members.iter().find(|member| input.get(member).is_some()) {
        Some(member) => Err(Fault::new(
            "UnsupportedOperation",
            format!("This server does not support the parameter {member}."),
        )),
        None => Ok(()),
    }
}
