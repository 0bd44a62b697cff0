//! The leaves of a formula: one test of a request each, with the statement that makes it. Knows no
//! other statement.

use crate::condition::{Condition, Sided};
use crate::context::Context;
use crate::document::Effect;
use crate::policy::ResourcePattern;
use crate::principal::{Principal, Principals};
use crate::reason::StatementRef;

/// A test of a request on which the decision depends, or its opposite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Atom<'a> {
    /// Whether the test must fail, as that of a statement that denies.
    pub negated: bool,
    /// What is tested.
    pub test: Test<'a>,
    /// The statement that tests it; of several that test the same, the first.
    pub statement: StatementRef<'a>,
}

/// What is tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Test<'a> {
    /// A condition.
    Condition(ConditionTest<'a>),
    /// A policy variable in a resource stands for what makes it the request's.
    Resource(ResourceTest<'a>),
    /// The caller is this session of the role.
    Session {
        /// The session's ARN.
        arn: &'a str,
    },
    /// The caller, of whom no more than the account is known, is one whom the statement is about.
    Caller(CallerTest<'a>),
}

/// A condition, in a statement that allows or denies: that matters where a key has several values,
/// or one that cannot be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConditionTest<'a> {
    pub(crate) condition: &'a Condition,
    pub(crate) effect: Effect,
}

/// Whether a resource with policy variables is that of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResourceTest<'a> {
    pub(crate) pattern: &'a ResourcePattern,
    pub(crate) resource: &'a str,
}

/// Whether a `Principal` or `NotPrincipal` element takes in the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallerTest<'a> {
    pub(crate) principals: &'a Principals,
}

impl<'a> ConditionTest<'a> {
    /// The operator, as written.
    pub fn operator(&self) -> &'a str {
        self.condition.names().0
    }

    /// The condition key, as written.
    pub fn key(&self) -> &'a str {
        self.condition.names().1
    }

    /// The values, as written, variables and all. Never empty.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &'a str> {
        let values: &'a [Box<str>] = self.condition.written_values();
        values.iter().map(|value| &**value)
    }

    /// Whether it stands in a statement that denies.
    pub fn denies(&self) -> bool {
        self.effect == Effect::Deny
    }
}

impl<'a> ResourceTest<'a> {
    /// The resource as the statement writes it.
    pub fn written(&self) -> &'a str {
        self.pattern.written()
    }

    /// The resource of the request.
    pub fn resource(&self) -> &'a str {
        self.resource
    }
}

impl<'a> CallerTest<'a> {
    /// Whether the element is a `NotPrincipal`.
    pub fn is_not_principal(&self) -> bool {
        self.principals.is_negated()
    }

    /// The principals that the element names, without their types, an account by its 12 digits.
    pub fn names(&self) -> impl Iterator<Item = &'a str> {
        self.principals.written()
    }
}

impl<'a> Atom<'a> {
    pub(super) fn holds(&self, context: &Context, principal: &Principal<'_>) -> bool {
        let found = match &self.test {
            Test::Condition(test) => test.condition.holds(context, test.effect),
            Test::Resource(test) => test.holds(context),
            Test::Session { arn } => {
                matches!(principal, Principal::Session { session_arn, .. } if session_arn == arn)
            }
            Test::Caller(test) => test.holds(principal),
        };
        found != self.negated
    }

    pub(super) fn not(self) -> Atom<'a> {
        Atom {
            negated: !self.negated,
            ..self
        }
    }

    /// How much work a comparison with it can be, in steps.
    pub(super) fn weight(&self) -> usize {
        match &self.test {
            Test::Condition(_) => self.sided().map_or(1, Sided::weight),
            _ => 1,
        }
    }

    /// Whether `other` holds of every request of which this does. What is not told may be so.
    pub(super) fn implies(&self, other: &Atom<'_>) -> bool {
        if let (Some(one), Some(two)) = (self.sided(), other.sided()) {
            return one.implies(two);
        }
        let same_side = self.negated == other.negated;
        match (&self.test, &other.test) {
            (Test::Resource(one), Test::Resource(two)) => same_side && one == two,
            (Test::Caller(one), Test::Caller(two)) => same_side && one == two,
            (Test::Session { arn: one }, Test::Session { arn: two }) => {
                same_side && one == two || !self.negated && other.negated && one != two
            }
            _ => false,
        }
    }

    pub(super) fn sided(&self) -> Option<Sided<'a>> {
        match self.test {
            Test::Condition(ConditionTest { condition, effect }) => Some(Sided {
                condition,
                effect,
                negated: self.negated,
            }),
            _ => None,
        }
    }
}
