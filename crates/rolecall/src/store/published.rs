//! The state that calls are handled on, and the commit that it is as of.
//!
//! Readers take it without a lock. Whoever publishes does so in the order of the commits: the
//! writer of this server, and what follows the writers of others.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use account::Partition;
use arc_swap::{ArcSwap, Guard};

use super::engine::Revision;

/// What is true now.
#[derive(Debug)]
pub(super) struct Published {
    partition: ArcSwap<Partition>,
    revision: Mutex<Revision>,
    moved: Condvar,
}

impl Published {
    pub(super) fn new(partition: Partition, revision: Revision) -> Self {
        Self {
            partition: ArcSwap::from_pointee(partition),
            revision: Mutex::new(revision),
            moved: Condvar::new(),
        }
    }

    pub(super) fn load(&self) -> Guard<Arc<Partition>> {
        self.partition.load()
    }

    pub(super) fn load_full(&self) -> Arc<Partition> {
        self.partition.load_full()
    }

    /// The state, and the commit that it is as of.
    pub(super) fn now(&self) -> (Arc<Partition>, Revision) {
        let revision = self.lock();
        (self.partition.load_full(), *revision)
    }

    /// Exchanges the state for that of a commit, unless it is as far already. Gives back the one
    /// that nobody needs any more.
    pub(super) fn publish(&self, partition: Arc<Partition>, revision: Revision) -> Arc<Partition> {
        let mut held = self.lock();
        if *held >= revision {
            return partition;
        }
        *held = revision;
        let before = self.partition.swap(partition);
        self.moved.notify_all();
        before
    }

    /// Waits until the state is as of this commit or a later one; tells whether it is.
    pub(super) fn wait_for(&self, revision: Revision, within: Duration) -> bool {
        let begun = Instant::now();
        let mut held = self.lock();
        while *held < revision {
            let Some(left) = within.checked_sub(begun.elapsed()) else {
                return false;
            };
            let waited = self.moved.wait_timeout(held, left);
            held = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    fn lock(&self) -> MutexGuard<'_, Revision> {
        self.revision.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
