//! What was counted of reads, by listener and outcome, and how long those took that asked the
//! service. How it is shown is not known here.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use agent::Failure;
use agent::access::Listener;
use agent::audit::{Outcome, Source};
use agent::metrics::Fetches;

use crate::clock::Stopwatch;
use crate::upstream::Served;

/// Counters that only grow. Each is one number, so `Relaxed` is enough.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    shards: [Shard; SHARDS],
    unknown_resource: AtomicU64,
    unknown_key: AtomicU64,
    failed: AtomicU64,
    no_session: AtomicU64,
    no_role: AtomicU64,
    latencies: Latencies,
}

/// The counts of some threads: processors that add to one number take turns with its memory.
#[derive(Debug, Default)]
#[repr(align(64))]
struct Shard([[AtomicU64; OUTCOMES.len()]; LISTENERS.len()]);

thread_local! {
    static SHARD: usize = {
        static THREADS: AtomicUsize = AtomicUsize::new(0);
        THREADS.fetch_add(1, Ordering::Relaxed) % SHARDS
    };
}

/// How long the latest took, in microseconds; 0 where there were not so many yet.
#[derive(Debug)]
struct Latencies {
    ring: [AtomicU64; LATENCIES_MAX],
    next: AtomicUsize,
}

impl Tally {
    /// A client named a resource that is not configured.
    pub(super) fn unknown_resource(&self) {
        add(&self.unknown_resource);
    }

    /// A read asked the service, or found that it must not be asked yet.
    pub(super) fn fetched(&self, found: &Result<Served, Failure>, by_role: bool, start: Stopwatch) {
        match found {
            Ok(served) if served.source == Source::Fresh => return,
            Ok(_) => {}
            Err(Failure::Credentials(_)) if by_role => add(&self.no_role),
            Err(Failure::Credentials(_)) => add(&self.no_session),
            Err(_) => add(&self.failed),
        }
        self.latencies.add(start.elapsed());
    }

    /// As the field sorts them.
    pub(super) fn fetches(&self) -> Fetches {
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let served = |outcome| outcome != DENIED && outcome != FAILED;
        let counts = self.counts();
        let succeeded = counts.filter(|(_, outcome, _)| served(*outcome));
        let [latency_p50, latency_p95] = self.latencies.quantiles([50, 95]);
        Fetches {
            succeeded: succeeded.map(|(_, _, count)| count).sum(),
            failed: of(&self.failed),
            unknown_resource: of(&self.unknown_resource),
            unknown_key: of(&self.unknown_key),
            no_session: of(&self.no_session),
            no_role: of(&self.no_role),
            latency_p50,
            latency_p95,
        }
    }

    pub(crate) fn count(&self, listener: Listener, outcome: Outcome<'_>) {
        let column = match outcome {
            Outcome::Served { source, .. } => match source {
                Source::Fresh => 0,
                Source::Stale => 1,
                Source::Fetched => 2,
            },
            Outcome::Denied => 3,
            Outcome::Failed(code) => {
                if code == KEY_NOT_FOUND {
                    add(&self.unknown_key);
                }
                4
            }
        };
        // The columns of `OUTCOMES` and the rows of `LISTENERS`, which a test holds against this.
        let shard = self.shards.get(SHARD.with(|shard| *shard));
        let row = shard.and_then(|shard| shard.0.get(listener as usize));
        if let Some(count) = row.and_then(|row| row.get(column)) {
            add(count);
        }
    }

    /// Every count with the listener and the outcome that it is of.
    pub(crate) fn counts(&self) -> impl Iterator<Item = (Listener, &'static str, u64)> {
        let all = move |row: usize, column: usize| {
            let rows = self.shards.iter().filter_map(move |shard| shard.0.get(row));
            let counts = rows.filter_map(|row| row.get(column));
            counts.map(|count| count.load(Ordering::Relaxed)).sum()
        };
        let listeners = LISTENERS.into_iter().enumerate();
        listeners.flat_map(move |(row, listener)| {
            let outcomes = OUTCOMES.into_iter().enumerate();
            outcomes.map(move |(column, outcome)| (listener, outcome, all(row, column)))
        })
    }
}

impl Default for Latencies {
    fn default() -> Self {
        Self {
            ring: std::array::from_fn(|_| AtomicU64::new(0)),
            next: AtomicUsize::new(0),
        }
    }
}

impl Latencies {
    fn add(&self, took: Duration) {
        let at = self.next.fetch_add(1, Ordering::Relaxed) % LATENCIES_MAX;
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        if let Some(slot) = self.ring.get(at) {
            slot.store(micros.max(1), Ordering::Relaxed);
        }
    }

    /// The least time that so many of 100 did not exceed.
    fn quantiles<const N: usize>(&self, percents: [usize; N]) -> [Duration; N] {
        let latencies = self.ring.iter().map(|slot| slot.load(Ordering::Relaxed));
        let mut latencies: Vec<u64> = latencies.filter(|micros| *micros > 0).collect();
        latencies.sort_unstable();
        percents.map(|percent| {
            let rank = (latencies.len() * percent).div_ceil(100);
            let found = latencies.get(rank.saturating_sub(1));
            Duration::from_micros(found.copied().unwrap_or_default())
        })
    }
}

fn add(count: &AtomicU64) {
    count.fetch_add(1, Ordering::Relaxed);
}

// The threads of the runtime are one for each processor, and few.
const SHARDS: usize = 8;
// Reads that ask the service are few; these are the last minutes of them.
const LATENCIES_MAX: usize = 1_024;
pub(super) const LISTENERS: [Listener; 9] = [
    Listener::Tcp,
    Listener::MutualTls,
    Listener::Uds,
    Listener::Management,
    Listener::AwsHttp,
    Listener::AwsSocket,
    Listener::Sdk,
    Listener::ContainerCredentials,
    Listener::SystemdCredentials,
];
const DENIED: &str = "denied";
const FAILED: &str = "failed";
const OUTCOMES: [&str; 5] = ["hit", "stale", "miss", DENIED, FAILED];

/// The code of a read whose secret has no such key.
pub(super) const KEY_NOT_FOUND: &str = "KeyNotFound";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_of_the_latest() {
        let latencies = Latencies::default();
        assert_eq!(latencies.quantiles([50, 95]), [Duration::ZERO; 2]);
        for _ in 0..LATENCIES_MAX {
            latencies.add(Duration::from_secs(9));
        }
        for millis in 0..LATENCIES_MAX {
            latencies.add(Duration::from_millis(u64::try_from(millis).unwrap()));
        }
        let expect = [511, 972].map(Duration::from_millis);
        assert_eq!(latencies.quantiles([50, 95]), expect);
    }

    #[test]
    fn a_read_without_credentials_is_counted_as_the_fields_do() {
        let tally = Tally::default();
        let start = Stopwatch::start();
        tally.fetched(&Err(Failure::no_credentials()), false, start);
        tally.fetched(&Err(Failure::no_credentials()), true, start);
        tally.fetched(&Err(Failure::TimedOut), true, start);
        tally.unknown_resource();
        tally.count(Listener::Tcp, Outcome::Failed(KEY_NOT_FOUND));
        let fetches = tally.fetches();

        assert_eq!(
            (fetches.no_session, fetches.no_role, fetches.failed),
            (1, 1, 1)
        );
        assert_eq!((fetches.unknown_resource, fetches.unknown_key), (1, 1));
        assert!(fetches.latency_p50 > Duration::ZERO && fetches.succeeded == 0);
    }

    #[test]
    fn a_read_is_counted_where_it_belongs() {
        let entry = agent::SecretVersion {
            arn: String::new(),
            name: String::new(),
            version_id: String::new(),
            version_stages: Vec::new(),
            created: jiff::Timestamp::UNIX_EPOCH,
            value: agent::Value::Text(protocol::Secret::from_text(String::new())),
        };
        for listener in LISTENERS {
            let tally = Tally::default();
            let served = [Source::Fresh, Source::Stale, Source::Fetched];
            let outcomes = served.map(|source| Outcome::Served {
                version: &entry,
                source,
                age: Duration::ZERO,
            });
            for (at, outcome) in outcomes.into_iter().enumerate() {
                (0..=at).for_each(|_| tally.count(listener, outcome));
            }
            (0..4).for_each(|_| tally.count(listener, Outcome::Denied));
            (0..5).for_each(|_| tally.count(listener, Outcome::Failed("x")));
            let counts: Vec<_> = tally.counts().filter(|it| it.0 == listener).collect();
            let expect = [
                (listener, "hit", 1),
                (listener, "stale", 2),
                (listener, "miss", 3),
                (listener, "denied", 4),
                (listener, "failed", 5),
            ];
            assert_eq!(counts, expect);
        }
    }

    #[test]
    fn each_outcome_of_each_listener_is_counted_once() {
        let tally = Tally::default();
        for listener in LISTENERS {
            tally.count(listener, Outcome::Denied);
            tally.count(listener, Outcome::Failed("x"));
        }
        let sum: u64 = tally.counts().map(|(_, _, count)| count).sum();
        let sources = [Source::Fresh, Source::Stale, Source::Fetched];

        assert_eq!(sum, 18);
        assert!(sources.iter().all(|it| OUTCOMES.contains(&it.as_str())));
        assert!(tally.counts().any(|it| it == (Listener::Sdk, "denied", 1)));
    }
}
