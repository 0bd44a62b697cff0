//! The gate: who calls, and may they. Everything here ends in a refusal unless it can be decided.

mod authenticate;
mod authorize;
mod context;
mod control;
mod denial;
mod derived;
mod home;
pub(crate) mod keys;
mod need;
mod public;
mod temporary;
mod verdict;

pub use authenticate::is_key_known;
pub(crate) use authenticate::{
    AuthenticationError, Caller, GLOBAL_REGION, Identity, authenticate, claimed, federated_arn,
    outsider, session_arn, unreadable,
};
pub(crate) use authorize::{admits, check, trusts};
pub(crate) use context::Circumstances;
pub use context::FromVpc;
pub(crate) use denial::decoded;
pub(crate) use derived::Derived;
pub(crate) use home::Asked;
pub use keys::{CONDITION_KEYS, ConditionKey, Source};
pub(crate) use need::{Need, Rule};
pub(crate) use public::public;
pub(crate) use temporary::check as check_temporary;
pub(crate) use verdict::unmapped;
pub use verdict::{Decider, Verdict};

#[cfg(test)]
mod tests;
