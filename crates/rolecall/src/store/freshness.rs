//! How old the state may be that calls are decided on, where other servers write too.
//!
//! The engine is asked again and again what the last commit is. Once the state is as far as an
//! answer says, it was no older than the question. Without such an answer for too long, nothing is
//! to be decided on it: what was revoked since may still be in it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use super::Store;
use super::published::Published;
use crate::clock;

/// When the state was last known to be the newest.
#[derive(Debug)]
pub(super) struct Freshness {
    bound: Duration,
    /// Milliseconds of the host's clock that never stands still.
    proven: AtomicU64,
}

/// Asks the engine what the last commit is.
#[derive(Debug)]
pub(super) struct Asking {
    pub(super) store: Arc<Store>,
    pub(super) published: Arc<Published>,
    pub(super) freshness: Arc<Freshness>,
    pub(super) stop: Arc<AtomicBool>,
}

impl Freshness {
    /// Of a state that was read after `since`.
    pub(super) fn new(bound: Duration, since: u64) -> Self {
        Self {
            bound,
            proven: AtomicU64::new(since),
        }
    }

    /// Whether something may be decided on the state.
    pub(super) fn is_in_bound(&self) -> bool {
        let age = clock::boot_millis().saturating_sub(self.proven.load(Ordering::Acquire));
        u128::from(age) <= self.bound.as_millis()
    }

    fn prove(&self, at: u64) {
        self.proven.fetch_max(at, Ordering::AcqRel);
    }
}

impl Asking {
    /// Until told to stop.
    pub(super) fn run(&self) {
        let mut was_in_bound = true;
        while !self.stop.load(Ordering::Acquire) {
            if let Err(why) = self.ask() {
                tracing::debug!(why, "the state is not known to be the newest");
            }
            let is_in_bound = self.freshness.is_in_bound();
            if was_in_bound && !is_in_bound {
                tracing::error!("the state may be too old: no call is decided on it");
            } else if is_in_bound && !was_in_bound {
                tracing::info!("the state is the newest again");
            }
            was_in_bound = is_in_bound;
            std::thread::park_timeout(self.freshness.bound / ASKED_IN_BOUND);
        }
    }

    pub(super) fn is_in_bound(&self) -> bool {
        self.freshness.is_in_bound()
    }

    /// Returns when the state is as new as the last commit was when this was called.
    pub(super) fn ask(&self) -> Result<(), String> {
        let begun = clock::boot_millis();
        let (_, known) = self.published.now();
        let within = self.freshness.bound / ANSWERED_IN_BOUND;
        let last = self.store.last_commit(within);
        let last = last.map_err(|error| error.to_string())?;
        if last < known {
            return Err("etcd has gone back to an older state".to_owned());
        }
        if !self.published.wait_for(last, within) {
            return Err("the watch is behind".to_owned());
        }
        self.freshness.prove(begun);
        Ok(())
    }
}

// How often it is asked in the time that the state may be old.
const ASKED_IN_BOUND: u32 = 8;
// A member that does not answer in time leaves time for the next one.
const ANSWERED_IN_BOUND: u32 = 5;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_proven_is_good_for_the_bound_alone() {
        let now = clock::boot_millis();
        let freshness = |since| Freshness::new(Duration::from_secs(100), since);
        assert!(freshness(now).is_in_bound());
        assert!(freshness(now - 90_000).is_in_bound());
        let old = freshness(now.saturating_sub(101_000));
        assert!(!old.is_in_bound());
        old.prove(now - 90_000);
        assert!(old.is_in_bound());
        old.prove(now.saturating_sub(200_000));
        assert!(old.is_in_bound(), "what was proven later stays");
    }
}
