//! All that collectors gathered, and what they could not gather. Knows no collector.

use serde::{Deserialize, Serialize};

use crate::account::AccountFacts;
use crate::code::CodeFacts;
use crate::host::HostFacts;

/// The evidence. Each part is there if its collector ran, and each works alone.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// What the API of each account told.
    #[serde(default)]
    pub accounts: Vec<AccountFacts>,
    /// What was found on this host, or below a mounted root.
    pub host: Option<HostFacts>,
    /// What was found in folders of code, one for each folder.
    #[serde(default)]
    pub code: Vec<CodeFacts>,
    /// What could not be read.
    #[serde(default)]
    pub missing: Vec<Missing>,
}

/// Evidence that was asked for and is not there. An audit with any of it is not finished.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Missing {
    /// What was to be read: `ec2:DescribeInstances`, or a path.
    pub what: String,
    /// Of what: a region, an ARN, `host`, `code`.
    pub place: String,
    /// Why it is not there: `AccessDenied: ...`, `permission denied`, `not HCL: line 3`.
    pub why: String,
}
