//! Records in the engine: what one commit writes, and what is held against it when it is read.
//!
//! Every commit writes a summary: its generation, the number of records, and the sum (exclusive or)
//! of a keyed hash of each record in its place. It is sealed, so what is in the file is either all
//! of what one commit left, or is refused: a record that was taken out, put back or kept from an
//! older copy does not add up.

use std::fmt::Display;
use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

use account::entity::{Change, Step};
use jiff::Timestamp;
use redb::{Database, ReadTransaction, ReadableDatabase, ReadableTable, TableDefinition};

use super::export::{Header, Writing};
use super::root_key::Made;
use super::seal::{DIGEST_BYTES, Sealer};
use crate::host::caught;

/// The records of an account, open.
#[derive(Debug)]
pub(super) struct Records {
    database: Database,
    sealer: Sealer,
    envelope: Envelope,
    /// Of the last commit. There is one writer; nothing waits for this.
    summary: Mutex<Summary>,
}

/// How the data key is kept: wrapped, by a root key of this kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Envelope {
    pub(super) made: Made,
    pub(super) wrapped: Vec<u8>,
}

/// When a commit writes how the data key is kept.
#[derive(Debug, Clone, Copy)]
enum Kept<'a> {
    /// Where it does not stand there yet.
    Once(&'a Envelope),
    Anew(&'a Envelope),
}

/// What a commit says of all records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Summary {
    /// Commits so far.
    pub(super) generation: u64,
    /// Records.
    pub(super) count: u64,
    digest: [u8; DIGEST_BYTES],
    /// How far something beside the store was then. Not known of stores of earlier versions.
    pub(super) anchor: Option<Anchor>,
}

/// A place in what is beside the store; its bytes mean nothing here.
pub(crate) type Anchor = [u8; ANCHOR_BYTES];

/// A number of eight bytes, and a hash.
pub(crate) const ANCHOR_BYTES: usize = 40;

/// What is beside the records.
#[derive(Debug)]
pub(super) struct Meta {
    pub(super) format: Vec<u8>,
    pub(super) envelope: Option<Envelope>,
    summary: Vec<u8>,
}

/// A record as it is stored; `None` where it is deleted.
pub(super) type Sealed = (String, Option<Vec<u8>>);

/// Why a commit did not happen. Nothing of it is in the store, unless the engine failed while it
/// was being made durable: then it is there in full or not at all.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommitError {
    #[error("the store refuses the commit: {0}")]
    Engine(#[from] redb::Error),
    #[error("the store's own structure is broken")]
    Broken,
    #[error("a record cannot be sealed")]
    Seal,
    #[error("a record cannot be encoded: {0}")]
    Encode(#[from] account::entity::EntityError),
}

/// Why what is in the file is not what was written.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Damage(pub(super) String);

impl<E: Display> From<E> for Damage {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

impl Summary {
    /// Of no records.
    pub(super) fn of_generation(generation: u64) -> Self {
        Self {
            generation,
            ..Self::default()
        }
    }

    fn add(&mut self, record: &[u8; DIGEST_BYTES]) {
        for (sum, byte) in self.digest.iter_mut().zip(record) {
            *sum ^= byte;
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let (generation, count) = (self.generation.to_be_bytes(), self.count.to_be_bytes());
        let anchor = self.anchor.as_ref().map_or(&[][..], |anchor| anchor);
        [&generation[..], &count[..], &self.digest[..], anchor].concat()
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let (generation, rest) = bytes.split_first_chunk()?;
        let (count, rest) = rest.split_first_chunk()?;
        let (digest, anchor) = rest.split_first_chunk()?;
        let anchor = match anchor {
            [] => None,
            anchor => Some(anchor.try_into().ok()?),
        };
        Some(Self {
            generation: u64::from_be_bytes(*generation),
            count: u64::from_be_bytes(*count),
            digest: *digest,
            anchor,
        })
    }
}

impl Meta {
    /// What is beside the records; `None` where nothing was ever committed.
    pub(super) fn read(read: &ReadTransaction) -> Result<Option<Self>, Damage> {
        let meta = match read.open_table(META) {
            Ok(meta) => meta,
            Err(redb::TableError::TableDoesNotExist(_)) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let value = |key| -> Result<Vec<u8>, Damage> {
            let value = meta.get(key)?;
            Ok(value.map(|it| it.value().to_vec()).unwrap_or_default())
        };
        let made = Made::parse(&String::from_utf8_lossy(&value(ROOT_KEY)?));
        let wrapped = value(DATA_KEY)?;
        Ok(Some(Self {
            format: value(FORMAT_KEY)?,
            envelope: made.map(|made| Envelope { made, wrapped }),
            summary: value(SUMMARY)?,
        }))
    }

    fn summary(&self, sealer: &Sealer) -> Result<Summary, Damage> {
        let kept = sealer.open(SUMMARY_PLACE, &self.summary);
        let kept = kept.and_then(|bytes| Summary::parse(&bytes));
        kept.ok_or_else(|| Damage::from("its summary does not open"))
    }

    /// Reads all records, and holds them against the summary.
    pub(super) fn scan(
        &self,
        read: &ReadTransaction,
        sealer: &Sealer,
        each: &mut Each<'_>,
    ) -> Result<Summary, Damage> {
        let kept = self.summary(sealer)?;
        let found = records(read, sealer, each)?;
        let found = Summary {
            generation: kept.generation,
            anchor: kept.anchor,
            ..found
        };
        if found == kept {
            return Ok(kept);
        }
        Err(Damage(format!(
            "its {} records are not the {} that were last written",
            found.count, kept.count
        )))
    }
}

impl Records {
    /// What `Meta::scan` found in order, or no records yet.
    pub(super) fn opened(
        database: Database,
        sealer: Sealer,
        envelope: Envelope,
        summary: Summary,
    ) -> Self {
        Self {
            database,
            sealer,
            envelope,
            summary: Mutex::new(summary),
        }
    }

    /// Of the last commit.
    pub(super) fn summary(&self) -> Summary {
        *self.summary.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes changes durable, all or none of them, and with them how far what is beside the store
    /// is, where that is known.
    pub(super) fn commit(
        &self,
        changes: &[Change],
        anchor: Option<Anchor>,
    ) -> Result<Summary, CommitError> {
        let seal = |change: &Change| match &change.step {
            Step::Put(entity) => {
                let key = change.record_key();
                let sealed = self.sealer.seal(&key, &entity.encode()?);
                Ok((key, Some(sealed.ok_or(CommitError::Seal)?)))
            }
            Step::Delete(_) => Ok((change.record_key(), None)),
        };
        let sealed: Result<Vec<Sealed>, CommitError> = changes.iter().map(seal).collect();
        self.write(&sealed?, anchor)
    }

    /// The same with records that are sealed already.
    pub(super) fn write(
        &self,
        sealed: &[Sealed],
        anchor: Option<Anchor>,
    ) -> Result<Summary, CommitError> {
        let mut summary = self.summary();
        summary.generation += 1;
        summary.anchor = anchor.or(summary.anchor);
        let envelope = Kept::Once(&self.envelope);
        self.transact(summary, &self.sealer, envelope, |summary, records| {
            for (key, bytes) in sealed {
                let before = match bytes {
                    Some(bytes) => records.insert(key.as_str(), bytes.as_slice())?,
                    None => records.remove(key.as_str())?,
                };
                if let Some(before) = before {
                    summary.add(&self.sealer.digest(key, before.value()));
                    summary.count = summary.count.saturating_sub(1);
                }
                if let Some(bytes) = bytes {
                    summary.add(&self.sealer.digest(key, bytes));
                    summary.count += 1;
                }
            }
            Ok(())
        })
    }

    /// Writes an export of the last commit, and holds it against its summary before it is signed.
    /// Tells how many records are in it.
    pub(super) fn export(&self, to: &mut dyn Write, now: Timestamp) -> io::Result<u64> {
        let broken = |Damage(why)| io::Error::other(why);
        let read = self.database.begin_read().map_err(io::Error::other)?;
        let meta = Meta::read(&read).map_err(broken)?;
        let meta = meta.ok_or(io::ErrorKind::NotFound)?;
        let summary = meta.summary(&self.sealer).map_err(broken)?;
        let header = Header::new(&summary, &self.envelope, now);
        let mut writing = Writing::begin(to, self.sealer.mac(), &header)?;
        let mut each = |key: &str, bytes: &[u8]| Ok(writing.record(key, bytes)?);
        let scanned = caught(|| meta.scan(&read, &self.sealer, &mut each));
        scanned
            .ok_or_else(|| io::Error::other(CommitError::Broken))?
            .map_err(broken)?;
        writing.end()?;
        Ok(summary.count)
    }

    /// Seals every record anew, and keeps the key in another envelope; all of it in one commit.
    pub(super) fn rekey(
        &mut self,
        sealer: Sealer,
        envelope: Envelope,
    ) -> Result<Summary, CommitError> {
        let before = self.summary();
        let mut summary = Summary::of_generation(before.generation + 1);
        summary.anchor = before.anchor;
        let mut resealed = Vec::new();
        let read = self.database.begin_read().map_err(redb::Error::from)?;
        let read = records(&read, &self.sealer, &mut |key, bytes| {
            let opened = self.sealer.open(key, bytes);
            let bytes = opened.and_then(|bytes| sealer.seal(key, &bytes));
            resealed.push((key.to_owned(), bytes.ok_or("a record cannot be sealed")?));
            Ok(())
        });
        read.map_err(|_| CommitError::Seal)?;
        for (key, bytes) in &resealed {
            summary.add(&sealer.digest(key, bytes));
            summary.count += 1;
        }
        let summary = self.transact(summary, &sealer, Kept::Anew(&envelope), |_, records| {
            for (key, bytes) in &resealed {
                records.insert(key.as_str(), bytes.as_slice())?;
            }
            Ok(())
        })?;
        self.sealer = sealer;
        self.envelope = envelope;
        Ok(summary)
    }

    /// One commit: what `change` does to the records, the summary, and how the key is kept.
    fn transact(
        &self,
        mut summary: Summary,
        sealer: &Sealer,
        envelope: Kept<'_>,
        change: impl FnOnce(&mut Summary, &mut Table<'_>) -> Result<(), redb::Error>,
    ) -> Result<Summary, CommitError> {
        let write = || -> Result<Summary, CommitError> {
            let begun = self.database.begin_write().map_err(redb::Error::from);
            let mut write = begun?;
            write.set_two_phase_commit(true);
            let filled = write.open_table(RECORDS).map_err(redb::Error::from);
            change(&mut summary, &mut filled?)?;
            let bytes = sealer.seal(SUMMARY_PLACE, &summary.bytes());
            let bytes = bytes.ok_or(CommitError::Seal)?;
            let put = || -> Result<(), redb::Error> {
                let mut meta = write.open_table(META)?;
                meta.insert(SUMMARY, bytes.as_slice())?;
                let envelope = match envelope {
                    Kept::Once(_) if meta.get(FORMAT_KEY)?.is_some() => return Ok(()),
                    Kept::Once(envelope) | Kept::Anew(envelope) => envelope,
                };
                meta.insert(FORMAT_KEY, super::FORMAT.to_string().as_bytes())?;
                meta.insert(ROOT_KEY, envelope.made.text().as_bytes())?;
                meta.insert(DATA_KEY, envelope.wrapped.as_slice())?;
                Ok(())
            };
            put()?;
            write.commit().map_err(redb::Error::from)?;
            Ok(summary)
        };
        let written = caught(write).ok_or(CommitError::Broken)??;
        *self.summary.lock().unwrap_or_else(PoisonError::into_inner) = written;
        Ok(written)
    }
}

/// Hands out each record as it is sealed, and sums them up.
fn records(
    read: &ReadTransaction,
    sealer: &Sealer,
    each: &mut Each<'_>,
) -> Result<Summary, Damage> {
    let mut summary = Summary::default();
    for record in read.open_table(RECORDS)?.iter()? {
        let (key, bytes) = record?;
        summary.add(&sealer.digest(key.value(), bytes.value()));
        summary.count += 1;
        each(key.value(), bytes.value())?;
    }
    Ok(summary)
}

/// What is done with each record, as it is sealed.
pub(super) type Each<'a> = dyn FnMut(&str, &[u8]) -> Result<(), Damage> + 'a;

pub(super) type Table<'a> = redb::Table<'a, &'static str, &'static [u8]>;

pub(super) const RECORDS: TableDefinition<&str, &[u8]> = TableDefinition::new("records");
pub(super) const META: TableDefinition<&str, &[u8]> = TableDefinition::new("meta");
pub(super) const FORMAT_KEY: &str = "format";
const ROOT_KEY: &str = "root-key";
const DATA_KEY: &str = "data-key";
const SUMMARY: &str = "summary";
// No record has this key: theirs are paths.
const SUMMARY_PLACE: &str = "\0summary";
