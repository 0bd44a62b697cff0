//! The rules over code, in the order of their codes.

use crate::benchmarks::{INSTANCE_ROLES, TOKENS};
use crate::{Rule, Severity};

/// Rules over code, by code: `RC-CODE-...`.
pub const RULES: &[Rule] = &[
    NO_PROFILE,
    EMPTY_PROFILE,
    PROFILE_WITHOUT_ROLE,
    GROUP_WITHOUT_PROFILE,
    TOKENS_OPTIONAL,
    TOKENS_UNSET,
    HOP_LIMIT,
    KEY_IN_CODE,
    KEY_OF_PROVIDER,
    PRINCIPAL_OF_IDENTITY,
    ALL_SECRETS,
    LONG_LIVED_KEY,
    UNKNOWN_NAME,
    BROAD_POLICY,
    KEY_ID_IN_CODE,
    SERVICE_OF_SECRET,
    NO_SUCH_ADDRESS,
    CREDENTIALS_TO_FILE,
];

pub(super) const NO_PROFILE: Rule = Rule {
    code: "RC-CODE-001",
    title: "an instance is launched without an instance profile",
    severity: Severity::Medium,
    why: "Without a profile the instance has no role, and whatever on it calls AWS needs a key \
        in a \
          file. An instance that calls nothing of AWS needs none: say so in a waiver.",
    fix_terraform: "iam_instance_profile = aws_iam_instance_profile.app.name",
    fix_cli: "aws ec2 associate-iam-instance-profile --instance-id INSTANCE \\\n  \
              --iam-instance-profile Name=PROFILE",
    references: INSTANCE_ROLES,
};

pub(super) const EMPTY_PROFILE: Rule = Rule {
    code: "RC-CODE-002",
    title: "an instance profile is given as nothing",
    severity: Severity::Medium,
    why: "An empty text or `null` counts as no profile at all, though the argument is there and \
          looks as if one were set.",
    fix_terraform: "iam_instance_profile = aws_iam_instance_profile.app.name",
    fix_cli: "",
    references: INSTANCE_ROLES,
};

pub(super) const PROFILE_WITHOUT_ROLE: Rule = Rule {
    code: "RC-CODE-003",
    title: "an instance profile holds no role",
    severity: Severity::High,
    why: "The metadata service gives credentials of the role in the profile. With none in it there \
          are none, and the instance looks as if it had them.",
    fix_terraform: "resource \"aws_iam_instance_profile\" \"app\" {\n  role = \
        aws_iam_role.app.name\n}",
    fix_cli: "aws iam add-role-to-instance-profile --instance-profile-name PROFILE --role-name \
        ROLE",
    references: INSTANCE_ROLES,
};

pub(super) const GROUP_WITHOUT_PROFILE: Rule = Rule {
    code: "RC-CODE-004",
    title: "an Auto Scaling group launches without an instance profile",
    severity: Severity::Medium,
    why: "Each instance of the group comes up without a role, and those of tomorrow too.",
    fix_terraform: "resource \"aws_launch_template\" \"app\" {\n  iam_instance_profile {\n    \
                    name = aws_iam_instance_profile.app.name\n  }\n}",
    fix_cli: "",
    references: INSTANCE_ROLES,
};

pub(super) const TOKENS_OPTIONAL: Rule = Rule {
    code: "RC-CODE-005",
    title: "the metadata service answers without a session token",
    severity: Severity::High,
    why: "With tokens optional (IMDSv1) one request that a program can be tricked into making \
          gives away the role's credentials.",
    fix_terraform: "metadata_options {\n  http_tokens                 = \"required\"\n  \
                    http_put_response_hop_limit = 1\n}",
    fix_cli: "aws ec2 modify-instance-metadata-options --instance-id INSTANCE --http-tokens \
        required",
    references: TOKENS,
};

pub(super) const TOKENS_UNSET: Rule = Rule {
    code: "RC-CODE-006",
    title: "the code does not say whether the metadata service wants session tokens",
    severity: Severity::Low,
    why: "Unset does not mean required: the account's default for the region decides, then the \
          image, and last EC2's own default, which is optional.",
    fix_terraform: "metadata_options {\n  http_tokens = \"required\"\n}",
    fix_cli: "aws ec2 modify-instance-metadata-defaults --http-tokens required",
    references: TOKENS,
};

pub(super) const HOP_LIMIT: Rule = Rule {
    code: "RC-CODE-007",
    title: "answers of the metadata service reach further than the host",
    severity: Severity::Low,
    why: "With a hop limit of 2 containers in a bridged network reach the host's role, with more \
          also what is behind them. A host of containers that are to use the host's role needs 2.",
    fix_terraform: "metadata_options {\n  http_tokens                 = \"required\"\n  \
                    http_put_response_hop_limit = 1\n}",
    fix_cli: "",
    references: &[],
};

pub(super) const KEY_IN_CODE: Rule = Rule {
    code: "RC-CODE-008",
    title: "an access key stands in code",
    severity: Severity::High,
    why: "Code is copied, logged and kept for ever. User data can be read back by whoever may call \
          DescribeInstanceAttribute, and by every process of the instance.",
    fix_terraform: "iam_instance_profile = aws_iam_instance_profile.app.name # and no key",
    fix_cli: "aws iam update-access-key --user-name USER --access-key-id KEY --status Inactive",
    references: INSTANCE_ROLES,
};

pub(super) const KEY_OF_PROVIDER: Rule = Rule {
    code: "RC-CODE-009",
    title: "the provider is configured with a literal access key",
    severity: Severity::High,
    why: "Whoever reads the code may do all that Terraform may.",
    fix_terraform: "provider \"aws\" {\n  assume_role {\n    role_arn = \
        \"arn:aws:iam::ACCOUNT:role/deploy\"\n  }\n}",
    fix_cli: "aws iam update-access-key --user-name USER --access-key-id KEY --status Inactive",
    references: &[],
};

pub(super) const PRINCIPAL_OF_IDENTITY: Rule = Rule {
    code: "RC-CODE-010",
    title: "an identity policy names a principal",
    severity: Severity::Medium,
    why: "A policy of a role, user or group speaks of who has it. AWS refuses one with a \
        Principal; \
          who may take a role stands in its trust policy.",
    fix_terraform: "resource \"aws_iam_role\" \"app\" {\n  assume_role_policy = \
                    data.aws_iam_policy_document.trust.json # the principal belongs here\n}",
    fix_cli: "",
    references: &[],
};

pub(super) const ALL_SECRETS: Rule = Rule {
    code: "RC-CODE-011",
    title: "a policy lets all secrets be read",
    severity: Severity::High,
    why: "With `*` as its resource, GetSecretValue reads every secret of the account, also those \
          that are made later.",
    fix_terraform: "resources = [aws_secretsmanager_secret.app.arn]",
    fix_cli: "",
    references: &[],
};

pub(super) const LONG_LIVED_KEY: Rule = Rule {
    code: "RC-CODE-012",
    title: "the code makes a long-lived access key",
    severity: Severity::Medium,
    why: "Its secret stands in Terraform's state, and it ends when somebody deletes it. What runs \
          on an instance takes its role.",
    fix_terraform: "iam_instance_profile = aws_iam_instance_profile.app.name # in place of the key",
    fix_cli: "",
    references: INSTANCE_ROLES,
};

pub(super) const UNKNOWN_NAME: Rule = Rule {
    code: "RC-CODE-013",
    title: "the code uses a name that the provider does not know",
    severity: Severity::Medium,
    why: "Terraform refuses it, so what it was to set is not set. The options of the metadata \
          service are a block of the instance, and an instance's id is no argument of it.",
    fix_terraform: "resource \"aws_instance\" \"app\" {\n  metadata_options {\n    \
                    http_tokens = \"required\"\n  }\n}",
    fix_cli: "aws ec2 modify-instance-metadata-options --instance-id INSTANCE --http-tokens \
        required",
    references: &[],
};

pub(super) const BROAD_POLICY: Rule = Rule {
    code: "RC-CODE-014",
    title: "a role is given a policy of AWS that reads all secrets",
    severity: Severity::High,
    why: "AdministratorAccess, PowerUserAccess and SecretsManagerReadWrite allow GetSecretValue on \
          every secret without a condition.",
    fix_terraform: "resource \"aws_iam_role_policy\" \"app\" {\n  policy = \
                    data.aws_iam_policy_document.one_secret.json\n}",
    fix_cli: "",
    references: &[],
};

pub(super) const KEY_ID_IN_CODE: Rule = Rule {
    code: "RC-CODE-015",
    title: "the id of an access key stands in code",
    severity: Severity::Info,
    why: "An id opens nothing without its secret access key. It says that a key is used here.",
    fix_terraform: "iam_instance_profile = aws_iam_instance_profile.app.name # and no key",
    fix_cli: "",
    references: &[],
};

pub(super) const SERVICE_OF_SECRET: Rule = Rule {
    code: "RC-CODE-016",
    title: "the policy of a secret lets in EC2, which gives instances nothing",
    severity: Severity::Medium,
    why: "What runs on an instance calls as the session of its role, never as ec2.amazonaws.com. \
          Permission to read the secret belongs to the role: in its own policy, or by its ARN in \
          the secret's.",
    fix_terraform: "resource \"aws_iam_role_policy\" \"app\" {\n  policy = \
                    data.aws_iam_policy_document.one_secret.json\n}",
    fix_cli: "",
    references: &[],
};

pub(super) const NO_SUCH_ADDRESS: Rule = Rule {
    code: "RC-CODE-017",
    title: "a script asks the metadata service where nothing answers",
    severity: Severity::Medium,
    why: "The service is at 169.254.169.254, below /latest/meta-data. 169.254.269.254 is no \
          address, and /latest/metadata is no path: the script goes on with nothing, or with \
          whatever it has in place of the role.",
    fix_terraform: "",
    fix_cli: "curl -H \"X-aws-ec2-metadata-token: $TOKEN\" \
              http://169.254.169.254/latest/meta-data/iam/info",
    references: &[],
};

pub(super) const CREDENTIALS_TO_FILE: Rule = Rule {
    code: "RC-CODE-018",
    title: "a script puts a role's credentials into a file",
    severity: Severity::High,
    why: "SDKs take the credentials of the role by themselves, and renew them. In a file they \
          reach other users, images and backups, and work from elsewhere until they end.",
    fix_terraform: "",
    fix_cli: "aws sts get-caller-identity # with no file: the role is found by the SDK",
    references: INSTANCE_ROLES,
};
