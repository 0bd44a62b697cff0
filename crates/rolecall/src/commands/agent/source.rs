//! Temporary credentials and readiness, of whatever is in force.

use std::sync::Arc;

use agent::container::Unavailable;
use agent::metrics::Calls;
use agent::ready::Readiness;

use crate::serve::{AnySource, CredentialsAnswer, CredentialsSource, Reads};

/// What the listeners read through, looked at for its way upstream.
#[derive(Debug)]
pub(crate) struct InForce(Arc<Reads>);

impl InForce {
    pub(crate) fn of(reads: &Arc<Reads>) -> AnySource {
        Arc::new(Self(Arc::clone(reads)))
    }
}

impl CredentialsSource for InForce {
    fn credentials<'a>(&'a self, role: Option<&'a str>) -> CredentialsAnswer<'a> {
        Box::pin(async move {
            let upstream = Arc::clone(self.0.live().secrets.upstream());
            let found = upstream.credentials(role).await;
            found.map_err(|failure| Unavailable::None(failure.to_string()))
        })
    }

    fn readiness(&self) -> Readiness {
        let live = self.0.live();
        let held = live.secrets.cache().len();
        live.secrets.upstream().readiness(held)
    }

    fn calls(&self) -> Vec<Calls> {
        self.0.live().secrets.upstream().calls()
    }
}
