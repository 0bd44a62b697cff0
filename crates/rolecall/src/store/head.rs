//! The head: the generation of the last commit, in a file beside the store, to tell an older copy.
//!
//! It is written after a commit is durable and before the call is answered, and synced now and
//! then. So it may be behind the store, after a crash, and never ahead of it: a store that is
//! behind its head is not the one that was here last. A head that cannot be read says nothing.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use super::write_private;
use crate::failure::Failure;

/// An open head; there is one writer.
#[derive(Debug)]
pub(super) struct Head {
    file: File,
    unsynced: AtomicU32,
}

impl Head {
    /// The generation that stands there; `None` where nothing does that was written whole.
    pub(super) fn read(folder: &Path) -> io::Result<Option<u64>> {
        let file = match File::open(folder.join(HEAD)) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut bytes = Vec::new();
        file.take(HEAD_BYTES_MAX).read_to_end(&mut bytes)?;
        let generation = parse(&String::from_utf8_lossy(&bytes));
        if generation.is_none() {
            tracing::warn!(folder = %folder.display(), "the head cannot be read, and says nothing");
        }
        Ok(generation)
    }

    /// Opens the head of a store that has this generation, and brings it there.
    pub(super) fn open(folder: &Path, generation: u64) -> Result<Self, Failure> {
        let path = folder.join(HEAD);
        if !path.exists() {
            write_private(&path, text(generation).as_bytes())?;
        }
        let file = OpenOptions::new().write(true).open(&path);
        let head = Self {
            file: file.map_err(|error| {
                Failure::wrong(format!("`{}` cannot be written: {error}", path.display()))
            })?,
            unsynced: AtomicU32::new(0),
        };
        head.write(generation);
        head.sync();
        Ok(head)
    }

    /// After a commit. A failure leaves the head behind, which is allowed.
    pub(super) fn write(&self, generation: u64) {
        if let Err(error) = self.file.write_all_at(text(generation).as_bytes(), 0) {
            tracing::warn!(%error, "the head is not written");
        }
        if self.unsynced.fetch_add(1, Ordering::Relaxed) >= WRITES_UNSYNCED {
            self.sync();
        }
    }

    fn sync(&self) {
        self.unsynced.store(0, Ordering::Relaxed);
        if let Err(error) = self.file.sync_data() {
            tracing::warn!(%error, "the head is not synced");
        }
    }
}

impl Drop for Head {
    fn drop(&mut self) {
        self.sync();
    }
}

/// The number, and what is missing to the largest: a half of one and a half of another do not fit.
fn text(generation: u64) -> String {
    format!("{generation:020} {:020}\n", u64::MAX - generation)
}

fn parse(text: &str) -> Option<u64> {
    let (generation, rest) = text.strip_suffix('\n')?.split_once(' ')?;
    let (generation, rest): (u64, u64) = (generation.parse().ok()?, rest.parse().ok()?);
    (rest == u64::MAX - generation).then_some(generation)
}

const HEAD: &str = "head";
const HEAD_BYTES_MAX: u64 = 64;
// Commits after which the file is synced without being asked.
const WRITES_UNSYNCED: u32 = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_torn_says_nothing() {
        for (one, other) in [(199, 200), (0, 1), (9, 10), (u64::MAX - 1, u64::MAX)] {
            let (one, other) = (text(one), text(other));
            for cut in 0..=one.len() {
                let (begun, _) = one.split_at(cut);
                let (_, left) = other.split_at(cut);
                let torn = format!("{begun}{left}");
                let is_whole = torn == one || torn == other;
                assert_eq!(parse(&torn).is_some(), is_whole, "{torn}");
                assert_eq!(parse(begun).is_some(), cut == one.len());
            }
        }
    }
}
