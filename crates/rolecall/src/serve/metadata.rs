//! The metadata service of one instance on a socket.

use std::net::SocketAddr;
use std::os::fd::OwnedFd;

use account::Home;
use account::metadata::{self, TokenUse};
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use rustix::net::sockopt::{set_ip_ttl, set_ipv6_unicast_hops};
use tokio::net::TcpStream;

use super::http1::{self, Answer};
use super::{Bound, Stop, Transport};
use crate::clock;
use crate::store::Ledger;

/// Answers as the metadata service of an instance.
#[derive(Debug)]
pub(crate) struct Metadata {
    ledger: Ledger,
    home: Home,
    instance_id: String,
}

/// The socket once more: hyper has the stream, and a token's answer has a hop limit.
#[derive(Debug)]
pub(crate) struct Socket {
    duplicate: OwnedFd,
    is_ipv6: bool,
}

impl Metadata {
    pub(crate) fn new(ledger: Ledger, home: Home, instance_id: String) -> Self {
        Self {
            ledger,
            home,
            instance_id,
        }
    }

    pub(crate) async fn serve(self, bound: Bound, stop: Stop) {
        http1::serve(bound.listener, Transport::Plain, self, stop).await;
    }
}

impl Answer for Metadata {
    type Connection = Socket;

    fn greet(&self, stream: &TcpStream, peer: SocketAddr) -> Option<Socket> {
        let duplicate = rustix::io::dup(stream).ok()?;
        Some(Socket {
            duplicate,
            is_ipv6: peer.is_ipv6(),
        })
    }

    async fn answer(&self, socket: &Socket, request: Request<Incoming>) -> Response<Bytes> {
        let Ok(nonce) = clock::random() else {
            return http1::refusal(StatusCode::INTERNAL_SERVER_ERROR, "");
        };
        let partition = self.ledger.partition();
        let Some(state) = partition.state(&self.home) else {
            return http1::refusal(StatusCode::INTERNAL_SERVER_ERROR, "");
        };
        let answer = metadata::serve(&state, &self.instance_id, &request, clock::now(), nonce);
        if let Some(hops) = answer.hop_limit
            && !socket.limit(hops)
        {
            // A token that might travel further than allowed is not sent.
            return http1::refusal(StatusCode::INTERNAL_SERVER_ERROR, "");
        }
        if answer.token_use != TokenUse::Regular {
            tracing::info!(
                instance = self.instance_id,
                path = request.uri().path(),
                rejected = answer.token_use == TokenUse::Rejected,
                "metadata read without a token"
            );
        }
        answer.response
    }
}

impl Socket {
    fn limit(&self, hops: u8) -> bool {
        if self.is_ipv6 {
            set_ipv6_unicast_hops(&self.duplicate, Some(hops)).is_ok()
        } else {
            set_ip_ttl(&self.duplicate, u32::from(hops)).is_ok()
        }
    }
}
