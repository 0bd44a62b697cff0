//! Temporary credentials and readiness, as the SDK's chain gives them.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use agent::container::{Credentials, Unavailable};
use agent::metrics::Calls;
use agent::ready::{Identity, Readiness, Trouble};
use aws_config::SdkConfig;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use jiff::Timestamp;
use protocol::Secret;

use crate::clock;
use crate::serve::{Answering, AnySource, CredentialsSource};
use crate::upstream::Secrets;

/// The agent's own credentials, and what is held.
#[derive(Debug)]
pub(crate) struct Chain {
    provider: Option<SharedCredentialsProvider>,
    secrets: Arc<Secrets>,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    credentials: Option<Credentials>,
    trouble: Option<Trouble>,
}

impl Chain {
    /// Asks for credentials at once, so that readiness is known before somebody wants them.
    pub(crate) fn start(sdk: &SdkConfig, secrets: &Arc<Secrets>) -> AnySource {
        let chain = Arc::new(Self {
            provider: sdk.credentials_provider(),
            secrets: Arc::clone(secrets),
            known: Mutex::default(),
        });
        let first = Arc::clone(&chain);
        tokio::spawn(async move { first.credentials(None).await.is_ok() });
        chain
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn held(&self) -> Option<Credentials> {
        let held = self.lock().credentials.clone()?;
        let soon = clock::now() + SPARE;
        held.expires.is_none_or(|end| end > soon).then_some(held)
    }

    async fn fetch(&self) -> Result<Credentials, Unavailable> {
        let Some(provider) = &self.provider else {
            return Err(Unavailable::None("there is no source of them".to_owned()));
        };
        let found = provider.provide_credentials().await;
        let mut known = self.lock();
        match found {
            Ok(found) => {
                let secret = |text: &str| Secret::from_text(text.to_owned());
                let expires = found.expiry().and_then(|end| Timestamp::try_from(end).ok());
                let credentials = Credentials {
                    access_key_id: found.access_key_id().to_owned(),
                    secret_access_key: secret(found.secret_access_key()),
                    session_token: found.session_token().map(secret),
                    expires,
                };
                known.credentials = Some(credentials.clone());
                known.trouble = None;
                Ok(credentials)
            }
            Err(error) => {
                let reason = error.to_string();
                known.trouble.get_or_insert(Trouble {
                    reason: reason.clone(),
                    since: clock::now(),
                });
                Err(Unavailable::None(reason))
            }
        }
    }
}

impl CredentialsSource for Chain {
    fn credentials<'a>(&'a self, role: Option<&'a str>) -> Answering<'a> {
        Box::pin(async move {
            if role.is_some() {
                let why = "this version does not assume roles for clients";
                return Err(Unavailable::None(why.to_owned()));
            }
            match self.held() {
                Some(held) => Ok(held),
                None => self.fetch().await,
            }
        })
    }

    fn readiness(&self) -> Readiness {
        let held = self.held();
        let own = Identity {
            name: "agent".to_owned(),
            valid: held.is_some(),
            until: held.and_then(|held| held.expires),
            failure: self.lock().trouble.clone(),
        };
        Readiness {
            identities: vec![own],
            held: self.secrets.cache().len(),
            last_success: None,
        }
    }

    fn calls(&self) -> Vec<Calls> {
        Vec::new()
    }
}

// Clients want to use them for a while.
const SPARE: Duration = Duration::from_mins(1);
