//! The gate: who calls, and may they. Everything here ends in a refusal unless it can be decided.

mod authenticate;
mod authorize;
mod context;
mod need;
mod verdict;

pub use authenticate::is_key_known;
pub(crate) use authenticate::{Caller, Identity, authenticate, session_arn, unreadable};
pub(crate) use authorize::authorize;
pub(crate) use need::{Need, Rule};
pub use verdict::Verdict;
pub(crate) use verdict::unmapped;

#[cfg(test)]
mod tests;
