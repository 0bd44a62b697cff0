//! The data folder: its files, who may read them, and what is said when something is wrong.

use std::ffi::OsStr;
use std::fmt::Display;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use redb::{Builder, Database, DatabaseError, ReadOnlyDatabase, StorageError};
use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

use super::embedded::Embedded;
use super::head::Head;
use super::{FORMAT, KeySource, Shared};
use crate::failure::Failure;
use crate::host::caught;

/// Where an account is kept.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    database: PathBuf,
    key_source: KeySource,
    exports: Option<PathBuf>,
    accepts_rollback: bool,
    shared: Option<Shared>,
    is_beside_server: bool,
}

/// Held by the one process that uses a folder.
#[derive(Debug)]
pub(super) struct Lock {
    _folder: Option<File>,
}

impl Folder {
    /// The folder asked for, or the user's own; made if it is not there, for the owner alone.
    pub(crate) fn prepare(
        asked: Option<PathBuf>,
        key_source: Option<KeySource>,
    ) -> Result<Self, Failure> {
        let path = Self::locate(asked)?;
        let made = fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&path);
        made.map_err(|error| {
            Failure::wrong(format!(
                "the data folder `{}` cannot be made: {error}",
                path.display()
            ))
            .hint("name another one with `--data`")
        })?;
        let database = path.join("rolecall.redb");
        let key_source = key_source.unwrap_or_else(|| KeySource::File(path.join("root.key")));
        Ok(Self {
            path,
            database,
            key_source,
            exports: None,
            accepts_rollback: false,
            shared: None,
            is_beside_server: false,
        })
    }

    /// The folder asked for, or the user's own, whether it is there or not.
    pub(crate) fn locate(asked: Option<PathBuf>) -> Result<PathBuf, Failure> {
        asked.map_or_else(default_path, Ok)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The same, with the folder of its exports, to be named where one is needed.
    #[must_use]
    pub(crate) fn with_exports(mut self, exports: Option<PathBuf>) -> Self {
        self.exports = exports;
        self
    }

    /// The same, where an older copy of the store will do.
    #[must_use]
    pub(crate) fn accepting_rollback(mut self, accepts: bool) -> Self {
        self.accepts_rollback = accepts;
        self
    }

    /// The same, where the account is not in the folder but in a cluster.
    #[must_use]
    pub(crate) fn sharing(mut self, shared: Option<Shared>) -> Self {
        self.shared = shared;
        self
    }

    /// The same for work on a cluster while a server may be using the folder.
    #[must_use]
    pub(crate) fn beside_server(mut self) -> Self {
        self.is_beside_server = self.shared.is_some();
        self
    }

    /// The cluster that the account is in, if it is in one.
    pub(super) fn shared(&self) -> Option<&Shared> {
        self.shared.as_ref()
    }

    /// Where the account is, as its users name it.
    pub(crate) fn name(&self) -> String {
        let path = || self.path.display().to_string();
        self.shared.as_ref().map_or_else(path, Shared::to_string)
    }

    /// The same in a sentence.
    pub(super) fn place(&self) -> String {
        match &self.shared {
            Some(shared) => format!("`{shared}`"),
            None => format!("the data folder `{}`", self.path.display()),
        }
    }

    /// What it is kept in.
    fn kept_in(&self) -> String {
        let file = || self.database.display().to_string();
        self.shared.as_ref().map_or_else(file, Shared::to_string)
    }

    /// The generation of the last commit, as the head says.
    pub(super) fn head(&self) -> Result<Option<u64>, Failure> {
        if self.is_beside_server {
            return Ok(None);
        }
        Head::read(&self.path).map_err(|error| self.unwritable(&error))
    }

    /// The head, brought to a generation; `None` where it is a server's to write.
    pub(super) fn open_head(&self, generation: u64) -> Result<Option<Head>, Failure> {
        if self.is_beside_server {
            return Ok(None);
        }
        Head::open(&self.path, generation).map(Some)
    }

    /// Refuses a store that is not the one that was here last: with fewer commits, or none.
    pub(super) fn check_head(&self, found: Option<u64>) -> Result<(), Failure> {
        let head = self.head()?.unwrap_or_default();
        if found.unwrap_or_default() >= head || self.accepts_rollback {
            return Ok(());
        }
        let name = self.kept_in();
        let failure = match found {
            Some(found) => Failure::wrong(format!(
                "`{name}` is an older copy: it has {found} writes, and {head} were made"
            ))
            .hint("put the newer file back"),
            None => Failure::wrong(format!(
                "the account in `{name}` is gone: {head} writes were made to it"
            )),
        };
        Err(failure
            .hint(self.way_back())
            .hint("`--accept-rollback` goes on with what is there; what was written since is lost"))
    }

    /// Whether there is a file that something was written to.
    pub(super) fn has_database(&self) -> bool {
        fs::metadata(&self.database).is_ok_and(|found| found.len() > 0)
    }

    /// The same with another root key.
    pub(super) fn with_key_source(&self, key_source: KeySource) -> Self {
        Self {
            path: self.path.clone(),
            database: self.database.clone(),
            key_source,
            exports: self.exports.clone(),
            accepts_rollback: self.accepts_rollback,
            shared: self.shared.clone(),
            is_beside_server: self.is_beside_server,
        }
    }

    /// Where its root key comes from.
    pub(super) fn key_source(&self) -> &KeySource {
        &self.key_source
    }

    /// Keeps other processes out for as long as the lock is held.
    pub(super) fn lock(&self) -> Result<Lock, Failure> {
        if self.is_beside_server {
            return Ok(Lock { _folder: None });
        }
        let folder = File::open(&self.path).map_err(|error| self.unwritable(&error))?;
        match flock(&folder, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Lock {
                _folder: Some(folder),
            }),
            Err(Errno::WOULDBLOCK) => Err(self.in_use()),
            Err(error) => Err(self.unwritable(&error.into())),
        }
    }

    /// The database as it is, if there is one that was closed in good order.
    pub(super) fn open_read_only(&self) -> Result<Option<ReadOnlyDatabase>, Failure> {
        match fs::metadata(&self.database) {
            Ok(found) if found.len() > 0 => {}
            Ok(_) => return Ok(None),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.unwritable(&error)),
        }
        match caught(|| builder().open_read_only(&self.database)) {
            Some(Ok(database)) => Ok(Some(database)),
            Some(Err(DatabaseError::RepairAborted)) => Ok(None),
            Some(Err(error)) => Err(self.refused(error)),
            None => Err(self.damaged(&"it cannot be repaired")),
        }
    }

    /// Opens the database for writing, or makes it.
    pub(super) fn open_database(&self) -> Result<Database, Failure> {
        if !self.has_database() {
            self.make()?;
        }
        match caught(|| checked(builder().create(&self.database))) {
            Some(Ok(database)) => Ok(database),
            Some(Err(error)) => Err(self.refused(error)),
            None => Err(self.damaged(&"it cannot be repaired")),
        }
    }

    /// The same as an engine, which opens it again when its disk was full.
    pub(super) fn open_engine(&self) -> Result<Embedded, Failure> {
        let path = self.database.clone();
        let engine = Embedded::new(self.open_database()?);
        // It is there: a file that is gone is not made anew.
        let again = move || checked(builder().open(&path));
        Ok(engine.reopened_by(again, OPENED_AGAIN_AFTER))
    }

    fn refused(&self, error: DatabaseError) -> Failure {
        match error {
            DatabaseError::DatabaseAlreadyOpen => self.in_use(),
            DatabaseError::Storage(StorageError::Io(error)) => match error.kind() {
                ErrorKind::InvalidData => self.foreign(&error),
                ErrorKind::UnexpectedEof => self.damaged(&"it ends too early"),
                _ => self.unwritable(&error),
            },
            DatabaseError::Storage(error) => self.damaged(&error),
            error => self.foreign(&error),
        }
    }

    fn in_use(&self) -> Failure {
        let path = self.path.display();
        Failure::wrong(format!(
            "the data folder `{path}` is in use by another process"
        ))
        .hint("stop the other `rolecall`, or name another folder with `--data`")
    }

    fn foreign(&self, why: &dyn Display) -> Failure {
        let name = self.database.display();
        Failure::wrong(format!("`{name}` is no database of rolecall: {why}"))
            .hint("name another folder with `--data`")
            .hint(self.way_back())
    }

    /// The database is there and cannot be used.
    pub(crate) fn damaged(&self, why: &dyn Display) -> Failure {
        let failure = Failure::unfinished(format!("`{}` is damaged: {why}", self.kept_in()))
            .hint(self.way_back());
        match &self.shared {
            Some(_) => failure,
            None => failure.hint("keep the damaged file until the account is back"),
        }
    }

    /// How an account is had back.
    fn way_back(&self) -> String {
        let newest = self.exports.as_deref().and_then(super::exports::newest);
        if self.shared.is_some() {
            return "restore an export below a new prefix with `rolecall account restore --from \
                    EXPORT --etcd URL --etcd-prefix PREFIX`"
                .to_owned();
        }
        match newest {
            Some(newest) => format!(
                "the newest export is `{}`: restore it into a new folder with \
                 `rolecall account restore --from {} --data DIR`",
                newest.display(),
                newest.display()
            ),
            None => "restore an export into a new folder with `rolecall account restore --from \
                     EXPORT --data DIR`"
                .to_owned(),
        }
    }

    /// Refuses a folder with anything but a root key in it, and files of objects, which no export
    /// has.
    pub(super) fn check_empty(&self) -> Result<(), Failure> {
        let entries = fs::read_dir(&self.path).map_err(|error| self.unwritable(&error))?;
        for entry in entries {
            let found = entry.map_err(|error| self.unwritable(&error))?.path();
            let is_root_key = match &self.key_source {
                KeySource::File(path) | KeySource::PassphraseFile(path) => *path == found,
                _ => false,
            };
            let is_objects = found.file_name() == Some(OsStr::new(super::objects::FOLDER));
            if !is_root_key && !is_objects {
                let path = self.path.display();
                return Err(Failure::wrong(format!(
                    "the data folder `{path}` is not empty: `{}` is in it",
                    found.display()
                ))
                .hint("name a new folder with `--data`"));
            }
        }
        Ok(())
    }

    /// Takes away what was begun.
    pub(super) fn remove_database(&self) {
        let _gone = fs::remove_file(&self.database);
    }

    /// Makes the file, for its owner alone. It gets its name when it is a database, so that power
    /// that is cut meanwhile leaves none, and not a half of one.
    fn make(&self) -> Result<(), Failure> {
        let partial = self.path.join(".rolecall.redb.partial");
        let make = || -> std::io::Result<()> {
            match fs::remove_file(&partial) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            let mut options = OpenOptions::new();
            let file = options.read(true).write(true).create_new(true).mode(0o600);
            let database = builder().create_file(file.open(&partial)?);
            drop(database.map_err(std::io::Error::other)?);
            File::open(&partial)?.sync_all()?;
            fs::rename(&partial, &self.database)?;
            File::open(&self.path)?.sync_all()
        };
        make().map_err(|error| self.unwritable(&error))
    }

    fn unwritable(&self, error: &std::io::Error) -> Failure {
        let path = self.path.display();
        Failure::wrong(format!(
            "the data folder `{path}` cannot be written: {error}"
        ))
        .hint("give rolecall the right to write there, or name another folder with `--data`")
    }

    /// Refuses what another version wrote.
    pub(super) fn check_format(&self, found: &[u8]) -> Result<(), Failure> {
        if found == FORMAT.to_string().as_bytes() {
            return Ok(());
        }
        if found.is_empty() {
            return Err(self.damaged(&"it does not say what its format is"));
        }
        let found = String::from_utf8_lossy(found).escape_debug().to_string();
        let place = self.place();
        Err(Failure::wrong(format!(
            "{place} has format {found}, this version knows format {FORMAT}"
        ))
        .hint("run the version that wrote it, or name another folder with `--data`"))
    }

    /// There is no account in the folder.
    pub(crate) fn empty(&self) -> Failure {
        Failure::wrong(format!("there is no account in `{}`", self.name()))
            .hint("make one with `rolecall account init`, or name another folder with `--data`")
    }

    pub(super) fn foreign_root_key(&self) -> Failure {
        let (key, hint) = match &self.key_source {
            KeySource::File(path) => (
                format!("root key `{}`", path.display()),
                "name the key that the folder was made with: `--root-key-file FILE`",
            ),
            KeySource::Credential(name) => (
                format!("credential `{name}`"),
                "name the key that the folder was made with: `--root-key-credential NAME`",
            ),
            KeySource::PassphraseFile(path) => (
                format!("passphrase in `{}`", path.display()),
                "give the passphrase that the folder was made with",
            ),
            KeySource::Prompt => ("passphrase".to_owned(), "try again"),
            KeySource::Command(line) => (
                format!("root key that `{line}` unwraps"),
                "name the key service that the folder was made with: `--root-key-command CMD`",
            ),
        };
        let place = self.place();
        Failure::wrong(format!("the {key} does not open {place}")).hint(hint)
    }
}

/// Writes a file that only its owner reads, whole or not at all.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    write_private_by(path, |mut file| file.write_all(bytes))
}

/// The same, by what writes into the file.
pub(crate) fn write_private_by(
    path: &Path,
    by: impl FnOnce(&File) -> std::io::Result<()>,
) -> Result<(), Failure> {
    let unwritable = |error: std::io::Error| {
        Failure::wrong(format!("`{}` cannot be written: {error}", path.display()))
    };
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let partial = folder.join(format!(".{name}.{}.partial", std::process::id()));
    let write = || {
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&partial)?;
        by(&file)?;
        file.sync_all()?;
        fs::rename(&partial, path)?;
        File::open(folder)?.sync_all()
    };
    write().map_err(|error| {
        let _gone = fs::remove_file(&partial);
        unwritable(error)
    })
}

/// Verifies all pages, and what the file says of its free space, before anything is written to it.
pub(super) fn checked(opened: Result<Database, DatabaseError>) -> Result<Database, DatabaseError> {
    let mut database = opened?;
    if !database.check_integrity()? {
        tracing::warn!("what the store's file said of its free space was wrong, and is right now");
    }
    Ok(database)
}

fn builder() -> Builder {
    let mut builder = Builder::new();
    builder.set_cache_size(CACHE_BYTES);
    builder
}

fn default_path() -> Result<PathBuf, Failure> {
    let set = |name| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let state = set("XDG_STATE_HOME").or_else(|| Some(set("HOME")?.join(".local/state")));
    state.map(|state| state.join("rolecall")).ok_or_else(|| {
        Failure::wrong("there is no home to keep the data in: `HOME` is not set")
            .hint("name a folder with `--data`")
    })
}

// Enough for the hot pages; snapshots are read from memory, not from here.
const CACHE_BYTES: usize = 16 * 1024 * 1024;
// How long writes are refused at once after the disk was full: every page is read to open again.
const OPENED_AGAIN_AFTER: Duration = Duration::from_secs(1);
