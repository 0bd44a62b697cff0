//! The guard: who on this host may see what of the instance metadata service, and why.
//!
//! Knows rules, callers and paths; finds out nothing about a caller, forwards nothing and knows no
//! packet filter. Where something that a rule asks for is not known of a caller, the rule counts
//! against it and never for it.

mod config;
pub mod metrics;
mod own;
mod own_keys;
#[cfg(test)]
mod own_tests;
mod path;
mod record;
mod rules;
mod services;
mod tally;
#[cfg(test)]
mod tests;
mod watch;

pub use config::{
    Callers, Config, Containers, Level, OnFailure, PORT_DEFAULT, PORT_MAX, Prefix, Rule, Sts,
    Tokens, parse,
};
pub use own::{Own, Session, SessionPolicy, Unnamed};
pub use path::{Asked, OfRole, PathFault};
pub use record::line;
pub use rules::{Decision, Denial, Reason, Rules, Verdict};
pub use services::{PATH as SERVICES_PATH, Service, Services, service_name};
pub use tally::{
    Answers, CALLERS_MAX, CALLERS_OF_USER_MAX, Counts, OTHERS, OTHERWISE, Outcome, PATH_CHARS_MAX,
    Requests, Seen, USERS_MAX, Version, WithoutToken,
};
pub use watch::{Metrics, Watch};
