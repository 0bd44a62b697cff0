//! A decision with all that led to it: what each policy type says, and which statements would have
//! allowed but for their conditions. Takes memory, so it is not part of deciding.

use std::fmt;

use crate::asked::{Asked, Room};
use crate::condition::Unmet;
use crate::decide::{Policies, Request, decide, reference};
use crate::document::Effect;
use crate::policy::Statement;
use crate::principal::Named;
use crate::reason::{Decision, PolicyType, StatementRef};

/// Why a request is allowed or denied, in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation<'a> {
    /// What [`decide`] says.
    pub decision: Decision<'a>,
    /// Every statement that applies to the request, of either effect, in the order of the policies.
    pub applying: Vec<Applying<'a>>,
    /// Statements that would have allowed. Empty when the request is allowed: nothing is missing.
    pub near_misses: Vec<NearMiss<'a>>,
}

/// A statement that applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applying<'a> {
    /// Which.
    pub statement: StatementRef<'a>,
    /// The type of its policy.
    pub policy_type: PolicyType,
    /// Whether it allows; it denies otherwise.
    pub allows: bool,
}

/// A statement with `Allow` of which the action, the resource and the principal are those of the
/// request, and some condition does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearMiss<'a> {
    /// Which.
    pub statement: StatementRef<'a>,
    /// The type of its policy.
    pub policy_type: PolicyType,
    /// What does not hold of it. Never empty.
    pub unmet: Vec<UnmetCondition<'a>>,
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
    let decision = decide(request, policies);
    let mut room = Room::EMPTY;
    let asked = Asked::new(request.action, &mut room);
    let mut applying = Vec::new();
    let mut near_misses = Vec::new();
    for (policy_type, applied) in policies.each(&request.principal) {
        for effect in [Effect::Deny, Effect::Allow] {
            for (index, statement) in applied.policy.about(&asked, effect) {
                let Request {
                    resource, context, ..
                } = request;
                let caller = policies.caller(&request.principal);
                let named = statement.concerns(caller, &asked, resource, context);
                if named == Named::Not {
                    continue;
                }
                let unmet = unmet(request, statement);
                let statement = reference(applied, index, statement);
                let allows = effect == Effect::Allow;
                if unmet.is_empty() {
                    applying.push(Applying {
                        statement,
                        policy_type,
                        allows,
                    });
                } else if allows && !decision.is_allowed() {
                    near_misses.push(NearMiss {
                        statement,
                        policy_type,
                        unmet,
                    });
                }
            }
        }
    }
    Explanation {
        decision,
        applying,
        near_misses,
    }
}

fn unmet<'a>(request: &Request<'a>, statement: &'a Statement) -> Vec<UnmetCondition<'a>> {
    let conditions = statement.conditions().iter();
    conditions
        .filter_map(|condition| {
            let why = condition.unmet(request.context, statement.effect)?;
            let (operator, key) = condition.names();
            Some(UnmetCondition { operator, key, why })
        })
        .collect()
}

impl fmt::Display for NearMiss<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "would be allowed by {}, but ", self.statement)?;
        for (index, condition) in self.unmet.iter().enumerate() {
            let separator = if index == 0 { "" } else { ", and " };
            write!(f, "{separator}{condition}")?;
        }
        Ok(())
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
