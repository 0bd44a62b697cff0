//! The language: what an IAM policy says and decides. Knows no account, no clock and no wire.
//!
//! A policy goes through four stages, one module each, and what does not pass one never reaches
//! the next:
//!
//! 1. text → tree: `json`, strict JSON (RFC 8259) with the line and column of every value;
//! 2. tree → document: `document`, the elements a policy of this [`Kind`] may and must have;
//! 3. document → policy: `policy`, every name, pattern and condition checked and compiled;
//! 4. policy → decision: `decide`, all policies of one request together, with the [`Reason`].
//!
//! What the package cannot evaluate exactly is refused when the text is read, with a message that
//! names it: a policy that parses is a policy that is understood in full.
//!
//! [`decide`] takes no memory; [`explain`] decides the same and says what led to it.
//! [`decide_partly`] decides where only a part of the request is known, and leaves a [`Formula`] of
//! the rest; [`who_can`] asks it of all principals of an account.
//!
//! The other way round, [`trail`] reads what recorded calls needed, and [`generate`](mod@generate)
//! makes a policy of that and puts it to the test with the same [`decide`].
//!
//! Source: IAM User Guide, "IAM JSON policy reference" and "Policy evaluation logic".

pub mod actions;
mod asked;
mod condition;
mod context;
mod decide;
mod details;
mod document;
mod error;
mod explain;
pub mod generate;
mod json;
mod known;
mod lint;
mod pattern;
mod policy;
mod principal;
mod reason;
mod spans;
mod symbolic;
mod template;
pub mod trail;
mod who;

pub use condition::Unmet;
pub use context::{Context, Value};
pub use decide::{Applied, Policies, Request, ResourceRule, decide};
pub use details::{Attachments, AuthorizationDetails, Document, Entity, Held, Unknown};
pub use document::Kind;
pub use error::ParseError;
pub use explain::{Considered, Explanation, Outcome, UnmetCondition, Weighed, explain};
pub use generate::{GenerateError, Generated, Generator, Need, Resource, generate};
pub use known::{Known, Subject};
pub use lint::{Code, Finding, Severity, guess_kind, lint};
pub use pattern::Pattern;
pub use policy::Policy;
pub use principal::Principal;
pub use reason::{Decision, PolicyType, Reason, StatementRef};
pub use spans::{Span, statement_spans};
pub use symbolic::{
    Access, Atom, CallerTest, ConditionTest, Formula, PartialRequest, ResourceTest, Test,
    decide_partly,
};
pub use who::{Answer, Candidate, Found, Outsider, Question, who_can};

/// The README's example is a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
