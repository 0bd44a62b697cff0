//! Bytes of objects on their way in: from a request into a file, and what they sum up to.
//!
//! What stands in memory for a request is about 2 MiB, however large the object is.
//! Files are written and sums are made on threads that may take long.

use std::io::{ErrorKind, Result};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use account::entity::Segment;
use account::s3::Stored;
use bytes::Bytes;
use futures_util::StreamExt as _;
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use protocol::{Fault, Secret};
use s3s::dto::StreamingBlob;
use s3s::{S3Result, TrailingHeaders};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{Instant, Sleep};

use super::convert::{error, internal_error, invalid};
use super::sums::{Announced, Summed, Summing};
use crate::clock;
use crate::store::{FinishedObject, Objects, Place, WritingObject};

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
    ) -> Poll<Option<std::result::Result<Frame<Bytes>, BoxedError>>> {
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

/// What is made of bytes as they come, by work that takes long.
trait Making: Sized + Send + 'static {
    type Made: Send;

    fn take(&mut self, bytes: &[Bytes]) -> Result<()>;

    /// After the last bytes.
    fn end(self) -> Result<Self::Made>;
}

impl Making for Summing {
    type Made = Summed;

    fn take(&mut self, bytes: &[Bytes]) -> Result<()> {
        for bytes in bytes {
            self.update(bytes);
        }
        Ok(())
    }

    fn end(self) -> Result<Summed> {
        Ok(self.finish())
    }
}

impl Making for WritingObject {
    type Made = FinishedObject;

    fn take(&mut self, bytes: &[Bytes]) -> Result<()> {
        for bytes in bytes {
            self.write(bytes)?;
        }
        self.settle();
        Ok(())
    }

    /// All of it is on the disk, and is not kept yet.
    fn end(self) -> Result<FinishedObject> {
        self.finish()
    }
}

/// Something that is made beside others, each as fast as it can.
struct Lane<M: Making> {
    // `None` after the last.
    batches: mpsc::Sender<Option<Batch>>,
    made: JoinHandle<Result<M::Made>>,
}

type Batch = Arc<Vec<Bytes>>;

enum Step<M: Making> {
    More(M),
    Made(M::Made),
}

impl<M: Making> Lane<M> {
    fn begin(begin: impl FnOnce() -> Result<M> + Send + 'static) -> Self {
        let (batches, mut receiver) = mpsc::channel::<Option<Batch>>(BATCHES_AHEAD);
        let made = tokio::spawn(async move {
            let mut making = spawn_blocking(begin).await??;
            let mut some = Vec::new();
            while receiver.recv_many(&mut some, BATCHES_AHEAD).await > 0 {
                let some = std::mem::take(&mut some);
                let step = spawn_blocking(move || {
                    for batch in some {
                        match batch {
                            Some(batch) => making.take(&batch)?,
                            None => return Ok(Step::Made(making.end()?)),
                        }
                    }
                    Result::Ok(Step::<M>::More(making))
                });
                match step.await?? {
                    Step::More(more) => making = more,
                    Step::Made(made) => return Ok(made),
                }
            }
            // Whoever brought the bytes is gone.
            Err(ErrorKind::UnexpectedEof.into())
        });
        Self { batches, made }
    }
}

/// Where bytes go to: a file, and sums, which take longer than seals do.
struct Sink {
    file: Lane<WritingObject>,
    sums: Lane<Summing>,
}

impl Sink {
    fn begin((objects, place, data_key): (Objects, Place, Secret), summing: Summing) -> Self {
        Self {
            file: Lane::begin(move || objects.create(&place, &data_key)),
            sums: Lane::begin(|| Ok(summing)),
        }
    }

    /// Waits while enough are on their way; `false` where no more are taken.
    async fn take(&self, batch: Option<Vec<Bytes>>) -> bool {
        let batch = batch.map(Arc::new);
        let (file, sums) = (&self.file.batches, &self.sums.batches);
        file.send(batch.clone()).await.is_ok() && sums.send(batch).await.is_ok()
    }

    async fn finish(self) -> Result<(FinishedObject, Summed)> {
        let _why_it_failed_is_told_below = self.take(None).await;
        let Self { file, sums } = self;
        // Where the file has failed, the sums were not told of the end.
        drop((file.batches, sums.batches));
        let (file, summed) = tokio::join!(file.made, sums.made);
        Ok((file??, summed??))
    }
}

/// The same of bytes that are all there.
async fn at_once(
    (objects, place, data_key): (Objects, Place, Secret),
    mut summing: Summing,
    batch: Vec<Bytes>,
) -> Result<(FinishedObject, Summed)> {
    let same = batch.clone();
    let summed = spawn_blocking(move || {
        summing.take(&same)?;
        summing.end()
    });
    let file = spawn_blocking(move || {
        let mut writing = objects.create(&place, &data_key)?;
        writing.take(&batch)?;
        writing.end()
    });
    let (file, summed) = tokio::join!(file, summed);
    Ok((file??, summed??))
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

/// A body, batch by batch.
struct Coming {
    body: Option<StreamingBlob>,
    received: u64,
    length_max: u64,
}

impl Coming {
    /// The next bytes, and whether they are the last.
    async fn batch(&mut self) -> S3Result<(Vec<Bytes>, bool)> {
        let (mut batch, mut batched) = (Vec::new(), 0);
        let Some(body) = &mut self.body else {
            return Ok((batch, true));
        };
        while batched < BATCH_BYTES {
            let Some(bytes) = body.next().await else {
                return Ok((batch, true));
            };
            let bytes = bytes.map_err(|error| of_body(&error))?;
            self.received += bytes.len() as u64;
            if self.received > self.length_max {
                return Err(too_large());
            }
            batched += bytes.len();
            batch.push(bytes);
        }
        Ok((batch, false))
    }

    fn check(&self, length: Option<u64>) -> S3Result<()> {
        if length.is_none_or(|length| length == self.received) {
            return Ok(());
        }
        let why = "You did not provide the number of bytes specified by the Content-Length HTTP \
                   header.";
        Err(invalid("IncompleteBody", why))
    }
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
    if length.is_some_and(|length| length > length_max) {
        return Err(too_large());
    }
    let mut coming = Coming {
        body,
        received: 0,
        length_max,
    };
    let (begun, summing) = (
        (objects.clone(), place, data_key.clone()),
        announced.begin(),
    );
    let (mut batch, mut is_last) = coming.batch().await?;
    let done = if is_last {
        coming.check(length)?;
        at_once(begun, summing, batch).await
    } else {
        let sink = Sink::begin(begun, summing);
        while sink.take(Some(batch)).await && !is_last {
            (batch, is_last) = coming.batch().await?;
        }
        if is_last {
            coming.check(length)?;
        }
        sink.finish().await
    };
    let (finished, summed) = done.map_err(|error| of_file(&error))?;
    let trailer = trailer.and_then(|trailer| trailer.take());
    announced.check(&summed, trailer.as_ref())?;
    let random = clock::random().map_err(|_| internal_error())?;
    let segment: Segment = finished.keep();
    let stored = Stored {
        segment,
        data_key,
        etag: announced.entity_tag(&summed, random),
        checksum: Some(summed.checksum.clone()),
    };
    Ok((stored, summed))
}

fn too_large() -> s3s::S3Error {
    let why = "Your proposed upload exceeds the maximum allowed size";
    invalid("EntityTooLarge", why)
}

/// A file that cannot be written.
fn of_file(failure: &std::io::Error) -> s3s::S3Error {
    let full = [ErrorKind::StorageFull, ErrorKind::QuotaExceeded];
    if full.contains(&failure.kind()) {
        let hint = "make room where the data folder is: writes go on by themselves";
        tracing::error!(error = %failure, hint, "a file of an object cannot be written");
        let why = "Service is unable to handle request.";
        return error(Fault::new("ServiceUnavailable", why).status(503));
    }
    tracing::error!(error = %failure, "a file of an object cannot be written or read");
    internal_error()
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

// Waiting for a file or its sums; as many are worked on.
const BATCHES_AHEAD: usize = 8;
// Written and summed without a look at what else there is to do.
const BATCH_BYTES: usize = 128 << 10;

#[cfg(test)]
mod tests {
    use account::entity::ChecksumAlgorithm;

    use super::*;

    fn arriving(bytes: usize) -> Arriving {
        let pieces = vec![7; bytes];
        let pieces = pieces.chunks(50_000).map(Bytes::copy_from_slice);
        let pieces: Vec<std::io::Result<Bytes>> = pieces.map(Ok).collect();
        Arriving {
            body: Some(StreamingBlob::wrap(futures_util::stream::iter(pieces))),
            length: Some(bytes as u64),
            length_max: 1 << 30,
            announced: Announced::of(ChecksumAlgorithm::Crc64Nvme),
            trailer: None,
        }
    }

    async fn stored(objects: &Objects, bytes: usize) -> S3Result<(Stored, Summed)> {
        let place = Place {
            bucket: "b".into(),
            key: "k".into(),
        };
        let key = Secret::new([7; 32]);
        let received = receive(objects, place, key, arriving(bytes));
        let received = tokio::time::timeout(Duration::from_secs(30), received).await;
        received.expect("it ends")
    }

    #[tokio::test]
    async fn what_cannot_be_written_ends_the_upload() {
        let folder = tempfile::tempdir().unwrap();
        let objects = Objects::open(folder.path(), std::iter::empty()).unwrap();
        for bytes in [0, 1, BATCH_BYTES, 9 * BATCH_BYTES + 1] {
            let (stored, _) = stored(&objects, bytes).await.unwrap();
            assert_eq!(stored.segment.size, bytes as u64);
        }
        std::fs::remove_dir_all(folder.path().join("objects")).unwrap();
        for bytes in [1, 9 * BATCH_BYTES + 1, 64 * BATCH_BYTES] {
            let refused = stored(&objects, bytes).await.err().unwrap();
            assert_eq!(refused.code().as_str(), "InternalError");
        }
    }
}
