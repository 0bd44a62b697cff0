//! Shapes of iam, made by `cargo xtask shapes` from botocore 1.44.5; not edited by hand.
//! Facts only, no documentation text.

use super::table::{
    blob, boolean, error, integer, list, map, member, operation, string, structure, timestamp,
};
use super::{ErrorShape, Pattern, Protocol, Service, Shape, Text};

pub(super) static SERVICE: Service = Service {
    name: "iam",
    protocol: Protocol::Query {
        namespace: "https://iam.amazonaws.com/doc/2010-05-08/",
    },
    api_version: "2010-05-08",
    operations: &[
        operation("AddRoleToInstanceProfile")
            .takes(&ADD_ROLE_TO_INSTANCE_PROFILE_REQUEST)
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &ENTITY_ALREADY_EXISTS_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &UNMODIFIABLE_ENTITY_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("AddUserToGroup")
            .takes(&ADD_USER_TO_GROUP_REQUEST)
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("AttachGroupPolicy")
            .takes(&ATTACH_GROUP_POLICY_REQUEST)
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &POLICY_NOT_ATTACHABLE_EXCEPTION,
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
        operation("CreateAccountAlias")
            .takes(&CREATE_ACCOUNT_ALIAS_REQUEST)
            .fails(&[
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &ENTITY_ALREADY_EXISTS_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("CreateGroup")
            .takes(&CREATE_GROUP_REQUEST)
            .returns(&CREATE_GROUP_RESPONSE)
            .wrapped("CreateGroupResult")
            .fails(&[
                &LIMIT_EXCEEDED_EXCEPTION,
                &ENTITY_ALREADY_EXISTS_EXCEPTION,
                &NO_SUCH_ENTITY_EXCEPTION,
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
        operation("DeleteAccountAlias")
            .takes(&DELETE_ACCOUNT_ALIAS_REQUEST)
            .fails(&[
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &NO_SUCH_ENTITY_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("DeleteAccountPasswordPolicy").fails(&[
            &NO_SUCH_ENTITY_EXCEPTION,
            &LIMIT_EXCEEDED_EXCEPTION,
            &SERVICE_FAILURE_EXCEPTION,
        ]),
        operation("DeleteGroup")
            .takes(&DELETE_GROUP_REQUEST)
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &DELETE_CONFLICT_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("DeleteGroupPolicy")
            .takes(&DELETE_GROUP_POLICY_REQUEST)
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
        operation("DeleteLoginProfile")
            .takes(&DELETE_LOGIN_PROFILE_REQUEST)
            .fails(&[
                &ENTITY_TEMPORARILY_UNMODIFIABLE_EXCEPTION,
                &NO_SUCH_ENTITY_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
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
        operation("DeleteRolePermissionsBoundary")
            .takes(&DELETE_ROLE_PERMISSIONS_BOUNDARY_REQUEST)
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &UNMODIFIABLE_ENTITY_EXCEPTION,
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
        operation("DeleteUserPermissionsBoundary")
            .takes(&DELETE_USER_PERMISSIONS_BOUNDARY_REQUEST)
            .fails(&[&NO_SUCH_ENTITY_EXCEPTION, &SERVICE_FAILURE_EXCEPTION]),
        operation("DeleteUserPolicy")
            .takes(&DELETE_USER_POLICY_REQUEST)
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("DetachGroupPolicy")
            .takes(&DETACH_GROUP_POLICY_REQUEST)
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
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
        operation("GenerateCredentialReport")
            .returns(&GENERATE_CREDENTIAL_REPORT_RESPONSE)
            .wrapped("GenerateCredentialReportResult")
            .fails(&[&LIMIT_EXCEEDED_EXCEPTION, &SERVICE_FAILURE_EXCEPTION]),
        operation("GetAccessKeyLastUsed")
            .takes(&GET_ACCESS_KEY_LAST_USED_REQUEST)
            .returns(&GET_ACCESS_KEY_LAST_USED_RESPONSE)
            .wrapped("GetAccessKeyLastUsedResult"),
        operation("GetAccountAuthorizationDetails")
            .takes(&GET_ACCOUNT_AUTHORIZATION_DETAILS_REQUEST)
            .returns(&GET_ACCOUNT_AUTHORIZATION_DETAILS_RESPONSE)
            .wrapped("GetAccountAuthorizationDetailsResult")
            .fails(&[&SERVICE_FAILURE_EXCEPTION]),
        operation("GetAccountPasswordPolicy")
            .returns(&GET_ACCOUNT_PASSWORD_POLICY_RESPONSE)
            .wrapped("GetAccountPasswordPolicyResult")
            .fails(&[&NO_SUCH_ENTITY_EXCEPTION, &SERVICE_FAILURE_EXCEPTION]),
        operation("GetAccountSummary")
            .returns(&GET_ACCOUNT_SUMMARY_RESPONSE)
            .wrapped("GetAccountSummaryResult")
            .fails(&[&SERVICE_FAILURE_EXCEPTION]),
        operation("GetContextKeysForCustomPolicy")
            .takes(&GET_CONTEXT_KEYS_FOR_CUSTOM_POLICY_REQUEST)
            .returns(&GET_CONTEXT_KEYS_FOR_POLICY_RESPONSE)
            .wrapped("GetContextKeysForCustomPolicyResult")
            .fails(&[&INVALID_INPUT_EXCEPTION]),
        operation("GetContextKeysForPrincipalPolicy")
            .takes(&GET_CONTEXT_KEYS_FOR_PRINCIPAL_POLICY_REQUEST)
            .returns(&GET_CONTEXT_KEYS_FOR_POLICY_RESPONSE)
            .wrapped("GetContextKeysForPrincipalPolicyResult")
            .fails(&[&NO_SUCH_ENTITY_EXCEPTION, &INVALID_INPUT_EXCEPTION]),
        operation("GetCredentialReport")
            .returns(&GET_CREDENTIAL_REPORT_RESPONSE)
            .wrapped("GetCredentialReportResult")
            .fails(&[
                &CREDENTIAL_REPORT_NOT_PRESENT_EXCEPTION,
                &CREDENTIAL_REPORT_EXPIRED_EXCEPTION,
                &CREDENTIAL_REPORT_NOT_READY_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("GetGroup")
            .takes(&GET_GROUP_REQUEST)
            .returns(&GET_GROUP_RESPONSE)
            .wrapped("GetGroupResult")
            .fails(&[&NO_SUCH_ENTITY_EXCEPTION, &SERVICE_FAILURE_EXCEPTION]),
        operation("GetGroupPolicy")
            .takes(&GET_GROUP_POLICY_REQUEST)
            .returns(&GET_GROUP_POLICY_RESPONSE)
            .wrapped("GetGroupPolicyResult")
            .fails(&[&NO_SUCH_ENTITY_EXCEPTION, &SERVICE_FAILURE_EXCEPTION]),
        operation("GetInstanceProfile")
            .takes(&GET_INSTANCE_PROFILE_REQUEST)
            .returns(&GET_INSTANCE_PROFILE_RESPONSE)
            .wrapped("GetInstanceProfileResult")
            .fails(&[&NO_SUCH_ENTITY_EXCEPTION, &SERVICE_FAILURE_EXCEPTION]),
        operation("GetLoginProfile")
            .takes(&GET_LOGIN_PROFILE_REQUEST)
            .returns(&GET_LOGIN_PROFILE_RESPONSE)
            .wrapped("GetLoginProfileResult")
            .fails(&[&NO_SUCH_ENTITY_EXCEPTION, &SERVICE_FAILURE_EXCEPTION]),
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
        operation("ListAccountAliases")
            .takes(&LIST_ACCOUNT_ALIASES_REQUEST)
            .returns(&LIST_ACCOUNT_ALIASES_RESPONSE)
            .wrapped("ListAccountAliasesResult")
            .fails(&[&SERVICE_FAILURE_EXCEPTION]),
        operation("ListAttachedGroupPolicies")
            .takes(&LIST_ATTACHED_GROUP_POLICIES_REQUEST)
            .returns(&LIST_ATTACHED_GROUP_POLICIES_RESPONSE)
            .wrapped("ListAttachedGroupPoliciesResult")
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
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
        operation("ListEntitiesForPolicy")
            .takes(&LIST_ENTITIES_FOR_POLICY_REQUEST)
            .returns(&LIST_ENTITIES_FOR_POLICY_RESPONSE)
            .wrapped("ListEntitiesForPolicyResult")
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("ListGroupPolicies")
            .takes(&LIST_GROUP_POLICIES_REQUEST)
            .returns(&LIST_GROUP_POLICIES_RESPONSE)
            .wrapped("ListGroupPoliciesResult")
            .fails(&[&NO_SUCH_ENTITY_EXCEPTION, &SERVICE_FAILURE_EXCEPTION]),
        operation("ListGroups")
            .takes(&LIST_GROUPS_REQUEST)
            .returns(&LIST_GROUPS_RESPONSE)
            .wrapped("ListGroupsResult")
            .fails(&[&SERVICE_FAILURE_EXCEPTION]),
        operation("ListGroupsForUser")
            .takes(&LIST_GROUPS_FOR_USER_REQUEST)
            .returns(&LIST_GROUPS_FOR_USER_RESPONSE)
            .wrapped("ListGroupsForUserResult")
            .fails(&[&NO_SUCH_ENTITY_EXCEPTION, &SERVICE_FAILURE_EXCEPTION]),
        operation("ListInstanceProfileTags")
            .takes(&LIST_INSTANCE_PROFILE_TAGS_REQUEST)
            .returns(&LIST_INSTANCE_PROFILE_TAGS_RESPONSE)
            .wrapped("ListInstanceProfileTagsResult")
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
        operation("ListMFADevices")
            .takes(&LIST_MFA_DEVICES_REQUEST)
            .returns(&LIST_MFA_DEVICES_RESPONSE)
            .wrapped("ListMFADevicesResult")
            .fails(&[&NO_SUCH_ENTITY_EXCEPTION, &SERVICE_FAILURE_EXCEPTION]),
        operation("ListPolicies")
            .takes(&LIST_POLICIES_REQUEST)
            .returns(&LIST_POLICIES_RESPONSE)
            .wrapped("ListPoliciesResult")
            .fails(&[&SERVICE_FAILURE_EXCEPTION]),
        operation("ListPolicyTags")
            .takes(&LIST_POLICY_TAGS_REQUEST)
            .returns(&LIST_POLICY_TAGS_RESPONSE)
            .wrapped("ListPolicyTagsResult")
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
            ]),
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
        operation("ListRoleTags")
            .takes(&LIST_ROLE_TAGS_REQUEST)
            .returns(&LIST_ROLE_TAGS_RESPONSE)
            .wrapped("ListRoleTagsResult")
            .fails(&[&NO_SUCH_ENTITY_EXCEPTION, &SERVICE_FAILURE_EXCEPTION]),
        operation("ListRoles")
            .takes(&LIST_ROLES_REQUEST)
            .returns(&LIST_ROLES_RESPONSE)
            .wrapped("ListRolesResult")
            .fails(&[&SERVICE_FAILURE_EXCEPTION]),
        operation("ListSSHPublicKeys")
            .takes(&LIST_SSH_PUBLIC_KEYS_REQUEST)
            .returns(&LIST_SSH_PUBLIC_KEYS_RESPONSE)
            .wrapped("ListSSHPublicKeysResult")
            .fails(&[&NO_SUCH_ENTITY_EXCEPTION]),
        operation("ListServiceSpecificCredentials")
            .takes(&LIST_SERVICE_SPECIFIC_CREDENTIALS_REQUEST)
            .returns(&LIST_SERVICE_SPECIFIC_CREDENTIALS_RESPONSE)
            .wrapped("ListServiceSpecificCredentialsResult")
            .fails(&[&NO_SUCH_ENTITY_EXCEPTION, &SERVICE_NOT_SUPPORTED_EXCEPTION]),
        operation("ListSigningCertificates")
            .takes(&LIST_SIGNING_CERTIFICATES_REQUEST)
            .returns(&LIST_SIGNING_CERTIFICATES_RESPONSE)
            .wrapped("ListSigningCertificatesResult")
            .fails(&[&NO_SUCH_ENTITY_EXCEPTION, &SERVICE_FAILURE_EXCEPTION]),
        operation("ListUserPolicies")
            .takes(&LIST_USER_POLICIES_REQUEST)
            .returns(&LIST_USER_POLICIES_RESPONSE)
            .wrapped("ListUserPoliciesResult")
            .fails(&[&NO_SUCH_ENTITY_EXCEPTION, &SERVICE_FAILURE_EXCEPTION]),
        operation("ListUserTags")
            .takes(&LIST_USER_TAGS_REQUEST)
            .returns(&LIST_USER_TAGS_RESPONSE)
            .wrapped("ListUserTagsResult")
            .fails(&[&NO_SUCH_ENTITY_EXCEPTION, &SERVICE_FAILURE_EXCEPTION]),
        operation("ListUsers")
            .takes(&LIST_USERS_REQUEST)
            .returns(&LIST_USERS_RESPONSE)
            .wrapped("ListUsersResult")
            .fails(&[&SERVICE_FAILURE_EXCEPTION]),
        operation("ListVirtualMFADevices")
            .takes(&LIST_VIRTUAL_MFA_DEVICES_REQUEST)
            .returns(&LIST_VIRTUAL_MFA_DEVICES_RESPONSE)
            .wrapped("ListVirtualMFADevicesResult"),
        operation("PutGroupPolicy")
            .takes(&PUT_GROUP_POLICY_REQUEST)
            .fails(&[
                &LIMIT_EXCEEDED_EXCEPTION,
                &MALFORMED_POLICY_DOCUMENT_EXCEPTION,
                &NO_SUCH_ENTITY_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("PutRolePermissionsBoundary")
            .takes(&PUT_ROLE_PERMISSIONS_BOUNDARY_REQUEST)
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &UNMODIFIABLE_ENTITY_EXCEPTION,
                &POLICY_NOT_ATTACHABLE_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("PutRolePolicy")
            .takes(&PUT_ROLE_POLICY_REQUEST)
            .fails(&[
                &LIMIT_EXCEEDED_EXCEPTION,
                &MALFORMED_POLICY_DOCUMENT_EXCEPTION,
                &NO_SUCH_ENTITY_EXCEPTION,
                &UNMODIFIABLE_ENTITY_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("PutUserPermissionsBoundary")
            .takes(&PUT_USER_PERMISSIONS_BOUNDARY_REQUEST)
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &POLICY_NOT_ATTACHABLE_EXCEPTION,
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
        operation("RemoveRoleFromInstanceProfile")
            .takes(&REMOVE_ROLE_FROM_INSTANCE_PROFILE_REQUEST)
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &UNMODIFIABLE_ENTITY_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("RemoveUserFromGroup")
            .takes(&REMOVE_USER_FROM_GROUP_REQUEST)
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
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
        operation("SimulateCustomPolicy")
            .takes(&SIMULATE_CUSTOM_POLICY_REQUEST)
            .returns(&SIMULATE_POLICY_RESPONSE)
            .wrapped("SimulateCustomPolicyResult")
            .fails(&[&INVALID_INPUT_EXCEPTION, &POLICY_EVALUATION_EXCEPTION]),
        operation("SimulatePrincipalPolicy")
            .takes(&SIMULATE_PRINCIPAL_POLICY_REQUEST)
            .returns(&SIMULATE_POLICY_RESPONSE)
            .wrapped("SimulatePrincipalPolicyResult")
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &POLICY_EVALUATION_EXCEPTION,
            ]),
        operation("TagInstanceProfile")
            .takes(&TAG_INSTANCE_PROFILE_REQUEST)
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("TagPolicy").takes(&TAG_POLICY_REQUEST).fails(&[
            &NO_SUCH_ENTITY_EXCEPTION,
            &LIMIT_EXCEEDED_EXCEPTION,
            &INVALID_INPUT_EXCEPTION,
            &CONCURRENT_MODIFICATION_EXCEPTION,
            &SERVICE_FAILURE_EXCEPTION,
        ]),
        operation("TagRole").takes(&TAG_ROLE_REQUEST).fails(&[
            &NO_SUCH_ENTITY_EXCEPTION,
            &LIMIT_EXCEEDED_EXCEPTION,
            &INVALID_INPUT_EXCEPTION,
            &CONCURRENT_MODIFICATION_EXCEPTION,
            &SERVICE_FAILURE_EXCEPTION,
        ]),
        operation("TagUser").takes(&TAG_USER_REQUEST).fails(&[
            &NO_SUCH_ENTITY_EXCEPTION,
            &LIMIT_EXCEEDED_EXCEPTION,
            &INVALID_INPUT_EXCEPTION,
            &CONCURRENT_MODIFICATION_EXCEPTION,
            &SERVICE_FAILURE_EXCEPTION,
        ]),
        operation("UntagInstanceProfile")
            .takes(&UNTAG_INSTANCE_PROFILE_REQUEST)
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("UntagPolicy")
            .takes(&UNTAG_POLICY_REQUEST)
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("UntagRole").takes(&UNTAG_ROLE_REQUEST).fails(&[
            &NO_SUCH_ENTITY_EXCEPTION,
            &CONCURRENT_MODIFICATION_EXCEPTION,
            &SERVICE_FAILURE_EXCEPTION,
        ]),
        operation("UntagUser").takes(&UNTAG_USER_REQUEST).fails(&[
            &NO_SUCH_ENTITY_EXCEPTION,
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
        operation("UpdateAccountPasswordPolicy")
            .takes(&UPDATE_ACCOUNT_PASSWORD_POLICY_REQUEST)
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &MALFORMED_POLICY_DOCUMENT_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
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
        operation("UpdateGroup")
            .takes(&UPDATE_GROUP_REQUEST)
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &ENTITY_ALREADY_EXISTS_EXCEPTION,
                &LIMIT_EXCEEDED_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("UpdateRole")
            .takes(&UPDATE_ROLE_REQUEST)
            .returns(&UPDATE_ROLE_RESPONSE)
            .wrapped("UpdateRoleResult")
            .fails(&[
                &UNMODIFIABLE_ENTITY_EXCEPTION,
                &NO_SUCH_ENTITY_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("UpdateRoleDescription")
            .takes(&UPDATE_ROLE_DESCRIPTION_REQUEST)
            .returns(&UPDATE_ROLE_DESCRIPTION_RESPONSE)
            .wrapped("UpdateRoleDescriptionResult")
            .fails(&[
                &NO_SUCH_ENTITY_EXCEPTION,
                &UNMODIFIABLE_ENTITY_EXCEPTION,
                &SERVICE_FAILURE_EXCEPTION,
            ]),
        operation("UpdateUser").takes(&UPDATE_USER_REQUEST).fails(&[
            &NO_SUCH_ENTITY_EXCEPTION,
            &LIMIT_EXCEEDED_EXCEPTION,
            &ENTITY_ALREADY_EXISTS_EXCEPTION,
            &ENTITY_TEMPORARILY_UNMODIFIABLE_EXCEPTION,
            &CONCURRENT_MODIFICATION_EXCEPTION,
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

static ACCESS_KEY_LAST_USED: Shape = structure(
    "AccessKeyLastUsed",
    &[
        member("LastUsedDate", &DATE_TYPE),
        member("ServiceName", &STRING_TYPE).required(),
        member("Region", &STRING_TYPE).required(),
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

static ACTION_NAME_LIST_TYPE: Shape =
    list("ActionNameListType", &ACTION_NAME_TYPE, None, None, None);

static ACTION_NAME_TYPE: Shape = string("ActionNameType", Text::ANY.min(3).max(128));

static ADD_ROLE_TO_INSTANCE_PROFILE_REQUEST: Shape = structure(
    "AddRoleToInstanceProfileRequest",
    &[
        member("InstanceProfileName", &INSTANCE_PROFILE_NAME_TYPE).required(),
        member("RoleName", &ROLE_NAME_TYPE).required(),
    ],
);

static ADD_USER_TO_GROUP_REQUEST: Shape = structure(
    "AddUserToGroupRequest",
    &[
        member("GroupName", &GROUP_NAME_TYPE).required(),
        member("UserName", &EXISTING_USER_NAME_TYPE).required(),
    ],
);

static ATTACH_GROUP_POLICY_REQUEST: Shape = structure(
    "AttachGroupPolicyRequest",
    &[
        member("GroupName", &GROUP_NAME_TYPE).required(),
        member("PolicyArn", &ARN_TYPE).required(),
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

static ATTACHMENT_NAME_PATTERN: Pattern = Pattern::new(r"[\w+=,.@-]+");

static ATTACHMENT_NAME: Shape = string(
    "AttachmentName",
    Text::ANY.min(1).max(128).pattern(&ATTACHMENT_NAME_PATTERN),
);

static ATTACHMENT_TYPE: Shape = string(
    "AttachmentType",
    Text::ANY.values(&["user", "group", "role"]),
);

static BOOTSTRAP_DATUM: Shape = blob("BootstrapDatum", None, None, true);

static COLUMN_NUMBER: Shape = integer("ColumnNumber", 32, None, None);

static CONTEXT_ENTRY: Shape = structure(
    "ContextEntry",
    &[
        member("ContextKeyName", &CONTEXT_KEY_NAME_TYPE),
        member("ContextKeyValues", &CONTEXT_KEY_VALUE_LIST_TYPE),
        member("ContextKeyType", &CONTEXT_KEY_TYPE_ENUM),
    ],
);

static CONTEXT_ENTRY_LIST_TYPE: Shape =
    list("ContextEntryListType", &CONTEXT_ENTRY, None, None, None);

static CONTEXT_KEY_NAME_TYPE: Shape = string("ContextKeyNameType", Text::ANY.min(5).max(256));

static CONTEXT_KEY_NAMES_RESULT_LIST_TYPE: Shape = list(
    "ContextKeyNamesResultListType",
    &CONTEXT_KEY_NAME_TYPE,
    None,
    None,
    None,
);

static CONTEXT_KEY_TYPE_ENUM: Shape = string(
    "ContextKeyTypeEnum",
    Text::ANY.values(&[
        "string",
        "stringList",
        "numeric",
        "numericList",
        "boolean",
        "booleanList",
        "ip",
        "ipList",
        "binary",
        "binaryList",
        "date",
        "dateList",
    ]),
);

static CONTEXT_KEY_VALUE_LIST_TYPE: Shape = list(
    "ContextKeyValueListType",
    &CONTEXT_KEY_VALUE_TYPE,
    None,
    None,
    None,
);

static CONTEXT_KEY_VALUE_TYPE: Shape = string("ContextKeyValueType", Text::ANY);

static CREATE_ACCESS_KEY_REQUEST: Shape = structure(
    "CreateAccessKeyRequest",
    &[member("UserName", &EXISTING_USER_NAME_TYPE)],
);

static CREATE_ACCESS_KEY_RESPONSE: Shape = structure(
    "CreateAccessKeyResponse",
    &[member("AccessKey", &ACCESS_KEY).required()],
);

static CREATE_ACCOUNT_ALIAS_REQUEST: Shape = structure(
    "CreateAccountAliasRequest",
    &[member("AccountAlias", &ACCOUNT_ALIAS_TYPE).required()],
);

static CREATE_GROUP_REQUEST: Shape = structure(
    "CreateGroupRequest",
    &[
        member("Path", &PATH_TYPE),
        member("GroupName", &GROUP_NAME_TYPE).required(),
    ],
);

static CREATE_GROUP_RESPONSE: Shape =
    structure("CreateGroupResponse", &[member("Group", &GROUP).required()]);

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

static DELETE_ACCOUNT_ALIAS_REQUEST: Shape = structure(
    "DeleteAccountAliasRequest",
    &[member("AccountAlias", &ACCOUNT_ALIAS_TYPE).required()],
);

static DELETE_GROUP_POLICY_REQUEST: Shape = structure(
    "DeleteGroupPolicyRequest",
    &[
        member("GroupName", &GROUP_NAME_TYPE).required(),
        member("PolicyName", &POLICY_NAME_TYPE).required(),
    ],
);

static DELETE_GROUP_REQUEST: Shape = structure(
    "DeleteGroupRequest",
    &[member("GroupName", &GROUP_NAME_TYPE).required()],
);

static DELETE_INSTANCE_PROFILE_REQUEST: Shape = structure(
    "DeleteInstanceProfileRequest",
    &[member("InstanceProfileName", &INSTANCE_PROFILE_NAME_TYPE).required()],
);

static DELETE_LOGIN_PROFILE_REQUEST: Shape = structure(
    "DeleteLoginProfileRequest",
    &[member("UserName", &USER_NAME_TYPE)],
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

static DELETE_ROLE_PERMISSIONS_BOUNDARY_REQUEST: Shape = structure(
    "DeleteRolePermissionsBoundaryRequest",
    &[member("RoleName", &ROLE_NAME_TYPE).required()],
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

static DELETE_USER_PERMISSIONS_BOUNDARY_REQUEST: Shape = structure(
    "DeleteUserPermissionsBoundaryRequest",
    &[member("UserName", &USER_NAME_TYPE).required()],
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

static DETACH_GROUP_POLICY_REQUEST: Shape = structure(
    "DetachGroupPolicyRequest",
    &[
        member("GroupName", &GROUP_NAME_TYPE).required(),
        member("PolicyArn", &ARN_TYPE).required(),
    ],
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

static EVAL_DECISION_DETAILS_TYPE: Shape = map(
    "EvalDecisionDetailsType",
    &EVAL_DECISION_SOURCE_TYPE,
    &POLICY_EVALUATION_DECISION_TYPE,
);

static EVAL_DECISION_SOURCE_TYPE: Shape =
    string("EvalDecisionSourceType", Text::ANY.min(3).max(256));

static EVALUATION_RESULT: Shape = structure(
    "EvaluationResult",
    &[
        member("EvalActionName", &ACTION_NAME_TYPE).required(),
        member("EvalResourceName", &RESOURCE_NAME_TYPE),
        member("EvalDecision", &POLICY_EVALUATION_DECISION_TYPE).required(),
        member("MatchedStatements", &STATEMENT_LIST_TYPE),
        member("MissingContextValues", &CONTEXT_KEY_NAMES_RESULT_LIST_TYPE),
        member(
            "OrganizationsDecisionDetail",
            &ORGANIZATIONS_DECISION_DETAIL,
        ),
        member(
            "PermissionsBoundaryDecisionDetail",
            &PERMISSIONS_BOUNDARY_DECISION_DETAIL,
        ),
        member("EvalDecisionDetails", &EVAL_DECISION_DETAILS_TYPE),
        member(
            "ResourceSpecificResults",
            &RESOURCE_SPECIFIC_RESULT_LIST_TYPE,
        ),
    ],
);

static EVALUATION_RESULTS_LIST_TYPE: Shape = list(
    "EvaluationResultsListType",
    &EVALUATION_RESULT,
    None,
    None,
    None,
);

static GENERATE_CREDENTIAL_REPORT_RESPONSE: Shape = structure(
    "GenerateCredentialReportResponse",
    &[
        member("State", &REPORT_STATE_TYPE),
        member("Description", &REPORT_STATE_DESCRIPTION_TYPE),
    ],
);

static GET_ACCESS_KEY_LAST_USED_REQUEST: Shape = structure(
    "GetAccessKeyLastUsedRequest",
    &[member("AccessKeyId", &ACCESS_KEY_ID_TYPE).required()],
);

static GET_ACCESS_KEY_LAST_USED_RESPONSE: Shape = structure(
    "GetAccessKeyLastUsedResponse",
    &[
        member("UserName", &EXISTING_USER_NAME_TYPE),
        member("AccessKeyLastUsed", &ACCESS_KEY_LAST_USED),
    ],
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

static GET_ACCOUNT_PASSWORD_POLICY_RESPONSE: Shape = structure(
    "GetAccountPasswordPolicyResponse",
    &[member("PasswordPolicy", &PASSWORD_POLICY).required()],
);

static GET_ACCOUNT_SUMMARY_RESPONSE: Shape = structure(
    "GetAccountSummaryResponse",
    &[member("SummaryMap", &SUMMARY_MAP_TYPE)],
);

static GET_CONTEXT_KEYS_FOR_CUSTOM_POLICY_REQUEST: Shape = structure(
    "GetContextKeysForCustomPolicyRequest",
    &[member("PolicyInputList", &SIMULATION_POLICY_LIST_TYPE).required()],
);

static GET_CONTEXT_KEYS_FOR_POLICY_RESPONSE: Shape = structure(
    "GetContextKeysForPolicyResponse",
    &[member(
        "ContextKeyNames",
        &CONTEXT_KEY_NAMES_RESULT_LIST_TYPE,
    )],
);

static GET_CONTEXT_KEYS_FOR_PRINCIPAL_POLICY_REQUEST: Shape = structure(
    "GetContextKeysForPrincipalPolicyRequest",
    &[
        member("PolicySourceArn", &ARN_TYPE).required(),
        member("PolicyInputList", &SIMULATION_POLICY_LIST_TYPE),
    ],
);

static GET_CREDENTIAL_REPORT_RESPONSE: Shape = structure(
    "GetCredentialReportResponse",
    &[
        member("Content", &REPORT_CONTENT_TYPE),
        member("ReportFormat", &REPORT_FORMAT_TYPE),
        member("GeneratedTime", &DATE_TYPE),
    ],
);

static GET_GROUP_POLICY_REQUEST: Shape = structure(
    "GetGroupPolicyRequest",
    &[
        member("GroupName", &GROUP_NAME_TYPE).required(),
        member("PolicyName", &POLICY_NAME_TYPE).required(),
    ],
);

static GET_GROUP_POLICY_RESPONSE: Shape = structure(
    "GetGroupPolicyResponse",
    &[
        member("GroupName", &GROUP_NAME_TYPE).required(),
        member("PolicyName", &POLICY_NAME_TYPE).required(),
        member("PolicyDocument", &POLICY_DOCUMENT_TYPE).required(),
    ],
);

static GET_GROUP_REQUEST: Shape = structure(
    "GetGroupRequest",
    &[
        member("GroupName", &GROUP_NAME_TYPE).required(),
        member("Marker", &MARKER_TYPE),
        member("MaxItems", &MAX_ITEMS_TYPE),
    ],
);

static GET_GROUP_RESPONSE: Shape = structure(
    "GetGroupResponse",
    &[
        member("Group", &GROUP).required(),
        member("Users", &USER_LIST_TYPE).required(),
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

static GET_LOGIN_PROFILE_REQUEST: Shape = structure(
    "GetLoginProfileRequest",
    &[member("UserName", &USER_NAME_TYPE)],
);

static GET_LOGIN_PROFILE_RESPONSE: Shape = structure(
    "GetLoginProfileResponse",
    &[member("LoginProfile", &LOGIN_PROFILE).required()],
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

static INLINE_POLICY_IDENTIFIER_TYPE: Shape = structure(
    "InlinePolicyIdentifierType",
    &[
        member("PolicyName", &POLICY_NAME_TYPE).required(),
        member("AttachmentType", &ATTACHMENT_TYPE).required(),
        member("AttachmentName", &ATTACHMENT_NAME).required(),
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

static LINE_NUMBER: Shape = integer("LineNumber", 32, None, None);

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

static LIST_ACCOUNT_ALIASES_REQUEST: Shape = structure(
    "ListAccountAliasesRequest",
    &[
        member("Marker", &MARKER_TYPE),
        member("MaxItems", &MAX_ITEMS_TYPE),
    ],
);

static LIST_ACCOUNT_ALIASES_RESPONSE: Shape = structure(
    "ListAccountAliasesResponse",
    &[
        member("AccountAliases", &ACCOUNT_ALIAS_LIST_TYPE).required(),
        member("IsTruncated", &BOOLEAN_TYPE),
        member("Marker", &RESPONSE_MARKER_TYPE),
    ],
);

static LIST_ATTACHED_GROUP_POLICIES_REQUEST: Shape = structure(
    "ListAttachedGroupPoliciesRequest",
    &[
        member("GroupName", &GROUP_NAME_TYPE).required(),
        member("PathPrefix", &POLICY_PATH_TYPE),
        member("Marker", &MARKER_TYPE),
        member("MaxItems", &MAX_ITEMS_TYPE),
    ],
);

static LIST_ATTACHED_GROUP_POLICIES_RESPONSE: Shape = structure(
    "ListAttachedGroupPoliciesResponse",
    &[
        member("AttachedPolicies", &ATTACHED_POLICIES_LIST_TYPE),
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

static LIST_ENTITIES_FOR_POLICY_REQUEST: Shape = structure(
    "ListEntitiesForPolicyRequest",
    &[
        member("PolicyArn", &ARN_TYPE).required(),
        member("EntityFilter", &ENTITY_TYPE),
        member("PathPrefix", &PATH_TYPE),
        member("PolicyUsageFilter", &POLICY_USAGE_TYPE),
        member("Marker", &MARKER_TYPE),
        member("MaxItems", &MAX_ITEMS_TYPE),
    ],
);

static LIST_ENTITIES_FOR_POLICY_RESPONSE: Shape = structure(
    "ListEntitiesForPolicyResponse",
    &[
        member("PolicyGroups", &POLICY_GROUP_LIST_TYPE),
        member("PolicyUsers", &POLICY_USER_LIST_TYPE),
        member("PolicyRoles", &POLICY_ROLE_LIST_TYPE),
        member("IsTruncated", &BOOLEAN_TYPE),
        member("Marker", &RESPONSE_MARKER_TYPE),
    ],
);

static LIST_GROUP_POLICIES_REQUEST: Shape = structure(
    "ListGroupPoliciesRequest",
    &[
        member("GroupName", &GROUP_NAME_TYPE).required(),
        member("Marker", &MARKER_TYPE),
        member("MaxItems", &MAX_ITEMS_TYPE),
    ],
);

static LIST_GROUP_POLICIES_RESPONSE: Shape = structure(
    "ListGroupPoliciesResponse",
    &[
        member("PolicyNames", &POLICY_NAME_LIST_TYPE).required(),
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

static LIST_GROUPS_REQUEST: Shape = structure(
    "ListGroupsRequest",
    &[
        member("PathPrefix", &PATH_PREFIX_TYPE),
        member("Marker", &MARKER_TYPE),
        member("MaxItems", &MAX_ITEMS_TYPE),
    ],
);

static LIST_GROUPS_RESPONSE: Shape = structure(
    "ListGroupsResponse",
    &[
        member("Groups", &GROUP_LIST_TYPE).required(),
        member("IsTruncated", &BOOLEAN_TYPE),
        member("Marker", &RESPONSE_MARKER_TYPE),
    ],
);

static LIST_INSTANCE_PROFILE_TAGS_REQUEST: Shape = structure(
    "ListInstanceProfileTagsRequest",
    &[
        member("InstanceProfileName", &INSTANCE_PROFILE_NAME_TYPE).required(),
        member("Marker", &MARKER_TYPE),
        member("MaxItems", &MAX_ITEMS_TYPE),
    ],
);

static LIST_INSTANCE_PROFILE_TAGS_RESPONSE: Shape = structure(
    "ListInstanceProfileTagsResponse",
    &[
        member("Tags", &TAG_LIST_TYPE).required(),
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

static LIST_MFA_DEVICES_REQUEST: Shape = structure(
    "ListMFADevicesRequest",
    &[
        member("UserName", &EXISTING_USER_NAME_TYPE),
        member("Marker", &MARKER_TYPE),
        member("MaxItems", &MAX_ITEMS_TYPE),
    ],
);

static LIST_MFA_DEVICES_RESPONSE: Shape = structure(
    "ListMFADevicesResponse",
    &[
        member("MFADevices", &MFA_DEVICE_LIST_TYPE).required(),
        member("IsTruncated", &BOOLEAN_TYPE),
        member("Marker", &RESPONSE_MARKER_TYPE),
    ],
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

static LIST_POLICY_TAGS_REQUEST: Shape = structure(
    "ListPolicyTagsRequest",
    &[
        member("PolicyArn", &ARN_TYPE).required(),
        member("Marker", &MARKER_TYPE),
        member("MaxItems", &MAX_ITEMS_TYPE),
    ],
);

static LIST_POLICY_TAGS_RESPONSE: Shape = structure(
    "ListPolicyTagsResponse",
    &[
        member("Tags", &TAG_LIST_TYPE).required(),
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

static LIST_ROLE_TAGS_REQUEST: Shape = structure(
    "ListRoleTagsRequest",
    &[
        member("RoleName", &ROLE_NAME_TYPE).required(),
        member("Marker", &MARKER_TYPE),
        member("MaxItems", &MAX_ITEMS_TYPE),
    ],
);

static LIST_ROLE_TAGS_RESPONSE: Shape = structure(
    "ListRoleTagsResponse",
    &[
        member("Tags", &TAG_LIST_TYPE).required(),
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

static LIST_SSH_PUBLIC_KEYS_REQUEST: Shape = structure(
    "ListSSHPublicKeysRequest",
    &[
        member("UserName", &USER_NAME_TYPE),
        member("Marker", &MARKER_TYPE),
        member("MaxItems", &MAX_ITEMS_TYPE),
    ],
);

static LIST_SSH_PUBLIC_KEYS_RESPONSE: Shape = structure(
    "ListSSHPublicKeysResponse",
    &[
        member("SSHPublicKeys", &SSH_PUBLIC_KEY_LIST_TYPE),
        member("IsTruncated", &BOOLEAN_TYPE),
        member("Marker", &RESPONSE_MARKER_TYPE),
    ],
);

static LIST_SERVICE_SPECIFIC_CREDENTIALS_REQUEST: Shape = structure(
    "ListServiceSpecificCredentialsRequest",
    &[
        member("UserName", &USER_NAME_TYPE),
        member("ServiceName", &SERVICE_NAME),
        member("AllUsers", &ALL_USERS),
        member("Marker", &MARKER_TYPE),
        member("MaxItems", &MAX_ITEMS_TYPE),
    ],
);

static LIST_SERVICE_SPECIFIC_CREDENTIALS_RESPONSE: Shape = structure(
    "ListServiceSpecificCredentialsResponse",
    &[
        member(
            "ServiceSpecificCredentials",
            &SERVICE_SPECIFIC_CREDENTIALS_LIST_TYPE,
        ),
        member("Marker", &RESPONSE_MARKER_TYPE),
        member("IsTruncated", &BOOLEAN_TYPE),
    ],
);

static LIST_SIGNING_CERTIFICATES_REQUEST: Shape = structure(
    "ListSigningCertificatesRequest",
    &[
        member("UserName", &EXISTING_USER_NAME_TYPE),
        member("Marker", &MARKER_TYPE),
        member("MaxItems", &MAX_ITEMS_TYPE),
    ],
);

static LIST_SIGNING_CERTIFICATES_RESPONSE: Shape = structure(
    "ListSigningCertificatesResponse",
    &[
        member("Certificates", &CERTIFICATE_LIST_TYPE).required(),
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

static LIST_USER_TAGS_REQUEST: Shape = structure(
    "ListUserTagsRequest",
    &[
        member("UserName", &EXISTING_USER_NAME_TYPE).required(),
        member("Marker", &MARKER_TYPE),
        member("MaxItems", &MAX_ITEMS_TYPE),
    ],
);

static LIST_USER_TAGS_RESPONSE: Shape = structure(
    "ListUserTagsResponse",
    &[
        member("Tags", &TAG_LIST_TYPE).required(),
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

static LIST_VIRTUAL_MFA_DEVICES_REQUEST: Shape = structure(
    "ListVirtualMFADevicesRequest",
    &[
        member("AssignmentStatus", &ASSIGNMENT_STATUS_TYPE),
        member("Marker", &MARKER_TYPE),
        member("MaxItems", &MAX_ITEMS_TYPE),
    ],
);

static LIST_VIRTUAL_MFA_DEVICES_RESPONSE: Shape = structure(
    "ListVirtualMFADevicesResponse",
    &[
        member("VirtualMFADevices", &VIRTUAL_MFA_DEVICE_LIST_TYPE).required(),
        member("IsTruncated", &BOOLEAN_TYPE),
        member("Marker", &RESPONSE_MARKER_TYPE),
    ],
);

static LOGIN_PROFILE: Shape = structure(
    "LoginProfile",
    &[
        member("UserName", &USER_NAME_TYPE).required(),
        member("CreateDate", &DATE_TYPE).required(),
        member("PasswordResetRequired", &BOOLEAN_TYPE),
    ],
);

static MFA_DEVICE: Shape = structure(
    "MFADevice",
    &[
        member("UserName", &USER_NAME_TYPE).required(),
        member("SerialNumber", &SERIAL_NUMBER_TYPE).required(),
        member("EnableDate", &DATE_TYPE).required(),
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

static ORDERED_ORGANIZATION_POLICY_TYPE: Shape = structure(
    "OrderedOrganizationPolicyType",
    &[member(
        "ServiceControlPolicyInputList",
        &SIMULATION_POLICY_LIST_TYPE,
    )],
);

static ORGANIZATION_POLICY_LIST_TYPE: Shape = list(
    "OrganizationPolicyListType",
    &ORDERED_ORGANIZATION_POLICY_TYPE,
    None,
    None,
    Some(7),
);

static ORGANIZATIONS_DECISION_DETAIL: Shape = structure(
    "OrganizationsDecisionDetail",
    &[member("AllowedByOrganizations", &BOOLEAN_TYPE)],
);

static PASSWORD_POLICY: Shape = structure(
    "PasswordPolicy",
    &[
        member("MinimumPasswordLength", &MINIMUM_PASSWORD_LENGTH_TYPE),
        member("RequireSymbols", &BOOLEAN_TYPE),
        member("RequireNumbers", &BOOLEAN_TYPE),
        member("RequireUppercaseCharacters", &BOOLEAN_TYPE),
        member("RequireLowercaseCharacters", &BOOLEAN_TYPE),
        member("AllowUsersToChangePassword", &BOOLEAN_TYPE),
        member("ExpirePasswords", &BOOLEAN_TYPE),
        member("MaxPasswordAge", &MAX_PASSWORD_AGE_TYPE),
        member("PasswordReusePrevention", &PASSWORD_REUSE_PREVENTION_TYPE),
        member("HardExpiry", &BOOLEAN_OBJECT_TYPE),
    ],
);

static PERMISSIONS_BOUNDARY_ATTACHMENT_TYPE: Shape = string(
    "PermissionsBoundaryAttachmentType",
    Text::ANY.values(&["PermissionsBoundaryPolicy"]),
);

static PERMISSIONS_BOUNDARY_DECISION_DETAIL: Shape = structure(
    "PermissionsBoundaryDecisionDetail",
    &[member("AllowedByPermissionsBoundary", &BOOLEAN_TYPE)],
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

static POLICY_EVALUATION_DECISION_TYPE: Shape = string(
    "PolicyEvaluationDecisionType",
    Text::ANY.values(&["allowed", "explicitDeny", "implicitDeny"]),
);

static POLICY_EXCLUSIONS_LIST_TYPE: Shape = list(
    "PolicyExclusionsListType",
    &POLICY_IDENTIFIER,
    None,
    None,
    Some(256),
);

static POLICY_GROUP: Shape = structure(
    "PolicyGroup",
    &[
        member("GroupName", &GROUP_NAME_TYPE),
        member("GroupId", &ID_TYPE),
    ],
);

static POLICY_GROUP_LIST_TYPE: Shape = list("PolicyGroupListType", &POLICY_GROUP, None, None, None);

static POLICY_IDENTIFIER: Shape = structure(
    "PolicyIdentifier",
    &[
        member("PolicyType", &POLICY_IDENTIFIER_POLICY_TYPE),
        member("PolicyArn", &ARN_TYPE),
        member("InlinePolicyIdentifier", &INLINE_POLICY_IDENTIFIER_TYPE),
    ],
);

static POLICY_IDENTIFIER_POLICY_TYPE: Shape = string(
    "PolicyIdentifierPolicyType",
    Text::ANY.values(&[
        "inline",
        "aws-managed",
        "user-managed",
        "permission-boundary",
        "scp",
        "rcp",
    ]),
);

static POLICY_IDENTIFIER_TYPE: Shape = string("PolicyIdentifierType", Text::ANY);

static POLICY_ROLE: Shape = structure(
    "PolicyRole",
    &[
        member("RoleName", &ROLE_NAME_TYPE),
        member("RoleId", &ID_TYPE),
    ],
);

static POLICY_ROLE_LIST_TYPE: Shape = list("PolicyRoleListType", &POLICY_ROLE, None, None, None);

static POLICY_SOURCE_TYPE: Shape = string(
    "PolicySourceType",
    Text::ANY.values(&[
        "user",
        "group",
        "role",
        "aws-managed",
        "user-managed",
        "resource",
        "none",
    ]),
);

static POLICY_USAGE_TYPE: Shape = string(
    "PolicyUsageType",
    Text::ANY.values(&["PermissionsPolicy", "PermissionsBoundary"]),
);

static POLICY_USER: Shape = structure(
    "PolicyUser",
    &[
        member("UserName", &USER_NAME_TYPE),
        member("UserId", &ID_TYPE),
    ],
);

static POLICY_USER_LIST_TYPE: Shape = list("PolicyUserListType", &POLICY_USER, None, None, None);

static POLICY_VERSION: Shape = structure(
    "PolicyVersion",
    &[
        member("Document", &POLICY_DOCUMENT_TYPE),
        member("VersionId", &POLICY_VERSION_ID_TYPE),
        member("IsDefaultVersion", &BOOLEAN_TYPE),
        member("CreateDate", &DATE_TYPE),
    ],
);

static POSITION: Shape = structure(
    "Position",
    &[
        member("Line", &LINE_NUMBER),
        member("Column", &COLUMN_NUMBER),
    ],
);

static PUT_GROUP_POLICY_REQUEST: Shape = structure(
    "PutGroupPolicyRequest",
    &[
        member("GroupName", &GROUP_NAME_TYPE).required(),
        member("PolicyName", &POLICY_NAME_TYPE).required(),
        member("PolicyDocument", &POLICY_DOCUMENT_TYPE).required(),
    ],
);

static PUT_ROLE_PERMISSIONS_BOUNDARY_REQUEST: Shape = structure(
    "PutRolePermissionsBoundaryRequest",
    &[
        member("RoleName", &ROLE_NAME_TYPE).required(),
        member("PermissionsBoundary", &ARN_TYPE).required(),
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

static PUT_USER_PERMISSIONS_BOUNDARY_REQUEST: Shape = structure(
    "PutUserPermissionsBoundaryRequest",
    &[
        member("UserName", &USER_NAME_TYPE).required(),
        member("PermissionsBoundary", &ARN_TYPE).required(),
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

static REMOVE_ROLE_FROM_INSTANCE_PROFILE_REQUEST: Shape = structure(
    "RemoveRoleFromInstanceProfileRequest",
    &[
        member("InstanceProfileName", &INSTANCE_PROFILE_NAME_TYPE).required(),
        member("RoleName", &ROLE_NAME_TYPE).required(),
    ],
);

static REMOVE_USER_FROM_GROUP_REQUEST: Shape = structure(
    "RemoveUserFromGroupRequest",
    &[
        member("GroupName", &GROUP_NAME_TYPE).required(),
        member("UserName", &EXISTING_USER_NAME_TYPE).required(),
    ],
);

static REPORT_CONTENT_TYPE: Shape = blob("ReportContentType", None, None, false);

static REPORT_FORMAT_TYPE: Shape = string("ReportFormatType", Text::ANY.values(&["text/csv"]));

static REPORT_STATE_DESCRIPTION_TYPE: Shape = string("ReportStateDescriptionType", Text::ANY);

static REPORT_STATE_TYPE: Shape = string(
    "ReportStateType",
    Text::ANY.values(&["STARTED", "INPROGRESS", "COMPLETE"]),
);

static RESOURCE_HANDLING_OPTION_TYPE: Shape =
    string("ResourceHandlingOptionType", Text::ANY.min(1).max(64));

static RESOURCE_NAME_LIST_TYPE: Shape = list(
    "ResourceNameListType",
    &RESOURCE_NAME_TYPE,
    None,
    None,
    None,
);

static RESOURCE_NAME_TYPE: Shape = string("ResourceNameType", Text::ANY.min(1).max(2_048));

static RESOURCE_SPECIFIC_RESULT: Shape = structure(
    "ResourceSpecificResult",
    &[
        member("EvalResourceName", &RESOURCE_NAME_TYPE).required(),
        member("EvalResourceDecision", &POLICY_EVALUATION_DECISION_TYPE).required(),
        member("MatchedStatements", &STATEMENT_LIST_TYPE),
        member("MissingContextValues", &CONTEXT_KEY_NAMES_RESULT_LIST_TYPE),
        member("EvalDecisionDetails", &EVAL_DECISION_DETAILS_TYPE),
        member(
            "PermissionsBoundaryDecisionDetail",
            &PERMISSIONS_BOUNDARY_DECISION_DETAIL,
        ),
    ],
);

static RESOURCE_SPECIFIC_RESULT_LIST_TYPE: Shape = list(
    "ResourceSpecificResultListType",
    &RESOURCE_SPECIFIC_RESULT,
    None,
    None,
    None,
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

static SSH_PUBLIC_KEY_LIST_TYPE: Shape = list(
    "SSHPublicKeyListType",
    &SSH_PUBLIC_KEY_METADATA,
    None,
    None,
    None,
);

static SSH_PUBLIC_KEY_METADATA: Shape = structure(
    "SSHPublicKeyMetadata",
    &[
        member("UserName", &USER_NAME_TYPE).required(),
        member("SSHPublicKeyId", &PUBLIC_KEY_ID_TYPE).required(),
        member("Status", &STATUS_TYPE).required(),
        member("UploadDate", &DATE_TYPE).required(),
    ],
);

static SERVICE_SPECIFIC_CREDENTIAL_METADATA: Shape = structure(
    "ServiceSpecificCredentialMetadata",
    &[
        member("UserName", &USER_NAME_TYPE).required(),
        member("Status", &STATUS_TYPE).required(),
        member("ServiceUserName", &SERVICE_USER_NAME),
        member("ServiceCredentialAlias", &SERVICE_CREDENTIAL_ALIAS),
        member("CreateDate", &DATE_TYPE).required(),
        member("ExpirationDate", &DATE_TYPE),
        member(
            "ServiceSpecificCredentialId",
            &SERVICE_SPECIFIC_CREDENTIAL_ID,
        )
        .required(),
        member("ServiceName", &SERVICE_NAME).required(),
    ],
);

static SERVICE_SPECIFIC_CREDENTIALS_LIST_TYPE: Shape = list(
    "ServiceSpecificCredentialsListType",
    &SERVICE_SPECIFIC_CREDENTIAL_METADATA,
    None,
    None,
    None,
);

static SET_DEFAULT_POLICY_VERSION_REQUEST: Shape = structure(
    "SetDefaultPolicyVersionRequest",
    &[
        member("PolicyArn", &ARN_TYPE).required(),
        member("VersionId", &POLICY_VERSION_ID_TYPE).required(),
    ],
);

static SIGNING_CERTIFICATE: Shape = structure(
    "SigningCertificate",
    &[
        member("UserName", &USER_NAME_TYPE).required(),
        member("CertificateId", &CERTIFICATE_ID_TYPE).required(),
        member("CertificateBody", &CERTIFICATE_BODY_TYPE).required(),
        member("Status", &STATUS_TYPE).required(),
        member("UploadDate", &DATE_TYPE),
    ],
);

static SIMULATE_CUSTOM_POLICY_REQUEST: Shape = structure(
    "SimulateCustomPolicyRequest",
    &[
        member("PolicyInputList", &SIMULATION_POLICY_LIST_TYPE).required(),
        member(
            "PermissionsBoundaryPolicyInputList",
            &SIMULATION_POLICY_LIST_TYPE,
        ),
        member(
            "OrderedOrganizationPolicyInputList",
            &ORGANIZATION_POLICY_LIST_TYPE,
        ),
        member("ActionNames", &ACTION_NAME_LIST_TYPE).required(),
        member("ResourceArns", &RESOURCE_NAME_LIST_TYPE),
        member("ResourcePolicy", &POLICY_DOCUMENT_TYPE),
        member("ResourceOwner", &RESOURCE_NAME_TYPE),
        member("CallerArn", &RESOURCE_NAME_TYPE),
        member("ContextEntries", &CONTEXT_ENTRY_LIST_TYPE),
        member("ResourceHandlingOption", &RESOURCE_HANDLING_OPTION_TYPE),
        member("MaxItems", &MAX_ITEMS_TYPE),
        member("Marker", &MARKER_TYPE),
    ],
);

static SIMULATE_POLICY_RESPONSE: Shape = structure(
    "SimulatePolicyResponse",
    &[
        member("EvaluationResults", &EVALUATION_RESULTS_LIST_TYPE),
        member("IsTruncated", &BOOLEAN_TYPE),
        member("Marker", &RESPONSE_MARKER_TYPE),
    ],
);

static SIMULATE_PRINCIPAL_POLICY_REQUEST: Shape = structure(
    "SimulatePrincipalPolicyRequest",
    &[
        member("PolicySourceArn", &ARN_TYPE).required(),
        member("PolicyInputList", &SIMULATION_POLICY_LIST_TYPE),
        member(
            "PermissionsBoundaryPolicyInputList",
            &SIMULATION_POLICY_LIST_TYPE,
        ),
        member("PolicyExclusionList", &POLICY_EXCLUSIONS_LIST_TYPE),
        member("ActionNames", &ACTION_NAME_LIST_TYPE).required(),
        member("ResourceArns", &RESOURCE_NAME_LIST_TYPE),
        member("ResourcePolicy", &POLICY_DOCUMENT_TYPE),
        member("ResourceOwner", &RESOURCE_NAME_TYPE),
        member("CallerArn", &RESOURCE_NAME_TYPE),
        member("ContextEntries", &CONTEXT_ENTRY_LIST_TYPE),
        member("ResourceHandlingOption", &RESOURCE_HANDLING_OPTION_TYPE),
        member("MaxItems", &MAX_ITEMS_TYPE),
        member("Marker", &MARKER_TYPE),
    ],
);

static SIMULATION_POLICY_LIST_TYPE: Shape = list(
    "SimulationPolicyListType",
    &POLICY_DOCUMENT_TYPE,
    None,
    None,
    None,
);

static SOURCE_ROLE_TEMPLATE: Shape = structure(
    "SourceRoleTemplate",
    &[
        member("TemplateArn", &ARN_TYPE).required(),
        member("TemplateMinorVersion", &INTEGER_TYPE).required(),
    ],
);

static STATEMENT: Shape = structure(
    "Statement",
    &[
        member("SourcePolicyId", &POLICY_IDENTIFIER_TYPE),
        member("SourcePolicyType", &POLICY_SOURCE_TYPE),
        member("StartPosition", &POSITION),
        member("EndPosition", &POSITION),
    ],
);

static STATEMENT_LIST_TYPE: Shape = list("StatementListType", &STATEMENT, None, None, None);

static TAG: Shape = structure(
    "Tag",
    &[
        member("Key", &TAG_KEY_TYPE).required(),
        member("Value", &TAG_VALUE_TYPE).required(),
    ],
);

static TAG_INSTANCE_PROFILE_REQUEST: Shape = structure(
    "TagInstanceProfileRequest",
    &[
        member("InstanceProfileName", &INSTANCE_PROFILE_NAME_TYPE).required(),
        member("Tags", &TAG_LIST_TYPE).required(),
    ],
);

static TAG_POLICY_REQUEST: Shape = structure(
    "TagPolicyRequest",
    &[
        member("PolicyArn", &ARN_TYPE).required(),
        member("Tags", &TAG_LIST_TYPE).required(),
    ],
);

static TAG_ROLE_REQUEST: Shape = structure(
    "TagRoleRequest",
    &[
        member("RoleName", &ROLE_NAME_TYPE).required(),
        member("Tags", &TAG_LIST_TYPE).required(),
    ],
);

static TAG_USER_REQUEST: Shape = structure(
    "TagUserRequest",
    &[
        member("UserName", &EXISTING_USER_NAME_TYPE).required(),
        member("Tags", &TAG_LIST_TYPE).required(),
    ],
);

static UNTAG_INSTANCE_PROFILE_REQUEST: Shape = structure(
    "UntagInstanceProfileRequest",
    &[
        member("InstanceProfileName", &INSTANCE_PROFILE_NAME_TYPE).required(),
        member("TagKeys", &TAG_KEY_LIST_TYPE).required(),
    ],
);

static UNTAG_POLICY_REQUEST: Shape = structure(
    "UntagPolicyRequest",
    &[
        member("PolicyArn", &ARN_TYPE).required(),
        member("TagKeys", &TAG_KEY_LIST_TYPE).required(),
    ],
);

static UNTAG_ROLE_REQUEST: Shape = structure(
    "UntagRoleRequest",
    &[
        member("RoleName", &ROLE_NAME_TYPE).required(),
        member("TagKeys", &TAG_KEY_LIST_TYPE).required(),
    ],
);

static UNTAG_USER_REQUEST: Shape = structure(
    "UntagUserRequest",
    &[
        member("UserName", &EXISTING_USER_NAME_TYPE).required(),
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

static UPDATE_ACCOUNT_PASSWORD_POLICY_REQUEST: Shape = structure(
    "UpdateAccountPasswordPolicyRequest",
    &[
        member("MinimumPasswordLength", &MINIMUM_PASSWORD_LENGTH_TYPE),
        member("RequireSymbols", &BOOLEAN_TYPE),
        member("RequireNumbers", &BOOLEAN_TYPE),
        member("RequireUppercaseCharacters", &BOOLEAN_TYPE),
        member("RequireLowercaseCharacters", &BOOLEAN_TYPE),
        member("AllowUsersToChangePassword", &BOOLEAN_TYPE),
        member("MaxPasswordAge", &MAX_PASSWORD_AGE_TYPE),
        member("PasswordReusePrevention", &PASSWORD_REUSE_PREVENTION_TYPE),
        member("HardExpiry", &BOOLEAN_OBJECT_TYPE),
    ],
);

static UPDATE_ASSUME_ROLE_POLICY_REQUEST: Shape = structure(
    "UpdateAssumeRolePolicyRequest",
    &[
        member("RoleName", &ROLE_NAME_TYPE).required(),
        member("PolicyDocument", &POLICY_DOCUMENT_TYPE).required(),
    ],
);

static UPDATE_GROUP_REQUEST: Shape = structure(
    "UpdateGroupRequest",
    &[
        member("GroupName", &GROUP_NAME_TYPE).required(),
        member("NewPath", &PATH_TYPE),
        member("NewGroupName", &GROUP_NAME_TYPE),
    ],
);

static UPDATE_ROLE_DESCRIPTION_REQUEST: Shape = structure(
    "UpdateRoleDescriptionRequest",
    &[
        member("RoleName", &ROLE_NAME_TYPE).required(),
        member("Description", &ROLE_DESCRIPTION_TYPE).required(),
    ],
);

static UPDATE_ROLE_DESCRIPTION_RESPONSE: Shape =
    structure("UpdateRoleDescriptionResponse", &[member("Role", &ROLE)]);

static UPDATE_ROLE_REQUEST: Shape = structure(
    "UpdateRoleRequest",
    &[
        member("RoleName", &ROLE_NAME_TYPE).required(),
        member("Description", &ROLE_DESCRIPTION_TYPE),
        member("MaxSessionDuration", &ROLE_MAX_SESSION_DURATION_TYPE),
    ],
);

static UPDATE_ROLE_RESPONSE: Shape = structure("UpdateRoleResponse", &[]);

static UPDATE_USER_REQUEST: Shape = structure(
    "UpdateUserRequest",
    &[
        member("UserName", &EXISTING_USER_NAME_TYPE).required(),
        member("NewPath", &PATH_TYPE),
        member("NewUserName", &USER_NAME_TYPE),
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

static VIRTUAL_MFA_DEVICE: Shape = structure(
    "VirtualMFADevice",
    &[
        member("SerialNumber", &SERIAL_NUMBER_TYPE).required(),
        member("Base32StringSeed", &BOOTSTRAP_DATUM),
        member("QRCodePNG", &BOOTSTRAP_DATUM),
        member("User", &USER),
        member("EnableDate", &DATE_TYPE),
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

static ACCOUNT_ALIAS_LIST_TYPE: Shape = list(
    "accountAliasListType",
    &ACCOUNT_ALIAS_TYPE,
    None,
    None,
    None,
);

static ACCOUNT_ALIAS_TYPE_PATTERN: Pattern =
    Pattern::new(r"^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$");

static ACCOUNT_ALIAS_TYPE: Shape = string(
    "accountAliasType",
    Text::ANY
        .min(3)
        .max(63)
        .pattern(&ACCOUNT_ALIAS_TYPE_PATTERN),
);

static ALL_USERS: Shape = boolean("allUsers");

static ARN_TYPE: Shape = string("arnType", Text::ANY.min(20).max(2_048));

static ASSIGNMENT_STATUS_TYPE: Shape = string(
    "assignmentStatusType",
    Text::ANY.values(&["Assigned", "Unassigned", "Any"]),
);

static ATTACHED_POLICIES_LIST_TYPE: Shape = list(
    "attachedPoliciesListType",
    &ATTACHED_POLICY,
    None,
    None,
    None,
);

static ATTACHMENT_COUNT_TYPE: Shape = integer("attachmentCountType", 32, None, None);

static BOOLEAN_OBJECT_TYPE: Shape = boolean("booleanObjectType");

static BOOLEAN_TYPE: Shape = boolean("booleanType");

static CERTIFICATE_BODY_TYPE_PATTERN: Pattern = Pattern::new(r"[\u0009\u000A\u000D\u0020-\u00FF]+");

static CERTIFICATE_BODY_TYPE: Shape = string(
    "certificateBodyType",
    Text::ANY
        .min(1)
        .max(16_384)
        .pattern(&CERTIFICATE_BODY_TYPE_PATTERN),
);

static CERTIFICATE_ID_TYPE_PATTERN: Pattern = Pattern::new(r"[\w]+");

static CERTIFICATE_ID_TYPE: Shape = string(
    "certificateIdType",
    Text::ANY
        .min(24)
        .max(128)
        .pattern(&CERTIFICATE_ID_TYPE_PATTERN),
);

static CERTIFICATE_LIST_TYPE: Shape = list(
    "certificateListType",
    &SIGNING_CERTIFICATE,
    None,
    None,
    None,
);

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

static MAX_PASSWORD_AGE_TYPE: Shape = integer("maxPasswordAgeType", 32, Some(1), Some(1_095));

static MFA_DEVICE_LIST_TYPE: Shape = list("mfaDeviceListType", &MFA_DEVICE, None, None, None);

static MINIMUM_PASSWORD_LENGTH_TYPE: Shape =
    integer("minimumPasswordLengthType", 32, Some(6), Some(128));

static PASSWORD_REUSE_PREVENTION_TYPE: Shape =
    integer("passwordReusePreventionType", 32, Some(1), Some(24));

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

static PUBLIC_KEY_ID_TYPE_PATTERN: Pattern = Pattern::new(r"[\w]+");

static PUBLIC_KEY_ID_TYPE: Shape = string(
    "publicKeyIdType",
    Text::ANY
        .min(20)
        .max(128)
        .pattern(&PUBLIC_KEY_ID_TYPE_PATTERN),
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

static SERIAL_NUMBER_TYPE_PATTERN: Pattern = Pattern::new(r"[\w+=/:,.@-]+");

static SERIAL_NUMBER_TYPE: Shape = string(
    "serialNumberType",
    Text::ANY
        .min(9)
        .max(256)
        .pattern(&SERIAL_NUMBER_TYPE_PATTERN),
);

static SERVICE_CREDENTIAL_ALIAS_PATTERN: Pattern = Pattern::new(r"[\w+=,.@-]+");

static SERVICE_CREDENTIAL_ALIAS: Shape = string(
    "serviceCredentialAlias",
    Text::ANY
        .min(0)
        .max(200)
        .pattern(&SERVICE_CREDENTIAL_ALIAS_PATTERN),
);

static SERVICE_NAME: Shape = string("serviceName", Text::ANY);

static SERVICE_SPECIFIC_CREDENTIAL_ID_PATTERN: Pattern = Pattern::new(r"[\w]+");

static SERVICE_SPECIFIC_CREDENTIAL_ID: Shape = string(
    "serviceSpecificCredentialId",
    Text::ANY
        .min(20)
        .max(128)
        .pattern(&SERVICE_SPECIFIC_CREDENTIAL_ID_PATTERN),
);

static SERVICE_USER_NAME_PATTERN: Pattern = Pattern::new(r"[\w+=,.@-]*");

static SERVICE_USER_NAME: Shape = string(
    "serviceUserName",
    Text::ANY
        .min(0)
        .max(200)
        .pattern(&SERVICE_USER_NAME_PATTERN),
);

static STATUS_TYPE: Shape = string(
    "statusType",
    Text::ANY.values(&["Active", "Inactive", "Expired"]),
);

static STRING_TYPE: Shape = string("stringType", Text::ANY);

static SUMMARY_KEY_TYPE: Shape = string(
    "summaryKeyType",
    Text::ANY.values(&[
        "Users",
        "UsersQuota",
        "Groups",
        "GroupsQuota",
        "ServerCertificates",
        "ServerCertificatesQuota",
        "UserPolicySizeQuota",
        "GroupPolicySizeQuota",
        "GroupsPerUserQuota",
        "SigningCertificatesPerUserQuota",
        "AccessKeysPerUserQuota",
        "MFADevices",
        "MFADevicesInUse",
        "AccountMFAEnabled",
        "AccountAccessKeysPresent",
        "AccountPasswordPresent",
        "AccountSigningCertificatesPresent",
        "AttachedPoliciesPerGroupQuota",
        "AttachedPoliciesPerRoleQuota",
        "AttachedPoliciesPerUserQuota",
        "Policies",
        "PoliciesQuota",
        "PolicySizeQuota",
        "PolicyVersionsInUse",
        "PolicyVersionsInUseQuota",
        "VersionsPerPolicyQuota",
        "GlobalEndpointTokenVersion",
        "AssumeRolePolicySizeQuota",
        "InstanceProfiles",
        "InstanceProfilesQuota",
        "Providers",
        "RolePolicySizeQuota",
        "Roles",
        "RolesQuota",
    ]),
);

static SUMMARY_MAP_TYPE: Shape = map("summaryMapType", &SUMMARY_KEY_TYPE, &SUMMARY_VALUE_TYPE);

static SUMMARY_VALUE_TYPE: Shape = integer("summaryValueType", 32, None, None);

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

static USER_DETAIL_LIST_TYPE: Shape = list("userDetailListType", &USER_DETAIL, None, None, None);

static USER_LIST_TYPE: Shape = list("userListType", &USER, None, None, None);

static USER_NAME_TYPE_PATTERN: Pattern = Pattern::new(r"[\w+=,.@-]+");

static USER_NAME_TYPE: Shape = string(
    "userNameType",
    Text::ANY.min(1).max(64).pattern(&USER_NAME_TYPE_PATTERN),
);

static VIRTUAL_MFA_DEVICE_LIST_TYPE: Shape = list(
    "virtualMFADeviceListType",
    &VIRTUAL_MFA_DEVICE,
    None,
    None,
    None,
);

static CONCURRENT_MODIFICATION_EXCEPTION: ErrorShape = error("ConcurrentModification", 409);

static CREDENTIAL_REPORT_EXPIRED_EXCEPTION: ErrorShape = error("ReportExpired", 410);

static CREDENTIAL_REPORT_NOT_PRESENT_EXCEPTION: ErrorShape = error("ReportNotPresent", 410);

static CREDENTIAL_REPORT_NOT_READY_EXCEPTION: ErrorShape = error("ReportInProgress", 404);

static DELETE_CONFLICT_EXCEPTION: ErrorShape = error("DeleteConflict", 409);

static ENTITY_ALREADY_EXISTS_EXCEPTION: ErrorShape = error("EntityAlreadyExists", 409);

static ENTITY_TEMPORARILY_UNMODIFIABLE_EXCEPTION: ErrorShape =
    error("EntityTemporarilyUnmodifiable", 409);

static INVALID_INPUT_EXCEPTION: ErrorShape = error("InvalidInput", 400);

static LIMIT_EXCEEDED_EXCEPTION: ErrorShape = error("LimitExceeded", 409);

static MALFORMED_POLICY_DOCUMENT_EXCEPTION: ErrorShape = error("MalformedPolicyDocument", 400);

static NO_SUCH_ENTITY_EXCEPTION: ErrorShape = error("NoSuchEntity", 404);

static POLICY_EVALUATION_EXCEPTION: ErrorShape = error("PolicyEvaluation", 500);

static POLICY_NOT_ATTACHABLE_EXCEPTION: ErrorShape = error("PolicyNotAttachable", 400);

static SERVICE_FAILURE_EXCEPTION: ErrorShape = error("ServiceFailure", 500);

static SERVICE_NOT_SUPPORTED_EXCEPTION: ErrorShape = error("NotSupportedService", 404);

static UNMODIFIABLE_ENTITY_EXCEPTION: ErrorShape = error("UnmodifiableEntity", 400);
