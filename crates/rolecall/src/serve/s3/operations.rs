//! The operations of S3 that there are, each with what does it. All others `s3s` refuses by itself,
//! and `account` denied before.

use std::sync::Arc;

use s3s::dto::{
    AbortMultipartUploadInput, AbortMultipartUploadOutput, CompleteMultipartUploadInput,
    CompleteMultipartUploadOutput, CopyObjectInput, CopyObjectOutput, CreateBucketInput,
    CreateBucketOutput, CreateMultipartUploadInput, CreateMultipartUploadOutput,
    DeleteBucketCorsInput, DeleteBucketCorsOutput, DeleteBucketEncryptionInput,
    DeleteBucketEncryptionOutput, DeleteBucketInput, DeleteBucketLifecycleInput,
    DeleteBucketLifecycleOutput, DeleteBucketOutput, DeleteBucketOwnershipControlsInput,
    DeleteBucketOwnershipControlsOutput, DeleteBucketPolicyInput, DeleteBucketPolicyOutput,
    DeleteBucketReplicationInput, DeleteBucketReplicationOutput, DeleteBucketTaggingInput,
    DeleteBucketTaggingOutput, DeleteBucketWebsiteInput, DeleteBucketWebsiteOutput,
    DeleteObjectInput, DeleteObjectOutput, DeleteObjectTaggingInput, DeleteObjectTaggingOutput,
    DeleteObjectsInput, DeleteObjectsOutput, DeletePublicAccessBlockInput,
    DeletePublicAccessBlockOutput, GetBucketAccelerateConfigurationInput,
    GetBucketAccelerateConfigurationOutput, GetBucketAclInput, GetBucketAclOutput,
    GetBucketCorsInput, GetBucketCorsOutput, GetBucketEncryptionInput, GetBucketEncryptionOutput,
    GetBucketLifecycleConfigurationInput, GetBucketLifecycleConfigurationOutput,
    GetBucketLocationInput, GetBucketLocationOutput, GetBucketLoggingInput, GetBucketLoggingOutput,
    GetBucketNotificationConfigurationInput, GetBucketNotificationConfigurationOutput,
    GetBucketOwnershipControlsInput, GetBucketOwnershipControlsOutput, GetBucketPolicyInput,
    GetBucketPolicyOutput, GetBucketPolicyStatusInput, GetBucketPolicyStatusOutput,
    GetBucketReplicationInput, GetBucketReplicationOutput, GetBucketRequestPaymentInput,
    GetBucketRequestPaymentOutput, GetBucketTaggingInput, GetBucketTaggingOutput,
    GetBucketVersioningInput, GetBucketVersioningOutput, GetBucketWebsiteInput,
    GetBucketWebsiteOutput, GetObjectAclInput, GetObjectAclOutput, GetObjectAttributesInput,
    GetObjectAttributesOutput, GetObjectInput, GetObjectLockConfigurationInput,
    GetObjectLockConfigurationOutput, GetObjectOutput, GetObjectTaggingInput,
    GetObjectTaggingOutput, GetPublicAccessBlockInput, GetPublicAccessBlockOutput, HeadBucketInput,
    HeadBucketOutput, HeadObjectInput, HeadObjectOutput, ListBucketsInput, ListBucketsOutput,
    ListMultipartUploadsInput, ListMultipartUploadsOutput, ListObjectVersionsInput,
    ListObjectVersionsOutput, ListObjectsInput, ListObjectsOutput, ListObjectsV2Input,
    ListObjectsV2Output, ListPartsInput, ListPartsOutput, PutBucketAclInput, PutBucketAclOutput,
    PutBucketCorsInput, PutBucketCorsOutput, PutBucketEncryptionInput, PutBucketEncryptionOutput,
    PutBucketLifecycleConfigurationInput, PutBucketLifecycleConfigurationOutput,
    PutBucketLoggingInput, PutBucketLoggingOutput, PutBucketNotificationConfigurationInput,
    PutBucketNotificationConfigurationOutput, PutBucketOwnershipControlsInput,
    PutBucketOwnershipControlsOutput, PutBucketPolicyInput, PutBucketPolicyOutput,
    PutBucketTaggingInput, PutBucketTaggingOutput, PutBucketVersioningInput,
    PutBucketVersioningOutput, PutObjectInput, PutObjectOutput, PutObjectTaggingInput,
    PutObjectTaggingOutput, PutPublicAccessBlockInput, PutPublicAccessBlockOutput,
    UploadPartCopyInput, UploadPartCopyOutput, UploadPartInput, UploadPartOutput,
};
use s3s::{S3, S3Request, S3Response, S3Result};

use super::{Conversation, buckets, listing, multipart, objects, rules, settings};

/// A conversation as `s3s` knows it.
pub(super) struct Operations(Arc<Conversation>);

impl Conversation {
    pub(super) fn operations(self: Arc<Self>) -> Operations {
        Operations(self)
    }
}

macro_rules! operations {
    ($($name:ident $input:ident $output:ident $module:ident;)*) => {
        #[async_trait::async_trait]
        impl S3 for Operations {
            $(async fn $name(
                &self,
                request: S3Request<$input>,
            ) -> S3Result<S3Response<$output>> {
                $module::$name(&self.0, request).await
            })*
        }
    };
}

operations! {
    abort_multipart_upload AbortMultipartUploadInput AbortMultipartUploadOutput multipart;
    complete_multipart_upload CompleteMultipartUploadInput CompleteMultipartUploadOutput multipart;
    copy_object CopyObjectInput CopyObjectOutput objects;
    create_bucket CreateBucketInput CreateBucketOutput buckets;
    create_multipart_upload CreateMultipartUploadInput CreateMultipartUploadOutput multipart;
    delete_bucket DeleteBucketInput DeleteBucketOutput buckets;
    delete_bucket_encryption DeleteBucketEncryptionInput DeleteBucketEncryptionOutput settings;
    delete_bucket_ownership_controls DeleteBucketOwnershipControlsInput
        DeleteBucketOwnershipControlsOutput settings;
    delete_bucket_policy DeleteBucketPolicyInput DeleteBucketPolicyOutput settings;
    delete_bucket_tagging DeleteBucketTaggingInput DeleteBucketTaggingOutput settings;
    delete_object DeleteObjectInput DeleteObjectOutput objects;
    delete_object_tagging DeleteObjectTaggingInput DeleteObjectTaggingOutput objects;
    delete_objects DeleteObjectsInput DeleteObjectsOutput objects;
    delete_public_access_block DeletePublicAccessBlockInput DeletePublicAccessBlockOutput settings;
    get_bucket_accelerate_configuration GetBucketAccelerateConfigurationInput
        GetBucketAccelerateConfigurationOutput settings;
    get_bucket_acl GetBucketAclInput GetBucketAclOutput settings;
    get_bucket_cors GetBucketCorsInput GetBucketCorsOutput rules;
    get_bucket_encryption GetBucketEncryptionInput GetBucketEncryptionOutput settings;
    get_bucket_lifecycle_configuration GetBucketLifecycleConfigurationInput
        GetBucketLifecycleConfigurationOutput rules;
    get_bucket_location GetBucketLocationInput GetBucketLocationOutput buckets;
    get_bucket_logging GetBucketLoggingInput GetBucketLoggingOutput settings;
    get_bucket_notification_configuration GetBucketNotificationConfigurationInput
        GetBucketNotificationConfigurationOutput settings;
    get_bucket_ownership_controls GetBucketOwnershipControlsInput
        GetBucketOwnershipControlsOutput settings;
    get_bucket_policy GetBucketPolicyInput GetBucketPolicyOutput settings;
    get_bucket_policy_status GetBucketPolicyStatusInput GetBucketPolicyStatusOutput settings;
    get_bucket_replication GetBucketReplicationInput GetBucketReplicationOutput settings;
    get_bucket_request_payment GetBucketRequestPaymentInput GetBucketRequestPaymentOutput settings;
    get_bucket_tagging GetBucketTaggingInput GetBucketTaggingOutput settings;
    get_bucket_versioning GetBucketVersioningInput GetBucketVersioningOutput settings;
    get_bucket_website GetBucketWebsiteInput GetBucketWebsiteOutput settings;
    get_object GetObjectInput GetObjectOutput objects;
    get_object_acl GetObjectAclInput GetObjectAclOutput objects;
    get_object_attributes GetObjectAttributesInput GetObjectAttributesOutput objects;
    get_object_lock_configuration GetObjectLockConfigurationInput
        GetObjectLockConfigurationOutput settings;
    get_object_tagging GetObjectTaggingInput GetObjectTaggingOutput objects;
    get_public_access_block GetPublicAccessBlockInput GetPublicAccessBlockOutput settings;
    head_bucket HeadBucketInput HeadBucketOutput buckets;
    head_object HeadObjectInput HeadObjectOutput objects;
    list_buckets ListBucketsInput ListBucketsOutput buckets;
    list_multipart_uploads ListMultipartUploadsInput ListMultipartUploadsOutput multipart;
    list_object_versions ListObjectVersionsInput ListObjectVersionsOutput listing;
    list_objects ListObjectsInput ListObjectsOutput listing;
    list_objects_v2 ListObjectsV2Input ListObjectsV2Output listing;
    list_parts ListPartsInput ListPartsOutput multipart;
    delete_bucket_cors DeleteBucketCorsInput DeleteBucketCorsOutput rules;
    delete_bucket_lifecycle DeleteBucketLifecycleInput DeleteBucketLifecycleOutput rules;
    delete_bucket_replication DeleteBucketReplicationInput DeleteBucketReplicationOutput rules;
    delete_bucket_website DeleteBucketWebsiteInput DeleteBucketWebsiteOutput rules;
    put_bucket_acl PutBucketAclInput PutBucketAclOutput rules;
    put_bucket_cors PutBucketCorsInput PutBucketCorsOutput rules;
    put_bucket_lifecycle_configuration PutBucketLifecycleConfigurationInput
        PutBucketLifecycleConfigurationOutput rules;
    put_bucket_logging PutBucketLoggingInput PutBucketLoggingOutput rules;
    put_bucket_notification_configuration PutBucketNotificationConfigurationInput
        PutBucketNotificationConfigurationOutput rules;
    put_bucket_encryption PutBucketEncryptionInput PutBucketEncryptionOutput settings;
    put_bucket_ownership_controls PutBucketOwnershipControlsInput
        PutBucketOwnershipControlsOutput settings;
    put_bucket_policy PutBucketPolicyInput PutBucketPolicyOutput settings;
    put_bucket_tagging PutBucketTaggingInput PutBucketTaggingOutput settings;
    put_bucket_versioning PutBucketVersioningInput PutBucketVersioningOutput settings;
    put_object PutObjectInput PutObjectOutput objects;
    put_object_tagging PutObjectTaggingInput PutObjectTaggingOutput objects;
    put_public_access_block PutPublicAccessBlockInput PutPublicAccessBlockOutput settings;
    upload_part UploadPartInput UploadPartOutput multipart;
    upload_part_copy UploadPartCopyInput UploadPartCopyOutput multipart;
}
