//! The embedded store: sealed records in one redb file.
//!
//! A commit is atomic and durable before it returns (two phases, so that no crafted value can make
//! an old root look like the new one). The store sees keys and sealed bytes; what they mean is
//! `account`'s to know.

mod decode;
mod export;
mod exports;
mod folder;
mod head;
mod ledger;
mod records;
mod restore;
mod root_key;
mod seal;

use account::entity::Change;
use redb::{Database, ReadableDatabase};

pub(crate) use decode::Entities;
use decode::decoding;
pub(crate) use exports::Exports;
use folder::Lock;
pub(crate) use folder::{Folder, write_private, write_private_by};
use head::Head;
pub(crate) use ledger::{Attempt, Call, Ledger, Unanswered, Writing};
pub(crate) use records::{ANCHOR_BYTES, Anchor, CommitError};
use records::{Damage, Envelope, Meta, Records, Summary};
pub(crate) use restore::restore;
pub(crate) use root_key::KeySource;
use root_key::RootKey;
use seal::{DataKey, Sealer};
pub(crate) use seal::{open_under, seal_under};

use crate::failure::Failure;
use crate::host::caught;

/// An open store. The file is locked for as long as it lives.
#[derive(Debug)]
pub(crate) struct Store {
    records: Records,
    head: Head,
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

/// What is in a file that is in order.
struct Found {
    root: RootKey,
    key: DataKey,
    sealer: Sealer,
    envelope: Envelope,
    summary: Summary,
    entities: Entities,
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
        let (lock, database, found) = read(folder, accept)?;
        let Some((found, accepted)) = found else {
            return Self::new(folder, database, lock).map(Opened::New);
        };
        let store = Self::found(folder, lock, database, found)?;
        Ok(Opened::Account(store, accepted))
    }

    /// The same where there must be an account; nothing is made where there is none.
    pub(crate) fn open_existing<T>(
        folder: &Folder,
        accept: impl FnOnce(Entities) -> Result<T, Failure>,
    ) -> Result<(Self, T), Failure> {
        match read_existing(folder, accept)? {
            (lock, database, Some((found, accepted))) => {
                Ok((Self::found(folder, lock, database, found)?, accepted))
            }
            _ => Err(folder.empty()),
        }
    }

    /// Goes on where the last commit left off, or after what was lost where that is accepted.
    fn found(
        folder: &Folder,
        lock: Lock,
        database: Database,
        found: Found,
    ) -> Result<Self, Failure> {
        let lost = folder
            .head()?
            .filter(|head| *head > found.summary.generation);
        let records = found.records(database, lost);
        if lost.is_some() {
            let gone_on = records.write(&[], None);
            gone_on.map_err(|error| folder.damaged(&error))?;
        }
        Ok(Self {
            head: Head::open(folder.path(), records.summary().generation)?,
            records,
            _lock: lock,
        })
    }

    fn new(folder: &Folder, database: Database, lock: Lock) -> Result<Self, Failure> {
        let (root, made) = RootKey::make(folder.key_source())?;
        let key = DataKey::make()?;
        let wrapped = key.wrap(&root, &made)?;
        let generation = folder.head()?.unwrap_or_default();
        let before = Summary::of_generation(generation);
        let envelope = Envelope { made, wrapped };
        let records = Records::opened(database, Sealer::new(&key), envelope, before);
        Ok(Self {
            head: Head::open(folder.path(), generation)?,
            records,
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
        let (_lock, database, found) = read_existing(folder, |_| Ok(()))?;
        let Some((mut found, ())) = found else {
            return Err(folder.empty());
        };
        if let Some(new) = new {
            let (root, made) = RootKey::make(new)?;
            if root.expose() == found.root.expose() {
                return Err(Failure::wrong("the new root key is the old one")
                    .hint("name a file that is not there, and a new key is made"));
            }
            (found.root, found.envelope.made) = (root, made);
        }
        let key = if with_data_key {
            DataKey::make()?
        } else {
            found.key.clone()
        };
        let made = found.envelope.made.clone();
        let wrapped = key.wrap(&found.root, &made)?;
        let count = found.summary.count;
        let lost = folder.head()?;
        let mut records = found.records(database, lost);
        let kept = records.rekey(Sealer::new(&key), Envelope { made, wrapped });
        let kept = kept.map_err(|error| {
            Failure::unfinished(format!("the new key is not kept: {error}"))
                .hint("the folder opens with the old one")
        })?;
        Head::open(folder.path(), kept.generation)?;
        Ok(count)
    }

    /// How far what is beside the store was at the last commit, if that was kept.
    pub(crate) fn anchor(&self) -> Option<Anchor> {
        self.records.summary().anchor
    }

    /// How many commits there were.
    pub(crate) fn generation(&self) -> u64 {
        self.records.summary().generation
    }

    /// Makes changes durable, all or none of them. The first commit of a new account writes its
    /// format and its wrapped key with them.
    pub(crate) fn commit(&self, changes: &[Change]) -> Result<(), CommitError> {
        self.commit_at(changes, None)
    }

    /// The same, and keeps with them how far something beside the store is.
    pub(crate) fn commit_at(
        &self,
        changes: &[Change],
        anchor: Option<Anchor>,
    ) -> Result<(), CommitError> {
        let summary = self.records.commit(changes, anchor)?;
        self.head.write(summary.generation);
        Ok(())
    }
}

impl Found {
    /// The records, to go on after what was lost where that is accepted.
    fn records(mut self, database: Database, head: Option<u64>) -> Records {
        let generation = &mut self.summary.generation;
        *generation = head.unwrap_or_default().max(*generation);
        Records::opened(database, self.sealer, self.envelope, self.summary)
    }
}

/// A folder's lock, its file, and what is in it with what was made of that.
type Read<T> = (Lock, Database, Option<(Found, T)>);

/// Locks a folder and reads what is in it; `accept` is asked before anything is written, unless the
/// file was not closed in good order.
fn read<T>(
    folder: &Folder,
    accept: impl FnOnce(Entities) -> Result<T, Failure>,
) -> Result<Read<T>, Failure> {
    let lock = folder.lock()?;
    let judge = |found: Option<Found>| -> Result<_, Failure> {
        folder.check_head(found.as_ref().map(|found| found.summary.generation))?;
        let Some(mut found) = found else {
            return Ok(None);
        };
        let entities = std::mem::take(&mut found.entities);
        Ok(Some((found, accept(entities)?)))
    };
    if let Some(seen) = folder.open_read_only()? {
        let found = find(&seen, folder);
        drop_quietly(seen);
        let found = judge(found?)?;
        return Ok((lock, folder.open_database()?, found));
    }
    if !folder.has_database() {
        folder.check_head(None)?;
    }
    let database = folder.open_database()?;
    match find(&database, folder).and_then(judge) {
        Ok(found) => Ok((lock, database, found)),
        Err(failure) => {
            drop_quietly(database);
            Err(failure)
        }
    }
}

/// The same where there must be something; nothing is made where there is not.
fn read_existing<T>(
    folder: &Folder,
    accept: impl FnOnce(Entities) -> Result<T, Failure>,
) -> Result<Read<T>, Failure> {
    if folder.has_database() {
        return read(folder, accept);
    }
    folder.check_head(None)?;
    Err(folder.empty())
}

/// What is in the file, if there is anything; refuses another format, another root key, and what is
/// not as it was written.
fn find(database: &impl ReadableDatabase, folder: &Folder) -> Result<Option<Found>, Failure> {
    let broken = || folder.damaged(&"its structure is broken");
    let damaged = |Damage(why): Damage| folder.damaged(&why);
    let read = database
        .begin_read()
        .map_err(|error| folder.damaged(&error))?;
    let meta = caught(|| Meta::read(&read)).ok_or_else(broken)?;
    let Some(meta) = meta.map_err(damaged)? else {
        return Ok(None);
    };
    folder.check_format(&meta.format)?;
    let unreadable = || folder.damaged(&"it does not say what its root key is");
    let envelope = meta.envelope.clone().ok_or_else(unreadable)?;
    let root = RootKey::open(folder, &envelope.made)?;
    let key = DataKey::unwrap(&root, &envelope.made, &envelope.wrapped);
    let key = key.ok_or_else(|| folder.foreign_root_key())?;
    let sealer = Sealer::new(&key);
    let (summary, entities) = decoding(&sealer, |each| caught(|| meta.scan(&read, &sealer, each)));
    let summary = summary.ok_or_else(broken)?;
    let entities = entities.map_err(damaged)?;
    let summary = summary.map_err(damaged)?;
    Ok(Some(Found {
        root,
        key,
        sealer,
        envelope,
        summary,
        entities,
    }))
}

/// What is broken may panic once more when it is closed.
fn drop_quietly<T>(closed: T) {
    let _panicked = caught(|| drop(closed));
}

/// What this version writes. Another number is another layout.
pub(crate) const FORMAT: u32 = 2;

#[cfg(test)]
mod damage_tests;
#[cfg(test)]
mod power_tests;
#[cfg(test)]
mod tests;
