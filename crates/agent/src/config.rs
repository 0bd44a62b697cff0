//! The agent's configuration: what the file means once it is checked.
//!
//! The keys are those of an Aerospike Secret Agent file, with the same meaning, and more of our
//! own. A key that such a file may hold and this version does not serve is an error, never passed
//! over.
//! Reads no file and resolves no name: the world passes the text.
//! Sample with every option: `sample/agent.yaml` of this package.

mod access;
mod aws;
mod check;
mod limits;
mod service;
mod warnings;

pub use crate::yaml::{ConfigError, ERRORS_MAX};
pub use access::{Access, Audit, AuditTarget, Principal, Rule, Who, Whom};
pub use aws::{AccessKey, Aws, Requests, RoleStep};
pub(crate) use check::{CHAINED_SECONDS, EXTERNAL_ID_CHARS};
pub use limits::{CacheLimits, LogLevel, Snapshot};
pub use service::{
    AwsHttp, ContainerCredentials, Management, Prometheus, Service, Socket, Tcp, Tls,
};
pub use warnings::warnings;

/// A checked configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// `service`: at least one listener.
    pub service: Service,
    /// `secret-manager`: where secrets come from.
    pub secret_manager: Aws,
    /// `cache`.
    pub cache: CacheLimits,
    /// `access`: who may read what.
    pub access: Access,
    /// `audit`: where each read is recorded.
    pub audit: Option<Audit>,
    /// `log.level`.
    pub log_level: LogLevel,
}

impl Config {
    /// What a file says that holds these two sections alone.
    pub fn new(service: Service, secret_manager: Aws) -> Self {
        Self {
            service,
            secret_manager,
            cache: CacheLimits::default(),
            access: Access::default(),
            audit: None,
            log_level: LogLevel::default(),
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

#[cfg(test)]
mod tests;
