//! Exports: all records of one commit in a file, sealed as they are in the store.
//!
//! A line that says what this is, a line of JSON (format, generation, number of records, when, how
//! the root key is made, the wrapped data key), the records in the order of their keys (length,
//! key, length, sealed bytes; lengths are four bytes, the highest first), and at the end
//! HMAC-SHA256 over all that is before it, under a key derived from the data key. Whoever has the
//! root key can tell that nothing is missing; nobody else can make or change one.

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::engine::Sealed;
use super::root_key::Made;
use super::seal::{MAC_BYTES, Mac};
use super::summary::{Damage, Envelope, Summary};

/// The second line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    /// Of the store.
    pub(super) format: u32,
    pub(super) generation: u64,
    pub(super) count: u64,
    pub(super) made: Timestamp,
    root_key: String,
    data_key: String,
}

/// A file's parts, of which nothing is verified yet.
#[derive(Debug)]
pub(super) struct Export<'a> {
    pub(super) header: Header,
    pub(super) envelope: Envelope,
    records: &'a [u8],
    covered: &'a [u8],
    mac: &'a [u8; MAC_BYTES],
}

impl Header {
    pub(super) fn new(summary: &Summary, envelope: &Envelope, made: Timestamp) -> Self {
        Self {
            format: super::FORMAT,
            generation: summary.generation,
            count: summary.count,
            made,
            root_key: envelope.made.text(),
            data_key: STANDARD.encode(&envelope.wrapped),
        }
    }
}

/// Writes an export, part by part.
pub(super) struct Writing<'a> {
    to: &'a mut dyn Write,
    mac: Mac,
}

impl<'a> Writing<'a> {
    pub(super) fn begin(to: &'a mut dyn Write, mac: Mac, header: &Header) -> io::Result<Self> {
        let mut writing = Self { to, mac };
        writing.put(MAGIC)?;
        writing.put(&serde_json::to_vec(header)?)?;
        writing.put(b"\n")?;
        Ok(writing)
    }

    pub(super) fn record(&mut self, key: &str, bytes: &[u8]) -> io::Result<()> {
        for part in [key.as_bytes(), bytes] {
            let length = u32::try_from(part.len()).map_err(io::Error::other)?;
            self.put(&length.to_be_bytes())?;
            self.put(part)?;
        }
        Ok(())
    }

    pub(super) fn end(self) -> io::Result<()> {
        self.to.write_all(&self.mac.sign())?;
        self.to.flush()
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.mac.update(bytes);
        self.to.write_all(bytes)
    }
}

impl<'a> Export<'a> {
    /// Takes a file apart.
    pub(super) fn parse(file: &'a [u8]) -> Result<Self, Damage> {
        let rest = file.strip_prefix(MAGIC);
        let rest = rest.ok_or_else(|| Damage::from("it is no export of this version"))?;
        let end = rest
            .iter()
            .take(HEADER_BYTES_MAX)
            .position(|it| *it == b'\n');
        let parts = end.and_then(|end| rest.split_at_checked(end));
        let (header, rest) = parts.ok_or_else(|| Damage::from("its header has no end"))?;
        let header: Header = serde_json::from_slice(header)?;
        if header.format != super::FORMAT {
            return Err(Damage(format!(
                "it has format {}, this version knows format {}",
                header.format,
                super::FORMAT
            )));
        }
        let made = Made::parse(&header.root_key);
        let envelope = Envelope {
            made: made.ok_or_else(|| Damage::from("it does not say what its root key is"))?,
            wrapped: STANDARD.decode(&header.data_key)?,
        };
        let short = || Damage::from("it ends too early");
        let records = rest.strip_prefix(b"\n").ok_or_else(short)?;
        let (records, mac) = records.split_last_chunk().ok_or_else(short)?;
        let (covered, _) = file.split_last_chunk::<MAC_BYTES>().ok_or_else(short)?;
        Ok(Self {
            header,
            envelope,
            records,
            covered,
            mac,
        })
    }

    /// The records, if all of the file is what was written under this key.
    pub(super) fn records(&self, mut mac: Mac) -> Result<Vec<Sealed>, Damage> {
        mac.update(self.covered);
        if !mac.verifies(self.mac) {
            return Err(Damage::from("it was changed, or its end is missing"));
        }
        let mut records = Vec::new();
        let mut rest = self.records;
        while !rest.is_empty() {
            let short = || Damage::from("a record has no end");
            let key = field(&mut rest).ok_or_else(short)?;
            let bytes = field(&mut rest).ok_or_else(short)?;
            let key = String::from_utf8(key.to_vec())?;
            records.push((key, Some(bytes.to_vec())));
        }
        let count = u64::try_from(records.len())?;
        if count != self.header.count {
            return Err(Damage::from("it has not as many records as it says"));
        }
        Ok(records)
    }
}

/// A length, and as many bytes.
fn field<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, after) = rest.split_first_chunk()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let (field, after) = after.split_at_checked(length)?;
    *rest = after;
    Some(field)
}

const MAGIC: &[u8] = b"rolecall export 1\n";
// A wrapped root key has at most 16 KiB.
const HEADER_BYTES_MAX: usize = 64 * 1_024;

#[cfg(test)]
mod tests;
