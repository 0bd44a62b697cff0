//! The catalog of rules: what each is called, why it matters and what mends it. Knows no evidence.

use serde::{Deserialize, Serialize};

use crate::{account, code, host};

/// A rule. Its code never changes its meaning.
#[derive(Debug, PartialEq)]
pub struct Rule {
    /// `RC-EC2-001`.
    pub code: &'static str,
    /// One line, without a full stop: what is wrong where it finds something.
    pub title: &'static str,
    /// Unless the evidence makes it graver or lighter.
    pub severity: Severity,
    /// Sentences: what follows from it, and what is no reason to worry.
    pub why: &'static str,
    /// HCL that mends it; may be empty.
    pub fix_terraform: &'static str,
    /// AWS CLI or shell commands that mend it; may be empty.
    pub fix_cli: &'static str,
    /// Where others ask for the same.
    pub references: &'static [Reference],
}

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// A step away from what is usual.
    Low,
    /// One defence fewer.
    Medium,
    /// Within reach of an attacker.
    High,
    /// Open.
    Critical,
}

/// A recommendation of somebody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference {
    /// Whose.
    pub source: Source,
    /// Its number there: `1.18`, `EC2.8`.
    pub id: &'static str,
}

/// Who recommends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// CIS Amazon Web Services Foundations Benchmark of this version: `3.0`.
    Cis(&'static str),
    /// AWS Security Hub CSPM.
    SecurityHub,
}

impl Severity {
    /// From grave to light.
    pub const ALL: [Severity; 5] = [
        Severity::Critical,
        Severity::High,
        Severity::Medium,
        Severity::Low,
        Severity::Info,
    ];

    /// As reports name it.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }
}

impl std::fmt::Display for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.source {
            Source::Cis(version) => write!(f, "CIS {version}: {}", self.id),
            Source::SecurityHub => write!(f, "Security Hub: {}", self.id),
        }
    }
}

impl Reference {
    /// Of the CIS benchmark of this version.
    pub const fn cis(version: &'static str, id: &'static str) -> Reference {
        Reference {
            source: Source::Cis(version),
            id,
        }
    }

    /// Of Security Hub.
    pub const fn security_hub(id: &'static str) -> Reference {
        Reference {
            source: Source::SecurityHub,
            id,
        }
    }
}

/// All rules, in the order of their codes within each collector.
pub fn catalog() -> impl Iterator<Item = &'static Rule> {
    account::RULES.iter().chain(host::RULES).chain(code::RULES)
}

/// The rule of this code.
pub fn rule(code: &str) -> Option<&'static Rule> {
    catalog().find(|rule| rule.code == code)
}

#[cfg(test)]
mod tests;
