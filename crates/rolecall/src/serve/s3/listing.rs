//! Listings, between S3's shapes and the account's.

use account::entity::S3Object;
use account::s3::{Answer, Input, List, Listed};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use s3s::dto::{
    CommonPrefix, DeleteMarkerEntry, EncodingType, ListObjectVersionsInput,
    ListObjectVersionsOutput, ListObjectsInput, ListObjectsOutput, ListObjectsV2Input,
    ListObjectsV2Output, Object, ObjectStorageClass, ObjectVersion, ObjectVersionStorageClass,
    Owner,
};
use s3s::{S3Request, S3Response, S3Result};

use super::Conversation;
use super::buckets::about;
use super::convert::{etag, internal_error, invalid, kind, moment, number, owner};

type Answered<T> = S3Result<S3Response<T>>;

/// How names are written: as they are, or as in a URL, where XML could not hold them.
#[derive(Clone, Copy)]
pub(super) struct Names {
    are_encoded: bool,
}

impl Names {
    pub(super) fn of(asked: Option<&EncodingType>) -> S3Result<Self> {
        match asked.map(EncodingType::as_str) {
            None => Ok(Self { are_encoded: false }),
            Some("url") => Ok(Self { are_encoded: true }),
            Some(_) => Err(invalid(
                "InvalidArgument",
                "Invalid Encoding Method specified in Request",
            )),
        }
    }

    pub(super) fn write(self, name: &str) -> String {
        if self.are_encoded {
            return utf8_percent_encode(name, NAME).to_string();
        }
        // What XML 1.0 cannot hold is asked for with an encoding.
        name.to_owned()
    }

    pub(super) fn some(self, name: Option<&String>) -> Option<String> {
        name.map(|name| self.write(name))
    }

    pub(super) fn told(self) -> Option<EncodingType> {
        self.are_encoded.then(|| EncodingType::from_static("url"))
    }
}

pub(super) fn max_of(asked: Option<i32>) -> S3Result<usize> {
    let asked = asked.unwrap_or(PAGE_MAX);
    let max = usize::try_from(asked.min(PAGE_MAX));
    max.map_err(|_| {
        invalid(
            "InvalidArgument",
            "Argument maxKeys must be an integer between 0 and 2147483647",
        )
    })
}

async fn listed(it: &Conversation, operation: &'static str, input: Input) -> S3Result<Listed> {
    match it.call(operation, input).await? {
        Answer::Listed(listed) => Ok(listed),
        _ => Err(internal_error()),
    }
}

fn contents(names: Names, listed: &Listed, owner: Option<&Owner>) -> Vec<Object> {
    let object = |object: &S3Object| {
        let content = object.content.as_ref()?;
        let sum = content.checksum.as_ref();
        Some(Object {
            checksum_algorithm: sum.map(|sum| vec![sum.algorithm.as_str().to_owned().into()]),
            checksum_type: sum.map(|sum| kind(sum).to_owned().into()),
            e_tag: Some(etag(&content.etag)),
            key: Some(names.write(&object.key)),
            last_modified: Some(moment(object.modified)),
            owner: owner.cloned(),
            restore_status: None,
            size: Some(number(content.size)),
            storage_class: Some(ObjectStorageClass::from_static("STANDARD")),
        })
    };
    listed
        .objects
        .iter()
        .filter_map(|(it, _)| object(it))
        .collect()
}

fn prefixes(names: Names, listed: &Listed) -> Vec<CommonPrefix> {
    let prefix = |prefix: &String| CommonPrefix {
        prefix: Some(names.write(prefix)),
    };
    listed.prefixes.iter().map(prefix).collect()
}

pub(super) async fn list_objects_v2(
    it: &Conversation,
    request: S3Request<ListObjectsV2Input>,
) -> Answered<ListObjectsV2Output> {
    let asked = request.input;
    let names = Names::of(asked.encoding_type.as_ref())?;
    let token = asked.continuation_token.as_deref().map(|token| {
        let decoded = URL_SAFE_NO_PAD.decode(token).ok();
        let decoded = decoded.and_then(|name| String::from_utf8(name).ok());
        let why = "The continuation token provided is incorrect";
        decoded.ok_or_else(|| invalid("InvalidArgument", why))
    });
    let input = Input {
        list: List {
            prefix: asked.prefix.clone().unwrap_or_default(),
            delimiter: asked.delimiter.clone().unwrap_or_default(),
            after: token.transpose()?.or(asked.start_after.clone()),
            after_version: None,
            max: max_of(asked.max_keys)?,
            max_asked: asked.max_keys,
        },
        ..about(asked.bucket.clone())
    };
    let listed = listed(it, "ListObjectsV2", input).await?;
    let account = it.owner_of(&asked.bucket);
    let fetches = asked.fetch_owner.unwrap_or_default();
    let owner = fetches.then(|| owner(&account));
    let contents = contents(names, &listed, owner.as_ref());
    let common_prefixes = prefixes(names, &listed);
    let count = contents.len() + common_prefixes.len();
    let next = listed
        .next
        .as_ref()
        .map(|(name, _)| URL_SAFE_NO_PAD.encode(name));
    Ok(S3Response::new(ListObjectsV2Output {
        name: Some(asked.bucket),
        prefix: Some(names.write(asked.prefix.as_deref().unwrap_or_default())),
        max_keys: Some(asked.max_keys.unwrap_or(PAGE_MAX).min(PAGE_MAX)),
        key_count: i32::try_from(count).ok(),
        continuation_token: asked.continuation_token,
        is_truncated: Some(next.is_some()),
        next_continuation_token: next,
        contents: Some(contents),
        common_prefixes: Some(common_prefixes),
        delimiter: names.some(asked.delimiter.as_ref()),
        encoding_type: names.told(),
        start_after: names.some(asked.start_after.as_ref()),
        request_charged: None,
    }))
}

pub(super) async fn list_objects(
    it: &Conversation,
    request: S3Request<ListObjectsInput>,
) -> Answered<ListObjectsOutput> {
    let asked = request.input;
    let names = Names::of(asked.encoding_type.as_ref())?;
    let input = Input {
        list: List {
            prefix: asked.prefix.clone().unwrap_or_default(),
            delimiter: asked.delimiter.clone().unwrap_or_default(),
            after: asked.marker.clone(),
            after_version: None,
            max: max_of(asked.max_keys)?,
            max_asked: asked.max_keys,
        },
        ..about(asked.bucket.clone())
    };
    let listed = listed(it, "ListObjects", input).await?;
    let owner = owner(&it.owner_of(&asked.bucket));
    let next = listed.next.as_ref().map(|(name, _)| names.write(name));
    Ok(S3Response::new(ListObjectsOutput {
        is_truncated: Some(next.is_some()),
        // Without a delimiter the last name says it.
        next_marker: next.filter(|_| asked.delimiter.is_some()),
        contents: Some(contents(names, &listed, Some(&owner))),
        common_prefixes: Some(prefixes(names, &listed)),
        name: Some(asked.bucket),
        prefix: Some(names.write(asked.prefix.as_deref().unwrap_or_default())),
        marker: Some(names.write(asked.marker.as_deref().unwrap_or_default())),
        max_keys: Some(asked.max_keys.unwrap_or(PAGE_MAX).min(PAGE_MAX)),
        delimiter: names.some(asked.delimiter.as_ref()),
        encoding_type: names.told(),
        request_charged: None,
    }))
}

pub(super) async fn list_object_versions(
    it: &Conversation,
    request: S3Request<ListObjectVersionsInput>,
) -> Answered<ListObjectVersionsOutput> {
    let asked = request.input;
    let names = Names::of(asked.encoding_type.as_ref())?;
    if asked.version_id_marker.is_some() && asked.key_marker.is_none() {
        let why = "A version-id marker cannot be specified without a key marker.";
        return Err(invalid("InvalidArgument", why));
    }
    let some = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let input = Input {
        list: List {
            prefix: asked.prefix.clone().unwrap_or_default(),
            delimiter: asked.delimiter.clone().unwrap_or_default(),
            after: some(&asked.key_marker),
            after_version: some(&asked.version_id_marker),
            max: max_of(asked.max_keys)?,
            max_asked: asked.max_keys,
        },
        ..about(asked.bucket.clone())
    };
    let listed = listed(it, "ListObjectVersions", input).await?;
    let owner = owner(&it.owner_of(&asked.bucket));
    let (mut versions, mut markers) = (Vec::new(), Vec::new());
    for (object, is_latest) in &listed.objects {
        let key = Some(names.write(&object.key));
        let last_modified = Some(moment(object.modified));
        let version_id = Some(object.version_id());
        match &object.content {
            None => markers.push(DeleteMarkerEntry {
                is_latest: Some(*is_latest),
                key,
                last_modified,
                owner: Some(owner.clone()),
                version_id,
            }),
            Some(content) => versions.push(ObjectVersion {
                e_tag: Some(etag(&content.etag)),
                is_latest: Some(*is_latest),
                key,
                last_modified,
                owner: Some(owner.clone()),
                size: Some(number(content.size)),
                storage_class: Some(ObjectVersionStorageClass::from_static("STANDARD")),
                version_id,
                ..ObjectVersion::default()
            }),
        }
    }
    let (next_key, next_version) = match &listed.next {
        Some((key, version)) => (Some(names.write(key)), version.clone()),
        None => (None, None),
    };
    Ok(S3Response::new(ListObjectVersionsOutput {
        common_prefixes: Some(prefixes(names, &listed)),
        delete_markers: Some(markers),
        delimiter: names.some(asked.delimiter.as_ref()),
        encoding_type: names.told(),
        is_truncated: Some(next_key.is_some()),
        key_marker: Some(names.write(asked.key_marker.as_deref().unwrap_or_default())),
        max_keys: Some(asked.max_keys.unwrap_or(PAGE_MAX).min(PAGE_MAX)),
        name: Some(asked.bucket),
        next_key_marker: next_key,
        next_version_id_marker: next_version,
        prefix: Some(names.write(asked.prefix.as_deref().unwrap_or_default())),
        request_charged: None,
        version_id_marker: Some(asked.version_id_marker.unwrap_or_default()),
        versions: Some(versions),
    }))
}

/// Of one page.
pub(super) const PAGE_MAX: i32 = 1_000;
/// As S3 writes names: slashes stay.
const NAME: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'*');
