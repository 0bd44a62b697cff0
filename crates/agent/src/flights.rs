//! One fetch per secret however many wait for it.
//!
//! The table only says who fetches and who waits; the handle that followers wait on belongs to the
//! world, which also holds the lock around the table. Nothing is fetched here.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::ask::Ask;
use crate::moment::Moment;

/// The fetches under way. `T` is what a follower waits on, such as the receiver of a channel.
#[derive(Debug)]
pub struct Flights<T> {
    // INVARIANT: never more than `FLIGHTS_MAX` entries.
    under_way: BTreeMap<Ask, Flight<T>>,
    next: u64,
}

#[derive(Debug)]
struct Flight<T> {
    ticket: Ticket,
    since: Moment,
    handle: T,
}

/// Which fetch a leader leads; given back when it is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticket(u64);

/// What a caller does about a secret that is not held.
#[derive(Debug, PartialEq, Eq)]
pub enum Seat<T> {
    /// Fetch, store, wake the followers, and call [`Flights::done`], also when cancelled.
    Leader(Ticket),
    /// Wait for the leader.
    Follower(T),
    /// Too many fetches are under way; refuse.
    Full,
}

impl<T: Clone> Flights<T> {
    /// Joins the fetch of `ask` or starts it, with a handle made by `new`. Pass
    /// [`crate::Cache::canonical`], so that a name and an ARN of one secret share a fetch. A leader
    /// not heard of for [`LOST_AFTER`] is taken for dead.
    pub fn join(&mut self, ask: &Ask, now: Moment, new: impl FnOnce() -> T) -> Seat<T> {
        match self.under_way.get(ask) {
            Some(flight) if now.since(flight.since) < LOST_AFTER => {
                return Seat::Follower(flight.handle.clone());
            }
            Some(_) => {}
            None => {
                if self.under_way.len() >= FLIGHTS_MAX {
                    self.under_way
                        .retain(|_, flight| now.since(flight.since) < LOST_AFTER);
                }
                if self.under_way.len() >= FLIGHTS_MAX {
                    return Seat::Full;
                }
            }
        }
        let ticket = Ticket(self.next);
        self.next += 1;
        self.under_way.insert(
            ask.clone(),
            Flight {
                ticket,
                since: now,
                handle: new(),
            },
        );
        Seat::Leader(ticket)
    }

    /// Ends a fetch and gives its handle back. `None` when another leader has taken over.
    pub fn done(&mut self, ask: &Ask, ticket: Ticket) -> Option<T> {
        if self.under_way.get(ask)?.ticket != ticket {
            return None;
        }
        self.under_way.remove(ask).map(|flight| flight.handle)
    }

    /// How many fetches are under way.
    pub fn len(&self) -> usize {
        self.under_way.len()
    }

    /// Whether nothing is being fetched.
    pub fn is_empty(&self) -> bool {
        self.under_way.is_empty()
    }
}

impl<T> Default for Flights<T> {
    fn default() -> Self {
        Self {
            under_way: BTreeMap::new(),
            next: 0,
        }
    }
}

/// Above every time limit of an upstream call, retries included.
pub const LOST_AFTER: Duration = Duration::from_mins(1);
/// Different secrets fetched at once: bounds sockets and memory towards the service.
pub const FLIGHTS_MAX: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(name: &str) -> Ask {
        Ask::new(name, None, None).unwrap()
    }

    fn leader(seat: &Seat<u8>) -> Ticket {
        match seat {
            Seat::Leader(ticket) => *ticket,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_first_leads_and_the_rest_follow() {
        let mut flights = Flights::default();
        let now = Moment::default();
        let ticket = leader(&flights.join(&ask("a"), now, || 1));

        for _ in 0..64 {
            assert_eq!(flights.join(&ask("a"), now, || 2), Seat::Follower(1));
        }
        leader(&flights.join(&ask("b"), now, || 3));
        assert_eq!(flights.len(), 2);
        assert_eq!(flights.done(&ask("a"), ticket), Some(1));
        assert_eq!(flights.done(&ask("a"), ticket), None);
        leader(&flights.join(&ask("a"), now, || 4));
    }

    #[test]
    fn a_lost_leader_is_replaced_and_cannot_end_its_successor() {
        let mut flights = Flights::default();
        let lost = leader(&flights.join(&ask("a"), Moment::default(), || 1));
        let later = Moment(LOST_AFTER);
        let second = leader(&flights.join(&ask("a"), later, || 2));

        assert_eq!(flights.done(&ask("a"), lost), None);
        assert_eq!(flights.join(&ask("a"), later, || 3), Seat::Follower(2));
        assert_eq!(flights.done(&ask("a"), second), Some(2));
        assert!(flights.is_empty());
    }

    #[test]
    fn the_table_is_bounded_and_recovers() {
        let mut flights = Flights::default();
        for at in 0..FLIGHTS_MAX {
            leader(&flights.join(&ask(&at.to_string()), Moment::default(), || 0));
        }

        assert_eq!(flights.join(&ask("x"), Moment::default(), || 0), Seat::Full);
        assert_eq!(
            flights.join(&ask("0"), Moment::default(), || 0),
            Seat::Follower(0)
        );
        leader(&flights.join(&ask("x"), Moment(LOST_AFTER), || 0));
    }
}
