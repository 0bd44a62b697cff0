//! All policies of one request, together: default deny, an explicit deny wins, and who has to allow
//! depends on whose the resource is. Knows no action by name: which rule a resource has is the
//! caller's to say.
//!
//! Source: IAM User Guide, "Policy evaluation logic" and "Cross-account policy evaluation logic".

use crate::context::Context;
use crate::document::{Effect, Kind};
use crate::policy::{Policy, Statement};
use crate::principal::{Named, Principal};
use crate::reason::{Decision, Reason, StatementRef};

/// Who wants to do what to what.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The caller.
    pub principal: Principal<'a>,
    /// As policies write it, `secretsmanager:GetSecretValue`.
    pub action: &'a str,
    /// The ARN, or `*` for an action that has no resource.
    pub resource: &'a str,
    /// The account that owns the resource, 12 digits.
    pub resource_account: &'a str,
    /// What else is known.
    pub context: &'a Context,
}

/// A policy and the name by which reasons speak of it: an ARN, or `inline policy X`.
#[derive(Debug, Clone, Copy)]
pub struct Applied<'a> {
    /// The name.
    pub name: &'a str,
    /// What it says.
    pub policy: &'a Policy,
}

/// What the policy of the resource itself means for the request.
#[derive(Debug, Clone, Copy)]
pub enum ResourceRule<'a> {
    /// There is none.
    None,
    /// It may allow by itself within its account, as a secret's does.
    Sufficient(Applied<'a>),
    /// It must allow, as a role's trust policy and a KMS key's policy must; without one nobody
    /// may.
    Required(Option<Applied<'a>>),
}

impl<'a> ResourceRule<'a> {
    fn policy(&self) -> Option<Applied<'a>> {
        match *self {
            ResourceRule::None => None,
            ResourceRule::Sufficient(applied) => Some(applied),
            ResourceRule::Required(applied) => applied,
        }
    }
}

/// Every policy that has a say in a request.
#[derive(Debug, Clone, Copy)]
pub struct Policies<'a> {
    /// The caller's own, and for a user those of its groups.
    pub identity: &'a [Applied<'a>],
    /// The resource's.
    pub resource: ResourceRule<'a>,
}

/// Decides `request`.
///
/// Within one account the caller needs one Allow, from an identity policy or from a resource policy
/// that names the caller itself; one that names the account hands its authority on, so an identity
/// policy has to allow too. Across accounts, both. A service has no identity policies and no
/// account: the resource's policy alone can allow it.
///
/// A policy counts for what it was read as: in the wrong place it can deny, and never allow.
pub fn decide<'a>(request: &Request<'a>, policies: &Policies<'a>) -> Decision<'a> {
    let resource_policy = policies.resource.policy();
    for applied in policies.identity.iter().chain(&resource_policy) {
        if let Some((by, _)) = find(request, *applied, Effect::Deny) {
            let in_ = applied.policy.kind();
            return Decision::new(Reason::ExplicitDeny { by, in_ });
        }
    }
    let identity = || {
        let own = policies.identity.iter();
        let mut own = own.filter(|applied| applied.policy.kind() == Kind::Identity);
        own.find_map(|applied| find(request, *applied, Effect::Allow))
            .map(|(by, _)| by)
    };
    let resource = resource_policy
        .filter(|applied| applied.policy.kind() != Kind::Identity)
        .and_then(|applied| find(request, applied, Effect::Allow));
    let silent = match resource_policy.map(|applied| applied.policy.kind()) {
        Some(Kind::Trust) => Reason::NoTrustPolicyAllows,
        _ => Reason::NoResourcePolicyAllows,
    };
    let both = |by| match resource {
        Some((and, _)) => Reason::Allowed { by, and: Some(and) },
        None => silent,
    };
    let alone = |by| Reason::Allowed { by, and: None };
    let Some(account) = request.principal.account() else {
        return Decision::new(resource.map_or(silent, |(by, _)| alone(by)));
    };
    let same_account = account == request.resource_account;
    let required = matches!(policies.resource, ResourceRule::Required(_));
    let reason = match resource {
        Some((by, Named::Itself)) if same_account && required => alone(by),
        None if same_account && required => silent,
        Some((by, Named::Itself)) if same_account => alone(identity().unwrap_or(by)),
        _ if same_account && !required => identity().map_or(Reason::NoIdentityPolicyAllows, alone),
        _ => identity().map_or(Reason::NoIdentityPolicyAllows, both),
    };
    Decision::new(reason)
}

/// The first statement of the effect that names the caller closest, and how close.
fn find<'a>(
    request: &Request<'a>,
    applied: Applied<'a>,
    effect: Effect,
) -> Option<(StatementRef<'a>, Named)> {
    let mut found = None;
    let statements = applied.policy.statements().iter().enumerate();
    for (index, statement) in statements.filter(|(_, statement)| statement.effect == effect) {
        let Request {
            principal,
            action,
            resource,
            context,
            ..
        } = request;
        match statement.applies(principal, action, resource, context) {
            Named::Not => {}
            Named::Itself => return Some((reference(applied, index, statement), Named::Itself)),
            Named::ByAccount => {
                found.get_or_insert_with(|| {
                    (reference(applied, index, statement), Named::ByAccount)
                });
            }
        }
    }
    found
}

fn reference<'a>(applied: Applied<'a>, index: usize, statement: &'a Statement) -> StatementRef<'a> {
    StatementRef {
        policy: applied.name,
        sid: statement.sid.as_deref().filter(|sid| !sid.is_empty()),
        index,
        line: statement.line,
    }
}
