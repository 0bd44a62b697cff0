//! The metadata service of one instance on a socket.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use account::Home;
use account::metadata::{self, Kept, Manner, TokenUse, ViaIpv6};
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use rustix::net::sockopt::{set_ip_ttl, set_ipv6_unicast_hops};
use tokio::net::TcpStream;

use super::http1::{self, Answer};
use super::{Bound, Stop, Transport};
use crate::clock;
use crate::identity::{self, Unestablished};
use crate::store::Ledger;

/// Answers as the metadata service of an instance.
#[derive(Debug)]
pub(crate) struct Metadata {
    source: Source,
    instance_id: String,
    manner: Manner,
    without_token: Arc<WithoutToken>,
}

/// What values are of.
#[derive(Debug)]
enum Source {
    Account(Ledger, Home),
    /// Where the account is gone; nothing of an instance that did not run.
    Kept(Option<Box<Kept>>),
}

/// Reads of an instance without a token since the process started, as CloudWatch counts them.
#[derive(Debug, Default)]
pub(crate) struct WithoutToken {
    answered: AtomicU64,
    rejected: AtomicU64,
}

/// The socket once more: hyper has the stream, and a token's answer has a hop limit.
#[derive(Debug)]
pub(crate) struct Socket {
    duplicate: OwnedFd,
    is_ipv6: bool,
    // It came to the address that the metadata service has in IPv6.
    is_via_ipv6: bool,
}

impl Metadata {
    pub(crate) fn new(ledger: Ledger, home: Home, instance_id: String) -> Self {
        Self::of(Source::Account(ledger, home), instance_id)
    }

    /// The same of what was last known.
    pub(crate) fn of_kept(kept: Option<Kept>, instance_id: String) -> Self {
        Self::of(Source::Kept(kept.map(Box::new)), instance_id)
    }

    fn of(source: Source, instance_id: String) -> Self {
        let without_token = WithoutToken::of(&instance_id);
        Self {
            source,
            instance_id,
            manner: Manner::default(),
            without_token,
        }
    }

    /// The same in another manner.
    pub(crate) fn in_manner(self, manner: Manner) -> Self {
        Self { manner, ..self }
    }

    pub(crate) async fn serve(self, bound: Bound, stop: Stop) {
        http1::serve(bound.listener, Transport::Plain, self, stop).await;
    }

    /// The answer as it is now; `None` where there can be none.
    fn read(&self, request: &Request<Incoming>) -> Option<metadata::Answer> {
        let (now, nonce) = (clock::now(), clock::random().ok()?);
        Some(match &self.source {
            Source::Account(ledger, home) => {
                let state = ledger.partition().state(home)?;
                metadata::serve(&state, &self.instance_id, request, now, nonce)
            }
            Source::Kept(Some(kept)) => kept.serve(request, now, nonce),
            Source::Kept(None) => metadata::absent(),
        })
    }

    fn count(&self, used: TokenUse, path: &str) {
        let counter = match used {
            TokenUse::Regular => return,
            TokenUse::None => &self.without_token.answered,
            TokenUse::Rejected => &self.without_token.rejected,
        };
        counter.fetch_add(1, Ordering::Relaxed);
        tracing::info!(
            instance = self.instance_id,
            path,
            rejected = used == TokenUse::Rejected,
            "metadata read without a token"
        );
    }
}

impl WithoutToken {
    /// The counters of an instance, which go on counting.
    pub(crate) fn of(instance_id: &str) -> Arc<Self> {
        let mut all = COUNTERS.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(instance_id.to_owned()).or_default())
    }

    /// `MetadataNoToken`: they were answered.
    pub(crate) fn answered(&self) -> u64 {
        self.answered.load(Ordering::Relaxed)
    }

    /// `MetadataNoTokenRejected`: tokens are required.
    pub(crate) fn rejected(&self) -> u64 {
        self.rejected.load(Ordering::Relaxed)
    }
}

impl Answer for Metadata {
    type Reply = Bytes;
    type Connection = Socket;

    fn greet(&self, stream: &TcpStream, peer: SocketAddr) -> Option<Socket> {
        let duplicate = rustix::io::dup(stream).ok()?;
        let local = stream.local_addr().ok()?;
        Some(Socket {
            duplicate,
            is_ipv6: peer.is_ipv6(),
            is_via_ipv6: local.ip() == ADDRESS_V6,
        })
    }

    async fn answer(&self, socket: &Socket, mut request: Request<Incoming>) -> Response<Bytes> {
        if let Source::Account(ledger, _) = &self.source
            && !ledger.is_in_bound()
        {
            // A role that was taken away since may still be there.
            return http1::refusal(StatusCode::SERVICE_UNAVAILABLE, "");
        }
        request.extensions_mut().insert(self.manner);
        if socket.is_via_ipv6 {
            request.extensions_mut().insert(ViaIpv6);
        }
        let mut answer = self.read(&request);
        if let Source::Account(ledger, _) = &self.source
            && answer.as_ref().is_some_and(|it| it.wants_identity_key)
        {
            // Once in the life of an account.
            answer = match identity::established(ledger).await {
                Ok(()) => self.read(&request),
                Err(Unestablished) => None,
            };
        }
        let Some(answer) = answer else {
            return http1::refusal(StatusCode::INTERNAL_SERVER_ERROR, "");
        };
        if let Some(hops) = answer.hop_limit
            && !socket.limit(hops)
        {
            // A token that might travel further than allowed is not sent.
            return http1::refusal(StatusCode::INTERNAL_SERVER_ERROR, "");
        }
        self.count(answer.token_use, request.uri().path());
        answer.response
    }
}

impl Socket {
    /// What is sent from now on crosses no more than this many routers. A socket of IPv6 may have a
    /// peer in IPv4, for which the other option counts.
    fn limit(&self, hops: u8) -> bool {
        let is_limited = set_ip_ttl(&self.duplicate, u32::from(hops)).is_ok();
        let limit_v6 = || set_ipv6_unicast_hops(&self.duplicate, Some(hops)).is_ok();
        is_limited && (!self.is_ipv6 || limit_v6())
    }
}

/// Those of each instance that was served by this process, by whichever listener.
static COUNTERS: Mutex<BTreeMap<String, Arc<WithoutToken>>> = Mutex::new(BTreeMap::new());
/// `fd00:ec2::254`
const ADDRESS_V6: IpAddr = IpAddr::V6(Ipv6Addr::new(0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254));
