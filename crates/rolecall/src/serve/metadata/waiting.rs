//! Connections on which nothing was asked yet. Where too many wait, the one that has been silent
//! longest makes room, so that somebody who only connects keeps nobody else out.

use std::collections::BTreeMap;
use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustix::net::{Shutdown, shutdown};

/// The silent connections of a listener.
#[derive(Debug, Default)]
pub(super) struct Waiting(Mutex<Silent>);

#[derive(Debug, Default)]
struct Silent {
    next: u64,
    // In the order in which they came.
    sockets: BTreeMap<u64, Arc<OwnedFd>>,
}

/// One connection's place among the silent ones, given up when it asks or goes.
#[derive(Debug)]
pub(super) struct Place {
    waiting: Arc<Waiting>,
    number: u64,
}

impl Waiting {
    /// Takes a connection in.
    pub(super) fn enter(self: &Arc<Self>, socket: &Arc<OwnedFd>) -> Place {
        let mut silent = self.lock();
        let number = silent.next;
        silent.next += 1;
        silent.sockets.insert(number, Arc::clone(socket));
        if silent.sockets.len() > SILENT_MAX
            && let Some((_, oldest)) = silent.sockets.pop_first()
        {
            let _gone_already = shutdown(&oldest, Shutdown::Both);
        }
        drop(silent);
        Place {
            waiting: Arc::clone(self),
            number,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Silent> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// The connection has asked for something.
    pub(super) fn leave(&self) {
        self.waiting.lock().sockets.remove(&self.number);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.leave();
    }
}

// Two descriptors each, so that a host that gives 1,024 has some left for everything else.
const SILENT_MAX: usize = 256;

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::os::unix::net::UnixStream;

    use super::*;

    fn connect(waiting: &Arc<Waiting>) -> (UnixStream, Place, Arc<OwnedFd>) {
        let (near, far) = UnixStream::pair().unwrap();
        near.set_nonblocking(true).unwrap();
        let far = Arc::new(OwnedFd::from(far));
        (near, waiting.enter(&far), far)
    }

    fn is_cut(stream: &mut UnixStream) -> bool {
        matches!(stream.read(&mut [0]), Ok(0))
    }

    #[test]
    fn the_oldest_makes_room_and_whoever_has_asked_stays() {
        let waiting = Arc::new(Waiting::default());
        let (mut asked, place, _open) = connect(&waiting);
        place.leave();
        let mut all: Vec<_> = (0..SILENT_MAX).map(|_| connect(&waiting)).collect();
        assert!(!all.iter_mut().any(|(stream, ..)| is_cut(stream)));
        let _one_more = connect(&waiting);
        let cut: Vec<bool> = all.iter_mut().map(|(stream, ..)| is_cut(stream)).collect();
        assert!(cut[0] && !cut[1..].contains(&true));
        assert!(!is_cut(&mut asked));
    }

    #[test]
    fn places_are_given_up() {
        let waiting = Arc::new(Waiting::default());
        for _ in 0..3 {
            drop(connect(&waiting));
        }
        assert_eq!(waiting.lock().sockets.len(), 0);
    }
}
