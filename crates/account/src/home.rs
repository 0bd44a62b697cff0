//! Where things stand: an account, and a region in it.

use std::fmt;
use std::sync::Arc;

/// An account and one of its regions. What is global stands in the account alone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Home {
    account: Arc<str>,
    region: Arc<str>,
}

impl Home {
    /// A region of an account.
    pub fn new(account: &str, region: &str) -> Self {
        Self {
            account: account.into(),
            region: region.into(),
        }
    }

    /// The twelve digits.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// Such as `us-east-1`.
    pub fn region(&self) -> &str {
        &self.region
    }
}

/// As record keys begin: `123456789012/us-east-1`.
impl fmt::Display for Home {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.account, self.region)
    }
}
