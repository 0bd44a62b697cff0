//! How calls to the service ended, counted. How it is shown is not known here.

use std::sync::atomic::{AtomicU64, Ordering};

use agent::Failure;
use agent::metrics::Calls;

/// A count for each outcome. Each is one number, so `Relaxed` is enough.
#[derive(Debug, Default)]
pub(super) struct Counted([AtomicU64; OUTCOMES.len()]);

impl Counted {
    pub(super) fn count(&self, failure: Option<&Failure>) {
        let outcome = failure.map_or(OK, Failure::kind);
        let at = OUTCOMES.iter().position(|known| *known == outcome);
        if let Some(count) = at.and_then(|at| self.0.get(at)) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) fn read(&self) -> Vec<Calls> {
        let counts = OUTCOMES.iter().zip(&self.0);
        let calls = counts.map(|(outcome, count)| Calls {
            outcome,
            count: count.load(Ordering::Relaxed),
        });
        calls.collect()
    }
}

const OK: &str = "ok";
const OUTCOMES: [&str; 9] = [
    OK,
    "denied",
    "not-found",
    "invalid",
    "throttled",
    "unavailable",
    "credentials",
    "timed-out",
    "unreachable",
];

#[cfg(test)]
mod tests {
    use protocol::Fault;

    use super::*;

    #[test]
    fn every_outcome_has_its_count() {
        let counted = Counted::default();
        counted.count(None);
        let fault = || Fault::new("x", "y");
        for failure in [
            Failure::Denied(fault()),
            Failure::NotFound(fault()),
            Failure::Invalid(fault()),
            Failure::Throttled(fault()),
            Failure::Unavailable(fault()),
            Failure::Credentials(fault()),
            Failure::TimedOut,
            Failure::Unreachable,
        ] {
            counted.count(Some(&failure));
        }

        let read = counted.read();
        assert_eq!(read.len(), OUTCOMES.len());
        assert!(read.iter().all(|calls| calls.count == 1), "{read:?}");
    }
}
