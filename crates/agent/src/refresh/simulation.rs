//! Ten thousand agents with fifty secrets each, for a day, after a power cut that starts them in
//! one moment: what the service sees in each second stays below its published quotas.
//!
//! Every call takes no time and succeeds, which is the worst case for how closely calls follow each
//! other. The refresh of secrets is that of [`crate::cache`], by its own rule.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::*;
use crate::cache::refresh_after;

const AGENTS: u32 = 10_000;
const SECRETS: usize = 50;
const DAY: u32 = 86_400;
const TTL: Duration = Duration::from_mins(5);
const SESSION: Duration = Duration::from_hours(1);

// Calls a second, per account and region.
const GET_SECRET_VALUE_QUOTA: u32 = 10_000;
const ASSUME_ROLE_QUOTA: u32 = 600;

/// A linear congruential generator, as what is wanted of it is only that it is spread.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u16 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 48) as u16
    }
}

/// How many calls came in the busiest second, and how many in all.
#[derive(Default)]
struct Load {
    seconds: Vec<u32>,
}

impl Load {
    fn over(seconds: u32) -> Self {
        Self {
            seconds: vec![0; seconds as usize],
        }
    }

    fn call(&mut self, at: Duration) {
        if let Some(calls) = self.seconds.get_mut(usize::try_from(at.as_secs()).unwrap()) {
            *calls += 1;
        }
    }

    fn busiest(&self) -> u32 {
        *self.seconds.iter().max().unwrap()
    }

    fn total(&self) -> u64 {
        self.seconds.iter().map(|calls| u64::from(*calls)).sum()
    }
}

#[test]
fn a_fleet_that_starts_at_once_reads_its_secrets_within_the_quota() {
    let mut dice = Dice(1);
    let mut load = Load::over(DAY);
    // By the random number of an entry, in milliseconds; the cache looks once a second.
    let waits: Vec<u32> = (0..=u16::MAX)
        .map(|jitter| u32::try_from(refresh_after(TTL, jitter).as_millis()).unwrap() + 500)
        .collect();
    for _ in 0..AGENTS {
        let Prefetch::Spread(moments) = prefetch(SECRETS, Duration::ZERO, || dice.roll()) else {
            panic!("not spread");
        };
        for moment in moments {
            let mut millis = u32::try_from(moment.as_millis()).unwrap();
            while let Some(calls) = load.seconds.get_mut((millis / 1_000) as usize) {
                *calls += 1;
                millis += waits[usize::from(dice.roll())];
            }
        }
    }
    assert!(load.total() > 150_000_000, "{} calls", load.total());
    let busiest = load.busiest();
    assert!(
        busiest < GET_SECRET_VALUE_QUOTA * 6 / 10,
        "{busiest} a second"
    );
}

#[test]
fn a_fleet_that_starts_at_once_assumes_its_roles_within_the_quota() {
    let mut dice = Dice(2);
    let mut load = Load::over(DAY);
    for _ in 0..AGENTS {
        let mut at = role_after(Duration::ZERO, dice.roll());
        while at.as_secs() < u64::from(DAY) {
            load.call(at);
            at += due_after(SESSION, dice.roll());
        }
    }
    let busiest = load.busiest();
    assert!(busiest < ASSUME_ROLE_QUOTA * 8 / 10, "{busiest} a second");
    // Once the start is forgotten, they come evenly.
    let evenly = load.seconds.iter().skip(8 * 3_600).max().unwrap();
    assert!(*evenly < 40, "{evenly} a second");
}

/// STS down for a quarter of an hour in which all sessions want a refresh, then up again with its
/// quota: everybody has credentials again before any session ends.
#[test]
fn a_fleet_gets_through_an_outage_of_sts_without_a_stampede() {
    let mut dice = Dice(3);
    let (mut tries, mut turned_away) = (Load::over(7_200), 0);
    let down = Duration::from_mins(15);
    let mut queue: BinaryHeap<Reverse<(Duration, u32)>> = (0..AGENTS)
        .map(|_| Reverse((Duration::from_millis(u64::from(dice.roll()) * 13), 0)))
        .collect();
    let mut granted = Load::over(7_200);
    let mut last = Duration::ZERO;
    while let Some(Reverse((at, failures))) = queue.pop() {
        tries.call(at);
        let second = usize::try_from(at.as_secs()).unwrap();
        if at >= down && granted.seconds[second] < ASSUME_ROLE_QUOTA {
            granted.call(at);
            last = last.max(at);
            continue;
        }
        turned_away += u32::from(at >= down);
        let wait = retry_after(failures + 1, dice.roll());
        queue.push(Reverse((at + wait, failures + 1)));
    }
    // Sessions of an hour are refreshed 20 minutes before their end.
    assert!(last < down + Duration::from_mins(2), "{last:?}");
    assert!(turned_away < AGENTS / 2, "{turned_away} were throttled");
    let busiest = tries.seconds[120..].iter().max().unwrap();
    assert!(*busiest < ASSUME_ROLE_QUOTA * 3 / 2, "{busiest} a second");
}

/// Why a fleet does not fetch in batches, though a batch is 20 secrets in one call.
#[test]
fn in_batches_the_same_spread_would_break_the_quota_of_batches() {
    const BATCH_GET_SECRET_VALUE_QUOTA: u32 = 100;
    let mut dice = Dice(4);
    let mut load = Load::over(200);
    for _ in 0..AGENTS {
        let Prefetch::Spread(moments) = prefetch(SECRETS, Duration::ZERO, || dice.roll()) else {
            panic!("not spread");
        };
        for batch in moments.chunks(20) {
            load.call(batch[0]);
        }
    }
    let busiest = load.busiest();
    assert!(
        busiest > BATCH_GET_SECRET_VALUE_QUOTA * 10,
        "{busiest} a second"
    );
}
