//! How much is held, for how long, and how much is said.

use std::time::Duration;

/// `cache`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CacheLimits {
    /// How long a value is served without asking again. Zero: the service is asked every time, and
    /// what is held only answers when it fails.
    pub ttl: Duration,
    /// How long after that a value still answers when the service fails.
    pub max_stale: Duration,
    /// How long a held value still answers after the service first denied it.
    pub denied_grace: Duration,
    /// Secret versions held at once, at least one.
    pub entries_max: usize,
    /// Bytes held at once.
    pub bytes_max: usize,
    /// Whether the resources are fetched at start, and kept fresh though nobody reads them.
    pub prefetch: bool,
    /// `snapshot`: what survives a restart.
    pub snapshot: Option<Snapshot>,
}

/// `cache.snapshot`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Path of the sealed file.
    pub file: String,
    /// Path of the file that holds the key it is sealed with: 32 bytes in base64.
    pub key_file: String,
}

impl CacheLimits {
    /// How long a value is held at all.
    pub fn kept_for(&self) -> Duration {
        self.ttl + self.max_stale
    }
}

impl Default for CacheLimits {
    fn default() -> Self {
        Self {
            ttl: Duration::from_mins(5),
            max_stale: Duration::from_hours(1),
            denied_grace: Duration::from_mins(1),
            entries_max: 1_000,
            bytes_max: 64 * 1_024 * 1_024,
            prefetch: true,
            snapshot: None,
        }
    }
}

/// `log.level`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum LogLevel {
    /// `error`.
    Error,
    /// `warn`.
    Warn,
    /// `info`.
    #[default]
    Info,
    /// `debug`.
    Debug,
    /// `trace`.
    Trace,
}

impl LogLevel {
    /// As the file and log filters spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}
