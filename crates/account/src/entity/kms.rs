//! KMS's entities.

use jiff::{SignedDuration, Timestamp};
use protocol::{Arn, Secret};
use serde::{Deserialize, Serialize};

use super::Tag;
use crate::home::Home;

/// A key with all its material.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KmsKey {
    /// A UUID.
    pub id: String,
    /// Ends in `key/` and the id.
    pub arn: String,
    /// What it is for.
    pub spec: KmsKeySpec,
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

/// What a key is for, which never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum KmsKeySpec {
    /// `SYMMETRIC_DEFAULT`: encrypts, with AES-256-GCM.
    Symmetric,
    /// `HMAC_224`
    Hmac224,
    /// `HMAC_256`
    Hmac256,
    /// `HMAC_384`
    Hmac384,
    /// `HMAC_512`
    Hmac512,
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
    /// As long as [`KmsKeySpec::material_bytes`].
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

    /// Room for the stored form beside its smaller members.
    pub(super) fn bytes_expected(&self) -> usize {
        let tags = self.tags.iter();
        let tags: usize = tags.map(|tag| tag.key.len() + tag.value.len() + 32).sum();
        // A quote or a line's end takes two bytes in JSON.
        2 * (self.policy.len() + self.description.len() + tags)
            + self.materials.len() * MATERIAL_BYTES
    }
}

impl KmsKeySpec {
    const ALL: [Self; 5] = [
        Self::Symmetric,
        Self::Hmac224,
        Self::Hmac256,
        Self::Hmac384,
        Self::Hmac512,
    ];

    /// The one of this name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|spec| spec.name() == name)
    }

    /// `KeySpec`
    pub fn name(self) -> &'static str {
        match self {
            Self::Symmetric => "SYMMETRIC_DEFAULT",
            Self::Hmac224 => "HMAC_224",
            Self::Hmac256 => "HMAC_256",
            Self::Hmac384 => "HMAC_384",
            Self::Hmac512 => "HMAC_512",
        }
    }

    /// `KeyUsage`
    pub fn usage(self) -> &'static str {
        match self {
            Self::Symmetric => "ENCRYPT_DECRYPT",
            _ => "GENERATE_VERIFY_MAC",
        }
    }

    /// The one algorithm that it has.
    pub fn algorithm(self) -> &'static str {
        match self {
            Self::Symmetric => "SYMMETRIC_DEFAULT",
            Self::Hmac224 => "HMAC_SHA_224",
            Self::Hmac256 => "HMAC_SHA_256",
            Self::Hmac384 => "HMAC_SHA_384",
            Self::Hmac512 => "HMAC_SHA_512",
        }
    }

    /// Length of its material; of an HMAC key it is that of the hash.
    pub fn material_bytes(self) -> usize {
        match self {
            Self::Hmac224 => 28,
            Self::Symmetric | Self::Hmac256 => 32,
            Self::Hmac384 => 48,
            Self::Hmac512 => 64,
        }
    }
}

impl KmsRotation {
    /// When the next material is due.
    pub fn next(&self) -> Timestamp {
        self.since + SignedDuration::from_hours(24 * self.period_days)
    }
}

// At most 88 letters of base64, a moment, a number and their names.
const MATERIAL_BYTES: usize = 208;
