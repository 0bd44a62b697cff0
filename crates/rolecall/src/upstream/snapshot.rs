//! What is held, sealed in a file, so that a reboot while the service fails still serves.
//!
//! What the file holds is made and read elsewhere. A file that is damaged, of another key or cannot
//! be written is told and does without: the agent starts and serves all the same.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use agent::config::{CacheLimits, Snapshot};
use agent::{Cache, Moment, snapshot};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use protocol::Secret;
use zeroize::Zeroizing;

use crate::clock;
use crate::failure::Failure;
use crate::store::{open_under, seal_under, write_private};

/// The file, and what it is sealed with.
#[derive(Debug)]
pub(crate) struct SnapshotFile {
    path: PathBuf,
    key: Secret,
}

impl SnapshotFile {
    /// With the key that the configuration names, which must be there.
    pub(crate) fn open(config: &Snapshot) -> Result<Self, Failure> {
        let wrong = |why: &dyn std::fmt::Display| {
            let path = &config.key_file;
            Failure::wrong(format!("`{path}` is no key for the snapshot: {why}"))
                .hint("`openssl rand -base64 32` makes one; keep it where the agent alone reads it")
        };
        let text = fs::read(&config.key_file).map(Zeroizing::new);
        let text = text.map_err(|error| wrong(&error))?;
        let key = STANDARD.decode(text.trim_ascii()).map(Zeroizing::new);
        let key = key.map_err(|_| wrong(&"it is not base64"))?;
        if key.len() != KEY_BYTES {
            return Err(wrong(&format!("{KEY_BYTES} bytes are needed")));
        }
        Ok(Self {
            path: PathBuf::from(&config.file),
            key: Secret::new(key.as_slice()),
        })
    }

    /// What was held when it was written, as old as it is by now; `None` where there is nothing.
    pub(crate) fn read(&self, limits: &CacheLimits, now: Moment) -> Option<Cache> {
        match self.try_read(limits, now) {
            Ok(cache) => {
                let secrets = cache.len();
                tracing::info!(secrets, "what was held before is there again");
                Some(cache)
            }
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => {
                let file = self.path.display();
                tracing::warn!(%file, %error, "the snapshot is left alone");
                None
            }
        }
    }

    fn try_read(&self, limits: &CacheLimits, now: Moment) -> io::Result<Cache> {
        let size = fs::metadata(&self.path)?.len();
        if size > FILE_BYTES_MAX {
            return Err(io::Error::other(format!(
                "it has more than {FILE_BYTES_MAX} bytes"
            )));
        }
        let sealed = fs::read(&self.path)?;
        let bytes = open_under(&self.key, PLACE, &sealed);
        let bytes = bytes.ok_or_else(|| io::Error::other("it was altered, or has another key"))?;
        snapshot::read(&bytes, limits.clone(), now, clock::now()).map_err(io::Error::other)
    }

    /// Puts what is held into the file, whole or not at all.
    pub(crate) fn write(&self, cache: &Cache, now: Moment) {
        let bytes = snapshot::write(cache, now, clock::now());
        let Some(sealed) = seal_under(&self.key, PLACE, bytes.expose()) else {
            tracing::error!("the snapshot cannot be sealed");
            return;
        };
        if let Err(failure) = write_private(Path::new(&self.path), &sealed) {
            let reason = &failure.message;
            tracing::warn!(reason, "the snapshot is not written, the one before stays");
        }
    }
}

const KEY_BYTES: usize = 32;
// What is sealed, so that nothing else that this key seals can stand in its place.
const PLACE: &[u8] = b"rolecall agent snapshot";
// Above the greatest bound on what is held, twice over: 8 GiB.
const FILE_BYTES_MAX: u64 = 8 * 1_024 * 1_024 * 1_024;
