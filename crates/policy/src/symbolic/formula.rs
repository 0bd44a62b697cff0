//! What has to be so, as a tree of `and` and `or` with negation at its leaves only. Knows no
//! policy.

use crate::context::Context;
use crate::principal::Principal;

use super::atom::Atom;

/// What has to be so of a request for it to be allowed.
///
/// A tree as deep as the rules are, and never longer than the policies that it comes from: it is
/// not multiplied out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Formula<'a> {
    /// Each of them; none is no condition at all.
    All(Vec<Formula<'a>>),
    /// One of them at least; of none, nothing is.
    Any(Vec<Formula<'a>>),
    /// One test, or its opposite.
    Atom(Atom<'a>),
}

impl<'a> Formula<'a> {
    /// Whether it holds of a request. Where the formula comes from [`decide_partly`] and the
    /// request agrees with what was known, this is what [`decide`] says.
    ///
    /// [`decide`]: crate::decide()
    /// [`decide_partly`]: crate::decide_partly()
    pub fn holds(&self, context: &Context, principal: &Principal<'_>) -> bool {
        match self {
            Formula::All(list) => list.iter().all(|it| it.holds(context, principal)),
            Formula::Any(list) => list.iter().any(|it| it.holds(context, principal)),
            Formula::Atom(atom) => atom.holds(context, principal),
        }
    }

    /// Its leaves, from left to right.
    pub fn atoms(&self) -> impl Iterator<Item = &Atom<'a>> {
        let mut pending = vec![self];
        std::iter::from_fn(move || {
            loop {
                match pending.pop()? {
                    Formula::All(list) | Formula::Any(list) => pending.extend(list.iter().rev()),
                    Formula::Atom(atom) => return Some(atom),
                }
            }
        })
    }

    pub(crate) fn yes() -> Formula<'a> {
        Formula::All(Vec::new())
    }

    pub(crate) fn no() -> Formula<'a> {
        Formula::Any(Vec::new())
    }

    pub(crate) fn constant(truth: bool) -> Formula<'a> {
        if truth { Formula::yes() } else { Formula::no() }
    }

    pub(crate) fn is_yes(&self) -> bool {
        matches!(self, Formula::All(list) if list.is_empty())
    }

    pub(crate) fn is_no(&self) -> bool {
        matches!(self, Formula::Any(list) if list.is_empty())
    }

    /// All of `list`, with constants folded and lists in lists made one.
    pub(crate) fn all(list: Vec<Formula<'a>>) -> Formula<'a> {
        let mut kept = Vec::with_capacity(list.len());
        for formula in list {
            match formula {
                Formula::All(inner) => kept.extend(inner),
                no if no.is_no() => return no,
                other => kept.push(other),
            }
        }
        Formula::alone(kept, Formula::All)
    }

    /// One of `list`, likewise.
    pub(crate) fn any(list: Vec<Formula<'a>>) -> Formula<'a> {
        let mut kept = Vec::with_capacity(list.len());
        for formula in list {
            match formula {
                Formula::Any(inner) => kept.extend(inner),
                yes if yes.is_yes() => return yes,
                other => kept.push(other),
            }
        }
        Formula::alone(kept, Formula::Any)
    }

    fn alone(mut list: Vec<Formula<'a>>, of: fn(Vec<Formula<'a>>) -> Formula<'a>) -> Formula<'a> {
        match list.pop() {
            Some(only) if list.is_empty() => only,
            popped => {
                list.extend(popped);
                of(list)
            }
        }
    }

    /// The opposite.
    pub(crate) fn not(self) -> Formula<'a> {
        let each = |list: Vec<_>| list.into_iter().map(Formula::not).collect();
        match self {
            Formula::All(list) => Formula::Any(each(list)),
            Formula::Any(list) => Formula::All(each(list)),
            Formula::Atom(atom) => Formula::Atom(atom.not()),
        }
    }
}
