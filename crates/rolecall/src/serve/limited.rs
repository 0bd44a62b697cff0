//! At most one line a second of what strangers can cause, with a count of what was left out.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use agent::Moment;

use crate::clock::Stopwatch;

/// Decides which of many equal lines are written.
#[derive(Debug)]
pub(super) struct Limited {
    stopwatch: Stopwatch,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    last: Option<Moment>,
    suppressed: u64,
}

impl Default for Limited {
    fn default() -> Self {
        Self {
            stopwatch: Stopwatch::start(),
            state: Mutex::default(),
        }
    }
}

impl Limited {
    /// `Some` where a line is to be written, with the number of those that were not since.
    pub(super) fn one_more(&self) -> Option<u64> {
        self.at(self.stopwatch.moment())
    }

    fn at(&self, now: Moment) -> Option<u64> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let is_early = |last: Moment| now.0.saturating_sub(last.0) < INTERVAL;
        if state.last.is_some_and(is_early) {
            state.suppressed += 1;
            return None;
        }
        state.last = Some(now);
        Some(std::mem::take(&mut state.suppressed))
    }
}

const INTERVAL: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_a_line_a_second_and_nothing_is_uncounted() {
        let limited = Limited::default();
        let at = |millis| limited.at(Moment(Duration::from_millis(millis)));

        assert_eq!(at(5_000), Some(0));
        assert_eq!(at(5_001), None);
        assert_eq!(at(5_999), None);
        assert_eq!(at(6_000), Some(2));
        assert_eq!(at(6_500), None);
        assert_eq!(at(9_000), Some(1));
        assert_eq!(at(20_000), Some(0));
    }
}
