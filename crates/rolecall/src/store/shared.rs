//! An account in a cluster, beside the data folder of the server: where it is, and what is said
//! when something is wrong with it.

use std::fmt::{self, Display};
use std::sync::Arc;
use std::time::Duration;

use super::etcd::{Cluster, Etcd};
use super::freshness::Freshness;
use crate::failure::Failure;

/// Where an account is kept that several servers share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shared {
    pub(crate) cluster: Cluster,
    /// How old the state may be that calls are decided on.
    pub(crate) max_staleness: Duration,
}

impl Display for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cluster.fmt(f)
    }
}

impl Shared {
    pub(super) fn engine(&self) -> Result<Etcd, Failure> {
        Etcd::new(&self.cluster)
    }

    /// Of a state that was read after a moment on the host's clock.
    pub(super) fn freshness(&self, read_at: u64) -> Arc<Freshness> {
        Arc::new(Freshness::new(self.max_staleness, read_at))
    }

    /// Nobody answers, or not with what is asked for.
    pub(super) fn silent(&self, why: &dyn Display) -> Failure {
        Failure::unfinished(format!("`{self}` does not answer: {why}"))
            .hint("say with `--etcd` where the members of the cluster are")
            .hint("`etcdctl endpoint health` asks them without Rolecall")
    }

    /// Records without the commit that says what they add up to.
    pub(super) fn half(&self) -> Failure {
        Failure::wrong(format!("there is something below `{self}`, and no account"))
            .hint("a `migrate` or `restore` that was cut short is run again, and begins anew")
            .hint("name another prefix with `--etcd-prefix`")
    }
}
