//! The agent's configuration: what the file means once it is checked.
//!
//! The keys are those of an Aerospike Secret Agent file, with the same meaning, and our own
//! `service.aws-http`, `cache` and `secret-manager.aws.endpoint-url`. A key that such a file may
//! hold and this version does not serve is an error, never passed over. Reads no file and resolves
//! no name: the world passes the text.
//! Sample with every option: `sample/agent.yaml` of this package.

mod check;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use protocol::{Arn, Secret};

use crate::ask::Ask;
pub use crate::yaml::{ConfigError, ERRORS_MAX};

/// A checked configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// `service`: at least one listener.
    pub service: Service,
    /// `secret-manager`: where secrets come from.
    pub secret_manager: Aws,
    /// `cache`.
    pub cache: CacheLimits,
    /// `log.level`.
    pub log_level: LogLevel,
}

/// The listeners.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Service {
    /// `tcp`: Secret Agent frames.
    pub tcp: Option<Tcp>,
    /// `aws-http`: AWS's local HTTP interface.
    pub aws_http: Option<AwsHttp>,
}

/// `service.tcp`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tcp {
    /// Where to listen; port 0 takes a free one.
    pub endpoint: SocketAddr,
}

/// `service.aws-http`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwsHttp {
    /// Where to listen; port 0 takes a free one.
    pub endpoint: SocketAddr,
    /// Path of the file that holds the token.
    pub token_file: String,
}

/// `secret-manager.aws`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aws {
    /// Region of the service.
    pub region: String,
    /// What each resource name asks for: the current version of a secret.
    pub resources: BTreeMap<String, Ask>,
    /// Keys from the file; without them the world's chain of sources is used.
    pub access_key: Option<AccessKey>,
    /// ARN of the role to assume on top.
    pub assume_role: Option<String>,
    /// Whether values are encoded before they are handed out by the Secret Agent protocol.
    pub convert_to_base64: bool,
    /// In place of the service's own endpoint.
    pub endpoint_url: Option<String>,
}

/// An access key from the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessKey {
    /// `access-key-id`.
    pub id: String,
    /// `secret-access-key`.
    pub secret: Secret,
    /// `session-token`.
    pub session_token: Option<Secret>,
}

/// `cache`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CacheLimits {
    /// How long a value is served without asking again. Zero: the service is asked every time, and
    /// what is held only answers when it fails.
    pub ttl: Duration,
    /// How long after that a value still answers when the service fails.
    pub max_stale: Duration,
    /// Secret versions held at once, at least one.
    pub entries_max: usize,
    /// Bytes held at once.
    pub bytes_max: usize,
}

impl CacheLimits {
    /// How long a value is held at all.
    pub fn kept_for(&self) -> Duration {
        self.ttl + self.max_stale
    }
}

impl Default for CacheLimits {
    fn default() -> Self {
        Self {
            ttl: Duration::from_mins(5),
            max_stale: Duration::from_hours(1),
            entries_max: 1_000,
            bytes_max: 64 * 1_024 * 1_024,
        }
    }
}

/// `log.level`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum LogLevel {
    /// `error`.
    Error,
    /// `warn`.
    Warn,
    /// `info`.
    #[default]
    Info,
    /// `debug`.
    Debug,
    /// `trace`.
    Trace,
}

impl LogLevel {
    /// As the file and log filters spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}

/// Reads a configuration file's text; `file` is its name in messages.
///
/// # Errors
///
/// Every problem found, in the order of the file, up to [`ERRORS_MAX`]; never an empty list.
pub fn parse(text: &str, file: &str) -> Result<Config, Vec<ConfigError>> {
    crate::yaml::read(text, file, check::config)
}

/// What is allowed and dangerous, one line each, with the lines of configuration that close it.
pub fn warnings(config: &Config) -> Vec<String> {
    let mut warnings = Vec::new();
    if let Some(tcp) = &config.service.tcp
        && !tcp.endpoint.ip().is_loopback()
    {
        warnings.push(format!(
            "service.tcp listens on `{}`: whoever can reach it reads every secret, as this \
             protocol has no authentication; close it with \
             `service: {{tcp: {{endpoint: \"127.0.0.1:{}\"}}}}`",
            tcp.endpoint,
            tcp.endpoint.port()
        ));
    }
    if let Some(http) = &config.service.aws_http
        && !http.endpoint.ip().is_loopback()
    {
        warnings.push(format!(
            "service.aws-http listens on `{}`: the token and every secret cross the network in \
             clear text; close it with `service: {{aws-http: {{endpoint: \"127.0.0.1:{}\"}}}}`",
            http.endpoint,
            http.endpoint.port()
        ));
    }
    let aws = &config.secret_manager;
    if let Some(url) = &aws.endpoint_url
        && is_clear_text_off_host(url)
    {
        warnings.push(format!(
            "secret-manager.aws.endpoint-url `{url}` is not encrypted: secrets cross the network \
             in clear text; close it with an `https://` address"
        ));
    }
    for (name, ask) in &aws.resources {
        let arn = Arn::parse(ask.secret_id());
        if let Some(arn) = arn.filter(|arn| arn.region() != aws.region) {
            warnings.push(format!(
                "resource `{name}` lies in region `{}`, but secret-manager.aws.region is `{}`, \
                 where it will be asked for",
                arn.region(),
                aws.region
            ));
        }
    }
    warnings
}

fn is_clear_text_off_host(url: &str) -> bool {
    let Ok(url) = url.parse::<http::Uri>() else {
        return false;
    };
    let host = url
        .host()
        .unwrap_or_default()
        .trim_start_matches('[')
        .trim_end_matches(']');
    let on_host = host == "localhost"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback());
    url.scheme_str() == Some("http") && !on_host
}

#[cfg(test)]
mod tests;
