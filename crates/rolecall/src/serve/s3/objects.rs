//! Objects put, read, copied and deleted, between S3's shapes and the account's.

use std::sync::Arc;

use account::entity::{Content, S3Object};
use account::s3::{Answer, Deleted, Found, Input};
use http::{HeaderMap, StatusCode};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use protocol::Secret;
use s3s::dto::{
    CopyObjectInput, CopyObjectOutput, CopyObjectResult, DeleteObjectInput, DeleteObjectOutput,
    DeleteObjectTaggingInput, DeleteObjectTaggingOutput, DeleteObjectsInput, DeleteObjectsOutput,
    DeletedObject, Error, GetObjectAclInput, GetObjectAclOutput, GetObjectAttributesInput,
    GetObjectAttributesOutput, GetObjectAttributesParts, GetObjectInput, GetObjectOutput,
    GetObjectTaggingInput, GetObjectTaggingOutput, HeadObjectInput, HeadObjectOutput,
    PutObjectInput, PutObjectOutput, PutObjectTaggingInput, PutObjectTaggingOutput, Range,
    StorageClass, StreamingBlob,
};
use s3s::{S3Request, S3Response, S3Result};

use super::Conversation;
use super::bodies::{Arriving, receive};
use super::convert::{
    self, Telling, checksum_of, error, etag, input, internal_error, invalid, moment, number, owner,
    text,
};
use super::leaving::send;
use super::settings::{grants, tags, told_tags};
use super::sums::Announced;
use crate::clock;
use crate::store::Place;

type Answered<T> = S3Result<S3Response<T>>;

fn answered<T>(output: T, headers: HeaderMap) -> S3Response<T> {
    let mut response = S3Response::new(output);
    response.headers = headers;
    response
}

/// A key for one object.
fn data_key() -> S3Result<Secret> {
    let bytes = clock::random::<32>().map_err(|_| internal_error())?;
    Ok(Secret::new(bytes))
}

pub(super) fn place(input: &Input) -> Place {
    Place {
        bucket: input.bucket.as_str().into(),
        key: input.key.as_str().into(),
    }
}

/// How many bytes a head says that come: of a stream, those that are left of its frames.
pub(super) fn length(headers: &HeaderMap) -> Option<u64> {
    let decoded = text(headers, "x-amz-decoded-content-length");
    decoded.or(text(headers, "content-length"))?.parse().ok()
}

pub(super) async fn put_object(
    it: &Conversation,
    request: S3Request<PutObjectInput>,
) -> Answered<PutObjectOutput> {
    let S3Request {
        input: asked,
        headers,
        trailing_headers,
        ..
    } = request;
    let mut own = input(&headers, asked.bucket, asked.key)?;
    let announced = Announced::read(&headers, None)?;
    let length = length(&headers);
    if length.is_none() {
        let why = "You must provide the Content-Length HTTP header.";
        let fault = protocol::Fault::new("MissingContentLength", why).status(411);
        return Err(error(fault));
    }
    let Answer::Ready { is_tagged_by_md5 } = it.begin("PutObject", own.clone()).await? else {
        return Err(internal_error());
    };
    let arriving = Arriving {
        body: asked.body,
        length,
        length_max: OBJECT_BYTES_MAX,
        announced: announced.tagged_by_md5(is_tagged_by_md5),
        trailer: trailing_headers,
    };
    let (stored, _) = receive(&it.s3.objects, place(&own), data_key()?, arriving).await?;
    own.stored = Some(stored);
    let object = put(it, "PutObject", own).await?;
    let told = it.told_of_put(&headers, &object)?;
    Ok(answered(PutObjectOutput::default(), told))
}

/// Commits what was stored; takes the file away if that is refused.
pub(super) async fn put(
    it: &Conversation,
    operation: &'static str,
    input: Input,
) -> S3Result<Arc<S3Object>> {
    match it.keep(operation, input).await? {
        Answer::Put(object) => Ok(object),
        _ => Err(internal_error()),
    }
}

impl Conversation {
    /// Commits a call that has stored something; takes the file away if it is refused.
    pub(super) async fn keep(&self, operation: &'static str, input: Input) -> S3Result<Answer> {
        let file = input.stored.as_ref().map(|stored| stored.segment.file);
        let done = self.call(operation, input).await;
        if let (Err(refused), Some(file)) = (&done, file) {
            // Where the store failed, the file may be named after a restart.
            let is_ours = refused
                .status_code()
                .is_none_or(|status| status.is_server_error());
            if !is_ours {
                let objects = self.s3.objects.clone();
                let _gone = tokio::task::spawn_blocking(move || objects.remove(&[file])).await;
            }
        }
        done
    }

    /// Account id of a bucket's owner.
    pub(super) fn owner_of(&self, bucket: &str) -> String {
        let partition = self.s3.ledger.partition();
        partition
            .owner_of_bucket(bucket)
            .unwrap_or_default()
            .to_owned()
    }

    pub(super) fn telling<'a>(
        &self,
        asked: &'a HeaderMap,
        (account, region): (&'a mut String, &'a mut String),
        bucket: &str,
    ) -> Telling<'a> {
        *account = self.owner_of(bucket);
        *region = self.told().region.clone().unwrap_or_default();
        Telling::new(asked, account, region)
    }

    fn is_versioned(&self, bucket: &str) -> bool {
        self.s3.ledger.partition().is_bucket_versioned(bucket)
    }

    fn told_of_put(&self, asked: &HeaderMap, object: &S3Object) -> S3Result<HeaderMap> {
        let content = object.content.as_ref().ok_or_else(internal_error)?;
        let (mut account, mut region) = Default::default();
        let mut telling = self.telling(asked, (&mut account, &mut region), &object.bucket);
        telling.object(object, content, self.is_versioned(&object.bucket));
        telling.checksum(content.checksum.as_ref());
        telling.set("x-amz-object-size", &content.size.to_string());
        Ok(telling.done())
    }
}

/// Which bytes are asked for: from, to before, and whether that is a part.
fn part_of(
    content: &Content,
    range: Option<&Range>,
    part: Option<i32>,
) -> S3Result<(u64, u64, bool)> {
    let size = content.size;
    let not_satisfiable = || {
        let why = "The requested range is not satisfiable";
        error(protocol::Fault::new("InvalidRange", why).status(416))
    };
    match (range, part) {
        (None, None) => Ok((0, size, false)),
        (Some(range), None) => {
            let range = range.check(size).map_err(|_| not_satisfiable())?;
            Ok((range.start, range.end, true))
        }
        (None, Some(1)) if content.parts == 0 => Ok((0, size, true)),
        (None, Some(part)) => {
            let at = usize::try_from(part)
                .ok()
                .and_then(|part| part.checked_sub(1));
            let at = at.filter(|at| *at < content.segments.len());
            let at = at.ok_or_else(|| {
                let why = "The requested partnumber is not satisfiable";
                error(protocol::Fault::new("InvalidPartNumber", why).status(416))
            })?;
            let before = content.segments.iter().take(at).map(|it| it.size);
            let start: u64 = before.sum();
            let own = content.segments.get(at).map_or(0, |it| it.size);
            Ok((start, start + own, true))
        }
        (Some(_), Some(_)) => Err(invalid(
            "InvalidRequest",
            "Cannot specify both Range header and partNumber query parameter",
        )),
    }
}

/// The head of an answer to who reads.
fn told_of_read(
    it: &Conversation,
    asked: &HeaderMap,
    found: &Found,
    (start, end, is_part): (u64, u64, bool),
) -> S3Result<HeaderMap> {
    let object = &found.object;
    let content = object.content.as_ref().ok_or_else(internal_error)?;
    let (mut account, mut region) = Default::default();
    let mut telling = it.telling(asked, (&mut account, &mut region), &object.bucket);
    telling.read(found, content);
    telling.set("content-length", &(end - start).to_string());
    if is_part && end > start {
        let size = content.size;
        telling.set(
            "content-range",
            &format!("bytes {start}-{}/{size}", end - 1),
        );
    }
    let wants_sum =
        text(asked, "x-amz-checksum-mode").is_some_and(|it| it.eq_ignore_ascii_case("ENABLED"));
    if wants_sum && end - start == content.size {
        telling.checksum(content.checksum.as_ref());
    }
    let partition = it.s3.ledger.partition();
    if let Some((over, rule)) = account::s3::expiry(&partition, object) {
        let over = convert::http_date(over);
        let rule = utf8_percent_encode(rule, NON_ALPHANUMERIC);
        telling.set(
            "x-amz-expiration",
            &format!("expiry-date=\"{over}\", rule-id=\"{rule}\""),
        );
    }
    if content.parts > 0 && asked.get("range").is_none() && is_part {
        telling.set("x-amz-mp-parts-count", &content.parts.to_string());
    }
    Ok(telling.done())
}

/// Whether a query has a header of the answer in place of the object's own.
fn request_overrides(uri: &http::Uri, name: &str) -> bool {
    let query = uri.query().unwrap_or_default();
    let prefix = format!("response-{name}=");
    query.split('&').any(|pair| pair.starts_with(&prefix))
}

async fn find(it: &Conversation, operation: &'static str, input: Input) -> S3Result<Found> {
    match it.call(operation, input).await? {
        Answer::Object(found) => Ok(found),
        _ => Err(internal_error()),
    }
}

pub(super) async fn get_object(
    it: &Conversation,
    request: S3Request<GetObjectInput>,
) -> Answered<GetObjectOutput> {
    let asked = request.input;
    let own = Input {
        version: asked.version_id,
        ..input(&request.headers, asked.bucket, asked.key)?
    };
    for _ in 0..READ_TRIES {
        let found = find(it, "GetObject", own.clone()).await?;
        let content = found.object.content.as_ref().ok_or_else(internal_error)?;
        let part = part_of(content, asked.range.as_ref(), asked.part_number)?;
        // What was replaced since it was found is looked for again.
        let Some(leaving) = send(&it.s3.objects, &found, (part.0, part.1)).await? else {
            continue;
        };
        let mut told = told_of_read(it, &request.headers, &found, part)?;
        for name in OVERRIDDEN {
            if request_overrides(&request.uri, name) {
                told.remove(name);
            }
        }
        let range = told.remove("content-range");
        let output = GetObjectOutput {
            body: Some(StreamingBlob::new(leaving)),
            // Of it the status is made.
            content_range: range.and_then(|range| range.to_str().ok().map(str::to_owned)),
            ..GetObjectOutput::default()
        };
        return Ok(answered(output, told));
    }
    tracing::error!("a file of an object is missing");
    Err(internal_error())
}

pub(super) async fn head_object(
    it: &Conversation,
    request: S3Request<HeadObjectInput>,
) -> Answered<HeadObjectOutput> {
    let asked = request.input;
    let own = Input {
        version: asked.version_id,
        ..input(&request.headers, asked.bucket, asked.key)?
    };
    let found = find(it, "HeadObject", own).await?;
    let content = found.object.content.as_ref().ok_or_else(internal_error)?;
    let part = part_of(content, asked.range.as_ref(), asked.part_number)?;
    let told = told_of_read(it, &request.headers, &found, part)?;
    let mut response = answered(HeadObjectOutput::default(), told);
    if part.2 {
        response.extensions.insert(StatusCode::PARTIAL_CONTENT);
    }
    Ok(response)
}

pub(super) async fn get_object_attributes(
    it: &Conversation,
    request: S3Request<GetObjectAttributesInput>,
) -> Answered<GetObjectAttributesOutput> {
    let asked = request.input;
    let own = Input {
        version: asked.version_id,
        ..input(&request.headers, asked.bucket, asked.key)?
    };
    let found = find(it, "GetObjectAttributes", own).await?;
    let content = found.object.content.as_ref().ok_or_else(internal_error)?;
    // One header may have several, parted by commas.
    let all = asked
        .object_attributes
        .iter()
        .flat_map(|it| it.as_str().split(','));
    let all: Vec<&str> = all.map(str::trim).collect();
    let wants = |name: &str| all.contains(&name);
    let sum = content.checksum.as_ref();
    let parts = i32::try_from(content.parts).ok().filter(|parts| *parts > 0);
    Ok(S3Response::new(GetObjectAttributesOutput {
        checksum: sum
            .filter(|_| wants("Checksum"))
            .map(|sum| checksum_of(Some(sum))),
        e_tag: wants("ETag").then(|| etag(&content.etag)),
        last_modified: Some(moment(found.object.modified)),
        object_parts: parts.filter(|_| wants("ObjectParts")).map(|parts| {
            GetObjectAttributesParts {
                total_parts_count: Some(parts),
                ..GetObjectAttributesParts::default()
            }
        }),
        object_size: wants("ObjectSize").then(|| number(content.size)),
        storage_class: wants("StorageClass").then(|| StorageClass::from_static("STANDARD")),
        version_id: found.is_versioned.then(|| found.object.version_id()),
        ..GetObjectAttributesOutput::default()
    }))
}

pub(super) async fn get_object_acl(
    it: &Conversation,
    request: S3Request<GetObjectAclInput>,
) -> Answered<GetObjectAclOutput> {
    let asked = request.input;
    let account = it.owner_of(&asked.bucket);
    let own = Input {
        version: asked.version_id,
        ..input(&request.headers, asked.bucket, asked.key)?
    };
    find(it, "GetObjectAcl", own).await?;
    Ok(S3Response::new(GetObjectAclOutput {
        grants: Some(grants(&account)),
        owner: Some(owner(&account)),
        request_charged: None,
    }))
}

pub(super) async fn copy_object(
    it: &Conversation,
    request: S3Request<CopyObjectInput>,
) -> Answered<CopyObjectOutput> {
    let (headers, asked) = (request.headers, request.input);
    let mut own = Input {
        source: Some(convert::source(&headers, asked.copy_source)?),
        ..input(&headers, asked.bucket, asked.key)?
    };
    // Those of the copy are in the source's own headers.
    own.conditions = account::s3::Conditions::default();
    let Answer::Object(found) = it.begin("CopyObject", own.clone()).await? else {
        return Err(internal_error());
    };
    let content = found.object.content.as_ref().ok_or_else(internal_error)?;
    let usual = content.checksum.as_ref().map(|sum| sum.algorithm);
    let leaving = send(&it.s3.objects, &found, (0, content.size)).await?;
    let leaving = leaving.ok_or_else(internal_error)?;
    let named = text(&headers, "x-amz-checksum-algorithm");
    let named = named.and_then(account::entity::ChecksumAlgorithm::parse);
    let announced = match named.or(usual) {
        Some(algorithm) => Announced::of(algorithm),
        None => Announced::read(&HeaderMap::new(), None)?,
    };
    let arriving = Arriving {
        body: Some(StreamingBlob::new(leaving)),
        length: Some(content.size),
        length_max: OBJECT_BYTES_MAX,
        announced,
        trailer: None,
    };
    let (stored, _) = receive(&it.s3.objects, place(&own), data_key()?, arriving).await?;
    own.stored = Some(stored);
    let object = put(it, "CopyObject", own).await?;
    let content = object.content.as_ref().ok_or_else(internal_error)?;
    let sums = checksum_of(content.checksum.as_ref());
    let output = CopyObjectOutput {
        copy_object_result: Some(CopyObjectResult {
            checksum_crc32: sums.checksum_crc32,
            checksum_crc32c: sums.checksum_crc32c,
            checksum_crc64nvme: sums.checksum_crc64nvme,
            checksum_sha1: sums.checksum_sha1,
            checksum_sha256: sums.checksum_sha256,
            checksum_type: sums.checksum_type,
            e_tag: Some(etag(&content.etag)),
            last_modified: Some(moment(object.modified)),
        }),
        copy_source_version_id: found.is_versioned.then(|| found.object.version_id()),
        ..CopyObjectOutput::default()
    };
    let mut told = it.told_of_put(&headers, &object)?;
    told.remove("etag");
    Ok(answered(output, told))
}

async fn deleted(
    it: &Conversation,
    operation: &'static str,
    input: Input,
) -> S3Result<Vec<Deleted>> {
    match it.call(operation, input).await? {
        Answer::Deleted(deleted) => Ok(deleted),
        _ => Err(internal_error()),
    }
}

pub(super) async fn delete_object(
    it: &Conversation,
    request: S3Request<DeleteObjectInput>,
) -> Answered<DeleteObjectOutput> {
    let asked = request.input;
    let own = Input {
        version: asked.version_id,
        ..input(&request.headers, asked.bucket, asked.key)?
    };
    let deleted = deleted(it, "DeleteObject", own).await?;
    let one = deleted.into_iter().next().ok_or_else(internal_error)?;
    Ok(S3Response::new(DeleteObjectOutput {
        delete_marker: one.marker.is_some().then_some(true),
        request_charged: None,
        version_id: one.marker.or(one.asked),
    }))
}

pub(super) async fn delete_objects(
    it: &Conversation,
    request: S3Request<DeleteObjectsInput>,
) -> Answered<DeleteObjectsOutput> {
    let asked = request.input;
    let named = asked.delete.objects;
    if named.is_empty() || named.len() > DELETED_MAX {
        let why = "The XML you provided was not well-formed or did not validate against our \
                   published schema";
        return Err(invalid("MalformedXML", why));
    }
    let objects = named.into_iter().map(|named| (named.key, named.version_id));
    let own = Input {
        objects: objects.collect(),
        ..input(&request.headers, asked.bucket, String::new())?
    };
    let (mut gone, mut errors) = (Vec::new(), Vec::new());
    for one in deleted(it, "DeleteObjects", own).await? {
        match one.fault {
            Some(fault) => errors.push(Error {
                code: Some(fault.code.into_owned()),
                key: Some(one.key),
                message: Some(fault.message.into_owned()),
                version_id: one.asked,
            }),
            None => gone.push(DeletedObject {
                delete_marker: one.marker.is_some().then_some(true),
                delete_marker_version_id: one.marker,
                key: Some(one.key),
                version_id: one.asked,
            }),
        }
    }
    let is_quiet = asked.delete.quiet.unwrap_or_default();
    Ok(S3Response::new(DeleteObjectsOutput {
        deleted: (!is_quiet).then_some(gone),
        errors: Some(errors),
        request_charged: None,
    }))
}

pub(super) async fn get_object_tagging(
    it: &Conversation,
    request: S3Request<GetObjectTaggingInput>,
) -> Answered<GetObjectTaggingOutput> {
    let asked = request.input;
    let own = Input {
        version: asked.version_id,
        ..input(&request.headers, asked.bucket, asked.key)?
    };
    let found = find(it, "GetObjectTagging", own).await?;
    Ok(S3Response::new(GetObjectTaggingOutput {
        tag_set: told_tags(&found.object.tags),
        version_id: found.is_versioned.then(|| found.object.version_id()),
    }))
}

pub(super) async fn put_object_tagging(
    it: &Conversation,
    request: S3Request<PutObjectTaggingInput>,
) -> Answered<PutObjectTaggingOutput> {
    let asked = request.input;
    let own = Input {
        version: asked.version_id,
        tags: tags(asked.tagging.tag_set),
        ..input(&request.headers, asked.bucket, asked.key)?
    };
    let found = find(it, "PutObjectTagging", own).await?;
    Ok(S3Response::new(PutObjectTaggingOutput {
        version_id: found.is_versioned.then(|| found.object.version_id()),
    }))
}

pub(super) async fn delete_object_tagging(
    it: &Conversation,
    request: S3Request<DeleteObjectTaggingInput>,
) -> Answered<DeleteObjectTaggingOutput> {
    let asked = request.input;
    let own = Input {
        version: asked.version_id,
        ..input(&request.headers, asked.bucket, asked.key)?
    };
    let found = find(it, "DeleteObjectTagging", own).await?;
    Ok(S3Response::new(DeleteObjectTaggingOutput {
        version_id: found.is_versioned.then(|| found.object.version_id()),
    }))
}

/// Of one put or part: 5 GiB.
pub(super) const OBJECT_BYTES_MAX: u64 = 5 << 30;
/// In one call.
const DELETED_MAX: usize = 1_000;
/// What who reads may have told otherwise.
const OVERRIDDEN: [&str; 6] = [
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-type",
    "expires",
];
// An object that is replaced faster than it is found is given up.
const READ_TRIES: usize = 4;
