//! How far each operation is as AWS has it: the table behind `docs/fidelity.md`.
//!
//! A service's notes stand beside its rows, in its own `fidelity.rs`. They name the very lists by
//! which the handlers refuse parameters. Nothing here decides or answers anything.

pub(crate) mod note;

use crate::{autoscaling, cloudtrail, ec2, iam, kms, organizations, s3, secretsmanager, sts};

pub use self::note::{Fidelity, Members, Note, Refused, Service};
pub use crate::metadata::paths;

/// What is to be said of each service, in the order of their names.
pub static SERVICES: &[&Service] = &[
    &autoscaling::FIDELITY,
    &cloudtrail::FIDELITY,
    &ec2::FIDELITY,
    &iam::FIDELITY,
    &kms::FIDELITY,
    &organizations::FIDELITY,
    &s3::FIDELITY,
    &secretsmanager::FIDELITY,
    &sts::FIDELITY,
];

/// What differs for all services, by its subject.
pub static GENERAL: &[(&str, &str)] = &[
    (
        "time",
        "What a call changes is in force when it is answered. AWS needs seconds for some of it.",
    ),
    (
        "regions",
        "Those of the partition `aws`, from botocore. IAM, Organizations and STS say `us-east-1` \
         in `aws:RequestedRegion`.",
    ),
    (
        "root user",
        "There is none. A key whose policy locks everybody out does not come back.",
    ),
    (
        "MFA",
        "There is none. `aws:MultiFactorAuthPresent` is `false` for sessions and absent for users.",
    ),
    (
        "services as callers",
        "No service of AWS calls, but for Secrets Manager and S3, which call KMS for their \
         callers. Service-linked roles are not made.",
    ),
    (
        "VPC endpoints",
        "There are none: their policies are not evaluated, and `aws:SourceVpce` is in no request. \
         What is called from inside `rolecall instance enter` comes from the instance's VPC all \
         the same, with `aws:SourceVpc` and `aws:VpcSourceIp`.",
    ),
    (
        "throttling",
        "No call is throttled. Bodies, heads and lists have bounds ([account.md](account.md)).",
    ),
    (
        "pages",
        "A page is as long as it is asked for; AWS may answer fewer. Tokens of pages are ours.",
    ),
    (
        "answers",
        "They have the members that there is something true to say in; others of AWS's are left \
         out.",
    ),
    (
        "filters",
        "A filter of a Describe call that is not known here is refused, also where AWS knows it.",
    ),
    (
        "messages",
        "Codes and HTTP statuses are AWS's. Texts are AWS's where they were found; `own words` \
         marks operations where some are known to be ours, and there may be more. A refusal of a \
         parameter is always in our words.",
    ),
    (
        "the record",
        "An answer does not wait for its record, unless the server is strict: a kill loses the \
         records of about two milliseconds, a power loss those of up to half a minute \
         ([trail.md](trail.md)).",
    ),
    (
        "policies",
        "A policy that this server cannot evaluate in full is refused when it is stored \
         ([policy.md](policy.md)); condition keys beyond [those of the \
         table](conditions.md) are in no request.",
    ),
];

/// What a policy can allow that is no operation, because other operations ask for it.
pub static PERMISSIONS: &[&str] = &[
    "iam:PassRole",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
    "sts:SetSourceIdentity",
    "sts:TagSession",
];

#[cfg(test)]
mod tests;
