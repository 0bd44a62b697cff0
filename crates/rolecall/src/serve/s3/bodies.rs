//! Bytes of objects on their way: from a request into a file, and from files into an answer.
//!
//! What stands in memory for a request is a few batches of 256 KiB, however large the object is.
//! Files are read and written on threads that may wait for the disk.

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
use protocol::Secret;
use s3s::dto::StreamingBlob;
use s3s::stream::{ByteStream, RemainingLength};
use s3s::{S3Result, TrailingHeaders};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{Instant, Sleep};

use super::convert::{error, internal_error, invalid};
use super::sums::{Announced, Summed, Summing, hex};
use crate::store::{BATCH_BYTES, Lease, Objects, Place, WritingObject};

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

/// A file that is being written, and the sums of what is written.
struct Sink {
    writing: WritingObject,
    summing: Summing,
}

impl Sink {
    fn take(mut self, batch: &[Bytes]) -> std::io::Result<Self> {
        for bytes in batch {
            self.summing.update(bytes);
            self.writing.write(bytes)?;
        }
        Ok(self)
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
    let begun = spawn_blocking(move || {
        let writing = own.create(&place, &key)?;
        Ok(Sink { writing, summing })
    });
    let mut at_work: JoinHandle<std::io::Result<Sink>> = begun;
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
                let sink = finished(at_work).await?;
                let full = std::mem::take(&mut batch);
                batched = 0;
                at_work = spawn_blocking(move || sink.take(&full));
            }
        }
    }
    if length.is_some_and(|length| length != received) {
        let why = "You did not provide the number of bytes specified by the Content-Length HTTP \
                   header.";
        return Err(invalid("IncompleteBody", why));
    }
    let sink = finished(at_work).await?;
    let at_end = spawn_blocking(move || {
        let Sink { writing, summing } = sink.take(&batch)?;
        Ok((writing, summing.finish()))
    });
    let (writing, summed) = joined(at_end.await)?;
    let trailer = trailer.and_then(|trailer| trailer.take());
    announced.check(&summed, trailer.as_ref())?;
    let segment: Segment = joined(spawn_blocking(move || writing.finish()).await)?;
    let stored = Stored {
        segment,
        data_key,
        etag: hex(&summed.md5),
        checksum: Some(summed.checksum.clone()),
    };
    Ok((stored, summed))
}

async fn finished(work: JoinHandle<std::io::Result<Sink>>) -> S3Result<Sink> {
    joined(work.await)
}

fn joined<T>(done: Result<std::io::Result<T>, tokio::task::JoinError>) -> S3Result<T> {
    match done {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(failure)) => {
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
    let (batches, receiver) = mpsc::channel(BATCHES_AHEAD);
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
        Ok(Ok(())) => Ok(Some(Leaving {
            batches: receiver,
            left: end - start,
            _lease: lease,
        })),
        Ok(Err(error)) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        _ => Err(internal_error()),
    }
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
    let mut at = reading.seek(start)?;
    while at < end {
        let batch = Bytes::from(reading.next()?);
        if batch.is_empty() {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let length = batch.len() as u64;
        let skipped = usize::try_from(start.saturating_sub(at)).unwrap_or(usize::MAX);
        let until = usize::try_from((end - at).min(length)).unwrap_or(usize::MAX);
        at += length;
        if skipped < until && !take(batch.slice(skipped..until)) {
            return Ok(());
        }
    }
    Ok(())
}

impl Stream for Leaving {
    type Item = Result<Bytes, BoxedError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = self.batches.poll_recv(context);
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
const BATCHES_AHEAD: usize = 2;
