//! Which action an event's name stands for, where it is not the action's own name. Knows no
//! resource.
//!
//! Source: S3 User Guide, "Required permissions for Amazon S3 API operations"; KMS Developer
//! Guide, "ReEncrypt"; STS API Reference, section "Permissions" of the operations named.

use super::super::event::Event;

/// The prefix that policies use for an `eventSource`.
pub(super) fn prefix(source: &str) -> Option<&str> {
    let host = source.strip_suffix(".amazonaws.com")?;
    let other = PREFIXES.iter().find(|(name, _)| *name == host);
    match other {
        Some((_, prefix)) => Some(prefix),
        None => Some(host).filter(|host| !host.is_empty() && !host.contains(['.', ':'])),
    }
}

/// Whether the call needs no permission of anyone.
pub(super) fn is_free(prefix: &str, event: &str) -> bool {
    prefix == "sts" && FREE.contains(&event)
}

/// The action of the event's name.
pub(super) fn action<'v>(prefix: &str, event: &'v str) -> &'v str {
    let mut renamed = RENAMED.iter();
    let renamed = renamed.find(|(service, name, _)| *service == prefix && *name == event);
    renamed.map_or(event, |(_, _, action)| action)
}

/// The actions that a call of the event's name is decided by, without the prefix.
pub(super) fn actions<'v>(event: &Event<'v>, prefix: &str) -> Vec<&'v str> {
    let name = action(prefix, event.name);
    match prefix {
        "s3" if event.name == "GetObjectAttributes" => {
            let version = versioned(event, "GetObject");
            vec![version, versioned(event, name)]
        }
        "s3" => vec![versioned(event, name)],
        // Both are `extras`'s.
        "kms" if event.name == "ReEncrypt" => Vec::new(),
        _ => vec![name],
    }
}

/// The action on one version of an object, if the call names a version.
pub(super) fn versioned<'v>(event: &Event<'_>, action: &'v str) -> &'v str {
    if event.parameter_text("versionId").is_none() {
        return action;
    }
    let found = VERSIONED.iter().find(|(plain, _)| *plain == action);
    found.map_or(action, |(_, versioned)| versioned)
}

// Hosts whose first part is not the prefix, of services whose events are met often.
static PREFIXES: &[(&str, &str)] = &[
    ("email", "ses"),
    ("monitoring", "cloudwatch"),
    ("tagging", "tag"),
];

// "No permissions are required to perform this operation"; or the caller is nobody yet, and the
// role's trust policy alone decides.
static FREE: &[&str] = &[
    "AssumeRoleWithSAML",
    "AssumeRoleWithWebIdentity",
    "GetCallerIdentity",
    "GetSessionToken",
];

static VERSIONED: &[(&str, &str)] = &[
    ("DeleteObject", "DeleteObjectVersion"),
    ("DeleteObjectTagging", "DeleteObjectVersionTagging"),
    ("GetObject", "GetObjectVersion"),
    ("GetObjectAcl", "GetObjectVersionAcl"),
    ("GetObjectAttributes", "GetObjectVersionAttributes"),
    ("GetObjectTagging", "GetObjectVersionTagging"),
    ("GetObjectTorrent", "GetObjectVersionTorrent"),
    ("PutObjectAcl", "PutObjectVersionAcl"),
    ("PutObjectTagging", "PutObjectVersionTagging"),
];

#[rustfmt::skip]
static RENAMED: &[(&str, &str, &str)] = &[
    ("lambda", "Invoke", "InvokeFunction"),
    ("s3", "CompleteMultipartUpload", "PutObject"),
    ("s3", "CopyObject", "PutObject"),
    ("s3", "CreateMultipartUpload", "PutObject"),
    ("s3", "DeleteAccountPublicAccessBlock", "PutAccountPublicAccessBlock"),
    ("s3", "DeleteBucketAnalyticsConfiguration", "PutAnalyticsConfiguration"),
    ("s3", "DeleteBucketCors", "PutBucketCORS"),
    ("s3", "DeleteBucketEncryption", "PutEncryptionConfiguration"),
    ("s3", "DeleteBucketIntelligentTieringConfiguration", "PutIntelligentTieringConfiguration"),
    ("s3", "DeleteBucketInventoryConfiguration", "PutInventoryConfiguration"),
    ("s3", "DeleteBucketLifecycle", "PutLifecycleConfiguration"),
    ("s3", "DeleteBucketMetricsConfiguration", "PutMetricsConfiguration"),
    ("s3", "DeleteBucketOwnershipControls", "PutBucketOwnershipControls"),
    ("s3", "DeleteBucketPublicAccessBlock", "PutBucketPublicAccessBlock"),
    ("s3", "DeleteBucketReplication", "PutReplicationConfiguration"),
    ("s3", "DeleteBucketTagging", "PutBucketTagging"),
    ("s3", "DeleteObjects", "DeleteObject"),
    ("s3", "DeletePublicAccessBlock", "PutBucketPublicAccessBlock"),
    ("s3", "GetBucketAccelerateConfiguration", "GetAccelerateConfiguration"),
    ("s3", "GetBucketAnalyticsConfiguration", "GetAnalyticsConfiguration"),
    ("s3", "GetBucketEncryption", "GetEncryptionConfiguration"),
    ("s3", "GetBucketIntelligentTieringConfiguration", "GetIntelligentTieringConfiguration"),
    ("s3", "GetBucketInventoryConfiguration", "GetInventoryConfiguration"),
    ("s3", "GetBucketLifecycle", "GetLifecycleConfiguration"),
    ("s3", "GetBucketLifecycleConfiguration", "GetLifecycleConfiguration"),
    ("s3", "GetBucketMetricsConfiguration", "GetMetricsConfiguration"),
    ("s3", "GetBucketNotificationConfiguration", "GetBucketNotification"),
    ("s3", "GetBucketReplication", "GetReplicationConfiguration"),
    ("s3", "GetObjectLockConfiguration", "GetBucketObjectLockConfiguration"),
    ("s3", "GetPublicAccessBlock", "GetBucketPublicAccessBlock"),
    ("s3", "HeadBucket", "ListBucket"),
    ("s3", "HeadObject", "GetObject"),
    ("s3", "ListBucketAnalyticsConfigurations", "GetAnalyticsConfiguration"),
    ("s3", "ListBucketIntelligentTieringConfigurations", "GetIntelligentTieringConfiguration"),
    ("s3", "ListBucketInventoryConfigurations", "GetInventoryConfiguration"),
    ("s3", "ListBucketMetricsConfigurations", "GetMetricsConfiguration"),
    ("s3", "ListBuckets", "ListAllMyBuckets"),
    ("s3", "ListMultipartUploads", "ListBucketMultipartUploads"),
    ("s3", "ListObjectVersions", "ListBucketVersions"),
    ("s3", "ListObjects", "ListBucket"),
    ("s3", "ListObjectsV2", "ListBucket"),
    ("s3", "ListParts", "ListMultipartUploadParts"),
    ("s3", "PutBucketAccelerateConfiguration", "PutAccelerateConfiguration"),
    ("s3", "PutBucketAnalyticsConfiguration", "PutAnalyticsConfiguration"),
    ("s3", "PutBucketEncryption", "PutEncryptionConfiguration"),
    ("s3", "PutBucketIntelligentTieringConfiguration", "PutIntelligentTieringConfiguration"),
    ("s3", "PutBucketInventoryConfiguration", "PutInventoryConfiguration"),
    ("s3", "PutBucketLifecycle", "PutLifecycleConfiguration"),
    ("s3", "PutBucketLifecycleConfiguration", "PutLifecycleConfiguration"),
    ("s3", "PutBucketMetricsConfiguration", "PutMetricsConfiguration"),
    ("s3", "PutBucketNotificationConfiguration", "PutBucketNotification"),
    ("s3", "PutBucketReplication", "PutReplicationConfiguration"),
    ("s3", "PutObjectLockConfiguration", "PutBucketObjectLockConfiguration"),
    ("s3", "PutPublicAccessBlock", "PutBucketPublicAccessBlock"),
    ("s3", "SelectObjectContent", "GetObject"),
    ("s3", "UploadPart", "PutObject"),
    ("s3", "UploadPartCopy", "PutObject"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::Service;

    #[test]
    fn every_action_of_the_tables_is_one() {
        let versioned = VERSIONED.iter().flat_map(|(a, b)| [("s3", *a), ("s3", *b)]);
        let renamed = RENAMED
            .iter()
            .map(|(service, _, action)| (*service, *action));
        for (prefix, action) in versioned.chain(renamed) {
            if let Some(service) = Service::find(prefix) {
                assert_eq!(service.action(action).map(|it| it.name), Some(action));
            }
        }
    }

    #[test]
    fn no_event_is_renamed_twice_or_has_an_action_of_its_own() {
        for window in RENAMED.windows(2) {
            assert!(window[0] < window[1], "{window:?} out of order");
        }
        for (service, event, _) in RENAMED {
            let own = Service::find(service).and_then(|it| it.action(event));
            assert_eq!(own, None, "{event}");
        }
    }

    #[test]
    fn sources_that_are_no_hosts_of_services_have_no_prefix() {
        assert_eq!(prefix("monitoring.amazonaws.com"), Some("cloudwatch"));
        assert_eq!(prefix("s3.amazonaws.com"), Some("s3"));
        for source in [
            "",
            "s3",
            ".amazonaws.com",
            "s3.example.com",
            "a.b.amazonaws.com",
        ] {
            assert_eq!(prefix(source), None, "{source}");
        }
    }
}
