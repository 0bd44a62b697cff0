//! The order of things: reads on a snapshot, writers one after the other, commit before answer.
//!
//! One thread writes. It takes what has queued up, handles each call on the state that the one
//! before left, commits them together, publishes the new state, and only then answers. A call that
//! changes nothing never comes here. What the account does by itself, a rotation, takes its turn
//! among the calls. Where other servers write to the same engine, what one of theirs came before is
//! handled again on the state that it left.

mod writer;

use std::net::IpAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use account::entity::Located;
use account::rotation::Turn;
use account::{Outcome, Partition, SEED_BYTES, Supplied, s3};
use bytes::Bytes;
use jiff::Timestamp;
use tokio::sync::{Notify, mpsc, oneshot, watch};

use super::follow::Following;
use super::freshness::Asking;
use super::published::Published;
use super::{Alone, Anchor, CommitError, KeyStep, Keys, Store};
use crate::clock;
use crate::failure::Failure;

use writer::Writer;

/// The account of this process.
#[derive(Debug, Clone)]
pub(crate) struct Ledger {
    published: Arc<Published>,
    queue: mpsc::Sender<Message>,
    changed: Arc<Notify>,
    news: watch::Receiver<()>,
    /// Where others write too.
    asking: Option<Arc<Asking>>,
    /// When that was last asked for callers, and answered.
    asked: Arc<tokio::sync::Mutex<Option<Instant>>>,
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

/// Why a call has no outcome. Nothing was changed, unless the store says that it does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unanswered {
    /// Too many writes are waiting.
    Busy,
    /// It is not known whether what is known here is the newest.
    Stale,
    /// The store does not answer, or other servers write too much.
    Away,
    /// The store refused, or there is a mistake in here.
    Failed,
}

/// The writer, to be closed in good order: a store that is only abandoned is recovered when it is
/// opened again.
#[derive(Debug)]
pub(crate) struct Writing {
    queue: mpsc::Sender<Message>,
    thread: std::thread::JoinHandle<()>,
    followers: Vec<std::thread::JoinHandle<()>>,
    stop: Arc<AtomicBool>,
}

#[derive(Debug)]
enum Message {
    Job(Job),
    /// A key or a role was used; nobody waits for the record of it.
    Used(Box<Located>),
    /// How the data key is kept.
    Keys(KeyStep, oneshot::Sender<Result<Keys, CommitError>>),
    Close,
}

#[derive(Debug)]
enum Job {
    /// What it led to before, where that is known.
    Call(Arc<Call>, Option<Box<Attempt>>, Answer<Outcome>),
    /// A call of S3, which is handled again.
    Objects(Arc<s3::Call>, Answer<s3::Outcome>),
    Turn(Work, Answer<Turn>),
}

type Answer<T> = oneshot::Sender<Result<T, Unanswered>>;

/// What the account does by itself, on the state that the calls before it left.
struct Work(Box<Working>);

type Working = dyn Fn(&Arc<Partition>, Timestamp, [u8; SEED_BYTES]) -> Turn + Send;

impl std::fmt::Debug for Work {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Work")
    }
}

/// A job that was done, and whom to tell once it is kept; or to do it again.
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all are calls, and a batch has few"
)]
enum Settled {
    Call(Arc<Call>, Answer<Outcome>, Result<Outcome, Unanswered>),
    Objects(
        Arc<s3::Call>,
        Answer<s3::Outcome>,
        Result<s3::Outcome, Unanswered>,
    ),
    Turn(Work, Answer<Turn>, Result<Turn, Unanswered>),
}

impl Settled {
    fn tell(self) {
        match self {
            Self::Call(_, answer, outcome) => drop(answer.send(outcome)),
            Self::Objects(_, answer, outcome) => drop(answer.send(outcome)),
            Self::Turn(_, answer, turn) => drop(answer.send(turn)),
        }
    }

    fn again(self) -> Job {
        match self {
            Self::Call(call, answer, _) => Job::Call(call, None, answer),
            Self::Objects(call, answer, _) => Job::Objects(call, answer),
            Self::Turn(work, answer, _) => Job::Turn(work, answer),
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
    /// Starts the writer, and where other servers write too, what follows them. `anchor` says how
    /// far the record of calls is, for the store to keep.
    pub(crate) fn start(
        store: Arc<Store>,
        partition: Partition,
        anchor: impl Fn() -> Anchor + Send + 'static,
    ) -> std::io::Result<(Self, Writing)> {
        let published = Arc::new(Published::new(partition, store.revision()));
        let (queue, messages) = mpsc::channel(QUEUE_JOBS);
        let changed = Arc::new(Notify::new());
        let (told, news) = watch::channel(());
        let stop = Arc::new(AtomicBool::new(false));
        let (mut followers, mut asking) = (Vec::new(), None);
        if let Some(freshness) = store.freshness() {
            let following = Following {
                store: Arc::clone(&store),
                published: Arc::clone(&published),
                changed: Arc::clone(&changed),
                told: told.clone(),
                stop: Arc::clone(&stop),
            };
            followers.push(thread("follower", move || following.run())?);
            let shared = Arc::new(Asking {
                store: Arc::clone(&store),
                published: Arc::clone(&published),
                freshness,
                stop: Arc::clone(&stop),
            });
            let each = Arc::clone(&shared);
            followers.push(thread("freshness", move || each.run())?);
            asking = Some(shared);
        }
        let writer = Writer {
            store,
            published: Arc::clone(&published),
            changed: Arc::clone(&changed),
            told,
            anchor: Box::new(anchor),
        };
        let writing = Writing {
            queue: queue.clone(),
            thread: thread("writer", move || writer.run(messages))?,
            followers,
            stop,
        };
        let ledger = Self {
            published,
            queue,
            changed,
            news,
            asking,
            asked: Arc::default(),
        };
        Ok((ledger, writing))
    }

    /// Whether calls may be decided on what is known here: other servers' writes are known as of no
    /// longer ago than the bound.
    pub(crate) fn is_in_bound(&self) -> bool {
        self.asking
            .as_ref()
            .is_none_or(|asking| asking.is_in_bound())
    }

    /// Whether other servers write too.
    pub(crate) fn is_shared(&self) -> bool {
        self.asking.is_some()
    }

    /// Starts to hold what one server of several does alone; `None` where this is the only one.
    pub(crate) fn alone(&self, name: &str) -> std::io::Result<Option<Alone>> {
        let asking = self.asking.as_ref();
        let hold = asking.and_then(|asking| asking.store.records.engine.hold(name));
        hold.map(Alone::start).transpose()
    }

    /// Returns when all that any server had answered before is known here. However many wait, the
    /// engine is asked by one at a time, for all who came before it asked.
    pub(crate) async fn catch_up(&self) -> Result<(), Unanswered> {
        let Some(asking) = &self.asking else {
            return Ok(());
        };
        let called = Instant::now();
        let mut asked = self.asked.lock().await;
        if asked.is_some_and(|begun| begun >= called) {
            return Ok(());
        }
        let (asking, begun) = (Arc::clone(asking), Instant::now());
        match tokio::task::spawn_blocking(move || asking.ask()).await {
            Ok(Ok(())) => {
                *asked = Some(begun);
                Ok(())
            }
            _ => Err(Unanswered::Stale),
        }
    }

    /// What is true now.
    pub(crate) fn partition(&self) -> Arc<Partition> {
        self.published.load_full()
    }

    /// What a call leads to as things are. If it changes something, that is only what
    /// [`Ledger::commit`] would come to now, and the answer is not to be sent.
    pub(crate) fn attempt(&self, call: &Call) -> Result<Attempt, Unanswered> {
        if !self.is_in_bound() {
            return Err(Unanswered::Stale);
        }
        let on = self.published.load();
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
        let (answer, outcome) = oneshot::channel();
        let job = Job::Call(call, Some(Box::new(attempt)), answer);
        self.queue
            .try_send(Message::Job(job))
            .map_err(|error| match error {
                mpsc::error::TrySendError::Full(_) => Unanswered::Busy,
                mpsc::error::TrySendError::Closed(_) => Unanswered::Failed,
            })?;
        outcome.await.unwrap_or(Err(Unanswered::Failed))
    }

    /// What a call of S3 leads to as things are. What it changes is not kept.
    pub(crate) fn try_objects(&self, call: &s3::Call) -> Result<s3::Outcome, Unanswered> {
        if !self.is_in_bound() {
            return Err(Unanswered::Stale);
        }
        handle_objects(&self.published.load(), call)
    }

    /// Has the writer keep what a call of S3 changes; returns after that is durable.
    pub(crate) async fn objects(&self, call: Arc<s3::Call>) -> Result<s3::Outcome, Unanswered> {
        let (answer, outcome) = oneshot::channel();
        let job = Message::Job(Job::Objects(call, answer));
        self.queue.try_send(job).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Unanswered::Busy,
            mpsc::error::TrySendError::Closed(_) => Unanswered::Failed,
        })?;
        outcome.await.unwrap_or(Err(Unanswered::Failed))
    }

    /// Has the writer do what the account does by itself; returns after that is durable.
    pub(crate) async fn turn(
        &self,
        work: impl Fn(&Arc<Partition>, Timestamp, [u8; SEED_BYTES]) -> Turn + Send + 'static,
    ) -> Result<Turn, Unanswered> {
        let (answer, turn) = oneshot::channel();
        let job = Job::Turn(Work(Box::new(work)), answer);
        let queued = self.queue.send(Message::Job(job)).await;
        queued.map_err(|_| Unanswered::Failed)?;
        turn.await.unwrap_or(Err(Unanswered::Failed))
    }

    /// Has the writer take a step of an exchange of root keys; returns after that is durable.
    pub(crate) async fn keys(&self, step: KeyStep) -> Result<Keys, Failure> {
        let (answer, answered) = oneshot::channel();
        let ended = || Failure::unfinished("the account is stopping");
        let queued = self.queue.send(Message::Keys(step, answer)).await;
        queued.map_err(|_| ended())?;
        let answer = answered.await.map_err(|_| ended())?;
        answer.map_err(|error| {
            Failure::unfinished(error.to_string())
                .hint("nothing is lost: the old root key opens it as before")
        })
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
        let join = move || {
            // The writer may need them to its end.
            let written = self.thread.join();
            self.stop.store(true, Ordering::Release);
            let mut followers = self.followers.into_iter();
            followers.all(|thread| thread.join().is_ok()) && written.is_ok()
        };
        let joined = tokio::task::spawn_blocking(join).await;
        if !matches!(joined, Ok(true)) {
            tracing::error!("the writer did not end in good order");
        }
    }
}

fn thread(
    name: &str,
    work: impl FnOnce() + Send + 'static,
) -> std::io::Result<std::thread::JoinHandle<()>> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(work)
}

fn handle_objects(partition: &Arc<Partition>, call: &s3::Call) -> Result<s3::Outcome, Unanswered> {
    let seed = clock::random().map_err(|_| Unanswered::Failed)?;
    let now = clock::now();
    catch_unwind(AssertUnwindSafe(|| s3::handle(partition, call, now, seed)))
        .map_err(|_| Unanswered::Failed)
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
