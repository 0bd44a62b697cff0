//! What is held and the way upstream, with the tasks that keep both up; another one takes over when
//! the configuration names another source.

use std::sync::Arc;

use agent::config::{Aws, Config};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::prefetched;
use crate::failure::Failure;
use crate::upstream::{Secrets, SnapshotFile, Upstream};

/// The tasks behind one [`Secrets`]. They end with [`Keeping::end`].
#[derive(Debug)]
pub(crate) struct Keeping {
    pub(crate) secrets: Arc<Secrets>,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Keeping {
    /// Starts with what the snapshot holds, if there is one.
    pub(crate) async fn start(config: &Config) -> Result<Self, Failure> {
        Self::begin(config, None).await
    }

    /// What the new configuration needs. What is held goes on being held where it is read from the
    /// same source by the same identities; another identity may not be allowed to read it.
    pub(crate) async fn succeed(&self, before: &Config, next: &Config) -> Result<Self, Failure> {
        let same = is_same_source(&before.secret_manager, &next.secret_manager);
        Self::begin(next, same.then_some(&self.secrets)).await
    }

    async fn begin(config: &Config, before: Option<&Arc<Secrets>>) -> Result<Self, Failure> {
        let snapshot = config.cache.snapshot.as_ref();
        let snapshot = snapshot.map(SnapshotFile::open).transpose()?;
        let (stop, stopped) = watch::channel(false);
        let upstream = Upstream::start(&config.secret_manager, stopped.clone()).await?;
        let secrets = Secrets::new(config.cache.clone(), prefetched(config), upstream);
        match (before, &snapshot) {
            (Some(before), _) => secrets.inherit(&before.cache(), config.cache.clone()),
            (None, Some(file)) => secrets.restore(file, &config.cache),
            (None, None) => {}
        }
        let mut tasks = JoinSet::new();
        tasks.spawn(Arc::clone(&secrets).keep_fresh(stopped.clone()));
        if let Some(file) = snapshot {
            tasks.spawn(Arc::clone(&secrets).keep_snapshot(file, stopped));
        }
        Ok(Self {
            secrets,
            stop,
            tasks,
        })
    }

    /// Ends the tasks, and has the snapshot written.
    pub(crate) async fn end(mut self) {
        let _all_gone = self.stop.send(true);
        while self.tasks.join_next().await.is_some() {}
    }
}

/// Whether the same answers come of both.
fn is_same_source(before: &Aws, next: &Aws) -> bool {
    let source = |aws: &Aws| Aws {
        resources: std::collections::BTreeMap::new(),
        replica_regions: Vec::new(),
        convert_to_base64: false,
        requests: agent::config::Requests::default(),
        ..aws.clone()
    };
    source(before) == source(next)
}

#[cfg(test)]
mod tests {
    use agent::config::RoleStep;

    use super::*;

    #[test]
    fn another_identity_inherits_nothing() {
        let aws = Aws::new("us-east-1");
        let changed = |change: &dyn Fn(&mut Aws)| {
            let mut next = aws.clone();
            change(&mut next);
            is_same_source(&aws, &next)
        };
        assert!(changed(&|_| {}));
        assert!(changed(&|aws| aws.convert_to_base64 = true));
        assert!(changed(
            &|aws| aws.replica_regions = vec!["us-west-2".to_owned()]
        ));
        assert!(!changed(&|aws| aws.region = "us-west-2".to_owned()));
        assert!(!changed(&|aws| aws.profile = Some("other".to_owned())));
        assert!(!changed(&|aws| aws.assume_role = vec![RoleStep::new("arn")]));
        assert!(!changed(
            &|aws| aws.endpoint_url = Some("http://h".to_owned())
        ));
    }
}
