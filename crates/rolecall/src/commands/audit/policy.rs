//! The least policy of the account's collector, as it is printed. A test runs the collector with
//! exactly this.

use serde_json::json;

/// The document.
pub(super) fn text() -> String {
    let document = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "RolecallAudit",
            "Effect": "Allow",
            "Action": ACTIONS,
            "Resource": "*",
        }],
    });
    format!("{document:#}\n")
}

const ACTIONS: &[&str] = &[
    "autoscaling:DescribeAutoScalingGroups",
    "autoscaling:DescribeLaunchConfigurations",
    "ec2:DescribeImages",
    "ec2:DescribeInstanceAttribute",
    "ec2:DescribeInstances",
    "ec2:DescribeLaunchTemplateVersions",
    "ec2:DescribeRegions",
    "ec2:GetInstanceMetadataDefaults",
    "iam:GetAccessKeyLastUsed",
    "iam:GetAccountAuthorizationDetails",
    "iam:ListAccessKeys",
    "iam:ListInstanceProfiles",
    "kms:DescribeKey",
    "kms:GetKeyPolicy",
    "secretsmanager:GetResourcePolicy",
    "secretsmanager:ListSecrets",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_has_no_finding_and_reads_only() {
        let findings = ::policy::lint(&text(), ::policy::Kind::Identity);
        let severe = findings
            .iter()
            .filter(|it| it.severity() == ::policy::Severity::Error);
        assert_eq!(severe.count(), 0, "{findings:?}");
        for action in ACTIONS {
            let name = action.split_once(':').unwrap().1;
            let reads = ["Describe", "Get", "List"];
            assert!(reads.iter().any(|it| name.starts_with(it)), "{action}");
            assert!(!action.ends_with("GetSecretValue"));
        }
    }
}
