//! What calls bring and what they are answered, between the world that speaks the protocol and the
//! handlers here. A call sets what its operation has; the rest stays empty.

use std::sync::Arc;

use jiff::Timestamp;
use protocol::Secret;

use crate::entity::{
    Bucket, BucketEncryption, Checksum, ChecksumAlgorithm, CorsRule, Headers, LifecycleRule,
    ObjectOwnership, PublicAccessBlock, S3Object, Segment, Tag, Upload, UploadPart, Versioning,
};

/// The parameters of a call.
#[derive(Debug, Clone, Default)]
pub struct Input {
    /// Empty where it is about none.
    pub bucket: String,
    /// Empty where it is about none.
    pub key: String,
    /// `versionId`
    pub version: Option<String>,
    /// `LocationConstraint`
    pub region: Option<String>,
    /// `x-amz-acl`
    pub acl: Option<String>,
    /// `x-amz-object-ownership`
    pub ownership: Option<ObjectOwnership>,
    /// What a bucket is set to.
    pub setting: Option<Setting>,
    /// Tags to set, or of what is put.
    pub tags: Vec<Tag>,
    /// Which part of a listing.
    pub list: List,
    /// What is to be told with an object.
    pub headers: Headers,
    /// How it is to be encrypted.
    pub encryption: EncryptionAsked,
    /// The key of who reads or writes under a key of its own.
    pub customer: Option<CustomerKey>,
    /// What was stored for the call, once it was.
    pub stored: Option<Stored>,
    /// On what it depends.
    pub conditions: Conditions,
    /// What is copied.
    pub source: Option<CopySource>,
    /// What is deleted at once, with versions.
    pub objects: Vec<(String, Option<String>)>,
    /// `uploadId`
    pub upload: Option<String>,
    /// `partNumber`
    pub part: Option<u16>,
    /// The parts that an upload is to be made of.
    pub parts: Vec<PartAsked>,
    /// By which algorithm an upload is summed up, and whether of the parts' own sums.
    pub checksum: Option<(ChecksumAlgorithm, bool)>,
    /// `x-amz-storage-class`
    pub storage_class: Option<String>,
}

/// What a bucket is set to, or rid of.
#[derive(Debug, Clone)]
pub enum Setting {
    /// The policy's text.
    Policy(Option<String>),
    /// Whether versions are kept.
    Versioning(Versioning),
    /// How objects are encrypted.
    Encryption(Option<BucketEncryption>),
    /// Who owns them.
    Ownership(Option<ObjectOwnership>),
    /// What is kept from the public.
    PublicAccess(Option<PublicAccessBlock>),
    /// Its tags.
    Tags(Vec<Tag>),
    /// Which pages may ask a browser for it; empty for none.
    Cors(Option<Vec<CorsRule>>),
    /// When objects go by themselves.
    Lifecycle(Option<Vec<LifecycleRule>>),
    /// That nobody else may anything, which is so anyway.
    Acl,
    /// That calls are not logged and nobody is told of them, which is so anyway.
    Nothing,
}

/// Which part of a listing is wanted.
#[derive(Debug, Clone, Default)]
pub struct List {
    /// What names begin with.
    pub prefix: String,
    /// Where names are cut; empty for nowhere.
    pub delimiter: String,
    /// The name after which it goes on.
    pub after: Option<String>,
    /// The version of that name after which it goes on.
    pub after_version: Option<String>,
    /// At most 1,000.
    pub max: usize,
    /// As it was asked for.
    pub max_asked: Option<i32>,
}

/// What the caller asks of encryption.
#[derive(Debug, Clone, Default)]
pub struct EncryptionAsked {
    /// `AES256` or `aws:kms`.
    pub algorithm: Option<String>,
    /// Id, ARN or alias.
    pub kms_key: Option<String>,
    /// Whether with a bucket key.
    pub bucket_key: Option<bool>,
}

/// A key that the caller brings: 32 bytes.
#[derive(Debug, Clone)]
pub struct CustomerKey(pub Secret);

/// What the world stored for a call.
#[derive(Debug, Clone)]
pub struct Stored {
    /// The file.
    pub segment: Segment,
    /// What opens it; drawn for this object alone. Of a part it is the upload's.
    pub data_key: Secret,
    /// MD5 in hexadecimal.
    pub etag: String,
    /// What was counted and compared.
    pub checksum: Option<Checksum>,
}

/// On what a call depends (RFC 9110, section 13).
#[derive(Debug, Clone, Default)]
pub struct Conditions {
    /// `If-Match`: entity tags without quotation marks, or `*`.
    pub matches: Option<Vec<String>>,
    /// `If-None-Match`
    pub matches_none: Option<Vec<String>>,
    /// `If-Modified-Since`
    pub modified_since: Option<Timestamp>,
    /// `If-Unmodified-Since`
    pub unmodified_since: Option<Timestamp>,
}

/// What is copied.
#[derive(Debug, Clone, Default)]
pub struct CopySource {
    /// From where.
    pub bucket: String,
    /// What.
    pub key: String,
    /// Which version.
    pub version: Option<String>,
    /// Its customer's key.
    pub customer: Option<CustomerKey>,
    /// On what it depends.
    pub conditions: Conditions,
    /// Whether what is told with it is replaced.
    pub replaces_metadata: bool,
    /// Whether its tags are replaced.
    pub replaces_tags: bool,
}

/// A part that an upload is to have.
#[derive(Debug, Clone)]
pub struct PartAsked {
    /// Its number.
    pub number: u16,
    /// Its entity tag without quotation marks.
    pub etag: String,
    /// Its checksum in base64, if it is told.
    pub checksum: Option<String>,
}

/// What a call is answered.
#[derive(Debug)]
pub enum Answer {
    /// It is done, or may be done.
    Done,
    /// An object may be put.
    Ready {
        /// Whether its entity tag is to be the MD5 of its bytes.
        is_tagged_by_md5: bool,
    },
    /// The bucket.
    Bucket(Arc<Bucket>),
    /// Buckets with their regions, by name.
    Buckets(Vec<(Arc<Bucket>, String)>),
    /// An object that may be read.
    Object(Found),
    /// An object that was put.
    Put(Arc<S3Object>),
    /// Part of a listing.
    Listed(Listed),
    /// What became of each, as they were named.
    Deleted(Vec<Deleted>),
    /// An upload with what opens its parts.
    Upload(Arc<Upload>, Secret),
    /// What is copied to a part of an upload, with what opens its parts.
    CopyPart(Found, Arc<Upload>, Secret),
    /// A part that was put, of an upload.
    Part(Arc<UploadPart>, Arc<Upload>),
    /// An upload's parts from one number on, and whether there are more.
    Parts(Arc<Upload>, Vec<Arc<UploadPart>>, bool),
    /// Uploads under way, and whether there are more.
    Uploads(Vec<Arc<Upload>>, bool),
}

/// An object, and what opens its files.
#[derive(Debug, Clone)]
pub struct Found {
    /// Which version.
    pub object: Arc<S3Object>,
    /// Where asked for bytes.
    pub data_key: Option<Secret>,
    /// Whether the bucket keeps versions, or did.
    pub is_versioned: bool,
}

/// A part of a listing.
#[derive(Debug, Default)]
pub struct Listed {
    /// Versions, with whether each is the newest of its name.
    pub objects: Vec<(Arc<S3Object>, bool)>,
    /// Beginnings of names that were cut.
    pub prefixes: Vec<String>,
    /// The name and the version after which it goes on.
    pub next: Option<(String, Option<String>)>,
}

/// What became of one of the objects that were to be deleted.
#[derive(Debug)]
pub struct Deleted {
    /// Its name.
    pub key: String,
    /// The version that was asked for.
    pub asked: Option<String>,
    /// The delete marker that was made or taken away.
    pub marker: Option<String>,
    /// Whether the bucket keeps versions.
    pub fault: Option<protocol::Fault>,
}
