//! Whether a caller may do what a call needs: the policies that apply, brought to `policy`.
//!
//! What is decided here is only which policies apply. What they say is `policy`'s to tell.

use jiff::Timestamp;
use policy::{Applied, Context, Policies, Policy, Principal, Reason, Request, ResourceRule};

use super::authenticate::{Caller, Identity};
use super::context::{Circumstances, context};
use super::denial;
use super::need::{Need, Rule};
use super::verdict::{Decider, Verdict};
use crate::state::{Inline, State};

/// Decides one need of a call.
pub(crate) fn authorize(
    state: &State,
    caller: &Caller,
    need: Need,
    circumstances: &Circumstances<'_>,
) -> Verdict {
    let owner = account_of(&need.resource).unwrap_or(state.account_id());
    let identity = identity_policies(state, caller);
    let resource = match &need.rule {
        Rule::Identity => ResourceRule::None,
        Rule::Trust { role } => ResourceRule::Required(state.role(role).map(|held| Applied {
            name: TRUST_POLICY,
            policy: &held.trust,
        })),
        Rule::Key { id } => ResourceRule::Required(state.kms_key(id).map(|held| Applied {
            name: KEY_POLICY,
            policy: &held.policy,
        })),
        Rule::Secret { name } => {
            let policy = state.secret(name).and_then(|held| held.policy.as_deref());
            policy.map_or(ResourceRule::None, |policy| {
                ResourceRule::Sufficient(Applied {
                    name: RESOURCE_POLICY,
                    policy,
                })
            })
        }
    };
    let of_resource = match resource {
        ResourceRule::Required(applied) => applied,
        ResourceRule::Sufficient(applied) => Some(applied),
        ResourceRule::None => None,
    };
    // Most policies ask for no condition key, so mostly none is gathered.
    let is_asked = narrowing(caller).is_some()
        || identity
            .iter()
            .chain(&of_resource)
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
    let session = narrowing(caller).map(|narrowing| SessionPolicies::of(state, narrowing));
    let session = session.as_ref().map(SessionPolicies::applied);
    let policies = Policies {
        identity: &identity,
        resource,
        session: session.as_deref(),
        ..Policies::default()
    };
    let decision = policy::decide(&request, &policies);
    let allowed = decision.is_allowed();
    let reason = told(decision.reason(), &need);
    let statement = decider(decision.reason());
    let told_in_full = !allowed && denial::is_told(&need);
    let denial = told_in_full.then(|| {
        let context = super::context::context(state, caller, &need, owner, circumstances);
        denial::document(state, caller, &need, statement.as_ref(), &context)
    });
    Verdict {
        action: need.action,
        resource: need.resource,
        allowed,
        reason,
        statement,
        denial,
    }
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
}

/// A role that is not there is refused in the words for one that does not trust the caller.
fn told(reason: &Reason<'_>, need: &Need) -> String {
    let reason = match (reason, &need.rule) {
        (Reason::NoResourcePolicyAllows, Rule::Trust { .. }) => &Reason::NoTrustPolicyAllows,
        (reason, _) => reason,
    };
    reason.sentence(need.action)
}

/// What narrows a session: an inline policy and managed ones by their ARNs.
type Narrowing<'a> = (Option<&'a str>, &'a [String]);

/// A role's session is narrowed where it was asked for; a federated user's always is, so that
/// without policies it may do nothing.
fn narrowing(caller: &Caller) -> Option<Narrowing<'_>> {
    match &caller.identity {
        Identity::User { .. } | Identity::Outsider(_) => None,
        Identity::Session { session, .. } => {
            let narrowing = (session.policy.as_deref(), session.policy_arns.as_slice());
            session.is_narrowed().then_some(narrowing)
        }
        Identity::UserSession { session, .. } => {
            let federated = session.federated.as_ref()?;
            Some((federated.policy.as_deref(), &federated.policy_arns))
        }
    }
}

/// The policies that narrow a session.
struct SessionPolicies<'a> {
    inline: Option<Policy>,
    managed: Vec<Applied<'a>>,
}

impl<'a> SessionPolicies<'a> {
    /// A session policy that cannot be read or was deleted since is not skipped: it allowed
    /// something, now nothing of the session is allowed.
    fn of(state: &'a State, (inline, arns): Narrowing<'_>) -> Self {
        let inline = inline.map(|text| Policy::parse(text, policy::Kind::Identity));
        let managed = attached(state, arns);
        let whole = managed.len() == arns.len();
        let (inline, managed) = match inline.transpose() {
            Ok(inline) if whole => (inline, managed),
            _ => (None, Vec::new()),
        };
        Self { inline, managed }
    }

    fn applied(&self) -> Vec<Applied<'_>> {
        let inline = self.inline.iter().map(|policy| Applied {
            name: SESSION_POLICY,
            policy,
        });
        self.managed.iter().copied().chain(inline).collect()
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
        Identity::UserSession { user_arn, session } if session.federated.is_some() => {
            Principal::FederatedUser {
                account: &caller.account,
                user_arn,
                arn: &caller.arn,
                unique_id: Some(&session.user_id),
            }
        }
        Identity::UserSession { user_arn, session } => Principal::User {
            account: &caller.account,
            arn: user_arn,
            unique_id: Some(&session.user_id),
        },
        Identity::Outsider(identity) => Principal::Federated(&identity.provider),
    }
}

fn identity_policies<'a>(state: &'a State, caller: &Caller) -> Vec<Applied<'a>> {
    let user = match &caller.identity {
        Identity::User { name } => Some(name),
        Identity::UserSession { session, .. } => Some(&session.user),
        _ => None,
    };
    let (inline, arns) = match &caller.identity {
        Identity::User { .. } | Identity::UserSession { .. } => {
            match user.and_then(|name| state.user(name)) {
                Some(held) => (&held.inline, &held.user.attached),
                None => return Vec::new(),
            }
        }
        Identity::Outsider(_) => return Vec::new(),
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
const RESOURCE_POLICY: &str = "resource policy";
pub(super) const SESSION_POLICY: &str = "session policy";
const KEY_POLICY: &str = "key policy";

const ALLOW_ALL: &str =
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;

#[cfg(test)]
mod tests;
