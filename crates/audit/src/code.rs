//! What was found in code (Terraform, CloudFormation), and the rules over it. Reads no file: the
//! collector hands in what it found.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Finding, Rule};

/// What a folder of code showed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct CodeFacts {
    /// The folder, as it was given.
    pub folder: String,
}

/// Rules over code, by code: `RC-CODE-...`.
pub const RULES: &[Rule] = &[];

/// What the rules say of a folder of code.
pub fn findings(_facts: &CodeFacts, _now: Timestamp) -> Vec<Finding> {
    Vec::new()
}
