//! Health, readiness and metrics over HTTP, and reads of secrets beside them.

use std::net::SocketAddr;
use std::sync::Arc;

use agent::access::Listener;
use agent::config::{self, Service};
use agent::http_fault::JSON;
use agent::management::{self, Call, HEALTHY, TEXT};
use agent::metrics::{self, Held, Snapshot};
use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};
use hyper::body::Incoming;
use protocol::secret_agent::HEADER_BYTES;
use tokio::net::{TcpListener, TcpStream};

use super::audit::AuditLog;
use super::aws_http::{refused, response};
use super::connection::Connection;
use super::http1::{self, Answer};
use super::meter::{Meter, Module};
use super::reads::Reads;
use super::source::AnySource;
use super::{Stop, Transport, secret_agent};
use crate::clock;

/// Answers those who watch the agent.
#[derive(Debug)]
pub(crate) struct Management {
    reads: Arc<Reads>,
    source: AnySource,
    module: Module,
    meter: Arc<Meter>,
}

impl Management {
    /// `module` says which of the two listeners it is.
    pub(crate) fn new(reads: Arc<Reads>, source: AnySource, module: Module) -> Self {
        Self {
            meter: reads.meters.of(module),
            reads,
            source,
            module,
        }
    }

    pub(crate) async fn serve(self, listener: TcpListener, transport: Transport, stop: Stop) {
        http1::serve(listener, transport, self, stop).await;
    }

    /// As it is in force: labels and paths change without a new socket.
    fn config<'a>(&self, service: &'a Service) -> Option<&'a config::Management> {
        match self.module {
            Module::Https => service.https.as_ref(),
            _ => service.http.as_ref(),
        }
    }

    async fn respond(
        &self,
        connection: &Connection,
        request: Request<Incoming>,
    ) -> Response<Bytes> {
        let live = self.reads.live();
        let Some(config) = self.config(&live.config.service) else {
            return http1::refusal(StatusCode::SERVICE_UNAVAILABLE, "the listener is closing\n");
        };
        let path = request.uri().path();
        let read = management::read(request.method(), path, request.headers(), config);
        match read {
            Err(fault) => refused(fault),
            Ok(Call::Health) => response(StatusCode::OK, TEXT, HEALTHY.into()),
            Ok(Call::Ready) => {
                let readiness = self.source.readiness();
                let status = if readiness.is_ready() {
                    StatusCode::OK
                } else {
                    StatusCode::SERVICE_UNAVAILABLE
                };
                response(status, JSON, readiness.json().into())
            }
            Ok(Call::Metrics) => {
                let labels = &config.prometheus.labels;
                let text = metrics::render(&self.snapshot(), labels, clock::now());
                response(StatusCode::OK, metrics::CONTENT_TYPE, text.into())
            }
            Ok(Call::Secret { resource, key }) => {
                let wanted = (Some(resource.as_str()), key.as_str());
                let by = Listener::Management;
                match secret_agent::find(&self.reads, wanted, connection, by).await {
                    // The body of a frame is what is answered here.
                    Ok(frame) => {
                        let mut response = response(StatusCode::OK, JSON, frame);
                        let body = response.body_mut();
                        *body = body.slice(HEADER_BYTES.min(body.len())..);
                        let never = HeaderValue::from_static("no-store");
                        response.headers_mut().insert(header::CACHE_CONTROL, never);
                        response
                    }
                    Err(refusal) => refused(management::refused(&refusal)),
                }
            }
        }
    }

    /// All numbers at this moment.
    fn snapshot(&self) -> Snapshot {
        let live = self.reads.live();
        let (config, cache) = (&live.config.service, live.secrets.cache());
        let meters = &self.reads.meters;
        let listeners = Module::all().filter(|module| module.is_in(config));
        Snapshot {
            listeners: listeners.map(|module| meters.of(module).read()).collect(),
            fetches: self.reads.tally.fetches(),
            reads: self.reads.tally.counts().collect(),
            held: Held {
                entries: cache.len(),
                bytes: cache.bytes(),
                oldest: live.secrets.oldest(),
            },
            calls: self.source.calls(),
            readiness: self.source.readiness(),
            audit_lines_lost: live.audit.as_ref().map_or(0, AuditLog::lost),
        }
    }
}

impl Answer for Management {
    type Reply = Bytes;
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
