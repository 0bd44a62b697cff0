//! The state: what the account remembers and does.
//!
//! [`handle`] is a function from a state and a call to an answer and the changes it made; a
//! [`State`] is the fold of its changes. There is no clock, no random source, no socket and no
//! store here: `now` and a seed are arguments, and the world commits the changes before it sends
//! the answer. Replay, crash tests and time travel are therefore ordinary unit tests.

// rustdoc follows maps in maps (an upload's parts in a bucket of an account) down to their nodes.
#![recursion_limit = "256"]

mod autoscaling;
mod call;
mod cloudtrail;
pub mod doctor;
mod ec2;
pub mod entity;
mod entropy;
pub mod fidelity;
mod gate;
mod home;
pub mod hosts;
mod iam;
mod ids;
mod kms;
pub mod metadata;
mod network;
mod operation;
mod operations;
mod organizations;
mod pages;
pub mod s3;
pub mod sample;
mod sealed;
mod secretsmanager;
mod session;
mod state;
mod sts;
mod supplied;
#[cfg(test)]
mod testing;
pub mod trail;
mod transaction;
mod usage;
mod web_identity;

pub use call::{InstanceDelay, Outcome, SecureTransport, handle};
pub use cloudtrail::Asked;
pub use entropy::{Entropy, SEED_BYTES};
pub use gate::{CONDITION_KEYS, ConditionKey, Decider, FromVpc, Source, Verdict, is_key_known};
pub use home::Home;
pub use secretsmanager::rotation;
pub use state::{Partition, State, StateError};
pub use supplied::{RsaBits, Supplied, Wanted};
pub use trail::Trail;
pub use web_identity::{IssuerError, Issuers};
