//! The embedded engine: one redb file, which one process uses.
//!
//! A commit has two phases, so that no crafted value can make an old root look like the new one,
//! and is synced before it returns.
//!
//! redb writes nothing more to a file after an error. Where that was a full disk, the file is
//! opened again when the next commits come; a commit that met the error, and is in the file all the
//! same, is taken back first: nobody was told of it, and nobody has seen it.

use std::fmt;
use std::io::ErrorKind;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use redb::{
    Database, DatabaseError, ReadTransaction, ReadableDatabase, ReadableTable, TableDefinition,
    WriteTransaction,
};

use super::engine::{Commit, CommitError, Each, Engine, Revision, Sealed, View, Watch};
use super::summary::{Damage, SUMMARY};
use crate::host::caught;

/// An open file. Revisions are counted from when it was opened.
#[derive(Debug)]
pub(super) struct Embedded {
    /// Not there while it cannot be opened again.
    database: RwLock<Option<Database>>,
    again: Option<Again>,
    revision: AtomicU64,
    unsettled: Mutex<Option<Unsettled>>,
}

/// How the file is opened again, and how soon after it failed.
struct Again {
    open: Box<Reopen>,
    after: Duration,
}

type Reopen = dyn Fn() -> Result<Database, DatabaseError> + Send + Sync;

impl fmt::Debug for Again {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Again")
    }
}

/// A commit that met a full disk.
#[derive(Debug)]
struct Unsettled {
    before: Before,
    tried: Instant,
}

/// What a commit replaces, and what tells that it is there.
#[derive(Debug, Default)]
struct Before {
    records: Vec<Sealed>,
    values: Vec<(&'static str, Option<Vec<u8>>)>,
    /// The summary of the commit, unless it did not come so far.
    mark: Option<Vec<u8>>,
}

/// What a file holds at one moment.
pub(super) struct Moment {
    read: ReadTransaction,
    revision: Revision,
}

impl Embedded {
    pub(super) fn new(database: Database) -> Self {
        Self {
            database: RwLock::new(Some(database)),
            again: None,
            revision: AtomicU64::new(0),
            unsettled: Mutex::default(),
        }
    }

    /// The same where the file is opened again, some time after the disk was full.
    pub(super) fn reopened_by(
        mut self,
        open: impl Fn() -> Result<Database, DatabaseError> + Send + Sync + 'static,
        after: Duration,
    ) -> Self {
        let open = Box::new(open);
        self.again = Some(Again { open, after });
        self
    }

    fn write(
        &self,
        on: Revision,
        commit: Commit<'_>,
        before: &mut Before,
    ) -> Result<Revision, CommitError> {
        let database = self.database.read().unwrap_or_else(PoisonError::into_inner);
        let database = database.as_ref().ok_or(CommitError::Broken)?;
        let begun = database.begin_write();
        let mut write = begun.map_err(redb::Error::from)?;
        // There is one transaction at a time: this is the newest number.
        if self.revision.load(Ordering::Acquire) != on.0 {
            return Err(CommitError::Conflict);
        }
        write.set_two_phase_commit(true);
        fill(&write, commit, before)?;
        write.commit().map_err(redb::Error::from)?;
        let revision = on.0 + 1;
        self.revision.store(revision, Ordering::Release);
        Ok(Revision(revision))
    }

    /// Opens the file again where the disk was full, with nothing in it of the commit that met
    /// that.
    fn settle(&self) -> Result<(), CommitError> {
        let mut unsettled = self
            .unsettled
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let (Some(left), Some(again)) = (unsettled.as_mut(), &self.again) else {
            return Ok(());
        };
        let still = |why: &dyn fmt::Display| CommitError::Full(why.to_string());
        if left.tried.elapsed() < again.after {
            return Err(still(&"it is looked at again in a moment"));
        }
        left.tried = Instant::now();
        let mut database = self
            .database
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        let settle = || -> Result<Database, redb::Error> {
            drop(database.take());
            let opened = (again.open)()?;
            left.before.take_back(&opened)?;
            Ok(opened)
        };
        let opened = caught(settle).ok_or(CommitError::Broken)?;
        *database = Some(opened.map_err(|error| still(&error))?);
        *unsettled = None;
        tracing::info!("the store is open again after its disk was full");
        Ok(())
    }
}

impl Before {
    /// Makes the file as it was before a commit, if that is in it.
    fn take_back(&self, database: &Database) -> Result<(), redb::Error> {
        let Some(mark) = &self.mark else {
            return Ok(());
        };
        let mut write = database.begin_write()?;
        write.set_two_phase_commit(true);
        {
            let mut meta = write.open_table(META)?;
            let is_there = meta.get(SUMMARY)?.is_some_and(|it| it.value() == mark);
            if !is_there {
                return Ok(());
            }
            for (name, bytes) in &self.values {
                match bytes {
                    Some(bytes) => drop(meta.insert(*name, bytes.as_slice())?),
                    None => drop(meta.remove(*name)?),
                }
            }
            let mut table = write.open_table(RECORDS)?;
            // The first of several is what was there before all of them.
            for (key, bytes) in self.records.iter().rev() {
                match bytes {
                    Some(bytes) => drop(table.insert(key.as_str(), bytes.as_slice())?),
                    None => drop(table.remove(key.as_str())?),
                }
            }
        }
        Ok(write.commit()?)
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
        let database = self.database.read().unwrap_or_else(PoisonError::into_inner);
        let database = database.as_ref();
        let database = database.ok_or_else(|| Damage::from("its disk is full"))?;
        Ok(Box::new(Moment::of(database, revision)?))
    }

    fn commit(&self, on: Revision, commit: Commit<'_>) -> Result<Revision, CommitError> {
        self.settle()?;
        let mut before = Before::default();
        let made = caught(|| self.write(on, commit, &mut before));
        match made.ok_or(CommitError::Broken)? {
            Err(CommitError::Engine(error)) if self.again.is_some() && is_full(&error) => {
                let mut unsettled = self
                    .unsettled
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner);
                let tried = Instant::now();
                *unsettled = Some(Unsettled { before, tried });
                Err(CommitError::Full(error.to_string()))
            }
            made => made,
        }
    }

    fn revision(&self, _: Duration) -> Result<Revision, CommitError> {
        Ok(Revision(self.revision.load(Ordering::Acquire)))
    }

    fn watch(&self, _: Revision) -> Option<Box<dyn Watch>> {
        None
    }
}

/// Whether room on the disk is all that is missing.
fn is_full(error: &redb::Error) -> bool {
    let full = [
        ErrorKind::StorageFull,
        ErrorKind::QuotaExceeded,
        ErrorKind::FileTooLarge,
    ];
    matches!(error, redb::Error::Io(error) if full.contains(&error.kind()))
}

/// All that a commit writes; notes down what that replaces.
fn fill(
    write: &WriteTransaction,
    commit: Commit<'_>,
    before: &mut Before,
) -> Result<(), CommitError> {
    let Commit { records, beside } = commit;
    let mut replace = || -> Result<(), redb::Error> {
        let mut table = write.open_table(RECORDS)?;
        for (key, bytes) in records {
            let replaced = match bytes {
                Some(bytes) => table.insert(key.as_str(), bytes.as_slice())?,
                None => table.remove(key.as_str())?,
            };
            if let Some(replaced) = &replaced {
                beside.replaces(key, replaced.value());
            }
            let replaced = replaced.map(|it| it.value().to_vec());
            before.records.push((key.clone(), replaced));
        }
        Ok(())
    };
    replace()?;
    let values = beside.values()?;
    let mut put = || -> Result<(), redb::Error> {
        let mut table = write.open_table(META)?;
        for (name, bytes) in &values {
            let replaced = table.insert(*name, bytes.as_slice())?;
            let replaced = replaced.map(|it| it.value().to_vec());
            before.values.push((name, replaced));
        }
        Ok(())
    };
    put()?;
    let mark = values.into_iter().find(|(name, _)| *name == SUMMARY);
    before.mark = mark.map(|(_, bytes)| bytes);
    Ok(())
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
