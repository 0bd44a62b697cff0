//! An error as an AWS service tells it: a code, an HTTP status and a message.

use std::borrow::Cow;

/// What the client is told. Never carries a secret or a library's raw message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The code clients match on, such as `NoSuchEntity`.
    pub code: Cow<'static, str>,
    /// HTTP status.
    pub status: u16,
    /// What a person reads.
    pub message: Cow<'static, str>,
}

impl Fault {
    /// A fault of the caller: status 400 unless [`Fault::status`] says otherwise.
    pub fn new(code: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code: code.into(),
            status: 400,
            message: message.into(),
        }
    }

    /// The same fault with another HTTP status.
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// Whether the service, not the caller, is to blame.
    pub fn is_ours(&self) -> bool {
        self.status >= 500
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for Fault {}
