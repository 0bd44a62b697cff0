//! Where records wait for the thread that writes them.
//!
//! A record is text when it comes here, made on the thread of its call while all that it is of is
//! at hand, and is copied behind those before it: nothing of a call is freed by another thread than
//! made it. The thread takes all there is at once and leaves an empty buffer in its place. Unless
//! the trail is strict, nothing waits for it: a record that finds no room is counted, and so are
//! those of strangers beyond a few in a minute, so that nobody without a key can push the others
//! out. Knows no file.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use tokio::sync::oneshot;

use super::chain::Link;

/// What has gathered, taken as one.
#[derive(Debug, Default)]
pub(super) struct Batch {
    // The records' texts, one after the other.
    text: Vec<u8>,
    ends: Vec<usize>,
    /// Calls that found no room.
    pub(super) overflowed: u64,
    /// Calls whose record could not be made.
    pub(super) unmade: u64,
    /// Calls of strangers that were too many, in minutes that are over.
    pub(super) beyond: u64,
    /// Who is told once the records are on the disk, and whether they are.
    pub(super) waiting: Vec<oneshot::Sender<bool>>,
    /// Who is told once they can be read.
    pub(super) reading: Vec<oneshot::Sender<()>>,
    pub(super) is_last: bool,
}

impl Batch {
    /// A record's text at the end of the others.
    pub(super) fn push(&mut self, record: &[u8]) {
        self.text.extend_from_slice(record);
        self.ends.push(self.text.len());
    }

    /// The records' texts.
    pub(super) fn records(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(&0).chain(&self.ends);
        let places = starts.zip(&self.ends);
        places.map(|(start, end)| self.text.get(*start..*end).unwrap_or_default())
    }

    /// Makes it empty; what it grew to in a rush is given back.
    fn clear(&mut self) {
        self.text.clear();
        self.text.shrink_to(KEPT_BYTES);
        self.ends.clear();
        let Self { text, ends, .. } = std::mem::take(self);
        (self.text, self.ends) = (text, ends);
    }

    /// Whether somebody wants it written soon.
    fn is_urgent(&self) -> bool {
        self.is_last || !self.waiting.is_empty() || !self.reading.is_empty()
    }
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

/// Why a record is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotTaken {
    /// There is no room; it is counted.
    Full,
    /// The trail has ended.
    Closed,
}

/// The records that wait.
#[derive(Debug, Default)]
pub(super) struct Queue {
    inner: Mutex<Inner>,
    filled: Condvar,
}

#[derive(Debug, Default)]
struct Inner {
    batch: Batch,
    strangers: Strangers,
    // Whether the thread sleeps until something comes.
    is_asleep: bool,
    is_closed: bool,
    // The last record that is in the file.
    written: Option<Link>,
}

impl Queue {
    /// Of a trail that is as far as this.
    pub(super) fn after(written: Link) -> Self {
        let queue = Self::default();
        queue.lock().written = Some(written);
        queue
    }

    /// The last record that is in the file.
    pub(super) fn written(&self) -> Link {
        self.lock().written.unwrap_or(Link::START)
    }

    /// Says which that is.
    pub(super) fn note_written(&self, link: Link) {
        self.lock().written = Some(link);
    }

    /// Whether the record of a stranger's call is taken; counts it where not.
    pub(super) fn takes_stranger(&self, moment: Timestamp) -> bool {
        self.lock().strangers.note(moment)
    }

    /// Takes a record, and whom to tell when it is on the disk.
    pub(super) fn take(
        &self,
        record: &[u8],
        tell: Option<oneshot::Sender<bool>>,
    ) -> Result<(), NotTaken> {
        let mut inner = self.lock();
        if inner.is_closed {
            return Err(NotTaken::Closed);
        }
        let batch = &mut inner.batch;
        if batch.ends.len() >= RECORDS_MAX || batch.text.len() + record.len() > BYTES_MAX {
            batch.overflowed += 1;
            return Err(NotTaken::Full);
        }
        batch.push(record);
        batch.waiting.extend(tell);
        self.wake(inner);
        Ok(())
    }

    /// Counts a call whose record could not be made.
    pub(super) fn count_unmade(&self) {
        let mut inner = self.lock();
        inner.batch.unmade += 1;
        self.wake(inner);
    }

    /// Tells when what was taken before can be read; at once where nothing is written any more.
    pub(super) fn flush(&self, tell: oneshot::Sender<()>) {
        let mut inner = self.lock();
        if !inner.is_closed {
            inner.batch.reading.push(tell);
            self.wake(inner);
        }
    }

    /// Takes nothing more.
    pub(super) fn close(&self) {
        let mut inner = self.lock();
        inner.is_closed = true;
        inner.batch.is_last = true;
        self.wake(inner);
    }

    /// Waits until there is something. Whether it is urgent.
    pub(super) fn wait(&self) -> bool {
        let mut inner = self.lock();
        while inner.batch.ends.is_empty() && inner.batch.unmade == 0 && !inner.batch.is_urgent() {
            inner.is_asleep = true;
            let woken = self.filled.wait(inner);
            inner = woken.unwrap_or_else(PoisonError::into_inner);
        }
        inner.is_asleep = false;
        inner.batch.is_urgent()
    }

    /// Takes out what has gathered, and leaves `batch`, made empty, in its place.
    pub(super) fn swap(&self, batch: &mut Batch, now: Timestamp) {
        batch.clear();
        let mut inner = self.lock();
        std::mem::swap(&mut inner.batch, batch);
        batch.beyond = inner.strangers.take_beyond(now, batch.is_last);
    }

    /// One wake-up however many records come until the thread has been there.
    fn wake(&self, mut inner: MutexGuard<'_, Inner>) {
        let is_asleep = std::mem::replace(&mut inner.is_asleep, false);
        drop(inner);
        if is_asleep {
            self.filled.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // Nothing in here is left half done by a panic.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// Records that may wait, and their bytes; those beyond are counted, and where the trail is strict
// their calls are refused.
const RECORDS_MAX: usize = 8_192;
const BYTES_MAX: usize = 16 * 1_024 * 1_024;
// What an empty buffer may have room for.
const KEPT_BYTES: usize = 256 * 1_024;
// Calls that nobody known has signed; those beyond are counted.
const STRANGERS_PER_MINUTE: u64 = 120;

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn texts(batch: &Batch) -> Vec<&[u8]> {
        batch.records().collect()
    }

    #[test]
    fn records_come_out_as_they_went_in_and_once() {
        let queue = Queue::default();
        for record in [&b"one"[..], b"", b"three"] {
            queue.take(record, None).unwrap();
        }
        assert!(!queue.wait());
        let mut batch = Batch::default();
        queue.swap(&mut batch, at(0));
        assert_eq!(texts(&batch), [&b"one"[..], b"", b"three"]);
        queue.take(b"four", None).unwrap();
        queue.swap(&mut batch, at(0));
        assert_eq!(texts(&batch), [&b"four"[..]]);
        queue.swap(&mut batch, at(0));
        assert!(texts(&batch).is_empty());
    }

    #[test]
    fn what_finds_no_room_is_counted_once() {
        let queue = Queue::default();
        for _ in 0..RECORDS_MAX {
            queue.take(b"", None).unwrap();
        }
        for _ in 0..3 {
            assert_eq!(queue.take(b"", None), Err(NotTaken::Full));
        }
        let mut batch = Batch::default();
        queue.swap(&mut batch, at(0));
        assert_eq!(
            (batch.records().count(), batch.overflowed),
            (RECORDS_MAX, 3)
        );
        queue.swap(&mut batch, at(0));
        assert_eq!(batch.overflowed, 0);

        let most = vec![0; BYTES_MAX];
        queue.take(&most, None).unwrap();
        assert_eq!(queue.take(b"x", None), Err(NotTaken::Full));
    }

    #[test]
    fn who_waits_makes_it_urgent() {
        let queue = Queue::default();
        let (tell, mut told) = oneshot::channel();
        queue.flush(tell);
        assert!(queue.wait());
        let mut batch = Batch::default();
        queue.swap(&mut batch, at(0));
        assert!(told.try_recv().is_err());
        batch.reading.pop().unwrap().send(()).unwrap();
        assert_eq!(told.try_recv(), Ok(()));
    }

    #[test]
    fn nothing_is_taken_after_the_end() {
        let queue = Queue::default();
        queue.take(b"last", None).unwrap();
        queue.close();
        assert_eq!(queue.take(b"late", None), Err(NotTaken::Closed));
        let (tell, mut told) = oneshot::channel();
        queue.flush(tell);
        assert!(told.try_recv().is_err());
        let mut batch = Batch::default();
        queue.swap(&mut batch, at(0));
        assert_eq!(texts(&batch), [&b"last"[..]]);
        assert!(batch.is_last);
    }

    #[test]
    fn strangers_are_counted_when_their_minute_is_over() {
        let queue = Queue::default();
        let mut batch = Batch::default();
        let taken = (0..STRANGERS_PER_MINUTE + 5).filter(|_| queue.takes_stranger(at(61)));
        assert_eq!(taken.count() as u64, STRANGERS_PER_MINUTE);
        queue.swap(&mut batch, at(119));
        assert_eq!(batch.beyond, 0);
        queue.swap(&mut batch, at(120));
        assert_eq!(batch.beyond, 5);
        assert!(queue.takes_stranger(at(121)));
    }
}
