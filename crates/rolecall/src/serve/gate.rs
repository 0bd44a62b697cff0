//! Who may stay connected: a budget for those that have not shown anything yet, patience for those
//! that have.
//!
//! A connection is let in with the first request that is answered. Until then it is one of few, and
//! when more come the oldest of them goes: newcomers are never refused, so whoever has a request to
//! send gets its answer however many others are silent. Knows no protocol.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use super::meter::Meter;

/// The connections of one listener.
#[derive(Debug)]
pub(super) struct Gate {
    meter: Arc<Meter>,
    patience: Patience,
    strangers: Mutex<Strangers>,
    let_in: AtomicUsize,
}

/// Connections that have not shown anything yet.
#[derive(Debug, Default)]
struct Strangers {
    // In the order in which they came. INVARIANT: never more than `STRANGERS_MAX`.
    waiting: BTreeMap<u64, Arc<Seat>>,
    next: u64,
}

/// How long a connection may be silent.
#[derive(Debug, Clone, Copy)]
struct Patience {
    with_strangers: Duration,
    with_known: Duration,
}

/// One connection.
#[derive(Debug)]
pub(crate) struct Guest {
    gate: Arc<Gate>,
    place: u64,
    seat: Arc<Seat>,
    is_let_in: AtomicBool,
    // Grows with all that the connection does.
    signs: AtomicU64,
}

/// What the gate sees of a connection.
#[derive(Debug, Default)]
struct Seat {
    crowded_out: Notify,
    is_busy: AtomicBool,
}

impl Gate {
    pub(super) fn new(meter: Arc<Meter>) -> Arc<Self> {
        let patience = Patience {
            with_strangers: SILENCE_TIME_MAX,
            with_known: IDLE_TIME_MAX,
        };
        Self::with(meter, patience)
    }

    fn with(meter: Arc<Meter>, patience: Patience) -> Arc<Self> {
        Arc::new(Self {
            meter,
            patience,
            strangers: Mutex::default(),
            let_in: AtomicUsize::new(0),
        })
    }

    /// A place for a connection that was just accepted.
    pub(super) fn enter(self: &Arc<Self>) -> Arc<Guest> {
        let seat = Arc::<Seat>::default();
        let mut strangers = self.lock();
        if strangers.waiting.len() >= STRANGERS_MAX {
            self.drop_oldest(&mut strangers);
        }
        let place = strangers.next;
        strangers.next += 1;
        strangers.waiting.insert(place, Arc::clone(&seat));
        drop(strangers);
        self.meter.opened();
        Arc::new(Guest {
            gate: Arc::clone(self),
            place,
            seat,
            is_let_in: AtomicBool::new(false),
            signs: AtomicU64::new(0),
        })
    }

    /// Makes room where the process has no descriptors left.
    pub(super) fn make_room(&self) {
        self.drop_oldest(&mut self.lock());
    }

    /// The oldest that is silent; where all have a request under way, the oldest of them.
    fn drop_oldest(&self, strangers: &mut Strangers) {
        let waiting = &mut strangers.waiting;
        let silent = waiting.iter().find(|(_, seat)| !seat.is_busy());
        let oldest = silent.or_else(|| waiting.first_key_value());
        let Some(place) = oldest.map(|(place, _)| *place) else {
            return;
        };
        if let Some(seat) = waiting.remove(&place) {
            seat.crowded_out.notify_one();
            self.meter.crowded_out();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Strangers> {
        self.strangers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    fn is_busy(&self) -> bool {
        self.is_busy.load(Ordering::Relaxed)
    }
}

impl Guest {
    pub(crate) fn meter(&self) -> &Meter {
        &self.gate.meter
    }

    /// A request is there and is being answered; that takes the time it takes.
    pub(crate) fn begin(&self) {
        self.seat.is_busy.store(true, Ordering::Relaxed);
        self.signs.fetch_add(1, Ordering::Relaxed);
    }

    /// The answer is there. `is_welcome` where it was none that anybody gets.
    pub(crate) fn done(&self, is_welcome: bool) {
        self.seat.is_busy.store(false, Ordering::Relaxed);
        self.signs.fetch_add(1, Ordering::Relaxed);
        if is_welcome && !self.is_let_in.load(Ordering::Relaxed) {
            self.let_in();
        }
    }

    fn let_in(&self) {
        let more = |count: usize| (count < LET_IN_MAX).then_some(count + 1);
        let order = Ordering::Relaxed;
        if self.gate.let_in.fetch_update(order, order, more).is_err() {
            // It is served as long as it has a place among the strangers.
            return;
        }
        self.gate.lock().waiting.remove(&self.place);
        self.is_let_in.store(true, Ordering::Relaxed);
    }

    /// Resolves when the connection is to be dropped: others need its place, or it has been silent
    /// for too long.
    pub(super) async fn overdue(&self) {
        loop {
            let signs = self.signs.load(Ordering::Relaxed);
            let patience = if self.is_let_in.load(Ordering::Relaxed) {
                self.gate.patience.with_known
            } else {
                self.gate.patience.with_strangers
            };
            tokio::select! {
                () = tokio::time::sleep(patience) => {}
                () = self.seat.crowded_out.notified() => {
                    // It may have been let in just before.
                    if !self.is_let_in.load(Ordering::Relaxed) {
                        return;
                    }
                    continue;
                }
            }
            let is_silent = self.signs.load(Ordering::Relaxed) == signs;
            if is_silent && !self.seat.is_busy() {
                return;
            }
        }
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        if self.is_let_in.load(Ordering::Relaxed) {
            self.gate.let_in.fetch_sub(1, Ordering::Relaxed);
        } else {
            self.gate.lock().waiting.remove(&self.place);
        }
        self.gate.meter.closed();
    }
}

// What a stranger may cost is small: a task, and a handshake's state with TLS, some 40 KiB.
const STRANGERS_MAX: usize = 512;
// Above any real load on one host; each costs a task and its buffers.
const LET_IN_MAX: usize = 4_096;
// A handshake and a request's head are a few packets, whoever sends them.
const SILENCE_TIME_MAX: Duration = Duration::from_secs(5);
// Between two requests. Noticed at the latest after twice as long.
const IDLE_TIME_MAX: Duration = Duration::from_mins(1);

#[cfg(test)]
mod tests {
    use tokio::time::timeout;

    use super::*;

    const SHORT: Duration = Duration::from_millis(20);
    const LONG: Duration = Duration::from_mins(1);

    fn run(work: impl Future<Output = ()>) {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        runtime.enable_time().build().unwrap().block_on(work);
    }

    fn gate(with_strangers: Duration, with_known: Duration) -> Arc<Gate> {
        let patience = Patience {
            with_strangers,
            with_known,
        };
        Gate::with(Arc::default(), patience)
    }

    fn answered(gate: &Arc<Gate>, is_welcome: bool) -> Arc<Guest> {
        let guest = gate.enter();
        guest.begin();
        guest.done(is_welcome);
        guest
    }

    async fn is_dropped_now(guest: &Guest) -> bool {
        timeout(Duration::from_millis(1), guest.overdue())
            .await
            .is_ok()
    }

    #[test]
    fn the_oldest_of_the_silent_makes_room() {
        run(async {
            let gate = gate(LONG, LONG);
            let known = answered(&gate, true);
            let silent: Vec<_> = (0..STRANGERS_MAX).map(|_| gate.enter()).collect();
            let newcomer = gate.enter();

            assert!(is_dropped_now(&silent[0]).await);
            assert!(!is_dropped_now(&silent[1]).await);
            assert!(!is_dropped_now(&known).await);
            assert!(!is_dropped_now(&newcomer).await);
            assert_eq!(gate.lock().waiting.len(), STRANGERS_MAX);
            drop((known, silent, newcomer));
            assert_eq!(gate.lock().waiting.len(), 0);
            assert_eq!(gate.let_in.load(Ordering::Relaxed), 0);
        });
    }

    #[test]
    fn whoever_is_not_welcome_stays_a_stranger() {
        run(async {
            let gate = gate(LONG, LONG);
            let guest = answered(&gate, false);

            assert_eq!(gate.lock().waiting.len(), 1);
            gate.make_room();
            assert!(is_dropped_now(&guest).await);
        });
    }

    #[test]
    fn whoever_waits_for_an_answer_goes_after_the_silent() {
        run(async {
            let gate = gate(LONG, LONG);
            let waiting = gate.enter();
            waiting.begin();
            let silent = gate.enter();
            gate.make_room();
            assert!(is_dropped_now(&silent).await);
            assert!(!is_dropped_now(&waiting).await);
            gate.make_room();
            assert!(is_dropped_now(&waiting).await);
        });
    }

    #[test]
    fn a_silent_stranger_is_dropped_and_a_known_client_is_not() {
        run(async {
            let gate = gate(SHORT, LONG);
            gate.enter().overdue().await;
            answered(&gate, false).overdue().await;
            let known = answered(&gate, true);
            assert!(timeout(5 * SHORT, known.overdue()).await.is_err());
        });
    }

    #[test]
    fn a_known_client_is_dropped_when_it_does_nothing_more() {
        run(async {
            let gate = gate(LONG, SHORT);
            let idle = answered(&gate, true);
            idle.overdue().await;
            let busy = answered(&gate, true);
            busy.begin();
            assert!(timeout(5 * SHORT, busy.overdue()).await.is_err());
        });
    }

    #[test]
    fn use_is_noticed_by_whoever_waits_for_silence() {
        run(async {
            let gate = gate(SHORT, SHORT);
            let guest = answered(&gate, true);
            let using = async {
                for _ in 0..20 {
                    tokio::time::sleep(SHORT / 4).await;
                    guest.begin();
                    guest.done(true);
                }
            };
            tokio::select! {
                biased;
                () = using => {}
                () = guest.overdue() => panic!("cut while it is used"),
            }
            guest.overdue().await;
        });
    }

    #[test]
    fn with_all_places_taken_newcomers_are_served_as_strangers() {
        run(async {
            let gate = gate(LONG, LONG);
            let all: Vec<_> = (0..LET_IN_MAX).map(|_| answered(&gate, true)).collect();
            let one_more = answered(&gate, true);

            assert_eq!(gate.lock().waiting.len(), 1);
            assert!(!is_dropped_now(&one_more).await);
            drop(all);
            one_more.done(true);
            assert_eq!(gate.lock().waiting.len(), 0);
        });
    }
}
