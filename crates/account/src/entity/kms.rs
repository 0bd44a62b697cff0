//! KMS's entities.

mod grant;
mod spec;

use jiff::{SignedDuration, Timestamp};
use protocol::{Arn, Secret};
use serde::{Deserialize, Serialize};

pub use self::grant::{KmsGrant, KmsGrantConstraint};
pub use self::spec::{KmsKeySpec, KmsKeyUsage, RsaBits};
use super::Tag;
use crate::home::Home;

/// A key with all its material.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KmsKey {
    /// A UUID.
    pub id: String,
    /// Ends in `key/` and the id.
    pub arn: String,
    /// Of which kind it is.
    pub spec: KmsKeySpec,
    /// What it is for, where its kind leaves a choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chosen_usage: Option<KmsKeyUsage>,
    /// What a person wrote about it; may be empty.
    pub description: String,
    /// Whether it can be used.
    pub state: KmsKeyState,
    /// When it was created.
    pub created: Timestamp,
    /// The key policy's text, named `default`.
    pub policy: String,
    /// Tags.
    pub tags: Vec<Tag>,
    /// How often new material is made, if it is.
    pub rotation: Option<KmsRotation>,
    /// What it encrypts with, the oldest first; only the last one encrypts, each decrypts its own.
    // INVARIANT: not empty, and `versions` grow by one.
    pub materials: Vec<KmsMaterial>,
}

/// Whether a key can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum KmsKeyState {
    /// It can.
    Enabled,
    /// Not until it is enabled.
    Disabled,
    /// Not any more, unless its deletion is cancelled.
    PendingDeletion {
        /// When it ends to be.
        end: Timestamp,
    },
}

/// Automatic rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct KmsRotation {
    /// From one material to the next.
    pub period_days: i64,
    /// When rotation was enabled, or last happened.
    pub since: Timestamp,
}

/// One version of what a key encrypts with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KmsMaterial {
    /// From 1.
    pub version: u32,
    /// When it was made.
    pub created: Timestamp,
    /// Whether somebody asked for it, and not the clock.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub on_demand: bool,
    /// As long as [`KmsKeySpec::material_bytes`]; of an RSA key the private key in PKCS #8.
    #[serde(with = "super::stored_secret")]
    pub secret: Secret,
}

/// A name of a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KmsAlias {
    /// Without `alias/`.
    pub name: String,
    /// Id of the key that it is a name of.
    pub key: String,
    /// When it was created.
    pub created: Timestamp,
    /// When it last became another key's.
    pub updated: Timestamp,
}

impl KmsKey {
    /// Where it stands, by its ARN.
    pub(crate) fn home(&self) -> Home {
        let arn = Arn::parse(&self.arn);
        let (account, region) = arn
            .as_ref()
            .map_or(("", ""), |arn| (arn.account(), arn.region()));
        Home::new(account, region)
    }

    /// Whether the waiting period has ended: the key is then as if it had never been.
    pub fn is_gone(&self, now: Timestamp) -> bool {
        matches!(self.state, KmsKeyState::PendingDeletion { end, .. } if end <= now)
    }

    /// What it is for.
    pub fn usage(&self) -> KmsKeyUsage {
        let only = || self.spec.usages().first().copied();
        self.chosen_usage
            .or_else(only)
            .unwrap_or(KmsKeyUsage::EncryptDecrypt)
    }

    /// The algorithms that it has.
    pub fn algorithms(&self) -> &'static [&'static str] {
        self.spec.algorithms(self.usage())
    }

    /// Room for the stored form beside its smaller members.
    pub(super) fn bytes_expected(&self) -> usize {
        let tags = self.tags.iter();
        let tags: usize = tags.map(|tag| tag.key.len() + tag.value.len() + 32).sum();
        let materials = self.materials.iter();
        let materials = materials
            .map(|material| material.secret.len().div_ceil(3) * 4 + MATERIAL_BYTES)
            .sum::<usize>();
        // A quote or a line's end takes two bytes in JSON.
        2 * (self.policy.len() + self.description.len() + tags) + materials
    }
}

impl KmsRotation {
    /// When the next material is due.
    pub fn next(&self) -> Timestamp {
        self.since + SignedDuration::from_hours(24 * self.period_days)
    }
}

// A moment, a number and their names.
const MATERIAL_BYTES: usize = 144;
