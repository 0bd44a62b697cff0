//! The account's API: all services on one port.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use hyper::body::{Body as _, Incoming};
use protocol::{Fault, wire};
use tokio::net::TcpStream;

use super::http1::{self, Answer};
use super::{Bound, Stop};
use crate::clock;
use crate::store::{Call, Ledger, Unanswered};

/// Answers calls from the ledger.
#[derive(Debug)]
pub(crate) struct Api {
    ledger: Ledger,
}

impl Api {
    pub(crate) fn new(ledger: Ledger) -> Self {
        Self { ledger }
    }

    pub(crate) async fn serve(self, bound: Bound, stop: Stop) {
        http1::serve(bound.listener, self, stop).await;
    }
}

impl Answer for Api {
    type Connection = IpAddr;

    fn greet(&self, _: &TcpStream, peer: SocketAddr) -> Option<IpAddr> {
        Some(peer.ip())
    }

    async fn answer(&self, peer: &IpAddr, request: Request<Incoming>) -> Response<Bytes> {
        let request = if self.is_worth_reading(&request) {
            match http1::body(request, wire::BODY_BYTES_MAX).await {
                Ok(request) => request,
                Err(refused) => return refused,
            }
        } else {
            // Whatever it wanted to send, it is told that its key is not known.
            request.map(|_unread| Bytes::new())
        };
        let call = Arc::new(Call {
            request,
            source: Some(*peer),
        });
        match self.ledger.call(&call).await {
            Ok(outcome) => {
                record(&outcome.trail, *peer);
                outcome.response
            }
            Err(reason) => failed(&call.request, reason),
        }
    }
}

impl Api {
    /// Memory is for callers: a stranger's large body is not read.
    fn is_worth_reading(&self, request: &Request<Incoming>) -> bool {
        let announced = request.body().size_hint().exact();
        announced.is_some_and(|bytes| bytes <= STRANGER_BODY_BYTES_MAX)
            || account::is_key_known(&self.ledger.state(), request, clock::now())
    }
}

/// The record of a call. Values and keys are not part of it.
fn record(trail: &account::Trail, peer: IpAddr) {
    let service = trail.service.unwrap_or("?");
    let operation = trail.operation.unwrap_or("?");
    let principal = trail.principal.as_deref().unwrap_or("?");
    let request_id = trail.request_id.as_str();
    let Some(code) = trail.error.as_deref() else {
        tracing::debug!(%peer, principal, service, operation, request_id, "call answered");
        return;
    };
    let verdict = trail.verdicts.iter().find(|verdict| !verdict.allowed);
    let resource = verdict.map_or("", |verdict| verdict.resource.as_str());
    let reason = verdict.map_or("", |verdict| verdict.reason.as_str());
    tracing::info!(
        %peer, principal, service, operation, request_id, error = code, resource, reason,
        "call refused"
    );
}

fn failed(request: &Request<Bytes>, reason: Unanswered) -> Response<Bytes> {
    let fault = match reason {
        Unanswered::Busy => Fault::new("ServiceUnavailable", "Too many writes are waiting.")
            .status(StatusCode::SERVICE_UNAVAILABLE.as_u16()),
        Unanswered::Failed => Fault::new(
            "InternalFailure",
            "The request has failed because of an internal error.",
        )
        .status(StatusCode::INTERNAL_SERVER_ERROR.as_u16()),
    };
    wire::encode_fault(None, request, &fault, "")
}

// Most calls are smaller; a form that is larger is worth reading only with a key.
const STRANGER_BODY_BYTES_MAX: u64 = 16 * 1024;
