//! S3's entities: buckets, objects, uploads in parts. What an object holds stands in files, which
//! the world keeps; here is what those files are called and what opens them.
//!
//! Does not know where files are, nor what is in them.

use std::sync::Arc;

use jiff::Timestamp;
use protocol::Secret;
use serde::{Deserialize, Serialize};

use super::Tag;

mod rules;

pub use self::rules::{CorsRule, Expiration, FilterForm, LifecycleFilter, LifecycleRule};

/// A bucket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bucket {
    /// Unique among the buckets of all accounts.
    pub name: Arc<str>,
    /// When it was made.
    pub created: Timestamp,
    /// Who owns what is put; none where that was deleted.
    pub ownership: Option<ObjectOwnership>,
    /// What is kept from the public; none where that was deleted.
    pub public_access: Option<PublicAccessBlock>,
    /// Whether versions are kept; none where that was never said.
    pub versioning: Option<Versioning>,
    /// How objects are encrypted that do not say how.
    pub encryption: BucketEncryption,
    /// The bucket policy's text.
    pub policy: Option<String>,
    /// Tags.
    pub tags: Vec<Tag>,
    /// Which pages may ask a browser for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cors: Vec<CorsRule>,
    /// When objects go by themselves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lifecycle: Vec<LifecycleRule>,
    /// Since when they are the ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifecycle_since: Option<Timestamp>,
}

/// Who owns what others put.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ObjectOwnership {
    /// The bucket's account, and there are no access control lists.
    BucketOwnerEnforced,
    /// The bucket's account, where a list says so.
    BucketOwnerPreferred,
    /// Whoever put it.
    ObjectWriter,
}

/// What is kept from the public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "S3's four switches")]
pub struct PublicAccessBlock {
    /// Access control lists for the public are refused.
    pub block_public_acls: bool,
    /// Those that are there do not count.
    pub ignore_public_acls: bool,
    /// Bucket policies for the public are refused.
    pub block_public_policy: bool,
    /// One that is there counts for the bucket's account alone.
    pub restrict_public_buckets: bool,
}

/// Whether a bucket keeps versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Versioning {
    /// Each put makes one.
    Enabled,
    /// Each put replaces the version `null`, and others stay.
    Suspended,
}

/// How objects are encrypted that do not say how.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BucketEncryption {
    /// With which keys.
    pub algorithm: EncryptionAlgorithm,
    /// Whether KMS is asked about the bucket and not about each object.
    pub bucket_key: bool,
}

/// With which keys objects are encrypted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum EncryptionAlgorithm {
    /// `AES256`: S3's own.
    #[default]
    S3,
    /// `aws:kms`: the key by this name, or `aws/s3`.
    Kms(Option<String>),
}

/// One version of an object, or a delete marker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct S3Object {
    /// Name of the bucket.
    pub bucket: Arc<str>,
    /// Name of the object.
    pub key: Arc<str>,
    /// None for the version `null`.
    pub version: Option<u128>,
    /// Grows from version to version of one key.
    pub sequence: u64,
    /// When it was put.
    pub modified: Timestamp,
    /// None for a delete marker.
    pub content: Option<Box<Content>>,
    /// Tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
}

/// What an object holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// In bytes.
    pub size: u64,
    /// Without quotation marks.
    pub etag: String,
    /// Made of all bytes, or of the parts' own.
    pub checksum: Option<Checksum>,
    /// What opens the files.
    pub sealing: Sealing,
    /// The files, in order.
    pub segments: Vec<Segment>,
    /// How many parts it was uploaded in; 0 where it came whole.
    #[serde(default)]
    pub parts: u32,
    /// What is told with it.
    pub headers: Headers,
    /// When it was over and became the newest version again, because those after it were deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest_again: Option<Timestamp>,
}

/// A checksum of an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checksum {
    /// By which algorithm.
    pub algorithm: ChecksumAlgorithm,
    /// In base64; of parts with a hyphen and their number.
    pub value: String,
    /// Whether it is made of the parts' checksums.
    pub composite: bool,
}

/// The algorithms of checksums.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChecksumAlgorithm {
    /// CRC-32
    Crc32,
    /// CRC-32C
    Crc32c,
    /// CRC-64/NVME
    Crc64Nvme,
    /// SHA-1
    Sha1,
    /// SHA-256
    Sha256,
}

/// A file with a part of an object's bytes, sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// Its random name.
    pub file: u128,
    /// Bytes before they were sealed.
    pub size: u64,
}

/// How the data key of an object is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Sealing {
    /// As it is, in a record that the store seals: SSE-S3.
    S3(#[serde(with = "super::stored_secret")] Secret),
    /// Under a KMS key, as a ciphertext blob: SSE-KMS.
    Kms {
        /// The blob; of `aws/s3` there is none, and the key stands beside it.
        blob: Vec<u8>,
        /// ARN of the KMS key.
        arn: String,
        /// Whether the encryption context is the bucket and not the object.
        bucket_key: bool,
    },
    /// Under `aws/s3`, whose use needs no permission of its own.
    ManagedKms {
        /// As it is.
        #[serde(with = "super::stored_secret")]
        key: Secret,
        /// Whether there is a bucket key.
        bucket_key: bool,
    },
    /// Sealed with a key that the caller brings each time: SSE-C.
    Customer(Vec<u8>),
}

impl Eq for Sealing {}

impl Sealing {
    /// Whether the entity tag of what is sealed so is the MD5 of its bytes.
    pub fn is_tagged_by_md5(&self) -> bool {
        matches!(self, Self::S3(_))
    }
}

/// What is told with an object, as it was put.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Headers {
    /// `Content-Type`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// `Cache-Control`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_control: Option<String>,
    /// `Content-Disposition`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_disposition: Option<String>,
    /// `Content-Encoding`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_encoding: Option<String>,
    /// `Content-Language`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_language: Option<String>,
    /// `Expires`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    /// `x-amz-meta-…`, names in lower case.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub metadata: Vec<(String, String)>,
}

/// An upload in parts that is under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    /// Name of the bucket.
    pub bucket: Arc<str>,
    /// Name of what is to be the object.
    pub key: Arc<str>,
    /// Its id.
    pub id: String,
    /// When it began.
    pub initiated: Timestamp,
    /// What opens the parts' files.
    pub sealing: Sealing,
    /// By which algorithm parts are summed up, and whether the whole is made of the parts' own.
    pub checksum: Option<(ChecksumAlgorithm, bool)>,
    /// What is told with the object.
    pub headers: Headers,
    /// Tags of the object.
    pub tags: Vec<Tag>,
}

/// One part of an upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadPart {
    /// Name of the bucket.
    pub bucket: Arc<str>,
    /// Id of the upload.
    pub upload: String,
    /// From 1 to 10,000.
    pub number: u16,
    /// Its file.
    pub segment: Segment,
    /// MD5 in hexadecimal.
    pub etag: String,
    /// By the upload's algorithm.
    pub checksum: Option<Checksum>,
    /// When it was put.
    pub modified: Timestamp,
}

impl S3Object {
    /// `null`, or 32 hexadecimal digits.
    pub fn version_id(&self) -> String {
        version_text(self.version)
    }
}

/// A version as clients see it.
pub fn version_text(version: Option<u128>) -> String {
    version.map_or_else(|| NULL.to_owned(), |version| format!("{version:032x}"))
}

/// Reads what [`version_text`] writes; the outer `None` where it is no version's id.
pub fn version_of(text: &str) -> Option<Option<u128>> {
    if text == NULL {
        return Some(None);
    }
    let is_plain = text.len() == 32
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let version = is_plain
        .then(|| u128::from_str_radix(text, 16).ok())
        .flatten()?;
    Some(Some(version))
}

impl ObjectOwnership {
    /// As AWS spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BucketOwnerEnforced => "BucketOwnerEnforced",
            Self::BucketOwnerPreferred => "BucketOwnerPreferred",
            Self::ObjectWriter => "ObjectWriter",
        }
    }

    /// Reads what AWS writes.
    pub fn parse(text: &str) -> Option<Self> {
        let all = [
            Self::BucketOwnerEnforced,
            Self::BucketOwnerPreferred,
            Self::ObjectWriter,
        ];
        all.into_iter().find(|one| one.as_str() == text)
    }
}

impl ChecksumAlgorithm {
    /// As AWS spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Crc32 => "CRC32",
            Self::Crc32c => "CRC32C",
            Self::Crc64Nvme => "CRC64NVME",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
        }
    }

    /// Reads what AWS writes.
    pub fn parse(text: &str) -> Option<Self> {
        let all = [
            Self::Crc32,
            Self::Crc32c,
            Self::Crc64Nvme,
            Self::Sha1,
            Self::Sha256,
        ];
        all.into_iter().find(|one| one.as_str() == text)
    }
}

impl Default for PublicAccessBlock {
    /// Of a new bucket: everything.
    fn default() -> Self {
        Self {
            block_public_acls: true,
            ignore_public_acls: true,
            block_public_policy: true,
            restrict_public_buckets: true,
        }
    }
}

const NULL: &str = "null";
