//! Accounts as entities.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Settings;

/// An account of the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountEntity {
    /// Twelve digits.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Unique in the organization.
    pub email: String,
    /// When it was made.
    pub created: Timestamp,
}

impl AccountEntity {
    /// The account that the server was made with.
    pub fn founding(settings: &Settings) -> Self {
        Self::new(&settings.account_id, None, settings.created)
    }

    /// One more account; its name is its number where none is given.
    pub fn new(id: &str, name: Option<&str>, created: Timestamp) -> Self {
        Self {
            id: id.to_owned(),
            name: name.unwrap_or(id).to_owned(),
            email: format!("{id}@{MAIL_DOMAIN}"),
            created,
        }
    }
}

// Reserved for examples: nobody is ever written to. RFC 2606.
const MAIL_DOMAIN: &str = "example.com";
