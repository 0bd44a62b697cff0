//! What differs from AWS Organizations.

use super::handshakes;
use crate::fidelity::note::{Note, Service, differs, exact, within};

pub(crate) static FIDELITY: Service = Service {
    name: "organizations",
    title: "Organizations",
    remarks: &[
        "There are no delegated administrators, no trusted access for services, no resource \
         policy, no billing and no policies but those of two types, for services and for \
         resources.",
        "Nobody is written to: invitations and new accounts send no mail.",
        "Accounts are those of this server.",
    ],
    notes: NOTES,
};

static NOTES: &[Note] = &[
    exact("AcceptHandshake").in_own_words(),
    exact("AttachPolicy").in_own_words(),
    exact("CancelHandshake").in_own_words(),
    differs(
        "CloseAccount",
        "The account is closed with the answer and stays a member; AWS removes it after 90 days.",
    )
    .in_own_words(),
    differs(
        "CreateAccount",
        "It answers `IN_PROGRESS`, and the account is there already; `IamUserAccessToBilling` \
         other than `ALLOW` is refused.",
    ),
    differs(
        "CreateOrganization",
        "`FeatureSet` other than `ALL` is refused, and no service-linked role is made.",
    ),
    exact("CreateOrganizationalUnit").in_own_words(),
    differs(
        "CreatePolicy",
        "Types other than `SERVICE_CONTROL_POLICY` and `RESOURCE_CONTROL_POLICY` are refused.",
    )
    .in_own_words(),
    exact("DeclineHandshake").in_own_words(),
    exact("DeleteOrganization").in_own_words(),
    exact("DeleteOrganizationalUnit").in_own_words(),
    exact("DeletePolicy").in_own_words(),
    exact("DescribeAccount"),
    differs("DescribeCreateAccountStatus", "It is never `IN_PROGRESS`.").in_own_words(),
    exact("DescribeHandshake").in_own_words(),
    exact("DescribeOrganization"),
    exact("DescribeOrganizationalUnit"),
    exact("DescribePolicy"),
    exact("DetachPolicy").in_own_words(),
    exact("DisablePolicyType").in_own_words(),
    differs(
        "EnablePolicyType",
        "Types other than `SERVICE_CONTROL_POLICY` and `RESOURCE_CONTROL_POLICY` are refused.",
    )
    .in_own_words(),
    differs(
        "InviteAccountToOrganization",
        "An account is invited by its number, not by a mail address, and has to be of this server.",
    )
    .in_own_words(),
    differs(
        "LeaveOrganization",
        "It asks for no payment method and no contact, which AWS wants from an account on its own.",
    )
    .in_own_words(),
    differs(
        "ListAWSServiceAccessForOrganization",
        "Always empty, because there is no trusted access.",
    ),
    exact("ListAccounts"),
    exact("ListAccountsForParent"),
    exact("ListChildren"),
    differs("ListCreateAccountStatus", "None is ever `IN_PROGRESS`."),
    differs(
        "ListDelegatedAdministrators",
        "Always empty, because there are none.",
    ),
    exact("ListHandshakesForAccount").refuses(&[within("Filter", handshakes::REFUSED_OF_FILTERS)]),
    exact("ListHandshakesForOrganization")
        .refuses(&[within("Filter", handshakes::REFUSED_OF_FILTERS)]),
    exact("ListOrganizationalUnitsForParent"),
    exact("ListParents"),
    differs(
        "ListPolicies",
        "Of types that are not there, none are listed.",
    ),
    exact("ListPoliciesForTarget"),
    exact("ListRoots"),
    exact("ListTagsForResource"),
    exact("ListTargetsForPolicy"),
    exact("MoveAccount").in_own_words(),
    differs(
        "RemoveAccountFromOrganization",
        "It asks for no payment method and no contact, which AWS wants from an account on its own.",
    )
    .in_own_words(),
    exact("TagResource").in_own_words(),
    exact("UntagResource"),
    exact("UpdateOrganizationalUnit").in_own_words(),
    exact("UpdatePolicy").in_own_words(),
];
