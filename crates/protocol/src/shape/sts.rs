//! Shapes of sts, made by `cargo xtask shapes` from botocore 1.44.5; not edited by hand.
//! Facts only, no documentation text.

use super::table::{error, integer, list, member, operation, string, structure, timestamp};
use super::{ErrorShape, Pattern, Protocol, Service, Shape, Text};

pub(super) static SERVICE: Service = Service {
    name: "sts",
    protocol: Protocol::Query {
        namespace: "https://sts.amazonaws.com/doc/2011-06-15/",
    },
    api_version: "2011-06-15",
    operations: &[
        operation("AssumeRole")
            .takes(&ASSUME_ROLE_REQUEST)
            .returns(&ASSUME_ROLE_RESPONSE)
            .wrapped("AssumeRoleResult")
            .fails(&[
                &MALFORMED_POLICY_DOCUMENT_EXCEPTION,
                &PACKED_POLICY_TOO_LARGE_EXCEPTION,
                &REGION_DISABLED_EXCEPTION,
                &EXPIRED_TOKEN_EXCEPTION,
            ]),
        operation("AssumeRoleWithWebIdentity")
            .takes(&ASSUME_ROLE_WITH_WEB_IDENTITY_REQUEST)
            .returns(&ASSUME_ROLE_WITH_WEB_IDENTITY_RESPONSE)
            .wrapped("AssumeRoleWithWebIdentityResult")
            .fails(&[
                &MALFORMED_POLICY_DOCUMENT_EXCEPTION,
                &PACKED_POLICY_TOO_LARGE_EXCEPTION,
                &IDP_REJECTED_CLAIM_EXCEPTION,
                &IDP_COMMUNICATION_ERROR_EXCEPTION,
                &INVALID_IDENTITY_TOKEN_EXCEPTION,
                &EXPIRED_TOKEN_EXCEPTION,
                &REGION_DISABLED_EXCEPTION,
            ]),
        operation("DecodeAuthorizationMessage")
            .takes(&DECODE_AUTHORIZATION_MESSAGE_REQUEST)
            .returns(&DECODE_AUTHORIZATION_MESSAGE_RESPONSE)
            .wrapped("DecodeAuthorizationMessageResult")
            .fails(&[&INVALID_AUTHORIZATION_MESSAGE_EXCEPTION]),
        operation("GetAccessKeyInfo")
            .takes(&GET_ACCESS_KEY_INFO_REQUEST)
            .returns(&GET_ACCESS_KEY_INFO_RESPONSE)
            .wrapped("GetAccessKeyInfoResult"),
        operation("GetCallerIdentity")
            .takes(&GET_CALLER_IDENTITY_REQUEST)
            .returns(&GET_CALLER_IDENTITY_RESPONSE)
            .wrapped("GetCallerIdentityResult"),
        operation("GetFederationToken")
            .takes(&GET_FEDERATION_TOKEN_REQUEST)
            .returns(&GET_FEDERATION_TOKEN_RESPONSE)
            .wrapped("GetFederationTokenResult")
            .fails(&[
                &MALFORMED_POLICY_DOCUMENT_EXCEPTION,
                &PACKED_POLICY_TOO_LARGE_EXCEPTION,
                &REGION_DISABLED_EXCEPTION,
            ]),
        operation("GetSessionToken")
            .takes(&GET_SESSION_TOKEN_REQUEST)
            .returns(&GET_SESSION_TOKEN_RESPONSE)
            .wrapped("GetSessionTokenResult")
            .fails(&[&REGION_DISABLED_EXCEPTION]),
    ],
};

static ASSUME_ROLE_REQUEST: Shape = structure(
    "AssumeRoleRequest",
    &[
        member("RoleArn", &ARN_TYPE).required(),
        member("RoleSessionName", &ROLE_SESSION_NAME_TYPE).required(),
        member("PolicyArns", &POLICY_DESCRIPTOR_LIST_TYPE),
        member("Policy", &UNRESTRICTED_SESSION_POLICY_DOCUMENT_TYPE),
        member("DurationSeconds", &ROLE_DURATION_SECONDS_TYPE),
        member("Tags", &TAG_LIST_TYPE),
        member("TransitiveTagKeys", &TAG_KEY_LIST_TYPE),
        member("ExternalId", &EXTERNAL_ID_TYPE),
        member("SerialNumber", &SERIAL_NUMBER_TYPE),
        member("TokenCode", &TOKEN_CODE_TYPE),
        member("SourceIdentity", &SOURCE_IDENTITY_TYPE),
        member("ProvidedContexts", &PROVIDED_CONTEXTS_LIST_TYPE),
        member("MinimumSessionTokenSize", &MINIMUM_SESSION_TOKEN_SIZE_TYPE),
    ],
);

static ASSUME_ROLE_RESPONSE: Shape = structure(
    "AssumeRoleResponse",
    &[
        member("Credentials", &CREDENTIALS),
        member("AssumedRoleUser", &ASSUMED_ROLE_USER),
        member("PackedPolicySize", &NON_NEGATIVE_INTEGER_TYPE),
        member("SourceIdentity", &SOURCE_IDENTITY_TYPE),
        member("SessionTokenUtilization", &SESSION_TOKEN_UTILIZATION_TYPE),
        member("SessionTokenSize", &SESSION_TOKEN_SIZE_TYPE),
    ],
);

static ASSUME_ROLE_WITH_WEB_IDENTITY_REQUEST: Shape = structure(
    "AssumeRoleWithWebIdentityRequest",
    &[
        member("RoleArn", &ARN_TYPE).required(),
        member("RoleSessionName", &ROLE_SESSION_NAME_TYPE).required(),
        member("WebIdentityToken", &CLIENT_TOKEN_TYPE).required(),
        member("ProviderId", &URL_TYPE),
        member("PolicyArns", &POLICY_DESCRIPTOR_LIST_TYPE),
        member("Policy", &SESSION_POLICY_DOCUMENT_TYPE),
        member("DurationSeconds", &ROLE_DURATION_SECONDS_TYPE),
        member("MinimumSessionTokenSize", &MINIMUM_SESSION_TOKEN_SIZE_TYPE),
    ],
);

static ASSUME_ROLE_WITH_WEB_IDENTITY_RESPONSE: Shape = structure(
    "AssumeRoleWithWebIdentityResponse",
    &[
        member("Credentials", &CREDENTIALS),
        member("SubjectFromWebIdentityToken", &WEB_IDENTITY_SUBJECT_TYPE),
        member("AssumedRoleUser", &ASSUMED_ROLE_USER),
        member("PackedPolicySize", &NON_NEGATIVE_INTEGER_TYPE),
        member("Provider", &ISSUER),
        member("Audience", &AUDIENCE),
        member("SourceIdentity", &SOURCE_IDENTITY_TYPE),
        member("SessionTokenUtilization", &SESSION_TOKEN_UTILIZATION_TYPE),
        member("SessionTokenSize", &SESSION_TOKEN_SIZE_TYPE),
    ],
);

static ASSUMED_ROLE_USER: Shape = structure(
    "AssumedRoleUser",
    &[
        member("AssumedRoleId", &ASSUMED_ROLE_ID_TYPE).required(),
        member("Arn", &ARN_TYPE).required(),
    ],
);

static AUDIENCE: Shape = string("Audience", Text::ANY);

static CREDENTIALS: Shape = structure(
    "Credentials",
    &[
        member("AccessKeyId", &ACCESS_KEY_ID_TYPE).required(),
        member("SecretAccessKey", &ACCESS_KEY_SECRET_TYPE).required(),
        member("SessionToken", &TOKEN_TYPE).required(),
        member("Expiration", &DATE_TYPE).required(),
    ],
);

static DECODE_AUTHORIZATION_MESSAGE_REQUEST: Shape = structure(
    "DecodeAuthorizationMessageRequest",
    &[member("EncodedMessage", &ENCODED_MESSAGE_TYPE).required()],
);

static DECODE_AUTHORIZATION_MESSAGE_RESPONSE: Shape = structure(
    "DecodeAuthorizationMessageResponse",
    &[member("DecodedMessage", &DECODED_MESSAGE_TYPE)],
);

static FEDERATED_USER: Shape = structure(
    "FederatedUser",
    &[
        member("FederatedUserId", &FEDERATED_ID_TYPE).required(),
        member("Arn", &ARN_TYPE).required(),
    ],
);

static GET_ACCESS_KEY_INFO_REQUEST: Shape = structure(
    "GetAccessKeyInfoRequest",
    &[member("AccessKeyId", &ACCESS_KEY_ID_TYPE).required()],
);

static GET_ACCESS_KEY_INFO_RESPONSE: Shape = structure(
    "GetAccessKeyInfoResponse",
    &[member("Account", &ACCOUNT_TYPE)],
);

static GET_CALLER_IDENTITY_REQUEST: Shape = structure("GetCallerIdentityRequest", &[]);

static GET_CALLER_IDENTITY_RESPONSE: Shape = structure(
    "GetCallerIdentityResponse",
    &[
        member("UserId", &USER_ID_TYPE),
        member("Account", &ACCOUNT_TYPE),
        member("Arn", &ARN_TYPE),
    ],
);

static GET_FEDERATION_TOKEN_REQUEST: Shape = structure(
    "GetFederationTokenRequest",
    &[
        member("Name", &USER_NAME_TYPE).required(),
        member("Policy", &SESSION_POLICY_DOCUMENT_TYPE),
        member("PolicyArns", &POLICY_DESCRIPTOR_LIST_TYPE),
        member("DurationSeconds", &DURATION_SECONDS_TYPE),
        member("Tags", &TAG_LIST_TYPE),
        member("MinimumSessionTokenSize", &MINIMUM_SESSION_TOKEN_SIZE_TYPE),
    ],
);

static GET_FEDERATION_TOKEN_RESPONSE: Shape = structure(
    "GetFederationTokenResponse",
    &[
        member("Credentials", &CREDENTIALS),
        member("FederatedUser", &FEDERATED_USER),
        member("PackedPolicySize", &NON_NEGATIVE_INTEGER_TYPE),
        member("SessionTokenUtilization", &SESSION_TOKEN_UTILIZATION_TYPE),
        member("SessionTokenSize", &SESSION_TOKEN_SIZE_TYPE),
    ],
);

static GET_SESSION_TOKEN_REQUEST: Shape = structure(
    "GetSessionTokenRequest",
    &[
        member("DurationSeconds", &DURATION_SECONDS_TYPE),
        member("SerialNumber", &SERIAL_NUMBER_TYPE),
        member("TokenCode", &TOKEN_CODE_TYPE),
        member("MinimumSessionTokenSize", &MINIMUM_SESSION_TOKEN_SIZE_TYPE),
    ],
);

static GET_SESSION_TOKEN_RESPONSE: Shape = structure(
    "GetSessionTokenResponse",
    &[
        member("Credentials", &CREDENTIALS),
        member("SessionTokenUtilization", &SESSION_TOKEN_UTILIZATION_TYPE),
        member("SessionTokenSize", &SESSION_TOKEN_SIZE_TYPE),
    ],
);

static ISSUER: Shape = string("Issuer", Text::ANY);

static POLICY_DESCRIPTOR_TYPE: Shape =
    structure("PolicyDescriptorType", &[member("arn", &ARN_TYPE)]);

static PROVIDED_CONTEXT: Shape = structure(
    "ProvidedContext",
    &[
        member("ProviderArn", &ARN_TYPE),
        member("ContextAssertion", &CONTEXT_ASSERTION_TYPE),
    ],
);

static PROVIDED_CONTEXTS_LIST_TYPE: Shape = list(
    "ProvidedContextsListType",
    &PROVIDED_CONTEXT,
    None,
    Some(1),
    Some(5),
);

static TAG: Shape = structure(
    "Tag",
    &[
        member("Key", &TAG_KEY_TYPE).required(),
        member("Value", &TAG_VALUE_TYPE).required(),
    ],
);

static ACCESS_KEY_ID_TYPE_PATTERN: Pattern = Pattern::new(r"[\w]*");

static ACCESS_KEY_ID_TYPE: Shape = string(
    "accessKeyIdType",
    Text::ANY
        .min(16)
        .max(128)
        .pattern(&ACCESS_KEY_ID_TYPE_PATTERN),
);

static ACCESS_KEY_SECRET_TYPE: Shape = string("accessKeySecretType", Text::ANY.sensitive());

static ACCOUNT_TYPE: Shape = string("accountType", Text::ANY);

static ARN_TYPE_PATTERN: Pattern = Pattern::new(
    r"[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+",
);

static ARN_TYPE: Shape = string(
    "arnType",
    Text::ANY.min(20).max(2_048).pattern(&ARN_TYPE_PATTERN),
);

static ASSUMED_ROLE_ID_TYPE_PATTERN: Pattern = Pattern::new(r"[\w+=,.@:-]*");

static ASSUMED_ROLE_ID_TYPE: Shape = string(
    "assumedRoleIdType",
    Text::ANY
        .min(2)
        .max(193)
        .pattern(&ASSUMED_ROLE_ID_TYPE_PATTERN),
);

static CLIENT_TOKEN_TYPE: Shape =
    string("clientTokenType", Text::ANY.min(4).max(20_000).sensitive());

static CONTEXT_ASSERTION_TYPE: Shape = string("contextAssertionType", Text::ANY.min(4).max(2_048));

static DATE_TYPE: Shape = timestamp("dateType");

static DECODED_MESSAGE_TYPE: Shape = string("decodedMessageType", Text::ANY);

static DURATION_SECONDS_TYPE: Shape = integer("durationSecondsType", 32, Some(900), Some(129_600));

static ENCODED_MESSAGE_TYPE: Shape = string("encodedMessageType", Text::ANY.min(1).max(10_240));

static EXTERNAL_ID_TYPE_PATTERN: Pattern = Pattern::new(r"[\w+=,.@:\/-]*");

static EXTERNAL_ID_TYPE: Shape = string(
    "externalIdType",
    Text::ANY
        .min(2)
        .max(1_224)
        .pattern(&EXTERNAL_ID_TYPE_PATTERN),
);

static FEDERATED_ID_TYPE_PATTERN: Pattern = Pattern::new(r"[\w+=,.@\:-]*");

static FEDERATED_ID_TYPE: Shape = string(
    "federatedIdType",
    Text::ANY
        .min(2)
        .max(193)
        .pattern(&FEDERATED_ID_TYPE_PATTERN),
);

static MINIMUM_SESSION_TOKEN_SIZE_TYPE: Shape =
    integer("minimumSessionTokenSizeType", 32, Some(0), Some(4_096));

static NON_NEGATIVE_INTEGER_TYPE: Shape = integer("nonNegativeIntegerType", 32, Some(0), None);

static POLICY_DESCRIPTOR_LIST_TYPE: Shape = list(
    "policyDescriptorListType",
    &POLICY_DESCRIPTOR_TYPE,
    None,
    None,
    None,
);

static ROLE_DURATION_SECONDS_TYPE: Shape =
    integer("roleDurationSecondsType", 32, Some(900), Some(43_200));

static ROLE_SESSION_NAME_TYPE_PATTERN: Pattern = Pattern::new(r"[\w+=,.@-]*");

static ROLE_SESSION_NAME_TYPE: Shape = string(
    "roleSessionNameType",
    Text::ANY
        .min(2)
        .max(64)
        .pattern(&ROLE_SESSION_NAME_TYPE_PATTERN),
);

static SERIAL_NUMBER_TYPE_PATTERN: Pattern = Pattern::new(r"[\w+=/:,.@-]*");

static SERIAL_NUMBER_TYPE: Shape = string(
    "serialNumberType",
    Text::ANY
        .min(9)
        .max(256)
        .pattern(&SERIAL_NUMBER_TYPE_PATTERN),
);

static SESSION_POLICY_DOCUMENT_TYPE_PATTERN: Pattern =
    Pattern::new(r"[\u0009\u000A\u000D\u0020-\u00FF]+");

static SESSION_POLICY_DOCUMENT_TYPE: Shape = string(
    "sessionPolicyDocumentType",
    Text::ANY
        .min(1)
        .max(2_048)
        .pattern(&SESSION_POLICY_DOCUMENT_TYPE_PATTERN),
);

static SESSION_TOKEN_SIZE_TYPE: Shape = integer("sessionTokenSizeType", 32, Some(0), None);

static SESSION_TOKEN_UTILIZATION_TYPE: Shape =
    integer("sessionTokenUtilizationType", 32, Some(0), None);

static SOURCE_IDENTITY_TYPE_PATTERN: Pattern = Pattern::new(r"[\w+=,.@-]*");

static SOURCE_IDENTITY_TYPE: Shape = string(
    "sourceIdentityType",
    Text::ANY
        .min(2)
        .max(64)
        .pattern(&SOURCE_IDENTITY_TYPE_PATTERN),
);

static TAG_KEY_LIST_TYPE: Shape = list("tagKeyListType", &TAG_KEY_TYPE, None, None, Some(50));

static TAG_KEY_TYPE_PATTERN: Pattern = Pattern::new(r"[\p{L}\p{Z}\p{N}_.:/=+\-@]+");

static TAG_KEY_TYPE: Shape = string(
    "tagKeyType",
    Text::ANY.min(1).max(128).pattern(&TAG_KEY_TYPE_PATTERN),
);

static TAG_LIST_TYPE: Shape = list("tagListType", &TAG, None, None, Some(50));

static TAG_VALUE_TYPE_PATTERN: Pattern = Pattern::new(r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*");

static TAG_VALUE_TYPE: Shape = string(
    "tagValueType",
    Text::ANY.min(0).max(256).pattern(&TAG_VALUE_TYPE_PATTERN),
);

static TOKEN_CODE_TYPE_PATTERN: Pattern = Pattern::new(r"[\d]*");

static TOKEN_CODE_TYPE: Shape = string(
    "tokenCodeType",
    Text::ANY.min(6).max(6).pattern(&TOKEN_CODE_TYPE_PATTERN),
);

static TOKEN_TYPE: Shape = string("tokenType", Text::ANY);

static UNRESTRICTED_SESSION_POLICY_DOCUMENT_TYPE_PATTERN: Pattern =
    Pattern::new(r"[\u0009\u000A\u000D\u0020-\u00FF]+");

static UNRESTRICTED_SESSION_POLICY_DOCUMENT_TYPE: Shape = string(
    "unrestrictedSessionPolicyDocumentType",
    Text::ANY
        .min(1)
        .pattern(&UNRESTRICTED_SESSION_POLICY_DOCUMENT_TYPE_PATTERN),
);

static URL_TYPE: Shape = string("urlType", Text::ANY.min(4).max(2_048));

static USER_ID_TYPE: Shape = string("userIdType", Text::ANY);

static USER_NAME_TYPE_PATTERN: Pattern = Pattern::new(r"[\w+=,.@-]*");

static USER_NAME_TYPE: Shape = string(
    "userNameType",
    Text::ANY.min(2).max(32).pattern(&USER_NAME_TYPE_PATTERN),
);

static WEB_IDENTITY_SUBJECT_TYPE: Shape =
    string("webIdentitySubjectType", Text::ANY.min(6).max(255));

static EXPIRED_TOKEN_EXCEPTION: ErrorShape = error("ExpiredTokenException", 400);

static IDP_COMMUNICATION_ERROR_EXCEPTION: ErrorShape = error("IDPCommunicationError", 400);

static IDP_REJECTED_CLAIM_EXCEPTION: ErrorShape = error("IDPRejectedClaim", 403);

static INVALID_AUTHORIZATION_MESSAGE_EXCEPTION: ErrorShape =
    error("InvalidAuthorizationMessageException", 400);

static INVALID_IDENTITY_TOKEN_EXCEPTION: ErrorShape = error("InvalidIdentityToken", 400);

static MALFORMED_POLICY_DOCUMENT_EXCEPTION: ErrorShape = error("MalformedPolicyDocument", 400);

static PACKED_POLICY_TOO_LARGE_EXCEPTION: ErrorShape = error("PackedPolicyTooLarge", 400);

static REGION_DISABLED_EXCEPTION: ErrorShape = error("RegionDisabledException", 403);
