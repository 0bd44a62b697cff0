//! What a service manager hands to the process, and what it wants to hear.
//!
//! Knows the words of the protocols and not when to say them. The crates for it do not speak to
//! abstract sockets, or read the environment anew with every word.
//!
//! Sources: systemd's sd_notify(3), sd_watchdog_enabled(3) and sd_listen_fds(3).

mod sockets;
mod variables;

use std::io;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::Duration;

pub(crate) use self::sockets::{Listener, Passed};
use self::variables::{Address, Variables};
use crate::clock;
use crate::failure::Failure;

/// All that the service manager handed over; empty where there is none.
#[derive(Debug)]
pub(crate) struct Handed {
    pub(crate) manager: Manager,
    /// How often [`Manager::alive`] is to be said: half of the time after which the manager takes
    /// the process for dead. `None` where it does not watch.
    pub(crate) say_alive_every: Option<Duration>,
    /// Sockets that were bound for the process, in the order of the unit's.
    pub(crate) listeners: Vec<Passed>,
}

/// Takes what was handed over out of the environment, so that no child sees it. To be called once
/// and before the process has threads, as only then the environment may be changed.
///
/// # Errors
///
/// [`Failure`] for variables that do not mean anything, for sockets that nobody can listen on, and
/// where it is called too late.
#[expect(
    unsafe_code,
    reason = "the environment has no lock that all its readers take"
)]
pub(crate) fn take() -> Result<Handed, Failure> {
    let threads = std::fs::read_dir("/proc/self/task").map(Iterator::count);
    if is_handed() && !threads.is_ok_and(|threads| threads == 1) {
        return Err(Failure::unfinished(
            "the service manager's variables cannot be taken: other threads run already",
        ));
    }
    // SAFETY: no other thread runs that could read the environment, or none of it is removed.
    unsafe { take_alone() }
}

/// Whether there is anything to take.
fn is_handed() -> bool {
    variables::NAMES
        .iter()
        .any(|name| std::env::var_os(name).is_some())
}

/// # Safety
///
/// No other thread reads the environment meanwhile, where any of the variables is set.
#[expect(unsafe_code, reason = "see `take`")]
unsafe fn take_alone() -> Result<Handed, Failure> {
    let variables = Variables::read(|name| std::env::var_os(name), std::process::id())?;
    if is_handed() {
        for name in variables::NAMES {
            // SAFETY: the caller's promise.
            unsafe { std::env::remove_var(name) };
        }
    }
    let listeners = sockets::take(&variables.socket_names)?;
    Handed::new(&variables, listeners)
}

impl Handed {
    fn new(variables: &Variables, listeners: Vec<Passed>) -> Result<Self, Failure> {
        let manager = match &variables.notify {
            Some(address) => Manager::at(address).map_err(|error| {
                Failure::unfinished(format!(
                    "the service manager cannot be told at `NOTIFY_SOCKET`: {error}"
                ))
                .hint("leave `NOTIFY_SOCKET` to the service manager, or unset it")
            })?,
            None => Manager { line: None },
        };
        Ok(Self {
            manager,
            say_alive_every: variables.watchdog.map(|limit| limit / 2),
            listeners,
        })
    }
}

/// The service manager. Without one, whatever is said is heard by nobody.
///
/// A word that does not reach it is logged: nothing that the process does depends on it.
#[derive(Debug)]
pub(crate) struct Manager {
    line: Option<(UnixDatagram, SocketAddr)>,
}

impl Manager {
    fn at(address: &Address) -> io::Result<Self> {
        let address = match address {
            Address::Path(path) => SocketAddr::from_pathname(path)?,
            Address::Abstract(name) => SocketAddr::from_abstract_name(name)?,
        };
        // Not connected: a manager that starts anew binds another socket to its address.
        let socket = UnixDatagram::unbound()?;
        socket.set_write_timeout(Some(SEND_MAX))?;
        Ok(Self {
            line: Some((socket, address)),
        })
    }

    /// The process can do its work; also after [`Manager::reloading`].
    pub(crate) fn ready(&self) {
        self.say("READY=1");
    }

    /// The configuration is being read again. [`Manager::ready`] ends it, whatever came of it.
    pub(crate) fn reloading(&self) {
        let now = clock::monotonic_micros();
        self.say(&format!("RELOADING=1\nMONOTONIC_USEC={now}"));
    }

    /// The process comes to its end.
    pub(crate) fn stopping(&self) {
        self.say("STOPPING=1");
    }

    /// The process still does its work; see [`Handed::say_alive_every`].
    pub(crate) fn alive(&self) {
        self.say("WATCHDOG=1");
    }

    /// One line for `systemctl status`; other lines than the first are joined to it.
    pub(crate) fn status(&self, text: &str) {
        let line: String = text
            .chars()
            .take(STATUS_CHARS_MAX)
            .map(|letter| if letter.is_control() { ' ' } else { letter })
            .collect();
        self.say(&format!("STATUS={line}"));
    }

    fn say(&self, words: &str) {
        let Some((socket, address)) = &self.line else {
            return;
        };
        if let Err(error) = socket.send_to_addr(words.as_bytes(), address) {
            tracing::warn!(%error, "the service manager was not told");
        }
    }
}

/// How long a manager that does not read may hold the process up.
const SEND_MAX: Duration = Duration::from_millis(500);
const STATUS_CHARS_MAX: usize = 512;

#[cfg(test)]
mod tests;
