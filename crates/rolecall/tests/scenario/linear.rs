//! Whether a recorded history of one register could have come about one operation after the other,
//! each at a moment between its call and its answer.
//!
//! The search is that of Wing and Gong (1993): an operation may be next if nothing that is left was
//! answered before it was called. What was tried is remembered. A write whose answer never came may
//! have happened at any later moment, or never.

use std::collections::HashSet;

/// One call and its answer, by a clock that all of them share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Operation {
    pub(crate) called: u64,
    /// `None` where no answer came.
    pub(crate) answered: Option<u64>,
    pub(crate) what: What,
}

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// Each write has a value of its own.
    Write(u64),
    /// Found this value; only of reads that were answered.
    Read(u64),
}

/// Whether there is an order for the history of a register that begins with a value.
pub(crate) fn is_linearizable(first: u64, history: &[Operation]) -> bool {
    let history = ended(history);
    let mut open = vec![Done {
        below: 0,
        others: Vec::new(),
        value: first,
    }];
    let mut tried: HashSet<Done> = HashSet::new();
    while let Some(done) = open.pop() {
        if done.below == history.len() {
            return true;
        }
        for at in done.next(&history) {
            let value = match history[at].2 {
                What::Write(written) => written,
                What::Read(found) if found == done.value => found,
                What::Read(_) => continue,
            };
            let after = done.with(at, value);
            if tried.insert(after.clone()) {
                open.push(after);
            }
        }
    }
    false
}

/// What was done so far: all below a number, some of the others, and the value that is left.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Done {
    below: usize,
    others: Vec<usize>,
    value: u64,
}

type Ended = (u64, u64, What);

impl Done {
    /// Those that may come next: called before any that is left was answered.
    fn next(&self, history: &[Ended]) -> Vec<usize> {
        let mut end = u64::MAX;
        let mut left = Vec::new();
        for (at, (called, answered, _)) in history.iter().enumerate().skip(self.below) {
            if *called > end {
                break;
            }
            if !self.others.contains(&at) {
                end = end.min(*answered);
                left.push(at);
            }
        }
        left.retain(|at| history[*at].0 <= end);
        left
    }

    fn with(&self, at: usize, value: u64) -> Self {
        let (mut below, mut others) = (self.below, self.others.clone());
        others.push(at);
        others.sort_unstable();
        while others.first() == Some(&below) {
            others.remove(0);
            below += 1;
        }
        Self {
            below,
            others,
            value,
        }
    }
}

/// In the order of the calls, each with an end. A write without an answer has happened before the
/// first read of its value was answered; without such a read it is as if it had not happened.
fn ended(history: &[Operation]) -> Vec<Ended> {
    let end = |operation: &Operation| match (operation.answered, operation.what) {
        (Some(answered), _) => Some(answered),
        (None, What::Read(_)) => None,
        (None, What::Write(written)) => {
            let reads = history
                .iter()
                .filter(|read| read.what == What::Read(written));
            reads.filter_map(|read| read.answered).min()
        }
    };
    let mut ended: Vec<Ended> = history
        .iter()
        .filter_map(|operation| Some((operation.called, end(operation)?, operation.what)))
        .collect();
    ended.sort_by_key(|(called, ..)| *called);
    ended
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(history: &[(u64, Option<u64>, What)], is: bool) {
        let history: Vec<Operation> = history
            .iter()
            .map(|(called, answered, what)| Operation {
                called: *called,
                answered: *answered,
                what: *what,
            })
            .collect();
        assert_eq!(is_linearizable(0, &history), is, "{history:?}");
    }

    use What::{Read, Write};

    #[test]
    fn one_after_the_other() {
        check(&[], true);
        check(&[(0, Some(1), Read(0))], true);
        check(&[(0, Some(1), Read(1))], false);
        check(&[(0, Some(1), Write(1)), (2, Some(3), Read(1))], true);
        check(&[(0, Some(1), Write(1)), (2, Some(3), Read(0))], false);
    }

    #[test]
    fn at_the_same_time_either_may_come_first() {
        let both = [(0, Some(10), Write(1)), (0, Some(10), Write(2))];
        for found in [1, 2] {
            check(&[both[0], both[1], (11, Some(12), Read(found))], true);
        }
        check(&[both[0], both[1], (11, Some(12), Read(0))], false);
        let reads = [(11, Some(12), Read(1)), (13, Some(14), Read(2))];
        check(&[both[0], both[1], reads[0], reads[1]], false);
        check(
            &[
                (0, Some(10), Write(1)),
                (1, Some(2), Read(0)),
                (3, Some(4), Read(1)),
            ],
            true,
        );
        check(
            &[
                (0, Some(10), Write(1)),
                (1, Some(2), Read(1)),
                (3, Some(4), Read(0)),
            ],
            false,
        );
    }

    #[test]
    fn a_write_without_an_answer_happens_later_or_never_and_not_twice() {
        let lost = (0, None, Write(1));
        check(&[lost, (5, Some(6), Read(0))], true);
        check(&[lost, (5, Some(6), Read(1))], true);
        check(&[lost, (5, Some(6), Read(0)), (7, Some(8), Read(1))], true);
        check(&[lost, (5, Some(6), Read(1)), (7, Some(8), Read(0))], false);
        let between = [
            (5, Some(6), Read(1)),
            (7, Some(8), Write(2)),
            (9, Some(10), Read(1)),
        ];
        check(&[lost, between[0], between[1], between[2]], false);
    }

    #[test]
    fn an_acknowledged_write_that_is_lost_is_found_out() {
        let mut history = Vec::new();
        for number in 1..=40 {
            history.push((number * 10, Some(number * 10 + 15), Write(number)));
            history.push((number * 10 + 16, Some(number * 10 + 18), Read(number)));
        }
        check(&history, true);
        history.push((1_000, Some(1_001), Read(39)));
        check(&history, false);
    }
}
