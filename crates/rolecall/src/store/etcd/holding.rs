//! A key that one server at a time holds, with a lease: it is free again when its holder has been
//! silent for some seconds.
//!
//! Who holds it may do what is better done by one server alone. It is no lock that writes rely on:
//! they are ordered by what they compare.

use std::sync::Arc;
use std::time::Duration;

use http::uri::PathAndQuery;
use tokio::runtime::Handle;
use tokio::time::timeout;
use tokio_stream::StreamExt as _;
use tonic::{Request, Status, Streaming};
use tonic_prost::ProstCodec;

use super::client::{ANSWER_AFTER, Client, Link};
use super::messages::{
    COMPARE_MOD, Compare, LeaseGrantRequest, LeaseGrantResponse, LeaseKeepAliveRequest,
    LeaseKeepAliveResponse, LeaseRevokeRequest, LeaseRevokeResponse, PutRequest, RangeRequest,
    Request as Step, TxnRequest, TxnResponse,
};
use super::{TXN, operation};
use crate::store::engine::{CommitError, Hold};

/// Of one key, held or not.
#[derive(Debug)]
pub(super) struct Holding {
    link: Arc<Link>,
    handle: Handle,
    key: Vec<u8>,
    /// Zero where there is none.
    lease: i64,
    is_held: bool,
}

impl Holding {
    pub(super) fn new(client: &Client, key: Vec<u8>) -> Option<Self> {
        Some(Self {
            link: Arc::clone(client.link()),
            handle: client.handle()?,
            key,
            lease: 0,
            is_held: false,
        })
    }

    async fn keep_or_take(&mut self) -> Result<bool, Status> {
        if self.lease != 0 && !self.keep_alive().await? {
            (self.lease, self.is_held) = (0, false);
        }
        if self.lease == 0 {
            let grant = LeaseGrantRequest {
                seconds: SILENT_SECONDS,
            };
            let granted: LeaseGrantResponse =
                self.link.ask_once(GRANT, grant, ANSWER_AFTER).await?;
            self.lease = granted.id;
        }
        if !self.is_held {
            self.is_held = self.take().await?;
        }
        Ok(self.is_held)
    }

    /// Takes the key if nobody has it; tells whether it is held here, be it since an earlier
    /// attempt whose answer was lost.
    async fn take(&self) -> Result<bool, Status> {
        let request = TxnRequest {
            compare: vec![Compare {
                target: COMPARE_MOD,
                key: self.key.clone(),
                mod_revision: Some(0),
            }],
            success: vec![operation(Step::Put(PutRequest {
                key: self.key.clone(),
                value: Vec::new(),
                lease: self.lease,
            }))],
            failure: vec![operation(Step::Range(RangeRequest {
                key: self.key.clone(),
                ..RangeRequest::default()
            }))],
        };
        let made: TxnResponse = self.link.ask_once(TXN, request, ANSWER_AFTER).await?;
        let ranges = made.responses.iter().filter_map(|it| it.range.as_ref());
        let mut found = ranges.flat_map(|range| &range.kvs);
        Ok(made.succeeded || found.any(|it| it.lease == self.lease))
    }

    /// Lets the lease last from now on; tells whether there is one still.
    async fn keep_alive(&self) -> Result<bool, Status> {
        let turn = self.link.turn();
        let kept = async {
            let once = LeaseKeepAliveRequest { id: self.lease };
            // The stream of requests stays open until there is an answer.
            let requests = tokio_stream::once(once).chain(tokio_stream::pending());
            let request = self.link.signed(turn, Request::new(requests)).await?;
            let mut grpc = self.link.grpc(turn).await?;
            let path = PathAndQuery::from_static("/etcdserverpb.Lease/LeaseKeepAlive");
            let codec: ProstCodec<LeaseKeepAliveRequest, LeaseKeepAliveResponse> =
                ProstCodec::default();
            let answers = grpc.streaming(request, path, codec).await?;
            let mut answers: Streaming<LeaseKeepAliveResponse> = answers.into_inner();
            let answer = answers.message().await?;
            Ok(answer.is_some_and(|answer| answer.seconds > 0))
        };
        let kept = timeout(ANSWER_AFTER, kept).await;
        let kept = kept.unwrap_or_else(|_| Err(Status::deadline_exceeded("no answer in time")));
        if let Err(status) = &kept {
            self.link.failed(turn, status);
        }
        kept
    }
}

impl Hold for Holding {
    fn hold(&mut self) -> Result<bool, CommitError> {
        let handle = self.handle.clone();
        let held = handle.block_on(self.keep_or_take());
        held.map_err(|status| super::refused(&status))
    }

    fn silence(&self) -> Duration {
        Duration::from_secs(SILENT_SECONDS.unsigned_abs())
    }

    fn give_up(&mut self) {
        self.is_held = false;
        let lease = std::mem::take(&mut self.lease);
        if lease == 0 {
            return;
        }
        let link = Arc::clone(&self.link);
        let revoke = LeaseRevokeRequest { id: lease };
        let revoked = async move { link.ask_once(REVOKE, revoke, ANSWER_AFTER).await };
        let _ends_by_itself: Result<LeaseRevokeResponse, Status> = self.handle.block_on(revoked);
    }
}

const GRANT: &str = "/etcdserverpb.Lease/LeaseGrant";
const REVOKE: &str = "/etcdserverpb.Lease/LeaseRevoke";
// How long a holder may be silent before the key is free.
const SILENT_SECONDS: i64 = 10;
