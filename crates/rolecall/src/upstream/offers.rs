//! What the agent offers of its way upstream besides values of secrets: descriptions, credentials
//! for other processes, and how ready it is.

use std::sync::atomic::Ordering;

use agent::metrics::Calls;
use agent::{Failure, Priority};
use jiff::Timestamp;
use protocol::Secret;

use super::Upstream;
use super::identity::{self, IdentityReadiness};

/// Credentials for another process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TemporaryCredentials {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: Secret,
    /// `None` for long-lived keys.
    pub(crate) session_token: Option<Secret>,
    /// `None` for long-lived keys, and where the source does not say.
    pub(crate) expires: Option<Timestamp>,
}

/// What the way upstream looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Readiness {
    /// The agent's own first, then the roles of the configuration.
    pub(crate) identities: Vec<IdentityReadiness>,
    /// When the service last answered a call with what was asked for.
    pub(crate) last_success: Option<Timestamp>,
}

impl Upstream {
    /// Credentials that are at hand now, the agent's own or those of a role of the configuration.
    pub(crate) async fn credentials(
        &self,
        role: Option<&str>,
    ) -> Result<TemporaryCredentials, Failure> {
        let own = self.identity(role)?.ready(Priority::Client).await?;
        let secret = |text: &str| Secret::from_text(text.to_owned());
        Ok(TemporaryCredentials {
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

    /// How calls ended until now.
    pub(crate) fn calls(&self) -> Vec<Calls> {
        self.calls.read()
    }

    /// Who has credentials, and when the service last answered.
    pub(crate) fn readiness(&self) -> Readiness {
        let last = self.last_success.load(Ordering::Relaxed);
        let identities = self.identities.values();
        Readiness {
            identities: identities.map(|identity| identity.readiness()).collect(),
            last_success: Timestamp::from_millisecond(last).ok().filter(|_| last > 0),
        }
    }
}
