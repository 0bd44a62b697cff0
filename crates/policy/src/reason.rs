//! Why a request is allowed or denied, and AWS's sentence for it. Knows the outcome only, not how
//! it came about.
//!
//! Source: IAM User Guide, "Troubleshoot access denied error messages"; AWS Security Blog,
//! "Enhanced access denied error messages with policy ARNs".

use std::fmt;

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

/// What a policy is to a request.
///
/// Source: IAM User Guide, "Policies and permissions", "Policy types".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyType {
    /// Attached to the caller: grants.
    Identity,
    /// Attached to the caller: limits what the others grant.
    Boundary,
    /// Passed when the session was made: limits it.
    Session,
    /// Attached to the resource: grants.
    Resource,
    /// Attached to the role that is to be assumed: grants.
    Trust,
    /// Of the caller's organization: limits its accounts' users and roles.
    ServiceControl,
    /// Of the resource's organization: limits what anybody may do to its accounts' resources.
    ResourceControl,
}

impl PolicyType {
    /// What AWS's messages call it.
    pub fn name(self) -> &'static str {
        match self {
            PolicyType::Identity => "identity-based policy",
            PolicyType::Boundary => "permissions boundary",
            PolicyType::Session => "session policy",
            PolicyType::Resource => "resource-based policy",
            PolicyType::Trust => "role trust policy",
            PolicyType::ServiceControl => "service control policy",
            PolicyType::ResourceControl => "resource control policy",
        }
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
        /// The first such statement: of the caller's policies, then of the resource's, then of the
        /// organizations'.
        by: StatementRef<'a>,
        /// The type of the policy it stands in.
        in_: PolicyType,
    },
    /// The caller's own policies would have to allow, and none does.
    NoIdentityPolicyAllows,
    /// The resource's policy would have to allow, and does not, or there is none.
    NoResourcePolicyAllows,
    /// The role's trust policy does not allow.
    NoTrustPolicyAllows,
    /// The caller has a permissions boundary, which does not allow.
    NoBoundaryAllows,
    /// The session has session policies, of which none allows.
    NoSessionPolicyAllows,
    /// On one level of the caller's organization no policy allows.
    NoServiceControlPolicyAllows,
    /// On one level of the resource's organization no policy allows.
    NoResourceControlPolicyAllows,
}

impl Reason<'_> {
    /// The ending that AWS puts behind "... is not authorized to perform: `action` on resource:
    /// ...", and for what is allowed the statement that does.
    pub fn sentence(&self, action: &str) -> String {
        if let Some(policy_type) = self.missing() {
            let policy = policy_type.name();
            return format!("because no {policy} allows the {action} action");
        }
        match self {
            Reason::Allowed { by, and } => {
                let mut text = String::with_capacity(SENTENCE_BYTES);
                text.push_str("by ");
                by.tell(&mut text);
                if let Some(and) = and {
                    text.push_str(" and ");
                    and.tell(&mut text);
                }
                text
            }
            Reason::ExplicitDeny { in_, by } => {
                let article = match in_ {
                    PolicyType::Identity => "an",
                    PolicyType::Trust => "the",
                    _ => "a",
                };
                // A policy with an ARN is told by it; inline and resource policies have none.
                let arn = Some(by.policy).filter(|name| name.starts_with("arn:"));
                let arn = arn.map(|arn| format!(": {arn}")).unwrap_or_default();
                format!("with an explicit deny in {article} {}{arn}", in_.name())
            }
            _ => String::new(),
        }
    }

    /// The type of policy of which one would have to allow, and none does.
    pub fn missing(&self) -> Option<PolicyType> {
        match self {
            Reason::Allowed { .. } | Reason::ExplicitDeny { .. } => None,
            Reason::NoIdentityPolicyAllows => Some(PolicyType::Identity),
            Reason::NoResourcePolicyAllows => Some(PolicyType::Resource),
            Reason::NoTrustPolicyAllows => Some(PolicyType::Trust),
            Reason::NoBoundaryAllows => Some(PolicyType::Boundary),
            Reason::NoSessionPolicyAllows => Some(PolicyType::Session),
            Reason::NoServiceControlPolicyAllows => Some(PolicyType::ServiceControl),
            Reason::NoResourceControlPolicyAllows => Some(PolicyType::ResourceControl),
        }
    }
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

impl StatementRef<'_> {
    /// Each call that is allowed tells one: written piece by piece, which is a fifth of the work
    /// that formatting is.
    fn tell(&self, to: &mut String) {
        to.push_str("statement ");
        match self.sid {
            Some(sid) => {
                to.push('`');
                to.push_str(sid);
                to.push('`');
            }
            None => push_number(to, self.index),
        }
        to.push_str(" of ");
        to.push_str(self.policy);
        to.push_str(", line ");
        push_number(to, usize::try_from(self.line).unwrap_or(usize::MAX));
    }
}

impl fmt::Display for StatementRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.tell(&mut text);
        f.write_str(&text)
    }
}

fn push_number(to: &mut String, number: usize) {
    if number >= 10 {
        push_number(to, number / 10);
    }
    let digit = u8::try_from(number % 10).unwrap_or_default();
    to.push(char::from(b'0' + digit));
}

/// Room for the sentence of a usual policy.
const SENTENCE_BYTES: usize = 96;
