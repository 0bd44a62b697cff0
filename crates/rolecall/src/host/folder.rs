//! A folder of this run alone, in memory where there is one, gone with the run.
//!
//! The run holds a lock on its folder. What a run left that was killed is known by its lock being
//! free, and the next run takes it away.

use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, Mode, OFlags, flock, fstat, mkdirat, openat};
use rustix::io::Errno;
use rustix::process::getuid;

use super::Place;
use crate::clock;
use crate::failure::Failure;

/// The folder; dropping it removes it with all that is in it.
#[derive(Debug)]
pub(crate) struct PrivateFolder {
    folder: OwnedFd,
    path: PathBuf,
}

impl PrivateFolder {
    /// Makes one below the first of `bases` that can be used.
    pub(crate) fn make(bases: &[PathBuf]) -> Result<Self, Failure> {
        let mut last = None;
        for base in bases {
            match Self::below(base) {
                Ok(made) => return Ok(made),
                Err(error) => last = Some((base, error)),
            }
        }
        let why = last.map_or_else(String::new, |(base, error)| {
            format!(": `{}`: {error}", base.display())
        });
        Err(
            Failure::unfinished(format!("there is no place for files in memory{why}"))
                .hint("set `XDG_RUNTIME_DIR`, or name files by absolute paths"),
        )
    }

    fn below(base: &Path) -> Result<Self, std::io::Error> {
        let parent = open(rustix::fs::CWD, base)?;
        check(&parent)?;
        sweep(&parent, base);
        loop {
            let random = clock::random().map_err(|_| Errno::IO)?;
            let name = format!("{PREFIX}{:016x}", u64::from_be_bytes(random));
            match mkdirat(&parent, &name, Mode::RWXU) {
                Err(Errno::EXIST) => continue,
                made => made?,
            }
            let folder = open(&parent, Path::new(&name))?;
            flock(&folder, FlockOperation::LockExclusive)?;
            // A run that swept between the two took it for one that was left.
            if fstat(&folder)?.st_nlink > 0 {
                let path = base.join(name);
                return Ok(Self { folder, path });
            }
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A file in it.
    pub(crate) fn place(&self, name: &str) -> Result<Place, Failure> {
        let path = self.path.join(name);
        let folder = self.folder.try_clone().map_err(|error| {
            Failure::unfinished(format!("`{}` cannot be made: {error}", path.display()))
        })?;
        Ok(Place::within(folder, name, path))
    }
}

impl Drop for PrivateFolder {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.path);
    }
}

/// A folder in which others could exchange ours is no place for it.
fn check(parent: &OwnedFd) -> Result<(), std::io::Error> {
    let found = fstat(parent)?;
    let ours = found.st_uid == 0 || found.st_uid == getuid().as_raw();
    if ours && (found.st_mode & WRITTEN_BY_OTHERS == 0 || found.st_mode & STICKY != 0) {
        return Ok(());
    }
    Err(std::io::Error::other("others may exchange what is in it"))
}

/// Removes folders of ours that nobody holds any more.
fn sweep(parent: &OwnedFd, base: &Path) {
    for entry in std::fs::read_dir(base).into_iter().flatten().flatten() {
        let name = entry.file_name();
        if !name.to_string_lossy().starts_with(PREFIX) {
            continue;
        }
        let Ok(folder) = open(parent, Path::new(&name)) else {
            continue;
        };
        let ours = fstat(&folder).is_ok_and(|found| found.st_uid == getuid().as_raw());
        if ours && flock(&folder, FlockOperation::NonBlockingLockExclusive).is_ok() {
            let _gone = std::fs::remove_dir_all(base.join(name));
        }
    }
}

fn open(at: impl std::os::fd::AsFd, path: &Path) -> Result<OwnedFd, Errno> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    openat(at, path, flags, Mode::empty())
}

const PREFIX: &str = "rolecall-exec-";
const WRITTEN_BY_OTHERS: u32 = 0o022;
const STICKY: u32 = 0o1000;

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use protocol::Secret;

    use super::super::Owner;
    use super::*;

    fn names(base: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(base).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    #[test]
    fn a_folder_goes_with_its_run_and_all_that_is_in_it() {
        let base = tempfile::tempdir().unwrap();
        let bases = [PathBuf::from("/nonexistent/base"), base.path().to_owned()];
        let folder = PrivateFolder::make(&bases).unwrap();
        let place = folder.place("a").unwrap();
        place
            .put(&Secret::new(*b"x"), 0o400, Owner::default())
            .unwrap();
        std::fs::write(folder.path().join("by the child"), "y").unwrap();

        let mode = std::fs::metadata(folder.path())
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o700);
        assert_eq!(std::fs::read(folder.path().join("a")).unwrap(), b"x");
        drop(folder);
        assert_eq!(names(base.path()), Vec::<String>::new());
    }

    #[test]
    fn what_a_killed_run_left_is_swept_and_what_is_held_is_not() {
        let base = tempfile::tempdir().unwrap();
        let bases = [base.path().to_owned()];
        let held = PrivateFolder::make(&bases).unwrap();
        let left = base.path().join(format!("{PREFIX}0000000000000000"));
        std::fs::create_dir(&left).unwrap();
        std::fs::write(left.join("secret"), "x").unwrap();
        std::fs::create_dir(base.path().join("other")).unwrap();

        let second = PrivateFolder::make(&bases).unwrap();

        assert!(!left.exists());
        assert!(held.path().exists() && second.path().exists());
        assert!(base.path().join("other").exists());
    }

    #[test]
    fn a_base_that_others_write_is_passed_over() {
        let base = tempfile::tempdir().unwrap();
        for mode in [0o777, 0o770] {
            std::fs::set_permissions(base.path(), PermissionsExt::from_mode(mode)).unwrap();
            assert!(PrivateFolder::make(&[base.path().to_owned()]).is_err());
        }
        std::fs::set_permissions(base.path(), PermissionsExt::from_mode(0o1777)).unwrap();
        assert!(PrivateFolder::make(&[base.path().to_owned()]).is_ok());
    }

    #[test]
    fn without_a_place_there_is_a_hint() {
        let failure = PrivateFolder::make(&[PathBuf::from("/nonexistent")]).unwrap_err();
        assert!(failure.message.contains("/nonexistent"), "{failure:?}");
        assert!(!failure.hints.is_empty());
    }
}
