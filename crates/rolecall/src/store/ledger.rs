//! The order of things: reads on a snapshot, writers one after the other, commit before answer.
//!
//! One thread owns the store. It takes what has queued up, handles each call on the state that the
//! one before it left, commits them together, publishes the new state, and only then answers. A
//! call that changes nothing never comes here.

use std::net::IpAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use account::{Outcome, State};
use arc_swap::ArcSwap;
use bytes::Bytes;
use tokio::sync::{mpsc, oneshot};

use super::Store;
use crate::clock;

/// The account of this process.
#[derive(Debug, Clone)]
pub(crate) struct Ledger {
    state: Arc<ArcSwap<State>>,
    queue: mpsc::Sender<Job>,
}

/// A call, and where it came from.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) request: http::Request<Bytes>,
    pub(crate) source: Option<IpAddr>,
}

/// Why a call has no outcome. Nothing was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unanswered {
    /// Too many writes are waiting.
    Busy,
    /// The store refused, or there is a mistake in here.
    Failed,
}

#[derive(Debug)]
struct Job {
    call: Arc<Call>,
    answer: oneshot::Sender<Result<Outcome, Unanswered>>,
}

impl Ledger {
    /// Starts the writer.
    pub(crate) fn start(store: Store, state: State) -> std::io::Result<Self> {
        let state = Arc::new(ArcSwap::from_pointee(state));
        let (queue, jobs) = mpsc::channel(QUEUE_JOBS);
        let writer = Writer {
            store,
            state: Arc::clone(&state),
        };
        std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || writer.run(jobs))?;
        Ok(Self { state, queue })
    }

    /// What is true now.
    pub(crate) fn state(&self) -> Arc<State> {
        self.state.load_full()
    }

    /// Answers a call; if it changes something, after that is durable.
    pub(crate) async fn call(&self, call: &Arc<Call>) -> Result<Outcome, Unanswered> {
        let outcome = handle(&self.state.load(), call)?;
        if outcome.changes.is_empty() {
            return Ok(outcome);
        }
        let (answer, outcome) = oneshot::channel();
        let job = Job {
            call: Arc::clone(call),
            answer,
        };
        self.queue.try_send(job).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Unanswered::Busy,
            mpsc::error::TrySendError::Closed(_) => Unanswered::Failed,
        })?;
        outcome.await.unwrap_or(Err(Unanswered::Failed))
    }
}

struct Writer {
    store: Store,
    state: Arc<ArcSwap<State>>,
}

impl Writer {
    fn run(self, mut jobs: mpsc::Receiver<Job>) {
        let mut batch = Vec::with_capacity(BATCH_JOBS);
        while jobs.blocking_recv_many(&mut batch, BATCH_JOBS) > 0 {
            self.settle(&mut batch);
        }
    }

    /// Handles, commits, publishes, answers; in this order.
    fn settle(&self, batch: &mut Vec<Job>) {
        let mut state = State::clone(&self.state.load());
        let mut changes = Vec::new();
        let mut settled = Vec::with_capacity(batch.len());
        for job in batch.drain(..) {
            let outcome = handle(&state, &job.call).and_then(|outcome| {
                let mut after = state.clone();
                for change in &outcome.changes {
                    after.apply(change.clone()).map_err(|error| {
                        tracing::error!(%error, "a call made a change that does not fit");
                        Unanswered::Failed
                    })?;
                }
                state = after;
                changes.extend(outcome.changes.iter().cloned());
                Ok(outcome)
            });
            settled.push((job.answer, outcome));
        }
        if !changes.is_empty() {
            if let Err(error) = self.store.commit(&changes) {
                tracing::error!(%error, "nothing of the last writes was kept");
                for (answer, _) in settled {
                    let _gone = answer.send(Err(Unanswered::Failed));
                }
                return;
            }
            self.state.store(Arc::new(state));
        }
        for (answer, outcome) in settled {
            let _gone = answer.send(outcome);
        }
    }
}

/// A mistake in a handler ends its call, not the process.
fn handle(state: &State, call: &Call) -> Result<Outcome, Unanswered> {
    let seed = clock::random().map_err(|_| Unanswered::Failed)?;
    let now = clock::now();
    catch_unwind(AssertUnwindSafe(|| {
        account::handle(state, &call.request, call.source, now, seed)
    }))
    .map_err(|_| Unanswered::Failed)
}

// Writes that may wait; above it callers are told to come back.
const QUEUE_JOBS: usize = 1_024;
// Writes that share one commit: enough to hide the disk, few enough to answer soon.
const BATCH_JOBS: usize = 64;
