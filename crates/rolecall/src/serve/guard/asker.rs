//! Who asks: the user first, and the processes where the rules want to know.
//!
//! The socket of the caller is connected to where it wanted to go. What is not certain is said, and
//! counts as not known.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use agent::Process;
use rustix::net::sockopt::{ip_original_dst, ipv6_original_dst};
use tokio::net::TcpStream;
use tokio::task::spawn_blocking;

use crate::guard::ENDPOINTS;
use crate::host::peer::{self, Doubt, Holders, Pace, Unidentified};

/// A connection as its caller made it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Led {
    to: SocketAddr,
    from: SocketAddr,
}

/// Whoever asks over one connection.
#[derive(Debug)]
pub(super) struct Asker {
    led: Led,
    pub(super) user: Process,
    /// All that have the connection open; none where that was not asked or is not certain.
    pub(super) processes: Vec<Process>,
    /// Why it is not certain, or not all of it.
    pub(super) doubt: Option<Doubt>,
    holders: Option<Arc<Holders>>,
}

impl Led {
    /// `None` for a connection that came here by itself.
    pub(super) fn of(stream: &TcpStream, from: SocketAddr) -> Option<Self> {
        let to: SocketAddr = match from.ip().to_canonical() {
            IpAddr::V4(_) => ip_original_dst(stream).ok()?.into(),
            IpAddr::V6(_) => ipv6_original_dst(stream).ok()?.into(),
        };
        ENDPOINTS.contains(&to).then_some(Self { to, from })
    }
}

impl Asker {
    /// The user alone.
    pub(super) fn user_of(led: Led) -> Result<Self, Unidentified> {
        Ok(Self {
            led,
            user: peer::user_of_loopback_tcp(led.to, led.from)?,
            processes: Vec::new(),
            doubt: None,
            holders: None,
        })
    }

    /// With the processes. What is at hand is looked at right here: to wait for another thread
    /// would take as long again.
    pub(super) async fn with_processes(self) -> Result<Self, Unidentified> {
        let Led { to, from } = self.led;
        let mut holders = peer::holders_of_loopback_tcp(to, from, Pace::AtOnce)?;
        if holders.processes().err() == Some(Doubt::Slow) {
            let look =
                spawn_blocking(move || peer::holders_of_loopback_tcp(to, from, Pace::Patient));
            holders = look.await.unwrap_or(Err(Unidentified::Closed(from)))?;
        }
        if holders.user().uid != self.user.uid {
            return Err(Unidentified::Closed(from));
        }
        let (processes, doubt) = match holders.processes() {
            Ok(processes) => (processes, holders.reservation()),
            Err(doubt) => (Vec::new(), Some(doubt)),
        };
        Ok(Self {
            processes,
            doubt,
            holders: Some(Arc::new(holders)),
            ..self
        })
    }

    /// Whether it is the same that asked: the user, and the processes where they count.
    pub(super) async fn is_the_same(&self, they_count: bool) -> Result<(), Doubt> {
        let Some(holders) = self.holders.as_ref().filter(|_| they_count) else {
            let now = peer::user_of_loopback_tcp(self.led.to, self.led.from);
            return match now {
                Ok(user) if user == self.user => Ok(()),
                _ => Err(Doubt::Gone),
            };
        };
        match holders.look_again(Pace::AtOnce) {
            Err(Doubt::Slow) => {
                let holders = Arc::clone(holders);
                let again = spawn_blocking(move || holders.look_again(Pace::Patient));
                again.await.unwrap_or(Err(Doubt::Gone))
            }
            seen => seen,
        }
    }

    /// One of those that ask, for the log.
    pub(super) fn one(&self) -> &Process {
        self.processes.first().unwrap_or(&self.user)
    }
}
