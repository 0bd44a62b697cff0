//! An answer that may not be known. Knows no question.

use std::borrow::Cow;

use serde::Serialize;

/// Yes, no, or why it is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "is", content = "because")]
pub enum Verdict {
    /// The evidence says so.
    Yes,
    /// The evidence says the contrary, and how.
    No(Cow<'static, str>),
    /// The evidence was not to be had, or says neither: what would have to be looked at.
    NotKnown(Cow<'static, str>),
}

impl Verdict {
    /// Whether the evidence says so.
    pub fn is_yes(&self) -> bool {
        matches!(self, Verdict::Yes)
    }

    /// Whether the evidence says the contrary.
    pub fn is_no(&self) -> bool {
        matches!(self, Verdict::No(_))
    }

    /// `yes`, `no` or `not known`.
    pub fn word(&self) -> &'static str {
        match self {
            Verdict::Yes => "yes",
            Verdict::No(_) => "no",
            Verdict::NotKnown(_) => "not known",
        }
    }

    /// Why, where it is not a plain yes.
    pub fn why(&self) -> Option<&str> {
        match self {
            Verdict::Yes => None,
            Verdict::No(why) | Verdict::NotKnown(why) => Some(why),
        }
    }
}
