//! Makes formulas short: what is implied goes, what is impossible is no way. Knows no policy.
//!
//! Sound and not complete: the formula means what it meant, and could be shorter still. The work
//! is bounded, after which all stays as it is.

use super::atom::Atom;
use super::formula::Formula;

/// The same formula, shorter where that is found.
pub(super) fn simplified(formula: Formula<'_>) -> Formula<'_> {
    let mut work = Work {
        facts: Vec::new(),
        steps_left: STEPS_MAX,
    };
    work.reduce(formula)
}

/// In a list of which one must hold, everything is done to its opposite, of which all must: a fact
/// is then what may be taken for granted, since otherwise the list holds already.
struct Work<'a> {
    // Those of the lists around, and behind them those of the list itself.
    facts: Vec<Atom<'a>>,
    steps_left: usize,
}

impl<'a> Work<'a> {
    fn reduce(&mut self, formula: Formula<'a>) -> Formula<'a> {
        match formula {
            Formula::All(list) => self.list(list, false),
            Formula::Any(list) => self.list(list, true),
            Formula::Atom(atom) => match self.value(&atom) {
                Some(truth) => Formula::constant(truth),
                None => Formula::Atom(atom),
            },
        }
    }

    fn list(&mut self, list: Vec<Formula<'a>>, is_any: bool) -> Formula<'a> {
        let outer = self.facts.len();
        let result = self.members(list, is_any, outer);
        self.facts.truncate(outer);
        result.unwrap_or(Formula::constant(is_any))
    }

    /// `None` when it is the constant that decides a list of this type.
    fn members(
        &mut self,
        list: Vec<Formula<'a>>,
        is_any: bool,
        outer: usize,
    ) -> Option<Formula<'a>> {
        let mut lists = Vec::new();
        self.sort(list, is_any, outer, &mut lists)?;
        for _ in 0..ROUNDS_MAX {
            let facts = self.facts.len();
            let mut left = Vec::new();
            for formula in std::mem::take(&mut lists) {
                let reduced = self.reduce(formula);
                self.sort(vec![reduced], is_any, outer, &mut left)?;
            }
            lists = left;
            if self.facts.len() == facts {
                break;
            }
        }
        if self.contradicts_itself(outer) {
            return None;
        }
        self.absorb(&mut lists, is_any);
        let own = self.facts.get(outer..).unwrap_or_default().iter();
        let own = own.map(|atom| Formula::Atom(if is_any { atom.not() } else { *atom }));
        let list = own.chain(lists).collect();
        Some(if is_any {
            Formula::any(list)
        } else {
            Formula::all(list)
        })
    }

    /// Makes facts of the atoms among `list`, and puts the rest into `lists`.
    fn sort(
        &mut self,
        list: Vec<Formula<'a>>,
        is_any: bool,
        outer: usize,
        lists: &mut Vec<Formula<'a>>,
    ) -> Option<()> {
        for formula in list {
            match formula {
                Formula::Atom(atom) => {
                    self.take(if is_any { atom.not() } else { atom }, outer)?;
                }
                Formula::All(inner) if !is_any => self.sort(inner, is_any, outer, lists)?,
                Formula::Any(inner) if is_any => self.sort(inner, is_any, outer, lists)?,
                decided if decided.is_yes() || decided.is_no() => return None,
                other => lists.push(other),
            }
        }
        Some(())
    }

    /// Adds a fact. `None` when it contradicts another.
    fn take(&mut self, atom: Atom<'a>, outer: usize) -> Option<()> {
        match self.value(&atom) {
            Some(true) => return Some(()),
            Some(false) => return None,
            None => {}
        }
        let mut index = outer;
        while let Some(fact) = self.facts.get(index).copied() {
            if self.implies(&atom, &fact) {
                self.facts.remove(index);
            } else {
                index += 1;
            }
        }
        self.facts.push(atom);
        Some(())
    }

    /// What the facts say of an atom.
    fn value(&mut self, atom: &Atom<'a>) -> Option<bool> {
        let opposite = atom.not();
        for index in 0..self.facts.len() {
            if self.steps_left == 0 {
                return None;
            }
            let fact = self.facts.get(index).copied()?;
            if self.implies(&fact, atom) {
                return Some(true);
            }
            if self.implies(&fact, &opposite) {
                return Some(false);
            }
        }
        None
    }

    /// Whether a fact holds in a few states of its key only, of which the others leave none.
    fn contradicts_itself(&mut self, outer: usize) -> bool {
        let own = self.facts.get(outer..).unwrap_or_default();
        for fact in own.iter().filter_map(Atom::sided) {
            let Some(mut points) = fact.points() else {
                continue;
            };
            let others = self.facts.iter().filter_map(Atom::sided);
            for other in others.filter(|other| other.same_key(fact)) {
                let work = 1 + points.len() * other.weight();
                if work > self.steps_left {
                    return false;
                }
                self.steps_left -= work;
                points.retain(|point| other.holds_at(point) != Some(false));
            }
            if points.is_empty() {
                return true;
            }
        }
        false
    }

    /// Drops lists that another one implies, or in a list of which one must hold, that imply
    /// another one.
    fn absorb(&mut self, lists: &mut Vec<Formula<'a>>, is_any: bool) {
        for index in (0..lists.len()).rev() {
            if self.steps_left == 0 {
                return;
            }
            let needless = (0..lists.len())
                .filter(|other| *other != index)
                .any(|other| {
                    let (Some(one), Some(two)) = (lists.get(index), lists.get(other)) else {
                        return false;
                    };
                    if is_any {
                        self.follows(two, one)
                    } else {
                        self.follows(one, two)
                    }
                });
            if needless {
                lists.remove(index);
            }
        }
    }

    /// Whether `formula` holds wherever `from` does.
    fn follows(&mut self, formula: &Formula<'a>, from: &Formula<'a>) -> bool {
        match (from, formula) {
            _ if self.steps_left == 0 => false,
            (Formula::Atom(one), Formula::Atom(two)) => self.implies(one, two),
            (Formula::Any(list), _) => list.iter().all(|from| self.follows(formula, from)),
            (_, Formula::All(list)) => list.iter().all(|formula| self.follows(formula, from)),
            (Formula::All(list), _) if list.iter().any(|from| self.follows(formula, from)) => true,
            (_, Formula::Any(list)) => list.iter().any(|formula| self.follows(formula, from)),
            _ => false,
        }
    }

    fn implies(&mut self, one: &Atom<'a>, two: &Atom<'a>) -> bool {
        let work = 1 + one.weight() * two.weight() / WEIGHT_OF_A_STEP;
        if work > self.steps_left {
            self.steps_left = 0;
            return false;
        }
        self.steps_left -= work;
        one.implies(two)
    }
}

// Comparisons for one formula. Those of a few policies take some hundred.
const STEPS_MAX: usize = 20_000;
// Pairs of values that are compared in the time of one step.
const WEIGHT_OF_A_STEP: usize = 16;
// How often the lists in a list are gone through again, after one of them has become an atom.
const ROUNDS_MAX: usize = 3;
