//! How many calls go upstream: a token bucket that clients' misses may run into debt with and
//! background work may not.
//!
//! Kept as the time until the bucket is full again, so a call is one addition and nothing has to be
//! refilled. Knows no clock and waits for nothing: it says how long.

use std::time::Duration;

use crate::config::Requests;
use crate::moment::Moment;

/// On whose behalf a call is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Priority {
    /// A client waits for it.
    Client,
    /// Nobody does: a refresh ahead of time.
    Background,
}

/// The calls that may be made.
#[derive(Debug, Clone)]
pub struct Bucket {
    // INVARIANT: `full_at` is at most `burst` and `CLIENT_WAIT_MAX` of calls ahead of the latest
    // moment it was asked at.
    full_at: Moment,
    interval: Duration,
    burst: u32,
}

/// What a call does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It is counted; make it after this time, which is zero while there are tokens.
    After(Duration),
    /// It is not counted; ask again after this time.
    Later(Duration),
    /// It is not counted and would wait for too long.
    Refused,
}

impl Bucket {
    /// A full bucket.
    pub fn new(requests: Requests) -> Self {
        Self {
            full_at: Moment::default(),
            interval: Duration::from_secs(1) / requests.per_second.max(1),
            burst: requests.burst.max(1),
        }
    }

    /// Takes a token for one call.
    ///
    /// Clients take tokens that are not there yet and wait for them, up to [`CLIENT_WAIT_MAX`].
    /// Background calls leave a quarter of the burst to clients and never take ahead.
    pub fn take(&mut self, priority: Priority, now: Moment) -> Turn {
        let after = self.full_at.since(now) + self.interval;
        let (depth, wait_max) = match priority {
            Priority::Client => (self.burst, CLIENT_WAIT_MAX),
            Priority::Background => (self.burst - self.burst / RESERVED_PART, Duration::ZERO),
        };
        let wait = after.saturating_sub(self.interval * depth);
        if wait > wait_max {
            return match priority {
                Priority::Client => Turn::Refused,
                Priority::Background => Turn::Later(wait),
            };
        }
        self.full_at = now.after(after);
        Turn::After(wait)
    }
}

/// How long a call waits for its turn: longer than that, and the answer is that we are throttled,
/// which serves what is held.
pub const CLIENT_WAIT_MAX: Duration = Duration::from_secs(2);
const RESERVED_PART: u32 = 4;

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(per_second: u32, burst: u32) -> Bucket {
        Bucket::new(Requests { per_second, burst })
    }

    fn at(millis: u64) -> Moment {
        Moment(Duration::from_millis(millis))
    }

    fn after(millis: u64) -> Turn {
        Turn::After(Duration::from_millis(millis))
    }

    #[test]
    fn a_burst_goes_at_once_and_then_the_rate_holds() {
        let mut bucket = bucket(10, 3);
        let mut client = |now| bucket.take(Priority::Client, at(now));

        assert_eq!([client(0), client(0), client(0)], [after(0); 3]);
        assert_eq!(client(0), after(100));
        assert_eq!(client(0), after(200));
        assert_eq!(client(200), after(100));
        assert_eq!(client(10_000), after(0));
    }

    #[test]
    fn a_quiet_time_fills_no_further_than_the_burst() {
        let mut bucket = bucket(10, 2);
        let now = at(3_600_000);

        let turns: Vec<Turn> = (0..3).map(|_| bucket.take(Priority::Client, now)).collect();

        assert_eq!(turns, [after(0), after(0), after(100)]);
    }

    #[test]
    fn who_would_wait_too_long_is_refused_and_not_counted() {
        let mut bucket = bucket(1, 1);
        for wait in [0, 1_000, 2_000] {
            assert_eq!(bucket.take(Priority::Client, at(0)), after(wait));
        }
        for _ in 0..100 {
            assert_eq!(bucket.take(Priority::Client, at(0)), Turn::Refused);
        }
        assert_eq!(bucket.take(Priority::Client, at(1_000)), after(2_000));
    }

    #[test]
    fn background_calls_leave_room_for_clients_and_never_delay_them() {
        let mut bucket = bucket(10, 4);
        let background = |bucket: &mut Bucket| bucket.take(Priority::Background, at(0));
        for _ in 0..3 {
            assert_eq!(background(&mut bucket), after(0));
        }
        for _ in 0..100 {
            assert_eq!(
                background(&mut bucket),
                Turn::Later(Duration::from_millis(100))
            );
        }
        assert_eq!(bucket.take(Priority::Client, at(0)), after(0));
        assert_eq!(bucket.take(Priority::Client, at(0)), after(100));
        // A client's debt comes before them too.
        assert_eq!(
            background(&mut bucket),
            Turn::Later(Duration::from_millis(300))
        );
    }

    #[test]
    fn a_bucket_of_one_serves_both() {
        let mut bucket = bucket(1, 1);

        assert_eq!(bucket.take(Priority::Background, at(0)), after(0));
        assert_eq!(bucket.take(Priority::Background, at(1_000)), after(0));
    }

    #[test]
    fn whatever_is_asked_the_rate_holds_in_the_long_run() {
        let mut bucket = bucket(20, 100);
        let mut sent = 0;
        for millis in 0..60_000 {
            let priority = [Priority::Client, Priority::Background][usize::from(millis % 3 == 0)];
            sent += u32::from(matches!(bucket.take(priority, at(millis)), Turn::After(_)));
        }
        // The burst, a minute of the rate, and what is promised for the next two seconds.
        assert!((1_290..=100 + 20 * 60 + 40).contains(&sent), "{sent}");
    }
}
