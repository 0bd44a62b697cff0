//! S3 on the account's port: which requests are S3's, who signed them, and their answers.
//!
//! `s3s` speaks the protocol: routes, XML, signatures of heads, streams and URLs. Whether a call
//! may be and what it does is `account`'s; a file for each object is the store's. An operation that
//! has no row in the account is denied before its input is read.

mod bodies;
mod buckets;
mod convert;
mod cors;
mod host;
mod leaving;
mod listing;
mod multipart;
mod objects;
mod operations;
mod rules;
mod settings;
mod sums;

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use account::Trail;
use account::s3::{self, Answer, Call, Head, Input, Outcome, Refused, Signed};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use protocol::Fault;
use s3s::access::{S3Access, S3AccessContext};
use s3s::auth::{S3Auth, SecretKey};
use s3s::config::{S3Config, StaticConfigProvider};
use s3s::service::S3ServiceBuilder;
use s3s::{Body, S3Error, S3Result};

use self::bodies::Timed;
use self::convert::error;
pub(crate) use self::host::Domains;
use super::unabandoned::{Panicked, Unabandoned};
use crate::clock;
use crate::store::{Ledger, Objects, Unanswered};
use crate::trail::{NotRecorded, Recorder};

/// What calls of S3 go to.
#[derive(Debug, Clone)]
pub(crate) struct S3 {
    ledger: Ledger,
    recorder: Recorder,
    objects: Objects,
    domains: Domains,
    config: Arc<Config>,
}

struct Config(Arc<StaticConfigProvider>);

impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Config")
    }
}

/// One request and its answer.
struct Conversation {
    s3: S3,
    head: Arc<Head>,
    signed: Result<Arc<Signed>, Refused>,
    told: Mutex<Told>,
    // Whether all of the request's body was read.
    is_read: Arc<AtomicBool>,
}

/// What became known of a request on the way.
#[derive(Debug, Default)]
struct Told {
    operation: Option<String>,
    // As the record of the call has it.
    request_id: Option<String>,
    region: Option<String>,
    // Who signed it, once the signature was checked.
    is_signed: bool,
}

impl S3 {
    pub(crate) fn new(
        ledger: Ledger,
        recorder: Recorder,
        objects: Objects,
        domains: Domains,
    ) -> Self {
        let mut config = S3Config::default();
        config.xml_max_body_size = XML_BYTES_MAX;
        let config = StaticConfigProvider::new(Arc::new(config));
        Self {
            ledger,
            recorder,
            objects,
            domains,
            config: Arc::new(Config(Arc::new(config))),
        }
    }

    /// Whether a request is S3's, by its head.
    pub(super) fn is_asked<B>(&self, request: &Request<B>) -> bool {
        let headers = request.headers();
        if let Some(authorization) = headers.get(header::AUTHORIZATION) {
            let text = authorization.to_str().unwrap_or_default();
            return text.contains("/s3/aws4_request") || text.starts_with("AWS ");
        }
        if headers.contains_key("x-amz-target") {
            return false;
        }
        let query = request.uri().query().unwrap_or_default();
        let is_signed = query.contains("X-Amz-Credential=");
        if is_signed {
            let query = query.to_ascii_lowercase();
            return query.contains("%2fs3%2faws4_request") || query.contains("/s3/aws4_request");
        }
        let host = headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok());
        let names_bucket = host.is_some_and(|host| self.domains.bucket(host).is_some());
        // The other services are asked at the root.
        request.uri().path() != "/" || names_bucket
    }

    /// Answers a request.
    pub(super) async fn answer(
        &self,
        source: IpAddr,
        request: Request<Incoming>,
    ) -> Response<Body> {
        let now = clock::now();
        let signed = Signed::read(&self.ledger.partition(), &request, now).map(Arc::new);
        let conversation = Arc::new(Conversation {
            s3: self.clone(),
            head: Arc::new(Head::of(&request, Some(source))),
            signed,
            told: Mutex::default(),
            is_read: Arc::default(),
        });
        let is_head = request.method() == Method::HEAD;
        if cors::is_preflight(&request) {
            // As it is no call, it is in no record.
            let answered = cors::preflight(self, &request);
            let answered = answered.or_else(s3s::S3Error::to_http_response);
            return answered.unwrap_or_else(|_| Response::new(Body::empty()));
        }
        let page = cors::Asking::of(self, &request);
        let is_shared = self.ledger.is_shared();
        let answered = match refused_at_once(&request, is_shared) {
            Some(fault) => Err(error(fault)),
            None => conversation.speak(request).await,
        };
        let answered = match answered {
            Ok(response) => Ok(response),
            Err(error) => error.to_http_response(),
        };
        let mut response = answered.unwrap_or_else(|_| Response::new(Body::empty()));
        conversation.close(&mut response).await;
        if let Some(page) = page {
            page.tell(self, response.headers_mut());
        }
        if is_head {
            *response.body_mut() = Body::empty();
        }
        response
    }
}

/// What is not looked at further: forms of a browser bring files before they are signed.
fn refused_at_once<B>(request: &Request<B>, is_shared: bool) -> Option<Fault> {
    if is_shared {
        // What objects hold is in files of one server, where the others do not find it.
        return Some(convert::not_implemented("S3 on a store of several servers"));
    }
    let content = request.headers().get(header::CONTENT_TYPE);
    let content = content.map(|content| content.as_bytes().to_ascii_lowercase());
    let is_form = content.is_some_and(|content| content.starts_with(b"multipart/form-data"));
    if is_form && request.method() == Method::POST {
        return Some(convert::not_implemented("An upload by a form"));
    }
    let authorization = request.headers().get(header::AUTHORIZATION);
    let is_old = authorization.is_some_and(|it| it.as_bytes().starts_with(b"AWS "))
        || request
            .uri()
            .query()
            .is_some_and(|it| it.contains("AWSAccessKeyId="));
    if is_old {
        let why = "The authorization mechanism you have provided is not supported. Please use \
                   AWS4-HMAC-SHA256.";
        return Some(Fault::new("InvalidRequest", why));
    }
    let refused = request.headers().keys().find(|name| {
        REFUSED
            .iter()
            .any(|refused| name.as_str().starts_with(refused))
    });
    refused.map(|name| convert::not_implemented(&format!("The header {name}")))
}

impl Conversation {
    async fn speak(self: &Arc<Self>, request: Request<Incoming>) -> S3Result<Response<Body>> {
        let mut builder = S3ServiceBuilder::new(Arc::clone(self).operations());
        builder.set_auth(Gate(Arc::clone(self)));
        builder.set_access(Gate(Arc::clone(self)));
        builder.set_host(self.s3.domains.clone());
        builder.set_config(Arc::clone(&self.s3.config.0) as Arc<_>);
        let is_read = Arc::clone(&self.is_read);
        let timed = |body| Timed::new(body, BODY_SILENCE_MAX, is_read);
        let request = request.map(|body| Body::http_body(timed(body)));
        let answered = builder.build().call(request).await;
        answered.map_err(|_| convert::internal_error())
    }

    fn told(&self) -> std::sync::MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who signed the request, whose signature was checked.
    fn signed(&self) -> S3Result<Arc<Signed>> {
        match &self.signed {
            Ok(signed) if self.told().is_signed => Ok(Arc::clone(signed)),
            _ => Err(convert::access_denied()),
        }
    }

    fn call_of(&self, operation: &'static str, input: Input) -> S3Result<Arc<Call>> {
        Ok(Arc::new(Call {
            operation,
            input,
            signed: self.signed()?,
            head: Arc::clone(&self.head),
        }))
    }

    /// What a call that takes long would come to now. A refusal is recorded, anything else is not
    /// the end.
    async fn begin(&self, operation: &'static str, input: Input) -> S3Result<Answer> {
        let call = self.call_of(operation, input)?;
        let outcome = self.s3.ledger.try_objects(&call).map_err(unanswered)?;
        match outcome.answer {
            Ok(answer) => {
                self.told().region = outcome.region;
                Ok(answer)
            }
            Err(_) => self.end(outcome).await,
        }
    }

    /// Does a call.
    async fn call(&self, operation: &'static str, input: Input) -> S3Result<Answer> {
        let call = self.call_of(operation, input)?;
        let outcome = self.s3.ledger.try_objects(&call).map_err(unanswered)?;
        if outcome.changes.is_empty() {
            return self.end(outcome).await;
        }
        // A client that goes away takes neither the call nor its record with it.
        let (s3, told) = (self.s3.clone(), call);
        let work = async move {
            let outcome = s3.ledger.objects(told).await?;
            let freed = outcome.freed.clone();
            if !freed.is_empty() {
                let objects = s3.objects.clone();
                // Nobody waits for it. What a crash leaves behind goes at the next start.
                let _by_itself = tokio::task::spawn_blocking(move || objects.remove(&freed));
            }
            Ok(outcome)
        };
        let settled = Unabandoned::new(work).await;
        let settled = settled.unwrap_or_else(|Panicked| Err(Unanswered::Failed));
        self.end(settled.map_err(unanswered)?).await
    }

    /// Records a call.
    async fn end(&self, outcome: Outcome) -> S3Result<Answer> {
        if let Some(used) = outcome.used {
            self.s3.ledger.note(used);
        }
        self.record(&outcome.trail, outcome.region).await?;
        outcome.answer.map_err(error)
    }

    async fn record(&self, trail: &Trail, region: Option<String>) -> S3Result<()> {
        super::api::log(trail, self.head.source());
        {
            let mut told = self.told();
            told.request_id = Some(trail.request_id.clone());
            told.region = region;
        }
        let recorded = self.s3.recorder.record(trail).await;
        recorded.map_err(|NotRecorded| convert::internal_error())
    }

    /// Puts on an answer what every one has, and records what was not understood.
    async fn close(&self, response: &mut Response<Body>) {
        let status = response.status();
        let is_recorded = self.told().request_id.is_some();
        if !is_recorded && !status.is_success() {
            let code = code_of(response).await;
            let fault = Fault::new(code, "").status(status.as_u16());
            let (key, signed) = match &self.signed {
                Ok(signed) => (Some(signed.access_key_id().to_owned()), Some(signed)),
                Err(refused) => (refused.access_key_id.clone(), None),
            };
            let is_signed = self.told().is_signed;
            let signed = signed.filter(|_| is_signed).map(AsRef::as_ref);
            let random = clock::random().unwrap_or_default();
            let operation = self.told().operation.clone();
            let moment = (clock::now(), random);
            let trail = s3::unhandled(&self.head, (key, operation), signed, &fault, moment);
            let _told_already = self.record(&trail, None).await;
        }
        // `s3s` gives some answers one status alone.
        if let Some(status) = response.extensions_mut().remove::<StatusCode>() {
            *response.status_mut() = status;
        }
        let told = self.told();
        let headers = response.headers_mut();
        set(headers, "x-amz-request-id", told.request_id.as_deref());
        set(headers, "x-amz-id-2", told.request_id.as_deref());
        set(headers, "x-amz-bucket-region", told.region.as_deref());
        headers.insert(header::SERVER, HeaderValue::from_static("AmazonS3"));
        // What is left of the body would be taken for the next request.
        if !self.is_read.load(Ordering::Relaxed) {
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
    }
}

fn set(headers: &mut HeaderMap, name: &'static str, value: Option<&str>) {
    if let Some(value) = value.and_then(|value| HeaderValue::from_str(value).ok()) {
        headers.insert(name, value);
    }
}

/// The code in an error's XML, which is small.
async fn code_of(response: &mut Response<Body>) -> String {
    let body = std::mem::take(response.body_mut());
    let bytes = body
        .collect()
        .await
        .map(http_body_util::Collected::to_bytes);
    let bytes = bytes.unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    *response.body_mut() = Body::from(bytes);
    let code = text
        .split_once("<Code>")
        .and_then(|(_, rest)| rest.split_once("</Code>"));
    code.map_or_else(|| "InternalError".to_owned(), |(code, _)| code.to_owned())
}

fn unanswered(reason: Unanswered) -> S3Error {
    match reason {
        Unanswered::Busy => {
            error(Fault::new("SlowDown", "Please reduce your request rate.").status(503))
        }
        Unanswered::Stale | Unanswered::Away => {
            let why = "Service is unable to handle request.";
            error(Fault::new("ServiceUnavailable", why).status(503))
        }
        Unanswered::Failed => convert::internal_error(),
    }
}

/// What `s3s` asks before it reads a call.
struct Gate(Arc<Conversation>);

#[async_trait::async_trait]
impl S3Auth for Gate {
    async fn get_secret_key(&self, access_key: &str) -> S3Result<SecretKey> {
        match &self.0.signed {
            Ok(signed) if signed.access_key_id() == access_key => {
                let secret = signed.secret().expose_text();
                let secret = secret.ok_or_else(convert::internal_error)?;
                Ok(SecretKey::from(secret))
            }
            // A signature of another form than what was read, such as Version 2.
            Ok(_) => Err(convert::access_denied()),
            Err(refused) => Err(error(refused.fault.clone())),
        }
    }
}

#[async_trait::async_trait]
impl S3Access for Gate {
    async fn check(&self, context: &mut S3AccessContext<'_>) -> S3Result<()> {
        let operation = context.s3_op().name();
        let mut told = self.0.told();
        told.operation = Some(operation.to_owned());
        match (&self.0.signed, context.credentials()) {
            (Ok(signed), Some(credentials)) if credentials.access_key == signed.access_key_id() => {
                told.is_signed = true;
            }
            (Err(refused), _) => return Err(error(refused.fault.clone())),
            _ => return Err(convert::access_denied()),
        }
        if !s3::is_known(operation) {
            let why = format!("This server cannot authorize the s3 operation {operation}.");
            return Err(error(Fault::new("AccessDenied", why).status(403)));
        }
        Ok(())
    }
}

/// Headers that ask for what is not there.
const REFUSED: &[&str] = &[
    "x-amz-grant-",
    "x-amz-mfa",
    "x-amz-object-lock-",
    "x-amz-bucket-object-lock-",
    "x-amz-server-side-encryption-context",
    "x-amz-website-redirect-location",
    "x-amz-write-offset-bytes",
];
// The parts of the longest upload take about 3 MB.
const XML_BYTES_MAX: usize = 4 << 20;
// A body that stands still that long is given up.
const BODY_SILENCE_MAX: Duration = Duration::from_secs(20);
