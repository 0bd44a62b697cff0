//! Which process connected to a Unix socket: what the kernel keeps of it, and what /proc shows.
//!
//! Knows neither the socket's path nor what comes over it.

use std::os::fd::BorrowedFd;

use agent::caller::Process;
use rustix::io::Errno;

use super::held::{Facts, Held, Pace};
use super::{Unidentified, ids, sockopt};

/// A process, and how it was found.
#[derive(Debug)]
pub(super) enum Found {
    /// By what the socket keeps of it: it is the one that connected.
    BySocket(Held),
    /// By its number, on kernels before 6.5: believed where it has the same ids.
    ByNumber(Held),
}

/// The user, and the process where it certainly is the one that connected.
pub(super) fn process(socket: BorrowedFd<'_>) -> Result<Process, Unidentified> {
    process_found(socket, |pid| match sockopt::pidfd(socket) {
        Ok(pidfd) => Held::of_pidfd(pid, pidfd).map(Found::BySocket),
        Err(Errno::NOPROTOOPT) => Held::of_number(pid).map(Found::ByNumber),
        // The kernel knows of no such process any more.
        Err(_) => None,
    })
}

/// The same, with the process found in a given way.
pub(super) fn process_found(
    socket: BorrowedFd<'_>,
    find: impl FnOnce(u32) -> Option<Found>,
) -> Result<Process, Unidentified> {
    let peer = sockopt::credentials(socket).map_err(|errno| Unidentified::Refused {
        what: "SO_PEERCRED",
        errno,
    })?;
    let groups = sockopt::groups(socket).ok();
    let mut process = ids::nameless(peer.uid, Some(peer.gid))?;
    process.groups = ids::groups(groups.as_deref().unwrap_or_default());
    // 0 stands for all outside the PID namespace.
    let pid = u32::try_from(peer.pid).ok().filter(|pid| *pid != 0);
    let (facts, certain) = match pid.and_then(find) {
        Some(Found::BySocket(held)) => (held.facts(Pace::Patient).ok(), true),
        Some(Found::ByNumber(held)) => (held.facts(Pace::Patient).ok(), false),
        None => (None, false),
    };
    let Some(facts) = facts else {
        return Ok(process);
    };
    let same_ids = facts.credentials.as_ref().filter(|now| {
        (now.uids.effective, now.gids.effective) == (peer.uid, peer.gid)
            && groups.as_ref().is_none_or(|groups| *groups == now.groups)
    });
    if !certain && same_ids.is_none() {
        return Ok(process);
    }
    if let (None, Some(now)) = (groups, same_ids) {
        process.groups = ids::groups(&now.groups);
    }
    name(&mut process, facts);
    Ok(process)
}

/// Adds what was read of the process to its ids.
pub(super) fn name(process: &mut Process, facts: Facts) {
    process.pid = Some(facts.pid);
    process.exe = facts.exe;
    process.unit = facts.unit;
    process.cgroup = facts.cgroup;
}
