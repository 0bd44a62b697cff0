//! `rolecall agent`: the agent of a host, from its configuration file.

mod listeners;
mod live;

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use agent::config::{self, Config};
use tokio::sync::watch;

pub(crate) use self::listeners::Listeners;
pub(crate) use self::live::{live, prefetched};
use crate::cli;
use crate::failure::{Exit, Failure};
use crate::host::Signals;
use crate::serve::Reads;
use crate::term;
use crate::upstream::{Fetcher, Secrets, Source, load};

/// Runs until told to stop.
pub(crate) async fn run(flags: cli::Agent, config: Config) -> Result<Exit, Failure> {
    let config = Arc::new(config);
    for warning in config::warnings(&config) {
        tracing::warn!("{warning}");
    }
    if flags.check {
        live::rules(&config)?;
        term::data(&format!("{}: ok\n", flags.config.display()));
        return Ok(Exit::Done);
    }
    let signals = Signals::listen()?;
    let sdk = load(Source::Configured(&config.secret_manager)).await?;
    let fetcher = Fetcher::new(&sdk);
    let secrets = Secrets::new(config.cache.clone(), prefetched(&config), fetcher);
    let reads = Reads::new(live(Arc::clone(&config), Arc::clone(&secrets), 0)?);
    let listeners = Listeners::bind(&config.service).await?;
    let (stop, stopped) = watch::channel(false);
    let mut tasks = listeners.serve(&reads, &stopped);
    tasks.spawn(secrets.keep_fresh(stopped));
    signals.wait().await;
    let _all_gone = stop.send(true);
    while tasks.join_next().await.is_some() {}
    Ok(Exit::Done)
}

/// Reads a configuration, or says all that is wrong with it.
pub(crate) fn read(path: &Path) -> Result<Config, Failure> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| {
        let failure = Failure::wrong(format!(
            "the configuration `{name}` cannot be read: {error}"
        ));
        match error.kind() {
            ErrorKind::NotFound => failure.hint("name the file with `--config FILE`"),
            _ => failure,
        }
    })?;
    config::parse(&text, &name).map_err(|errors| Failure::configuration(&errors))
}
