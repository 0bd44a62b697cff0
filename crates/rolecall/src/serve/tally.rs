//! What was counted of reads, by listener and outcome. How it is shown is not known here.

use std::sync::atomic::{AtomicU64, Ordering};

use agent::access::Listener;
use agent::audit::Outcome;

/// Counters that only grow. Each is one number, so `Relaxed` is enough.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    counts: [[AtomicU64; OUTCOMES.len()]; LISTENERS.len()],
}

impl Tally {
    pub(crate) fn count(&self, listener: Listener, outcome: Outcome<'_>) {
        let outcome = match outcome {
            Outcome::Served { source, .. } => source.as_str(),
            Outcome::Denied => DENIED,
            Outcome::Failed(_) => FAILED,
        };
        let at = |names: &[&str]| names.iter().position(|name| *name == outcome);
        let row = LISTENERS.iter().position(|known| *known == listener);
        let row = row.and_then(|row| self.counts.get(row));
        let count = at(&OUTCOMES).and_then(|column| row?.get(column));
        if let Some(count) = count {
            count.fetch_add(1, Ordering::Relaxed);
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

const LISTENERS: [Listener; 9] = [
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
    use agent::audit::Source;

    use super::*;

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
