//! TLS on a listener: a certificate that is given, or one made for this run.
//!
//! What stands in files may be renewed while it runs: connections that there are keep what they
//! have, new ones get the new. How a handshake ends is the listener's to count.

use std::fmt::Display;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use agent::config;
use arc_swap::ArcSwap;
use protocol::Secret;
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::ResolvesServerCert;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::certificates::{self, Files, Offer, Seen};
use super::gate::Guest;
use super::{Stop, stopped};
use crate::failure::Failure;

/// What a listener speaks.
#[derive(Clone)]
pub(crate) enum Transport {
    Plain,
    Tls(Arc<Tls>),
}

/// TLS with what is in force of its certificates.
pub(crate) struct Tls {
    config: ArcSwap<ServerConfig>,
    asks_certificate: bool,
    watched: Option<Watched>,
}

/// Files that are looked at again.
struct Watched {
    files: Files,
    offer: Offer,
    seen: Mutex<Seen>,
}

impl std::fmt::Debug for Transport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.scheme())
    }
}

impl Transport {
    /// With the certificate chain and the key of two PEM files.
    pub(crate) fn of_files(certificate: &Path, key: &Path) -> Result<Self, Failure> {
        let files = Files::of_flags(certificate, key);
        let config = files.config(Offer::Http)?;
        Ok(Self::of(config, false, None))
    }

    /// With the files of a listener of the agent, which are read again when they change.
    pub(crate) fn of_listener(
        tls: &config::Tls,
        path: &str,
        offer: Offer,
    ) -> Result<Self, Failure> {
        let files = Files::of_listener(tls, path);
        // Before the files are read: what changes meanwhile is seen the next time.
        let seen = files.seen();
        let config = files.config(offer)?;
        files.warn_of_open_key();
        let watched = Watched {
            files,
            offer,
            seen: Mutex::new(seen),
        };
        Ok(Self::of(config, tls.ca_file.is_some(), Some(watched)))
    }

    /// With a certificate for this host that is made now and kept nowhere but in memory; the second
    /// is what clients are to trust, as PEM.
    pub(crate) fn of_this_run(address: SocketAddr) -> Result<(Self, Secret), Failure> {
        let unmade = |error: &dyn Display| {
            Failure::unfinished(format!("no certificate can be made: {error}"))
        };
        let names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
        let names = names.into_iter().chain([address.ip().to_string()]);
        let made = rcgen::generate_simple_self_signed(names.collect::<Vec<_>>());
        let made = made.map_err(|error| unmade(&error))?;
        let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        let chain = vec![made.cert.der().clone()];
        let config = certificates::config(chain, PrivateKeyDer::from(key), None, Offer::Http);
        let config = config.map_err(|error| unmade(&error))?;
        Ok((
            Self::of(config, false, None),
            Secret::from_text(made.cert.pem()),
        ))
    }

    /// With the certificate that is found by the name a client asks for.
    pub(super) fn by_name(names: Arc<dyn ResolvesServerCert>) -> Result<Self, rustls::Error> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(names);
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self::of(config, false, None))
    }

    /// As in a URL.
    pub(crate) fn scheme(&self) -> &'static str {
        match self {
            Self::Plain => "http",
            Self::Tls(_) => "https",
        }
    }

    /// Whether clients show a certificate, or do not get in.
    pub(crate) fn asks_certificate(&self) -> bool {
        matches!(self, Self::Tls(tls) if tls.asks_certificate)
    }

    /// Looks whether the files have changed, and puts them in force.
    pub(crate) fn renew(&self) {
        if let Self::Tls(tls) = self {
            tls.renew();
        }
    }

    /// Looks now and then, until told to stop.
    pub(super) async fn keep_renewed(&self, stop: &mut Stop) {
        loop {
            tokio::select! {
                () = tokio::time::sleep(LOOK_EVERY) => self.renew(),
                () = stopped(stop) => return,
            }
        }
    }

    fn of(config: ServerConfig, asks_certificate: bool, watched: Option<Watched>) -> Self {
        Self::Tls(Arc::new(Tls {
            config: ArcSwap::from_pointee(config),
            asks_certificate,
            watched,
        }))
    }
}

impl Tls {
    /// The handshake with a guest that may fail; it is counted then, and said now and then.
    pub(super) async fn greet<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: S,
        guest: &Guest,
        peer: impl Display,
    ) -> Option<(TlsStream<S>, Vec<String>)> {
        let accepted = self.accept(stream).await;
        accepted
            .inspect_err(|error| guest.meter().tls_failed(&peer, error))
            .ok()
    }

    /// The handshake, and the names in the client's certificate, which was verified.
    async fn accept<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: S,
    ) -> std::io::Result<(TlsStream<S>, Vec<String>)> {
        let acceptor = TlsAcceptor::from(self.config.load_full());
        let stream = acceptor.accept(stream).await?;
        let shown = stream.get_ref().1.peer_certificates();
        let names = shown
            .and_then(<[_]>::first)
            .map(|it| certificates::names(it));
        Ok((stream, names.unwrap_or_default()))
    }

    fn renew(&self) {
        let Some(watched) = &self.watched else {
            return;
        };
        let found = watched.files.seen();
        let mut seen = watched.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if *seen == found {
            return;
        }
        // Said once of each state of the files, good or bad.
        *seen = found;
        match watched.files.config(watched.offer) {
            Ok(config) => {
                self.config.store(Arc::new(config));
                watched.files.warn_of_open_key();
                let files = &watched.files;
                tracing::info!(%files, "a renewed certificate is in force");
            }
            Err(failure) => {
                let (reason, hint) = (&failure.message, failure.hints.join("; "));
                tracing::error!(
                    reason,
                    hint,
                    "a renewed certificate is wrong, the old one stays"
                );
            }
        }
    }
}

// A renewal is felt within that time; what it costs is to look at three files.
const LOOK_EVERY: Duration = Duration::from_secs(2);

#[cfg(test)]
#[path = "tls/tests.rs"]
mod tests;
