//! All files below the places, read by as many threads as there are processors. A folder is looked
//! at once, whatever its paths, so that nothing goes round in circles.
//!
//! Memory is bounded whatever the tree: each thread holds one small file, two at a time hold a
//! large one, lists end, and what is beyond a bound is told as missing.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::num::NonZero;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use audit::host::{LookedAt, Readers, User, look};
use audit::keys::{OPENED_BYTES_MAX, PACKED};
use rustix::fs::{Dir, FileType, SeekFrom, Stat, fstat, fstatfs};
use rustix::io::Errno;
use zeroize::Zeroizing;

use super::gathered::Gathered;
use super::lacks;
use super::places::Starts;
use crate::commands::audit::tree::{Identity, Tree, entry, identity, kind, read, shown};

/// What is below the places, and how much that is.
pub(super) fn walk(
    tree: &Tree,
    starts: &Starts,
    users: &[User],
    key: &[u8],
) -> (Gathered, LookedAt) {
    let shared = Shared {
        tree,
        users,
        key,
        queue: Mutex::default(),
        changed: Condvar::new(),
        folders: Mutex::default(),
        files: Mutex::default(),
        gathered: Mutex::new(Gathered::new()),
        large: std::array::from_fn(|_| Mutex::default()),
        count: AtomicU64::new(0),
        bytes: AtomicU64::new(0),
        left: AtomicU64::new(0),
    };
    let mut worker = Worker::new(&shared, 0);
    for path in &starts.files {
        worker.linked_file(path);
    }
    // The last one is taken first.
    for path in starts.folders.iter().rev() {
        shared.add(Task::Folder(path.clone(), 0));
    }
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    let ended_well = std::thread::scope(|scope| {
        let shared = &shared;
        let spawn = |number| scope.spawn(move || Worker::new(shared, number).run());
        let workers: Vec<_> = (0..threads.min(THREADS_MAX)).map(spawn).collect();
        let mut joined = workers.into_iter().map(|worker| worker.join().is_ok());
        joined.all(|it| it)
    });
    if !ended_well {
        shared.miss("a part of the files", "a thread did not end well");
    }
    let left = shared.left.load(Ordering::Relaxed);
    if left > 0 {
        let why = format!("{left} files and folders are more than are read in one audit");
        shared.miss("a part of the files", &why);
    }
    let looked_at = LookedAt {
        files: shared.count.load(Ordering::Relaxed),
        bytes: shared.bytes.load(Ordering::Relaxed),
        ..LookedAt::default()
    };
    let gathered = shared.gathered.into_inner();
    (gathered.unwrap_or_else(PoisonError::into_inner), looked_at)
}

/// Work that any thread can do.
enum Task {
    /// A folder to list, and how far below its start it is. It is opened when its turn comes: a
    /// process may not have many files open.
    Folder(PathBuf, usize),
    /// Files of a folder.
    Files(Arc<OwnedFd>, Arc<PathBuf>, Vec<OsString>),
}

#[derive(Default)]
struct Queue {
    tasks: Vec<Task>,
    /// Of the folders' paths.
    bytes: usize,
    /// Tasks that are files of a folder.
    files: usize,
    /// Threads that may yet add tasks.
    busy: usize,
}

struct Shared<'a> {
    tree: &'a Tree,
    users: &'a [User],
    key: &'a [u8],
    queue: Mutex<Queue>,
    changed: Condvar,
    folders: Mutex<BTreeSet<Identity>>,
    /// Files that were read because of a link.
    files: Mutex<BTreeSet<Identity>>,
    gathered: Mutex<Gathered>,
    /// Held while a large file is.
    large: [Mutex<()>; LARGE_AT_ONCE],
    count: AtomicU64,
    bytes: AtomicU64,
    /// Files and folders that a bound kept out.
    left: AtomicU64,
}

impl Shared<'_> {
    /// The next task; `None` when all is done.
    fn next(&self) -> Option<Task> {
        let mut queue = lock(&self.queue);
        loop {
            if let Some(task) = queue.tasks.pop() {
                queue.busy += 1;
                match &task {
                    Task::Folder(path, _) => queue.bytes -= path.as_os_str().len(),
                    Task::Files(..) => queue.files -= 1,
                }
                return Some(task);
            }
            if queue.busy == 0 {
                self.changed.notify_all();
                return None;
            }
            let waited = self.changed.wait(queue);
            queue = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Adds a task; hands back one for which there is no room.
    fn add(&self, task: Task) -> Option<Task> {
        let mut queue = lock(&self.queue);
        match &task {
            Task::Folder(path, _) if queue.bytes < WAITING_BYTES_MAX => {
                queue.bytes += path.as_os_str().len();
            }
            Task::Files(..) if queue.files < WAITING_MAX => queue.files += 1,
            _ => return Some(task),
        }
        queue.tasks.push(task);
        self.changed.notify_one();
        None
    }

    fn done(&self) {
        let mut queue = lock(&self.queue);
        queue.busy -= 1;
        if queue.busy == 0 {
            self.changed.notify_all();
        }
    }

    fn miss(&self, what: &str, why: &str) {
        lock(&self.gathered).miss(lacks(what, why));
    }

    fn leave(&self, count: usize) {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        self.left.fetch_add(count, Ordering::Relaxed);
    }

    /// Whether there is an end to it.
    fn is_full(&self) -> bool {
        let many = self.count.load(Ordering::Relaxed) >= FILES_MAX;
        many || self.bytes.load(Ordering::Relaxed) >= BYTES_MAX
    }
}

struct Worker<'a> {
    shared: &'a Shared<'a>,
    /// Which of the locks of large files it waits for.
    large: usize,
    buffer: Zeroizing<Vec<u8>>,
}

impl<'a> Worker<'a> {
    fn new(shared: &'a Shared<'a>, number: usize) -> Self {
        Self {
            shared,
            large: number % LARGE_AT_ONCE,
            buffer: Zeroizing::new(Vec::new()),
        }
    }

    fn run(mut self) {
        while let Some(task) = self.shared.next() {
            match task {
                Task::Folder(..) if self.shared.is_full() => self.shared.leave(1),
                Task::Folder(path, depth) => self.enter(&path, depth),
                Task::Files(folder, path, names) => self.files(&folder, &path, names),
            }
            self.shared.done();
        }
    }

    /// Lists a folder, unless that was done, or it is no place of files.
    fn enter(&mut self, path: &Path, depth: usize) {
        let folder = match self.shared.tree.folder(path) {
            Ok(folder) => folder,
            Err(errno) => return self.miss_folder(path, errno),
        };
        let Ok(stat) = fstat(&folder) else {
            return;
        };
        if is_made_up(&folder) {
            return;
        }
        if depth > DEPTH_MAX {
            let why = "folders in folders beyond what is looked at";
            return self.shared.miss(&shown(path), why);
        }
        let mut folders = lock(&self.shared.folders);
        if folders.contains(&identity(&stat)) {
            return;
        }
        if folders.len() >= FOLDERS_MAX {
            return self.shared.leave(1);
        }
        folders.insert(identity(&stat));
        drop(folders);
        self.list(&Arc::new(folder), path, depth);
    }

    fn list(&mut self, folder: &Arc<OwnedFd>, path: &Path, depth: usize) {
        let entries = match Dir::read_from(folder) {
            Ok(entries) => entries,
            Err(errno) => return self.miss_folder(path, errno),
        };
        let below = Arc::new(path.to_owned());
        let mut names = Vec::new();
        for found in entries {
            let found = match found {
                Ok(found) => found,
                Err(errno) => return self.miss_folder(path, errno),
            };
            let name = OsString::from_vec(found.file_name().to_bytes().to_vec());
            if name == "." || name == ".." {
                continue;
            }
            let sort = match found.file_type() {
                FileType::Unknown => kind(folder, &name).unwrap_or(FileType::Unknown),
                known => known,
            };
            match sort {
                FileType::Directory => {
                    let task = Task::Folder(path.join(name), depth + 1);
                    self.shared
                        .leave(usize::from(self.shared.add(task).is_some()));
                }
                FileType::RegularFile => {
                    names.push(name);
                    if names.len() >= BATCH {
                        self.hand_over(folder, &below, std::mem::take(&mut names));
                    }
                }
                other => self.other(&path.join(name), other),
            }
        }
        if !names.is_empty() {
            self.hand_over(folder, &below, names);
        }
    }

    /// Files for whoever has time; where many wait, they are read at once.
    fn hand_over(&mut self, folder: &Arc<OwnedFd>, path: &Arc<PathBuf>, names: Vec<OsString>) {
        let task = Task::Files(Arc::clone(folder), Arc::clone(path), names);
        if let Some(Task::Files(_, _, names)) = self.shared.add(task) {
            self.files(folder, path, names);
        }
    }

    /// What is neither file nor folder. A link is passed over, as what it leads to is looked at
    /// where it lies; one that leads nowhere but to itself hides something.
    fn other(&self, path: &Path, sort: FileType) {
        let why = match sort {
            FileType::Fifo => "a pipe, which is not opened",
            FileType::Socket => "a socket, which is not opened",
            FileType::CharacterDevice | FileType::BlockDevice => "a device, which is not opened",
            FileType::Symlink if self.shared.tree.is_circle(path) => "links go round in circles",
            FileType::Symlink => return,
            _ => "neither a file nor a folder",
        };
        self.shared.miss(&shown(path), why);
    }

    fn files(&mut self, folder: &OwnedFd, path: &Path, names: Vec<OsString>) {
        if self.shared.is_full() {
            return self.shared.leave(names.len());
        }
        for name in names {
            let path = path.join(&name);
            match entry(folder, &name) {
                Ok((file, stat)) => {
                    let was_linked = lock(&self.shared.files).contains(&identity(&stat));
                    if !was_linked {
                        self.file(&file, &stat, &path);
                    }
                }
                // Gone since the folder was listed, or no file any more.
                Err(Errno::NOENT | Errno::LOOP | Errno::INVAL) => {}
                Err(errno) => self.shared.miss(&shown(&path), &why(errno)),
            }
        }
    }

    /// A file that a link may lead to.
    fn linked_file(&mut self, path: &Path) {
        match self.shared.tree.file(path) {
            Ok((file, stat)) => {
                if lock(&self.shared.files).insert(identity(&stat)) {
                    self.file(&file, &stat, path);
                }
            }
            Err(Errno::NOENT | Errno::NOTDIR | Errno::INVAL) => {}
            Err(errno) => self.shared.miss(&shown(path), &why(errno)),
        }
    }

    fn file(&mut self, file: &OwnedFd, stat: &Stat, path: &Path) {
        let shown = shown(path);
        let is_small = u64::try_from(stat.st_size).is_ok_and(|it| it <= SMALL_BYTES);
        if is_small {
            let cut = self.read(file, stat, &shown, SMALL_OPENED_BYTES_MAX);
            if !cut {
                return;
            }
        }
        let shared = self.shared;
        let _turn = shared.large.get(self.large).map(lock);
        if let Err(errno) = rustix::fs::seek(file, SeekFrom::Start(0)) {
            return shared.miss(&shown, &why(errno));
        }
        self.read(file, stat, &shown, OPENED_BYTES_MAX);
        self.buffer = Zeroizing::new(Vec::new());
    }

    /// Reads and looks; whether more has to be opened in it than this time.
    fn read(&mut self, file: &OwnedFd, stat: &Stat, shown: &str, opened_bytes_max: usize) -> bool {
        let is_whole = match read(file, FILE_BYTES_MAX, &mut self.buffer) {
            Ok(is_whole) => is_whole,
            Err(errno) => {
                self.shared.miss(shown, &why(errno));
                return false;
            }
        };
        let readers = Readers {
            uid: stat.st_uid,
            mode: stat.st_mode & 0o7777,
        };
        let shared = self.shared;
        let looked = look(
            shown,
            readers,
            &self.buffer,
            shared.users,
            shared.key,
            opened_bytes_max,
        );
        if opened_bytes_max < OPENED_BYTES_MAX && looked.cut.contains(&PACKED) {
            return true;
        }
        let bytes = u64::try_from(self.buffer.len()).unwrap_or(u64::MAX);
        shared.count.fetch_add(1, Ordering::Relaxed);
        shared.bytes.fetch_add(bytes, Ordering::Relaxed);
        if !is_whole {
            let (mib, size) = (FILE_BYTES_MAX >> 20, stat.st_size);
            let why = format!("only the first {mib} MiB of {size} bytes were read");
            shared.miss(shown, &why);
        }
        if !looked.is_empty() {
            lock(&shared.gathered).keep(shown, looked);
        }
        false
    }

    fn miss_folder(&self, path: &Path, errno: Errno) {
        // What is not there need not be read.
        if !matches!(errno, Errno::NOENT | Errno::NOTDIR) {
            self.shared.miss(&shown(path), &why(errno));
        }
    }
}

/// As people say it.
pub(super) fn why(errno: Errno) -> String {
    match errno {
        Errno::ACCESS | Errno::PERM => "permission denied".to_owned(),
        Errno::LOOP => "links go round in circles".to_owned(),
        other => other.to_string(),
    }
}

/// Whether the kernel makes up what is in a folder.
fn is_made_up(folder: &OwnedFd) -> bool {
    fstatfs(folder).is_ok_and(|found| MADE_UP.contains(&found.f_type))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

// /usr/include/linux/magic.h: proc, sysfs, cgroup, cgroup2, devpts, debugfs, tracefs, securityfs.
const MADE_UP: [i64; 8] = [
    0x9fa0,
    0x6265_6572,
    0x0027_e0eb,
    0x6367_7270,
    0x1cd1,
    0x6462_6720,
    0x7472_6163,
    0x7363_6673,
];
const THREADS_MAX: usize = 8;
// Files of a folder that one thread reads before another may take some.
const BATCH: usize = 64;
const DEPTH_MAX: usize = 64;
// Configuration is small; of a large file the beginning is read, and the rest is told as missing.
const FILE_BYTES_MAX: usize = 16 << 20;
// A file that all threads may hold one of, and what is opened in it at first.
const SMALL_BYTES: u64 = 1 << 20;
const SMALL_OPENED_BYTES_MAX: usize = 2 << 20;
const LARGE_AT_ONCE: usize = 2;
// Batches of files, and bytes of the paths of folders, that wait for their turn.
const WAITING_MAX: usize = 256;
const WAITING_BYTES_MAX: usize = 16 << 20;
const FOLDERS_MAX: usize = 500_000;
const FILES_MAX: u64 = 2_000_000;
const BYTES_MAX: u64 = 64 << 30;
