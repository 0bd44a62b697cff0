//! Records opened and read by several threads: that is most of the work of a start.

use std::num::NonZeroUsize;
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread::{available_parallelism, scope};

use account::entity::Located;

use super::engine::Each;
use super::seal::Sealer;
use super::summary::Damage;

/// Sealed records by their keys, with the number of the batch.
type Batch = (usize, Vec<(String, Vec<u8>)>);

/// All entities, in the order of their records.
#[derive(Debug, Default)]
pub(crate) struct Entities(Vec<Vec<Located>>);

impl Entities {
    /// As they were read, some and some.
    pub(crate) fn into_batches(self) -> Vec<Vec<Located>> {
        self.0
    }
}

impl IntoIterator for Entities {
    type Item = Located;
    type IntoIter = std::iter::Flatten<std::vec::IntoIter<Vec<Located>>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter().flatten()
    }
}

/// What a batch came to.
type Opened = (usize, Result<Vec<Located>, Damage>);

/// Has `scan` read sealed records, while others open them; they come back in the order in which
/// they were read.
pub(super) fn decoding<T>(
    sealer: &Sealer,
    scan: impl FnOnce(&mut Each<'_>) -> T,
) -> (T, Result<Entities, Damage>) {
    let (queue, batches) = sync_channel(QUEUE_BATCHES);
    let batches = Mutex::new(batches);
    let threads = available_parallelism().map_or(1, NonZeroUsize::get);
    scope(|scope| {
        let work = || scope.spawn(|| each_batch(sealer, &batches));
        let workers: Vec<_> = (0..threads.min(THREADS_MAX)).map(|_| work()).collect();
        let (mut filling, mut number) = (Vec::new(), 0);
        let scanned = scan(&mut |key, sealed| {
            filling.push((key.to_owned(), sealed.to_vec()));
            if filling.len() == BATCH_RECORDS {
                // They are there as long as the queue is.
                let _taken = queue.send((number, std::mem::take(&mut filling)));
                number += 1;
            }
            Ok(())
        });
        let _taken = queue.send((number, filling));
        drop(queue);
        let mut opened = Vec::new();
        for worker in workers {
            let broken = || vec![(0, Err(Damage("a record cannot be read".to_owned())))];
            opened.extend(worker.join().unwrap_or_else(|_| broken()));
        }
        (scanned, in_order(opened))
    })
}

fn in_order(mut opened: Vec<Opened>) -> Result<Entities, Damage> {
    opened.sort_by_key(|(number, _)| *number);
    let batches: Result<Vec<_>, Damage> = opened.into_iter().map(|(_, batch)| batch).collect();
    Ok(Entities(batches?))
}

fn each_batch(sealer: &Sealer, batches: &Mutex<Receiver<Batch>>) -> Vec<Opened> {
    let next = || {
        let batches = batches.lock().unwrap_or_else(PoisonError::into_inner);
        batches.recv().ok()
    };
    let mut opened = Vec::new();
    while let Some((number, batch)) = next() {
        let records = batch.iter();
        let records = records
            .map(|(key, sealed)| open(sealer, key, sealed))
            .collect();
        opened.push((number, records));
    }
    opened
}

fn open(by: &Sealer, key: &str, sealed: &[u8]) -> Result<Located, Damage> {
    let bytes = by.open(key, sealed);
    let bytes = bytes.ok_or_else(|| format!("record `{key}` does not open with its key"))?;
    Ok(Located::decode(key, &bytes)?)
}

const THREADS_MAX: usize = 8;
const BATCH_RECORDS: usize = 1_024;
// Read ahead of those that open them; bounds what is in memory twice.
const QUEUE_BATCHES: usize = 8;
