//! All processes that have a socket open: found, held on to, and looked at once more.
//!
//! The kernel keeps the user that made a socket and the control group in which it was made, and
//! says nothing of who holds it. So all processes of that user are looked through, and each that
//! holds the socket is kept by a descriptor, which no other process can take over. A socket may
//! also be on its way between two processes, where nobody sees it: so the group that the kernel
//! names must be the one that the process is in.
//!
//! To look through all processes of the host is most of the work, so which a user has is
//! remembered, and looked up anew where any process was made since, where none of them is it, and
//! after a moment, as one can become a user's without being made.

use std::collections::BTreeMap;
use std::ffi::CString;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use agent::caller::Process;
use rustix::io::Errno;

use super::diag::Socket;
use super::held::{self, Facts, Held, Pace, Unread};
use super::{Unidentified, ids, tcp, unix};
use crate::clock::Stopwatch;

/// Whose a connection is: its user, and the processes where they are certain.
#[derive(Debug)]
pub(crate) struct Holders {
    ends: [SocketAddr; 2],
    socket: Socket,
    user: Process,
    // Never none of them.
    found: Result<Vec<Holder>, Doubt>,
    // All processes of the user at that time.
    of_user: Arc<[Candidate]>,
    // Processes made since then have another number.
    last_number: Option<u32>,
    since: Stopwatch,
}

/// A process that may have the socket open.
#[derive(Debug, Clone)]
enum Candidate {
    Held(Arc<Held>),
    /// One of too many to hold on to.
    Number(u32),
}

/// What is looked for, and how.
#[derive(Debug, Clone, Copy)]
struct Search {
    socket: Socket,
    last_number: Option<u32>,
    pace: Pace,
}

#[derive(Debug)]
struct Holder {
    held: Arc<Held>,
    descriptor: CString,
    facts: Facts,
    process: Process,
}

/// Why it is not certain which processes they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Doubt {
    /// The one that made it has gone, or passed it to another user.
    #[error("no process of user {0} has the connection open")]
    Nobody(u32),
    /// The kernel does not show what it has open.
    #[error("what process {0} of the same user has open is not shown")]
    Hidden(u32),
    /// It has the connection open and became another user.
    #[error("process {0} has the connection open and is another user now")]
    OtherUser(u32),
    /// It ended, closed the connection, or runs another program.
    #[error("process {0} ended or changed while it was looked at")]
    Changed(u32),
    /// Its unit does not count, as it may have got the connection from another one.
    #[error("process {0} is in another control group than the one that made the connection")]
    Moved(u32),
    /// Another one got the connection, as by a fork.
    #[error("process {0} has the connection open since a moment ago")]
    Another(u32),
    /// More than are looked at.
    #[error("too many processes, or open files of them, to look at")]
    TooMany,
    /// It takes longer than others can wait for.
    #[error("it takes long to look at all processes of the user")]
    Slow,
    /// The files at which network namespaces have their names.
    #[error("network namespaces have other names than a moment ago")]
    Renamed,
    /// The connection has ended, and may be another one now.
    #[error("the connection is not the same any more")]
    Gone,
}

impl Holders {
    /// Looks for them. Where the user's processes are known that is some 20 µs for each of them,
    /// else 2 µs more for each process of the host.
    pub(super) fn look(
        local: SocketAddr,
        peer: SocketAddr,
        pace: Pace,
    ) -> Result<Self, Unidentified> {
        let socket = tcp::find(local, peer)?;
        let user = ids::nameless(socket.uid, None)?;
        let search = Search {
            socket,
            last_number: held::last_number(),
            pace,
        };
        let since = Stopwatch::start();
        let mut of_user = Arc::from([]);
        let found = search.all(&mut of_user);
        // Its inode may have been given to another one meanwhile.
        if tcp::find(local, peer)? != socket {
            return Err(Unidentified::Closed(peer));
        }
        Ok(Self {
            ends: [local, peer],
            socket,
            user,
            found,
            of_user,
            last_number: search.last_number,
            since,
        })
    }

    /// All of them.
    pub(crate) fn processes(&self) -> Result<Vec<Process>, Doubt> {
        let found = self.found.as_ref().map_err(|doubt| *doubt)?;
        Ok(found.iter().map(|holder| holder.process.clone()).collect())
    }

    /// Why something of them does not count.
    pub(crate) fn reservation(&self) -> Option<Doubt> {
        let mut found = self.found.iter().flatten();
        let moved = found.find(|holder| is_moved(self.socket, &holder.facts))?;
        Some(Doubt::Moved(moved.facts.pid))
    }

    /// What is certain without any process: the user alone.
    pub(crate) fn user(&self) -> &Process {
        &self.user
    }

    /// The process where it is one alone, else the user.
    pub(super) fn only(self) -> Process {
        let found = self.found.unwrap_or_default();
        match <[Holder; 1]>::try_from(found) {
            Ok([holder]) => holder.process,
            Err(_) => self.user,
        }
    }

    /// Looks once more: the same connection, held by the same processes, with the same programs,
    /// users and groups, and by no other, be it the user's already or made since.
    pub(crate) fn look_again(&self, pace: Pace) -> Result<(), Doubt> {
        let [local, peer] = self.ends;
        if tcp::find(local, peer).as_ref() != Ok(&self.socket) {
            return Err(Doubt::Gone);
        }
        let Ok(found) = &self.found else {
            return Ok(());
        };
        for holder in found {
            let pid = holder.facts.pid;
            let same = match holder.held.facts(pace) {
                Ok(facts) => facts == holder.facts,
                Err(Unread::Ended) => false,
                Err(Unread::Slow) => return Err(Doubt::Slow),
            };
            if !same || !holder.held.has(&holder.descriptor, self.socket.inode) {
                return Err(Doubt::Changed(pid));
            }
        }
        let last_number = held::last_number();
        // In the end numbers begin again from below, and come to the same.
        let is_recent = self.since.elapsed() < KNOWN_LIFE;
        if is_recent && last_number.is_some() && last_number == self.last_number {
            return Ok(());
        }
        let search = Search {
            socket: self.socket,
            last_number,
            pace,
        };
        let is_known = |candidate: &Candidate| {
            let pid = candidate.pid();
            found.iter().any(|holder| holder.facts.pid == pid)
        };
        let made = made_between(self.last_number, last_number, self.socket.uid);
        let candidates = match made.filter(|_| is_recent) {
            Some(made) => self.of_user.iter().cloned().chain(made).collect(),
            None => search.look_up()?,
        };
        let others = candidates.iter().filter(|candidate| !is_known(candidate));
        match search.among(others)?.first() {
            Some((held, _)) => Err(Doubt::Another(held.pid())),
            None => Ok(()),
        }
    }
}

impl Holder {
    fn of(held: Arc<Held>, descriptor: CString, search: Search) -> Result<Self, Doubt> {
        let (pid, socket) = (held.pid(), search.socket);
        let facts = held.facts(search.pace).map_err(|unread| match unread {
            Unread::Ended => Doubt::Changed(pid),
            Unread::Slow => Doubt::Slow,
        })?;
        let now = facts.credentials.as_ref().ok_or(Doubt::Hidden(pid))?;
        if now.uids.file_system != socket.uid {
            return Err(Doubt::OtherUser(pid));
        }
        if !held.has(&descriptor, socket.inode) {
            return Err(Doubt::Changed(pid));
        }
        let nameless = ids::nameless(socket.uid, Some(now.gids.file_system));
        let mut process = nameless.map_err(|_| Doubt::OtherUser(pid))?;
        process.groups = ids::groups(&now.groups);
        unix::name(&mut process, facts.clone());
        if is_moved(socket, &facts) {
            (process.unit, process.cgroup) = (None, None);
        }
        Ok(Self {
            held,
            descriptor,
            facts,
            process,
        })
    }
}

fn is_moved(socket: Socket, facts: &Facts) -> bool {
    let both = socket.cgroup.zip(facts.cgroup_id);
    both.is_some_and(|(made_in, is_in)| made_in != is_in)
}

impl Search {
    fn all(self, of_user: &mut Arc<[Candidate]>) -> Result<Vec<Holder>, Doubt> {
        let mut holding = Vec::new();
        if let Some(known) = self.known() {
            *of_user = known;
            holding = self.among(of_user.iter())?;
        }
        // One that was there already may have become this user since.
        if holding.is_empty() {
            *of_user = self.look_up()?;
            holding = self.among(of_user.iter())?;
        }
        let holders = holding.into_iter();
        let holders = holders.map(|(held, descriptor)| Holder::of(held, descriptor, self));
        let holders: Vec<_> = holders.collect::<Result<_, _>>()?;
        if holders.is_empty() {
            return Err(Doubt::Nobody(self.socket.uid));
        }
        Ok(holders)
    }

    /// Those of some processes that have it open, each with a descriptor of it.
    fn among<'a>(
        self,
        candidates: impl Iterator<Item = &'a Candidate>,
    ) -> Result<Vec<(Arc<Held>, CString)>, Doubt> {
        let mut found = Vec::new();
        let (mut budget, over) = match self.pace {
            Pace::AtOnce => (LINKS_AT_ONCE_MAX, Doubt::Slow),
            Pace::Patient => (LINKS_MAX, Doubt::TooMany),
        };
        for (at, candidate) in candidates.enumerate() {
            if self.pace == Pace::AtOnce && at >= HELD_MAX {
                return Err(Doubt::Slow);
            }
            // One that has ended has nothing open.
            let Some(held) = candidate.held() else {
                continue;
            };
            if held.owner() != Some(self.socket.uid) {
                continue;
            }
            match held.link_to(self.socket.inode, &mut budget) {
                Ok(None) | Err(Errno::NOENT | Errno::SRCH) => {}
                Ok(Some(_)) if found.len() == HOLDERS_MAX => return Err(Doubt::TooMany),
                Ok(Some(descriptor)) => found.push((held, descriptor)),
                Err(Errno::NOBUFS) => return Err(over),
                Err(_) => return Err(Doubt::Hidden(held.pid())),
            }
        }
        Ok(found)
    }

    fn known(self) -> Option<Arc<[Candidate]>> {
        let known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.get(&self.socket.uid)?;
        let is_new = Some(known.at) == self.last_number && known.since.elapsed() < KNOWN_LIFE;
        is_new.then(|| Arc::clone(&known.of_user))
    }

    /// The user's processes as they are now.
    fn look_up(self) -> Result<Arc<[Candidate]>, Doubt> {
        let uid = self.socket.uid;
        let (max, over) = match self.pace {
            Pace::AtOnce => (PROCESSES_AT_ONCE_MAX, Doubt::Slow),
            Pace::Patient => (PROCESSES_MAX, Doubt::TooMany),
        };
        let since = Stopwatch::start();
        let numbers = held::numbers_of(uid, max).ok_or(over)?;
        let mut kept = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        let before = kept.get(&uid).map(|known| Arc::clone(&known.of_user));
        let before = before.iter().flat_map(|of_user| of_user.iter());
        let before: BTreeMap<u32, &Arc<Held>> = before
            .filter_map(|candidate| match candidate {
                Candidate::Held(held) => Some((held.pid(), held)),
                Candidate::Number(_) => None,
            })
            .collect();
        let are_few = numbers.len() <= HELD_MAX;
        let candidate = |number: u32| {
            // Its number may have been given to another one since.
            let same = before.get(&number).filter(|held| held.lives());
            match same.map(|held| Arc::clone(held)) {
                Some(held) if are_few => Some(Candidate::Held(held)),
                None if are_few => Held::of_number(number).map(Arc::new).map(Candidate::Held),
                _ => Some(Candidate::Number(number)),
            }
        };
        let of_user: Arc<[Candidate]> = numbers.into_iter().filter_map(candidate).collect();
        if let Some(at) = self.last_number {
            if kept.len() >= KNOWN_MAX && !kept.contains_key(&uid) {
                kept.clear();
            }
            let known = Known {
                at,
                since,
                of_user: Arc::clone(&of_user),
            };
            kept.insert(uid, known);
        }
        Ok(of_user)
    }
}

impl Candidate {
    fn pid(&self) -> u32 {
        match self {
            Self::Held(held) => held.pid(),
            Self::Number(number) => *number,
        }
    }

    fn held(&self) -> Option<Arc<Held>> {
        match self {
            Self::Held(held) => held.lives().then(|| Arc::clone(held)),
            Self::Number(number) => Held::of_number(*number).map(Arc::new),
        }
    }
}

/// The user's processes among those that were made between two numbers; `None` where they are too
/// many to look at each, or began again from below.
fn made_between(
    before: Option<u32>,
    now: Option<u32>,
    uid: u32,
) -> Option<impl Iterator<Item = Candidate>> {
    let (before, now) = (before?, now?);
    let count = now.checked_sub(before)?;
    let made = (before..=now).skip(1);
    (count <= MADE_MAX).then(|| {
        made.filter_map(Held::of_number)
            .filter(move |held| held.owner() == Some(uid) && held.is_process())
            .map(|held| Candidate::Held(Arc::new(held)))
    })
}

/// Which processes a user had.
#[derive(Debug)]
struct Known {
    /// The number that was given out last before they were looked up.
    at: u32,
    since: Stopwatch,
    of_user: Arc<[Candidate]>,
}

static KNOWN: Mutex<BTreeMap<u32, Known>> = Mutex::new(BTreeMap::new());

// Users that are remembered with their processes.
const KNOWN_MAX: usize = 512;
// Too short for all numbers to be given out once, which are 32,768 at least.
const KNOWN_LIFE: Duration = Duration::from_millis(100);
// Of one user, with up to four descriptors each.
const HELD_MAX: usize = 8;
// Numbers given out between two looks that are looked at one by one.
const MADE_MAX: u32 = 64;
// Hosts have hundreds.
const PROCESSES_MAX: usize = 32_768;
// Descriptors of one user's processes.
const LINKS_MAX: usize = 65_536;
// What is done while others wait: a fraction of a millisecond.
const LINKS_AT_ONCE_MAX: usize = 256;
const PROCESSES_AT_ONCE_MAX: usize = 256;
// Processes with the same connection: a server that forks its workers has some tens.
const HOLDERS_MAX: usize = 64;
