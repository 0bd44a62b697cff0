//! One simulated request: what all policies say of it together, and which statements decide.

use policy::{
    Applied, Explanation, Outcome, Policies, PolicyType, Principal, Reason, Request, ResourceRule,
    Weighed, explain, statement_spans,
};
use protocol::{Record, Value};

use super::distinct;
use super::entries::Entries;
use super::sources::{Source, Sources};

/// Who is said to call.
#[derive(Debug)]
pub(super) struct Who {
    pub(super) account: String,
    pub(super) arn: String,
    pub(super) unique_id: Option<String>,
}

impl Who {
    /// Somebody of the account whom no policy names.
    pub(super) fn nobody(account: &str) -> Self {
        Self {
            account: account.to_owned(),
            arn: format!("arn:aws:iam::{account}:user/{NOBODY}"),
            unique_id: None,
        }
    }
}

/// What every request of a call has in common.
#[derive(Debug)]
pub(super) struct Simulation {
    pub(super) who: Who,
    /// Whose resources are whose ARN names no account.
    pub(super) owner: Option<String>,
    pub(super) sources: Sources,
    /// The resource's policy, for the actions that it is read for.
    pub(super) resource: Option<Source>,
    pub(super) trust: Option<Source>,
    pub(super) entries: Entries,
}

/// Actions whose resource is a role, and its policy a trust policy.
pub(super) fn is_trust_action(action: &str) -> bool {
    let action = action.to_ascii_lowercase();
    action.starts_with("sts:assumerole")
}

/// KMS asks the key's policy for everything.
fn is_required(action: &str) -> bool {
    is_trust_action(action) || action.to_ascii_lowercase().starts_with("kms:")
}

impl Simulation {
    /// The result for an action on a resource.
    pub(super) fn result(&self, action: &str, resource: &str) -> Record {
        let of_resource = self.of_resource(action);
        let request = Request {
            principal: Principal::User {
                account: &self.who.account,
                arn: &self.who.arn,
                unique_id: self.who.unique_id.as_deref(),
            },
            action,
            resource,
            resource_account: self.account_of(resource, of_resource.is_some()),
            context: &self.entries.context,
        };
        let names: Vec<String> = (0..self.all(action).count())
            .map(|at| at.to_string())
            .collect();
        let mut applied = self.all(action).zip(&names).map(|(source, name)| Applied {
            name,
            policy: &source.policy,
        });
        let identity: Vec<Applied<'_>> =
            applied.by_ref().take(self.sources.identity.len()).collect();
        let boundary = self.sources.boundary.as_ref().and_then(|_| applied.next());
        let rule = match of_resource.and_then(|_| applied.next()) {
            None => ResourceRule::None,
            Some(policy) if is_required(action) => ResourceRule::Required(Some(policy)),
            Some(policy) => ResourceRule::Sufficient(policy),
        };
        let levels: Vec<Vec<Applied<'_>>> = self
            .sources
            .organization
            .iter()
            .map(|level| applied.by_ref().take(level.len()).collect())
            .collect();
        let levels: Vec<&[Applied<'_>]> = levels.iter().map(Vec::as_slice).collect();
        let policies = Policies {
            identity: &identity,
            resource: rule,
            boundary,
            service_control: &levels,
            ..Policies::default()
        };
        let explanation = explain(&request, &policies);
        let is_across = request.resource_account != self.who.account;
        self.shown(&request, &explanation, is_across)
    }

    /// Every policy of a request, in the order in which they are named.
    fn all(&self, action: &str) -> impl Iterator<Item = &Source> {
        let own = self.sources.identity.iter().chain(&self.sources.boundary);
        own.chain(self.of_resource(action))
            .chain(self.sources.organization.iter().flatten())
    }

    fn of_resource(&self, action: &str) -> Option<&Source> {
        if is_trust_action(action) {
            self.trust.as_ref()
        } else {
            self.resource.as_ref()
        }
    }

    /// Without a policy of the resource's, whose it is is not asked.
    fn account_of<'a>(&'a self, resource: &'a str, has_policy: bool) -> &'a str {
        let named = resource.split(':').nth(4).filter(|it| !it.is_empty());
        let named = named.or(self.owner.as_deref()).filter(|_| has_policy);
        named.unwrap_or(&self.who.account)
    }

    fn shown(
        &self,
        request: &Request<'_>,
        explanation: &Explanation<'_>,
        is_across: bool,
    ) -> Record {
        let decision = decision(explanation);
        let matched = explanation.applying().filter(|weighed| {
            let decides = match decision {
                DENIED => !weighed.allows,
                // A boundary grants nothing.
                ALLOWED => weighed.allows && weighed.policy_type != PolicyType::Boundary,
                _ => false,
            };
            decides && source_type(weighed.policy_type).is_some()
        });
        let matched = matched.filter_map(|weighed| self.statement(request.action, weighed));
        let organization = (!self.sources.organization.is_empty()).then(|| {
            let allowed = self.organization_allows(explanation);
            Record::new().with("AllowedByOrganizations", allowed)
        });
        let boundary = self.sources.boundary.as_ref().map(|_| {
            let allowed = of_type(explanation, PolicyType::Boundary) == ALLOWED;
            Record::new().with("AllowedByPermissionsBoundary", allowed)
        });
        Record::new()
            .with("EvalActionName", request.action)
            .with("EvalResourceName", request.resource)
            .with("EvalDecision", decision)
            .with("MatchedStatements", matched.collect::<Value>())
            .with("MissingContextValues", self.missing(request.action))
            .with_some("OrganizationsDecisionDetail", organization)
            .with_some("PermissionsBoundaryDecisionDetail", boundary)
            .with_some(
                "EvalDecisionDetails",
                is_across.then(|| details(explanation)),
            )
    }

    /// A statement that decides, and where in its policy it stands.
    fn statement(&self, action: &str, weighed: &Weighed<'_>) -> Option<Record> {
        let at: usize = weighed.statement.policy.parse().ok()?;
        let source = self.all(action).nth(at)?;
        let spans = statement_spans(&source.text).ok()?;
        let span = spans.get(weighed.statement.index)?;
        let position = |(line, column): (u32, u32)| {
            let position = Record::new().with("Line", i64::from(line));
            position.with("Column", i64::from(column))
        };
        Some(
            Record::new()
                .with("SourcePolicyId", source.id.as_str())
                .with("SourcePolicyType", source_type(weighed.policy_type)?)
                .with("StartPosition", position(span.start))
                .with("EndPosition", position(span.end)),
        )
    }

    /// The keys that policies ask for of this action, and nobody told.
    fn missing(&self, action: &str) -> Value {
        let keys = self
            .all(action)
            .flat_map(|source| source.policy.context_keys(Some(action)));
        distinct(keys.filter(|key| !self.entries.has(key)))
    }

    /// Whether on every level one service control policy allows and none denies.
    fn organization_allows(&self, explanation: &Explanation<'_>) -> bool {
        let policies = explanation.policies.iter();
        let mut considered = policies.filter(|it| it.policy_type == PolicyType::ServiceControl);
        self.sources.organization.iter().all(|level| {
            let applying: Vec<bool> = considered
                .by_ref()
                .take(level.len())
                .flat_map(|it| &it.statements)
                .filter(|it| it.outcome == Outcome::Applies)
                .map(|it| it.allows)
                .collect();
            applying.contains(&true) && !applying.contains(&false)
        })
    }
}

fn decision(explanation: &Explanation<'_>) -> &'static str {
    match explanation.decision.reason() {
        Reason::Allowed { .. } => ALLOWED,
        Reason::ExplicitDeny { .. } => DENIED,
        _ => UNDECIDED,
    }
}

/// What the policies of a type say by themselves.
fn of_type(explanation: &Explanation<'_>, policy_type: PolicyType) -> &'static str {
    let applying = || {
        explanation
            .applying()
            .filter(|it| it.policy_type == policy_type)
    };
    if applying().any(|it| !it.allows) {
        DENIED
    } else if applying().any(|it| it.allows) {
        ALLOWED
    } else {
        UNDECIDED
    }
}

/// Across accounts, what each side says.
fn details(explanation: &Explanation<'_>) -> Value {
    let resource = match of_type(explanation, PolicyType::Trust) {
        UNDECIDED => of_type(explanation, PolicyType::Resource),
        decided => decided,
    };
    let identity = of_type(explanation, PolicyType::Identity);
    Value::Map(vec![
        ("IAM Policy".to_owned(), Value::from(identity)),
        ("Resource Policy".to_owned(), Value::from(resource)),
    ])
}

/// What results call a policy; an organization's are told of apart.
fn source_type(policy_type: PolicyType) -> Option<&'static str> {
    match policy_type {
        PolicyType::Identity => Some("IAM Policy"),
        PolicyType::Resource | PolicyType::Trust => Some("Resource Policy"),
        PolicyType::Boundary => Some("IAM Permissions Boundary Policy"),
        _ => None,
    }
}

const ALLOWED: &str = "allowed";
const DENIED: &str = "explicitDeny";
const UNDECIDED: &str = "implicitDeny";
// A name that no user can have.
const NOBODY: &str = "*";
