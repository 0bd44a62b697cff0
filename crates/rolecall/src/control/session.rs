//! One connection to the control socket: the instance that it is about, and what is served for it.

use std::io::{Read, Seek, SeekFrom};
use std::net::{SocketAddr, TcpListener, UdpSocket};
use std::os::fd::OwnedFd;

use account::SEED_BYTES;
use account::hosts::{self, Host};
use account::metadata::{AnnounceError, Announcement, Manner, announce};
use account::rotation::Turn;
use protocol::Secret;
use rustix::net::sockopt::{socket_acceptconn, socket_domain, socket_type};
use rustix::net::{AddressFamily, SocketType};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::message::{Answer, Purpose, Shown};
use crate::clock;
use crate::failure::Failure;
use crate::host::unnamed;
use crate::serve::{Api, Authority, Bound, Metadata, Names, Stop, Transport, stopped};
use crate::store::Ledger;

/// What a connection has asked for so far.
#[derive(Debug)]
pub(super) struct Session {
    ledger: Ledger,
    api: Api,
    entered: Option<Entered>,
    // How many were handed over.
    sockets: usize,
    tasks: JoinSet<()>,
    end: watch::Sender<bool>,
    server_stop: Stop,
}

#[derive(Debug)]
struct Entered {
    id: String,
    manner: Manner,
    authority: Authority,
}

impl Session {
    pub(super) fn new(ledger: Ledger, api: Api, server_stop: Stop) -> Self {
        Self {
            ledger,
            api,
            entered: None,
            sockets: 0,
            tasks: JoinSet::new(),
            end: watch::channel(false).0,
            server_stop,
        }
    }

    pub(super) fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    pub(super) fn enter(&mut self, id: &str, manner: Manner) -> Result<Answer, Failure> {
        let host = hosts::find(&self.ledger.partition(), id).ok_or_else(|| unknown(id))?;
        if host.state() != "running" {
            let message = format!("the instance `{id}` is {}", host.state());
            return Err(Failure::no(message).hint("`rolecall instance list` shows those that run"));
        }
        let authority = Authority::new()?;
        let answer = Answer::Entered {
            instance: Box::new(Shown::of(&host)),
            authority: authority.pem().to_owned(),
        };
        self.entered = Some(Entered {
            id: id.to_owned(),
            manner,
            authority,
        });
        Ok(answer)
    }

    pub(super) fn user_data(&self) -> Result<OwnedFd, Failure> {
        let host = self.host()?;
        let data = host.instance().user_data.clone();
        let data = data.ok_or_else(|| {
            Failure::no(format!(
                "the instance `{}` has no user data",
                host.instance().id
            ))
            .hint("give it some with `aws ec2 run-instances --user-data`")
        })?;
        Ok(unnamed("user-data", &data)?.into())
    }

    /// All or none of them is served.
    pub(super) fn serve(
        &mut self,
        purposes: &[Purpose],
        passed: Vec<OwnedFd>,
    ) -> Result<Answer, Failure> {
        let host = self.host()?;
        let entered = self.entered.as_ref().ok_or_else(unentered)?;
        let (id, manner) = (entered.id.clone(), entered.manner);
        let tls = entered.authority.transport()?;
        if purposes.len() != passed.len() {
            let message = format!("{} sockets came for {}", passed.len(), purposes.len());
            return Err(Failure::wrong(message));
        }
        self.sockets += passed.len();
        if self.sockets > SOCKETS_MAX {
            return Err(Failure::wrong(
                "these are more sockets than an instance needs",
            ));
        }
        let sockets: Result<Vec<_>, Failure> = passed
            .into_iter()
            .zip(purposes)
            .map(|(socket, purpose)| Ok((*purpose, Socket::of(socket, *purpose)?)))
            .collect();
        let sockets = sockets?;
        let has_ipv6 = sockets.iter().any(|(purpose, socket)| {
            *purpose == Purpose::ApiTls && socket.address().is_some_and(|it| it.is_ipv6())
        });
        let private_ip = host.instance().placement.private_ip;
        let names = Names::new(has_ipv6, &host.host_name, private_ip);
        let api = self.api.called_from(host.origin());
        for (purpose, socket) in sockets {
            let stop = self.stop();
            match (purpose, socket) {
                (Purpose::Metadata, Socket::Tcp(bound)) => {
                    let (ledger, home) = (self.ledger.clone(), host.home.clone());
                    let service = Metadata::new(ledger, home, id.clone()).in_manner(manner);
                    self.tasks.spawn(service.serve(bound, stop));
                }
                (Purpose::Api, Socket::Tcp(bound)) => {
                    let serving = api.clone().serve(bound, Transport::Plain, stop);
                    self.tasks.spawn(serving);
                }
                (Purpose::ApiTls, Socket::Tcp(bound)) => {
                    self.tasks
                        .spawn(api.clone().serve(bound, tls.clone(), stop));
                }
                (Purpose::NamesTcp, Socket::Tcp(bound)) => {
                    self.tasks.spawn(names.clone().serve_tcp(bound, stop));
                }
                (_, Socket::Udp(socket)) => {
                    self.tasks.spawn(names.clone().serve_udp(socket, stop));
                }
                (Purpose::Names, Socket::Tcp(_)) => {}
            }
        }
        Ok(Answer::Done)
    }

    pub(super) async fn console(&mut self, passed: Vec<OwnedFd>) -> Result<Answer, Failure> {
        let id = self.host()?.instance().id.clone();
        let file = passed.into_iter().next();
        let file = file.ok_or_else(|| Failure::wrong("no output came with it"))?;
        let output = last_of(&mut file.into())
            .map_err(|error| Failure::wrong(format!("the output cannot be read: {error}")))?;
        let printed = move |partition: &_, now, _| Turn {
            changes: hosts::printed(partition, &id, &output, now)
                .into_iter()
                .collect(),
            ..Turn::default()
        };
        let kept = self.ledger.turn(printed).await;
        kept.map_err(|_| Failure::unfinished("the output cannot be kept"))?;
        Ok(Answer::Done)
    }

    /// Whether the account refuses is known before the writer is asked; what comes between the two
    /// changes nothing then.
    pub(super) async fn announce(
        &mut self,
        id: String,
        what: Announcement,
    ) -> Result<Answer, Failure> {
        let partition = self.ledger.partition();
        let host = hosts::find(&partition, &id).ok_or_else(|| unknown(&id))?;
        let tried = announce(
            &partition,
            &host.home,
            &id,
            what,
            clock::now(),
            [0; SEED_BYTES],
        );
        tried.map_err(|error| match error {
            AnnounceError::Backwards(..) => {
                Failure::wrong(error.to_string()).hint("give a later `--not-after`")
            }
            AnnounceError::NoInstance(_) => unknown(&id),
            AnnounceError::TooMany => {
                Failure::no(error.to_string()).hint("launch another instance")
            }
        })?;
        let told = move |partition: &_, now, seed| Turn {
            changes: announce(partition, &host.home, &id, what, now, seed).unwrap_or_default(),
            ..Turn::default()
        };
        let kept = self.ledger.turn(told).await;
        kept.map_err(|_| Failure::unfinished("the announcement cannot be kept"))?;
        Ok(Answer::Done)
    }

    /// Ends all that is served.
    pub(super) async fn end(mut self) {
        let _nobody = self.end.send(true);
        while self.tasks.join_next().await.is_some() {}
    }

    fn host(&self) -> Result<Host, Failure> {
        let entered = self.entered.as_ref().ok_or_else(unentered)?;
        let found = hosts::find(&self.ledger.partition(), &entered.id);
        found.ok_or_else(|| unknown(&entered.id))
    }

    /// Told when the connection ends, or the server.
    fn stop(&mut self) -> Stop {
        let (told, stop) = watch::channel(false);
        let (mut end, mut server_stop) = (self.end.subscribe(), self.server_stop.clone());
        self.tasks.spawn(async move {
            tokio::select! {
                () = stopped(&mut end) => {}
                () = stopped(&mut server_stop) => {}
            }
            let _ended = told.send(true);
        });
        stop
    }
}

/// A socket that was handed over, as the kernel says what it is.
enum Socket {
    Tcp(Bound),
    Udp(tokio::net::UdpSocket),
}

impl Socket {
    fn of(socket: OwnedFd, purpose: Purpose) -> Result<Self, Failure> {
        let wrong = |why: &dyn std::fmt::Display| {
            Failure::wrong(format!("a socket for {purpose:?} cannot be served: {why}"))
        };
        let is_datagram = purpose == Purpose::Names;
        let kind = if is_datagram {
            SocketType::DGRAM
        } else {
            SocketType::STREAM
        };
        let domain = socket_domain(&socket).map_err(|error| wrong(&error))?;
        let is_internet = matches!(domain, AddressFamily::INET | AddressFamily::INET6);
        if !is_internet || socket_type(&socket) != Ok(kind) {
            return Err(wrong(&"it is of another kind"));
        }
        if is_datagram {
            let socket = UdpSocket::from(socket);
            let quick = socket.set_nonblocking(true);
            let taken = quick.and_then(|()| tokio::net::UdpSocket::from_std(socket));
            return taken.map(Self::Udp).map_err(|error| wrong(&error));
        }
        if socket_acceptconn(&socket) != Ok(true) {
            return Err(wrong(&"it does not listen"));
        }
        let listener = TcpListener::from(socket);
        let address = listener.local_addr().map_err(|error| wrong(&error))?;
        let quick = listener.set_nonblocking(true);
        let taken = quick.and_then(|()| tokio::net::TcpListener::from_std(listener));
        let listener = taken.map_err(|error| wrong(&error))?;
        Ok(Self::Tcp(Bound { listener, address }))
    }

    fn address(&self) -> Option<SocketAddr> {
        match self {
            Self::Tcp(bound) => Some(bound.address),
            Self::Udp(socket) => socket.local_addr().ok(),
        }
    }
}

/// As much as a console holds, from the end of the file.
fn last_of(file: &mut std::fs::File) -> std::io::Result<Secret> {
    let most = u64::try_from(hosts::CONSOLE_BYTES_MAX).unwrap_or(u64::MAX);
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(length.saturating_sub(most)))?;
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes)?;
    Ok(Secret::new(bytes))
}

pub(super) fn unknown(id: &str) -> Failure {
    Failure::no(format!("there is no instance `{id}`"))
        .hint("`rolecall instance list` shows all that there are")
}

fn unentered() -> Failure {
    Failure::wrong("no instance was named")
}

// Twice what a command hands over.
const SOCKETS_MAX: usize = 16;
