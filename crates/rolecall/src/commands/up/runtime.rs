//! Files that live only as long as the process: the agent's token, the administrator's credentials.
//!
//! They hold keys in clear, so they are not in the data folder but where the system keeps what is
//! gone after a restart, in a folder that only its owner enters.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::store::Folder;

/// The folder of one run. A run that was killed leaves it to the next one on the same data.
#[derive(Debug)]
pub(super) struct RuntimeFolder(PathBuf);

impl RuntimeFolder {
    pub(super) fn prepare(data: &Folder) -> Result<Self, Failure> {
        let uid = rustix::process::geteuid().as_raw();
        let runtime = std::env::var_os("XDG_RUNTIME_DIR").filter(|path| !path.is_empty());
        let base = runtime.map_or_else(std::env::temp_dir, PathBuf::from);
        let own = base.join(format!("rolecall-{uid}"));
        private(&own, uid)?;
        let data = fs::canonicalize(data.path()).unwrap_or_else(|_| data.path().to_owned());
        let mut hash = DefaultHasher::new();
        data.hash(&mut hash);
        let path = own.join(format!("{:016x}", hash.finish()));
        private(&path, uid)?;
        Ok(Self(path))
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Removes what the run has left there.
    pub(super) fn remove(self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            tracing::warn!(folder = %self.0.display(), %error, "the runtime folder stays behind");
        }
    }
}

/// Makes a folder for its owner alone, or takes one that is that already. Others may write where
/// temporary files are kept, so nothing found there is trusted.
fn private(path: &Path, uid: u32) -> Result<(), Failure> {
    let wrong = |why: &dyn std::fmt::Display| {
        Failure::wrong(format!(
            "the runtime folder `{}` cannot be used: {why}",
            path.display()
        ))
        .hint("set `XDG_RUNTIME_DIR` to a folder of your own")
    };
    match fs::DirBuilder::new().mode(0o700).create(path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            let found = fs::symlink_metadata(path).map_err(|error| wrong(&error))?;
            if !found.is_dir() || found.uid() != uid || found.mode() & 0o077 != 0 {
                return Err(wrong(
                    &"it belongs to somebody else, or others may enter it",
                ));
            }
            Ok(())
        }
        Err(error) => Err(wrong(&error)),
    }
}
