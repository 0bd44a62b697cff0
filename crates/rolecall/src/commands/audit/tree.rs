//! Files below a root, opened so that nothing outside of it is reached, nothing waits, and nothing
//! changes: no link leads out, no pipe or device is opened, no time of access is written where that
//! can be avoided.

use std::ffi::OsStr;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Component, Path};

use rustix::fs::{
    AtFlags, CWD, FileType, Mode, OFlags, ResolveFlags, Stat, fstat, open, openat, openat2, statat,
};
use rustix::io::Errno;
use zeroize::Zeroizing;

/// A root.
#[derive(Debug)]
pub(super) struct Tree {
    root: OwnedFd,
}

/// Which file it is, whatever its paths are.
pub(super) type Identity = (u64, u64);

impl Tree {
    pub(super) fn open(root: &Path) -> Result<Tree, Errno> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let root = open(root, flags, Mode::empty())?;
        Ok(Tree { root })
    }

    /// Whether it is the root of this process.
    pub(super) fn is_own_root(&self) -> bool {
        let own = statat(CWD, "/", AtFlags::empty());
        match (fstat(&self.root), own) {
            (Ok(root), Ok(own)) => identity(&root) == identity(&own),
            _ => false,
        }
    }

    /// The folder at a path below the root. Links are followed, but never out of the root.
    pub(super) fn folder(&self, path: &Path) -> Result<OwnedFd, Errno> {
        self.resolve(path, OFlags::DIRECTORY)
    }

    /// The regular file at a path below the root, likewise.
    pub(super) fn file(&self, path: &Path) -> Result<(OwnedFd, Stat), Errno> {
        // Looked at before it is opened for reading: opening a device may do something.
        let found = self.resolve(path, OFlags::PATH)?;
        regular(&found)?;
        let file = self.resolve(path, OFlags::NONBLOCK)?;
        let stat = regular(&file)?;
        Ok((file, stat))
    }

    /// The text of a small file; `None` if there is none, or none that can be read.
    pub(super) fn text(&self, path: &str) -> Option<String> {
        let (file, _) = self.file(Path::new(path)).ok()?;
        let mut bytes = Zeroizing::new(Vec::new());
        read(&file, TEXT_BYTES_MAX, &mut bytes).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Whether a link at a path below the root leads round in circles.
    pub(super) fn is_circle(&self, path: &Path) -> bool {
        matches!(self.resolve(path, OFlags::PATH), Err(Errno::LOOP))
    }

    fn resolve(&self, path: &Path, flags: OFlags) -> Result<OwnedFd, Errno> {
        let flags = flags | OFlags::CLOEXEC;
        let path = path.strip_prefix("/").unwrap_or(path);
        let path = if path.as_os_str().is_empty() {
            Path::new(".")
        } else {
            path
        };
        let resolve = ResolveFlags::IN_ROOT | ResolveFlags::NO_MAGICLINKS;
        match openat2(&self.root, path, flags, Mode::empty(), resolve) {
            // Kernels before 5.6, and filters of system calls that do not know it.
            Err(Errno::NOSYS | Errno::PERM) => self.resolve_by_steps(path, flags),
            // Something moved below us; it is there again or it is not.
            Err(Errno::AGAIN) => openat2(&self.root, path, flags, Mode::empty(), resolve),
            other => other,
        }
    }

    /// The same with no link at all on the way.
    fn resolve_by_steps(&self, path: &Path, flags: OFlags) -> Result<OwnedFd, Errno> {
        let step = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mut folder = openat(&self.root, ".", step, Mode::empty())?;
        let mut names = path.components().peekable();
        while let Some(component) = names.next() {
            let name = match component {
                Component::Normal(name) => name,
                Component::CurDir => OsStr::new("."),
                _ => return Err(Errno::XDEV),
            };
            if names.peek().is_none() {
                return openat(&folder, name, flags | OFlags::NOFOLLOW, Mode::empty());
            }
            folder = openat(&folder, name, step, Mode::empty())?;
        }
        Err(Errno::NOENT)
    }
}

/// The regular file of this name in a folder. A link is none.
pub(super) fn entry(folder: impl AsFd, name: &OsStr) -> Result<(OwnedFd, Stat), Errno> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let quiet = openat(&folder, name, flags | OFlags::NOATIME, Mode::empty());
    let file = match quiet {
        // Of another user's files the time of access is written.
        Err(Errno::PERM) => openat(&folder, name, flags, Mode::empty())?,
        other => other?,
    };
    let stat = regular(&file)?;
    Ok((file, stat))
}

/// What sort of thing an entry is, where listing the folder does not say.
pub(super) fn kind(folder: impl AsFd, name: &OsStr) -> Result<FileType, Errno> {
    let stat = statat(folder, name, AtFlags::SYMLINK_NOFOLLOW)?;
    Ok(FileType::from_raw_mode(stat.st_mode))
}

/// Reads up to `bytes_max` from the beginning; tells whether that was all.
pub(super) fn read(file: impl AsFd, bytes_max: usize, into: &mut Vec<u8>) -> Result<bool, Errno> {
    into.clear();
    while into.len() < bytes_max {
        let step = READ_BYTES.min(bytes_max - into.len());
        into.reserve(step);
        let room = rustix::buffer::spare_capacity(into);
        match rustix::io::read(&file, room) {
            Ok(0) => {
                into.truncate(bytes_max);
                return Ok(true);
            }
            Ok(_) | Err(Errno::INTR) => {}
            Err(errno) => return Err(errno),
        }
    }
    into.truncate(bytes_max);
    Ok(false)
}

pub(super) fn identity(stat: &Stat) -> Identity {
    (stat.st_dev, stat.st_ino)
}

/// For people and findings: with a slash before it.
pub(super) fn shown(path: &Path) -> String {
    let path = path.strip_prefix("/").unwrap_or(path);
    let bytes = path.as_os_str().as_bytes();
    let mut text = String::from("/");
    // A name may hold what a terminal obeys.
    for character in String::from_utf8_lossy(bytes).chars() {
        text.push(if character.is_control() {
            '\u{fffd}'
        } else {
            character
        });
    }
    text
}

fn regular(file: impl AsFd) -> Result<Stat, Errno> {
    let stat = fstat(file)?;
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => Ok(stat),
        _ => Err(Errno::INVAL),
    }
}

const READ_BYTES: usize = 256 << 10;
const TEXT_BYTES_MAX: usize = 1 << 20;
