//! The proof that the lockdown holds: connections to the metadata service as somebody who may not
//! reach it, and as root.
//!
//! A thread of its own gives up its user for good and ends after one try. Users belong to threads
//! in the kernel, so nothing else of the process changes.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use agent::guard::Callers;
use rustix::process::{Gid, Uid};
use rustix::thread::{set_thread_groups, set_thread_res_gid, set_thread_res_uid};

use super::ENDPOINTS;
use crate::clock;
use crate::failure::Failure;

/// What the guard alone can answer.
#[derive(Debug, Clone)]
pub(crate) struct Sign(String);

impl Sign {
    /// One that nobody knows.
    pub(crate) fn new() -> Result<Self, Failure> {
        let number = u128::from_ne_bytes(clock::random()?);
        Ok(Self(format!("{number:032x}")))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The path at which it is answered.
    pub(crate) const PATH: &str = "/rolecall-guard";
    /// The header in which it is answered.
    pub(crate) const HEADER: &str = "X-Rolecall-Guard";
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Broken {
    /// The lockdown does not hold.
    #[error("user {UNPRIVILEGED} at {0} {1}, and should {2}")]
    Open(SocketAddr, Outcome, &'static str),
    /// Root does not get through.
    #[error("root at {0} {1}, and should reach the metadata service itself")]
    Shut(SocketAddr, Outcome),
    /// The try could not be made.
    #[error("user {UNPRIVILEGED} cannot be tried: {0}")]
    Untried(String),
}

/// What came of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Guard,
    Other,
    Reset,
    NoRoute,
    Silence,
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Guard => "reaches the guard",
            Self::Other => "reaches something that is not the guard",
            Self::Reset => "is refused",
            Self::NoRoute => "has no route",
            Self::Silence => "gets no answer",
        })
    }
}

/// Tries all of it; what is wrong. Takes a millisecond where all is well; waits for no other task
/// of the same thread, so it is to be called where waiting is allowed.
pub(crate) fn prove(callers: Callers, sign: &Sign) -> Result<(), Broken> {
    let (expected, should) = match callers {
        Callers::Redirect => (Outcome::Guard, "reach the guard"),
        Callers::Refuse => (Outcome::Reset, "be refused"),
    };
    for address in ENDPOINTS {
        let found = in_thread(Some(UNPRIVILEGED), address, sign)?;
        let fits = found == expected || address.is_ipv6() && is_shut(found);
        if !fits {
            return Err(Broken::Open(address, found, should));
        }
    }
    let [service, _] = ENDPOINTS;
    match in_thread(None, service, sign)? {
        Outcome::Other => Ok(()),
        found => Err(Broken::Shut(service, found)),
    }
}

/// Hosts without IPv6, or without a route to the service in it, lead nobody there.
fn is_shut(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::NoRoute | Outcome::Reset)
}

fn in_thread(uid: Option<u32>, address: SocketAddr, sign: &Sign) -> Result<Outcome, Broken> {
    let sign = sign.clone();
    let tried = std::thread::Builder::new()
        .name("guard-proof".to_owned())
        .spawn(move || {
            if let Some(uid) = uid {
                become_user(uid).map_err(|error| Broken::Untried(error.to_string()))?;
            }
            Ok(connect(address, &sign))
        });
    let tried = tried.map_err(|error| Broken::Untried(error.to_string()))?;
    let ended = tried.join();
    ended.unwrap_or_else(|_| Err(Broken::Untried("the thread ended early".to_owned())))
}

/// This thread alone, and for good.
fn become_user(uid: u32) -> rustix::io::Result<()> {
    let (user, group) = (Uid::from_raw(uid), Gid::from_raw(uid));
    set_thread_groups(&[])?;
    set_thread_res_gid(group, group, group)?;
    set_thread_res_uid(user, user, user)
}

fn connect(address: SocketAddr, sign: &Sign) -> Outcome {
    let talk = || {
        let mut stream = TcpStream::connect_timeout(&address, TIME_MAX)?;
        stream.set_read_timeout(Some(TIME_MAX))?;
        let path = Sign::PATH;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
        )?;
        let mut answer = Vec::new();
        stream.take(ANSWER_BYTES_MAX).read_to_end(&mut answer)?;
        Ok::<_, std::io::Error>(answer)
    };
    match talk() {
        Ok(answer) if answer.is_empty() => Outcome::Silence,
        Ok(answer) => {
            let answer = String::from_utf8_lossy(&answer);
            let own = format!("{}: {}", Sign::HEADER, sign.as_str());
            let is_own = answer.lines().any(|line| line.eq_ignore_ascii_case(&own));
            if is_own {
                Outcome::Guard
            } else {
                Outcome::Other
            }
        }
        Err(error) => match error.kind() {
            ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset => Outcome::Reset,
            ErrorKind::NetworkUnreachable
            | ErrorKind::HostUnreachable
            | ErrorKind::AddrNotAvailable
            | ErrorKind::Unsupported => Outcome::NoRoute,
            _ => Outcome::Silence,
        },
    }
}

// `nobody`, on every distribution.
const UNPRIVILEGED: u32 = 65_534;
// Everything is on this host or one hop away.
const TIME_MAX: Duration = Duration::from_secs(2);
const ANSWER_BYTES_MAX: u64 = 16 << 10;
