//! What is over and still takes room, and what takes it away.
//!
//! Nobody sees what is over, so that it may go at any time and bit by bit. No call does this, and
//! there is no record of it, as CloudTrail has none.

use std::sync::Arc;

use jiff::Timestamp;
use protocol::Fault;

use super::call::freed;
use super::{lifecycle, multipart, settled};
use crate::entropy::{Entropy, SEED_BYTES};
use crate::home::Home;
use crate::rotation::Turn;
use crate::state::Partition;
use crate::transaction::Transaction;

/// A name of which something is over, or an upload that was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Over {
    home: Home,
    bucket: Arc<str>,
    what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    Object(Arc<str>),
    Upload(String),
}

/// Where something is over, as far as `max`.
pub fn over(partition: &Partition, now: Timestamp, max: usize) -> Vec<Over> {
    let ruled = partition
        .held_buckets()
        .filter(|(_, held)| !held.bucket.lifecycle.is_empty());
    let all = ruled.flat_map(|(home, held)| {
        let bucket = &held.bucket;
        let unsettled = move |stored: &Vec<_>| settled::is_unsettled(bucket, stored, now);
        let names = settled::names(held).filter(unsettled);
        let objects = names.filter_map(|stored| Some(What::Object(stored.first()?.key.clone())));
        let uploads = held.uploads.values().map(|held| &held.upload);
        let uploads = uploads
            .filter(move |upload| lifecycle::is_given_up(bucket, upload, now))
            .map(|upload| What::Upload(upload.id.clone()));
        objects.chain(uploads).map(move |what| Over {
            home: home.clone(),
            bucket: Arc::clone(&bucket.name),
            what,
        })
    });
    all.take(max).collect()
}

/// Takes away what is over there now, if it still is. What is more than a commit should have stays
/// for the next time.
pub fn sweep(
    partition: &Arc<Partition>,
    all: &[Over],
    now: Timestamp,
    seed: [u8; SEED_BYTES],
) -> Turn {
    let mut changes = Vec::new();
    for over in all {
        let Some(state) = partition.state(&over.home) else {
            continue;
        };
        let mut transaction = Transaction::new(state, now, Entropy::new(seed));
        // What does not fit is a mistake of ours; the rest goes all the same.
        if over.settle(&mut transaction).is_ok() {
            changes.extend(transaction.into_changes());
        }
        if changes.len() >= CHANGES_MAX {
            break;
        }
    }
    Turn {
        freed: freed(partition, &changes),
        changes,
        ..Turn::default()
    }
}

impl Over {
    fn settle(&self, transaction: &mut Transaction) -> Result<(), Fault> {
        let Some(held) = transaction.state().bucket(&self.bucket) else {
            return Ok(());
        };
        match &self.what {
            What::Object(key) => settled::settle(transaction, &self.bucket, key),
            What::Upload(id) => {
                let Some(upload) = held.uploads.get(id).cloned() else {
                    return Ok(());
                };
                if !lifecycle::is_given_up(&held.bucket, &upload.upload, transaction.now) {
                    return Ok(());
                }
                multipart::forget(transaction, &upload)
            }
        }
    }
}

// In one commit, but for those of one name or upload: few enough for callers not to wait long.
const CHANGES_MAX: usize = 1_000;
