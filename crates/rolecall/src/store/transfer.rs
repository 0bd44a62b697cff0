//! An account that is made of another one's records, sealed as they are: restored, or moved from
//! one engine to another.

use std::path::Path;

use account::entity::Located;

use super::digests::Digests;
use super::engine::{CommitError, Revision, Sealed};
use super::etcd::Etcd;
use super::export::Export;
use super::folder::Folder;
use super::records::{Records, Tip};
use super::root_key::RootKey;
use super::seal::{DataKey, Sealer};
use super::shared::Shared;
use super::summary::{Damage, Envelope, Meta};
use crate::failure::Failure;

/// What was restored.
#[derive(Debug)]
pub(crate) struct Restored {
    pub(crate) count: u64,
    pub(crate) made: jiff::Timestamp,
}

/// All records of an account, of one commit.
struct Contents {
    sealer: Sealer,
    envelope: Envelope,
    generation: u64,
    records: Vec<Sealed>,
}

/// Makes the account of an export in a folder that has nothing but a root key, or below a prefix of
/// a cluster that has no account. Everything is verified before anything is written; `accept` is
/// asked too.
pub(crate) fn restore(
    folder: &Folder,
    from: &Path,
    accept: impl FnOnce(Vec<Located>) -> Result<(), Failure>,
) -> Result<Restored, Failure> {
    let damaged = |Damage(why): Damage| {
        Failure::wrong(format!(
            "the export `{}` cannot be used: {why}",
            from.display()
        ))
        .hint("take another one; nothing was written")
    };
    let _lock = folder.lock()?;
    if folder.shared().is_none() {
        folder.check_empty()?;
    }
    let file = std::fs::read(from).map_err(|error| {
        Failure::wrong(format!(
            "the export `{}` cannot be read: {error}",
            from.display()
        ))
    })?;
    let export = Export::parse(&file).map_err(damaged)?;
    let root = RootKey::open(folder, &export.envelope.made)?;
    let key = DataKey::unwrap(&root, &export.envelope.made, &export.envelope.wrapped);
    let sealer = Sealer::new(&key.ok_or_else(|| folder.foreign_root_key())?);
    let records = export.records(sealer.mac()).map_err(damaged)?;
    let mut entities = Vec::with_capacity(records.len());
    for (key, sealed) in &records {
        let bytes = sealed.as_deref().and_then(|bytes| sealer.open(key, bytes));
        let entity = bytes
            .ok_or_else(|| Damage(format!("record `{key}` does not open with its key")))
            .and_then(|bytes| Located::decode(key, &bytes).map_err(Damage::from));
        entities.push(entity.map_err(damaged)?);
    }
    accept(entities)?;
    let (count, made) = (export.header.count, export.header.made);
    let contents = Contents {
        sealer,
        envelope: export.envelope,
        generation: export.header.generation,
        records,
    };
    contents.put_in(folder)?;
    Ok(Restored { count, made })
}

/// Moves a copy of an account, as of one commit, to where there is none. Tells how many records
/// there are.
pub(crate) fn migrate(from: &Folder, to: &Folder) -> Result<u64, Failure> {
    let _lock = to.lock()?;
    if to.shared().is_none() {
        to.check_empty()?;
    }
    let (_from, engine, found) = super::read_existing(from, |entities| {
        let partition = account::Partition::load_batches(entities.into_batches());
        partition.map(drop).map_err(|error| from.damaged(&error))
    })?;
    let (found, ()) = found.ok_or_else(|| from.empty())?;
    let (mut summary, mut records) = (found.summary, Vec::new());
    let read = engine.view().and_then(|view| {
        // A server of a cluster may have gone on.
        let meta = Meta::read(&*view)?.ok_or_else(|| Damage::from("the account is gone"))?;
        summary = meta.scan(&*view, &found.sealer, None, &mut |key, bytes| {
            records.push((key.to_owned(), Some(bytes.to_vec())));
            Ok(())
        })?;
        Ok(())
    });
    read.map_err(|Damage(why)| from.damaged(&why))?;
    let contents = Contents {
        sealer: found.sealer,
        envelope: found.envelope,
        generation: summary.generation,
        records,
    };
    contents.put_in(to)?;
    Ok(summary.count)
}

impl Contents {
    /// Makes an account of them, in a commit with the number that they had: who has seen a later
    /// one knows it for an older copy.
    fn put_in(self, folder: &Folder) -> Result<(), Failure> {
        if let Some(shared) = folder.shared() {
            return self.put_in_cluster(shared);
        }
        let before = self.generation.saturating_sub(1);
        let tip = Tip::empty(self.envelope, before);
        let on = tip.revision;
        let engine = folder.open_engine()?;
        let records = Records::opened(Box::new(engine), self.sealer, tip);
        let written = records.write(on, &self.records, None);
        drop(records);
        written.map(drop).map_err(|error| {
            folder.remove_database();
            unfinished(&error)
        })
    }

    /// Records first, some and some; then the commit that says what they add up to. Until that is
    /// there, there is no account, and what was begun is taken away by whoever begins anew.
    fn put_in_cluster(self, shared: &Shared) -> Result<(), Failure> {
        let engine = shared.engine()?;
        let last = engine.last();
        if last.map_err(|error| shared.silent(&error))? > Revision::default() {
            return Err(
                Failure::wrong(format!("there is an account in `{shared}` already"))
                    .hint("name another prefix with `--etcd-prefix`"),
            );
        }
        let before = self.generation.saturating_sub(1);
        let mut tip = Tip::empty(self.envelope, before);
        let mut digests = Digests::default();
        for (key, bytes) in &self.records {
            if let Some(bytes) = bytes {
                let digest = self.sealer.digest(key, bytes);
                tip.summary.put(&digest);
                digests.set(key.clone(), Some(digest));
            }
        }
        tip.digests = Some(digests);
        put_all(&engine, &self.records).map_err(|error| unfinished(&error))?;
        let records = Records::opened(Box::new(engine), self.sealer, tip);
        let made = records.write(Revision::default(), &[], None);
        made.map(drop).map_err(|error| unfinished(&error))
    }
}

fn put_all(engine: &Etcd, records: &[Sealed]) -> Result<(), CommitError> {
    engine.clear_before_first()?;
    let (mut some, mut bytes_of_some) = (Vec::new(), 0);
    for (key, bytes) in records {
        let Some(bytes) = bytes else {
            continue;
        };
        let size = key.len() + bytes.len();
        if some.len() >= PUTS_AT_ONCE || bytes_of_some + size > BYTES_AT_ONCE {
            engine.put_before_first(&std::mem::take(&mut some))?;
            bytes_of_some = 0;
        }
        bytes_of_some += size;
        some.push((key.as_str(), bytes.as_slice()));
    }
    engine.put_before_first(&some)
}

fn unfinished(error: &CommitError) -> Failure {
    Failure::unfinished(format!("the account is not made: {error}"))
        .hint("run it again: it begins anew")
}

// Within what etcd takes in one transaction.
const PUTS_AT_ONCE: usize = 100;
const BYTES_AT_ONCE: usize = 1_024 * 1_024;
