//! The order of things: reads on a snapshot, writers one after the other, commit before answer.
//!
//! One thread owns the store. It takes what has queued up, handles each call on the state that the
//! one before it left, commits them together, publishes the new state, and only then answers. A
//! call that changes nothing never comes here.

use std::net::IpAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use account::entity::Change;
use account::{Outcome, Partition, Supplied};
use arc_swap::ArcSwap;
use bytes::Bytes;
use tokio::sync::{mpsc, oneshot};

use super::Store;
use crate::clock;

/// The account of this process.
#[derive(Debug, Clone)]
pub(crate) struct Ledger {
    partition: Arc<ArcSwap<Partition>>,
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
    /// A key or a role was used; nobody waits for the record of it.
    Used(Box<Change>),
    Close,
}

#[derive(Debug)]
struct Job {
    call: Arc<Call>,
    answer: oneshot::Sender<Result<Outcome, Unanswered>>,
}

impl Call {
    /// The same call with what was made for it.
    pub(crate) fn with(&self, supplied: Supplied) -> Self {
        let mut request = self.request.clone();
        request.extensions_mut().insert(supplied);
        Self {
            request,
            source: self.source,
        }
    }
}

impl Ledger {
    /// Starts the writer.
    pub(crate) fn start(
        store: Arc<Store>,
        partition: Partition,
    ) -> std::io::Result<(Self, Writing)> {
        let partition = Arc::new(ArcSwap::from_pointee(partition));
        let (queue, messages) = mpsc::channel(QUEUE_JOBS);
        let writer = Writer {
            store,
            partition: Arc::clone(&partition),
        };
        let thread = std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || writer.run(messages))?;
        let writing = Writing {
            queue: queue.clone(),
            thread,
        };
        Ok((Self { partition, queue }, writing))
    }

    /// What is true now.
    pub(crate) fn partition(&self) -> Arc<Partition> {
        self.partition.load_full()
    }

    /// What a call leads to as things are. If it changes something, that is only what
    /// [`Ledger::commit`] would come to now, and the answer is not to be sent.
    pub(crate) fn attempt(&self, call: &Call) -> Result<Outcome, Unanswered> {
        handle(&self.partition.load(), call)
    }

    /// Has the writer keep that a key or a role was used, unless it has enough to do for callers:
    /// a later call will bring the same news.
    pub(crate) fn note(&self, last: Change) {
        if self.queue.capacity() > QUEUE_JOBS / 2 {
            let _full_or_closed = self.queue.try_send(Message::Used(Box::new(last)));
        }
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
    partition: Arc<ArcSwap<Partition>>,
}

impl Writer {
    fn run(self, mut messages: mpsc::Receiver<Message>) {
        let mut received = Vec::with_capacity(BATCH_JOBS);
        let mut batch = Vec::with_capacity(BATCH_JOBS);
        let mut uses = Vec::new();
        let mut is_open = true;
        while is_open && messages.blocking_recv_many(&mut received, BATCH_JOBS) > 0 {
            for message in received.drain(..) {
                match message {
                    Message::Call(job) => batch.push(job),
                    Message::Used(last) => uses.push(*last),
                    Message::Close => is_open = false,
                }
            }
            self.settle(&mut batch, &mut uses);
        }
    }

    /// Handles, commits, publishes, answers; in this order.
    fn settle(&self, batch: &mut Vec<Job>, uses: &mut Vec<Change>) {
        let mut partition = self.partition.load_full();
        let mut changes = Vec::new();
        let mut settled = Vec::with_capacity(batch.len());
        for job in batch.drain(..) {
            let outcome = handle(&partition, &job.call).and_then(|outcome| {
                let mut after = Arc::clone(&partition);
                for change in &outcome.changes {
                    Arc::make_mut(&mut after)
                        .apply(change.clone())
                        .map_err(|error| {
                            tracing::error!(%error, "a call made a change that does not fit");
                            Unanswered::Failed
                        })?;
                }
                partition = after;
                changes.extend(outcome.changes.iter().cloned());
                Ok(outcome)
            });
            settled.push((job.answer, outcome));
        }
        for last in uses.drain(..) {
            // Several calls at once bring the same news.
            if partition.is_news(&last) && Arc::make_mut(&mut partition).apply(last.clone()).is_ok()
            {
                changes.push(last);
            }
        }
        if !changes.is_empty() {
            if let Err(error) = self.store.commit(&changes) {
                tracing::error!(%error, "nothing of the last writes was kept");
                for (answer, _) in settled {
                    let _gone = answer.send(Err(Unanswered::Failed));
                }
                return;
            }
            self.partition.store(partition);
        }
        for (answer, outcome) in settled {
            let _gone = answer.send(outcome);
        }
    }
}

/// A mistake in a handler ends its call, not the process.
fn handle(partition: &Arc<Partition>, call: &Call) -> Result<Outcome, Unanswered> {
    let seed = clock::random().map_err(|_| Unanswered::Failed)?;
    let now = clock::now();
    catch_unwind(AssertUnwindSafe(|| {
        account::handle(partition, &call.request, call.source, now, seed)
    }))
    .map_err(|_| Unanswered::Failed)
}

// Writes that may wait; above it callers are told to come back.
const QUEUE_JOBS: usize = 1_024;
// Writes that share one commit: enough to hide the disk, few enough to answer soon.
const BATCH_JOBS: usize = 64;
