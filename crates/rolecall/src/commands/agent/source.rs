//! What listeners want of the way upstream, in the words of the pure package.

use std::sync::Arc;

use agent::container::{Credentials, Unavailable};
use agent::metrics::Calls;
use agent::ready::{Identity, Readiness, Trouble};

use crate::serve::{AnySource, CredentialsAnswer, CredentialsSource};
use crate::upstream::{Secrets, Upstream};

/// The agent's credentials and how ready it is.
#[derive(Debug)]
pub(crate) struct Offers {
    upstream: Arc<Upstream>,
    secrets: Arc<Secrets>,
}

impl Offers {
    pub(crate) fn of(upstream: Arc<Upstream>, secrets: &Arc<Secrets>) -> AnySource {
        Arc::new(Self {
            upstream,
            secrets: Arc::clone(secrets),
        })
    }
}

impl CredentialsSource for Offers {
    fn credentials<'a>(&'a self, role: Option<&'a str>) -> CredentialsAnswer<'a> {
        Box::pin(async move {
            let found = self.upstream.credentials(role).await;
            let found = found.map_err(|failure| Unavailable::None(failure.to_string()))?;
            Ok(Credentials {
                access_key_id: found.access_key_id,
                secret_access_key: found.secret_access_key,
                session_token: found.session_token,
                expires: found.expires,
            })
        })
    }

    fn readiness(&self) -> Readiness {
        let found = self.upstream.readiness();
        let identities = found.identities.into_iter().map(|identity| Identity {
            name: identity.name,
            valid: identity.valid,
            until: identity.until,
            failure: identity.failure.map(|(kind, since)| Trouble {
                reason: kind.as_str().to_owned(),
                since,
            }),
        });
        Readiness {
            identities: identities.collect(),
            held: self.secrets.cache().len(),
            last_success: found.last_success,
        }
    }

    fn calls(&self) -> Vec<Calls> {
        self.upstream.calls()
    }
}
