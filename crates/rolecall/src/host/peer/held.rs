//! One process, held on to while it is looked at.
//!
//! A number can be given to another process as soon as its own has gone. An open folder of /proc
//! cannot: reading in it fails once its process is gone. So all is read below one folder, and is
//! believed only where the process still lives afterwards.
//!
//! To open a file of /proc costs more than to read it, so files stay open that are read again. Such
//! a file says what holds when it is read, and nothing once its process is gone.

use std::ffi::{CStr, CString};
use std::fs::File;
use std::io::Read;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;
use std::sync::{LazyLock, Mutex, OnceLock, PoisonError};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{
    AtFlags, CWD, Mode, OFlags, RawDir, ResolveFlags, StatxFlags, fstatfs, openat, openat2,
    readlinkat, readlinkat_raw, stat, statat, statfs, statx,
};
use rustix::io::{Errno, pread};
use rustix::process::{Pid, PidfdFlags, pidfd_open};

use super::parse::{self, Credentials};
use super::unit;

/// A process that was there when this was made.
#[derive(Debug)]
pub(super) struct Held {
    pid: u32,
    folder: OwnedFd,
    life: Life,
    status: OnceLock<OwnedFd>,
    cgroup: OnceLock<OwnedFd>,
    // That was a socket the last time. Callers open and close them, and mostly get the same again.
    likely: Mutex<Option<CString>>,
}

/// Whether a look may take long: a program may stand on a file system that does not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    /// Where others wait: what is not at hand is not waited for.
    AtOnce,
    /// On a thread of its own.
    Patient,
}

/// Why nothing is known of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unread {
    /// It has ended.
    Ended,
    /// It would have taken long.
    Slow,
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
        let held = Self::new(pid, folder(pid)?, Life::Pidfd(pidfd));
        // It has its number while it lives, so the folder is its own.
        held.lives().then_some(held)
    }

    pub(super) fn without_pidfd(pid: u32) -> Option<Self> {
        let folder = folder(pid)?;
        let life = life(&folder).filter(|life| !life.has_ended())?;
        Some(Self::new(pid, folder, Life::Started(life.started)))
    }

    fn new(pid: u32, folder: OwnedFd, life: Life) -> Self {
        Self {
            pid,
            folder,
            life,
            status: OnceLock::new(),
            cgroup: OnceLock::new(),
            likely: Mutex::default(),
        }
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

    /// All that is asked of it.
    ///
    /// # Errors
    ///
    /// [`Unread`] where it ended meanwhile, or where what it runs is not at hand.
    pub(super) fn facts(&self, pace: Pace) -> Result<Facts, Unread> {
        let groups = self.text_again(&self.cgroup, c"cgroup", CGROUP_BYTES_MAX);
        let cgroup = groups.as_deref().and_then(parse::cgroup);
        let (exe, program) = self.program(pace)?;
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
        self.lives().then_some(facts).ok_or(Unread::Ended)
    }

    /// What a file of its folder says now, which is kept open.
    fn text_again(&self, kept: &OnceLock<OwnedFd>, name: &CStr, max: u64) -> Option<String> {
        let file = if let Some(file) = kept.get() {
            file
        } else {
            let flags = OFlags::RDONLY | OFlags::CLOEXEC;
            let file = openat(&self.folder, name, flags, Mode::empty()).ok()?;
            kept.get_or_init(|| file)
        };
        let mut buffer = [0; SHORT_BYTES_MAX];
        let length = pread(file, &mut buffer, 0).ok()?;
        if length == buffer.len() {
            return read(&self.folder, name, max);
        }
        let bytes = buffer.get(..length)?;
        Some(String::from_utf8_lossy(bytes).into_owned())
    }

    pub(super) fn pid(&self) -> u32 {
        self.pid
    }

    pub(super) fn credentials(&self) -> Option<Credentials> {
        parse::status(&self.status()?)
    }

    /// Whether it is a process. The folder of a thread, which no listing shows, looks like one.
    pub(super) fn is_process(&self) -> bool {
        let status = self.status();
        status.as_deref().and_then(parse::thread_group) == Some(self.pid)
    }

    fn status(&self) -> Option<String> {
        self.text_again(&self.status, c"status", STATUS_BYTES_MAX)
    }

    /// Its program, and the path where the file of that path here is the one that runs. It is not
    /// for a program that was deleted or replaced, nor for one in a container or behind a mount
    /// of the process's own, whatever its path looks like.
    fn program(&self, pace: Pace) -> Result<Program, Unread> {
        let Ok(program) = identity(&self.folder, c"exe", AtFlags::empty()) else {
            return Ok((None, None));
        };
        let path = readlinkat(&self.folder, c"exe", Vec::new()).ok();
        let path = path.and_then(|path| path.into_string().ok());
        let Some(path) = path.filter(|path| path.starts_with('/')) else {
            return Ok((None, Some(program)));
        };
        let stands = match (pace, at_hand(&path)) {
            (_, Ok(stands)) => Some(stands),
            (_, Err(Errno::NOENT)) => None,
            (Pace::AtOnce, Err(_)) => return Err(Unread::Slow),
            (Pace::Patient, Err(_)) => identity(CWD, path.as_str(), AtFlags::empty()).ok(),
        };
        Ok(((stands == Some(program)).then_some(path), Some(program)))
    }

    /// The user that /proc shows it under: its effective one.
    pub(super) fn owner(&self) -> Option<u32> {
        Some(statat(&self.folder, c"", AtFlags::EMPTY_PATH).ok()?.st_uid)
    }

    /// A descriptor of it that is the socket, with `budget` lowered by all that were looked at.
    pub(super) fn link_to(&self, inode: u64, budget: &mut usize) -> Result<Option<CString>, Errno> {
        let likely = self.likely().clone();
        if let Some(descriptor) = likely.filter(|likely| self.has(likely, inode)) {
            return Ok(Some(descriptor));
        }
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let folder = openat(&self.folder, c"fd", flags, Mode::empty())?;
        let mut buffer = [MaybeUninit::uninit(); LISTING_BYTES];
        let mut entries = RawDir::new(&folder, &mut buffer);
        while let Some(entry) = entries.next() {
            let entry = entry?;
            let name = entry.file_name();
            if !name.to_bytes().first().is_some_and(u8::is_ascii_digit) {
                continue;
            }
            *budget = budget.checked_sub(1).ok_or(Errno::NOBUFS)?;
            match socket_inode(&folder, name) {
                Ok(Some(found)) if found == inode => {
                    let name = name.to_owned();
                    *self.likely() = Some(name.clone());
                    return Ok(Some(name));
                }
                // Closed meanwhile.
                Ok(_) | Err(Errno::NOENT) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    fn likely(&self) -> std::sync::MutexGuard<'_, Option<CString>> {
        self.likely.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a descriptor that was the socket still is.
    pub(super) fn has(&self, descriptor: &CStr, inode: u64) -> bool {
        let mut path = [0; DESCRIPTOR_BYTES_MAX];
        let parts = [&b"fd/"[..], descriptor.to_bytes_with_nul()].concat();
        let Some(place) = path.get_mut(..parts.len()) else {
            return false;
        };
        place.copy_from_slice(&parts);
        let Ok(path) = CStr::from_bytes_until_nul(&path) else {
            return false;
        };
        socket_inode(&self.folder, path) == Ok(Some(inode))
    }
}

type Identity = (u64, u64);
type Program = (Option<String>, Option<Identity>);

/// Device and inode, as far as this host knows them without asking another one.
fn identity(
    folder: impl AsFd,
    path: impl rustix::path::Arg,
    flags: AtFlags,
) -> Result<Identity, Errno> {
    let flags = flags | AtFlags::STATX_DONT_SYNC;
    let it = statx(folder, path, flags, StatxFlags::INO)?;
    let device = rustix::fs::makedev(it.stx_dev_major, it.stx_dev_minor);
    Ok((device, it.stx_ino))
}

/// That of what stands at a path, where the kernel has all of the path in memory.
fn at_hand(path: &str) -> Result<Identity, Errno> {
    let flags = OFlags::PATH | OFlags::CLOEXEC;
    let file = openat2(CWD, path, flags, Mode::empty(), ResolveFlags::CACHED)?;
    identity(&file, c"", AtFlags::EMPTY_PATH)
}

/// The inode of the socket that a link stands for; `None` for anything else.
fn socket_inode(folder: impl AsFd, path: &CStr) -> Result<Option<u64>, Errno> {
    let mut buffer = [MaybeUninit::uninit(); LINK_BYTES];
    let (link, _) = readlinkat_raw(folder, path, &mut buffer)?;
    Ok(parse::socket_inode(link))
}

/// The numbers of a user's processes, by their effective user, which this folder shows also of
/// what may not be dumped; `None` where there are more than `max` of all users.
pub(super) fn numbers_of(uid: u32, max: usize) -> Option<Vec<u32>> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let proc = openat(CWD, "/proc", flags, Mode::empty()).ok()?;
    let mut buffer = [MaybeUninit::uninit(); LISTING_BYTES];
    let mut entries = RawDir::new(&proc, &mut buffer);
    let (mut numbers, mut seen) = (Vec::new(), 0);
    while let Some(entry) = entries.next() {
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
/// containers may have it, and where /proc counts otherwise than this process is counted.
pub(super) fn last_number() -> Option<u32> {
    let file = LAST_NUMBER.as_ref()?;
    let mut buffer = [0; SHORT_BYTES_MAX];
    let length = pread(file, &mut buffer, 0).ok()?;
    let text = std::str::from_utf8(buffer.get(..length)?).ok()?;
    text.split_ascii_whitespace().nth(4)?.parse().ok()
}

static LAST_NUMBER: LazyLock<Option<OwnedFd>> = LazyLock::new(|| {
    let status = text(Path::new("/proc/self/status"), STATUS_BYTES_MAX)?;
    if parse::numbers(&status) != Some(1) {
        return None;
    }
    let file = File::open("/proc/loadavg").ok()?;
    let is_kernels = fstatfs(&file).ok()?.f_type == PROC_MAGIC;
    is_kernels.then(|| file.into())
});

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
// What most such files have; longer ones are read piece by piece.
const SHORT_BYTES_MAX: usize = 4 << 10;
const LISTING_BYTES: usize = 8 << 10;
// `socket:[NUMBER]` fits. A longer link is cut, and is none of a socket.
const LINK_BYTES: usize = 64;
const DESCRIPTOR_BYTES_MAX: usize = 32;
// `PROC_SUPER_MAGIC` and `CGROUP2_SUPER_MAGIC` of the kernel.
const PROC_MAGIC: i64 = 0x9FA0;
const CGROUP2_MAGIC: i64 = 0x6367_7270;
// A path in each of the hierarchies of version 1.
const CGROUP_BYTES_MAX: u64 = 128 << 10;
