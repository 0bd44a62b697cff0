//! The order of things: reads on a snapshot, writers one after the other, commit before answer.
//!
//! There is one writer, and whoever holds it writes. Its own thread takes what has queued up,
//! handles each call on the state that the one before left, commits them together, publishes the
//! new state, and only then answers. A call that finds the writer idle and nobody waiting holds it
//! itself, which spares two changes of thread. A call that changes nothing never comes here. What
//! the account does by itself, a rotation, takes its turn among the calls.

use std::net::IpAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use account::entity::{Change, Located};
use account::rotation::Turn;
use account::{Outcome, Partition, SEED_BYTES, Supplied};
use arc_swap::ArcSwap;
use bytes::Bytes;
use jiff::Timestamp;
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::{Notify, mpsc, oneshot, watch};

use super::{Anchor, Store};
use crate::clock;

/// The account of this process.
#[derive(Debug, Clone)]
pub(crate) struct Ledger {
    partition: Arc<ArcSwap<Partition>>,
    writer: Arc<Mutex<Option<Writer>>>,
    queue: mpsc::Sender<Message>,
    changed: Arc<Notify>,
    news: watch::Receiver<()>,
}

/// A call, and where it came from.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) request: http::Request<Bytes>,
    pub(crate) source: Option<IpAddr>,
}

/// What a call leads to, and on which state. It leads to the same as long as that state is the
/// newest, so the writer need not handle it again then.
#[derive(Debug)]
pub(crate) struct Attempt {
    pub(crate) outcome: Outcome,
    // Where it changes something.
    on: Option<Arc<Partition>>,
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
    Job(Job),
    /// A key or a role was used; nobody waits for the record of it.
    Used(Box<Located>),
    Close,
}

#[derive(Debug)]
enum Job {
    Call(Arc<Call>, Box<Attempt>, Answer<Outcome>),
    Turn(Work, Answer<Turn>),
}

type Answer<T> = oneshot::Sender<Result<T, Unanswered>>;

/// What the account does by itself, on the state that the calls before it left.
struct Work(Box<Working>);

type Working = dyn FnOnce(&Arc<Partition>, Timestamp, [u8; SEED_BYTES]) -> Turn + Send;

impl std::fmt::Debug for Work {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Work")
    }
}

/// A job that was done, and whom to tell once it is kept.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all are calls, and a batch has few"
)]
enum Settled {
    Call(Answer<Outcome>, Result<Outcome, Unanswered>),
    Turn(Answer<Turn>, Result<Turn, Unanswered>),
}

impl Settled {
    fn tell(self) {
        match self {
            Self::Call(answer, outcome) => drop(answer.send(outcome)),
            Self::Turn(answer, turn) => drop(answer.send(turn)),
        }
    }

    fn fail(self) {
        match self {
            Self::Call(answer, _) => drop(answer.send(Err(Unanswered::Failed))),
            Self::Turn(answer, _) => drop(answer.send(Err(Unanswered::Failed))),
        }
    }
}

impl Attempt {
    /// What the call leads to on this state.
    fn again(self, partition: &Arc<Partition>, call: &Call) -> Result<Outcome, Unanswered> {
        match &self.on {
            Some(on) if Arc::ptr_eq(on, partition) => Ok(self.outcome),
            _ => handle(partition, call),
        }
    }
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
    /// Starts the writer. `anchor` says how far the record of calls is, for the store to keep.
    pub(crate) fn start(
        store: Arc<Store>,
        partition: Partition,
        anchor: impl Fn() -> Anchor + Send + 'static,
    ) -> std::io::Result<(Self, Writing)> {
        let partition = Arc::new(ArcSwap::from_pointee(partition));
        let (queue, messages) = mpsc::channel(QUEUE_JOBS);
        let changed = Arc::new(Notify::new());
        let (told, news) = watch::channel(());
        let writer = Arc::new(Mutex::new(Some(Writer {
            store,
            partition: Arc::clone(&partition),
            changed: Arc::clone(&changed),
            told,
            anchor: Box::new(anchor),
        })));
        let shared = Arc::clone(&writer);
        let thread = std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || {
                write(&shared, messages);
                // Closes the store, whoever still has a way to here.
                drop(shared.lock().unwrap_or_else(PoisonError::into_inner).take());
            })?;
        let writing = Writing {
            queue: queue.clone(),
            thread,
        };
        let ledger = Self {
            partition,
            writer,
            queue,
            changed,
            news,
        };
        Ok((ledger, writing))
    }

    /// What is true now.
    pub(crate) fn partition(&self) -> Arc<Partition> {
        self.partition.load_full()
    }

    /// What a call leads to as things are. If it changes something, that is only what
    /// [`Ledger::commit`] would come to now, and the answer is not to be sent.
    pub(crate) fn attempt(&self, call: &Call) -> Result<Attempt, Unanswered> {
        let on = self.partition.load();
        let outcome = handle(&on, call)?;
        // Whoever only reads spares itself the count of who holds the state.
        let changes = !outcome.changes.is_empty();
        let on = changes.then(|| Arc::clone(&on));
        Ok(Attempt { outcome, on })
    }

    /// Has the writer keep that a key or a role was used, unless it has enough to do for callers:
    /// a later call will bring the same news.
    pub(crate) fn note(&self, last: Located) {
        if self.queue.capacity() > QUEUE_JOBS / 2 {
            let _full_or_closed = self.queue.try_send(Message::Used(Box::new(last)));
        }
    }

    /// Has the writer keep what a call changes; returns after that is durable.
    pub(crate) async fn commit(
        &self,
        call: Arc<Call>,
        attempt: Attempt,
    ) -> Result<Outcome, Unanswered> {
        let (answer, mut outcome) = oneshot::channel();
        let job = Job::Call(call, Box::new(attempt), answer);
        let Some(job) = self.settle_here(job) else {
            return outcome.try_recv().unwrap_or(Err(Unanswered::Failed));
        };
        self.queue
            .try_send(Message::Job(job))
            .map_err(|error| match error {
                mpsc::error::TrySendError::Full(_) => Unanswered::Busy,
                mpsc::error::TrySendError::Closed(_) => Unanswered::Failed,
            })?;
        outcome.await.unwrap_or(Err(Unanswered::Failed))
    }

    /// Does a job on this thread, if nobody waits and the writer is idle. Gives it back otherwise.
    fn settle_here(&self, job: Job) -> Option<Job> {
        let is_alone = self.queue.capacity() == self.queue.max_capacity();
        // The disk is waited for: another thread has to go on with this one's tasks.
        if !is_alone || Handle::current().runtime_flavor() == RuntimeFlavor::CurrentThread {
            return Some(job);
        }
        let held = self.writer.try_lock();
        // Whoever waits for a writer that is broken or has ended is told so by the queue.
        let Some(writer) = held.as_deref().ok().and_then(Option::as_ref) else {
            return Some(job);
        };
        tokio::task::block_in_place(|| writer.settle(&mut vec![job], &mut Vec::new()));
        None
    }

    /// Has the writer do what the account does by itself; returns after that is durable.
    pub(crate) async fn turn(
        &self,
        work: impl FnOnce(&Arc<Partition>, Timestamp, [u8; SEED_BYTES]) -> Turn + Send + 'static,
    ) -> Result<Turn, Unanswered> {
        let (answer, turn) = oneshot::channel();
        let job = Job::Turn(Work(Box::new(work)), answer);
        let queued = self.queue.send(Message::Job(job)).await;
        queued.map_err(|_| Unanswered::Failed)?;
        turn.await.unwrap_or(Err(Unanswered::Failed))
    }

    /// Told of every change of the state that comes later.
    pub(crate) fn news(&self) -> watch::Receiver<()> {
        self.news.clone()
    }

    /// Returns when the state has changed since the last time. For one waiter.
    pub(crate) async fn changed(&self) {
        self.changed.notified().await;
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
    changed: Arc<Notify>,
    told: watch::Sender<()>,
    anchor: Box<dyn Fn() -> Anchor + Send>,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Writer")
    }
}

impl Writer {
    /// Handles, commits, publishes, answers; in this order.
    fn settle(&self, batch: &mut Vec<Job>, uses: &mut Vec<Located>) {
        let mut partition = self.partition.load_full();
        let mut changes = Vec::new();
        let mut settled = Vec::with_capacity(batch.len());
        for job in batch.drain(..) {
            settled.push(match job {
                Job::Call(call, attempt, answer) => {
                    let outcome = attempt.again(&partition, &call).and_then(|outcome| {
                        fold(&mut partition, &mut changes, &outcome.changes)?;
                        Ok(outcome)
                    });
                    Settled::Call(answer, outcome)
                }
                Job::Turn(work, answer) => {
                    let turn = take_turn(&partition, work).and_then(|turn| {
                        fold(&mut partition, &mut changes, &turn.changes)?;
                        Ok(turn)
                    });
                    Settled::Turn(answer, turn)
                }
            });
        }
        for last in uses.drain(..) {
            // Several calls at once bring the same news.
            if partition.is_news(&last) {
                let change = last.put();
                if Arc::make_mut(&mut partition).apply(change.clone()).is_ok() {
                    changes.push(change);
                }
            }
        }
        let mut before = None;
        if !changes.is_empty() {
            if let Err(error) = self.store.commit_at(&changes, Some((self.anchor)())) {
                tracing::error!(%error, "the last writes are not kept, or only after a restart");
                settled.into_iter().for_each(Settled::fail);
                return;
            }
            before = Some(self.partition.swap(partition));
        }
        settled.into_iter().for_each(Settled::tell);
        // Whoever called is waiting; whoever watches, and what nobody has any more, can wait.
        if before.is_some() {
            self.changed.notify_one();
            self.told.send_replace(());
        }
    }
}

/// Settles what queues up, until it is told to close.
fn write(writer: &Mutex<Option<Writer>>, mut messages: mpsc::Receiver<Message>) {
    let mut received = Vec::with_capacity(BATCH_JOBS);
    let mut batch = Vec::with_capacity(BATCH_JOBS);
    let mut uses = Vec::new();
    let mut is_open = true;
    while is_open && messages.blocking_recv_many(&mut received, BATCH_JOBS) > 0 {
        for message in received.drain(..) {
            match message {
                Message::Job(job) => batch.push(job),
                Message::Used(last) => uses.push(*last),
                Message::Close => is_open = false,
            }
        }
        let held = writer.lock();
        // Where a job broke it, nothing more is written, and callers are told so.
        let Some(writer) = held.as_deref().ok().and_then(Option::as_ref) else {
            return;
        };
        writer.settle(&mut batch, &mut uses);
    }
}

/// Applies the changes of one job, all or none.
fn fold(
    partition: &mut Arc<Partition>,
    all: &mut Vec<Change>,
    changes: &[Change],
) -> Result<(), Unanswered> {
    let mut after = Arc::clone(partition);
    for change in changes {
        Arc::make_mut(&mut after)
            .apply(change.clone())
            .map_err(|error| {
                tracing::error!(%error, "a call made a change that does not fit");
                Unanswered::Failed
            })?;
    }
    *partition = after;
    all.extend(changes.iter().cloned());
    Ok(())
}

fn take_turn(partition: &Arc<Partition>, Work(work): Work) -> Result<Turn, Unanswered> {
    let seed = clock::random().map_err(|_| Unanswered::Failed)?;
    let now = clock::now();
    catch_unwind(AssertUnwindSafe(|| work(partition, now, seed))).map_err(|_| Unanswered::Failed)
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

#[cfg(test)]
mod tests;
