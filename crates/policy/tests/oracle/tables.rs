//! What generated requests are made from: callers, actions, and the condition keys that the oracle
//! knows for each. Knows no policy.

use crate::case::Caller;

/// What can be asked for.
pub(crate) struct Target {
    pub(crate) action: &'static str,
    /// `{}` is the account.
    pub(crate) resource: &'static str,
    pub(crate) holder: Holder,
    pub(crate) keys: &'static [Key],
}

/// What policy the resource may have.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holder {
    Nothing,
    Sufficient,
    Key,
    Role,
}

#[derive(Clone, Copy)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) kind: Compared,
    pub(crate) values: &'static [&'static str],
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compared {
    Text,
    Texts,
    Arn,
    Truth,
    Number,
    Moment,
    Address,
}

const OWN: &str = "111111111111";
pub(crate) const OTHER: &str = "222222222222";

pub(crate) const CALLERS: &[Caller] = &[
    Caller::User("arn:aws:iam::111111111111:user/ann"),
    Caller::User("arn:aws:iam::111111111111:user/team/blue/bob"),
    Caller::Session {
        role: "arn:aws:iam::111111111111:role/app",
        session: "arn:aws:sts::111111111111:assumed-role/app/i-0abc",
    },
    Caller::Session {
        role: "arn:aws:iam::111111111111:role/blue-worker",
        session: "arn:aws:sts::111111111111:assumed-role/blue-worker/ann",
    },
];

pub(crate) const OTHERS: &[&str] = &[
    "arn:aws:iam::111111111111:user/other",
    "arn:aws:iam::111111111111:role/other",
    "arn:aws:sts::111111111111:assumed-role/app/other",
    "arn:aws:iam::222222222222:user/ann",
    "arn:aws:iam::222222222222:root",
    "222222222222",
];

const fn key(name: &'static str, kind: Compared, values: &'static [&'static str]) -> Key {
    Key { name, kind, values }
}

/// Those that any request may have.
pub(crate) const KEYS: &[Key] = &[
    key(
        "aws:PrincipalArn",
        Compared::Arn,
        &[
            "arn:aws:iam::111111111111:user/ann",
            "arn:aws:iam::111111111111:role/app",
            "arn:aws:iam::111111111111:role/blue-worker",
        ],
    ),
    key("aws:PrincipalAccount", Compared::Text, &[OWN, OTHER]),
    key("aws:username", Compared::Text, &["ann", "bob"]),
    key(
        "aws:PrincipalTag/team",
        Compared::Text,
        &["blue", "red", "Blue", "b*e"],
    ),
    key(
        "aws:PrincipalOrgID",
        Compared::Text,
        &["o-a1b2c3d4e5", "o-zzzzzzzzzz"],
    ),
    key(
        "aws:PrincipalOrgPaths",
        Compared::Texts,
        &[
            "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/",
            "o-a1b2c3d4e5/r-ab12/",
        ],
    ),
    key("aws:SourceVpc", Compared::Text, &["vpc-1a2b", "vpc-3c4d"]),
    key(
        "aws:SourceIp",
        Compared::Address,
        &[
            "203.0.113.7",
            "203.0.113.70",
            "10.1.2.3",
            "2001:db8::1",
            "2001:db8:0:1::1",
        ],
    ),
    key(
        "aws:RequestedRegion",
        Compared::Text,
        &["us-east-1", "eu-west-1"],
    ),
    key("aws:SecureTransport", Compared::Truth, &["true", "false"]),
    key(
        "aws:MultiFactorAuthPresent",
        Compared::Truth,
        &["true", "false"],
    ),
    key(
        "aws:MultiFactorAuthAge",
        Compared::Number,
        &["0", "299", "300", "3600"],
    ),
    key(
        "aws:CurrentTime",
        Compared::Moment,
        &[
            "2026-11-21T06:22:08Z",
            "2026-11-21T00:00:00Z",
            "2026-11-20T23:59:59Z",
        ],
    ),
    key(
        "aws:TokenIssueTime",
        Compared::Moment,
        &["2026-11-21T06:22:08Z", "2025-01-01T00:00:00Z"],
    ),
    key(
        "aws:EpochTime",
        Compared::Moment,
        &["1795242128", "1795242127", "0"],
    ),
    key(
        "aws:SourceArn",
        Compared::Arn,
        &[
            "arn:aws:s3:::blue",
            "arn:aws:ec2:us-east-1:111111111111:instance/i-0abc",
        ],
    ),
    key("aws:ViaAWSService", Compared::Truth, &["true", "false"]),
    key(
        "aws:CalledVia",
        Compared::Texts,
        &["kms.amazonaws.com", "athena.amazonaws.com"],
    ),
    key("aws:TagKeys", Compared::Texts, &["team", "Team", "cost"]),
    key(
        "aws:UserAgent",
        Compared::Text,
        &["aws-cli/2.31", "Boto3/1.40"],
    ),
];

const SECRET_KEYS: &[Key] = &[
    key(
        "secretsmanager:VersionStage",
        Compared::Text,
        &["AWSCURRENT", "AWSPREVIOUS"],
    ),
    key("aws:ResourceTag/team", Compared::Text, &["blue", "red"]),
];

const KEY_KEYS: &[Key] = &[
    key(
        "kms:ViaService",
        Compared::Text,
        &["secretsmanager.us-east-1.amazonaws.com"],
    ),
    key(
        "kms:EncryptionContextKeys",
        Compared::Texts,
        &["SecretARN", "SecretVersionId"],
    ),
];

const TRUST_KEYS: &[Key] = &[
    key("sts:ExternalId", Compared::Text, &["blue-1", "red-1"]),
    key("sts:RoleSessionName", Compared::Text, &["ann", "bob"]),
    key("sts:TransitiveTagKeys", Compared::Texts, &["team", "cost"]),
];

const INSTANCE_KEYS: &[Key] = &[
    key(
        "ec2:InstanceType",
        Compared::Text,
        &["t3.micro", "m7i.large"],
    ),
    key(
        "ec2:MetadataHttpPutResponseHopLimit",
        Compared::Number,
        &["1", "2"],
    ),
    key("ec2:ResourceTag/team", Compared::Text, &["blue", "red"]),
];

const fn target(
    action: &'static str,
    resource: &'static str,
    holder: Holder,
    keys: &'static [Key],
) -> Target {
    Target {
        action,
        resource,
        holder,
        keys,
    }
}

const SECRET: &str = "arn:aws:secretsmanager:us-east-1:{}:secret:blue/db-AbCdEf";
const SECRET_OF_ANN: &str = "arn:aws:secretsmanager:eu-west-1:{}:secret:ann-AbCdEf";
const KMS_KEY: &str = "arn:aws:kms:us-east-1:{}:key/1234abcd-12ab-34cd-56ef-1234567890ab";

pub(crate) const TARGETS: &[Target] = &[
    target(
        "secretsmanager:GetSecretValue",
        SECRET,
        Holder::Sufficient,
        SECRET_KEYS,
    ),
    target(
        "secretsmanager:GetSecretValue",
        SECRET_OF_ANN,
        Holder::Sufficient,
        SECRET_KEYS,
    ),
    target("secretsmanager:ListSecrets", "*", Holder::Nothing, &[]),
    target(
        "iam:GetRole",
        "arn:aws:iam::{}:role/app",
        Holder::Nothing,
        &[],
    ),
    target(
        "iam:GetUser",
        "arn:aws:iam::{}:user/team/blue/ann",
        Holder::Nothing,
        &[],
    ),
    target("iam:ListRoles", "*", Holder::Nothing, &[]),
    target(
        "sts:AssumeRole",
        "arn:aws:iam::{}:role/blue",
        Holder::Role,
        TRUST_KEYS,
    ),
    target("kms:Decrypt", KMS_KEY, Holder::Key, KEY_KEYS),
    target("kms:GenerateDataKey", KMS_KEY, Holder::Key, KEY_KEYS),
    target(
        "ec2:TerminateInstances",
        "arn:aws:ec2:us-east-1:{}:instance/i-0abc",
        Holder::Nothing,
        INSTANCE_KEYS,
    ),
    target("ec2:DescribeInstances", "*", Holder::Nothing, &[]),
    target(
        "s3:GetObject",
        "arn:aws:s3:::blue/ann/report.txt",
        Holder::Sufficient,
        &[],
    ),
    target(
        "s3:ListBucket",
        "arn:aws:s3:::blue",
        Holder::Sufficient,
        &[
            key("s3:prefix", Compared::Text, &["ann/", "bob/", "ann"]),
            key("s3:max-keys", Compared::Number, &["10", "100"]),
        ],
    ),
];

pub(crate) const TEXT_OPERATORS: &[&str] = &[
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
];
pub(crate) const ARN_OPERATORS: &[&str] = &[
    "ArnEquals",
    "ArnNotEquals",
    "ArnLike",
    "ArnNotLike",
    "StringEquals",
    "StringLike",
];
pub(crate) const NUMBER_OPERATORS: &[&str] = &[
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
];
pub(crate) const MOMENT_OPERATORS: &[&str] = &[
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
];
