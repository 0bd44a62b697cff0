//! Shapes of iam, made by `cargo xtask shapes` from botocore 1.44.5; not edited by hand.
//! Facts only, no documentation text.

use super::table::{
    boolean, error, integer, list, member, operation, string, structure, timestamp,
};
use super::{ErrorShape, Pattern, Protocol, Service, Shape, Text};

pub(super) static SERVICE: Service = Service {
    name: "iam",
    protocol: Protocol::Query {
        namespace: "https://iam.amazonaws.com/doc/2010-05-08/",
    },
    api_version: "2010-05-08",
    operations: &[
        operation("AddClientIDToOpenIDConnectProvider")
            .takes(&ADD_CLIENT_ID_TO_OPEN_ID_CONNECT_PROVIDER_REQUEST)
            .fails(&[
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &NO_SUCH_ENTITY_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("AddRoleToInstanceProfile")
            .takes(&ADD_ROLE_TO_INSTANCE_PROFILE_REQUEST)
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &ENTITY_ALREADY_EXISTS_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &UNMODIFIABLE_ENTITY_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("AttachRolePolicy")
            .takes(&ATTACH_ROLE_POLICY_REQUEST)
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &UNMODIFIABLE_ENTITY_EXCEPTION,
                &POLICY_NOT_ATTACHABLE_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("AttachUserPolicy")
            .takes(&ATTACH_USER_POLICY_REQUEST)
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &POLICY_NOT_ATTACHABLE_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("CreateAccessKey")
            .takes(&CREATE_ACCESS_KEY_REQUEST)
            .returns(&CREATE_ACCESS_KEY_RESPONSE)
            .wrapped("CreateAccessKeyResult")
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("CreateInstanceProfile")
            .takes(&CREATE_INSTANCE_PROFILE_REQUEST)
            .returns(&CREATE_INSTANCE_PROFILE_RESPONSE)
            .wrapped("CreateInstanceProfileResult")
            .fails(&[
                &ENTITY_ALREADY_EXISTS_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("CreateOpenIDConnectProvider")
            .takes(&CREATE_OPEN_ID_CONNECT_PROVIDER_REQUEST)
            .returns(&CREATE_OPEN_ID_CONNECT_PROVIDER_RESPONSE)
            .wrapped("CreateOpenIDConnectProviderResult")
            .fails(&[
                &INVALID_INPUT_EXCEPTION,
                &ENTITY_ALREADY_EXISTS_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
                &OPEN_ID_IDP_COMMUNICATION_ERROR_EXCEPTION,
            ]),
        operation("CreatePolicy")
            .takes(&CREATE_POLICY_REQUEST)
            .returns(&CREATE_POLICY_RESPONSE)
            .wrapped("CreatePolicyResult")
            .fails(&[
                &INVALID_INPUT_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &ENTITY_ALREADY_EXISTS_EXCEPTION,
                &MALFORMED_POLICY_DOCUMENT_EXCEPTION,
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("CreatePolicyVersion")
            .takes(&CREATE_POLICY_VERSION_REQUEST)
            .returns(&CREATE_POLICY_VERSION_RESPONSE)
            .wrapped("CreatePolicyVersionResult")
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &MALFORMED_POLICY_DOCUMENT_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("CreateRole")
            .takes(&CREATE_ROLE_REQUEST)
            .returns(&CREATE_ROLE_RESPONSE)
            .wrapped("CreateRoleResult")
            .fails(&[
                &LIMIT_EXCEEDED_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &ENTITY_ALREADY_EXISTS_EXCEPTION,
                &MALFORMED_POLICY_DOCUMENT_EXCEPTION,
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("CreateUser")
            .takes(&CREATE_USER_REQUEST)
            .returns(&CREATE_USER_RESPONSE)
            .wrapped("CreateUserResult")
            .fails(&[
                &LIMIT_EXCEEDED_EXCEPTION,
                &ENTITY_ALREADY_EXISTS_EXCEPTION,
                &NO_SUCH_ENTITY_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("DeleteAccessKey")
            .takes(&DELETE_ACCESS_KEY_REQUEST)
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("DeleteInstanceProfile")
            .takes(&DELETE_INSTANCE_PROFILE_REQUEST)
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &DELETE_CONFLICT_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("DeleteOpenIDConnectProvider")
            .takes(&DELETE_OPEN_ID_CONNECT_PROVIDER_REQUEST)
            .fails(&[
                &INVALID_INPUT_EXCEPTION,
                &NO_SUCH_ENTITY_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("DeletePolicy")
            .takes(&DELETE_POLICY_REQUEST)
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &DELETE_CONFLICT_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("DeletePolicyVersion")
            .takes(&DELETE_POLICY_VERSION_REQUEST)
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &DELETE_CONFLICT_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("DeleteRole").takes(&DELETE_ROLE_REQUEST).fails(&[
            &NO_SUCH_ENTITY_EXCEPTION,
            &DELETE_CONFLICT_EXCEPTION,
            &LIMIT_EXCEEDED_EXCEPTION,
            &UNMODIFIABLE_ENTITY_EXCEPTION,
            &CONCURRENT_MODIFICATION_EXCEPTION,
            &SERVICE_FAILURE_EXCEPTION,
        ]),
        operation("DeleteRolePolicy")
            .takes(&DELETE_ROLE_POLICY_REQUEST)
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &UNMODIFIABLE_ENTITY_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("DeleteUser").takes(&DELETE_USER_REQUEST).fails(&[
            &LIMIT_EXCEEDED_EXCEPTION,
            &NO_SUCH_ENTITY_EXCEPTION,
            &DELETE_CONFLICT_EXCEPTION,
            &CONCURRENT_MODIFICATION_EXCEPTION,
            &SERVICE_FAILURE_EXCEPTION,
        ]),
        operation("DeleteUserPolicy")
            .takes(&DELETE_USER_POLICY_REQUEST)
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("DetachRolePolicy")
            .takes(&DETACH_ROLE_POLICY_REQUEST)
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &UNMODIFIABLE_ENTITY_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("DetachUserPolicy")
            .takes(&DETACH_USER_POLICY_REQUEST)
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("GetAccountAuthorizationDetails")
            .takes(&GET_ACCOUNT_AUTHORIZATION_DETAILS_REQUEST)
            .returns(&GET_ACCOUNT_AUTHORIZATION_DETAILS_RESPONSE)
            .wrapped("GetAccountAuthorizationDetailsResult")
            .fails(&[&SERVICE_FAILURE_EXCEPTION]),
        operation("GetInstanceProfile")
            .takes(&GET_INSTANCE_PROFILE_REQUEST)
            .returns(&GET_INSTANCE_PROFILE_RESPONSE)
            .wrapped("GetInstanceProfileResult")
            .fails(&[&NO_SUCH_ENTITY_EXCEPTION, &SERVICE_FAILURE_EXCEPTION]),
        operation("GetOpenIDConnectProvider")
            .takes(&GET_OPEN_ID_CONNECT_PROVIDER_REQUEST)
            .returns(&GET_OPEN_ID_CONNECT_PROVIDER_RESPONSE)
            .wrapped("GetOpenIDConnectProviderResult")
            .fails(&[
                &INVALID_INPUT_EXCEPTION,
                &NO_SUCH_ENTITY_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("GetPolicy")
            .takes(&GET_POLICY_REQUEST)
            .returns(&GET_POLICY_RESPONSE)
            .wrapped("GetPolicyResult")
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("GetPolicyVersion")
            .takes(&GET_POLICY_VERSION_REQUEST)
            .returns(&GET_POLICY_VERSION_RESPONSE)
            .wrapped("GetPolicyVersionResult")
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("GetRole")
            .takes(&GET_ROLE_REQUEST)
            .returns(&GET_ROLE_RESPONSE)
            .wrapped("GetRoleResult")
            .fails(&[&NO_SUCH_ENTITY_EXCEPTION, &SERVICE_FAILURE_EXCEPTION]),
        operation("GetRolePolicy")
            .takes(&GET_ROLE_POLICY_REQUEST)
            .returns(&GET_ROLE_POLICY_RESPONSE)
            .wrapped("GetRolePolicyResult")
            .fails(&[&NO_SUCH_ENTITY_EXCEPTION, &SERVICE_FAILURE_EXCEPTION]),
        operation("GetUser")
            .takes(&GET_USER_REQUEST)
            .returns(&GET_USER_RESPONSE)
            .wrapped("GetUserResult")
            .fails(&[&NO_SUCH_ENTITY_EXCEPTION, &SERVICE_FAILURE_EXCEPTION]),
        operation("GetUserPolicy")
            .takes(&GET_USER_POLICY_REQUEST)
            .returns(&GET_USER_POLICY_RESPONSE)
            .wrapped("GetUserPolicyResult")
            .fails(&[&NO_SUCH_ENTITY_EXCEPTION, &SERVICE_FAILURE_EXCEPTION]),
        operation("ListAccessKeys")
            .takes(&LIST_ACCESS_KEYS_REQUEST)
            .returns(&LIST_ACCESS_KEYS_RESPONSE)
            .wrapped("ListAccessKeysResult")
            .fails(&[&NO_SUCH_ENTITY_EXCEPTION, &SERVICE_FAILURE_EXCEPTION]),
        operation("ListAttachedRolePolicies")
            .takes(&LIST_ATTACHED_ROLE_POLICIES_REQUEST)
            .returns(&LIST_ATTACHED_ROLE_POLICIES_RESPONSE)
            .wrapped("ListAttachedRolePoliciesResult")
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("ListAttachedUserPolicies")
            .takes(&LIST_ATTACHED_USER_POLICIES_REQUEST)
            .returns(&LIST_ATTACHED_USER_POLICIES_RESPONSE)
            .wrapped("ListAttachedUserPoliciesResult")
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("ListGroupsForUser")
            .takes(&LIST_GROUPS_FOR_USER_REQUEST)
            .returns(&LIST_GROUPS_FOR_USER_RESPONSE)
            .wrapped("ListGroupsForUserResult")
            .fails(&[&NO_SUCH_ENTITY_EXCEPTION, &SERVICE_FAILURE_EXCEPTION]),
        operation("ListInstanceProfiles")
            .takes(&LIST_INSTANCE_PROFILES_REQUEST)
            .returns(&LIST_INSTANCE_PROFILES_RESPONSE)
            .wrapped("ListInstanceProfilesResult")
            .fails(&[&SERVICE_FAILURE_EXCEPTION]),
        operation("ListInstanceProfilesForRole")
            .takes(&LIST_INSTANCE_PROFILES_FOR_ROLE_REQUEST)
            .returns(&LIST_INSTANCE_PROFILES_FOR_ROLE_RESPONSE)
            .wrapped("ListInstanceProfilesForRoleResult")
            .fails(&[&NO_SUCH_ENTITY_EXCEPTION, &SERVICE_FAILURE_EXCEPTION]),
        operation("ListOpenIDConnectProviderTags")
            .takes(&LIST_OPEN_ID_CONNECT_PROVIDER_TAGS_REQUEST)
            .returns(&LIST_OPEN_ID_CONNECT_PROVIDER_TAGS_RESPONSE)
            .wrapped("ListOpenIDConnectProviderTagsResult")
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
            ]),
        operation("ListOpenIDConnectProviders")
            .takes(&LIST_OPEN_ID_CONNECT_PROVIDERS_REQUEST)
            .returns(&LIST_OPEN_ID_CONNECT_PROVIDERS_RESPONSE)
            .wrapped("ListOpenIDConnectProvidersResult")
            .fails(&[&SERVICE_FAILURE_EXCEPTION]),
        operation("ListPolicies")
            .takes(&LIST_POLICIES_REQUEST)
            .returns(&LIST_POLICIES_RESPONSE)
            .wrapped("ListPoliciesResult")
            .fails(&[&SERVICE_FAILURE_EXCEPTION]),
        operation("ListPolicyVersions")
            .takes(&LIST_POLICY_VERSIONS_REQUEST)
            .returns(&LIST_POLICY_VERSIONS_RESPONSE)
            .wrapped("ListPolicyVersionsResult")
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("ListRolePolicies")
            .takes(&LIST_ROLE_POLICIES_REQUEST)
            .returns(&LIST_ROLE_POLICIES_RESPONSE)
            .wrapped("ListRolePoliciesResult")
            .fails(&[&NO_SUCH_ENTITY_EXCEPTION, &SERVICE_FAILURE_EXCEPTION]),
        operation("ListRoles")
            .takes(&LIST_ROLES_REQUEST)
            .returns(&LIST_ROLES_RESPONSE)
            .wrapped("ListRolesResult")
            .fails(&[&SERVICE_FAILURE_EXCEPTION]),
        operation("ListUserPolicies")
            .takes(&LIST_USER_POLICIES_REQUEST)
            .returns(&LIST_USER_POLICIES_RESPONSE)
            .wrapped("ListUserPoliciesResult")
            .fails(&[&NO_SUCH_ENTITY_EXCEPTION, &SERVICE_FAILURE_EXCEPTION]),
        operation("ListUsers")
            .takes(&LIST_USERS_REQUEST)
            .returns(&LIST_USERS_RESPONSE)
            .wrapped("ListUsersResult")
            .fails(&[&SERVICE_FAILURE_EXCEPTION]),
        operation("PutRolePolicy")
            .takes(&PUT_ROLE_POLICY_REQUEST)
            .fails(&[
                &LIMIT_EXCEEDED_EXCEPTION,
                &MALFORMED_POLICY_DOCUMENT_EXCEPTION,
                &NO_SUCH_ENTITY_EXCEPTION,
                &UNMODIFIABLE_ENTITY_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("PutUserPolicy")
            .takes(&PUT_USER_POLICY_REQUEST)
            .fails(&[
                &LIMIT_EXCEEDED_EXCEPTION,
                &MALFORMED_POLICY_DOCUMENT_EXCEPTION,
                &NO_SUCH_ENTITY_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("RemoveClientIDFromOpenIDConnectProvider")
            .takes(&REMOVE_CLIENT_ID_FROM_OPEN_ID_CONNECT_PROVIDER_REQUEST)
            .fails(&[
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &NO_SUCH_ENTITY_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("RemoveRoleFromInstanceProfile")
            .takes(&REMOVE_ROLE_FROM_INSTANCE_PROFILE_REQUEST)
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &UNMODIFIABLE_ENTITY_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("SetDefaultPolicyVersion")
            .takes(&SET_DEFAULT_POLICY_VERSION_REQUEST)
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("TagOpenIDConnectProvider")
            .takes(&TAG_OPEN_ID_CONNECT_PROVIDER_REQUEST)
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("UntagOpenIDConnectProvider")
            .takes(&UNTAG_OPEN_ID_CONNECT_PROVIDER_REQUEST)
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("UpdateAccessKey")
            .takes(&UPDATE_ACCESS_KEY_REQUEST)
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
            ]),
        operation("UpdateAssumeRolePolicy")
            .takes(&UPDATE_ASSUME_ROLE_POLICY_REQUEST)
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &MALFORMED_POLICY_DOCUMENT_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &UNMODIFIABLE_ENTITY_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("UpdateOpenIDConnectProviderThumbprint")
            .takes(&UPDATE_OPEN_ID_CONNECT_PROVIDER_THUMBPRINT_REQUEST)
            .fails(&[
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &NO_SUCH_ENTITY_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
    ],
};

static ACCESS_KEY: Shape = structure(
    "AccessKey",
    &[
        member("UserName", &USER_NAME_TYPE).required(),
        member("AccessKeyId", &ACCESS_KEY_ID_TYPE).required(),
        member("Status", &STATUS_TYPE).required(),
        member("SecretAccessKey", &ACCESS_KEY_SECRET_TYPE).required(),
        member("CreateDate", &DATE_TYPE),
    ],
);

static ACCESS_KEY_METADATA: Shape = structure(
    "AccessKeyMetadata",
    &[
        member("UserName", &USER_NAME_TYPE),
        member("AccessKeyId", &ACCESS_KEY_ID_TYPE),
        member("Status", &STATUS_TYPE),
        member("CreateDate", &DATE_TYPE),
    ],
);

static ADD_CLIENT_ID_TO_OPEN_ID_CONNECT_PROVIDER_REQUEST: Shape = structure(
    "AddClientIDToOpenIDConnectProviderRequest",
    &[
        member("OpenIDConnectProviderArn", &ARN_TYPE).required(),
        member("ClientID", &CLIENT_ID_TYPE).required(),
    ],
);

static ADD_ROLE_TO_INSTANCE_PROFILE_REQUEST: Shape = structure(
    "AddRoleToInstanceProfileRequest",
    &[
        member("InstanceProfileName", &INSTANCE_PROFILE_NAME_TYPE).required(),
        member("RoleName", &ROLE_NAME_TYPE).required(),
    ],
);

static ATTACH_ROLE_POLICY_REQUEST: Shape = structure(
    "AttachRolePolicyRequest",
    &[
        member("RoleName", &ROLE_NAME_TYPE).required(),
        member("PolicyArn", &ARN_TYPE).required(),
    ],
);

static ATTACH_USER_POLICY_REQUEST: Shape = structure(
    "AttachUserPolicyRequest",
    &[
        member("UserName", &USER_NAME_TYPE).required(),
        member("PolicyArn", &ARN_TYPE).required(),
    ],
);

static ATTACHED_PERMISSIONS_BOUNDARY: Shape = structure(
    "AttachedPermissionsBoundary",
    &[
        member(
            "PermissionsBoundaryType",
            &PERMISSIONS_BOUNDARY_ATTACHMENT_TYPE,
        ),
        member("PermissionsBoundaryArn", &ARN_TYPE),
    ],
);

static ATTACHED_POLICY: Shape = structure(
    "AttachedPolicy",
    &[
        member("PolicyName", &POLICY_NAME_TYPE),
        member("PolicyArn", &ARN_TYPE),
    ],
);

static CREATE_ACCESS_KEY_REQUEST: Shape = structure(
    "CreateAccessKeyRequest",
    &[member("UserName", &EXISTING_USER_NAME_TYPE)],
);

static CREATE_ACCESS_KEY_RESPONSE: Shape = structure(
    "CreateAccessKeyResponse",
    &[member("AccessKey", &ACCESS_KEY).required()],
);

static CREATE_INSTANCE_PROFILE_REQUEST: Shape = structure(
    "CreateInstanceProfileRequest",
    &[
        member("InstanceProfileName", &INSTANCE_PROFILE_NAME_TYPE).required(),
        member("Path", &PATH_TYPE),
        member("Tags", &TAG_LIST_TYPE),
    ],
);

static CREATE_INSTANCE_PROFILE_RESPONSE: Shape = structure(
    "CreateInstanceProfileResponse",
    &[member("InstanceProfile", &INSTANCE_PROFILE).required()],
);

static CREATE_OPEN_ID_CONNECT_PROVIDER_REQUEST: Shape = structure(
    "CreateOpenIDConnectProviderRequest",
    &[
        member("Url", &OPEN_ID_CONNECT_PROVIDER_URL_TYPE).required(),
        member("ClientIDList", &CLIENT_ID_LIST_TYPE),
        member("ThumbprintList", &THUMBPRINT_LIST_TYPE),
        member("Tags", &TAG_LIST_TYPE),
    ],
);

static CREATE_OPEN_ID_CONNECT_PROVIDER_RESPONSE: Shape = structure(
    "CreateOpenIDConnectProviderResponse",
    &[
        member("OpenIDConnectProviderArn", &ARN_TYPE),
        member("Tags", &TAG_LIST_TYPE),
    ],
);

static CREATE_POLICY_REQUEST: Shape = structure(
    "CreatePolicyRequest",
    &[
        member("PolicyName", &POLICY_NAME_TYPE).required(),
        member("Path", &POLICY_PATH_TYPE),
        member("PolicyDocument", &POLICY_DOCUMENT_TYPE).required(),
        member("Description", &POLICY_DESCRIPTION_TYPE),
        member("Tags", &TAG_LIST_TYPE),
    ],
);

static CREATE_POLICY_RESPONSE: Shape =
    structure("CreatePolicyResponse", &[member("Policy", &POLICY)]);

static CREATE_POLICY_VERSION_REQUEST: Shape = structure(
    "CreatePolicyVersionRequest",
    &[
        member("PolicyArn", &ARN_TYPE).required(),
        member("PolicyDocument", &POLICY_DOCUMENT_TYPE).required(),
        member("SetAsDefault", &BOOLEAN_TYPE),
    ],
);

static CREATE_POLICY_VERSION_RESPONSE: Shape = structure(
    "CreatePolicyVersionResponse",
    &[member("PolicyVersion", &POLICY_VERSION)],
);

static CREATE_ROLE_REQUEST: Shape = structure(
    "CreateRoleRequest",
    &[
        member("Path", &PATH_TYPE),
        member("RoleName", &ROLE_NAME_TYPE).required(),
        member("AssumeRolePolicyDocument", &POLICY_DOCUMENT_TYPE).required(),
        member("Description", &ROLE_DESCRIPTION_TYPE),
        member("MaxSessionDuration", &ROLE_MAX_SESSION_DURATION_TYPE),
        member("PermissionsBoundary", &ARN_TYPE),
        member("Tags", &TAG_LIST_TYPE),
    ],
);

static CREATE_ROLE_RESPONSE: Shape =
    structure("CreateRoleResponse", &[member("Role", &ROLE).required()]);

static CREATE_USER_REQUEST: Shape = structure(
    "CreateUserRequest",
    &[
        member("Path", &PATH_TYPE),
        member("UserName", &USER_NAME_TYPE).required(),
        member("PermissionsBoundary", &ARN_TYPE),
        member("Tags", &TAG_LIST_TYPE),
    ],
);

static CREATE_USER_RESPONSE: Shape = structure("CreateUserResponse", &[member("User", &USER)]);

static DELETE_ACCESS_KEY_REQUEST: Shape = structure(
    "DeleteAccessKeyRequest",
    &[
        member("UserName", &EXISTING_USER_NAME_TYPE),
        member("AccessKeyId", &ACCESS_KEY_ID_TYPE).required(),
    ],
);

static DELETE_INSTANCE_PROFILE_REQUEST: Shape = structure(
    "DeleteInstanceProfileRequest",
    &[member("InstanceProfileName", &INSTANCE_PROFILE_NAME_TYPE).required()],
);

static DELETE_OPEN_ID_CONNECT_PROVIDER_REQUEST: Shape = structure(
    "DeleteOpenIDConnectProviderRequest",
    &[member("OpenIDConnectProviderArn", &ARN_TYPE).required()],
);

static DELETE_POLICY_REQUEST: Shape = structure(
    "DeletePolicyRequest",
    &[member("PolicyArn", &ARN_TYPE).required()],
);

static DELETE_POLICY_VERSION_REQUEST: Shape = structure(
    "DeletePolicyVersionRequest",
    &[
        member("PolicyArn", &ARN_TYPE).required(),
        member("VersionId", &POLICY_VERSION_ID_TYPE).required(),
    ],
);

static DELETE_ROLE_POLICY_REQUEST: Shape = structure(
    "DeleteRolePolicyRequest",
    &[
        member("RoleName", &ROLE_NAME_TYPE).required(),
        member("PolicyName", &POLICY_NAME_TYPE).required(),
    ],
);

static DELETE_ROLE_REQUEST: Shape = structure(
    "DeleteRoleRequest",
    &[member("RoleName", &ROLE_NAME_TYPE).required()],
);

static DELETE_USER_POLICY_REQUEST: Shape = structure(
    "DeleteUserPolicyRequest",
    &[
        member("UserName", &EXISTING_USER_NAME_TYPE).required(),
        member("PolicyName", &POLICY_NAME_TYPE).required(),
    ],
);

static DELETE_USER_REQUEST: Shape = structure(
    "DeleteUserRequest",
    &[member("UserName", &EXISTING_USER_NAME_TYPE).required()],
);

static DETACH_ROLE_POLICY_REQUEST: Shape = structure(
    "DetachRolePolicyRequest",
    &[
        member("RoleName", &ROLE_NAME_TYPE).required(),
        member("PolicyArn", &ARN_TYPE).required(),
    ],
);

static DETACH_USER_POLICY_REQUEST: Shape = structure(
    "DetachUserPolicyRequest",
    &[
        member("UserName", &USER_NAME_TYPE).required(),
        member("PolicyArn", &ARN_TYPE).required(),
    ],
);

static ENTITY_TYPE: Shape = string(
    "EntityType",
    Text::ANY.values(&[
        "User",
        "Role",
        "Group",
        "LocalManagedPolicy",
        "AWSManagedPolicy",
    ]),
);

static GET_ACCOUNT_AUTHORIZATION_DETAILS_REQUEST: Shape = structure(
    "GetAccountAuthorizationDetailsRequest",
    &[
        member("Filter", &ENTITY_LIST_TYPE),
        member("MaxItems", &MAX_ITEMS_TYPE),
        member("Marker", &MARKER_TYPE),
    ],
);

static GET_ACCOUNT_AUTHORIZATION_DETAILS_RESPONSE: Shape = structure(
    "GetAccountAuthorizationDetailsResponse",
    &[
        member("UserDetailList", &USER_DETAIL_LIST_TYPE),
        member("GroupDetailList", &GROUP_DETAIL_LIST_TYPE),
        member("RoleDetailList", &ROLE_DETAIL_LIST_TYPE),
        member("Policies", &MANAGED_POLICY_DETAIL_LIST_TYPE),
        member("IsTruncated", &BOOLEAN_TYPE),
        member("Marker", &RESPONSE_MARKER_TYPE),
    ],
);

static GET_INSTANCE_PROFILE_REQUEST: Shape = structure(
    "GetInstanceProfileRequest",
    &[member("InstanceProfileName", &INSTANCE_PROFILE_NAME_TYPE).required()],
);

static GET_INSTANCE_PROFILE_RESPONSE: Shape = structure(
    "GetInstanceProfileResponse",
    &[member("InstanceProfile", &INSTANCE_PROFILE).required()],
);

static GET_OPEN_ID_CONNECT_PROVIDER_REQUEST: Shape = structure(
    "GetOpenIDConnectProviderRequest",
    &[member("OpenIDConnectProviderArn", &ARN_TYPE).required()],
);

static GET_OPEN_ID_CONNECT_PROVIDER_RESPONSE: Shape = structure(
    "GetOpenIDConnectProviderResponse",
    &[
        member("Url", &OPEN_ID_CONNECT_PROVIDER_URL_TYPE),
        member("ClientIDList", &CLIENT_ID_LIST_TYPE),
        member("ThumbprintList", &THUMBPRINT_LIST_TYPE),
        member("CreateDate", &DATE_TYPE),
        member("Tags", &TAG_LIST_TYPE),
    ],
);

static GET_POLICY_REQUEST: Shape = structure(
    "GetPolicyRequest",
    &[member("PolicyArn", &ARN_TYPE).required()],
);

static GET_POLICY_RESPONSE: Shape = structure("GetPolicyResponse", &[member("Policy", &POLICY)]);

static GET_POLICY_VERSION_REQUEST: Shape = structure(
    "GetPolicyVersionRequest",
    &[
        member("PolicyArn", &ARN_TYPE).required(),
        member("VersionId", &POLICY_VERSION_ID_TYPE).required(),
    ],
);

static GET_POLICY_VERSION_RESPONSE: Shape = structure(
    "GetPolicyVersionResponse",
    &[member("PolicyVersion", &POLICY_VERSION)],
);

static GET_ROLE_POLICY_REQUEST: Shape = structure(
    "GetRolePolicyRequest",
    &[
        member("RoleName", &ROLE_NAME_TYPE).required(),
        member("PolicyName", &POLICY_NAME_TYPE).required(),
    ],
);

static GET_ROLE_POLICY_RESPONSE: Shape = structure(
    "GetRolePolicyResponse",
    &[
        member("RoleName", &ROLE_NAME_TYPE).required(),
        member("PolicyName", &POLICY_NAME_TYPE).required(),
        member("PolicyDocument", &POLICY_DOCUMENT_TYPE).required(),
    ],
);

static GET_ROLE_REQUEST: Shape = structure(
    "GetRoleRequest",
    &[member("RoleName", &ROLE_NAME_TYPE).required()],
);

static GET_ROLE_RESPONSE: Shape = structure("GetRoleResponse", &[member("Role", &ROLE).required()]);

static GET_USER_POLICY_REQUEST: Shape = structure(
    "GetUserPolicyRequest",
    &[
        member("UserName", &EXISTING_USER_NAME_TYPE).required(),
        member("PolicyName", &POLICY_NAME_TYPE).required(),
    ],
);

static GET_USER_POLICY_RESPONSE: Shape = structure(
    "GetUserPolicyResponse",
    &[
        member("UserName", &EXISTING_USER_NAME_TYPE).required(),
        member("PolicyName", &POLICY_NAME_TYPE).required(),
        member("PolicyDocument", &POLICY_DOCUMENT_TYPE).required(),
    ],
);

static GET_USER_REQUEST: Shape = structure(
    "GetUserRequest",
    &[member("UserName", &EXISTING_USER_NAME_TYPE)],
);

static GET_USER_RESPONSE: Shape = structure("GetUserResponse", &[member("User", &USER).required()]);

static GROUP: Shape = structure(
    "Group",
    &[
        member("Path", &PATH_TYPE).required(),
        member("GroupName", &GROUP_NAME_TYPE).required(),
        member("GroupId", &ID_TYPE).required(),
        member("Arn", &ARN_TYPE).required(),
        member("CreateDate", &DATE_TYPE).required(),
    ],
);

static GROUP_DETAIL: Shape = structure(
    "GroupDetail",
    &[
        member("Path", &PATH_TYPE),
        member("GroupName", &GROUP_NAME_TYPE),
        member("GroupId", &ID_TYPE),
        member("Arn", &ARN_TYPE),
        member("CreateDate", &DATE_TYPE),
        member("GroupPolicyList", &POLICY_DETAIL_LIST_TYPE),
        member("AttachedManagedPolicies", &ATTACHED_POLICIES_LIST_TYPE),
    ],
);

static INSTANCE_PROFILE: Shape = structure(
    "InstanceProfile",
    &[
        member("Path", &PATH_TYPE).required(),
        member("InstanceProfileName", &INSTANCE_PROFILE_NAME_TYPE).required(),
        member("InstanceProfileId", &ID_TYPE).required(),
        member("Arn", &ARN_TYPE).required(),
        member("CreateDate", &DATE_TYPE).required(),
        member("Roles", &ROLE_LIST_TYPE).required(),
        member("Tags", &TAG_LIST_TYPE),
    ],
);

static LIST_ACCESS_KEYS_REQUEST: Shape = structure(
    "ListAccessKeysRequest",
    &[
        member("UserName", &EXISTING_USER_NAME_TYPE),
        member("Marker", &MARKER_TYPE),
        member("MaxItems", &MAX_ITEMS_TYPE),
    ],
);

static LIST_ACCESS_KEYS_RESPONSE: Shape = structure(
    "ListAccessKeysResponse",
    &[
        member("AccessKeyMetadata", &ACCESS_KEY_METADATA_LIST_TYPE).required(),
        member("IsTruncated", &BOOLEAN_TYPE),
        member("Marker", &RESPONSE_MARKER_TYPE),
    ],
);

static LIST_ATTACHED_ROLE_POLICIES_REQUEST: Shape = structure(
    "ListAttachedRolePoliciesRequest",
    &[
        member("RoleName", &ROLE_NAME_TYPE).required(),
        member("PathPrefix", &POLICY_PATH_TYPE),
        member("Marker", &MARKER_TYPE),
        member("MaxItems", &MAX_ITEMS_TYPE),
    ],
);

static LIST_ATTACHED_ROLE_POLICIES_RESPONSE: Shape = structure(
    "ListAttachedRolePoliciesResponse",
    &[
        member("AttachedPolicies", &ATTACHED_POLICIES_LIST_TYPE),
        member("IsTruncated", &BOOLEAN_TYPE),
        member("Marker", &RESPONSE_MARKER_TYPE),
    ],
);

static LIST_ATTACHED_USER_POLICIES_REQUEST: Shape = structure(
    "ListAttachedUserPoliciesRequest",
    &[
        member("UserName", &USER_NAME_TYPE).required(),
        member("PathPrefix", &POLICY_PATH_TYPE),
        member("Marker", &MARKER_TYPE),
        member("MaxItems", &MAX_ITEMS_TYPE),
    ],
);

static LIST_ATTACHED_USER_POLICIES_RESPONSE: Shape = structure(
    "ListAttachedUserPoliciesResponse",
    &[
        member("AttachedPolicies", &ATTACHED_POLICIES_LIST_TYPE),
        member("IsTruncated", &BOOLEAN_TYPE),
        member("Marker", &RESPONSE_MARKER_TYPE),
    ],
);

static LIST_GROUPS_FOR_USER_REQUEST: Shape = structure(
    "ListGroupsForUserRequest",
    &[
        member("UserName", &EXISTING_USER_NAME_TYPE).required(),
        member("Marker", &MARKER_TYPE),
        member("MaxItems", &MAX_ITEMS_TYPE),
    ],
);

static LIST_GROUPS_FOR_USER_RESPONSE: Shape = structure(
    "ListGroupsForUserResponse",
    &[
        member("Groups", &GROUP_LIST_TYPE).required(),
        member("IsTruncated", &BOOLEAN_TYPE),
        member("Marker", &RESPONSE_MARKER_TYPE),
    ],
);

static LIST_INSTANCE_PROFILES_FOR_ROLE_REQUEST: Shape = structure(
    "ListInstanceProfilesForRoleRequest",
    &[
        member("RoleName", &ROLE_NAME_TYPE).required(),
        member("Marker", &MARKER_TYPE),
        member("MaxItems", &MAX_ITEMS_TYPE),
    ],
);

static LIST_INSTANCE_PROFILES_FOR_ROLE_RESPONSE: Shape = structure(
    "ListInstanceProfilesForRoleResponse",
    &[
        member("InstanceProfiles", &INSTANCE_PROFILE_LIST_TYPE).required(),
        member("IsTruncated", &BOOLEAN_TYPE),
        member("Marker", &RESPONSE_MARKER_TYPE),
    ],
);

static LIST_INSTANCE_PROFILES_REQUEST: Shape = structure(
    "ListInstanceProfilesRequest",
    &[
        member("PathPrefix", &PATH_PREFIX_TYPE),
        member("Marker", &MARKER_TYPE),
        member("MaxItems", &MAX_ITEMS_TYPE),
    ],
);

static LIST_INSTANCE_PROFILES_RESPONSE: Shape = structure(
    "ListInstanceProfilesResponse",
    &[
        member("InstanceProfiles", &INSTANCE_PROFILE_LIST_TYPE).required(),
        member("IsTruncated", &BOOLEAN_TYPE),
        member("Marker", &RESPONSE_MARKER_TYPE),
    ],
);

static LIST_OPEN_ID_CONNECT_PROVIDER_TAGS_REQUEST: Shape = structure(
    "ListOpenIDConnectProviderTagsRequest",
    &[
        member("OpenIDConnectProviderArn", &ARN_TYPE).required(),
        member("Marker", &MARKER_TYPE),
        member("MaxItems", &MAX_ITEMS_TYPE),
    ],
);

static LIST_OPEN_ID_CONNECT_PROVIDER_TAGS_RESPONSE: Shape = structure(
    "ListOpenIDConnectProviderTagsResponse",
    &[
        member("Tags", &TAG_LIST_TYPE).required(),
        member("IsTruncated", &BOOLEAN_TYPE),
        member("Marker", &RESPONSE_MARKER_TYPE),
    ],
);

static LIST_OPEN_ID_CONNECT_PROVIDERS_REQUEST: Shape =
    structure("ListOpenIDConnectProvidersRequest", &[]);

static LIST_OPEN_ID_CONNECT_PROVIDERS_RESPONSE: Shape = structure(
    "ListOpenIDConnectProvidersResponse",
    &[member(
        "OpenIDConnectProviderList",
        &OPEN_ID_CONNECT_PROVIDER_LIST_TYPE,
    )],
);

static LIST_POLICIES_REQUEST: Shape = structure(
    "ListPoliciesRequest",
    &[
        member("Scope", &POLICY_SCOPE_TYPE),
        member("OnlyAttached", &BOOLEAN_TYPE),
        member("PathPrefix", &POLICY_PATH_TYPE),
        member("PolicyUsageFilter", &POLICY_USAGE_TYPE),
        member("Marker", &MARKER_TYPE),
        member("MaxItems", &MAX_ITEMS_TYPE),
    ],
);

static LIST_POLICIES_RESPONSE: Shape = structure(
    "ListPoliciesResponse",
    &[
        member("Policies", &POLICY_LIST_TYPE),
        member("IsTruncated", &BOOLEAN_TYPE),
        member("Marker", &RESPONSE_MARKER_TYPE),
    ],
);

static LIST_POLICY_VERSIONS_REQUEST: Shape = structure(
    "ListPolicyVersionsRequest",
    &[
        member("PolicyArn", &ARN_TYPE).required(),
        member("Marker", &MARKER_TYPE),
        member("MaxItems", &MAX_ITEMS_TYPE),
    ],
);

static LIST_POLICY_VERSIONS_RESPONSE: Shape = structure(
    "ListPolicyVersionsResponse",
    &[
        member("Versions", &POLICY_DOCUMENT_VERSION_LIST_TYPE),
        member("IsTruncated", &BOOLEAN_TYPE),
        member("Marker", &RESPONSE_MARKER_TYPE),
    ],
);

static LIST_ROLE_POLICIES_REQUEST: Shape = structure(
    "ListRolePoliciesRequest",
    &[
        member("RoleName", &ROLE_NAME_TYPE).required(),
        member("Marker", &MARKER_TYPE),
        member("MaxItems", &MAX_ITEMS_TYPE),
    ],
);

static LIST_ROLE_POLICIES_RESPONSE: Shape = structure(
    "ListRolePoliciesResponse",
    &[
        member("PolicyNames", &POLICY_NAME_LIST_TYPE).required(),
        member("IsTruncated", &BOOLEAN_TYPE),
        member("Marker", &RESPONSE_MARKER_TYPE),
    ],
);

static LIST_ROLES_REQUEST: Shape = structure(
    "ListRolesRequest",
    &[
        member("PathPrefix", &PATH_PREFIX_TYPE),
        member("Marker", &MARKER_TYPE),
        member("MaxItems", &MAX_ITEMS_TYPE),
    ],
);

static LIST_ROLES_RESPONSE: Shape = structure(
    "ListRolesResponse",
    &[
        member("Roles", &ROLE_LIST_TYPE).required(),
        member("IsTruncated", &BOOLEAN_TYPE),
        member("Marker", &RESPONSE_MARKER_TYPE),
    ],
);

static LIST_USER_POLICIES_REQUEST: Shape = structure(
    "ListUserPoliciesRequest",
    &[
        member("UserName", &EXISTING_USER_NAME_TYPE).required(),
        member("Marker", &MARKER_TYPE),
        member("MaxItems", &MAX_ITEMS_TYPE),
    ],
);

static LIST_USER_POLICIES_RESPONSE: Shape = structure(
    "ListUserPoliciesResponse",
    &[
        member("PolicyNames", &POLICY_NAME_LIST_TYPE).required(),
        member("IsTruncated", &BOOLEAN_TYPE),
        member("Marker", &RESPONSE_MARKER_TYPE),
    ],
);

static LIST_USERS_REQUEST: Shape = structure(
    "ListUsersRequest",
    &[
        member("PathPrefix", &PATH_PREFIX_TYPE),
        member("Marker", &MARKER_TYPE),
        member("MaxItems", &MAX_ITEMS_TYPE),
    ],
);

static LIST_USERS_RESPONSE: Shape = structure(
    "ListUsersResponse",
    &[
        member("Users", &USER_LIST_TYPE).required(),
        member("IsTruncated", &BOOLEAN_TYPE),
        member("Marker", &RESPONSE_MARKER_TYPE),
    ],
);

static MANAGED_POLICY_DETAIL: Shape = structure(
    "ManagedPolicyDetail",
    &[
        member("PolicyName", &POLICY_NAME_TYPE),
        member("PolicyId", &ID_TYPE),
        member("Arn", &ARN_TYPE),
        member("Path", &POLICY_PATH_TYPE),
        member("DefaultVersionId", &POLICY_VERSION_ID_TYPE),
        member("AttachmentCount", &ATTACHMENT_COUNT_TYPE),
        member("PermissionsBoundaryUsageCount", &ATTACHMENT_COUNT_TYPE),
        member("IsAttachable", &BOOLEAN_TYPE),
        member("Description", &POLICY_DESCRIPTION_TYPE),
        member("CreateDate", &DATE_TYPE),
        member("UpdateDate", &DATE_TYPE),
        member("PolicyVersionList", &POLICY_DOCUMENT_VERSION_LIST_TYPE),
    ],
);

static MANAGED_POLICY_DETAIL_LIST_TYPE: Shape = list(
    "ManagedPolicyDetailListType",
    &MANAGED_POLICY_DETAIL,
    None,
    None,
    None,
);

static OPEN_ID_CONNECT_PROVIDER_LIST_ENTRY: Shape = structure(
    "OpenIDConnectProviderListEntry",
    &[member("Arn", &ARN_TYPE)],
);

static OPEN_ID_CONNECT_PROVIDER_LIST_TYPE: Shape = list(
    "OpenIDConnectProviderListType",
    &OPEN_ID_CONNECT_PROVIDER_LIST_ENTRY,
    None,
    None,
    None,
);

static OPEN_ID_CONNECT_PROVIDER_URL_TYPE: Shape =
    string("OpenIDConnectProviderUrlType", Text::ANY.min(1).max(255));

static PERMISSIONS_BOUNDARY_ATTACHMENT_TYPE: Shape = string(
    "PermissionsBoundaryAttachmentType",
    Text::ANY.values(&["PermissionsBoundaryPolicy"]),
);

static POLICY: Shape = structure(
    "Policy",
    &[
        member("PolicyName", &POLICY_NAME_TYPE),
        member("PolicyId", &ID_TYPE),
        member("Arn", &ARN_TYPE),
        member("Path", &POLICY_PATH_TYPE),
        member("DefaultVersionId", &POLICY_VERSION_ID_TYPE),
        member("AttachmentCount", &ATTACHMENT_COUNT_TYPE),
        member("PermissionsBoundaryUsageCount", &ATTACHMENT_COUNT_TYPE),
        member("IsAttachable", &BOOLEAN_TYPE),
        member("Description", &POLICY_DESCRIPTION_TYPE),
        member("CreateDate", &DATE_TYPE),
        member("UpdateDate", &DATE_TYPE),
        member("Tags", &TAG_LIST_TYPE),
    ],
);

static POLICY_DETAIL: Shape = structure(
    "PolicyDetail",
    &[
        member("PolicyName", &POLICY_NAME_TYPE),
        member("PolicyDocument", &POLICY_DOCUMENT_TYPE),
    ],
);

static POLICY_USAGE_TYPE: Shape = string(
    "PolicyUsageType",
    Text::ANY.values(&["PermissionsPolicy", "PermissionsBoundary"]),
);

static POLICY_VERSION: Shape = structure(
    "PolicyVersion",
    &[
        member("Document", &POLICY_DOCUMENT_TYPE),
        member("VersionId", &POLICY_VERSION_ID_TYPE),
        member("IsDefaultVersion", &BOOLEAN_TYPE),
        member("CreateDate", &DATE_TYPE),
    ],
);

static PUT_ROLE_POLICY_REQUEST: Shape = structure(
    "PutRolePolicyRequest",
    &[
        member("RoleName", &ROLE_NAME_TYPE).required(),
        member("PolicyName", &POLICY_NAME_TYPE).required(),
        member("PolicyDocument", &POLICY_DOCUMENT_TYPE).required(),
    ],
);

static PUT_USER_POLICY_REQUEST: Shape = structure(
    "PutUserPolicyRequest",
    &[
        member("UserName", &EXISTING_USER_NAME_TYPE).required(),
        member("PolicyName", &POLICY_NAME_TYPE).required(),
        member("PolicyDocument", &POLICY_DOCUMENT_TYPE).required(),
    ],
);

static REMOVE_CLIENT_ID_FROM_OPEN_ID_CONNECT_PROVIDER_REQUEST: Shape = structure(
    "RemoveClientIDFromOpenIDConnectProviderRequest",
    &[
        member("OpenIDConnectProviderArn", &ARN_TYPE).required(),
        member("ClientID", &CLIENT_ID_TYPE).required(),
    ],
);

static REMOVE_ROLE_FROM_INSTANCE_PROFILE_REQUEST: Shape = structure(
    "RemoveRoleFromInstanceProfileRequest",
    &[
        member("InstanceProfileName", &INSTANCE_PROFILE_NAME_TYPE).required(),
        member("RoleName", &ROLE_NAME_TYPE).required(),
    ],
);

static ROLE: Shape = structure(
    "Role",
    &[
        member("Path", &PATH_TYPE).required(),
        member("RoleName", &ROLE_NAME_TYPE).required(),
        member("RoleId", &ID_TYPE).required(),
        member("Arn", &ARN_TYPE).required(),
        member("CreateDate", &DATE_TYPE).required(),
        member("AssumeRolePolicyDocument", &POLICY_DOCUMENT_TYPE),
        member("Description", &ROLE_DESCRIPTION_TYPE),
        member("MaxSessionDuration", &ROLE_MAX_SESSION_DURATION_TYPE),
        member("PermissionsBoundary", &ATTACHED_PERMISSIONS_BOUNDARY),
        member("Tags", &TAG_LIST_TYPE),
        member("RoleLastUsed", &ROLE_LAST_USED),
        member("SourceRoleTemplate", &SOURCE_ROLE_TEMPLATE),
    ],
);

static ROLE_DETAIL: Shape = structure(
    "RoleDetail",
    &[
        member("Path", &PATH_TYPE),
        member("RoleName", &ROLE_NAME_TYPE),
        member("RoleId", &ID_TYPE),
        member("Arn", &ARN_TYPE),
        member("CreateDate", &DATE_TYPE),
        member("AssumeRolePolicyDocument", &POLICY_DOCUMENT_TYPE),
        member("InstanceProfileList", &INSTANCE_PROFILE_LIST_TYPE),
        member("RolePolicyList", &POLICY_DETAIL_LIST_TYPE),
        member("AttachedManagedPolicies", &ATTACHED_POLICIES_LIST_TYPE),
        member("PermissionsBoundary", &ATTACHED_PERMISSIONS_BOUNDARY),
        member("Tags", &TAG_LIST_TYPE),
        member("RoleLastUsed", &ROLE_LAST_USED),
    ],
);

static ROLE_LAST_USED: Shape = structure(
    "RoleLastUsed",
    &[
        member("LastUsedDate", &DATE_TYPE),
        member("Region", &STRING_TYPE),
    ],
);

static SET_DEFAULT_POLICY_VERSION_REQUEST: Shape = structure(
    "SetDefaultPolicyVersionRequest",
    &[
        member("PolicyArn", &ARN_TYPE).required(),
        member("VersionId", &POLICY_VERSION_ID_TYPE).required(),
    ],
);

static SOURCE_ROLE_TEMPLATE: Shape = structure(
    "SourceRoleTemplate",
    &[
        member("TemplateArn", &ARN_TYPE).required(),
        member("TemplateMinorVersion", &INTEGER_TYPE).required(),
    ],
);

static TAG: Shape = structure(
    "Tag",
    &[
        member("Key", &TAG_KEY_TYPE).required(),
        member("Value", &TAG_VALUE_TYPE).required(),
    ],
);

static TAG_OPEN_ID_CONNECT_PROVIDER_REQUEST: Shape = structure(
    "TagOpenIDConnectProviderRequest",
    &[
        member("OpenIDConnectProviderArn", &ARN_TYPE).required(),
        member("Tags", &TAG_LIST_TYPE).required(),
    ],
);

static UNTAG_OPEN_ID_CONNECT_PROVIDER_REQUEST: Shape = structure(
    "UntagOpenIDConnectProviderRequest",
    &[
        member("OpenIDConnectProviderArn", &ARN_TYPE).required(),
        member("TagKeys", &TAG_KEY_LIST_TYPE).required(),
    ],
);

static UPDATE_ACCESS_KEY_REQUEST: Shape = structure(
    "UpdateAccessKeyRequest",
    &[
        member("UserName", &EXISTING_USER_NAME_TYPE),
        member("AccessKeyId", &ACCESS_KEY_ID_TYPE).required(),
        member("Status", &STATUS_TYPE).required(),
    ],
);

static UPDATE_ASSUME_ROLE_POLICY_REQUEST: Shape = structure(
    "UpdateAssumeRolePolicyRequest",
    &[
        member("RoleName", &ROLE_NAME_TYPE).required(),
        member("PolicyDocument", &POLICY_DOCUMENT_TYPE).required(),
    ],
);

static UPDATE_OPEN_ID_CONNECT_PROVIDER_THUMBPRINT_REQUEST: Shape = structure(
    "UpdateOpenIDConnectProviderThumbprintRequest",
    &[
        member("OpenIDConnectProviderArn", &ARN_TYPE).required(),
        member("ThumbprintList", &THUMBPRINT_LIST_TYPE).required(),
    ],
);

static USER: Shape = structure(
    "User",
    &[
        member("Path", &PATH_TYPE).required(),
        member("UserName", &USER_NAME_TYPE).required(),
        member("UserId", &ID_TYPE).required(),
        member("Arn", &ARN_TYPE).required(),
        member("CreateDate", &DATE_TYPE).required(),
        member("PasswordLastUsed", &DATE_TYPE),
        member("PermissionsBoundary", &ATTACHED_PERMISSIONS_BOUNDARY),
        member("Tags", &TAG_LIST_TYPE),
    ],
);

static USER_DETAIL: Shape = structure(
    "UserDetail",
    &[
        member("Path", &PATH_TYPE),
        member("UserName", &USER_NAME_TYPE),
        member("UserId", &ID_TYPE),
        member("Arn", &ARN_TYPE),
        member("CreateDate", &DATE_TYPE),
        member("UserPolicyList", &POLICY_DETAIL_LIST_TYPE),
        member("GroupList", &GROUP_NAME_LIST_TYPE),
        member("AttachedManagedPolicies", &ATTACHED_POLICIES_LIST_TYPE),
        member("PermissionsBoundary", &ATTACHED_PERMISSIONS_BOUNDARY),
        member("Tags", &TAG_LIST_TYPE),
    ],
);

static ACCESS_KEY_ID_TYPE_PATTERN: Pattern = Pattern::new(r"[\w]+");

static ACCESS_KEY_ID_TYPE: Shape = string(
    "accessKeyIdType",
    Text::ANY
        .min(16)
        .max(128)
        .pattern(&ACCESS_KEY_ID_TYPE_PATTERN),
);

static ACCESS_KEY_METADATA_LIST_TYPE: Shape = list(
    "accessKeyMetadataListType",
    &ACCESS_KEY_METADATA,
    None,
    None,
    None,
);

static ACCESS_KEY_SECRET_TYPE: Shape = string("accessKeySecretType", Text::ANY.sensitive());

static ARN_TYPE: Shape = string("arnType", Text::ANY.min(20).max(2_048));

static ATTACHED_POLICIES_LIST_TYPE: Shape = list(
    "attachedPoliciesListType",
    &ATTACHED_POLICY,
    None,
    None,
    None,
);

static ATTACHMENT_COUNT_TYPE: Shape = integer("attachmentCountType", 32, None, None);

static BOOLEAN_TYPE: Shape = boolean("booleanType");

static CLIENT_ID_LIST_TYPE: Shape = list("clientIDListType", &CLIENT_ID_TYPE, None, None, None);

static CLIENT_ID_TYPE: Shape = string("clientIDType", Text::ANY.min(1).max(255));

static DATE_TYPE: Shape = timestamp("dateType");

static ENTITY_LIST_TYPE: Shape = list("entityListType", &ENTITY_TYPE, None, None, None);

static EXISTING_USER_NAME_TYPE_PATTERN: Pattern = Pattern::new(r"[\w+=,.@-]+");

static EXISTING_USER_NAME_TYPE: Shape = string(
    "existingUserNameType",
    Text::ANY
        .min(1)
        .max(128)
        .pattern(&EXISTING_USER_NAME_TYPE_PATTERN),
);

static GROUP_DETAIL_LIST_TYPE: Shape = list("groupDetailListType", &GROUP_DETAIL, None, None, None);

static GROUP_LIST_TYPE: Shape = list("groupListType", &GROUP, None, None, None);

static GROUP_NAME_LIST_TYPE: Shape = list("groupNameListType", &GROUP_NAME_TYPE, None, None, None);

static GROUP_NAME_TYPE_PATTERN: Pattern = Pattern::new(r"[\w+=,.@-]+");

static GROUP_NAME_TYPE: Shape = string(
    "groupNameType",
    Text::ANY.min(1).max(128).pattern(&GROUP_NAME_TYPE_PATTERN),
);

static ID_TYPE_PATTERN: Pattern = Pattern::new(r"[\w]+");

static ID_TYPE: Shape = string(
    "idType",
    Text::ANY.min(16).max(128).pattern(&ID_TYPE_PATTERN),
);

static INSTANCE_PROFILE_LIST_TYPE: Shape = list(
    "instanceProfileListType",
    &INSTANCE_PROFILE,
    None,
    None,
    None,
);

static INSTANCE_PROFILE_NAME_TYPE_PATTERN: Pattern = Pattern::new(r"[\w+=,.@-]+");

static INSTANCE_PROFILE_NAME_TYPE: Shape = string(
    "instanceProfileNameType",
    Text::ANY
        .min(1)
        .max(128)
        .pattern(&INSTANCE_PROFILE_NAME_TYPE_PATTERN),
);

static INTEGER_TYPE: Shape = integer("integerType", 32, None, None);

static MARKER_TYPE_PATTERN: Pattern = Pattern::new(r"[\u0020-\u00FF]+");

static MARKER_TYPE: Shape = string(
    "markerType",
    Text::ANY.min(1).max(320).pattern(&MARKER_TYPE_PATTERN),
);

static MAX_ITEMS_TYPE: Shape = integer("maxItemsType", 32, Some(1), Some(1_000));

static PATH_PREFIX_TYPE_PATTERN: Pattern = Pattern::new(r"\u002F[\u0021-\u007F]*");

static PATH_PREFIX_TYPE: Shape = string(
    "pathPrefixType",
    Text::ANY.min(1).max(512).pattern(&PATH_PREFIX_TYPE_PATTERN),
);

static PATH_TYPE_PATTERN: Pattern = Pattern::new(r"(\u002F)|(\u002F[\u0021-\u007E]+\u002F)");

static PATH_TYPE: Shape = string(
    "pathType",
    Text::ANY.min(1).max(512).pattern(&PATH_TYPE_PATTERN),
);

static POLICY_DESCRIPTION_TYPE: Shape = string("policyDescriptionType", Text::ANY.max(1_000));

static POLICY_DETAIL_LIST_TYPE: Shape =
    list("policyDetailListType", &POLICY_DETAIL, None, None, None);

static POLICY_DOCUMENT_TYPE_PATTERN: Pattern = Pattern::new(r"[\u0009\u000A\u000D\u0020-\u00FF]+");

static POLICY_DOCUMENT_TYPE: Shape = string(
    "policyDocumentType",
    Text::ANY
        .min(1)
        .max(131_072)
        .pattern(&POLICY_DOCUMENT_TYPE_PATTERN),
);

static POLICY_DOCUMENT_VERSION_LIST_TYPE: Shape = list(
    "policyDocumentVersionListType",
    &POLICY_VERSION,
    None,
    None,
    None,
);

static POLICY_LIST_TYPE: Shape = list("policyListType", &POLICY, None, None, None);

static POLICY_NAME_LIST_TYPE: Shape =
    list("policyNameListType", &POLICY_NAME_TYPE, None, None, None);

static POLICY_NAME_TYPE_PATTERN: Pattern = Pattern::new(r"[\w+=,.@-]+");

static POLICY_NAME_TYPE: Shape = string(
    "policyNameType",
    Text::ANY.min(1).max(128).pattern(&POLICY_NAME_TYPE_PATTERN),
);

static POLICY_PATH_TYPE_PATTERN: Pattern = Pattern::new(r"((/[A-Za-z0-9\.,\+@=_-]+)*)/");

static POLICY_PATH_TYPE: Shape = string(
    "policyPathType",
    Text::ANY.min(1).max(512).pattern(&POLICY_PATH_TYPE_PATTERN),
);

static POLICY_SCOPE_TYPE: Shape = string(
    "policyScopeType",
    Text::ANY.values(&["All", "AWS", "Local"]),
);

static POLICY_VERSION_ID_TYPE_PATTERN: Pattern = Pattern::new(r"v[1-9][0-9]*(\.[A-Za-z0-9-]*)?");

static POLICY_VERSION_ID_TYPE: Shape = string(
    "policyVersionIdType",
    Text::ANY.pattern(&POLICY_VERSION_ID_TYPE_PATTERN),
);

static RESPONSE_MARKER_TYPE: Shape = string("responseMarkerType", Text::ANY);

static ROLE_DESCRIPTION_TYPE_PATTERN: Pattern =
    Pattern::new(r"[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*");

static ROLE_DESCRIPTION_TYPE: Shape = string(
    "roleDescriptionType",
    Text::ANY.max(1_000).pattern(&ROLE_DESCRIPTION_TYPE_PATTERN),
);

static ROLE_DETAIL_LIST_TYPE: Shape = list("roleDetailListType", &ROLE_DETAIL, None, None, None);

static ROLE_LIST_TYPE: Shape = list("roleListType", &ROLE, None, None, None);

static ROLE_MAX_SESSION_DURATION_TYPE: Shape =
    integer("roleMaxSessionDurationType", 32, Some(3_600), Some(43_200));

static ROLE_NAME_TYPE_PATTERN: Pattern = Pattern::new(r"[\w+=,.@-]+");

static ROLE_NAME_TYPE: Shape = string(
    "roleNameType",
    Text::ANY.min(1).max(64).pattern(&ROLE_NAME_TYPE_PATTERN),
);

static STATUS_TYPE: Shape = string(
    "statusType",
    Text::ANY.values(&["Active", "Inactive", "Expired"]),
);

static STRING_TYPE: Shape = string("stringType", Text::ANY);

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

static THUMBPRINT_LIST_TYPE: Shape = list("thumbprintListType", &THUMBPRINT_TYPE, None, None, None);

static THUMBPRINT_TYPE: Shape = string("thumbprintType", Text::ANY.min(40).max(40));

static USER_DETAIL_LIST_TYPE: Shape = list("userDetailListType", &USER_DETAIL, None, None, None);

static USER_LIST_TYPE: Shape = list("userListType", &USER, None, None, None);

static USER_NAME_TYPE_PATTERN: Pattern = Pattern::new(r"[\w+=,.@-]+");

static USER_NAME_TYPE: Shape = string(
    "userNameType",
    Text::ANY.min(1).max(64).pattern(&USER_NAME_TYPE_PATTERN),
);

static CONCURRENT_MODIFICATION_EXCEPTION: ErrorShape = error("ConcurrentModification", 409);

static DELETE_CONFLICT_EXCEPTION: ErrorShape = error("DeleteConflict", 409);

static ENTITY_ALREADY_EXISTS_EXCEPTION: ErrorShape = error("EntityAlreadyExists", 409);

static INVALID_INPUT_EXCEPTION: ErrorShape = error("InvalidInput", 400);

static LIMIT_EXCEEDED_EXCEPTION: ErrorShape = error("LimitExceeded", 409);

static MALFORMED_POLICY_DOCUMENT_EXCEPTION: ErrorShape = error("MalformedPolicyDocument", 400);

static NO_SUCH_ENTITY_EXCEPTION: ErrorShape = error("NoSuchEntity", 404);

static OPEN_ID_IDP_COMMUNICATION_ERROR_EXCEPTION: ErrorShape =
    error("OpenIdIdpCommunicationError", 400);

static POLICY_NOT_ATTACHABLE_EXCEPTION: ErrorShape = error("PolicyNotAttachable", 400);

static SERVICE_FAILURE_EXCEPTION: ErrorShape = error("ServiceFailure", 500);

static UNMODIFIABLE_ENTITY_EXCEPTION: ErrorShape = error("UnmodifiableEntity", 400);
