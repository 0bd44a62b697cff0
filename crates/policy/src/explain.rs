//! A decision with all that led to it: what each statement about the action says of the request,
//! and what keeps the others from applying. Takes memory, so it is not part of deciding.

use std::fmt;

use crate::asked::{Asked, Room};
use crate::condition::Unmet;
use crate::decide::{Applied, Policies, Request, decide, reference};
use crate::document::Effect;
use crate::policy::{Mismatch, Statement};
use crate::reason::{Decision, PolicyType, StatementRef};

/// Why a request is allowed or denied, in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation<'a> {
    /// What [`decide`] says.
    pub decision: Decision<'a>,
    /// Every policy that has a say, in the order in which reasons name them.
    pub policies: Vec<Considered<'a>>,
}

/// One policy, as far as it is about the action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Considered<'a> {
    /// What it is to the request.
    pub policy_type: PolicyType,
    /// Its name, as the caller gave it.
    pub name: &'a str,
    /// Its statements about the action, those that deny first. Empty when it is about others alone.
    pub statements: Vec<Weighed<'a>>,
}

/// A statement about the action, and what comes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weighed<'a> {
    /// Which.
    pub statement: StatementRef<'a>,
    /// The type of its policy.
    pub policy_type: PolicyType,
    /// Whether it is one that allows; it denies otherwise.
    pub allows: bool,
    /// Whether it applies.
    pub outcome: Outcome<'a>,
}

/// Whether a statement about the action applies to the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// It does.
    Applies,
    /// Its conditions, never none, do not hold.
    Unmet(Vec<UnmetCondition<'a>>),
    /// It is about other resources.
    OtherResource,
    /// It is about other callers.
    OtherPrincipal,
}

/// A condition that does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnmetCondition<'a> {
    /// The operator, as written.
    pub operator: &'a str,
    /// The condition key, as written.
    pub key: &'a str,
    /// What the matter is.
    pub why: Unmet,
}

/// Decides `request` and says what led to it.
pub fn explain<'a>(request: &Request<'a>, policies: &Policies<'a>) -> Explanation<'a> {
    let mut room = Room::EMPTY;
    let asked = Asked::new(request.action, &mut room);
    let weigh = |(policy_type, applied): (PolicyType, Applied<'a>)| {
        let mut statements = Vec::new();
        for effect in [Effect::Deny, Effect::Allow] {
            let about = applied.policy.about(&asked, effect);
            statements.extend(about.filter_map(|(index, statement)| {
                let outcome = outcome(request, policies, &asked, statement)?;
                Some(Weighed {
                    statement: reference(applied, index, statement),
                    policy_type,
                    allows: effect == Effect::Allow,
                    outcome,
                })
            }));
        }
        Considered {
            policy_type,
            name: applied.name,
            statements,
        }
    };
    Explanation {
        decision: decide(request, policies),
        policies: policies.each(&request.principal).map(weigh).collect(),
    }
}

/// `None` for a statement about other actions.
fn outcome<'a>(
    request: &Request<'_>,
    policies: &Policies<'_>,
    asked: &Asked<'_>,
    statement: &'a Statement,
) -> Option<Outcome<'a>> {
    let Request {
        resource, context, ..
    } = request;
    let caller = policies.caller(&request.principal);
    Some(match statement.mismatch(caller, asked, resource, context) {
        Some(Mismatch::Action) => return None,
        Some(Mismatch::Resource) => Outcome::OtherResource,
        Some(Mismatch::Principal) => Outcome::OtherPrincipal,
        None => match unmet(request, statement) {
            unmet if unmet.is_empty() => Outcome::Applies,
            unmet => Outcome::Unmet(unmet),
        },
    })
}

fn unmet<'a>(request: &Request<'_>, statement: &'a Statement) -> Vec<UnmetCondition<'a>> {
    let conditions = statement.conditions().iter();
    conditions
        .filter_map(|condition| {
            let why = condition.unmet(request.context, statement.effect)?;
            let (operator, key) = condition.names();
            Some(UnmetCondition { operator, key, why })
        })
        .collect()
}

impl<'a> Explanation<'a> {
    /// Every statement that applies, of either effect.
    pub fn applying(&self) -> impl Iterator<Item = &Weighed<'a>> {
        self.statements()
            .filter(|it| it.outcome == Outcome::Applies)
    }

    /// The statements of which the action, the resource and the caller are those of the request,
    /// and which would have allowed but for their conditions. None when the request is allowed:
    /// nothing is missing.
    pub fn near_misses(&self) -> impl Iterator<Item = &Weighed<'a>> {
        let denied = !self.decision.is_allowed();
        let near = |it: &&Weighed<'a>| it.allows && matches!(it.outcome, Outcome::Unmet(_));
        self.statements().filter(near).filter(move |_| denied)
    }

    fn statements(&self) -> impl Iterator<Item = &Weighed<'a>> {
        self.policies.iter().flat_map(|it| &it.statements)
    }
}

/// As a sentence about the statement.
impl fmt::Display for Weighed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Weighed { statement, .. } = self;
        let verb = if self.allows { "allowed" } else { "denied" };
        match &self.outcome {
            Outcome::Applies => write!(f, "{verb} by {statement}"),
            outcome => write!(f, "would be {verb} by {statement}, but {outcome}"),
        }
    }
}

/// What keeps the statement from applying, as the end of a sentence.
impl fmt::Display for Outcome<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Applies => write!(f, "it applies"),
            Outcome::OtherResource => write!(f, "it is about other resources"),
            Outcome::OtherPrincipal => write!(f, "it is about other principals"),
            Outcome::Unmet(conditions) => {
                for (index, condition) in conditions.iter().enumerate() {
                    let separator = if index == 0 { "" } else { ", and " };
                    write!(f, "{separator}{condition}")?;
                }
                Ok(())
            }
        }
    }
}

impl fmt::Display for UnmetCondition<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let UnmetCondition { operator, key, why } = self;
        match why {
            Unmet::Absent => write!(f, "`{key}` was absent (`{operator}`)"),
            Unmet::Present => write!(f, "`{key}` was present (`{operator}`)"),
            Unmet::SeveralValues => write!(
                f,
                "`{key}` had several values (`{operator}` without `ForAllValues:` or \
                 `ForAnyValue:`)"
            ),
            Unmet::Differs => write!(f, "`{key}` did not fit (`{operator}`)"),
        }
    }
}
