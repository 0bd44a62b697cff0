//! HTTP/1.1 within bounds: connections, heads, bodies and the time they take.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use account::SecureTransport;
use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::server::conn::http1::Builder;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::time::timeout;

use super::accept::Listen;
use super::aside::Aside;
use super::gate::Guest;
use super::meter::Meter;
use super::{Stop, Transport, accept, stopped};

/// What answers requests over `L`.
pub(crate) trait Answer<L: Listen = TcpListener>: Send + Sync + 'static {
    /// Whether headers are written as EC2 and the services write them, which some clients print.
    /// It costs more than the rest of the head; names mean the same in any case.
    const TITLE_CASE: bool = true;

    /// What is read at once. Bodies that are long arrive faster in few pieces, each of which wakes
    /// a thread; a head is never longer than [`HEAD_BYTES_MAX`].
    const READ_BYTES_MAX: usize = HEAD_BYTES_MAX;

    /// What answers are made of.
    type Reply: Into<Reply> + Send;

    /// What a connection knows of itself.
    type Connection: Send + Sync + 'static;

    /// Greets a connection; `None` drops it.
    fn greet(&self, stream: &L::Stream, peer: L::Peer) -> Option<Self::Connection>;

    /// Takes note of the names in the client's certificate, which was verified.
    fn certified(known: Self::Connection, _names: Vec<String>) -> Self::Connection {
        known
    }

    /// Where connections are counted.
    fn meter(&self) -> Arc<Meter> {
        Arc::default()
    }

    /// Answers one request.
    fn answer(
        &self,
        connection: &Self::Connection,
        request: Request<Incoming>,
    ) -> impl Future<Output = Response<Self::Reply>> + Send;
}

/// The body of an answer.
pub(crate) enum Reply {
    /// All of it.
    Whole(Full<Bytes>),
    /// As it comes.
    Streamed(s3s::Body),
}

impl From<Bytes> for Reply {
    fn from(bytes: Bytes) -> Self {
        Self::Whole(Full::new(bytes))
    }
}

impl From<s3s::Body> for Reply {
    fn from(body: s3s::Body) -> Self {
        Self::Streamed(body)
    }
}

impl Body for Reply {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        match self.get_mut() {
            Self::Whole(body) => Pin::new(body)
                .poll_frame(context)
                .map_err(|never| match never {}),
            Self::Streamed(body) => Pin::new(body).poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(body) => body.is_end_stream(),
            Self::Streamed(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(body) => body.size_hint(),
            Self::Streamed(body) => body.size_hint(),
        }
    }
}

/// Serves connections until told to stop.
pub(super) async fn serve<L: Listen, A: Answer<L>>(
    listener: L,
    transport: Transport,
    answer: A,
    stop: Stop,
) {
    let answer = Arc::new(answer);
    let (own_stop, mut renewing) = (stop.clone(), stop.clone());
    let serving = accept::each(listener, answer.meter(), stop, |stream, peer, guest| {
        let (answer, transport) = (Arc::clone(&answer), transport.clone());
        let stop = own_stop.clone();
        async move {
            let Some(known) = answer.greet(&stream, peer) else {
                return;
            };
            match transport {
                Transport::Plain => {
                    connection::<L, A>(stream, &*answer, known, (&guest, false), stop).await;
                }
                Transport::Tls(tls) => {
                    let Some((stream, names)) = tls.greet(stream, &guest, peer).await else {
                        return;
                    };
                    let known = A::certified(known, names);
                    connection::<L, A>(stream, &*answer, known, (&guest, true), stop).await;
                }
            }
        }
    });
    tokio::join!(serving, transport.keep_renewed(&mut renewing));
}

async fn connection<L: Listen, A: Answer<L>>(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    answer: &A,
    known: A::Connection,
    (guest, secure): (&Guest, bool),
    mut stop: Stop,
) {
    let known = &known;
    let service = service_fn(|mut request: Request<Incoming>| async move {
        guest.begin();
        if secure {
            request.extensions_mut().insert(SecureTransport);
        }
        let is_checked = A::READ_BYTES_MAX <= HEAD_BYTES_MAX;
        let response = if !is_checked && is_head_too_large(&request) {
            let status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
            let refused = refusal(status, "the head is too large\n");
            refused.map(Reply::from)
        } else {
            answer.answer(known, request).await.map(Into::into)
        };
        guest.done(response.status().is_success());
        Ok::<_, std::convert::Infallible>(response)
    });
    let serving = Builder::new()
        .timer(TokioTimer::new())
        // The gate's to say, which knows how good a client it is.
        .header_read_timeout(None)
        .max_headers(HEADERS_MAX)
        .max_buf_size(A::READ_BYTES_MAX)
        .title_case_headers(A::TITLE_CASE)
        // Else each request has the buffer of the next one made and wiped, to see whether the
        // client is gone already. One that is gone is noticed when it is answered.
        .half_close(true)
        .serve_connection(TokioIo::new(stream), service);
    let mut serving = std::pin::pin!(serving);
    let ended = tokio::select! {
        biased;
        ended = serving.as_mut() => ended,
        () = Aside::new(stopped(&mut stop)) => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(error) = ended {
        let meter = guest.meter();
        if error.is_parse() {
            meter.parse_failed();
        } else if error.is_body_write_aborted() {
            meter.write_failed();
        } else {
            meter.read_failed();
        }
        tracing::debug!(%error, "a connection ended early");
    }
}

/// Whether a head is longer than any client's.
fn is_head_too_large<B>(request: &Request<B>) -> bool {
    let path = request.uri().path_and_query().map_or("", |it| it.as_str());
    let fields = request.headers().iter();
    let fields = fields.map(|(name, value)| name.as_str().len() + value.len() + FIELD_BYTES);
    path.len() + fields.sum::<usize>() > HEAD_BYTES_MAX
}

/// Reads a body of at most `bytes_max`, or says what to answer instead.
pub(super) async fn body(
    request: Request<Incoming>,
    bytes_max: usize,
) -> Result<Request<Bytes>, Response<Bytes>> {
    let announced = usize::try_from(request.body().size_hint().lower()).unwrap_or(usize::MAX);
    if announced > bytes_max {
        return Err(refusal(StatusCode::PAYLOAD_TOO_LARGE, TOO_LARGE));
    }
    let (head, body) = request.into_parts();
    let mut collecting = pin!(Limited::new(body, bytes_max).collect());
    // Mostly the body is there, and no timer is needed.
    let collected = match poll_fn(|it| Poll::Ready(collecting.as_mut().poll(it))).await {
        Poll::Ready(collected) => Ok(collected),
        Poll::Pending => timeout(BODY_TIME_MAX, collecting).await,
    };
    match collected {
        Ok(Ok(body)) => Ok(Request::from_parts(head, body.to_bytes())),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            Err(refusal(StatusCode::PAYLOAD_TOO_LARGE, TOO_LARGE))
        }
        Ok(Err(_)) => Err(refusal(
            StatusCode::BAD_REQUEST,
            "the body cannot be read\n",
        )),
        Err(_) => Err(refusal(
            StatusCode::REQUEST_TIMEOUT,
            "the body took too long\n",
        )),
    }
}

/// A plain answer after which the connection ends: what is left of the request is not read.
pub(super) fn refusal(status: StatusCode, text: &'static str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from_static(text.as_bytes()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

// Session tokens are the longest headers and stay below 8 KiB.
const HEAD_BYTES_MAX: usize = 16 * 1024;
// A colon, a space and the line's end.
const FIELD_BYTES: usize = 4;
const TOO_LARGE: &str = "the body is too large\n";
const HEADERS_MAX: usize = 64;
// Slow senders are cut: a body is a few packets.
const BODY_TIME_MAX: Duration = Duration::from_secs(10);
