//! What goes on beside the guard's answers: metrics, the control socket, and counts on the disk.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use agent::config::Audit;
use agent::guard::{Counts, Metrics, Watch};
use tokio::task::JoinHandle;

use crate::clock::{self, Stopwatch};
use crate::commands::agent as agent_commands;
use crate::control;
use crate::failure::Failure;
use crate::guard::{Kept, Only, State};
use crate::serve::{self, AuditLog, Change, Guarding, Records, Scraped, Services, Stop, stopped};

/// What was counted before, and the audit log.
pub(super) fn records(watch: &Watch) -> Result<Records, Failure> {
    let counts = match state(watch) {
        Some(state) => state.load(),
        None => Counts::new(clock::now()),
    };
    Ok(Records::new(counts, audit(watch.audit.as_ref())?))
}

/// Opens the log anew, where the file that there was may have been moved away.
pub(super) fn audit(config: Option<&Audit>) -> Result<Option<AuditLog>, Failure> {
    config.map(AuditLog::open).transpose()
}

/// Listens for services on loopback.
pub(super) async fn services(
    config: Option<&agent::guard::Services>,
    guarding: &Guarding,
    stop: &Stop,
) -> Result<Option<Services>, Failure> {
    let Some(config) = config else {
        return Ok(None);
    };
    let address = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), config.port);
    let bound = serve::bind(address, "the guard", "`services.port`").await?;
    let services = Services::new(config.clone(), guarding.clone(), agent_commands::token);
    tokio::spawn(services.clone().serve(bound.listener, stop.clone()));
    Ok(Some(services))
}

/// Starts the rest of it. What comes back ends once the last counts are saved.
pub(super) async fn start(
    watch: &Watch,
    only: &Only,
    records: &Records,
    stop: &Stop,
) -> Result<JoinHandle<()>, Failure> {
    control::guard::tell(only, records.clone(), stop.clone())?;
    let scraped = Scraped::new(records.clone());
    match &watch.metrics {
        Some(Metrics::Endpoint(address)) => {
            let bound = serve::bind(*address, "metrics", "`metrics.endpoint`").await?;
            tracing::info!(address = %bound.address, "metrics");
            tokio::spawn(scraped.serve(bound.listener, stop.clone()));
        }
        Some(Metrics::Socket(socket)) => {
            let listener = serve::bind_unix(socket, "`metrics.socket-path`")?;
            tokio::spawn(scraped.serve(listener, stop.clone()));
        }
        None => {}
    }
    let (state, records, stop) = (state(watch), records.clone(), stop.clone());
    Ok(tokio::spawn(async move {
        if let Some(state) = state {
            keep(state, records, stop).await;
        }
    }))
}

/// Keeps what the next guard needs should this one be killed, as soon as it changes.
pub(super) fn answers(kept: Option<Kept>, guarding: &Guarding, stop: &Stop) -> JoinHandle<()> {
    let (guarding, mut stop) = (guarding.clone(), stop.clone());
    tokio::spawn(async move {
        let Some(kept) = kept else {
            return;
        };
        let mut saved = None;
        loop {
            if saved != Some(guarding.changes()) {
                let (before, changes) = guarding.to_keep();
                let kept = kept.clone();
                let saving = tokio::task::spawn_blocking(move || kept.save(&before)).await;
                if let Ok(Err(failure)) = saving {
                    let reason = failure.message;
                    tracing::error!(reason, "tokens and answers would not outlive this guard");
                }
                saved = Some(changes);
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK_EVERY) => {}
                () = stopped(&mut stop) => return,
            }
        }
    })
}

fn state(watch: &Watch) -> Option<State> {
    watch.state.as_deref().map(State::new)
}

/// Saves what has changed: soon where somebody is new in it, now and then otherwise.
async fn keep(state: State, records: Records, mut stop: Stop) {
    let mut saved = Stopwatch::start();
    loop {
        let is_end = tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => false,
            () = stopped(&mut stop) => true,
        };
        let is_due = match records.changed() {
            Change::None => false,
            Change::Counted => is_end || saved.elapsed() >= SAVE_EVERY,
            Change::NewCaller => true,
        };
        if is_due {
            let (state, counts) = (state.clone(), records.take());
            let saving = tokio::task::spawn_blocking(move || state.save(&counts)).await;
            if let Ok(Err(failure)) = saving {
                let reason = failure.message;
                tracing::error!(reason, "counts are not saved");
            }
            saved = Stopwatch::start();
        }
        if is_end {
            return;
        }
    }
}

const LOOK_EVERY: Duration = Duration::from_secs(1);
const SAVE_EVERY: Duration = Duration::from_secs(15);
