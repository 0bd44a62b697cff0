//! The agent of `rolecall up`.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use account::sample;
use agent::Ask;
use agent::config::{Aws, AwsHttp, CacheLimits, Config, LogLevel, Service, Tcp};

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
    Ok(Config {
        service: Service {
            tcp: Some(Tcp {
                endpoint: flags.agent_tcp,
            }),
            aws_http: Some(AwsHttp {
                endpoint: flags.agent_http,
                token_file: token_file.display().to_string(),
            }),
        },
        secret_manager: Aws {
            region: region.to_owned(),
            resources: BTreeMap::from([("TestingSecret".to_owned(), ask)]),
            access_key: None,
            assume_role: None,
            convert_to_base64: false,
            endpoint_url: None,
        },
        cache: CacheLimits {
            ttl: CACHE_TTL,
            ..CacheLimits::default()
        },
        log_level: LogLevel::Info,
    })
}

// Short, so that a change in the account is seen through the agent while one looks.
const CACHE_TTL: Duration = Duration::from_secs(10);
