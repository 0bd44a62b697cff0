//! The clock and the entropy of the process: the only two places where they are read.

use std::time::{Duration, Instant};

use agent::Moment;
use jiff::Timestamp;
use rustix::time::{ClockId, clock_gettime};

use crate::failure::Failure;

/// The time of day, for signatures and what is stored.
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

/// Time that only runs forward, for lifetimes inside the process.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn moment(self) -> Moment {
        Moment(BEFORE_START + self.elapsed())
    }

    pub(crate) fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

// What was fetched by a process before this one has its place on the clock too.
const BEFORE_START: Duration = Duration::from_hours(24 * 30);

/// Microseconds on `CLOCK_MONOTONIC`, which the service manager compares with its own.
pub(crate) fn monotonic_micros() -> i64 {
    let time = clock_gettime(ClockId::Monotonic);
    time.tv_sec * 1_000_000 + time.tv_nsec / 1_000
}

/// Random bytes of the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| {
        Failure::unfinished(format!("the system gives no random bytes: {error}"))
    })?;
    Ok(bytes)
}
