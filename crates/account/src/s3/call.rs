//! A call: whether its row's needs are allowed, then its handler, then what it changed and which
//! files nobody needs any more.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;

use jiff::Timestamp;
use protocol::shape::Protocol;
use protocol::{Fault, Record};

use super::input::{Answer, Input};
use super::{faults, row};
use crate::call::SecureTransport;
use crate::entity::{Change, Entity, Key, Located, Step};
use crate::entropy::{Entropy, SEED_BYTES};
use crate::gate::{self, Caller, Circumstances, FromVpc, Need};
use crate::home::Home;
use crate::state::{Partition, State};
use crate::trail::Trail;
use crate::transaction::{Transaction, internal_failure};

use super::signed::Signed;

/// One operation's row.
#[derive(Debug)]
pub(crate) struct Row {
    /// As S3's model has it.
    pub(crate) operation: &'static str,
    /// As CloudTrail calls it.
    pub(super) event: &'static str,
    /// Whether CloudTrail counts it among data events.
    pub(super) is_data: bool,
    /// What must be allowed before the handler runs.
    pub(super) needs: fn(&Transaction, &Call) -> Result<Vec<Need>, Fault>,
    /// The handler.
    pub(super) run: fn(&mut Transaction, &Call) -> Result<Answer, Fault>,
}

/// A call whose signature was checked.
#[derive(Debug, Clone)]
pub struct Call {
    /// `GetObject`
    pub operation: &'static str,
    /// Its parameters.
    pub input: Input,
    /// Who signed it.
    pub signed: Arc<Signed>,
    /// Where it came from.
    pub head: Arc<Head>,
}

/// What policies and the record want to know of a request's head.
#[derive(Debug, Default)]
pub struct Head {
    headers: http::HeaderMap,
    source: Option<IpAddr>,
    from_vpc: Option<FromVpc>,
    is_secure: bool,
    host: Option<String>,
}

/// What a call led to. The world commits the changes before it answers.
#[derive(Debug)]
pub struct Outcome {
    /// For the client.
    pub answer: Result<Answer, Fault>,
    /// For the store.
    pub changes: Vec<Change>,
    /// Files that nobody needs any more once the changes are committed.
    pub freed: Vec<u128>,
    /// For the record of calls.
    pub trail: Trail,
    /// The use of a key that is worth a record.
    pub used: Option<Located>,
    /// Where the bucket is, which clients are told with errors as well.
    pub region: Option<String>,
}

impl Head {
    /// Of a request. Of the headers, those that policies ask about are kept.
    pub fn of<B>(request: &http::Request<B>, source: Option<IpAddr>) -> Self {
        let headers = request.headers().iter();
        let kept = headers.filter(|(name, _)| KEPT.contains(&name.as_str()));
        Self {
            headers: kept
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
            source,
            from_vpc: request.extensions().get::<FromVpc>().cloned(),
            is_secure: request.extensions().get::<SecureTransport>().is_some(),
            host: text(request.headers(), "host").map(str::to_owned),
        }
    }

    /// Where the request came from.
    pub fn source(&self) -> Option<IpAddr> {
        self.source
    }

    /// A header, if it is one that is kept.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        text(&self.headers, name)
    }

    fn circumstances(&self, now: Timestamp) -> Circumstances<'_> {
        Circumstances {
            source: self.source,
            from_vpc: self.from_vpc.as_ref(),
            user_agent: self.header("user-agent"),
            referer: self.header("referer"),
            secure: self.is_secure,
            now,
        }
    }
}

fn text<'a>(headers: &'a http::HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

impl Call {
    pub(super) fn caller(&self) -> &Caller {
        &self.signed.caller
    }

    /// The bucket that it is about.
    pub(super) fn bucket<'t>(
        &self,
        transaction: &'t Transaction,
    ) -> Result<&'t Arc<crate::state::HeldBucket>, Fault> {
        let held = transaction.state().bucket(&self.input.bucket);
        held.ok_or_else(faults::no_such_bucket)
    }

    /// The view from where it takes place: the bucket's place, or the caller's account.
    fn state(&self, partition: &Arc<Partition>) -> Result<State, Fault> {
        let region = &self.signed.scope.region;
        let home = match partition.bucket_home(&self.input.bucket) {
            _ if self.operation == "CreateBucket" => {
                let region = self.input.region.as_deref().unwrap_or(region);
                Home::new(&self.caller().account, region)
            }
            Some(home) => home.clone(),
            None if self.input.bucket.is_empty() => Home::new(&self.caller().account, region),
            None => return Err(faults::no_such_bucket()),
        };
        let state = partition.state(&home);
        state.ok_or_else(|| {
            let why = "The specified location-constraint is not valid";
            Fault::new("InvalidLocationConstraint", why)
        })
    }

    /// A call is signed for the region where the bucket is.
    fn check_region(&self, state: &State) -> Result<(), Fault> {
        let (asked, own) = (&self.signed.scope.region, state.region());
        let is_making = self.operation == "CreateBucket";
        if asked == own || (is_making && asked == gate::GLOBAL_REGION) {
            return Ok(());
        }
        if is_making {
            let why = format!(
                "The {own} location constraint is incompatible for the region specific endpoint \
                 this request was sent to."
            );
            return Err(Fault::new("IllegalLocationConstraintException", why));
        }
        let why = format!(
            "The authorization header is malformed; the region '{asked}' is wrong; expecting \
             '{own}'"
        );
        Err(Fault::new("AuthorizationHeaderMalformed", why))
    }

    fn parameters(&self) -> Record {
        let Input {
            bucket,
            key,
            version,
            upload,
            part,
            source,
            list,
            ..
        } = &self.input;
        let some = |text: &String| (!text.is_empty()).then(|| text.clone());
        let source = source.as_ref();
        let source = source.map(|source| format!("{}/{}", source.bucket, source.key));
        Record::new()
            .with_some("bucketName", some(bucket))
            .with_some("Host", self.head.host.clone())
            .with_some("key", some(key))
            .with_some("versionId", version.clone())
            .with_some("uploadId", upload.clone())
            .with_some("partNumber", part.map(i64::from))
            .with_some("prefix", some(&list.prefix))
            .with_some("x-amz-copy-source", source)
            .with_some(SSE, self.head.header(SSE))
    }
}

/// Answers a call.
pub fn handle(
    partition: &Arc<Partition>,
    call: &Call,
    now: Timestamp,
    seed: [u8; SEED_BYTES],
) -> Outcome {
    let mut entropy = Entropy::new(seed);
    let head = &call.head;
    let mut trail = Trail::begin(entropy.bytes(), now, head.source, &head.headers)
        .within(head.from_vpc.as_ref());
    trail.access_key_id = Some(call.signed.access_key_id.clone());
    trail.principal = Some(call.caller().arn.clone());
    trail.service = Some("s3");
    trail.operation = Some(call.operation);
    let mut region = None;
    let answer = run(partition, call, (now, entropy), &mut trail, &mut region);
    trail.caller = Some(call.caller().clone());
    let (answer, changes) = match answer {
        Ok((answer, changes)) => (Ok(answer), changes),
        Err(fault) => {
            trail.fail(&fault);
            (Err(fault), Vec::new())
        }
    };
    Outcome {
        answer,
        freed: freed(partition, &changes),
        changes,
        trail,
        used: call.signed.used.clone(),
        region,
    }
}

/// The record of a call that came to nothing before it was understood: the key id that it claims
/// and the operation as far as they are known, and who signed it where the signature was checked.
pub fn unhandled(
    head: &Head,
    (access_key_id, operation): (Option<String>, Option<String>),
    signed: Option<&Signed>,
    fault: &Fault,
    (now, random): (Timestamp, [u8; 32]),
) -> Trail {
    let mut trail =
        Trail::begin(random, now, head.source, &head.headers).within(head.from_vpc.as_ref());
    trail.service = Some("s3");
    trail.access_key_id = access_key_id;
    let row = operation.as_deref().and_then(row);
    if let Some(row) = row {
        trail.asked_of_s3(row.event, row.is_data, Record::new());
    }
    if let Some(signed) = signed {
        trail.caller = Some(signed.caller.clone());
        trail.principal = Some(signed.caller.arn.clone());
    }
    trail.fail(fault);
    trail
}

fn run(
    partition: &Arc<Partition>,
    call: &Call,
    (now, entropy): (Timestamp, Entropy),
    trail: &mut Trail,
    region: &mut Option<String>,
) -> Result<(Answer, Vec<Change>), Fault> {
    let row = row(call.operation).ok_or_else(faults::access_denied)?;
    trail.asked_of_s3(row.event, row.is_data, call.parameters());
    let state = call.state(partition)?;
    trail.home = Some(state.home().clone());
    *region = Some(state.region().to_owned());
    call.check_region(&state)?;
    let mut transaction = Transaction::new(state, now, entropy);
    if call.operation != "CreateBucket" && !call.input.bucket.is_empty() {
        check_owner(call, &transaction)?;
        check_restricted(call, &transaction)?;
    }
    let needs = (row.needs)(&transaction, call)?;
    let circumstances = call.head.circumstances(now);
    let verdicts = &mut trail.verdicts;
    gate::check(
        &mut transaction,
        call.caller(),
        needs,
        &circumstances,
        (PROTOCOL, verdicts),
    )?;
    let answer = (row.run)(&mut transaction, call)?;
    Ok((answer, transaction.into_changes()))
}

/// A caller may say whose bucket it takes it for.
fn check_owner(call: &Call, transaction: &Transaction) -> Result<(), Fault> {
    let asked = call.head.header("x-amz-expected-bucket-owner");
    if asked.is_none_or(|asked| asked == transaction.state().account_id()) {
        return Ok(());
    }
    Err(faults::access_denied())
}

/// A policy for the public counts for the bucket's own account where the bucket says so.
fn check_restricted(call: &Call, transaction: &Transaction) -> Result<(), Fault> {
    let held = call.bucket(transaction)?;
    let restricts = held
        .bucket
        .public_access
        .is_some_and(|it| it.restrict_public_buckets);
    let is_foreign = call.caller().account != transaction.state().account_id();
    if held.is_public && restricts && is_foreign {
        return Err(faults::access_denied());
    }
    Ok(())
}

/// Files of what is deleted or replaced, but for those that what is put has taken over.
pub(super) fn freed(before: &Arc<Partition>, changes: &[Change]) -> Vec<u128> {
    let mut gone = Vec::new();
    let mut kept = BTreeSet::new();
    for change in changes {
        if let Step::Put(entity) = &change.step {
            kept.extend(files(entity));
        }
        let key = match &change.step {
            Step::Delete(key) => key.clone(),
            Step::Put(entity) => entity.key(),
        };
        let (Key::S3Object { bucket, .. } | Key::UploadPart(bucket, ..)) = &key else {
            continue;
        };
        let Some(state) = before.state(&change.home) else {
            continue;
        };
        let Some(held) = state.bucket(bucket) else {
            continue;
        };
        match &key {
            Key::S3Object { version, key, .. } => {
                let object = held.version(key, *version);
                let content = object.and_then(|object| object.content.as_ref());
                let segments = content.into_iter().flat_map(|content| &content.segments);
                gone.extend(segments.map(|segment| segment.file));
            }
            Key::UploadPart(_, upload, number) => {
                let part = held
                    .uploads
                    .get(upload)
                    .and_then(|held| held.parts.get(number));
                gone.extend(part.map(|part| part.segment.file));
            }
            _ => {}
        }
    }
    gone.retain(|file| !kept.contains(file));
    gone
}

fn files(entity: &Entity) -> Vec<u128> {
    match entity {
        Entity::S3Object(object) => {
            let content = object.content.iter();
            let segments = content.flat_map(|content| &content.segments);
            segments.map(|segment| segment.file).collect()
        }
        Entity::UploadPart(part) => vec![part.segment.file],
        _ => Vec::new(),
    }
}

/// What S3 says where a mistake is ours.
pub(super) fn internal_error() -> Fault {
    let fault = internal_failure();
    Fault::new("InternalError", fault.message).status(500)
}

/// Headers that policies ask about, and the record.
const KEPT: &[&str] = &[
    "host",
    "referer",
    "user-agent",
    "x-amz-acl",
    "x-amz-content-sha256",
    "x-amz-copy-source",
    "x-amz-expected-bucket-owner",
    "x-amz-source-expected-bucket-owner",
    "x-amz-metadata-directive",
    "x-amz-object-ownership",
    SSE,
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-server-side-encryption-customer-algorithm",
    "x-amz-storage-class",
    "if-match",
    "if-none-match",
];
const SSE: &str = "x-amz-server-side-encryption";
/// Denials are told as the Query protocol tells them.
const PROTOCOL: Protocol = Protocol::Query { namespace: "" };
