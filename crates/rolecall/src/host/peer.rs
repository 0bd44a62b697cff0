//! Who is the other end of a local connection.
//!
//! A wrong answer is worse than none. The user is the kernel's word; group, program, unit and
//! control group are told only where they certainly are those of the process that connected, and
//! are left out otherwise. What a caller may do is not decided here.
//!
//! A process can do two things that no look from outside can tell: pass its end of the connection
//! on, and become another program (`execve`). Both leave the user and the unit as they were, but
//! for a process that was given the right to move. So rules about users and units hold against
//! everybody, rules about programs hold against other users.
//!
//! What it takes: to see the program of another user's process, and which process holds a TCP
//! socket, the kernel asks for `CAP_SYS_PTRACE`. Users, groups and units are seen without, where
//! /proc is not mounted with `hidepid`.
//!
//! Sources: unix(7), proc(5), pidfd_open(2) and sock_diag(7) of the Linux manual.

#[cfg(target_os = "linux")]
mod contained;
#[cfg(target_os = "linux")]
mod diag;
#[cfg(target_os = "linux")]
mod held;
#[cfg(target_os = "linux")]
mod holders;
#[cfg(target_os = "linux")]
mod ids;
#[cfg(target_os = "linux")]
mod parse;
#[cfg(target_os = "linux")]
mod sockopt;
#[cfg(target_os = "linux")]
mod tcp;
#[cfg(target_os = "linux")]
mod unit;
#[cfg(target_os = "linux")]
mod unix;
#[cfg(target_os = "linux")]
mod wire;

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests;

use std::net::SocketAddr;
#[cfg(target_os = "linux")]
use std::os::fd::AsFd;

use agent::caller::Process;
#[cfg(target_os = "linux")]
pub(crate) use contained::{Contained, Unplaced, leads_to_host, may_enter};
#[cfg(target_os = "linux")]
pub(crate) use held::Pace;
#[cfg(target_os = "linux")]
pub(crate) use holders::{Doubt, Holders};
use rustix::io::Errno;
use tokio::net::UnixStream;

/// Why it is not known who asks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unidentified {
    /// The address is of another machine, or of a network namespace of its own.
    #[error("{0} is not an address of this host, so no process here can be named")]
    Elsewhere(SocketAddr),
    /// The client has closed its end, or what stands between hides it.
    #[error("no process of this host has the connection from {0} open")]
    Closed(SocketAddr),
    /// The kernel shows an id that stands for all that it cannot show here.
    #[error("user {0} stands for every user that has no place in this user namespace")]
    OutsideNamespace(u32),
    /// The kernel did not answer.
    #[error("the kernel does not say who is at the other end ({what}: {errno})")]
    Refused {
        /// What was asked.
        what: &'static str,
        /// Its answer.
        errno: Errno,
    },
    /// It is in a network of its own, and that is all that is certain.
    #[cfg(target_os = "linux")]
    #[error(transparent)]
    Contained(#[from] Unplaced),
    /// Not on this operating system.
    #[cfg(any(test, not(target_os = "linux")))]
    #[error("this operating system is not asked who is at the other end of a connection")]
    Unsupported,
}

impl Unidentified {
    /// The way out.
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::Elsewhere(_) => "let callers elsewhere show a client certificate or a token",
            Self::Closed(_) => {
                "let the client keep its connection open until it has the answer, and connect \
                 from the agent's own network namespace, or over the Unix socket"
            }
            Self::OutsideNamespace(_) => {
                "run the agent in the user namespace of its callers, or let them show a token"
            }
            Self::Refused { .. } => {
                "see that /proc is mounted, and that the unit's `RestrictAddressFamilies=` has \
                 AF_NETLINK"
            }
            #[cfg(target_os = "linux")]
            Self::Contained(unplaced) => unplaced.hint(),
            #[cfg(any(test, not(target_os = "linux")))]
            Self::Unsupported => "let callers show a client certificate or a token",
        }
    }
}

/// The process that connected to this Unix socket. Ask as soon as the connection is accepted: on
/// kernels before 6.5 a process that has gone since is told from one that took its number only by
/// its ids.
///
/// Reads a few small files of /proc, some 100 µs in all, and never waits for the other process.
///
/// # Errors
///
/// [`Unidentified`] where not even the user is known.
pub(crate) fn of_unix(stream: &UnixStream) -> Result<Process, Unidentified> {
    #[cfg(target_os = "linux")]
    return unix::process(stream.as_fd());
    #[cfg(not(target_os = "linux"))]
    return unsupported(stream);
}

/// The user that made the socket at the other end of a TCP connection within this host. `local` is
/// the address that the connection was accepted at, `peer` where it comes from. Some 20 µs.
///
/// All else of the process is left out, and its group is [`agent::caller::NO_GID`].
///
/// # Errors
///
/// [`Unidentified`] where the user is not known.
pub(crate) fn user_of_loopback_tcp(
    local: SocketAddr,
    peer: SocketAddr,
) -> Result<Process, Unidentified> {
    #[cfg(target_os = "linux")]
    return tcp::user(local, peer);
    #[cfg(not(target_os = "linux"))]
    return unsupported((local, peer));
}

/// The same with the process, where it is certain that it is one alone. Looks through all
/// processes: keep the answer with the connection, ask where waiting is allowed, and only where a
/// rule is about more than the user.
///
/// # Errors
///
/// [`Unidentified`] where not even the user is known.
pub(crate) fn of_loopback_tcp(
    local: SocketAddr,
    peer: SocketAddr,
) -> Result<Process, Unidentified> {
    #[cfg(target_os = "linux")]
    return tcp::process(local, peer);
    #[cfg(not(target_os = "linux"))]
    return unsupported((local, peer));
}

/// The same with all processes that have the connection open, to look at once more later. At once
/// it may come to [`Doubt::Slow`].
///
/// # Errors
///
/// [`Unidentified`] where not even the user is known.
#[cfg(target_os = "linux")]
pub(crate) fn holders_of_loopback_tcp(
    local: SocketAddr,
    peer: SocketAddr,
    pace: Pace,
) -> Result<Holders, Unidentified> {
    Holders::look(local, peer, pace)
}

#[cfg(not(target_os = "linux"))]
fn unsupported(_other_end: impl Sized) -> Result<Process, Unidentified> {
    Err(Unidentified::Unsupported)
}
