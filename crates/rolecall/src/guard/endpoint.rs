//! The metadata service itself, asked with a token of the guard's own.
//!
//! Callers' tokens are the guard's (`serve::guard`) and mean nothing here. One connection for each
//! request, as the service closes each. What it said a moment ago is said again, and what it said
//! last stands in while it does not answer. The instance's credentials are read ahead of whoever
//! wants them.
//!
//! Source: EC2 User Guide, "How Instance Metadata Service Version 2 works".

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex as Lock, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Empty, Limited};
use hyper_util::rt::TokioIo;
use jiff::{SignedDuration, Timestamp};
use protocol::metadata::TOKEN_TTL_SECONDS_MAX;
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::kept::Said;
use crate::clock::{self, Stopwatch};

/// Where it is, and the token that is good there.
#[derive(Debug)]
pub(crate) struct Endpoint {
    address: SocketAddr,
    host: HeaderValue,
    token: Mutex<Option<(HeaderValue, Stopwatch)>>,
    // By path. INVARIANT: never more than `LAST_MAX`.
    last: Lock<BTreeMap<String, Last>>,
    // How often that has changed.
    changes: AtomicU64,
}

/// The last answer at a path.
#[derive(Debug)]
struct Last {
    answer: Response<Bytes>,
    since: Stopwatch,
    // What had passed by then, where a guard before this one read it.
    before: Duration,
    // Of credentials.
    end: Option<Timestamp>,
}

/// Why there is no answer.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum Away {
    /// Nothing came in time.
    #[error("the metadata service does not answer within {} s", TIME_MAX.as_secs())]
    Late,
    /// The connection failed.
    #[error("the metadata service cannot be reached: {0}")]
    Unreachable(String),
    /// It makes no token.
    #[error("the metadata service makes no token: status {0}")]
    NoToken(StatusCode),
}

impl Last {
    fn age(&self) -> Duration {
        self.before.saturating_add(self.since.elapsed())
    }

    /// Text alone: what the service says of credentials and of the instance is.
    fn said(&self, path: &str, now: Timestamp) -> Option<Said> {
        let age = SignedDuration::try_from(self.age()).ok()?;
        let headers = self.answer.headers().iter();
        let headers = headers.filter_map(|(name, value)| {
            let value = value.to_str().ok()?;
            Some((name.as_str().to_owned(), value.to_owned()))
        });
        Some(Said {
            path: path.to_owned(),
            at: now.checked_sub(age).ok()?,
            headers: headers.collect(),
            body: std::str::from_utf8(self.answer.body()).ok()?.to_owned(),
        })
    }

    /// Never fresh: the service is asked before it is said again.
    fn again(said: Said, now: Timestamp) -> Option<Self> {
        let passed = Duration::try_from(now.duration_since(said.at)).unwrap_or_default();
        let mut answer = Response::builder();
        for (name, value) in &said.headers {
            answer = answer.header(name, value);
        }
        Some(Self {
            end: end(&said.path, said.body.as_bytes()),
            answer: answer.body(Bytes::from(said.body)).ok()?,
            since: Stopwatch::start(),
            before: passed.max(KEPT_FRESH),
        })
    }

    /// Credentials that are over are nobody's.
    fn is_valid(&self) -> bool {
        self.end.is_none_or(|end| clock::now() < end)
    }
}

/// When credentials in an answer end.
fn end(path: &str, body: &[u8]) -> Option<Timestamp> {
    if !path.contains(CREDENTIALS) {
        return None;
    }
    let document: serde_json::Value = serde_json::from_slice(body).ok()?;
    document.get("Expiration")?.as_str()?.parse().ok()
}

impl Endpoint {
    pub(crate) fn new(address: SocketAddr) -> Self {
        let host = HeaderValue::from_str(&address.ip().to_string());
        Self {
            address,
            host: host.unwrap_or_else(|_| HeaderValue::from_static("metadata")),
            token: Mutex::default(),
            last: Lock::default(),
            changes: AtomicU64::new(0),
        }
    }

    /// With what a guard before this one was told.
    pub(crate) fn recall(&self, answers: Vec<Said>) {
        let now = clock::now();
        let mut last = self.lock();
        for said in answers.into_iter().take(LAST_MAX) {
            let path = said.path.clone();
            if let Some(known) = Last::again(said, now) {
                last.insert(path, known);
            }
        }
    }

    /// All that was said last, and the number of changes until then.
    pub(crate) fn said(&self) -> (Vec<Said>, u64) {
        let now = clock::now();
        let last = self.lock();
        let known = last.iter().filter(|(_, last)| last.is_valid());
        let said = known.filter_map(|(path, last)| last.said(path, now));
        (said.collect(), self.changes())
    }

    /// How often what is remembered has changed.
    pub(crate) fn changes(&self) -> u64 {
        self.changes.load(Ordering::Relaxed)
    }

    /// Reads a path: what was said there a moment ago, else what the service says now. While it
    /// does not answer, that is what it said there last, with a `Warning`.
    pub(crate) async fn read(&self, method: Method, path: &str) -> Result<Response<Bytes>, Away> {
        match self.fresh(&method, path) {
            Some(answer) => Ok(answer),
            None => self.read_anew(method, path).await,
        }
    }

    /// The text at a path, where there is one.
    pub(crate) async fn text(&self, path: &str) -> Option<String> {
        let answer = self.read(Method::GET, path).await.ok()?;
        let is_there = answer.status() == StatusCode::OK;
        let text = String::from_utf8(answer.into_body().into()).ok()?;
        is_there.then_some(text)
    }

    /// The name of the instance's role, where it has one.
    pub(crate) async fn role(&self) -> Option<String> {
        let names = self.text(ROLES).await?;
        let first = names.lines().next().map(str::trim);
        first.filter(|name| !name.is_empty()).map(str::to_owned)
    }

    /// Reads the instance's credentials again and again, so that they are at hand. Ends never.
    pub(crate) async fn keep_credentials(&self) {
        loop {
            // What cannot be read now is read when it is asked for.
            let _names = self.read_anew(Method::GET, ROLES).await;
            if let Some(role) = self.role().await {
                let _document = self.read_anew(Method::GET, &format!("{ROLES}{role}")).await;
            }
            tokio::time::sleep(KEEP_EVERY).await;
        }
    }

    fn fresh(&self, method: &Method, path: &str) -> Option<Response<Bytes>> {
        let last = self.lock();
        let known = last.get(path).filter(|_| method == Method::GET)?;
        let life = if path.starts_with(ROLES) {
            KEPT_FRESH
        } else {
            FRESH
        };
        (known.age() < life && known.is_valid()).then(|| known.answer.clone())
    }

    async fn read_anew(&self, method: Method, path: &str) -> Result<Response<Bytes>, Away> {
        let read = async {
            let answer = self.read_with_token(&method, path, false).await?;
            if answer.status() != StatusCode::UNAUTHORIZED {
                return Ok(answer);
            }
            self.read_with_token(&method, path, true).await
        };
        let read = timeout(TIME_MAX, read).await.unwrap_or(Err(Away::Late));
        match read {
            Ok(answer) => {
                if method == Method::GET {
                    self.remember(path, &answer);
                }
                Ok(answer)
            }
            Err(away) => self.last(&method, path).ok_or(away),
        }
    }

    /// Whatever is not there any more is forgotten too.
    fn remember(&self, path: &str, answer: &Response<Bytes>) {
        let mut last = self.lock();
        self.changes.fetch_add(1, Ordering::Relaxed);
        if answer.status() != StatusCode::OK || answer.body().len() > LAST_BYTES_MAX {
            last.remove(path);
            return;
        }
        if last.len() >= LAST_MAX && !last.contains_key(path) {
            let oldest = last.iter().max_by_key(|(_, last)| last.age());
            let oldest = oldest.map(|(path, _)| path.clone());
            oldest.and_then(|path| last.remove(&path));
        }
        let entry = Last {
            answer: answer.clone(),
            since: Stopwatch::start(),
            before: Duration::ZERO,
            end: end(path, answer.body()),
        };
        last.insert(path.to_owned(), entry);
    }

    fn last(&self, method: &Method, path: &str) -> Option<Response<Bytes>> {
        let last = self.lock();
        let known = last.get(path).filter(|_| method == Method::GET)?;
        let mut answer = known.answer.clone();
        let stale = HeaderValue::from_static("110 - \"Response is Stale\"");
        (known.age() < LAST_LIFE && known.is_valid()).then(|| {
            answer.headers_mut().insert(header::WARNING, stale);
            answer
        })
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Last>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn read_with_token(
        &self,
        method: &Method,
        path: &str,
        is_anew: bool,
    ) -> Result<Response<Bytes>, Away> {
        let token = self.token(is_anew).await?;
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(TOKEN, token);
        self.call(request).await
    }

    /// One for all readers; while it is fetched, they wait for it together.
    async fn token(&self, is_anew: bool) -> Result<HeaderValue, Away> {
        let mut held = self.token.lock().await;
        if let Some((token, since)) = held.as_ref()
            && !is_anew
            && since.elapsed() < TOKEN_LIFE
        {
            return Ok(token.clone());
        }
        let since = Stopwatch::start();
        let request = Request::put("/latest/api/token").header(TTL, TOKEN_TTL_SECONDS_MAX);
        let answer = self.call(request).await?;
        let status = answer.status();
        let mut token = HeaderValue::from_bytes(answer.body())
            .ok()
            .filter(|_| status == StatusCode::OK)
            .ok_or(Away::NoToken(status))?;
        token.set_sensitive(true);
        *held = Some((token.clone(), since));
        Ok(token)
    }

    async fn call(&self, request: http::request::Builder) -> Result<Response<Bytes>, Away> {
        let unreachable = |error: &dyn std::fmt::Display| Away::Unreachable(error.to_string());
        let request = request
            .header(header::HOST, &self.host)
            .header(header::CONNECTION, "close")
            .body(Empty::<Bytes>::new())
            .map_err(|error| unreachable(&error))?;
        let stream = TcpStream::connect(self.address).await;
        let stream = stream.map_err(|error| unreachable(&error))?;
        let made = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await;
        let (mut sender, connection) = made.map_err(|error| unreachable(&error))?;
        let asking = async {
            let answer = sender.send_request(request).await;
            let (head, body) = answer.map_err(|error| unreachable(&error))?.into_parts();
            let body = Limited::new(body, BODY_BYTES_MAX).collect().await;
            let body = body.map_err(|error| Away::Unreachable(error.to_string()))?;
            Ok(Response::from_parts(head, body.to_bytes()))
        };
        let mut asking = std::pin::pin!(asking);
        tokio::select! {
            biased;
            answer = asking.as_mut() => answer,
            _ended = connection => asking.await,
        }
    }
}

const TOKEN: &str = "X-aws-ec2-metadata-token";
const TTL: &str = "X-aws-ec2-metadata-token-ttl-seconds";
// Two thirds of what it is asked for.
const TOKEN_LIFE: Duration = Duration::from_hours(4);
// SDKs give up after one second and ask again.
const TIME_MAX: Duration = Duration::from_secs(2);
/// Below it stand the credentials of the instance's role.
const ROLES: &str = "/latest/meta-data/iam/security-credentials/";
const CREDENTIALS: &str = "credentials/";
// A program that asks in a loop is answered from here.
const FRESH: Duration = Duration::from_secs(1);
// The service has new ones five minutes before the old ones end.
const KEEP_EVERY: Duration = Duration::from_mins(1);
// Until they are read again, and some time for that.
const KEPT_FRESH: Duration = Duration::from_secs(75);
// Credentials live no longer, and say themselves when they end.
const LAST_LIFE: Duration = Duration::from_hours(6);
// An instance has some hundred paths with a value.
const LAST_MAX: usize = 512;
// Bytes; user data, the longest value, fit.
const LAST_BYTES_MAX: usize = 16 << 10;
// User data, the longest value, has 16 KiB.
const BODY_BYTES_MAX: usize = 256 << 10;
