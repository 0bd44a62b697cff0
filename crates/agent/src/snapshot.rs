//! What is held, as bytes that survive a restart, and back.
//!
//! The bytes hold every value in clear: the world seals them before they touch a disk. Ages go on
//! while nobody runs, by the wall clock; what comes back is never fresh, so the service is asked
//! before it is served, and it is served only where the service fails.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use protocol::Secret;
use protocol::json::{self, Sink};
use serde::Deserialize;

use crate::ask::Ask;
use crate::cache::Cache;
use crate::config::CacheLimits;
use crate::entry::{Entry, SecretVersion};
use crate::moment::Moment;
use crate::value::Value;

/// Bytes that are no snapshot of this version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it does not hold what a snapshot holds")]
pub struct NotASnapshot;

/// All that is held at `now`, which is `wall` by the wall clock.
pub fn write(cache: &Cache, now: Moment, wall: Timestamp) -> Secret {
    json::secret(|to| {
        to.raw(b"{\"format\":1,\"saved\":");
        to.string(&wall.to_string());
        to.raw(b",\"entries\":");
        list(to, cache.held(), |to, (entry, asks)| {
            to.raw(b"{\"age_millis\":");
            to.raw(entry.age(now).as_millis().to_string().as_bytes());
            version(to, entry.version());
            to.raw(b",\"role\":");
            optional(to, entry.ask().role());
            to.raw(b",\"asks\":");
            list(to, asks.iter(), |to, ask| {
                list(
                    to,
                    [Some(ask.secret_id()), ask.version_id(), ask.version_stage()].into_iter(),
                    optional,
                );
            });
            to.raw(b"}");
        });
        to.raw(b"}");
    })
}

/// The cache that was written, without what is too old to be served at `wall`.
///
/// # Errors
///
/// [`NotASnapshot`].
pub fn read(
    bytes: &[u8],
    limits: CacheLimits,
    now: Moment,
    wall: Timestamp,
) -> Result<Cache, NotASnapshot> {
    let saved: Saved<'_> = serde_json::from_slice(bytes).map_err(|_| NotASnapshot)?;
    if saved.format != FORMAT {
        return Err(NotASnapshot);
    }
    // A wall clock that was set back says nothing: then only what has passed before counts.
    let since = Duration::try_from(wall.duration_since(saved.at)).unwrap_or_default();
    let (ttl, kept_for) = (limits.ttl, limits.kept_for());
    let mut cache = Cache::new(limits);
    for entry in saved.entries {
        let age = (Duration::from_millis(entry.age_millis) + since).max(ttl);
        if age >= kept_for {
            continue;
        }
        let fetched = Moment(now.0.checked_sub(age).ok_or(NotASnapshot)?);
        cache = restore(&cache, entry, fetched).ok_or(NotASnapshot)?;
    }
    Ok(cache)
}

fn restore(cache: &Cache, entry: SavedEntry<'_>, fetched: Moment) -> Option<Cache> {
    let ask = |(id, version, stage): (String, Option<String>, Option<String>)| {
        let ask = Ask::new(id, version, stage).ok()?;
        Some(match &entry.role {
            Some(role) => ask.by_role(role.as_str()),
            None => ask,
        })
    };
    let mut asks = entry
        .asks
        .into_iter()
        .map(ask)
        .collect::<Option<Vec<_>>>()?;
    // Names first: they tell which account names mean.
    asks.sort_by_key(|ask| ask.secret_id().starts_with("arn:"));
    let value = match (entry.text, entry.binary) {
        (Some(text), None) => Value::Text(Secret::from_text(text.into_owned())),
        (None, Some(binary)) => Value::Binary(Secret::new(STANDARD.decode(&*binary).ok()?)),
        _ => return None,
    };
    let version = SecretVersion {
        arn: entry.arn,
        name: entry.name,
        version_id: entry.version_id,
        version_stages: entry.stages,
        created: entry.created,
        value,
    };
    let first = asks.first()?;
    let held = Arc::new(Entry::new(first, version, fetched, 0));
    let stored = |cache: Cache, ask: &Ask| cache.stored(ask, &held);
    Some(asks.iter().fold(cache.clone(), stored))
}

fn version(to: &mut dyn Sink, version: &SecretVersion) {
    let created = version.created.to_string();
    let texts = [
        (&b",\"arn\":"[..], &version.arn),
        (b",\"name\":", &version.name),
        (b",\"version_id\":", &version.version_id),
        (b",\"created\":", &created),
    ];
    for (key, text) in texts {
        to.raw(key);
        to.string(text);
    }
    to.raw(b",\"stages\":");
    list(to, version.version_stages.iter(), |to, stage| {
        to.string(stage);
    });
    match &version.value {
        Value::Text(value) if value.expose_text().is_some() => {
            to.raw(b",\"text\":");
            to.string(value.expose_text().unwrap_or_default());
        }
        Value::Text(value) | Value::Binary(value) => {
            to.raw(b",\"binary\":");
            to.base64(value.expose());
        }
    }
}

fn list<T>(to: &mut dyn Sink, items: impl Iterator<Item = T>, write: impl Fn(&mut dyn Sink, T)) {
    to.raw(b"[");
    for (at, item) in items.enumerate() {
        if at > 0 {
            to.raw(b",");
        }
        write(to, item);
    }
    to.raw(b"]");
}

fn optional(to: &mut dyn Sink, text: Option<&str>) {
    match text {
        Some(text) => to.string(text),
        None => to.raw(b"null"),
    }
}

#[derive(Deserialize)]
struct Saved<'a> {
    format: u32,
    #[serde(rename = "saved")]
    at: Timestamp,
    #[serde(borrow)]
    entries: Vec<SavedEntry<'a>>,
}

#[derive(Deserialize)]
struct SavedEntry<'a> {
    age_millis: u64,
    arn: String,
    name: String,
    version_id: String,
    created: Timestamp,
    stages: Vec<String>,
    #[serde(default, borrow)]
    text: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    binary: Option<Cow<'a, str>>,
    role: Option<String>,
    asks: Vec<(String, Option<String>, Option<String>)>,
}

const FORMAT: u32 = 1;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::cache::Lookup;
    use crate::entry::tests::{ARN, text, version};
    use crate::failure::Failure;

    const WALL: Timestamp = Timestamp::UNIX_EPOCH;

    fn at(seconds: u64) -> Moment {
        Moment(Duration::from_secs(1_000_000 + seconds))
    }

    fn ask(name: &str) -> Ask {
        Ask::new(name, None, None).unwrap()
    }

    fn limits() -> CacheLimits {
        CacheLimits {
            ttl: Duration::from_secs(100),
            max_stale: Duration::from_mins(15),
            ..CacheLimits::default()
        }
    }

    fn held(ask: &Ask, value: Value) -> Cache {
        let entry = Entry::new(ask, version("db", ARN, value), at(0), 0);
        Cache::new(limits()).stored(ask, &Arc::new(entry))
    }

    fn later(seconds: i64) -> Timestamp {
        WALL + jiff::SignedDuration::from_secs(seconds)
    }

    /// What is found in a cache that was written at 10 and read `seconds` of the wall clock later.
    fn found(cache: &Cache, ask: &Ask, seconds: i64) -> Option<(Vec<u8>, u64)> {
        let bytes = write(cache, at(10), WALL);
        let read = read(bytes.expose(), limits(), at(0), later(seconds)).unwrap();
        match read.lookup(ask, at(0)) {
            Lookup::Stale(entry, None) => Some((entry.body().to_vec(), entry.age(at(0)).as_secs())),
            Lookup::Missing => None,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_comes_back_is_never_fresh_and_goes_on_ageing() {
        let cache = held(&ask("db"), text("hunter2"));
        for (seconds, age) in [(0, 100), (50, 100), (500, 510), (989, 999)] {
            assert_eq!(
                found(&cache, &ask("db"), seconds).unwrap().1,
                age,
                "{seconds}"
            );
        }
        assert_eq!(found(&cache, &ask("db"), 990), None, "too old");
        assert_eq!(
            found(&cache, &ask("db"), -500).unwrap().1,
            100,
            "a clock set back"
        );
    }

    #[test]
    fn a_secret_comes_back_by_all_its_names_as_it_was() {
        let binary = Value::Binary(Secret::new([0xff, 0, 1]));
        let broken = Value::Text(Secret::new([0xff]));
        for value in [text("a\"b\n\u{1f511}"), text(""), binary, broken] {
            let entry = Entry::new(&ask("db"), version("db", ARN, value.clone()), at(0), 0);
            let cache = held(&ask("db"), value);
            for name in ["db", ARN] {
                let (body, _) = found(&cache, &ask(name), 0).unwrap();
                assert_eq!(body, entry.body());
            }
            assert_eq!(found(&cache, &ask("other"), 0), None);
        }
        let by_role = ask("db").by_role("reader");
        let cache = held(&by_role, text("x"));
        assert!(found(&cache, &by_role, 0).is_some());
        assert_eq!(
            found(&cache, &ask("db"), 0),
            None,
            "what a role reads is the role's"
        );
    }

    #[test]
    fn what_failed_is_not_written() {
        let cache = Cache::new(limits()).failed(&ask("db"), Failure::TimedOut, at(10));

        assert_eq!(found(&cache, &ask("db"), 0), None);
    }

    #[test]
    fn anything_else_is_no_snapshot() {
        let cache = held(&ask("db"), text("x"));
        let good = write(&cache, at(10), WALL);
        let good = good.expose_text().unwrap();
        let read = |text: &str| {
            let read = read(text.as_bytes(), limits(), at(0), WALL);
            read.map(|cache| cache.len())
        };
        assert_eq!(read(good), Ok(1));
        for (from, to) in [
            ("\"format\":1", "\"format\":2"),
            ("\"asks\":[[", "\"asks\":[[\"\"],["),
            ("\"age_millis\":", "\"age\":"),
        ] {
            let wrong = good.replace(from, to);
            assert_ne!(wrong, good);
            assert_eq!(read(&wrong), Err(NotASnapshot), "{to}");
        }
        assert_eq!(read(""), Err(NotASnapshot));
        assert_eq!(read("{}"), Err(NotASnapshot));
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_are_judged_without_panic(bytes: Vec<u8>) {
            prop_assert!(read(&bytes, limits(), at(0), WALL).is_err());
        }
    }
}
