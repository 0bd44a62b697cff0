//! Answers in place of the account where that is gone, from what it last told of the instance,
//! until it is there again.
//!
//! Has a thread, and the metadata service's sockets: while the account runs, it alone accepts on
//! them.

use std::net::TcpListener;
use std::path::PathBuf;
use std::time::Duration;

use account::metadata::Kept;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinSet;

use crate::cli::ImdsOption;
use crate::control::{Control, Purpose};
use crate::host;
use crate::serve::{Bound, Metadata};

/// What is needed to answer for an instance.
#[derive(Debug)]
pub(super) struct Keeper {
    /// Of the account, as it was named.
    pub(super) data: Option<PathBuf>,
    pub(super) id: String,
    pub(super) imds_options: Vec<ImdsOption>,
    pub(super) listeners: Vec<TcpListener>,
    /// Hears of it when that changes.
    pub(super) says: fn(Turn),
}

/// What has become of the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    Gone,
    Back,
}

impl Keeper {
    /// Keeps watch in a thread, as long as the process lives. What comes back is told when it ends,
    /// which it does where the account said nothing before it went.
    pub(super) fn start(self) -> oneshot::Receiver<()> {
        let (ended, end) = oneshot::channel();
        std::thread::spawn(move || {
            self.run();
            drop(ended);
        });
        end
    }

    fn run(self) {
        // What it learns is no other process's to read.
        host::harden();
        // The account serves the sockets as long as this is open; the first is the command's.
        let mut serving: Option<Control> = None;
        let mut known = None;
        loop {
            let heard = Control::connect(self.data.clone()).and_then(|control| {
                let told = |kept| known = Some(kept);
                control.follow(&self.id, &self.imds_options, told)
            });
            if let Err(failure) = heard {
                tracing::debug!(message = failure.message, "nothing is told of the instance");
            }
            drop(serving.take());
            let Some(kept) = known.clone() else {
                return;
            };
            (self.says)(Turn::Gone);
            let Some(control) = self.answer(kept.as_ref()) else {
                return;
            };
            serving = Some(control);
            (self.says)(Turn::Back);
        }
    }

    /// Answers until the account is there again and has taken the sockets.
    fn answer(&self, kept: Option<&Kept>) -> Option<Control> {
        let runtime = Builder::new_current_thread().enable_all().build().ok()?;
        let mut tasks = self.serve(&runtime, kept).ok()?;
        let control = runtime.block_on(async {
            loop {
                tokio::time::sleep(LOOK_AGAIN).await;
                if let Ok(control) = Control::connect(self.data.clone())
                    && control.enter(&self.id, &self.imds_options).is_ok()
                {
                    break control;
                }
            }
        });
        runtime.block_on(tasks.shutdown());
        let sockets = self.listeners.iter().map(|listener| {
            let listener = listener.try_clone()?;
            Ok((Purpose::Metadata, listener.into()))
        });
        let sockets: std::io::Result<Vec<_>> = sockets.collect();
        control.serve(&sockets.ok()?).ok()?;
        Some(control)
    }

    fn serve(&self, runtime: &Runtime, kept: Option<&Kept>) -> std::io::Result<JoinSet<()>> {
        let _inside = runtime.enter();
        let mut tasks = JoinSet::new();
        for listener in &self.listeners {
            let listener = listener.try_clone()?;
            listener.set_nonblocking(true)?;
            let address = listener.local_addr()?;
            let listener = tokio::net::TcpListener::from_std(listener)?;
            let manner = ImdsOption::manner(&self.imds_options);
            let service = Metadata::of_kept(kept.cloned(), self.id.clone()).in_manner(manner);
            let (told, stop) = watch::channel(false);
            tasks.spawn(async move {
                // Without who tells it to stop, it would.
                service.serve(Bound { listener, address }, stop).await;
                drop(told);
            });
        }
        Ok(tasks)
    }
}

// How soon an account that was started again is found.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
