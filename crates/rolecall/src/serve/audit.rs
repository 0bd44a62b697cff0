//! The audit log: lines handed to a thread of their own, or, where each is required, written
//! before the client has its answer.
//!
//! What a line says is made elsewhere. Nothing is renamed or cut here: log rotation moves the file
//! away and has the configuration read again (SIGHUP), which opens a new one.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use agent::config::{Audit, AuditTarget};

use crate::failure::Failure;

/// Where lines go.
#[derive(Debug)]
pub(crate) struct AuditLog(Way);

#[derive(Debug)]
enum Way {
    /// Each is written before its answer is given.
    Required(Mutex<Target>),
    /// The answer does not wait.
    Queued {
        queue: SyncSender<String>,
        lost: Arc<AtomicU64>,
        // The same, never set back.
        lost_ever: AtomicU64,
    },
}

#[derive(Debug)]
enum Target {
    Stderr,
    File(File),
}

/// A line that cannot be recorded.
#[derive(Debug)]
pub(crate) struct Unwritten;

/// Lines that were taken and are not written yet, of all logs: one that a reload has put away may
/// have some.
struct Backlog {
    lines: AtomicU64,
    lock: Mutex<()>,
    none: Condvar,
}

impl Backlog {
    const fn new() -> Self {
        Self {
            lines: AtomicU64::new(0),
            lock: Mutex::new(()),
            none: Condvar::new(),
        }
    }

    fn written(&self, lines: u64) {
        if self.lines.fetch_sub(lines, Ordering::Release) == lines {
            drop(self.lock.lock().unwrap_or_else(PoisonError::into_inner));
            self.none.notify_all();
        }
    }

    fn settle(&self, bound: Duration) -> u64 {
        let is_waiting = |(): &mut ()| self.lines.load(Ordering::Acquire) > 0;
        let lock = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.none.wait_timeout_while(lock, bound, is_waiting);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
        self.lines.load(Ordering::Acquire)
    }
}

/// Waits until all that was taken is written, for some seconds at most: for the end of a process.
pub(crate) fn settle() {
    let lines = BACKLOG.settle(SETTLED_AFTER);
    if lines > 0 {
        tracing::error!(lines, "the audit log cannot be written, lines are lost");
    }
}

impl AuditLog {
    /// Opens what the configuration names.
    pub(crate) fn open(config: &Audit) -> Result<Self, Failure> {
        let target = match &config.target {
            AuditTarget::Stderr => Target::Stderr,
            AuditTarget::File(path) => Target::File(
                OpenOptions::new()
                    .append(true)
                    .create(true)
                    .mode(0o600)
                    .open(path)
                    .map_err(|error| unopened(path, &error))?,
            ),
        };
        if config.required {
            return Ok(Self(Way::Required(Mutex::new(target))));
        }
        let (queue, lines) = sync_channel(LINES_MAX);
        let lost = Arc::new(AtomicU64::new(0));
        let thread = std::thread::Builder::new().name("audit".to_owned());
        let own_lost = Arc::clone(&lost);
        thread
            .spawn(move || write_all(target, &lines, &own_lost))
            .map_err(|error| {
                Failure::unfinished(format!("the audit log has no thread: {error}"))
            })?;
        Ok(Self(Way::Queued {
            queue,
            lost,
            lost_ever: AtomicU64::new(0),
        }))
    }

    /// Records a line.
    ///
    /// # Errors
    ///
    /// [`Unwritten`] only where the log is required.
    pub(crate) fn write(&self, line: String) -> Result<(), Unwritten> {
        match &self.0 {
            Way::Required(target) => {
                let mut target = target.lock().unwrap_or_else(PoisonError::into_inner);
                target.write(line.as_bytes()).map_err(|error| {
                    tracing::error!(%error, "a read cannot be recorded, and is refused");
                    Unwritten
                })
            }
            Way::Queued {
                queue,
                lost,
                lost_ever,
            } => {
                // Before it can be written.
                BACKLOG.lines.fetch_add(1, Ordering::Relaxed);
                if queue.try_send(line).is_err() {
                    BACKLOG.written(1);
                    lost.fetch_add(1, Ordering::Relaxed);
                    lost_ever.fetch_add(1, Ordering::Relaxed);
                }
                Ok(())
            }
        }
    }

    /// How many lines had no place.
    pub(crate) fn lost(&self) -> u64 {
        match &self.0 {
            Way::Required(_) => 0,
            Way::Queued { lost_ever, .. } => lost_ever.load(Ordering::Relaxed),
        }
    }
}

impl Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Stderr => io::stderr().lock().write_all(bytes),
            Self::File(file) => file.write_all(bytes),
        }
    }
}

/// Writes what has queued up together, until nobody is left to send.
fn write_all(mut target: Target, lines: &Receiver<String>, lost: &AtomicU64) {
    let mut batch = String::new();
    while let Ok(line) = lines.recv() {
        let mut taken = 1;
        batch.push_str(&line);
        while batch.len() < BATCH_BYTES {
            let Ok(line) = lines.try_recv() else {
                break;
            };
            batch.push_str(&line);
            taken += 1;
        }
        if let Err(error) = target.write(batch.as_bytes()) {
            tracing::error!(%error, "the audit log cannot be written");
        }
        batch.clear();
        BACKLOG.written(taken);
        let lines = lost.swap(0, Ordering::Relaxed);
        if lines > 0 {
            tracing::error!(
                lines,
                "the audit log is slower than the reads, lines are lost"
            );
        }
    }
}

fn unopened(path: &str, error: &io::Error) -> Failure {
    Failure::wrong(format!("the audit log `{path}` cannot be opened: {error}"))
        .hint("let its user write it, or name another file with `audit.file`")
}

static BACKLOG: Backlog = Backlog::new();

// How long a process that ends waits for a file that takes nothing.
const SETTLED_AFTER: Duration = Duration::from_secs(2);
// Lines that wait; at half a kilobyte each, 4 MiB.
const LINES_MAX: usize = 8_192;
const BATCH_BYTES: usize = 64 * 1_024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_waits_for_what_was_taken() {
        let backlog = Arc::new(Backlog::new());
        backlog.lines.fetch_add(3, Ordering::Relaxed);
        assert_eq!(backlog.settle(Duration::ZERO), 3);
        backlog.written(1);
        let own = Arc::clone(&backlog);
        let writer = std::thread::spawn(move || own.written(2));
        assert_eq!(backlog.settle(Duration::from_mins(1)), 0);
        writer.join().unwrap();
    }
}
