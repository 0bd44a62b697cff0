//! The embedded store: sealed records in one redb file.
//!
//! A commit is atomic and durable before it returns (two phases, so that no crafted value can make
//! an old root look like the new one). The store sees keys and sealed bytes; what they mean is
//! `account`'s to know.

mod folder;
mod ledger;
mod root_key;
mod seal;

use account::entity::{Change, Located, Step};
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};

use folder::Lock;
pub(crate) use folder::{Folder, write_private};
pub(crate) use ledger::{Call, Ledger, Unanswered, Writing};
use root_key::RootKey;
use seal::{DataKey, Sealer};

use crate::failure::Failure;

/// An open store. The file is locked for as long as it lives.
#[derive(Debug)]
pub(crate) struct Store {
    database: Database,
    sealer: Sealer,
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

/// A record as it is stored; `None` where it is deleted.
type Sealed = (String, Option<Vec<u8>>);

/// Why a commit did not happen. Nothing of it is in the store.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommitError {
    #[error("the store refuses the commit: {0}")]
    Engine(#[from] redb::Error),
    #[error("a record cannot be sealed")]
    Seal,
    #[error("a record cannot be encoded: {0}")]
    Encode(#[from] account::entity::EntityError),
}

impl Store {
    /// Opens the store of a folder, which is made if it is not there.
    ///
    /// `accept` says what the entities are good for. It is asked before anything is written, so
    /// that a folder which is refused is left as it is; only one that was not closed in good order
    /// is recovered first.
    pub(crate) fn open<T>(
        folder: &Folder,
        accept: impl FnOnce(Vec<Located>) -> Result<T, Failure>,
    ) -> Result<Opened<T>, Failure> {
        let lock = folder.lock()?;
        if let Some(seen) = folder.open_read_only()? {
            let found = match inspect(&seen, folder)? {
                Some(sealer) => Some((accept(scan(&seen, &sealer, folder)?)?, sealer)),
                None => None,
            };
            drop(seen);
            let database = folder.open_database()?;
            return match found {
                Some((accepted, sealer)) => Ok(Opened::Account(
                    Self {
                        database,
                        sealer,
                        _lock: lock,
                    },
                    accepted,
                )),
                None => Self::new(folder, database, lock).map(Opened::New),
            };
        }
        let database = folder.open_database()?;
        match inspect(&database, folder)? {
            Some(sealer) => {
                let accepted = accept(scan(&database, &sealer, folder)?)?;
                Ok(Opened::Account(
                    Self {
                        database,
                        sealer,
                        _lock: lock,
                    },
                    accepted,
                ))
            }
            None => Self::new(folder, database, lock).map(Opened::New),
        }
    }

    fn new(folder: &Folder, database: Database, lock: Lock) -> Result<Self, Failure> {
        let key = DataKey::make(&RootKey::read_or_make(folder)?)?;
        Ok(Self {
            database,
            sealer: Sealer::new(key),
            _lock: lock,
        })
    }

    /// Makes changes durable, all or none of them.
    pub(crate) fn commit(&self, changes: &[Change]) -> Result<(), CommitError> {
        self.write(changes, false)
    }

    /// The first commit of a new account: its entities, its format and its wrapped key together.
    pub(crate) fn found(&self, changes: &[Change]) -> Result<(), CommitError> {
        self.write(changes, true)
    }

    fn write(&self, changes: &[Change], is_first: bool) -> Result<(), CommitError> {
        let sealed = self.sealed(changes)?;
        Ok(self.write_sealed(&sealed, is_first)?)
    }

    fn sealed(&self, changes: &[Change]) -> Result<Vec<Sealed>, CommitError> {
        let seal = |change: &Change| match &change.step {
            Step::Put(entity) => {
                let key = change.record_key();
                let sealed = self
                    .sealer
                    .seal(&key, &entity.encode()?)
                    .ok_or(CommitError::Seal)?;
                Ok((key, Some(sealed)))
            }
            Step::Delete(_) => Ok((change.record_key(), None)),
        };
        changes.iter().map(seal).collect()
    }

    fn write_sealed(&self, sealed: &[Sealed], is_first: bool) -> Result<(), redb::Error> {
        let mut write = self.database.begin_write()?;
        write.set_two_phase_commit(true);
        {
            let mut records = write.open_table(RECORDS)?;
            for (key, bytes) in sealed {
                match bytes {
                    Some(bytes) => drop(records.insert(key.as_str(), bytes.as_slice())?),
                    None => drop(records.remove(key.as_str())?),
                }
            }
        }
        if is_first {
            let mut meta = write.open_table(META)?;
            meta.insert(FORMAT_KEY, FORMAT.to_string().as_bytes())?;
            meta.insert(DATA_KEY, self.sealer.wrapped())?;
        }
        Ok(write.commit()?)
    }
}

/// What opens the records, if there are any; refuses another format and another root key.
fn inspect(database: &impl ReadableDatabase, folder: &Folder) -> Result<Option<Sealer>, Failure> {
    let damaged = |error: &dyn std::fmt::Display| folder.damaged(error);
    let read = database.begin_read().map_err(|error| damaged(&error))?;
    let meta = match read.open_table(META) {
        Ok(meta) => meta,
        Err(redb::TableError::TableDoesNotExist(_)) => return Ok(None),
        Err(error) => return Err(damaged(&error)),
    };
    let value = |key| -> Result<Vec<u8>, Failure> {
        let value = meta.get(key).map_err(|error| damaged(&error))?;
        Ok(value
            .map(|value| value.value().to_vec())
            .unwrap_or_default())
    };
    folder.check_format(&value(FORMAT_KEY)?)?;
    let root = RootKey::read(folder)?;
    let key = DataKey::unwrap(&root, &value(DATA_KEY)?);
    let key = key.ok_or_else(|| folder.foreign_root_key())?;
    Ok(Some(Sealer::new(key)))
}

/// All records, opened.
fn scan(
    database: &impl ReadableDatabase,
    sealer: &Sealer,
    folder: &Folder,
) -> Result<Vec<Located>, Failure> {
    let damaged = |error: &dyn std::fmt::Display| folder.damaged(error);
    let read = database.begin_read().map_err(|error| damaged(&error))?;
    let records = read.open_table(RECORDS).map_err(|error| damaged(&error))?;
    let mut found = Vec::new();
    for record in records.iter().map_err(|error| damaged(&error))? {
        let (key, bytes) = record.map_err(|error| damaged(&error))?;
        let opened = sealer.open(key.value(), bytes.value());
        let bytes = opened.ok_or_else(|| {
            damaged(&format!(
                "record `{}` does not open with its key",
                key.value()
            ))
        })?;
        found.push(Located::decode(key.value(), &bytes).map_err(|error| damaged(&error))?);
    }
    Ok(found)
}

/// What this version writes. Another number is another layout.
pub(crate) const FORMAT: u32 = 2;

const RECORDS: TableDefinition<&str, &[u8]> = TableDefinition::new("records");
const META: TableDefinition<&str, &[u8]> = TableDefinition::new("meta");
const FORMAT_KEY: &str = "format";
const DATA_KEY: &str = "data-key";

#[cfg(test)]
mod tests;
