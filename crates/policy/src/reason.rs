//! Why a request is allowed or denied, and AWS's sentence for it. Knows the outcome only, not how
//! it came about.
//!
//! Source: IAM User Guide, "Troubleshoot access denied error messages".

use std::fmt;

use crate::document::Kind;

/// What the policies of a request say together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision<'a> {
    reason: Reason<'a>,
}

impl<'a> Decision<'a> {
    pub(crate) fn new(reason: Reason<'a>) -> Decision<'a> {
        Decision { reason }
    }

    /// Whether the request may go ahead.
    pub fn is_allowed(&self) -> bool {
        matches!(self.reason, Reason::Allowed { .. })
    }

    /// Why, or why not.
    pub fn reason(&self) -> &Reason<'a> {
        &self.reason
    }
}

/// Which statement decided, or which one was missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason<'a> {
    /// Nothing denies, and all that has to allow does.
    Allowed {
        /// The statement that allows.
        by: StatementRef<'a>,
        /// The resource's statement, where it was needed beside the identity's.
        and: Option<StatementRef<'a>>,
    },
    /// A statement denies; no other can make up for it.
    ExplicitDeny {
        /// The first such statement, identity policies before the resource's.
        by: StatementRef<'a>,
        /// The kind of policy it stands in.
        in_: Kind,
    },
    /// The caller's own policies would have to allow, and none does.
    NoIdentityPolicyAllows,
    /// The resource's policy would have to allow, and does not, or there is none.
    NoResourcePolicyAllows,
    /// The role's trust policy does not allow.
    NoTrustPolicyAllows,
}

impl Reason<'_> {
    /// The ending that AWS puts behind "... is not authorized to perform: `action` on resource:
    /// ...", and for what is allowed the statement that does.
    pub fn sentence(&self, action: &str) -> String {
        match self {
            Reason::Allowed { by, and: None } => format!("by {by}"),
            Reason::Allowed { by, and: Some(and) } => format!("by {by} and {and}"),
            Reason::ExplicitDeny { in_, .. } => {
                let policy = match in_ {
                    Kind::Identity => "an identity-based policy",
                    Kind::Resource => "a resource-based policy",
                    Kind::Trust => "the role trust policy",
                };
                format!("with an explicit deny in {policy}")
            }
            Reason::NoIdentityPolicyAllows => none_allows("identity-based policy", action),
            Reason::NoResourcePolicyAllows => none_allows("resource-based policy", action),
            Reason::NoTrustPolicyAllows => none_allows("role trust policy", action),
        }
    }
}

fn none_allows(policy: &str, action: &str) -> String {
    format!("because no {policy} allows the {action} action")
}

/// A statement, for people to find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatementRef<'a> {
    /// The policy's name, as the caller of `decide` gave it.
    pub policy: &'a str,
    /// The statement's `Sid`, if it has one that is not empty.
    pub sid: Option<&'a str>,
    /// Its place in the list of statements, from 0.
    pub index: usize,
    /// The line on which it begins, from 1.
    pub line: u32,
}

impl fmt::Display for StatementRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let StatementRef {
            policy,
            index,
            line,
            ..
        } = self;
        match self.sid {
            Some(sid) => write!(f, "statement `{sid}` of {policy}, line {line}"),
            None => write!(f, "statement {index} of {policy}, line {line}"),
        }
    }
}
