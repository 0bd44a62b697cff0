//! Which listeners a configuration asks for: where each is, and with which files.
//!
//! Binds nothing.

use std::net::SocketAddr;

use agent::config::{self, Service, Tls};

use crate::failure::Failure;
use crate::serve::{Module, Offer};

/// A listener that the configuration asks for. What else it says of one is looked up while it is
/// served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) module: Module,
    pub(super) place: Place,
    pub(super) tls: Option<Tls>,
    /// The listener's own, read beside it.
    pub(super) token_file: Option<String>,
}

/// Where a listener is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    Tcp(SocketAddr),
    Unix(config::Socket),
}

impl Place {
    /// Whether both are the same address, so that one socket serves. Port 0 is another each time.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Tcp(one), Self::Tcp(other)) => one == other && one.port() != 0,
            (Self::Unix(one), Self::Unix(other)) => one.path == other.path,
            _ => false,
        }
    }
}

impl Wanted {
    /// All of a configuration.
    pub(super) fn of(service: &Service) -> Vec<Self> {
        let http = service.aws_http.as_ref();
        let tcp = |module, endpoint, tls: Option<&Tls>| Self {
            module,
            place: Place::Tcp(endpoint),
            tls: tls.cloned(),
            token_file: None,
        };
        let unix = |module, socket: &config::Socket| Self {
            module,
            place: Place::Unix(socket.clone()),
            tls: None,
            token_file: None,
        };
        let management =
            |module| move |it: &config::Management| tcp(module, it.endpoint, it.tls.as_ref());
        let credentials = service.container_credentials.as_ref().map(|it| Self {
            token_file: Some(it.token_file.clone()),
            ..tcp(Module::ContainerCredentials, it.endpoint, None)
        });
        let listeners = [
            service
                .tcp
                .as_ref()
                .map(|it| tcp(Module::Tcp, it.endpoint, it.tls.as_ref())),
            service.uds.as_ref().map(|it| unix(Module::Uds, it)),
            service.http.as_ref().map(management(Module::Http)),
            service.https.as_ref().map(management(Module::Https)),
            http.and_then(|it| Some(tcp(Module::AwsHttp, it.endpoint?, it.tls.as_ref()))),
            http.and_then(|it| Some(unix(Module::AwsSocket, it.socket.as_ref()?))),
            credentials,
            service
                .systemd_credentials
                .as_ref()
                .map(|it| unix(Module::SystemdCredentials, it)),
        ];
        listeners.into_iter().flatten().collect()
    }

    /// The same, with each in a place of its own.
    pub(super) fn all_apart(service: &Service) -> Result<Vec<Self>, Failure> {
        let all = Self::of(service);
        for (at, one) in all.iter().enumerate() {
            let mut others = all.iter().skip(at + 1);
            if let Some(other) = others.find(|other| other.place.is_same(&one.place)) {
                let (one, other) = (one.place_key(), other.place_key());
                let message = format!("`{one}` and `{other}` are the same place");
                return Err(Failure::wrong(message).hint("give each listener its own"));
            }
        }
        Ok(all)
    }

    /// What the log calls it.
    pub(super) fn what(&self) -> &'static str {
        match self.module {
            Module::Tcp | Module::Uds => "secret agent protocol",
            Module::Http => "management over HTTP",
            Module::Https => "management over HTTPS",
            Module::AwsHttp | Module::AwsSocket => "local HTTP interface",
            Module::ContainerCredentials => "credentials for containers",
            Module::SystemdCredentials => "credentials for units",
        }
    }

    /// What clients expect above TLS.
    pub(super) fn offer(&self) -> Offer {
        match self.module {
            Module::Tcp => Offer::Frames,
            _ => Offer::Http,
        }
    }

    /// A key of its section in the configuration.
    pub(super) fn path(&self, key: &str) -> String {
        let section = match self.module {
            Module::AwsSocket => Module::AwsHttp.as_str(),
            module => module.as_str(),
        };
        format!("service.{section}.{key}")
    }

    /// The key that says where it is.
    pub(super) fn place_key(&self) -> String {
        match self.place {
            Place::Tcp(_) => self.path("endpoint"),
            Place::Unix(_) => self.path("socket-path"),
        }
    }
}
