//! What differs from AWS's S3.

use crate::fidelity::note::{Note, Service, differs, exact};

pub(crate) static FIDELITY: Service = Service {
    name: "s3",
    title: "S3",
    remarks: &[
        "Unsigned requests and forms of a browser are denied, whatever a bucket policy says; \
         Signature Version 2 is refused.",
        "There is one owner of everything in a bucket: of access control lists there are `private` \
         and `bucket-owner-full-control`, and other ones are refused.",
        "One storage class, `STANDARD`. There are no replication, website, logging, notification \
         and Object Lock configurations: reading one answers as where none was set, taking one \
         away does nothing, and setting one is refused.",
        "What a lifecycle rule has ended is not there from its midnight on, and goes from the disk \
         soon after; AWS may take a day or more for both. Days of an older version count from when \
         the next newer one that is there was made, and a delete marker that nothing is behind any \
         more goes in the same midnight as the last version.",
        "Questions of browsers (`OPTIONS`) are answered by the bucket's CORS rules and are in no \
         record.",
        "There are no access points, and no directory and table buckets.",
        "The key `aws/s3` is told by its alias's ARN, and its use is in no record of KMS.",
        "With a bucket key, KMS decides each call all the same, with the bucket as context.",
        "Operations that are not in the table are denied.",
    ],
    notes: NOTES,
};

const NOTES: &[Note] = &[
    exact("AbortMultipartUpload"),
    differs(
        "CompleteMultipartUpload",
        "A second call for the same upload is `NoSuchUpload`.",
    ),
    exact("CopyObject"),
    exact("CreateBucket"),
    exact("CreateMultipartUpload"),
    exact("DeleteBucket"),
    exact("DeleteBucketCors"),
    exact("DeleteBucketEncryption"),
    exact("DeleteBucketLifecycle"),
    exact("DeleteBucketOwnershipControls"),
    exact("DeleteBucketPolicy"),
    exact("DeleteBucketReplication"),
    exact("DeleteBucketTagging"),
    exact("DeleteBucketWebsite"),
    exact("DeleteObject"),
    exact("DeleteObjectTagging"),
    exact("DeleteObjects"),
    exact("DeletePublicAccessBlock"),
    exact("GetBucketAccelerateConfiguration"),
    exact("GetBucketAcl"),
    exact("GetBucketCors"),
    exact("GetBucketEncryption"),
    exact("GetBucketLifecycleConfiguration"),
    exact("GetBucketLocation"),
    exact("GetBucketLogging"),
    exact("GetBucketNotificationConfiguration"),
    exact("GetBucketOwnershipControls"),
    exact("GetBucketPolicy"),
    differs(
        "GetBucketPolicyStatus",
        "A policy that names everybody is public, whatever its conditions.",
    ),
    exact("GetBucketReplication"),
    exact("GetBucketRequestPayment"),
    exact("GetBucketTagging"),
    exact("GetBucketVersioning"),
    exact("GetBucketWebsite"),
    exact("GetObject"),
    exact("GetObjectAcl"),
    differs("GetObjectAttributes", "It does not list parts."),
    exact("GetObjectLockConfiguration"),
    exact("GetObjectTagging"),
    exact("GetPublicAccessBlock"),
    exact("HeadBucket"),
    exact("HeadObject"),
    exact("ListBuckets"),
    differs("ListMultipartUploads", "Names are not cut at a delimiter."),
    exact("ListObjectVersions"),
    exact("ListObjects"),
    exact("ListObjectsV2"),
    exact("ListParts"),
    differs(
        "PutBucketAcl",
        "`private` alone, where there are access control lists at all.",
    ),
    exact("PutBucketCors"),
    differs("PutBucketEncryption", "`aws:kms:dsse` is not implemented."),
    differs(
        "PutBucketLifecycleConfiguration",
        "Rules with transitions are refused.",
    ),
    differs(
        "PutBucketLogging",
        "Switching it off; a log in a bucket is not implemented.",
    ),
    differs(
        "PutBucketNotificationConfiguration",
        "An empty one: there are no queues, topics and functions to tell, and no EventBridge.",
    ),
    exact("PutBucketOwnershipControls"),
    differs(
        "PutBucketPolicy",
        "A policy that names everybody is public, whatever its conditions.",
    ),
    exact("PutBucketTagging"),
    differs("PutBucketVersioning", "MFA delete is not implemented."),
    differs(
        "PutObject",
        "`aws:kms:dsse`, an encryption context of one's own, Object Lock and appending are not \
         implemented.",
    ),
    exact("PutObjectTagging"),
    exact("PutPublicAccessBlock"),
    exact("UploadPart"),
    exact("UploadPartCopy"),
];

/// What a policy can allow that calls ask for here.
#[cfg(test)]
pub(crate) fn asks_for(action: &str) -> bool {
    let sources = [
        include_str!("buckets.rs"),
        include_str!("copy.rs"),
        include_str!("delete.rs"),
        include_str!("listing.rs"),
        include_str!("multipart.rs"),
        include_str!("needs.rs"),
        include_str!("objects.rs"),
        include_str!("settings.rs"),
        include_str!("tags.rs"),
    ];
    let quoted = format!("\"s3:{action}\"");
    sources.iter().any(|source| source.contains(&quoted))
}
