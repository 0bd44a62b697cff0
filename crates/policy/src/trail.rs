//! Records of calls as CloudTrail writes them: who called, when, with what outcome, and what the
//! call needed to be allowed. Knows no file and no clock, and of a record only what these ask.
//!
//! Three shapes are read, and any number of them one after the other: a log file
//! (`{"Records":[...]}`), the answer of `aws cloudtrail lookup-events` (`{"Events":[...]}`, each
//! with the record as text in `CloudTrailEvent`), and records alone, one a line.
//!
//! What a record does not tell is not guessed: see [`Unmapped`].
//!
//! Source: CloudTrail User Guide, "CloudTrail record contents" and "`userIdentity` element".

mod caller;
mod envelope;
mod event;
mod filter;
mod map;
mod record;

pub use caller::Caller;
pub use filter::{Filter, FilterError};
pub use map::Unmapped;
pub use record::{Outcome, Record};

use serde_json::Value;

use envelope::Raw;

/// A text that holds records, not yet taken apart further than to where each begins and ends.
#[derive(Debug)]
pub struct Trail<'t> {
    records: Vec<Raw<'t>>,
}

/// A text that is no trail, or a record of it that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} at line {line}")]
pub struct TrailError {
    /// The line where the record begins, or where the text stops being JSON; from 1.
    pub line: u32,
    /// What is wrong, and the way out.
    pub message: String,
}

impl<'t> Trail<'t> {
    /// Finds the records of `text`. Memory beyond the text: a few words a record.
    ///
    /// # Errors
    ///
    /// What is not JSON, or has another shape, or is beyond [`TRAIL_BYTES_MAX`] or
    /// [`RECORDS_MAX`].
    pub fn read(text: &'t str) -> Result<Trail<'t>, TrailError> {
        if text.len() > TRAIL_BYTES_MAX {
            return Err(TrailError {
                line: 1,
                message: format!(
                    "the trail is longer than {TRAIL_BYTES_MAX} bytes; hint: read its files one \
                     by one"
                ),
            });
        }
        envelope::records(text).map(|records| Trail { records })
    }

    /// How many records there are, well-formed or not.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Reads the records, one at a time, in the order of the text.
    ///
    /// An error is one record's: those behind it are still read.
    pub fn records(&self) -> impl Iterator<Item = Result<Record, TrailError>> {
        self.records.iter().map(Raw::read)
    }
}

/// Reads one record from its JSON text, as one that stands on the first line.
///
/// # Errors
///
/// What is not JSON, or no record.
pub fn read_record(text: &str) -> Result<Record, TrailError> {
    parse(text, 1)
}

fn parse(text: &str, line: u32) -> Result<Record, TrailError> {
    let error = |message| TrailError { line, message };
    if text.len() > RECORD_BYTES_MAX {
        return Err(error(format!(
            "a record longer than {RECORD_BYTES_MAX} bytes; hint: CloudTrail writes none, leave it \
             out"
        )));
    }
    let value: Value = serde_json::from_str(text)
        .map_err(|cause| error(format!("a record that is no JSON ({cause})")))?;
    record::read(&value, line).map_err(error)
}

/// Bytes of a text: CloudTrail's own files have some 50 MB at most when they are unpacked.
pub const TRAIL_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Records of a text.
pub const RECORDS_MAX: usize = 1_000_000;
/// Bytes of a record: an event has 256 KB at most, 1 MB where it is enriched.
pub const RECORD_BYTES_MAX: usize = 1024 * 1024;
