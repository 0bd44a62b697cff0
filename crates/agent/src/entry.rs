//! One version of a secret as the service gave it, with the answers of each protocol made once.
//!
//! A hit then costs a reference count, not a rendering. Plaintext stands here once for each form in
//! which it was asked for, all wiped on drop: the value, a body for each HTTP protocol, and the
//! members of a JSON value.
//! Does not know how long it is good for; see [`crate::cache`].
//! Source of the bodies: Secrets Manager API Reference, "GetSecretValue".

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use jiff::Timestamp;
use protocol::Secret;
use protocol::json::{self, Sink};

use crate::ask::Ask;
use crate::members;
use crate::moment::Moment;
use crate::value::Value;

/// What the service answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretVersion {
    /// The secret's full ARN.
    pub arn: String,
    /// The secret's name.
    pub name: String,
    /// Which version it is.
    pub version_id: String,
    /// Its labels, `AWSCURRENT` among them or not.
    pub version_stages: Vec<String>,
    /// When the version was made.
    pub created: Timestamp,
    /// The secret itself.
    pub value: Value,
}

/// A secret version that is held, rendered.
pub struct Entry {
    ask: Ask,
    version: SecretVersion,
    fetched: Moment,
    jitter: u16,
    body: OnceLock<Bytes>,
    sdk_body: OnceLock<Bytes>,
    members: OnceLock<Option<BTreeMap<String, Secret>>>,
    size: usize,
    // Written by readers of a shared snapshot. Allowed because no answer depends on it: it only
    // chooses what is evicted, and a lost update costs at worst another victim. Hence `Relaxed`.
    used_nanos: AtomicU64,
}

impl Entry {
    /// Renders an answer to `ask`. `fetched` is when the question was *sent*, so that an age is
    /// never told too low; `random` spreads the refreshes of entries that were fetched together.
    pub fn new(ask: &Ask, version: SecretVersion, fetched: Moment, random: u16) -> Self {
        let value = match &version.value {
            Value::Text(value) | Value::Binary(value) => value.len(),
        };
        let body = json::counted(|to| render(&version, Dialect::Local, to));
        Self {
            ask: ask.of(&version.arn),
            // All renderings counted, though they are made when they are first asked for.
            size: 2 * body + 2 * value + ENTRY_BYTES,
            version,
            fetched,
            jitter: random,
            body: OnceLock::new(),
            sdk_body: OnceLock::new(),
            members: OnceLock::new(),
            used_nanos: AtomicU64::new(fetched.nanos()),
        }
    }

    /// The question it answers, by ARN; the way to ask for it again.
    pub fn ask(&self) -> &Ask {
        &self.ask
    }

    /// What the service answered.
    pub fn version(&self) -> &SecretVersion {
        &self.version
    }

    /// The answer of AWS's local HTTP interface. Holds the secret, and the `Debug` of [`Bytes`]
    /// shows it: hand it to the socket and nothing else.
    pub fn body(&self) -> Bytes {
        let made = || self.rendered(Dialect::Local);
        self.body.get_or_init(made).clone()
    }

    /// The answer of the service's own protocol to an SDK; the same holds for it.
    pub fn sdk_body(&self) -> Bytes {
        let made = || self.rendered(Dialect::Sdk);
        self.sdk_body.get_or_init(made).clone()
    }

    /// The members of a value that is a JSON object; see the rules in [`crate::secret_agent`].
    pub fn members(&self) -> Option<&BTreeMap<String, Secret>> {
        let read = || match &self.version.value {
            Value::Text(text) => text.expose_text().and_then(members::read),
            Value::Binary(_) => None,
        };
        self.members.get_or_init(read).as_ref()
    }

    fn rendered(&self, dialect: Dialect) -> Bytes {
        Bytes::from_owner(json::sized(|to| render(&self.version, dialect, to)))
    }

    /// When the question was sent.
    pub fn fetched(&self) -> Moment {
        self.fetched
    }

    /// How old the answer is, which clients are told.
    pub fn age(&self, now: Moment) -> std::time::Duration {
        now.since(self.fetched)
    }

    /// Bytes it takes of the cache's bound, all renderings counted.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Between 0 and 65,535, fixed for the life of the entry.
    pub(crate) fn jitter(&self) -> u16 {
        self.jitter
    }

    pub(crate) fn used(&self) -> Moment {
        Moment::from_nanos(self.used_nanos.load(Ordering::Relaxed))
    }

    pub(crate) fn touch(&self, now: Moment) {
        let (used, now) = (self.used_nanos.load(Ordering::Relaxed), now.nanos());
        // The first use counts; after it one a millisecond is enough, so that processors which read
        // the same secret do not take its memory from each other with each read.
        if used <= self.fetched.nanos() || now > used.saturating_add(USE_NANOS) {
            self.used_nanos.fetch_max(now, Ordering::Relaxed);
        }
    }

    /// A refresh is not a use: the new entry is as recently used as the one it replaces.
    pub(crate) fn inherit_use(&self, of: &Self) {
        self.used_nanos
            .store(of.used_nanos.load(Ordering::Relaxed), Ordering::Relaxed);
    }
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entry")
            .field("ask", &self.ask)
            .field("version_id", &self.version.version_id)
            .field("fetched", &self.fetched)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

/// How `CreatedDate` is written.
#[derive(Clone, Copy)]
enum Dialect {
    /// As a string, as AWS's own local agent has it.
    Local,
    /// As a number, as the service has it.
    Sdk,
}

fn render(version: &SecretVersion, dialect: Dialect, to: &mut dyn Sink) {
    to.raw(b"{\"ARN\":");
    to.string(&version.arn);
    to.raw(b",\"Name\":");
    to.string(&version.name);
    to.raw(b",\"VersionId\":");
    to.string(&version.version_id);
    let (value, text) = match &version.value {
        Value::Text(value) => (value, value.expose_text()),
        Value::Binary(value) => (value, None),
    };
    if let Some(text) = text {
        to.raw(b",\"SecretString\":");
        to.string(text);
    } else {
        to.raw(b",\"SecretBinary\":");
        to.base64(value.expose());
    }
    to.raw(b",\"VersionStages\":[");
    for (at, stage) in version.version_stages.iter().enumerate() {
        if at > 0 {
            to.raw(b",");
        }
        to.string(stage);
    }
    to.raw(b"],\"CreatedDate\":");
    let created = epoch(version.created);
    match dialect {
        Dialect::Local => to.string(&created),
        Dialect::Sdk => to.raw(created.as_bytes()),
    }
    to.raw(b"}");
}

/// Seconds since 1970 with as many decimals as are needed: `1569534789.046`.
fn epoch(created: Timestamp) -> String {
    let nanos = created.as_nanosecond();
    let sign = if nanos < 0 { "-" } else { "" };
    let nanos = nanos.unsigned_abs();
    let (seconds, fraction) = (nanos / NANOS_PER_SECOND, nanos % NANOS_PER_SECOND);
    let text = format!("{sign}{seconds}.{fraction:09}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

const USE_NANOS: u64 = 1_000_000;
const NANOS_PER_SECOND: u128 = 1_000_000_000;
// Bytes, about: the struct, its names and its places in the maps of the cache.
const ENTRY_BYTES: usize = 1_024;

#[cfg(test)]
pub(crate) mod tests {
    use std::time::Duration;

    use super::*;

    pub(crate) const ARN: &str = "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf";

    pub(crate) fn text(value: &str) -> Value {
        Value::Text(Secret::from_text(value.to_owned()))
    }

    pub(crate) fn version(name: &str, arn: &str, value: Value) -> SecretVersion {
        SecretVersion {
            arn: arn.to_owned(),
            name: name.to_owned(),
            version_id: "EXAMPLE1-90ab-cdef-fedc-ba987SECRET1".to_owned(),
            version_stages: vec!["AWSCURRENT".to_owned()],
            created: "2019-09-26T21:53:09.046Z".parse().unwrap(),
            value,
        }
    }

    pub(crate) fn entry(value: Value) -> Entry {
        let ask = Ask::new("db", None, None).unwrap();
        Entry::new(&ask, version("db", ARN, value), Moment::default(), 0)
    }

    fn check(value: Value, member: &str) {
        let expect = format!(
            "{{\"ARN\":\"{ARN}\",\"Name\":\"db\",\
             \"VersionId\":\"EXAMPLE1-90ab-cdef-fedc-ba987SECRET1\",{member},\
             \"VersionStages\":[\"AWSCURRENT\"],\"CreatedDate\":\"1569534789.046\"}}"
        );

        let entry = entry(value);
        assert_eq!(std::str::from_utf8(&entry.body()).unwrap(), expect);
        let number = expect.replace("\"1569534789.046\"", "1569534789.046");
        assert_eq!(std::str::from_utf8(&entry.sdk_body()).unwrap(), number);
    }

    #[test]
    fn debug_shows_nothing_of_the_value() {
        let entry = entry(text(r#"{"password":"hunter2"}"#));

        assert!(!format!("{entry:?} {:?}", entry.version()).contains("hunter2"));
    }

    #[test]
    fn the_body_is_that_of_getsecretvalue() {
        check(text("a\"b\n"), r#""SecretString":"a\"b\n""#);
        check(text(""), r#""SecretString":"""#);
        check(
            Value::Binary(Secret::new([0xff, 0xfe])),
            r#""SecretBinary":"//4=""#,
        );
        check(
            Value::Text(Secret::new([0xff, 0xfe])),
            r#""SecretBinary":"//4=""#,
        );
    }

    #[test]
    fn the_date_has_the_decimals_it_needs() {
        for (date, expect) in [
            ("2019-09-26T21:53:09Z", "1569534789"),
            ("2019-09-26T21:53:10.5Z", "1569534790.5"),
            ("1970-01-01T00:00:00Z", "0"),
            ("1969-12-31T23:59:58.5Z", "-1.5"),
        ] {
            assert_eq!(epoch(date.parse().unwrap()), expect);
        }
    }

    #[test]
    fn an_entry_is_asked_for_again_by_its_arn() {
        assert_eq!(entry(text("")).ask(), &Ask::new(ARN, None, None).unwrap());
    }

    #[test]
    fn age_is_counted_from_the_question() {
        let now = Moment(Duration::from_secs(7));

        assert_eq!(entry(text("")).age(now), Duration::from_secs(7));
    }
}
