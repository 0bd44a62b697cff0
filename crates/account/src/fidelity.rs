//! How far each operation is as AWS has it: the table behind `docs/fidelity.md`.
//!
//! A service's notes stand beside its rows, in its own `fidelity.rs`. They name the very lists by
//! which the handlers refuse parameters. Nothing here decides or answers anything.

use crate::{autoscaling, cloudtrail, ec2, iam, kms, organizations, secretsmanager, sts};

pub use crate::metadata::paths;

/// What is to be said of a service.
#[derive(Debug)]
pub struct Service {
    /// As in `protocol::shape`: `secretsmanager`.
    pub name: &'static str,
    /// As AWS calls it.
    pub title: &'static str,
    /// What differs in more than one of its operations, a sentence each.
    pub remarks: &'static [&'static str],
    /// One for each operation that there is, sorted by name.
    pub notes: &'static [Note],
}

/// What is to be said of one operation.
#[derive(Debug)]
pub struct Note {
    /// `CreateRole`
    pub operation: &'static str,
    /// Whether it is as on AWS.
    pub fidelity: Fidelity,
    /// Parameters that are refused by name.
    pub refused: &'static [Refused],
    /// Whether some of its error messages are in our own words, because AWS's were not found. The
    /// error's code is AWS's all the same.
    pub has_own_words: bool,
}

/// How something compares with AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fidelity {
    /// No difference is known.
    Exact,
    /// What differs, in a plain sentence.
    Differs(&'static str),
    /// It is not there.
    Absent,
}

/// Parameters that an operation refuses, in one structure of its input.
#[derive(Debug)]
pub struct Refused {
    /// The structure, as `LaunchTemplateData`; empty for the input itself.
    pub within: &'static str,
    /// Which of its members.
    pub members: Members,
}

/// Members of a structure.
#[derive(Debug)]
pub enum Members {
    /// These.
    Named(&'static [&'static str]),
    /// All that are in none of these lists.
    AllBut(&'static [&'static [&'static str]]),
}

pub(crate) const fn exact(operation: &'static str) -> Note {
    Note {
        operation,
        fidelity: Fidelity::Exact,
        refused: &[],
        has_own_words: false,
    }
}

pub(crate) const fn differs(operation: &'static str, how: &'static str) -> Note {
    Note {
        fidelity: Fidelity::Differs(how),
        ..exact(operation)
    }
}

impl Note {
    pub(crate) const fn refuses(self, refused: &'static [Refused]) -> Self {
        Self { refused, ..self }
    }

    pub(crate) const fn in_own_words(self) -> Self {
        Self {
            has_own_words: true,
            ..self
        }
    }
}

/// Members of the input itself.
pub(crate) const fn named(members: &'static [&'static str]) -> Refused {
    within("", members)
}

pub(crate) const fn within(structure: &'static str, members: &'static [&'static str]) -> Refused {
    Refused {
        within: structure,
        members: Members::Named(members),
    }
}

pub(crate) const fn all_but(
    structure: &'static str,
    members: &'static [&'static [&'static str]],
) -> Refused {
    Refused {
        within: structure,
        members: Members::AllBut(members),
    }
}

/// What is to be said of each service, in the order of their names.
pub static SERVICES: &[&Service] = &[
    &autoscaling::FIDELITY,
    &cloudtrail::FIDELITY,
    &ec2::FIDELITY,
    &iam::FIDELITY,
    &kms::FIDELITY,
    &organizations::FIDELITY,
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
        "No service of AWS calls, but for Secrets Manager, which calls KMS for its callers. \
         Service-linked roles are not made.",
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
