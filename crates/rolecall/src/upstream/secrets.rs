//! Secrets as the listeners ask for them: from memory where it may be, one fetch where it must be.
//!
//! No client waits for the service while there is something to serve: a value past its time is
//! waited for once, for [`STALE_WAIT`], and then served as long as the service fails.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use agent::ask::AWSCURRENT;
use agent::audit::Source;
use agent::aws_http::Refresh;
use agent::config::CacheLimits;
use agent::flights::{Seat, Ticket};
use agent::refresh::{self, Prefetch};
use agent::{Ask, Cache, Entry, Failure, Flights, Lookup, Priority, SecretVersion};
use arc_swap::{ArcSwap, Guard};
use protocol::Fault;
use tokio::sync::watch;
use tokio::time::timeout;

use super::{SnapshotFile, Upstream};
use crate::clock::{self, Stopwatch};
use crate::serve::Stop;

/// The cache, the fetches under way, and the way upstream.
#[derive(Debug)]
pub(crate) struct Secrets {
    // Read without a lock; changed by whoever led a fetch, under the lock of `flights`.
    cache: ArcSwap<Cache>,
    flights: Mutex<Flights<watch::Receiver<Landed>>>,
    upstream: Arc<Upstream>,
    prefetched: Vec<Ask>,
    stopwatch: Stopwatch,
}

/// A secret, and how good the answer is.
#[derive(Debug, Clone)]
pub(crate) struct Served {
    pub(crate) entry: Arc<Entry>,
    pub(crate) source: Source,
    pub(crate) age: Duration,
}

/// The same where it stands: processors that read one secret do not count its readers, for which
/// they would have to take turns.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Held<'a> {
    pub(crate) entry: &'a Arc<Entry>,
    pub(crate) source: Source,
    pub(crate) age: Duration,
}

impl Served {
    pub(crate) fn held(&self) -> Held<'_> {
        Held {
            entry: &self.entry,
            source: self.source,
            age: self.age,
        }
    }
}

impl Held<'_> {
    fn served(self) -> Served {
        Served {
            entry: Arc::clone(self.entry),
            source: self.source,
            age: self.age,
        }
    }
}

type Fetched = Result<Arc<Entry>, Failure>;
/// What a fetch led to, once it is over.
type Landed = Option<Fetched>;

impl Secrets {
    /// With nothing held yet. What `prefetched` names is fetched before anybody asks, and kept.
    pub(crate) fn new(
        limits: CacheLimits,
        prefetched: Vec<Ask>,
        upstream: Arc<Upstream>,
    ) -> Arc<Self> {
        let prefetched = if limits.prefetch {
            prefetched
        } else {
            Vec::new()
        };
        Arc::new(Self {
            cache: ArcSwap::from_pointee(Cache::new(limits)),
            flights: Mutex::default(),
            upstream,
            prefetched,
            stopwatch: Stopwatch::start(),
        })
    }

    /// Begins with what was held before.
    pub(crate) fn restore(&self, file: &SnapshotFile, limits: &CacheLimits) {
        if let Some(cache) = file.read(limits, self.stopwatch.moment()) {
            self.change(|_| Some(cache));
        }
    }

    /// Keeps the file up with what is held, and has it there at the end.
    pub(crate) async fn keep_snapshot(self: Arc<Self>, file: SnapshotFile, mut stop: Stop) {
        let file = Arc::new(file);
        let mut written = self.cache.load_full();
        loop {
            let is_over = tokio::select! {
                () = tokio::time::sleep(SNAPSHOT_PAUSE) => false,
                _ = stop.wait_for(|stop| *stop) => true,
            };
            let cache = self.cache.load_full();
            if !Arc::ptr_eq(&cache, &written) {
                let (file, cache, now) = (
                    Arc::clone(&file),
                    Arc::clone(&cache),
                    self.stopwatch.moment(),
                );
                // Files take their time, and so does sealing.
                let write = tokio::task::spawn_blocking(move || file.write(&cache, now));
                let _panicked = write.await;
            }
            written = cache;
            if is_over {
                return;
            }
        }
    }

    /// The way upstream.
    pub(crate) fn upstream(&self) -> &Arc<Upstream> {
        &self.upstream
    }

    /// Begins with what another one held, within its own limits.
    pub(crate) fn inherit(&self, cache: &Cache, limits: CacheLimits) {
        self.change(|_| Some(cache.limited(limits)));
    }

    /// What is held, for looking at.
    pub(crate) fn cache(&self) -> Arc<Cache> {
        self.cache.load_full()
    }

    /// How old the oldest value is that is held.
    pub(crate) fn oldest(&self) -> Duration {
        let now = self.stopwatch.moment();
        let cache = self.cache.load();
        let ages = cache.held().map(|(entry, _)| entry.age(now));
        ages.max().unwrap_or_default()
    }

    /// What is held at this moment, to look in with [`Secrets::held_in`].
    pub(crate) fn snapshot(&self) -> Guard<Arc<Cache>> {
        self.cache.load()
    }

    /// The secret, if it can be answered at once: fresh, or stale while the service fails.
    pub(crate) fn held_in<'a>(&self, cache: &'a Cache, ask: &Ask) -> Option<Held<'a>> {
        let now = self.stopwatch.moment();
        let (entry, source) = match cache.lookup(ask, now) {
            Lookup::Fresh(entry) => (entry, Source::Fresh),
            Lookup::Stale(entry, Some(_)) => (entry, Source::Stale),
            _ => return None,
        };
        let age = entry.age(now);
        Some(Held { entry, source, age })
    }

    fn held(&self, ask: &Ask) -> Option<Served> {
        self.held_in(&self.snapshot(), ask).map(Held::served)
    }

    /// The secret, from memory where `refresh` leaves it at that.
    pub(crate) async fn get(
        self: &Arc<Self>,
        ask: &Ask,
        refresh: &Refresh,
    ) -> Result<Served, Failure> {
        let now = self.stopwatch.moment();
        let ask_now = match refresh {
            Refresh::No => false,
            Refresh::Now => true,
            Refresh::Failed(version) => self.cache.load().wants_another(ask, version, now),
        };
        if ask_now {
            return self.refreshed(ask).await;
        }
        if let Some(served) = self.held(ask) {
            return Ok(served);
        }
        match self.cache.load().lookup(ask, now) {
            Lookup::Refused(failure) => return Err(failure.clone()),
            Lookup::Stale(..) => {}
            Lookup::Fresh(_) | Lookup::Missing => return self.refreshed(ask).await,
        }
        match timeout(STALE_WAIT, self.refreshed(ask)).await {
            Ok(served) => served,
            Err(_) => self.overdue(ask),
        }
    }

    /// Fetches what is to be there, and keeps what is read from going stale, until told to stop.
    pub(crate) async fn keep_fresh(self: Arc<Self>, mut stop: Stop) {
        let jitter = || clock::random().map_or(0, u16::from_be_bytes);
        let prefetch = refresh::prefetch(self.prefetched.len(), clock::since_boot(), jitter);
        let start = self.stopwatch.moment();
        loop {
            let (cache, now) = (self.cache.load_full(), self.stopwatch.moment());
            match &prefetch {
                Prefetch::AtOnce => self.start_all(&self.missing(&cache, |_| true)),
                Prefetch::Spread(moments) => {
                    let is_due =
                        |at: usize| moments.get(at).is_none_or(|at| *at <= now.since(start));
                    for ask in self.missing(&cache, is_due) {
                        let _under_way = self.board(&ask, Priority::Background);
                    }
                }
            }
            let due = cache.due(now).map(|entry| entry.ask());
            let due = due.filter(|ask| self.upstream.has_credentials(ask.role()));
            let due: Vec<_> = due.take(REFRESHED_MAX).cloned().collect();
            self.start_all(&due);
            self.change(|cache| cache.swept(now));
            tokio::select! {
                () = tokio::time::sleep(ROUND) => {}
                _ = stop.wait_for(|stop| *stop) => return,
            }
        }
    }

    /// Asks for all that is held, because somebody said that it has changed.
    pub(crate) fn refresh_all(self: &Arc<Self>) {
        let cache = self.cache.load_full();
        let held: Vec<_> = cache.held().map(|(entry, _)| entry.ask().clone()).collect();
        self.start_all(&held);
    }

    /// Those of what is to be there, by their place, that are not.
    fn missing(&self, cache: &Cache, is_due: impl Fn(usize) -> bool) -> Vec<Ask> {
        let asks = self.prefetched.iter().enumerate();
        let asks = asks.filter(|(at, _)| is_due(*at)).map(|(_, ask)| ask);
        let asks = asks.filter(|ask| self.upstream.has_credentials(ask.role()));
        cache.to_prefetch(asks, self.stopwatch.moment())
    }

    /// As the service has it now, else as it is held. However many ask, it is asked once.
    async fn refreshed(self: &Arc<Self>, ask: &Ask) -> Result<Served, Failure> {
        let mut landed = self.board(ask, Priority::Client)?;
        let fetched = match landed.wait_for(Option::is_some).await {
            Ok(landed) => landed.clone().unwrap_or(Err(Failure::Unreachable)),
            // The leader is gone without a word.
            Err(_) => Err(Failure::Unreachable),
        };
        match fetched {
            Ok(entry) => Ok(Served {
                age: entry.age(self.stopwatch.moment()),
                source: Source::Fetched,
                entry,
            }),
            Err(failure) => {
                let stale = self.held(ask).ok_or(failure)?;
                Ok(Served {
                    source: Source::Stale,
                    ..stale
                })
            }
        }
    }

    /// Serves what is held though the fetch is not over, and has nobody else wait for it.
    fn overdue(&self, ask: &Ask) -> Result<Served, Failure> {
        let now = self.stopwatch.moment();
        self.change(|cache| Some(cache.failed(ask, Failure::TimedOut, now)));
        self.held(ask).ok_or(Failure::TimedOut)
    }

    /// Joins the fetch of a secret, or starts it in a task of its own: a client that goes away
    /// takes nobody's fetch with it.
    fn board(
        self: &Arc<Self>,
        ask: &Ask,
        priority: Priority,
    ) -> Result<watch::Receiver<Landed>, Failure> {
        let (receiver, flight) = self.join(ask)?;
        if let Some(flight) = flight {
            let this = Arc::clone(self);
            tokio::spawn(async move {
                let asked = this.stopwatch.moment();
                let fetched = this.upstream.fetch(&flight.ask, priority).await;
                this.land(flight, asked, fetched);
            });
        }
        Ok(receiver)
    }

    /// The same for many, with nobody waiting yet.
    fn start_all(self: &Arc<Self>, asks: &[Ask]) {
        let joined = asks.iter().filter_map(|ask| self.join(ask).ok());
        let mut flights: Vec<_> = joined.filter_map(|(_, flight)| flight).collect();
        if flights.is_empty() {
            return;
        }
        let this = Arc::clone(self);
        tokio::spawn(async move {
            let asks: Vec<_> = flights.iter().map(|flight| flight.ask.clone()).collect();
            let asked = this.stopwatch.moment();
            for (ask, fetched) in this.upstream.fetch_many(&asks, Priority::Background).await {
                let at = flights.iter().position(|flight| flight.ask == ask);
                if let Some(at) = at {
                    this.land(flights.swap_remove(at), asked, fetched);
                }
            }
            // What the answer left out.
            for flight in flights {
                this.land(flight, asked, Err(Failure::Unreachable));
            }
        });
    }

    fn join(&self, ask: &Ask) -> Result<(watch::Receiver<Landed>, Option<Flight>), Failure> {
        let canonical = self.cache.load().canonical(ask);
        let (sender, receiver) = watch::channel(None);
        let now = self.stopwatch.moment();
        let seat = self.lock().join(&canonical, now, || receiver.clone());
        match seat {
            Seat::Follower(landed) => Ok((landed, None)),
            Seat::Full => {
                let message = "too many secrets are being fetched";
                Err(Failure::Throttled(
                    Fault::new("ThrottlingException", message).status(429),
                ))
            }
            Seat::Leader(ticket) => {
                let flight = Flight {
                    ask: ask.clone(),
                    canonical,
                    ticket,
                    sender,
                };
                Ok((receiver, Some(flight)))
            }
        }
    }

    /// Keeps what came, then wakes those who wait, so that whoever comes next finds it.
    fn land(
        self: &Arc<Self>,
        flight: Flight,
        asked: agent::Moment,
        fetched: Result<SecretVersion, Failure>,
    ) {
        let Flight {
            ask,
            canonical,
            ticket,
            sender,
        } = flight;
        let ask = &ask;
        let jitter = clock::random().map_or(0, u16::from_be_bytes);
        let fetched = fetched.map(|version| Arc::new(Entry::new(ask, version, asked, jitter)));
        match &fetched {
            Ok(entry) => {
                let before = self.cache.load_full();
                if before.is_failing(ask) {
                    tracing::info!(secret = ask.secret_id(), "a secret is fetched again");
                }
                self.change(|cache| Some(cache.stored(ask, entry)));
                self.after_rotation(&before, entry);
            }
            Err(failure) => {
                let (secret, now) = (ask.secret_id(), self.stopwatch.moment());
                // Once for an outage, not once for a try.
                if self.cache.load().is_failing(ask) {
                    tracing::debug!(secret, %failure, "a secret can still not be fetched");
                } else {
                    tracing::warn!(secret, %failure, "a secret could not be fetched");
                }
                self.change(|cache| Some(cache.failed(ask, failure.clone(), now)));
            }
        }
        self.lock().done(&canonical, ticket);
        let _nobody = sender.send(Some(fetched));
    }

    /// A secret that was rotated: what it was before is wanted as long as both are in use.
    fn after_rotation(self: &Arc<Self>, before: &Cache, entry: &Entry) {
        let ask = entry.ask();
        let was = before.entry(ask).map(|entry| &entry.version().version_id);
        let is_new = was.is_some_and(|was| *was != entry.version().version_id);
        if !is_new || ask.version_stage() != Some(AWSCURRENT) {
            return;
        }
        tracing::info!(secret = ask.secret_id(), "a secret has a new version");
        self.start_all(&[ask.at_stage(AWSPREVIOUS)]);
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

/// A fetch that this side leads.
#[derive(Debug)]
struct Flight {
    ask: Ask,
    canonical: Ask,
    ticket: Ticket,
    sender: watch::Sender<Landed>,
}

// How much of what was fetched a crash may lose.
const SNAPSHOT_PAUSE: Duration = Duration::from_secs(10);
const ROUND: Duration = Duration::from_secs(1);
// Bounds the burst that one round sends upstream.
const REFRESHED_MAX: usize = 100;
// Half of what the most impatient of the known clients waits.
const STALE_WAIT: Duration = Duration::from_millis(500);
const AWSPREVIOUS: &str = "AWSPREVIOUS";
