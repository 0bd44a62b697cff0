//! What the truth of one condition says of another on the same key. Knows no statement.
//!
//! Sound and not complete: what is told here is so in every request, and more may be so.

use std::slice;

use super::{Condition, Set, Test};
use crate::context::Context;
use crate::document::Effect;
use crate::pattern::Pattern;
use crate::template::Template;

/// A condition in a statement of an effect, or that it does not hold.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sided<'c> {
    pub(crate) condition: &'c Condition,
    pub(crate) effect: Effect,
    pub(crate) negated: bool,
}

/// One state of a key in which a condition may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Point {
    Absent,
    /// One value.
    One(String),
    /// One value that is true, or false, in whatever case.
    Truth(bool),
}

impl<'c> Sided<'c> {
    /// How much work a comparison with it can be.
    pub(crate) fn weight(self) -> usize {
        self.condition.written_values.len()
    }

    pub(crate) fn same_key(self, other: Sided<'_>) -> bool {
        self.condition.key == other.condition.key
    }

    /// Whether `other` holds wherever this does.
    pub(crate) fn implies(self, other: Sided<'_>) -> bool {
        self.same_key(other)
            && (self.is_narrower_than(other)
                || self.lies_in(other)
                || self.points_lie_in(other)
                || other.not().points_lie_in(self.not()))
    }

    /// Whether the two compare alike, and this one asks for no less: of its values, or of the
    /// effect, since what holds in an Allow holds in a Deny.
    fn is_narrower_than(self, other: Sided<'_>) -> bool {
        if self.negated != other.negated {
            return false;
        }
        let (narrow, wide) = if self.negated {
            (other, self)
        } else {
            (self, other)
        };
        let (one, two) = (narrow.condition, wide.condition);
        let values = if one.negated {
            two.test.is_among(&one.test)
        } else {
            one.test.is_among(&two.test)
        };
        values
            && one.set == two.set
            && one.negated == two.negated
            && (two.if_exists || !one.if_exists)
            && (narrow.effect == wide.effect || narrow.effect == Effect::Allow)
    }

    /// By the states of the key that each takes in.
    fn lies_in(self, other: Sided<'_>) -> bool {
        let (Some(one), Some(two)) = (self.region(), other.region()) else {
            return false;
        };
        if self.condition.test == other.condition.test {
            return one & !two == 0;
        }
        let all_single = other.condition.universe() & SINGLE;
        one & !two & !SINGLE == 0 && (one & SINGLE == 0 || two & SINGLE == all_single)
    }

    fn points_lie_in(self, other: Sided<'_>) -> bool {
        other.can_be_tried()
            && self.points().is_some_and(|points| {
                points
                    .iter()
                    .all(|point| other.holds_at(point) == Some(true))
            })
    }

    /// The states in which it holds, where they are few; no other lets it hold.
    pub(crate) fn points(self) -> Option<Vec<Point>> {
        let region = self.region()?;
        if region & SEVERAL != 0 {
            return None;
        }
        let mut points = Vec::new();
        if region & ABSENT != 0 {
            points.push(Point::Absent);
        }
        match (region & SINGLE, &self.condition.test) {
            (0, _) => {}
            (FITS, Test::Equals(values) | Test::Like(values)) if values.len() <= POINTS_MAX => {
                for value in values {
                    let Template::Plain(Pattern::Literal(text)) = value else {
                        return None;
                    };
                    points.push(Point::One(text.to_string()));
                }
            }
            (single @ (FITS | DIFFERS), Test::Bool(wanted)) => {
                let truths = [true, false].into_iter();
                let fitting = truths.filter(|it| wanted.contains(it) == (single == FITS));
                points.extend(fitting.map(Point::Truth));
            }
            _ => return None,
        }
        Some(points)
    }

    /// Whether it holds in a state; `None` where that depends on more.
    pub(crate) fn holds_at(self, point: &Point) -> Option<bool> {
        let text;
        let values = match point {
            Point::Absent => &[],
            Point::One(value) => slice::from_ref(value),
            Point::Truth(truth) => {
                if !matches!(self.condition.test, Test::Bool(_) | Test::Null(_)) {
                    return None;
                }
                text = truth.to_string();
                slice::from_ref(&text)
            }
        };
        if !values.is_empty() && !self.can_be_tried() {
            return None;
        }
        let unmet = self
            .condition
            .unmet_by(values, &Context::new(), self.effect);
        Some(unmet.is_none() != self.negated)
    }

    /// Whether its values are what they are in every request.
    fn can_be_tried(self) -> bool {
        self.condition.variables().next().is_none()
    }

    /// The states of the key in which it holds; `None` for a set operator.
    fn region(self) -> Option<u8> {
        let condition = self.condition;
        if condition.set != Set::None {
            return None;
        }
        let universe = condition.universe();
        let denies = self.effect == Effect::Deny;
        let bits = |choices: &[(bool, u8)]| {
            let chosen = choices.iter().filter(|(chosen, _)| *chosen);
            chosen.fold(0, |all, (_, bit)| all | bit)
        };
        let region = match &condition.test {
            Test::Null(wanted) => bits(&[
                (wanted.contains(&true), ABSENT),
                (wanted.contains(&false), SEVERAL | SINGLE),
            ]),
            _ => bits(&[
                (condition.negated || condition.if_exists, ABSENT),
                (denies, SEVERAL),
                (!condition.negated, FITS),
                (condition.negated, DIFFERS),
                (condition.negated && denies, STRANGE),
            ]),
        };
        let region = region & universe;
        Some(if self.negated {
            universe & !region
        } else {
            region
        })
    }

    pub(crate) fn not(self) -> Sided<'c> {
        Sided {
            negated: !self.negated,
            ..self
        }
    }
}

impl Test {
    /// Whether `other` has the same values, and perhaps more.
    fn is_among(&self, other: &Test) -> bool {
        match (self, other) {
            (Test::Equals(few), Test::Equals(many))
            | (Test::EqualsIgnoreCase(few), Test::EqualsIgnoreCase(many))
            | (Test::Like(few), Test::Like(many)) => few.iter().all(|value| many.contains(value)),
            (Test::Arn(few), Test::Arn(many)) => few.iter().all(|value| many.contains(value)),
            _ => self == other,
        }
    }
}

impl Condition {
    /// The states that its key can have.
    fn universe(&self) -> u8 {
        match self.test {
            Test::Equals(_) | Test::EqualsIgnoreCase(_) | Test::Like(_) => !STRANGE & EVERY,
            _ => EVERY,
        }
    }
}

// The states of a key, seen by one test: none, several values, or one that the test finds like one
// of its own, or not, or cannot compare.
const ABSENT: u8 = 1;
const SEVERAL: u8 = 2;
const FITS: u8 = 4;
const DIFFERS: u8 = 8;
const STRANGE: u8 = 16;
const SINGLE: u8 = FITS | DIFFERS | STRANGE;
const EVERY: u8 = ABSENT | SEVERAL | SINGLE;
// Values that are tried one by one; longer lists are compared as a whole only.
const POINTS_MAX: usize = 64;

#[cfg(test)]
mod tests;
