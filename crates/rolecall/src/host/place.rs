//! Files that hold secrets: put in place whole, never through a symbolic link that somebody else
//! could have laid, and taken away only where they are still ours.
//!
//! A path is walked folder by folder. A link on the way is followed only where root laid it in a
//! folder that root alone writes (`/var/run`); in a folder that everybody may write, files are safe
//! only under the sticky bit. What is done then is done relative to the folder that was found, so
//! what happens to the path meanwhile does not matter.
//! Sources: open(2), `O_NOFOLLOW` and `O_PATH`; rename(2); inode(7), the sticky bit.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStringExt;
use std::path::{Component, Path, PathBuf};

use protocol::Secret;
use rustix::fs::{
    AtFlags, CWD, FileType, Mode, OFlags, Stat, fchmod, fchown, fstat, fstatfs, fsync, openat,
    readlinkat, renameat, statat, unlinkat,
};
use rustix::io::Errno;

use super::Owner;
use crate::clock;
use crate::failure::Failure;

/// Where a file is to stand: a name in a folder that was found.
#[derive(Debug)]
pub(crate) struct Place {
    folder: OwnedFd,
    name: OsString,
    /// As it was asked for, for messages.
    path: PathBuf,
}

/// A file that was put in place, to be known again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Placed {
    device: u64,
    inode: u64,
}

impl Place {
    /// Walks to the folder of `path`.
    pub(crate) fn find(path: &Path) -> Result<Self, Failure> {
        let wrong = |why: &str| Failure::wrong(format!("`{}` {why}", path.display()));
        let mut components: VecDeque<OsString> = VecDeque::new();
        for component in path.components() {
            match component {
                Component::Normal(name) => components.push_back(name.to_owned()),
                Component::RootDir => components.push_back(OsString::from("/")),
                Component::CurDir => {}
                Component::ParentDir | Component::Prefix(_) => {
                    return Err(wrong("holds `..`").hint("write the path without it"));
                }
            }
        }
        let name = components
            .pop_back()
            .filter(|name| name != "/")
            .ok_or_else(|| wrong("names no file"))?;
        let folder = walk(components, path)?;
        Ok(Self {
            folder,
            name,
            path: path.to_owned(),
        })
    }

    /// A name in a folder of our own.
    pub(super) fn within(folder: OwnedFd, name: &str, path: PathBuf) -> Self {
        Self {
            folder,
            name: name.into(),
            path,
        }
    }

    /// As it was asked for.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether what stands there never reaches a disk, but for swap.
    pub(crate) fn is_in_memory(&self) -> bool {
        let kind = fstatfs(&self.folder).map(|found| found.f_type);
        kind.is_ok_and(|kind| IN_MEMORY.contains(&kind))
    }

    /// What is there; nothing, or a regular file. Anything else is in the way.
    pub(crate) fn existing(&self) -> Result<Option<Stat>, Failure> {
        let found = match statat(&self.folder, &self.name, AtFlags::SYMLINK_NOFOLLOW) {
            Err(Errno::NOENT) => return Ok(None),
            Err(error) => return Err(self.unwritten(&error.into())),
            Ok(found) => found,
        };
        let what = match FileType::from_raw_mode(found.st_mode) {
            FileType::RegularFile => return Ok(Some(found)),
            FileType::Symlink => "a symbolic link",
            FileType::Directory => "a folder",
            _ => "no regular file",
        };
        let path = self.path.display();
        Err(Failure::wrong(format!("`{path}` is {what}"))
            .hint("name a path where a file may stand, or remove what is there"))
    }

    /// Whether the file there holds exactly these bytes. One that cannot be read does not.
    pub(crate) fn holds(&self, bytes: &Secret) -> bool {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let Ok(file) = openat(&self.folder, &self.name, flags, Mode::empty()) else {
            return false;
        };
        let as_long = |found: &Stat| usize::try_from(found.st_size) == Ok(bytes.len());
        if !fstat(&file).is_ok_and(|found| as_long(&found)) {
            return false;
        }
        let mut held = vec![0; bytes.len()];
        let read = File::from(file).read_exact(&mut held);
        read.is_ok() && Secret::new(held) == *bytes
    }

    /// Puts a file there, whole or not at all, in place of a regular file if one is there.
    pub(crate) fn put(&self, bytes: &Secret, mode: u32, owner: Owner) -> Result<Placed, Failure> {
        self.existing()?;
        let random = u64::from_be_bytes(clock::random()?);
        let passing = format!(".rolecall-{random:016x}");
        let done = self.write(&passing, bytes, mode, owner).and_then(|placed| {
            renameat(&self.folder, &passing, &self.folder, &self.name)?;
            Ok(placed)
        });
        done.map_err(|error| {
            let _gone = unlinkat(&self.folder, &passing, AtFlags::empty());
            let failure = self.unwritten(&error);
            match owner {
                Owner {
                    user: None,
                    group: None,
                } => failure,
                _ => failure.hint("only root may give files away"),
            }
        })
    }

    fn write(
        &self,
        name: &str,
        bytes: &Secret,
        mode: u32,
        owner: Owner,
    ) -> std::io::Result<Placed> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
        let mut file = File::from(openat(&self.folder, name, flags, Mode::RUSR | Mode::WUSR)?);
        file.write_all(bytes.expose())?;
        give(&file, owner)?;
        fchmod(&file, Mode::from_raw_mode(mode))?;
        fsync(&file)?;
        let found = fstat(&file)?;
        Ok(Placed::of(&found))
    }

    /// Gives the file that is there this mode and owner.
    pub(crate) fn adjust(&self, mode: u32, owner: Owner) -> Result<(), Failure> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let done = openat(&self.folder, &self.name, flags, Mode::empty()).and_then(|file| {
            give(&file, owner)?;
            fchmod(&file, Mode::from_raw_mode(mode))
        });
        done.map_err(|error| self.unwritten(&error.into()))
    }

    /// Takes the file away, if it is still the one that was put there.
    pub(crate) fn remove(&self, placed: Placed) {
        let found = statat(&self.folder, &self.name, AtFlags::SYMLINK_NOFOLLOW);
        if found.is_ok_and(|found| Placed::of(&found) == placed) {
            let _gone = unlinkat(&self.folder, &self.name, AtFlags::empty());
        }
    }

    fn unwritten(&self, error: &std::io::Error) -> Failure {
        let path = self.path.display();
        Failure::unfinished(format!("`{path}` cannot be written: {error}"))
    }
}

impl Placed {
    fn of(found: &Stat) -> Self {
        Self {
            device: found.st_dev,
            inode: found.st_ino,
        }
    }
}

/// Without a new owner the kernel is not asked, as units may forbid the call.
fn give(file: impl std::os::fd::AsFd, owner: Owner) -> rustix::io::Result<()> {
    match (owner.user, owner.group) {
        (None, None) => Ok(()),
        (user, group) => fchown(file, user, group),
    }
}

/// Opens folder after folder; `/` among the components begins again at the root.
fn walk(mut components: VecDeque<OsString>, path: &Path) -> Result<OwnedFd, Failure> {
    let mut folder = open_folder(CWD, OsStr::new(".")).map_err(|error| lost(path, ".", error))?;
    if components.front().is_none_or(|first| first != "/") {
        check_folder(&folder, path, ".")?;
    }
    let mut links = 0;
    while let Some(name) = components.pop_front() {
        let shown = name.to_string_lossy().into_owned();
        match open_folder(&folder, &name) {
            Ok(next) => {
                check_folder(&next, path, &shown)?;
                folder = next;
            }
            Err(Errno::NOTDIR | Errno::LOOP) => {
                links += 1;
                let target = trusted_link(&folder, &name);
                let target = target.filter(|_| links <= LINKS_MAX).ok_or_else(|| {
                    let path = path.display();
                    Failure::wrong(format!(
                        "`{shown}` in `{path}` is a symbolic link, or no folder"
                    ))
                    .hint("name the file by its real path, as `realpath` tells it")
                })?;
                for component in target.components().rev() {
                    components.push_front(component.as_os_str().to_owned());
                }
            }
            Err(error) => return Err(lost(path, &shown, error)),
        }
    }
    Ok(folder)
}

fn open_folder(at: impl std::os::fd::AsFd, name: &OsStr) -> rustix::io::Result<OwnedFd> {
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    openat(at, name, flags, Mode::empty())
}

/// In a folder that everybody writes, only the sticky bit keeps others from exchanging our files.
fn check_folder(folder: &OwnedFd, path: &Path, name: &str) -> Result<(), Failure> {
    let mode = fstat(folder)
        .map_err(|error| lost(path, name, error))?
        .st_mode;
    if mode & WRITTEN_BY_ALL != 0 && mode & STICKY == 0 {
        let path = path.display();
        return Err(Failure::wrong(format!(
            "everybody may write to the folder `{name}` in `{path}`"
        ))
        .hint("choose another folder, or set its sticky bit"));
    }
    Ok(())
}

/// Where a link leads that root laid where root alone writes.
fn trusted_link(folder: &OwnedFd, name: &OsStr) -> Option<PathBuf> {
    let around = fstat(folder).ok()?;
    let link = statat(folder, name, AtFlags::SYMLINK_NOFOLLOW).ok()?;
    let of_root = around.st_uid == 0 && around.st_mode & WRITTEN_BY_OTHERS == 0;
    if !of_root || link.st_uid != 0 || FileType::from_raw_mode(link.st_mode) != FileType::Symlink {
        return None;
    }
    let target = readlinkat(folder, name, Vec::new()).ok()?;
    Some(PathBuf::from(OsString::from_vec(target.into_bytes())))
}

fn lost(path: &Path, name: &str, error: Errno) -> Failure {
    let path = path.display();
    Failure::wrong(format!(
        "the folder `{name}` in `{path}` cannot be used: {error}"
    ))
}

const WRITTEN_BY_ALL: u32 = 0o002;
const WRITTEN_BY_OTHERS: u32 = 0o022;
const STICKY: u32 = 0o1000;
// As the kernel allows.
const LINKS_MAX: usize = 40;
// statfs(2): tmpfs and ramfs.
const IN_MEMORY: [i64; 2] = [0x0102_1994, 0x8584_58f6];

#[cfg(test)]
mod tests;
