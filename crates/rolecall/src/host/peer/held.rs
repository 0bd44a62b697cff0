//! One process, held on to while it is looked at.
//!
//! A number can be given to another process as soon as its own has gone. An open folder of /proc
//! cannot: reading in it fails once its process is gone. So all is read below one folder, and is
//! believed only where the process still lives afterwards.

use std::ffi::{CStr, CString};
use std::fs::File;
use std::io::Read;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;
use std::sync::LazyLock;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{
    AtFlags, CWD, Dir, Mode, OFlags, fstatfs, openat, readlinkat, stat, statat, statfs,
};
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, pidfd_open};

use super::parse::{self, Credentials};
use super::unit;

/// A process that was there when this was made.
#[derive(Debug)]
pub(super) struct Held {
    pid: u32,
    folder: OwnedFd,
    life: Life,
}

/// How its end is noticed.
#[derive(Debug)]
enum Life {
    Pidfd(OwnedFd),
    /// Clock ticks from the boot to the start; where the kernel gives no descriptor.
    Started(u64),
}

/// What was read of a process while it lived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) pid: u32,
    pub(super) credentials: Option<Credentials>,
    pub(super) exe: Option<String>,
    /// Device and inode of its program, also where its path is not certain.
    pub(super) program: Option<(u64, u64)>,
    pub(super) unit: Option<String>,
    pub(super) cgroup: Option<String>,
    /// The inode of its group of version 2, which is that group's number; where it is seen here.
    pub(super) cgroup_id: Option<u64>,
}

impl Held {
    /// The process of a number, whichever has it now.
    pub(super) fn of_number(pid: u32) -> Option<Self> {
        let number = Pid::from_raw(i32::try_from(pid).ok()?)?;
        let Ok(pidfd) = pidfd_open(number, PidfdFlags::empty()) else {
            return Self::without_pidfd(pid);
        };
        Self::of_pidfd(pid, pidfd)
    }

    /// The process of a descriptor, which had this number when it lived.
    pub(super) fn of_pidfd(pid: u32, pidfd: OwnedFd) -> Option<Self> {
        let held = Self {
            pid,
            folder: folder(pid)?,
            life: Life::Pidfd(pidfd),
        };
        // It has its number while it lives, so the folder is its own.
        held.lives().then_some(held)
    }

    pub(super) fn without_pidfd(pid: u32) -> Option<Self> {
        let folder = folder(pid)?;
        let life = life(&folder).filter(|life| !life.has_ended())?;
        Some(Self {
            pid,
            folder,
            life: Life::Started(life.started),
        })
    }

    /// Whether it has not ended. A process that has, and was not waited for yet, has ended.
    pub(super) fn lives(&self) -> bool {
        match &self.life {
            Life::Pidfd(pidfd) => {
                let mut events = [PollFd::new(pidfd, PollFlags::IN)];
                let at_once = Timespec {
                    tv_sec: 0,
                    tv_nsec: 0,
                };
                matches!(poll(&mut events, Some(&at_once)), Ok(0))
            }
            Life::Started(started) => {
                life(&self.folder).is_some_and(|life| life.started == *started && !life.has_ended())
            }
        }
    }

    /// All that is asked of it; `None` where it ended meanwhile.
    pub(super) fn facts(&self) -> Option<Facts> {
        let groups = read(&self.folder, c"cgroup", CGROUP_BYTES_MAX);
        let cgroup = groups.as_deref().and_then(parse::cgroup);
        let (exe, program) = self.program();
        let facts = Facts {
            pid: self.pid,
            credentials: self.credentials(),
            exe,
            program,
            unit: cgroup.and_then(unit::of_cgroup),
            cgroup: cgroup.map(str::to_owned),
            cgroup_id: groups
                .as_deref()
                .and_then(parse::unified)
                .and_then(cgroup_id),
        };
        self.lives().then_some(facts)
    }

    pub(super) fn pid(&self) -> u32 {
        self.pid
    }

    pub(super) fn credentials(&self) -> Option<Credentials> {
        parse::status(&read(&self.folder, c"status", STATUS_BYTES_MAX)?)
    }

    /// Its program, and the path where the file of that path here is the one that runs. It is not
    /// for a program that was deleted or replaced, nor for one in a container or behind a mount
    /// of the process's own, whatever its path looks like.
    fn program(&self) -> (Option<String>, Option<(u64, u64)>) {
        let Ok(runs) = statat(&self.folder, c"exe", AtFlags::empty()) else {
            return (None, None);
        };
        let program = (runs.st_dev, runs.st_ino);
        let path = readlinkat(&self.folder, c"exe", Vec::new()).ok();
        let path = path.and_then(|path| path.into_string().ok());
        let is_it = |path: &String| {
            let stands = stat(path.as_str());
            let same = stands.is_ok_and(|stands| (stands.st_dev, stands.st_ino) == program);
            same && path.starts_with('/')
        };
        (path.filter(is_it), Some(program))
    }

    /// The user that /proc shows it under: its effective one.
    pub(super) fn owner(&self) -> Option<u32> {
        Some(statat(&self.folder, c"", AtFlags::EMPTY_PATH).ok()?.st_uid)
    }

    /// Its first descriptor that is the socket, with `budget` lowered by all that were looked at.
    pub(super) fn link_to(&self, inode: u64, budget: &mut usize) -> Result<Option<CString>, Errno> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let folder = openat(&self.folder, c"fd", flags, Mode::empty())?;
        for entry in Dir::read_from(&folder)? {
            let entry = entry?;
            let name = entry.file_name();
            if !name.to_bytes().first().is_some_and(u8::is_ascii_digit) {
                continue;
            }
            *budget = budget.checked_sub(1).ok_or(Errno::NOBUFS)?;
            match readlinkat(&folder, name, Vec::new()) {
                Ok(link) if parse::socket_inode(link.to_bytes()) == Some(inode) => {
                    return Ok(Some(name.to_owned()));
                }
                // Closed meanwhile.
                Ok(_) | Err(Errno::NOENT) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Whether a descriptor that was the socket still is.
    pub(super) fn has(&self, descriptor: &CStr, inode: u64) -> bool {
        let Ok(descriptor) = descriptor.to_str() else {
            return false;
        };
        let link = readlinkat(&self.folder, format!("fd/{descriptor}"), Vec::new());
        link.is_ok_and(|link| parse::socket_inode(link.to_bytes()) == Some(inode))
    }
}

/// The numbers of a user's processes, by their effective user, which this folder shows also of
/// what may not be dumped; `None` where there are more than `max` of all users.
pub(super) fn numbers_of(uid: u32, max: usize) -> Option<Vec<u32>> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let proc = openat(CWD, "/proc", flags, Mode::empty()).ok()?;
    let mut numbers = Vec::new();
    let mut seen = 0;
    for entry in Dir::read_from(&proc).ok()? {
        let entry = entry.ok()?;
        let name = entry.file_name();
        let Some(number) = name.to_str().ok().and_then(|name| name.parse().ok()) else {
            continue;
        };
        seen += 1;
        if seen > max {
            return None;
        }
        if statat(&proc, name, AtFlags::empty()).is_ok_and(|folder| folder.st_uid == uid) {
            numbers.push(number);
        }
    }
    Some(numbers)
}

/// The number that was given out last, to a process or a thread. While it stays the same, no
/// process was made. `None` where something else stands in the place of the kernel's file, as
/// containers may have it.
pub(super) fn last_number() -> Option<u32> {
    let file = File::open("/proc/loadavg").ok()?;
    if fstatfs(&file).ok()?.f_type != PROC_MAGIC {
        return None;
    }
    let text = bounded(file, STAT_BYTES_MAX)?;
    text.split_ascii_whitespace().nth(4)?.parse().ok()
}

/// The number of a group of version 2, by its path.
fn cgroup_id(path: &str) -> Option<u64> {
    let folder = format!("{}{path}", UNIFIED.as_deref()?);
    Some(stat(folder.as_str()).ok()?.st_ino)
}

/// Where groups of version 2 are seen: alone, or beside those of version 1.
static UNIFIED: LazyLock<Option<String>> = LazyLock::new(|| {
    let mut places = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"].into_iter();
    let place = places.find(|place| statfs(*place).is_ok_and(|it| it.f_type == CGROUP2_MAGIC));
    place.map(str::to_owned)
});

/// A file of /proc as text, where it is no longer than `max`.
pub(super) fn text(path: &Path, max: u64) -> Option<String> {
    bounded(File::open(path).ok()?, max)
}

fn folder(pid: u32) -> Option<OwnedFd> {
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
    openat(CWD, format!("/proc/{pid}"), flags, Mode::empty()).ok()
}

fn life(folder: &OwnedFd) -> Option<parse::Life> {
    parse::stat(&read(folder, c"stat", STAT_BYTES_MAX)?)
}

fn read(folder: impl AsFd, name: &CStr, max: u64) -> Option<String> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC;
    bounded(
        File::from(openat(folder, name, flags, Mode::empty()).ok()?),
        max,
    )
}

fn bounded(file: File, max: u64) -> Option<String> {
    let mut bytes = Vec::new();
    let read = file.take(max).read_to_end(&mut bytes).ok()?;
    let complete = u64::try_from(read).is_ok_and(|read| read < max);
    // A process chooses its own name, which need not be text.
    complete.then(|| String::from_utf8_lossy(&bytes).into_owned())
}

// All 65,536 groups a process can have fit, with up to 11 bytes each.
const STATUS_BYTES_MAX: u64 = 1 << 20;
const STAT_BYTES_MAX: u64 = 4 << 10;
// `PROC_SUPER_MAGIC` and `CGROUP2_SUPER_MAGIC` of the kernel.
const PROC_MAGIC: i64 = 0x9FA0;
const CGROUP2_MAGIC: i64 = 0x6367_7270;
// A path in each of the hierarchies of version 1.
const CGROUP_BYTES_MAX: u64 = 128 << 10;
