//! The store: sealed records in an engine.
//!
//! A commit is atomic and durable before it returns. The store sees keys and sealed bytes; what
//! they mean is `account`'s to know.

mod alone;
mod decode;
mod digests;
mod embedded;
mod engine;
mod etcd;
mod export;
mod exports;
mod folder;
mod follow;
mod freshness;
mod head;
mod keys;
mod ledger;
mod objects;
mod published;
mod records;
mod root_key;
mod seal;
mod shared;
mod summary;
mod transfer;

use std::sync::Arc;
use std::time::Duration;

use account::entity::Change;

pub(crate) use alone::Alone;
pub(crate) use decode::Entities;
use decode::decoding;
use digests::Digests;
use embedded::Moment;
pub(crate) use engine::Revision;
use engine::{Engine, View};
pub(crate) use etcd::Cluster;
use etcd::Etcd;
pub(crate) use exports::Exports;
use folder::Lock;
pub(crate) use folder::{Folder, write_private, write_private_by};
use freshness::Freshness;
use head::Head;
pub(crate) use keys::{KeyStep, Keys, rekey_beside};
pub(crate) use ledger::{Attempt, Call, Ledger, Unanswered, Writing};
pub(crate) use objects::{
    Finished as FinishedObject, Lease, Objects, Place, Reading as ReadingObject,
    Writing as WritingObject, missing,
};
pub(crate) use records::CommitError;
use records::{Records, Tip};
pub(crate) use root_key::KeySource;
use root_key::RootKey;
use seal::{DataKey, Sealer};
pub(crate) use seal::{open_under, seal_under};
pub(crate) use shared::Shared;
pub(crate) use summary::{ANCHOR_BYTES, Anchor};
use summary::{Damage, Envelope, Meta, Summary, Unwrapped};
pub(crate) use transfer::{migrate, restore};

use crate::clock;
use crate::failure::Failure;
use crate::host::caught;

/// An open store. The file is locked for as long as it lives.
#[derive(Debug)]
pub(crate) struct Store {
    records: Records,
    /// Of a server's own folder.
    head: Option<Head>,
    /// Where other servers write too.
    freshness: Option<Arc<Freshness>>,
    _lock: Lock,
}

/// What opening found.
#[derive(Debug)]
pub(crate) enum Opened<T> {
    /// An account, and what was made of its entities.
    Account(Store, T),
    /// Nothing yet: to be filled by the first commit.
    New(Store),
}

/// What is in an engine that is in order.
struct Found {
    root: RootKey,
    key: DataKey,
    sealer: Sealer,
    envelope: Envelope,
    summary: Summary,
    revision: Revision,
    digests: Option<Digests>,
    entities: Entities,
    /// When that was true, on the host's clock.
    read_at: u64,
}

impl Store {
    /// Opens the store of a folder, which is made if it is not there.
    ///
    /// `accept` says what the entities are good for. It is asked before anything is written, so
    /// that a folder which is refused is left as it is; only one that was not closed in good order
    /// is recovered first.
    pub(crate) fn open<T>(
        folder: &Folder,
        accept: impl FnOnce(Entities) -> Result<T, Failure>,
    ) -> Result<Opened<T>, Failure> {
        let (lock, engine, found) = read(folder, accept)?;
        let Some((found, accepted)) = found else {
            return Self::new(folder, engine, lock).map(Opened::New);
        };
        let store = Self::found(folder, lock, engine, found)?;
        Ok(Opened::Account(store, accepted))
    }

    /// The same where there must be an account; nothing is made where there is none.
    pub(crate) fn open_existing<T>(
        folder: &Folder,
        accept: impl FnOnce(Entities) -> Result<T, Failure>,
    ) -> Result<(Self, T), Failure> {
        match read_existing(folder, accept)? {
            (lock, engine, Some((found, accepted))) => {
                Ok((Self::found(folder, lock, engine, found)?, accepted))
            }
            _ => Err(folder.empty()),
        }
    }

    /// Goes on where the last commit left off, or after what was lost where that is accepted.
    fn found(
        folder: &Folder,
        lock: Lock,
        engine: Box<dyn Engine>,
        found: Found,
    ) -> Result<Self, Failure> {
        let lost = folder
            .head()?
            .filter(|head| *head > found.summary.generation);
        let read_at = found.read_at;
        let records = found.records(engine, lost);
        if lost.is_some() {
            let gone_on = records.write(records.revision(), &[], None);
            gone_on.map_err(|error| folder.damaged(&error))?;
        }
        Ok(Self {
            head: folder.open_head(records.summary().generation)?,
            records,
            freshness: folder.shared().map(|shared| shared.freshness(read_at)),
            _lock: lock,
        })
    }

    fn new(folder: &Folder, engine: Box<dyn Engine>, lock: Lock) -> Result<Self, Failure> {
        let (root, made) = RootKey::make(folder.key_source())?;
        let key = DataKey::make()?;
        let wrapped = key.wrap(&root, &made)?;
        let generation = folder.head()?.unwrap_or_default();
        let mut tip = Tip::empty(Envelope { made, wrapped }, generation);
        tip.digests = folder.shared().map(|_| Digests::default());
        let records = Records::opened(engine, Sealer::new(&key), tip);
        Ok(Self {
            head: folder.open_head(generation)?,
            records,
            freshness: folder.shared().map(|shared| shared.freshness(0)),
            _lock: lock,
        })
    }

    /// Seals a folder's data key under another root key, or its records under another data key, or
    /// both, in one commit. Tells how many records there are.
    pub(crate) fn rekey(
        folder: &Folder,
        new: Option<&KeySource>,
        with_data_key: bool,
    ) -> Result<u64, Failure> {
        if with_data_key && folder.shared().is_some() {
            return Err(
                Failure::wrong("servers of a cluster hold the data key that there is")
                    .hint("`rolecall account migrate` moves the account below another prefix"),
            );
        }
        let (_lock, engine, found) = read_existing(folder, |_| Ok(()))?;
        let Some((mut found, ())) = found else {
            return Err(folder.empty());
        };
        if let Some(new) = new {
            let (root, made) = RootKey::make(new)?;
            if root.expose() == found.root.expose() {
                return Err(same_key());
            }
            (found.root, found.envelope.made) = (root, made);
        }
        let other = if with_data_key {
            Some(DataKey::make()?)
        } else {
            None
        };
        let made = found.envelope.made.clone();
        let wrapped = other.as_ref().unwrap_or(&found.key);
        let wrapped = wrapped.wrap(&found.root, &made)?;
        let count = found.summary.count;
        let lost = folder.head()?;
        let records = found.records(engine, lost);
        let sealer = other.as_ref().map(Sealer::new);
        let envelope = Envelope { made, wrapped };
        let mut kept = records.rekey(sealer.as_ref(), envelope.clone());
        // Servers of a cluster go on writing meanwhile.
        for _ in 0..REKEY_ATTEMPTS_MAX {
            if sealer.is_some() || !matches!(kept, Err(CommitError::Conflict)) {
                break;
            }
            records
                .look_again()
                .map_err(|Damage(why)| folder.damaged(&why))?;
            kept = records.rekey(None, envelope.clone());
        }
        let kept = kept.map_err(|error| {
            Failure::unfinished(format!("the new key is not kept: {error}"))
                .hint("the old one still opens it: try again")
        })?;
        folder.open_head(kept.summary.generation)?;
        Ok(count)
    }

    /// How far what is beside the store was at the last commit, if that was kept.
    pub(crate) fn anchor(&self) -> Option<Anchor> {
        self.records.summary().anchor
    }

    /// Why nothing can be written now, and what to do about it, where that is known.
    pub(crate) fn ailment(&self) -> Option<(String, &'static str)> {
        let ailment = self.records.engine.ailment()?;
        Some((ailment.to_string(), ailment.hint()))
    }

    /// How many commits there were.
    pub(crate) fn generation(&self) -> u64 {
        self.records.summary().generation
    }

    /// The last commit that is known here.
    pub(crate) fn revision(&self) -> Revision {
        self.records.revision()
    }

    fn write_head(&self, generation: u64) {
        if let Some(head) = &self.head {
            head.write(generation);
        }
    }

    /// What is asked whether the state may be decided on, where other servers write too.
    fn freshness(&self) -> Option<Arc<Freshness>> {
        self.freshness.clone()
    }

    /// The last commit of anybody, as of a moment after the call.
    fn last_commit(&self, within: Duration) -> Result<Revision, CommitError> {
        self.records.engine.revision(within)
    }

    /// Makes changes durable, all or none of them. The first commit of a new account writes its
    /// format and its wrapped key with them.
    pub(crate) fn commit(&self, changes: &[Change]) -> Result<(), CommitError> {
        self.commit_at(self.revision(), changes, None).map(drop)
    }

    /// The same if `on` is still the last commit, and keeps with them how far something beside the
    /// store is.
    pub(crate) fn commit_at(
        &self,
        on: Revision,
        changes: &[Change],
        anchor: Option<Anchor>,
    ) -> Result<Revision, CommitError> {
        let written = self.records.commit(on, changes, anchor)?;
        self.write_head(written.summary.generation);
        Ok(written.revision)
    }
}

impl Found {
    /// The records, to go on after what was lost where that is accepted.
    fn records(mut self, engine: Box<dyn Engine>, head: Option<u64>) -> Records {
        let generation = &mut self.summary.generation;
        *generation = head.unwrap_or_default().max(*generation);
        let tip = Tip {
            summary: self.summary,
            revision: self.revision,
            envelope: self.envelope,
            is_kept: true,
            digests: self.digests,
            is_writing: false,
        };
        Records::opened(engine, self.sealer, tip)
    }
}

/// A folder's lock, its engine, and what is in it with what was made of that.
type Read<T> = (Lock, Box<dyn Engine>, Option<(Found, T)>);

/// Locks a folder and reads what is in it; `accept` is asked before anything is written, unless the
/// file was not closed in good order.
fn read<T>(
    folder: &Folder,
    accept: impl FnOnce(Entities) -> Result<T, Failure>,
) -> Result<Read<T>, Failure> {
    let lock = folder.lock()?;
    if let Some(shared) = folder.shared() {
        let (engine, found) = read_shared(folder, shared)?;
        return Ok((lock, Box::new(engine), judge(folder, found, accept)?));
    }
    let opened = Revision::default();
    if let Some(seen) = folder.open_read_only()? {
        let view = Moment::of(&seen, opened);
        let found = view
            .map_err(|Damage(why)| folder.damaged(&why))
            .and_then(|view| find(&view, None, folder));
        drop_quietly(seen);
        let found = judge(folder, found?, accept)?;
        let engine = folder.open_engine()?;
        return Ok((lock, Box::new(engine), found));
    }
    if !folder.has_database() {
        folder.check_head(None)?;
    }
    let engine = folder.open_engine()?;
    let view = engine.view();
    let found = view
        .map_err(|Damage(why)| folder.damaged(&why))
        .and_then(|view| find(&*view, None, folder));
    match found.and_then(|found| judge(folder, found, accept)) {
        Ok(found) => Ok((lock, Box::new(engine), found)),
        Err(failure) => {
            drop_quietly(engine);
            Err(failure)
        }
    }
}

/// Refuses what is older than what was here before; asks whether the rest will do.
fn judge<T>(
    folder: &Folder,
    found: Option<Found>,
    accept: impl FnOnce(Entities) -> Result<T, Failure>,
) -> Result<Option<(Found, T)>, Failure> {
    folder.check_head(found.as_ref().map(|found| found.summary.generation))?;
    let Some(mut found) = found else {
        return Ok(None);
    };
    let entities = std::mem::take(&mut found.entities);
    Ok(Some((found, accept(entities)?)))
}

/// What is in a cluster, which may be in use by other servers.
fn read_shared(folder: &Folder, shared: &Shared) -> Result<(Etcd, Option<Found>), Failure> {
    let engine = shared.engine()?;
    let read_at = clock::boot_millis();
    let view = engine.view();
    let view = view.map_err(|Damage(why)| shared.silent(&why))?;
    let found = find(&*view, Some(Digests::default()), folder)?;
    drop(view);
    let Some(found) = found else {
        if engine.is_empty().map_err(|error| shared.silent(&error))? {
            return Ok((engine, None));
        }
        return Err(shared.half());
    };
    Ok((engine, Some(Found { read_at, ..found })))
}

/// The same where there must be something; nothing is made where there is not.
fn read_existing<T>(
    folder: &Folder,
    accept: impl FnOnce(Entities) -> Result<T, Failure>,
) -> Result<Read<T>, Failure> {
    if folder.has_database() || folder.shared().is_some() {
        return read(folder, accept);
    }
    folder.check_head(None)?;
    Err(folder.empty())
}

/// What is in the engine, if there is anything; refuses another format, another root key, and what
/// is not as it was written. `digests` takes in what records hash to, where that is to be known.
fn find(
    view: &dyn View,
    mut digests: Option<Digests>,
    folder: &Folder,
) -> Result<Option<Found>, Failure> {
    let broken = || folder.damaged(&"its structure is broken");
    let damaged = |Damage(why): Damage| folder.damaged(&why);
    let meta = caught(|| Meta::read(view)).ok_or_else(broken)?;
    let Some(meta) = meta.map_err(damaged)? else {
        return Ok(None);
    };
    folder.check_format(&meta.format)?;
    let unreadable = || folder.damaged(&"it does not say what its root key is");
    let kept = meta.envelopes.as_ref().ok_or_else(unreadable)?;
    let Unwrapped {
        root,
        key,
        envelope,
    } = kept.open(folder)?;
    let sealer = Sealer::new(&key);
    let (summary, entities) = decoding(&sealer, |each| {
        caught(|| meta.scan(view, &sealer, digests.as_mut(), each))
    });
    let summary = summary.ok_or_else(broken)?;
    let entities = entities.map_err(damaged)?;
    let summary = summary.map_err(damaged)?;
    Ok(Some(Found {
        root,
        key,
        sealer,
        envelope,
        summary,
        revision: view.revision(),
        digests,
        entities,
        read_at: 0,
    }))
}

fn same_key() -> Failure {
    Failure::wrong("the new root key is the old one")
        .hint("name a file that is not there, and a new key is made")
}

/// What is broken may panic once more when it is closed.
fn drop_quietly<T>(closed: T) {
    let _panicked = caught(|| drop(closed));
}

// Times that servers may write between the look at the last commit and the next one.
const REKEY_ATTEMPTS_MAX: usize = 1_000;
/// What this version writes. Another number is another layout.
pub(crate) const FORMAT: u32 = 2;

#[cfg(test)]
mod damage_tests;
#[cfg(test)]
mod engine_tests;
#[cfg(test)]
mod power_tests;
#[cfg(test)]
mod tests;
