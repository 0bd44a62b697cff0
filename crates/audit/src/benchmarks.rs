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
    Reference::security_hub("IAM.3"),
];
