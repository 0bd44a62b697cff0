//! The folder of exports that a server fills: one file each, the oldest removed.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;

use super::{Store, write_private_by};
use crate::clock;
use crate::failure::Failure;

/// Where a server puts exports, how often, and how many stay.
#[derive(Debug, Clone)]
pub(crate) struct Exports {
    pub(crate) folder: PathBuf,
    pub(crate) every: Duration,
    pub(crate) keep: usize,
}

impl Exports {
    /// Exports at once, then in every span in which something was written, and once more at the
    /// end. The first one must succeed; of a later failure the log tells.
    pub(crate) async fn start(
        self,
        store: Arc<Store>,
        mut stop: watch::Receiver<bool>,
    ) -> Result<tokio::task::JoinHandle<()>, Failure> {
        make_folder(&self.folder).map_err(|error| self.unwritable(&error))?;
        remove_partial(&self.folder);
        let exports = Arc::new(self);
        exports.clone().export(store.clone()).await?;
        Ok(tokio::spawn(async move {
            let mut is_last = false;
            while !is_last {
                let wait = tokio::time::timeout(exports.every, stop.wait_for(|stop| *stop));
                is_last = wait.await.is_ok();
                if let Err(failure) = exports.clone().export(store.clone()).await {
                    tracing::error!("{}", failure.message);
                }
            }
        }))
    }

    async fn export(self: Arc<Self>, store: Arc<Store>) -> Result<(), Failure> {
        let work = tokio::task::spawn_blocking(move || self.export_now(&store));
        let failed = |error| Failure::unfinished(format!("an export did not end: {error}"));
        work.await.map_err(failed)?
    }

    /// Writes an export, unless there is one of this generation.
    pub(super) fn export_now(&self, store: &Store) -> Result<(), Failure> {
        let newest = newest(&self.folder);
        let generation = store.generation();
        if newest.is_some_and(|file| generation_of(&file) == Some(generation)) {
            return Ok(());
        }
        let now = clock::now();
        let path = self.folder.join(name(now, generation));
        store.export(&path, now)?;
        tracing::info!(path = %path.display(), generation, "exported");
        self.prune().map_err(|error| self.unwritable(&error))
    }

    fn prune(&self) -> io::Result<()> {
        let all = all(&self.folder)?;
        let surplus = all.len().saturating_sub(self.keep);
        all.iter().take(surplus).try_for_each(std::fs::remove_file)
    }

    fn unwritable(&self, error: &io::Error) -> Failure {
        let folder = self.folder.display();
        Failure::unfinished(format!("no export can be kept in `{folder}`: {error}"))
            .hint("give rolecall the right to write there, or name another `--export-dir`")
    }
}

impl Store {
    /// Writes an export of the last commit, whole or not at all.
    pub(crate) fn export(&self, path: &Path, now: Timestamp) -> Result<u64, Failure> {
        let mut count = 0;
        write_private_by(path, |file| {
            let mut file = io::BufWriter::new(file);
            count = self.records.export(&mut file, now)?;
            io::Write::flush(&mut file)
        })?;
        Ok(count)
    }
}

/// The newest export of a folder.
pub(crate) fn newest(folder: &Path) -> Option<PathBuf> {
    all(folder).ok()?.pop()
}

/// All exports of a folder, the oldest first.
fn all(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if generation_of(&path).is_some() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// What a killed server left behind.
fn remove_partial(folder: &Path) {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    for entry in entries.filter_map(Result::ok) {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(".rolecall-") && name.ends_with(".partial") {
            let _gone = std::fs::remove_file(entry.path());
        }
    }
}

fn make_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true).mode(0o700).create(folder)
}

/// Names sort by time.
fn name(now: Timestamp, generation: u64) -> String {
    let time = now.strftime("%Y%m%dT%H%M%S%.3fZ");
    format!("{PREFIX}{time}-{generation:020}{SUFFIX}")
}

fn generation_of(path: &Path) -> Option<u64> {
    let name = path.file_name()?.to_str()?;
    let name = name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)?;
    let (_, generation) = name.rsplit_once('-')?;
    generation.parse().ok()
}

const PREFIX: &str = "rolecall-";
const SUFFIX: &str = ".export";
