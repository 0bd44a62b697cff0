//! Certificates and keys in files: read, put together for a server, and what is in a client's.
//!
//! Sources: RFC 5280 for names in certificates, RFC 8446 for resumption.

use std::fmt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use agent::config;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use rustls::{RootCertStore, ServerConfig};
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::failure::Failure;

/// The files of one listener, and how messages call them.
#[derive(Debug, Clone)]
pub(super) struct Files {
    certificate: File,
    key: File,
    authorities: Option<File>,
}

#[derive(Debug, Clone)]
struct File {
    // The flag or the configuration's key.
    named_by: String,
    path: PathBuf,
}

/// How files looked: another look tells whether they have changed.
pub(super) type Seen = Vec<Option<(SystemTime, u64, u64)>>;

/// What is offered to clients above TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Offer {
    /// HTTP/1.1.
    Http,
    /// A protocol that has no name there.
    Frames,
}

impl Files {
    pub(super) fn of_flags(certificate: &Path, key: &Path) -> Self {
        Self {
            certificate: File::new("--tls-cert", certificate),
            key: File::new("--tls-key", key),
            authorities: None,
        }
    }

    /// Those of the listener at `path` in the configuration.
    pub(super) fn of_listener(tls: &config::Tls, path: &str) -> Self {
        let file = |key: &str, file: &str| File::new(format!("{path}.{key}"), Path::new(file));
        Self {
            certificate: file("cert-file", &tls.cert_file),
            key: file("key-file", &tls.key_file),
            authorities: tls.ca_file.as_deref().map(|ca| file("ca-file", ca)),
        }
    }

    /// All that is in them, or what is wrong.
    pub(super) fn config(&self, offer: Offer) -> Result<ServerConfig, Failure> {
        let chain = self.certificate.certificates()?;
        let key = PrivateKeyDer::from_pem_file(&self.key.path);
        let key = key.map_err(|error| self.key.unusable(&error))?;
        let authorities = match &self.authorities {
            Some(file) => Some((file, file.authorities()?)),
            None => None,
        };
        let roots = authorities.map(|(_, roots)| roots);
        config(chain, key, roots, offer).map_err(|error| {
            Failure::wrong(format!(
                "`{}` and `{}` cannot be used together: {error}",
                self.certificate.path.display(),
                self.key.path.display()
            ))
            .hint("the key must be the one that the first certificate was made for")
        })
    }

    /// How they look now. A file that is not there looks different too.
    pub(super) fn seen(&self) -> Seen {
        let files = [&self.certificate, &self.key].into_iter();
        let look = |file: &File| {
            let metadata = std::fs::metadata(&file.path).ok()?;
            Some((metadata.modified().ok()?, metadata.len(), metadata.ino()))
        };
        files.chain(&self.authorities).map(look).collect()
    }

    /// Others than the owner and the group of the key have no business with it.
    pub(super) fn warn_of_open_key(&self) {
        let path = &self.key.path;
        let mode = std::fs::metadata(path).map(|metadata| metadata.mode());
        if mode.is_ok_and(|mode| mode & READABLE_BY_OTHERS != 0) {
            let file = path.display();
            let hint = format!("close it with `chmod 600 {file}`");
            tracing::warn!(%file, hint, "every user of this host can read a private key");
        }
    }
}

impl fmt::Display for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.certificate.path.display())
    }
}

impl File {
    fn new(named_by: impl Into<String>, path: &Path) -> Self {
        Self {
            named_by: named_by.into(),
            path: path.to_owned(),
        }
    }

    fn certificates(&self) -> Result<Vec<CertificateDer<'static>>, Failure> {
        let found = certificates(&self.path).map_err(|error| self.unusable(&error))?;
        if found.is_empty() {
            return Err(self.unusable(&"no certificate in it"));
        }
        Ok(found)
    }

    fn authorities(&self) -> Result<RootCertStore, Failure> {
        let mut roots = RootCertStore::empty();
        for certificate in self.certificates()? {
            let added = roots.add(certificate);
            added.map_err(|error| self.unusable(&error))?;
        }
        Ok(roots)
    }

    /// Never quotes what is in the file: it may be the key.
    fn unusable(&self, why: &dyn fmt::Display) -> Failure {
        let (named_by, path) = (&self.named_by, self.path.display());
        Failure::wrong(format!("`{named_by} {path}` cannot be used: {why}"))
            .hint("name a PEM file; a chain begins with the server's own certificate")
    }
}

/// The certificates of a PEM file, none of which may be broken.
pub(crate) fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, pem::Error> {
    CertificateDer::pem_file_iter(path)?.collect()
}

/// A server that shows `chain`. With `authorities` clients show a certificate of theirs.
pub(super) fn config(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    authorities: Option<RootCertStore>,
    offer: Offer,
) -> Result<ServerConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()?;
    let mut config = match authorities {
        None => builder.with_no_client_auth().with_single_cert(chain, key)?,
        Some(roots) => {
            let verifier =
                WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build();
            let verifier = verifier.map_err(|error| rustls::Error::General(error.to_string()))?;
            let mut config = builder
                .with_client_cert_verifier(verifier)
                .with_single_cert(chain, key)?;
            // A session that is resumed shows no certificate: one that has ended would live on.
            config.session_storage = Arc::new(NoServerSessionStorage {});
            config.send_tls13_tickets = 0;
            config
        }
    };
    if offer == Offer::Http {
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
    }
    Ok(config)
}

/// DNS, URI and email subject alternative names and the subject's common name.
pub(super) fn names(certificate: &CertificateDer<'_>) -> Vec<String> {
    let Ok((_, certificate)) = X509Certificate::from_der(certificate) else {
        return Vec::new();
    };
    let alternatives = certificate.subject_alternative_name().ok().flatten();
    let alternatives = alternatives
        .into_iter()
        .flat_map(|it| &it.value.general_names);
    let mut names: Vec<String> = alternatives
        .filter_map(|name| match name {
            GeneralName::DNSName(name) | GeneralName::URI(name) | GeneralName::RFC822Name(name) => {
                Some((*name).to_owned())
            }
            _ => None,
        })
        .collect();
    let subject = certificate.subject().iter_common_name();
    names.extend(subject.filter_map(|name| name.as_str().ok().map(str::to_owned)));
    names.retain(|name| !name.is_empty());
    names.sort();
    names.dedup();
    names
}

const READABLE_BY_OTHERS: u32 = 0o004;
