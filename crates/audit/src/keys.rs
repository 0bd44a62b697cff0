//! Access keys in bytes of any kind: key ids, secret access keys and session tokens, also where
//! base64, gzip or a process's environment holds them.
//!
//! Knows no file: who hands in bytes knows where they were. Holds no secret for longer than it
//! takes to judge it: what is told of one is its last characters, and a keyed hash to know it
//! again.
//!
//! Sources: IAM User Guide, "IAM identifiers" (prefixes of ids); the shape of ids and the account
//! in them as published by A. Steele (2020) and T. Be'ery (2023).

mod anchors;
mod id;
mod name;
mod open;
mod pair;
mod search;
mod value;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use id::account_of;
pub use search::{OPENED_BYTES_MAX, PACKED};

/// A key that was found. Holds nothing secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundKey {
    /// `AKIA...` or `ASIA...`, where an id stands there. For comparing; people are shown `masked`.
    pub key_id: Option<String>,
    /// For people: the prefix and the last four characters.
    pub masked: String,
    /// The account that owns the key, decoded from its id, where it can be.
    pub account: Option<String>,
    /// How long it lives.
    pub kind: Kind,
    /// Whether its secret access key stands there too: without one, an id opens nothing.
    pub has_secret: bool,
    /// Whether a session token stands there too.
    pub has_token: bool,
    /// When it ends, as it is written there.
    pub expires: Option<String>,
    /// The name that the value is given there: `AWS_SECRET_ACCESS_KEY`.
    pub name: Option<String>,
    /// From 1, in the bytes handed in.
    pub line: usize,
    /// From 1, in bytes.
    pub column: usize,
    /// From 0, in the bytes handed in.
    pub offset: usize,
    /// What had to be opened, from outside to inside.
    pub within: Vec<Container>,
    /// From 1, in what was inside, where something had to be opened.
    pub inner_line: Option<usize>,
    /// How sure it is.
    pub confidence: Confidence,
    /// The same for the same secret access key (or the same id, where no secret stands), under one
    /// key of the caller's. `None` without one.
    pub fingerprint: Option<String>,
}

/// How long a key lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Until somebody deletes it.
    LongLived,
    /// Of a role or a session; needs its token.
    Temporary,
    /// A secret access key whose id is not there.
    NotKnown,
}

/// What hides a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Container {
    /// RFC 4648, either alphabet.
    Base64,
    /// RFC 1952.
    Gzip,
    /// RFC 2781, either order.
    Utf16,
}

/// How sure it is that something is a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// An id with characters that no id is known to have.
    Low,
    /// An id alone, or a secret access key that only its name tells.
    Medium,
    /// An id with its secret access key.
    High,
}

/// What was found in some bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// In the order of their places.
    pub keys: Vec<FoundKey>,
    /// What a bound cut off, in words; empty if all was looked at.
    pub cut: Vec<&'static str>,
}

/// The keys in these bytes, without fingerprints.
pub fn scan(bytes: &[u8]) -> Vec<FoundKey> {
    search::search(bytes, None, OPENED_BYTES_MAX).keys
}

/// The keys in these bytes, and what was not looked at. Values are told apart by fingerprints under
/// `fingerprint_key`, which a caller draws anew for each audit. `opened_bytes_max` bounds what is
/// held of what is packed, [`OPENED_BYTES_MAX`] at most; beyond it, [`PACKED`] is cut.
pub fn find(bytes: &[u8], fingerprint_key: &[u8], opened_bytes_max: usize) -> Found {
    search::search(bytes, Some(fingerprint_key), opened_bytes_max)
}

impl FoundKey {
    /// For people: what had to be opened, as `base64, gzip`; empty if nothing had to be.
    pub fn containers(&self) -> String {
        let names: Vec<&str> = self.within.iter().map(|it| it.name()).collect();
        names.join(", ")
    }
}

impl Container {
    /// As reports name it.
    pub fn name(self) -> &'static str {
        match self {
            Container::Base64 => "base64",
            Container::Gzip => "gzip",
            Container::Utf16 => "UTF-16",
        }
    }
}
