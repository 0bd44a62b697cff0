//! What a bucket is set to, one sub-resource each, read and written; and those that it can be asked
//! for and never has.
//!
//! Source: S3 API Reference; S3 User Guide, "Blocking public access to your Amazon S3 storage".

use std::sync::Arc;

use policy::{Kind, Policy};
use protocol::Fault;

use super::buckets::get;
use super::call::{Call, Row, internal_error};
use super::check_tags::check_tags;
use super::cors;
use super::encryption::check_key;
use super::faults::access_denied;
use super::input::{Answer, Setting};
use super::lifecycle;
use super::needs::on_bucket;
use crate::entity::{Bucket, BucketEncryption, EncryptionAlgorithm, Entity, ObjectOwnership};
use crate::gate::{self, Need, keys};
use crate::iam;
use crate::transaction::Transaction;

macro_rules! rows {
    ($($operation:literal $event:literal $action:literal $run:expr;)*) => {
        pub(super) static ROWS: &[Row] = &[$(Row {
            operation: $operation,
            event: $event,
            is_data: false,
            needs: |t, c| needs($action, t, c),
            run: $run,
        }),*];
    };
}

rows! {
    "GetBucketPolicy" "GetBucketPolicy" "s3:GetBucketPolicy"
        |t, c| told(t, c, |bucket| bucket.policy.is_some(),
            "NoSuchBucketPolicy", "The bucket policy does not exist");
    "GetBucketPolicyStatus" "GetBucketPolicyStatus" "s3:GetBucketPolicyStatus"
        |t, c| told(t, c, |bucket| bucket.policy.is_some(),
            "NoSuchBucketPolicy", "The bucket policy does not exist");
    "GetBucketTagging" "GetBucketTagging" "s3:GetBucketTagging"
        |t, c| told(t, c, |bucket| !bucket.tags.is_empty(),
            "NoSuchTagSet", "The TagSet does not exist");
    "GetPublicAccessBlock" "GetBucketPublicAccessBlock" "s3:GetBucketPublicAccessBlock"
        |t, c| told(t, c, |bucket| bucket.public_access.is_some(),
            "NoSuchPublicAccessBlockConfiguration",
            "The public access block configuration was not found");
    "GetBucketOwnershipControls" "GetBucketOwnershipControls" "s3:GetBucketOwnershipControls"
        |t, c| told(t, c, |bucket| bucket.ownership.is_some(),
            "OwnershipControlsNotFoundError",
            "The bucket ownership controls were not found");
    "GetBucketEncryption" "GetBucketEncryption" "s3:GetEncryptionConfiguration" get;
    "GetBucketVersioning" "GetBucketVersioning" "s3:GetBucketVersioning" get;
    "GetBucketAcl" "GetBucketAcl" "s3:GetBucketAcl" get;
    "GetBucketLogging" "GetBucketLogging" "s3:GetBucketLogging" get;
    "GetBucketRequestPayment" "GetBucketRequestPayment" "s3:GetBucketRequestPayment" get;
    "GetBucketAccelerateConfiguration" "GetBucketAccelerateConfiguration"
        "s3:GetAccelerateConfiguration" get;
    "GetBucketNotificationConfiguration" "GetBucketNotification" "s3:GetBucketNotification" get;
    "GetBucketCors" "GetBucketCors" "s3:GetBucketCORS"
        |t, c| told(t, c, |bucket| !bucket.cors.is_empty(),
            "NoSuchCORSConfiguration", "The CORS configuration does not exist");
    "GetBucketWebsite" "GetBucketWebsite" "s3:GetBucketWebsite"
        |t, c| never(t, c, "NoSuchWebsiteConfiguration",
            "The specified bucket does not have a website configuration");
    "GetBucketLifecycleConfiguration" "GetBucketLifecycle" "s3:GetLifecycleConfiguration"
        |t, c| told(t, c, |bucket| !bucket.lifecycle.is_empty(),
            "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist");
    "GetBucketReplication" "GetBucketReplication" "s3:GetReplicationConfiguration"
        |t, c| never(t, c, "ReplicationConfigurationNotFoundError",
            "The replication configuration was not found");
    "GetObjectLockConfiguration" "GetBucketObjectLockConfiguration"
        "s3:GetBucketObjectLockConfiguration"
        |t, c| never(t, c, "ObjectLockConfigurationNotFoundError",
            "Object Lock configuration does not exist for this bucket");
    "PutBucketPolicy" "PutBucketPolicy" "s3:PutBucketPolicy" set;
    "DeleteBucketPolicy" "DeleteBucketPolicy" "s3:DeleteBucketPolicy" set;
    "PutBucketVersioning" "PutBucketVersioning" "s3:PutBucketVersioning" set;
    "PutBucketEncryption" "PutBucketEncryption" "s3:PutEncryptionConfiguration" set;
    "DeleteBucketEncryption" "DeleteBucketEncryption" "s3:PutEncryptionConfiguration" set;
    "PutBucketOwnershipControls" "PutBucketOwnershipControls"
        "s3:PutBucketOwnershipControls" set;
    "DeleteBucketOwnershipControls" "DeleteBucketOwnershipControls"
        "s3:PutBucketOwnershipControls" set;
    "PutPublicAccessBlock" "PutBucketPublicAccessBlock" "s3:PutBucketPublicAccessBlock" set;
    "DeletePublicAccessBlock" "DeleteBucketPublicAccessBlock"
        "s3:PutBucketPublicAccessBlock" set;
    "PutBucketTagging" "PutBucketTagging" "s3:PutBucketTagging" set;
    "DeleteBucketTagging" "DeleteBucketTagging" "s3:PutBucketTagging" set;
    "PutBucketCors" "PutBucketCors" "s3:PutBucketCORS" set;
    "DeleteBucketCors" "DeleteBucketCors" "s3:PutBucketCORS" set;
    "PutBucketLifecycleConfiguration" "PutBucketLifecycle" "s3:PutLifecycleConfiguration" set;
    "DeleteBucketLifecycle" "DeleteBucketLifecycle" "s3:PutLifecycleConfiguration" set;
    "PutBucketAcl" "PutBucketAcl" "s3:PutBucketAcl" set;
    "PutBucketLogging" "PutBucketLogging" "s3:PutBucketLogging" set;
    "PutBucketNotificationConfiguration" "PutBucketNotification"
        "s3:PutBucketNotification" set;
    "DeleteBucketWebsite" "DeleteBucketWebsite" "s3:DeleteBucketWebsite" set;
    "DeleteBucketReplication" "DeleteBucketReplication" "s3:PutReplicationConfiguration" set;
}

fn needs(action: &'static str, transaction: &Transaction, call: &Call) -> Result<Vec<Need>, Fault> {
    let need = on_bucket(action, transaction, call)?;
    let ownership = match &call.input.setting {
        Some(Setting::Ownership(Some(ownership))) => Some(ownership.as_str()),
        _ => None,
    };
    Ok(vec![need.with_some(&keys::S3_OWNERSHIP, ownership)])
}

/// The bucket, if it has what is asked for.
fn told(
    transaction: &mut Transaction,
    call: &Call,
    has: fn(&Bucket) -> bool,
    code: &'static str,
    why: &'static str,
) -> Result<Answer, Fault> {
    let held = call.bucket(transaction)?;
    if !has(&held.bucket) {
        return Err(Fault::new(code, why).status(404));
    }
    Ok(Answer::Bucket(Arc::clone(&held.bucket)))
}

/// What no bucket has here.
fn never(
    transaction: &mut Transaction,
    call: &Call,
    code: &'static str,
    why: &'static str,
) -> Result<Answer, Fault> {
    call.bucket(transaction)?;
    Err(Fault::new(code, why).status(404))
}

fn set(transaction: &mut Transaction, call: &Call) -> Result<Answer, Fault> {
    let setting = call.input.setting.as_ref().ok_or_else(internal_error)?;
    let held = Arc::clone(call.bucket(transaction)?);
    let mut bucket = Bucket::clone(&held.bucket);
    match setting {
        Setting::Policy(None) => bucket.policy = None,
        Setting::Policy(Some(text)) => {
            check_policy(transaction, &bucket, text)?;
            bucket.policy = Some(text.clone());
        }
        Setting::Versioning(versioning) => bucket.versioning = Some(*versioning),
        Setting::Encryption(None) => bucket.encryption = BucketEncryption::default(),
        Setting::Encryption(Some(encryption)) => {
            if let EncryptionAlgorithm::Kms(Some(key)) = &encryption.algorithm {
                check_key(transaction, key)?;
            }
            bucket.encryption = encryption.clone();
        }
        Setting::Ownership(ownership) => bucket.ownership = *ownership,
        Setting::PublicAccess(block) => bucket.public_access = *block,
        Setting::Tags(tags) => {
            check_tags(tags, TAGS_MAX)?;
            bucket.tags.clone_from(tags);
        }
        Setting::Cors(rules) => {
            rules.as_deref().map_or(Ok(()), cors::check)?;
            bucket.cors = rules.clone().unwrap_or_default();
        }
        Setting::Lifecycle(rules) => {
            let mut rules = rules.clone();
            for rule in rules.iter_mut().flatten().filter(|rule| rule.id.is_empty()) {
                rule.id = format!("{:032x}", u128::from_be_bytes(transaction.entropy.bytes()));
            }
            rules.as_deref().map_or(Ok(()), lifecycle::check)?;
            let rules = rules.unwrap_or_default();
            if rules != bucket.lifecycle {
                bucket.lifecycle = rules;
                bucket.lifecycle_since = Some(transaction.now);
            }
        }
        Setting::Acl => check_acl(call, &bucket)?,
        Setting::Nothing => {}
    }
    if bucket != *held.bucket {
        transaction.put(Entity::Bucket(bucket))?;
    }
    get(transaction, call)
}

/// The owner alone, where there are lists at all.
fn check_acl(call: &Call, bucket: &Bucket) -> Result<(), Fault> {
    if bucket.ownership == Some(ObjectOwnership::BucketOwnerEnforced) {
        let why = "The bucket does not allow ACLs";
        return Err(Fault::new("AccessControlListNotSupported", why));
    }
    match call.input.acl.as_deref() {
        Some("private") => Ok(()),
        Some("public-read" | "public-read-write" | "authenticated-read")
            if bucket
                .public_access
                .is_some_and(|block| block.block_public_acls) =>
        {
            Err(access_denied())
        }
        _ => {
            let why = "An access control list other than `private` is not implemented by this \
                       server.";
            Err(Fault::new("NotImplemented", why).status(501))
        }
    }
}

/// A policy that is understood in full, of this bucket and nothing else, and as public as it may
/// be.
fn check_policy(transaction: &Transaction, bucket: &Bucket, text: &str) -> Result<(), Fault> {
    let malformed = |why: String| Fault::new("MalformedPolicy", why);
    if text.len() > POLICY_BYTES_MAX {
        return Err(Fault::new(
            "PolicyTooLarge",
            format!(
                "Policy exceeds the maximum allowed document size of {POLICY_BYTES_MAX} bytes."
            ),
        ));
    }
    let policy =
        Policy::parse(text, Kind::Resource).map_err(|error| malformed(error.to_string()))?;
    let mut principals = policy.principal_arns();
    if let Some(arn) = principals.find(|arn| !iam::is_known(transaction.state(), arn)) {
        return Err(malformed(format!("Invalid principal in policy: {arn}")));
    }
    let resources = resources(text);
    let own = super::needs::bucket_arn(&bucket.name);
    let is_own = |arn: &str| {
        let rest = arn.strip_prefix(&own);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if !resources.iter().all(|arn| is_own(arn)) {
        return Err(malformed("Policy has invalid resource".to_owned()));
    }
    let blocks = bucket
        .public_access
        .is_some_and(|block| block.block_public_policy);
    if blocks && gate::public(text).is_some() {
        return Err(access_denied());
    }
    Ok(())
}

/// What the statements name as resources.
fn resources(text: &str) -> Vec<String> {
    let document: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let one_or_many = |value: &serde_json::Value| match value {
        serde_json::Value::Array(many) => many.clone(),
        serde_json::Value::Null => Vec::new(),
        one => vec![one.clone()],
    };
    let statements = document
        .get("Statement")
        .map(one_or_many)
        .unwrap_or_default();
    let of_statement = |statement: &serde_json::Value| {
        let both = ["Resource", "NotResource"].map(|name| statement.get(name).cloned());
        let all = both
            .into_iter()
            .flatten()
            .flat_map(|value| one_or_many(&value));
        all.filter_map(|value| value.as_str().map(str::to_owned))
            .collect::<Vec<_>>()
    };
    statements.iter().flat_map(of_statement).collect()
}

/// S3 User Guide, "Bucket policies".
const POLICY_BYTES_MAX: usize = 20 * 1_024;
/// Of a bucket.
const TAGS_MAX: usize = 50;
