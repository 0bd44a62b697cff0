//! Whether a caller may do what a call needs: the policies that apply, brought to `policy`.
//!
//! What is decided here is only which policies apply. What they say is `policy`'s to tell.

use jiff::Timestamp;
use policy::{
    Applied, Context, Decision, Policies, Policy, Principal, Reason, Request, ResourceRule,
};
use protocol::shape::Protocol;
use protocol::{Fault, arn};

use super::authenticate::{Caller, Identity};
use super::context::{Circumstances, context};
use super::control::Control;
use super::denial::{self, SESSION_POLICY};
use super::need::{Need, Rule};
use super::verdict::{Decider, Verdict};
use crate::home::Home;
use crate::kms;
use crate::state::{Account, HeldGrant, HeldRole, Inline, Partition, State};
use crate::transaction::Transaction;

/// Decides one need of a call.
pub(crate) fn authorize(
    state: &State,
    caller: &Caller,
    need: Need,
    circumstances: &Circumstances<'_>,
) -> Verdict {
    let home = need.home.as_ref().unwrap_or(state.home()).clone();
    let owner = account_of(&need.resource).unwrap_or(home.account());
    if let Some(verdict) = of_closed(state.partition(), caller, owner, &need) {
        return verdict;
    }
    let region = region_of(&need.resource).unwrap_or(home.region());
    let elsewhere = (owner != state.account_id() || region != state.region())
        .then(|| state.partition().state(&Home::new(owner, region)))
        .flatten();
    let at_owner = elsewhere.as_ref().unwrap_or(state);
    let control = Control::of(state.partition(), &caller.account, owner, need.action);
    let identity = identity_policies(state, caller);
    let limit = Boundary::of(state, caller);
    let boundary = limit.applied();
    let resource = resource_rule(at_owner, &need.rule);
    let of_resource = match resource {
        ResourceRule::Required(applied) => applied,
        ResourceRule::Sufficient(applied) => Some(applied),
        ResourceRule::None => None,
    };
    let known = || context(state, caller, &need, owner, circumstances);
    // Most policies ask for no condition key, so mostly none is gathered.
    let mut asking = identity
        .iter()
        .chain(&of_resource)
        .chain(&boundary)
        .chain(control.each());
    let is_asked =
        narrowing(caller).is_some() || asking.any(|applied| applied.policy.depends_on_context());
    let context = if is_asked { known() } else { Context::new() };
    let request = Request {
        principal: principal(caller),
        action: need.action,
        resource: &need.resource,
        resource_account: owner,
        context: &context,
    };
    let session = narrowing(caller);
    let session = session.map(|narrowing| SessionPolicies::of(state, caller, narrowing));
    let session = match &limit {
        // As a session whose policies allow nothing.
        Boundary::Lost => Some(Vec::new()),
        _ => session.as_ref().map(SessionPolicies::applied),
    };
    let policies = Policies {
        identity: &identity,
        resource,
        boundary,
        session: session.as_deref(),
        service_control: &control.service(),
        resource_control: &control.resource(),
    };
    let decision = decided(at_owner, caller, &need, (&request, &policies));
    let allowed = decision.is_allowed();
    let reason = told(decision.reason(), &need);
    let statement = decider(decision.reason());
    let told_in_full = !allowed && denial::is_told(&need);
    let denial =
        told_in_full.then(|| denial::document(state, caller, &need, statement.as_ref(), &known()));
    Verdict {
        action: need.action,
        resource: need.resource,
        allowed,
        reason,
        statement,
        denial,
    }
}

/// Decides all needs of a call; the first that is denied is its fault, unless it is of a part.
pub(crate) fn check(
    transaction: &mut Transaction,
    caller: &Caller,
    needs: Vec<Need>,
    circumstances: &Circumstances<'_>,
    (protocol, verdicts): (Protocol, &mut Vec<Verdict>),
) -> Result<(), Fault> {
    for mut need in needs {
        let (words, part) = (need.words, need.part.take());
        let state = transaction.state();
        let verdict = authorize(state, caller, need, circumstances);
        // Nothing is drawn after a denial, so that the copy repeats no bytes.
        let message = verdict.denial.as_ref().and_then(|denial| {
            let random = transaction.entropy.clone().bytes();
            denial::encoded(&state.settings().keyring, denial, &random)
        });
        let fault = verdict.fault(protocol, caller, message.as_deref());
        let fault = fault.map(|fault| match words {
            Some(words) => Fault::new(fault.code, words).status(fault.status),
            None => fault,
        });
        verdicts.push(verdict);
        match (fault, part) {
            (Some(fault), Some(part)) => transaction.refuse(part, fault),
            (Some(fault), None) => return Err(fault),
            (None, _) => {}
        }
    }
    Ok(())
}

/// What the policies say, or a grant where they allow nothing and deny nothing.
fn decided<'a>(
    at_owner: &'a State,
    caller: &Caller,
    need: &Need,
    (request, policies): (&Request<'a>, &Policies<'a>),
) -> Decision<'a> {
    let decision = policy::decide(request, policies);
    let denies = matches!(decision.reason(), Reason::ExplicitDeny { .. });
    if decision.is_allowed() || denies {
        return decision;
    }
    by_grant(at_owner, caller, need, (request, policies)).unwrap_or(decision)
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
        Rule::Bucket { name } => {
            let policy = state.bucket(name).and_then(|held| held.policy.as_deref());
            policy.map_or(ResourceRule::None, |policy| {
                ResourceRule::Sufficient(Applied {
                    name: BUCKET_POLICY,
                    policy,
                })
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
        Identity::User { .. } | Identity::Outsider(_) => None,
        Identity::UserSession { user_arn, .. } => Some(user_arn.as_str()),
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
        denial: None,
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
        from_vpc: None,
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
    arn::part(resource, 4)
        // What AWS manages is for every account to use.
        .filter(|account| !account.is_empty() && *account != "aws")
        // Who may call for an organization its own rules say; policies are asked in the caller's
        // account alone.
        .filter(|_| !resource.starts_with(ORGANIZATIONS))
}

/// The region in an ARN; what is global names none.
fn region_of(resource: &str) -> Option<&str> {
    arn::part(resource, 3).filter(|region| !region.is_empty() && *region != "*")
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
    fn of(state: &'a State, caller: &Caller, (inline, arns): Narrowing<'_>) -> Self {
        let inline = inline.map(|text| Policy::parse(text, policy::Kind::Identity));
        let account = state.account_by_id(&caller.account);
        let managed = account.map(|account| attached(account, arns));
        let managed = managed.unwrap_or_default();
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

/// The caller's own policies; a user has those of its groups too.
fn identity_policies<'a>(state: &'a State, caller: &Caller) -> Vec<Applied<'a>> {
    let Some(account) = state.account_by_id(&caller.account) else {
        return Vec::new();
    };
    match &caller.identity {
        Identity::User { name } => of_user(account, name),
        Identity::UserSession { session, .. } => of_user(account, &session.user),
        Identity::Outsider(_) => Vec::new(),
        Identity::Session { session, .. } => account
            .role(&session.role)
            .map(|held| owned(account, &held.inline, &held.role.attached))
            .unwrap_or_default(),
    }
}

fn of_user<'a>(account: &'a Account, name: &str) -> Vec<Applied<'a>> {
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
        let of_user = |name: &str| {
            let held = account.user(name);
            held.and_then(|held| held.user.boundary.as_deref())
        };
        let arn = match &caller.identity {
            Identity::User { name } => of_user(name),
            Identity::UserSession { session, .. } => of_user(&session.user),
            Identity::Outsider(_) => None,
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
const KEY_POLICY: &str = "key policy";
const BUCKET_POLICY: &str = "bucket policy";

const ORGANIZATIONS: &str = "arn:aws:organizations:";

const ALLOW_ALL: &str =
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;

#[cfg(test)]
mod tests;
