//! Where benchmarks ask for what several rules ask for. Their numbers change with the version.

use crate::Reference;

/// "Ensure IAM instance roles are used for AWS resource access from instances".
pub(crate) const INSTANCE_ROLES: &[Reference] = &[
    Reference::cis("3.0", "1.18"),
    Reference::cis("5.0", "1.17"),
    Reference::cis("6.0", "2.17"),
    Reference::cis("7.0", "2.16"),
];

/// "Ensure that EC2 Metadata Service only allows IMDSv2".
pub(crate) const TOKENS: &[Reference] = &[
    Reference::cis("3.0", "5.6"),
    Reference::cis("5.0", "5.7"),
    Reference::cis("6.0", "6.7"),
    Reference::cis("7.0", "6.7"),
    Reference::security_hub("EC2.8"),
];

/// "Ensure access keys are rotated every 90 days or less".
pub(crate) const KEY_ROTATION: &[Reference] = &[
    Reference::cis("3.0", "1.14"),
    Reference::cis("5.0", "1.13"),
    Reference::cis("6.0", "2.13"),
    Reference::cis("7.0", "2.12"),
    Reference::security_hub("IAM.3"),
];

/// "Ensure credentials unused for 45 days or more are disabled".
pub(crate) const UNUSED_KEYS: &[Reference] = &[
    Reference::cis("3.0", "1.12"),
    Reference::cis("5.0", "1.11"),
    Reference::cis("6.0", "2.11"),
    Reference::cis("7.0", "2.11"),
    Reference::security_hub("IAM.22"),
];

/// "Ensure there is only one active access key for any single IAM user". 7.0 does not ask for it.
pub(crate) const ONE_KEY: &[Reference] = &[
    Reference::cis("3.0", "1.13"),
    Reference::cis("5.0", "1.12"),
    Reference::cis("6.0", "2.12"),
];

/// "Ensure no 'root' user account access key exists".
pub(crate) const ROOT_KEY: &[Reference] = &[
    Reference::cis("3.0", "1.4"),
    Reference::cis("5.0", "1.3"),
    Reference::cis("6.0", "2.3"),
    Reference::cis("7.0", "2.4"),
    Reference::security_hub("IAM.4"),
];

/// "Ensure IAM policies that allow full `*:*` administrative privileges are not attached".
pub(crate) const ADMINISTRATORS: &[Reference] = &[
    Reference::cis("3.0", "1.16"),
    Reference::cis("5.0", "1.15"),
    Reference::cis("6.0", "2.15"),
    Reference::cis("7.0", "2.14"),
    Reference::security_hub("IAM.1"),
];
