//! The rules over an account, as they are read. Knows no evidence.

use crate::benchmarks::{
    ADMINISTRATORS, INSTANCE_ROLES, KEY_ROTATION, ONE_KEY, ROOT_KEY, TOKENS, UNUSED_KEYS,
};
use crate::rule::{Reference, Rule, Severity};

/// Rules over an account, by code.
pub const RULES: &[Rule] = &[
    NO_PROFILE,
    NO_ROLE,
    NO_TRUST,
    TOKENS_OPTIONAL,
    HOP_LIMIT,
    REGION_DEFAULT,
    TEMPLATE_TOKENS,
    TEMPLATE_HOPS,
    GROUP_NO_PROFILE,
    CONFIGURATION_TOKENS,
    CONFIGURATION_HOPS,
    USER_DATA_KEYS,
    ROLE_AND_KEY,
    OLD_KEY,
    ADMINISTRATOR,
    ALL_SECRETS,
    ESCALATION,
    TRUSTS_EVERYBODY,
    TRUSTS_ACCOUNT,
    TRUSTS_OTHERS,
    UNUSED_PROFILE,
    POLICY_DEFECT,
    UNUSED_KEY,
    TWO_KEYS,
    ROOT_KEYS,
    SECRET_OUTSIDE,
    SECRET_MANY,
];

pub(super) const NO_PROFILE: Rule = Rule {
    code: "RC-EC2-001",
    title: "An instance has no instance profile",
    severity: Severity::Medium,
    why: "Software on it that calls AWS can only do so with a long-lived key. An instance that \
          calls no AWS API needs no role: waive it with that reason. A profile is associated with \
          a running instance; no stop and no new instance is needed.",
    fix_terraform: "resource \"aws_instance\" \"app\" {\n  iam_instance_profile = \
                    aws_iam_instance_profile.app.name\n}",
    fix_cli: "aws ec2 associate-iam-instance-profile --instance-id ID --iam-instance-profile \
              Name=PROFILE",
    references: INSTANCE_ROLES,
};

pub(super) const NO_ROLE: Rule = Rule {
    code: "RC-EC2-002",
    title: "An instance's profile gives no role",
    severity: Severity::High,
    why: "A profile is only a container. Without a role in it the metadata service has no \
          credentials, so the instance is where one without a profile is, and looks as if it \
          were not.",
    fix_terraform: "resource \"aws_iam_instance_profile\" \"app\" {\n  role = \
                    aws_iam_role.app.name\n}",
    fix_cli: "aws iam add-role-to-instance-profile --instance-profile-name PROFILE --role-name \
              ROLE",
    references: INSTANCE_ROLES,
};

pub(super) const NO_TRUST: Rule = Rule {
    code: "RC-EC2-003",
    title: "An instance's role does not trust EC2",
    severity: Severity::High,
    why: "EC2 assumes the role for the instance. If the trust policy does not let \
          ec2.amazonaws.com do so, the metadata service tells of an error and has no credentials.",
    fix_terraform: "data \"aws_iam_policy_document\" \"trust\" {\n  statement {\n    actions = \
                    [\"sts:AssumeRole\"]\n    principals {\n      type        = \"Service\"\n      \
                    identifiers = [\"ec2.amazonaws.com\"]\n    }\n  }\n}",
    fix_cli: "aws iam update-assume-role-policy --role-name ROLE --policy-document \
              file://trust.json",
    references: INSTANCE_ROLES,
};

pub(super) const TOKENS_OPTIONAL: Rule = Rule {
    code: "RC-EC2-004",
    title: "An instance answers IMDSv1",
    severity: Severity::High,
    why: "Whoever makes a program on the instance fetch an address (server-side request forgery) \
          gets the role's credentials. IMDSv2 wants a PUT and a header first. Unset options are \
          enabled and optional, unless the account's default or the image says otherwise.",
    fix_terraform: "resource \"aws_instance\" \"app\" {\n  metadata_options {\n    http_tokens = \
                    \"required\"\n  }\n}",
    fix_cli: "aws ec2 modify-instance-metadata-options --instance-id ID --http-tokens required",
    references: TOKENS,
};

pub(super) const HOP_LIMIT: Rule = Rule {
    code: "RC-EC2-005",
    title: "An instance's metadata service answers beyond the host",
    severity: Severity::Low,
    why: "With a hop limit above 1 every container behind a bridge gets the instance's role. \
          Container hosts whose containers are meant to have it need 2; tell so in a waiver. \
          While tokens are optional the limit means nothing, so this is only told where they are \
          required.",
    fix_terraform: "resource \"aws_instance\" \"app\" {\n  metadata_options {\n    http_tokens     \
                    \u{20}           = \"required\"\n    http_put_response_hop_limit = 1\n  }\n}",
    fix_cli: "aws ec2 modify-instance-metadata-options --instance-id ID --http-tokens required \
              --http-put-response-hop-limit 1",
    references: &[],
};

pub(super) const REGION_DEFAULT: Rule = Rule {
    code: "RC-EC2-006",
    title: "A region has no default that requires IMDSv2",
    severity: Severity::Low,
    why: "What is launched without a word about tokens answers IMDSv1, unless its image says \
          otherwise. Only told where there are instances.",
    fix_terraform: "resource \"aws_ec2_instance_metadata_defaults\" \"this\" {\n  http_tokens = \
                    \"required\"\n}",
    fix_cli: "aws ec2 modify-instance-metadata-defaults --region REGION --http-tokens required",
    references: TOKENS,
};

pub(super) const TEMPLATE_TOKENS: Rule = Rule {
    code: "RC-EC2-007",
    title: "A launch template makes instances that answer IMDSv1",
    severity: Severity::High,
    why: "The version that counts is the one in use: what a group names, and the default. A later \
          version that nobody launches mends nothing, and a version without metadata options is \
          not one that disables the service.",
    fix_terraform: "resource \"aws_launch_template\" \"app\" {\n  update_default_version = true\n  \
                    metadata_options {\n    http_tokens = \"required\"\n  }\n}",
    fix_cli: "aws ec2 create-launch-template-version --launch-template-id ID --source-version N \
              --launch-template-data '{\"MetadataOptions\":{\"HttpTokens\":\"required\"}}'\naws \
              ec2 modify-launch-template --launch-template-id ID --default-version M",
    references: &[Reference::security_hub("EC2.170")],
};

pub(super) const TEMPLATE_HOPS: Rule = Rule {
    code: "RC-EC2-008",
    title: "A launch template lets metadata beyond the host",
    severity: Severity::Low,
    why: "As with RC-EC2-005: containers on what it launches get the instance's role.",
    fix_terraform: "resource \"aws_launch_template\" \"app\" {\n  metadata_options {\n    \
                    http_tokens                 = \"required\"\n    http_put_response_hop_limit = \
                    1\n  }\n}",
    fix_cli: "aws ec2 create-launch-template-version --launch-template-id ID --source-version N \
              --launch-template-data \
              '{\"MetadataOptions\":{\"HttpTokens\":\"required\",\"HttpPutResponseHopLimit\":1}}'\n\
              aws ec2 modify-launch-template --launch-template-id ID --default-version M",
    references: &[],
};

pub(super) const GROUP_NO_PROFILE: Rule = Rule {
    code: "RC-EC2-009",
    title: "An Auto Scaling group launches instances without a usable profile",
    severity: Severity::Medium,
    why: "Every instance of the group is one without a role, those of tomorrow too, and mending \
          the instances mends nothing.",
    fix_terraform: "resource \"aws_launch_template\" \"app\" {\n  iam_instance_profile {\n    name \
                    = aws_iam_instance_profile.app.name\n  }\n}",
    fix_cli: "aws ec2 create-launch-template-version --launch-template-id ID --source-version N \
              --launch-template-data '{\"IamInstanceProfile\":{\"Name\":\"PROFILE\"}}'\naws \
              ec2 modify-launch-template --launch-template-id ID --default-version M",
    references: INSTANCE_ROLES,
};

pub(super) const CONFIGURATION_TOKENS: Rule = Rule {
    code: "RC-EC2-010",
    title: "A launch configuration makes instances that answer IMDSv1",
    severity: Severity::High,
    why: "As with RC-EC2-007. A launch configuration cannot be changed: replace it by a launch \
          template.",
    fix_terraform: "resource \"aws_launch_configuration\" \"app\" {\n  metadata_options {\n    \
                    http_tokens = \"required\"\n  }\n}",
    fix_cli: "aws autoscaling create-launch-configuration --launch-configuration-name NEW \
              --instance-id ID --metadata-options HttpTokens=required\naws autoscaling \
              update-auto-scaling-group --auto-scaling-group-name GROUP \
              --launch-configuration-name NEW",
    references: &[Reference::security_hub("AutoScaling.3")],
};

pub(super) const CONFIGURATION_HOPS: Rule = Rule {
    code: "RC-EC2-011",
    title: "A launch configuration lets metadata beyond the host",
    severity: Severity::Low,
    why: "As with RC-EC2-005: containers on what it launches get the instance's role.",
    fix_terraform: "resource \"aws_launch_configuration\" \"app\" {\n  metadata_options {\n    \
                    http_tokens                 = \"required\"\n    http_put_response_hop_limit = \
                    1\n  }\n}",
    fix_cli: "aws autoscaling create-launch-configuration --launch-configuration-name NEW \
              --instance-id ID --metadata-options HttpTokens=required,HttpPutResponseHopLimit=1\n\
              aws autoscaling update-auto-scaling-group --auto-scaling-group-name GROUP \
              --launch-configuration-name NEW",
    references: &[Reference::security_hub("AutoScaling.4")],
};

pub(super) const USER_DATA_KEYS: Rule = Rule {
    code: "RC-EC2-012",
    title: "An access key stands in user data",
    severity: Severity::Critical,
    why: "Every process of the instance reads user data from the metadata service, and everybody \
          with ec2:DescribeInstanceAttribute reads it from the API. The key is known: rotate it, \
          do not only take it out.",
    fix_terraform: "resource \"aws_instance\" \"app\" {\n  iam_instance_profile = \
                    aws_iam_instance_profile.app.name\n  user_data            = \
                    file(\"${path.module}/without-keys.sh\")\n}",
    fix_cli: "aws iam update-access-key --user-name USER --access-key-id ID --status Inactive\naws \
              ec2 stop-instances --instance-ids ID\naws ec2 modify-instance-attribute \
              --instance-id ID --attribute userData --value file://without-keys.b64\naws ec2 \
              start-instances --instance-ids ID",
    references: INSTANCE_ROLES,
};

pub(super) const ROLE_AND_KEY: Rule = Rule {
    code: "RC-EC2-013",
    title: "An instance has a role, and a key that would be used in its place",
    severity: Severity::High,
    why: "Environment variables and credentials files come before the metadata service in every \
          SDK's chain. The role looks used, and the key is.",
    fix_terraform: "# Terraform does not reach into a running host. What an instance boots from \
                    has no key:\nresource \"aws_instance\" \"app\" {\n  \
                    iam_instance_profile        = aws_iam_instance_profile.app.name\n  \
                    user_data                   = file(\"${path.module}/without-keys.sh\")\n  \
                    user_data_replace_on_change = true\n}",
    fix_cli: "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN\naws sts \
              get-caller-identity",
    references: INSTANCE_ROLES,
};

pub(super) const OLD_KEY: Rule = Rule {
    code: "RC-IAM-001",
    title: "An access key is older than 90 days",
    severity: Severity::Medium,
    why: "What has been in files for months is in backups, images and histories. A role has no \
          key to rotate.",
    fix_terraform: "# Where a role will do, take the resource out. Where not: terraform apply \
                    -replace=aws_iam_access_key.app\nresource \"aws_iam_access_key\" \"app\" \
                    {\n  user = aws_iam_user.app.name\n}",
    fix_cli: "aws iam create-access-key --user-name USER\naws iam update-access-key --user-name \
              USER --access-key-id ID --status Inactive\naws iam delete-access-key --user-name \
              USER --access-key-id ID",
    references: KEY_ROTATION,
};

pub(super) const ADMINISTRATOR: Rule = Rule {
    code: "RC-IAM-002",
    title: "An instance's role may do anything",
    severity: Severity::Critical,
    why: "Every process of every instance with the role owns the account. The documents are \
          evaluated, boundary and organization included, whatever they are called and wherever \
          they are attached.",
    fix_terraform: "resource \"aws_iam_role_policy\" \"app\" {\n  role   = aws_iam_role.app.id\n  \
                    policy = file(\"${path.module}/least.json\")\n}",
    fix_cli: "rolecall policy generate --principal ROLE_ARN --since 30d > least.json\naws iam \
              put-role-policy --role-name ROLE --policy-name least --policy-document \
              file://least.json\naws iam detach-role-policy --role-name ROLE --policy-arn POLICY_ARN",
    references: ADMINISTRATORS,
};

pub(super) const ALL_SECRETS: Rule = Rule {
    code: "RC-IAM-003",
    title: "An instance's role reads any secret",
    severity: Severity::High,
    why: "A secret that is made tomorrow, by anybody, is readable by every process of the \
          instance. Asked of a secret that does not exist, so names and wildcards do not hide it.",
    fix_terraform: "data \"aws_iam_policy_document\" \"app\" {\n  statement {\n    actions   = \
                    [\"secretsmanager:GetSecretValue\"]\n    resources = \
                    [aws_secretsmanager_secret.app.arn]\n  }\n}",
    fix_cli: "rolecall policy generate --principal ROLE_ARN --since 30d > least.json\naws iam \
              put-role-policy --role-name ROLE --policy-name least --policy-document \
              file://least.json",
    references: &[Reference::security_hub("IAM.21")],
};

pub(super) const ESCALATION: Rule = Rule {
    code: "RC-IAM-004",
    title: "An instance's role can give itself more",
    severity: Severity::High,
    why: "Each step is evaluated on what is there: the role itself, its policies, other roles, \
          other instances, with boundary and organization. Roles that it may assume, and those \
          that they may, count as its own. A process of the instance ends where the steps end.",
    fix_terraform: "resource \"aws_iam_role\" \"app\" {\n  permissions_boundary = \
                    aws_iam_policy.boundary.arn\n}",
    fix_cli: "aws iam put-role-permissions-boundary --role-name ROLE --permissions-boundary \
              POLICY_ARN",
    references: &[],
};

pub(super) const TRUSTS_EVERYBODY: Rule = Rule {
    code: "RC-IAM-005",
    title: "A role trusts everybody",
    severity: Severity::Critical,
    why: "Every user and role of every account there is may assume it.",
    fix_terraform: "data \"aws_iam_policy_document\" \"trust\" {\n  statement {\n    actions = \
                    [\"sts:AssumeRole\"]\n    principals {\n      type        = \"Service\"\n      \
                    identifiers = [\"ec2.amazonaws.com\"]\n    }\n  }\n}",
    fix_cli: "aws iam update-assume-role-policy --role-name ROLE --policy-document \
              file://trust.json",
    references: &[],
};

pub(super) const TRUSTS_ACCOUNT: Rule = Rule {
    code: "RC-IAM-006",
    title: "A role trusts another account without a condition",
    severity: Severity::Medium,
    why: "Whom the other account lets in is its to say. Where it is not yours, ask for \
          sts:ExternalId; where it is, name the role and not the account.",
    fix_terraform: "data \"aws_iam_policy_document\" \"trust\" {\n  statement {\n    \
                    condition {\n      test     = \"StringEquals\"\n      variable = \
                    \"sts:ExternalId\"\n      values   = [var.external_id]\n    }\n  }\n}",
    fix_cli: "aws iam update-assume-role-policy --role-name ROLE --policy-document \
              file://trust.json",
    references: &[],
};

pub(super) const TRUSTS_OTHERS: Rule = Rule {
    code: "RC-IAM-007",
    title: "An instance's role is also somebody else's",
    severity: Severity::Medium,
    why: "What the instance may do, the others may too, and in the record of calls they are one. \
          A role for each makes both smaller.",
    fix_terraform: "resource \"aws_iam_role\" \"app\" {\n  assume_role_policy = \
                    data.aws_iam_policy_document.ec2_alone.json\n}",
    fix_cli: "aws iam update-assume-role-policy --role-name ROLE --policy-document \
              file://trust.json",
    references: &[],
};

pub(super) const UNUSED_PROFILE: Rule = Rule {
    code: "RC-IAM-008",
    title: "An instance profile is used by nothing",
    severity: Severity::Low,
    why: "Who may pass its role can start an instance with it. Only told where every region was \
          read in full: no instance, launch template in use or launch configuration names it.",
    fix_terraform: "# In place of its resource:\nremoved {\n  from = \
                    aws_iam_instance_profile.unused\n  lifecycle {\n    destroy = true\n  }\n}",
    fix_cli: "aws iam remove-role-from-instance-profile --instance-profile-name PROFILE \
              --role-name ROLE\naws iam delete-instance-profile --instance-profile-name PROFILE",
    references: &[],
};

pub(super) const POLICY_DEFECT: Rule = Rule {
    code: "RC-IAM-009",
    title: "A managed policy that somebody has says something else than it seems to",
    severity: Severity::Medium,
    why: "A statement that matches nothing looks like a permission or a protection, and is none; a \
          wildcard gives more than is meant. Told of the account's own policies that are attached \
          or are a boundary, with the statement; docs/lint.md says more of each.",
    fix_terraform: "resource \"aws_iam_policy\" \"app\" {\n  policy = \
                    file(\"${path.module}/policy.json\")\n}",
    fix_cli: "rolecall policy lint policy.json\naws iam create-policy-version --policy-arn ARN \
              --policy-document file://policy.json --set-as-default",
    references: &[],
};

pub(super) const UNUSED_KEY: Rule = Rule {
    code: "RC-IAM-010",
    title: "An access key has not been used for 45 days",
    severity: Severity::Medium,
    why: "Nobody misses it, and whoever finds it has what its user may do. Only told of active \
          keys, and where it could be read when they were used.",
    fix_terraform: "resource \"aws_iam_access_key\" \"app\" {\n  status = \"Inactive\"\n}",
    fix_cli: "aws iam update-access-key --user-name USER --access-key-id ID --status Inactive\naws \
              iam delete-access-key --user-name USER --access-key-id ID",
    references: UNUSED_KEYS,
};

pub(super) const TWO_KEYS: Rule = Rule {
    code: "RC-IAM-011",
    title: "A user has two active access keys",
    severity: Severity::Low,
    why: "Two are for the days of a rotation. Kept both, one of them is somewhere that nobody \
          looks after.",
    fix_terraform: "# Take one of the user's two resources out, or until it is sure that nobody \
                    needs it:\nresource \"aws_iam_access_key\" \"app\" {\n  \
                    status = \"Inactive\"\n}",
    fix_cli: "aws iam get-access-key-last-used --access-key-id ID\naws iam update-access-key \
              --user-name USER --access-key-id ID --status Inactive\naws iam delete-access-key \
              --user-name USER --access-key-id ID",
    references: ONE_KEY,
};

pub(super) const ROOT_KEYS: Rule = Rule {
    code: "RC-IAM-012",
    title: "The root user has access keys",
    severity: Severity::Critical,
    why: "No policy of the account limits it. There is no call that needs a root user's long-lived \
          key.",
    fix_terraform: "# Terraform has no resource for the root user's keys: with the root user's own \
                    credentials they are deleted by the AWS CLI, or in the console.",
    fix_cli: "aws iam list-access-keys\naws iam delete-access-key --access-key-id ID",
    references: ROOT_KEY,
};

pub(super) const SECRET_OUTSIDE: Rule = Rule {
    code: "RC-SM-001",
    title: "A secret's own policy lets others in than its account",
    severity: Severity::High,
    why: "Whom the other account lets read is its to say. A secret under the key that AWS manages \
          is not readable from another account, whatever its policy says; a customer's key may \
          let them.",
    fix_terraform: "resource \"aws_secretsmanager_secret_policy\" \"app\" {\n  \
                    block_public_policy = true\n  policy              = \
                    data.aws_iam_policy_document.secret.json\n}",
    fix_cli: "aws secretsmanager put-resource-policy --secret-id ARN --block-public-policy \
              --resource-policy file://policy.json",
    references: &[],
};

pub(super) const SECRET_MANY: Rule = Rule {
    code: "RC-SM-002",
    title: "A secret is readable by many",
    severity: Severity::Medium,
    why: "More than ten users and roles can read it, administrators not counted. A secret of many \
          is nobody's, and is rotated by nobody.",
    fix_terraform: "resource \"aws_secretsmanager_secret_policy\" \"app\" {\n  policy = \
                    data.aws_iam_policy_document.deny_all_but_readers.json\n}",
    fix_cli: "rolecall policy who-can secretsmanager:GetSecretValue ARN\naws secretsmanager \
              put-resource-policy --secret-id ARN --resource-policy \
              file://deny-all-but-readers.json",
    references: &[],
};
