//! How a metadata service differs from what EC2 does now.

use account::metadata::Manner;
use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// One difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ImdsOption {
    /// A folder asked for without a slash is answered 301, as instances on Xen did.
    Redirects,
    /// Connections are kept, but for those that a token was sent on.
    KeepAlive,
    /// Credentials are below `iam/security-credentials-extended/` too, which SDKs try first.
    ExtendedCredentials,
}

impl ImdsOption {
    /// All that were given.
    pub(crate) fn manner(given: &[Self]) -> Manner {
        Manner {
            redirects: given.contains(&Self::Redirects),
            keeps_alive: given.contains(&Self::KeepAlive),
            extended_credentials: given.contains(&Self::ExtendedCredentials),
        }
    }
}
