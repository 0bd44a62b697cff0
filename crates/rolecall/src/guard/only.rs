//! One guard for each network: a lock that ends with the process that holds it.
//!
//! Packet filters belong to a network namespace, so the lock is named after it. It is a file that
//! root alone can open; the kernel frees it when a guard is killed.

use std::fs::File;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use super::kept;
use crate::failure::Failure;

/// Held for as long as the guard runs.
#[derive(Debug)]
pub(crate) struct Only {
    path: PathBuf,
    _file: File,
}

impl Only {
    /// Takes the lock of this network.
    ///
    /// # Errors
    ///
    /// [`Failure`] where another guard has it.
    pub(crate) fn take() -> Result<Self, Failure> {
        let failed = |error: std::io::Error| {
            Failure::unfinished(format!("the lock in `{FOLDER}` cannot be made: {error}"))
                .hint("run it as root: `sudo rolecall guard run --config FILE`")
        };
        let made = std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(FOLDER);
        made.map_err(failed)?;
        let path = Self::path("lock").map_err(failed)?;
        let mut options = File::options();
        let options = options.write(true).create(true).truncate(false).mode(0o600);
        loop {
            let file = options.open(&path).map_err(failed)?;
            match flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => {}
                Err(Errno::WOULDBLOCK) => {
                    let message = "another guard runs in this network";
                    let hint = "end that one first; `pgrep -a rolecall` finds it";
                    return Err(Failure::unfinished(message).hint(hint));
                }
                Err(errno) => return Err(failed(errno.into())),
            }
            // One that ended just now may have removed the file that this is.
            let held = file.metadata().map_err(failed)?.ino();
            if std::fs::metadata(&path).is_ok_and(|there| there.ino() == held) {
                return Ok(Self { path, _file: file });
            }
        }
    }
}

impl Only {
    /// What belongs to the guard of this network, whichever that is, with this ending.
    pub(crate) fn path(ending: &str) -> std::io::Result<PathBuf> {
        let network = std::fs::metadata(NETWORK)?.ino();
        Ok(Path::new(FOLDER).join(format!("{network}.{ending}")))
    }

    /// A file of this guard that goes with its end, unless it is killed.
    pub(crate) fn beside(&self, ending: &str) -> PathBuf {
        self.path.with_extension(ending)
    }
}

impl Drop for Only {
    fn drop(&mut self) {
        for path in [&self.beside("sock"), &self.beside(kept::ENDING), &self.path] {
            let _left_for_the_next = std::fs::remove_file(path);
        }
    }
}

const FOLDER: &str = "/run/rolecall-guard";
const NETWORK: &str = "/proc/self/ns/net";
