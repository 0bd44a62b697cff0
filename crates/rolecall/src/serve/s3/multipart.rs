//! Uploads in parts, between S3's shapes and the account's.

use std::sync::Arc;

use account::entity::{Checksum, ChecksumAlgorithm, Segment, Upload, UploadPart};
use account::s3::{Answer, Input, List, PartAsked, Stored, giving_up};
use http::HeaderMap;
use protocol::Secret;
use s3s::dto::{
    AbortMultipartUploadInput, AbortMultipartUploadOutput, ChecksumType,
    CompleteMultipartUploadInput, CompleteMultipartUploadOutput, CompletedPart, CopyPartResult,
    CreateMultipartUploadInput, CreateMultipartUploadOutput, ETag, ListMultipartUploadsInput,
    ListMultipartUploadsOutput, ListPartsInput, ListPartsOutput, MultipartUpload, Part, Range,
    StorageClass, StreamingBlob, Timestamp, UploadPartCopyInput, UploadPartCopyOutput,
    UploadPartInput, UploadPartOutput,
};
use s3s::{S3Request, S3Response, S3Result};

use super::Conversation;
use super::bodies::{Arriving, receive};
use super::convert::{
    self, checksum_of, error, etag, input, internal_error, invalid, moment, number, owner, text,
};
use super::leaving::send;
use super::listing::{Names, max_of};
use super::objects::{OBJECT_BYTES_MAX, length, place};
use super::sums::{self, Announced};

type Answered<T> = S3Result<S3Response<T>>;

/// A call about an upload, or a part of it.
fn about(
    headers: &HeaderMap,
    (bucket, key, upload): (String, String, String),
    part: Option<i32>,
) -> S3Result<Input> {
    let part = part.map(|part| {
        let why = "Part number must be an integer between 1 and 10000, inclusive";
        u16::try_from(part).map_err(|_| invalid("InvalidArgument", why))
    });
    Ok(Input {
        upload: Some(upload),
        part: part.transpose()?,
        ..input(headers, bucket, key)?
    })
}

pub(super) async fn create_multipart_upload(
    it: &Conversation,
    request: S3Request<CreateMultipartUploadInput>,
) -> Answered<CreateMultipartUploadOutput> {
    let headers = request.headers;
    let asked = request.input;
    let algorithm = asked.checksum_algorithm.as_ref().map(|named| {
        let why = "Checksum algorithm provided is unsupported.";
        let known = ChecksumAlgorithm::parse(named.as_str());
        known.ok_or_else(|| invalid("InvalidRequest", why))
    });
    let algorithm = algorithm.transpose()?;
    let kind = asked.checksum_type.as_ref().map(ChecksumType::as_str);
    let whole = matches!(algorithm, None | Some(ChecksumAlgorithm::Crc64Nvme));
    let is_composite = match kind {
        None => !whole,
        Some("FULL_OBJECT") => false,
        Some("COMPOSITE") => true,
        Some(_) => {
            return Err(invalid(
                "InvalidRequest",
                "Value for x-amz-checksum-type header is invalid.",
            ));
        }
    };
    let algorithm = algorithm.unwrap_or(ChecksumAlgorithm::Crc64Nvme);
    let is_hash = matches!(
        algorithm,
        ChecksumAlgorithm::Sha1 | ChecksumAlgorithm::Sha256
    );
    let is_impossible = if is_composite {
        algorithm == ChecksumAlgorithm::Crc64Nvme
    } else {
        is_hash
    };
    if is_impossible {
        let (name, kind) = (algorithm.as_str(), kind.unwrap_or_default());
        let why =
            format!("The {kind} checksum type cannot be used with the {name} checksum algorithm.");
        return Err(invalid("InvalidRequest", why));
    }
    let own = Input {
        checksum: Some((algorithm, is_composite)),
        ..input(&headers, asked.bucket.clone(), asked.key.clone())?
    };
    let Answer::Upload(upload, _) = it.call("CreateMultipartUpload", own).await? else {
        return Err(internal_error());
    };
    let (abort_date, abort_rule_id) = it.giving_up(&upload);
    let output = CreateMultipartUploadOutput {
        abort_date,
        abort_rule_id,
        bucket: Some(asked.bucket),
        key: Some(asked.key),
        upload_id: Some(upload.id.clone()),
        checksum_algorithm: Some(algorithm.as_str().to_owned().into()),
        checksum_type: Some(type_of(is_composite)),
        ..CreateMultipartUploadOutput::default()
    };
    let mut response = S3Response::new(output);
    response.headers = it.told_of_upload(&headers, &upload, None);
    Ok(response)
}

fn type_of(is_composite: bool) -> ChecksumType {
    ChecksumType::from_static(if is_composite {
        "COMPOSITE"
    } else {
        "FULL_OBJECT"
    })
}

impl Conversation {
    /// How an upload is encrypted, and what a part sums up to.
    fn told_of_upload(
        &self,
        asked: &HeaderMap,
        upload: &Upload,
        part: Option<&UploadPart>,
    ) -> HeaderMap {
        let (mut account, mut region) = Default::default();
        let mut telling = self.telling(asked, (&mut account, &mut region), &upload.bucket);
        telling.sealing(&upload.sealing);
        if let Some(part) = part {
            telling.set("etag", &format!("\"{}\"", part.etag));
            telling.checksum(part.checksum.as_ref());
        }
        let mut told = telling.done();
        told.remove("x-amz-checksum-type");
        told
    }

    /// When an upload is given up, and by which rule.
    fn giving_up(&self, upload: &Upload) -> (Option<Timestamp>, Option<String>) {
        let partition = self.s3.ledger.partition();
        let bucket = partition.bucket(&upload.bucket);
        let end = bucket.and_then(|bucket| giving_up(bucket, upload));
        end.map(|(date, rule)| (moment(date), rule.to_owned()))
            .unzip()
    }
}

/// Parts are summed up by the upload's algorithm where they do not say another.
fn announced(headers: &HeaderMap, upload: &Upload) -> S3Result<Announced> {
    let announced = Announced::read(headers, upload.checksum.map(|(algorithm, _)| algorithm))?;
    Ok(announced.tagged_by_md5(upload.sealing.is_tagged_by_md5()))
}

pub(super) async fn upload_part(
    it: &Conversation,
    request: S3Request<UploadPartInput>,
) -> Answered<UploadPartOutput> {
    let (headers, asked) = (request.headers, request.input);
    let named = (asked.bucket, asked.key, asked.upload_id);
    let own = about(&headers, named, Some(asked.part_number))?;
    let Answer::Upload(upload, data_key) = it.begin("UploadPart", own.clone()).await? else {
        return Err(internal_error());
    };
    let length = length(&headers);
    if length.is_none() {
        let why = "You must provide the Content-Length HTTP header.";
        let fault = protocol::Fault::new("MissingContentLength", why).status(411);
        return Err(error(fault));
    }
    let arriving = Arriving {
        body: asked.body,
        length,
        length_max: OBJECT_BYTES_MAX,
        announced: announced(&headers, &upload)?,
        trailer: request.trailing_headers,
    };
    let part = keep_part(it, "UploadPart", own, (data_key, arriving)).await?;
    let mut response = S3Response::new(UploadPartOutput::default());
    response.headers = it.told_of_upload(&headers, &upload, Some(&part));
    Ok(response)
}

async fn keep_part(
    it: &Conversation,
    operation: &'static str,
    mut own: Input,
    (data_key, arriving): (Secret, Arriving),
) -> S3Result<Arc<UploadPart>> {
    let (stored, _) = receive(&it.s3.objects, place(&own), data_key, arriving).await?;
    own.stored = Some(stored);
    match it.keep(operation, own).await? {
        Answer::Part(part, _) => Ok(part),
        _ => Err(internal_error()),
    }
}

pub(super) async fn upload_part_copy(
    it: &Conversation,
    request: S3Request<UploadPartCopyInput>,
) -> Answered<UploadPartCopyOutput> {
    let (headers, asked) = (request.headers, request.input);
    let named = (asked.bucket, asked.key, asked.upload_id);
    let own = Input {
        source: Some(convert::source(&headers, asked.copy_source)?),
        ..about(&headers, named, Some(asked.part_number))?
    };
    let answer = it.begin("UploadPartCopy", own.clone()).await?;
    let Answer::CopyPart(found, upload, data_key) = answer else {
        return Err(internal_error());
    };
    let content = found.object.content.as_ref().ok_or_else(internal_error)?;
    let (start, end) = match &asked.copy_source_range {
        None => (0, content.size),
        Some(range) => {
            let why = "The x-amz-copy-source-range value must be of the form bytes=first-last \
                       where first and last are the zero-based offsets of the first and last \
                       bytes to copy";
            let range = Range::parse(range).ok();
            let range = range.and_then(|range| range.check(content.size).ok());
            let range = range.ok_or_else(|| invalid("InvalidArgument", why))?;
            (range.start, range.end)
        }
    };
    let leaving = send(&it.s3.objects, &found, (start, end)).await?;
    let arriving = Arriving {
        body: Some(StreamingBlob::new(leaving.ok_or_else(internal_error)?)),
        length: Some(end - start),
        length_max: OBJECT_BYTES_MAX,
        announced: announced(&HeaderMap::new(), &upload)?,
        trailer: None,
    };
    let part = keep_part(it, "UploadPartCopy", own, (data_key, arriving)).await?;
    let sums = checksum_of(part.checksum.as_ref());
    let output = UploadPartCopyOutput {
        copy_part_result: Some(CopyPartResult {
            checksum_crc32: sums.checksum_crc32,
            checksum_crc32c: sums.checksum_crc32c,
            checksum_crc64nvme: sums.checksum_crc64nvme,
            checksum_sha1: sums.checksum_sha1,
            checksum_sha256: sums.checksum_sha256,
            e_tag: Some(etag(&part.etag)),
            last_modified: Some(moment(part.modified)),
        }),
        copy_source_version_id: found.is_versioned.then(|| found.object.version_id()),
        ..UploadPartCopyOutput::default()
    };
    let mut response = S3Response::new(output);
    response.headers = it.told_of_upload(&headers, &upload, None);
    Ok(response)
}

/// The checksum of the whole, of which each part has its own.
fn sum_of(upload: &Upload, parts: &[Arc<UploadPart>]) -> Option<Checksum> {
    let (algorithm, is_composite) = upload.checksum?;
    let sums: Vec<&Checksum> = parts
        .iter()
        .filter_map(|part| part.checksum.as_ref())
        .collect();
    if sums.len() < parts.len() || sums.iter().any(|sum| sum.algorithm != algorithm) {
        return None;
    }
    let values = sums.iter().map(|sum| sum.value.as_str());
    if is_composite {
        return Some(sums::composite(algorithm, values));
    }
    let sizes = parts.iter().map(|part| part.segment.size);
    sums::combined(algorithm, values.zip(sizes))
}

fn named_part(part: CompletedPart) -> PartAsked {
    let number = part.part_number;
    let number = number.and_then(|number| u16::try_from(number).ok());
    PartAsked {
        number: number.unwrap_or_default(),
        etag: part.e_tag.map(ETag::into_value).unwrap_or_default(),
        checksum: part
            .checksum_crc32
            .or(part.checksum_crc32c)
            .or(part.checksum_crc64nvme)
            .or(part.checksum_sha1)
            .or(part.checksum_sha256),
    }
}

/// Compares the checksum of the whole with what the head says of it.
fn check_whole(headers: &HeaderMap, checksum: Option<&Checksum>) -> S3Result<()> {
    let Some(sum) = checksum else {
        return Ok(());
    };
    let name = sum.algorithm.as_str();
    let header = format!("x-amz-checksum-{}", name.to_ascii_lowercase());
    if text(headers, &header).is_none_or(|asked| asked == sum.value) {
        return Ok(());
    }
    let why = format!("The {name} you specified did not match the calculated checksum.");
    Err(invalid("BadDigest", why))
}

pub(super) async fn complete_multipart_upload(
    it: &Conversation,
    request: S3Request<CompleteMultipartUploadInput>,
) -> Answered<CompleteMultipartUploadOutput> {
    let (headers, asked) = (request.headers, request.input);
    let location = format!("/{}/{}", asked.bucket, asked.key);
    let (bucket, key) = (asked.bucket.clone(), asked.key.clone());
    let named = (asked.bucket, asked.key, asked.upload_id);
    let parts = asked.multipart_upload.and_then(|upload| upload.parts);
    let parts = parts.unwrap_or_default().into_iter().map(named_part);
    let mut own = Input {
        parts: parts.collect(),
        ..about(&headers, named, None)?
    };
    let answer = it.begin("CompleteMultipartUpload", own.clone()).await?;
    let Answer::Parts(upload, parts, _) = answer else {
        return Err(internal_error());
    };
    let checksum = sum_of(&upload, &parts);
    check_whole(&headers, checksum.as_ref())?;
    let size: u64 = parts.iter().map(|part| part.segment.size).sum();
    if asked
        .mpu_object_size
        .is_some_and(|asked| asked != number(size))
    {
        let why =
            "The provided 'x-amz-mp-object-size' header value does not match what was computed.";
        return Err(invalid("InvalidRequest", why));
    }
    own.stored = Some(Stored {
        // The parts' own files are the object's.
        segment: Segment { file: 0, size },
        data_key: Secret::new([]),
        etag: sums::etag_of_parts(parts.iter().map(|part| part.etag.as_str())),
        checksum,
    });
    let Answer::Put(object) = it.call("CompleteMultipartUpload", own).await? else {
        return Err(internal_error());
    };
    let content = object.content.as_ref().ok_or_else(internal_error)?;
    let sums = checksum_of(content.checksum.as_ref());
    let output = CompleteMultipartUploadOutput {
        bucket: Some(bucket),
        key: Some(key),
        location: Some(location),
        checksum_crc32: sums.checksum_crc32,
        checksum_crc32c: sums.checksum_crc32c,
        checksum_crc64nvme: sums.checksum_crc64nvme,
        checksum_sha1: sums.checksum_sha1,
        checksum_sha256: sums.checksum_sha256,
        checksum_type: sums.checksum_type,
        e_tag: Some(etag(&content.etag)),
        version_id: object.version.map(|_| object.version_id()),
        ..CompleteMultipartUploadOutput::default()
    };
    let mut response = S3Response::new(output);
    response.headers = it.told_of_upload(&headers, &upload, None);
    Ok(response)
}

pub(super) async fn abort_multipart_upload(
    it: &Conversation,
    request: S3Request<AbortMultipartUploadInput>,
) -> Answered<AbortMultipartUploadOutput> {
    let asked = request.input;
    let named = (asked.bucket, asked.key, asked.upload_id);
    let own = about(&request.headers, named, None)?;
    it.call("AbortMultipartUpload", own).await?;
    Ok(S3Response::new(AbortMultipartUploadOutput::default()))
}

pub(super) async fn list_parts(
    it: &Conversation,
    request: S3Request<ListPartsInput>,
) -> Answered<ListPartsOutput> {
    let asked = request.input;
    let marker = asked.part_number_marker;
    let max = max_of(asked.max_parts)?;
    let named = (
        asked.bucket.clone(),
        asked.key.clone(),
        asked.upload_id.clone(),
    );
    let own = Input {
        list: List {
            max,
            ..List::default()
        },
        ..about(&request.headers, named, marker)?
    };
    let Answer::Parts(upload, parts, is_truncated) = it.call("ListParts", own).await? else {
        return Err(internal_error());
    };
    let owner = owner(&it.owner_of(&asked.bucket));
    let next = parts.last().map(|part| i32::from(part.number));
    let part = |part: &Arc<UploadPart>| {
        let sums = checksum_of(part.checksum.as_ref());
        Part {
            checksum_crc32: sums.checksum_crc32,
            checksum_crc32c: sums.checksum_crc32c,
            checksum_crc64nvme: sums.checksum_crc64nvme,
            checksum_sha1: sums.checksum_sha1,
            checksum_sha256: sums.checksum_sha256,
            e_tag: Some(etag(&part.etag)),
            last_modified: Some(moment(part.modified)),
            part_number: Some(i32::from(part.number)),
            size: Some(number(part.segment.size)),
        }
    };
    let (algorithm, kind) = upload.checksum.unzip();
    let (abort_date, abort_rule_id) = it.giving_up(&upload);
    Ok(S3Response::new(ListPartsOutput {
        abort_date,
        abort_rule_id,
        bucket: Some(asked.bucket),
        key: Some(asked.key),
        upload_id: Some(asked.upload_id),
        checksum_algorithm: algorithm.map(|it| it.as_str().to_owned().into()),
        checksum_type: kind.map(type_of),
        is_truncated: Some(is_truncated),
        max_parts: i32::try_from(max).ok(),
        next_part_number_marker: next,
        part_number_marker: Some(marker.unwrap_or_default()),
        parts: Some(parts.iter().map(part).collect()),
        owner: Some(owner),
        storage_class: Some(StorageClass::from_static("STANDARD")),
        ..ListPartsOutput::default()
    }))
}

pub(super) async fn list_multipart_uploads(
    it: &Conversation,
    request: S3Request<ListMultipartUploadsInput>,
) -> Answered<ListMultipartUploadsOutput> {
    let asked = request.input;
    let names = Names::of(asked.encoding_type.as_ref())?;
    let max = max_of(asked.max_uploads)?;
    let own = Input {
        list: List {
            prefix: asked.prefix.clone().unwrap_or_default(),
            after: asked.key_marker.clone().filter(|it| !it.is_empty()),
            after_version: asked.upload_id_marker.clone().filter(|it| !it.is_empty()),
            max,
            ..List::default()
        },
        ..super::buckets::about(asked.bucket.clone())
    };
    let Answer::Uploads(uploads, is_truncated) = it.call("ListMultipartUploads", own).await? else {
        return Err(internal_error());
    };
    let owner = owner(&it.owner_of(&asked.bucket));
    let last = uploads.last().filter(|_| is_truncated);
    let next = last.map(|upload| (names.write(&upload.key), upload.id.clone()));
    let (next_key_marker, next_upload_id_marker) = next.unzip();
    let upload = |upload: &Arc<Upload>| MultipartUpload {
        initiated: Some(moment(upload.initiated)),
        key: Some(names.write(&upload.key)),
        owner: Some(owner.clone()),
        storage_class: Some(StorageClass::from_static("STANDARD")),
        upload_id: Some(upload.id.clone()),
        ..MultipartUpload::default()
    };
    Ok(S3Response::new(ListMultipartUploadsOutput {
        bucket: Some(asked.bucket),
        encoding_type: names.told(),
        is_truncated: Some(is_truncated),
        key_marker: Some(asked.key_marker.unwrap_or_default()),
        max_uploads: i32::try_from(max).ok(),
        next_key_marker,
        next_upload_id_marker,
        prefix: Some(names.write(asked.prefix.as_deref().unwrap_or_default())),
        upload_id_marker: Some(asked.upload_id_marker.unwrap_or_default()),
        uploads: Some(uploads.iter().map(upload).collect()),
        ..ListMultipartUploadsOutput::default()
    }))
}
