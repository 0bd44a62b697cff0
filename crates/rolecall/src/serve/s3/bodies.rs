//! Bytes of objects on their way: from a request into a file, and from files into an answer.
//!
//! What stands in memory for a request is a few batches of 256 KiB, however large the object is.
//! Files are read and written on threads that may wait for the disk.

use std::collections::VecDeque;
use std::io::ErrorKind;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use account::entity::Segment;
use account::s3::{Found, Stored};
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use protocol::{Fault, Secret};
use s3s::dto::StreamingBlob;
use s3s::stream::{ByteStream, RemainingLength};
use s3s::{S3Result, TrailingHeaders};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{Instant, Sleep};

use super::convert::{error, internal_error, invalid};
use super::sums::{Announced, Summed, Summing, hex};
use crate::store::{BATCH_BYTES, FinishedObject, Lease, Objects, Place, WritingObject};

/// A body that fails when nothing of it comes for too long.
pub(super) struct Timed {
    body: Incoming,
    silence: Duration,
    until: Pin<Box<Sleep>>,
    is_read: Arc<AtomicBool>,
}

type BoxedError = Box<dyn std::error::Error + Send + Sync>;

impl Timed {
    /// `is_read` is told whether all of it was read, when it is given up.
    pub(super) fn new(body: Incoming, silence: Duration, is_read: Arc<AtomicBool>) -> Self {
        Self {
            body,
            silence,
            until: Box::pin(tokio::time::sleep(silence)),
            is_read,
        }
    }
}

impl Drop for Timed {
    fn drop(&mut self) {
        self.is_read
            .store(self.body.is_end_stream(), Ordering::Relaxed);
    }
}

impl HttpBody for Timed {
    type Data = Bytes;
    type Error = BoxedError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxedError>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            let next = Instant::now() + self.silence;
            self.until.as_mut().reset(next);
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        match self.until.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Some(Err("the body stands still".into()))),
            Poll::Pending => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A file that is being written and the sums of what is written, each on a thread of its own: sums
/// take longer than seals.
struct Sink {
    writing: WritingObject,
    summing: Summing,
    // Until the file's name is on the disk.
    named: JoinHandle<std::io::Result<()>>,
    // Until what was written some time ago is on the disk, so that little is left at the end.
    settled: JoinHandle<std::io::Result<()>>,
    unsettled: usize,
}

impl Sink {
    fn begin(writing: WritingObject, summing: Summing) -> Self {
        Self {
            named: spawn_blocking(writing.naming()),
            settled: spawn_blocking(|| Ok(())),
            writing,
            summing,
            unsettled: 0,
        }
    }

    async fn take(self, batch: Vec<Bytes>) -> std::io::Result<Self> {
        let Self {
            mut writing,
            mut summing,
            named,
            mut settled,
            mut unsettled,
        } = self;
        unsettled += batch.iter().map(Bytes::len).sum::<usize>();
        let same = batch.clone();
        let summed = spawn_blocking(move || {
            for bytes in &same {
                summing.update(bytes);
            }
            summing
        });
        let written = spawn_blocking(move || {
            for bytes in &batch {
                writing.write(bytes)?;
            }
            std::io::Result::Ok(writing)
        });
        let (summing, writing) = (summed.await?, written.await??);
        if unsettled >= SETTLED_BYTES && settled.is_finished() {
            settled.await??;
            settled = spawn_blocking(writing.settling());
            unsettled = 0;
        }
        Ok(Self {
            writing,
            summing,
            named,
            settled,
            unsettled,
        })
    }

    /// All of it is on the disk, and is not kept yet.
    async fn finish(self, batch: Vec<Bytes>) -> std::io::Result<(FinishedObject, Summed)> {
        let Self {
            mut writing,
            mut summing,
            named,
            settled,
            ..
        } = self;
        let same = batch.clone();
        let summed = spawn_blocking(move || {
            for bytes in &same {
                summing.update(bytes);
            }
            summing.finish()
        });
        let finished = spawn_blocking(move || {
            for bytes in &batch {
                writing.write(bytes)?;
            }
            writing.finish()
        });
        let (summed, finished) = (summed.await?, finished.await??);
        settled.await??;
        named.await??;
        Ok((finished, summed))
    }
}

/// Where bytes come from, and how many must come.
pub(super) struct Arriving {
    pub(super) body: Option<StreamingBlob>,
    /// As the head says.
    pub(super) length: Option<u64>,
    pub(super) length_max: u64,
    pub(super) announced: Announced,
    pub(super) trailer: Option<TrailingHeaders>,
}

/// Stores what arrives.
pub(super) async fn receive(
    objects: &Objects,
    place: Place,
    data_key: Secret,
    arriving: Arriving,
) -> S3Result<(Stored, Summed)> {
    let Arriving {
        body,
        length,
        length_max,
        announced,
        trailer,
    } = arriving;
    let too_large = || {
        let why = "Your proposed upload exceeds the maximum allowed size";
        invalid("EntityTooLarge", why)
    };
    if length.is_some_and(|length| length > length_max) {
        return Err(too_large());
    }
    let (own, key) = (objects.clone(), data_key.clone());
    let summing = announced.begin();
    let begun = spawn_blocking(move || own.create(&place, &key));
    let begun = async move { Ok(Sink::begin(begun.await??, summing)) };
    let mut at_work: JoinHandle<std::io::Result<Sink>> = tokio::spawn(begun);
    let mut received = 0_u64;
    let mut batch = Vec::new();
    let mut batched = 0;
    if let Some(mut body) = body {
        while let Some(bytes) = body.next().await {
            let bytes = bytes.map_err(|error| of_body(&error))?;
            received += bytes.len() as u64;
            if received > length_max {
                return Err(too_large());
            }
            batched += bytes.len();
            batch.push(bytes);
            if batched >= BATCH_BYTES {
                let sink = joined(at_work.await)?;
                at_work = tokio::spawn(sink.take(std::mem::take(&mut batch)));
                batched = 0;
            }
        }
    }
    if length.is_some_and(|length| length != received) {
        let why = "You did not provide the number of bytes specified by the Content-Length HTTP \
                   header.";
        return Err(invalid("IncompleteBody", why));
    }
    let sink = joined(at_work.await)?;
    let finished = tokio::spawn(sink.finish(batch)).await;
    let (finished, summed) = joined(finished)?;
    let trailer = trailer.and_then(|trailer| trailer.take());
    announced.check(&summed, trailer.as_ref())?;
    let segment: Segment = finished.keep();
    let stored = Stored {
        segment,
        data_key,
        etag: hex(&summed.md5),
        checksum: Some(summed.checksum.clone()),
    };
    Ok((stored, summed))
}

fn joined<T>(done: Result<std::io::Result<T>, tokio::task::JoinError>) -> S3Result<T> {
    match done {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(failure)) => {
            let full = [ErrorKind::StorageFull, ErrorKind::QuotaExceeded];
            if full.contains(&failure.kind()) {
                let hint = "make room where the data folder is: writes go on by themselves";
                tracing::error!(error = %failure, hint, "a file of an object cannot be written");
                return Err(error(
                    Fault::new("ServiceUnavailable", "Service is unable to handle request.")
                        .status(503),
                ));
            }
            tracing::error!(error = %failure, "a file of an object cannot be written or read");
            Err(internal_error())
        }
        Err(_) => Err(internal_error()),
    }
}

/// A body that ends early, or does not have the hash that was signed.
fn of_body(failure: &BoxedError) -> s3s::S3Error {
    let text = failure.to_string().to_ascii_lowercase();
    tracing::debug!(error = %text, "a body is not as it was announced");
    if text.contains("checksum") || text.contains("mismatch") {
        let why = "The provided 'x-amz-content-sha256' header does not match what was computed.";
        return invalid("XAmzContentSHA256Mismatch", why);
    }
    if text.contains("signature") {
        let why = "The request signature we calculated does not match the signature you provided.";
        return error(protocol::Fault::new("SignatureDoesNotMatch", why).status(403));
    }
    if text.contains("stands still") {
        let why = "Your socket connection to the server was not read from or written to within \
                   the timeout period.";
        return invalid("RequestTimeout", why);
    }
    let why = "The request body terminated unexpectedly";
    invalid("IncompleteBody", why)
}

/// The bytes of an object, or some of them, as they are read.
pub(super) struct Leaving {
    // What is little was read before the answer begins.
    first: VecDeque<Bytes>,
    batches: mpsc::Receiver<std::io::Result<Bytes>>,
    left: u64,
    // The files stay until the last byte is gone.
    _lease: Lease,
}

/// Begins to read the bytes from `start` to before `end`; fails where a file is not there any more.
pub(super) async fn send(
    objects: &Objects,
    found: &Found,
    (start, end): (u64, u64),
) -> S3Result<Option<Leaving>> {
    let object = Arc::clone(&found.object);
    let content = object.content.as_ref().ok_or_else(internal_error)?;
    let data_key = found.data_key.clone().ok_or_else(internal_error)?;
    let place = Place {
        bucket: Arc::clone(&object.bucket),
        key: Arc::clone(&object.key),
    };
    let segments = content.segments.clone();
    let lease = objects.lease(segments.iter().map(|segment| segment.file).collect());
    let own = objects.clone();
    let (batches, receiver) = mpsc::channel(CHUNKS_AHEAD);
    let mut leaving = Leaving {
        first: VecDeque::new(),
        batches: receiver,
        left: end - start,
        _lease: lease,
    };
    if let ([segment], true) = (segments.as_slice(), end - start <= AT_ONCE_BYTES_MAX) {
        match at_once(&own, *segment, (&place, &data_key), (start, end)) {
            Ok(Some(first)) => {
                leaving.first = first;
                return Ok(Some(leaving));
            }
            Ok(None) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                tracing::error!(%error, "an object cannot be read");
                return Err(internal_error());
            }
        }
    }
    let (begun, is_there) = tokio::sync::oneshot::channel();
    let _runs_by_itself = spawn_blocking(move || {
        let mut begun = Some(begun);
        let mut at = 0;
        for segment in segments {
            let (from, until) = (at, at + segment.size);
            at = until;
            if until <= start || from >= end || segment.size == 0 {
                continue;
            }
            let wanted = (start.saturating_sub(from), end.min(until) - from);
            let read = read(&own, segment, (&place, &data_key), wanted, |bytes| {
                if let Some(begun) = begun.take() {
                    let _gone = begun.send(Ok(()));
                }
                batches.blocking_send(Ok(bytes)).is_ok()
            });
            if let Err(error) = read {
                tracing::error!(%error, "an object cannot be read");
                match begun.take() {
                    Some(begun) => drop(begun.send(Err(error))),
                    None => drop(batches.blocking_send(Err(error))),
                }
                return;
            }
        }
        if let Some(begun) = begun.take() {
            let _gone = begun.send(Ok(()));
        }
    });
    match is_there.await {
        Ok(Ok(())) => Ok(Some(leaving)),
        Ok(Err(error)) if error.kind() == ErrorKind::NotFound => Ok(None),
        _ => Err(internal_error()),
    }
}

/// Reads a little without waiting for a disk, if it need not be waited for.
fn at_once(
    objects: &Objects,
    segment: Segment,
    (place, data_key): (&Place, &Secret),
    (start, end): (u64, u64),
) -> std::io::Result<Option<VecDeque<Bytes>>> {
    let mut first = VecDeque::new();
    if start == end {
        return Ok(Some(first));
    }
    let mut reading = objects.read(segment, place, data_key)?;
    let mut at = reading.seek(start);
    let Some(chunks) = reading.next_at_once(end)? else {
        return Ok(None);
    };
    for chunk in chunks {
        first.extend(within(&chunk, at, (start, end)));
        at += chunk.len() as u64;
    }
    Ok((at >= end).then_some(first))
}

/// Reads a part of a file, in batches; ends where nobody takes them.
fn read(
    objects: &Objects,
    segment: Segment,
    (place, data_key): (&Place, &Secret),
    (start, end): (u64, u64),
    mut take: impl FnMut(Bytes) -> bool,
) -> std::io::Result<()> {
    let mut reading = objects.read(segment, place, data_key)?;
    let mut at = reading.seek(start);
    while at < end {
        let chunks = reading.next(end)?;
        if chunks.is_empty() {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        for chunk in chunks {
            let wanted = within(&chunk, at, (start, end));
            at += chunk.len() as u64;
            if wanted.is_some_and(|wanted| !take(wanted)) {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// What of a chunk that begins at `at` is wanted.
fn within(chunk: &Bytes, at: u64, (start, end): (u64, u64)) -> Option<Bytes> {
    let length = chunk.len() as u64;
    let skipped = usize::try_from(start.saturating_sub(at)).ok()?;
    let until = usize::try_from(end.saturating_sub(at).min(length)).ok()?;
    (skipped < until).then(|| chunk.slice(skipped..until))
}

impl Stream for Leaving {
    type Item = Result<Bytes, BoxedError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = match self.first.pop_front() {
            Some(bytes) => Poll::Ready(Some(Ok(bytes))),
            None => self.batches.poll_recv(context),
        };
        if let Poll::Ready(Some(Ok(bytes))) = &next {
            self.left = self.left.saturating_sub(bytes.len() as u64);
        }
        next.map(|next| next.map(|batch| batch.map_err(Into::into)))
    }
}

impl ByteStream for Leaving {
    fn remaining_length(&self) -> RemainingLength {
        RemainingLength::new_exact(usize::try_from(self.left).unwrap_or(usize::MAX))
    }
}

// Read before the client took those before it.
const CHUNKS_AHEAD: usize = 8;
// What is not more is read on the thread of the call.
const AT_ONCE_BYTES_MAX: u64 = 64 << 10;
// After so many the disk is told to begin.
const SETTLED_BYTES: usize = 8 << 20;
