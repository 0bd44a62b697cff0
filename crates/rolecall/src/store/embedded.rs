//! The embedded engine: one redb file, which one process uses.
//!
//! A commit has two phases, so that no crafted value can make an old root look like the new one,
//! and is synced before it returns.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use redb::{
    Database, ReadTransaction, ReadableDatabase, ReadableTable, TableDefinition, WriteTransaction,
};

use super::engine::{Commit, CommitError, Each, Engine, Revision, View, Watch};
use super::summary::Damage;
use crate::host::caught;

/// An open file. Revisions are counted from when it was opened.
#[derive(Debug)]
pub(super) struct Embedded {
    database: Database,
    revision: AtomicU64,
}

/// What a file holds at one moment.
pub(super) struct Moment {
    read: ReadTransaction,
    revision: Revision,
}

impl Embedded {
    pub(super) fn new(database: Database) -> Self {
        Self {
            database,
            revision: AtomicU64::new(0),
        }
    }
}

impl Moment {
    pub(super) fn of(database: &impl ReadableDatabase, revision: Revision) -> Result<Self, Damage> {
        let read = database.begin_read()?;
        Ok(Self { read, revision })
    }
}

impl Engine for Embedded {
    fn view(&self) -> Result<Box<dyn View + '_>, Damage> {
        let revision = Revision(self.revision.load(Ordering::Acquire));
        Ok(Box::new(Moment::of(&self.database, revision)?))
    }

    fn commit(&self, on: Revision, commit: Commit<'_>) -> Result<Revision, CommitError> {
        let write = || -> Result<Revision, CommitError> {
            let begun = self.database.begin_write();
            let mut write = begun.map_err(redb::Error::from)?;
            // There is one transaction at a time: this is the newest number.
            if self.revision.load(Ordering::Acquire) != on.0 {
                return Err(CommitError::Conflict);
            }
            write.set_two_phase_commit(true);
            fill(&write, commit)?;
            write.commit().map_err(redb::Error::from)?;
            let revision = on.0 + 1;
            self.revision.store(revision, Ordering::Release);
            Ok(Revision(revision))
        };
        caught(write).ok_or(CommitError::Broken)?
    }

    fn revision(&self, _: Duration) -> Result<Revision, CommitError> {
        Ok(Revision(self.revision.load(Ordering::Acquire)))
    }

    fn watch(&self, _: Revision) -> Option<Box<dyn Watch>> {
        None
    }
}

/// All that a commit writes.
fn fill(write: &WriteTransaction, commit: Commit<'_>) -> Result<(), CommitError> {
    let Commit { records, beside } = commit;
    let mut replace = || -> Result<(), redb::Error> {
        let mut table = write.open_table(RECORDS)?;
        for (key, bytes) in records {
            let before = match bytes {
                Some(bytes) => table.insert(key.as_str(), bytes.as_slice())?,
                None => table.remove(key.as_str())?,
            };
            if let Some(before) = before {
                beside.replaces(key, before.value());
            }
        }
        Ok(())
    };
    replace()?;
    let values = beside.values()?;
    let put = || -> Result<(), redb::Error> {
        let mut table = write.open_table(META)?;
        for (name, bytes) in &values {
            table.insert(*name, bytes.as_slice())?;
        }
        Ok(())
    };
    Ok(put()?)
}

impl View for Moment {
    fn revision(&self) -> Revision {
        self.revision
    }

    fn beside(&self, name: &str) -> Result<Option<Vec<u8>>, Damage> {
        let meta = match self.read.open_table(META) {
            Ok(meta) => meta,
            Err(redb::TableError::TableDoesNotExist(_)) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let value = meta.get(name)?;
        Ok(value.map(|it| it.value().to_vec()))
    }

    fn each(&self, each: &mut Each<'_>) -> Result<(), Damage> {
        let records = match self.read.open_table(RECORDS) {
            Ok(records) => records,
            Err(redb::TableError::TableDoesNotExist(_)) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        for record in records.iter()? {
            let (key, bytes) = record?;
            each(key.value(), bytes.value())?;
        }
        Ok(())
    }
}

#[cfg(test)]
pub(super) type Table<'a> = redb::Table<'a, &'static str, &'static [u8]>;

pub(super) const RECORDS: TableDefinition<&str, &[u8]> = TableDefinition::new("records");
pub(super) const META: TableDefinition<&str, &[u8]> = TableDefinition::new("meta");
