//! Following the writers of other servers: each of their commits is held against what it says of
//! all records, and becomes part of the state here.
//!
//! What does not add up is not taken in. Everything is read again then, until it does; meanwhile
//! the state grows old, and nothing is decided on it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use account::Partition;
use account::entity::{Change, Located};
use tokio::sync::{Notify, watch};

use super::Store;
use super::decode::decoding;
use super::digests::Digests;
use super::engine::{Committed, News, Revision, Watch};
use super::published::Published;
use super::records::Records;
use super::summary::{Damage, ENVELOPE, Meta, SUMMARY, Summary};

/// Brings what others commit, until told to stop.
pub(super) struct Following {
    pub(super) store: Arc<Store>,
    pub(super) published: Arc<Published>,
    pub(super) changed: Arc<Notify>,
    pub(super) told: watch::Sender<()>,
    pub(super) stop: Arc<AtomicBool>,
}

/// A commit of another server, opened.
#[derive(Debug)]
pub(super) struct Followed {
    /// The commit that it follows.
    on: Revision,
    changes: Vec<Change>,
    generation: u64,
}

impl Following {
    pub(super) fn run(self) {
        let mut watch = self.store.records.engine.watch(self.store.revision());
        while !self.stop.load(Ordering::Acquire) {
            let Some(following) = &mut watch else {
                return;
            };
            let taken = match following.next(LOOK_AFTER) {
                None => Ok(()),
                Some(News::Committed(committed)) => self.take_in(&committed),
                Some(News::Gap) => {
                    Err(Damage::from("etcd has not kept all that was written since"))
                }
            };
            if let Err(Damage(why)) = taken {
                tracing::warn!(why, "everything is read again");
                watch = self.read_again();
            }
        }
    }

    fn take_in(&self, committed: &Committed) -> Result<(), Damage> {
        let Some(followed) = self.store.records.follow(committed)? else {
            return Ok(());
        };
        self.store.write_head(followed.generation);
        // A commit of this server is published by whoever made it.
        if !self.published.wait_for(followed.on, LOOK_AFTER) {
            return Err(Damage::from("the commit before was never published"));
        }
        let (mut partition, at) = self.published.now();
        if at >= committed.revision {
            return Ok(());
        }
        for change in followed.changes {
            Arc::make_mut(&mut partition).apply(change)?;
        }
        self.publish(partition, committed.revision);
        Ok(())
    }

    /// Reads until everything adds up; follows from there.
    fn read_again(&self) -> Option<Box<dyn Watch>> {
        while !self.stop.load(Ordering::Acquire) {
            match self.store.records.read_again() {
                Ok((partition, revision)) => {
                    self.publish(Arc::new(partition), revision);
                    return self.store.records.engine.watch(revision);
                }
                Err(Damage(why)) => {
                    tracing::error!(why, "what is in etcd cannot be used");
                    std::thread::park_timeout(READ_AGAIN_AFTER);
                }
            }
        }
        None
    }

    fn publish(&self, partition: Arc<Partition>, revision: Revision) {
        let unneeded = self.published.publish(partition, revision);
        self.changed.notify_one();
        self.told.send_replace(());
        drop(unneeded);
    }
}

impl Records {
    /// Takes in a commit that was made elsewhere; `None` where it is known already.
    pub(super) fn follow(&self, committed: &Committed) -> Result<Option<Followed>, Damage> {
        let mut tip = self.tip_before(committed.revision);
        if committed.revision <= tip.revision {
            return Ok(None);
        }
        let on = tip.revision;
        let beside = |name| {
            let found = committed.beside.iter().find(|(key, _)| key == name);
            found.and_then(|(_, bytes)| bytes.as_deref())
        };
        let said = beside(SUMMARY).ok_or_else(|| Damage::from("another hand wrote to it"))?;
        let said = Summary::open(&self.sealer, said)?;
        let mut found = tip.summary.next(said.anchor);
        let (mut changes, mut after) = (Vec::new(), Vec::new());
        for (key, bytes) in &committed.records {
            if let Some(digest) = tip.digests.as_ref().and_then(|digests| digests.get(key)) {
                found.take(digest);
            }
            let digest = bytes.as_ref().map(|bytes| self.sealer.digest(key, bytes));
            if let Some(digest) = &digest {
                found.put(digest);
            }
            after.push((key.clone(), digest));
            changes.push(self.change(key, bytes.as_deref())?);
        }
        if found != said {
            return Err(Damage(format!(
                "commit {} does not add up to what it says",
                said.generation
            )));
        }
        if committed
            .beside
            .iter()
            .any(|(name, _)| ENVELOPE.contains(&name.as_str()))
        {
            // The data key is the one that is known here: the summary has opened with it.
            tracing::info!("the root key is another one from now on");
        }
        tip.advance(committed.revision, said, after);
        Ok(Some(Followed {
            on,
            changes,
            generation: said.generation,
        }))
    }

    fn change(&self, key: &str, sealed: Option<&[u8]>) -> Result<Change, Damage> {
        let Some(sealed) = sealed else {
            return Ok(Change::deletion(key)?);
        };
        let bytes = self.sealer.open(key, sealed);
        let bytes = bytes.ok_or_else(|| format!("record `{key}` does not open with its key"))?;
        Ok(Located::decode(key, &bytes)?.put())
    }

    /// All that is there, held against its summary as at a start.
    fn read_again(&self) -> Result<(Partition, Revision), Damage> {
        let view = self.engine.view()?;
        let meta = Meta::read(&*view)?;
        let meta = meta.ok_or_else(|| Damage::from("the account is gone"))?;
        let mut digests = Digests::default();
        let (summary, entities) = decoding(&self.sealer, |each| {
            meta.scan(&*view, &self.sealer, Some(&mut digests), each)
        });
        let (summary, revision) = (summary?, view.revision());
        let partition = Partition::load_batches(entities?.into_batches())?;
        let mut tip = self.tip();
        if summary.generation < tip.summary.generation {
            return Err(Damage(format!(
                "it is an older copy: it has {} writes, and {} were made",
                summary.generation, tip.summary.generation
            )));
        }
        if tip.revision < revision {
            tip.summary = summary;
            tip.revision = revision;
            tip.digests = Some(digests);
        }
        Ok((partition, revision))
    }
}

// How often it is looked whether to go on.
const LOOK_AFTER: Duration = Duration::from_millis(250);
const READ_AGAIN_AFTER: Duration = Duration::from_secs(1);
