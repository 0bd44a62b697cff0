//! What a bucket is set to, between S3's shapes and the account's.

use account::entity::{self, BucketEncryption, EncryptionAlgorithm, PublicAccessBlock, Versioning};
use account::s3::{Input, Setting as Set};
use s3s::dto::{
    BucketVersioningStatus, DeleteBucketEncryptionInput, DeleteBucketEncryptionOutput,
    DeleteBucketOwnershipControlsInput, DeleteBucketOwnershipControlsOutput,
    DeleteBucketPolicyInput, DeleteBucketPolicyOutput, DeleteBucketTaggingInput,
    DeleteBucketTaggingOutput, DeletePublicAccessBlockInput, DeletePublicAccessBlockOutput,
    GetBucketAccelerateConfigurationInput, GetBucketAccelerateConfigurationOutput,
    GetBucketAclInput, GetBucketAclOutput, GetBucketEncryptionInput, GetBucketEncryptionOutput,
    GetBucketLoggingInput, GetBucketLoggingOutput, GetBucketNotificationConfigurationInput,
    GetBucketNotificationConfigurationOutput, GetBucketOwnershipControlsInput,
    GetBucketOwnershipControlsOutput, GetBucketPolicyInput, GetBucketPolicyOutput,
    GetBucketPolicyStatusInput, GetBucketPolicyStatusOutput, GetBucketReplicationInput,
    GetBucketReplicationOutput, GetBucketRequestPaymentInput, GetBucketRequestPaymentOutput,
    GetBucketTaggingInput, GetBucketTaggingOutput, GetBucketVersioningInput,
    GetBucketVersioningOutput, GetBucketWebsiteInput, GetBucketWebsiteOutput,
    GetObjectLockConfigurationInput, GetObjectLockConfigurationOutput, GetPublicAccessBlockInput,
    GetPublicAccessBlockOutput, Grant, Grantee, MFADelete, OwnershipControls,
    OwnershipControlsRule, Payer, Permission, PolicyStatus, PublicAccessBlockConfiguration,
    PutBucketEncryptionInput, PutBucketEncryptionOutput, PutBucketOwnershipControlsInput,
    PutBucketOwnershipControlsOutput, PutBucketPolicyInput, PutBucketPolicyOutput,
    PutBucketTaggingInput, PutBucketTaggingOutput, PutBucketVersioningInput,
    PutBucketVersioningOutput, PutPublicAccessBlockInput, PutPublicAccessBlockOutput,
    ServerSideEncryptionByDefault, ServerSideEncryptionConfiguration, ServerSideEncryptionRule,
    Tag, TagSet, Type, VersioningConfiguration,
};
use s3s::{S3Request, S3Response, S3Result};

use super::Conversation;
use super::buckets::{about, bucket, ownership};
use super::convert::{error, internal_error, invalid, not_implemented, owner};

type Answered<T> = S3Result<S3Response<T>>;

pub(super) fn setting(bucket: String, setting: Set) -> Input {
    Input {
        setting: Some(setting),
        ..about(bucket)
    }
}

macro_rules! plain {
    // What sets a bucket, and is answered with nothing.
    ($($name:ident $operation:literal $input:ident $output:ident $set:expr;)*) => {$(
        pub(super) async fn $name(
            it: &Conversation,
            request: S3Request<$input>,
        ) -> Answered<$output> {
            let set: fn($input) -> S3Result<(String, Set)> = $set;
            let (name, set) = set(request.input)?;
            bucket(it, $operation, setting(name, set)).await?;
            Ok(S3Response::new($output::default()))
        }
    )*};
}

macro_rules! told {
    // What a bucket is set to; the second is the bucket's account.
    ($($name:ident $operation:literal $input:ident $output:ident $tell:expr;)*) => {$(
        pub(super) async fn $name(
            it: &Conversation,
            request: S3Request<$input>,
        ) -> Answered<$output> {
            let found = bucket(it, $operation, about(request.input.bucket)).await?;
            let tell: fn(&entity::Bucket, &str) -> $output = $tell;
            Ok(S3Response::new(tell(&found, &it.owner_of(&found.name))))
        }
    )*};
}

pub(super) use {plain, told};

plain! {
    put_bucket_policy "PutBucketPolicy" PutBucketPolicyInput PutBucketPolicyOutput
        |input| Ok((input.bucket, Set::Policy(Some(input.policy))));
    delete_bucket_policy "DeleteBucketPolicy" DeleteBucketPolicyInput DeleteBucketPolicyOutput
        |input| Ok((input.bucket, Set::Policy(None)));
    put_bucket_versioning "PutBucketVersioning" PutBucketVersioningInput PutBucketVersioningOutput
        |input| Ok((input.bucket, versioning(&input.versioning_configuration)?));
    put_bucket_encryption "PutBucketEncryption" PutBucketEncryptionInput PutBucketEncryptionOutput
        |input| {
            let asked = encryption(input.server_side_encryption_configuration)?;
            Ok((input.bucket, Set::Encryption(Some(asked))))
        };
    delete_bucket_encryption "DeleteBucketEncryption" DeleteBucketEncryptionInput
        DeleteBucketEncryptionOutput
        |input| Ok((input.bucket, Set::Encryption(None)));
    put_bucket_ownership_controls "PutBucketOwnershipControls" PutBucketOwnershipControlsInput
        PutBucketOwnershipControlsOutput
        |input| {
            let [rule] = input.ownership_controls.rules.as_slice() else {
                return Err(malformed());
            };
            let asked = ownership(rule.object_ownership.as_str())?;
            Ok((input.bucket, Set::Ownership(Some(asked))))
        };
    delete_bucket_ownership_controls "DeleteBucketOwnershipControls"
        DeleteBucketOwnershipControlsInput DeleteBucketOwnershipControlsOutput
        |input| Ok((input.bucket, Set::Ownership(None)));
    put_public_access_block "PutPublicAccessBlock" PutPublicAccessBlockInput
        PutPublicAccessBlockOutput
        |input| {
            let asked = input.public_access_block_configuration;
            let block = PublicAccessBlock {
                block_public_acls: asked.block_public_acls.unwrap_or_default(),
                ignore_public_acls: asked.ignore_public_acls.unwrap_or_default(),
                block_public_policy: asked.block_public_policy.unwrap_or_default(),
                restrict_public_buckets: asked.restrict_public_buckets.unwrap_or_default(),
            };
            Ok((input.bucket, Set::PublicAccess(Some(block))))
        };
    delete_public_access_block "DeletePublicAccessBlock" DeletePublicAccessBlockInput
        DeletePublicAccessBlockOutput
        |input| Ok((input.bucket, Set::PublicAccess(None)));
    put_bucket_tagging "PutBucketTagging" PutBucketTaggingInput PutBucketTaggingOutput
        |input| Ok((input.bucket, Set::Tags(tags(input.tagging.tag_set))));
    delete_bucket_tagging "DeleteBucketTagging" DeleteBucketTaggingInput DeleteBucketTaggingOutput
        |input| Ok((input.bucket, Set::Tags(Vec::new())));
}

told! {
    get_bucket_policy "GetBucketPolicy" GetBucketPolicyInput GetBucketPolicyOutput
        |bucket, _| GetBucketPolicyOutput { policy: bucket.policy.clone() };
    get_bucket_versioning "GetBucketVersioning" GetBucketVersioningInput GetBucketVersioningOutput
        |bucket, _| GetBucketVersioningOutput {
            mfa_delete: None,
            status: bucket.versioning.map(|versioning| {
                BucketVersioningStatus::from_static(match versioning {
                    Versioning::Enabled => BucketVersioningStatus::ENABLED,
                    Versioning::Suspended => BucketVersioningStatus::SUSPENDED,
                })
            }),
        };
    get_bucket_encryption "GetBucketEncryption" GetBucketEncryptionInput GetBucketEncryptionOutput
        |bucket, _| GetBucketEncryptionOutput {
            server_side_encryption_configuration: Some(told_encryption(&bucket.encryption)),
        };
    get_bucket_ownership_controls "GetBucketOwnershipControls" GetBucketOwnershipControlsInput
        GetBucketOwnershipControlsOutput
        |bucket, _| {
            let rules = bucket.ownership.iter().map(|ownership| OwnershipControlsRule {
                object_ownership: ownership.as_str().to_owned().into(),
            });
            GetBucketOwnershipControlsOutput {
                ownership_controls: Some(OwnershipControls { rules: rules.collect() }),
            }
        };
    get_public_access_block "GetPublicAccessBlock" GetPublicAccessBlockInput
        GetPublicAccessBlockOutput
        |bucket, _| GetPublicAccessBlockOutput {
            public_access_block_configuration: bucket.public_access.map(|block| {
                PublicAccessBlockConfiguration {
                    block_public_acls: Some(block.block_public_acls),
                    block_public_policy: Some(block.block_public_policy),
                    ignore_public_acls: Some(block.ignore_public_acls),
                    restrict_public_buckets: Some(block.restrict_public_buckets),
                }
            }),
        };
    get_bucket_tagging "GetBucketTagging" GetBucketTaggingInput GetBucketTaggingOutput
        |bucket, _| GetBucketTaggingOutput { tag_set: told_tags(&bucket.tags) };
    get_bucket_acl "GetBucketAcl" GetBucketAclInput GetBucketAclOutput
        |_, account| GetBucketAclOutput {
            grants: Some(grants(account)),
            owner: Some(owner(account)),
        };
    get_bucket_request_payment "GetBucketRequestPayment" GetBucketRequestPaymentInput
        GetBucketRequestPaymentOutput
        |_, _| GetBucketRequestPaymentOutput { payer: Some(Payer::from_static("BucketOwner")) };
    get_bucket_logging "GetBucketLogging" GetBucketLoggingInput GetBucketLoggingOutput
        |_, _| GetBucketLoggingOutput::default();
    get_bucket_accelerate_configuration "GetBucketAccelerateConfiguration"
        GetBucketAccelerateConfigurationInput GetBucketAccelerateConfigurationOutput
        |_, _| GetBucketAccelerateConfigurationOutput::default();
    get_bucket_notification_configuration "GetBucketNotificationConfiguration"
        GetBucketNotificationConfigurationInput GetBucketNotificationConfigurationOutput
        |_, _| GetBucketNotificationConfigurationOutput::default();
    // The account has none of these; a call ends in its error.
    get_bucket_website "GetBucketWebsite" GetBucketWebsiteInput GetBucketWebsiteOutput
        |_, _| GetBucketWebsiteOutput::default();
    get_bucket_replication "GetBucketReplication" GetBucketReplicationInput
        GetBucketReplicationOutput
        |_, _| GetBucketReplicationOutput::default();
    get_object_lock_configuration "GetObjectLockConfiguration" GetObjectLockConfigurationInput
        GetObjectLockConfigurationOutput
        |_, _| GetObjectLockConfigurationOutput::default();
}

pub(super) async fn get_bucket_policy_status(
    it: &Conversation,
    request: S3Request<GetBucketPolicyStatusInput>,
) -> Answered<GetBucketPolicyStatusOutput> {
    let input = about(request.input.bucket);
    let found = bucket(it, "GetBucketPolicyStatus", input).await?;
    let policy = found.policy.as_deref().ok_or_else(internal_error)?;
    let is_public = account::s3::is_public(policy);
    Ok(S3Response::new(GetBucketPolicyStatusOutput {
        policy_status: Some(PolicyStatus {
            is_public: Some(is_public),
        }),
    }))
}

/// The owner may do everything, and nobody else is named.
pub(super) fn grants(account: &str) -> Vec<Grant> {
    let grantee = Grantee {
        display_name: None,
        email_address: None,
        id: owner(account).id,
        type_: Type::from_static(Type::CANONICAL_USER),
        uri: None,
    };
    vec![Grant {
        grantee: Some(grantee),
        permission: Some(Permission::from_static(Permission::FULL_CONTROL)),
    }]
}

pub(super) fn tags(set: TagSet) -> Vec<entity::Tag> {
    let tag = |tag: Tag| entity::Tag {
        key: tag.key.unwrap_or_default(),
        value: tag.value.unwrap_or_default(),
    };
    set.into_iter().map(tag).collect()
}

pub(super) fn told_tags(tags: &[entity::Tag]) -> TagSet {
    let tag = |tag: &entity::Tag| Tag {
        key: Some(tag.key.clone()),
        value: Some(tag.value.clone()),
    };
    tags.iter().map(tag).collect()
}

fn versioning(asked: &VersioningConfiguration) -> S3Result<Set> {
    let mfa = asked.mfa_delete.as_ref().map(MFADelete::as_str);
    if mfa.is_some_and(|mfa| mfa != MFADelete::DISABLED) {
        return Err(error(not_implemented("MFA delete")));
    }
    match asked.status.as_ref().map(BucketVersioningStatus::as_str) {
        Some(BucketVersioningStatus::ENABLED) => Ok(Set::Versioning(Versioning::Enabled)),
        Some(BucketVersioningStatus::SUSPENDED) => Ok(Set::Versioning(Versioning::Suspended)),
        _ => {
            let why = "The Versioning element must be specified";
            Err(invalid("IllegalVersioningConfigurationException", why))
        }
    }
}

fn encryption(asked: ServerSideEncryptionConfiguration) -> S3Result<BucketEncryption> {
    let [rule] = <[_; 1]>::try_from(asked.rules).map_err(|_| malformed())?;
    let bucket_key = rule.bucket_key_enabled.unwrap_or_default();
    let default = rule.apply_server_side_encryption_by_default;
    let algorithm = match default {
        None => EncryptionAlgorithm::S3,
        Some(default) => match default.sse_algorithm.as_str() {
            "AES256" if default.kms_master_key_id.is_none() => EncryptionAlgorithm::S3,
            "aws:kms" => EncryptionAlgorithm::Kms(default.kms_master_key_id),
            "AES256" => {
                let why = "a KMSMasterKeyID is not applicable if the default sse algorithm is not \
                           aws:kms or aws:kms:dsse";
                return Err(invalid("InvalidArgument", why));
            }
            "aws:kms:dsse" => return Err(error(not_implemented("aws:kms:dsse"))),
            _ => return Err(malformed()),
        },
    };
    Ok(BucketEncryption {
        algorithm,
        bucket_key,
    })
}

fn told_encryption(own: &BucketEncryption) -> ServerSideEncryptionConfiguration {
    let (algorithm, key) = match &own.algorithm {
        EncryptionAlgorithm::S3 => ("AES256", None),
        EncryptionAlgorithm::Kms(key) => ("aws:kms", key.clone()),
    };
    let default = ServerSideEncryptionByDefault {
        kms_master_key_id: key,
        sse_algorithm: algorithm.to_owned().into(),
    };
    ServerSideEncryptionConfiguration {
        rules: vec![ServerSideEncryptionRule {
            apply_server_side_encryption_by_default: Some(default),
            bucket_key_enabled: Some(own.bucket_key),
        }],
    }
}

pub(super) fn malformed() -> s3s::S3Error {
    let why = "The XML you provided was not well-formed or did not validate against our published \
               schema";
    invalid("MalformedXML", why)
}
