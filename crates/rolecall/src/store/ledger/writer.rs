//! The one writer: does jobs in order, commits what they change, and tells who waits.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use account::Partition;
use account::entity::{Change, Located};
use account::rotation::Turn;
use tokio::sync::{Notify, mpsc, watch};

use super::{BATCH_JOBS, Job, Message, Settled, Unanswered, Work, handle, handle_objects};
use crate::clock;
use crate::store::engine::{CommitError, Revision};
use crate::store::published::Published;
use crate::store::{Anchor, Store};

pub(super) struct Writer {
    pub(super) store: Arc<Store>,
    pub(super) published: Arc<Published>,
    pub(super) changed: Arc<Notify>,
    pub(super) told: watch::Sender<()>,
    pub(super) anchor: Box<dyn Fn() -> Anchor + Send>,
}

impl Writer {
    /// Settles what queues up, until it is told to close; closes the store with that.
    pub(super) fn run(self, mut messages: mpsc::Receiver<Message>) {
        let mut received = Vec::with_capacity(BATCH_JOBS);
        let mut batch = Vec::with_capacity(BATCH_JOBS);
        let mut uses = Vec::new();
        let mut keys = Vec::new();
        let mut is_open = true;
        while is_open && messages.blocking_recv_many(&mut received, BATCH_JOBS) > 0 {
            for message in received.drain(..) {
                match message {
                    Message::Job(job) => batch.push(job),
                    Message::Used(last) => uses.push(*last),
                    Message::Keys(step, answer) => keys.push((step, answer)),
                    Message::Close => is_open = false,
                }
            }
            self.settle(&mut batch, &mut uses);
            for (step, answer) in keys.drain(..) {
                let kept = self.store.key_step(step).map(|(kept, revision)| {
                    let (partition, _) = self.published.now();
                    self.published.publish(partition, revision);
                    kept
                });
                let _gone = answer.send(kept);
            }
        }
    }

    /// Settles a batch, in parts where it is more than the store takes at once, and again where
    /// another server wrote in between.
    fn settle(&self, batch: &mut Vec<Job>, uses: &mut Vec<Located>) {
        let begun = Instant::now();
        while let Err((error, on)) = self.settle_once(batch, uses) {
            match error {
                CommitError::Conflict if begun.elapsed() < SETTLED_AFTER => {
                    let _still_behind = self.published.wait_for(on.next(), CAUGHT_UP_AFTER);
                }
                CommitError::TooLarge if !uses.is_empty() => uses.clear(),
                CommitError::TooLarge if batch.len() > 1 => {
                    let mut rest = batch.split_off(batch.len() / 2);
                    self.settle(batch, uses);
                    self.settle(&mut rest, uses);
                }
                error => {
                    let hint = error.hint();
                    tracing::error!(%error, hint, "the last writes are not kept, or only later");
                    let reason = match error {
                        CommitError::Conflict
                        | CommitError::Unavailable(_)
                        | CommitError::Full(_)
                        | CommitError::QuotaUsed(_) => Unanswered::Away,
                        _ => Unanswered::Failed,
                    };
                    batch.drain(..).for_each(|job| job.refuse(reason));
                    uses.clear();
                }
            }
        }
    }

    /// Handles, commits, publishes, answers; in this order. Where nothing could be committed, all
    /// is still to be done, on another commit than the one that it gives back.
    fn settle_once(
        &self,
        batch: &mut Vec<Job>,
        uses: &mut Vec<Located>,
    ) -> Result<(), (CommitError, Revision)> {
        let (partition, on) = self.published.now();
        let mut folding = Folding {
            base: Arc::clone(&partition),
            partition,
            changes: Vec::new(),
        };
        let mut settled = Vec::with_capacity(batch.len());
        for job in batch.drain(..) {
            settled.push(job.on(&mut folding));
        }
        for last in uses.iter() {
            // Several calls at once bring the same news.
            if folding.partition.is_news(last) {
                let _kept = folding.fold(&[last.clone().put()]);
            }
        }
        let Folding {
            partition, changes, ..
        } = folding;
        let mut before = None;
        if !changes.is_empty() {
            match self.store.commit_at(on, &changes, Some((self.anchor)())) {
                Ok(revision) => before = Some(self.published.publish(partition, revision)),
                Err(error) => {
                    batch.extend(settled.into_iter().map(Settled::again));
                    return Err((error, on));
                }
            }
        }
        uses.clear();
        settled.into_iter().for_each(Settled::tell);
        // Whoever called is waiting; whoever watches, and what nobody has any more, can wait.
        if before.is_some() {
            self.changed.notify_one();
            self.told.send_replace(());
        }
        Ok(())
    }
}

impl Job {
    /// Does it on the state that the jobs before it left.
    fn on(self, folding: &mut Folding) -> Settled {
        let partition = &folding.partition;
        match self {
            Self::Call(call, attempt, answer) => {
                let outcome = match attempt {
                    Some(attempt) => attempt.again(partition, &call),
                    None => handle(partition, &call),
                };
                let outcome = outcome.and_then(|outcome| {
                    folding.fold(&outcome.changes)?;
                    Ok(outcome)
                });
                Settled::Call(call, answer, outcome)
            }
            Self::Objects(call, answer) => {
                let outcome = handle_objects(partition, &call).and_then(|outcome| {
                    folding.fold(&outcome.changes)?;
                    Ok(outcome)
                });
                Settled::Objects(call, answer, outcome)
            }
            Self::Turn(work, answer) => {
                let turn = take_turn(partition, &work).and_then(|turn| {
                    folding.fold(&turn.changes)?;
                    Ok(turn)
                });
                Settled::Turn(work, answer, turn)
            }
        }
    }

    pub(super) fn refuse(self, reason: Unanswered) {
        match self {
            Self::Call(_, _, answer) => drop(answer.send(Err(reason))),
            Self::Objects(_, answer) => drop(answer.send(Err(reason))),
            Self::Turn(_, answer) => drop(answer.send(Err(reason))),
        }
    }
}

/// The state that the jobs of a batch leave, and what they change.
struct Folding {
    /// The state before all of them.
    base: Arc<Partition>,
    /// Nobody else has it, so that it is changed in place from the second change on.
    partition: Arc<Partition>,
    changes: Vec<Change>,
}

impl Folding {
    /// Applies the changes of one job, all or none.
    fn fold(&mut self, changes: &[Change]) -> Result<(), Unanswered> {
        let apply = |partition: &mut Arc<Partition>, changes: &[Change]| {
            let mut changes = changes.iter();
            changes.try_for_each(|change| Arc::make_mut(partition).apply(change.clone()))
        };
        if let Err(error) = apply(&mut self.partition, changes) {
            tracing::error!(%error, "a call made a change that does not fit");
            // What the jobs before it changed has fitted once.
            self.partition = Arc::clone(&self.base);
            let _fits = apply(&mut self.partition, &self.changes);
            return Err(Unanswered::Failed);
        }
        self.changes.extend(changes.iter().cloned());
        Ok(())
    }
}

fn take_turn(partition: &Arc<Partition>, Work(work): &Work) -> Result<Turn, Unanswered> {
    let seed = clock::random().map_err(|_| Unanswered::Failed)?;
    let now = clock::now();
    catch_unwind(AssertUnwindSafe(|| work(partition, now, seed))).map_err(|_| Unanswered::Failed)
}

// How long a call may be tried again because of other servers' writes, and how long each of those
// may take to get here.
const SETTLED_AFTER: Duration = Duration::from_secs(10);
const CAUGHT_UP_AFTER: Duration = Duration::from_secs(2);
