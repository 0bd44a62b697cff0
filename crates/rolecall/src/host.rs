//! The host: what the process asks of the kernel for itself, and of the other end of a connection.
//!
//! The only place where `unsafe` may stand.

pub(crate) mod memory;
pub(crate) mod mounts;
pub(crate) mod namespaces;
pub(crate) mod notify;
pub(crate) mod passing;
pub(crate) mod peer;
pub(crate) mod route;
pub(crate) mod users;

mod folder;
mod input;
mod owner;
mod place;
mod short;
mod waiting;
mod writeback;

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rustix::process::{
    DumpableBehavior, Resource, Rlimit, getrlimit, set_dumpable_behavior, setrlimit,
};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::failure::Failure;

pub(crate) use folder::PrivateFolder;
pub(crate) use input::{in_memory, unnamed};
pub(crate) use owner::Owner;
pub(crate) use place::{Place, Placed};
pub(crate) use short::short;
pub(crate) use waiting::Blocked;
pub(crate) use writeback::begin_writeback;

/// Keeps secrets in the process: no core file, no reading by processes of the same user, and a
/// panic that says where but not what.
///
/// Each is best effort: a kernel that refuses one of them still runs the rest.
pub(crate) fn harden() {
    let _refused = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    let _refused = setrlimit(
        Resource::Core,
        Rlimit {
            current: Some(0),
            maximum: Some(0),
        },
    );
    std::panic::set_hook(Box::new(|panic| {
        if IS_QUIET.get() {
            return;
        }
        // The payload may hold what was being worked on.
        let place = panic
            .location()
            .map_or_else(|| "unknown".to_owned(), ToString::to_string);
        tracing::error!(place, "internal error");
    }));
}

/// Has the process open as many files as it may: each connection is one, and the number that a
/// process starts with is for programs of long ago.
pub(crate) fn open_many_files() {
    let limit = getrlimit(Resource::Nofile);
    let all = Rlimit {
        current: limit.maximum,
        ..limit
    };
    if let Err(errno) = setrlimit(Resource::Nofile, all) {
        tracing::warn!(%errno, "the number of open files stays as it is");
    }
}

/// What comes of work that may panic where a file is damaged, because the engine asserts its own
/// invariants; `None` for a panic, of which nothing is said.
pub(crate) fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    let was_quiet = IS_QUIET.replace(true);
    let outcome = catch_unwind(AssertUnwindSafe(work)).ok();
    IS_QUIET.set(was_quiet);
    outcome
}

/// Has a test say nothing of the panics that [`caught`] catches either.
#[cfg(test)]
pub(crate) fn quiet_test() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let loud = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !IS_QUIET.get() {
                loud(panic);
            }
        }));
    });
}

thread_local! {
    static IS_QUIET: Cell<bool> = const { Cell::new(false) };
}

/// The signals that end a server: SIGTERM and Ctrl-C. Heard from the moment this is made, so that
/// one that comes early still ends the process in good order.
#[derive(Debug)]
pub(crate) struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    pub(crate) fn listen() -> Result<Self, Failure> {
        let unheard = |error| Failure::unfinished(format!("signals cannot be heard: {error}"));
        Ok(Self {
            terminate: signal(SignalKind::terminate()).map_err(unheard)?,
            interrupt: signal(SignalKind::interrupt()).map_err(unheard)?,
        })
    }

    pub(crate) async fn wait(mut self) {
        self.next().await;
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// What a signal asks of the agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    /// SIGTERM, Ctrl-C.
    End,
    /// SIGHUP.
    Reload,
    /// SIGUSR1.
    Refresh,
}

/// All signals that the agent hears.
#[derive(Debug)]
pub(crate) struct Wishes {
    ends: Signals,
    reload: Signal,
    refresh: Signal,
}

impl Wishes {
    pub(crate) fn listen() -> Result<Self, Failure> {
        let unheard = |error| Failure::unfinished(format!("signals cannot be heard: {error}"));
        Ok(Self {
            ends: Signals::listen()?,
            reload: signal(SignalKind::hangup()).map_err(unheard)?,
            refresh: signal(SignalKind::user_defined1()).map_err(unheard)?,
        })
    }

    pub(crate) async fn next(&mut self) -> Wish {
        tokio::select! {
            () = self.ends.next() => Wish::End,
            _ = self.reload.recv() => Wish::Reload,
            _ = self.refresh.recv() => Wish::Refresh,
        }
    }
}
