//! `rolecall guard run`: the lockdown, its proof, and the answers, for as long as the guard runs.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use agent::guard::{Callers, Config, Containers, OnFailure, Watch};
use tokio::sync::watch;

use super::{keeping, read, rules};
use crate::cli::RunGuard;
use crate::failure::{Exit, Failure};
use crate::guard::{self, Broken, ENDPOINTS, Endpoint, Kept, Lockdown, Only, Sign};
use crate::host::notify::{Handed, Manager};
use crate::host::peer;
use crate::host::{self, Wish, Wishes};
use crate::serve::{self, Guarding, InForce, Proven, Records, Services, Stop};

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
    let only = Only::take()?;
    host::open_many_files();
    let mut wishes = Wishes::listen()?;
    let sign = Sign::new()?;
    let [service, _] = ENDPOINTS;
    let records = keeping::records(&config.watch)?;
    let held = (config.sts.clone(), sign.clone());
    let kept = Kept::beside(&only);
    let before = kept.as_ref().and_then(Kept::load);
    let endpoint = Endpoint::new(service);
    let guarding = Guarding::new(in_force, endpoint, held, records.clone(), before)?;
    let (end, stop) = watch::channel(false);
    let kept = keeping::answers(kept, &guarding, &stop);
    let lockdown = Lockdown {
        redirect_to: match config.callers {
            Callers::Redirect => Some(listen(config.port, &guarding, &stop).await?),
            Callers::Refuse => None,
        },
        forward_to: match config.containers {
            Containers::Identify => Some(listen_for_containers(&config, &guarding, &stop)?),
            Containers::Refuse => None,
        },
    };
    let services = keeping::services(config.services.as_ref(), &guarding, &stop).await?;
    let saved = keeping::start(&config.watch, &only, &records, &stop).await?;
    let guard = Guard {
        file: &flags.config,
        config: &config,
        lockdown,
        guarding,
        services,
        records,
        sign,
        listing: Mutex::default(),
    };
    let ended = guard.hold(&mut wishes, &handed, stop).await;
    let _nobody_listens = end.send(true);
    let _saved = saved.await;
    let _kept = kept.await;
    ended
}

/// All that a guard goes by.
struct Guard<'a> {
    file: &'a Path,
    config: &'a Config,
    lockdown: Lockdown,
    guarding: Guarding,
    services: Option<Services>,
    records: Records,
    sign: Sign,
    // The rules as they were when they were loaded last.
    listing: Mutex<Vec<u8>>,
}

impl Guard<'_> {
    /// Holds the lockdown until told to stop.
    async fn hold(
        &self,
        wishes: &mut Wishes,
        handed: &Handed,
        stop: Stop,
    ) -> Result<Exit, Failure> {
        if Lockdown::is_there().await {
            tracing::warn!("the lockdown of a guard that was killed is there, and is replaced");
        }
        self.load().await?;
        let manager = &handed.manager;
        let mut is_proven = match self.prove().await {
            Ok(()) => true,
            Err(away) if away.is_harmless() => false,
            Err(broken) => return Err(give_up(self.config, &broken).await),
        };
        let first = if is_proven {
            Proven::Held
        } else {
            Proven::Away
        };
        self.records.proof(first);
        if self.config.callers == Callers::Redirect {
            self.guarding.look_ahead(stop);
        }
        tell(manager, is_proven);
        manager.ready();
        let mut alive = handed.say_alive_every.map(tokio::time::interval);
        let mut again = tokio::time::interval(self.config.watch.proof_every);
        let every = self.config.watch.proof_every;
        let next = |is_proven: bool| if is_proven { every } else { SOON.min(every) };
        again.reset_after(next(is_proven));
        loop {
            tokio::select! {
                wish = wishes.next() => match wish {
                    Wish::End => break,
                    Wish::Reload => {
                        manager.reloading();
                        self.reload();
                        manager.ready();
                    }
                    Wish::Refresh => {}
                },
                _ = again.tick() => {
                    let was_proven = std::mem::replace(&mut is_proven, self.prove_again().await?);
                    if was_proven != is_proven {
                        tell(manager, is_proven);
                    }
                    again.reset_after(next(is_proven));
                }
                () = tick(&mut alive) => manager.alive(),
            }
        }
        manager.stopping();
        if self.config.stay {
            tracing::warn!("the lockdown stays: nobody but root reaches the metadata service");
        } else {
            Lockdown::remove().await?;
        }
        Ok(Exit::Done)
    }

    async fn load(&self) -> Result<(), Failure> {
        self.lockdown.load().await?;
        let listing = Lockdown::listing().await?;
        *self.loaded() = listing;
        Ok(())
    }

    fn loaded(&self) -> MutexGuard<'_, Vec<u8>> {
        self.listing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is led and what is forwarded is tried from the host; what comes from elsewhere cannot
    /// be, so the rules must be as they were loaded.
    async fn prove(&self) -> Result<(), Broken> {
        let listing = Lockdown::listing().await.unwrap_or_default();
        if listing != *self.loaded() {
            return Err(Broken::Changed);
        }
        let (callers, sign) = (self.config.callers, self.sign.clone());
        let proving = tokio::task::spawn_blocking(move || guard::prove(callers, &sign));
        let proven = proving.await;
        proven.unwrap_or_else(|error| Err(Broken::Untried(error.to_string())))
    }

    /// The proof once more; tells whether all of it could be tried. Rules that somebody else
    /// changed are put back, once.
    async fn prove_again(&self) -> Result<bool, Failure> {
        match self.prove().await {
            Ok(()) => {
                self.records.proof(Proven::Held);
                return Ok(true);
            }
            Err(away) if away.is_harmless() => {
                tracing::debug!(%away, "the metadata service is away");
                self.records.proof(Proven::Away);
                return Ok(false);
            }
            Err(broken) => tracing::error!(%broken, "the lockdown is loaded again"),
        }
        self.records.proof(Proven::Broken);
        self.load().await?;
        match self.prove().await {
            Ok(()) => {
                self.records.proof(Proven::Mended);
                Ok(true)
            }
            Err(away) if away.is_harmless() => {
                self.records.proof(Proven::Away);
                Ok(false)
            }
            Err(broken) => Err(give_up(self.config, &broken).await),
        }
    }

    /// Puts what the file says now in force, unless something is wrong with it.
    fn reload(&self) {
        let fixed = |config: &Config| {
            let watch = Watch {
                audit: None,
                ..config.watch.clone()
            };
            let Config {
                callers,
                containers,
                containers_port,
                port,
                stay,
                on_failure,
                ..
            } = *config;
            let services = config.services.as_ref();
            let services = services.map(|it| (it.port, it.tokens.clone()));
            let sts = config.sts.clone();
            let ports = (port, containers_port);
            (
                callers, containers, ports, stay, on_failure, sts, watch, services,
            )
        };
        let read = read(self.file).and_then(|config| {
            if fixed(&config) != fixed(self.config) {
                let keys = "all but `rules`, `otherwise`, `tokens`, `audit` and \
                            `services.rules` change with a restart alone";
                return Err(Failure::wrong(keys));
            }
            let audit = keeping::audit(config.watch.audit.as_ref())?;
            Ok((in_force(&config)?, config.services, audit))
        });
        match read {
            Ok((in_force, services, audit)) => {
                self.guarding.exchange(in_force);
                if let Some((running, now)) = self.services.as_ref().zip(services) {
                    running.exchange(now);
                }
                self.records.exchange_audit(audit);
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
}

fn tell(manager: &Manager, is_proven: bool) {
    if is_proven {
        tracing::info!("the lockdown is in force and proven");
        manager.status("the lockdown is in force and proven");
    } else {
        let status = "the lockdown is in force, and proven once the metadata service answers";
        tracing::warn!("{status}");
        manager.status(status);
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

/// Listens on all addresses, as connections are led to that of the interface at which they come in.
fn listen_for_containers(
    config: &Config,
    guarding: &Guarding,
    stop: &Stop,
) -> Result<u16, Failure> {
    if let Err(reason) = peer::may_enter() {
        let hint = reason.hint();
        tracing::warn!(%reason, hint, "containers are not told apart, so all are refused");
    }
    let port = config.containers_port;
    for ip in [
        Ipv4Addr::UNSPECIFIED.into(),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    ] {
        match serve::bind_one_family(SocketAddr::new(ip, port), "`containers-port`") {
            Ok(listener) => {
                tokio::spawn(guarding.clone().serve_forwarded(listener, stop.clone()));
            }
            Err(failure) if ip.is_ipv6() => {
                let reason = failure.message;
                tracing::warn!(reason, "containers that ask over IPv6 are refused");
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

// While nothing answers: a host that starts has its network soon.
const SOON: Duration = Duration::from_secs(1);
