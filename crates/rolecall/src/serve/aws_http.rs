//! AWS's local HTTP interface on a socket.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use agent::aws_http::{self, HEALTHY, HttpFault, JSON, Rules};
use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};
use hyper::body::Incoming;
use protocol::Secret;
use tokio::net::TcpStream;

use super::http1::{self, Answer};
use super::{Bound, Stop, Transport};
use crate::upstream::Secrets;

/// Answers reads of secrets over HTTP.
#[derive(Debug)]
pub(crate) struct AwsHttp {
    secrets: Arc<Secrets>,
    token: Secret,
    listening: IpAddr,
}

impl AwsHttp {
    pub(crate) fn new(secrets: Arc<Secrets>, token: Secret, listening: IpAddr) -> Self {
        Self {
            secrets,
            token,
            listening,
        }
    }

    pub(crate) async fn serve(self, bound: Bound, stop: Stop) {
        http1::serve(bound.listener, Transport::Plain, self, stop).await;
    }
}

impl Answer for AwsHttp {
    type Connection = SocketAddr;

    fn greet(&self, _: &TcpStream, peer: SocketAddr) -> Option<SocketAddr> {
        Some(peer)
    }

    async fn answer(&self, peer: &SocketAddr, request: Request<Incoming>) -> Response<Bytes> {
        let rules = Rules {
            token: &self.token,
            listening: self.listening,
        };
        let uri = request.uri();
        let read = aws_http::read(
            request.method(),
            uri.path(),
            uri.query(),
            request.headers(),
            &rules,
        );
        let (ask, refresh_now) = match read {
            Ok(aws_http::Call::Ping) => return response(StatusCode::OK, TEXT, HEALTHY.into()),
            Ok(aws_http::Call::Get { ask, refresh_now }) => (ask, refresh_now),
            Err(fault) => {
                tracing::debug!(%peer, status = fault.status.as_u16(), "request refused");
                return refused(fault);
            }
        };
        let found = if refresh_now {
            self.secrets.refresh(&ask).await
        } else {
            self.secrets.get(&ask).await
        };
        let (secret, is_served) = (ask.secret_id(), found.is_ok());
        tracing::info!(%peer, secret, is_served, "secret read over http");
        match found {
            Ok(entry) => response(StatusCode::OK, JSON, entry.body()),
            Err(failure) => refused(HttpFault::from(&failure.fault())),
        }
    }
}

fn refused(fault: HttpFault) -> Response<Bytes> {
    response(fault.status, fault.content_type, fault.body.into())
}

fn response(status: StatusCode, content_type: &'static str, body: Bytes) -> Response<Bytes> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let content_type = HeaderValue::from_static(content_type);
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, content_type);
    response
}

const TEXT: &str = "text/plain; charset=utf-8";
