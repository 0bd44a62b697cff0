//! The agent's listeners: bound before anything is served, exchanged when the configuration asks
//! for others, served until told to stop.
//!
//! A listener whose place and files stay the same is not touched, so its connections live on.

mod place;
mod socket;

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use agent::config::Service;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use self::place::{Place, Wanted};
use self::socket::Socket;
use super::live;
use crate::failure::Failure;
use crate::host::notify::Passed;
use crate::serve::{
    AnySource, AwsHttp, Container, Management, Module, Reads, SecretAgent, Stop, TokenFile,
    Transport, UnitCredentials,
};

/// What all listeners answer from.
#[derive(Debug, Clone)]
pub(crate) struct Answering {
    pub(crate) reads: Arc<Reads>,
    pub(crate) source: AnySource,
}

/// The listeners in force.
#[derive(Debug)]
pub(crate) struct Listeners {
    answering: Answering,
    handed: Vec<(String, Arc<Socket>)>,
    open: BTreeMap<Module, Open>,
    draining: JoinSet<()>,
}

/// A listener that is served.
#[derive(Debug)]
struct Open {
    ready: Ready,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

/// A listener that needs nothing more to be served.
#[derive(Debug)]
struct Ready {
    wanted: Wanted,
    socket: Arc<Socket>,
    files: Files,
}

/// What stands in the files that a listener names.
#[derive(Debug)]
struct Files {
    transport: Transport,
    token: Option<Arc<TokenFile>>,
}

/// Others than are in force, all of them bound.
#[derive(Debug)]
#[must_use]
pub(crate) struct Prepared {
    kept: Vec<Module>,
    new: Vec<Ready>,
}

impl Listeners {
    /// Binds all that the configuration asks for, taking what was `handed` over by the service
    /// manager where it fits, and serves it.
    pub(crate) async fn start(
        service: &Service,
        handed: Vec<Passed>,
        answering: Answering,
    ) -> Result<Self, Failure> {
        let handed: Result<Vec<_>, Failure> = handed.into_iter().map(socket::handed).collect();
        let mut this = Self {
            answering,
            handed: handed?,
            open: BTreeMap::new(),
            draining: JoinSet::new(),
        };
        let prepared = this.prepare(service).await?;
        this.commit(prepared)?;
        for (name, socket) in &this.handed {
            if !this
                .open
                .values()
                .any(|open| Arc::ptr_eq(&open.ready.socket, socket))
            {
                tracing::warn!(
                    name,
                    %socket,
                    "a socket of the service manager is of no listener of the configuration"
                );
            }
        }
        Ok(this)
    }

    /// Binds and reads what another configuration needs. Nothing is in force yet.
    pub(crate) async fn prepare(&self, service: &Service) -> Result<Prepared, Failure> {
        let (mut kept, mut new) = (Vec::new(), Vec::new());
        for wanted in Wanted::all_apart(service)? {
            let same = self.open.get(&wanted.module);
            if same.is_some_and(|open| open.ready.wanted == wanted) {
                kept.push(wanted.module);
                continue;
            }
            let files = Files::read(&wanted)?;
            new.push(Ready {
                socket: self.socket(&wanted).await?,
                files,
                wanted,
            });
        }
        Ok(Prepared { kept, new })
    }

    /// Puts in force what was prepared: the new is served before the old ends.
    pub(crate) fn commit(&mut self, prepared: Prepared) -> Result<(), Failure> {
        let mut opened = Vec::with_capacity(prepared.new.len());
        for ready in prepared.new {
            ready.socket.set_mode(&ready.wanted.place);
            opened.push(ready.serve(&self.answering)?);
        }
        let before = std::mem::take(&mut self.open);
        for (module, open) in before {
            if prepared.kept.contains(&module) {
                open.ready.files.transport.renew();
                if let Some(token) = &open.ready.files.token {
                    token.renew();
                }
                self.open.insert(module, open);
            } else {
                tracing::info!(module = module.as_str(), "a listener ends or is exchanged");
                let _ended_already = open.stop.send(true);
                self.draining.spawn(async move {
                    let _panicked = open.task.await;
                });
            }
        }
        let opened = opened.into_iter();
        self.open
            .extend(opened.map(|open| (open.ready.wanted.module, open)));
        Ok(())
    }

    /// Where the Secret Agent protocol is served, port included.
    pub(crate) fn tcp_address(&self) -> Option<SocketAddr> {
        self.address(Module::Tcp)
    }

    /// Where the local HTTP interface is served, port included.
    pub(crate) fn http_address(&self) -> Option<SocketAddr> {
        self.address(Module::AwsHttp)
    }

    fn address(&self, module: Module) -> Option<SocketAddr> {
        self.open.get(&module)?.ready.socket.address()
    }

    /// Ends all of it, giving requests under way some time.
    pub(crate) async fn stop(mut self) {
        for open in self.open.values() {
            let _ended_already = open.stop.send(true);
        }
        for (_, open) in std::mem::take(&mut self.open) {
            let _panicked = open.task.await;
        }
        while self.draining.join_next().await.is_some() {}
    }

    /// One that is open there already, one that was handed over, or one that is bound now.
    async fn socket(&self, wanted: &Wanted) -> Result<Arc<Socket>, Failure> {
        let open = self.open.values().map(|open| &open.ready);
        let mut open = open.filter(|ready| ready.wanted.place.is_same(&wanted.place));
        if let Some(ready) = open.next() {
            return Ok(Arc::clone(&ready.socket));
        }
        let name = wanted.module.as_str();
        let mut handed = self.handed.iter();
        if let Some((_, socket)) = handed.find(|(given, _)| given == name) {
            socket.fits(&wanted.place, name)?;
            return Ok(Arc::clone(socket));
        }
        // Sockets without such a name have that of their unit.
        let is_named = |given: &str| Module::all().any(|module| module.as_str() == given);
        let mut handed = self.handed.iter().filter(|(given, _)| !is_named(given));
        if let Some((_, socket)) = handed.find(|(_, socket)| socket.is_at(&wanted.place)) {
            return Ok(Arc::clone(socket));
        }
        let socket = Socket::bind(&wanted.place, wanted.what(), &wanted.place_key()).await?;
        Ok(Arc::new(socket))
    }
}

/// Reads the certificates, keys and tokens that listeners name, and says what is wrong with them.
pub(crate) fn check(service: &Service) -> Result<(), Failure> {
    for wanted in Wanted::all_apart(service)? {
        Files::read(&wanted)?;
    }
    Ok(())
}

impl Files {
    fn read(wanted: &Wanted) -> Result<Self, Failure> {
        let transport = match &wanted.tls {
            Some(tls) => Transport::of_listener(tls, &wanted.path("tls"), wanted.offer())?,
            None => Transport::Plain,
        };
        let token = wanted.token_file.as_deref();
        let token = token.map(|path| TokenFile::open(path, live::token));
        let token = token.transpose()?;
        Ok(Self { transport, token })
    }
}

impl fmt::Display for Listeners {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("serves")?;
        for (module, open) in &self.open {
            write!(f, " {} at {}", module.as_str(), open.ready.socket)?;
        }
        Ok(())
    }
}

impl Ready {
    /// Serves it in a task of its own.
    fn serve(self, answering: &Answering) -> Result<Open, Failure> {
        let (stop, stopped) = watch::channel(false);
        let task = self.spawn(answering.clone(), stopped)?;
        let (socket, what) = (&self.socket, self.wanted.what());
        if let Some(address) = socket.address() {
            tracing::info!(%address, "{what} is served");
        } else {
            tracing::info!(%socket, "{what} is served on its socket");
        }
        Ok(Open {
            ready: self,
            stop,
            task,
        })
    }

    fn spawn(&self, answering: Answering, stop: Stop) -> Result<JoinHandle<()>, Failure> {
        let Answering { reads, source } = answering;
        let transport = self.files.transport.clone();
        let socket = &self.socket;
        Ok(match (&self.wanted.place, self.wanted.module) {
            (Place::Tcp(_), Module::Tcp) => {
                let serving = SecretAgent::new(reads).serve(socket.tcp()?, transport, stop);
                tokio::spawn(serving)
            }
            (Place::Tcp(_), module @ (Module::Http | Module::Https)) => {
                let management = Management::new(reads, source, module);
                tokio::spawn(management.serve(socket.tcp()?, transport, stop))
            }
            (Place::Tcp(endpoint), Module::ContainerCredentials) => {
                let token = self.files.token.as_ref().ok_or_else(socket::lost)?;
                let container = Container::new(reads, source, endpoint.ip(), Arc::clone(token));
                tokio::spawn(container.serve(socket.tcp()?, stop))
            }
            (Place::Tcp(endpoint), _) => {
                let http = AwsHttp::new(reads, Some(endpoint.ip()));
                tokio::spawn(http.serve(socket.tcp()?, transport, stop))
            }
            (Place::Unix(_), Module::Uds) => {
                let serving = SecretAgent::new(reads).serve(socket.unix()?, transport, stop);
                tokio::spawn(serving)
            }
            (Place::Unix(_), Module::SystemdCredentials) => {
                tokio::spawn(UnitCredentials::new(reads).serve(socket.unix()?, stop))
            }
            (Place::Unix(_), _) => {
                let http = AwsHttp::new(reads, None);
                tokio::spawn(http.serve(socket.unix()?, Transport::Plain, stop))
            }
        })
    }
}

#[cfg(test)]
mod tests;
