//! The least policy of the account's collector, as it is printed. A test runs the collector with
//! exactly this.

use serde_json::json;

/// The document; with a role, of who looks at all accounts of an organization by it.
pub(super) fn text(role: Option<&str>) -> String {
    let statement = |id: &str, actions: &[&str], resource: &str| {
        let effect = "Allow";
        json!({"Sid": id, "Effect": effect, "Action": actions, "Resource": resource})
    };
    let mut statements = vec![statement("RolecallAudit", ACTIONS, "*")];
    if let Some(role) = role {
        let roles = format!("arn:aws:iam::*:role/{role}");
        statements.push(statement("RolecallOrganization", OF_ORGANIZATION, "*"));
        statements.push(statement("RolecallEnter", &["sts:AssumeRole"], &roles));
    }
    let document = json!({"Version": "2012-10-17", "Statement": statements});
    format!("{document:#}\n")
}

const OF_ORGANIZATION: &[&str] = &[
    "organizations:DescribeOrganization",
    "organizations:DescribePolicy",
    "organizations:ListAccountsForParent",
    "organizations:ListOrganizationalUnitsForParent",
    "organizations:ListPoliciesForTarget",
    "organizations:ListRoots",
];

const ACTIONS: &[&str] = &[
    "autoscaling:DescribeAutoScalingGroups",
    "autoscaling:DescribeLaunchConfigurations",
    "ec2:DescribeImages",
    "ec2:DescribeInstanceAttribute",
    "ec2:DescribeInstances",
    "ec2:DescribeLaunchTemplateVersions",
    "ec2:DescribeRegions",
    "ec2:GetInstanceMetadataDefaults",
    "iam:GenerateCredentialReport",
    "iam:GetAccessKeyLastUsed",
    "iam:GetAccountAuthorizationDetails",
    "iam:GetAccountSummary",
    "iam:GetCredentialReport",
    "iam:ListAccessKeys",
    "iam:ListInstanceProfiles",
    "kms:DescribeKey",
    "kms:GetKeyPolicy",
    "kms:ListGrants",
    "secretsmanager:GetResourcePolicy",
    "secretsmanager:ListSecrets",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_has_no_finding_and_reads_only() {
        let text = text(Some("Auditor"));
        let findings = ::policy::lint(&text, ::policy::Kind::Identity);
        let severe = findings
            .iter()
            .filter(|it| it.severity() == ::policy::Severity::Error);
        assert_eq!(severe.count(), 0, "{findings:?}");
        for action in ACTIONS.iter().chain(OF_ORGANIZATION) {
            let name = action.split_once(':').unwrap().1;
            // A report of credentials is made anew, and nothing else.
            let reads = ["Describe", "Get", "List", "GenerateCredentialReport"];
            assert!(reads.iter().any(|it| name.starts_with(it)), "{action}");
            assert!(!action.ends_with("GetSecretValue"));
        }
    }
}
