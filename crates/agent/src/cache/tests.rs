//! What a cache answers over time, and the same against a naive model.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use protocol::Fault;

use super::*;
use crate::entry::tests::{ARN, text, version};

const HOME: &str = "arn:aws:secretsmanager:us-east-1:123456789012:secret:";
const FOREIGN: &str = "arn:aws:secretsmanager:us-east-1:999999999999:secret:db-AbCdEf";

fn at(seconds: u64) -> Moment {
    Moment(Duration::from_secs(seconds))
}

fn ask(name: &str) -> Ask {
    Ask::new(name, None, None).unwrap()
}

fn limits() -> CacheLimits {
    CacheLimits {
        ttl: Duration::from_secs(100),
        max_stale: Duration::from_secs(1_000),
        entries_max: 3,
        bytes_max: 1 << 20,
        denied_grace: Duration::ZERO,
        ..CacheLimits::default()
    }
}

fn arn(name: &str) -> String {
    format!("{HOME}{name}-AbCdEf")
}

/// With the answer to `asked` stored: the secret `name` of `arn`, asked for at `seconds`.
fn with(cache: &Cache, asked: &str, name: &str, arn: &str, value: &str, seconds: u64) -> Cache {
    let entry = Entry::new(&ask(asked), version(name, arn, text(value)), at(seconds), 0);
    cache.stored(&ask(asked), &Arc::new(entry))
}

fn by_name(cache: &Cache, name: &str, value: &str, seconds: u64) -> Cache {
    with(cache, name, name, &arn(name), value, seconds)
}

fn denied() -> Failure {
    Failure::of_service(Fault::new("AccessDeniedException", "no"))
}

/// `fresh x`, `stale x`, `stale x, told`, `refused` or `missing`.
fn found(cache: &Cache, asked: &str, seconds: u64) -> String {
    let value = |entry: &Entry| match &entry.version().value {
        crate::Value::Text(value) | crate::Value::Binary(value) => {
            value.expose_text().unwrap().to_owned()
        }
    };
    match cache.lookup(&ask(asked), at(seconds)) {
        Lookup::Fresh(entry) => format!("fresh {}", value(entry)),
        Lookup::Stale(entry, None) => format!("stale {}", value(entry)),
        Lookup::Stale(entry, Some(_)) => format!("stale {}, told", value(entry)),
        Lookup::Refused(_) => "refused".to_owned(),
        Lookup::Missing => "missing".to_owned(),
    }
}

#[test]
fn a_value_is_fresh_then_stale_then_gone() {
    let cache = by_name(&Cache::new(limits()), "db", "x", 10);

    for (seconds, expect) in [
        (10, "fresh x"),
        (109, "fresh x"),
        (110, "stale x"),
        (1_109, "stale x"),
        (1_110, "missing"),
    ] {
        assert_eq!(found(&cache, "db", seconds), expect, "at {seconds}");
    }
}

#[test]
fn a_time_to_live_of_zero_asks_every_time_and_survives_an_outage() {
    let cache = Cache::new(CacheLimits {
        ttl: Duration::ZERO,
        ..limits()
    });
    let cache = by_name(&cache, "db", "x", 0);

    assert_eq!(found(&cache, "db", 0), "stale x");
    let cache = Cache::new(CacheLimits {
        ttl: Duration::ZERO,
        max_stale: Duration::ZERO,
        ..limits()
    });
    assert!(by_name(&cache, "db", "x", 0).is_empty());
}

#[test]
fn bad_weather_keeps_the_value_and_is_remembered() {
    let cache = by_name(&Cache::new(limits()), "db", "x", 0);
    for failure in [
        Failure::TimedOut,
        Failure::Unreachable,
        Failure::no_credentials(),
    ] {
        let cache = cache.failed(&ask("db"), failure, at(200));

        assert_eq!(found(&cache, "db", 50), "fresh x");
        assert_eq!(found(&cache, "db", 200), "stale x, told");
        assert_eq!(found(&cache, &arn("db"), 200), "stale x, told");
        assert_eq!(
            found(&cache, "db", 203),
            "stale x, told",
            "nobody waits again"
        );
        let swept = cache.swept(at(300)).unwrap_or(cache.clone());
        assert_eq!(found(&swept, "db", 300), "stale x, told");
        assert_eq!(found(&cache, "db", 1_100), "missing");
    }
}

#[test]
fn a_decision_ends_the_value_by_every_name() {
    let cache = by_name(&Cache::new(limits()), "db", "x", 0);
    let cache = cache.failed(&ask("db"), denied(), at(50));

    for name in ["db", &arn("db")] {
        assert_eq!(found(&cache, name, 50), "refused");
        assert_eq!(found(&cache, name, 54), "refused");
        assert_eq!(found(&cache, name, 55), "missing");
    }
    assert_eq!((cache.len(), cache.bytes()), (0, 0));
    assert_eq!(found(&by_name(&cache, "db", "y", 51), "db", 52), "fresh y");
}

#[test]
fn a_decision_is_obeyed_after_the_grace() {
    let limits = CacheLimits {
        denied_grace: Duration::from_mins(1),
        ..limits()
    };
    let cache = by_name(&Cache::new(limits), "db", "x", 0);
    let first = cache.failed(&ask("db"), denied(), at(50));
    for name in ["db", &arn("db")] {
        assert_eq!(found(&first, name, 50), "stale x, told");
        assert_eq!(found(&first, name, 109), "stale x, told");
        assert_ne!(found(&first, name, 110), "stale x, told");
    }
    assert_eq!(first.due(at(56)).count(), 1, "asked again meanwhile");
    assert_eq!(
        (first.is_empty(), first.swept(at(110)).unwrap().is_empty()),
        (false, true)
    );

    // The grace counts from the first denial, and only another answer ends it.
    let second = first.failed(&ask("db"), denied(), at(100));
    assert_ne!(found(&second, "db", 110), "stale x, told");
    let weather = first.failed(&ask("db"), Failure::TimedOut, at(100));
    assert_ne!(found(&weather, "db", 110), "stale x, told");
    let third = first.failed(&ask("db"), denied(), at(110));
    assert_eq!(
        (found(&third, "db", 110).as_str(), third.len()),
        ("refused", 0)
    );
    let mended = by_name(&first, "db", "y", 100);
    assert_eq!(found(&mended, "db", 150), "fresh y");
    assert!(mended.denied.is_empty());
}

#[test]
fn what_is_wanted_ahead_is_fetched_once_and_counts_as_used() {
    let cache = by_name(&Cache::new(limits()), "a", "x", 0);
    let asks = [ask("a"), ask("b"), ask("c")];
    let cache = cache.failed(&ask("c"), Failure::TimedOut, at(1));

    assert_eq!(cache.to_prefetch(asks.iter(), at(2)), [ask("b")]);
    assert_eq!(cache.to_prefetch(asks.iter(), at(4)), [ask("b"), ask("c")]);
    assert_eq!(cache.due(at(95)).count(), 1, "though nobody read it");
}

#[test]
fn a_client_that_keeps_failing_makes_one_call_in_ten_seconds() {
    let cache = by_name(&Cache::new(limits()), "db", "x", 0);
    let (db, held) = (ask("db"), version("db", ARN, text("x")).version_id);

    assert!(!cache.wants_another(&db, &held, at(9)), "just fetched");
    assert!(cache.wants_another(&db, &held, at(10)));
    assert!(
        !cache.wants_another(&db, "older", at(10)),
        "there is another already"
    );
    let failed = cache.failed(&db, Failure::TimedOut, at(10));
    assert!(!failed.wants_another(&db, &held, at(12)));
    assert!(failed.wants_another(&db, &held, at(13)));
    assert!(Cache::new(limits()).wants_another(&db, &held, at(0)));
}

#[test]
fn lower_limits_drop_the_least_recently_used() {
    let cache = by_name(&by_name(&Cache::new(limits()), "a", "x", 0), "b", "x", 1);
    let fewer = CacheLimits {
        entries_max: 1,
        ..limits()
    };
    let cache = cache.limited(fewer);

    assert_eq!(
        (cache.len(), found(&cache, "b", 1).as_str()),
        (1, "fresh x")
    );
}

#[test]
fn a_name_is_of_the_account_of_its_role() {
    let there = "arn:aws:secretsmanager:us-east-1:999999999999:secret:db-AbCdEf";
    let theirs = ask("db").by_role("reader");
    let entry = Entry::new(&theirs, version("db", there, text("theirs")), at(0), 0);
    let cache = by_name(&Cache::new(limits()), "db", "ours", 0);
    let cache = cache.stored(&theirs, &Arc::new(entry));

    assert_eq!(found(&cache, "db", 1), "fresh ours");
    assert_eq!(
        found(&with(&cache, there, "db", there, "x", 1), "db", 1),
        "fresh ours"
    );
    let homes: Vec<_> = cache
        .held()
        .map(|(entry, _)| cache.is_home(entry))
        .collect();
    assert_eq!(homes, [true, true]);
    assert!(matches!(cache.lookup(&theirs, at(1)), Lookup::Fresh(_)));
}

#[test]
fn a_failure_is_of_one_question() {
    let cache = by_name(&Cache::new(limits()), "db", "x", 0);
    let previous = Ask::new("db", None, Some("AWSPREVIOUS".to_owned())).unwrap();
    let cache = cache.failed(&previous, denied(), at(0));

    assert!(matches!(cache.lookup(&previous, at(1)), Lookup::Refused(_)));
    assert_eq!(found(&cache, "db", 1), "fresh x");
    assert_eq!(found(&cache, "other", 1), "missing");
}

#[test]
fn failures_that_are_remembered_are_bounded() {
    let mut cache = Cache::new(limits());
    for number in 0..REFUSALS_MAX + 10 {
        cache = cache.failed(&ask(&format!("n{number}")), denied(), at(0));
    }

    assert_eq!(cache.refusals.len(), REFUSALS_MAX);
    assert_eq!(found(&cache, "n1033", 1), "refused");
    assert!(cache.swept(at(4)).is_none());
    assert!(cache.swept(at(5)).unwrap().refusals.is_empty());
}

#[test]
fn a_secret_has_one_entry_by_all_its_names() {
    let cache = by_name(&Cache::new(limits()), "db", "x", 0);
    assert_eq!(found(&cache, ARN, 1), "fresh x");
    assert_eq!(cache.canonical(&ask("db")), ask(ARN));

    let partial = format!("{HOME}db");
    let cache = with(&cache, &partial, "db", ARN, "y", 2);
    for name in ["db", ARN, &partial] {
        assert_eq!(found(&cache, name, 3), "fresh y");
    }
    assert_eq!(cache.len(), 1);
}

#[test]
fn a_name_is_learnt_from_an_arn_only_at_home() {
    let empty = Cache::new(limits());
    let away = with(&empty, ARN, "db", ARN, "x", 0);
    assert_eq!(found(&away, "db", 1), "missing", "home is not known yet");

    let home = by_name(&empty, "other", "o", 0);
    assert_eq!(
        found(&with(&home, ARN, "db", ARN, "x", 0), "db", 1),
        "fresh x"
    );
    let foreign = with(&home, FOREIGN, "db", FOREIGN, "theirs", 0);
    assert_eq!(found(&foreign, "db", 1), "missing");
    assert_eq!(found(&foreign, FOREIGN, 1), "fresh theirs");
}

#[test]
fn a_name_that_means_another_secret_now_follows() {
    let reborn = format!("{HOME}db-ZzZzZz");
    let cache = by_name(&Cache::new(limits()), "db", "old", 0);
    let cache = with(&cache, "db", "db", &reborn, "new", 50);

    assert_eq!(found(&cache, "db", 51), "fresh new");
    assert_eq!(found(&cache, &reborn, 51), "fresh new");
    assert_eq!(found(&cache, ARN, 51), "fresh old");
    assert_eq!(cache.len(), 2);
}

#[test]
fn a_late_answer_does_not_replace_a_newer_one() {
    let cache = by_name(&Cache::new(limits()), "db", "new", 10);

    assert_eq!(
        found(&by_name(&cache, "db", "old", 9), "db", 11),
        "fresh new"
    );
    assert_eq!(
        found(&by_name(&cache, "db", "same", 10), "db", 11),
        "fresh same"
    );
}

#[test]
fn the_least_recently_used_goes_first_even_if_fetched_last() {
    let mut cache = Cache::new(limits());
    for (name, seconds) in [("a", 0), ("b", 1), ("c", 2)] {
        cache = by_name(&cache, name, name, seconds);
    }
    assert_eq!(found(&cache, "a", 10), "fresh a");
    assert_eq!(found(&cache, "c", 11), "fresh c");
    let cache = by_name(&cache, "d", "d", 12);

    assert_eq!(found(&cache, "b", 13), "missing");
    assert_eq!(found(&cache, &arn("b"), 13), "missing");
    assert_eq!(found(&cache, "a", 13), "fresh a");
}

#[test]
fn a_refresh_is_not_a_use() {
    let mut cache = Cache::new(limits());
    for (name, seconds) in [("a", 0), ("b", 1), ("c", 2), ("a", 50)] {
        cache = by_name(&cache, name, name, seconds);
    }

    assert_eq!(found(&by_name(&cache, "d", "d", 51), "a", 52), "missing");
}

#[test]
fn bytes_are_bounded_and_the_too_large_is_not_held() {
    let cache = Cache::new(CacheLimits {
        bytes_max: 10_000,
        ..limits()
    });
    let small = by_name(&cache, "a", &"x".repeat(2_000), 0);
    assert!(small.bytes() > 4_000);
    let second = by_name(&small, "b", &"x".repeat(2_000), 1);
    assert_eq!(
        (second.len(), found(&second, "a", 2).as_str()),
        (1, "missing")
    );
    let large = by_name(&second, "c", &"x".repeat(9_000), 3);
    assert_eq!(
        (large.len(), found(&large, "c", 4).as_str()),
        (1, "missing")
    );
    assert!(large.bytes() <= 10_000);
    let grown = by_name(&large, "b", &"x".repeat(9_000), 5);
    assert_eq!(
        (grown.len(), grown.bytes()),
        (0, 0),
        "the old value is not kept instead"
    );
}

#[test]
fn sweeping_drops_what_nobody_may_be_served() {
    let cache = by_name(&by_name(&Cache::new(limits()), "a", "a", 0), "b", "b", 500);
    assert!(cache.swept(at(1_099)).is_none());
    let swept = cache.swept(at(1_100)).unwrap();

    assert_eq!(
        (swept.len(), found(&swept, "b", 1_100).as_str()),
        (1, "stale b")
    );
    assert!(swept.swept(at(1_600)).unwrap().is_empty());
}

#[test]
fn a_refresh_comes_before_the_end_for_what_is_read() {
    for (random, from) in [(0, 75), (u16::MAX, 95), (u16::MAX / 2, 85)] {
        let entry = Entry::new(&ask("db"), version("db", ARN, text("x")), at(0), random);
        let cache = Cache::new(limits()).stored(&ask("db"), &Arc::new(entry));
        assert_eq!(cache.due(at(from)).count(), 0, "not read yet");
        found(&cache, "db", 1);

        assert_eq!(cache.due(at(from - 1)).count(), 0, "{random}");
        assert_eq!(cache.due(at(from)).count(), 1, "{random}");
        assert_eq!(cache.due(at(1_100)).count(), 0, "gone");
        let failed = cache.failed(&ask("db"), Failure::TimedOut, at(from));
        assert_eq!(failed.due(at(from)).count(), 0, "not again at once");
        assert_eq!(failed.due(at(from + 3)).count(), 1);
    }
}

#[test]
fn a_snapshot_does_not_change() {
    let before = by_name(&Cache::new(limits()), "db", "x", 0);
    let after = before.failed(&ask("db"), denied(), at(1));

    assert_eq!(found(&before, "db", 1), "fresh x");
    assert_eq!(found(&after, "db", 1), "refused");
}

/// What happens to a cache. Numbers choose one of five secrets.
#[derive(Debug, Clone)]
enum Step {
    Store {
        secret: u8,
        by_name: bool,
        size: usize,
    },
    Fail {
        secret: u8,
        decided: bool,
    },
    Read {
        secret: u8,
        by_name: bool,
    },
    Wait(u64),
    Sweep,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0..5_u8, any::<bool>(), 0..3_000_usize)
            .prop_map(|(secret, by_name, size)| Step::Store { secret, by_name, size }),
        1 => (0..5_u8, any::<bool>())
            .prop_map(|(secret, decided)| Step::Fail { secret, decided }),
        6 => (0..5_u8, any::<bool>())
            .prop_map(|(secret, by_name)| Step::Read { secret, by_name }),
        2 => (1..400_u64).prop_map(Step::Wait),
        1 => Just(Step::Sweep),
    ];
    proptest::collection::vec(step, 1..80)
}

/// The naive cache: one map, searched from end to end, times in seconds.
#[derive(Default)]
struct Model {
    held: BTreeMap<u8, Held>,
    names: BTreeSet<u8>,
    at_home: bool,
    refused: BTreeMap<(u8, bool), (u64, bool)>,
}

struct Held {
    value: String,
    size: usize,
    fetched: u64,
    used: u64,
}

impl Model {
    fn read(&mut self, secret: u8, by_name: bool, now: u64) -> String {
        let refused = self
            .refused
            .get(&(secret, by_name))
            .is_some_and(|(at, decided)| now < at + if *decided { 5 } else { 3 });
        let known = !by_name || self.names.contains(&secret);
        match self
            .held
            .get_mut(&secret)
            .filter(|held| known && now < held.fetched + 1_100)
        {
            Some(held) => {
                held.used = now;
                let failed = self.refused.contains_key(&(secret, by_name));
                match (now < held.fetched + 100, failed) {
                    (true, _) => format!("fresh {}", held.value),
                    (_, true) => format!("stale {}, told", held.value),
                    (_, false) => format!("stale {}", held.value),
                }
            }
            None if refused => "refused".to_owned(),
            None => "missing".to_owned(),
        }
    }

    fn store(&mut self, secret: u8, by_name: bool, value: &str, size: usize, now: u64) {
        self.at_home |= by_name;
        if by_name || self.at_home {
            self.names.insert(secret);
        }
        self.refused.remove(&(secret, false));
        if self.names.contains(&secret) {
            self.refused.remove(&(secret, true));
        }
        let used = self.held.remove(&secret).map_or(now, |held| held.used);
        if size > BYTES {
            self.names.remove(&secret);
            return;
        }
        while self.held.len() >= 3
            || self.held.values().map(|held| held.size).sum::<usize>() + size > BYTES
        {
            let (victim, _) = self
                .held
                .iter()
                .min_by_key(|(key, held)| (held.used, **key))
                .unwrap();
            let victim = *victim;
            self.drop(victim);
        }
        self.held.insert(
            secret,
            Held {
                value: value.to_owned(),
                size,
                fetched: now,
                used,
            },
        );
    }

    fn fail(&mut self, secret: u8, decided: bool, now: u64) {
        if self.held.contains_key(&secret) && self.names.contains(&secret) {
            self.refused.insert((secret, true), (now, decided));
        }
        self.refused.insert((secret, false), (now, decided));
        if decided {
            self.drop(secret);
        }
    }

    fn drop(&mut self, secret: u8) {
        self.held.remove(&secret);
        self.names.remove(&secret);
    }
}

const BYTES: usize = 10_000;

proptest! {
    #[test]
    fn agrees_with_the_naive_model(steps in steps()) {
        let mut cache = Cache::new(CacheLimits { bytes_max: BYTES, ..limits() });
        let mut model = Model::default();
        let mut now = 1;
        for (number, step) in steps.into_iter().enumerate() {
            // No two uses at one moment, so that the least recent one is one.
            now += 1;
            match step {
                Step::Store { secret, by_name, size } => {
                    let (name, value) = (format!("s{secret}"), format!("{number:0>size$}"));
                    let asked = if by_name { name.clone() } else { arn(&name) };
                    let version = version(&name, &arn(&name), text(&value));
                    let entry = Arc::new(Entry::new(&ask(&asked), version, at(now), 0));
                    cache = cache.stored(&ask(&asked), &entry);
                    model.store(secret, by_name, &value, entry.size(), now);
                }
                Step::Fail { secret, decided } => {
                    let failure = if decided { denied() } else { Failure::TimedOut };
                    cache = cache.failed(&ask(&arn(&format!("s{secret}"))), failure, at(now));
                    model.fail(secret, decided, now);
                }
                Step::Read { secret, by_name } => {
                    let name = format!("s{secret}");
                    let asked = if by_name { name } else { arn(&name) };
                    prop_assert_eq!(found(&cache, &asked, now), model.read(secret, by_name, now));
                }
                Step::Wait(seconds) => now += seconds,
                Step::Sweep => {
                    cache = cache.swept(at(now)).unwrap_or(cache);
                    let dead = model.held.iter().filter(|(_, held)| now >= held.fetched + 1_100);
                    for secret in dead.map(|(secret, _)| *secret).collect::<Vec<_>>() {
                        model.drop(secret);
                    }
                }
            }
            prop_assert_eq!(cache.len(), model.held.len());
            let bytes: usize = model.held.values().map(|held| held.size).sum();
            prop_assert_eq!(cache.bytes(), bytes);
            prop_assert!(cache.index.values().all(|entry| cache.kept.contains_key(entry.ask())));
        }
    }
}
