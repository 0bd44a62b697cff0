//! The guard's metrics over HTTP, for this host alone.

use agent::guard::metrics::CONTENT_TYPE;
use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use hyper::body::Incoming;

use super::records::Records;
use crate::serve::accept::Listen;
use crate::serve::http1::{self, Answer};
use crate::serve::{Stop, Transport};

/// Answers who watches the guard.
#[derive(Debug)]
pub(crate) struct Scraped(Records);

impl Scraped {
    pub(crate) fn new(records: Records) -> Self {
        Self(records)
    }

    pub(crate) async fn serve<L: Listen>(self, listener: L, stop: Stop) {
        http1::serve(listener, Transport::Plain, self, stop).await;
    }
}

impl<L: Listen> Answer<L> for Scraped {
    type Reply = Bytes;
    type Connection = ();

    fn greet(&self, _: &L::Stream, _: L::Peer) -> Option<()> {
        Some(())
    }

    async fn answer(&self, (): &(), request: Request<Incoming>) -> Response<Bytes> {
        if request.uri().path() != "/metrics" {
            return http1::refusal(StatusCode::NOT_FOUND, "metrics are at /metrics\n");
        }
        if request.method() != Method::GET {
            let text = "metrics are read with GET\n";
            return http1::refusal(StatusCode::METHOD_NOT_ALLOWED, text);
        }
        let mut response = Response::new(Bytes::from(self.0.text()));
        let kind = HeaderValue::from_static(CONTENT_TYPE);
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        response
    }
}
