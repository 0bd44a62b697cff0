//! The condition keys that requests have here: the one table, each with its type and its source.
//!
//! A need and a context take a key of this table and no text, so that what is not in the table
//! cannot be supplied; `docs/conditions.md` is this table for people.
//!
//! Source of names and types: IAM User Guide, "AWS global condition context keys"; Service
//! Authorization Reference.

use policy::actions::KeyType;

/// A condition key, and where its value comes from.
#[derive(Debug, PartialEq, Eq)]
pub struct ConditionKey {
    /// As AWS spells it; `${TagKey}` is any tag's key, `${EncryptionContextKey}` likewise, and
    /// `${OidcProvider}` the URL of an identity provider without `https://`.
    pub name: &'static str,
    /// What it holds.
    pub kind: KeyType,
    /// Whether a request may have several values of it.
    pub multivalued: bool,
    /// What knows its value.
    pub source: Source,
    /// Which requests have it.
    pub when: &'static str,
}

/// What knows the value of a condition key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Who calls: the user, or the role of the session.
    Caller,
    /// The session: what it was made with.
    Session,
    /// The metadata service that gave the credentials to an instance.
    Instance,
    /// The connection and the head of the request.
    Network,
    /// The server: its clock, its region, and what it does not do.
    Server,
    /// A parameter of the call.
    Parameter,
    /// What the call is about.
    Resource,
}

impl Source {
    /// As it is printed.
    pub fn name(self) -> &'static str {
        match self {
            Source::Caller => "caller",
            Source::Session => "session",
            Source::Instance => "instance",
            Source::Network => "network",
            Source::Server => "server",
            Source::Parameter => "parameter",
            Source::Resource => "resource",
        }
    }
}

impl ConditionKey {
    /// The key of one tag, for a key that ends in `${TagKey}`, and likewise of other keys with a
    /// part which the request brings.
    pub(crate) fn of_part(&self, part: &str) -> String {
        let split = |open, close| {
            let (before, rest) = self.name.split_once(open)?;
            Some((before, rest.split_once::<char>(close)?.1))
        };
        // S3 writes its own in angle brackets.
        let split = split("${", '}').or_else(|| split("<", '>'));
        match split {
            Some((before, after)) => format!("{before}{part}{after}"),
            None => self.name.to_owned(),
        }
    }
}

macro_rules! keys {
    ($(
        $constant:ident $name:literal $kind:ident $($many:ident)?, $source:ident, $when:literal;
    )*) => {
        $(pub(crate) static $constant: ConditionKey = ConditionKey {
            name: $name,
            kind: KeyType::$kind,
            multivalued: false $(|| stringify!($many).len() == 4)?,
            source: Source::$source,
            when: $when,
        };)*

        /// Every condition key that a request can have here.
        pub static CONDITION_KEYS: &[&ConditionKey] = &[$(&$constant,)*];
    };
}

keys! {
    PRINCIPAL_ARN "aws:PrincipalArn" Arn, Caller, "all; a session has its role's ARN";
    PRINCIPAL_ACCOUNT "aws:PrincipalAccount" String, Caller, "all";
    PRINCIPAL_ORG_ID "aws:PrincipalOrgID" String, Caller, "of accounts in an organization";
    PRINCIPAL_ORG_PATHS "aws:PrincipalOrgPaths" String many, Caller,
        "of accounts in an organization";
    PRINCIPAL_TYPE "aws:PrincipalType" String, Caller,
        "all: `User`, `AssumedRole` or `FederatedUser`";
    PRINCIPAL_TAG "aws:PrincipalTag/${TagKey}" String, Caller,
        "of tagged users and roles, and of sessions with tags, which count first";
    PRINCIPAL_IS_AWS_SERVICE "aws:PrincipalIsAWSService" Bool, Caller, "all: `false`";
    USER_ID "aws:userid" String, Caller, "all; a session has `ROLE-ID:SESSION-NAME`";
    USER_NAME "aws:username" String, Caller, "of users";
    TOKEN_ISSUE_TIME "aws:TokenIssueTime" Date, Session, "of sessions";
    MFA_PRESENT "aws:MultiFactorAuthPresent" Bool, Session, "of sessions: `false`";
    SOURCE_IDENTITY "aws:SourceIdentity" String, Session, "of sessions that were made with one";
    FEDERATED_PROVIDER "aws:FederatedProvider" String, Session,
        "of sessions that were made with a web identity";
    ROLE_DELIVERY "ec2:RoleDelivery" Numeric, Instance,
        "of instances: `1.0` or `2.0`, by IMDS version";
    SOURCE_INSTANCE_ARN "ec2:SourceInstanceArn" Arn, Instance, "of instances";
    INSTANCE_SOURCE_VPC "aws:Ec2InstanceSourceVpc" String, Instance, "of instances";
    INSTANCE_SOURCE_IP "aws:Ec2InstanceSourcePrivateIPv4" IpAddress, Instance, "of instances";
    SOURCE_IP "aws:SourceIp" IpAddress, Network, "all that do not come from a VPC";
    SOURCE_VPC "aws:SourceVpc" String, Network,
        "that come from a VPC: from inside `rolecall instance enter`";
    VPC_SOURCE_IP "aws:VpcSourceIp" IpAddress, Network,
        "that come from a VPC: the instance's private address";
    SECURE_TRANSPORT "aws:SecureTransport" Bool, Network,
        "all: whether the call came over TLS";
    USER_AGENT "aws:UserAgent" String, Network, "with a `User-Agent` header";
    REFERER "aws:referer" String, Network, "with a `Referer` header";
    CURRENT_TIME "aws:CurrentTime" Date, Server, "all";
    EPOCH_TIME "aws:EpochTime" Date, Server, "all, in seconds";
    REQUESTED_REGION "aws:RequestedRegion" String, Server,
        "all; `us-east-1` for IAM, Organizations and STS";
    VIA_AWS_SERVICE "aws:ViaAWSService" Bool, Server,
        "all: `true` where Secrets Manager or S3 calls KMS for a caller";
    EC2_REGION "ec2:Region" String, Server, "of EC2's calls";
    RESOURCE_ACCOUNT "aws:ResourceAccount" String, Resource, "all";
    RESOURCE_ORG_ID "aws:ResourceOrgID" String, Resource,
        "about resources of accounts in an organization";
    RESOURCE_ORG_PATHS "aws:ResourceOrgPaths" String many, Resource,
        "about resources of accounts in an organization";
    RESOURCE_TAG "aws:ResourceTag/${TagKey}" String, Resource, "about tagged resources";
    REQUEST_TAG "aws:RequestTag/${TagKey}" String, Parameter, "that bring tags";
    TAG_KEYS "aws:TagKeys" String many, Parameter, "that bring tags";
    AUTOSCALING_FORCE_DELETE "autoscaling:ForceDelete" Bool, Parameter,
        "`DeleteAutoScalingGroup`";
    AUTOSCALING_IMAGE_ID "autoscaling:ImageId" String, Parameter, "`CreateLaunchConfiguration`";
    AUTOSCALING_INSTANCE_TYPE "autoscaling:InstanceType" String, Parameter,
        "`CreateLaunchConfiguration`";
    AUTOSCALING_CONFIGURATION_NAME "autoscaling:LaunchConfigurationName" String, Parameter,
        "that give a group a launch configuration";
    AUTOSCALING_VERSION_SPECIFIED "autoscaling:LaunchTemplateVersionSpecified" Bool, Parameter,
        "that give a group a launch template: whether with a version's number";
    AUTOSCALING_MAX_SIZE "autoscaling:MaxSize" Numeric, Parameter, "that set it";
    AUTOSCALING_HTTP_ENDPOINT "autoscaling:MetadataHttpEndpoint" String, Parameter,
        "`CreateLaunchConfiguration` with it";
    AUTOSCALING_HOP_LIMIT "autoscaling:MetadataHttpPutResponseHopLimit" Numeric, Parameter,
        "`CreateLaunchConfiguration` with it";
    AUTOSCALING_HTTP_TOKENS "autoscaling:MetadataHttpTokens" String, Parameter,
        "`CreateLaunchConfiguration` with it";
    AUTOSCALING_MIN_SIZE "autoscaling:MinSize" Numeric, Parameter, "that set it";
    AUTOSCALING_RESOURCE_TAG "autoscaling:ResourceTag/${TagKey}" String, Resource,
        "about tagged Auto Scaling groups";
    AUTOSCALING_SUBNETS "autoscaling:VPCZoneIdentifiers" String many, Parameter, "that set them";
    EC2_RESOURCE_TAG "ec2:ResourceTag/${TagKey}" String, Resource, "about tagged instances";
    EC2_ATTRIBUTE "ec2:Attribute" String, Parameter,
        "`ModifyInstanceAttribute`, `ModifyLaunchTemplate`: what they set";
    EC2_ATTRIBUTE_NAMED "ec2:Attribute/${AttributeName}" String, Parameter,
        "`ModifyInstanceMetadataDefaults`: what it sets, and to what";
    EC2_AVAILABILITY_ZONE "ec2:AvailabilityZone" String, Resource, "about an instance";
    EC2_CREATE_ACTION "ec2:CreateAction" String, Parameter,
        "`ec2:CreateTags` of a launch or a launch template";
    EC2_INSTANCE_ID "ec2:InstanceID" String, Resource, "about an instance";
    EC2_INSTANCE_PROFILE "ec2:InstanceProfile" Arn, Resource,
        "about an instance with one, and its launch";
    EC2_INSTANCE_TYPE "ec2:InstanceType" String, Resource, "about an instance, and its launch";
    EC2_HTTP_ENDPOINT "ec2:MetadataHttpEndpoint" String, Parameter, "that set it";
    EC2_HOP_LIMIT "ec2:MetadataHttpPutResponseHopLimit" Numeric, Parameter, "that set it";
    EC2_HTTP_TOKENS "ec2:MetadataHttpTokens" String, Parameter, "that set it";
    EC2_IS_LAUNCH_TEMPLATE_RESOURCE "ec2:IsLaunchTemplateResource" Bool, Parameter,
        "a launch by a template: whether the call itself does not name the resource";
    EC2_LAUNCH_TEMPLATE "ec2:LaunchTemplate" Arn, Parameter, "a launch by a template";
    IAM_PASSED_TO_SERVICE "iam:PassedToService" String, Parameter, "`iam:PassRole`";
    IAM_PERMISSIONS_BOUNDARY "iam:PermissionsBoundary" Arn, Parameter,
        "that set a permissions boundary, and that change or read a user or role that has one";
    IAM_POLICY_ARN "iam:PolicyARN" Arn, Parameter, "that attach or detach a managed policy";
    IAM_RESOURCE_TAG "iam:ResourceTag/${TagKey}" String, Resource,
        "about tagged users, roles, policies and profiles";
    KMS_BYPASS "kms:BypassPolicyLockoutSafetyCheck" Bool, Parameter,
        "`CreateKey` and `PutKeyPolicy`";
    KMS_CALLER_ACCOUNT "kms:CallerAccount" String, Caller, "of KMS's calls";
    KMS_DATA_KEY_PAIR_SPEC "kms:DataKeyPairSpec" String, Parameter,
        "`GenerateDataKeyPair` and `GenerateDataKeyPairWithoutPlaintext`";
    KMS_ALGORITHM "kms:EncryptionAlgorithm" String, Parameter, "that encrypt and decrypt";
    KMS_CONTEXT "kms:EncryptionContext:${EncryptionContextKey}" String, Parameter,
        "with an encryption context";
    KMS_CONTEXT_KEYS "kms:EncryptionContextKeys" String many, Parameter,
        "with an encryption context";
    KMS_GRANT_CONSTRAINT_TYPE "kms:GrantConstraintType" String, Parameter,
        "`CreateGrant` and `RetireGrant` of grants with a constraint";
    KMS_GRANT_FOR_AWS "kms:GrantIsForAWSResource" Bool, Server,
        "`CreateGrant`, `ListGrants` and `RevokeGrant`: `false`";
    KMS_GRANT_OPERATIONS "kms:GrantOperations" String many, Parameter, "`CreateGrant`";
    KMS_GRANTEE "kms:GranteePrincipal" String, Parameter, "`CreateGrant`";
    KMS_KEY_AGREEMENT_ALGORITHM "kms:KeyAgreementAlgorithm" String, Parameter,
        "`DeriveSharedSecret`";
    KMS_KEY_ORIGIN "kms:KeyOrigin" String, Resource, "about a KMS key, and `CreateKey`";
    KMS_KEY_SPEC "kms:KeySpec" String, Resource, "about a KMS key, and `CreateKey`";
    KMS_KEY_USAGE "kms:KeyUsage" String, Resource, "about a KMS key, and `CreateKey`";
    KMS_MAC_ALGORITHM "kms:MacAlgorithm" String, Parameter, "`GenerateMac` and `VerifyMac`";
    KMS_MESSAGE_TYPE "kms:MessageType" String, Parameter, "`Sign` and `Verify`";
    KMS_MULTI_REGION "kms:MultiRegion" Bool, Resource,
        "about a KMS key, and `CreateKey`: `false`";
    KMS_SAME_KEY "kms:ReEncryptOnSameKey" Bool, Parameter, "`ReEncrypt`";
    KMS_REQUEST_ALIAS "kms:RequestAlias" String, Parameter,
        "that use or describe a KMS key by an alias";
    KMS_RESOURCE_ALIASES "kms:ResourceAliases" String many, Resource,
        "about a KMS key with aliases";
    KMS_RETIRING "kms:RetiringPrincipal" String, Parameter, "`CreateGrant` with one";
    KMS_ROTATION_DAYS "kms:RotationPeriodInDays" Numeric, Parameter,
        "`EnableKeyRotation` with it";
    KMS_PENDING_DAYS "kms:ScheduleKeyDeletionPendingWindowInDays" Numeric, Parameter,
        "`ScheduleKeyDeletion`";
    KMS_SIGNING_ALGORITHM "kms:SigningAlgorithm" String, Parameter, "`Sign` and `Verify`";
    KMS_VIA_SERVICE "kms:ViaService" String, Server,
        "that Secrets Manager and S3 make to KMS for a caller";
    ORGANIZATIONS_POLICY_TYPE "organizations:PolicyType" String, Parameter,
        "about an organization's policies of one type";
    S3_EXISTING_TAG "s3:ExistingObjectTag/<key>" String, Resource, "about tagged objects";
    S3_LOCATION "s3:LocationConstraint" String, Parameter, "`CreateBucket` with one";
    S3_REQUEST_TAG "s3:RequestObjectTag/<key>" String, Parameter, "that bring tags of an object";
    S3_REQUEST_TAG_KEYS "s3:RequestObjectTagKeys" String many, Parameter,
        "that bring tags of an object";
    S3_RESOURCE_ACCOUNT "s3:ResourceAccount" String, Resource, "of S3's calls";
    S3_VERSION_ID "s3:VersionId" String, Parameter, "about a version of an object";
    S3_AUTH_TYPE "s3:authType" String, Network,
        "of S3's calls: `REST-HEADER` or `REST-QUERY-STRING`";
    S3_DELIMITER "s3:delimiter" String, Parameter, "that list a bucket with one";
    S3_IF_MATCH "s3:if-match" String, Parameter, "that put an object with it";
    S3_IF_NONE_MATCH "s3:if-none-match" String, Parameter, "that put an object with it";
    S3_MAX_KEYS "s3:max-keys" Numeric, Parameter, "that list a bucket with it";
    S3_PREFIX "s3:prefix" String, Parameter, "that list a bucket";
    S3_SIGNATURE_AGE "s3:signatureAge" Numeric, Network,
        "of presigned URLs: milliseconds since they were made";
    S3_SIGNATURE_VERSION "s3:signatureversion" String, Network,
        "of S3's calls: `AWS4-HMAC-SHA256`";
    S3_ACL "s3:x-amz-acl" String, Parameter, "that bring one";
    S3_CONTENT_HASH "s3:x-amz-content-sha256" String, Parameter, "of S3's calls with it";
    S3_COPY_SOURCE "s3:x-amz-copy-source" String, Parameter, "that copy an object";
    S3_METADATA_DIRECTIVE "s3:x-amz-metadata-directive" String, Parameter,
        "that copy an object with it";
    S3_OWNERSHIP "s3:x-amz-object-ownership" String, Parameter,
        "`CreateBucket` and `PutBucketOwnershipControls` with it";
    S3_SSE "s3:x-amz-server-side-encryption" String, Parameter, "that put an object with it";
    S3_SSE_KEY "s3:x-amz-server-side-encryption-aws-kms-key-id" Arn, Parameter,
        "that put an object with it";
    S3_SSE_CUSTOMER "s3:x-amz-server-side-encryption-customer-algorithm" String, Parameter,
        "that put an object with it";
    S3_STORAGE_CLASS "s3:x-amz-storage-class" String, Parameter, "that put an object with it";
    SECRET_ADD_REPLICA_REGIONS "secretsmanager:AddReplicaRegions" String many, Parameter,
        "`CreateSecret` and `ReplicateSecretToRegions` with regions";
    SECRET_BLOCK_PUBLIC_POLICY "secretsmanager:BlockPublicPolicy" Bool, Parameter,
        "`PutResourcePolicy` with it";
    SECRET_FORCE_OVERWRITE "secretsmanager:ForceOverwriteReplicaSecret" Bool, Parameter,
        "`CreateSecret` and `ReplicateSecretToRegions` with regions";
    SECRET_ID "secretsmanager:SecretId" Arn, Parameter, "about a secret, as it was named";
    SECRET_MODIFIES_RULES "secretsmanager:ModifyRotationRules" Bool, Parameter,
        "`RotateSecret`: whether with rules";
    SECRET_NAME "secretsmanager:Name" String, Parameter, "`CreateSecret`";
    SECRET_PRIMARY_REGION "secretsmanager:SecretPrimaryRegion" String, Resource,
        "about secrets that have copies in other regions, or are such";
    SECRET_RESOURCE_TAG "secretsmanager:ResourceTag/${TagKey}" String, Resource,
        "about tagged secrets";
    SECRET_ROTATES_NOW "secretsmanager:RotateImmediately" Bool, Parameter, "`RotateSecret`";
    SECRET_FUNCTION "secretsmanager:RotationLambdaARN" Arn, Parameter, "`RotateSecret` with one";
    SECRET_OWN_FUNCTION "secretsmanager:resource/AllowRotationLambdaArn" Arn, Resource,
        "about a secret with a rotation function";
    SECRET_VERSION_ID "secretsmanager:VersionId" String, Parameter, "`GetSecretValue` with one";
    SECRET_VERSION_STAGE "secretsmanager:VersionStage" String, Parameter,
        "`GetSecretValue`, `UpdateSecretVersionStage`";
    OIDC_AMR "${OidcProvider}:amr" String many, Parameter,
        "`AssumeRoleWithWebIdentity`, from the token";
    OIDC_AUD "${OidcProvider}:aud" String, Parameter,
        "`AssumeRoleWithWebIdentity`: `azp` of the token if it has it, else `aud`";
    OIDC_SUB "${OidcProvider}:sub" String, Parameter,
        "`AssumeRoleWithWebIdentity`, from the token";
    STS_EXTERNAL_ID "sts:ExternalId" String, Parameter, "`AssumeRole` with one";
    STS_ROLE_SESSION_NAME "sts:RoleSessionName" String, Parameter,
        "`AssumeRole`, `AssumeRoleWithWebIdentity`";
    STS_SOURCE_IDENTITY "sts:SourceIdentity" String, Parameter, "`AssumeRole` with one";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use policy::actions::{self, Service};

    use super::*;

    #[test]
    fn every_key_is_one_that_aws_publishes_with_its_type() {
        // Those of an identity provider begin with its URL.
        let published = |key: &&&ConditionKey| !key.name.starts_with("${");
        for key in CONDITION_KEYS.iter().filter(published) {
            let name = key.of_part("team");
            let prefix = name.split(':').next().unwrap();
            let own = Service::find(prefix).and_then(|service| service.key(&name));
            let known = actions::global_key(&name).or(own);
            let known = known.unwrap_or_else(|| panic!("no {name}"));
            assert_eq!(
                (known.kind, known.multivalued),
                (key.kind, key.multivalued),
                "{name}"
            );
        }
    }

    #[test]
    fn the_page_is_the_table() {
        let page = include_str!("../../../../docs/conditions.md");
        let rows: Vec<&str> = page
            .lines()
            .filter(|line| line.starts_with("| `"))
            .collect();
        let expected: Vec<String> = CONDITION_KEYS
            .iter()
            .map(|key| {
                let ConditionKey { name, when, .. } = key;
                let many = if key.multivalued { ", several" } else { "" };
                let source = key.source.name();
                format!("| `{name}` | {:?}{many} | {source} | {when} |", key.kind)
            })
            .collect();
        assert_eq!(rows, expected);
    }

    #[test]
    fn no_key_is_there_twice() {
        let names: BTreeSet<String> = CONDITION_KEYS
            .iter()
            .map(|key| key.name.to_ascii_lowercase())
            .collect();
        assert_eq!(names.len(), CONDITION_KEYS.len());
    }
}
