//! Between S3's shapes and the account's: what heads say of an object, and what is said of one.

use account::entity::{
    Checksum, ChecksumAlgorithm, Content, Headers, S3Object, Sealing, Tag, version_text,
};
use account::s3::{Conditions, CopySource, CustomerKey, EncryptionAsked, Found, Input};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use percent_encoding::percent_decode_str;
use protocol::{Fault, Secret};
use s3s::dto;
use s3s::{S3Error, S3ErrorCode, S3Result};

/// As `s3s` tells it.
pub(super) fn error(fault: Fault) -> S3Error {
    let code = S3ErrorCode::from_bytes(fault.code.as_bytes());
    let mut error =
        S3Error::with_message(code.unwrap_or(S3ErrorCode::InternalError), fault.message);
    if let Ok(status) = StatusCode::from_u16(fault.status) {
        error.set_status_code(status);
    }
    error
}

pub(super) fn internal_error() -> S3Error {
    let why = "We encountered an internal error. Please try again.";
    error(Fault::new("InternalError", why).status(500))
}

pub(super) fn access_denied() -> S3Error {
    error(Fault::new("AccessDenied", "Access Denied").status(403))
}

pub(super) fn invalid(code: &'static str, why: impl Into<String>) -> S3Error {
    error(Fault::new(code, why.into()))
}

pub(super) fn not_implemented(what: &str) -> Fault {
    let why = format!("{what} is not implemented by this server.");
    Fault::new("NotImplemented", why).status(501)
}

/// A call's names, and what its head says.
pub(super) fn input(headers: &HeaderMap, bucket: String, key: String) -> S3Result<Input> {
    Ok(Input {
        bucket,
        key,
        acl: owned(headers, "x-amz-acl"),
        storage_class: owned(headers, "x-amz-storage-class"),
        tags: tags(headers)?,
        headers: told_with(headers),
        encryption: EncryptionAsked {
            algorithm: owned(headers, SSE),
            kms_key: owned(headers, SSE_KEY),
            bucket_key: text(headers, BUCKET_KEY).map(|it| it.eq_ignore_ascii_case("true")),
        },
        customer: customer(headers, "x-amz-server-side-encryption-customer")?,
        conditions: conditions(headers, ""),
        ..Input::default()
    })
}

/// What a copy is made of.
pub(super) fn source(headers: &HeaderMap, source: dto::CopySource) -> S3Result<CopySource> {
    let dto::CopySource::Bucket {
        bucket,
        key,
        version_id,
    } = source
    else {
        return Err(error(not_implemented("An access point")));
    };
    let replaces = |name| text(headers, name).is_some_and(|it| it.eq_ignore_ascii_case("REPLACE"));
    Ok(CopySource {
        bucket: bucket.into(),
        key: key.into(),
        version: version_id.map(Into::into),
        customer: customer(headers, "x-amz-copy-source-server-side-encryption-customer")?,
        conditions: conditions(headers, "x-amz-copy-source-"),
        replaces_metadata: replaces("x-amz-metadata-directive"),
        replaces_tags: replaces("x-amz-tagging-directive"),
    })
}

pub(super) fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

fn owned(headers: &HeaderMap, name: &str) -> Option<String> {
    text(headers, name).map(str::to_owned)
}

fn told_with(headers: &HeaderMap) -> Headers {
    let raw = |name: &str| {
        let value = headers.get(name)?;
        std::str::from_utf8(value.as_bytes())
            .ok()
            .map(str::to_owned)
    };
    // What the transfer was in is not the object's.
    let encoding = raw("content-encoding").and_then(|encoding| {
        let kept = encoding
            .split(',')
            .map(str::trim)
            .filter(|it| *it != "aws-chunked");
        let kept: Vec<&str> = kept.collect();
        (!kept.is_empty()).then(|| kept.join(","))
    });
    let metadata = headers.keys().filter_map(|name| {
        let own = name.as_str().strip_prefix(METADATA)?;
        Some((own.to_owned(), raw(name.as_str())?))
    });
    Headers {
        content_type: raw("content-type").filter(|it| !it.is_empty()),
        cache_control: raw("cache-control"),
        content_disposition: raw("content-disposition"),
        content_encoding: encoding,
        content_language: raw("content-language"),
        expires: raw("expires"),
        metadata: metadata.collect(),
    }
}

fn tags(headers: &HeaderMap) -> S3Result<Vec<Tag>> {
    let Some(given) = text(headers, "x-amz-tagging") else {
        return Ok(Vec::new());
    };
    let decoded = |text: &str| {
        let text = text.replace('+', " ");
        let decoded = percent_decode_str(&text).decode_utf8();
        let why = "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query \
                   parameters without tag name duplicates.";
        decoded
            .map(Into::into)
            .map_err(|_| invalid("InvalidArgument", why))
    };
    let pairs = given.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        Ok(Tag {
            key: decoded(key)?,
            value: decoded(value)?,
        })
    });
    pairs.collect()
}

fn conditions(headers: &HeaderMap, prefix: &str) -> Conditions {
    let header = |name: &str| text(headers, &format!("{prefix}{name}"));
    let tags = |name: &str| {
        let given = header(name)?;
        let tag = |tag: &str| {
            let tag = tag.trim();
            tag.strip_prefix("W/")
                .unwrap_or(tag)
                .trim_matches('"')
                .to_owned()
        };
        Some(given.split(',').map(tag).collect())
    };
    let moment = |name: &str| {
        let zoned = jiff::fmt::rfc2822::parse(header(name)?).ok()?;
        Some(zoned.timestamp())
    };
    Conditions {
        matches: tags("if-match"),
        matches_none: tags("if-none-match"),
        modified_since: moment("if-modified-since"),
        unmodified_since: moment("if-unmodified-since"),
    }
}

/// The key that a caller brings, with its sum.
fn customer(headers: &HeaderMap, prefix: &str) -> S3Result<Option<CustomerKey>> {
    let header = |name: &str| text(headers, &format!("{prefix}-{name}"));
    let (algorithm, key, sum) = (header("algorithm"), header("key"), header("key-md5"));
    if algorithm.is_none() && key.is_none() && sum.is_none() {
        return Ok(None);
    }
    if algorithm != Some("AES256") {
        let why = "The encryption request you specified is not valid. Supported value: AES256.";
        return Err(invalid("InvalidEncryptionAlgorithmError", why));
    }
    let bytes = key
        .and_then(|key| STANDARD.decode(key).ok())
        .map(Secret::new);
    let Some(bytes) = bytes.filter(|bytes| bytes.len() == CUSTOMER_KEY_BYTES) else {
        let why = "The secret key was invalid for the specified algorithm.";
        return Err(invalid("InvalidArgument", why));
    };
    let own = STANDARD.encode(fast_md5::digest(bytes.expose()));
    if sum != Some(own.as_str()) {
        let why = "The calculated MD5 hash of the key did not match the hash that was provided.";
        return Err(invalid("InvalidArgument", why));
    }
    Ok(Some(CustomerKey(bytes)))
}

/// What is told of an object that was put or is read.
pub(super) struct Telling<'a> {
    asked: &'a HeaderMap,
    account: &'a str,
    region: &'a str,
    headers: HeaderMap,
}

impl<'a> Telling<'a> {
    /// `asked` is the head of the request, `account` and `region` are the bucket's.
    pub(super) fn new(asked: &'a HeaderMap, account: &'a str, region: &'a str) -> Self {
        Self {
            asked,
            account,
            region,
            headers: HeaderMap::new(),
        }
    }

    pub(super) fn set(&mut self, name: &str, value: &str) {
        let name = HeaderName::try_from(name);
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value.as_bytes())) {
            self.headers.insert(name, value);
        }
    }

    pub(super) fn done(self) -> HeaderMap {
        self.headers
    }

    /// How it is encrypted.
    pub(super) fn sealing(&mut self, sealing: &Sealing) {
        match sealing {
            Sealing::S3(_) => self.set(SSE, "AES256"),
            Sealing::Kms {
                arn, bucket_key, ..
            } => self.kms(arn, *bucket_key),
            Sealing::ManagedKms { bucket_key, .. } => {
                let (region, account) = (self.region, self.account);
                let arn = format!("arn:aws:kms:{region}:{account}:alias/aws/s3");
                self.kms(&arn, *bucket_key);
            }
            Sealing::Customer(_) => {
                for name in ["algorithm", "key-md5"] {
                    let name = format!("x-amz-server-side-encryption-customer-{name}");
                    if let Some(value) = self.asked.get(&name).and_then(|it| it.to_str().ok()) {
                        self.set(&name, value);
                    }
                }
            }
        }
    }

    fn kms(&mut self, arn: &str, bucket_key: bool) {
        self.set(SSE, "aws:kms");
        self.set(SSE_KEY, arn);
        if bucket_key {
            self.set(BUCKET_KEY, "true");
        }
    }

    pub(super) fn checksum(&mut self, checksum: Option<&Checksum>) {
        if let Some(sum) = checksum {
            let name = format!(
                "x-amz-checksum-{}",
                sum.algorithm.as_str().to_ascii_lowercase()
            );
            self.set(&name, &sum.value);
            self.set("x-amz-checksum-type", kind(sum));
        }
    }

    /// What every answer about an object has.
    pub(super) fn object(&mut self, object: &S3Object, content: &Content, is_versioned: bool) {
        self.set("etag", &format!("\"{}\"", content.etag));
        if is_versioned {
            self.set("x-amz-version-id", &version_text(object.version));
        }
        self.sealing(&content.sealing);
    }

    /// What is told to who reads it.
    pub(super) fn read(&mut self, found: &Found, content: &Content) {
        self.object(&found.object, content, found.is_versioned);
        self.set("last-modified", &http_date(found.object.modified));
        self.set("accept-ranges", "bytes");
        if !found.object.tags.is_empty() {
            self.set("x-amz-tagging-count", &found.object.tags.len().to_string());
        }
        let told = &content.headers;
        let content_type = told.content_type.as_deref();
        self.set("content-type", content_type.unwrap_or(BINARY));
        for (name, value) in [
            ("cache-control", &told.cache_control),
            ("content-disposition", &told.content_disposition),
            ("content-encoding", &told.content_encoding),
            ("content-language", &told.content_language),
            ("expires", &told.expires),
        ] {
            if let Some(value) = value {
                self.set(name, value);
            }
        }
        for (name, value) in &told.metadata {
            self.set(&format!("{METADATA}{name}"), value);
        }
    }
}

/// Of all bytes, or of the parts' own sums.
pub(super) fn kind(sum: &Checksum) -> &'static str {
    if sum.composite {
        "COMPOSITE"
    } else {
        "FULL_OBJECT"
    }
}

/// A checksum's place in each of S3's shapes that have one.
pub(super) fn checksum_of(sum: Option<&Checksum>) -> dto::Checksum {
    let mut shape = dto::Checksum::default();
    if let Some(sum) = sum {
        let value = Some(sum.value.clone());
        match sum.algorithm {
            ChecksumAlgorithm::Crc32 => shape.checksum_crc32 = value,
            ChecksumAlgorithm::Crc32c => shape.checksum_crc32c = value,
            ChecksumAlgorithm::Crc64Nvme => shape.checksum_crc64nvme = value,
            ChecksumAlgorithm::Sha1 => shape.checksum_sha1 = value,
            ChecksumAlgorithm::Sha256 => shape.checksum_sha256 = value,
        }
        shape.checksum_type = Some(kind(sum).to_owned().into());
    }
    shape
}

/// As RFC 9110 writes moments.
pub(super) fn http_date(moment: Timestamp) -> String {
    let zoned = moment.to_zoned(TimeZone::UTC);
    zoned.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// As `s3s` writes moments.
pub(super) fn moment(moment: Timestamp) -> dto::Timestamp {
    let micros = u64::try_from(moment.as_microsecond()).unwrap_or_default();
    dto::Timestamp::from(std::time::UNIX_EPOCH + std::time::Duration::from_micros(micros))
}

/// The owner of everything: its canonical id, made of the account's.
pub(super) fn owner(account: &str) -> dto::Owner {
    use sha2::Digest as _;
    let id = sha2::Sha256::digest(account.as_bytes());
    let id = super::sums::hex(&id);
    dto::Owner {
        display_name: None,
        id: Some(id),
    }
}

pub(super) fn etag(text: &str) -> dto::ETag {
    dto::ETag::Strong(text.to_owned())
}

pub(super) fn number(size: u64) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

const SSE: &str = "x-amz-server-side-encryption";
const SSE_KEY: &str = "x-amz-server-side-encryption-aws-kms-key-id";
const BUCKET_KEY: &str = "x-amz-server-side-encryption-bucket-key-enabled";
const METADATA: &str = "x-amz-meta-";
const BINARY: &str = "binary/octet-stream";
// AES-256.
const CUSTOMER_KEY_BYTES: usize = 32;
