//! What listeners want of the way upstream, beside secrets.

use std::fmt::Debug;
use std::pin::Pin;
use std::sync::Arc;

use agent::container::{Credentials, Unavailable};
use agent::metrics::Calls;
use agent::ready::Readiness;

/// Where temporary credentials come from.
pub(crate) trait CredentialsSource: Debug + Send + Sync + 'static {
    /// Those of a role of the configuration, or the agent's own. Whoever asks waits a second at
    /// most, so this tells what is known.
    fn credentials<'a>(&'a self, role: Option<&'a str>) -> CredentialsAnswer<'a>;

    /// Whether clients can be answered. Waits for nothing.
    fn readiness(&self) -> Readiness;

    /// Calls to AWS until now.
    fn calls(&self) -> Vec<Calls>;
}

/// Credentials that come soon.
pub(crate) type CredentialsAnswer<'a> =
    Pin<Box<dyn Future<Output = Result<Credentials, Unavailable>> + Send + 'a>>;

/// However it is made.
pub(crate) type AnySource = Arc<dyn CredentialsSource>;
