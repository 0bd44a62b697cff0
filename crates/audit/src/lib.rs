//! The judgement: facts about an account, a host and its code in, findings out.
//!
//! Collectors (in `rolecall`) gather [`Facts`]; the rules here are pure functions over them.
//! Nothing in this package reads a file, calls an API or formats for a terminal.
//!
//! What a collector could not read is [`Missing`], and what depends on it is
//! [`Verdict::NotKnown`]: never a pass.

pub mod account;
mod benchmarks;
pub mod code;
mod facts;
mod finding;
pub mod host;
pub mod keys;
mod report;
mod rule;
mod verdict;
mod waiver;

pub use facts::{Facts, Missing};
pub use finding::{Decided, Evidence, Finding, Place, Subject, SubjectKind};
pub use report::{Report, judge};
pub use rule::{Reference, Rule, Severity, Source, catalog, rule};
pub use verdict::Verdict;
pub use waiver::Waiver;
