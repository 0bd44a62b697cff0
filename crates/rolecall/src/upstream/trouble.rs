//! Why there are no credentials, in words that hold none.

use std::fmt;

use agent::Failure;
use aws_credential_types::provider::error::CredentialsError;

/// What a try to get credentials failed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trouble {
    pub(super) kind: Kind,
    detail: String,
}

/// The kinds that a person can do something about, each another thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// No source has any.
    NotFound,
    /// A source is there and is wrongly set up.
    Misconfigured,
    /// A source is there and does not give any now.
    Unavailable,
    /// STS says no.
    Denied,
    /// What a source gave is over already, or STS says so of what it was asked with.
    Expired,
    /// For a role: what it is assumed with is missing.
    NoSource,
    /// No answer in time.
    TimedOut,
}

impl Kind {
    /// As metrics and readiness name it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Misconfigured => "misconfigured",
            Self::Unavailable => "unavailable",
            Self::Denied => "denied",
            Self::Expired => "expired",
            Self::NoSource => "no-source",
            Self::TimedOut => "timed-out",
        }
    }
}

impl Trouble {
    pub(super) fn new(kind: Kind, detail: impl Into<String>) -> Self {
        let detail: String = detail.into();
        // On one line, and without what the SDK repeats for each source.
        let lines = detail.lines().map(str::trim).collect::<Vec<_>>().join("; ");
        let detail = lines.replace("the credential provider was not enabled", "none");
        let detail = detail.chars().take(DETAIL_CHARS_MAX).collect();
        Self { kind, detail }
    }

    /// What STS answered to AssumeRole.
    pub(super) fn of_sts(role_arn: &str, failure: &Failure) -> Self {
        let kind = match failure {
            Failure::Denied(_) | Failure::Invalid(_) | Failure::NotFound(_) => Kind::Denied,
            Failure::Credentials(_) => Kind::Expired,
            Failure::TimedOut => Kind::TimedOut,
            _ => Kind::Unavailable,
        };
        Self::new(kind, format!("`{role_arn}` cannot be assumed: {failure}"))
    }
}

impl From<&CredentialsError> for Trouble {
    fn from(error: &CredentialsError) -> Self {
        let kind = match error {
            CredentialsError::CredentialsNotLoaded(_) => Kind::NotFound,
            CredentialsError::InvalidConfiguration(_) => Kind::Misconfigured,
            CredentialsError::ProviderTimedOut(_) => Kind::TimedOut,
            _ => Kind::Unavailable,
        };
        Self::new(kind, causes(error))
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind.as_str();
        if self.detail.is_empty() {
            return f.write_str(kind);
        }
        write!(f, "{kind}: {}", self.detail)
    }
}

/// An error and what caused it, but for what an external process wrote: nobody knows what is in it.
fn causes(error: &CredentialsError) -> String {
    let mut text = error.to_string();
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        if cause_text.contains("external process") || cause_text.contains("credential_process") {
            return format!("{text}: the `credential_process` failed");
        }
        text = format!("{text}: {cause_text}");
        next = cause.source();
    }
    text
}

const DETAIL_CHARS_MAX: usize = 600;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_are_told_and_what_a_process_wrote_is_not() {
        let told = Trouble::from(&CredentialsError::not_loaded("no such profile"));
        assert_eq!(told.kind, Kind::NotFound);
        assert!(told.to_string().contains("no such profile"), "{told}");

        let wrote = "Error retrieving credentials from external process: hunter2";
        let told = Trouble::from(&CredentialsError::provider_error(wrote));
        assert_eq!(told.kind, Kind::Unavailable);
        assert!(!told.to_string().contains("hunter2"), "{told}");
    }

    #[test]
    fn details_are_bounded_and_on_one_line() {
        assert_eq!(
            Trouble::new(Kind::NotFound, "one\n  two").detail,
            "one; two"
        );
        let long = Trouble::new(Kind::NotFound, "é".repeat(10_000));

        assert_eq!(long.detail.chars().count(), DETAIL_CHARS_MAX);
    }
}
