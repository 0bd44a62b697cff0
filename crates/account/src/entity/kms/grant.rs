//! What somebody may do with a KMS key beside what the key's policy says.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A grant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KmsGrant {
    /// 64 hexadecimal digits.
    pub id: String,
    /// Id of the key.
    pub key: String,
    /// The name by which a repeated CreateGrant is known; may be empty.
    pub name: String,
    /// ARN of who may.
    pub grantee: String,
    /// ARN of who may retire the grant, beside the account.
    pub retiring: Option<String>,
    /// What the grantee may: operations as grants call them, `Decrypt`.
    pub operations: Vec<String>,
    /// In which encryption contexts alone.
    pub constraint: Option<KmsGrantConstraint>,
    /// When it was created.
    pub created: Timestamp,
}

/// A condition on the encryption context of what a grant allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum KmsGrantConstraint {
    /// `EncryptionContextEquals`: these entries and no others.
    Equals(BTreeMap<String, String>),
    /// `EncryptionContextSubset`: these entries at least.
    Subset(BTreeMap<String, String>),
}

impl KmsGrant {
    /// Room for the stored form.
    pub(in crate::entity) fn bytes_expected(&self) -> usize {
        let entries = match &self.constraint {
            Some(KmsGrantConstraint::Equals(entries) | KmsGrantConstraint::Subset(entries)) => {
                entries.iter()
            }
            None => return 0,
        };
        // A quote takes two bytes in JSON.
        entries
            .map(|(name, value)| 2 * (name.len() + value.len()) + 8)
            .sum()
    }
}
