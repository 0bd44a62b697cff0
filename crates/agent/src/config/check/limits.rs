//! The keys of `cache`, `audit` and `log`.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::config::{Audit, AuditTarget, CacheLimits, LogLevel, Snapshot};
use crate::text::shown;
use crate::yaml::{Checker, Node};

impl Checker<'_> {
    pub(super) fn cache(&mut self, node: Node) -> Option<CacheLimits> {
        let mut section = self.section(node, "cache", &CACHE_KEYS, &[])?;
        let default = CacheLimits::default();
        let prefetch = self.flag_or(&mut section, "prefetch", default.prefetch);
        let snapshot = section.values.remove("snapshot");
        let snapshot = snapshot.map_or(Some(None), |node| self.snapshot(node).map(Some));
        let mut number = |key, range, default| {
            let Some(node) = section.values.remove(key) else {
                return Some(default);
            };
            self.number(&node, &section.path_of(key), range)
        };
        let ttl = number("ttl", TTL_SECONDS, default.ttl.as_secs());
        let max_stale = number("max-stale", STALE_SECONDS, default.max_stale.as_secs());
        let grace = default.denied_grace.as_secs();
        let grace = number("denied-grace", GRACE_SECONDS, grace);
        let entries = number("max-entries", ENTRIES, default.entries_max as u64);
        let bytes = number("max-bytes", BYTES, default.bytes_max as u64);
        Some(CacheLimits {
            ttl: Duration::from_secs(ttl?),
            max_stale: Duration::from_secs(max_stale?),
            denied_grace: Duration::from_secs(grace?),
            entries_max: usize::try_from(entries?).unwrap_or(usize::MAX),
            bytes_max: usize::try_from(bytes?).unwrap_or(usize::MAX),
            prefetch: prefetch?,
            snapshot: snapshot?,
        })
    }

    fn snapshot(&mut self, node: Node) -> Option<Snapshot> {
        let mut section = self.section(node, "cache.snapshot", &["file", "key-file"], &[])?;
        let file = self.needed_path(&mut section, "file");
        let key_file = self.needed_path(&mut section, "key-file");
        Some(Snapshot {
            file: file?,
            key_file: key_file?,
        })
    }

    pub(crate) fn audit(&mut self, node: Node) -> Option<Audit> {
        let mut section = self.section(node, "audit", &["file", "required"], &[])?;
        let target = self.needed_text(&mut section, "file");
        let required = self.flag_or(&mut section, "required", false);
        let target = target?;
        let target = match target.value.as_str() {
            "-" => AuditTarget::Stderr,
            _ => AuditTarget::File(self.path(&target)?),
        };
        Some(Audit {
            target,
            required: required?,
        })
    }

    pub(super) fn log_level(&mut self, node: Node) -> Option<LogLevel> {
        let mut section = self.section(node, "log", &["level"], &[])?;
        let Some(text) = self.optional_text(&mut section, "level") else {
            return Some(LogLevel::default());
        };
        let found = LEVELS
            .iter()
            .find(|(name, _)| text.value.eq_ignore_ascii_case(name));
        if let Some((_, level)) = found {
            return Some(*level);
        }
        let message = format!("`{}` is not a log level", shown(&text.value));
        self.fail(
            text.place,
            message,
            Some("`error`, `warn`, `info`, `debug` or `trace`"),
        )
    }
}

const CACHE_KEYS: [&str; 7] = [
    "ttl",
    "max-stale",
    "denied-grace",
    "max-entries",
    "max-bytes",
    "prefetch",
    "snapshot",
];
const LEVELS: [(&str, LogLevel); 5] = [
    ("error", LogLevel::Error),
    ("warn", LogLevel::Warn),
    ("info", LogLevel::Info),
    ("debug", LogLevel::Debug),
    ("trace", LogLevel::Trace),
];
// As AWS's own agent has it.
const TTL_SECONDS: RangeInclusive<u64> = 0..=3_600;
// A week: longer than any outage worth surviving, shorter than most rotations.
const STALE_SECONDS: RangeInclusive<u64> = 0..=604_800;
// An hour: who was shut out by mistake has mended it by then.
const GRACE_SECONDS: RangeInclusive<u64> = 0..=3_600;
const ENTRIES: RangeInclusive<u64> = 1..=100_000;
// 1 MiB holds the largest secret in all its renderings several times; 4 GiB is a typing error.
const BYTES: RangeInclusive<u64> = 1_048_576..=4_294_967_296;
