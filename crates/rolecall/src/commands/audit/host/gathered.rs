//! What was gathered of a host, within bounds whatever the host holds: of each sort the first ones
//! in one order, and how many more there were.
//!
//! Knows no file. Which ones are kept does not depend on which thread comes first.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use audit::Missing;
use audit::host::{Chosen, Guard, HostFacts, Looked, Moved, Profile, Service, Sighting, Trace};

use super::lacks;

/// What was gathered.
#[derive(Debug)]
pub(super) struct Gathered {
    sightings: Bounded<Ranked>,
    traces: Bounded<Trace>,
    services: Bounded<Service>,
    profiles: Bounded<Profile>,
    chosen: Bounded<Chosen>,
    moved: Bounded<Moved>,
    guards: Bounded<Guard>,
    missing: Bounded<Missing>,
}

impl Gathered {
    pub(super) fn new() -> Self {
        Self {
            sightings: Bounded::new(SIGHTINGS_MAX),
            traces: Bounded::new(NOTES_MAX),
            services: Bounded::new(NOTES_MAX),
            profiles: Bounded::new(NOTES_MAX),
            chosen: Bounded::new(NOTES_MAX),
            moved: Bounded::new(NOTES_MAX),
            guards: Bounded::new(NOTES_MAX),
            missing: Bounded::new(MISSING_MAX),
        }
    }

    pub(super) fn miss(&mut self, missing: Missing) {
        self.missing.push(missing);
    }

    /// Takes down what a text held, and what was not looked at of it.
    pub(super) fn keep(&mut self, path: &str, looked: Looked) {
        for why in &looked.cut {
            self.miss(lacks(path, why));
        }
        for sighting in looked.sightings {
            self.sightings.push(Ranked(sighting));
        }
        self.traces.extend(looked.traces);
        self.services.extend(looked.service);
        self.profiles.extend(looked.profiles);
        self.chosen.extend(looked.chosen);
        self.moved.extend(looked.moved);
        self.guards.extend(looked.guards);
    }

    /// Puts what was found among the facts, in the order of paths; the guards and what is missing
    /// are handed back, with how many places are missing in all.
    pub(super) fn share_out(mut self, facts: &mut HostFacts) -> (Vec<Guard>, Vec<Missing>, u64) {
        let more = [
            (self.sightings.more, "keys"),
            (self.traces.more, "settings of SDKs"),
            (self.services.more, "units"),
            (self.profiles.more, "profiles"),
            (self.chosen.more, "profiles that are asked for"),
            (self.moved.more, "files that are asked for"),
            (self.guards.more, "rules of firewalls"),
        ];
        for (count, what) in more.into_iter().filter(|(count, _)| *count > 0) {
            let why = format!("{count} are not listed, as there are more than one audit lists");
            self.miss(lacks(&format!("more {what}"), &why));
        }
        let sightings = self.sightings.sorted().into_iter();
        facts.sightings = sightings.map(|Ranked(it)| it).collect();
        facts
            .sightings
            .sort_by(|one, other| place(one).cmp(&place(other)));
        facts.traces = self.traces.sorted();
        facts.services = self.services.sorted();
        facts.profiles = self.profiles.sorted();
        facts.chosen = self.chosen.sorted();
        facts.moved = self.moved.sorted();
        let more = self.missing.more;
        let mut missing = self.missing.sorted();
        missing.dedup();
        if more > 0 {
            let why = format!("the list ends here, and {more} are not on it");
            missing.push(lacks("more places", &why));
        }
        let missed = more.saturating_add(u64::try_from(missing.len()).unwrap_or(u64::MAX));
        (self.guards.sorted(), missing, missed)
    }
}

/// The first so many of what comes, in the order of `T`, and how many more there were.
#[derive(Debug)]
struct Bounded<T> {
    /// The last of those kept is on top.
    kept: BinaryHeap<T>,
    max: usize,
    more: u64,
}

impl<T: Ord> Bounded<T> {
    fn new(max: usize) -> Self {
        Self {
            kept: BinaryHeap::new(),
            max,
            more: 0,
        }
    }

    fn push(&mut self, item: T) {
        if self.kept.len() < self.max {
            self.kept.push(item);
            return;
        }
        self.more = self.more.saturating_add(1);
        if let Some(mut last) = self.kept.peek_mut()
            && item < *last
        {
            *last = item;
        }
    }

    fn extend(&mut self, items: impl IntoIterator<Item = T>) {
        items.into_iter().for_each(|item| self.push(item));
    }

    fn sorted(self) -> Vec<T> {
        self.kept.into_sorted_vec()
    }
}

/// Keys that open something come before ids alone, then by their places.
#[derive(Debug)]
struct Ranked(Sighting);

impl Ranked {
    fn rank(&self) -> (bool, (&str, usize)) {
        (!self.0.key.has_secret, place(&self.0))
    }
}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank())
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ranked {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ranked {}

fn place(sighting: &Sighting) -> (&str, usize) {
    (&sighting.path, sighting.key.offset)
}

// More than anyone reads; with its place, its evidence and its part of a report each takes some
// kilobytes.
const SIGHTINGS_MAX: usize = 10_000;
const NOTES_MAX: usize = 10_000;
const MISSING_MAX: usize = 1_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_are_kept_whatever_their_order_and_the_rest_is_counted() {
        for step in [1, 7, 11] {
            let mut bounded = Bounded::new(4);
            bounded.extend((0..40_u32).map(|it| it * step % 41));
            assert_eq!(bounded.more, 36);
            let mut all: Vec<u32> = (0..40).map(|it| it * step % 41).collect();
            all.sort_unstable();
            assert_eq!(bounded.sorted(), all.get(..4).unwrap());
        }
    }
}
