//! What is known of a request's condition keys before it is made: values, absence, or nothing.
//! Knows no policy.
//!
//! Source: IAM User Guide, "AWS global condition context keys" (which keys a caller of which type
//! brings) and "IAM policy elements: Variables and tags", section on principal key values.

use std::collections::BTreeSet;

use crate::context::{Context, Value};
use crate::principal::Principal;

/// A part of a request's context. Each condition key has its values here, is known to be absent, or
/// is unknown, which is what a key is of which nothing was said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    context: Context,
    // In lower case.
    absent: BTreeSet<Box<str>>,
    absent_prefixes: BTreeSet<Box<str>>,
    all_absent: bool,
}

/// What is known of one condition key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// It has the values that the context says, or none.
    Known,
    /// It may have any value, several, or none.
    Unknown,
}

impl Known {
    /// Nothing is known.
    pub fn nothing() -> Known {
        Known::default()
    }

    /// Everything is known: a key that is not in `context` is absent.
    pub fn everything(context: Context) -> Known {
        Known {
            context,
            all_absent: true,
            ..Known::default()
        }
    }

    /// The keys that every request of `subject` has, and those that none has. Tags are for
    /// [`Known::with`] to add; a user's can be closed by [`Known::without_prefix`] with
    /// `aws:PrincipalTag/`, while a role's sessions may bring tags of their own, also in place of
    /// the role's.
    pub fn of(subject: &Subject<'_>) -> Known {
        let account = |id: &str| Known::default().with("aws:PrincipalAccount", id).of_iam();
        match *subject {
            Subject::Exactly(Principal::User {
                account: id,
                arn,
                unique_id,
            }) => {
                let known = account(id).with("aws:PrincipalArn", arn);
                match arn.splitn(6, ':').nth(5).and_then(|it| it.rsplit_once('/')) {
                    Some((_, name)) => known
                        .with_some("aws:userid", unique_id)
                        .with("aws:username", name)
                        .with("aws:PrincipalType", "User"),
                    None => known
                        .with("aws:userid", id)
                        .without("aws:username")
                        .with("aws:PrincipalType", "Account"),
                }
            }
            Subject::Exactly(Principal::Session {
                account: id,
                role_arn,
                session_arn,
                unique_id,
            }) => {
                let session = session_arn.rsplit_once('/').map(|(_, name)| name);
                let user_id = unique_id.zip(session);
                let user_id = user_id.map(|(id, name)| format!("{id}:{name}"));
                let known = account(id).of_role(role_arn);
                known.with_some("aws:userid", user_id.as_deref())
            }
            Subject::Role {
                account: id,
                role_arn,
                ..
            } => account(id).of_role(role_arn),
            Subject::Exactly(Principal::FederatedUser {
                account: id, arn, ..
            }) => {
                let known = account(id).with("aws:PrincipalArn", arn);
                let known = known.with("aws:PrincipalType", "FederatedUser");
                known.without("aws:username")
            }
            Subject::Exactly(Principal::Service(name)) => Known::default()
                .with("aws:PrincipalIsAWSService", true)
                .with("aws:PrincipalServiceName", name)
                .without("aws:username")
                .without("aws:PrincipalOrgID")
                .without_prefix(PRINCIPAL_TAG),
            Subject::Exactly(Principal::Anonymous) => Known::default()
                .with("aws:PrincipalAccount", "anonymous")
                .with("aws:PrincipalType", "Anonymous")
                .without("aws:PrincipalArn")
                .without("aws:username")
                .without("aws:PrincipalOrgID")
                .of_iam()
                .without_prefix(PRINCIPAL_TAG),
            Subject::Exactly(Principal::Federated(_) | Principal::CanonicalUser(_)) => {
                Known::default().without("aws:username")
            }
        }
    }

    /// The same with `key`, in any case, set to `value`.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Known {
        self.context = self.context.with(key, value);
        self
    }

    /// The same with `key`, in any case, known to be absent, unless it has a value here.
    #[must_use]
    pub fn without(mut self, key: &str) -> Known {
        self.absent.insert(key.to_ascii_lowercase().into());
        self
    }

    /// The same with every key that begins with `prefix`, in any case, known to be absent, unless
    /// it has a value here: `aws:ResourceTag/` for a resource whose tags are all told.
    #[must_use]
    pub fn without_prefix(mut self, prefix: &str) -> Known {
        self.absent_prefixes
            .insert(prefix.to_ascii_lowercase().into());
        self
    }

    /// What is known here or in `other`, which has the last word where both have a value.
    #[must_use]
    pub fn and(mut self, other: &Known) -> Known {
        self.context.extend(&other.context);
        self.absent.extend(other.absent.iter().cloned());
        let prefixes = other.absent_prefixes.iter().cloned();
        self.absent_prefixes.extend(prefixes);
        self.all_absent |= other.all_absent;
        self
    }

    /// The values that are known.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// Of `key`, which is in lower case.
    pub(crate) fn state(&self, key: &str) -> State {
        let known = self.all_absent
            || self.context.has(key)
            || self.absent.contains(key)
            || self.absent_prefixes.iter().any(|it| key.starts_with(&**it));
        if known { State::Known } else { State::Unknown }
    }

    fn with_some(self, key: &str, value: Option<&str>) -> Known {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    fn of_iam(self) -> Known {
        self.with("aws:PrincipalIsAWSService", false)
            .without("aws:PrincipalServiceName")
            .without("aws:PrincipalServiceNamesList")
    }

    fn of_role(self, role_arn: &str) -> Known {
        self.with("aws:PrincipalArn", role_arn)
            .with("aws:PrincipalType", "AssumedRole")
            .without("aws:username")
    }
}

/// Who asks, where a role stands for all of its sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject<'a> {
    /// This very caller.
    Exactly(Principal<'a>),
    /// A session of a role, of whatever name.
    Role {
        /// The role's account, 12 digits.
        account: &'a str,
        /// The role's ARN, with its path.
        role_arn: &'a str,
        /// The role's unique id, `AROA...`, where it is known.
        unique_id: Option<&'a str>,
    },
}

impl<'a> Subject<'a> {
    /// The account of the caller. Services and callers from outside have none.
    pub fn account(&self) -> Option<&'a str> {
        match *self {
            Subject::Exactly(principal) => principal.account(),
            Subject::Role { account, .. } => Some(account),
        }
    }
}

const PRINCIPAL_TAG: &str = "aws:PrincipalTag/";
