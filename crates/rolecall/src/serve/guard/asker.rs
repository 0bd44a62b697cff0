//! Who asks: the user first, and the processes where the rules want to know.
//!
//! The socket of the caller is connected to where it wanted to go. What is not certain is said, and
//! counts as not known.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use agent::Process;
use agent::caller::Network;
use rustix::net::sockopt::{ip_original_dst, ipv6_original_dst};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::guard::ENDPOINTS;
use crate::host::peer::{self, Contained, Doubt, Holders, Pace, Unidentified};

/// A connection as its caller made it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Led {
    to: SocketAddr,
    from: SocketAddr,
    out_of: OutOf,
}

/// Where a connection was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OutOf {
    /// In the network of the host.
    Host,
    /// In another one, from which the host forwards.
    Elsewhere,
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
    // Of one in a network of its own.
    contained: Option<Arc<Contained>>,
    // At which rules name networks.
    paths: Vec<String>,
}

impl Led {
    /// `None` for a connection that came here by itself.
    pub(super) fn of(stream: &TcpStream, from: SocketAddr, out_of: OutOf) -> Option<Self> {
        let to: SocketAddr = match from.ip().to_canonical() {
            IpAddr::V4(_) => ip_original_dst(stream).ok()?.into(),
            IpAddr::V6(_) => ipv6_original_dst(stream).ok()?.into(),
        };
        ENDPOINTS.contains(&to).then_some(Self { to, from, out_of })
    }
}

impl Asker {
    /// The user alone, and the network by what some paths there lead to.
    pub(super) async fn user_of(led: Led, paths: &[String]) -> Result<Self, Unidentified> {
        let Led { to, from, out_of } = led;
        let contained = match out_of {
            OutOf::Host => None,
            OutOf::Elsewhere => {
                let look = aside(move || Contained::look(to, from)).await;
                Some(Arc::new(look.unwrap_or(Err(Unidentified::Closed(from)))?))
            }
        };
        let user = match &contained {
            Some(contained) => contained.user().clone(),
            None => peer::user_of_loopback_tcp(to, from)?,
        };
        let mut asker = Self {
            led,
            user,
            processes: Vec::new(),
            doubt: None,
            holders: None,
            contained,
            paths: paths.to_vec(),
        };
        asker.user.network = Some(asker.network());
        Ok(asker)
    }

    /// By what rules may call the network, as of now.
    fn network(&self) -> Network {
        match &self.contained {
            Some(contained) => contained.network(&self.paths),
            None => peer::leads_to_host(&self.paths),
        }
    }

    /// With the processes. What is at hand is looked at right here: to wait for another thread
    /// would take as long again.
    pub(super) async fn with_processes(self) -> Result<Self, Unidentified> {
        let Led { to, from, .. } = self.led;
        let holders = if let Some(contained) = self.contained.clone() {
            let look = aside(move || contained.holders()).await;
            look.unwrap_or(Err(Unidentified::Closed(from)))?
        } else {
            let holders = peer::holders_of_loopback_tcp(to, from, Pace::AtOnce)?;
            if holders.processes().err() == Some(Doubt::Slow) {
                let look = move || peer::holders_of_loopback_tcp(to, from, Pace::Patient);
                let look = spawn_blocking(look).await;
                look.unwrap_or(Err(Unidentified::Closed(from)))?
            } else {
                holders
            }
        };
        if holders.user().uid != self.user.uid {
            return Err(Unidentified::Closed(from));
        }
        let (mut processes, doubt) = match holders.processes() {
            Ok(processes) => (processes, holders.reservation()),
            Err(doubt) => (Vec::new(), Some(doubt)),
        };
        for process in &mut processes {
            process.network.clone_from(&self.user.network);
        }
        Ok(Self {
            processes,
            doubt,
            holders: Some(Arc::new(holders)),
            ..self
        })
    }

    /// Whether it is the same that asked: the user in its network, and the processes where they
    /// count.
    pub(super) async fn is_the_same(&self, they_count: bool) -> Result<(), Doubt> {
        if Some(self.network()) != self.user.network {
            return Err(Doubt::Renamed);
        }
        let holders = self.holders.as_ref().filter(|_| they_count).cloned();
        if let Some(contained) = self.contained.clone() {
            let again = aside(move || contained.look_again(holders.as_deref())).await;
            return again.unwrap_or(Err(Doubt::Gone));
        }
        let Some(holders) = holders else {
            let now = peer::user_of_loopback_tcp(self.led.to, self.led.from);
            return match now {
                Ok(user) if user.uid == self.user.uid => Ok(()),
                _ => Err(Doubt::Gone),
            };
        };
        match holders.look_again(Pace::AtOnce) {
            Err(Doubt::Slow) => {
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

    /// What its tokens are bound to.
    pub(super) fn bound_to(&self) -> String {
        let uid = self.user.uid;
        match &self.contained {
            Some(contained) => format!("user {uid} in {}", contained.mark()),
            None => format!("user {uid}"),
        }
    }
}

/// Looks at other networks where waiting is allowed, a few at a time; `None` where that failed.
async fn aside<T: Send + 'static>(look: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let _place = LOOKS.acquire().await.ok()?;
    spawn_blocking(look).await.ok()
}

// Containers must not keep all threads from callers of the host.
static LOOKS: Semaphore = Semaphore::const_new(LOOKS_MAX);
const LOOKS_MAX: usize = 8;
