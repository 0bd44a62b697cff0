//! TLS on a listener: a certificate that is given, or one made for this run.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use protocol::Secret;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ResolvesServerCert, WantsServerCert};
use rustls::{ConfigBuilder, ServerConfig};
use tokio_rustls::TlsAcceptor;

use crate::failure::Failure;

/// What a listener speaks.
#[derive(Clone)]
pub(crate) enum Transport {
    Plain,
    Tls(TlsAcceptor),
}

impl std::fmt::Debug for Transport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.scheme())
    }
}

impl Transport {
    /// With the certificate chain and the key of two PEM files.
    pub(crate) fn of_files(certificate: &Path, key: &Path) -> Result<Self, Failure> {
        let chain = certificates(certificate);
        let chain = chain.map_err(|error| unreadable("--tls-cert", certificate, &error))?;
        if chain.is_empty() {
            return Err(unreadable(
                "--tls-cert",
                certificate,
                &"no certificate in it",
            ));
        }
        let read = PrivateKeyDer::from_pem_file(key);
        let read = read.map_err(|error| unreadable("--tls-key", key, &error))?;
        Self::of(chain, read).map_err(|error| {
            Failure::wrong(format!(
                "`{}` and `{}` cannot be used together: {error}",
                certificate.display(),
                key.display()
            ))
            .hint("the key must be the one that the first certificate was made for")
        })
    }

    /// With a certificate for this host that is made now and kept nowhere but in memory; the second
    /// is what clients are to trust, as PEM.
    pub(crate) fn of_this_run(address: SocketAddr) -> Result<(Self, Secret), Failure> {
        let unmade = |error: &dyn std::fmt::Display| {
            Failure::unfinished(format!("no certificate can be made: {error}"))
        };
        let names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
        let names = names.into_iter().chain([address.ip().to_string()]);
        let made = rcgen::generate_simple_self_signed(names.collect::<Vec<_>>());
        let made = made.map_err(|error| unmade(&error))?;
        let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        let transport = Self::of(vec![made.cert.der().clone()], key.into());
        let transport = transport.map_err(|error| unmade(&error))?;
        Ok((transport, Secret::from_text(made.cert.pem())))
    }

    /// With the certificate that is found by the name a client asks for.
    pub(super) fn by_name(names: Arc<dyn ResolvesServerCert>) -> Result<Self, rustls::Error> {
        let config = Self::builder()?.with_cert_resolver(names);
        Ok(Self::accepting(config))
    }

    /// As in a URL.
    pub(crate) fn scheme(&self) -> &'static str {
        match self {
            Self::Plain => "http",
            Self::Tls(_) => "https",
        }
    }

    fn of(
        chain: Vec<CertificateDer<'static>>,
        key: PrivateKeyDer<'static>,
    ) -> Result<Self, rustls::Error> {
        let config = Self::builder()?.with_single_cert(chain, key)?;
        Ok(Self::accepting(config))
    }

    fn builder() -> Result<ConfigBuilder<ServerConfig, WantsServerCert>, rustls::Error> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder = ServerConfig::builder_with_provider(provider);
        let builder = builder.with_safe_default_protocol_versions()?;
        Ok(builder.with_no_client_auth())
    }

    fn accepting(mut config: ServerConfig) -> Self {
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Self::Tls(TlsAcceptor::from(Arc::new(config)))
    }
}

/// The certificates of a PEM file, none of which may be broken.
pub(crate) fn certificates(
    path: &Path,
) -> Result<Vec<CertificateDer<'static>>, rustls::pki_types::pem::Error> {
    CertificateDer::pem_file_iter(path)?.collect()
}

/// Never quotes what is in the file: it may be the key.
fn unreadable(flag: &str, path: &Path, why: &dyn std::fmt::Display) -> Failure {
    Failure::wrong(format!("`{flag} {}` cannot be used: {why}", path.display()))
        .hint("name a PEM file; the chain begins with the server's own certificate")
}
