//! Sessions for callers of the guard: roles assumed with the instance's own credentials.
//!
//! Each session has a task that gets its credentials ahead of their end, one however many wait;
//! what is held is good for as long as it says, also while STS is away. Who may have which session
//! is not decided here.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use agent::Priority;
use agent::config::{Aws, RoleStep};
use aws_config::SdkConfig;
use jiff::Timestamp;
use protocol::Secret;
use tokio::sync::watch;

use super::credentials::{self, Origin};
use super::identity::{self, Identity};
use super::trouble::Kind;
use super::{connector, lock, refresher};
use crate::clock::{self, Stopwatch};
use crate::failure::Failure;
use crate::serve::Stop;

/// The sessions that are kept, and what they are made with.
#[derive(Debug)]
pub(crate) struct Sessions {
    source: Arc<Identity>,
    settings: SdkConfig,
    // INVARIANT: at most `SESSIONS_MAX`, and of one user at most `SESSIONS_OF_USER_MAX`.
    kept: Mutex<BTreeMap<RoleStep, Kept>>,
    // Ends the source's task when it is dropped.
    _end: watch::Sender<bool>,
}

#[derive(Debug)]
struct Kept {
    uid: u32,
    identity: Arc<Identity>,
    used: Stopwatch,
    // Ends its task when it is dropped.
    _end: watch::Sender<bool>,
}

/// Credentials of a session.
#[derive(Debug)]
pub(crate) struct Given {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: Secret,
    pub(crate) session_token: Secret,
    pub(crate) obtained: Timestamp,
    pub(crate) expires: Timestamp,
}

/// Why there are none.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum Without {
    /// STS says no.
    #[error("{0}")]
    Denied(String),
    /// There will be some, or it is not known.
    #[error("{0}")]
    NotNow(String),
}

impl Sessions {
    /// Sessions made with the credentials of the metadata service at `imds`. Starts to get those.
    pub(crate) async fn start(
        imds: &str,
        region: &str,
        endpoint_url: Option<&str>,
    ) -> Result<Self, Failure> {
        let http = connector::http_client()?;
        let mut aws = Aws::new(region);
        aws.endpoint_url = endpoint_url.map(str::to_owned);
        let settings = credentials::settings(&aws, &http).await;
        let source = Identity::new("instance");
        let (end, stop) = watch::channel(false);
        let imds = imds.to_owned();
        let keep = refresher::keep_source(Arc::clone(&source), Origin::Metadata { imds }, http);
        refresher::spawn(keep, stop);
        Ok(Self {
            source,
            settings,
            kept: Mutex::default(),
            _end: end,
        })
    }

    /// Starts to get a session's credentials, where nobody does yet.
    pub(crate) fn expect(&self, uid: u32, step: &RoleStep) {
        self.kept(uid, step);
    }

    /// The credentials of a session. Waits for them for a moment where they were never there.
    pub(crate) async fn of(&self, uid: u32, step: &RoleStep) -> Result<Given, Without> {
        let identity = self.kept(uid, step);
        if let Ok(credentials) = identity.ready(Priority::Client).await {
            let given = given(&credentials, identity.version());
            return given.ok_or_else(|| Without::NotNow("STS told no end of them".to_owned()));
        }
        Err(match identity.trouble() {
            Some(trouble) if trouble.kind == Kind::Denied => Without::Denied(trouble.to_string()),
            Some(trouble) => Without::NotNow(trouble.to_string()),
            None => Without::NotNow("they are not there yet".to_owned()),
        })
    }

    /// Ends the sessions that nobody asked for in a long time.
    pub(crate) fn forget_unused(&self) {
        lock(&self.kept).retain(|_, kept| kept.used.elapsed() < UNUSED_MAX);
    }

    fn kept(&self, uid: u32, step: &RoleStep) -> Arc<Identity> {
        let mut kept = lock(&self.kept);
        if let Some(known) = kept.get_mut(step) {
            known.used = Stopwatch::start();
            return Arc::clone(&known.identity);
        }
        make_room(&mut kept, uid);
        let identity = Identity::new(format!("{} for user {uid}", step.session_name));
        let (end, ended): (_, Stop) = watch::channel(false);
        let (own, source) = (Arc::clone(&identity), Arc::clone(&self.source));
        let (steps, settings) = (vec![step.clone()], self.settings.clone());
        let keep = refresher::keep_role(own, source, steps, settings, LEFT);
        refresher::spawn(keep, ended);
        let entry = Kept {
            uid,
            identity: Arc::clone(&identity),
            used: Stopwatch::start(),
            _end: end,
        };
        kept.insert(step.clone(), entry);
        identity
    }
}

/// Where a user has its share, one of its own goes, else whichever was not wanted for longest.
fn make_room(kept: &mut BTreeMap<RoleStep, Kept>, uid: u32) {
    let of_user = kept.values().filter(|kept| kept.uid == uid).count();
    let is_full = kept.len() >= SESSIONS_MAX;
    if of_user < SESSIONS_OF_USER_MAX && !is_full {
        return;
    }
    let own_alone = of_user >= SESSIONS_OF_USER_MAX;
    let mut oldest: Vec<_> = kept
        .iter()
        .filter(|(_, kept)| !own_alone || kept.uid == uid)
        .map(|(step, kept)| (kept.used.elapsed(), step.clone()))
        .collect();
    oldest.sort();
    if let Some((_, step)) = oldest.pop() {
        kept.remove(&step);
    }
}

fn given(
    credentials: &aws_credential_types::Credentials,
    obtained: Option<SystemTime>,
) -> Option<Given> {
    let secret = |text: &str| Secret::from_text(text.to_owned());
    let obtained = obtained.and_then(|at| Timestamp::try_from(at).ok());
    Some(Given {
        access_key_id: credentials.access_key_id().to_owned(),
        secret_access_key: secret(credentials.secret_access_key()),
        session_token: secret(credentials.session_token()?),
        obtained: obtained.unwrap_or_else(clock::now),
        expires: identity::until(credentials)?,
    })
}

/// A host has some tens of services; each session is a call to STS every half hour.
pub(crate) const SESSIONS_MAX: usize = 256;
// Programs or units of one user that have sessions of their own: who makes more loses the oldest.
const SESSIONS_OF_USER_MAX: usize = 32;
// SDKs keep credentials for a part of their life, which is an hour at most.
const UNUSED_MAX: Duration = Duration::from_hours(2);
// botocore keeps credentials of the metadata service for up to 25 minutes, whatever their end.
const LEFT: Duration = Duration::from_mins(30);

#[cfg(test)]
mod tests {
    use super::*;

    fn step(number: usize) -> RoleStep {
        RoleStep::new(format!("arn:aws:iam::123456789012:role/{number}"))
    }

    fn fill(kept: &mut BTreeMap<RoleStep, Kept>, numbers: std::ops::Range<usize>, uid: u32) {
        for number in numbers {
            make_room(kept, uid);
            let entry = Kept {
                uid,
                identity: Identity::new("test"),
                used: Stopwatch::start(),
                _end: watch::channel(false).0,
            };
            kept.insert(step(number), entry);
        }
    }

    #[test]
    fn one_user_cannot_drive_out_the_sessions_of_others() {
        let mut kept = BTreeMap::new();
        fill(&mut kept, 0..1, 1);
        fill(&mut kept, 1..1_000, 2);

        assert_eq!(kept.len(), 1 + SESSIONS_OF_USER_MAX);
        assert!(kept.contains_key(&step(0)));
        assert!(kept.contains_key(&step(999)) && !kept.contains_key(&step(1)));
    }

    #[test]
    fn the_number_of_sessions_is_bounded() {
        let mut kept = BTreeMap::new();
        for uid in 0..100_u32 {
            let from = usize::try_from(uid).unwrap() * 10;
            fill(&mut kept, from..from + 10, uid);
        }
        assert_eq!(kept.len(), SESSIONS_MAX);
        assert!(kept.contains_key(&step(999)) && !kept.contains_key(&step(0)));
    }
}
