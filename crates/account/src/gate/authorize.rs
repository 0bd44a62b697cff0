//! Whether a caller may do what a call needs: the policies that apply, brought to `policy`.
//!
//! What is decided here is only which policies apply. What they say is `policy`'s to tell.

use jiff::Timestamp;
use policy::{Applied, Context, Policies, Policy, Principal, Reason, Request, ResourceRule};

use super::authenticate::{Caller, Identity};
use super::context::{Circumstances, context};
use super::control::Control;
use super::need::{Need, Rule};
use super::verdict::{Decider, Verdict};
use crate::session::Session;
use crate::state::{Account, Inline, Partition, State};

/// Decides one need of a call.
pub(crate) fn authorize(
    state: &State,
    caller: &Caller,
    need: Need,
    circumstances: &Circumstances<'_>,
) -> Verdict {
    let owner = account_of(&need.resource).unwrap_or(state.account_id());
    if let Some(verdict) = of_closed(state.partition(), caller, owner, &need) {
        return verdict;
    }
    let elsewhere = (owner != state.account_id())
        .then(|| state.of_account(owner))
        .flatten();
    let at_owner = elsewhere.as_ref().unwrap_or(state);
    let control = Control::of(state.partition(), &caller.account, owner, need.action);
    let identity = identity_policies(state, caller);
    let resource = resource_rule(at_owner, &need.rule);
    let of_resource = match resource {
        ResourceRule::Required(applied) => applied,
        ResourceRule::Sufficient(applied) => Some(applied),
        ResourceRule::None => None,
    };
    // Most policies ask for no condition key, so mostly none is gathered.
    let is_asked = session_of(caller).is_some_and(Session::is_narrowed)
        || identity
            .iter()
            .chain(&of_resource)
            .chain(control.each())
            .any(|applied| applied.policy.depends_on_context());
    let context = if is_asked {
        context(state, caller, &need, owner, circumstances)
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
    let session = session_of(caller).map(|session| SessionPolicies::of(state, session));
    let session = session.as_ref().and_then(SessionPolicies::applied);
    let policies = Policies {
        identity: &identity,
        resource,
        session: session.as_deref(),
        service_control: &control.service(),
        resource_control: &control.resource(),
        ..Policies::default()
    };
    let decision = policy::decide(&request, &policies);
    let allowed = decision.is_allowed();
    let reason = told(decision.reason(), &need);
    let statement = decider(decision.reason());
    Verdict {
        action: need.action,
        resource: need.resource,
        allowed,
        reason,
        statement,
    }
}

/// What the resource's own policy has to say, where it has one.
fn resource_rule<'a>(at_owner: &'a State, rule: &Rule) -> ResourceRule<'a> {
    match rule {
        Rule::Identity => ResourceRule::None,
        Rule::Trust { role } => ResourceRule::Required(at_owner.role(role).map(|held| Applied {
            name: TRUST_POLICY,
            policy: &held.trust,
        })),
        Rule::Key { id } => ResourceRule::Required(at_owner.kms_key(id).map(|held| Applied {
            name: KEY_POLICY,
            policy: &held.policy,
        })),
        Rule::Secret { name } => {
            let policy = at_owner
                .secret(name)
                .and_then(|held| held.policy.as_deref());
            policy.map_or(ResourceRule::None, |policy| {
                ResourceRule::Sufficient(Applied {
                    name: RESOURCE_POLICY,
                    policy,
                })
            })
        }
    }
}

/// Nothing is answered for an account that its organization has closed.
fn of_closed(partition: &Partition, caller: &Caller, owner: &str, need: &Need) -> Option<Verdict> {
    let is_closed = |account: &&str| {
        let membership = partition.membership(account);
        membership.is_some_and(|membership| membership.is_closed)
    };
    let closed = [caller.account.as_str(), owner]
        .into_iter()
        .find(is_closed)?;
    Some(Verdict {
        action: need.action,
        resource: need.resource.clone(),
        allowed: false,
        reason: format!("because the account {closed} is closed"),
        statement: None,
    })
}

/// Whether a key policy lets a caller through to a need, whatever the caller's own policies say and
/// wherever the call comes from.
pub(crate) fn admits(
    state: &State,
    caller: &Caller,
    key_policy: &Policy,
    need: &Need,
    now: Timestamp,
) -> bool {
    let Ok(all) = Policy::parse(ALLOW_ALL, policy::Kind::Identity) else {
        return false;
    };
    let circumstances = Circumstances {
        source: None,
        user_agent: None,
        referer: None,
        secure: true,
        now,
    };
    let context = context(state, caller, need, state.account_id(), &circumstances);
    let request = Request {
        principal: principal(caller),
        action: need.action,
        resource: &need.resource,
        resource_account: state.account_id(),
        context: &context,
    };
    let named = |name, policy| Applied { name, policy };
    let policies = Policies {
        identity: &[named(ALLOW_ALL, &all)],
        resource: ResourceRule::Required(Some(named(KEY_POLICY, key_policy))),
        ..Policies::default()
    };
    policy::decide(&request, &policies).is_allowed()
}

fn decider(reason: &Reason<'_>) -> Option<Decider> {
    match reason {
        Reason::Allowed { by, .. } | Reason::ExplicitDeny { by, .. } => Some(Decider {
            policy: by.policy.to_owned(),
            sid: by.sid.map(str::to_owned),
            index: by.index,
        }),
        _ => None,
    }
}

/// The account in an ARN; `*` and ARNs such as an image's name none.
fn account_of(resource: &str) -> Option<&str> {
    resource
        .split(':')
        .nth(4)
        // What AWS manages is for every account to use.
        .filter(|account| !account.is_empty() && *account != "aws")
        // Who may call for an organization its own rules say; policies are asked in the caller's
        // account alone.
        .filter(|_| !resource.starts_with(ORGANIZATIONS))
}

/// A role that is not there is refused in the words for one that does not trust the caller.
fn told(reason: &Reason<'_>, need: &Need) -> String {
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

/// The policies that narrow a session.
struct SessionPolicies<'a> {
    inline: Option<Policy>,
    managed: Vec<Applied<'a>>,
    /// Whether there are any.
    narrow: bool,
}

impl<'a> SessionPolicies<'a> {
    /// A session policy that cannot be read or was deleted since is not skipped: it allowed
    /// something, now nothing of the session is allowed.
    fn of(state: &'a State, session: &'a Session) -> Self {
        let inline = session
            .policy
            .as_deref()
            .map(|text| Policy::parse(text, policy::Kind::Identity));
        let account = state.account_by_id(&session.account);
        let managed = account.map(|account| attached(account, &session.policy_arns));
        let managed = managed.unwrap_or_default();
        let whole = managed.len() == session.policy_arns.len();
        let (inline, managed) = match inline.transpose() {
            Ok(inline) if whole => (inline, managed),
            _ => (None, Vec::new()),
        };
        Self {
            inline,
            managed,
            narrow: session.is_narrowed(),
        }
    }

    fn applied(&self) -> Option<Vec<Applied<'_>>> {
        let inline = self.inline.iter().map(|policy| Applied {
            name: SESSION_POLICY,
            policy,
        });
        self.narrow
            .then(|| self.managed.iter().copied().chain(inline).collect())
    }
}

fn principal(caller: &Caller) -> Principal<'_> {
    match &caller.identity {
        Identity::User { .. } => Principal::User {
            account: &caller.account,
            arn: &caller.arn,
            unique_id: Some(&caller.user_id),
        },
        Identity::Session { role_arn, session } => Principal::Session {
            account: &caller.account,
            role_arn,
            session_arn: &caller.arn,
            unique_id: Some(&session.role_id),
        },
    }
}

fn identity_policies<'a>(state: &'a State, caller: &Caller) -> Vec<Applied<'a>> {
    let Some(account) = state.account_by_id(&caller.account) else {
        return Vec::new();
    };
    let (inline, arns) = match &caller.identity {
        Identity::User { name } => match account.user(name) {
            Some(held) => (&held.inline, &held.user.attached),
            None => return Vec::new(),
        },
        Identity::Session { session, .. } => match account.role(&session.role) {
            Some(held) => (&held.inline, &held.role.attached),
            None => return Vec::new(),
        },
    };
    let mut applied = attached(account, arns);
    let named = |inline: &'a Inline| Applied {
        name: &inline.name,
        policy: &inline.policy,
    };
    applied.extend(inline.iter().map(named));
    applied
}

fn attached<'a>(account: &'a Account, arns: &[String]) -> Vec<Applied<'a>> {
    let found = arns.iter().filter_map(|arn| account.policy(arn));
    found
        .map(|held| Applied {
            name: &held.policy.arn,
            policy: &held.compiled,
        })
        .collect()
}

/// How reasons name the policies that have no name of their own.
const TRUST_POLICY: &str = "trust policy";
const RESOURCE_POLICY: &str = "resource policy";
const SESSION_POLICY: &str = "session policy";
const KEY_POLICY: &str = "key policy";

const ORGANIZATIONS: &str = "arn:aws:organizations:";

const ALLOW_ALL: &str =
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;

#[cfg(test)]
mod tests;
