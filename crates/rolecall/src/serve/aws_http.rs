//! AWS's local HTTP interface and the SDKs' own protocol, on a TCP or a Unix socket.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use agent::access::Listener;
use agent::audit::Source;
use agent::aws_http::{self, Call, HEALTHY, Refresh, Rules};
use agent::http_fault::{HttpFault, JSON};
use agent::sdk::{self, Action};
use agent::{Ask, Entry};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, header};
use hyper::body::Incoming;
use protocol::Fault;
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};

use super::accept::Listen;
use super::connection::Connection;
use super::http1::{self, Answer};
use super::meter::{Meter, Module};
use super::reads::{Live, Question, Reads, Refused};
use super::{Stop, Transport};
use crate::upstream::Held;

/// Answers reads of secrets over HTTP.
#[derive(Debug)]
pub(crate) struct AwsHttp {
    reads: Arc<Reads>,
    // `None` on a Unix socket.
    listening: Option<IpAddr>,
    meter: Arc<Meter>,
}

impl AwsHttp {
    pub(crate) fn new(reads: Arc<Reads>, listening: Option<IpAddr>) -> Self {
        let module = match listening {
            Some(_) => Module::AwsHttp,
            None => Module::AwsSocket,
        };
        Self {
            meter: reads.meters.of(module),
            reads,
            listening,
        }
    }

    pub(crate) async fn serve<L: Listen>(self, listener: L, transport: Transport, stop: Stop)
    where
        Self: Answer<L>,
    {
        http1::serve(listener, transport, self, stop).await;
    }

    async fn respond(
        &self,
        connection: &Connection,
        mut request: Request<Incoming>,
    ) -> Response<Bytes> {
        let live = self.reads.live();
        let rules = Rules {
            tokens: &live.tokens,
            listening: self.listening,
            roles: &live.roles,
        };
        let (uri, headers) = (request.uri(), request.headers());
        let read = aws_http::read(request.method(), uri.path(), uri.query(), headers, &rules);
        let request_of = match read {
            Ok(read) => read,
            Err(fault) => {
                if fault.is_bad_token() {
                    self.meter.token_rejected(connection);
                }
                return refused(fault);
            }
        };
        let listener = match (self.listening, &request_of.call) {
            (None, _) => Listener::AwsSocket,
            (Some(_), Call::Sdk(_)) => Listener::Sdk,
            (Some(_), _) => Listener::AwsHttp,
        };
        let asking = Asking {
            reads: &self.reads,
            live: &live,
            connection,
            listener,
            token: request_of.token,
        };
        match request_of.call {
            Call::Ping => response(StatusCode::OK, TEXT, HEALTHY.into()),
            Call::Get { ask, refresh } => {
                let headers = std::mem::take(request.headers_mut());
                asking.get(&ask, &refresh, headers).await
            }
            Call::Sdk(action) => match http1::body(request, sdk::BODY_BYTES_MAX).await {
                Ok(request) => asking.sdk(action, request.body()).await,
                Err(response) => response,
            },
        }
    }
}

impl Answer<TcpListener> for AwsHttp {
    type Reply = Bytes;
    // AWS's own agent writes them in lower case.
    const TITLE_CASE: bool = false;

    type Connection = Connection;

    fn greet(&self, stream: &TcpStream, peer: SocketAddr) -> Option<Connection> {
        Connection::tcp(stream, peer)
    }

    fn certified(known: Connection, names: Vec<String>) -> Connection {
        known.with_certificate(names)
    }

    fn meter(&self) -> Arc<Meter> {
        Arc::clone(&self.meter)
    }

    async fn answer(&self, connection: &Connection, request: Request<Incoming>) -> Response<Bytes> {
        self.respond(connection, request).await
    }
}

impl Answer<UnixListener> for AwsHttp {
    type Reply = Bytes;
    const TITLE_CASE: bool = false;

    type Connection = Connection;

    fn greet(&self, stream: &UnixStream, _: &'static str) -> Option<Connection> {
        Some(Connection::unix(stream))
    }

    fn meter(&self) -> Arc<Meter> {
        Arc::clone(&self.meter)
    }

    async fn answer(&self, connection: &Connection, request: Request<Incoming>) -> Response<Bytes> {
        self.respond(connection, request).await
    }
}

/// One request, and all that its answer depends on.
struct Asking<'a> {
    reads: &'a Reads,
    live: &'a Live,
    connection: &'a Connection,
    listener: Listener,
    token: Option<&'a str>,
}

impl Asking<'_> {
    /// `headers` are those of the request: the answer's take their place in memory.
    async fn get(&self, ask: &Ask, refresh: &Refresh, mut headers: HeaderMap) -> Response<Bytes> {
        match self.read(ask, refresh, Entry::body).await {
            Ok(found) => {
                headers.clear();
                found.response(JSON, headers)
            }
            Err(fault) => refused(HttpFault::from(&fault)),
        }
    }

    async fn sdk(&self, action: Action, body: &[u8]) -> Response<Bytes> {
        let asks = match sdk::asks(action, body) {
            Ok(asks) => asks,
            Err(fault) => return refused(fault),
        };
        if action == Action::BatchGetSecretValue {
            let mut found = Vec::with_capacity(asks.len());
            for ask in asks {
                let read = self.read(&ask, &Refresh::No, Entry::sdk_body).await;
                found.push((ask, read.map(|found| found.body)));
            }
            return response(StatusCode::OK, sdk::JSON, sdk::batch(&found));
        }
        let Some(ask) = asks.first() else {
            return refused(sdk::fault_of(&Fault::new("InternalFailure", "no secret")));
        };
        let render = match action {
            Action::DescribeSecret => sdk::described,
            _ => Entry::sdk_body,
        };
        match self.read(ask, &Refresh::No, render).await {
            Ok(found) => found.response(sdk::JSON, HeaderMap::new()),
            Err(fault) => refused(sdk::fault_of(&fault)),
        }
    }

    async fn read(
        &self,
        ask: &Ask,
        refresh: &Refresh,
        render: impl Fn(&Entry) -> Bytes,
    ) -> Result<Found, Fault> {
        let caller = self.connection.caller(self.live, self.listener, self.token);
        let caller = caller.await;
        let question = Question {
            caller: &caller,
            listener: self.listener,
            resource: None,
            ask,
            key: None,
            refresh,
        };
        let answer = |served: Held<'_>| {
            Ok::<_, (Infallible, &'static str)>(Found {
                body: render(served.entry),
                source: served.source,
                age: served.age,
            })
        };
        let read = self.reads.read(self.live, question, answer).await;
        read.map_err(|refused| match refused {
            Refused::Denied(denial) => {
                let message = format!("the agent's configuration closes this: {denial}");
                Fault::new("AccessDeniedException", message).status(self.denied_status())
            }
            Refused::Failed(failure) => failure.fault(),
            Refused::Unrecorded => {
                Fault::new("InternalFailure", "the read cannot be recorded").status(500)
            }
        })
    }

    /// As the service answers its SDKs, and as AWS's own agent refuses.
    fn denied_status(&self) -> u16 {
        match self.listener {
            Listener::Sdk => 400,
            _ => 403,
        }
    }
}

/// A secret's answer, and how good it is.
struct Found {
    body: Bytes,
    source: Source,
    age: Duration,
}

impl Found {
    /// Tells how old the answer is, as caches do (RFC 9111, 5.1), and whether that is past its
    /// time: a header that the RFC before had a word for.
    fn response(self, content_type: &'static str, mut headers: HeaderMap) -> Response<Bytes> {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        headers.insert(header::AGE, number(self.age.as_secs()));
        let source = HeaderValue::from_static(self.source.as_str());
        headers.insert(CACHE, source);
        if self.source == Source::Stale {
            headers.insert(header::WARNING, HeaderValue::from_static(STALE));
        }
        let mut response = Response::new(self.body);
        *response.headers_mut() = headers;
        response
    }
}

/// A number as a header's value; where it has three digits or less, without memory of its own.
fn number(number: u64) -> HeaderValue {
    let digits = match number {
        0..10 => 1,
        10..100 => 2,
        100..1_000 => 3,
        _ => return HeaderValue::from(number),
    };
    let start = usize::try_from(number).unwrap_or_default() * 3 + 3 - digits;
    let text = NUMBERS.get(start..start + digits);
    let text = text.and_then(|text| std::str::from_utf8(text).ok());
    text.map_or_else(|| HeaderValue::from(number), HeaderValue::from_static)
}

/// `000` to `999`.
static NUMBERS: [u8; 3_000] = {
    let mut text = [b'0'; 3_000];
    let mut number: u16 = 0;
    let (mut places, []) = text.as_chunks_mut::<3>() else {
        unreachable!()
    };
    while let [place, rest @ ..] = places {
        *place = [digit(number / 100), digit(number / 10), digit(number)];
        number += 1;
        places = rest;
    }
    text
};

/// The last digit.
const fn digit(number: u16) -> u8 {
    b'0' + (number % 10) as u8
}

pub(super) fn refused(fault: HttpFault) -> Response<Bytes> {
    response(fault.status, fault.content_type, fault.body.into())
}

pub(super) fn response(
    status: StatusCode,
    content_type: &'static str,
    body: Bytes,
) -> Response<Bytes> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let content_type = HeaderValue::from_static(content_type);
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, content_type);
    response
}

const TEXT: &str = "text/plain; charset=utf-8";
const CACHE: HeaderName = HeaderName::from_static("x-rolecall-cache");
const STALE: &str = "110 - \"Response is Stale\"";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_numbers_are() {
        for value in (0..1_200).chain([86_400, u64::MAX]) {
            assert_eq!(number(value).to_str().unwrap(), value.to_string());
        }
    }
}
