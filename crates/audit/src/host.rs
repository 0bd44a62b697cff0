//! What was found on a host or below a mounted root, and the rules over it. Reads no file: the
//! collector hands in what it found.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Finding, Rule, Verdict};

/// What a host showed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct HostFacts {
    /// `i-...`, where the host knows which instance it is; joins it with the account's facts.
    pub instance_id: Option<String>,
    /// The folder that was taken for `/`.
    pub root: String,
}

impl HostFacts {
    /// Whether no long-lived key is there for a process to use.
    pub fn keys_absent(&self) -> Verdict {
        Verdict::NotKnown("the host was not looked at".to_owned())
    }

    /// Whether something on the host calls AWS.
    pub fn role_needed(&self) -> Verdict {
        Verdict::NotKnown("the host was not looked at".to_owned())
    }
}

/// Rules over a host, by code: `RC-HOST-...`.
pub const RULES: &[Rule] = &[];

/// What the rules say of a host.
pub fn findings(_facts: &HostFacts, _now: Timestamp) -> Vec<Finding> {
    Vec::new()
}
