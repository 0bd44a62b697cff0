//! The gate: who calls, and may they. Everything here ends in a refusal unless it can be decided.

mod authenticate;
mod authorize;
mod context;

pub(crate) use authenticate::{Caller, Identity, authenticate, session_arn, unreadable};
pub use authorize::Verdict;
pub(crate) use authorize::{Need, Rule, authorize, unmapped};

#[cfg(test)]
mod tests;
