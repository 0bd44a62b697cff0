//! Keeps credentials at hand: one task for the source and one for each chain of roles on top of it.
//!
//! A task gets credentials, waits until `agent::refresh` says to get new ones, or until something
//! happens before that, and goes on. No client's request ever waits for it, but for the first try.

use std::sync::Arc;
use std::time::Duration;

use agent::config::RoleStep;
use agent::refresh;
use aws_config::SdkConfig;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use jiff::{SignedDuration, Timestamp};
use tokio::time::timeout;

use super::credentials::Origin;
use super::identity::Identity;
use super::roles;
use super::shared_files::SharedFiles;
use super::trouble::{Kind, Trouble};
use crate::clock;
use crate::serve::{Stop, stopped};

/// Runs a task of this module until told to stop, also in the middle of a try.
pub(super) fn spawn(task: impl Future<Output = ()> + Send + 'static, mut stop: Stop) {
    tokio::spawn(async move {
        tokio::select! {
            () = stopped(&mut stop) => {}
            () = task => {}
        }
    });
}

/// Keeps the source's own credentials.
pub(super) async fn keep_source(identity: Arc<Identity>, origin: Origin, http: SharedHttpClient) {
    let mut files = origin.reads_files().then(SharedFiles::find);
    let mut pace = Pace::default();
    loop {
        let found = timeout(TRY_TIME_MAX, origin.credentials(&http)).await;
        let outcome = match found {
            Ok(found) => found.map_err(|error| Trouble::from(&error)),
            Err(_) => Err(Trouble::new(Kind::TimedOut, "")),
        };
        pace.tried(&identity, outcome);
        tokio::select! {
            () = pace.due() => {}
            () = pace.refused(&identity) => {}
            () = changed(&mut files) => {}
        }
    }
}

/// Keeps the credentials at the end of a chain, with so much of their life left.
pub(super) async fn keep_role(
    identity: Arc<Identity>,
    source: Arc<Identity>,
    steps: Vec<RoleStep>,
    settings: SdkConfig,
    left: Duration,
) {
    let mut source_tries = source.tries();
    let _source_is_gone = source_tries.wait_for(|tries| *tries > 0).await.is_err();
    let wait = refresh::role_after(clock::since_boot(), dice());
    tokio::select! {
        () = tokio::time::sleep(wait) => {}
        () = identity.is_wanted() => {}
    }
    let mut pace = Pace {
        left,
        ..Pace::default()
    };
    loop {
        let had = source.version();
        let assumed = timeout(TRY_TIME_MAX, roles::assume(&source, &steps, &settings)).await;
        let outcome = assumed.unwrap_or_else(|_| Err(Trouble::new(Kind::TimedOut, "")));
        pace.tried(&identity, outcome);
        // New credentials of the source are worth a try only where the old ones did not do.
        let another = async {
            while pace.failures == 0 || source.version() == had {
                if source_tries.changed().await.is_err() {
                    return std::future::pending().await;
                }
            }
        };
        tokio::select! {
            () = pace.due() => {}
            () = pace.refused(&identity) => {}
            () = another => {}
        }
    }
}

/// When the next try comes.
#[derive(Debug, Default)]
struct Pace {
    failures: u32,
    // `None`: when something happens.
    due: Option<Timestamp>,
    tried: Timestamp,
    // Of the credentials' life when they are exchanged.
    left: Duration,
}

impl Pace {
    fn tried(
        &mut self,
        identity: &Identity,
        outcome: Result<aws_credential_types::Credentials, Trouble>,
    ) {
        self.tried = clock::now();
        let wait = if let Ok(life) = identity.tried(outcome) {
            self.failures = 0;
            life.map(|life| refresh::due_with_left(life, self.left, dice()))
        } else {
            self.failures = self.failures.saturating_add(1);
            Some(refresh::retry_after(self.failures, dice()))
        };
        self.due = wait.map(|wait| self.after(wait));
    }

    /// Resolves when it is time.
    async fn due(&self) {
        match self.due {
            Some(due) => until(due).await,
            None => std::future::pending().await,
        }
    }

    /// Resolves when the service has refused the credentials, at most once in a while.
    async fn refused(&self, identity: &Identity) {
        identity.is_refused().await;
        until(self.after(REFUSED_PAUSE)).await;
    }

    fn after(&self, wait: Duration) -> Timestamp {
        let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX);
        self.tried.saturating_add(wait).unwrap_or(Timestamp::MAX)
    }
}

/// By the time of day, in which expiries are: a host that slept wakes up to it within a moment.
async fn until(due: Timestamp) {
    loop {
        let left = Duration::try_from(due.duration_since(clock::now())).unwrap_or_default();
        if left.is_zero() {
            return;
        }
        tokio::time::sleep(left.min(SLICE)).await;
    }
}

async fn changed(files: &mut Option<SharedFiles>) {
    match files {
        Some(files) => files.changed().await,
        None => std::future::pending().await,
    }
}

/// A system without random numbers gets no spread, and credentials all the same.
fn dice() -> u16 {
    clock::random().map_or(0, u16::from_be_bytes)
}

// Longer than the SDK's own limits on each source, but for a process, which has none.
const TRY_TIME_MAX: Duration = Duration::from_secs(30);
// A service that refuses what a source still gives is not asked about each of a client's retries.
const REFUSED_PAUSE: Duration = Duration::from_secs(5);
const SLICE: Duration = Duration::from_secs(30);
