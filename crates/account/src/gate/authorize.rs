//! Whether a caller may do what a call needs: the policies that apply, brought to `policy`.
//!
//! What is decided here is only which policies apply. What they say is `policy`'s to tell.

use jiff::Timestamp;
use policy::{
    Applied, Context, Decision, Policies, Policy, Principal, Reason, Request, ResourceRule,
};

use super::authenticate::{Caller, Identity};
use super::context::{Circumstances, context};
use super::need::{Need, Rule};
use super::verdict::{Decider, Verdict};
use crate::home::Home;
use crate::kms;
use crate::session::Session;
use crate::state::{Account, HeldGrant, HeldRole, Inline, State};

/// Decides one need of a call.
pub(crate) fn authorize(
    state: &State,
    caller: &Caller,
    need: Need,
    circumstances: &Circumstances<'_>,
) -> Verdict {
    let owner = account_of(&need.resource).unwrap_or(state.account_id());
    let region = region_of(&need.resource).unwrap_or(state.region());
    let elsewhere = (owner != state.account_id() || region != state.region())
        .then(|| state.partition().state(&Home::new(owner, region)))
        .flatten();
    let at_owner = elsewhere.as_ref().unwrap_or(state);
    let identity = identity_policies(state, caller);
    let limit = Boundary::of(state, caller);
    let boundary = limit.applied();
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
            .chain(&boundary)
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
    let session = match &limit {
        // As a session whose policies allow nothing.
        Boundary::Lost => Some(Vec::new()),
        _ => session.as_ref().and_then(SessionPolicies::applied),
    };
    let policies = Policies {
        identity: &identity,
        resource,
        boundary,
        session: session.as_deref(),
        ..Policies::default()
    };
    let decision = policy::decide(&request, &policies);
    let denies = matches!(decision.reason(), Reason::ExplicitDeny { .. });
    let decision = if decision.is_allowed() || denies {
        decision
    } else {
        let granted = by_grant(at_owner, caller, &need, (&request, &policies));
        granted.unwrap_or(decision)
    };
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

/// What the resource's own policy has to say.
fn resource_rule<'a>(state: &'a State, rule: &Rule) -> ResourceRule<'a> {
    match rule {
        Rule::Identity => ResourceRule::None,
        Rule::Trust { role } => ResourceRule::Required(state.role(role).map(|held| Applied {
            name: TRUST_POLICY,
            policy: &held.trust,
        })),
        Rule::Key { id } => ResourceRule::Required(state.kms_key(id).map(|held| Applied {
            name: KEY_POLICY,
            policy: &held.policy,
        })),
        Rule::Grant { key, id } => {
            let held = state.kms_grants(key).and_then(|grants| grants.get(id));
            held.map_or(ResourceRule::None, |held| {
                ResourceRule::Sufficient(of_grant(held))
            })
        }
        Rule::Secret { name } => {
            let policy = state.secret(name).and_then(|held| held.policy.as_deref());
            policy.map_or(ResourceRule::None, |policy| {
                ResourceRule::Sufficient(Applied {
                    name: RESOURCE_POLICY,
                    policy,
                })
            })
        }
    }
}

/// What a grant of a KMS key allows that its policy does not: the grant takes its place.
fn by_grant<'a>(
    state: &'a State,
    caller: &Caller,
    need: &Need,
    (request, policies): (&Request<'a>, &Policies<'a>),
) -> Option<Decision<'a>> {
    let Rule::Key { id } = &need.rule else {
        return None;
    };
    let role = match &caller.identity {
        Identity::User { .. } => None,
        Identity::Session { role_arn, .. } => Some(role_arn.as_str()),
    };
    let account = format!("arn:aws:iam::{}:root", caller.account);
    let names = [Some(caller.arn.as_str()), role, Some(account.as_str())];
    let grants = names
        .into_iter()
        .flatten()
        .flat_map(|name| state.kms_grants_to(id, name));
    let covering = grants.filter(|held| kms::covers(&held.grant, need));
    let decided = covering.map(|held| {
        let resource = ResourceRule::Required(Some(of_grant(held)));
        let policies = Policies {
            resource,
            ..*policies
        };
        policy::decide(request, &policies)
    });
    decided.into_iter().find(Decision::is_allowed)
}

fn of_grant(held: &HeldGrant) -> Applied<'_> {
    Applied {
        name: &held.name,
        policy: &held.policy,
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

/// Whether a role's trust policy lets a service of AWS hand it out.
pub(crate) fn trusts(state: &State, held: &HeldRole, service: &str) -> bool {
    let arn = state.iam_arn("role", &held.role.path, &held.role.name);
    let request = Request {
        principal: Principal::Service(service),
        action: "sts:AssumeRole",
        resource: arn.as_str(),
        resource_account: state.account_id(),
        context: &Context::new(),
    };
    let trust = Applied {
        name: TRUST_POLICY,
        policy: &held.trust,
    };
    let policies = Policies {
        resource: ResourceRule::Required(Some(trust)),
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

/// The region in an ARN; what is global names none.
fn region_of(resource: &str) -> Option<&str> {
    let region = resource.split(':').nth(3);
    region.filter(|region| !region.is_empty() && *region != "*")
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

/// The caller's own policies; a user has those of its groups too.
fn identity_policies<'a>(state: &'a State, caller: &Caller) -> Vec<Applied<'a>> {
    let Some(account) = state.account_by_id(&caller.account) else {
        return Vec::new();
    };
    match &caller.identity {
        Identity::User { name } => {
            let Some(held) = account.user(name) else {
                return Vec::new();
            };
            let mut applied = owned(account, &held.inline, &held.user.attached);
            let groups = held.user.groups.iter();
            for group in groups.filter_map(|name| account.iam_group(name)) {
                applied.extend(owned(account, &group.inline, &group.group.attached));
            }
            applied
        }
        Identity::Session { session, .. } => account
            .role(&session.role)
            .map(|held| owned(account, &held.inline, &held.role.attached))
            .unwrap_or_default(),
    }
}

fn owned<'a>(account: &'a Account, inline: &'a [Inline], arns: &[String]) -> Vec<Applied<'a>> {
    let mut applied = attached(account, arns);
    let named = |inline: &'a Inline| Applied {
        name: &inline.name,
        policy: &inline.policy,
    };
    applied.extend(inline.iter().map(named));
    applied
}

/// What limits a caller beside its session policies.
enum Boundary<'a> {
    None,
    Held(Applied<'a>),
    /// One that is not there: nothing is within it.
    Lost,
}

impl<'a> Boundary<'a> {
    fn of(state: &'a State, caller: &Caller) -> Self {
        let Some(account) = state.account_by_id(&caller.account) else {
            return Self::Lost;
        };
        let arn = match &caller.identity {
            Identity::User { name } => account
                .user(name)
                .and_then(|held| held.user.boundary.as_deref()),
            Identity::Session { session, .. } => account
                .role(&session.role)
                .and_then(|held| held.role.boundary.as_deref()),
        };
        match arn.map(|arn| account.policy(arn)) {
            None => Self::None,
            Some(None) => Self::Lost,
            Some(Some(held)) => Self::Held(Applied {
                name: &held.policy.arn,
                policy: &held.compiled,
            }),
        }
    }

    fn applied(&self) -> Option<Applied<'a>> {
        match self {
            Self::Held(applied) => Some(*applied),
            _ => None,
        }
    }
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

const ALLOW_ALL: &str =
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;

#[cfg(test)]
mod tests;
