//! What callers get who were led here instead of to the metadata service.
//!
//! Who asks is asked of the kernel by the connection as the caller made it, before the answer is
//! fetched and once more before it is sent. Where that is in doubt the caller gets nothing. Tokens
//! are the guard's own and bound to the caller's user.

mod records;
mod scraped;
mod services;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use account::metadata::token;
use agent::Process;
use agent::guard::{Asked, Decision, Outcome, Rules, Tokens, Version};
use arc_swap::ArcSwap;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use hyper::body::Incoming;
use protocol::Secret;
use protocol::metadata::{ErrorStatus, error_page, token_ttl};
use rustix::net::sockopt::{ip_original_dst, ipv6_original_dst};
use tokio::net::{TcpListener, TcpStream};

use super::http1::{self, Answer};
use super::{Stop, Transport};
use crate::clock::{self, Stopwatch};
use crate::failure::Failure;
use crate::guard::{ENDPOINTS, Endpoint, Sign};
use crate::host::peer::{self, Unidentified};

pub(crate) use records::{Change, Draft, Proven, Records};
pub(crate) use scraped::Scraped;
pub(crate) use services::Services;

/// Answers by the rules in force.
#[derive(Debug, Clone)]
pub(crate) struct Guarding(Arc<State>);

#[derive(Debug)]
struct State {
    in_force: ArcSwap<InForce>,
    endpoint: Endpoint,
    sign: Sign,
    key: Secret,
    records: Records,
}

/// What a reload exchanges.
#[derive(Debug)]
pub(crate) struct InForce {
    pub(crate) rules: Rules,
    pub(crate) tokens: Tokens,
}

/// A connection as its caller made it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Led {
    to: SocketAddr,
    from: SocketAddr,
}

impl Guarding {
    pub(crate) fn new(
        in_force: InForce,
        endpoint: Endpoint,
        sign: Sign,
        records: Records,
    ) -> Result<Self, Failure> {
        Ok(Self(Arc::new(State {
            in_force: ArcSwap::from_pointee(in_force),
            endpoint,
            sign,
            // Tokens end with the process; clients fetch another when one is refused.
            key: Secret::new(clock::random::<32>()?),
            records,
        })))
    }

    /// Puts other rules in force, from the next request on.
    pub(crate) fn exchange(&self, in_force: InForce) {
        self.0.in_force.store(Arc::new(in_force));
    }

    pub(crate) async fn serve(self, listener: TcpListener, stop: Stop) {
        http1::serve(listener, Transport::Plain, self, stop).await;
    }

    fn token(
        &self,
        asked: &Asked,
        process: &Process,
        headers: &HeaderMap,
        draft: &mut Draft,
    ) -> Response<Bytes> {
        if !asked.is_token() {
            let status = if asked.is_token_of_any_version() {
                ErrorStatus::Forbidden
            } else {
                ErrorStatus::NotAllowed
            };
            return page(status);
        }
        let Ok(value) = single(headers, TTL) else {
            return page(ErrorStatus::BadRequest);
        };
        let Ok(ttl) = token_ttl(value.map(HeaderValue::as_bytes)) else {
            return page(ErrorStatus::BadRequest);
        };
        let minted = clock::random().ok().and_then(|nonce| {
            let bound_to = bound_to(process);
            token::mint(&self.0.key, &bound_to, ttl, clock::now(), nonce)
        });
        let Some(minted) = minted else {
            return plain(StatusCode::INTERNAL_SERVER_ERROR, Bytes::new());
        };
        draft.ends(Outcome::TokenMade);
        with_ttl(plain(StatusCode::OK, Bytes::from(minted)), ttl.as_secs())
    }

    async fn read(
        &self,
        led: Led,
        (user, asked): (Process, Asked),
        request: &Request<Incoming>,
        draft: &mut Draft,
    ) -> Response<Bytes> {
        let in_force = self.0.in_force.load_full();
        let Ok(shown) = single(request.headers(), TOKEN) else {
            return page(ErrorStatus::BadRequest);
        };
        draft.version = Some(shown.map_or(Version::V1, |_| Version::V2));
        let with_process = in_force.rules.turn_on_more(&user, &asked);
        // Who reads without a token is told by its program.
        let is_told = shown.is_none() || self.0.records.are_written();
        let process = if with_process || is_told {
            identify(led, true).await
        } else {
            Ok(user.clone())
        };
        let process = match process {
            Ok(process) if process.uid == user.uid => process,
            Ok(_) => return changed(&user, &asked, draft),
            Err(reason) => return unknown(&reason, draft),
        };
        draft.process = Some(process.clone());
        let left = shown.map(|shown| {
            let bound_to = bound_to(&process);
            token::remaining(&self.0.key, &bound_to, shown.as_bytes(), clock::now())
        });
        let flaw = match (left, in_force.tokens) {
            (Some(None), _) => Some((Outcome::BadToken, "the token is not good for this user")),
            (None, Tokens::Required) => Some((Outcome::NoToken, "tokens are required")),
            (Some(Some(_)), _) | (None, Tokens::Optional) => None,
        };
        if let Some((outcome, reason)) = flaw {
            log(&process, &asked, reason);
            draft.ends_as(outcome, reason);
            return page(ErrorStatus::Unauthorized);
        }
        let decision = in_force.rules.decide(&process, &asked);
        draft.decided(&decision);
        if let Decision::Denied(denial) = decision {
            log(&process, &asked, &denial.to_string());
            return page(ErrorStatus::Forbidden);
        }
        let answer = match self.forwarded(request.method(), &asked, draft).await {
            Ok(answer) => answer,
            Err(refusal) => return refusal,
        };
        // Whoever asked may have become another program meanwhile.
        let before = if with_process { &process } else { &user };
        if identify(led, with_process).await.as_ref() != Ok(before) {
            return changed(&process, &asked, draft);
        }
        match left.flatten() {
            Some(left) => with_ttl(answer, left.as_secs()),
            None => answer,
        }
    }

    /// What the service says, or else what to answer instead.
    async fn forwarded(
        &self,
        method: &Method,
        asked: &Asked,
        draft: &mut Draft,
    ) -> Result<Response<Bytes>, Response<Bytes>> {
        let path = asked.to_string();
        match self.0.endpoint.read(method.clone(), &path).await {
            Ok(answer) => {
                let is_stale = answer.headers().contains_key(header::WARNING);
                draft.ends(if is_stale {
                    Outcome::Stale
                } else {
                    Outcome::Answered
                });
                Ok(passed_on(answer))
            }
            Err(away) => {
                tracing::warn!(%away, path, "a caller gets no answer");
                draft.ends_as(Outcome::Away, away.to_string());
                Err(plain(StatusCode::SERVICE_UNAVAILABLE, Bytes::new()))
            }
        }
    }

    async fn respond(
        &self,
        led: Led,
        request: &Request<Incoming>,
        draft: &mut Draft,
    ) -> Response<Bytes> {
        if request.headers().contains_key("x-forwarded-for") {
            draft.ends_as(Outcome::Malformed, "it was forwarded");
            return page(ErrorStatus::Forbidden);
        }
        let user = match identify(led, false).await {
            Ok(user) => user,
            Err(reason) => return unknown(&reason, draft),
        };
        draft.process = Some(user.clone());
        let asked = match Asked::read(request.uri().path()) {
            Ok(asked) => asked,
            Err(fault) => {
                tracing::info!(uid = user.uid, %fault, "refused");
                draft.ends_as(Outcome::Malformed, fault.to_string());
                return page(ErrorStatus::BadRequest);
            }
        };
        draft.path = Some(asked.to_string());
        match *request.method() {
            Method::PUT => self.token(&asked, &user, request.headers(), draft),
            Method::GET | Method::HEAD if asked.is_token_of_any_version() => {
                page(ErrorStatus::NotAllowed)
            }
            Method::GET | Method::HEAD => self.read(led, (user, asked), request, draft).await,
            _ => page(ErrorStatus::NotAllowed),
        }
    }
}

impl Answer for Guarding {
    type Connection = Option<Led>;

    fn greet(&self, stream: &TcpStream, peer: SocketAddr) -> Option<Option<Led>> {
        Some(led(stream, peer))
    }

    async fn answer(&self, led: &Option<Led>, request: Request<Incoming>) -> Response<Bytes> {
        let Some(led) = *led else {
            tracing::debug!("a connection was not led here by the lockdown");
            return page(ErrorStatus::Forbidden);
        };
        if request.uri().path() == Sign::PATH {
            return signed(&self.0.sign);
        }
        let (since, mut draft) = (Stopwatch::start(), Draft::default());
        let response = self.respond(led, &request, &mut draft).await;
        match self.0.records.close(&draft, since.elapsed()) {
            Ok(()) => response,
            Err(_) => plain(StatusCode::SERVICE_UNAVAILABLE, Bytes::new()),
        }
    }
}

/// Where the caller wanted to go; `None` for a connection that came here by itself.
fn led(stream: &TcpStream, from: SocketAddr) -> Option<Led> {
    let to: SocketAddr = match from.ip().to_canonical() {
        IpAddr::V4(_) => ip_original_dst(stream).ok()?.into(),
        IpAddr::V6(_) => ipv6_original_dst(stream).ok()?.into(),
    };
    ENDPOINTS.contains(&to).then_some(Led { to, from })
}

/// The process behind the connection. Its own socket is connected to where it wanted to go.
async fn identify(led: Led, with_process: bool) -> Result<Process, Unidentified> {
    let Led { to, from } = led;
    if !with_process {
        return peer::user_of_loopback_tcp(to, from);
    }
    let look = move || peer::of_loopback_tcp(to, from);
    let found = tokio::task::spawn_blocking(look).await;
    found.unwrap_or(Err(Unidentified::Closed(from)))
}

fn unknown(reason: &Unidentified, draft: &mut Draft) -> Response<Bytes> {
    draft.ends_as(Outcome::Unknown, reason.to_string());
    let hint = reason.hint();
    tracing::warn!(%reason, hint, "refused, as it is not known who asks");
    page(ErrorStatus::Forbidden)
}

fn changed(process: &Process, asked: &Asked, draft: &mut Draft) -> Response<Bytes> {
    let reason = "the caller changed while it was answered";
    log(process, asked, reason);
    draft.ends_as(Outcome::Changed, reason);
    page(ErrorStatus::Forbidden)
}

fn bound_to(process: &Process) -> String {
    format!("user {}", process.uid)
}

fn log(process: &Process, asked: &Asked, reason: &str) {
    let (uid, exe, unit) = (process.uid, &process.exe, &process.unit);
    let (exe, unit) = (exe.as_deref(), unit.as_deref());
    let path = asked.to_string();
    tracing::info!(uid, pid = process.pid, exe, unit, path, reason, "refused");
}

/// The one header of a name; twice is for nobody to interpret.
fn single<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a HeaderValue>, ()> {
    let mut values = headers.get_all(name).iter();
    let first = values.next();
    if values.next().is_some() {
        return Err(());
    }
    Ok(first)
}

fn signed(sign: &Sign) -> Response<Bytes> {
    let mut response = plain(StatusCode::OK, Bytes::new());
    if let Ok(value) = HeaderValue::from_str(sign.as_str()) {
        response.headers_mut().insert("x-rolecall-guard", value);
    }
    response
}

/// What the service answered, without what belongs to its connection and its token.
fn passed_on(answer: Response<Bytes>) -> Response<Bytes> {
    let (head, body) = answer.into_parts();
    let mut response = plain(head.status, body);
    for name in [
        header::CONTENT_TYPE,
        header::LAST_MODIFIED,
        header::ETAG,
        header::ACCEPT_RANGES,
        header::ALLOW,
        header::LOCATION,
        header::WARNING,
    ] {
        if let Some(value) = head.headers.get(&name) {
            response.headers_mut().insert(name, value.clone());
        }
    }
    response
}

fn page(status: ErrorStatus) -> Response<Bytes> {
    let code = StatusCode::from_u16(status.code()).unwrap_or(StatusCode::FORBIDDEN);
    let mut response = plain(code, Bytes::from_static(error_page(status).as_bytes()));
    let html = HeaderValue::from_static("text/html");
    response.headers_mut().insert(header::CONTENT_TYPE, html);
    response
}

/// An answer as the service gives it: some clients look for its name.
fn plain(status: StatusCode, body: Bytes) -> Response<Bytes> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    headers.insert(header::SERVER, HeaderValue::from_static("EC2ws"));
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

fn with_ttl(mut response: Response<Bytes>, seconds: u64) -> Response<Bytes> {
    response.headers_mut().insert(TTL, seconds.into());
    response
}

const TOKEN: &str = "x-aws-ec2-metadata-token";
const TTL: &str = "x-aws-ec2-metadata-token-ttl-seconds";
