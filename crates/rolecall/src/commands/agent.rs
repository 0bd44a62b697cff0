//! `rolecall agent`: the agent of a host, from its configuration file.

mod explain;
mod keeping;
mod listeners;
mod live;
mod source;

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use agent::config::{self, Config};
use tokio::time::Interval;

pub(crate) use self::explain::run as explain;
pub(crate) use self::keeping::Keeping;
pub(crate) use self::listeners::{Answering, Listeners};
pub(crate) use self::live::{live, prefetched, token};
pub(crate) use self::source::InForce;
use crate::cli;
use crate::failure::{Exit, Failure};
use crate::host::notify::Handed;
use crate::host::{self, Wish, Wishes, memory};
use crate::serve::{AuditLog, Reads};
use crate::term;

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
        live::check(&config)?;
        listeners::check(&config.service)?;
        term::data(&format!("{}: ok\n", flags.config.display()));
        return Ok(Exit::Done);
    }
    host::open_many_files();
    let mut wishes = Wishes::listen()?;
    let mut keeping = Keeping::start(&config).await?;
    let reads = Reads::new(live(Arc::clone(&config), Arc::clone(&keeping.secrets), 0)?);
    let Handed {
        manager,
        say_alive_every,
        listeners: sockets,
    } = handed;
    let answering = Answering {
        source: InForce::of(&reads),
        reads: Arc::clone(&reads),
    };
    let mut listeners = Listeners::start(&config.service, sockets, answering).await?;
    manager.status(&listeners.to_string());
    manager.ready();
    let _by_itself = tokio::spawn(give_back());
    let mut alive = say_alive_every.map(tokio::time::interval);
    loop {
        tokio::select! {
            wish = wishes.next() => match wish {
                Wish::End => break,
                Wish::Reload => {
                    manager.reloading();
                    reload(&flags.config, &reads, &mut listeners, &mut keeping).await;
                    manager.status(&listeners.to_string());
                    manager.ready();
                }
                Wish::Refresh => keeping.secrets.refresh_all(),
            },
            () = tick(&mut alive) => manager.alive(),
        }
    }
    manager.stopping();
    listeners.stop().await;
    keeping.end().await;
    Ok(Exit::Done)
}

/// Puts what the file says now in force, unless something is wrong with it.
async fn reload(path: &Path, reads: &Reads, listeners: &mut Listeners, keeping: &mut Keeping) {
    match exchange(path, reads, listeners, keeping).await {
        Ok(()) => tracing::info!("the configuration was read again"),
        Err(failure) => {
            let hint = failure.hints.join("; ");
            let reason = &failure.message;
            tracing::error!(
                reason,
                hint,
                "the configuration is wrong, the old one stays"
            );
            reopen(reads);
        }
    }
}

/// The audit log may have been moved away for the signal that a wrong file came with.
fn reopen(reads: &Reads) {
    let live = Arc::clone(&reads.live());
    let audit = live.config.audit.as_ref().map(AuditLog::open).transpose();
    match audit {
        Ok(audit) => reads.exchange(live.with_audit(audit)),
        Err(failure) => {
            let reason = &failure.message;
            tracing::error!(reason, "the audit log stays where it was");
        }
    }
}

async fn exchange(
    path: &Path,
    reads: &Reads,
    listeners: &mut Listeners,
    keeping: &mut Keeping,
) -> Result<(), Failure> {
    let before = Arc::clone(&reads.live());
    let config = Arc::new(read(path)?);
    for warning in config::warnings(&config) {
        tracing::warn!("{warning}");
    }
    // All that can fail comes first.
    let next = keeping.succeed(&before.config, &config).await?;
    let generation = before.generation + 1;
    let live = live(Arc::clone(&config), Arc::clone(&next.secrets), generation);
    let prepared = match live {
        Ok(live) => {
            let prepared = listeners.prepare(&config.service).await;
            prepared.map(|prepared| (live, prepared))
        }
        Err(failure) => Err(failure),
    };
    match prepared {
        Ok((live, prepared)) => {
            reads.exchange(live);
            std::mem::replace(keeping, next).end().await;
            listeners.commit(prepared)
        }
        Err(failure) => {
            next.end().await;
            Err(failure)
        }
    }
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

/// The next turn, whatever came between.
async fn tick(turns: &mut Option<Interval>) {
    match turns {
        Some(turns) => {
            turns.tick().await;
        }
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
