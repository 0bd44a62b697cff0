//! The one thread that writes the trail, and what hands records to it.
//!
//! Counts of what could not be recorded are records themselves, written with the next record or at
//! the end.

use std::cell::RefCell;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use account::Home;
use account::Trail;
use account::trail::Gap;
use tokio::sync::oneshot;

use super::chain::{FIRST_LINE_BYTES, Link};
use super::files::{self, Amiss, Segment};
use super::queue::{Batch, NotTaken, Queue};
use crate::clock;

/// Where calls hand in their records.
#[derive(Debug, Clone)]
pub(crate) struct Recorder {
    queue: Arc<Queue>,
    place: Home,
    strict: bool,
}

/// The writer, to be closed in good order.
#[derive(Debug)]
pub(crate) struct Recording {
    queue: Arc<Queue>,
    thread: std::thread::JoinHandle<()>,
}

/// A strict record is not on the disk, so its call must not be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotRecorded;

impl Recorder {
    /// Starts the writer on a folder, which is made if it is not there. `anchor` is how far the
    /// trail was by what the store says.
    pub(crate) fn start(
        folder: &Path,
        place: Home,
        strict: bool,
        anchor: Option<Link>,
    ) -> io::Result<(Self, Recording)> {
        let writer = Writer::open(folder, place.clone(), Limits::default(), anchor)?;
        let queue = Arc::new(Queue::after(writer.link));
        let messages = Arc::clone(&queue);
        let thread = std::thread::Builder::new()
            .name("trail".to_owned())
            .spawn(move || writer.run(&messages, !strict))?;
        let recording = Recording {
            queue: Arc::clone(&queue),
            thread,
        };
        let recorder = Self {
            queue,
            place,
            strict,
        };
        Ok((recorder, recording))
    }

    /// Tells the last record that is in the file, whenever it is asked.
    pub(crate) fn written(&self) -> impl Fn() -> Link + Send + 'static {
        let queue = Arc::clone(&self.queue);
        move || queue.written()
    }

    /// Whether an answer waits for its record.
    pub(crate) fn is_strict(&self) -> bool {
        self.strict
    }

    /// Hands a record in and waits for nothing.
    pub(crate) fn note(&self, trail: &Trail) {
        let _counted = self.hand_in(trail, None);
    }

    /// Hands a record in; where the trail is strict, returns once it is on the disk.
    pub(crate) async fn record(&self, trail: &Trail) -> Result<(), NotRecorded> {
        if !self.strict {
            self.note(trail);
            return Ok(());
        }
        let (tell, told) = oneshot::channel();
        self.hand_in(trail, Some(tell))?;
        match told.await {
            Ok(true) => Ok(()),
            Ok(false) | Err(_) => Err(NotRecorded),
        }
    }

    /// Returns once what was handed in before can be read.
    pub(crate) async fn flush(&self) {
        let (tell, told) = oneshot::channel();
        self.queue.flush(tell);
        let _ended = told.await;
    }

    fn hand_in(
        &self,
        trail: &Trail,
        tell: Option<oneshot::Sender<bool>>,
    ) -> Result<(), NotRecorded> {
        if trail.is_strangers() && !self.queue.takes_stranger(trail.moment) {
            // Counted; a stranger's call changes nothing, so that its answer needs no record.
            return Ok(());
        }
        RECORD.with_borrow_mut(|record| {
            record.clear();
            record.shrink_to(KEPT_BYTES);
            // A mistake in making a record costs that record, not the call.
            let made = catch_unwind(AssertUnwindSafe(|| trail.write(&self.place, record)));
            if made.is_err() {
                self.queue.count_unmade();
                return Err(NotRecorded);
            }
            let taken = self.queue.take(record, tell);
            if taken == Err(NotTaken::Closed) {
                tracing::error!("a call is not recorded: the trail has ended");
            }
            taken.map_err(|_| NotRecorded)
        })
    }
}

thread_local! {
    static RECORD: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

impl Recording {
    /// Writes what has queued up and ends the thread.
    pub(crate) async fn close(self) {
        self.queue.close();
        let joined = tokio::task::spawn_blocking(|| self.thread.join()).await;
        if !matches!(joined, Ok(Ok(()))) {
            tracing::error!("the trail did not end in good order");
        }
    }
}

/// How much is kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) segment_bytes: u64,
    pub(super) segments: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            segment_bytes: SEGMENT_BYTES,
            segments: SEGMENTS_KEPT,
        }
    }
}

pub(super) struct Writer {
    folder: PathBuf,
    place: Home,
    limits: Limits,
    head: File,
    /// The last record that is in the file.
    link: Link,
    /// The segment that is written, and its length. None after a failure that left it uncertain.
    segment: Option<(File, u64)>,
    unwritten: u64,
    // What was found amiss at the start, until it is a record.
    amiss: Option<Amiss>,
    is_failing: bool,
}

impl Writer {
    pub(super) fn open(
        folder: &Path,
        place: Home,
        limits: Limits,
        anchor: Option<Link>,
    ) -> io::Result<Self> {
        files::make_folder(folder)?;
        let mut end = files::recover(folder)?;
        let amiss = match anchor {
            Some(anchor) => files::hold_against(folder, &mut end, anchor)?,
            None => None,
        };
        if let Some(Amiss { records, reason }) = amiss {
            tracing::warn!(folder = %folder.display(), records, "{reason}");
        }
        let head = files::open_head(folder)?;
        let mut writer = Self {
            folder: folder.to_owned(),
            place,
            limits,
            head,
            link: end.link,
            segment: None,
            unwritten: 0,
            amiss,
            is_failing: false,
        };
        match end.segment {
            Some(path) => writer.segment = Some(append(&path)?),
            None => writer.next_segment()?,
        }
        writer.write_head()?;
        Ok(writer)
    }

    /// `lingers` says that records may gather for a moment, which spares a wake-up and two writes
    /// for each of them.
    fn run(mut self, queue: &Queue, lingers: bool) {
        let mut batch = Batch::default();
        while !batch.is_last {
            let is_urgent = queue.wait();
            if lingers && !is_urgent {
                gather();
            }
            queue.swap(&mut batch, clock::now());
            let written = self.write(&batch);
            queue.note_written(self.link);
            for tell in batch.waiting.drain(..) {
                let _gone = tell.send(written);
            }
            for tell in batch.reading.drain(..) {
                let _gone = tell.send(());
            }
        }
    }

    /// Writes the records of calls and of what is lost; tells whether all of it is in the file,
    /// and on the disk if it should be.
    pub(super) fn write(&mut self, batch: &Batch) -> bool {
        let gaps = self.gaps(batch);
        let counts: Vec<String> = gaps.iter().map(|gap| gap.record(&self.place)).collect();
        let counts = counts.iter().map(String::as_bytes);
        let records: Vec<&[u8]> = counts.chain(batch.records()).collect();
        if records.is_empty() {
            return true;
        }
        let before = self.link.number;
        let sync = !batch.waiting.is_empty() || batch.is_last;
        let Err(error) = self.append(&records, sync) else {
            if std::mem::take(&mut self.is_failing) {
                tracing::info!("the trail is written again");
            }
            return true;
        };
        if !std::mem::replace(&mut self.is_failing, true) {
            tracing::error!(%error, "the trail cannot be written; calls are counted");
        }
        // What stands in the file stays there; what does not is counted, counts included.
        let written = usize::try_from(self.link.number - before).unwrap_or(usize::MAX);
        let uncounted: u64 = gaps.iter().skip(written).map(|gap| gap.calls).sum();
        let missed = records.len().saturating_sub(written.max(gaps.len()));
        self.unwritten += uncounted + missed as u64;
        false
    }

    fn gaps(&mut self, batch: &Batch) -> Vec<Gap> {
        let moment = clock::now();
        let gap = |(calls, reason)| Gap {
            calls,
            reason,
            moment,
        };
        let counts = [
            (batch.overflowed, "the queue of records was full"),
            (
                batch.beyond,
                "nobody known had signed them, and they were many",
            ),
            (
                std::mem::take(&mut self.unwritten) + batch.unmade,
                "the trail could not be written",
            ),
        ];
        let amiss = self.amiss.take();
        let amiss = amiss.map(|Amiss { records, reason }| (records, reason));
        let counts = amiss.into_iter().chain(counts);
        counts.filter(|(calls, _)| *calls > 0).map(gap).collect()
    }

    fn append(&mut self, records: &[&[u8]], sync: bool) -> io::Result<()> {
        let bytes = records.iter().map(|record| record.len() + LINE_BYTES);
        let mut lines = Vec::with_capacity(bytes.sum::<usize>().min(LINES_BYTES));
        let mut link = self.link;
        for record in records {
            let next = link.next(record);
            let has_room = self.has_room(lines.len(), record.len());
            if !has_room || lines.len() + record.len() > LINES_BYTES {
                self.put(&lines, link)?;
                lines.clear();
            }
            if !has_room {
                self.next_segment()?;
            }
            next.write(record, &mut lines);
            link = next;
        }
        self.put(&lines, link)?;
        if sync && let Some((file, _)) = &self.segment {
            file.sync_data()?;
        }
        Ok(())
    }

    /// Whether a record fits into the segment after lines that wait. The first one always does.
    fn has_room(&self, waiting: usize, record: usize) -> bool {
        let Some((_, length)) = &self.segment else {
            return false;
        };
        let filled = length + waiting as u64;
        filled <= FIRST_LINE_BYTES
            || filled + (record + LINE_BYTES) as u64 <= self.limits.segment_bytes
    }

    /// Appends whole lines, all or none, the last of which is at `link`.
    fn put(&mut self, lines: &[u8], link: Link) -> io::Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        let Some((file, length)) = &mut self.segment else {
            return Err(io::ErrorKind::NotFound.into());
        };
        if let Err(error) = file.write_all(lines) {
            // What was written of them must not stand before the next line.
            if file.set_len(*length).is_err() {
                self.segment = None;
            }
            return Err(error);
        }
        *length += lines.len() as u64;
        self.link = link;
        if let Err(error) = self.write_head() {
            // The records are there all the same.
            tracing::error!(%error, "the head of the trail cannot be written");
        }
        Ok(())
    }

    fn next_segment(&mut self) -> io::Result<()> {
        if let Some((file, _)) = self.segment.take() {
            file.sync_all()?;
        }
        let segment = Segment::after(&self.folder, &self.link);
        segment.make(&self.link)?;
        self.segment = Some(append(&segment.path)?);
        let segments = Segment::all(&self.folder)?;
        let surplus = segments.len().saturating_sub(self.limits.segments);
        for old in segments.iter().take(surplus) {
            std::fs::remove_file(&old.path)?;
        }
        Ok(())
    }

    /// The head comes after the lines, so that it is never further than they are.
    fn write_head(&self) -> io::Result<()> {
        self.head.write_all_at(&self.link.header(), 0)
    }
}

fn append(path: &Path) -> io::Result<(File, u64)> {
    let file = OpenOptions::new().append(true).open(path)?;
    let length = file.metadata()?.len();
    Ok((file, length))
}

/// Lets records come for a moment.
#[expect(
    clippy::disallowed_methods,
    reason = "a thread of its own, which nobody waits for, for a bounded time"
)]
fn gather() {
    std::thread::sleep(LINGER);
}

// What a kill can take of the record of calls that were answered.
const LINGER: Duration = Duration::from_millis(2);
// Lines that share a write.
const LINES_BYTES: usize = 1_024 * 1_024;
// What a thread keeps at hand to make a record in.
const KEPT_BYTES: usize = 64 * 1_024;
/// A segment that would grow beyond it is followed by another.
pub(super) const SEGMENT_BYTES: u64 = 16 * 1_024 * 1_024;
/// The oldest segment goes when there is one more: about 140,000 calls are kept.
pub(super) const SEGMENTS_KEPT: usize = 16;
// What a line has beside its record, at most.
const LINE_BYTES: usize = 128;
