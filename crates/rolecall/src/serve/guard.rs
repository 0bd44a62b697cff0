//! What callers get who were led here instead of to the metadata service.
//!
//! Who asks is asked of the kernel by the connection as the caller made it, before the answer is
//! fetched and once more before it is sent. Where that is in doubt the caller gets nothing. Tokens
//! are the guard's own and bound to the caller's user.

mod asker;
mod own;
mod records;
mod scraped;
mod services;

use std::net::SocketAddr;
use std::sync::Arc;

use account::metadata::token;
use agent::caller::Network;
use agent::guard::{Asked, Decision, Outcome, Rules, Sts, Tokens, Version};
use arc_swap::ArcSwap;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use hyper::body::Incoming;
use protocol::Secret;
use protocol::metadata::{ErrorStatus, error_page, token_ttl};
use tokio::net::{TcpListener, TcpStream};

use self::asker::{Asker, Led, OutOf};
use self::own::OwnCredentials;
use super::http1::{self, Answer};
use super::{Stop, Transport, stopped};
use crate::clock::{self, Stopwatch};
use crate::failure::Failure;
use crate::guard::{Before, Endpoint, Sign};
use crate::host::peer::{Doubt, Unidentified, Unplaced};

pub(crate) use records::{Change, Draft, Proven, Records};
pub(crate) use scraped::Scraped;
pub(crate) use services::Services;

/// Answers by the rules in force.
#[derive(Debug, Clone)]
pub(crate) struct Guarding(Arc<State>);

#[derive(Debug)]
struct State {
    in_force: ArcSwap<InForce>,
    endpoint: Arc<Endpoint>,
    own: OwnCredentials,
    sign: Sign,
    key: Secret,
    records: Records,
}

/// The same for what the host forwards.
#[derive(Debug, Clone)]
struct Forwarded(Guarding);

/// What a reload exchanges.
#[derive(Debug)]
pub(crate) struct InForce {
    pub(crate) rules: Rules,
    pub(crate) tokens: Tokens,
}

impl Guarding {
    pub(crate) fn new(
        in_force: InForce,
        endpoint: Endpoint,
        (sts, sign): (Sts, Sign),
        records: Records,
        before: Option<Before>,
    ) -> Result<Self, Failure> {
        let key = match before {
            Some(before) => {
                endpoint.recall(before.answers);
                before.key
            }
            None => Secret::new(clock::random::<32>()?),
        };
        let endpoint = Arc::new(endpoint);
        Ok(Self(Arc::new(State {
            in_force: ArcSwap::from_pointee(in_force),
            own: OwnCredentials::new(sts, Arc::clone(&endpoint)),
            endpoint,
            sign,
            key,
            records,
        })))
    }

    /// What the next guard goes on with, and the number of changes until then.
    pub(crate) fn to_keep(&self) -> (Before, u64) {
        let (answers, changes) = self.0.endpoint.said();
        let key = self.0.key.clone();
        (Before { key, answers }, changes)
    }

    /// How often that has changed.
    pub(crate) fn changes(&self) -> u64 {
        self.0.endpoint.changes()
    }

    /// Puts other rules in force, from the next request on.
    pub(crate) fn exchange(&self, in_force: InForce) {
        self.0.in_force.store(Arc::new(in_force));
        self.expect();
    }

    /// Gets credentials before anybody asks for them, until told to stop.
    pub(crate) fn look_ahead(&self, mut stop: Stop) {
        self.expect();
        let state = Arc::clone(&self.0);
        tokio::spawn(async move {
            tokio::select! {
                () = state.endpoint.keep_credentials() => {}
                () = state.own.keep_tidy() => {}
                () = stopped(&mut stop) => {}
            }
        });
    }

    fn expect(&self) {
        let state = Arc::clone(&self.0);
        let in_force = state.in_force.load_full();
        tokio::spawn(async move {
            let wanted = in_force.rules.sessions_of_users();
            state.own.expect(&wanted).await;
        });
    }

    pub(crate) async fn serve(self, listener: TcpListener, stop: Stop) {
        http1::serve(listener, Transport::Plain, self, stop).await;
    }

    /// The same for callers in networks of their own.
    pub(crate) async fn serve_forwarded(self, listener: TcpListener, stop: Stop) {
        http1::serve(listener, Transport::Plain, Forwarded(self), stop).await;
    }

    fn token(
        &self,
        (caller, asked): (&Asker, &Asked),
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
            let bound_to = caller.bound_to();
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
        (caller, asked): (Asker, Asked),
        in_force: &InForce,
        request: &Request<Incoming>,
        draft: &mut Draft,
    ) -> Response<Bytes> {
        let Ok(shown) = single(request.headers(), TOKEN) else {
            return page(ErrorStatus::BadRequest);
        };
        draft.version = Some(shown.map_or(Version::V1, |_| Version::V2));
        let they_count = in_force.rules.turn_on_more(&caller.user, &asked);
        // Who reads without a token is told by its program.
        let is_told = shown.is_none() || self.0.records.are_written();
        let caller = if they_count || is_told {
            match caller.with_processes().await {
                Ok(caller) => caller,
                Err(reason) => return unknown(&reason, draft),
            }
        } else {
            caller
        };
        draft.process = Some(caller.one().clone());
        let left = shown.map(|shown| {
            let bound_to = caller.bound_to();
            token::remaining(&self.0.key, &bound_to, shown.as_bytes(), clock::now())
        });
        let flaw = match (left, in_force.tokens) {
            (Some(None), _) => Some((Outcome::BadToken, "the token is not good for this user")),
            (None, Tokens::Required) => Some((Outcome::NoToken, "tokens are required")),
            (Some(Some(_)), _) | (None, Tokens::Optional) => None,
        };
        if let Some((outcome, reason)) = flaw {
            log(&caller, &asked, reason, None);
            draft.ends_as(outcome, reason);
            return page(ErrorStatus::Unauthorized);
        }
        let (rules, user) = (&in_force.rules, &caller.user);
        let decision = rules.decide_all(&caller.processes, user, &asked);
        let answer = match self
            .decided(&decision, &caller, &asked, request, draft)
            .await
        {
            Ok(answer) => answer,
            Err(refusal) => return refusal,
        };
        // Whoever asked may have become another program meanwhile.
        if let Err(doubt) = caller.is_the_same(they_count).await {
            let reason = "the caller changed while it was answered";
            log(&caller, &asked, reason, Some(doubt));
            draft.ends_as(Outcome::Changed, reason);
            return page(ErrorStatus::Forbidden);
        }
        match left.flatten() {
            Some(left) => with_ttl(answer, left.as_secs()),
            None => answer,
        }
    }

    /// What the rules come to, or else what to answer instead.
    async fn decided(
        &self,
        decision: &Decision,
        caller: &Asker,
        asked: &Asked,
        request: &Request<Incoming>,
        draft: &mut Draft,
    ) -> Result<Response<Bytes>, Response<Bytes>> {
        draft.decided(decision);
        match decision {
            Decision::Denied(denial) => {
                log(caller, asked, &denial.to_string(), caller.doubt);
                Err(page(ErrorStatus::Forbidden))
            }
            Decision::Own(session) => {
                let of = asked.of_role();
                let answer = self.0.own.answer(caller.user.uid, session, of).await;
                draft.ends(if answer.status().is_server_error() {
                    Outcome::Away
                } else {
                    Outcome::Answered
                });
                Ok(answer)
            }
            Decision::Allowed(_) => self.forwarded(request.method(), asked, draft).await,
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
        let in_force = self.0.in_force.load_full();
        let caller = match Asker::user_of(led, in_force.rules.networks()).await {
            Ok(caller) => caller,
            Err(reason) => return unknown(&reason, draft),
        };
        draft.process = Some(caller.user.clone());
        let asked = match Asked::read(request.uri().path()) {
            Ok(asked) => asked,
            Err(fault) => {
                tracing::info!(uid = caller.user.uid, %fault, "refused");
                draft.ends_as(Outcome::Malformed, fault.to_string());
                return page(ErrorStatus::BadRequest);
            }
        };
        draft.path = Some(asked.to_string());
        match *request.method() {
            Method::PUT => self.token((&caller, &asked), request.headers(), draft),
            Method::GET | Method::HEAD if asked.is_token_of_any_version() => {
                page(ErrorStatus::NotAllowed)
            }
            Method::GET | Method::HEAD => {
                self.read((caller, asked), &in_force, request, draft).await
            }
            _ => page(ErrorStatus::NotAllowed),
        }
    }
}

impl Answer for Guarding {
    type Reply = Bytes;
    type Connection = Option<Led>;

    fn greet(&self, stream: &TcpStream, peer: SocketAddr) -> Option<Option<Led>> {
        Some(Led::of(stream, peer, OutOf::Host))
    }

    async fn answer(&self, led: &Option<Led>, request: Request<Incoming>) -> Response<Bytes> {
        self.answer_led(*led, &request).await
    }
}

impl Answer for Forwarded {
    type Reply = Bytes;
    type Connection = Option<Led>;

    fn greet(&self, stream: &TcpStream, peer: SocketAddr) -> Option<Option<Led>> {
        Some(Led::of(stream, peer, OutOf::Elsewhere))
    }

    async fn answer(&self, led: &Option<Led>, request: Request<Incoming>) -> Response<Bytes> {
        self.0.answer_led(*led, &request).await
    }
}

impl Guarding {
    async fn answer_led(&self, led: Option<Led>, request: &Request<Incoming>) -> Response<Bytes> {
        let Some(led) = led else {
            tracing::debug!("a connection was not led here by the lockdown");
            return page(ErrorStatus::Forbidden);
        };
        if request.uri().path() == Sign::PATH {
            return signed(&self.0.sign);
        }
        let (since, mut draft) = (Stopwatch::start(), Draft::default());
        let response = self.respond(led, request, &mut draft).await;
        match self.0.records.close(&draft, since.elapsed()) {
            Ok(()) => response,
            Err(_) => plain(StatusCode::SERVICE_UNAVAILABLE, Bytes::new()),
        }
    }
}

fn unknown(reason: &Unidentified, draft: &mut Draft) -> Response<Bytes> {
    draft.ends_as(Outcome::Unknown, reason.to_string());
    let hint = reason.hint();
    if matches!(reason, Unidentified::Contained(Unplaced::Forbidden(_))) {
        // The way out was told at the start.
        tracing::info!(%reason, "refused, as it is not known who asks");
    } else {
        tracing::warn!(%reason, hint, "refused, as it is not known who asks");
    }
    page(ErrorStatus::Forbidden)
}

fn log(caller: &Asker, asked: &Asked, reason: &str, doubt: Option<Doubt>) {
    let process = caller.one();
    let (uid, exe, unit) = (process.uid, &process.exe, &process.unit);
    let (exe, unit) = (exe.as_deref(), unit.as_deref());
    let path = asked.to_string();
    let network = process.network.as_ref().filter(|it| !it.is_host());
    let network = network.map(Network::shown);
    let doubt = doubt.map(tracing::field::display);
    tracing::info!(
        uid,
        pid = process.pid,
        exe,
        unit,
        network,
        path,
        reason,
        doubt,
        "refused"
    );
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
