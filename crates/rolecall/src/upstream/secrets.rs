//! Secrets as the listeners ask for them: from memory where it may be, one fetch where it must be.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use agent::config::CacheLimits;
use agent::flights::Seat;
use agent::{Ask, Cache, Entry, Failure, Flights, Lookup, Priority};
use arc_swap::ArcSwap;
use protocol::Fault;
use tokio::sync::watch;

use super::Upstream;
use crate::clock::{self, Stopwatch};
use crate::serve::Stop;

/// The cache, the fetches under way, and the way upstream.
#[derive(Debug)]
pub(crate) struct Secrets {
    // Read without a lock; changed by whoever led a fetch, under the lock of `flights`.
    cache: ArcSwap<Cache>,
    flights: Mutex<Flights<watch::Receiver<Landed>>>,
    upstream: Arc<Upstream>,
    stopwatch: Stopwatch,
}

type Fetched = Result<Arc<Entry>, Failure>;
/// What a fetch led to, once it is over.
type Landed = Option<Fetched>;

impl Secrets {
    pub(crate) fn new(limits: CacheLimits, upstream: Arc<Upstream>) -> Arc<Self> {
        Arc::new(Self {
            cache: ArcSwap::from_pointee(Cache::new(limits)),
            flights: Mutex::default(),
            upstream,
            stopwatch: Stopwatch::start(),
        })
    }

    /// The secret, fresh from memory if it is there.
    pub(crate) async fn get(self: &Arc<Self>, ask: &Ask) -> Fetched {
        let stale = match self.cache.load().lookup(ask, self.stopwatch.moment()) {
            Lookup::Fresh(entry) | Lookup::Stale(entry, Some(_)) => return Ok(Arc::clone(entry)),
            Lookup::Refused(failure) => return Err(failure.clone()),
            Lookup::Stale(entry, None) => Some(Arc::clone(entry)),
            Lookup::Missing => None,
        };
        match (self.refresh(ask).await, stale) {
            (Err(failure), Some(stale)) if failure.keeps_stale() => Ok(stale),
            (fetched, _) => fetched,
        }
    }

    /// The secret as the service has it now. However many ask, it is asked once.
    pub(crate) async fn refresh(self: &Arc<Self>, ask: &Ask) -> Fetched {
        let mut landed = match self.board(ask, Priority::Client) {
            Ok(landed) => landed,
            Err(failure) => return Err(failure),
        };
        match landed.wait_for(Option::is_some).await {
            Ok(landed) => landed.clone().unwrap_or(Err(Failure::Unreachable)),
            // The leader is gone without a word.
            Err(_) => Err(Failure::Unreachable),
        }
    }

    /// Keeps what is read often from going stale, until told to stop.
    pub(crate) async fn keep_fresh(self: Arc<Self>, mut stop: Stop) {
        loop {
            tokio::select! {
                () = tokio::time::sleep(ROUND) => {}
                _ = stop.wait_for(|stop| *stop) => return,
            }
            let (cache, now) = (self.cache.load_full(), self.stopwatch.moment());
            for entry in cache.due(now).take(REFRESHED_MAX) {
                // Whoever reads it meanwhile joins this fetch.
                let _under_way = self.board(entry.ask(), Priority::Background);
            }
            self.change(|cache| cache.swept(now));
        }
    }

    /// Joins the fetch of a secret, or starts it in a task of its own: a client that goes away
    /// takes nobody's fetch with it.
    fn board(
        self: &Arc<Self>,
        ask: &Ask,
        priority: Priority,
    ) -> Result<watch::Receiver<Landed>, Failure> {
        let canonical = self.cache.load().canonical(ask);
        let (sender, receiver) = watch::channel(None);
        let now = self.stopwatch.moment();
        let seat = self.lock().join(&canonical, now, || receiver.clone());
        let ticket = match seat {
            Seat::Follower(landed) => return Ok(landed),
            Seat::Full => {
                let message = "too many secrets are being fetched";
                return Err(Failure::Throttled(
                    Fault::new("ThrottlingException", message).status(429),
                ));
            }
            Seat::Leader(ticket) => ticket,
        };
        let (this, ask) = (Arc::clone(self), ask.clone());
        tokio::spawn(async move {
            let fetched = this.fetch(&ask, priority).await;
            this.keep(&ask, &fetched);
            // After it is kept, so that whoever comes next finds it.
            this.lock().done(&canonical, ticket);
            let _nobody = sender.send(Some(fetched));
        });
        Ok(receiver)
    }

    async fn fetch(&self, ask: &Ask, priority: Priority) -> Fetched {
        let asked = self.stopwatch.moment();
        let version = self.upstream.fetch(ask, priority).await?;
        let jitter = clock::random().map_or(0, u16::from_be_bytes);
        Ok(Arc::new(Entry::new(ask, version, asked, jitter)))
    }

    fn keep(&self, ask: &Ask, fetched: &Fetched) {
        match fetched {
            Ok(entry) => self.change(|cache| Some(cache.stored(ask, entry))),
            Err(failure) => {
                tracing::warn!(secret = ask.secret_id(), %failure, "a secret could not be fetched");
                let now = self.stopwatch.moment();
                self.change(|cache| Some(cache.failed(ask, failure.clone(), now)));
            }
        }
    }

    fn change(&self, change: impl FnOnce(&Cache) -> Option<Cache>) {
        let _writers_in_turn = self.lock();
        if let Some(cache) = change(&self.cache.load()) {
            self.cache.store(Arc::new(cache));
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Flights<watch::Receiver<Landed>>> {
        // A panic under the lock leaves a table that is still whole.
        self.flights.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const ROUND: Duration = Duration::from_secs(1);
// Bounds the burst that one round sends upstream.
const REFRESHED_MAX: usize = 16;
