//! One read through an agent: AWS's local HTTP interface, over TCP or a Unix socket.
//!
//! Every read has a connection of its own, times that end and an answer of bounded length. What the
//! answer means is the pure package's to know.

use std::time::Duration;

use agent::{Ask, Failure as Fault, SecretVersion, answer};
use bytes::Bytes;
use http::{HeaderValue, Request, StatusCode, header};
use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use protocol::Secret;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::place::Address;
use crate::failure::Failure;
use crate::term::shown;

/// An agent and the token to show it.
#[derive(Debug)]
pub(crate) struct Agent {
    address: Address,
    token: Option<Secret>,
}

/// Why a secret was not read.
#[derive(Debug)]
pub(crate) enum Unread {
    /// The service's word, or the agent's in its place.
    Fault(Fault),
    /// The agent was not reached, does not let us in, or cannot be understood.
    Failure(Failure),
}

impl Agent {
    pub(super) fn new(address: Address, token: Option<Secret>) -> Self {
        Self { address, token }
    }

    /// Whether anything listens.
    pub(super) async fn is_there(&self) -> bool {
        let connected = timeout(CONNECT_TIME_MAX, self.connect()).await;
        matches!(connected, Ok(Ok(_)))
    }

    /// Reads a secret; `refresh` has the agent ask the service.
    pub(super) async fn read(&self, ask: &Ask, refresh: bool) -> Result<SecretVersion, Unread> {
        let (status, body) = timeout(ANSWER_TIME_MAX, self.ask(ask, refresh))
            .await
            .map_err(|_| self.silent("no answer in time"))??;
        if status == StatusCode::OK {
            let version = answer::version(&body);
            return version.ok_or_else(|| self.strange("the answer holds no secret"));
        }
        if let Some(fault) = answer::fault(&body, status.as_u16()) {
            return Err(Unread::Fault(Fault::of_service(fault)));
        }
        let text = body.expose_text().unwrap_or_default();
        let text = shown(text.lines().next().unwrap_or_default());
        let refused = format!("it answers {} `{text:.100}`", status.as_u16());
        Err(match (status, text.as_str()) {
            (StatusCode::FORBIDDEN, "Bad Token") => self.failed(
                "it does not accept the token",
                "set `ROLECALL_AGENT_TOKEN_FILE` to the agent's `service.aws-http.token-file`",
            ),
            _ => self.strange(&refused),
        })
    }

    async fn ask(&self, ask: &Ask, refresh: bool) -> Result<(StatusCode, Secret), Unread> {
        let connected = timeout(CONNECT_TIME_MAX, self.connect()).await;
        let stream = connected
            .map_err(|_| self.silent("no connection in time"))?
            .map_err(|error| self.silent(&error.to_string()))?;
        let broken = |error: hyper::Error| self.silent(&error.to_string());
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(broken)?;
        // Ends with the sender, or with the agent.
        let connection = tokio::spawn(connection);
        let answer = sender.send_request(self.request(ask, refresh)?).await;
        let (head, body) = answer.map_err(broken)?.into_parts();
        let body = self.whole(body).await?;
        connection.abort();
        Ok((head.status, body))
    }

    fn request(&self, ask: &Ask, refresh: bool) -> Result<Request<Empty<Bytes>>, Unread> {
        let mut path = format!("/secretsmanager/get?secretId={}", encoded(ask.secret_id()));
        for (name, value) in [
            ("versionId", ask.version_id()),
            // What is meant anyway need not be said.
            (
                "versionStage",
                ask.version_stage().filter(|_| !is_current(ask)),
            ),
            ("refreshNow", refresh.then_some("true")),
        ] {
            if let Some(value) = value {
                path = format!("{path}&{name}={}", encoded(value));
            }
        }
        let host = match &self.address {
            Address::Unix(_) => "localhost",
            Address::Tcp(authority) => authority,
        };
        let mut request = Request::get(path).header(header::HOST, host);
        if let Some(token) = &self.token {
            let mut value = HeaderValue::from_bytes(token.expose())
                .map_err(|_| self.strange("the token cannot be sent"))?;
            value.set_sensitive(true);
            request = request.header(TOKEN_HEADER, value);
        }
        request
            .body(Empty::new())
            .map_err(|_| self.strange("the request cannot be sent"))
    }

    /// The body, collected into one buffer that is wiped.
    async fn whole(&self, body: Incoming) -> Result<Secret, Unread> {
        let mut body = Limited::new(body, ANSWER_BYTES_MAX);
        let mut pieces: Vec<Bytes> = Vec::new();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| self.silent(&error.to_string()))?;
            pieces.extend(frame.into_data().ok());
        }
        let length = pieces.iter().map(Bytes::len).sum();
        let mut whole = Zeroizing::new(Vec::with_capacity(length));
        for piece in pieces {
            whole.extend_from_slice(&piece);
        }
        Ok(Secret::new(std::mem::take(&mut *whole)))
    }

    async fn connect(&self) -> std::io::Result<Box<dyn Stream>> {
        Ok(match &self.address {
            Address::Unix(path) => Box::new(UnixStream::connect(path).await?),
            Address::Tcp(authority) => Box::new(TcpStream::connect(authority).await?),
        })
    }

    fn silent(&self, why: &str) -> Unread {
        self.failed(
            &format!("it does not answer: {}", shown(why)),
            "start it, or set `ROLECALL_AGENT=none` to read from AWS itself",
        )
    }

    fn strange(&self, why: &str) -> Unread {
        self.failed(
            why,
            "`ROLECALL_AGENT` must name an agent's local HTTP interface",
        )
    }

    fn failed(&self, why: &str, hint: &str) -> Unread {
        let failure = Failure::unfinished(format!("the agent at `{}`: {why}", self.address));
        Unread::Failure(failure.hint(hint))
    }
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

fn encoded(text: &str) -> impl std::fmt::Display + '_ {
    utf8_percent_encode(text, NON_ALPHANUMERIC)
}

fn is_current(ask: &Ask) -> bool {
    ask.version_id().is_none() && ask.version_stage() == Some(agent::ask::AWSCURRENT)
}

const TOKEN_HEADER: &str = "x-aws-parameters-secrets-token";
const CONNECT_TIME_MAX: Duration = Duration::from_secs(2);
// The agent's own call of the service may take ten.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(15);
// A secret has 64 KiB, each byte of which may take six in JSON.
const ANSWER_BYTES_MAX: usize = 512 * 1024;

#[cfg(test)]
mod tests;
