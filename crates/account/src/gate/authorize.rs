//! Whether a caller may do what a call needs: the policies that apply, brought to `policy`.
//!
//! What is decided here is only which policies apply. What they say is `policy`'s to tell.

use std::net::IpAddr;

use jiff::Timestamp;
use policy::{Applied, Context, Policies, Policy, Principal, Reason, Request, ResourceRule};

use super::authenticate::{Caller, Identity};
use super::context::context;
use super::need::{Need, Rule};
use super::verdict::Verdict;
use crate::session::Session;
use crate::state::{Inline, State};

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

/// How reasons name the policies that have no name of their own.
const TRUST_POLICY: &str = "trust policy";
const SESSION_POLICY: &str = "session policy";

#[cfg(test)]
mod tests;
