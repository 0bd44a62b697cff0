//! The engine for several machines: an etcd cluster, which several servers may use at once.
//!
//! A record is a key below `PREFIX/record/`, what is beside the records one below `PREFIX/beside/`.
//! Every commit is one transaction, which puts the summary too and asks that the summary's last
//! revision is the one that the commit was made on. So the revisions of that key are the order of
//! all commits, and a commit that is sent twice is made once at most.

mod client;
mod ending;
mod holding;
mod messages;
mod reading;
mod watching;

use std::sync::mpsc;
use std::time::{Duration, Instant};

use tonic::{Code, Status};

use self::client::{ANSWER_AFTER, Client, is_worth_another};
use self::holding::Holding;
use self::messages::{
    AlarmRequest, AlarmResponse, COMPARE_MOD, Compare, DeleteRangeRequest, KeyValue, PutRequest,
    RangeRequest, RangeResponse, Request, RequestOp, TxnRequest, TxnResponse,
};
use self::reading::Reading;
use self::watching::Watching;
use super::digests::last_of_each;
use super::engine::{Commit, CommitError, Each, Engine, Hold, Revision, View, Watch};
use super::summary::{Damage, SUMMARY};
use crate::failure::Failure;

pub(crate) use self::client::Cluster;

/// The keys below one prefix of a cluster.
#[derive(Debug)]
pub(super) struct Etcd {
    client: Client,
    keys: Keys,
}

/// What keys are called.
#[derive(Debug, Clone)]
struct Keys {
    /// Of all of them.
    all: Vec<u8>,
    records: Vec<u8>,
    beside: Vec<u8>,
    /// What one server at a time holds: no commits.
    held: Vec<u8>,
}

/// What was committed at one revision of the cluster.
struct Moment<'a> {
    engine: &'a Etcd,
    /// Of the cluster.
    at: i64,
    /// Of the last commit.
    revision: Revision,
    beside: Vec<KeyValue>,
}

impl Keys {
    fn new(prefix: &str) -> Self {
        let below =
            |folder: &str| format!("{}/{folder}", prefix.trim_end_matches('/')).into_bytes();
        Self {
            all: below(""),
            records: below("record/"),
            beside: below("beside/"),
            held: below("held/"),
        }
    }

    fn record(&self, key: &str) -> Vec<u8> {
        [&self.records, key.as_bytes()].concat()
    }

    fn beside(&self, name: &str) -> Vec<u8> {
        [&self.beside, name.as_bytes()].concat()
    }

    fn summary(&self) -> Vec<u8> {
        self.beside(SUMMARY)
    }
}

impl Etcd {
    pub(super) fn new(cluster: &Cluster) -> Result<Self, Failure> {
        Ok(Self {
            client: Client::new(cluster)?,
            keys: Keys::new(&cluster.prefix),
        })
    }

    /// The last commit, however long that takes to know.
    pub(super) fn last(&self) -> Result<Revision, CommitError> {
        self.revision(ANSWER_AFTER)
    }

    /// Whether there is nothing at all below the prefix.
    pub(super) fn is_empty(&self) -> Result<bool, CommitError> {
        let all = RangeRequest {
            limit: 1,
            keys_only: true,
            ..below(&self.keys.all)
        };
        Ok(self.range(all, ANSWER_AFTER)?.kvs.is_empty())
    }

    /// Why no member takes writes, where that is so.
    fn alarm(&self) -> Option<CommitError> {
        let answer: Result<AlarmResponse, Status> =
            self.client.ask(ALARM, AlarmRequest {}, ANSWER_AFTER);
        // A user that may not ask is not told.
        let alarms = answer.ok()?.alarms;
        let alarm = alarms.iter().find(|it| it.kind == NOSPACE)?;
        let member = format!("member {:x} has raised NOSPACE", alarm.member);
        Some(CommitError::QuotaUsed(member))
    }

    /// Puts records that belong to no commit yet: before the first one, which says what they add
    /// up to.
    pub(super) fn put_before_first(&self, records: &[(&str, &[u8])]) -> Result<(), CommitError> {
        let puts = records
            .iter()
            .map(|(key, bytes)| put(self.keys.record(key), bytes));
        let request = TxnRequest {
            compare: vec![self.last_is(Revision::default())],
            success: puts.collect(),
            failure: Vec::new(),
        };
        let made: TxnResponse = self
            .client
            .ask(TXN, request, ANSWER_AFTER)
            .map_err(|status| refused(&status))?;
        if made.succeeded {
            return Ok(());
        }
        Err(CommitError::Conflict)
    }

    /// Takes away all that is below the prefix, where no commit was made yet.
    pub(super) fn clear_before_first(&self) -> Result<(), CommitError> {
        let delete = DeleteRangeRequest {
            key: self.keys.all.clone(),
            range_end: end_of(&self.keys.all),
        };
        let request = TxnRequest {
            compare: vec![self.last_is(Revision::default())],
            success: vec![operation(Request::Delete(delete))],
            failure: Vec::new(),
        };
        let made: TxnResponse = self
            .client
            .ask(TXN, request, ANSWER_AFTER)
            .map_err(|status| refused(&status))?;
        if made.succeeded {
            return Ok(());
        }
        Err(CommitError::Conflict)
    }

    fn range(&self, request: RangeRequest, within: Duration) -> Result<RangeResponse, CommitError> {
        self.client
            .ask(RANGE, request, within)
            .map_err(|status| refused(&status))
    }

    /// Hands out page after page, until nobody takes them.
    fn read(
        &self,
        mut reading: Reading,
        pages: &mpsc::SyncSender<Result<RangeResponse, CommitError>>,
    ) {
        loop {
            let page = self.range(reading.request(), PAGE_AFTER);
            let is_more = page.as_ref().is_ok_and(|page| reading.took(page));
            if pages.send(page).is_err() || !is_more {
                return;
            }
        }
    }

    fn last_is(&self, revision: Revision) -> Compare {
        Compare {
            target: COMPARE_MOD,
            key: self.keys.summary(),
            mod_revision: Some(i64::try_from(revision.0).unwrap_or(i64::MAX)),
        }
    }

    /// Sends a transaction until there is an answer to it, which may be that of an earlier time.
    fn transact(
        &self,
        on: Revision,
        request: &TxnRequest,
        mark: &[u8],
    ) -> Result<Revision, CommitError> {
        let begun = Instant::now();
        let mut last = None;
        loop {
            let answer: Result<TxnResponse, Status> =
                self.client.ask_alone(TXN, request.clone(), ANSWER_AFTER);
            match answer {
                Ok(made) if made.succeeded => return Ok(revision_of(made.header.as_ref())),
                // Nothing was sent before: it is as it says.
                Ok(_) if last.is_none() => return Err(CommitError::Conflict),
                Ok(_) => return self.find(on, mark),
                Err(status) if is_worth_another(&status) => {
                    if begun.elapsed() > CLEAR_AFTER {
                        return Err(CommitError::Unclear(status.message().to_owned()));
                    }
                    if status.code() != Code::DeadlineExceeded {
                        std::thread::park_timeout(AGAIN_AFTER);
                    }
                    last = Some(status);
                }
                Err(status) if last.is_none() => return Err(refused(&status)),
                Err(status) => return Err(CommitError::Unclear(status.message().to_owned())),
            }
        }
    }

    /// Looks through the commits that came after `on`, the last one first, for one of ours. None
    /// that was made on `on` can come any more.
    fn find(&self, on: Revision, mark: &[u8]) -> Result<Revision, CommitError> {
        let mut at = 0;
        for _ in 0..COMMITS_LOOKED_AT {
            let request = RangeRequest {
                key: self.keys.summary(),
                revision: at,
                ..RangeRequest::default()
            };
            let unclear = |error: CommitError| CommitError::Unclear(error.to_string());
            let found = self.range(request, ANSWER_AFTER).map_err(unclear)?;
            let Some(found) = found.kvs.first() else {
                return Err(CommitError::Conflict);
            };
            let revision = Revision(found.mod_revision.unsigned_abs());
            if found.value == mark {
                return Ok(revision);
            }
            if revision <= on {
                return Err(CommitError::Conflict);
            }
            at = found.mod_revision - 1;
        }
        Err(CommitError::Unclear(
            "too many commits came after it".to_owned(),
        ))
    }
}

impl Engine for Etcd {
    fn view(&self) -> Result<Box<dyn View + '_>, Damage> {
        let found = self.range(below(&self.keys.beside), ANSWER_AFTER)?;
        let summary = self.keys.summary();
        let last = found.kvs.iter().find(|it| it.key == summary);
        Ok(Box::new(Moment {
            engine: self,
            at: found.header.as_ref().map_or(0, |header| header.revision),
            revision: Revision(last.map_or(0, |it| it.mod_revision.unsigned_abs())),
            beside: found.kvs,
        }))
    }

    fn commit(&self, on: Revision, commit: Commit<'_>) -> Result<Revision, CommitError> {
        let values = commit.beside.values()?;
        let mark = values.iter().find(|(name, _)| *name == SUMMARY);
        let mark = mark.map(|(_, bytes)| bytes.clone()).unwrap_or_default();
        let records = last_of_each(commit.records);
        if records.len() + values.len() > OPERATIONS_MAX {
            return Err(CommitError::TooLarge);
        }
        let records = records.into_iter().map(|(key, bytes)| match bytes {
            Some(bytes) => put(self.keys.record(key), bytes),
            None => operation(Request::Delete(DeleteRangeRequest {
                key: self.keys.record(key),
                range_end: Vec::new(),
            })),
        });
        let values = values
            .iter()
            .map(|(name, bytes)| put(self.keys.beside(name), bytes));
        let request = TxnRequest {
            compare: vec![self.last_is(on)],
            success: records.chain(values).collect(),
            failure: Vec::new(),
        };
        if prost::Message::encoded_len(&request) > REQUEST_BYTES_MAX {
            return Err(CommitError::TooLarge);
        }
        self.transact(on, &request, &mark)
    }

    fn revision(&self, within: Duration) -> Result<Revision, CommitError> {
        let summary = RangeRequest {
            key: self.keys.summary(),
            keys_only: true,
            ..RangeRequest::default()
        };
        let found = self.range(summary, within)?;
        let last = found
            .kvs
            .first()
            .map_or(0, |it| it.mod_revision.unsigned_abs());
        Ok(Revision(last))
    }

    fn ailment(&self) -> Option<CommitError> {
        self.alarm()
    }

    fn watch(&self, after: Revision) -> Option<Box<dyn Watch>> {
        Some(Box::new(Watching::start(
            &self.client,
            self.keys.clone(),
            after,
        )))
    }

    fn hold(&self, name: &str) -> Option<Box<dyn Hold>> {
        let key = [&self.keys.held, name.as_bytes()].concat();
        let holding = Holding::new(&self.client, key)?;
        Some(Box::new(holding))
    }
}

impl View for Moment<'_> {
    fn revision(&self) -> Revision {
        self.revision
    }

    fn beside(&self, name: &str) -> Result<Option<Vec<u8>>, Damage> {
        let key = self.engine.keys.beside(name);
        let found = self.beside.iter().find(|it| it.key == key);
        Ok(found.map(|it| it.value.clone()))
    }

    fn each(&self, each: &mut Each<'_>) -> Result<(), Damage> {
        let records = self.engine.keys.records.as_slice();
        std::thread::scope(|scope| {
            let (queue, pages) = mpsc::sync_channel(PAGES_AHEAD);
            scope.spawn(move || self.engine.read(Reading::below(records, self.at), &queue));
            for page in pages {
                for found in page?.kvs {
                    let key = found.key.strip_prefix(records).unwrap_or_default();
                    each(std::str::from_utf8(key)?, &found.value)?;
                }
            }
            Ok(())
        })
    }
}

fn put(key: Vec<u8>, bytes: &[u8]) -> RequestOp {
    operation(Request::Put(PutRequest {
        key,
        value: bytes.to_vec(),
        lease: 0,
    }))
}

fn operation(request: Request) -> RequestOp {
    RequestOp {
        request: Some(request),
    }
}

/// All keys that begin so.
fn below(prefix: &[u8]) -> RangeRequest {
    RangeRequest {
        key: prefix.to_vec(),
        range_end: end_of(prefix),
        ..RangeRequest::default()
    }
}

/// The first key after all that begin so: prefixes here end in a slash.
fn end_of(prefix: &[u8]) -> Vec<u8> {
    let mut end = prefix.to_vec();
    if let Some(last) = end.last_mut() {
        *last += 1;
    }
    end
}

fn revision_of(header: Option<&messages::Header>) -> Revision {
    Revision(header.map_or(0, |header| header.revision.unsigned_abs()))
}

/// What an answer that is no is for callers.
fn refused(status: &Status) -> CommitError {
    let message = status.message();
    let is_too_large =
        message.contains("request is too large") || message.contains("too many operations");
    if is_too_large {
        return CommitError::TooLarge;
    }
    if message.contains("database space exceeded") {
        return CommitError::QuotaUsed(message.to_owned());
    }
    CommitError::Unavailable(message.to_owned())
}

const RANGE: &str = "/etcdserverpb.KV/Range";
const TXN: &str = "/etcdserverpb.KV/Txn";
const ALARM: &str = "/etcdserverpb.Maintenance/Alarm";
// A kind of alarm: the quota is used up, or the disk of a member.
const NOSPACE: i32 = 1;
// `--max-txn-ops` of etcd, by default.
const OPERATIONS_MAX: usize = 128;
// `--max-request-bytes` of etcd, by default, is 1.5 MiB; something is for what is around it.
const REQUEST_BYTES_MAX: usize = 1_450 * 1_024;
// Read ahead of whoever takes them in.
const PAGES_AHEAD: usize = 2;
const PAGE_AFTER: Duration = Duration::from_secs(20);
// How long a commit may stay unclear before its caller is told so.
const CLEAR_AFTER: Duration = Duration::from_secs(10);
const AGAIN_AFTER: Duration = Duration::from_millis(50);
// Of other servers, while one of ours was unclear.
const COMMITS_LOOKED_AT: usize = 100_000;

#[cfg(test)]
mod tests;
