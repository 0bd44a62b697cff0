//! The world of `rolecall up`: made by the first run, found by later ones.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use account::entity::Change;
use account::{State, sample};
use agent::Ask;
use agent::config::{Aws, AwsHttp, CacheLimits, Config, LogLevel, Service, Tcp};

use super::Opened;
use crate::cli;
use crate::clock;
use crate::failure::Failure;
use crate::store::{self, Folder, Store};

/// Refuses what can make no account, before anything is made.
pub(super) fn check(flags: &cli::Up) -> Result<(), Failure> {
    sample::check(account_id(flags), region(flags))
        .map_err(|error| Failure::wrong(error.to_string()))
}

/// Opens the account of a folder, or makes one.
pub(super) fn open(folder: &Folder, flags: &cli::Up) -> Result<Opened, Failure> {
    let accept = |entities| {
        let state = State::load(entities).map_err(|error| folder.damaged(&error))?;
        fixed(&state, folder, flags).map(|()| state)
    };
    match Store::open(folder, accept)? {
        store::Opened::Account(store, state) => Ok((store, state)),
        store::Opened::New(store) => make(store, folder, flags),
    }
}

/// What an account was made with stays.
fn fixed(state: &State, folder: &Folder, flags: &cli::Up) -> Result<(), Failure> {
    let asked = [
        (
            "--account-id",
            flags.account_id.as_deref(),
            state.account_id(),
        ),
        ("--region", flags.region.as_deref(), state.region()),
    ];
    let other = asked.into_iter().find_map(|(flag, asked, held)| {
        asked
            .filter(|asked| *asked != held)
            .map(|asked| (flag, asked, held))
    });
    let Some((flag, asked, held)) = other else {
        return Ok(());
    };
    let path = folder.path().display();
    Err(Failure::wrong(format!(
        "`{flag} {asked}` cannot be: the account in `{path}` was made with `{held}`"
    ))
    .hint(format!(
        "leave out `{flag}`, or name another folder with `--data`"
    )))
}

fn make(store: Store, folder: &Folder, flags: &cli::Up) -> Result<Opened, Failure> {
    let account = if flags.empty {
        sample::empty
    } else {
        sample::sample
    };
    let made = account(
        account_id(flags),
        region(flags),
        clock::now(),
        clock::random()?,
    )
    .map_err(|error| Failure::wrong(error.to_string()))?;
    store
        .found(&made.changes)
        .map_err(|error| Failure::unfinished(format!("the new account cannot be kept: {error}")))?;
    let put = |change| match change {
        Change::Put(entity) => Some(*entity),
        Change::Delete(_) => None,
    };
    let entities = made.changes.into_iter().filter_map(put);
    let state = State::load(entities).map_err(|error| folder.damaged(&error))?;
    Ok((store, state))
}

fn account_id(flags: &cli::Up) -> &str {
    flags.account_id.as_deref().unwrap_or(ACCOUNT_ID_DEFAULT)
}

fn region(flags: &cli::Up) -> &str {
    flags.region.as_deref().unwrap_or(REGION_DEFAULT)
}

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

const ACCOUNT_ID_DEFAULT: &str = "123456789012";
const REGION_DEFAULT: &str = "us-east-1";
// Short, so that a change in the account is seen through the agent while one looks.
const CACHE_TTL: Duration = Duration::from_secs(10);
