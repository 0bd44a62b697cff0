//! The listeners: where each listens, and with which certificate, token or mode.
//!
//! Knows no socket; a path or an address is as the file says it.

use std::collections::BTreeMap;
use std::net::SocketAddr;

/// The listeners; at least one is there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Service {
    /// `tcp`: Secret Agent frames.
    pub tcp: Option<Tcp>,
    /// `uds`: Secret Agent frames on a Unix socket.
    pub uds: Option<Socket>,
    /// `http`: health and metrics.
    pub http: Option<Management>,
    /// `https`: the same, with a certificate.
    pub https: Option<Management>,
    /// `aws-http`: AWS's local HTTP interface and the SDKs' own protocol.
    pub aws_http: Option<AwsHttp>,
    /// `container-credentials`: credentials as a container's SDK asks for them.
    pub container_credentials: Option<ContainerCredentials>,
    /// `systemd-credentials`: `LoadCredential=NAME:SOCKET`.
    pub systemd_credentials: Option<Socket>,
}

impl Service {
    /// Whether there are clients that name secrets by `resources` alone.
    #[must_use]
    pub fn serves_resources(&self) -> bool {
        let mut management = self.http.iter().chain(&self.https);
        self.tcp.is_some()
            || self.uds.is_some()
            || self.systemd_credentials.is_some()
            || management.any(|it| it.secrets.is_some())
    }
}

/// `service.tcp`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tcp {
    /// Where to listen; port 0 takes a free one.
    pub endpoint: SocketAddr,
    /// With a certificate.
    pub tls: Option<Tls>,
}

/// `tls` of a listener: paths of PEM files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tls {
    /// The chain, the listener's own certificate first.
    pub cert_file: String,
    /// Its private key.
    pub key_file: String,
    /// With it clients need a certificate that one of these has signed.
    pub ca_file: Option<String>,
}

/// A Unix socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Socket {
    /// Where; a socket that nobody listens on is replaced.
    pub path: String,
    /// Permission bits.
    pub mode: u32,
}

/// `service.http` and `service.https`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Management {
    /// Where to listen; port 0 takes a free one.
    pub endpoint: SocketAddr,
    /// With a certificate: always for `https`, never for `http`.
    pub tls: Option<Tls>,
    /// `secrets`: base path of reads of secrets, which are off without it.
    pub secrets: Option<String>,
    /// `metrics.prometheus`.
    pub prometheus: Prometheus,
}

/// `metrics.prometheus`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prometheus {
    /// Before `/v1/prometheus`.
    pub url_base_path: String,
    /// Added to every metric.
    pub labels: BTreeMap<String, String>,
}

impl Default for Prometheus {
    fn default() -> Self {
        Self {
            url_base_path: MANAGE_BASE_PATH.to_owned(),
            labels: BTreeMap::new(),
        }
    }
}

/// `service.aws-http`: an address, a Unix socket, or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwsHttp {
    /// Where to listen; port 0 takes a free one.
    pub endpoint: Option<SocketAddr>,
    /// A Unix socket beside it, on which callers are known without a token.
    pub socket: Option<Socket>,
    /// With a certificate on the address.
    pub tls: Option<Tls>,
    /// Path of the file that holds the token; needed with an address.
    pub token_file: Option<String>,
}

/// `service.container-credentials`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContainerCredentials {
    /// Where to listen; port 0 takes a free one.
    pub endpoint: SocketAddr,
    /// Path of the file that holds the token.
    pub token_file: String,
    /// Name of the role of `secret-manager.aws.roles`; without it the agent's own credentials.
    pub role: Option<String>,
}

/// Where the field's clients look for health, metrics and secrets.
pub(super) const MANAGE_BASE_PATH: &str = "/manage/rest";
