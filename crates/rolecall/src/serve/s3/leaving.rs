//! Bytes of objects on their way out: from files into an answer, as the socket takes them.
//!
//! What the kernel has at hand is read and opened on the thread that writes it to the socket, a
//! few chunks at a time, so that it is still near the processor; what a disk must be waited for is
//! read on a thread that may. So an answer has a batch or two in memory, however large the object
//! is.

use std::collections::VecDeque;
use std::future::Future as _;
use std::io::{Error, ErrorKind, Result};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use account::entity::Segment;
use account::s3::Found;
use bytes::Bytes;
use futures_util::Stream;
use protocol::Secret;
use s3s::S3Result;
use s3s::stream::{ByteStream, RemainingLength};
use tokio::task::{JoinHandle, spawn_blocking};

use super::convert::internal_error;
use crate::store::{Lease, Objects, Place, ReadingObject};

/// The bytes of an object, or some of them, as they are read.
pub(super) struct Leaving {
    // Read and not sent yet, if there is anything.
    ready: Bytes,
    source: Source,
    left: u64,
    // The files stay until the last byte is gone.
    _lease: Lease,
}

/// Where the next bytes come from.
enum Source {
    Here(Box<Reader>),
    // A disk is waited for.
    Away(JoinHandle<Result<(Box<Reader>, Bytes)>>),
    Ended,
}

/// What is left to read of an object's files.
struct Reader {
    objects: Objects,
    place: Place,
    data_key: Secret,
    // From where and to before where each is wanted.
    segments: VecDeque<(Segment, (u64, u64))>,
    open: Option<Open>,
}

struct Open {
    reading: ReadingObject,
    // Where its next chunk begins.
    at: u64,
    wanted: (u64, u64),
}

/// Whether a disk may be waited for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Disk {
    AtHand,
    Awaited,
}

/// Begins to read the bytes from `start` to before `end`; `None` where a file is not there any
/// more.
pub(super) async fn send(
    objects: &Objects,
    found: &Found,
    (start, end): (u64, u64),
) -> S3Result<Option<Leaving>> {
    let object = Arc::clone(&found.object);
    let content = object.content.as_ref().ok_or_else(internal_error)?;
    let files = content.segments.iter().map(|segment| segment.file);
    let lease = objects.lease(files.collect());
    let reader = Box::new(Reader {
        objects: objects.clone(),
        place: Place {
            bucket: Arc::clone(&object.bucket),
            key: Arc::clone(&object.key),
        },
        data_key: found.data_key.clone().ok_or_else(internal_error)?,
        segments: wanted(&content.segments, (start, end)),
        open: None,
    });
    match begin(reader).await {
        Ok((reader, ready)) => Ok(Some(Leaving {
            ready,
            source: Source::Here(reader),
            left: end - start,
            _lease: lease,
        })),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => {
            tracing::error!(%error, "an object cannot be read");
            Err(internal_error())
        }
    }
}

/// The first bytes, before an answer says that there are any.
async fn begin(mut reader: Box<Reader>) -> Result<(Box<Reader>, Bytes)> {
    match reader.next(Disk::AtHand)? {
        Some(ready) => Ok((reader, ready)),
        None => reader.awaited().await?,
    }
}

/// Which files have bytes between `start` and `end`, and which bytes of each.
fn wanted(segments: &[Segment], (start, end): (u64, u64)) -> VecDeque<(Segment, (u64, u64))> {
    let mut at = 0;
    let mut wanted = VecDeque::new();
    for segment in segments {
        let (from, until) = (at, at + segment.size);
        at = until;
        if start.max(from) < end.min(until) {
            let own = (start.saturating_sub(from), end.min(until) - from);
            wanted.push_back((*segment, own));
        }
    }
    wanted
}

impl Reader {
    /// The next bytes, none at the end; `None` where a disk would have to be waited for.
    fn next(&mut self, disk: Disk) -> Result<Option<Bytes>> {
        if self.open.is_none() {
            let Some((segment, wanted)) = self.segments.front().copied() else {
                return Ok(Some(Bytes::new()));
            };
            let (place, key) = (&self.place, &self.data_key);
            let reading = match disk {
                Disk::AtHand => self.objects.read_at_once(segment, place, key)?,
                Disk::Awaited => Some(self.objects.read(segment, place, key)?),
            };
            let Some(mut reading) = reading else {
                return Ok(None);
            };
            self.segments.pop_front();
            let at = reading.seek(wanted.0);
            self.open = Some(Open {
                reading,
                at,
                wanted,
            });
        }
        let Some(open) = &mut self.open else {
            return Ok(None);
        };
        let batch = match disk {
            Disk::AtHand => open.reading.next_at_once(open.wanted.1)?,
            Disk::Awaited => Some(open.reading.next(open.wanted.1)?),
        };
        let Some(batch) = batch else {
            return Ok(None);
        };
        if batch.is_empty() {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        let ready = within(&batch, open.at, open.wanted);
        open.at += batch.len() as u64;
        if open.at >= open.wanted.1 {
            self.open = None;
        }
        Ok(Some(ready.unwrap_or_default()))
    }

    /// The same on a thread that may wait.
    fn awaited(mut self: Box<Self>) -> JoinHandle<Result<(Box<Self>, Bytes)>> {
        spawn_blocking(move || {
            let ready = self.next(Disk::Awaited)?;
            Ok((self, ready.unwrap_or_default()))
        })
    }
}

/// What of a batch that begins at `at` is wanted.
fn within(batch: &Bytes, at: u64, (start, end): (u64, u64)) -> Option<Bytes> {
    let length = batch.len() as u64;
    let skipped = usize::try_from(start.saturating_sub(at)).ok()?;
    let until = usize::try_from(end.saturating_sub(at).min(length)).ok()?;
    (skipped < until).then(|| batch.slice(skipped..until))
}

impl Leaving {
    /// Fills what is ready; leaves it empty at the end.
    fn poll_fill(&mut self, context: &mut Context<'_>) -> Poll<Result<()>> {
        if let Source::Here(reader) = &mut self.source {
            match reader.next(Disk::AtHand)? {
                Some(ready) => {
                    self.ready = ready;
                    return Poll::Ready(Ok(()));
                }
                None => {
                    if let Source::Here(reader) = std::mem::replace(&mut self.source, Source::Ended)
                    {
                        self.source = Source::Away(reader.awaited());
                    }
                }
            }
        }
        if let Source::Away(reading) = &mut self.source {
            let done = ready!(Pin::new(reading).poll(context));
            let (reader, ready) = done.map_err(Error::other)??;
            self.ready = ready;
            self.source = Source::Here(reader);
        }
        Poll::Ready(Ok(()))
    }
}

impl Stream for Leaving {
    type Item = std::result::Result<Bytes, Box<dyn std::error::Error + Send + Sync>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.ready.is_empty()
            && let Err(error) = ready!(self.poll_fill(context))
        {
            tracing::error!(%error, "an object cannot be read");
            self.source = Source::Ended;
            return Poll::Ready(Some(Err(error.into())));
        }
        let next = std::mem::take(&mut self.ready);
        self.left = self.left.saturating_sub(next.len() as u64);
        Poll::Ready((!next.is_empty()).then_some(Ok(next)))
    }
}

impl ByteStream for Leaving {
    fn remaining_length(&self) -> RemainingLength {
        RemainingLength::new_exact(usize::try_from(self.left).unwrap_or(usize::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_each_file_what_is_asked_for_is_read() {
        let segments = [(1, 10), (2, 0), (3, 5), (4, 7)];
        let segments = segments.map(|(file, size)| Segment { file, size });
        let read = |start, end| {
            let wanted = wanted(&segments, (start, end)).into_iter();
            wanted
                .map(|(segment, own)| (segment.file, own))
                .collect::<Vec<_>>()
        };
        assert_eq!(read(0, 22), [(1, (0, 10)), (3, (0, 5)), (4, (0, 7))]);
        assert_eq!(read(9, 16), [(1, (9, 10)), (3, (0, 5)), (4, (0, 1))]);
        assert_eq!(read(10, 15), [(3, (0, 5))]);
        assert_eq!(read(21, 22), [(4, (6, 7))]);
        assert_eq!(read(3, 3), []);
    }

    #[test]
    fn of_a_batch_what_is_asked_for_goes_out() {
        let chunk = Bytes::from_static(b"0123456789");
        let cut = |at, wanted| within(&chunk, at, wanted).map(|it| it.to_vec());
        assert_eq!(cut(100, (0, 200)), Some(b"0123456789".to_vec()));
        assert_eq!(cut(100, (103, 105)), Some(b"34".to_vec()));
        assert_eq!(cut(100, (109, 500)), Some(b"9".to_vec()));
        assert_eq!(cut(100, (110, 500)), None);
        assert_eq!(cut(100, (50, 100)), None);
    }
}
