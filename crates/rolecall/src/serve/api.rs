//! The account's API: all services on one port.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use account::{Asked, FromVpc, InstanceDelay, Issuers, Outcome, Trail};
use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use hyper::body::{Body as _, Incoming};
use protocol::{Fault, wire};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

use super::http1::{self, Answer, Reply};
use super::s3::S3;
use super::supplies::{NotMade, Supplies};
use super::unabandoned::{Panicked, Unabandoned};
use super::{Bound, Stop, Transport};
use crate::clock;
use crate::store::{Attempt, Call, Ledger, Unanswered};
use crate::trail::{self, NotRecorded, Recorder};

/// Answers calls from the ledger, and has each recorded.
#[derive(Debug, Clone)]
pub(crate) struct Api {
    service: Arc<Service>,
    instance_delay: InstanceDelay,
    from_vpc: Option<FromVpc>,
}

#[derive(Debug)]
struct Service {
    ledger: Ledger,
    recorder: Recorder,
    trail: PathBuf,
    /// Whose tokens AssumeRoleWithWebIdentity takes; each request carries them.
    issuers: Arc<Issuers>,
    /// Places for those who read the trail, which is a walk over files.
    readers: Semaphore,
    supplies: Supplies,
    s3: S3,
}

impl Api {
    /// `trail` is the folder that `recorder` writes to.
    pub(crate) fn new(
        ledger: Ledger,
        recorder: Recorder,
        trail: PathBuf,
        issuers: Issuers,
        s3: S3,
    ) -> Self {
        Self {
            service: Arc::new(Service {
                ledger,
                recorder,
                trail,
                issuers: Arc::new(issuers),
                readers: Semaphore::new(READERS_MAX),
                supplies: Supplies::new(),
                s3,
            }),
            instance_delay: InstanceDelay::default(),
            from_vpc: None,
        }
    }

    /// The same where instances take their time from one state to the next.
    pub(crate) fn delaying(self, instance_delay: InstanceDelay) -> Self {
        Self {
            instance_delay,
            ..self
        }
    }

    /// The same as it is called from inside a VPC.
    pub(crate) fn called_from(&self, from_vpc: FromVpc) -> Self {
        Self {
            from_vpc: Some(from_vpc),
            ..self.clone()
        }
    }

    pub(crate) async fn serve(self, bound: Bound, transport: Transport, stop: Stop) {
        http1::serve(bound.listener, transport, self, stop).await;
    }
}

impl Answer for Api {
    // Clients of S3 read names of metadata as they are written, and S3 writes them small.
    const TITLE_CASE: bool = false;
    const READ_BYTES_MAX: usize = READ_BYTES_MAX;

    type Reply = Reply;
    type Connection = IpAddr;

    fn greet(&self, _: &TcpStream, peer: SocketAddr) -> Option<IpAddr> {
        let from_vpc = self.from_vpc.as_ref();
        Some(from_vpc.map_or(peer.ip(), |from_vpc| IpAddr::V4(from_vpc.private_ip)))
    }

    async fn answer(&self, peer: &IpAddr, mut request: Request<Incoming>) -> Response<Reply> {
        if let Some(from_vpc) = &self.from_vpc {
            request.extensions_mut().insert(from_vpc.clone());
        }
        let s3 = &self.service.s3;
        if request.uri().path() == READY && request.method() == Method::GET {
            return self.service.readiness().map(Into::into);
        }
        if s3.is_asked(&request) {
            return s3.answer(*peer, request).await.map(Into::into);
        }
        self.answer_service(*peer, request).await.map(Into::into)
    }
}

impl Api {
    /// Answers a call of another service than S3.
    async fn answer_service(
        &self,
        peer: IpAddr,
        mut request: Request<Incoming>,
    ) -> Response<Bytes> {
        let service = &self.service;
        // A call with a signature in its head brings no token of an identity provider.
        if !request.headers().contains_key(header::AUTHORIZATION) {
            let issuers = Arc::clone(&service.issuers);
            request.extensions_mut().insert(issuers);
        }
        if self.instance_delay != InstanceDelay::default() {
            request.extensions_mut().insert(self.instance_delay);
        }
        let request = if service.is_worth_reading(&request) {
            match http1::body(request, wire::BODY_BYTES_MAX).await {
                Ok(request) => request,
                Err(refused) => return refused,
            }
        } else {
            // Whatever it wanted to send, it is told that its key is not known.
            request.map(|_unread| Bytes::new())
        };
        let call = Call {
            request,
            source: Some(peer),
        };
        let mut attempt = service.attempt(&call).await;
        if let Ok(attempt) = &mut attempt
            && let Some(used) = attempt.outcome.used.take()
        {
            service.ledger.note(used);
        }
        match attempt {
            // Nothing to wait for: the common way.
            Ok(Attempt { outcome, .. }) if service.is_settled(&outcome) => {
                log(&outcome.trail, Some(peer));
                service.recorder.note(&outcome.trail);
                outcome.response
            }
            attempt => {
                // A client that goes away takes neither the call nor its record with it.
                let work = Arc::clone(service).settle(Arc::new(call), attempt);
                let settled = Unabandoned::new(work).await;
                settled.unwrap_or_else(|Panicked| {
                    http1::refusal(StatusCode::INTERNAL_SERVER_ERROR, "internal error\n")
                })
            }
        }
    }
}

impl Service {
    /// What a call leads to; where other servers write too, with all of theirs that it may not
    /// miss.
    async fn attempt(&self, call: &Call) -> Result<Attempt, Unanswered> {
        if !self.ledger.is_shared() {
            return self.ledger.attempt(call);
        }
        if !call.request.headers().contains_key(READ_NEWEST) {
            let attempt = self.ledger.attempt(call)?;
            if !attempt.outcome.response.status().is_client_error() {
                return Ok(attempt);
            }
            // What is not there, or not allowed, may be so by what another server has just written.
        }
        self.ledger.catch_up().await?;
        self.ledger.attempt(call)
    }

    /// For what spreads calls over servers: whether they are answered here.
    fn readiness(&self) -> Response<Bytes> {
        let (status, text) = if self.ledger.is_in_bound() {
            (StatusCode::OK, "ready\n")
        } else {
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "not ready: the state may be too old\n",
            )
        };
        let mut response = Response::new(Bytes::from_static(text.as_bytes()));
        *response.status_mut() = status;
        let plain = HeaderValue::from_static("text/plain");
        response.headers_mut().insert(header::CONTENT_TYPE, plain);
        response
    }

    /// Memory is for callers: a stranger's large body is not read.
    fn is_worth_reading(&self, request: &Request<Incoming>) -> bool {
        let announced = request.body().size_hint().exact();
        announced.is_some_and(|bytes| bytes <= STRANGER_BODY_BYTES_MAX)
            || account::is_key_known(&self.ledger.partition(), request, clock::now())
    }

    fn is_settled(&self, outcome: &Outcome) -> bool {
        let is_whole = outcome.asked.is_none() && outcome.wanted.is_none();
        outcome.changes.is_empty() && is_whole && !self.recorder.is_strict()
    }

    /// What is left to do of a call: what it wants made, its changes, what it asks for, its record.
    async fn settle(
        self: Arc<Self>,
        mut call: Arc<Call>,
        mut attempt: Result<Attempt, Unanswered>,
    ) -> Response<Bytes> {
        let mut unmade = None;
        if let Ok(Attempt { outcome, .. }) = &attempt
            && let Some(wanted) = outcome.wanted
        {
            match self.supplies.make(wanted).await {
                Ok(supplied) => {
                    call = Arc::new(call.with(supplied));
                    attempt = self.ledger.attempt(&call);
                }
                Err(reason) => unmade = Some(reason),
            }
        }
        let mut trail = match &attempt {
            Ok(attempt) => attempt.outcome.trail.clone(),
            Err(_) => unhandled(&call),
        };
        let settled = match attempt {
            Ok(attempt) if !attempt.outcome.changes.is_empty() => {
                let committed = self.ledger.commit(Arc::clone(&call), attempt).await;
                committed.map_err(unanswered)
            }
            Ok(attempt) if attempt.outcome.wanted.is_some() => {
                let told = unmade.and_then(NotMade::fault);
                Err(told.unwrap_or_else(|| unanswered(Unanswered::Failed)))
            }
            Ok(attempt) => Ok(attempt.outcome),
            Err(reason) => Err(unanswered(reason)),
        };
        let answer = match settled {
            Ok(outcome) => {
                trail = outcome.trail;
                match outcome.asked {
                    None => Ok(outcome.response),
                    Some(asked) => self.look_up(asked).await,
                }
            }
            Err(fault) => Err(fault),
        };
        let response = answer.unwrap_or_else(|fault| {
            trail.fail(&fault);
            let mut refusal = wire::encode_fault(None, &call.request, &fault, &trail.request_id);
            if refusal.status() == StatusCode::SERVICE_UNAVAILABLE {
                let headers = refusal.headers_mut();
                headers.insert(header::RETRY_AFTER, RETRY_AFTER_SECONDS);
            }
            refusal
        });
        log(&trail, call.source);
        if self.recorder.record(&trail).await == Err(NotRecorded) {
            let fault = unanswered(Unanswered::Failed);
            return wire::encode_fault(None, &call.request, &fault, "");
        }
        response
    }

    /// Answers from the trail, with all in it that was answered before.
    async fn look_up(&self, asked: Asked) -> Result<Response<Bytes>, Fault> {
        let Ok(_place) = self.readers.try_acquire() else {
            return Err(Fault::new("ThrottlingException", "Rate exceeded"));
        };
        self.recorder.flush().await;
        let folder = self.trail.clone();
        let read = tokio::task::spawn_blocking(move || {
            trail::newest(&folder, &asked).map(|found| asked.answer(&found))
        });
        match read.await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) => {
                tracing::error!(%error, "the trail cannot be read");
                Err(unanswered(Unanswered::Failed))
            }
            Err(_) => Err(unanswered(Unanswered::Failed)),
        }
    }
}

/// A line of the log. Values and keys are not part of it.
pub(super) fn log(trail: &Trail, peer: Option<IpAddr>) {
    let peer = peer.map_or_else(|| "?".to_owned(), |peer| peer.to_string());
    let service = trail.service.unwrap_or("?");
    let operation = trail.operation.unwrap_or("?");
    let principal = trail.principal.as_deref().unwrap_or("?");
    let request_id = trail.request_id.as_str();
    let Some(code) = trail.error.as_deref() else {
        tracing::debug!(%peer, principal, service, operation, request_id, "call answered");
        return;
    };
    let verdict = trail.verdicts.iter().find(|verdict| !verdict.allowed);
    if operation == "RotateSecret" && code == "AccessDeniedException" && verdict.is_none() {
        tracing::warn!(
            request_id,
            "no command for this function: `--rotation-command` gives one"
        );
    }
    let resource = verdict.map_or("", |verdict| verdict.resource.as_str());
    let reason = verdict.map_or("", |verdict| verdict.reason.as_str());
    tracing::info!(
        %peer, principal, service, operation, request_id, error = code, resource, reason,
        "call refused"
    );
}

fn unhandled(call: &Call) -> Trail {
    let random = clock::random().unwrap_or_default();
    Trail::unhandled(&call.request, call.source, clock::now(), random)
}

fn unanswered(reason: Unanswered) -> Fault {
    match reason {
        Unanswered::Busy => Fault::new("ServiceUnavailable", "Too many writes are waiting.")
            .status(StatusCode::SERVICE_UNAVAILABLE.as_u16()),
        Unanswered::Stale | Unanswered::Away => {
            Fault::new("ServiceUnavailable", "The service is unavailable.")
                .status(StatusCode::SERVICE_UNAVAILABLE.as_u16())
        }
        Unanswered::Failed => Fault::new(
            "InternalFailure",
            "The request has failed because of an internal error.",
        )
        .status(StatusCode::INTERNAL_SERVER_ERROR.as_u16()),
    }
}

/// A header of calls that are to see all that any server has answered before. Others see that of
/// this server, and of others as of some milliseconds ago.
const READ_NEWEST: &str = "x-rolecall-read-newest";
/// Of no service: names of buckets have no underscore.
const READY: &str = "/_rolecall/ready";
const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("1");
// Most calls are smaller; a form that is larger is worth reading only with a key.
const STRANGER_BODY_BYTES_MAX: u64 = 16 * 1024;
// LookupEvents at once; CloudTrail allows two in a second.
const READERS_MAX: usize = 2;
// Of an object that is put.
const READ_BYTES_MAX: usize = 128 * 1024;
