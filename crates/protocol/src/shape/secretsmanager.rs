//! Shapes of secretsmanager, made by `cargo xtask shapes` from botocore 1.44.5; not edited by hand.
//! Facts only, no documentation text.

use super::table::{
    blob, boolean, error, integer, list, map, member, operation, string, structure, timestamp,
};
use super::{ErrorShape, Pattern, Protocol, Service, Shape, Text};

pub(super) static SERVICE: Service = Service {
    name: "secretsmanager",
    protocol: Protocol::Json {
        version: "1.1",
        target_prefix: "secretsmanager",
    },
    api_version: "2017-10-17",
    operations: &[
        operation("BatchGetSecretValue")
            .takes(&BATCH_GET_SECRET_VALUE_REQUEST)
            .returns(&BATCH_GET_SECRET_VALUE_RESPONSE)
            .fails(&[
                &RESOURCE_NOT_FOUND_EXCEPTION,
                &INVALID_PARAMETER_EXCEPTION,
                &INVALID_REQUEST_EXCEPTION,
                &DECRYPTION_FAILURE,
                &INTERNAL_SERVICE_ERROR,
                &INVALID_NEXT_TOKEN_EXCEPTION,
            ]),
        operation("CancelRotateSecret")
            .takes(&CANCEL_ROTATE_SECRET_REQUEST)
            .returns(&CANCEL_ROTATE_SECRET_RESPONSE)
            .fails(&[
                &RESOURCE_NOT_FOUND_EXCEPTION,
                &INVALID_PARAMETER_EXCEPTION,
                &INTERNAL_SERVICE_ERROR,
                &INVALID_REQUEST_EXCEPTION,
            ]),
        operation("CreateSecret")
            .takes(&CREATE_SECRET_REQUEST)
            .returns(&CREATE_SECRET_RESPONSE)
            .fails(&[
                &INVALID_PARAMETER_EXCEPTION,
                &INVALID_REQUEST_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &ENCRYPTION_FAILURE,
                &RESOURCE_EXISTS_EXCEPTION,
                &RESOURCE_NOT_FOUND_EXCEPTION,
                &MALFORMED_POLICY_DOCUMENT_EXCEPTION,
                &INTERNAL_SERVICE_ERROR,
                &PRECONDITION_NOT_MET_EXCEPTION,
                &DECRYPTION_FAILURE,
            ]),
        operation("DeleteResourcePolicy")
            .takes(&DELETE_RESOURCE_POLICY_REQUEST)
            .returns(&DELETE_RESOURCE_POLICY_RESPONSE)
            .fails(&[
                &RESOURCE_NOT_FOUND_EXCEPTION,
                &INTERNAL_SERVICE_ERROR,
                &INVALID_REQUEST_EXCEPTION,
                &INVALID_PARAMETER_EXCEPTION,
            ]),
        operation("DeleteSecret")
            .takes(&DELETE_SECRET_REQUEST)
            .returns(&DELETE_SECRET_RESPONSE)
            .fails(&[
                &RESOURCE_NOT_FOUND_EXCEPTION,
                &INVALID_PARAMETER_EXCEPTION,
                &INVALID_REQUEST_EXCEPTION,
                &INTERNAL_SERVICE_ERROR,
            ]),
        operation("DescribeSecret")
            .takes(&DESCRIBE_SECRET_REQUEST)
            .returns(&DESCRIBE_SECRET_RESPONSE)
            .fails(&[
                &RESOURCE_NOT_FOUND_EXCEPTION,
                &INTERNAL_SERVICE_ERROR,
                &INVALID_PARAMETER_EXCEPTION,
            ]),
        operation("GetRandomPassword")
            .takes(&GET_RANDOM_PASSWORD_REQUEST)
            .returns(&GET_RANDOM_PASSWORD_RESPONSE)
            .fails(&[
                &INVALID_PARAMETER_EXCEPTION,
                &INVALID_REQUEST_EXCEPTION,
                &INTERNAL_SERVICE_ERROR,
            ]),
        operation("GetResourcePolicy")
            .takes(&GET_RESOURCE_POLICY_REQUEST)
            .returns(&GET_RESOURCE_POLICY_RESPONSE)
            .fails(&[
                &RESOURCE_NOT_FOUND_EXCEPTION,
                &INTERNAL_SERVICE_ERROR,
                &INVALID_REQUEST_EXCEPTION,
                &INVALID_PARAMETER_EXCEPTION,
            ]),
        operation("GetSecretValue")
            .takes(&GET_SECRET_VALUE_REQUEST)
            .returns(&GET_SECRET_VALUE_RESPONSE)
            .fails(&[
                &RESOURCE_NOT_FOUND_EXCEPTION,
                &INVALID_PARAMETER_EXCEPTION,
                &INVALID_REQUEST_EXCEPTION,
                &DECRYPTION_FAILURE,
                &INTERNAL_SERVICE_ERROR,
            ]),
        operation("ListSecretVersionIds")
            .takes(&LIST_SECRET_VERSION_IDS_REQUEST)
            .returns(&LIST_SECRET_VERSION_IDS_RESPONSE)
            .fails(&[
                &INVALID_NEXT_TOKEN_EXCEPTION,
                &RESOURCE_NOT_FOUND_EXCEPTION,
                &INTERNAL_SERVICE_ERROR,
                &INVALID_PARAMETER_EXCEPTION,
            ]),
        operation("ListSecrets")
            .takes(&LIST_SECRETS_REQUEST)
            .returns(&LIST_SECRETS_RESPONSE)
            .fails(&[
                &INVALID_PARAMETER_EXCEPTION,
                &INVALID_REQUEST_EXCEPTION,
                &INVALID_NEXT_TOKEN_EXCEPTION,
                &INTERNAL_SERVICE_ERROR,
            ]),
        operation("PutResourcePolicy")
            .takes(&PUT_RESOURCE_POLICY_REQUEST)
            .returns(&PUT_RESOURCE_POLICY_RESPONSE)
            .fails(&[
                &MALFORMED_POLICY_DOCUMENT_EXCEPTION,
                &RESOURCE_NOT_FOUND_EXCEPTION,
                &INVALID_PARAMETER_EXCEPTION,
                &INTERNAL_SERVICE_ERROR,
                &INVALID_REQUEST_EXCEPTION,
                &PUBLIC_POLICY_EXCEPTION,
            ]),
        operation("PutSecretValue")
            .takes(&PUT_SECRET_VALUE_REQUEST)
            .returns(&PUT_SECRET_VALUE_RESPONSE)
            .fails(&[
                &INVALID_PARAMETER_EXCEPTION,
                &INVALID_REQUEST_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &ENCRYPTION_FAILURE,
                &RESOURCE_EXISTS_EXCEPTION,
                &RESOURCE_NOT_FOUND_EXCEPTION,
                &INTERNAL_SERVICE_ERROR,
                &DECRYPTION_FAILURE,
            ]),
        operation("RemoveRegionsFromReplication")
            .takes(&REMOVE_REGIONS_FROM_REPLICATION_REQUEST)
            .returns(&REMOVE_REGIONS_FROM_REPLICATION_RESPONSE)
            .fails(&[
                &RESOURCE_NOT_FOUND_EXCEPTION,
                &INVALID_REQUEST_EXCEPTION,
                &INVALID_PARAMETER_EXCEPTION,
                &INTERNAL_SERVICE_ERROR,
            ]),
        operation("ReplicateSecretToRegions")
            .takes(&REPLICATE_SECRET_TO_REGIONS_REQUEST)
            .returns(&REPLICATE_SECRET_TO_REGIONS_RESPONSE)
            .fails(&[
                &RESOURCE_NOT_FOUND_EXCEPTION,
                &INVALID_REQUEST_EXCEPTION,
                &INVALID_PARAMETER_EXCEPTION,
                &INTERNAL_SERVICE_ERROR,
            ]),
        operation("RestoreSecret")
            .takes(&RESTORE_SECRET_REQUEST)
            .returns(&RESTORE_SECRET_RESPONSE)
            .fails(&[
                &RESOURCE_NOT_FOUND_EXCEPTION,
                &INVALID_PARAMETER_EXCEPTION,
                &INVALID_REQUEST_EXCEPTION,
                &INTERNAL_SERVICE_ERROR,
            ]),
        operation("RotateSecret")
            .takes(&ROTATE_SECRET_REQUEST)
            .returns(&ROTATE_SECRET_RESPONSE)
            .fails(&[
                &RESOURCE_NOT_FOUND_EXCEPTION,
                &INVALID_PARAMETER_EXCEPTION,
                &INTERNAL_SERVICE_ERROR,
                &INVALID_REQUEST_EXCEPTION,
            ]),
        operation("StopReplicationToReplica")
            .takes(&STOP_REPLICATION_TO_REPLICA_REQUEST)
            .returns(&STOP_REPLICATION_TO_REPLICA_RESPONSE)
            .fails(&[
                &RESOURCE_NOT_FOUND_EXCEPTION,
                &INVALID_REQUEST_EXCEPTION,
                &INVALID_PARAMETER_EXCEPTION,
                &INTERNAL_SERVICE_ERROR,
            ]),
        operation("TagResource")
            .takes(&TAG_RESOURCE_REQUEST)
            .fails(&[
                &RESOURCE_NOT_FOUND_EXCEPTION,
                &INVALID_REQUEST_EXCEPTION,
                &INVALID_PARAMETER_EXCEPTION,
                &INTERNAL_SERVICE_ERROR,
            ]),
        operation("UntagResource")
            .takes(&UNTAG_RESOURCE_REQUEST)
            .fails(&[
                &RESOURCE_NOT_FOUND_EXCEPTION,
                &INVALID_REQUEST_EXCEPTION,
                &INVALID_PARAMETER_EXCEPTION,
                &INTERNAL_SERVICE_ERROR,
            ]),
        operation("UpdateSecret")
            .takes(&UPDATE_SECRET_REQUEST)
            .returns(&UPDATE_SECRET_RESPONSE)
            .fails(&[
                &INVALID_PARAMETER_EXCEPTION,
                &INVALID_REQUEST_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &ENCRYPTION_FAILURE,
                &RESOURCE_EXISTS_EXCEPTION,
                &RESOURCE_NOT_FOUND_EXCEPTION,
                &MALFORMED_POLICY_DOCUMENT_EXCEPTION,
                &INTERNAL_SERVICE_ERROR,
                &PRECONDITION_NOT_MET_EXCEPTION,
                &DECRYPTION_FAILURE,
            ]),
        operation("UpdateSecretVersionStage")
            .takes(&UPDATE_SECRET_VERSION_STAGE_REQUEST)
            .returns(&UPDATE_SECRET_VERSION_STAGE_RESPONSE)
            .fails(&[
                &RESOURCE_NOT_FOUND_EXCEPTION,
                &INVALID_PARAMETER_EXCEPTION,
                &INVALID_REQUEST_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &INTERNAL_SERVICE_ERROR,
            ]),
        operation("ValidateResourcePolicy")
            .takes(&VALIDATE_RESOURCE_POLICY_REQUEST)
            .returns(&VALIDATE_RESOURCE_POLICY_RESPONSE)
            .fails(&[
                &MALFORMED_POLICY_DOCUMENT_EXCEPTION,
                &RESOURCE_NOT_FOUND_EXCEPTION,
                &INVALID_PARAMETER_EXCEPTION,
                &INTERNAL_SERVICE_ERROR,
                &INVALID_REQUEST_EXCEPTION,
            ]),
    ],
};

static API_ERROR_LIST_TYPE: Shape = list("APIErrorListType", &API_ERROR_TYPE, None, None, None);

static API_ERROR_TYPE: Shape = structure(
    "APIErrorType",
    &[
        member("SecretId", &SECRET_ID_TYPE),
        member("ErrorCode", &ERROR_CODE),
        member("Message", &ERROR_MESSAGE),
    ],
);

static ADD_REPLICA_REGION_LIST_TYPE: Shape = list(
    "AddReplicaRegionListType",
    &REPLICA_REGION_TYPE,
    None,
    Some(1),
    None,
);

static AUTOMATICALLY_ROTATE_AFTER_DAYS_TYPE: Shape =
    integer("AutomaticallyRotateAfterDaysType", 64, Some(1), Some(1_000));

static BATCH_GET_SECRET_VALUE_REQUEST: Shape = structure(
    "BatchGetSecretValueRequest",
    &[
        member("SecretIdList", &SECRET_ID_LIST_TYPE),
        member("Filters", &FILTERS_LIST_TYPE),
        member("MaxResults", &MAX_RESULTS_BATCH_TYPE),
        member("NextToken", &NEXT_TOKEN_TYPE),
    ],
);

static BATCH_GET_SECRET_VALUE_RESPONSE: Shape = structure(
    "BatchGetSecretValueResponse",
    &[
        member("SecretValues", &SECRET_VALUES_TYPE),
        member("NextToken", &NEXT_TOKEN_TYPE),
        member("Errors", &API_ERROR_LIST_TYPE),
    ],
);

static BOOLEAN_TYPE: Shape = boolean("BooleanType");

static CANCEL_ROTATE_SECRET_REQUEST: Shape = structure(
    "CancelRotateSecretRequest",
    &[member("SecretId", &SECRET_ID_TYPE).required()],
);

static CANCEL_ROTATE_SECRET_RESPONSE: Shape = structure(
    "CancelRotateSecretResponse",
    &[
        member("ARN", &SECRET_ARN_TYPE),
        member("Name", &SECRET_NAME_TYPE),
        member("VersionId", &SECRET_VERSION_ID_TYPE),
    ],
);

static CLIENT_REQUEST_TOKEN_TYPE: Shape =
    string("ClientRequestTokenType", Text::ANY.min(32).max(64));

static CREATE_SECRET_REQUEST: Shape = structure(
    "CreateSecretRequest",
    &[
        member("Name", &NAME_TYPE).required(),
        member("ClientRequestToken", &CLIENT_REQUEST_TOKEN_TYPE),
        member("Description", &DESCRIPTION_TYPE),
        member("KmsKeyId", &KMS_KEY_ID_TYPE),
        member("SecretBinary", &SECRET_BINARY_TYPE),
        member("SecretString", &SECRET_STRING_TYPE),
        member("Tags", &TAG_LIST_TYPE),
        member("AddReplicaRegions", &ADD_REPLICA_REGION_LIST_TYPE),
        member("ForceOverwriteReplicaSecret", &BOOLEAN_TYPE),
        member("Type", &MEDEA_TYPE_TYPE),
        member("CrossAccountPrimaryARN", &SECRET_ARN_TYPE),
    ],
);

static CREATE_SECRET_RESPONSE: Shape = structure(
    "CreateSecretResponse",
    &[
        member("ARN", &SECRET_ARN_TYPE),
        member("Name", &SECRET_NAME_TYPE),
        member("VersionId", &SECRET_VERSION_ID_TYPE),
        member("ReplicationStatus", &REPLICATION_STATUS_LIST_TYPE),
    ],
);

static CREATED_DATE_TYPE: Shape = timestamp("CreatedDateType");

static CROSS_ACCOUNT_PRIMARY_TYPE: Shape = structure(
    "CrossAccountPrimaryType",
    &[
        member("PrimarySecretARN", &SECRET_ARN_TYPE),
        member("ReplicationStatus", &STATUS_TYPE),
        member("StatusMessage", &STATUS_MESSAGE_TYPE),
    ],
);

static CROSS_ACCOUNT_REPLICA_ENTRY: Shape = structure(
    "CrossAccountReplicaEntry",
    &[
        member("ReplicaSecretARN", &SECRET_ARN_TYPE),
        member("ReplicationRoleARN", &ROLE_ARN_TYPE),
        member("ReplicationStatus", &STATUS_TYPE),
        member("StatusMessage", &STATUS_MESSAGE_TYPE),
    ],
);

static CROSS_ACCOUNT_REPLICA_LIST_TYPE: Shape = list(
    "CrossAccountReplicaListType",
    &CROSS_ACCOUNT_REPLICA_ENTRY,
    None,
    Some(1),
    Some(100),
);

static DELETE_RESOURCE_POLICY_REQUEST: Shape = structure(
    "DeleteResourcePolicyRequest",
    &[
        member("SecretId", &SECRET_ID_TYPE).required(),
        member("PolicyName", &RESOURCE_POLICY_NAME_TYPE),
    ],
);

static DELETE_RESOURCE_POLICY_RESPONSE: Shape = structure(
    "DeleteResourcePolicyResponse",
    &[
        member("ARN", &SECRET_ARN_TYPE),
        member("Name", &NAME_TYPE),
        member("PolicyName", &RESOURCE_POLICY_NAME_TYPE),
    ],
);

static DELETE_SECRET_REQUEST: Shape = structure(
    "DeleteSecretRequest",
    &[
        member("SecretId", &SECRET_ID_TYPE).required(),
        member("RecoveryWindowInDays", &RECOVERY_WINDOW_IN_DAYS_TYPE),
        member("ForceDeleteWithoutRecovery", &BOOLEAN_TYPE),
    ],
);

static DELETE_SECRET_RESPONSE: Shape = structure(
    "DeleteSecretResponse",
    &[
        member("ARN", &SECRET_ARN_TYPE),
        member("Name", &SECRET_NAME_TYPE),
        member("DeletionDate", &DELETION_DATE_TYPE),
    ],
);

static DELETED_DATE_TYPE: Shape = timestamp("DeletedDateType");

static DELETION_DATE_TYPE: Shape = timestamp("DeletionDateType");

static DESCRIBE_SECRET_REQUEST: Shape = structure(
    "DescribeSecretRequest",
    &[member("SecretId", &SECRET_ID_TYPE).required()],
);

static DESCRIBE_SECRET_RESPONSE: Shape = structure(
    "DescribeSecretResponse",
    &[
        member("ARN", &SECRET_ARN_TYPE),
        member("Name", &SECRET_NAME_TYPE),
        member("Type", &MEDEA_TYPE_TYPE),
        member("Description", &DESCRIPTION_TYPE),
        member("KmsKeyId", &KMS_KEY_ID_TYPE),
        member("RotationEnabled", &ROTATION_ENABLED_TYPE),
        member("RotationLambdaARN", &ROTATION_LAMBDA_ARN_TYPE),
        member("RotationRules", &ROTATION_RULES_TYPE),
        member(
            "ExternalSecretRotationMetadata",
            &EXTERNAL_SECRET_ROTATION_METADATA_TYPE,
        ),
        member("ExternalSecretRotationRoleArn", &ROLE_ARN_TYPE),
        member("LastRotatedDate", &LAST_ROTATED_DATE_TYPE),
        member("LastChangedDate", &LAST_CHANGED_DATE_TYPE),
        member("LastAccessedDate", &LAST_ACCESSED_DATE_TYPE),
        member("DeletedDate", &DELETED_DATE_TYPE),
        member("NextRotationDate", &NEXT_ROTATION_DATE_TYPE),
        member("Tags", &TAG_LIST_TYPE),
        member("VersionIdsToStages", &SECRET_VERSIONS_TO_STAGES_MAP_TYPE),
        member("OwningService", &OWNING_SERVICE_TYPE),
        member("CreatedDate", &TIMESTAMP_TYPE),
        member("PrimaryRegion", &REGION_TYPE),
        member("ReplicationStatus", &REPLICATION_STATUS_LIST_TYPE),
        member("CrossAccountPrimary", &CROSS_ACCOUNT_PRIMARY_TYPE),
        member("CrossAccountReplicas", &CROSS_ACCOUNT_REPLICA_LIST_TYPE),
    ],
);

static DESCRIPTION_TYPE: Shape = string("DescriptionType", Text::ANY.max(2_048));

static DURATION_TYPE_PATTERN: Pattern = Pattern::new(r"[0-9]+h");

static DURATION_TYPE: Shape = string(
    "DurationType",
    Text::ANY.min(2).max(3).pattern(&DURATION_TYPE_PATTERN),
);

static ERROR_CODE: Shape = string("ErrorCode", Text::ANY);

static ERROR_MESSAGE: Shape = string("ErrorMessage", Text::ANY);

static EXCLUDE_CHARACTERS_TYPE: Shape =
    string("ExcludeCharactersType", Text::ANY.min(0).max(4_096));

static EXCLUDE_LOWERCASE_TYPE: Shape = boolean("ExcludeLowercaseType");

static EXCLUDE_NUMBERS_TYPE: Shape = boolean("ExcludeNumbersType");

static EXCLUDE_PUNCTUATION_TYPE: Shape = boolean("ExcludePunctuationType");

static EXCLUDE_UPPERCASE_TYPE: Shape = boolean("ExcludeUppercaseType");

static EXTERNAL_SECRET_ROTATION_METADATA_ITEM: Shape = structure(
    "ExternalSecretRotationMetadataItem",
    &[
        member("Key", &EXTERNAL_SECRET_ROTATION_METADATA_ITEM_KEY_TYPE),
        member("Value", &EXTERNAL_SECRET_ROTATION_METADATA_ITEM_VALUE_TYPE),
    ],
);

static EXTERNAL_SECRET_ROTATION_METADATA_ITEM_KEY_TYPE: Shape = string(
    "ExternalSecretRotationMetadataItemKeyType",
    Text::ANY.min(1).max(256),
);

static EXTERNAL_SECRET_ROTATION_METADATA_ITEM_VALUE_TYPE: Shape = string(
    "ExternalSecretRotationMetadataItemValueType",
    Text::ANY.min(1).max(2_048),
);

static EXTERNAL_SECRET_ROTATION_METADATA_TYPE: Shape = list(
    "ExternalSecretRotationMetadataType",
    &EXTERNAL_SECRET_ROTATION_METADATA_ITEM,
    None,
    None,
    None,
);

static FILTER: Shape = structure(
    "Filter",
    &[
        member("Key", &FILTER_NAME_STRING_TYPE),
        member("Values", &FILTER_VALUES_STRING_LIST),
    ],
);

static FILTER_NAME_STRING_TYPE: Shape = string(
    "FilterNameStringType",
    Text::ANY.values(&[
        "description",
        "name",
        "tag-key",
        "tag-value",
        "primary-region",
        "owning-service",
        "all",
    ]),
);

static FILTER_VALUE_STRING_TYPE_PATTERN: Pattern =
    Pattern::new(r"^\!?[a-zA-Z0-9 :_@\/\+\=\.\-\!]*$");

static FILTER_VALUE_STRING_TYPE: Shape = string(
    "FilterValueStringType",
    Text::ANY
        .max(512)
        .pattern(&FILTER_VALUE_STRING_TYPE_PATTERN),
);

static FILTER_VALUES_STRING_LIST: Shape = list(
    "FilterValuesStringList",
    &FILTER_VALUE_STRING_TYPE,
    None,
    Some(1),
    Some(10),
);

static FILTERS_LIST_TYPE: Shape = list("FiltersListType", &FILTER, None, None, Some(10));

static GET_RANDOM_PASSWORD_REQUEST: Shape = structure(
    "GetRandomPasswordRequest",
    &[
        member("PasswordLength", &PASSWORD_LENGTH_TYPE),
        member("ExcludeCharacters", &EXCLUDE_CHARACTERS_TYPE),
        member("ExcludeNumbers", &EXCLUDE_NUMBERS_TYPE),
        member("ExcludePunctuation", &EXCLUDE_PUNCTUATION_TYPE),
        member("ExcludeUppercase", &EXCLUDE_UPPERCASE_TYPE),
        member("ExcludeLowercase", &EXCLUDE_LOWERCASE_TYPE),
        member("IncludeSpace", &INCLUDE_SPACE_TYPE),
        member("RequireEachIncludedType", &REQUIRE_EACH_INCLUDED_TYPE_TYPE),
    ],
);

static GET_RANDOM_PASSWORD_RESPONSE: Shape = structure(
    "GetRandomPasswordResponse",
    &[member("RandomPassword", &RANDOM_PASSWORD_TYPE)],
);

static GET_RESOURCE_POLICY_REQUEST: Shape = structure(
    "GetResourcePolicyRequest",
    &[
        member("SecretId", &SECRET_ID_TYPE).required(),
        member("PolicyName", &RESOURCE_POLICY_NAME_TYPE),
    ],
);

static GET_RESOURCE_POLICY_RESPONSE: Shape = structure(
    "GetResourcePolicyResponse",
    &[
        member("ARN", &SECRET_ARN_TYPE),
        member("Name", &NAME_TYPE),
        member("ResourcePolicy", &NON_EMPTY_RESOURCE_POLICY_TYPE),
        member("PolicyName", &RESOURCE_POLICY_NAME_TYPE),
    ],
);

static GET_SECRET_VALUE_REQUEST: Shape = structure(
    "GetSecretValueRequest",
    &[
        member("SecretId", &SECRET_ID_TYPE).required(),
        member("VersionId", &SECRET_VERSION_ID_TYPE),
        member("VersionStage", &SECRET_VERSION_STAGE_TYPE),
    ],
);

static GET_SECRET_VALUE_RESPONSE: Shape = structure(
    "GetSecretValueResponse",
    &[
        member("ARN", &SECRET_ARN_TYPE),
        member("Name", &SECRET_NAME_TYPE),
        member("VersionId", &SECRET_VERSION_ID_TYPE),
        member("SecretBinary", &SECRET_BINARY_TYPE),
        member("SecretString", &SECRET_STRING_TYPE),
        member("VersionStages", &SECRET_VERSION_STAGES_TYPE),
        member("CreatedDate", &CREATED_DATE_TYPE),
    ],
);

static INCLUDE_SPACE_TYPE: Shape = boolean("IncludeSpaceType");

static KMS_KEY_ID_LIST_TYPE: Shape = list("KmsKeyIdListType", &KMS_KEY_ID_TYPE, None, None, None);

static KMS_KEY_ID_TYPE: Shape = string("KmsKeyIdType", Text::ANY.min(0).max(2_048));

static LAST_ACCESSED_DATE_TYPE: Shape = timestamp("LastAccessedDateType");

static LAST_CHANGED_DATE_TYPE: Shape = timestamp("LastChangedDateType");

static LAST_ROTATED_DATE_TYPE: Shape = timestamp("LastRotatedDateType");

static LIST_SECRET_VERSION_IDS_REQUEST: Shape = structure(
    "ListSecretVersionIdsRequest",
    &[
        member("SecretId", &SECRET_ID_TYPE).required(),
        member("MaxResults", &MAX_RESULTS_TYPE),
        member("NextToken", &NEXT_TOKEN_TYPE),
        member("IncludeDeprecated", &BOOLEAN_TYPE),
    ],
);

static LIST_SECRET_VERSION_IDS_RESPONSE: Shape = structure(
    "ListSecretVersionIdsResponse",
    &[
        member("Versions", &SECRET_VERSIONS_LIST_TYPE),
        member("NextToken", &NEXT_TOKEN_TYPE),
        member("ARN", &SECRET_ARN_TYPE),
        member("Name", &SECRET_NAME_TYPE),
    ],
);

static LIST_SECRETS_REQUEST: Shape = structure(
    "ListSecretsRequest",
    &[
        member("IncludePlannedDeletion", &BOOLEAN_TYPE),
        member("MaxResults", &MAX_RESULTS_TYPE),
        member("NextToken", &NEXT_TOKEN_TYPE),
        member("Filters", &FILTERS_LIST_TYPE),
        member("SortOrder", &SORT_ORDER_TYPE),
        member("SortBy", &SORT_BY_TYPE),
    ],
);

static LIST_SECRETS_RESPONSE: Shape = structure(
    "ListSecretsResponse",
    &[
        member("SecretList", &SECRET_LIST_TYPE),
        member("NextToken", &NEXT_TOKEN_TYPE),
    ],
);

static MAX_RESULTS_BATCH_TYPE: Shape = integer("MaxResultsBatchType", 32, Some(1), Some(20));

static MAX_RESULTS_TYPE: Shape = integer("MaxResultsType", 32, Some(1), Some(100));

static MEDEA_TYPE_TYPE: Shape = string("MedeaTypeType", Text::ANY.min(0).max(256));

static NAME_TYPE: Shape = string("NameType", Text::ANY.min(1).max(512));

static NEXT_ROTATION_DATE_TYPE: Shape = timestamp("NextRotationDateType");

static NEXT_TOKEN_TYPE: Shape = string("NextTokenType", Text::ANY.min(1).max(4_096));

static NON_EMPTY_RESOURCE_POLICY_TYPE: Shape =
    string("NonEmptyResourcePolicyType", Text::ANY.min(1).max(20_480));

static OWNING_SERVICE_TYPE: Shape = string("OwningServiceType", Text::ANY.min(1).max(128));

static PASSWORD_LENGTH_TYPE: Shape = integer("PasswordLengthType", 64, Some(1), Some(4_096));

static PUT_RESOURCE_POLICY_REQUEST: Shape = structure(
    "PutResourcePolicyRequest",
    &[
        member("SecretId", &SECRET_ID_TYPE).required(),
        member("ResourcePolicy", &NON_EMPTY_RESOURCE_POLICY_TYPE).required(),
        member("PolicyName", &RESOURCE_POLICY_NAME_TYPE),
        member("BlockPublicPolicy", &BOOLEAN_TYPE),
    ],
);

static PUT_RESOURCE_POLICY_RESPONSE: Shape = structure(
    "PutResourcePolicyResponse",
    &[
        member("ARN", &SECRET_ARN_TYPE),
        member("Name", &NAME_TYPE),
        member("PolicyName", &RESOURCE_POLICY_NAME_TYPE),
    ],
);

static PUT_SECRET_VALUE_REQUEST: Shape = structure(
    "PutSecretValueRequest",
    &[
        member("SecretId", &SECRET_ID_TYPE).required(),
        member("ClientRequestToken", &CLIENT_REQUEST_TOKEN_TYPE),
        member("SecretBinary", &SECRET_BINARY_TYPE),
        member("SecretString", &SECRET_STRING_TYPE),
        member("VersionStages", &SECRET_VERSION_STAGES_TYPE),
        member("RotationToken", &ROTATION_TOKEN_TYPE),
    ],
);

static PUT_SECRET_VALUE_RESPONSE: Shape = structure(
    "PutSecretValueResponse",
    &[
        member("ARN", &SECRET_ARN_TYPE),
        member("Name", &SECRET_NAME_TYPE),
        member("VersionId", &SECRET_VERSION_ID_TYPE),
        member("VersionStages", &SECRET_VERSION_STAGES_TYPE),
    ],
);

static RANDOM_PASSWORD_TYPE: Shape = string(
    "RandomPasswordType",
    Text::ANY.min(0).max(4_096).sensitive(),
);

static RECOVERY_WINDOW_IN_DAYS_TYPE: Shape = integer("RecoveryWindowInDaysType", 64, None, None);

static REGION_TYPE_PATTERN: Pattern = Pattern::new(r"^([a-z]+-)+\d+$");

static REGION_TYPE: Shape = string(
    "RegionType",
    Text::ANY.min(1).max(128).pattern(&REGION_TYPE_PATTERN),
);

static REMOVE_REGIONS_FROM_REPLICATION_REQUEST: Shape = structure(
    "RemoveRegionsFromReplicationRequest",
    &[
        member("SecretId", &SECRET_ID_TYPE).required(),
        member("RemoveReplicaRegions", &REMOVE_REPLICA_REGION_LIST_TYPE).required(),
    ],
);

static REMOVE_REGIONS_FROM_REPLICATION_RESPONSE: Shape = structure(
    "RemoveRegionsFromReplicationResponse",
    &[
        member("ARN", &SECRET_ARN_TYPE),
        member("ReplicationStatus", &REPLICATION_STATUS_LIST_TYPE),
    ],
);

static REMOVE_REPLICA_REGION_LIST_TYPE: Shape = list(
    "RemoveReplicaRegionListType",
    &REGION_TYPE,
    None,
    Some(1),
    None,
);

static REPLICA_REGION_TYPE: Shape = structure(
    "ReplicaRegionType",
    &[
        member("Region", &REGION_TYPE),
        member("KmsKeyId", &KMS_KEY_ID_TYPE),
    ],
);

static REPLICATE_SECRET_TO_REGIONS_REQUEST: Shape = structure(
    "ReplicateSecretToRegionsRequest",
    &[
        member("SecretId", &SECRET_ID_TYPE).required(),
        member("AddReplicaRegions", &ADD_REPLICA_REGION_LIST_TYPE).required(),
        member("ForceOverwriteReplicaSecret", &BOOLEAN_TYPE),
    ],
);

static REPLICATE_SECRET_TO_REGIONS_RESPONSE: Shape = structure(
    "ReplicateSecretToRegionsResponse",
    &[
        member("ARN", &SECRET_ARN_TYPE),
        member("ReplicationStatus", &REPLICATION_STATUS_LIST_TYPE),
    ],
);

static REPLICATION_STATUS_LIST_TYPE: Shape = list(
    "ReplicationStatusListType",
    &REPLICATION_STATUS_TYPE,
    None,
    None,
    None,
);

static REPLICATION_STATUS_TYPE: Shape = structure(
    "ReplicationStatusType",
    &[
        member("Region", &REGION_TYPE),
        member("KmsKeyId", &KMS_KEY_ID_TYPE),
        member("Status", &STATUS_TYPE),
        member("StatusMessage", &STATUS_MESSAGE_TYPE),
        member("LastAccessedDate", &LAST_ACCESSED_DATE_TYPE),
    ],
);

static REQUIRE_EACH_INCLUDED_TYPE_TYPE: Shape = boolean("RequireEachIncludedTypeType");

static RESOURCE_POLICY_NAME_TYPE_PATTERN: Pattern = Pattern::new(r"[0-9A-Za-z\-\_]+");

static RESOURCE_POLICY_NAME_TYPE: Shape = string(
    "ResourcePolicyNameType",
    Text::ANY
        .min(1)
        .max(64)
        .pattern(&RESOURCE_POLICY_NAME_TYPE_PATTERN),
);

static RESTORE_SECRET_REQUEST: Shape = structure(
    "RestoreSecretRequest",
    &[member("SecretId", &SECRET_ID_TYPE).required()],
);

static RESTORE_SECRET_RESPONSE: Shape = structure(
    "RestoreSecretResponse",
    &[
        member("ARN", &SECRET_ARN_TYPE),
        member("Name", &SECRET_NAME_TYPE),
    ],
);

static ROLE_ARN_TYPE: Shape = string("RoleARNType", Text::ANY.min(20).max(2_048));

static ROTATE_SECRET_REQUEST: Shape = structure(
    "RotateSecretRequest",
    &[
        member("SecretId", &SECRET_ID_TYPE).required(),
        member("ClientRequestToken", &CLIENT_REQUEST_TOKEN_TYPE),
        member("RotationLambdaARN", &ROTATION_LAMBDA_ARN_TYPE),
        member("RotationRules", &ROTATION_RULES_TYPE),
        member(
            "ExternalSecretRotationMetadata",
            &EXTERNAL_SECRET_ROTATION_METADATA_TYPE,
        ),
        member("ExternalSecretRotationRoleArn", &ROLE_ARN_TYPE),
        member("RotateImmediately", &BOOLEAN_TYPE),
    ],
);

static ROTATE_SECRET_RESPONSE: Shape = structure(
    "RotateSecretResponse",
    &[
        member("ARN", &SECRET_ARN_TYPE),
        member("Name", &SECRET_NAME_TYPE),
        member("VersionId", &SECRET_VERSION_ID_TYPE),
    ],
);

static ROTATION_ENABLED_TYPE: Shape = boolean("RotationEnabledType");

static ROTATION_LAMBDA_ARN_TYPE: Shape =
    string("RotationLambdaARNType", Text::ANY.min(0).max(2_048));

static ROTATION_RULES_TYPE: Shape = structure(
    "RotationRulesType",
    &[
        member(
            "AutomaticallyAfterDays",
            &AUTOMATICALLY_ROTATE_AFTER_DAYS_TYPE,
        ),
        member("Duration", &DURATION_TYPE),
        member("ScheduleExpression", &SCHEDULE_EXPRESSION_TYPE),
    ],
);

static ROTATION_TOKEN_TYPE_PATTERN: Pattern = Pattern::new(r"^[a-zA-Z0-9\-]+$");

static ROTATION_TOKEN_TYPE: Shape = string(
    "RotationTokenType",
    Text::ANY
        .min(36)
        .max(256)
        .pattern(&ROTATION_TOKEN_TYPE_PATTERN)
        .sensitive(),
);

static SCHEDULE_EXPRESSION_TYPE_PATTERN: Pattern = Pattern::new(r"[0-9A-Za-z\(\)#\?\*\-\/, ]+");

static SCHEDULE_EXPRESSION_TYPE: Shape = string(
    "ScheduleExpressionType",
    Text::ANY
        .min(1)
        .max(256)
        .pattern(&SCHEDULE_EXPRESSION_TYPE_PATTERN),
);

static SECRET_ARN_TYPE: Shape = string("SecretARNType", Text::ANY.min(20).max(2_048));

static SECRET_BINARY_TYPE: Shape = blob("SecretBinaryType", Some(1), Some(65_536), true);

static SECRET_ID_LIST_TYPE: Shape =
    list("SecretIdListType", &SECRET_ID_TYPE, None, Some(1), Some(20));

static SECRET_ID_TYPE: Shape = string("SecretIdType", Text::ANY.min(1).max(2_048));

static SECRET_LIST_ENTRY: Shape = structure(
    "SecretListEntry",
    &[
        member("ARN", &SECRET_ARN_TYPE),
        member("Name", &SECRET_NAME_TYPE),
        member("Type", &MEDEA_TYPE_TYPE),
        member("Description", &DESCRIPTION_TYPE),
        member("KmsKeyId", &KMS_KEY_ID_TYPE),
        member("RotationEnabled", &ROTATION_ENABLED_TYPE),
        member("RotationLambdaARN", &ROTATION_LAMBDA_ARN_TYPE),
        member("RotationRules", &ROTATION_RULES_TYPE),
        member(
            "ExternalSecretRotationMetadata",
            &EXTERNAL_SECRET_ROTATION_METADATA_TYPE,
        ),
        member("ExternalSecretRotationRoleArn", &ROLE_ARN_TYPE),
        member("LastRotatedDate", &LAST_ROTATED_DATE_TYPE),
        member("LastChangedDate", &LAST_CHANGED_DATE_TYPE),
        member("LastAccessedDate", &LAST_ACCESSED_DATE_TYPE),
        member("DeletedDate", &DELETED_DATE_TYPE),
        member("NextRotationDate", &NEXT_ROTATION_DATE_TYPE),
        member("Tags", &TAG_LIST_TYPE),
        member(
            "SecretVersionsToStages",
            &SECRET_VERSIONS_TO_STAGES_MAP_TYPE,
        ),
        member("OwningService", &OWNING_SERVICE_TYPE),
        member("CreatedDate", &TIMESTAMP_TYPE),
        member("PrimaryRegion", &REGION_TYPE),
    ],
);

static SECRET_LIST_TYPE: Shape = list("SecretListType", &SECRET_LIST_ENTRY, None, None, None);

static SECRET_NAME_TYPE: Shape = string("SecretNameType", Text::ANY.min(1).max(256));

static SECRET_STRING_TYPE: Shape =
    string("SecretStringType", Text::ANY.min(1).max(65_536).sensitive());

static SECRET_VALUE_ENTRY: Shape = structure(
    "SecretValueEntry",
    &[
        member("ARN", &SECRET_ARN_TYPE),
        member("Name", &SECRET_NAME_TYPE),
        member("VersionId", &SECRET_VERSION_ID_TYPE),
        member("SecretBinary", &SECRET_BINARY_TYPE),
        member("SecretString", &SECRET_STRING_TYPE),
        member("VersionStages", &SECRET_VERSION_STAGES_TYPE),
        member("CreatedDate", &CREATED_DATE_TYPE),
    ],
);

static SECRET_VALUES_TYPE: Shape = list("SecretValuesType", &SECRET_VALUE_ENTRY, None, None, None);

static SECRET_VERSION_ID_TYPE: Shape = string("SecretVersionIdType", Text::ANY.min(32).max(64));

static SECRET_VERSION_STAGE_TYPE: Shape =
    string("SecretVersionStageType", Text::ANY.min(1).max(256));

static SECRET_VERSION_STAGES_TYPE: Shape = list(
    "SecretVersionStagesType",
    &SECRET_VERSION_STAGE_TYPE,
    None,
    Some(1),
    Some(20),
);

static SECRET_VERSIONS_LIST_ENTRY: Shape = structure(
    "SecretVersionsListEntry",
    &[
        member("VersionId", &SECRET_VERSION_ID_TYPE),
        member("VersionStages", &SECRET_VERSION_STAGES_TYPE),
        member("LastAccessedDate", &LAST_ACCESSED_DATE_TYPE),
        member("CreatedDate", &CREATED_DATE_TYPE),
        member("KmsKeyIds", &KMS_KEY_ID_LIST_TYPE),
    ],
);

static SECRET_VERSIONS_LIST_TYPE: Shape = list(
    "SecretVersionsListType",
    &SECRET_VERSIONS_LIST_ENTRY,
    None,
    None,
    None,
);

static SECRET_VERSIONS_TO_STAGES_MAP_TYPE: Shape = map(
    "SecretVersionsToStagesMapType",
    &SECRET_VERSION_ID_TYPE,
    &SECRET_VERSION_STAGES_TYPE,
);

static SORT_BY_TYPE: Shape = string(
    "SortByType",
    Text::ANY.values(&[
        "created-date",
        "last-accessed-date",
        "last-changed-date",
        "name",
    ]),
);

static SORT_ORDER_TYPE: Shape = string("SortOrderType", Text::ANY.values(&["asc", "desc"]));

static STATUS_MESSAGE_TYPE: Shape = string("StatusMessageType", Text::ANY.min(1).max(4_096));

static STATUS_TYPE: Shape = string(
    "StatusType",
    Text::ANY.values(&["InSync", "Failed", "InProgress", "Pending", "Detached"]),
);

static STOP_REPLICATION_TO_REPLICA_REQUEST: Shape = structure(
    "StopReplicationToReplicaRequest",
    &[member("SecretId", &SECRET_ID_TYPE).required()],
);

static STOP_REPLICATION_TO_REPLICA_RESPONSE: Shape = structure(
    "StopReplicationToReplicaResponse",
    &[member("ARN", &SECRET_ARN_TYPE)],
);

static TAG: Shape = structure(
    "Tag",
    &[
        member("Key", &TAG_KEY_TYPE),
        member("Value", &TAG_VALUE_TYPE),
    ],
);

static TAG_KEY_LIST_TYPE: Shape = list("TagKeyListType", &TAG_KEY_TYPE, None, None, None);

static TAG_KEY_TYPE: Shape = string("TagKeyType", Text::ANY.min(1).max(128));

static TAG_LIST_TYPE: Shape = list("TagListType", &TAG, None, None, None);

static TAG_RESOURCE_REQUEST: Shape = structure(
    "TagResourceRequest",
    &[
        member("SecretId", &SECRET_ID_TYPE).required(),
        member("Tags", &TAG_LIST_TYPE).required(),
    ],
);

static TAG_VALUE_TYPE: Shape = string("TagValueType", Text::ANY.min(0).max(256));

static TIMESTAMP_TYPE: Shape = timestamp("TimestampType");

static UNTAG_RESOURCE_REQUEST: Shape = structure(
    "UntagResourceRequest",
    &[
        member("SecretId", &SECRET_ID_TYPE).required(),
        member("TagKeys", &TAG_KEY_LIST_TYPE).required(),
    ],
);

static UPDATE_SECRET_REQUEST: Shape = structure(
    "UpdateSecretRequest",
    &[
        member("SecretId", &SECRET_ID_TYPE).required(),
        member("ClientRequestToken", &CLIENT_REQUEST_TOKEN_TYPE),
        member("Description", &DESCRIPTION_TYPE),
        member("KmsKeyId", &KMS_KEY_ID_TYPE),
        member("SecretBinary", &SECRET_BINARY_TYPE),
        member("SecretString", &SECRET_STRING_TYPE),
        member("Type", &MEDEA_TYPE_TYPE),
    ],
);

static UPDATE_SECRET_RESPONSE: Shape = structure(
    "UpdateSecretResponse",
    &[
        member("ARN", &SECRET_ARN_TYPE),
        member("Name", &SECRET_NAME_TYPE),
        member("VersionId", &SECRET_VERSION_ID_TYPE),
    ],
);

static UPDATE_SECRET_VERSION_STAGE_REQUEST: Shape = structure(
    "UpdateSecretVersionStageRequest",
    &[
        member("SecretId", &SECRET_ID_TYPE).required(),
        member("VersionStage", &SECRET_VERSION_STAGE_TYPE).required(),
        member("RemoveFromVersionId", &SECRET_VERSION_ID_TYPE),
        member("MoveToVersionId", &SECRET_VERSION_ID_TYPE),
    ],
);

static UPDATE_SECRET_VERSION_STAGE_RESPONSE: Shape = structure(
    "UpdateSecretVersionStageResponse",
    &[
        member("ARN", &SECRET_ARN_TYPE),
        member("Name", &SECRET_NAME_TYPE),
    ],
);

static VALIDATE_RESOURCE_POLICY_REQUEST: Shape = structure(
    "ValidateResourcePolicyRequest",
    &[
        member("SecretId", &SECRET_ID_TYPE),
        member("ResourcePolicy", &NON_EMPTY_RESOURCE_POLICY_TYPE).required(),
    ],
);

static VALIDATE_RESOURCE_POLICY_RESPONSE: Shape = structure(
    "ValidateResourcePolicyResponse",
    &[
        member("PolicyValidationPassed", &BOOLEAN_TYPE),
        member("ValidationErrors", &VALIDATION_ERRORS_TYPE),
    ],
);

static VALIDATION_ERRORS_ENTRY: Shape = structure(
    "ValidationErrorsEntry",
    &[
        member("CheckName", &NAME_TYPE),
        member("ErrorMessage", &ERROR_MESSAGE),
    ],
);

static VALIDATION_ERRORS_TYPE: Shape = list(
    "ValidationErrorsType",
    &VALIDATION_ERRORS_ENTRY,
    None,
    None,
    None,
);

static DECRYPTION_FAILURE: ErrorShape = error("DecryptionFailure", 400);

static ENCRYPTION_FAILURE: ErrorShape = error("EncryptionFailure", 400);

static INTERNAL_SERVICE_ERROR: ErrorShape = error("InternalServiceError", 500);

static INVALID_NEXT_TOKEN_EXCEPTION: ErrorShape = error("InvalidNextTokenException", 400);

static INVALID_PARAMETER_EXCEPTION: ErrorShape = error("InvalidParameterException", 400);

static INVALID_REQUEST_EXCEPTION: ErrorShape = error("InvalidRequestException", 400);

static LIMIT_EXCEEDED_EXCEPTION: ErrorShape = error("LimitExceededException", 400);

static MALFORMED_POLICY_DOCUMENT_EXCEPTION: ErrorShape =
    error("MalformedPolicyDocumentException", 400);

static PRECONDITION_NOT_MET_EXCEPTION: ErrorShape = error("PreconditionNotMetException", 400);

static PUBLIC_POLICY_EXCEPTION: ErrorShape = error("PublicPolicyException", 400);

static RESOURCE_EXISTS_EXCEPTION: ErrorShape = error("ResourceExistsException", 400);

static RESOURCE_NOT_FOUND_EXCEPTION: ErrorShape = error("ResourceNotFoundException", 400);
