//! When credentials are asked for again, how long to wait after a failure, and how a fleet that
//! starts at once keeps from asking at once.
//!
//! Knows no clock and no random source; asks nobody.
//! Sources: AWS SDKs and Tools Reference Guide, "Standardized credential providers", for refreshing
//! ahead of expiry; "IAM and AWS STS quotas" (600 AssumeRole and others a second) and "AWS Secrets
//! Manager quotas" (10,000 GetSecretValue, 100 BatchGetSecretValue a second), each per account and
//! region, for the spreads.

use std::time::Duration;

/// How long after they were obtained credentials are refreshed that are good for `lifetime` from
/// then.
///
/// After two thirds of it, at the latest [`MANDATORY_WINDOW`] before the end where that leaves half
/// of it, and earlier by up to a sixth, so that credentials that were obtained together are not
/// refreshed together.
pub fn due_after(lifetime: Duration, random: u16) -> Duration {
    let before_window = lifetime.saturating_sub(MANDATORY_WINDOW).max(lifetime / 2);
    let latest = (lifetime / 3 * 2).min(before_window);
    let earlier = latest / 6 * u32::from(random) / SHARES;
    latest.saturating_sub(earlier).max(PAUSE_MIN)
}

/// The same for credentials that others keep for a while: never with less than `left` to go, where
/// that leaves half of their life.
pub fn due_with_left(lifetime: Duration, left: Duration, random: u16) -> Duration {
    let latest = lifetime.saturating_sub(left).max(lifetime / 2);
    due_after(lifetime, random).min(latest).max(PAUSE_MIN)
}

/// How long to wait after that many failures in a row: quickly at first, as what is missing at boot
/// comes within moments, then twice as long each time, up to [`RETRY_WAIT_MAX`]. Up to half of each
/// wait is taken off by chance, so that those who failed together do not come back together.
pub fn retry_after(failures: u32, random: u16) -> Duration {
    let wait = match failures {
        0 | 1 => Duration::from_millis(200),
        2 => Duration::from_millis(500),
        more => Duration::from_secs(1)
            .saturating_mul(1 << (more - 3).min(RETRY_DOUBLINGS))
            .min(RETRY_WAIT_MAX),
    };
    wait.saturating_sub(wait / 2 * u32::from(random) / SHARES)
}

/// How long after the start a role is first assumed, unless a client wants it before.
///
/// A host that has just come up may be one of thousands that came up with it; an agent that starts
/// on a host that runs already is alone.
pub fn role_after(uptime: Duration, random: u16) -> Duration {
    if uptime > JUST_UP {
        return Duration::ZERO;
    }
    ROLE_SPREAD * u32::from(random) / SHARES
}

/// How the secrets that are to be there before anybody asks are fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Prefetch {
    /// All at once: BatchGetSecretValue where it is allowed.
    AtOnce,
    /// One by one, each so long after the start. A batch holds 20 secrets and has a hundredth of
    /// the quota, so singles are what a fleet can afford.
    Spread(Vec<Duration>),
}

/// How to fetch `secrets` at the start; one secret every two seconds, in turn and by
/// chance, on a host that has just come up.
pub fn prefetch(secrets: usize, uptime: Duration, mut random: impl FnMut() -> u16) -> Prefetch {
    if uptime > JUST_UP {
        return Prefetch::AtOnce;
    }
    let mut at = Duration::ZERO;
    let moments = (0..secrets).map(|_| {
        let moment = at + SPREAD_PER_SECRET * u32::from(random()) / SHARES;
        at += SPREAD_PER_SECRET;
        moment
    });
    Prefetch::Spread(moments.collect())
}

/// Before their end, credentials must be exchanged by all means.
pub const MANDATORY_WINDOW: Duration = Duration::from_mins(10);
/// The longest wait between two tries.
pub const RETRY_WAIT_MAX: Duration = Duration::from_secs(30);
// However short the credentials live.
const PAUSE_MIN: Duration = Duration::from_secs(1);
const RETRY_DOUBLINGS: u32 = 5;
// After boot; an agent that starts within it may be one of a fleet.
const JUST_UP: Duration = Duration::from_mins(10);
// 10,000 hosts then assume 400 roles a second of the 600 that STS allows.
const ROLE_SPREAD: Duration = Duration::from_secs(25);
// 10,000 hosts then read 5,000 secrets a second of 10,000, however many each has.
const SPREAD_PER_SECRET: Duration = Duration::from_secs(2);
const SHARES: u32 = 65_536;

#[cfg(test)]
mod simulation;

#[cfg(test)]
mod tests {
    use super::*;

    const MIN: fn(u64) -> Duration = Duration::from_mins;

    #[test]
    fn credentials_are_refreshed_well_before_their_end() {
        for (lifetime, latest) in [
            (MIN(6 * 60), MIN(4 * 60)),
            (MIN(60), MIN(40)),
            (MIN(30), MIN(20)),
            (MIN(24), MIN(14)),
            (MIN(15), MIN(15) / 2),
            (MIN(1), Duration::from_secs(30)),
        ] {
            assert_eq!(due_after(lifetime, 0), latest, "{lifetime:?}");
            let earliest = due_after(lifetime, u16::MAX);
            assert!(
                earliest < latest && earliest >= latest / 6 * 5,
                "{lifetime:?}"
            );
        }
    }

    #[test]
    fn credentials_that_are_handed_on_have_some_time_left() {
        for (lifetime, due) in [
            (MIN(60), MIN(30)),
            (MIN(6 * 60), MIN(4 * 60)),
            (MIN(30), MIN(15)),
        ] {
            assert_eq!(due_with_left(lifetime, MIN(30), 0), due, "{lifetime:?}");
            let left = lifetime.saturating_sub(due_with_left(lifetime, MIN(30), u16::MAX));
            assert!(left >= MIN(30).min(lifetime / 2), "{lifetime:?}");
        }
        assert_eq!(due_with_left(Duration::ZERO, MIN(30), 0), PAUSE_MIN);
    }

    #[test]
    fn credentials_that_are_over_do_not_make_it_spin() {
        assert_eq!(due_after(Duration::ZERO, u16::MAX), PAUSE_MIN);
    }

    #[test]
    fn the_first_tries_are_quick_and_the_later_ones_bounded() {
        let waits: Vec<u128> = (1..=9).map(|n| retry_after(n, 0).as_millis()).collect();

        assert_eq!(
            waits,
            [200, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]
        );
        assert_eq!(retry_after(u32::MAX, 0), RETRY_WAIT_MAX);
        for failures in 1..40 {
            let shortest = retry_after(failures, u16::MAX);
            let longest = retry_after(failures, 0);
            assert!(shortest < longest && shortest >= longest / 2, "{failures}");
        }
    }

    #[test]
    fn only_a_host_that_has_just_come_up_waits_for_its_turn() {
        let boot = Duration::from_secs(20);

        assert_eq!(role_after(MIN(11), u16::MAX), Duration::ZERO);
        assert_eq!(role_after(boot, 0), Duration::ZERO);
        assert!(role_after(boot, u16::MAX) < ROLE_SPREAD);
        assert!(role_after(boot, u16::MAX) > ROLE_SPREAD / 10 * 9);
        assert_eq!(prefetch(50, MIN(11), || 0), Prefetch::AtOnce);
    }

    #[test]
    fn the_first_secrets_come_soon_and_all_of_them_come() {
        let Prefetch::Spread(moments) = prefetch(50, Duration::ZERO, || 32_768) else {
            panic!("not spread");
        };

        assert_eq!(moments.len(), 50);
        assert_eq!(moments[0], Duration::from_secs(1));
        assert_eq!(moments[49], Duration::from_secs(99));
        assert!(moments.is_sorted());
    }
}
