//! The clock and the entropy of the process: the only two places where they are read.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use agent::Moment;
use jiff::Timestamp;
use rustix::time::{ClockId, clock_gettime};
use zeroize::{Zeroize as _, Zeroizing};

use crate::failure::Failure;

/// The time of day, for signatures and what is stored.
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

/// How long this host has been up; for ever where nobody says.
pub(crate) fn since_boot() -> Duration {
    let text = std::fs::read_to_string("/proc/uptime").unwrap_or_default();
    let seconds = text
        .split_whitespace()
        .next()
        .and_then(|it| it.parse().ok());
    seconds.map_or(Duration::MAX, Duration::from_secs_f64)
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

/// Milliseconds since the host was started. They count on while it sleeps, and no time of day that
/// is set changes them.
pub(crate) fn boot_millis() -> u64 {
    let time = clock_gettime(ClockId::Boottime);
    let (seconds, nanos) = (time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs());
    seconds * 1_000 + nanos / 1_000_000
}

/// Random bytes of the operating system, fetched some at once: each goes out once, and is wiped
/// here as it goes.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    POOL.with_borrow_mut(|pool| pool.fill(&mut bytes))
        .map_err(|error| {
            Failure::unfinished(format!("the system gives no random bytes: {error}"))
        })?;
    Ok(bytes)
}

/// Bytes of the operating system that no other thread has, and what is left of them. The process
/// is never forked without another program taking its place.
struct Pool {
    bytes: Zeroizing<[u8; POOL_BYTES]>,
    left: usize,
}

impl Pool {
    fn fill(&mut self, to: &mut [u8]) -> Result<(), getrandom::Error> {
        if to.len() > POOL_BYTES {
            return getrandom::fill(to);
        }
        if to.len() > self.left {
            self.left = 0;
            getrandom::fill(&mut *self.bytes)?;
            self.left = POOL_BYTES;
        }
        let start = self.left - to.len();
        if let Some(from) = self.bytes.get_mut(start..self.left) {
            to.copy_from_slice(from);
            from.zeroize();
        }
        self.left = start;
        Ok(())
    }
}

thread_local! {
    static POOL: RefCell<Pool> = RefCell::new(Pool {
        bytes: Zeroizing::new([0; POOL_BYTES]),
        left: 0,
    });
}

// Seeds of sixteen calls: what the kernel does for it is less than what asking it costs.
const POOL_BYTES: usize = 512;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_bytes_go_out_twice_nor_stay() {
        let drawn: BTreeSet<[u8; 24]> = (0..1_000).map(|_| random().unwrap()).collect();
        assert_eq!(drawn.len(), 1_000);
        assert!(!drawn.contains(&[0; 24]));
        POOL.with_borrow(|pool| {
            let (left, gone) = pool.bytes.split_at(pool.left);
            assert!(gone.iter().all(|byte| *byte == 0));
            assert!(left.is_empty() || left.iter().any(|byte| *byte != 0));
        });
    }

    #[test]
    fn more_than_the_pool_holds_comes_from_the_system() {
        let bytes: [u8; POOL_BYTES + 1] = random().unwrap();
        assert!(bytes.iter().any(|byte| *byte != 0));
    }
}
