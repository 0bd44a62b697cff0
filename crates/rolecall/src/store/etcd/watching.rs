//! Following a cluster: what is committed, in order, over connections that break.
//!
//! It knows commits by the revision that all keys of one have in common, and nothing of what is in
//! them.

use std::sync::Arc;
use std::time::Duration;

use http::uri::PathAndQuery;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use tokio_stream::StreamExt as _;
use tonic::{Request, Status, Streaming};
use tonic_prost::ProstCodec;

use super::Keys;
use super::client::{ANSWER_AFTER, Client, Link};
use super::messages::{Event, WatchCreateRequest, WatchRequest, WatchResponse};
use crate::store::engine::{Committed, News, Revision, Watch};

/// Follows until it is dropped.
pub(super) struct Watching {
    news: mpsc::Receiver<News>,
    handle: Option<Handle>,
}

/// What a stream leaves off with.
enum Left {
    /// The connection broke, or another member is asked now.
    Broken,
    /// What would come next is not kept any more.
    Compacted,
    /// Nobody follows any more.
    Closed,
}

struct Follower {
    link: Arc<Link>,
    keys: Keys,
    news: mpsc::Sender<News>,
    /// The revision that is next.
    next: i64,
}

impl Watching {
    pub(super) fn start(client: &Client, keys: Keys, after: Revision) -> Self {
        let (sender, news) = mpsc::channel(NEWS_MAX);
        let follower = Follower {
            link: Arc::clone(client.link()),
            keys,
            news: sender,
            next: i64::try_from(after.0).unwrap_or(i64::MAX).saturating_add(1),
        };
        client.spawn(follower.run());
        Self {
            news,
            handle: client.handle(),
        }
    }
}

impl Watch for Watching {
    fn next(&mut self, within: Duration) -> Option<News> {
        let next = async { timeout(within, self.news.recv()).await };
        self.handle.as_ref()?.block_on(next).ok()?
    }
}

impl Follower {
    async fn run(mut self) {
        loop {
            let turn = self.link.turn();
            let left = match self.subscribe(turn).await {
                Ok(stream) => self.follow(stream, turn).await,
                Err(status) => {
                    self.link.failed(turn, &status);
                    Left::Broken
                }
            };
            match left {
                Left::Broken => sleep(AGAIN_AFTER).await,
                Left::Compacted => {
                    let _nobody = self.news.send(News::Gap).await;
                    return;
                }
                Left::Closed => return,
            }
        }
    }

    async fn subscribe(&self, turn: usize) -> Result<Streaming<WatchResponse>, Status> {
        let create = WatchRequest {
            create: Some(WatchCreateRequest {
                key: self.keys.all.clone(),
                range_end: super::end_of(&self.keys.all),
                start_revision: self.next,
                fragment: true,
            }),
        };
        // The stream of requests stays open as long as the other one.
        let requests = tokio_stream::once(create).chain(tokio_stream::pending());
        let subscribed = async {
            let request = self.link.signed(turn, Request::new(requests)).await?;
            let mut grpc = self.link.grpc(turn).await?;
            let path = PathAndQuery::from_static("/etcdserverpb.Watch/Watch");
            let codec: ProstCodec<WatchRequest, WatchResponse> = ProstCodec::default();
            grpc.streaming(request, path, codec).await
        };
        let answer = timeout(ANSWER_AFTER, subscribed).await;
        let answer = answer.unwrap_or_else(|_| Err(Status::deadline_exceeded("no watch in time")));
        answer.map(tonic::Response::into_inner)
    }

    /// Hands out commits until the stream ends.
    async fn follow(&mut self, mut stream: Streaming<WatchResponse>, turn: usize) -> Left {
        let mut turns = self.link.turns();
        let mut events = Vec::new();
        loop {
            let message = tokio::select! {
                message = stream.message() => message,
                _ = turns.wait_for(|now| *now != turn) => return Left::Broken,
                () = self.news.closed() => return Left::Closed,
            };
            let message = match message {
                Ok(Some(message)) => message,
                Ok(None) => return Left::Broken,
                Err(status) => {
                    self.link.failed(turn, &status);
                    return Left::Broken;
                }
            };
            if message.canceled {
                if message.compact_revision > 0 {
                    return Left::Compacted;
                }
                tracing::warn!(reason = message.cancel_reason, "etcd ends the watch");
                self.link
                    .failed(turn, &Status::unauthenticated(message.cancel_reason));
                return Left::Broken;
            }
            events.extend(message.events);
            if !message.fragment && !self.hand_out(std::mem::take(&mut events)).await {
                return Left::Closed;
            }
        }
    }

    /// Whole commits, in order; tells whether anybody takes them.
    async fn hand_out(&mut self, events: Vec<Event>) -> bool {
        let mut committed = Committed::default();
        for event in events {
            let Some(kv) = event.kv else {
                continue;
            };
            if kv.key.starts_with(&self.keys.held) {
                continue;
            }
            let revision = Revision(kv.mod_revision.unsigned_abs());
            if revision != committed.revision {
                let whole = std::mem::take(&mut committed);
                if !self.send(whole).await {
                    return false;
                }
                committed.revision = revision;
            }
            let bytes = (event.kind == PUT).then_some(kv.value);
            let name = |prefix: &[u8]| {
                let name = kv.key.strip_prefix(prefix)?;
                Some(String::from_utf8_lossy(name).into_owned())
            };
            if let Some(key) = name(&self.keys.records) {
                committed.records.push((key, bytes));
            } else {
                // What is in no place of ours is told too: it is nobody's commit.
                let all = String::from_utf8_lossy(&kv.key).into_owned();
                committed
                    .beside
                    .push((name(&self.keys.beside).unwrap_or(all), bytes));
            }
        }
        self.send(committed).await
    }

    async fn send(&mut self, committed: Committed) -> bool {
        let Ok(revision) = i64::try_from(committed.revision.0) else {
            return true;
        };
        if revision == 0 {
            return true;
        }
        let sent = self.news.send(News::Committed(committed)).await.is_ok();
        self.next = revision + 1;
        sent
    }
}

// Of what events do; the other one deletes.
const PUT: i32 = 0;
// Commits read ahead of whoever follows.
const NEWS_MAX: usize = 256;
const AGAIN_AFTER: Duration = Duration::from_millis(50);
