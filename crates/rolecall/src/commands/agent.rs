//! `rolecall agent`: the agent of a host, from its configuration file.

mod explain;
mod listeners;
mod live;
mod source;

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use agent::config::{self, Config};
use tokio::sync::watch;
use tokio::task::JoinSet;

pub(crate) use self::explain::run as explain;
pub(crate) use self::listeners::{Answering, Listeners};
pub(crate) use self::live::{live, prefetched};
pub(crate) use self::source::Offers;
use crate::cli;
use crate::failure::{Exit, Failure};
use crate::host::notify::Handed;
use crate::host::{self, Wish, Wishes, memory};
use crate::serve::Reads;
use crate::term;
use crate::upstream::{Secrets, SnapshotFile, Upstream};

/// Keeps secrets out of swap, and of memory that is free again.
pub(crate) fn keep_in_memory() {
    memory::wipe_from_now_on();
    if let Err(reason) = memory::lock_memory() {
        let hint = reason.hint();
        tracing::warn!(%reason, hint, "memory is not locked: secrets may reach the swap space");
    }
}

/// Runs until told to stop.
pub(crate) async fn run(
    flags: cli::Agent,
    config: Config,
    handed: Handed,
) -> Result<Exit, Failure> {
    let config = Arc::new(config);
    for warning in config::warnings(&config) {
        tracing::warn!("{warning}");
    }
    if flags.check {
        live::rules(&config)?;
        term::data(&format!("{}: ok\n", flags.config.display()));
        return Ok(Exit::Done);
    }
    host::open_many_files();
    let mut wishes = Wishes::listen()?;
    let (stop, stopped) = watch::channel(false);
    let upstream = Upstream::start(&config.secret_manager, stopped.clone()).await?;
    let own = Arc::clone(&upstream);
    let secrets = Secrets::new(config.cache.clone(), prefetched(&config), own);
    let snapshot = config.cache.snapshot.as_ref();
    let snapshot = snapshot.map(SnapshotFile::open).transpose()?;
    if let Some(file) = &snapshot {
        secrets.restore(file, &config.cache);
    }
    let reads = Reads::new(live(Arc::clone(&config), Arc::clone(&secrets), 0)?);
    let answering = Answering {
        reads: Arc::clone(&reads),
        source: Offers::of(upstream, &secrets),
    };
    let Handed {
        manager,
        say_alive_every,
        listeners: sockets,
    } = handed;
    let mut listeners = Listeners::start(&config.service, sockets, answering).await?;
    let mut tasks = JoinSet::new();
    tasks.spawn(Arc::clone(&secrets).keep_fresh(stopped.clone()));
    if let Some(file) = snapshot {
        tasks.spawn(Arc::clone(&secrets).keep_snapshot(file, stopped));
    }
    manager.status(&listeners.to_string());
    manager.ready();
    let _by_itself = tokio::spawn(give_back());
    loop {
        tokio::select! {
            wish = wishes.next() => match wish {
                Wish::End => break,
                Wish::Reload => {
                    manager.reloading();
                    reload(&flags.config, &reads, &mut listeners).await;
                    manager.status(&listeners.to_string());
                    manager.ready();
                }
                Wish::Refresh => secrets.refresh_all(),
            },
            () = pause(say_alive_every) => manager.alive(),
        }
    }
    manager.stopping();
    let _all_gone = stop.send(true);
    listeners.stop().await;
    while tasks.join_next().await.is_some() {}
    Ok(Exit::Done)
}

/// Puts what the file says now in force, unless something is wrong with it.
async fn reload(path: &Path, reads: &Reads, listeners: &mut Listeners) {
    match exchange(path, reads, listeners).await {
        Ok(()) => tracing::info!("the configuration was read again"),
        Err(failure) => {
            let hint = failure.hints.join("; ");
            let reason = &failure.message;
            tracing::error!(
                reason,
                hint,
                "the configuration is wrong, the old one stays"
            );
        }
    }
}

async fn exchange(path: &Path, reads: &Reads, listeners: &mut Listeners) -> Result<(), Failure> {
    let before = Arc::clone(&reads.live());
    let config = Arc::new(read(path)?);
    let live = live(
        Arc::clone(&config),
        Arc::clone(&before.secrets),
        before.generation + 1,
    )?;
    for warning in config::warnings(&config) {
        tracing::warn!("{warning}");
    }
    let prepared = listeners.prepare(&config.service).await?;
    reads.exchange(live);
    listeners.commit(prepared)
}

/// Has only so much of the program in locked memory as is used at present.
async fn give_back() {
    tokio::time::sleep(START_TIME).await;
    loop {
        memory::give_back_program();
        tokio::time::sleep(GIVE_BACK_PAUSE).await;
    }
}

// After it, the first fetches and the first clients are through.
const START_TIME: Duration = Duration::from_millis(500);
// What is used comes back in less than a millisecond, all together.
const GIVE_BACK_PAUSE: Duration = Duration::from_secs(10);

async fn pause(time: Option<Duration>) {
    match time {
        Some(time) => tokio::time::sleep(time).await,
        None => std::future::pending().await,
    }
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
