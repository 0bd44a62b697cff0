//! All policies of one request, together: default deny, an explicit deny wins, and who has to allow
//! depends on whose the resource is. Knows no action by name: which rule a resource has is the
//! caller's to say.
//!
//! Source: IAM User Guide, "Policy evaluation logic", "How AWS enforcement code logic evaluates
//! requests to allow or deny access" and "Cross-account policy evaluation logic".

use crate::asked::{Asked, Room};
use crate::context::Context;
use crate::document::{Effect, Kind};
use crate::policy::{Policy, Statement};
use crate::principal::{Caller, Named, Principal};
use crate::reason::{Decision, PolicyType, Reason, StatementRef};

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
#[derive(Debug, Clone, Copy, Default)]
pub enum ResourceRule<'a> {
    /// There is none.
    #[default]
    None,
    /// It may allow by itself within its account, as a secret's does.
    Sufficient(Applied<'a>),
    /// It must allow, as a role's trust policy and a KMS key's policy must; without one nobody
    /// may.
    Required(Option<Applied<'a>>),
}

impl<'a> ResourceRule<'a> {
    pub(crate) fn policy(&self) -> Option<Applied<'a>> {
        match *self {
            ResourceRule::None => None,
            ResourceRule::Sufficient(applied) => Some(applied),
            ResourceRule::Required(applied) => applied,
        }
    }
}

/// Every policy that has a say in a request. Those that limit are empty where there are none.
#[derive(Debug, Clone, Copy, Default)]
pub struct Policies<'a> {
    /// The caller's own, and for a user those of its groups.
    pub identity: &'a [Applied<'a>],
    /// The resource's.
    pub resource: ResourceRule<'a>,
    /// The caller's permissions boundary, read as an identity policy.
    pub boundary: Option<Applied<'a>>,
    /// The session policies, read as identity policies, of a session that has any: one of them has
    /// to allow.
    pub session: Option<&'a [Applied<'a>]>,
    /// The service control policies that the caller's account inherits, level by level from the
    /// root of its organization: on each level one has to allow. None for the management account,
    /// which they do not affect.
    pub service_control: &'a [&'a [Applied<'a>]],
    /// The same of resource control policies and the resource's account.
    pub resource_control: &'a [&'a [Applied<'a>]],
}

impl<'a> Policies<'a> {
    /// What type a policy of the resource is: it counts for what it was read as.
    pub(crate) fn resource_type(&self) -> PolicyType {
        match self.resource.policy() {
            Some(applied) if applied.policy.kind() == Kind::Trust => PolicyType::Trust,
            _ => PolicyType::Resource,
        }
    }

    /// `principal` as statements see it.
    pub(crate) fn caller<'p>(&self, principal: &'p Principal<'p>) -> Caller<'p> {
        Caller {
            principal,
            has_boundary: self.boundary.is_some(),
        }
    }

    /// Every policy that `request` has to do with, in the order in which reasons name them.
    pub(crate) fn each(
        &self,
        principal: &Principal<'_>,
    ) -> impl Iterator<Item = (PolicyType, Applied<'a>)> {
        let of = |policy_type| move |applied: &Applied<'a>| (policy_type, *applied);
        let identity = self.identity.iter().map(of(PolicyType::Identity));
        let boundary = self.boundary.map(|it| (PolicyType::Boundary, it));
        let session = self.session.unwrap_or_default().iter();
        let resource = self.resource.policy().map(|it| (self.resource_type(), it));
        let (service, of_resource) = self.control(principal);
        identity
            .chain(boundary)
            .chain(session.map(of(PolicyType::Session)))
            .chain(resource)
            .chain(
                service
                    .iter()
                    .flat_map(|level| level.iter())
                    .map(of(PolicyType::ServiceControl)),
            )
            .chain(
                of_resource
                    .iter()
                    .flat_map(|level| level.iter())
                    .map(of(PolicyType::ResourceControl)),
            )
    }

    /// The service and resource control policies that affect `principal`: "SCPs do not affect any
    /// service-linked role", "RCPs do not affect" them either, and who is no principal of an
    /// account is none that an SCP could affect.
    pub(crate) fn control(&self, principal: &Principal<'_>) -> (Levels<'a>, Levels<'a>) {
        if principal.is_service_linked() {
            (&[], &[])
        } else if principal.account().is_none() {
            (&[], self.resource_control)
        } else {
            (self.service_control, self.resource_control)
        }
    }
}

pub(crate) type Levels<'a> = &'a [&'a [Applied<'a>]];

/// Decides `request`.
///
/// An explicit deny in any policy wins. Then the organizations' policies have to allow, on every
/// level.
///
/// Within one account the caller needs one Allow, from an identity policy or from a resource policy
/// that names the caller or its role; one that names the account hands its authority on, so an
/// identity policy has to allow too. Across accounts, both. Services and callers from outside have
/// no identity policies and no account: the resource's policy alone can allow them.
///
/// A permissions boundary and session policies have to allow as well, but for what a resource
/// policy of the same account grants to the very session or user, or to everyone: "permissions that
/// are granted directly to a session are not limited by an implicit deny" in them. A role's session
/// that is named by its role is limited, and so is a federated user that is named by its user.
///
/// A policy counts for what it was read as: in the wrong place it can deny, and never allow.
pub fn decide<'a>(request: &Request<'a>, policies: &Policies<'a>) -> Decision<'a> {
    let mut room = Room::EMPTY;
    let asked = Asked::new(request.action, &mut room);
    let evaluation = Evaluation {
        request,
        asked: &asked,
        policies,
    };
    Decision::new(evaluation.reason())
}

struct Evaluation<'e, 'a> {
    request: &'e Request<'a>,
    asked: &'e Asked<'e>,
    policies: &'e Policies<'a>,
}

impl<'a> Evaluation<'_, 'a> {
    fn reason(&self) -> Reason<'a> {
        for (in_, applied) in self.policies.each(&self.request.principal) {
            if let Some((by, _)) = self.find(applied, Effect::Deny) {
                return Reason::ExplicitDeny { by, in_ };
            }
        }
        let (service, of_resource) = self.policies.control(&self.request.principal);
        if !self.each_level_allows(of_resource, Kind::ResourceControl) {
            return Reason::NoResourceControlPolicyAllows;
        }
        if !self.each_level_allows(service, Kind::ServiceControl) {
            return Reason::NoServiceControlPolicyAllows;
        }
        self.granted()
    }

    /// What the policies that grant say, and those of the caller that limit it.
    fn granted(&self) -> Reason<'a> {
        let resource = self.policies.resource.policy();
        let resource = resource
            .filter(|applied| matches!(applied.policy.kind(), Kind::Resource | Kind::Trust))
            .and_then(|applied| self.find(applied, Effect::Allow))
            .map(|(by, named)| (by, self.as_limited(named)));
        let silent = match self.policies.resource_type() {
            PolicyType::Trust => Reason::NoTrustPolicyAllows,
            _ => Reason::NoResourcePolicyAllows,
        };
        let alone = |by| Reason::Allowed { by, and: None };
        let Some(account) = self.request.principal.account() else {
            return resource.map_or(silent, |(by, _)| alone(by));
        };
        let own = self.one_allows(self.policies.identity);
        let limit = self.limit();
        let limited = |reason| limit.unwrap_or(reason);
        let from_own = || own.map_or(Reason::NoIdentityPolicyAllows, |by| limited(alone(by)));
        if account != self.request.resource_account {
            return match (own, resource) {
                (Some(by), Some((and, _))) => limited(Reason::Allowed { by, and: Some(and) }),
                (Some(_), None) => limited(silent),
                (None, _) => Reason::NoIdentityPolicyAllows,
            };
        }
        let required = matches!(self.policies.resource, ResourceRule::Required(_));
        match resource {
            Some((by, Named::Itself)) if required => alone(by),
            Some((by, Named::Itself)) => match own {
                Some(own) if limit.is_none() => alone(own),
                _ => alone(by),
            },
            Some((by, Named::ByRole)) if required => limited(alone(by)),
            Some((by, Named::ByRole)) => limited(alone(own.unwrap_or(by))),
            Some((and, _)) if required => match own {
                Some(by) => limited(Reason::Allowed { by, and: Some(and) }),
                None => Reason::NoIdentityPolicyAllows,
            },
            None if required => silent,
            _ => from_own(),
        }
    }

    /// A user that has session policies is a federated user: its ARN does not name the session.
    fn as_limited(&self, named: Named) -> Named {
        let is_user = matches!(self.request.principal, Principal::User { .. });
        match named {
            Named::Itself if is_user && self.policies.session.is_some() => Named::ByRole,
            named => named,
        }
    }

    /// What does not allow of the caller's permissions boundary and session policies.
    fn limit(&self) -> Option<Reason<'a>> {
        let boundary = &self.policies.boundary;
        if boundary.is_some_and(|applied| self.one_allows(&[applied]).is_none()) {
            return Some(Reason::NoBoundaryAllows);
        }
        (!self.session_allows()).then_some(Reason::NoSessionPolicyAllows)
    }

    fn session_allows(&self) -> bool {
        let session = self.policies.session;
        session.is_none_or(|applied| self.one_allows(applied).is_some())
    }

    /// The first statement of identity policies that allows.
    fn one_allows(&self, applied: &[Applied<'a>]) -> Option<StatementRef<'a>> {
        applied
            .iter()
            .filter(|applied| applied.policy.kind() == Kind::Identity)
            .find_map(|applied| self.find(*applied, Effect::Allow))
            .map(|(by, _)| by)
    }

    fn each_level_allows(&self, levels: Levels<'a>, kind: Kind) -> bool {
        levels.iter().all(|level| {
            let mut counting = level.iter().filter(|it| it.policy.kind() == kind);
            counting.any(|applied| self.find(*applied, Effect::Allow).is_some())
        })
    }

    /// The first statement of the effect that names the caller closest, and how close.
    fn find(&self, applied: Applied<'a>, effect: Effect) -> Option<(StatementRef<'a>, Named)> {
        let Request {
            resource, context, ..
        } = self.request;
        let caller = self.policies.caller(&self.request.principal);
        let mut found: Option<(usize, &Statement, Named)> = None;
        for (index, statement) in applied.policy.about(self.asked, effect) {
            let named = statement.applies(caller, self.asked, resource, context);
            let best = found.map_or(Named::Not, |(_, _, named)| named);
            if named > best {
                found = Some((index, statement, named));
            }
            if named == Named::Itself {
                break;
            }
        }
        found.map(|(index, statement, named)| (reference(applied, index, statement), named))
    }
}

pub(crate) fn reference<'a>(
    applied: Applied<'a>,
    index: usize,
    statement: &'a Statement,
) -> StatementRef<'a> {
    StatementRef {
        policy: applied.name,
        sid: statement.sid.as_deref().filter(|sid| !sid.is_empty()),
        index,
        line: statement.line,
    }
}
