//! What was counted of reads, by listener and outcome, and how long those took that asked the
//! service. How it is shown is not known here.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use agent::Failure;
use agent::access::Listener;
use agent::audit::{Outcome, Source};
use agent::metrics::Fetches;

use super::reads::KEY_NOT_FOUND;
use crate::clock::Stopwatch;
use crate::upstream::Served;

/// Counters that only grow. Each is one number, so `Relaxed` is enough.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    counts: [[AtomicU64; OUTCOMES.len()]; LISTENERS.len()],
    unknown_resource: AtomicU64,
    unknown_key: AtomicU64,
    failed: AtomicU64,
    no_session: AtomicU64,
    no_role: AtomicU64,
    latencies: Latencies,
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
        let outcome = match outcome {
            Outcome::Served { source, .. } => source.as_str(),
            Outcome::Denied => DENIED,
            Outcome::Failed(code) => {
                if code == KEY_NOT_FOUND {
                    add(&self.unknown_key);
                }
                FAILED
            }
        };
        let at = |names: &[&str]| names.iter().position(|name| *name == outcome);
        let row = LISTENERS.iter().position(|known| *known == listener);
        let row = row.and_then(|row| self.counts.get(row));
        let count = at(&OUTCOMES).and_then(|column| row?.get(column));
        if let Some(count) = count {
            add(count);
        }
    }

    /// Every count with the listener and the outcome that it is of.
    pub(crate) fn counts(&self) -> impl Iterator<Item = (Listener, &'static str, u64)> {
        LISTENERS
            .iter()
            .zip(&self.counts)
            .flat_map(|(listener, row)| {
                let counts = OUTCOMES.iter().zip(row);
                counts.map(|(outcome, count)| (*listener, *outcome, count.load(Ordering::Relaxed)))
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
