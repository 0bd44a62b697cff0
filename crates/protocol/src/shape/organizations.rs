//! Shapes of organizations, made by `cargo xtask shapes` from botocore 1.44.5; not edited by hand.
//! Facts only, no documentation text.

use super::table::{
    boolean, error, integer, list, member, operation, string, structure, timestamp,
};
use super::{ErrorShape, Pattern, Protocol, Service, Shape, Text};

pub(super) static SERVICE: Service = Service {
    name: "organizations",
    protocol: Protocol::Json {
        version: "1.1",
        target_prefix: "AWSOrganizationsV20161128",
    },
    api_version: "2016-11-28",
    operations: &[
        operation("AcceptHandshake")
            .takes(&ACCEPT_HANDSHAKE_REQUEST)
            .returns(&ACCEPT_HANDSHAKE_RESPONSE)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
                &HANDSHAKE_CONSTRAINT_VIOLATION_EXCEPTION,
                &HANDSHAKE_NOT_FOUND_EXCEPTION,
                &INVALID_HANDSHAKE_TRANSITION_EXCEPTION,
                &HANDSHAKE_ALREADY_IN_STATE_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
                &ACCESS_DENIED_FOR_DEPENDENCY_EXCEPTION,
                &CONSTRAINT_VIOLATION_EXCEPTION,
                &MASTER_CANNOT_LEAVE_ORGANIZATION_EXCEPTION,
            ]),
        operation("AttachPolicy")
            .takes(&ATTACH_POLICY_REQUEST)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &CONSTRAINT_VIOLATION_EXCEPTION,
                &DUPLICATE_POLICY_ATTACHMENT_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &POLICY_NOT_FOUND_EXCEPTION,
                &POLICY_TYPE_NOT_ENABLED_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TARGET_NOT_FOUND_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
                &UNSUPPORTED_API_ENDPOINT_EXCEPTION,
                &POLICY_CHANGES_IN_PROGRESS_EXCEPTION,
            ]),
        operation("CancelHandshake")
            .takes(&CANCEL_HANDSHAKE_REQUEST)
            .returns(&CANCEL_HANDSHAKE_RESPONSE)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &HANDSHAKE_NOT_FOUND_EXCEPTION,
                &INVALID_HANDSHAKE_TRANSITION_EXCEPTION,
                &HANDSHAKE_ALREADY_IN_STATE_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
            ]),
        operation("CloseAccount")
            .takes(&CLOSE_ACCOUNT_REQUEST)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &ACCOUNT_ALREADY_CLOSED_EXCEPTION,
                &ACCOUNT_NOT_FOUND_EXCEPTION,
                &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &CONFLICT_EXCEPTION,
                &CONSTRAINT_VIOLATION_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
                &UNSUPPORTED_API_ENDPOINT_EXCEPTION,
            ]),
        operation("CreateAccount")
            .takes(&CREATE_ACCOUNT_REQUEST)
            .returns(&CREATE_ACCOUNT_RESPONSE)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &CONSTRAINT_VIOLATION_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &FINALIZING_ORGANIZATION_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
                &UNSUPPORTED_API_ENDPOINT_EXCEPTION,
            ]),
        operation("CreateOrganization")
            .takes(&CREATE_ORGANIZATION_REQUEST)
            .returns(&CREATE_ORGANIZATION_RESPONSE)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &ALREADY_IN_ORGANIZATION_EXCEPTION,
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &CONSTRAINT_VIOLATION_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
                &ACCESS_DENIED_FOR_DEPENDENCY_EXCEPTION,
            ]),
        operation("CreateOrganizationalUnit")
            .takes(&CREATE_ORGANIZATIONAL_UNIT_REQUEST)
            .returns(&CREATE_ORGANIZATIONAL_UNIT_RESPONSE)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &CONSTRAINT_VIOLATION_EXCEPTION,
                &DUPLICATE_ORGANIZATIONAL_UNIT_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &PARENT_NOT_FOUND_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
            ]),
        operation("CreatePolicy")
            .takes(&CREATE_POLICY_REQUEST)
            .returns(&CREATE_POLICY_RESPONSE)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &CONSTRAINT_VIOLATION_EXCEPTION,
                &DUPLICATE_POLICY_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &MALFORMED_POLICY_DOCUMENT_EXCEPTION,
                &POLICY_TYPE_NOT_AVAILABLE_FOR_ORGANIZATION_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
                &UNSUPPORTED_API_ENDPOINT_EXCEPTION,
            ]),
        operation("DeclineHandshake")
            .takes(&DECLINE_HANDSHAKE_REQUEST)
            .returns(&DECLINE_HANDSHAKE_RESPONSE)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &HANDSHAKE_NOT_FOUND_EXCEPTION,
                &INVALID_HANDSHAKE_TRANSITION_EXCEPTION,
                &HANDSHAKE_ALREADY_IN_STATE_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
            ]),
        operation("DeleteOrganization").fails(&[
            &ACCESS_DENIED_EXCEPTION,
            &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
            &CONCURRENT_MODIFICATION_EXCEPTION,
            &CONSTRAINT_VIOLATION_EXCEPTION,
            &INVALID_INPUT_EXCEPTION,
            &ORGANIZATION_NOT_EMPTY_EXCEPTION,
            &SERVICE_EXCEPTION,
            &TOO_MANY_REQUESTS_EXCEPTION,
        ]),
        operation("DeleteOrganizationalUnit")
            .takes(&DELETE_ORGANIZATIONAL_UNIT_REQUEST)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &ORGANIZATIONAL_UNIT_NOT_EMPTY_EXCEPTION,
                &ORGANIZATIONAL_UNIT_NOT_FOUND_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
            ]),
        operation("DeletePolicy")
            .takes(&DELETE_POLICY_REQUEST)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &POLICY_IN_USE_EXCEPTION,
                &POLICY_NOT_FOUND_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
                &UNSUPPORTED_API_ENDPOINT_EXCEPTION,
            ]),
        operation("DescribeAccount")
            .takes(&DESCRIBE_ACCOUNT_REQUEST)
            .returns(&DESCRIBE_ACCOUNT_RESPONSE)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &ACCOUNT_NOT_FOUND_EXCEPTION,
                &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
            ]),
        operation("DescribeCreateAccountStatus")
            .takes(&DESCRIBE_CREATE_ACCOUNT_STATUS_REQUEST)
            .returns(&DESCRIBE_CREATE_ACCOUNT_STATUS_RESPONSE)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
                &CREATE_ACCOUNT_STATUS_NOT_FOUND_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
                &UNSUPPORTED_API_ENDPOINT_EXCEPTION,
            ]),
        operation("DescribeHandshake")
            .takes(&DESCRIBE_HANDSHAKE_REQUEST)
            .returns(&DESCRIBE_HANDSHAKE_RESPONSE)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &HANDSHAKE_NOT_FOUND_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
            ]),
        operation("DescribeOrganization")
            .returns(&DESCRIBE_ORGANIZATION_RESPONSE)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
            ]),
        operation("DescribeOrganizationalUnit")
            .takes(&DESCRIBE_ORGANIZATIONAL_UNIT_REQUEST)
            .returns(&DESCRIBE_ORGANIZATIONAL_UNIT_RESPONSE)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &ORGANIZATIONAL_UNIT_NOT_FOUND_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
            ]),
        operation("DescribePolicy")
            .takes(&DESCRIBE_POLICY_REQUEST)
            .returns(&DESCRIBE_POLICY_RESPONSE)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &POLICY_NOT_FOUND_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
                &UNSUPPORTED_API_ENDPOINT_EXCEPTION,
            ]),
        operation("DetachPolicy")
            .takes(&DETACH_POLICY_REQUEST)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &CONSTRAINT_VIOLATION_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &POLICY_NOT_ATTACHED_EXCEPTION,
                &POLICY_NOT_FOUND_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TARGET_NOT_FOUND_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
                &UNSUPPORTED_API_ENDPOINT_EXCEPTION,
                &POLICY_CHANGES_IN_PROGRESS_EXCEPTION,
            ]),
        operation("DisablePolicyType")
            .takes(&DISABLE_POLICY_TYPE_REQUEST)
            .returns(&DISABLE_POLICY_TYPE_RESPONSE)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &CONSTRAINT_VIOLATION_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &POLICY_TYPE_NOT_ENABLED_EXCEPTION,
                &ROOT_NOT_FOUND_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
                &UNSUPPORTED_API_ENDPOINT_EXCEPTION,
                &POLICY_CHANGES_IN_PROGRESS_EXCEPTION,
            ]),
        operation("EnablePolicyType")
            .takes(&ENABLE_POLICY_TYPE_REQUEST)
            .returns(&ENABLE_POLICY_TYPE_RESPONSE)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &CONSTRAINT_VIOLATION_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &POLICY_TYPE_ALREADY_ENABLED_EXCEPTION,
                &ROOT_NOT_FOUND_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
                &POLICY_TYPE_NOT_AVAILABLE_FOR_ORGANIZATION_EXCEPTION,
                &UNSUPPORTED_API_ENDPOINT_EXCEPTION,
                &POLICY_CHANGES_IN_PROGRESS_EXCEPTION,
            ]),
        operation("InviteAccountToOrganization")
            .takes(&INVITE_ACCOUNT_TO_ORGANIZATION_REQUEST)
            .returns(&INVITE_ACCOUNT_TO_ORGANIZATION_RESPONSE)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
                &ACCOUNT_OWNER_NOT_VERIFIED_EXCEPTION,
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &HANDSHAKE_CONSTRAINT_VIOLATION_EXCEPTION,
                &DUPLICATE_HANDSHAKE_EXCEPTION,
                &CONSTRAINT_VIOLATION_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &FINALIZING_ORGANIZATION_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
            ]),
        operation("LeaveOrganization").fails(&[
            &ACCESS_DENIED_EXCEPTION,
            &ACCOUNT_NOT_FOUND_EXCEPTION,
            &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
            &CONCURRENT_MODIFICATION_EXCEPTION,
            &CONSTRAINT_VIOLATION_EXCEPTION,
            &INVALID_INPUT_EXCEPTION,
            &MASTER_CANNOT_LEAVE_ORGANIZATION_EXCEPTION,
            &SERVICE_EXCEPTION,
            &TOO_MANY_REQUESTS_EXCEPTION,
        ]),
        operation("ListAWSServiceAccessForOrganization")
            .takes(&LIST_AWS_SERVICE_ACCESS_FOR_ORGANIZATION_REQUEST)
            .returns(&LIST_AWS_SERVICE_ACCESS_FOR_ORGANIZATION_RESPONSE)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
                &CONSTRAINT_VIOLATION_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
                &UNSUPPORTED_API_ENDPOINT_EXCEPTION,
            ]),
        operation("ListAccounts")
            .takes(&LIST_ACCOUNTS_REQUEST)
            .returns(&LIST_ACCOUNTS_RESPONSE)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
            ]),
        operation("ListAccountsForParent")
            .takes(&LIST_ACCOUNTS_FOR_PARENT_REQUEST)
            .returns(&LIST_ACCOUNTS_FOR_PARENT_RESPONSE)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &PARENT_NOT_FOUND_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
            ]),
        operation("ListChildren")
            .takes(&LIST_CHILDREN_REQUEST)
            .returns(&LIST_CHILDREN_RESPONSE)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &PARENT_NOT_FOUND_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
            ]),
        operation("ListCreateAccountStatus")
            .takes(&LIST_CREATE_ACCOUNT_STATUS_REQUEST)
            .returns(&LIST_CREATE_ACCOUNT_STATUS_RESPONSE)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
                &UNSUPPORTED_API_ENDPOINT_EXCEPTION,
            ]),
        operation("ListDelegatedAdministrators")
            .takes(&LIST_DELEGATED_ADMINISTRATORS_REQUEST)
            .returns(&LIST_DELEGATED_ADMINISTRATORS_RESPONSE)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
                &CONSTRAINT_VIOLATION_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
                &SERVICE_EXCEPTION,
                &UNSUPPORTED_API_ENDPOINT_EXCEPTION,
            ]),
        operation("ListHandshakesForAccount")
            .takes(&LIST_HANDSHAKES_FOR_ACCOUNT_REQUEST)
            .returns(&LIST_HANDSHAKES_FOR_ACCOUNT_RESPONSE)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
            ]),
        operation("ListHandshakesForOrganization")
            .takes(&LIST_HANDSHAKES_FOR_ORGANIZATION_REQUEST)
            .returns(&LIST_HANDSHAKES_FOR_ORGANIZATION_RESPONSE)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
            ]),
        operation("ListOrganizationalUnitsForParent")
            .takes(&LIST_ORGANIZATIONAL_UNITS_FOR_PARENT_REQUEST)
            .returns(&LIST_ORGANIZATIONAL_UNITS_FOR_PARENT_RESPONSE)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &PARENT_NOT_FOUND_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
            ]),
        operation("ListParents")
            .takes(&LIST_PARENTS_REQUEST)
            .returns(&LIST_PARENTS_RESPONSE)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
                &CHILD_NOT_FOUND_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
            ]),
        operation("ListPolicies")
            .takes(&LIST_POLICIES_REQUEST)
            .returns(&LIST_POLICIES_RESPONSE)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
                &UNSUPPORTED_API_ENDPOINT_EXCEPTION,
            ]),
        operation("ListPoliciesForTarget")
            .takes(&LIST_POLICIES_FOR_TARGET_REQUEST)
            .returns(&LIST_POLICIES_FOR_TARGET_RESPONSE)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TARGET_NOT_FOUND_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
                &UNSUPPORTED_API_ENDPOINT_EXCEPTION,
            ]),
        operation("ListRoots")
            .takes(&LIST_ROOTS_REQUEST)
            .returns(&LIST_ROOTS_RESPONSE)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
            ]),
        operation("ListTagsForResource")
            .takes(&LIST_TAGS_FOR_RESOURCE_REQUEST)
            .returns(&LIST_TAGS_FOR_RESOURCE_RESPONSE)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
                &TARGET_NOT_FOUND_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
            ]),
        operation("ListTargetsForPolicy")
            .takes(&LIST_TARGETS_FOR_POLICY_REQUEST)
            .returns(&LIST_TARGETS_FOR_POLICY_RESPONSE)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &POLICY_NOT_FOUND_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
                &UNSUPPORTED_API_ENDPOINT_EXCEPTION,
            ]),
        operation("MoveAccount")
            .takes(&MOVE_ACCOUNT_REQUEST)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &SOURCE_PARENT_NOT_FOUND_EXCEPTION,
                &DESTINATION_PARENT_NOT_FOUND_EXCEPTION,
                &DUPLICATE_ACCOUNT_EXCEPTION,
                &ACCOUNT_NOT_FOUND_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
                &SERVICE_EXCEPTION,
            ]),
        operation("RemoveAccountFromOrganization")
            .takes(&REMOVE_ACCOUNT_FROM_ORGANIZATION_REQUEST)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &ACCOUNT_NOT_FOUND_EXCEPTION,
                &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &CONSTRAINT_VIOLATION_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &MASTER_CANNOT_LEAVE_ORGANIZATION_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
            ]),
        operation("TagResource")
            .takes(&TAG_RESOURCE_REQUEST)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
                &TARGET_NOT_FOUND_EXCEPTION,
                &CONSTRAINT_VIOLATION_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
            ]),
        operation("UntagResource")
            .takes(&UNTAG_RESOURCE_REQUEST)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
                &TARGET_NOT_FOUND_EXCEPTION,
                &CONSTRAINT_VIOLATION_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
            ]),
        operation("UpdateOrganizationalUnit")
            .takes(&UPDATE_ORGANIZATIONAL_UNIT_REQUEST)
            .returns(&UPDATE_ORGANIZATIONAL_UNIT_RESPONSE)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &DUPLICATE_ORGANIZATIONAL_UNIT_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &ORGANIZATIONAL_UNIT_NOT_FOUND_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
            ]),
        operation("UpdatePolicy")
            .takes(&UPDATE_POLICY_REQUEST)
            .returns(&UPDATE_POLICY_RESPONSE)
            .fails(&[
                &ACCESS_DENIED_EXCEPTION,
                &AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION,
                &CONCURRENT_MODIFICATION_EXCEPTION,
                &CONSTRAINT_VIOLATION_EXCEPTION,
                &DUPLICATE_POLICY_EXCEPTION,
                &INVALID_INPUT_EXCEPTION,
                &MALFORMED_POLICY_DOCUMENT_EXCEPTION,
                &POLICY_NOT_FOUND_EXCEPTION,
                &SERVICE_EXCEPTION,
                &TOO_MANY_REQUESTS_EXCEPTION,
                &UNSUPPORTED_API_ENDPOINT_EXCEPTION,
                &POLICY_CHANGES_IN_PROGRESS_EXCEPTION,
            ]),
    ],
};

static ACCEPT_HANDSHAKE_REQUEST: Shape = structure(
    "AcceptHandshakeRequest",
    &[member("HandshakeId", &HANDSHAKE_ID).required()],
);

static ACCEPT_HANDSHAKE_RESPONSE: Shape = structure(
    "AcceptHandshakeResponse",
    &[member("Handshake", &HANDSHAKE)],
);

static ACCOUNT: Shape = structure(
    "Account",
    &[
        member("Id", &ACCOUNT_ID),
        member("Arn", &ACCOUNT_ARN),
        member("Email", &EMAIL),
        member("Name", &ACCOUNT_NAME),
        member("Status", &ACCOUNT_STATUS),
        member("State", &ACCOUNT_STATE),
        member("Paths", &PATHS),
        member("JoinedMethod", &ACCOUNT_JOINED_METHOD),
        member("JoinedTimestamp", &TIMESTAMP),
    ],
);

static ACCOUNT_ARN_PATTERN: Pattern =
    Pattern::new(r"^arn:aws:organizations::\d{12}:account\/o-[a-z0-9]{10,32}\/\d{12}");

static ACCOUNT_ARN: Shape = string("AccountArn", Text::ANY.pattern(&ACCOUNT_ARN_PATTERN));

static ACCOUNT_ID_PATTERN: Pattern = Pattern::new(r"^\d{12}$");

static ACCOUNT_ID: Shape = string("AccountId", Text::ANY.max(12).pattern(&ACCOUNT_ID_PATTERN));

static ACCOUNT_JOINED_METHOD: Shape = string(
    "AccountJoinedMethod",
    Text::ANY.values(&["INVITED", "CREATED"]),
);

static ACCOUNT_NAME_PATTERN: Pattern = Pattern::new(r"[\s\S]*");

static ACCOUNT_NAME: Shape = string(
    "AccountName",
    Text::ANY
        .min(1)
        .max(128)
        .pattern(&ACCOUNT_NAME_PATTERN)
        .sensitive(),
);

static ACCOUNT_STATE: Shape = string(
    "AccountState",
    Text::ANY.values(&[
        "PENDING_ACTIVATION",
        "ACTIVE",
        "SUSPENDED",
        "PENDING_CLOSURE",
        "CLOSED",
    ]),
);

static ACCOUNT_STATUS: Shape = string(
    "AccountStatus",
    Text::ANY.values(&["ACTIVE", "SUSPENDED", "PENDING_CLOSURE"]),
);

static ACCOUNTS: Shape = list("Accounts", &ACCOUNT, None, None, None);

static ACTION_TYPE: Shape = string(
    "ActionType",
    Text::ANY.values(&[
        "INVITE",
        "ENABLE_ALL_FEATURES",
        "APPROVE_ALL_FEATURES",
        "ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE",
        "TRANSFER_RESPONSIBILITY",
    ]),
);

static ATTACH_POLICY_REQUEST: Shape = structure(
    "AttachPolicyRequest",
    &[
        member("PolicyId", &POLICY_ID).required(),
        member("TargetId", &POLICY_TARGET_ID).required(),
    ],
);

static AWS_MANAGED_POLICY: Shape = boolean("AwsManagedPolicy");

static CANCEL_HANDSHAKE_REQUEST: Shape = structure(
    "CancelHandshakeRequest",
    &[member("HandshakeId", &HANDSHAKE_ID).required()],
);

static CANCEL_HANDSHAKE_RESPONSE: Shape = structure(
    "CancelHandshakeResponse",
    &[member("Handshake", &HANDSHAKE)],
);

static CHILD: Shape = structure(
    "Child",
    &[member("Id", &CHILD_ID), member("Type", &CHILD_TYPE)],
);

static CHILD_ID_PATTERN: Pattern = Pattern::new(r"^(\d{12})|(ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$");

static CHILD_ID: Shape = string("ChildId", Text::ANY.max(100).pattern(&CHILD_ID_PATTERN));

static CHILD_TYPE: Shape = string(
    "ChildType",
    Text::ANY.values(&["ACCOUNT", "ORGANIZATIONAL_UNIT"]),
);

static CHILDREN: Shape = list("Children", &CHILD, None, None, None);

static CLOSE_ACCOUNT_REQUEST: Shape = structure(
    "CloseAccountRequest",
    &[member("AccountId", &ACCOUNT_ID).required()],
);

static CREATE_ACCOUNT_FAILURE_REASON: Shape = string(
    "CreateAccountFailureReason",
    Text::ANY.values(&[
        "ACCOUNT_LIMIT_EXCEEDED",
        "EMAIL_ALREADY_EXISTS",
        "INVALID_ADDRESS",
        "INVALID_EMAIL",
        "CONCURRENT_ACCOUNT_MODIFICATION",
        "INTERNAL_FAILURE",
        "GOVCLOUD_ACCOUNT_ALREADY_EXISTS",
        "MISSING_BUSINESS_VALIDATION",
        "FAILED_BUSINESS_VALIDATION",
        "PENDING_BUSINESS_VALIDATION",
        "INVALID_IDENTITY_FOR_BUSINESS_VALIDATION",
        "UNKNOWN_BUSINESS_VALIDATION",
        "MISSING_PAYMENT_INSTRUMENT",
        "INVALID_PAYMENT_INSTRUMENT",
        "UPDATE_EXISTING_RESOURCE_POLICY_WITH_TAGS_NOT_SUPPORTED",
    ]),
);

static CREATE_ACCOUNT_NAME_PATTERN: Pattern = Pattern::new(r"[\u0020-\u007E]+");

static CREATE_ACCOUNT_NAME: Shape = string(
    "CreateAccountName",
    Text::ANY
        .min(1)
        .max(50)
        .pattern(&CREATE_ACCOUNT_NAME_PATTERN)
        .sensitive(),
);

static CREATE_ACCOUNT_REQUEST: Shape = structure(
    "CreateAccountRequest",
    &[
        member("Email", &EMAIL).required(),
        member("AccountName", &CREATE_ACCOUNT_NAME).required(),
        member("RoleName", &ROLE_NAME),
        member("IamUserAccessToBilling", &IAM_USER_ACCESS_TO_BILLING),
        member("Tags", &TAGS),
    ],
);

static CREATE_ACCOUNT_REQUEST_ID_PATTERN: Pattern = Pattern::new(r"^car-[a-z0-9]{8,32}$");

static CREATE_ACCOUNT_REQUEST_ID: Shape = string(
    "CreateAccountRequestId",
    Text::ANY
        .max(36)
        .pattern(&CREATE_ACCOUNT_REQUEST_ID_PATTERN),
);

static CREATE_ACCOUNT_RESPONSE: Shape = structure(
    "CreateAccountResponse",
    &[member("CreateAccountStatus", &CREATE_ACCOUNT_STATUS)],
);

static CREATE_ACCOUNT_STATE: Shape = string(
    "CreateAccountState",
    Text::ANY.values(&["IN_PROGRESS", "SUCCEEDED", "FAILED"]),
);

static CREATE_ACCOUNT_STATES: Shape = list(
    "CreateAccountStates",
    &CREATE_ACCOUNT_STATE,
    None,
    None,
    None,
);

static CREATE_ACCOUNT_STATUS: Shape = structure(
    "CreateAccountStatus",
    &[
        member("Id", &CREATE_ACCOUNT_REQUEST_ID),
        member("AccountName", &CREATE_ACCOUNT_NAME),
        member("State", &CREATE_ACCOUNT_STATE),
        member("RequestedTimestamp", &TIMESTAMP),
        member("CompletedTimestamp", &TIMESTAMP),
        member("AccountId", &ACCOUNT_ID),
        member("GovCloudAccountId", &ACCOUNT_ID),
        member("FailureReason", &CREATE_ACCOUNT_FAILURE_REASON),
    ],
);

static CREATE_ACCOUNT_STATUSES: Shape = list(
    "CreateAccountStatuses",
    &CREATE_ACCOUNT_STATUS,
    None,
    None,
    None,
);

static CREATE_ORGANIZATION_REQUEST: Shape = structure(
    "CreateOrganizationRequest",
    &[member("FeatureSet", &ORGANIZATION_FEATURE_SET)],
);

static CREATE_ORGANIZATION_RESPONSE: Shape = structure(
    "CreateOrganizationResponse",
    &[member("Organization", &ORGANIZATION)],
);

static CREATE_ORGANIZATIONAL_UNIT_REQUEST: Shape = structure(
    "CreateOrganizationalUnitRequest",
    &[
        member("ParentId", &PARENT_ID).required(),
        member("Name", &ORGANIZATIONAL_UNIT_NAME).required(),
        member("Tags", &TAGS),
    ],
);

static CREATE_ORGANIZATIONAL_UNIT_RESPONSE: Shape = structure(
    "CreateOrganizationalUnitResponse",
    &[member("OrganizationalUnit", &ORGANIZATIONAL_UNIT)],
);

static CREATE_POLICY_REQUEST: Shape = structure(
    "CreatePolicyRequest",
    &[
        member("Content", &POLICY_CONTENT).required(),
        member("Description", &POLICY_DESCRIPTION).required(),
        member("Name", &POLICY_NAME).required(),
        member("Type", &POLICY_TYPE).required(),
        member("Tags", &TAGS),
    ],
);

static CREATE_POLICY_RESPONSE: Shape =
    structure("CreatePolicyResponse", &[member("Policy", &POLICY)]);

static DECLINE_HANDSHAKE_REQUEST: Shape = structure(
    "DeclineHandshakeRequest",
    &[member("HandshakeId", &HANDSHAKE_ID).required()],
);

static DECLINE_HANDSHAKE_RESPONSE: Shape = structure(
    "DeclineHandshakeResponse",
    &[member("Handshake", &HANDSHAKE)],
);

static DELEGATED_ADMINISTRATOR: Shape = structure(
    "DelegatedAdministrator",
    &[
        member("Id", &ACCOUNT_ID),
        member("Arn", &ACCOUNT_ARN),
        member("Email", &EMAIL),
        member("Name", &ACCOUNT_NAME),
        member("Status", &ACCOUNT_STATUS),
        member("State", &ACCOUNT_STATE),
        member("JoinedMethod", &ACCOUNT_JOINED_METHOD),
        member("JoinedTimestamp", &TIMESTAMP),
        member("DelegationEnabledDate", &TIMESTAMP),
    ],
);

static DELEGATED_ADMINISTRATORS: Shape = list(
    "DelegatedAdministrators",
    &DELEGATED_ADMINISTRATOR,
    None,
    None,
    None,
);

static DELETE_ORGANIZATIONAL_UNIT_REQUEST: Shape = structure(
    "DeleteOrganizationalUnitRequest",
    &[member("OrganizationalUnitId", &ORGANIZATIONAL_UNIT_ID).required()],
);

static DELETE_POLICY_REQUEST: Shape = structure(
    "DeletePolicyRequest",
    &[member("PolicyId", &POLICY_ID).required()],
);

static DESCRIBE_ACCOUNT_REQUEST: Shape = structure(
    "DescribeAccountRequest",
    &[member("AccountId", &ACCOUNT_ID).required()],
);

static DESCRIBE_ACCOUNT_RESPONSE: Shape =
    structure("DescribeAccountResponse", &[member("Account", &ACCOUNT)]);

static DESCRIBE_CREATE_ACCOUNT_STATUS_REQUEST: Shape = structure(
    "DescribeCreateAccountStatusRequest",
    &[member("CreateAccountRequestId", &CREATE_ACCOUNT_REQUEST_ID).required()],
);

static DESCRIBE_CREATE_ACCOUNT_STATUS_RESPONSE: Shape = structure(
    "DescribeCreateAccountStatusResponse",
    &[member("CreateAccountStatus", &CREATE_ACCOUNT_STATUS)],
);

static DESCRIBE_HANDSHAKE_REQUEST: Shape = structure(
    "DescribeHandshakeRequest",
    &[member("HandshakeId", &HANDSHAKE_ID).required()],
);

static DESCRIBE_HANDSHAKE_RESPONSE: Shape = structure(
    "DescribeHandshakeResponse",
    &[member("Handshake", &HANDSHAKE)],
);

static DESCRIBE_ORGANIZATION_RESPONSE: Shape = structure(
    "DescribeOrganizationResponse",
    &[member("Organization", &ORGANIZATION)],
);

static DESCRIBE_ORGANIZATIONAL_UNIT_REQUEST: Shape = structure(
    "DescribeOrganizationalUnitRequest",
    &[member("OrganizationalUnitId", &ORGANIZATIONAL_UNIT_ID).required()],
);

static DESCRIBE_ORGANIZATIONAL_UNIT_RESPONSE: Shape = structure(
    "DescribeOrganizationalUnitResponse",
    &[member("OrganizationalUnit", &ORGANIZATIONAL_UNIT)],
);

static DESCRIBE_POLICY_REQUEST: Shape = structure(
    "DescribePolicyRequest",
    &[member("PolicyId", &POLICY_ID).required()],
);

static DESCRIBE_POLICY_RESPONSE: Shape =
    structure("DescribePolicyResponse", &[member("Policy", &POLICY)]);

static DETACH_POLICY_REQUEST: Shape = structure(
    "DetachPolicyRequest",
    &[
        member("PolicyId", &POLICY_ID).required(),
        member("TargetId", &POLICY_TARGET_ID).required(),
    ],
);

static DISABLE_POLICY_TYPE_REQUEST: Shape = structure(
    "DisablePolicyTypeRequest",
    &[
        member("RootId", &ROOT_ID).required(),
        member("PolicyType", &POLICY_TYPE).required(),
    ],
);

static DISABLE_POLICY_TYPE_RESPONSE: Shape =
    structure("DisablePolicyTypeResponse", &[member("Root", &ROOT)]);

static EMAIL_PATTERN: Pattern = Pattern::new(r"[^\s@]+@[^\s@]+\.[^\s@]+");

static EMAIL: Shape = string(
    "Email",
    Text::ANY.min(6).max(64).pattern(&EMAIL_PATTERN).sensitive(),
);

static ENABLE_POLICY_TYPE_REQUEST: Shape = structure(
    "EnablePolicyTypeRequest",
    &[
        member("RootId", &ROOT_ID).required(),
        member("PolicyType", &POLICY_TYPE).required(),
    ],
);

static ENABLE_POLICY_TYPE_RESPONSE: Shape =
    structure("EnablePolicyTypeResponse", &[member("Root", &ROOT)]);

static ENABLED_SERVICE_PRINCIPAL: Shape = structure(
    "EnabledServicePrincipal",
    &[
        member("ServicePrincipal", &SERVICE_PRINCIPAL),
        member("DateEnabled", &TIMESTAMP),
    ],
);

static ENABLED_SERVICE_PRINCIPALS: Shape = list(
    "EnabledServicePrincipals",
    &ENABLED_SERVICE_PRINCIPAL,
    None,
    None,
    None,
);

static GENERIC_ARN_PATTERN: Pattern = Pattern::new(r"^arn:aws:organizations::.+:.+");

static GENERIC_ARN: Shape = string("GenericArn", Text::ANY.pattern(&GENERIC_ARN_PATTERN));

static HANDSHAKE: Shape = structure(
    "Handshake",
    &[
        member("Id", &HANDSHAKE_ID),
        member("Arn", &HANDSHAKE_ARN),
        member("Parties", &HANDSHAKE_PARTIES),
        member("State", &HANDSHAKE_STATE),
        member("RequestedTimestamp", &TIMESTAMP),
        member("ExpirationTimestamp", &TIMESTAMP),
        member("Action", &ACTION_TYPE),
        member("Resources", &HANDSHAKE_RESOURCES),
    ],
);

static HANDSHAKE_ARN_PATTERN: Pattern = Pattern::new(
    r"^arn:aws:organizations::\d{12}:handshake\/o-[a-z0-9]{10,32}\/[a-z_]{1,32}\/h-[0-9a-z]{8,32}",
);

static HANDSHAKE_ARN: Shape = string("HandshakeArn", Text::ANY.pattern(&HANDSHAKE_ARN_PATTERN));

static HANDSHAKE_FILTER: Shape = structure(
    "HandshakeFilter",
    &[
        member("ActionType", &ACTION_TYPE),
        member("ParentHandshakeId", &HANDSHAKE_ID),
    ],
);

static HANDSHAKE_ID_PATTERN: Pattern = Pattern::new(r"^h-[0-9a-z]{8,32}$");

static HANDSHAKE_ID: Shape = string(
    "HandshakeId",
    Text::ANY.max(34).pattern(&HANDSHAKE_ID_PATTERN),
);

static HANDSHAKE_NOTES_PATTERN: Pattern = Pattern::new(r"[\s\S]*");

static HANDSHAKE_NOTES: Shape = string(
    "HandshakeNotes",
    Text::ANY
        .max(1_024)
        .pattern(&HANDSHAKE_NOTES_PATTERN)
        .sensitive(),
);

static HANDSHAKE_PARTIES: Shape = list("HandshakeParties", &HANDSHAKE_PARTY, None, None, None);

static HANDSHAKE_PARTY: Shape = structure(
    "HandshakeParty",
    &[
        member("Id", &HANDSHAKE_PARTY_ID).required(),
        member("Type", &HANDSHAKE_PARTY_TYPE).required(),
    ],
);

static HANDSHAKE_PARTY_ID_PATTERN: Pattern = Pattern::new(r"[\s\S]*");

static HANDSHAKE_PARTY_ID: Shape = string(
    "HandshakePartyId",
    Text::ANY
        .min(1)
        .max(64)
        .pattern(&HANDSHAKE_PARTY_ID_PATTERN)
        .sensitive(),
);

static HANDSHAKE_PARTY_TYPE: Shape = string(
    "HandshakePartyType",
    Text::ANY.values(&["ACCOUNT", "ORGANIZATION", "EMAIL"]),
);

static HANDSHAKE_RESOURCE: Shape = structure(
    "HandshakeResource",
    &[
        member("Value", &HANDSHAKE_RESOURCE_VALUE),
        member("Type", &HANDSHAKE_RESOURCE_TYPE),
        member("Resources", &HANDSHAKE_RESOURCES),
    ],
);

static HANDSHAKE_RESOURCE_TYPE: Shape = string(
    "HandshakeResourceType",
    Text::ANY.values(&[
        "ACCOUNT",
        "ORGANIZATION",
        "ORGANIZATION_FEATURE_SET",
        "EMAIL",
        "MASTER_EMAIL",
        "MASTER_NAME",
        "NOTES",
        "PARENT_HANDSHAKE",
        "RESPONSIBILITY_TRANSFER",
        "TRANSFER_START_TIMESTAMP",
        "TRANSFER_TYPE",
        "MANAGEMENT_ACCOUNT",
        "MANAGEMENT_EMAIL",
        "MANAGEMENT_NAME",
    ]),
);

static HANDSHAKE_RESOURCE_VALUE: Shape = string("HandshakeResourceValue", Text::ANY.sensitive());

static HANDSHAKE_RESOURCES: Shape =
    list("HandshakeResources", &HANDSHAKE_RESOURCE, None, None, None);

static HANDSHAKE_STATE: Shape = string(
    "HandshakeState",
    Text::ANY.values(&[
        "REQUESTED",
        "OPEN",
        "CANCELED",
        "ACCEPTED",
        "DECLINED",
        "EXPIRED",
    ]),
);

static HANDSHAKES: Shape = list("Handshakes", &HANDSHAKE, None, None, None);

static IAM_USER_ACCESS_TO_BILLING: Shape = string(
    "IAMUserAccessToBilling",
    Text::ANY.values(&["ALLOW", "DENY"]),
);

static INVITE_ACCOUNT_TO_ORGANIZATION_REQUEST: Shape = structure(
    "InviteAccountToOrganizationRequest",
    &[
        member("Target", &HANDSHAKE_PARTY).required(),
        member("Notes", &HANDSHAKE_NOTES),
        member("Tags", &TAGS),
    ],
);

static INVITE_ACCOUNT_TO_ORGANIZATION_RESPONSE: Shape = structure(
    "InviteAccountToOrganizationResponse",
    &[member("Handshake", &HANDSHAKE)],
);

static LIST_AWS_SERVICE_ACCESS_FOR_ORGANIZATION_REQUEST: Shape = structure(
    "ListAWSServiceAccessForOrganizationRequest",
    &[
        member("NextToken", &NEXT_TOKEN),
        member("MaxResults", &MAX_RESULTS),
    ],
);

static LIST_AWS_SERVICE_ACCESS_FOR_ORGANIZATION_RESPONSE: Shape = structure(
    "ListAWSServiceAccessForOrganizationResponse",
    &[
        member("EnabledServicePrincipals", &ENABLED_SERVICE_PRINCIPALS),
        member("NextToken", &NEXT_TOKEN),
    ],
);

static LIST_ACCOUNTS_FOR_PARENT_REQUEST: Shape = structure(
    "ListAccountsForParentRequest",
    &[
        member("ParentId", &PARENT_ID).required(),
        member("NextToken", &NEXT_TOKEN),
        member("MaxResults", &MAX_RESULTS),
    ],
);

static LIST_ACCOUNTS_FOR_PARENT_RESPONSE: Shape = structure(
    "ListAccountsForParentResponse",
    &[
        member("Accounts", &ACCOUNTS),
        member("NextToken", &NEXT_TOKEN),
    ],
);

static LIST_ACCOUNTS_REQUEST: Shape = structure(
    "ListAccountsRequest",
    &[
        member("NextToken", &NEXT_TOKEN),
        member("MaxResults", &MAX_RESULTS),
    ],
);

static LIST_ACCOUNTS_RESPONSE: Shape = structure(
    "ListAccountsResponse",
    &[
        member("Accounts", &ACCOUNTS),
        member("NextToken", &NEXT_TOKEN),
    ],
);

static LIST_CHILDREN_REQUEST: Shape = structure(
    "ListChildrenRequest",
    &[
        member("ParentId", &PARENT_ID).required(),
        member("ChildType", &CHILD_TYPE).required(),
        member("NextToken", &NEXT_TOKEN),
        member("MaxResults", &MAX_RESULTS),
    ],
);

static LIST_CHILDREN_RESPONSE: Shape = structure(
    "ListChildrenResponse",
    &[
        member("Children", &CHILDREN),
        member("NextToken", &NEXT_TOKEN),
    ],
);

static LIST_CREATE_ACCOUNT_STATUS_REQUEST: Shape = structure(
    "ListCreateAccountStatusRequest",
    &[
        member("States", &CREATE_ACCOUNT_STATES),
        member("NextToken", &NEXT_TOKEN),
        member("MaxResults", &MAX_RESULTS),
    ],
);

static LIST_CREATE_ACCOUNT_STATUS_RESPONSE: Shape = structure(
    "ListCreateAccountStatusResponse",
    &[
        member("CreateAccountStatuses", &CREATE_ACCOUNT_STATUSES),
        member("NextToken", &NEXT_TOKEN),
    ],
);

static LIST_DELEGATED_ADMINISTRATORS_REQUEST: Shape = structure(
    "ListDelegatedAdministratorsRequest",
    &[
        member("ServicePrincipal", &SERVICE_PRINCIPAL),
        member("NextToken", &NEXT_TOKEN),
        member("MaxResults", &MAX_RESULTS),
    ],
);

static LIST_DELEGATED_ADMINISTRATORS_RESPONSE: Shape = structure(
    "ListDelegatedAdministratorsResponse",
    &[
        member("DelegatedAdministrators", &DELEGATED_ADMINISTRATORS),
        member("NextToken", &NEXT_TOKEN),
    ],
);

static LIST_HANDSHAKES_FOR_ACCOUNT_REQUEST: Shape = structure(
    "ListHandshakesForAccountRequest",
    &[
        member("Filter", &HANDSHAKE_FILTER),
        member("NextToken", &NEXT_TOKEN),
        member("MaxResults", &MAX_RESULTS),
    ],
);

static LIST_HANDSHAKES_FOR_ACCOUNT_RESPONSE: Shape = structure(
    "ListHandshakesForAccountResponse",
    &[
        member("Handshakes", &HANDSHAKES),
        member("NextToken", &NEXT_TOKEN),
    ],
);

static LIST_HANDSHAKES_FOR_ORGANIZATION_REQUEST: Shape = structure(
    "ListHandshakesForOrganizationRequest",
    &[
        member("Filter", &HANDSHAKE_FILTER),
        member("NextToken", &NEXT_TOKEN),
        member("MaxResults", &MAX_RESULTS),
    ],
);

static LIST_HANDSHAKES_FOR_ORGANIZATION_RESPONSE: Shape = structure(
    "ListHandshakesForOrganizationResponse",
    &[
        member("Handshakes", &HANDSHAKES),
        member("NextToken", &NEXT_TOKEN),
    ],
);

static LIST_ORGANIZATIONAL_UNITS_FOR_PARENT_REQUEST: Shape = structure(
    "ListOrganizationalUnitsForParentRequest",
    &[
        member("ParentId", &PARENT_ID).required(),
        member("NextToken", &NEXT_TOKEN),
        member("MaxResults", &MAX_RESULTS),
    ],
);

static LIST_ORGANIZATIONAL_UNITS_FOR_PARENT_RESPONSE: Shape = structure(
    "ListOrganizationalUnitsForParentResponse",
    &[
        member("OrganizationalUnits", &ORGANIZATIONAL_UNITS),
        member("NextToken", &NEXT_TOKEN),
    ],
);

static LIST_PARENTS_REQUEST: Shape = structure(
    "ListParentsRequest",
    &[
        member("ChildId", &CHILD_ID).required(),
        member("NextToken", &NEXT_TOKEN),
        member("MaxResults", &MAX_RESULTS),
    ],
);

static LIST_PARENTS_RESPONSE: Shape = structure(
    "ListParentsResponse",
    &[
        member("Parents", &PARENTS),
        member("NextToken", &NEXT_TOKEN),
    ],
);

static LIST_POLICIES_FOR_TARGET_REQUEST: Shape = structure(
    "ListPoliciesForTargetRequest",
    &[
        member("TargetId", &POLICY_TARGET_ID).required(),
        member("Filter", &POLICY_TYPE).required(),
        member("NextToken", &NEXT_TOKEN),
        member("MaxResults", &MAX_RESULTS),
    ],
);

static LIST_POLICIES_FOR_TARGET_RESPONSE: Shape = structure(
    "ListPoliciesForTargetResponse",
    &[
        member("Policies", &POLICIES),
        member("NextToken", &NEXT_TOKEN),
    ],
);

static LIST_POLICIES_REQUEST: Shape = structure(
    "ListPoliciesRequest",
    &[
        member("Filter", &POLICY_TYPE).required(),
        member("NextToken", &NEXT_TOKEN),
        member("MaxResults", &MAX_RESULTS),
    ],
);

static LIST_POLICIES_RESPONSE: Shape = structure(
    "ListPoliciesResponse",
    &[
        member("Policies", &POLICIES),
        member("NextToken", &NEXT_TOKEN),
    ],
);

static LIST_ROOTS_REQUEST: Shape = structure(
    "ListRootsRequest",
    &[
        member("NextToken", &NEXT_TOKEN),
        member("MaxResults", &MAX_RESULTS),
    ],
);

static LIST_ROOTS_RESPONSE: Shape = structure(
    "ListRootsResponse",
    &[member("Roots", &ROOTS), member("NextToken", &NEXT_TOKEN)],
);

static LIST_TAGS_FOR_RESOURCE_REQUEST: Shape = structure(
    "ListTagsForResourceRequest",
    &[
        member("ResourceId", &TAGGABLE_RESOURCE_ID).required(),
        member("NextToken", &NEXT_TOKEN),
    ],
);

static LIST_TAGS_FOR_RESOURCE_RESPONSE: Shape = structure(
    "ListTagsForResourceResponse",
    &[member("Tags", &TAGS), member("NextToken", &NEXT_TOKEN)],
);

static LIST_TARGETS_FOR_POLICY_REQUEST: Shape = structure(
    "ListTargetsForPolicyRequest",
    &[
        member("PolicyId", &POLICY_ID).required(),
        member("NextToken", &NEXT_TOKEN),
        member("MaxResults", &MAX_RESULTS),
    ],
);

static LIST_TARGETS_FOR_POLICY_RESPONSE: Shape = structure(
    "ListTargetsForPolicyResponse",
    &[
        member("Targets", &POLICY_TARGETS),
        member("NextToken", &NEXT_TOKEN),
    ],
);

static MAX_RESULTS: Shape = integer("MaxResults", 32, Some(1), Some(20));

static MOVE_ACCOUNT_REQUEST: Shape = structure(
    "MoveAccountRequest",
    &[
        member("AccountId", &ACCOUNT_ID).required(),
        member("SourceParentId", &PARENT_ID).required(),
        member("DestinationParentId", &PARENT_ID).required(),
    ],
);

static NEXT_TOKEN_PATTERN: Pattern = Pattern::new(r"[\s\S]*");

static NEXT_TOKEN: Shape = string(
    "NextToken",
    Text::ANY.max(100_000).pattern(&NEXT_TOKEN_PATTERN),
);

static ORGANIZATION: Shape = structure(
    "Organization",
    &[
        member("Id", &ORGANIZATION_ID),
        member("Arn", &ORGANIZATION_ARN),
        member("FeatureSet", &ORGANIZATION_FEATURE_SET),
        member("MasterAccountArn", &ACCOUNT_ARN),
        member("MasterAccountId", &ACCOUNT_ID),
        member("MasterAccountEmail", &EMAIL),
        member("AvailablePolicyTypes", &POLICY_TYPES),
    ],
);

static ORGANIZATION_ARN_PATTERN: Pattern =
    Pattern::new(r"^arn:aws:organizations::\d{12}:organization\/o-[a-z0-9]{10,32}");

static ORGANIZATION_ARN: Shape = string(
    "OrganizationArn",
    Text::ANY.pattern(&ORGANIZATION_ARN_PATTERN),
);

static ORGANIZATION_FEATURE_SET: Shape = string(
    "OrganizationFeatureSet",
    Text::ANY.values(&["ALL", "CONSOLIDATED_BILLING"]),
);

static ORGANIZATION_ID_PATTERN: Pattern = Pattern::new(r"^o-[a-z0-9]{10,32}$");

static ORGANIZATION_ID: Shape = string(
    "OrganizationId",
    Text::ANY.pattern(&ORGANIZATION_ID_PATTERN),
);

static ORGANIZATIONAL_UNIT: Shape = structure(
    "OrganizationalUnit",
    &[
        member("Id", &ORGANIZATIONAL_UNIT_ID),
        member("Arn", &ORGANIZATIONAL_UNIT_ARN),
        member("Name", &ORGANIZATIONAL_UNIT_NAME),
        member("Path", &PATH),
    ],
);

static ORGANIZATIONAL_UNIT_ARN_PATTERN: Pattern = Pattern::new(
    r"^arn:aws:organizations::\d{12}:ou\/o-[a-z0-9]{10,32}\/ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}",
);

static ORGANIZATIONAL_UNIT_ARN: Shape = string(
    "OrganizationalUnitArn",
    Text::ANY.pattern(&ORGANIZATIONAL_UNIT_ARN_PATTERN),
);

static ORGANIZATIONAL_UNIT_ID_PATTERN: Pattern =
    Pattern::new(r"^ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$");

static ORGANIZATIONAL_UNIT_ID: Shape = string(
    "OrganizationalUnitId",
    Text::ANY.max(68).pattern(&ORGANIZATIONAL_UNIT_ID_PATTERN),
);

static ORGANIZATIONAL_UNIT_NAME_PATTERN: Pattern = Pattern::new(r"[\s\S]*");

static ORGANIZATIONAL_UNIT_NAME: Shape = string(
    "OrganizationalUnitName",
    Text::ANY
        .min(1)
        .max(128)
        .pattern(&ORGANIZATIONAL_UNIT_NAME_PATTERN),
);

static ORGANIZATIONAL_UNITS: Shape = list(
    "OrganizationalUnits",
    &ORGANIZATIONAL_UNIT,
    None,
    None,
    None,
);

static PARENT: Shape = structure(
    "Parent",
    &[member("Id", &PARENT_ID), member("Type", &PARENT_TYPE)],
);

static PARENT_ID_PATTERN: Pattern =
    Pattern::new(r"^(r-[0-9a-z]{4,32})|(ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$");

static PARENT_ID: Shape = string("ParentId", Text::ANY.max(100).pattern(&PARENT_ID_PATTERN));

static PARENT_TYPE: Shape = string(
    "ParentType",
    Text::ANY.values(&["ROOT", "ORGANIZATIONAL_UNIT"]),
);

static PARENTS: Shape = list("Parents", &PARENT, None, None, None);

static PATH_PATTERN: Pattern = Pattern::new(
    r"^(o-[a-z0-9]{10,32}\/r-[0-9a-z]{4,32}(\/ou\-[0-9a-z]{4,32}-[a-z0-9]{8,32})*(\/\d{12})*)\/",
);

static PATH: Shape = string("Path", Text::ANY.pattern(&PATH_PATTERN));

static PATHS: Shape = list("Paths", &PATH, None, None, None);

static POLICIES: Shape = list("Policies", &POLICY_SUMMARY, None, None, None);

static POLICY: Shape = structure(
    "Policy",
    &[
        member("PolicySummary", &POLICY_SUMMARY),
        member("Content", &POLICY_CONTENT),
    ],
);

static POLICY_ARN_PATTERN: Pattern = Pattern::new(
    r"^(arn:aws:organizations::\d{12}:policy\/o-[a-z0-9]{10,32}\/[0-9a-z_]+\/p-[0-9a-z]{10,32})|(arn:aws:organizations::aws:policy\/[0-9a-z_]+\/p-[0-9a-zA-Z_]{10,128})",
);

static POLICY_ARN: Shape = string("PolicyArn", Text::ANY.pattern(&POLICY_ARN_PATTERN));

static POLICY_CONTENT_PATTERN: Pattern = Pattern::new(r"[\s\S]*");

static POLICY_CONTENT: Shape = string(
    "PolicyContent",
    Text::ANY.min(1).pattern(&POLICY_CONTENT_PATTERN),
);

static POLICY_DESCRIPTION_PATTERN: Pattern = Pattern::new(r"[\s\S]*");

static POLICY_DESCRIPTION: Shape = string(
    "PolicyDescription",
    Text::ANY.max(512).pattern(&POLICY_DESCRIPTION_PATTERN),
);

static POLICY_ID_PATTERN: Pattern = Pattern::new(r"^p-[0-9a-zA-Z_]{8,128}$");

static POLICY_ID: Shape = string("PolicyId", Text::ANY.max(130).pattern(&POLICY_ID_PATTERN));

static POLICY_NAME_PATTERN: Pattern = Pattern::new(r"[\s\S]*");

static POLICY_NAME: Shape = string(
    "PolicyName",
    Text::ANY.min(1).max(128).pattern(&POLICY_NAME_PATTERN),
);

static POLICY_SUMMARY: Shape = structure(
    "PolicySummary",
    &[
        member("Id", &POLICY_ID),
        member("Arn", &POLICY_ARN),
        member("Name", &POLICY_NAME),
        member("Description", &POLICY_DESCRIPTION),
        member("Type", &POLICY_TYPE),
        member("AwsManaged", &AWS_MANAGED_POLICY),
    ],
);

static POLICY_TARGET_ID_PATTERN: Pattern =
    Pattern::new(r"^(r-[0-9a-z]{4,32})|(\d{12})|(ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$");

static POLICY_TARGET_ID: Shape = string(
    "PolicyTargetId",
    Text::ANY.max(100).pattern(&POLICY_TARGET_ID_PATTERN),
);

static POLICY_TARGET_SUMMARY: Shape = structure(
    "PolicyTargetSummary",
    &[
        member("TargetId", &POLICY_TARGET_ID),
        member("Arn", &GENERIC_ARN),
        member("Name", &TARGET_NAME),
        member("Type", &TARGET_TYPE),
    ],
);

static POLICY_TARGETS: Shape = list("PolicyTargets", &POLICY_TARGET_SUMMARY, None, None, None);

static POLICY_TYPE: Shape = string(
    "PolicyType",
    Text::ANY.values(&[
        "SERVICE_CONTROL_POLICY",
        "RESOURCE_CONTROL_POLICY",
        "TAG_POLICY",
        "BACKUP_POLICY",
        "AISERVICES_OPT_OUT_POLICY",
        "CHATBOT_POLICY",
        "DECLARATIVE_POLICY_EC2",
        "SECURITYHUB_POLICY",
        "SECURITYHUB_CSPM_POLICY",
        "INSPECTOR_POLICY",
        "UPGRADE_ROLLOUT_POLICY",
        "BEDROCK_POLICY",
        "S3_POLICY",
        "NETWORK_SECURITY_DIRECTOR_POLICY",
        "GUARDDUTY_POLICY",
    ]),
);

static POLICY_TYPE_STATUS: Shape = string(
    "PolicyTypeStatus",
    Text::ANY.values(&["ENABLED", "PENDING_ENABLE", "PENDING_DISABLE"]),
);

static POLICY_TYPE_SUMMARY: Shape = structure(
    "PolicyTypeSummary",
    &[
        member("Type", &POLICY_TYPE),
        member("Status", &POLICY_TYPE_STATUS),
    ],
);

static POLICY_TYPES: Shape = list("PolicyTypes", &POLICY_TYPE_SUMMARY, None, None, None);

static REMOVE_ACCOUNT_FROM_ORGANIZATION_REQUEST: Shape = structure(
    "RemoveAccountFromOrganizationRequest",
    &[member("AccountId", &ACCOUNT_ID).required()],
);

static ROLE_NAME_PATTERN: Pattern = Pattern::new(r"[\w+=,.@-]{1,64}");

static ROLE_NAME: Shape = string("RoleName", Text::ANY.max(64).pattern(&ROLE_NAME_PATTERN));

static ROOT: Shape = structure(
    "Root",
    &[
        member("Id", &ROOT_ID),
        member("Arn", &ROOT_ARN),
        member("Name", &ROOT_NAME),
        member("PolicyTypes", &POLICY_TYPES),
    ],
);

static ROOT_ARN_PATTERN: Pattern =
    Pattern::new(r"^arn:aws:organizations::\d{12}:root\/o-[a-z0-9]{10,32}\/r-[0-9a-z]{4,32}");

static ROOT_ARN: Shape = string("RootArn", Text::ANY.pattern(&ROOT_ARN_PATTERN));

static ROOT_ID_PATTERN: Pattern = Pattern::new(r"^r-[0-9a-z]{4,32}$");

static ROOT_ID: Shape = string("RootId", Text::ANY.max(34).pattern(&ROOT_ID_PATTERN));

static ROOT_NAME: Shape = string("RootName", Text::ANY.min(1).max(128));

static ROOTS: Shape = list("Roots", &ROOT, None, None, None);

static SERVICE_PRINCIPAL_PATTERN: Pattern = Pattern::new(r"[\w+=,.@-]*");

static SERVICE_PRINCIPAL: Shape = string(
    "ServicePrincipal",
    Text::ANY
        .min(1)
        .max(128)
        .pattern(&SERVICE_PRINCIPAL_PATTERN),
);

static TAG: Shape = structure(
    "Tag",
    &[
        member("Key", &TAG_KEY).required(),
        member("Value", &TAG_VALUE).required(),
    ],
);

static TAG_KEY_PATTERN: Pattern = Pattern::new(r"^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$");

static TAG_KEY: Shape = string(
    "TagKey",
    Text::ANY.min(1).max(128).pattern(&TAG_KEY_PATTERN),
);

static TAG_KEYS: Shape = list("TagKeys", &TAG_KEY, None, None, None);

static TAG_RESOURCE_REQUEST: Shape = structure(
    "TagResourceRequest",
    &[
        member("ResourceId", &TAGGABLE_RESOURCE_ID).required(),
        member("Tags", &TAGS).required(),
    ],
);

static TAG_VALUE_PATTERN: Pattern = Pattern::new(r"^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$");

static TAG_VALUE: Shape = string(
    "TagValue",
    Text::ANY.min(0).max(256).pattern(&TAG_VALUE_PATTERN),
);

static TAGGABLE_RESOURCE_ID_PATTERN: Pattern = Pattern::new(
    r"^(r-[0-9a-z]{4,32})|(\d{12})|(ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})|(^p-[0-9a-zA-Z_]{8,128})|(^rp-[0-9a-zA-Z_]{4,128})|(^rt-[0-9a-zA-Z_]{8,32})$",
);

static TAGGABLE_RESOURCE_ID: Shape = string(
    "TaggableResourceId",
    Text::ANY.max(130).pattern(&TAGGABLE_RESOURCE_ID_PATTERN),
);

static TAGS: Shape = list("Tags", &TAG, None, None, None);

static TARGET_NAME: Shape = string("TargetName", Text::ANY.min(1).max(128));

static TARGET_TYPE: Shape = string(
    "TargetType",
    Text::ANY.values(&["ACCOUNT", "ORGANIZATIONAL_UNIT", "ROOT"]),
);

static TIMESTAMP: Shape = timestamp("Timestamp");

static UNTAG_RESOURCE_REQUEST: Shape = structure(
    "UntagResourceRequest",
    &[
        member("ResourceId", &TAGGABLE_RESOURCE_ID).required(),
        member("TagKeys", &TAG_KEYS).required(),
    ],
);

static UPDATE_ORGANIZATIONAL_UNIT_REQUEST: Shape = structure(
    "UpdateOrganizationalUnitRequest",
    &[
        member("OrganizationalUnitId", &ORGANIZATIONAL_UNIT_ID).required(),
        member("Name", &ORGANIZATIONAL_UNIT_NAME),
    ],
);

static UPDATE_ORGANIZATIONAL_UNIT_RESPONSE: Shape = structure(
    "UpdateOrganizationalUnitResponse",
    &[member("OrganizationalUnit", &ORGANIZATIONAL_UNIT)],
);

static UPDATE_POLICY_REQUEST: Shape = structure(
    "UpdatePolicyRequest",
    &[
        member("PolicyId", &POLICY_ID).required(),
        member("Name", &POLICY_NAME),
        member("Description", &POLICY_DESCRIPTION),
        member("Content", &POLICY_CONTENT),
    ],
);

static UPDATE_POLICY_RESPONSE: Shape =
    structure("UpdatePolicyResponse", &[member("Policy", &POLICY)]);

static AWS_ORGANIZATIONS_NOT_IN_USE_EXCEPTION: ErrorShape =
    error("AWSOrganizationsNotInUseException", 400);

static ACCESS_DENIED_EXCEPTION: ErrorShape = error("AccessDeniedException", 400);

static ACCESS_DENIED_FOR_DEPENDENCY_EXCEPTION: ErrorShape =
    error("AccessDeniedForDependencyException", 400);

static ACCOUNT_ALREADY_CLOSED_EXCEPTION: ErrorShape = error("AccountAlreadyClosedException", 400);

static ACCOUNT_NOT_FOUND_EXCEPTION: ErrorShape = error("AccountNotFoundException", 400);

static ACCOUNT_OWNER_NOT_VERIFIED_EXCEPTION: ErrorShape =
    error("AccountOwnerNotVerifiedException", 400);

static ALREADY_IN_ORGANIZATION_EXCEPTION: ErrorShape = error("AlreadyInOrganizationException", 400);

static CHILD_NOT_FOUND_EXCEPTION: ErrorShape = error("ChildNotFoundException", 400);

static CONCURRENT_MODIFICATION_EXCEPTION: ErrorShape =
    error("ConcurrentModificationException", 400);

static CONFLICT_EXCEPTION: ErrorShape = error("ConflictException", 400);

static CONSTRAINT_VIOLATION_EXCEPTION: ErrorShape = error("ConstraintViolationException", 400);

static CREATE_ACCOUNT_STATUS_NOT_FOUND_EXCEPTION: ErrorShape =
    error("CreateAccountStatusNotFoundException", 400);

static DESTINATION_PARENT_NOT_FOUND_EXCEPTION: ErrorShape =
    error("DestinationParentNotFoundException", 400);

static DUPLICATE_ACCOUNT_EXCEPTION: ErrorShape = error("DuplicateAccountException", 400);

static DUPLICATE_HANDSHAKE_EXCEPTION: ErrorShape = error("DuplicateHandshakeException", 400);

static DUPLICATE_ORGANIZATIONAL_UNIT_EXCEPTION: ErrorShape =
    error("DuplicateOrganizationalUnitException", 400);

static DUPLICATE_POLICY_ATTACHMENT_EXCEPTION: ErrorShape =
    error("DuplicatePolicyAttachmentException", 400);

static DUPLICATE_POLICY_EXCEPTION: ErrorShape = error("DuplicatePolicyException", 400);

static FINALIZING_ORGANIZATION_EXCEPTION: ErrorShape =
    error("FinalizingOrganizationException", 400);

static HANDSHAKE_ALREADY_IN_STATE_EXCEPTION: ErrorShape =
    error("HandshakeAlreadyInStateException", 400);

static HANDSHAKE_CONSTRAINT_VIOLATION_EXCEPTION: ErrorShape =
    error("HandshakeConstraintViolationException", 400);

static HANDSHAKE_NOT_FOUND_EXCEPTION: ErrorShape = error("HandshakeNotFoundException", 400);

static INVALID_HANDSHAKE_TRANSITION_EXCEPTION: ErrorShape =
    error("InvalidHandshakeTransitionException", 400);

static INVALID_INPUT_EXCEPTION: ErrorShape = error("InvalidInputException", 400);

static MALFORMED_POLICY_DOCUMENT_EXCEPTION: ErrorShape =
    error("MalformedPolicyDocumentException", 400);

static MASTER_CANNOT_LEAVE_ORGANIZATION_EXCEPTION: ErrorShape =
    error("MasterCannotLeaveOrganizationException", 400);

static ORGANIZATION_NOT_EMPTY_EXCEPTION: ErrorShape = error("OrganizationNotEmptyException", 400);

static ORGANIZATIONAL_UNIT_NOT_EMPTY_EXCEPTION: ErrorShape =
    error("OrganizationalUnitNotEmptyException", 400);

static ORGANIZATIONAL_UNIT_NOT_FOUND_EXCEPTION: ErrorShape =
    error("OrganizationalUnitNotFoundException", 400);

static PARENT_NOT_FOUND_EXCEPTION: ErrorShape = error("ParentNotFoundException", 400);

static POLICY_CHANGES_IN_PROGRESS_EXCEPTION: ErrorShape =
    error("PolicyChangesInProgressException", 400);

static POLICY_IN_USE_EXCEPTION: ErrorShape = error("PolicyInUseException", 400);

static POLICY_NOT_ATTACHED_EXCEPTION: ErrorShape = error("PolicyNotAttachedException", 400);

static POLICY_NOT_FOUND_EXCEPTION: ErrorShape = error("PolicyNotFoundException", 400);

static POLICY_TYPE_ALREADY_ENABLED_EXCEPTION: ErrorShape =
    error("PolicyTypeAlreadyEnabledException", 400);

static POLICY_TYPE_NOT_AVAILABLE_FOR_ORGANIZATION_EXCEPTION: ErrorShape =
    error("PolicyTypeNotAvailableForOrganizationException", 400);

static POLICY_TYPE_NOT_ENABLED_EXCEPTION: ErrorShape = error("PolicyTypeNotEnabledException", 400);

static ROOT_NOT_FOUND_EXCEPTION: ErrorShape = error("RootNotFoundException", 400);

static SERVICE_EXCEPTION: ErrorShape = error("ServiceException", 500);

static SOURCE_PARENT_NOT_FOUND_EXCEPTION: ErrorShape = error("SourceParentNotFoundException", 400);

static TARGET_NOT_FOUND_EXCEPTION: ErrorShape = error("TargetNotFoundException", 400);

static TOO_MANY_REQUESTS_EXCEPTION: ErrorShape = error("TooManyRequestsException", 400);

static UNSUPPORTED_API_ENDPOINT_EXCEPTION: ErrorShape =
    error("UnsupportedAPIEndpointException", 400);
