//! All processes that have a socket open: found, held on to, and looked at once more.
//!
//! The kernel keeps the user that made a socket and the control group in which it was made, and
//! says nothing of who holds it. So all processes of that user are looked through, and each that
//! holds the socket is kept by a descriptor, which no other process can take over. Which processes
//! a user has is looked up anew where any process was made since, and where none of them is it. A
//! socket may also be on its way between two processes, where nobody sees it: so the group that the
//! kernel names must be the one that the process is in.

use std::collections::BTreeMap;
use std::ffi::CString;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};

use agent::caller::Process;
use rustix::io::Errno;

use super::diag::Socket;
use super::held::{self, Facts, Held};
use super::{Unidentified, ids, tcp, unix};

/// Whose a connection is: its user, and the processes where they are certain.
#[derive(Debug)]
pub(crate) struct Holders {
    ends: [SocketAddr; 2],
    socket: Socket,
    user: Process,
    // Never none of them.
    found: Result<Vec<Holder>, Doubt>,
    // Processes made since then have another number.
    last_number: Option<u32>,
}

#[derive(Debug)]
struct Holder {
    held: Held,
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
    /// The connection has ended, and may be another one now.
    #[error("the connection is not the same any more")]
    Gone,
}

impl Holders {
    /// Looks for them, in some 40 µs for each process of that user, and where processes were made
    /// since the last time 1 µs for any other.
    pub(super) fn look(local: SocketAddr, peer: SocketAddr) -> Result<Self, Unidentified> {
        let socket = tcp::find(local, peer)?;
        let user = ids::nameless(socket.uid, None)?;
        let last_number = held::last_number();
        let found = all(socket, last_number);
        // Its inode may have been given to another one meanwhile.
        if tcp::find(local, peer)? != socket {
            return Err(Unidentified::Closed(peer));
        }
        Ok(Self {
            ends: [local, peer],
            socket,
            user,
            found,
            last_number,
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
    /// users and groups, and by no other.
    pub(crate) fn look_again(&self) -> Result<(), Doubt> {
        let [local, peer] = self.ends;
        if tcp::find(local, peer).as_ref() != Ok(&self.socket) {
            return Err(Doubt::Gone);
        }
        let Ok(found) = &self.found else {
            return Ok(());
        };
        for holder in found {
            let same = holder.held.facts().as_ref() == Some(&holder.facts);
            if !same || !holder.held.has(&holder.descriptor, self.socket.inode) {
                return Err(Doubt::Changed(holder.facts.pid));
            }
        }
        let last_number = held::last_number();
        if last_number.is_some() && last_number == self.last_number {
            return Ok(());
        }
        let is_known = |pid| found.iter().any(|holder| holder.facts.pid == pid);
        let holding = among(&numbers_of(self.socket.uid, last_number)?, self.socket)?;
        let mut holding = holding.iter().map(|(held, _)| held.pid());
        match holding.find(|pid| !is_known(*pid)) {
            Some(pid) => Err(Doubt::Another(pid)),
            None => Ok(()),
        }
    }
}

impl Holder {
    fn of(held: Held, descriptor: CString, socket: Socket) -> Result<Self, Doubt> {
        let pid = held.pid();
        let facts = held.facts().ok_or(Doubt::Changed(pid))?;
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

fn all(socket: Socket, last_number: Option<u32>) -> Result<Vec<Holder>, Doubt> {
    let mut holding = match known_numbers(socket.uid, last_number) {
        Some(numbers) => among(&numbers, socket)?,
        None => Vec::new(),
    };
    // One that was there already may have become this user since.
    if holding.is_empty() {
        holding = among(&numbers_of(socket.uid, last_number)?, socket)?;
    }
    let holders = holding.into_iter();
    let holders = holders.map(|(held, descriptor)| Holder::of(held, descriptor, socket));
    let holders: Vec<_> = holders.collect::<Result<_, _>>()?;
    if holders.is_empty() {
        return Err(Doubt::Nobody(socket.uid));
    }
    Ok(holders)
}

/// Those of some processes that have it open, each with a descriptor of it.
fn among(numbers: &[u32], socket: Socket) -> Result<Vec<(Held, CString)>, Doubt> {
    let mut found = Vec::new();
    let mut budget = LINKS_MAX;
    for pid in numbers {
        // One that has ended has nothing open.
        let Some(held) = Held::of_number(*pid) else {
            continue;
        };
        if held.owner() != Some(socket.uid) {
            continue;
        }
        match held.link_to(socket.inode, &mut budget) {
            Ok(None) | Err(Errno::NOENT | Errno::SRCH) => {}
            Ok(Some(_)) if found.len() == HOLDERS_MAX => return Err(Doubt::TooMany),
            Ok(Some(descriptor)) => found.push((held, descriptor)),
            Err(Errno::NOBUFS) => return Err(Doubt::TooMany),
            Err(_) => return Err(Doubt::Hidden(*pid)),
        }
    }
    Ok(found)
}

/// Which processes users had, and the last number that was given out before they were looked up.
static KNOWN: Mutex<BTreeMap<u32, (u32, Vec<u32>)>> = Mutex::new(BTreeMap::new());

fn known_numbers(uid: u32, last_number: Option<u32>) -> Option<Vec<u32>> {
    let known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let (at, numbers) = known.get(&uid)?;
    (Some(*at) == last_number).then(|| numbers.clone())
}

fn numbers_of(uid: u32, last_number: Option<u32>) -> Result<Vec<u32>, Doubt> {
    let numbers = held::numbers_of(uid, PROCESSES_MAX).ok_or(Doubt::TooMany)?;
    if let Some(at) = last_number {
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KNOWN_MAX && !known.contains_key(&uid) {
            known.clear();
        }
        known.insert(uid, (at, numbers.clone()));
    }
    Ok(numbers)
}

// Users that are remembered with their processes.
const KNOWN_MAX: usize = 1_024;
// Hosts have hundreds.
const PROCESSES_MAX: usize = 32_768;
// Descriptors of one user's processes.
const LINKS_MAX: usize = 65_536;
// Processes with the same connection: a server that forks its workers has some tens.
const HOLDERS_MAX: usize = 64;
