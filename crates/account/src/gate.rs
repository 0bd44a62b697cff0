//! The gate: who calls, and may they. Everything here ends in a refusal unless it can be decided.

mod authenticate;
mod authorize;
mod context;
mod home;
pub(crate) mod keys;
mod need;
mod verdict;

pub use authenticate::is_key_known;
pub(crate) use authenticate::{
    Caller, GLOBAL_REGION, Identity, authenticate, session_arn, unreadable,
};
pub(crate) use authorize::{admits, authorize, trusts};
pub(crate) use context::Circumstances;
pub(crate) use home::Asked;
pub use keys::{CONDITION_KEYS, ConditionKey, Source};
pub(crate) use need::{Need, Rule};
pub(crate) use verdict::unmapped;
pub use verdict::{Decider, Verdict};

#[cfg(test)]
mod across;
#[cfg(test)]
mod tests;
