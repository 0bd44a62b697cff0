//! What the agent offers of its way upstream besides values of secrets: credentials for other
//! processes, how ready it is, and how many calls it made.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::Ordering;

use agent::container::Credentials;
use agent::metrics;
use agent::{Failure, Priority, ready};
use jiff::Timestamp;
use protocol::Secret;

use super::{Upstream, identity, lock};

/// Calls that were made, by operation and how they ended.
#[derive(Debug, Default)]
pub(super) struct Calls(Mutex<BTreeMap<(&'static str, &'static str), u64>>);

impl Calls {
    pub(super) fn add<T>(&self, operation: &'static str, outcome: &Result<T, Failure>) {
        let outcome = outcome.as_ref().err().map_or("ok", Failure::kind);
        *lock(&self.0).entry((operation, outcome)).or_default() += 1;
    }
}

impl Upstream {
    /// Credentials that are at hand now, the agent's own or those of a role of the configuration.
    pub(crate) async fn credentials(&self, role: Option<&str>) -> Result<Credentials, Failure> {
        let own = self.identity(role)?.ready(Priority::Client).await?;
        let secret = |text: &str| Secret::from_text(text.to_owned());
        Ok(Credentials {
            access_key_id: own.access_key_id().to_owned(),
            secret_access_key: secret(own.secret_access_key()),
            session_token: own.session_token().map(secret),
            expires: identity::until(&own),
        })
    }

    /// Whether a call by this role can be signed now: what nobody waits for is not tried without.
    pub(crate) fn has_credentials(&self, role: Option<&str>) -> bool {
        self.identity(role)
            .is_ok_and(|identity| identity.current().is_some())
    }

    /// Who has credentials, and when the service last answered; what is `held` is told by others.
    pub(crate) fn readiness(&self, held: usize) -> ready::Readiness {
        let last = self.last_success.load(Ordering::Relaxed);
        let identities = self.identities.values();
        ready::Readiness {
            identities: identities.map(|identity| identity.readiness()).collect(),
            held,
            last_success: Timestamp::from_millisecond(last).ok().filter(|_| last > 0),
        }
    }

    /// Calls to Secrets Manager until now.
    pub(crate) fn calls(&self) -> Vec<metrics::Calls> {
        let calls = lock(&self.calls.0);
        let calls = calls.iter();
        let calls = calls.map(|((operation, outcome), count)| metrics::Calls {
            operation,
            outcome,
            count: *count,
        });
        calls.collect()
    }
}
