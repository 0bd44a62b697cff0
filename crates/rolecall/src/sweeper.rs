//! What takes away objects and uploads that lifecycle rules have ended: a clock, and many small
//! commits.
//!
//! What is over is `account`'s to say, and nobody sees it any more, so that nothing waits for this.
//! Records go first and then their files: a file that a crash left is one that no object names,
//! which the next start removes.

use std::sync::Arc;
use std::time::Duration;

use account::s3::{self, Over};
use jiff::Timestamp;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::clock;
use crate::serve::{Stop, stopped};
use crate::store::{Ledger, Objects, Unanswered};

/// Takes away what is over as long as it runs.
#[derive(Debug)]
pub(crate) struct Sweeper {
    ledger: Ledger,
    objects: Objects,
}

impl Sweeper {
    pub(crate) fn new(ledger: Ledger, objects: Objects) -> Self {
        Self { ledger, objects }
    }

    /// Runs until told to stop: at the start, at each midnight, and now and then, because clocks
    /// are set and rules are written at any time.
    pub(crate) async fn run(self, mut stop: Stop) {
        // Servers that share a store have no objects.
        while !self.ledger.is_shared() {
            match self.sweep(&stop).await {
                Ok(0) => {}
                Ok(removed) => tracing::info!(removed, "records of what was over are gone"),
                Err(error) => tracing::warn!(?error, "what is over stays until the next time"),
            }
            let wait = until_midnight(clock::now()).min(LOOK_AGAIN_AFTER);
            if timeout(wait, stopped(&mut stop)).await.is_ok() {
                break;
            }
        }
    }

    /// Takes away all that is over; tells how many records that were.
    async fn sweep(&self, stop: &Stop) -> Result<usize, Unanswered> {
        let mut removed = 0;
        while !*stop.borrow() {
            let partition = self.ledger.partition();
            let now = clock::now();
            let look = move || s3::over(&partition, now, OVER_MAX);
            let over = spawn_blocking(look).await;
            let over = over.map_err(|_| Unanswered::Failed)?;
            for some in over.chunks(TURN_MAX) {
                let (records, freed) = self.settle(some.to_vec()).await?;
                removed += records;
                let objects = self.objects.clone();
                let _gone = spawn_blocking(move || objects.remove(&freed)).await;
                if records == 0 || *stop.borrow() {
                    return Ok(removed);
                }
            }
            if over.is_empty() {
                break;
            }
        }
        Ok(removed)
    }

    /// Has the records go; tells how many, and which files nobody needs any more.
    async fn settle(&self, over: Vec<Over>) -> Result<(usize, Vec<u128>), Unanswered> {
        let work = move |partition: &Arc<_>, now, seed| s3::sweep(partition, &over, now, seed);
        let turn = self.ledger.turn(work).await?;
        Ok((turn.changes.len(), turn.freed))
    }
}

/// Rules count to a midnight in UTC.
fn until_midnight(now: Timestamp) -> Duration {
    let seconds = DAY_SECONDS - now.as_second().rem_euclid(DAY_SECONDS);
    Duration::from_secs(seconds.unsigned_abs())
}

const DAY_SECONDS: i64 = 24 * 60 * 60;
// At most this long on a clock that may have been set.
const LOOK_AGAIN_AFTER: Duration = Duration::from_mins(15);
// Names and uploads that are looked up at once, and of them those of one commit.
const OVER_MAX: usize = 10_000;
const TURN_MAX: usize = 100;

#[cfg(test)]
mod tests;
