//! What differs from AWS's IAM.

use super::simulation;
use crate::fidelity::note::{Note, Service, differs, exact, named};

pub(crate) static FIDELITY: Service = Service {
    name: "iam",
    title: "IAM",
    remarks: &[
        "Nobody has a password, an MFA device, a signing certificate or an SSH key.",
        "There are no service-linked roles, no SAML providers and no server certificates.",
    ],
    notes: NOTES,
};

static NOTES: &[Note] = &[
    exact("AddClientIDToOpenIDConnectProvider"),
    exact("AddRoleToInstanceProfile"),
    exact("AddUserToGroup"),
    exact("AttachGroupPolicy"),
    exact("AttachRolePolicy"),
    exact("AttachUserPolicy"),
    exact("CreateAccessKey"),
    differs(
        "CreateAccountAlias",
        "Whether another account has the alias is not asked.",
    )
    .in_own_words(),
    exact("CreateGroup"),
    differs(
        "CreateInstanceProfile",
        "AWS's quota of instance profiles in an account is not kept.",
    ),
    differs(
        "CreateOpenIDConnectProvider",
        "Nothing is fetched from the URL; thumbprints are kept and not used.",
    ),
    differs(
        "CreatePolicy",
        "AWS's quota of policies in an account is not kept.",
    ),
    exact("CreatePolicyVersion"),
    differs(
        "CreateRole",
        "AWS's quota of roles in an account is not kept. No service-linked role is made.",
    ),
    differs(
        "CreateUser",
        "AWS's quota of users in an account is not kept.",
    ),
    exact("DeleteAccessKey"),
    exact("DeleteAccountAlias").in_own_words(),
    exact("DeleteAccountPasswordPolicy"),
    exact("DeleteGroup"),
    exact("DeleteGroupPolicy"),
    exact("DeleteInstanceProfile"),
    differs(
        "DeleteLoginProfile",
        "Nobody has a password: `NoSuchEntity`.",
    ),
    exact("DeleteOpenIDConnectProvider"),
    exact("DeletePolicy"),
    exact("DeletePolicyVersion"),
    exact("DeleteRole"),
    exact("DeleteRolePermissionsBoundary"),
    exact("DeleteRolePolicy"),
    exact("DeleteUser"),
    exact("DeleteUserPermissionsBoundary"),
    exact("DeleteUserPolicy"),
    exact("DetachGroupPolicy"),
    exact("DetachRolePolicy"),
    exact("DetachUserPolicy"),
    differs(
        "GenerateCredentialReport",
        "The report is there at once: the next call answers `COMPLETE`.",
    ),
    differs(
        "GetAccessKeyLastUsed",
        "What is told is up to 15 minutes too early.",
    ),
    differs(
        "GetAccountAuthorizationDetails",
        "`RoleLastUsed` is up to 15 minutes too early; of AWS's policies there is the version in \
         force alone.",
    ),
    exact("GetAccountPasswordPolicy"),
    differs(
        "GetAccountSummary",
        "It counts what there is, and of the quotas tells those that are kept here.",
    ),
    exact("GetContextKeysForCustomPolicy"),
    exact("GetContextKeysForPrincipalPolicy"),
    differs(
        "GetCredentialReport",
        "Columns about passwords, MFA and certificates say that there are none.",
    )
    .in_own_words(),
    exact("GetGroup"),
    exact("GetGroupPolicy"),
    exact("GetInstanceProfile"),
    differs("GetLoginProfile", "Nobody has a password: `NoSuchEntity`."),
    exact("GetOpenIDConnectProvider"),
    differs(
        "GetPolicy",
        "AWS's own policies are those of a release of a package ([account.md](account.md)); their \
         ids are made up.",
    ),
    differs(
        "GetPolicyVersion",
        "Of AWS's own policies there is the version in force alone.",
    ),
    differs("GetRole", "`RoleLastUsed` is up to 15 minutes too early."),
    exact("GetRolePolicy"),
    exact("GetUser"),
    exact("GetUserPolicy"),
    exact("ListAccessKeys"),
    exact("ListAccountAliases"),
    exact("ListAttachedGroupPolicies"),
    exact("ListAttachedRolePolicies"),
    exact("ListAttachedUserPolicies"),
    exact("ListEntitiesForPolicy"),
    exact("ListGroupPolicies"),
    exact("ListGroups"),
    exact("ListGroupsForUser"),
    exact("ListInstanceProfileTags"),
    exact("ListInstanceProfiles"),
    exact("ListInstanceProfilesForRole"),
    differs(
        "ListMFADevices",
        "Nobody has one, and none can be made: the list is empty.",
    ),
    exact("ListOpenIDConnectProviderTags"),
    exact("ListOpenIDConnectProviders"),
    differs(
        "ListPolicies",
        "AWS's own policies are those of a release of a package ([account.md](account.md)); their \
         ids are made up.",
    ),
    exact("ListPolicyTags"),
    differs(
        "ListPolicyVersions",
        "Of AWS's own policies there is the version in force alone.",
    ),
    exact("ListRolePolicies"),
    exact("ListRoleTags"),
    exact("ListRoles"),
    differs(
        "ListSSHPublicKeys",
        "Nobody has one, and none can be made: the list is empty.",
    ),
    differs(
        "ListServiceSpecificCredentials",
        "Nobody has one, and none can be made: the list is empty.",
    ),
    differs(
        "ListSigningCertificates",
        "Nobody has one, and none can be made: the list is empty.",
    ),
    exact("ListUserPolicies"),
    exact("ListUserTags"),
    exact("ListUsers"),
    differs(
        "ListVirtualMFADevices",
        "Nobody has one, and none can be made: the list is empty.",
    ),
    exact("PutGroupPolicy"),
    exact("PutRolePermissionsBoundary"),
    exact("PutRolePolicy"),
    exact("PutUserPermissionsBoundary"),
    exact("PutUserPolicy"),
    exact("RemoveClientIDFromOpenIDConnectProvider"),
    exact("RemoveRoleFromInstanceProfile"),
    exact("RemoveUserFromGroup"),
    exact("SetDefaultPolicyVersion"),
    differs(
        "SimulateCustomPolicy",
        "There are no `ResourceSpecificResults`; a resource policy counts for every resource, \
         and a `CallerArn` is a user's.",
    )
    .refuses(&[named(simulation::REFUSED)])
    .in_own_words(),
    differs(
        "SimulatePrincipalPolicy",
        "As SimulateCustomPolicy; resource control policies do not count.",
    )
    .refuses(&[named(simulation::REFUSED)])
    .in_own_words(),
    exact("TagInstanceProfile"),
    exact("TagOpenIDConnectProvider"),
    exact("TagPolicy"),
    exact("TagRole"),
    exact("TagUser"),
    exact("UntagInstanceProfile"),
    exact("UntagOpenIDConnectProvider"),
    exact("UntagPolicy"),
    exact("UntagRole"),
    exact("UntagUser"),
    differs("UpdateAccessKey", "The status `Expired` is refused."),
    differs(
        "UpdateAccountPasswordPolicy",
        "It is kept and told, and there are no passwords for it.",
    ),
    exact("UpdateAssumeRolePolicy"),
    exact("UpdateGroup"),
    differs(
        "UpdateOpenIDConnectProviderThumbprint",
        "Thumbprints are kept and not used.",
    ),
    exact("UpdateRole"),
    exact("UpdateRoleDescription"),
    exact("UpdateUser"),
];
