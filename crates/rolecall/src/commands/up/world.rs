//! The agent of `rolecall up`.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use account::sample;
use agent::Ask;
use agent::config::{Aws, AwsHttp, Config, Service, Tcp};

use crate::cli;
use crate::failure::Failure;

/// The agent's configuration, as a file of the sample instance would say it.
pub(super) fn agent_config(
    flags: &cli::Up,
    region: &str,
    token_file: &Path,
) -> Result<Config, Failure> {
    let ask = Ask::new(sample::SECRET, None, None)
        .map_err(|error| Failure::unfinished(error.to_string()))?;
    let service = Service {
        tcp: Some(Tcp {
            endpoint: flags.agent_tcp,
            tls: None,
        }),
        aws_http: Some(AwsHttp {
            endpoint: Some(flags.agent_http),
            socket: None,
            tls: None,
            token_file: Some(token_file.display().to_string()),
        }),
        ..Service::default()
    };
    let mut config = Config::new(service, Aws::new(region));
    let resource = ("TestingSecret".to_owned(), ask);
    config.secret_manager.resources = BTreeMap::from([resource]);
    config.cache.ttl = CACHE_TTL;
    config.cache.denied_grace = Duration::ZERO;
    Ok(config)
}

// Short, so that a change in the account is seen through the agent while one looks.
const CACHE_TTL: Duration = Duration::from_secs(10);
