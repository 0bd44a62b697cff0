//! Which records count. Knows no record's needs.

use super::caller::parts;
use super::{Outcome, Record};
use crate::condition::moment;

/// Which records a policy is to be made of: all that were not denied, unless it is told otherwise.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    principal: Option<String>,
    since: Option<i128>,
    with_denied: bool,
}

/// A filter that would let nothing pass, or not what was meant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// The principal is no ARN of one.
    #[error(
        "`{0}` is no principal; hint: give the ARN of a user, role or session, or a service such \
         as `ec2.amazonaws.com`"
    )]
    Principal(String),
    /// The moment is none.
    #[error("`{0}` is no moment; hint: write it as `2026-11-21T06:22:08Z`, or a date alone")]
    Since(String),
}

/// Whether the text begins with year, month and day, and is not one of the other forms that
/// conditions take.
fn is_date(text: &str) -> bool {
    let dash = |at: &usize| text.as_bytes().get(*at) == Some(&b'-');
    [4, 7].iter().all(dash) && text.len() >= DATE_CHARACTERS
}

// 2026-11-21
const DATE_CHARACTERS: usize = 10;

impl Filter {
    /// All that were not denied.
    pub fn new() -> Filter {
        Filter::default()
    }

    /// Only calls of this user, role (which its sessions call as), session or service.
    ///
    /// # Errors
    ///
    /// [`FilterError::Principal`].
    pub fn of(mut self, principal: &str) -> Result<Filter, FilterError> {
        let is_arn = parts(principal).is_some_and(|[_, service, _, account, resource]| {
            let starts = |kinds: &[&str]| kinds.iter().any(|kind| resource.starts_with(kind));
            let known = match service {
                "iam" => resource == "root" || starts(&["user/", "role/"]),
                "sts" => starts(&["assumed-role/", "federated-user/"]),
                _ => false,
            };
            known && !account.is_empty() && !principal.contains(['*', '?'])
        });
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
        let is_service = principal.contains('.') && principal.chars().all(plain);
        if !is_arn && !is_service {
            return Err(FilterError::Principal(principal.to_owned()));
        }
        self.principal = Some(principal.to_owned());
        Ok(self)
    }

    /// Only calls at this moment or later: RFC 3339, or a date for its first moment in UTC.
    ///
    /// # Errors
    ///
    /// [`FilterError::Since`].
    pub fn since(mut self, text: &str) -> Result<Filter, FilterError> {
        let read = moment(text).filter(|_| is_date(text));
        let since = read.ok_or_else(|| FilterError::Since(text.to_owned()))?;
        self.since = Some(since);
        Ok(self)
    }

    /// Denied calls too. What a record of one tells may end with the first need that was denied.
    #[must_use]
    pub fn with_denied(mut self) -> Filter {
        self.with_denied = true;
        self
    }

    /// Whether the record counts.
    pub fn admits(&self, record: &Record) -> bool {
        let principal = self.principal.as_deref();
        principal.is_none_or(|principal| record.caller.is(principal))
            && self.since.is_none_or(|since| record.moment() >= since)
            && (self.with_denied || record.outcome != Outcome::Denied)
    }
}
