//! Secrets Manager's entities.

use std::collections::BTreeMap;

use jiff::Timestamp;
use protocol::Secret;
use serde::{Deserialize, Serialize};

use super::{SecretRotation, Tag};

/// A secret without its values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretEntity {
    /// Unique in the region.
    pub name: String,
    /// Ends in a hyphen and six random characters.
    pub arn: String,
    /// What a person wrote about it.
    pub description: Option<String>,
    /// The KMS key asked for; absent for `aws/secretsmanager`.
    pub kms_key_id: Option<String>,
    /// When it was created.
    pub created: Timestamp,
    /// When a value or a setting last changed.
    pub changed: Timestamp,
    /// When deletion was asked for, and when the recovery window ends.
    pub deletion: Option<(Timestamp, Timestamp)>,
    /// The version each staging label is attached to.
    // INVARIANT: every id here has a `SecretVersion` record.
    pub stages: BTreeMap<String, String>,
    /// Tags.
    pub tags: Vec<Tag>,
    /// The resource policy's text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// Where copies of it are kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replicas: Vec<Replica>,
    /// Of a copy: the region of what it is a copy of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary_region: Option<String>,
    /// How it rotates, if that was ever set up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rotation: Option<Box<SecretRotation>>,
}

/// A copy of a secret in another region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replica {
    /// Where it is.
    pub region: String,
    /// The KMS key of that region asked for; absent for `aws/secretsmanager`.
    pub kms_key_id: Option<String>,
    /// Why there is none, where it could not be made.
    pub failure: Option<String>,
}

/// One version of a secret.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SecretVersion {
    /// Name of the secret.
    pub secret: String,
    /// The `ClientRequestToken` it was made with.
    pub id: String,
    /// When it was created.
    pub created: Timestamp,
    /// Its value; none where a rotation has yet to make one.
    pub value: Option<SecretValue>,
    /// The customer's KMS key without which it is not read; absent for `aws/secretsmanager`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<SecretKey>,
}

/// What protects a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretKey {
    /// Id of the KMS key, whatever alias led to it.
    pub id: String,
    /// The version of its material that was current.
    pub material: u32,
}

/// A value, as it was put.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum SecretValue {
    /// `SecretString`
    Text(#[serde(with = "super::stored_secret")] Secret),
    /// `SecretBinary`
    Binary(#[serde(with = "super::stored_secret")] Secret),
}

impl SecretEntity {
    /// The staging labels attached to a version, sorted.
    pub fn stages_of(&self, version: &str) -> Vec<&str> {
        let attached = self.stages.iter().filter(|(_, id)| *id == version);
        attached.map(|(stage, _)| stage.as_str()).collect()
    }

    /// When its rotation has something to do next.
    pub fn rotation_due(&self) -> Option<Timestamp> {
        let rotation = self.rotation.as_ref()?;
        if self.deletion.is_some() {
            return None;
        }
        let scheduled = rotation.next.filter(|_| rotation.enabled);
        let job = rotation.job.as_ref().map(|job| job.at);
        job.or(scheduled.map(|window| window.start))
    }
}

impl SecretVersion {
    /// Length of the value in bytes.
    pub fn value_len(&self) -> usize {
        self.value.as_ref().map_or(0, SecretValue::len)
    }
}

impl SecretValue {
    /// Length in bytes.
    #[expect(clippy::len_without_is_empty, reason = "a value has at least one byte")]
    pub fn len(&self) -> usize {
        match self {
            Self::Text(secret) | Self::Binary(secret) => secret.len(),
        }
    }
}
