//! `rolecall exec`: a command with secrets in its environment, in files or on its standard input.
//!
//! All secrets are read before anything starts. Where nothing is left to do afterwards, this
//! process becomes the command; else it stays: passes signals on, looks for new values, and takes
//! the files away when the command ends.

mod child;
mod delivery;
mod signals;

use std::os::unix::process::CommandExt;
use std::time::Duration;

use tokio::sync::mpsc;

use crate::cli::{Exec, OnChange};
use crate::client::{Versions, Way};
use crate::failure::{Exit, Failure};

pub(super) use child::without;

use child::{Ended, Running};
use delivery::{Files, Plan};
use signals::Signals;

/// Runs the command to its end, whose exit code is the one of this.
pub(super) async fn run(flags: Exec) -> Result<Exit, Failure> {
    let mut signals = Signals::listen()?;
    let plan = Plan::of(&flags)?;
    let reading = async {
        let way = Way::find().await?;
        let versions = way.read_all(plan.asks()).await?;
        Ok::<_, Failure>((way, versions))
    };
    let (way, versions) = tokio::select! {
        read = reading => read?,
        signal = signals.next() => return Ok(Exit::Child(child::code_of(signal))),
    };
    let parts = plan.parts(&versions)?;
    let mut files = Files::make(&plan)?;
    files.put(&plan, &parts)?;
    if flags.on_change == OnChange::Ignore && files.is_empty() {
        let mut command = child::command(&flags, &plan, &parts, &files)?;
        return Err(child::unstarted(&flags, &command.exec()));
    }
    let running = Running::start(&flags, &plan, &parts, &files)?;
    drop(parts);
    let news = match flags.on_change {
        OnChange::Ignore => None,
        _ => Some(watch(way, &plan, versions, flags.check_every)),
    };
    let supervisor = Supervisor {
        flags: &flags,
        plan: &plan,
        files: &mut files,
        signals: &mut signals,
    };
    supervisor.supervise(running, news).await
}

/// Reads the secrets again and again, and tells when one of them has another version.
fn watch(way: Way, plan: &Plan, mut known: Versions, seconds: u64) -> mpsc::Receiver<Versions> {
    let (sender, receiver) = mpsc::channel(1);
    let asks = plan.asks();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            match way.read_all(asks.clone()).await {
                Err(failure) => {
                    tracing::warn!("the secrets could not be looked at: {}", failure.message);
                }
                Ok(read) if differ(&read, &known) => {
                    known.clone_from(&read);
                    if sender.send(read).await.is_err() {
                        return;
                    }
                }
                Ok(_) => {}
            }
        }
    });
    receiver
}

fn differ(one: &Versions, other: &Versions) -> bool {
    let ids = |versions: &Versions| {
        let ids = versions.iter();
        ids.map(|(ask, version)| (ask.clone(), version.version_id.clone()))
            .collect::<Vec<_>>()
    };
    ids(one) != ids(other)
}

/// What the running command is served with.
struct Supervisor<'a> {
    flags: &'a Exec,
    plan: &'a Plan,
    files: &'a mut Files,
    signals: &'a mut Signals,
}

impl Supervisor<'_> {
    async fn supervise(
        mut self,
        mut running: Running,
        mut news: Option<mpsc::Receiver<Versions>>,
    ) -> Result<Exit, Failure> {
        loop {
            let new = async {
                match &mut news {
                    Some(news) => news.recv().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                ended = running.ended() => return Ok(Exit::Child(ended?.code())),
                signal = self.signals.next() => running.pass(signal),
                Some(versions) = new => {
                    if let Some(ended) = self.change(&mut running, &versions).await? {
                        return Ok(Exit::Child(ended.code()));
                    }
                }
            }
        }
    }

    /// Brings new values to the command. Values that cannot be brought leave it as it is.
    async fn change(
        &mut self,
        running: &mut Running,
        versions: &Versions,
    ) -> Result<Option<Ended>, Failure> {
        let parts = self.plan.parts(versions).and_then(|parts| {
            self.files.put(self.plan, &parts)?;
            Ok(parts)
        });
        let parts = match parts {
            Ok(parts) => parts,
            Err(failure) => {
                tracing::warn!("new values are not used: {}", failure.message);
                return Ok(None);
            }
        };
        match self.flags.on_change {
            OnChange::Ignore => {}
            OnChange::Signal(signal) => running.send(signal),
            OnChange::Restart => {
                if let Some(ended) = running.stop(self.signals).await? {
                    return Ok(Some(ended));
                }
                *running = Running::start(self.flags, self.plan, &parts, self.files)?;
            }
        }
        Ok(None)
    }
}
