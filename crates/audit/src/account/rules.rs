//! The rules over an account, by what they are about.

pub(super) mod escalation;
pub(super) mod identity;
pub(super) mod instance;
pub(super) mod keys;
mod large;
pub(super) mod launch;
pub(super) mod policy;
pub(super) mod power;
pub(super) mod secret;
mod versions;
mod ways;
