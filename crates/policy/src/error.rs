//! What is wrong with a policy's text, and where. Knows no policy element.
//!
//! A message is AWS's own sentence where AWS has one; what it leaves open follows in parentheses.

/// A policy text that was refused.
///
/// Lines and columns count from 1, columns in characters. Of several faults the first that is met
/// is told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} at line {line}, column {column}", .message.trim_end_matches('.'))]
pub struct ParseError {
    /// The line of the offending element.
    pub line: u32,
    /// Its column.
    pub column: u32,
    /// What is wrong, fit to be the message of a `MalformedPolicyDocument` answer.
    pub message: String,
}

impl ParseError {
    /// Whether the only fault told is the document's length, to which IAM's answer is
    /// `LimitExceeded` and not `MalformedPolicyDocument`.
    pub fn is_over_quota(&self) -> bool {
        self.message.starts_with(OVER_QUOTA)
    }
}

/// Where something stands in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) line: u32,
    pub(crate) column: u32,
}

impl Place {
    pub(crate) fn error(self, message: impl Into<String>) -> ParseError {
        ParseError {
            line: self.line,
            column: self.column,
            message: message.into(),
        }
    }

    /// AWS's answer to JSON that is well formed but no policy, with what exactly is wrong.
    pub(crate) fn syntax(self, what: impl std::fmt::Display) -> ParseError {
        self.error(format!("Syntax errors in policy. ({what})"))
    }
}

/// How AWS begins the message for a document that is too long.
pub(crate) const OVER_QUOTA: &str = "Cannot exceed quota for";
