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
    queue: mpsc::Sender<Message>,
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

/// The writer, to be closed in good order: a store that is only abandoned is recovered when it is
/// opened again.
#[derive(Debug)]
pub(crate) struct Writing {
    queue: mpsc::Sender<Message>,
    thread: std::thread::JoinHandle<()>,
}

#[derive(Debug)]
enum Message {
    Call(Job),
    Close,
}

#[derive(Debug)]
struct Job {
    call: Arc<Call>,
    answer: oneshot::Sender<Result<Outcome, Unanswered>>,
}

impl Ledger {
    /// Starts the writer.
    pub(crate) fn start(store: Arc<Store>, state: State) -> std::io::Result<(Self, Writing)> {
        let state = Arc::new(ArcSwap::from_pointee(state));
        let (queue, messages) = mpsc::channel(QUEUE_JOBS);
        let writer = Writer {
            store,
            state: Arc::clone(&state),
        };
        let thread = std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || writer.run(messages))?;
        let writing = Writing {
            queue: queue.clone(),
            thread,
        };
        Ok((Self { state, queue }, writing))
    }

    /// What is true now.
    pub(crate) fn state(&self) -> Arc<State> {
        self.state.load_full()
    }

    /// What a call leads to as things are. If it changes something, that is only what
    /// [`Ledger::commit`] would come to now, and the answer is not to be sent.
    pub(crate) fn attempt(&self, call: &Call) -> Result<Outcome, Unanswered> {
        handle(&self.state.load(), call)
    }

    /// Has the writer handle a call that changes something; returns after that is durable.
    pub(crate) async fn commit(&self, call: Arc<Call>) -> Result<Outcome, Unanswered> {
        let (answer, outcome) = oneshot::channel();
        let job = Job { call, answer };
        self.queue
            .try_send(Message::Call(job))
            .map_err(|error| match error {
                mpsc::error::TrySendError::Full(_) => Unanswered::Busy,
                mpsc::error::TrySendError::Closed(_) => Unanswered::Failed,
            })?;
        outcome.await.unwrap_or(Err(Unanswered::Failed))
    }
}

impl Writing {
    /// Settles what has queued up and closes the store. Calls that come later are not answered.
    pub(crate) async fn close(self) {
        let _ended_already = self.queue.send(Message::Close).await;
        let joined = tokio::task::spawn_blocking(|| self.thread.join()).await;
        if !matches!(joined, Ok(Ok(()))) {
            tracing::error!("the writer did not end in good order");
        }
    }
}

struct Writer {
    store: Arc<Store>,
    state: Arc<ArcSwap<State>>,
}

impl Writer {
    fn run(self, mut messages: mpsc::Receiver<Message>) {
        let mut received = Vec::with_capacity(BATCH_JOBS);
        let mut batch = Vec::with_capacity(BATCH_JOBS);
        let mut is_open = true;
        while is_open && messages.blocking_recv_many(&mut received, BATCH_JOBS) > 0 {
            for message in received.drain(..) {
                match message {
                    Message::Call(job) => batch.push(job),
                    Message::Close => is_open = false,
                }
            }
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
                tracing::error!(%error, "the last writes are not kept, or only after a restart");
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
