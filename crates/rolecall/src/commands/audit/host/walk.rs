//! All files below the places, read by as many threads as there are processors. A folder is looked
//! at once, whatever its paths, so that nothing goes round in circles.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::num::NonZero;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use audit::host::{Readers, User, look};
use rustix::fs::{Dir, FileType, Stat, fstat, fstatfs};
use rustix::io::Errno;
use zeroize::Zeroizing;

use super::places::Starts;
use super::{Gathered, lacks};
use crate::commands::audit::tree::{Identity, Tree, entry, identity, kind, read, shown};

/// What is below the places.
pub(super) fn walk(tree: &Tree, starts: &Starts, users: &[User], key: &[u8]) -> Gathered {
    let shared = Shared {
        tree,
        users,
        key,
        queue: Mutex::default(),
        changed: Condvar::new(),
        folders: Mutex::default(),
        files: Mutex::default(),
        count: AtomicU64::new(0),
        bytes: AtomicU64::new(0),
    };
    let mut gathered = Gathered::default();
    let mut worker = Worker::new(&shared);
    for path in &starts.files {
        worker.linked_file(path);
    }
    // The last one is taken first.
    let folders = starts.folders.iter().rev();
    lock(&shared.queue).tasks = folders.map(|path| Task::Folder(path.clone(), 0)).collect();
    gathered.add(worker.gathered);
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    let parts = std::thread::scope(|scope| {
        let spawn = |_| scope.spawn(|| Worker::new(&shared).run());
        let workers: Vec<_> = (0..threads.min(THREADS_MAX)).map(spawn).collect();
        let joined = workers.into_iter().map(|worker| worker.join().ok());
        joined.collect::<Vec<_>>()
    });
    for part in parts {
        match part {
            Some(part) => gathered.add(part),
            None => gathered.miss(lacks("a part of the files", "a thread did not end well")),
        }
    }
    gathered
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
    count: AtomicU64,
    bytes: AtomicU64,
}

impl Shared<'_> {
    /// The next task; `None` when all is done.
    fn next(&self) -> Option<Task> {
        let mut queue = lock(&self.queue);
        loop {
            if let Some(task) = queue.tasks.pop() {
                queue.busy += 1;
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

    fn done(&self, more: &mut Vec<Task>) {
        let mut queue = lock(&self.queue);
        queue.tasks.append(more);
        queue.busy -= 1;
        self.changed.notify_all();
    }

    /// Whether there is an end to it.
    fn is_full(&self) -> bool {
        let many = self.count.load(Ordering::Relaxed) >= FILES_MAX;
        many || self.bytes.load(Ordering::Relaxed) >= BYTES_MAX
    }
}

struct Worker<'a> {
    shared: &'a Shared<'a>,
    gathered: Gathered,
    tasks: Vec<Task>,
    buffer: Zeroizing<Vec<u8>>,
}

impl<'a> Worker<'a> {
    fn new(shared: &'a Shared<'a>) -> Self {
        Self {
            shared,
            gathered: Gathered::default(),
            tasks: Vec::new(),
            buffer: Zeroizing::new(Vec::new()),
        }
    }

    fn run(mut self) -> Gathered {
        while let Some(task) = self.shared.next() {
            if self.shared.is_full() {
                let why = "there are more files than are read in one audit";
                self.gathered.miss(lacks("a part of the files", why));
            } else {
                match task {
                    Task::Folder(path, depth) => self.enter(&path, depth),
                    Task::Files(folder, path, names) => self.files(&folder, &path, names),
                }
            }
            self.shared.done(&mut self.tasks);
        }
        self.gathered
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
        if !lock(&self.shared.folders).insert(identity(&stat)) || is_made_up(&folder) {
            return;
        }
        if depth > DEPTH_MAX {
            let why = "folders in folders beyond what is looked at";
            return self.gathered.miss(lacks(&shown(path), why));
        }
        self.list(&Arc::new(folder), path, depth);
    }

    fn list(&mut self, folder: &Arc<OwnedFd>, path: &Path, depth: usize) {
        let entries = match Dir::read_from(folder) {
            Ok(entries) => entries,
            Err(errno) => return self.miss_folder(path, errno),
        };
        let below = Arc::new(path.to_owned());
        let mut names = Vec::new();
        let flush = |names: &mut Vec<OsString>, tasks: &mut Vec<Task>| {
            let names = std::mem::take(names);
            tasks.push(Task::Files(Arc::clone(folder), Arc::clone(&below), names));
        };
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
                    self.tasks.push(Task::Folder(path.join(name), depth + 1));
                }
                FileType::RegularFile => {
                    names.push(name);
                    if names.len() >= BATCH {
                        flush(&mut names, &mut self.tasks);
                    }
                }
                // Links, pipes, sockets, devices.
                _ => {}
            }
        }
        if !names.is_empty() {
            flush(&mut names, &mut self.tasks);
        }
    }

    fn files(&mut self, folder: &OwnedFd, path: &Path, names: Vec<OsString>) {
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
                Err(errno) => self.gathered.miss(lacks(&shown(&path), &why(errno))),
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
            Err(errno) => self.gathered.miss(lacks(&shown(path), &why(errno))),
        }
    }

    fn file(&mut self, file: &OwnedFd, stat: &Stat, path: &Path) {
        let shown = shown(path);
        match read(file, FILE_BYTES_MAX, &mut self.buffer) {
            Ok(true) => {}
            Ok(false) => {
                let mib = FILE_BYTES_MAX >> 20;
                let why = format!(
                    "only the first {mib} MiB of {} bytes were read",
                    stat.st_size
                );
                self.gathered.miss(lacks(&shown, &why));
            }
            Err(errno) => return self.gathered.miss(lacks(&shown, &why(errno))),
        }
        let bytes = u64::try_from(self.buffer.len()).unwrap_or(u64::MAX);
        self.shared.count.fetch_add(1, Ordering::Relaxed);
        self.shared.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.gathered.looked_at.files += 1;
        self.gathered.looked_at.bytes += bytes;
        let readers = Readers {
            uid: stat.st_uid,
            mode: stat.st_mode & 0o7777,
        };
        let looked = look(
            &shown,
            readers,
            &self.buffer,
            self.shared.users,
            self.shared.key,
        );
        self.gathered.keep(&shown, looked);
    }

    fn miss_folder(&mut self, path: &Path, errno: Errno) {
        // What is not there need not be read.
        if !matches!(errno, Errno::NOENT | Errno::NOTDIR) {
            self.gathered.miss(lacks(&shown(path), &why(errno)));
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
const THREADS_MAX: usize = 16;
// Files of a folder that one thread reads before another may take some.
const BATCH: usize = 64;
const DEPTH_MAX: usize = 64;
// Configuration is small; of a large file the beginning is read, and the rest is told as missing.
const FILE_BYTES_MAX: usize = 16 << 20;
const FILES_MAX: u64 = 2_000_000;
const BYTES_MAX: u64 = 64 << 30;
