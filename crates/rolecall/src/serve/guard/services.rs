//! Credentials for services by a secret of their own, as a container's host gives them.
//!
//! The path names the service, and its secret alone opens it: neither the user nor the way to the
//! metadata service counts here. Secrets are read anew for each request, so one that is taken away
//! counts no more at once.
//!
//! Source: AWS SDKs and Tools Reference Guide, "Container credential provider".

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use agent::aws_http::Token;
use agent::container::{self, Credentials, Unavailable};
use agent::guard::{Level, Outcome, Own, SERVICES_PATH, Service, Services as Config};
use agent::http_fault::{HttpFault, JSON};
use arc_swap::ArcSwap;
use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use hyper::body::Incoming;
use jiff::Timestamp;
use protocol::Secret;
use serde::Deserialize;
use tokio::net::{TcpListener, TcpStream};

use super::Guarding;
use super::records::Draft;
use crate::clock::{self, Stopwatch};
use crate::host::peer;
use crate::serve::aws_http::{refused, response};
use crate::serve::container::ReadToken;
use crate::serve::http1::{self, Answer};
use crate::serve::{Stop, Transport};
use crate::upstream::Without;

/// Answers services.
#[derive(Debug, Clone)]
pub(crate) struct Services(Arc<State>);

#[derive(Debug)]
struct State {
    config: ArcSwap<Config>,
    guarding: Guarding,
    read_token: ReadToken,
}

/// What the metadata service says of a role.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Document {
    access_key_id: String,
    secret_access_key: String,
    token: String,
    expiration: Timestamp,
}

impl Services {
    pub(crate) fn new(config: Config, guarding: Guarding, read_token: ReadToken) -> Self {
        Self(Arc::new(State {
            config: ArcSwap::from_pointee(config),
            guarding,
            read_token,
        }))
    }

    /// Puts other rules in force, from the next request on.
    pub(crate) fn exchange(&self, config: Config) {
        self.0.config.store(Arc::new(config));
    }

    pub(crate) async fn serve(self, listener: TcpListener, stop: Stop) {
        http1::serve(listener, Transport::Plain, self, stop).await;
    }

    async fn respond(
        &self,
        request: &Request<Incoming>,
        draft: &mut Draft,
    ) -> Result<Bytes, HttpFault> {
        let config = self.0.config.load_full();
        let name = request.uri().path().strip_prefix(SERVICES_PATH);
        let service = config.rules.iter().find(|it| Some(&*it.name) == name);
        // What is no service has no secret that could be right.
        let tokens = service.map(|service| self.token(&config, service));
        let tokens = tokens.unwrap_or_default();
        let (method, headers) = (request.method(), request.headers());
        let loopback = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let read = container::read(method, headers, loopback, &tokens);
        let name = read.inspect_err(|fault| {
            let outcome = if container::is_bad_token(fault) {
                Outcome::BadToken
            } else {
                Outcome::Malformed
            };
            draft.ends_as(outcome, "no secret of the service that the path names");
        })?;
        draft.service = Some(name.to_owned());
        draft.ruled(format!("service {name}"));
        let found = match service.map(|service| (service.allow, &service.own)) {
            Some((Level::Own, Some(own))) => self.own_credentials(name, own, draft).await?,
            Some((Level::Everything, None)) => self.credentials(draft).await,
            _ => {
                draft.ends_as(Outcome::Denied, "the rule of the service closes it");
                return Err(container::closed(name));
            }
        };
        let found = found.inspect_err(|why| draft.ends_as(Outcome::Away, why.to_string()));
        found
            .map(|credentials| container::body(&credentials, clock::now()))
            .map_err(|why| container::unavailable(&why))
    }

    /// Those of a session of the service's own.
    async fn own_credentials(
        &self,
        name: &str,
        own: &Own,
        draft: &mut Draft,
    ) -> Result<Result<Credentials, Unavailable>, HttpFault> {
        let refuse = |draft: &mut Draft, why: String| {
            tracing::warn!(service = name, why, "no credentials of its own");
            draft.ends_as(Outcome::Denied, why);
            Err(container::not_assumed(name))
        };
        // The account's record may be told who it is.
        let Some(process) = draft.process.clone() else {
            return refuse(draft, "it is not known which user asks".to_owned());
        };
        let session = match own.session(name, &process) {
            Ok(session) => session,
            Err(why) => return refuse(draft, why.to_string()),
        };
        match self.0.guarding.0.own.of(process.uid, &session).await {
            Ok(given) => {
                draft.ends(Outcome::Answered);
                Ok(Ok(Credentials {
                    access_key_id: given.access_key_id,
                    secret_access_key: given.secret_access_key,
                    session_token: Some(given.session_token),
                    expires: Some(given.expires),
                }))
            }
            Err(Without::Denied(why)) => refuse(draft, why),
            Err(Without::NotNow(why)) => Ok(Err(Unavailable::None(why))),
        }
    }

    fn token(&self, config: &Config, service: &Service) -> Vec<Token> {
        let name = &service.name;
        match (self.0.read_token)(Path::new(&config.token_file(name))) {
            Ok(secret) => vec![Token {
                name: name.clone(),
                secret,
            }],
            Err(failure) => {
                let (reason, hint) = (failure.message, format!("`rolecall guard service {name}`"));
                tracing::warn!(reason, hint, "a service has no secret");
                Vec::new()
            }
        }
    }

    /// Those of the instance's role.
    async fn credentials(&self, draft: &mut Draft) -> Result<Credentials, Unavailable> {
        let names = self.text(ROLES, draft).await?;
        let none = || Unavailable::None("the instance has no role".to_owned());
        let role = names.lines().next().ok_or_else(none)?;
        let document = self.text(&format!("{ROLES}{role}"), draft).await?;
        let document: Document = serde_json::from_str(&document).map_err(|_| none())?;
        if document.expiration <= clock::now() {
            let over = "those of the instance's role are over";
            return Err(Unavailable::None(over.to_owned()));
        }
        Ok(Credentials {
            access_key_id: document.access_key_id,
            secret_access_key: Secret::from_text(document.secret_access_key),
            session_token: Some(Secret::from_text(document.token)),
            expires: Some(document.expiration),
        })
    }

    async fn text(&self, path: &str, draft: &mut Draft) -> Result<String, Unavailable> {
        let unavailable = |why: &dyn std::fmt::Display| Unavailable::None(why.to_string());
        let endpoint = &self.0.guarding.0.endpoint;
        let answer = endpoint.read(Method::GET, path).await;
        let answer = answer.map_err(|away| unavailable(&away))?;
        draft.ends(if answer.headers().contains_key(header::WARNING) {
            Outcome::Stale
        } else {
            Outcome::Answered
        });
        if answer.status() != StatusCode::OK {
            return Err(unavailable(&"the instance has no role"));
        }
        String::from_utf8(answer.into_body().into()).map_err(|error| unavailable(&error))
    }
}

impl Answer for Services {
    type Reply = Bytes;
    type Connection = (SocketAddr, SocketAddr);

    fn greet(&self, stream: &TcpStream, peer: SocketAddr) -> Option<(SocketAddr, SocketAddr)> {
        Some((stream.local_addr().ok()?, peer))
    }

    async fn answer(
        &self,
        (local, peer): &(SocketAddr, SocketAddr),
        request: Request<Incoming>,
    ) -> Response<Bytes> {
        let (since, mut draft) = (Stopwatch::start(), Draft::default());
        // For the record: the secret says who it is.
        let (local, peer) = (*local, *peer);
        let look = move || peer::of_loopback_tcp(local, peer);
        let found = tokio::task::spawn_blocking(look).await;
        draft.process = found.ok().and_then(Result::ok);
        draft.path = Some(request.uri().path().chars().take(PATH_CHARS_MAX).collect());
        let answer = self.respond(&request, &mut draft).await;
        if self
            .0
            .guarding
            .0
            .records
            .close(&draft, since.elapsed())
            .is_err()
        {
            return refused(container::unavailable(&Unavailable::Unrecorded));
        }
        match answer {
            Ok(body) => {
                let mut response = response(StatusCode::OK, JSON, body);
                let never = HeaderValue::from_static("no-store");
                response.headers_mut().insert(header::CACHE_CONTROL, never);
                response
            }
            Err(fault) => refused(fault),
        }
    }
}

const ROLES: &str = "/latest/meta-data/iam/security-credentials/";
// Of what is recorded of a path.
const PATH_CHARS_MAX: usize = 256;
