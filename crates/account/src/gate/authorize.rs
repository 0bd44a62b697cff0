//! Whether a caller may do what a call needs: the policies that apply, brought to `policy`.
//!
//! What is decided here is only which policies apply. What they say is `policy`'s to tell.

use std::borrow::Cow;
use std::net::IpAddr;

use jiff::Timestamp;
use policy::{Applied, Context, Policies, Policy, Principal, Reason, Request, ResourceRule};
use protocol::shape::{Operation, Protocol, Service};
use protocol::{Fault, Record};

use super::authenticate::{Caller, Identity};
use super::context::context;
use crate::entity::Tag;
use crate::session::Session;
use crate::state::{Inline, State};

/// One thing that a call needs to be allowed.
#[derive(Debug)]
pub(crate) struct Need {
    /// `secretsmanager:GetSecretValue`
    pub(crate) action: &'static str,
    /// ARN of what it is done to, or `*` for actions without a resource.
    pub(crate) resource: String,
    pub(crate) rule: Rule,
    /// Condition keys that only this operation supplies.
    pub(crate) keys: Vec<(Cow<'static, str>, String)>,
}

/// Which resource policy has a say.
#[derive(Debug)]
pub(crate) enum Rule {
    /// None: identity policies decide.
    Identity,
    /// The trust policy of the role by this name must allow. A role that is not there trusts nobody.
    Trust { role: String },
}

/// A decision with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What was asked for.
    pub action: &'static str,
    /// On what.
    pub resource: String,
    /// Whether it may.
    pub allowed: bool,
    /// Why, in the words of AWS.
    pub reason: String,
}

impl Need {
    /// A need that identity policies decide.
    pub(crate) fn new(action: &'static str, resource: impl Into<String>) -> Self {
        Self {
            action,
            resource: resource.into(),
            rule: Rule::Identity,
            keys: Vec::new(),
        }
    }

    /// The same need with a condition key more.
    #[must_use]
    pub(crate) fn with(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.keys.push((Cow::Borrowed(key), value.into()));
        self
    }

    /// The same need with the tags that the request brings, as `aws:RequestTag/team`.
    #[must_use]
    pub(crate) fn requesting<'r>(self, tags: impl IntoIterator<Item = &'r Record>) -> Self {
        tags.into_iter().fold(self, |need, tag| {
            let (key, value) = (tag.text("Key"), tag.text("Value").unwrap_or_default());
            match key {
                Some(key) => need.with_tag(REQUEST_TAG, key, value),
                None => need,
            }
        })
    }

    /// The same need with the tags that the resource has, as `aws:ResourceTag/team` and under the
    /// service's own prefix, such as `ec2:ResourceTag`.
    #[must_use]
    pub(crate) fn on_tagged(self, own_prefix: &'static str, tags: &[Tag]) -> Self {
        tags.iter().fold(self, |need, tag| {
            need.with_tag(RESOURCE_TAG, &tag.key, &tag.value)
                .with_tag(own_prefix, &tag.key, &tag.value)
        })
    }

    fn with_tag(mut self, prefix: &'static str, key: &str, value: &str) -> Self {
        self.keys
            .push((Cow::Owned(format!("{prefix}/{key}")), value.to_owned()));
        self
    }
}

/// Decides one need of a call.
pub(crate) fn authorize(
    state: &State,
    caller: &Caller,
    need: Need,
    source: Option<IpAddr>,
    now: Timestamp,
) -> Verdict {
    let owner = account_of(&need.resource).unwrap_or(state.account_id());
    let identity = identity_policies(state, caller);
    let resource = match &need.rule {
        Rule::Identity => ResourceRule::None,
        Rule::Trust { role } => ResourceRule::Required(state.role(role).map(|held| Applied {
            name: TRUST_POLICY,
            policy: &held.trust,
        })),
    };
    let trust = match resource {
        ResourceRule::Required(applied) => applied,
        _ => None,
    };
    // Most policies ask for no condition key, so mostly none is gathered.
    let is_asked = session_of(caller).is_some_and(Session::is_narrowed)
        || identity
            .iter()
            .chain(&trust)
            .any(|applied| applied.policy.has_conditions());
    let context = if is_asked {
        context(state, caller, &need, owner, source, now)
    } else {
        Context::new()
    };
    let request = Request {
        principal: principal(caller),
        action: need.action,
        resource: &need.resource,
        resource_account: owner,
        context: &context,
    };
    let policies = Policies {
        identity: &identity,
        resource,
    };
    let decision = policy::decide(&request, &policies);
    let (allowed, reason) = if decision.is_allowed() {
        match session_allows(state, caller, &request) {
            Ok(()) => (true, decision.reason().sentence(need.action)),
            Err(reason) => (false, reason),
        }
    } else {
        (false, denial_reason(decision.reason(), &need))
    };
    Verdict {
        action: need.action,
        resource: need.resource,
        allowed,
        reason,
    }
}

/// The account in an ARN; `*` and ARNs such as an image's name none.
fn account_of(resource: &str) -> Option<&str> {
    resource
        .split(':')
        .nth(4)
        .filter(|account| !account.is_empty())
}

/// A role that is not there is refused in the words for one that does not trust the caller.
fn denial_reason(reason: &Reason<'_>, need: &Need) -> String {
    let reason = match (reason, &need.rule) {
        (Reason::NoResourcePolicyAllows, Rule::Trust { .. }) => &Reason::NoTrustPolicyAllows,
        (reason, _) => reason,
    };
    reason.sentence(need.action)
}

fn session_of(caller: &Caller) -> Option<&Session> {
    match &caller.identity {
        Identity::User { .. } => None,
        Identity::Session { session, .. } => Some(session),
    }
}

/// A session policy narrows: what it does not allow is denied, whatever the role may.
fn session_allows(state: &State, caller: &Caller, request: &Request<'_>) -> Result<(), String> {
    let Some(session) = session_of(caller).filter(|session| session.is_narrowed()) else {
        return Ok(());
    };
    let missing = || {
        format!(
            "because no session policy allows the {} action",
            request.action
        )
    };
    let inline = session
        .policy
        .as_deref()
        .map(|text| Policy::parse(text, policy::Kind::Identity));
    let inline = inline.transpose().map_err(|_| missing())?;
    let mut applied = attached(state, &session.policy_arns);
    // A session policy that was deleted since is not skipped: it allowed something, now nothing.
    if applied.len() < session.policy_arns.len() {
        return Err(missing());
    }
    applied.extend(inline.as_ref().map(|policy| Applied {
        name: SESSION_POLICY,
        policy,
    }));
    let policies = Policies {
        identity: &applied,
        resource: ResourceRule::None,
    };
    match policy::decide(request, &policies).reason() {
        Reason::Allowed { .. } => Ok(()),
        Reason::ExplicitDeny { .. } => Err("with an explicit deny in a session policy".to_owned()),
        _ => Err(missing()),
    }
}

fn principal(caller: &Caller) -> Principal<'_> {
    match &caller.identity {
        Identity::User { .. } => Principal::User {
            account: &caller.account,
            arn: &caller.arn,
        },
        Identity::Session { role_arn, .. } => Principal::Session {
            account: &caller.account,
            role_arn,
            session_arn: &caller.arn,
        },
    }
}

fn identity_policies<'a>(state: &'a State, caller: &Caller) -> Vec<Applied<'a>> {
    let (inline, arns) = match &caller.identity {
        Identity::User { name } => match state.user(name) {
            Some(held) => (&held.inline, &held.user.attached),
            None => return Vec::new(),
        },
        Identity::Session { session, .. } => match state.role(&session.role) {
            Some(held) => (&held.inline, &held.role.attached),
            None => return Vec::new(),
        },
    };
    let mut applied = attached(state, arns);
    let named = |inline: &'a Inline| Applied {
        name: &inline.name,
        policy: &inline.policy,
    };
    applied.extend(inline.iter().map(named));
    applied
}

fn attached<'a>(state: &'a State, arns: &[String]) -> Vec<Applied<'a>> {
    let found = arns.iter().filter_map(|arn| state.policy(arn));
    found
        .map(|held| Applied {
            name: &held.policy.arn,
            policy: &held.compiled,
        })
        .collect()
}

/// The answer to an operation that has shapes but no row: it cannot be authorized, so it is denied.
pub(crate) fn unmapped(service: &Service, operation: &Operation, caller: &Caller) -> Fault {
    let action = format!("{}:{}", service.name, operation.name);
    let message = format!(
        "User: {} is not authorized to perform: {action} because this server cannot authorize the {action} action",
        caller.arn
    );
    Verdict::denial(service.protocol, message)
}

impl Verdict {
    /// What the client is told, if the verdict is no.
    pub(crate) fn fault(&self, protocol: Protocol, caller: &Caller) -> Option<Fault> {
        if self.allowed {
            return None;
        }
        let Self {
            action,
            resource,
            reason,
            ..
        } = self;
        let on = if resource == "*" {
            String::new()
        } else {
            format!(" on resource: {resource}")
        };
        let arn = &caller.arn;
        let message = format!("User: {arn} is not authorized to perform: {action}{on} {reason}");
        Some(Self::denial(protocol, message))
    }

    /// The code and status by which each protocol says no.
    fn denial(protocol: Protocol, message: String) -> Fault {
        match protocol {
            Protocol::Query { .. } => Fault::new("AccessDenied", message).status(403),
            Protocol::Json { .. } => Fault::new("AccessDeniedException", message),
            Protocol::Ec2 { .. } => Fault::new(
                "UnauthorizedOperation",
                format!("You are not authorized to perform this operation. {message}"),
            )
            .status(403),
        }
    }
}

const REQUEST_TAG: &str = "aws:RequestTag";
const RESOURCE_TAG: &str = "aws:ResourceTag";
/// How reasons name the policies that have no name of their own.
const TRUST_POLICY: &str = "trust policy";
const SESSION_POLICY: &str = "session policy";

#[cfg(test)]
mod tests;
