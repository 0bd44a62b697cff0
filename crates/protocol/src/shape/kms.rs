//! Shapes of kms, made by `cargo xtask shapes` from botocore 1.44.5; not edited by hand.
//! Facts only, no documentation text.

use super::table::{
    blob, boolean, error, integer, list, map, member, operation, string, structure, timestamp,
};
use super::{ErrorShape, Pattern, Protocol, Service, Shape, Text};

pub(super) static SERVICE: Service = Service {
    name: "kms",
    protocol: Protocol::Json {
        version: "1.1",
        target_prefix: "TrentService",
    },
    api_version: "2014-11-01",
    operations: &[
        operation("CancelKeyDeletion")
            .takes(&CANCEL_KEY_DELETION_REQUEST)
            .returns(&CANCEL_KEY_DELETION_RESPONSE)
            .fails(&[
                &NOT_FOUND_EXCEPTION,
                &INVALID_ARN_EXCEPTION,
                &DEPENDENCY_TIMEOUT_EXCEPTION,
                &KMS_INTERNAL_EXCEPTION,
                &KMS_INVALID_STATE_EXCEPTION,
            ]),
        operation("CreateAlias")
            .takes(&CREATE_ALIAS_REQUEST)
            .fails(&[
                &DEPENDENCY_TIMEOUT_EXCEPTION,
                &ALREADY_EXISTS_EXCEPTION,
                &NOT_FOUND_EXCEPTION,
                &INVALID_ALIAS_NAME_EXCEPTION,
                &KMS_INTERNAL_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &KMS_INVALID_STATE_EXCEPTION,
            ]),
        operation("CreateGrant")
            .takes(&CREATE_GRANT_REQUEST)
            .returns(&CREATE_GRANT_RESPONSE)
            .fails(&[
                &NOT_FOUND_EXCEPTION,
                &DISABLED_EXCEPTION,
                &DEPENDENCY_TIMEOUT_EXCEPTION,
                &INVALID_ARN_EXCEPTION,
                &KMS_INTERNAL_EXCEPTION,
                &INVALID_GRANT_TOKEN_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &KMS_INVALID_STATE_EXCEPTION,
                &DRY_RUN_OPERATION_EXCEPTION,
            ]),
        operation("CreateKey")
            .takes(&CREATE_KEY_REQUEST)
            .returns(&CREATE_KEY_RESPONSE)
            .fails(&[
                &MALFORMED_POLICY_DOCUMENT_EXCEPTION,
                &DEPENDENCY_TIMEOUT_EXCEPTION,
                &INVALID_ARN_EXCEPTION,
                &UNSUPPORTED_OPERATION_EXCEPTION,
                &KMS_INTERNAL_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &TAG_EXCEPTION,
                &CUSTOM_KEY_STORE_NOT_FOUND_EXCEPTION,
                &CUSTOM_KEY_STORE_INVALID_STATE_EXCEPTION,
                &CLOUD_HSM_CLUSTER_INVALID_CONFIGURATION_EXCEPTION,
                &XKS_KEY_INVALID_CONFIGURATION_EXCEPTION,
                &XKS_KEY_ALREADY_IN_USE_EXCEPTION,
                &XKS_KEY_NOT_FOUND_EXCEPTION,
            ]),
        operation("Decrypt")
            .takes(&DECRYPT_REQUEST)
            .returns(&DECRYPT_RESPONSE)
            .fails(&[
                &NOT_FOUND_EXCEPTION,
                &DISABLED_EXCEPTION,
                &INVALID_CIPHERTEXT_EXCEPTION,
                &KEY_UNAVAILABLE_EXCEPTION,
                &INCORRECT_KEY_EXCEPTION,
                &INVALID_KEY_USAGE_EXCEPTION,
                &DEPENDENCY_TIMEOUT_EXCEPTION,
                &INVALID_GRANT_TOKEN_EXCEPTION,
                &KMS_INTERNAL_EXCEPTION,
                &KMS_INVALID_STATE_EXCEPTION,
                &DRY_RUN_OPERATION_EXCEPTION,
            ]),
        operation("DeleteAlias")
            .takes(&DELETE_ALIAS_REQUEST)
            .fails(&[
                &DEPENDENCY_TIMEOUT_EXCEPTION,
                &NOT_FOUND_EXCEPTION,
                &KMS_INTERNAL_EXCEPTION,
                &KMS_INVALID_STATE_EXCEPTION,
            ]),
        operation("DeriveSharedSecret")
            .takes(&DERIVE_SHARED_SECRET_REQUEST)
            .returns(&DERIVE_SHARED_SECRET_RESPONSE)
            .fails(&[
                &NOT_FOUND_EXCEPTION,
                &DISABLED_EXCEPTION,
                &KEY_UNAVAILABLE_EXCEPTION,
                &DEPENDENCY_TIMEOUT_EXCEPTION,
                &INVALID_GRANT_TOKEN_EXCEPTION,
                &INVALID_KEY_USAGE_EXCEPTION,
                &KMS_INTERNAL_EXCEPTION,
                &KMS_INVALID_STATE_EXCEPTION,
                &DRY_RUN_OPERATION_EXCEPTION,
            ]),
        operation("DescribeKey")
            .takes(&DESCRIBE_KEY_REQUEST)
            .returns(&DESCRIBE_KEY_RESPONSE)
            .fails(&[
                &NOT_FOUND_EXCEPTION,
                &INVALID_ARN_EXCEPTION,
                &DEPENDENCY_TIMEOUT_EXCEPTION,
                &KMS_INTERNAL_EXCEPTION,
            ]),
        operation("DisableKey").takes(&DISABLE_KEY_REQUEST).fails(&[
            &NOT_FOUND_EXCEPTION,
            &INVALID_ARN_EXCEPTION,
            &DEPENDENCY_TIMEOUT_EXCEPTION,
            &KMS_INTERNAL_EXCEPTION,
            &KMS_INVALID_STATE_EXCEPTION,
        ]),
        operation("DisableKeyRotation")
            .takes(&DISABLE_KEY_ROTATION_REQUEST)
            .fails(&[
                &NOT_FOUND_EXCEPTION,
                &DISABLED_EXCEPTION,
                &INVALID_ARN_EXCEPTION,
                &DEPENDENCY_TIMEOUT_EXCEPTION,
                &KMS_INTERNAL_EXCEPTION,
                &KMS_INVALID_STATE_EXCEPTION,
                &UNSUPPORTED_OPERATION_EXCEPTION,
            ]),
        operation("EnableKey").takes(&ENABLE_KEY_REQUEST).fails(&[
            &NOT_FOUND_EXCEPTION,
            &INVALID_ARN_EXCEPTION,
            &DEPENDENCY_TIMEOUT_EXCEPTION,
            &KMS_INTERNAL_EXCEPTION,
            &LIMIT_EXCEEDED_EXCEPTION,
            &KMS_INVALID_STATE_EXCEPTION,
        ]),
        operation("EnableKeyRotation")
            .takes(&ENABLE_KEY_ROTATION_REQUEST)
            .fails(&[
                &NOT_FOUND_EXCEPTION,
                &DISABLED_EXCEPTION,
                &INVALID_ARN_EXCEPTION,
                &DEPENDENCY_TIMEOUT_EXCEPTION,
                &KMS_INTERNAL_EXCEPTION,
                &KMS_INVALID_STATE_EXCEPTION,
                &UNSUPPORTED_OPERATION_EXCEPTION,
            ]),
        operation("Encrypt")
            .takes(&ENCRYPT_REQUEST)
            .returns(&ENCRYPT_RESPONSE)
            .fails(&[
                &NOT_FOUND_EXCEPTION,
                &DISABLED_EXCEPTION,
                &KEY_UNAVAILABLE_EXCEPTION,
                &DEPENDENCY_TIMEOUT_EXCEPTION,
                &INVALID_KEY_USAGE_EXCEPTION,
                &INVALID_GRANT_TOKEN_EXCEPTION,
                &KMS_INTERNAL_EXCEPTION,
                &KMS_INVALID_STATE_EXCEPTION,
                &DRY_RUN_OPERATION_EXCEPTION,
            ]),
        operation("GenerateDataKey")
            .takes(&GENERATE_DATA_KEY_REQUEST)
            .returns(&GENERATE_DATA_KEY_RESPONSE)
            .fails(&[
                &NOT_FOUND_EXCEPTION,
                &DISABLED_EXCEPTION,
                &KEY_UNAVAILABLE_EXCEPTION,
                &DEPENDENCY_TIMEOUT_EXCEPTION,
                &INVALID_KEY_USAGE_EXCEPTION,
                &INVALID_GRANT_TOKEN_EXCEPTION,
                &KMS_INTERNAL_EXCEPTION,
                &KMS_INVALID_STATE_EXCEPTION,
                &DRY_RUN_OPERATION_EXCEPTION,
            ]),
        operation("GenerateDataKeyPair")
            .takes(&GENERATE_DATA_KEY_PAIR_REQUEST)
            .returns(&GENERATE_DATA_KEY_PAIR_RESPONSE)
            .fails(&[
                &NOT_FOUND_EXCEPTION,
                &DISABLED_EXCEPTION,
                &KEY_UNAVAILABLE_EXCEPTION,
                &DEPENDENCY_TIMEOUT_EXCEPTION,
                &INVALID_KEY_USAGE_EXCEPTION,
                &INVALID_GRANT_TOKEN_EXCEPTION,
                &KMS_INTERNAL_EXCEPTION,
                &KMS_INVALID_STATE_EXCEPTION,
                &UNSUPPORTED_OPERATION_EXCEPTION,
                &DRY_RUN_OPERATION_EXCEPTION,
            ]),
        operation("GenerateDataKeyPairWithoutPlaintext")
            .takes(&GENERATE_DATA_KEY_PAIR_WITHOUT_PLAINTEXT_REQUEST)
            .returns(&GENERATE_DATA_KEY_PAIR_WITHOUT_PLAINTEXT_RESPONSE)
            .fails(&[
                &NOT_FOUND_EXCEPTION,
                &DISABLED_EXCEPTION,
                &KEY_UNAVAILABLE_EXCEPTION,
                &DEPENDENCY_TIMEOUT_EXCEPTION,
                &INVALID_KEY_USAGE_EXCEPTION,
                &INVALID_GRANT_TOKEN_EXCEPTION,
                &KMS_INTERNAL_EXCEPTION,
                &KMS_INVALID_STATE_EXCEPTION,
                &UNSUPPORTED_OPERATION_EXCEPTION,
                &DRY_RUN_OPERATION_EXCEPTION,
            ]),
        operation("GenerateDataKeyWithoutPlaintext")
            .takes(&GENERATE_DATA_KEY_WITHOUT_PLAINTEXT_REQUEST)
            .returns(&GENERATE_DATA_KEY_WITHOUT_PLAINTEXT_RESPONSE)
            .fails(&[
                &NOT_FOUND_EXCEPTION,
                &DISABLED_EXCEPTION,
                &KEY_UNAVAILABLE_EXCEPTION,
                &DEPENDENCY_TIMEOUT_EXCEPTION,
                &INVALID_KEY_USAGE_EXCEPTION,
                &INVALID_GRANT_TOKEN_EXCEPTION,
                &KMS_INTERNAL_EXCEPTION,
                &KMS_INVALID_STATE_EXCEPTION,
                &DRY_RUN_OPERATION_EXCEPTION,
            ]),
        operation("GenerateMac")
            .takes(&GENERATE_MAC_REQUEST)
            .returns(&GENERATE_MAC_RESPONSE)
            .fails(&[
                &NOT_FOUND_EXCEPTION,
                &DISABLED_EXCEPTION,
                &KEY_UNAVAILABLE_EXCEPTION,
                &INVALID_KEY_USAGE_EXCEPTION,
                &INVALID_GRANT_TOKEN_EXCEPTION,
                &KMS_INTERNAL_EXCEPTION,
                &KMS_INVALID_STATE_EXCEPTION,
                &DRY_RUN_OPERATION_EXCEPTION,
            ]),
        operation("GenerateRandom")
            .takes(&GENERATE_RANDOM_REQUEST)
            .returns(&GENERATE_RANDOM_RESPONSE)
            .fails(&[
                &DEPENDENCY_TIMEOUT_EXCEPTION,
                &KMS_INTERNAL_EXCEPTION,
                &UNSUPPORTED_OPERATION_EXCEPTION,
                &CUSTOM_KEY_STORE_NOT_FOUND_EXCEPTION,
                &CUSTOM_KEY_STORE_INVALID_STATE_EXCEPTION,
            ]),
        operation("GetKeyPolicy")
            .takes(&GET_KEY_POLICY_REQUEST)
            .returns(&GET_KEY_POLICY_RESPONSE)
            .fails(&[
                &NOT_FOUND_EXCEPTION,
                &INVALID_ARN_EXCEPTION,
                &DEPENDENCY_TIMEOUT_EXCEPTION,
                &KMS_INTERNAL_EXCEPTION,
                &KMS_INVALID_STATE_EXCEPTION,
            ]),
        operation("GetKeyRotationStatus")
            .takes(&GET_KEY_ROTATION_STATUS_REQUEST)
            .returns(&GET_KEY_ROTATION_STATUS_RESPONSE)
            .fails(&[
                &NOT_FOUND_EXCEPTION,
                &INVALID_ARN_EXCEPTION,
                &DEPENDENCY_TIMEOUT_EXCEPTION,
                &KMS_INTERNAL_EXCEPTION,
                &KMS_INVALID_STATE_EXCEPTION,
                &UNSUPPORTED_OPERATION_EXCEPTION,
            ]),
        operation("GetPublicKey")
            .takes(&GET_PUBLIC_KEY_REQUEST)
            .returns(&GET_PUBLIC_KEY_RESPONSE)
            .fails(&[
                &NOT_FOUND_EXCEPTION,
                &DISABLED_EXCEPTION,
                &KEY_UNAVAILABLE_EXCEPTION,
                &DEPENDENCY_TIMEOUT_EXCEPTION,
                &UNSUPPORTED_OPERATION_EXCEPTION,
                &INVALID_ARN_EXCEPTION,
                &INVALID_GRANT_TOKEN_EXCEPTION,
                &INVALID_KEY_USAGE_EXCEPTION,
                &KMS_INTERNAL_EXCEPTION,
                &KMS_INVALID_STATE_EXCEPTION,
            ]),
        operation("ListAliases")
            .takes(&LIST_ALIASES_REQUEST)
            .returns(&LIST_ALIASES_RESPONSE)
            .fails(&[
                &DEPENDENCY_TIMEOUT_EXCEPTION,
                &INVALID_MARKER_EXCEPTION,
                &KMS_INTERNAL_EXCEPTION,
                &INVALID_ARN_EXCEPTION,
                &NOT_FOUND_EXCEPTION,
            ]),
        operation("ListGrants")
            .takes(&LIST_GRANTS_REQUEST)
            .returns(&LIST_GRANTS_RESPONSE)
            .fails(&[
                &NOT_FOUND_EXCEPTION,
                &DEPENDENCY_TIMEOUT_EXCEPTION,
                &INVALID_MARKER_EXCEPTION,
                &INVALID_GRANT_ID_EXCEPTION,
                &INVALID_ARN_EXCEPTION,
                &KMS_INTERNAL_EXCEPTION,
                &KMS_INVALID_STATE_EXCEPTION,
            ]),
        operation("ListKeyPolicies")
            .takes(&LIST_KEY_POLICIES_REQUEST)
            .returns(&LIST_KEY_POLICIES_RESPONSE)
            .fails(&[
                &NOT_FOUND_EXCEPTION,
                &INVALID_ARN_EXCEPTION,
                &DEPENDENCY_TIMEOUT_EXCEPTION,
                &KMS_INTERNAL_EXCEPTION,
                &KMS_INVALID_STATE_EXCEPTION,
            ]),
        operation("ListKeyRotations")
            .takes(&LIST_KEY_ROTATIONS_REQUEST)
            .returns(&LIST_KEY_ROTATIONS_RESPONSE)
            .fails(&[
                &NOT_FOUND_EXCEPTION,
                &INVALID_ARN_EXCEPTION,
                &INVALID_MARKER_EXCEPTION,
                &KMS_INTERNAL_EXCEPTION,
                &KMS_INVALID_STATE_EXCEPTION,
                &UNSUPPORTED_OPERATION_EXCEPTION,
            ]),
        operation("ListKeys")
            .takes(&LIST_KEYS_REQUEST)
            .returns(&LIST_KEYS_RESPONSE)
            .fails(&[
                &DEPENDENCY_TIMEOUT_EXCEPTION,
                &KMS_INTERNAL_EXCEPTION,
                &INVALID_MARKER_EXCEPTION,
            ]),
        operation("ListResourceTags")
            .takes(&LIST_RESOURCE_TAGS_REQUEST)
            .returns(&LIST_RESOURCE_TAGS_RESPONSE)
            .fails(&[
                &KMS_INTERNAL_EXCEPTION,
                &NOT_FOUND_EXCEPTION,
                &INVALID_ARN_EXCEPTION,
                &INVALID_MARKER_EXCEPTION,
            ]),
        operation("ListRetirableGrants")
            .takes(&LIST_RETIRABLE_GRANTS_REQUEST)
            .returns(&LIST_GRANTS_RESPONSE)
            .fails(&[
                &DEPENDENCY_TIMEOUT_EXCEPTION,
                &INVALID_MARKER_EXCEPTION,
                &INVALID_ARN_EXCEPTION,
                &NOT_FOUND_EXCEPTION,
                &KMS_INTERNAL_EXCEPTION,
            ]),
        operation("PutKeyPolicy")
            .takes(&PUT_KEY_POLICY_REQUEST)
            .fails(&[
                &NOT_FOUND_EXCEPTION,
                &INVALID_ARN_EXCEPTION,
                &MALFORMED_POLICY_DOCUMENT_EXCEPTION,
                &DEPENDENCY_TIMEOUT_EXCEPTION,
                &UNSUPPORTED_OPERATION_EXCEPTION,
                &KMS_INTERNAL_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &KMS_INVALID_STATE_EXCEPTION,
            ]),
        operation("ReEncrypt")
            .takes(&RE_ENCRYPT_REQUEST)
            .returns(&RE_ENCRYPT_RESPONSE)
            .fails(&[
                &NOT_FOUND_EXCEPTION,
                &DISABLED_EXCEPTION,
                &INVALID_CIPHERTEXT_EXCEPTION,
                &KEY_UNAVAILABLE_EXCEPTION,
                &INCORRECT_KEY_EXCEPTION,
                &DEPENDENCY_TIMEOUT_EXCEPTION,
                &INVALID_KEY_USAGE_EXCEPTION,
                &INVALID_GRANT_TOKEN_EXCEPTION,
                &KMS_INTERNAL_EXCEPTION,
                &KMS_INVALID_STATE_EXCEPTION,
                &DRY_RUN_OPERATION_EXCEPTION,
            ]),
        operation("RetireGrant")
            .takes(&RETIRE_GRANT_REQUEST)
            .fails(&[
                &INVALID_ARN_EXCEPTION,
                &INVALID_GRANT_TOKEN_EXCEPTION,
                &INVALID_GRANT_ID_EXCEPTION,
                &NOT_FOUND_EXCEPTION,
                &DEPENDENCY_TIMEOUT_EXCEPTION,
                &KMS_INTERNAL_EXCEPTION,
                &KMS_INVALID_STATE_EXCEPTION,
                &DRY_RUN_OPERATION_EXCEPTION,
            ]),
        operation("RevokeGrant")
            .takes(&REVOKE_GRANT_REQUEST)
            .fails(&[
                &NOT_FOUND_EXCEPTION,
                &DEPENDENCY_TIMEOUT_EXCEPTION,
                &INVALID_ARN_EXCEPTION,
                &INVALID_GRANT_ID_EXCEPTION,
                &KMS_INTERNAL_EXCEPTION,
                &KMS_INVALID_STATE_EXCEPTION,
                &DRY_RUN_OPERATION_EXCEPTION,
            ]),
        operation("RotateKeyOnDemand")
            .takes(&ROTATE_KEY_ON_DEMAND_REQUEST)
            .returns(&ROTATE_KEY_ON_DEMAND_RESPONSE)
            .fails(&[
                &NOT_FOUND_EXCEPTION,
                &DISABLED_EXCEPTION,
                &INVALID_ARN_EXCEPTION,
                &DEPENDENCY_TIMEOUT_EXCEPTION,
                &KMS_INTERNAL_EXCEPTION,
                &KMS_INVALID_STATE_EXCEPTION,
                &UNSUPPORTED_OPERATION_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &CONFLICT_EXCEPTION,
            ]),
        operation("ScheduleKeyDeletion")
            .takes(&SCHEDULE_KEY_DELETION_REQUEST)
            .returns(&SCHEDULE_KEY_DELETION_RESPONSE)
            .fails(&[
                &NOT_FOUND_EXCEPTION,
                &INVALID_ARN_EXCEPTION,
                &DEPENDENCY_TIMEOUT_EXCEPTION,
                &KMS_INTERNAL_EXCEPTION,
                &KMS_INVALID_STATE_EXCEPTION,
            ]),
        operation("Sign")
            .takes(&SIGN_REQUEST)
            .returns(&SIGN_RESPONSE)
            .fails(&[
                &NOT_FOUND_EXCEPTION,
                &DISABLED_EXCEPTION,
                &KEY_UNAVAILABLE_EXCEPTION,
                &DEPENDENCY_TIMEOUT_EXCEPTION,
                &INVALID_KEY_USAGE_EXCEPTION,
                &INVALID_GRANT_TOKEN_EXCEPTION,
                &KMS_INTERNAL_EXCEPTION,
                &KMS_INVALID_STATE_EXCEPTION,
                &DRY_RUN_OPERATION_EXCEPTION,
            ]),
        operation("TagResource")
            .takes(&TAG_RESOURCE_REQUEST)
            .fails(&[
                &KMS_INTERNAL_EXCEPTION,
                &NOT_FOUND_EXCEPTION,
                &INVALID_ARN_EXCEPTION,
                &KMS_INVALID_STATE_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &TAG_EXCEPTION,
            ]),
        operation("UntagResource")
            .takes(&UNTAG_RESOURCE_REQUEST)
            .fails(&[
                &KMS_INTERNAL_EXCEPTION,
                &NOT_FOUND_EXCEPTION,
                &INVALID_ARN_EXCEPTION,
                &KMS_INVALID_STATE_EXCEPTION,
                &TAG_EXCEPTION,
            ]),
        operation("UpdateAlias")
            .takes(&UPDATE_ALIAS_REQUEST)
            .fails(&[
                &DEPENDENCY_TIMEOUT_EXCEPTION,
                &NOT_FOUND_EXCEPTION,
                &KMS_INTERNAL_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &KMS_INVALID_STATE_EXCEPTION,
            ]),
        operation("UpdateKeyDescription")
            .takes(&UPDATE_KEY_DESCRIPTION_REQUEST)
            .fails(&[
                &NOT_FOUND_EXCEPTION,
                &INVALID_ARN_EXCEPTION,
                &DEPENDENCY_TIMEOUT_EXCEPTION,
                &KMS_INTERNAL_EXCEPTION,
                &KMS_INVALID_STATE_EXCEPTION,
            ]),
        operation("Verify")
            .takes(&VERIFY_REQUEST)
            .returns(&VERIFY_RESPONSE)
            .fails(&[
                &NOT_FOUND_EXCEPTION,
                &DISABLED_EXCEPTION,
                &KEY_UNAVAILABLE_EXCEPTION,
                &DEPENDENCY_TIMEOUT_EXCEPTION,
                &INVALID_KEY_USAGE_EXCEPTION,
                &INVALID_GRANT_TOKEN_EXCEPTION,
                &KMS_INTERNAL_EXCEPTION,
                &KMS_INVALID_STATE_EXCEPTION,
                &KMS_INVALID_SIGNATURE_EXCEPTION,
                &DRY_RUN_OPERATION_EXCEPTION,
            ]),
        operation("VerifyMac")
            .takes(&VERIFY_MAC_REQUEST)
            .returns(&VERIFY_MAC_RESPONSE)
            .fails(&[
                &NOT_FOUND_EXCEPTION,
                &DISABLED_EXCEPTION,
                &KEY_UNAVAILABLE_EXCEPTION,
                &INVALID_KEY_USAGE_EXCEPTION,
                &INVALID_GRANT_TOKEN_EXCEPTION,
                &KMS_INTERNAL_EXCEPTION,
                &KMS_INVALID_MAC_EXCEPTION,
                &KMS_INVALID_STATE_EXCEPTION,
                &DRY_RUN_OPERATION_EXCEPTION,
            ]),
    ],
};

static AWS_ACCOUNT_ID_TYPE: Shape = string("AWSAccountIdType", Text::ANY);

static ALIAS_LIST: Shape = list("AliasList", &ALIAS_LIST_ENTRY, None, None, None);

static ALIAS_LIST_ENTRY: Shape = structure(
    "AliasListEntry",
    &[
        member("AliasName", &ALIAS_NAME_TYPE),
        member("AliasArn", &ARN_TYPE),
        member("TargetKeyId", &KEY_ID_TYPE),
        member("CreationDate", &DATE_TYPE),
        member("LastUpdatedDate", &DATE_TYPE),
    ],
);

static ALIAS_NAME_TYPE_PATTERN: Pattern = Pattern::new(r"^[a-zA-Z0-9:/_-]+$");

static ALIAS_NAME_TYPE: Shape = string(
    "AliasNameType",
    Text::ANY.min(1).max(256).pattern(&ALIAS_NAME_TYPE_PATTERN),
);

static ARN_TYPE: Shape = string("ArnType", Text::ANY.min(20).max(2_048));

static ATTESTATION_DOCUMENT_TYPE: Shape =
    blob("AttestationDocumentType", Some(1), Some(262_144), false);

static BACKING_KEY_ID_TYPE_PATTERN: Pattern = Pattern::new(r"^[a-f0-9]+$");

static BACKING_KEY_ID_TYPE: Shape = string(
    "BackingKeyIdType",
    Text::ANY
        .min(64)
        .max(64)
        .pattern(&BACKING_KEY_ID_TYPE_PATTERN),
);

static BOOLEAN_TYPE: Shape = boolean("BooleanType");

static CANCEL_KEY_DELETION_REQUEST: Shape = structure(
    "CancelKeyDeletionRequest",
    &[member("KeyId", &KEY_ID_TYPE).required()],
);

static CANCEL_KEY_DELETION_RESPONSE: Shape = structure(
    "CancelKeyDeletionResponse",
    &[member("KeyId", &KEY_ID_TYPE)],
);

static CIPHERTEXT_TYPE: Shape = blob("CiphertextType", Some(1), Some(6_144), false);

static CLOUD_HSM_CLUSTER_ID_TYPE_PATTERN: Pattern = Pattern::new(r"cluster-[2-7a-zA-Z]{11,16}");

static CLOUD_HSM_CLUSTER_ID_TYPE: Shape = string(
    "CloudHsmClusterIdType",
    Text::ANY
        .min(19)
        .max(24)
        .pattern(&CLOUD_HSM_CLUSTER_ID_TYPE_PATTERN),
);

static CREATE_ALIAS_REQUEST: Shape = structure(
    "CreateAliasRequest",
    &[
        member("AliasName", &ALIAS_NAME_TYPE).required(),
        member("TargetKeyId", &KEY_ID_TYPE).required(),
    ],
);

static CREATE_GRANT_REQUEST: Shape = structure(
    "CreateGrantRequest",
    &[
        member("KeyId", &KEY_ID_TYPE).required(),
        member("GranteePrincipal", &PRINCIPAL_ID_TYPE),
        member("RetiringPrincipal", &PRINCIPAL_ID_TYPE),
        member("Operations", &GRANT_OPERATION_LIST).required(),
        member("Constraints", &GRANT_CONSTRAINTS),
        member("GrantTokens", &GRANT_TOKEN_LIST),
        member("Name", &GRANT_NAME_TYPE),
        member("DryRun", &NULLABLE_BOOLEAN_TYPE),
        member("GranteeServicePrincipal", &SERVICE_PRINCIPAL_TYPE),
        member("RetiringServicePrincipal", &SERVICE_PRINCIPAL_TYPE),
    ],
);

static CREATE_GRANT_RESPONSE: Shape = structure(
    "CreateGrantResponse",
    &[
        member("GrantToken", &GRANT_TOKEN_TYPE),
        member("GrantId", &GRANT_ID_TYPE),
    ],
);

static CREATE_KEY_REQUEST: Shape = structure(
    "CreateKeyRequest",
    &[
        member("Policy", &POLICY_TYPE),
        member("Description", &DESCRIPTION_TYPE),
        member("KeyUsage", &KEY_USAGE_TYPE),
        member("CustomerMasterKeySpec", &CUSTOMER_MASTER_KEY_SPEC),
        member("KeySpec", &KEY_SPEC),
        member("Origin", &ORIGIN_TYPE),
        member("CustomKeyStoreId", &CUSTOM_KEY_STORE_ID_TYPE),
        member("BypassPolicyLockoutSafetyCheck", &BOOLEAN_TYPE),
        member("Tags", &TAG_LIST),
        member("MultiRegion", &NULLABLE_BOOLEAN_TYPE),
        member("XksKeyId", &XKS_KEY_ID_TYPE),
    ],
);

static CREATE_KEY_RESPONSE: Shape =
    structure("CreateKeyResponse", &[member("KeyMetadata", &KEY_METADATA)]);

static CUSTOM_KEY_STORE_ID_TYPE: Shape = string("CustomKeyStoreIdType", Text::ANY.min(1).max(64));

static CUSTOMER_MASTER_KEY_SPEC: Shape = string(
    "CustomerMasterKeySpec",
    Text::ANY.values(&[
        "RSA_2048",
        "RSA_3072",
        "RSA_4096",
        "ECC_NIST_P256",
        "ECC_NIST_P384",
        "ECC_NIST_P521",
        "ECC_SECG_P256K1",
        "SYMMETRIC_DEFAULT",
        "HMAC_224",
        "HMAC_256",
        "HMAC_384",
        "HMAC_512",
        "SM2",
    ]),
);

static DATA_KEY_PAIR_SPEC: Shape = string(
    "DataKeyPairSpec",
    Text::ANY.values(&[
        "RSA_2048",
        "RSA_3072",
        "RSA_4096",
        "ECC_NIST_P256",
        "ECC_NIST_P384",
        "ECC_NIST_P521",
        "ECC_SECG_P256K1",
        "SM2",
        "ECC_NIST_EDWARDS25519",
        "ML_KEM_512",
        "ML_KEM_768",
        "ML_KEM_1024",
    ]),
);

static DATA_KEY_SPEC: Shape = string("DataKeySpec", Text::ANY.values(&["AES_256", "AES_128"]));

static DATE_TYPE: Shape = timestamp("DateType");

static DECRYPT_REQUEST: Shape = structure(
    "DecryptRequest",
    &[
        member("CiphertextBlob", &CIPHERTEXT_TYPE),
        member("EncryptionContext", &ENCRYPTION_CONTEXT_TYPE),
        member("GrantTokens", &GRANT_TOKEN_LIST),
        member("KeyId", &KEY_ID_TYPE),
        member("EncryptionAlgorithm", &ENCRYPTION_ALGORITHM_SPEC),
        member("Recipient", &RECIPIENT_INFO),
        member("DryRun", &NULLABLE_BOOLEAN_TYPE),
        member("DryRunModifiers", &DRY_RUN_MODIFIER_LIST),
    ],
);

static DECRYPT_RESPONSE: Shape = structure(
    "DecryptResponse",
    &[
        member("KeyId", &KEY_ID_TYPE),
        member("Plaintext", &PLAINTEXT_TYPE),
        member("EncryptionAlgorithm", &ENCRYPTION_ALGORITHM_SPEC),
        member("CiphertextForRecipient", &CIPHERTEXT_TYPE),
        member("KeyMaterialId", &BACKING_KEY_ID_TYPE),
    ],
);

static DELETE_ALIAS_REQUEST: Shape = structure(
    "DeleteAliasRequest",
    &[member("AliasName", &ALIAS_NAME_TYPE).required()],
);

static DERIVE_SHARED_SECRET_REQUEST: Shape = structure(
    "DeriveSharedSecretRequest",
    &[
        member("KeyId", &KEY_ID_TYPE).required(),
        member("KeyAgreementAlgorithm", &KEY_AGREEMENT_ALGORITHM_SPEC).required(),
        member("PublicKey", &PUBLIC_KEY_TYPE).required(),
        member("GrantTokens", &GRANT_TOKEN_LIST),
        member("DryRun", &NULLABLE_BOOLEAN_TYPE),
        member("Recipient", &RECIPIENT_INFO),
    ],
);

static DERIVE_SHARED_SECRET_RESPONSE: Shape = structure(
    "DeriveSharedSecretResponse",
    &[
        member("KeyId", &KEY_ID_TYPE),
        member("SharedSecret", &PLAINTEXT_TYPE),
        member("CiphertextForRecipient", &CIPHERTEXT_TYPE),
        member("KeyAgreementAlgorithm", &KEY_AGREEMENT_ALGORITHM_SPEC),
        member("KeyOrigin", &ORIGIN_TYPE),
    ],
);

static DESCRIBE_KEY_REQUEST: Shape = structure(
    "DescribeKeyRequest",
    &[
        member("KeyId", &KEY_ID_TYPE).required(),
        member("GrantTokens", &GRANT_TOKEN_LIST),
    ],
);

static DESCRIBE_KEY_RESPONSE: Shape = structure(
    "DescribeKeyResponse",
    &[member("KeyMetadata", &KEY_METADATA)],
);

static DESCRIPTION_TYPE: Shape = string("DescriptionType", Text::ANY.min(0).max(8_192));

static DISABLE_KEY_REQUEST: Shape = structure(
    "DisableKeyRequest",
    &[member("KeyId", &KEY_ID_TYPE).required()],
);

static DISABLE_KEY_ROTATION_REQUEST: Shape = structure(
    "DisableKeyRotationRequest",
    &[member("KeyId", &KEY_ID_TYPE).required()],
);

static DRY_RUN_MODIFIER_LIST: Shape = list(
    "DryRunModifierList",
    &DRY_RUN_MODIFIER_TYPE,
    None,
    None,
    None,
);

static DRY_RUN_MODIFIER_TYPE: Shape = string(
    "DryRunModifierType",
    Text::ANY.values(&["IGNORE_CIPHERTEXT"]),
);

static ENABLE_KEY_REQUEST: Shape = structure(
    "EnableKeyRequest",
    &[member("KeyId", &KEY_ID_TYPE).required()],
);

static ENABLE_KEY_ROTATION_REQUEST: Shape = structure(
    "EnableKeyRotationRequest",
    &[
        member("KeyId", &KEY_ID_TYPE).required(),
        member("RotationPeriodInDays", &ROTATION_PERIOD_IN_DAYS_TYPE),
    ],
);

static ENCAPSULATION_ALGORITHM_SPEC: Shape =
    string("EncapsulationAlgorithmSpec", Text::ANY.values(&["ML_KEM"]));

static ENCAPSULATION_ALGORITHM_SPEC_LIST: Shape = list(
    "EncapsulationAlgorithmSpecList",
    &ENCAPSULATION_ALGORITHM_SPEC,
    None,
    None,
    None,
);

static ENCRYPT_REQUEST: Shape = structure(
    "EncryptRequest",
    &[
        member("KeyId", &KEY_ID_TYPE).required(),
        member("Plaintext", &PLAINTEXT_TYPE).required(),
        member("EncryptionContext", &ENCRYPTION_CONTEXT_TYPE),
        member("GrantTokens", &GRANT_TOKEN_LIST),
        member("EncryptionAlgorithm", &ENCRYPTION_ALGORITHM_SPEC),
        member("DryRun", &NULLABLE_BOOLEAN_TYPE),
    ],
);

static ENCRYPT_RESPONSE: Shape = structure(
    "EncryptResponse",
    &[
        member("CiphertextBlob", &CIPHERTEXT_TYPE),
        member("KeyId", &KEY_ID_TYPE),
        member("EncryptionAlgorithm", &ENCRYPTION_ALGORITHM_SPEC),
    ],
);

static ENCRYPTION_ALGORITHM_SPEC: Shape = string(
    "EncryptionAlgorithmSpec",
    Text::ANY.values(&[
        "SYMMETRIC_DEFAULT",
        "RSAES_OAEP_SHA_1",
        "RSAES_OAEP_SHA_256",
        "SM2PKE",
    ]),
);

static ENCRYPTION_ALGORITHM_SPEC_LIST: Shape = list(
    "EncryptionAlgorithmSpecList",
    &ENCRYPTION_ALGORITHM_SPEC,
    None,
    None,
    None,
);

static ENCRYPTION_CONTEXT_KEY: Shape = string("EncryptionContextKey", Text::ANY);

static ENCRYPTION_CONTEXT_TYPE: Shape = map(
    "EncryptionContextType",
    &ENCRYPTION_CONTEXT_KEY,
    &ENCRYPTION_CONTEXT_VALUE,
);

static ENCRYPTION_CONTEXT_VALUE: Shape = string("EncryptionContextValue", Text::ANY);

static EXPIRATION_MODEL_TYPE: Shape = string(
    "ExpirationModelType",
    Text::ANY.values(&["KEY_MATERIAL_EXPIRES", "KEY_MATERIAL_DOES_NOT_EXPIRE"]),
);

static GENERATE_DATA_KEY_PAIR_REQUEST: Shape = structure(
    "GenerateDataKeyPairRequest",
    &[
        member("EncryptionContext", &ENCRYPTION_CONTEXT_TYPE),
        member("KeyId", &KEY_ID_TYPE).required(),
        member("KeyPairSpec", &DATA_KEY_PAIR_SPEC).required(),
        member("GrantTokens", &GRANT_TOKEN_LIST),
        member("Recipient", &RECIPIENT_INFO),
        member("DryRun", &NULLABLE_BOOLEAN_TYPE),
    ],
);

static GENERATE_DATA_KEY_PAIR_RESPONSE: Shape = structure(
    "GenerateDataKeyPairResponse",
    &[
        member("PrivateKeyCiphertextBlob", &CIPHERTEXT_TYPE),
        member("PrivateKeyPlaintext", &PLAINTEXT_TYPE),
        member("PublicKey", &PUBLIC_KEY_TYPE),
        member("KeyId", &KEY_ID_TYPE),
        member("KeyPairSpec", &DATA_KEY_PAIR_SPEC),
        member("CiphertextForRecipient", &CIPHERTEXT_TYPE),
        member("KeyMaterialId", &BACKING_KEY_ID_TYPE),
    ],
);

static GENERATE_DATA_KEY_PAIR_WITHOUT_PLAINTEXT_REQUEST: Shape = structure(
    "GenerateDataKeyPairWithoutPlaintextRequest",
    &[
        member("EncryptionContext", &ENCRYPTION_CONTEXT_TYPE),
        member("KeyId", &KEY_ID_TYPE).required(),
        member("KeyPairSpec", &DATA_KEY_PAIR_SPEC).required(),
        member("GrantTokens", &GRANT_TOKEN_LIST),
        member("DryRun", &NULLABLE_BOOLEAN_TYPE),
    ],
);

static GENERATE_DATA_KEY_PAIR_WITHOUT_PLAINTEXT_RESPONSE: Shape = structure(
    "GenerateDataKeyPairWithoutPlaintextResponse",
    &[
        member("PrivateKeyCiphertextBlob", &CIPHERTEXT_TYPE),
        member("PublicKey", &PUBLIC_KEY_TYPE),
        member("KeyId", &KEY_ID_TYPE),
        member("KeyPairSpec", &DATA_KEY_PAIR_SPEC),
        member("KeyMaterialId", &BACKING_KEY_ID_TYPE),
    ],
);

static GENERATE_DATA_KEY_REQUEST: Shape = structure(
    "GenerateDataKeyRequest",
    &[
        member("KeyId", &KEY_ID_TYPE).required(),
        member("EncryptionContext", &ENCRYPTION_CONTEXT_TYPE),
        member("NumberOfBytes", &NUMBER_OF_BYTES_TYPE),
        member("KeySpec", &DATA_KEY_SPEC),
        member("GrantTokens", &GRANT_TOKEN_LIST),
        member("Recipient", &RECIPIENT_INFO),
        member("DryRun", &NULLABLE_BOOLEAN_TYPE),
    ],
);

static GENERATE_DATA_KEY_RESPONSE: Shape = structure(
    "GenerateDataKeyResponse",
    &[
        member("CiphertextBlob", &CIPHERTEXT_TYPE),
        member("Plaintext", &PLAINTEXT_TYPE),
        member("KeyId", &KEY_ID_TYPE),
        member("CiphertextForRecipient", &CIPHERTEXT_TYPE),
        member("KeyMaterialId", &BACKING_KEY_ID_TYPE),
    ],
);

static GENERATE_DATA_KEY_WITHOUT_PLAINTEXT_REQUEST: Shape = structure(
    "GenerateDataKeyWithoutPlaintextRequest",
    &[
        member("KeyId", &KEY_ID_TYPE).required(),
        member("EncryptionContext", &ENCRYPTION_CONTEXT_TYPE),
        member("KeySpec", &DATA_KEY_SPEC),
        member("NumberOfBytes", &NUMBER_OF_BYTES_TYPE),
        member("GrantTokens", &GRANT_TOKEN_LIST),
        member("DryRun", &NULLABLE_BOOLEAN_TYPE),
    ],
);

static GENERATE_DATA_KEY_WITHOUT_PLAINTEXT_RESPONSE: Shape = structure(
    "GenerateDataKeyWithoutPlaintextResponse",
    &[
        member("CiphertextBlob", &CIPHERTEXT_TYPE),
        member("KeyId", &KEY_ID_TYPE),
        member("KeyMaterialId", &BACKING_KEY_ID_TYPE),
    ],
);

static GENERATE_MAC_REQUEST: Shape = structure(
    "GenerateMacRequest",
    &[
        member("Message", &PLAINTEXT_TYPE).required(),
        member("KeyId", &KEY_ID_TYPE).required(),
        member("MacAlgorithm", &MAC_ALGORITHM_SPEC).required(),
        member("GrantTokens", &GRANT_TOKEN_LIST),
        member("DryRun", &NULLABLE_BOOLEAN_TYPE),
    ],
);

static GENERATE_MAC_RESPONSE: Shape = structure(
    "GenerateMacResponse",
    &[
        member("Mac", &CIPHERTEXT_TYPE),
        member("MacAlgorithm", &MAC_ALGORITHM_SPEC),
        member("KeyId", &KEY_ID_TYPE),
    ],
);

static GENERATE_RANDOM_REQUEST: Shape = structure(
    "GenerateRandomRequest",
    &[
        member("NumberOfBytes", &NUMBER_OF_BYTES_TYPE),
        member("CustomKeyStoreId", &CUSTOM_KEY_STORE_ID_TYPE),
        member("Recipient", &RECIPIENT_INFO),
    ],
);

static GENERATE_RANDOM_RESPONSE: Shape = structure(
    "GenerateRandomResponse",
    &[
        member("Plaintext", &PLAINTEXT_TYPE),
        member("CiphertextForRecipient", &CIPHERTEXT_TYPE),
    ],
);

static GET_KEY_POLICY_REQUEST: Shape = structure(
    "GetKeyPolicyRequest",
    &[
        member("KeyId", &KEY_ID_TYPE).required(),
        member("PolicyName", &POLICY_NAME_TYPE),
    ],
);

static GET_KEY_POLICY_RESPONSE: Shape = structure(
    "GetKeyPolicyResponse",
    &[
        member("Policy", &POLICY_TYPE),
        member("PolicyName", &POLICY_NAME_TYPE),
    ],
);

static GET_KEY_ROTATION_STATUS_REQUEST: Shape = structure(
    "GetKeyRotationStatusRequest",
    &[member("KeyId", &KEY_ID_TYPE).required()],
);

static GET_KEY_ROTATION_STATUS_RESPONSE: Shape = structure(
    "GetKeyRotationStatusResponse",
    &[
        member("KeyRotationEnabled", &BOOLEAN_TYPE),
        member("KeyId", &KEY_ID_TYPE),
        member("RotationPeriodInDays", &ROTATION_PERIOD_IN_DAYS_TYPE),
        member("NextRotationDate", &DATE_TYPE),
        member("OnDemandRotationStartDate", &DATE_TYPE),
    ],
);

static GET_PUBLIC_KEY_REQUEST: Shape = structure(
    "GetPublicKeyRequest",
    &[
        member("KeyId", &KEY_ID_TYPE).required(),
        member("GrantTokens", &GRANT_TOKEN_LIST),
    ],
);

static GET_PUBLIC_KEY_RESPONSE: Shape = structure(
    "GetPublicKeyResponse",
    &[
        member("KeyId", &KEY_ID_TYPE),
        member("PublicKey", &PUBLIC_KEY_TYPE),
        member("CustomerMasterKeySpec", &CUSTOMER_MASTER_KEY_SPEC),
        member("KeySpec", &KEY_SPEC),
        member("KeyUsage", &KEY_USAGE_TYPE),
        member("EncryptionAlgorithms", &ENCRYPTION_ALGORITHM_SPEC_LIST),
        member("SigningAlgorithms", &SIGNING_ALGORITHM_SPEC_LIST),
        member("KeyAgreementAlgorithms", &KEY_AGREEMENT_ALGORITHM_SPEC_LIST),
        member(
            "EncapsulationAlgorithms",
            &ENCAPSULATION_ALGORITHM_SPEC_LIST,
        ),
    ],
);

static GRANT_CONSTRAINT_SOURCE_ARN_TYPE_PATTERN: Pattern =
    Pattern::new(r"^arn:aws[a-z0-9-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]{12}:.+$");

static GRANT_CONSTRAINT_SOURCE_ARN_TYPE: Shape = string(
    "GrantConstraintSourceArnType",
    Text::ANY
        .min(20)
        .max(512)
        .pattern(&GRANT_CONSTRAINT_SOURCE_ARN_TYPE_PATTERN),
);

static GRANT_CONSTRAINTS: Shape = structure(
    "GrantConstraints",
    &[
        member("EncryptionContextSubset", &ENCRYPTION_CONTEXT_TYPE),
        member("EncryptionContextEquals", &ENCRYPTION_CONTEXT_TYPE),
        member("SourceArn", &GRANT_CONSTRAINT_SOURCE_ARN_TYPE),
    ],
);

static GRANT_ID_TYPE: Shape = string("GrantIdType", Text::ANY.min(1).max(128));

static GRANT_LIST: Shape = list("GrantList", &GRANT_LIST_ENTRY, None, None, None);

static GRANT_LIST_ENTRY: Shape = structure(
    "GrantListEntry",
    &[
        member("KeyId", &KEY_ID_TYPE),
        member("GrantId", &GRANT_ID_TYPE),
        member("Name", &GRANT_NAME_TYPE),
        member("CreationDate", &DATE_TYPE),
        member("GranteePrincipal", &PRINCIPAL_ID_TYPE),
        member("RetiringPrincipal", &PRINCIPAL_ID_TYPE),
        member("IssuingAccount", &PRINCIPAL_ID_TYPE),
        member("Operations", &GRANT_OPERATION_LIST),
        member("Constraints", &GRANT_CONSTRAINTS),
        member("GranteeServicePrincipal", &SERVICE_PRINCIPAL_TYPE),
        member("RetiringServicePrincipal", &SERVICE_PRINCIPAL_TYPE),
    ],
);

static GRANT_NAME_TYPE_PATTERN: Pattern = Pattern::new(r"^[a-zA-Z0-9:/_-]+$");

static GRANT_NAME_TYPE: Shape = string(
    "GrantNameType",
    Text::ANY.min(1).max(256).pattern(&GRANT_NAME_TYPE_PATTERN),
);

static GRANT_OPERATION: Shape = string(
    "GrantOperation",
    Text::ANY.values(&[
        "Decrypt",
        "Encrypt",
        "GenerateDataKey",
        "GenerateDataKeyWithoutPlaintext",
        "ReEncryptFrom",
        "ReEncryptTo",
        "Sign",
        "Verify",
        "GetPublicKey",
        "CreateGrant",
        "RetireGrant",
        "DescribeKey",
        "GenerateDataKeyPair",
        "GenerateDataKeyPairWithoutPlaintext",
        "GenerateMac",
        "VerifyMac",
        "DeriveSharedSecret",
        "Encapsulate",
        "Decapsulate",
    ]),
);

static GRANT_OPERATION_LIST: Shape = list("GrantOperationList", &GRANT_OPERATION, None, None, None);

static GRANT_TOKEN_LIST: Shape = list("GrantTokenList", &GRANT_TOKEN_TYPE, None, Some(0), Some(10));

static GRANT_TOKEN_TYPE: Shape = string("GrantTokenType", Text::ANY.min(1).max(8_192));

static IMPORT_STATE: Shape = string(
    "ImportState",
    Text::ANY.values(&["IMPORTED", "PENDING_IMPORT"]),
);

static INCLUDE_KEY_MATERIAL: Shape = string(
    "IncludeKeyMaterial",
    Text::ANY.values(&["ALL_KEY_MATERIAL", "ROTATIONS_ONLY"]),
);

static KEY_AGREEMENT_ALGORITHM_SPEC: Shape =
    string("KeyAgreementAlgorithmSpec", Text::ANY.values(&["ECDH"]));

static KEY_AGREEMENT_ALGORITHM_SPEC_LIST: Shape = list(
    "KeyAgreementAlgorithmSpecList",
    &KEY_AGREEMENT_ALGORITHM_SPEC,
    None,
    None,
    None,
);

static KEY_ENCRYPTION_MECHANISM: Shape = string(
    "KeyEncryptionMechanism",
    Text::ANY.values(&["RSAES_OAEP_SHA_256"]),
);

static KEY_ID_TYPE: Shape = string("KeyIdType", Text::ANY.min(1).max(2_048));

static KEY_LIST: Shape = list("KeyList", &KEY_LIST_ENTRY, None, None, None);

static KEY_LIST_ENTRY: Shape = structure(
    "KeyListEntry",
    &[member("KeyId", &KEY_ID_TYPE), member("KeyArn", &ARN_TYPE)],
);

static KEY_MANAGER_TYPE: Shape = string("KeyManagerType", Text::ANY.values(&["AWS", "CUSTOMER"]));

static KEY_MATERIAL_DESCRIPTION_TYPE_PATTERN: Pattern = Pattern::new(r"^[a-zA-Z0-9:/_\s.-]+$");

static KEY_MATERIAL_DESCRIPTION_TYPE: Shape = string(
    "KeyMaterialDescriptionType",
    Text::ANY
        .min(0)
        .max(256)
        .pattern(&KEY_MATERIAL_DESCRIPTION_TYPE_PATTERN),
);

static KEY_MATERIAL_STATE: Shape = string(
    "KeyMaterialState",
    Text::ANY.values(&[
        "NON_CURRENT",
        "CURRENT",
        "PENDING_ROTATION",
        "PENDING_MULTI_REGION_IMPORT_AND_ROTATION",
    ]),
);

static KEY_METADATA: Shape = structure(
    "KeyMetadata",
    &[
        member("AWSAccountId", &AWS_ACCOUNT_ID_TYPE),
        member("KeyId", &KEY_ID_TYPE).required(),
        member("Arn", &ARN_TYPE),
        member("CreationDate", &DATE_TYPE),
        member("Enabled", &BOOLEAN_TYPE),
        member("Description", &DESCRIPTION_TYPE),
        member("KeyUsage", &KEY_USAGE_TYPE),
        member("KeyState", &KEY_STATE),
        member("DeletionDate", &DATE_TYPE),
        member("ValidTo", &DATE_TYPE),
        member("Origin", &ORIGIN_TYPE),
        member("CustomKeyStoreId", &CUSTOM_KEY_STORE_ID_TYPE),
        member("CloudHsmClusterId", &CLOUD_HSM_CLUSTER_ID_TYPE),
        member("ExpirationModel", &EXPIRATION_MODEL_TYPE),
        member("KeyManager", &KEY_MANAGER_TYPE),
        member("CustomerMasterKeySpec", &CUSTOMER_MASTER_KEY_SPEC),
        member("KeySpec", &KEY_SPEC),
        member("EncryptionAlgorithms", &ENCRYPTION_ALGORITHM_SPEC_LIST),
        member("SigningAlgorithms", &SIGNING_ALGORITHM_SPEC_LIST),
        member("KeyAgreementAlgorithms", &KEY_AGREEMENT_ALGORITHM_SPEC_LIST),
        member(
            "EncapsulationAlgorithms",
            &ENCAPSULATION_ALGORITHM_SPEC_LIST,
        ),
        member("MultiRegion", &NULLABLE_BOOLEAN_TYPE),
        member("MultiRegionConfiguration", &MULTI_REGION_CONFIGURATION),
        member("PendingDeletionWindowInDays", &PENDING_WINDOW_IN_DAYS_TYPE),
        member("MacAlgorithms", &MAC_ALGORITHM_SPEC_LIST),
        member("XksKeyConfiguration", &XKS_KEY_CONFIGURATION_TYPE),
        member("CurrentKeyMaterialId", &BACKING_KEY_ID_TYPE),
    ],
);

static KEY_SPEC: Shape = string(
    "KeySpec",
    Text::ANY.values(&[
        "RSA_2048",
        "RSA_3072",
        "RSA_4096",
        "ECC_NIST_P256",
        "ECC_NIST_P384",
        "ECC_NIST_P521",
        "ECC_SECG_P256K1",
        "SYMMETRIC_DEFAULT",
        "HMAC_224",
        "HMAC_256",
        "HMAC_384",
        "HMAC_512",
        "SM2",
        "ML_DSA_44",
        "ML_DSA_65",
        "ML_DSA_87",
        "ECC_NIST_EDWARDS25519",
        "ML_KEM_512",
        "ML_KEM_768",
        "ML_KEM_1024",
    ]),
);

static KEY_STATE: Shape = string(
    "KeyState",
    Text::ANY.values(&[
        "Creating",
        "Enabled",
        "Disabled",
        "PendingDeletion",
        "PendingImport",
        "PendingReplicaDeletion",
        "Unavailable",
        "Updating",
    ]),
);

static KEY_USAGE_TYPE: Shape = string(
    "KeyUsageType",
    Text::ANY.values(&[
        "SIGN_VERIFY",
        "ENCRYPT_DECRYPT",
        "GENERATE_VERIFY_MAC",
        "KEY_AGREEMENT",
        "ENCAPSULATE_DECAPSULATE",
    ]),
);

static LIMIT_TYPE: Shape = integer("LimitType", 32, Some(1), Some(1_000));

static LIST_ALIASES_REQUEST: Shape = structure(
    "ListAliasesRequest",
    &[
        member("KeyId", &KEY_ID_TYPE),
        member("Limit", &LIMIT_TYPE),
        member("Marker", &MARKER_TYPE),
    ],
);

static LIST_ALIASES_RESPONSE: Shape = structure(
    "ListAliasesResponse",
    &[
        member("Aliases", &ALIAS_LIST),
        member("NextMarker", &MARKER_TYPE),
        member("Truncated", &BOOLEAN_TYPE),
    ],
);

static LIST_GRANTS_REQUEST: Shape = structure(
    "ListGrantsRequest",
    &[
        member("Limit", &LIMIT_TYPE),
        member("Marker", &MARKER_TYPE),
        member("KeyId", &KEY_ID_TYPE).required(),
        member("GrantId", &GRANT_ID_TYPE),
        member("GranteePrincipal", &PRINCIPAL_ID_TYPE),
        member("GranteeServicePrincipal", &SERVICE_PRINCIPAL_TYPE),
    ],
);

static LIST_GRANTS_RESPONSE: Shape = structure(
    "ListGrantsResponse",
    &[
        member("Grants", &GRANT_LIST),
        member("NextMarker", &MARKER_TYPE),
        member("Truncated", &BOOLEAN_TYPE),
    ],
);

static LIST_KEY_POLICIES_REQUEST: Shape = structure(
    "ListKeyPoliciesRequest",
    &[
        member("KeyId", &KEY_ID_TYPE).required(),
        member("Limit", &LIMIT_TYPE),
        member("Marker", &MARKER_TYPE),
    ],
);

static LIST_KEY_POLICIES_RESPONSE: Shape = structure(
    "ListKeyPoliciesResponse",
    &[
        member("PolicyNames", &POLICY_NAME_LIST),
        member("NextMarker", &MARKER_TYPE),
        member("Truncated", &BOOLEAN_TYPE),
    ],
);

static LIST_KEY_ROTATIONS_REQUEST: Shape = structure(
    "ListKeyRotationsRequest",
    &[
        member("KeyId", &KEY_ID_TYPE).required(),
        member("IncludeKeyMaterial", &INCLUDE_KEY_MATERIAL),
        member("Limit", &LIMIT_TYPE),
        member("Marker", &MARKER_TYPE),
    ],
);

static LIST_KEY_ROTATIONS_RESPONSE: Shape = structure(
    "ListKeyRotationsResponse",
    &[
        member("Rotations", &ROTATIONS_LIST),
        member("NextMarker", &MARKER_TYPE),
        member("Truncated", &BOOLEAN_TYPE),
    ],
);

static LIST_KEYS_REQUEST: Shape = structure(
    "ListKeysRequest",
    &[
        member("Limit", &LIMIT_TYPE),
        member("Marker", &MARKER_TYPE),
        member("ResourceOwners", &RESOURCE_OWNERS_LIST),
    ],
);

static LIST_KEYS_RESPONSE: Shape = structure(
    "ListKeysResponse",
    &[
        member("Keys", &KEY_LIST),
        member("NextMarker", &MARKER_TYPE),
        member("Truncated", &BOOLEAN_TYPE),
    ],
);

static LIST_RESOURCE_TAGS_REQUEST: Shape = structure(
    "ListResourceTagsRequest",
    &[
        member("KeyId", &KEY_ID_TYPE).required(),
        member("Limit", &LIMIT_TYPE),
        member("Marker", &MARKER_TYPE),
    ],
);

static LIST_RESOURCE_TAGS_RESPONSE: Shape = structure(
    "ListResourceTagsResponse",
    &[
        member("Tags", &TAG_LIST),
        member("NextMarker", &MARKER_TYPE),
        member("Truncated", &BOOLEAN_TYPE),
    ],
);

static LIST_RETIRABLE_GRANTS_REQUEST: Shape = structure(
    "ListRetirableGrantsRequest",
    &[
        member("Limit", &LIMIT_TYPE),
        member("Marker", &MARKER_TYPE),
        member("RetiringPrincipal", &PRINCIPAL_ID_TYPE),
        member("RetiringServicePrincipal", &SERVICE_PRINCIPAL_TYPE),
    ],
);

static MAC_ALGORITHM_SPEC: Shape = string(
    "MacAlgorithmSpec",
    Text::ANY.values(&[
        "HMAC_SHA_224",
        "HMAC_SHA_256",
        "HMAC_SHA_384",
        "HMAC_SHA_512",
    ]),
);

static MAC_ALGORITHM_SPEC_LIST: Shape = list(
    "MacAlgorithmSpecList",
    &MAC_ALGORITHM_SPEC,
    None,
    None,
    None,
);

static MARKER_TYPE_PATTERN: Pattern = Pattern::new(r"[\u0020-\u00FF]*");

static MARKER_TYPE: Shape = string(
    "MarkerType",
    Text::ANY.min(1).max(1_024).pattern(&MARKER_TYPE_PATTERN),
);

static MESSAGE_TYPE: Shape = string(
    "MessageType",
    Text::ANY.values(&["RAW", "DIGEST", "EXTERNAL_MU"]),
);

static MULTI_REGION_CONFIGURATION: Shape = structure(
    "MultiRegionConfiguration",
    &[
        member("MultiRegionKeyType", &MULTI_REGION_KEY_TYPE),
        member("PrimaryKey", &MULTI_REGION_KEY),
        member("ReplicaKeys", &MULTI_REGION_KEY_LIST),
    ],
);

static MULTI_REGION_KEY: Shape = structure(
    "MultiRegionKey",
    &[member("Arn", &ARN_TYPE), member("Region", &REGION_TYPE)],
);

static MULTI_REGION_KEY_LIST: Shape =
    list("MultiRegionKeyList", &MULTI_REGION_KEY, None, None, None);

static MULTI_REGION_KEY_TYPE: Shape = string(
    "MultiRegionKeyType",
    Text::ANY.values(&["PRIMARY", "REPLICA"]),
);

static NULLABLE_BOOLEAN_TYPE: Shape = boolean("NullableBooleanType");

static NUMBER_OF_BYTES_TYPE: Shape = integer("NumberOfBytesType", 32, Some(1), Some(1_024));

static ORIGIN_TYPE: Shape = string(
    "OriginType",
    Text::ANY.values(&["AWS_KMS", "EXTERNAL", "AWS_CLOUDHSM", "EXTERNAL_KEY_STORE"]),
);

static PENDING_WINDOW_IN_DAYS_TYPE: Shape =
    integer("PendingWindowInDaysType", 32, Some(1), Some(365));

static PLAINTEXT_TYPE: Shape = blob("PlaintextType", Some(1), Some(4_096), true);

static POLICY_NAME_LIST: Shape = list("PolicyNameList", &POLICY_NAME_TYPE, None, None, None);

static POLICY_NAME_TYPE_PATTERN: Pattern = Pattern::new(r"[\w]+");

static POLICY_NAME_TYPE: Shape = string(
    "PolicyNameType",
    Text::ANY.min(1).max(128).pattern(&POLICY_NAME_TYPE_PATTERN),
);

static POLICY_TYPE_PATTERN: Pattern = Pattern::new(r"[\u0009\u000A\u000D\u0020-\u00FF]+");

static POLICY_TYPE: Shape = string(
    "PolicyType",
    Text::ANY.min(1).max(131_072).pattern(&POLICY_TYPE_PATTERN),
);

static PRINCIPAL_ID_TYPE_PATTERN: Pattern = Pattern::new(r"^[\w+=,.@:/-]+$");

static PRINCIPAL_ID_TYPE: Shape = string(
    "PrincipalIdType",
    Text::ANY
        .min(1)
        .max(256)
        .pattern(&PRINCIPAL_ID_TYPE_PATTERN),
);

static PUBLIC_KEY_TYPE: Shape = blob("PublicKeyType", Some(1), Some(8_192), false);

static PUT_KEY_POLICY_REQUEST: Shape = structure(
    "PutKeyPolicyRequest",
    &[
        member("KeyId", &KEY_ID_TYPE).required(),
        member("PolicyName", &POLICY_NAME_TYPE),
        member("Policy", &POLICY_TYPE).required(),
        member("BypassPolicyLockoutSafetyCheck", &BOOLEAN_TYPE),
    ],
);

static RE_ENCRYPT_REQUEST: Shape = structure(
    "ReEncryptRequest",
    &[
        member("CiphertextBlob", &CIPHERTEXT_TYPE),
        member("SourceEncryptionContext", &ENCRYPTION_CONTEXT_TYPE),
        member("SourceKeyId", &KEY_ID_TYPE),
        member("DestinationKeyId", &KEY_ID_TYPE).required(),
        member("DestinationEncryptionContext", &ENCRYPTION_CONTEXT_TYPE),
        member("SourceEncryptionAlgorithm", &ENCRYPTION_ALGORITHM_SPEC),
        member("DestinationEncryptionAlgorithm", &ENCRYPTION_ALGORITHM_SPEC),
        member("GrantTokens", &GRANT_TOKEN_LIST),
        member("DryRun", &NULLABLE_BOOLEAN_TYPE),
        member("DryRunModifiers", &DRY_RUN_MODIFIER_LIST),
    ],
);

static RE_ENCRYPT_RESPONSE: Shape = structure(
    "ReEncryptResponse",
    &[
        member("CiphertextBlob", &CIPHERTEXT_TYPE),
        member("SourceKeyId", &KEY_ID_TYPE),
        member("KeyId", &KEY_ID_TYPE),
        member("SourceEncryptionAlgorithm", &ENCRYPTION_ALGORITHM_SPEC),
        member("DestinationEncryptionAlgorithm", &ENCRYPTION_ALGORITHM_SPEC),
        member("SourceKeyMaterialId", &BACKING_KEY_ID_TYPE),
        member("DestinationKeyMaterialId", &BACKING_KEY_ID_TYPE),
    ],
);

static RECIPIENT_INFO: Shape = structure(
    "RecipientInfo",
    &[
        member("KeyEncryptionAlgorithm", &KEY_ENCRYPTION_MECHANISM),
        member("AttestationDocument", &ATTESTATION_DOCUMENT_TYPE),
    ],
);

static REGION_TYPE_PATTERN: Pattern = Pattern::new(r"^([a-z]+-){2,3}\d+$");

static REGION_TYPE: Shape = string(
    "RegionType",
    Text::ANY.min(1).max(32).pattern(&REGION_TYPE_PATTERN),
);

static RESOURCE_OWNER_TYPE: Shape = string(
    "ResourceOwnerType",
    Text::ANY.values(&["SELF", "OTHER_ACCOUNTS_VIA_RAM"]),
);

static RESOURCE_OWNERS_LIST: Shape = list(
    "ResourceOwnersList",
    &RESOURCE_OWNER_TYPE,
    None,
    Some(1),
    Some(2),
);

static RETIRE_GRANT_REQUEST: Shape = structure(
    "RetireGrantRequest",
    &[
        member("GrantToken", &GRANT_TOKEN_TYPE),
        member("KeyId", &KEY_ID_TYPE),
        member("GrantId", &GRANT_ID_TYPE),
        member("DryRun", &NULLABLE_BOOLEAN_TYPE),
    ],
);

static REVOKE_GRANT_REQUEST: Shape = structure(
    "RevokeGrantRequest",
    &[
        member("KeyId", &KEY_ID_TYPE).required(),
        member("GrantId", &GRANT_ID_TYPE).required(),
        member("DryRun", &NULLABLE_BOOLEAN_TYPE),
    ],
);

static ROTATE_KEY_ON_DEMAND_REQUEST: Shape = structure(
    "RotateKeyOnDemandRequest",
    &[member("KeyId", &KEY_ID_TYPE).required()],
);

static ROTATE_KEY_ON_DEMAND_RESPONSE: Shape = structure(
    "RotateKeyOnDemandResponse",
    &[member("KeyId", &KEY_ID_TYPE)],
);

static ROTATION_PERIOD_IN_DAYS_TYPE: Shape =
    integer("RotationPeriodInDaysType", 32, Some(90), Some(2_560));

static ROTATION_TYPE: Shape = string(
    "RotationType",
    Text::ANY.values(&["AUTOMATIC", "ON_DEMAND"]),
);

static ROTATIONS_LIST: Shape = list("RotationsList", &ROTATIONS_LIST_ENTRY, None, None, None);

static ROTATIONS_LIST_ENTRY: Shape = structure(
    "RotationsListEntry",
    &[
        member("KeyId", &KEY_ID_TYPE),
        member("KeyMaterialId", &BACKING_KEY_ID_TYPE),
        member("KeyMaterialDescription", &KEY_MATERIAL_DESCRIPTION_TYPE),
        member("ImportState", &IMPORT_STATE),
        member("KeyMaterialState", &KEY_MATERIAL_STATE),
        member("ExpirationModel", &EXPIRATION_MODEL_TYPE),
        member("ValidTo", &DATE_TYPE),
        member("RotationDate", &DATE_TYPE),
        member("RotationType", &ROTATION_TYPE),
    ],
);

static SCHEDULE_KEY_DELETION_REQUEST: Shape = structure(
    "ScheduleKeyDeletionRequest",
    &[
        member("KeyId", &KEY_ID_TYPE).required(),
        member("PendingWindowInDays", &PENDING_WINDOW_IN_DAYS_TYPE),
    ],
);

static SCHEDULE_KEY_DELETION_RESPONSE: Shape = structure(
    "ScheduleKeyDeletionResponse",
    &[
        member("KeyId", &KEY_ID_TYPE),
        member("DeletionDate", &DATE_TYPE),
        member("KeyState", &KEY_STATE),
        member("PendingWindowInDays", &PENDING_WINDOW_IN_DAYS_TYPE),
    ],
);

static SERVICE_PRINCIPAL_TYPE_PATTERN: Pattern =
    Pattern::new(r"^([A-Za-z0-9\-]+)\.([A-Za-z0-9\-]+)(\.[A-Za-z0-9\-]+)+$");

static SERVICE_PRINCIPAL_TYPE: Shape = string(
    "ServicePrincipalType",
    Text::ANY
        .min(1)
        .max(128)
        .pattern(&SERVICE_PRINCIPAL_TYPE_PATTERN),
);

static SIGN_REQUEST: Shape = structure(
    "SignRequest",
    &[
        member("KeyId", &KEY_ID_TYPE).required(),
        member("Message", &PLAINTEXT_TYPE).required(),
        member("MessageType", &MESSAGE_TYPE),
        member("GrantTokens", &GRANT_TOKEN_LIST),
        member("SigningAlgorithm", &SIGNING_ALGORITHM_SPEC).required(),
        member("DryRun", &NULLABLE_BOOLEAN_TYPE),
    ],
);

static SIGN_RESPONSE: Shape = structure(
    "SignResponse",
    &[
        member("KeyId", &KEY_ID_TYPE),
        member("Signature", &CIPHERTEXT_TYPE),
        member("SigningAlgorithm", &SIGNING_ALGORITHM_SPEC),
    ],
);

static SIGNING_ALGORITHM_SPEC: Shape = string(
    "SigningAlgorithmSpec",
    Text::ANY.values(&[
        "RSASSA_PSS_SHA_256",
        "RSASSA_PSS_SHA_384",
        "RSASSA_PSS_SHA_512",
        "RSASSA_PKCS1_V1_5_SHA_256",
        "RSASSA_PKCS1_V1_5_SHA_384",
        "RSASSA_PKCS1_V1_5_SHA_512",
        "ECDSA_SHA_256",
        "ECDSA_SHA_384",
        "ECDSA_SHA_512",
        "SM2DSA",
        "ML_DSA_SHAKE_256",
        "ED25519_SHA_512",
        "ED25519_PH_SHA_512",
    ]),
);

static SIGNING_ALGORITHM_SPEC_LIST: Shape = list(
    "SigningAlgorithmSpecList",
    &SIGNING_ALGORITHM_SPEC,
    None,
    None,
    None,
);

static TAG: Shape = structure(
    "Tag",
    &[
        member("TagKey", &TAG_KEY_TYPE).required(),
        member("TagValue", &TAG_VALUE_TYPE).required(),
    ],
);

static TAG_KEY_LIST: Shape = list("TagKeyList", &TAG_KEY_TYPE, None, None, None);

static TAG_KEY_TYPE: Shape = string("TagKeyType", Text::ANY.min(1).max(128));

static TAG_LIST: Shape = list("TagList", &TAG, None, None, None);

static TAG_RESOURCE_REQUEST: Shape = structure(
    "TagResourceRequest",
    &[
        member("KeyId", &KEY_ID_TYPE).required(),
        member("Tags", &TAG_LIST).required(),
    ],
);

static TAG_VALUE_TYPE: Shape = string("TagValueType", Text::ANY.min(0).max(256));

static UNTAG_RESOURCE_REQUEST: Shape = structure(
    "UntagResourceRequest",
    &[
        member("KeyId", &KEY_ID_TYPE).required(),
        member("TagKeys", &TAG_KEY_LIST).required(),
    ],
);

static UPDATE_ALIAS_REQUEST: Shape = structure(
    "UpdateAliasRequest",
    &[
        member("AliasName", &ALIAS_NAME_TYPE).required(),
        member("TargetKeyId", &KEY_ID_TYPE).required(),
    ],
);

static UPDATE_KEY_DESCRIPTION_REQUEST: Shape = structure(
    "UpdateKeyDescriptionRequest",
    &[
        member("KeyId", &KEY_ID_TYPE).required(),
        member("Description", &DESCRIPTION_TYPE).required(),
    ],
);

static VERIFY_MAC_REQUEST: Shape = structure(
    "VerifyMacRequest",
    &[
        member("Message", &PLAINTEXT_TYPE).required(),
        member("KeyId", &KEY_ID_TYPE).required(),
        member("MacAlgorithm", &MAC_ALGORITHM_SPEC).required(),
        member("Mac", &CIPHERTEXT_TYPE).required(),
        member("GrantTokens", &GRANT_TOKEN_LIST),
        member("DryRun", &NULLABLE_BOOLEAN_TYPE),
    ],
);

static VERIFY_MAC_RESPONSE: Shape = structure(
    "VerifyMacResponse",
    &[
        member("KeyId", &KEY_ID_TYPE),
        member("MacValid", &BOOLEAN_TYPE),
        member("MacAlgorithm", &MAC_ALGORITHM_SPEC),
    ],
);

static VERIFY_REQUEST: Shape = structure(
    "VerifyRequest",
    &[
        member("KeyId", &KEY_ID_TYPE).required(),
        member("Message", &PLAINTEXT_TYPE).required(),
        member("MessageType", &MESSAGE_TYPE),
        member("Signature", &CIPHERTEXT_TYPE).required(),
        member("SigningAlgorithm", &SIGNING_ALGORITHM_SPEC).required(),
        member("GrantTokens", &GRANT_TOKEN_LIST),
        member("DryRun", &NULLABLE_BOOLEAN_TYPE),
    ],
);

static VERIFY_RESPONSE: Shape = structure(
    "VerifyResponse",
    &[
        member("KeyId", &KEY_ID_TYPE),
        member("SignatureValid", &BOOLEAN_TYPE),
        member("SigningAlgorithm", &SIGNING_ALGORITHM_SPEC),
    ],
);

static XKS_KEY_CONFIGURATION_TYPE: Shape =
    structure("XksKeyConfigurationType", &[member("Id", &XKS_KEY_ID_TYPE)]);

static XKS_KEY_ID_TYPE_PATTERN: Pattern = Pattern::new(r"^[a-zA-Z0-9-_.]+$");

static XKS_KEY_ID_TYPE: Shape = string(
    "XksKeyIdType",
    Text::ANY.min(1).max(128).pattern(&XKS_KEY_ID_TYPE_PATTERN),
);

static ALREADY_EXISTS_EXCEPTION: ErrorShape = error("AlreadyExistsException", 400);

static CLOUD_HSM_CLUSTER_INVALID_CONFIGURATION_EXCEPTION: ErrorShape =
    error("CloudHsmClusterInvalidConfigurationException", 400);

static CONFLICT_EXCEPTION: ErrorShape = error("ConflictException", 400);

static CUSTOM_KEY_STORE_INVALID_STATE_EXCEPTION: ErrorShape =
    error("CustomKeyStoreInvalidStateException", 400);

static CUSTOM_KEY_STORE_NOT_FOUND_EXCEPTION: ErrorShape =
    error("CustomKeyStoreNotFoundException", 400);

static DEPENDENCY_TIMEOUT_EXCEPTION: ErrorShape = error("DependencyTimeoutException", 500);

static DISABLED_EXCEPTION: ErrorShape = error("DisabledException", 400);

static DRY_RUN_OPERATION_EXCEPTION: ErrorShape = error("DryRunOperationException", 400);

static INCORRECT_KEY_EXCEPTION: ErrorShape = error("IncorrectKeyException", 400);

static INVALID_ALIAS_NAME_EXCEPTION: ErrorShape = error("InvalidAliasNameException", 400);

static INVALID_ARN_EXCEPTION: ErrorShape = error("InvalidArnException", 400);

static INVALID_CIPHERTEXT_EXCEPTION: ErrorShape = error("InvalidCiphertextException", 400);

static INVALID_GRANT_ID_EXCEPTION: ErrorShape = error("InvalidGrantIdException", 400);

static INVALID_GRANT_TOKEN_EXCEPTION: ErrorShape = error("InvalidGrantTokenException", 400);

static INVALID_KEY_USAGE_EXCEPTION: ErrorShape = error("InvalidKeyUsageException", 400);

static INVALID_MARKER_EXCEPTION: ErrorShape = error("InvalidMarkerException", 400);

static KMS_INTERNAL_EXCEPTION: ErrorShape = error("KMSInternalException", 500);

static KMS_INVALID_MAC_EXCEPTION: ErrorShape = error("KMSInvalidMacException", 400);

static KMS_INVALID_SIGNATURE_EXCEPTION: ErrorShape = error("KMSInvalidSignatureException", 400);

static KMS_INVALID_STATE_EXCEPTION: ErrorShape = error("KMSInvalidStateException", 400);

static KEY_UNAVAILABLE_EXCEPTION: ErrorShape = error("KeyUnavailableException", 500);

static LIMIT_EXCEEDED_EXCEPTION: ErrorShape = error("LimitExceededException", 400);

static MALFORMED_POLICY_DOCUMENT_EXCEPTION: ErrorShape =
    error("MalformedPolicyDocumentException", 400);

static NOT_FOUND_EXCEPTION: ErrorShape = error("NotFoundException", 400);

static TAG_EXCEPTION: ErrorShape = error("TagException", 400);

static UNSUPPORTED_OPERATION_EXCEPTION: ErrorShape = error("UnsupportedOperationException", 400);

static XKS_KEY_ALREADY_IN_USE_EXCEPTION: ErrorShape = error("XksKeyAlreadyInUseException", 400);

static XKS_KEY_INVALID_CONFIGURATION_EXCEPTION: ErrorShape =
    error("XksKeyInvalidConfigurationException", 400);

static XKS_KEY_NOT_FOUND_EXCEPTION: ErrorShape = error("XksKeyNotFoundException", 400);
