//! The one thread that writes the trail.
//!
//! A call's record is handed over through a queue with a bound and made here, off the call's path.
//! Unless it is strict, nothing waits for it: a record that finds the queue full is counted, and so
//! are those of strangers beyond a few in a minute, so that nobody without a key can push the
//! others out. The counts are records themselves, written with the next record or at the end.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use account::Home;
use account::Trail;
use account::trail::Gap;
use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};

use super::chain::{FIRST_LINE_BYTES, Link};
use super::files::{self, Segment};
use crate::clock;

/// Where calls hand in their records.
#[derive(Debug, Clone)]
pub(crate) struct Recorder {
    queue: mpsc::Sender<Message>,
    overflowed: Arc<AtomicU64>,
    strict: bool,
}

/// The writer, to be closed in good order.
#[derive(Debug)]
pub(crate) struct Recording {
    queue: mpsc::Sender<Message>,
    thread: std::thread::JoinHandle<()>,
}

/// A strict record is not on the disk, so its call must not be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotRecorded;

#[derive(Debug)]
enum Message {
    /// A record, and whom to tell when it is on the disk.
    Call(Box<Trail>, Option<oneshot::Sender<bool>>),
    /// Somebody wants to read what was handed in before.
    Flush(oneshot::Sender<()>),
    Close,
}

impl Message {
    /// Whether nobody waits for it.
    fn can_wait(&self) -> bool {
        matches!(self, Self::Call(_, None))
    }
}

impl Recorder {
    /// Starts the writer on a folder, which is made if it is not there.
    pub(crate) fn start(folder: &Path, place: Home, strict: bool) -> io::Result<(Self, Recording)> {
        let writer = Writer::open(folder, place, Limits::default())?;
        let (queue, messages) = mpsc::channel(QUEUE_RECORDS);
        let overflowed = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&overflowed);
        let thread = std::thread::Builder::new()
            .name("trail".to_owned())
            .spawn(move || writer.run(messages, &counted, !strict))?;
        let recording = Recording {
            queue: queue.clone(),
            thread,
        };
        let recorder = Self {
            queue,
            overflowed,
            strict,
        };
        Ok((recorder, recording))
    }

    /// Whether an answer waits for its record.
    pub(crate) fn is_strict(&self) -> bool {
        self.strict
    }

    /// Hands a record in and waits for nothing.
    pub(crate) fn note(&self, trail: Trail) {
        let message = Message::Call(Box::new(trail), None);
        let Err(error) = self.queue.try_send(message) else {
            return;
        };
        self.overflowed.fetch_add(1, Ordering::Relaxed);
        if matches!(error, mpsc::error::TrySendError::Closed(_)) {
            tracing::error!("a call is not recorded: the trail has ended");
        }
    }

    /// Hands a record in; where the trail is strict, returns once it is on the disk.
    pub(crate) async fn record(&self, trail: Trail) -> Result<(), NotRecorded> {
        if !self.strict {
            self.note(trail);
            return Ok(());
        }
        let (tell, told) = oneshot::channel();
        let message = Message::Call(Box::new(trail), Some(tell));
        self.queue.send(message).await.map_err(|_| NotRecorded)?;
        match told.await {
            Ok(true) => Ok(()),
            Ok(false) | Err(_) => Err(NotRecorded),
        }
    }

    /// Returns once what was handed in before can be read.
    pub(crate) async fn flush(&self) {
        let (tell, told) = oneshot::channel();
        if self.queue.send(Message::Flush(tell)).await.is_ok() {
            let _ended = told.await;
        }
    }
}

impl Recording {
    /// Writes what has queued up and ends the thread.
    pub(crate) async fn close(self) {
        let _ended_already = self.queue.send(Message::Close).await;
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
    strangers: Strangers,
    unwritten: u64,
    is_failing: bool,
}

/// How many calls of strangers are recorded one by one.
#[derive(Debug, Default)]
struct Strangers {
    minute: i64,
    noted: u64,
    beyond: u64,
}

impl Strangers {
    /// Whether one more is recorded; counts it where not.
    fn note(&mut self, moment: Timestamp) -> bool {
        let minute = moment.as_second().div_euclid(60);
        if minute != self.minute {
            (self.minute, self.noted) = (minute, 0);
        }
        self.noted += 1;
        let takes = self.noted <= STRANGERS_PER_MINUTE;
        self.beyond += u64::from(!takes);
        takes
    }

    /// What was counted in minutes that are over.
    fn take_beyond(&mut self, moment: Timestamp, is_last: bool) -> u64 {
        if is_last || moment.as_second().div_euclid(60) != self.minute {
            return std::mem::take(&mut self.beyond);
        }
        0
    }
}

impl Writer {
    pub(super) fn open(folder: &Path, place: Home, limits: Limits) -> io::Result<Self> {
        files::make_folder(folder)?;
        let end = files::recover(folder)?;
        let head = files::open_head(folder)?;
        let mut writer = Self {
            folder: folder.to_owned(),
            place,
            limits,
            head,
            link: end.link,
            segment: None,
            strangers: Strangers::default(),
            unwritten: 0,
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
    fn run(mut self, mut messages: mpsc::Receiver<Message>, overflowed: &AtomicU64, lingers: bool) {
        let mut received = Vec::with_capacity(BATCH_RECORDS);
        let mut is_open = true;
        while is_open && messages.blocking_recv_many(&mut received, BATCH_RECORDS) > 0 {
            if lingers && received.iter().all(Message::can_wait) {
                gather(&mut messages, &mut received);
            }
            let mut calls = Vec::new();
            let mut waiting = Vec::new();
            let mut reading = Vec::new();
            for message in received.drain(..) {
                match message {
                    Message::Call(trail, tell) => {
                        calls.push(*trail);
                        waiting.extend(tell);
                    }
                    Message::Flush(tell) => reading.push(tell),
                    Message::Close => is_open = false,
                }
            }
            let lost = overflowed.swap(0, Ordering::Relaxed);
            let written = self.write(&calls, lost, !waiting.is_empty(), !is_open);
            for tell in waiting {
                let _gone = tell.send(written);
            }
            for tell in reading {
                let _gone = tell.send(());
            }
        }
    }

    /// Writes the records of calls and of what is lost; tells whether all of it is in the file,
    /// and on the disk if it should be.
    pub(super) fn write(
        &mut self,
        calls: &[Trail],
        overflowed: u64,
        sync: bool,
        is_last: bool,
    ) -> bool {
        let gaps = self.gaps(overflowed, is_last);
        let mut records: Vec<String> = gaps.iter().map(|gap| gap.record(&self.place)).collect();
        let mut all = true;
        for trail in calls {
            if trail.is_strangers() && !self.strangers.note(trail.moment) {
                continue;
            }
            // A mistake in making a record costs that record, not the thread.
            let made = catch_unwind(AssertUnwindSafe(|| trail.record(&self.place)));
            if made.is_err() {
                self.unwritten += 1;
                all = false;
            }
            records.extend(made);
        }
        if records.is_empty() {
            return all;
        }
        let before = self.link.number;
        let Err(error) = self.append(&records, sync || is_last) else {
            if std::mem::take(&mut self.is_failing) {
                tracing::info!("the trail is written again");
            }
            return all;
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

    fn gaps(&mut self, overflowed: u64, is_last: bool) -> Vec<Gap> {
        let moment = clock::now();
        let beyond = self.strangers.take_beyond(moment, is_last);
        let gap = |(calls, reason)| Gap {
            calls,
            reason,
            moment,
        };
        let counts = [
            (overflowed, "the queue of records was full"),
            (beyond, "nobody known had signed them, and they were many"),
            (
                std::mem::take(&mut self.unwritten),
                "the trail could not be written",
            ),
        ];
        let some = counts.into_iter().filter(|(calls, _)| *calls > 0);
        some.map(gap).collect()
    }

    fn append(&mut self, records: &[String], sync: bool) -> io::Result<()> {
        let mut lines = Vec::new();
        let mut link = self.link;
        for record in records {
            let next = link.next(record);
            if !self.has_room(lines.len(), record.len()) {
                self.put(&lines, link)?;
                lines.clear();
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
        self.head.write_all_at(self.link.header().as_bytes(), 0)
    }
}

fn append(path: &Path) -> io::Result<(File, u64)> {
    let file = OpenOptions::new().append(true).open(path)?;
    let length = file.metadata()?.len();
    Ok((file, length))
}

// Records that may wait; beyond it they are counted, or in strict mode waited for.
const QUEUE_RECORDS: usize = 8_192;
/// Lets records come for a moment.
#[expect(
    clippy::disallowed_methods,
    reason = "a thread of its own, which nobody waits for, for a bounded time"
)]
fn gather(messages: &mut mpsc::Receiver<Message>, received: &mut Vec<Message>) {
    std::thread::sleep(LINGER);
    while received.len() < BATCH_RECORDS
        && let Ok(message) = messages.try_recv()
    {
        received.push(message);
    }
}

// What a kill can take of the record of calls that were answered.
const LINGER: Duration = Duration::from_millis(2);
// Records that share a write and, in strict mode, a sync.
const BATCH_RECORDS: usize = 256;
/// A segment that would grow beyond it is followed by another.
pub(super) const SEGMENT_BYTES: u64 = 16 * 1_024 * 1_024;
/// The oldest segment goes when there is one more: about 140,000 calls are kept.
pub(super) const SEGMENTS_KEPT: usize = 16;
// What a line has beside its record, at most.
const LINE_BYTES: usize = 128;
// Calls that nobody known has signed; those beyond are counted.
const STRANGERS_PER_MINUTE: u64 = 120;
