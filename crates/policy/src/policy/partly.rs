//! A statement of a request of which only a part is known: what has to be so for it to apply.

use super::{Listed, ResourcePattern, Statement};
use crate::asked::Asked;
use crate::context::Context;
use crate::known::Known;
use crate::principal::{Naming, Who};
use crate::reason::StatementRef;
use crate::symbolic::{Atom, ConditionTest, Formula, ResourceTest, Test};

/// What statements are asked about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Matter<'e, 'a> {
    pub(crate) who: Who<'a>,
    pub(crate) has_boundary: bool,
    pub(crate) asked: &'e Asked<'e>,
    pub(crate) resource: &'a str,
    pub(crate) known: &'e Known,
}

impl Statement {
    /// What has to be so for the statement to apply, by how close it comes to the caller. An
    /// identity policy's statement names whoever has it.
    pub(crate) fn partly<'a>(
        &'a self,
        matter: &Matter<'_, 'a>,
        statement: StatementRef<'a>,
    ) -> Naming<'a> {
        let asked = matter.asked;
        if !self.actions.include(|pattern| pattern.matches(asked)) {
            return Naming::none();
        }
        let naming = match &self.principals {
            Some(principals) => principals.partly(matter.who, matter.has_boundary, statement),
            None => Naming::itself(Formula::yes()),
        };
        if naming.is_none() {
            return naming;
        }
        let mut needed = Vec::new();
        for condition in &self.conditions {
            match condition.partly(matter.known, self.effect) {
                Some(true) => {}
                Some(false) => return Naming::none(),
                None => needed.push(Formula::Atom(Atom {
                    negated: false,
                    test: Test::Condition(ConditionTest {
                        condition,
                        effect: self.effect,
                    }),
                    statement,
                })),
            }
        }
        if let Some(listed) = &self.resources {
            needed.push(listed.partly(matter, statement));
        }
        naming.and(&Formula::all(needed))
    }
}

impl Listed<ResourcePattern> {
    fn partly<'a>(&'a self, matter: &Matter<'_, 'a>, statement: StatementRef<'a>) -> Formula<'a> {
        let resource = matter.resource;
        let mut fitting = Vec::new();
        for pattern in &self.patterns {
            match pattern.partly(resource, matter.known) {
                Some(true) => return Formula::constant(!self.negated),
                Some(false) => {}
                None => fitting.push(Formula::Atom(Atom {
                    negated: false,
                    test: Test::Resource(ResourceTest { pattern, resource }),
                    statement,
                })),
            }
        }
        let included = Formula::any(fitting);
        if self.negated {
            included.not()
        } else {
            included
        }
    }
}

impl ResourcePattern {
    fn partly(&self, resource: &str, known: &Known) -> Option<bool> {
        match self {
            ResourcePattern::Varied { pattern, .. } => match pattern.strip(resource) {
                Some(left) => pattern.rest.partly(left, known),
                None => Some(false),
            },
            pattern => Some(pattern.matches(resource, known.context())),
        }
    }

    /// As written, of one with variables.
    pub(crate) fn written(&self) -> &str {
        match self {
            ResourcePattern::Varied { written, .. } => written,
            ResourcePattern::Any | ResourcePattern::Arn(_) => "*",
        }
    }
}

impl ResourceTest<'_> {
    pub(crate) fn holds(&self, context: &Context) -> bool {
        self.pattern.matches(self.resource, context)
    }
}
