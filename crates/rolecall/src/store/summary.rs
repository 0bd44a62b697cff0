//! What a commit says of all records, and how their key is kept.
//!
//! A summary has the commit's generation, the number of records, and the sum (exclusive or) of a
//! keyed hash of each record in its place. It is sealed, so what an engine holds is either all of
//! what one commit left, or is refused: a record that was taken out, put back or kept from an older
//! copy does not add up.

use std::fmt::Display;

use super::digests::Digests;
use super::engine::{Each, View};
use super::folder::Folder;
use super::root_key::{Made, RootKey};
use super::seal::{DataKey, Digest, Sealer};
use crate::failure::Failure;

/// How the data key is kept: wrapped, by a root key of this kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Envelope {
    pub(super) made: Made,
    pub(super) wrapped: Vec<u8>,
}

/// The same while the root key is exchanged: either of them opens it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Envelopes {
    pub(super) now: Envelope,
    pub(super) next: Option<Envelope>,
}

/// What an envelope was opened with, and that envelope.
pub(super) struct Unwrapped {
    pub(super) root: RootKey,
    pub(super) key: DataKey,
    pub(super) envelope: Envelope,
}

/// What a commit says of all records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Summary {
    /// Commits so far.
    pub(super) generation: u64,
    /// Records.
    pub(super) count: u64,
    digest: Digest,
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
    pub(super) envelopes: Option<Envelopes>,
    summary: Vec<u8>,
}

/// Why what an engine holds is not what was written.
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

    /// Of the next commit, which has changed nothing yet.
    pub(super) fn next(self, anchor: Option<Anchor>) -> Self {
        Self {
            generation: self.generation + 1,
            anchor: anchor.or(self.anchor),
            ..self
        }
    }

    /// With one more record.
    pub(super) fn put(&mut self, digest: &Digest) {
        self.turn(digest);
        self.count += 1;
    }

    /// Without a record that was there.
    pub(super) fn take(&mut self, digest: &Digest) {
        self.turn(digest);
        self.count = self.count.saturating_sub(1);
    }

    fn turn(&mut self, record: &Digest) {
        for (sum, byte) in self.digest.iter_mut().zip(record) {
            *sum ^= byte;
        }
    }

    /// As it is stored.
    pub(super) fn seal(&self, sealer: &Sealer) -> Option<Vec<u8>> {
        sealer.seal(SUMMARY_PLACE, &self.bytes())
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

    /// Reads one as it is stored.
    pub(super) fn open(by: &Sealer, sealed: &[u8]) -> Result<Self, Damage> {
        let bytes = by.open(SUMMARY_PLACE, sealed);
        let kept = bytes.and_then(|bytes| Self::parse(&bytes));
        kept.ok_or_else(|| Damage::from("its summary does not open"))
    }
}

impl Envelope {
    /// As it is stored, with what this version writes.
    pub(super) fn values(&self) -> Vec<(&'static str, Vec<u8>)> {
        vec![
            (FORMAT_KEY, super::FORMAT.to_string().into_bytes()),
            (ROOT_KEY, self.made.text().into_bytes()),
            (DATA_KEY, self.wrapped.clone()),
        ]
    }
}

impl Envelopes {
    /// As they are stored: without bytes where there is no next one.
    pub(super) fn values(&self) -> Vec<(&'static str, Vec<u8>)> {
        let (made, wrapped) = match &self.next {
            Some(next) => (next.made.text(), next.wrapped.clone()),
            None => (String::new(), Vec::new()),
        };
        let mut values = self.now.values();
        values.push((NEXT_ROOT_KEY, made.into_bytes()));
        values.push((NEXT_DATA_KEY, wrapped));
        values
    }

    /// Opens either with the root key that the folder names.
    pub(super) fn open(&self, folder: &Folder) -> Result<Unwrapped, Failure> {
        let mut refused = None;
        for envelope in std::iter::once(&self.now).chain(&self.next) {
            let opened = RootKey::open(folder, &envelope.made).and_then(|root| {
                let key = DataKey::unwrap(&root, &envelope.made, &envelope.wrapped);
                Ok((root, key.ok_or_else(|| folder.foreign_root_key())?))
            });
            match opened {
                Ok((root, key)) => {
                    let envelope = envelope.clone();
                    return Ok(Unwrapped {
                        root,
                        key,
                        envelope,
                    });
                }
                Err(failure) => drop(refused.get_or_insert(failure)),
            }
        }
        Err(refused.unwrap_or_else(|| folder.foreign_root_key()))
    }
}

impl Meta {
    /// What is beside the records; `None` where nothing was ever committed.
    pub(super) fn read(view: &dyn View) -> Result<Option<Self>, Damage> {
        let value =
            |name| -> Result<Vec<u8>, Damage> { Ok(view.beside(name)?.unwrap_or_default()) };
        let Some(summary) = view.beside(SUMMARY)? else {
            return Ok(None);
        };
        let envelope = |made, wrapped| -> Result<Option<Envelope>, Damage> {
            let made = Made::parse(&String::from_utf8_lossy(&value(made)?));
            let wrapped = value(wrapped)?;
            Ok(made.map(|made| Envelope { made, wrapped }))
        };
        let next = envelope(NEXT_ROOT_KEY, NEXT_DATA_KEY)?;
        let now = envelope(ROOT_KEY, DATA_KEY)?;
        Ok(Some(Self {
            format: value(FORMAT_KEY)?,
            envelopes: now.map(|now| Envelopes { now, next }),
            summary,
        }))
    }

    /// What the last commit said of them.
    pub(super) fn summary(&self, sealer: &Sealer) -> Result<Summary, Damage> {
        Summary::open(sealer, &self.summary)
    }

    /// Reads all records, and holds them against the summary; `digests` takes in what they hash
    /// to, where that is to be known.
    pub(super) fn scan(
        &self,
        view: &dyn View,
        sealer: &Sealer,
        mut digests: Option<&mut Digests>,
        each: &mut Each<'_>,
    ) -> Result<Summary, Damage> {
        let kept = self.summary(sealer)?;
        let mut found = Summary::of_generation(kept.generation);
        found.anchor = kept.anchor;
        view.each(&mut |key, bytes| {
            let digest = sealer.digest(key, bytes);
            found.put(&digest);
            if let Some(digests) = &mut digests {
                digests.set(key.to_owned(), Some(digest));
            }
            each(key, bytes)
        })?;
        if found == kept {
            return Ok(kept);
        }
        Err(Damage(format!(
            "its {} records are not the {} that were last written",
            found.count, kept.count
        )))
    }
}

pub(super) const FORMAT_KEY: &str = "format";
const ROOT_KEY: &str = "root-key";
const DATA_KEY: &str = "data-key";
// While the root key is exchanged; earlier versions open with the other one.
const NEXT_ROOT_KEY: &str = "next-root-key";
const NEXT_DATA_KEY: &str = "next-data-key";
/// What says how the data key is kept.
pub(super) const ENVELOPE: [&str; 2] = [ROOT_KEY, DATA_KEY];
pub(super) const SUMMARY: &str = "summary";
// No record has this key: theirs are paths.
const SUMMARY_PLACE: &str = "\0summary";
