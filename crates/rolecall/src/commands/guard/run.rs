//! `rolecall guard run`: the lockdown, its proof, and the answers, for as long as the guard runs.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use agent::guard::{Callers, Config, OnFailure};
use tokio::sync::watch;

use super::{read, rules};
use crate::cli::RunGuard;
use crate::failure::{Exit, Failure};
use crate::guard::{self, Broken, ENDPOINTS, Endpoint, Lockdown, Only, Sign};
use crate::host::notify::Handed;
use crate::host::{self, Wish, Wishes};
use crate::serve::{self, Guarding, InForce, Stop};

/// Runs until told to stop.
pub(crate) async fn run(flags: RunGuard, handed: Handed) -> Result<Exit, Failure> {
    let config = read(&flags.config)?;
    let in_force = in_force(&config)?;
    if !rustix::process::geteuid().is_root() {
        return Err(
            Failure::unfinished("the guard must be root, to load packet filters")
                .hint("`sudo rolecall guard run --config FILE`"),
        );
    }
    let _only = Only::take()?;
    host::open_many_files();
    let mut wishes = Wishes::listen()?;
    let sign = Sign::new()?;
    let [service, _] = ENDPOINTS;
    let held = (config.sts.clone(), sign.clone());
    let guarding = Guarding::new(in_force, Endpoint::new(service), held)?;
    let (end, stop) = watch::channel(false);
    let lockdown = Lockdown {
        redirect_to: match config.callers {
            Callers::Redirect => Some(listen(config.port, &guarding, &stop).await?),
            Callers::Refuse => None,
        },
    };
    if Lockdown::is_there().await {
        tracing::warn!("the lockdown of a guard that was killed is there, and is replaced");
    }
    lockdown.load().await?;
    let proof = Proof {
        callers: config.callers,
        sign,
    };
    if let Err(broken) = proof.take().await {
        return Err(give_up(&config, &broken).await);
    }
    if config.callers == Callers::Redirect {
        guarding.look_ahead(stop.clone());
    }
    let manager = handed.manager;
    manager.status("the lockdown is in force");
    manager.ready();
    tracing::info!("the lockdown is in force and proven");
    let mut alive = handed.say_alive_every.map(tokio::time::interval);
    let mut again = tokio::time::interval(PROOF_EVERY);
    again.reset();
    loop {
        tokio::select! {
            wish = wishes.next() => match wish {
                Wish::End => break,
                Wish::Reload => {
                    manager.reloading();
                    reload(&flags.config, &config, &guarding);
                    manager.ready();
                }
                Wish::Refresh => {}
            },
            _ = again.tick() => proof.again(lockdown, &config).await?,
            () = tick(&mut alive) => manager.alive(),
        }
    }
    manager.stopping();
    if config.stay {
        tracing::warn!("the lockdown stays: nobody but root reaches the metadata service");
    } else {
        Lockdown::remove().await?;
    }
    let _nobody_listens = end.send(true);
    Ok(Exit::Done)
}

/// How the lockdown is tried.
#[derive(Debug, Clone)]
struct Proof {
    callers: Callers,
    sign: Sign,
}

impl Proof {
    async fn take(&self) -> Result<(), Broken> {
        let Self { callers, sign } = self.clone();
        let proving = tokio::task::spawn_blocking(move || guard::prove(callers, &sign));
        let proven = proving.await;
        proven.unwrap_or_else(|error| Err(Broken::Untried(error.to_string())))
    }

    /// The proof once more. Rules that somebody else changed are put back, once.
    async fn again(&self, lockdown: Lockdown, config: &Config) -> Result<(), Failure> {
        match self.take().await {
            Ok(()) => return Ok(()),
            // The service may be away for a while; nobody gets more by it.
            Err(away @ Broken::Shut(..)) => {
                tracing::warn!(%away, "the metadata service is away");
                return Ok(());
            }
            Err(broken) => tracing::error!(%broken, "the lockdown is loaded again"),
        }
        lockdown.load().await?;
        match self.take().await {
            Ok(()) | Err(Broken::Shut(..)) => Ok(()),
            Err(broken) => Err(give_up(config, &broken).await),
        }
    }
}

/// What the configuration says for a lockdown that is not proven.
async fn give_up(config: &Config, broken: &Broken) -> Failure {
    let message = format!("the lockdown is not proven: {broken}");
    let failure = match config.on_failure {
        OnFailure::Closed => Failure::unfinished(message)
            .hint("its rules stay; `nft delete table inet rolecall_guard` takes them away"),
        OnFailure::Open => match Lockdown::remove().await {
            Ok(()) => Failure::unfinished(message)
                .hint("its rules were taken away, as `on-failure: open` says"),
            Err(why) => Failure::unfinished(format!("{message}; {}", why.message)),
        },
    };
    failure.hint("`nft list ruleset` shows what else filters or redirects on this host")
}

/// The rules of a file.
fn in_force(config: &Config) -> Result<InForce, Failure> {
    Ok(InForce {
        rules: rules(config)?,
        tokens: config.tokens,
    })
}

/// Puts what the file says now in force, unless something is wrong with it.
fn reload(path: &Path, started_with: &Config, guarding: &Guarding) {
    let fixed = |config: &Config| {
        let sts = config.sts.clone();
        (
            config.callers,
            config.port,
            config.stay,
            config.on_failure,
            sts,
        )
    };
    let read = read(path).and_then(|config| {
        if fixed(&config) != fixed(started_with) {
            let keys = "`callers`, `port`, `stay`, `on-failure` and `sts` change with a restart \
                        alone";
            return Err(Failure::wrong(keys));
        }
        in_force(&config)
    });
    match read {
        Ok(in_force) => {
            guarding.exchange(in_force);
            tracing::info!("the rules were read again");
        }
        Err(failure) => {
            let (reason, hint) = (&failure.message, failure.hints.join("; "));
            tracing::error!(
                reason,
                hint,
                "the configuration is wrong, the old one stays"
            );
        }
    }
}

/// Listens on loopback in both families, IPv6 where the host has it.
async fn listen(port: u16, guarding: &Guarding, stop: &Stop) -> Result<u16, Failure> {
    let loopback = [
        IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(Ipv6Addr::LOCALHOST),
    ];
    for ip in loopback {
        let address = SocketAddr::new(ip, port);
        match serve::bind(address, "the guard", "`port`").await {
            Ok(bound) => {
                tokio::spawn(guarding.clone().serve(bound.listener, stop.clone()));
            }
            Err(failure) if ip.is_ipv6() => {
                let reason = failure.message;
                tracing::warn!(reason, "whoever asks over IPv6 is refused");
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok(port)
}

/// The next turn, whatever came between.
async fn tick(turns: &mut Option<tokio::time::Interval>) {
    match turns {
        Some(turns) => {
            turns.tick().await;
        }
        None => std::future::pending().await,
    }
}

// It costs three connections on this host.
const PROOF_EVERY: Duration = Duration::from_secs(30);
