//! What a connection knows of the other end, found out when it is first asked for.

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use agent::access::Listener;
use agent::{Caller, Process};
use tokio::net::{TcpStream, UnixStream};

use super::reads::Live;
use crate::host::peer::{self, Unidentified};

/// The other end of a connection.
#[derive(Debug)]
pub(crate) struct Connection {
    end: End,
    certificate_names: Vec<String>,
    // The latest answer, with the configuration and the token it is for. Requests of a connection
    // come one after the other, so nobody waits here.
    known: Mutex<Option<Known>>,
}

#[derive(Debug)]
enum End {
    Unix(Result<Process, Unidentified>),
    Tcp { local: SocketAddr, peer: SocketAddr },
}

#[derive(Debug)]
struct Known {
    generation: u64,
    // Whether the process was asked for.
    with_process: bool,
    caller: Arc<Caller>,
}

impl fmt::Display for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.end {
            End::Unix(Ok(process)) => write!(f, "uid {}", process.uid),
            End::Unix(Err(_)) => f.write_str("unix socket"),
            End::Tcp { peer, .. } => peer.fmt(f),
        }
    }
}

impl Connection {
    /// Over a Unix socket: who connected is asked at once.
    pub(crate) fn unix(stream: &UnixStream) -> Self {
        Self::new(End::Unix(peer::of_unix(stream)))
    }

    /// Over TCP; `None` where the connection is gone already.
    pub(crate) fn tcp(stream: &TcpStream, peer: SocketAddr) -> Option<Self> {
        let local = stream.local_addr().ok()?;
        Some(Self::new(End::Tcp { local, peer }))
    }

    /// With the unit that its address names, which only root is believed.
    pub(crate) fn of_unit(mut self, unit: &str) -> Self {
        if let End::Unix(Ok(process)) = &mut self.end
            && process.uid == 0
        {
            process.unit = Some(unit.to_owned());
        }
        self
    }

    /// The user at the other end, where it is on this host and known without asking.
    pub(crate) fn uid(&self) -> Option<u32> {
        match &self.end {
            End::Unix(Ok(process)) => Some(process.uid),
            _ => None,
        }
    }

    /// With the names in the client's certificate, once it is verified.
    pub(crate) fn with_certificate(self, names: Vec<String>) -> Self {
        Self {
            certificate_names: names,
            ..self
        }
    }

    fn new(end: End) -> Self {
        Self {
            end,
            certificate_names: Vec::new(),
            known: Mutex::new(None),
        }
    }

    /// Who asks by `listener`, as far as anything in force depends on it.
    pub(crate) async fn caller(
        &self,
        live: &Live,
        listener: Listener,
        token: Option<&str>,
    ) -> Arc<Caller> {
        let with_process =
            live.rules.are_there() || live.audit.is_some() || listener == Listener::Sdk;
        let lock = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = &*lock()
            && known.generation == live.generation
            && known.with_process >= with_process
            && known.caller.token.as_deref() == token
        {
            return Arc::clone(&known.caller);
        }
        let caller = Arc::new(Caller {
            process: self.process(live, with_process).await,
            certificate_names: self.certificate_names.clone(),
            token: token.map(str::to_owned),
            address: match self.end {
                End::Unix(_) => None,
                End::Tcp { peer, .. } => Some(peer),
            },
        });
        *lock() = Some(Known {
            generation: live.generation,
            with_process,
            caller: Arc::clone(&caller),
        });
        caller
    }

    async fn process(&self, live: &Live, is_wanted: bool) -> Option<Process> {
        let found = match &self.end {
            End::Unix(process) => process.clone(),
            End::Tcp { .. } if !is_wanted => return None,
            End::Tcp { peer, .. } if !peer.ip().to_canonical().is_loopback() => return None,
            &End::Tcp { local, peer } if live.rules.needs_process() => {
                let look = move || peer::of_loopback_tcp(local, peer);
                tokio::task::spawn_blocking(look).await.ok()?
            }
            &End::Tcp { local, peer } => peer::user_of_loopback_tcp(local, peer),
        };
        match found {
            Ok(process) => Some(process),
            Err(reason) => {
                let hint = reason.hint();
                tracing::debug!(%reason, hint, "a caller is not known");
                None
            }
        }
    }
}
