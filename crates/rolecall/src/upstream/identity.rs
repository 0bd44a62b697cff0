//! Credentials that are at hand: who has them, until when, and what the last try led to.
//!
//! Handing them out asks nobody and waits for nobody. Who gets them is `refresher`.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use agent::{Failure, Priority, ready};
use arc_swap::ArcSwapOption;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, future};
use jiff::Timestamp;
use tokio::sync::{Notify, watch};
use tokio::time::timeout;

use super::credentials::is_of_shared_file;
use super::trouble::{Kind, Trouble};
use crate::clock;

/// The agent's own credentials, or those of one role.
#[derive(Debug)]
pub(super) struct Identity {
    name: String,
    held: ArcSwapOption<Held>,
    trouble: Mutex<Option<(Trouble, Timestamp)>>,
    // How many tries are over.
    tries: watch::Sender<u64>,
    wanted: Notify,
    refused: Notify,
}

#[derive(Debug)]
struct Held {
    credentials: Credentials,
    obtained: SystemTime,
    // By the service, which knows better than an expiry does.
    refused: AtomicBool,
}

impl Identity {
    pub(super) fn new(name: impl Into<String>) -> Arc<Self> {
        Arc::new(Self {
            name: name.into(),
            held: ArcSwapOption::empty(),
            trouble: Mutex::default(),
            tries: watch::channel(0).0,
            wanted: Notify::new(),
            refused: Notify::new(),
        })
    }

    /// The credentials, unless they are over.
    pub(super) fn current(&self) -> Option<Credentials> {
        let held = self.held.load();
        let held = held.as_ref()?;
        is_valid(&held.credentials).then(|| held.credentials.clone())
    }

    /// Whether a call can be signed. Waits only while nothing was tried since the start, and says
    /// then that somebody is waiting.
    pub(super) async fn ready(&self, priority: Priority) -> Result<Credentials, Failure> {
        if let Some(credentials) = self.current() {
            return Ok(credentials);
        }
        let mut tries = self.tries.subscribe();
        if *tries.borrow() == 0 {
            if priority == Priority::Client {
                self.wanted.notify_one();
            }
            let first = tries.wait_for(|tries| *tries > 0);
            let _whether_or_not = timeout(FIRST_TIME_MAX, first).await.is_ok();
        }
        self.current().ok_or_else(Failure::no_credentials)
    }

    /// The service does not accept credentials of this access key.
    pub(super) fn refuse(&self, access_key_id: &str) {
        let held = self.held.load();
        let same = held.as_ref();
        if let Some(held) = same.filter(|it| it.credentials.access_key_id() == access_key_id) {
            held.refused.store(true, Ordering::Relaxed);
            self.refused.notify_one();
        }
    }

    /// Takes what a try led to. The credentials that are now at hand may be the old ones; they live
    /// for as long as the second says, `None` for as long as nobody knows.
    pub(super) fn tried(
        &self,
        outcome: Result<Credentials, Trouble>,
    ) -> Result<Option<Duration>, ()> {
        let now = SystemTime::from(clock::now());
        let outcome = outcome.and_then(|credentials| self.worth_having(credentials));
        let result = match outcome {
            Ok(credentials) => {
                let life = credentials.expiry();
                let life = life.map(|end| end.duration_since(now).unwrap_or_default());
                self.hold(credentials, now);
                self.recovered();
                Ok(life)
            }
            Err(trouble) => {
                self.failed(trouble);
                Err(())
            }
        };
        self.tries.send_modify(|tries| *tries += 1);
        result
    }

    /// Credentials that are over are none. Keys of the shared file are not given up for another
    /// source because the file is empty or gone for a moment.
    fn worth_having(&self, credentials: Credentials) -> Result<Credentials, Trouble> {
        if !is_valid(&credentials) {
            return Err(Trouble::new(Kind::Expired, ""));
        }
        let held = self.held.load();
        let keeps = held.as_ref().is_some_and(|held| {
            is_of_shared_file(&held.credentials)
                && is_valid(&held.credentials)
                && !held.refused.load(Ordering::Relaxed)
        });
        if keeps && !is_of_shared_file(&credentials) {
            let why = "the shared file has no keys any more; those it had are used on";
            return Err(Trouble::new(Kind::NotFound, why));
        }
        Ok(credentials)
    }

    fn hold(&self, credentials: Credentials, now: SystemTime) {
        let held = self.held.load();
        let same = held.as_ref().is_some_and(|held| {
            held.credentials.access_key_id() == credentials.access_key_id()
                && held.credentials.session_token() == credentials.session_token()
                && held.credentials.secret_access_key() == credentials.secret_access_key()
                && held.credentials.expiry() == credentials.expiry()
        });
        // The same again is still refused.
        if !same {
            self.held.store(Some(Arc::new(Held {
                credentials,
                obtained: now,
                refused: AtomicBool::new(false),
            })));
        }
    }

    fn recovered(&self) {
        let first = *self.tries.borrow() == 0;
        let before = self.lock().take();
        let held = self.held.load();
        let end = held.as_ref().and_then(|held| until(&held.credentials));
        let (identity, expire) = (&self.name, end.map(|end| end.to_string()));
        let expire = expire.as_deref().unwrap_or("never");
        if first || before.is_some() {
            tracing::info!(identity, expire, "credentials are there");
        } else {
            tracing::debug!(identity, expire, "credentials are there anew");
        }
    }

    /// Says so once per kind of failure.
    fn failed(&self, trouble: Trouble) {
        let mut state = self.lock();
        let since = match &*state {
            Some((before, since)) if before.kind == trouble.kind => {
                tracing::debug!(identity = self.name, %trouble, "credentials cannot be had yet");
                *since
            }
            other => {
                let held = self.current().is_some();
                let identity = &self.name;
                tracing::warn!(identity, held, %trouble, "credentials cannot be had");
                other.as_ref().map_or_else(clock::now, |(_, since)| *since)
            }
        };
        *state = Some((trouble, since));
    }

    pub(super) fn readiness(&self) -> ready::Identity {
        let current = self.current();
        ready::Identity {
            name: self.name.clone(),
            valid: current.is_some(),
            until: current.as_ref().and_then(until),
            failure: self.lock().as_ref().map(|(trouble, since)| ready::Trouble {
                reason: trouble.kind.as_str().to_owned(),
                since: *since,
            }),
        }
    }

    /// What the last try failed with; `None` after one that did not.
    pub(super) fn trouble(&self) -> Option<Trouble> {
        self.lock().as_ref().map(|(trouble, _)| trouble.clone())
    }

    /// When the present credentials were obtained; changes with them.
    pub(super) fn version(&self) -> Option<SystemTime> {
        self.held.load().as_ref().map(|held| held.obtained)
    }

    /// Tries that are over, to wait for more.
    pub(super) fn tries(&self) -> watch::Receiver<u64> {
        self.tries.subscribe()
    }

    /// Resolves when somebody waits for the first credentials.
    pub(super) async fn is_wanted(&self) {
        self.wanted.notified().await;
    }

    /// Resolves when the service has refused what is held.
    pub(super) async fn is_refused(&self) {
        self.refused.notified().await;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<(Trouble, Timestamp)>> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How an SDK client gets at them.
#[derive(Debug)]
pub(super) struct Handed(pub(super) Arc<Identity>);

impl ProvideCredentials for Handed {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let current = self.0.current();
        let none = || CredentialsError::not_loaded("none are at hand");
        future::ProvideCredentials::ready(current.ok_or_else(none))
    }
}

fn is_valid(credentials: &Credentials) -> bool {
    let now = SystemTime::from(clock::now());
    credentials.expiry().is_none_or(|end| now < end)
}

pub(super) fn until(credentials: &Credentials) -> Option<Timestamp> {
    Timestamp::try_from(credentials.expiry()?).ok()
}

// The first try takes this long where the metadata service is slow; a client's patience is longer.
const FIRST_TIME_MAX: Duration = Duration::from_secs(2);

#[cfg(test)]
mod tests;
