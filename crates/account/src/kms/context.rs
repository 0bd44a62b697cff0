//! The encryption context: names and values that are not secret and must be told again to decrypt.
//!
//! Source: KMS Developer Guide, "Encryption context". Their order does not matter, every letter and
//! its case does.

use std::collections::{BTreeMap, BTreeSet};

use protocol::{Fault, Record, Value};

use super::faults::validation;
use crate::gate::{Need, keys};

/// The names with their values, sorted.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Context<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> Context<'a> {
    /// What a call gives; empty where it gives none.
    pub(super) fn given(input: &'a Record, member: &str) -> Self {
        match input.get(member) {
            Some(Value::Map(entries)) => entries
                .iter()
                .filter_map(|(name, value)| match value {
                    Value::String(value) => Some((name.as_str(), value.as_str())),
                    _ => None,
                })
                .collect(),
            _ => Self::default(),
        }
    }

    /// Whether there is no entry.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Refuses one that is too long, or whose names policies could not tell apart.
    pub(super) fn check(&self) -> Result<(), Fault> {
        let bytes: usize = self
            .0
            .iter()
            .map(|(name, value)| name.len() + value.len())
            .sum();
        if bytes > CONTEXT_BYTES_MAX {
            return Err(validation(format!(
                "The encryption context has {bytes} bytes, more than {CONTEXT_BYTES_MAX}."
            )));
        }
        // `kms:EncryptionContext:NAME` is looked up in any case.
        let lower: BTreeSet<String> = self
            .0
            .keys()
            .map(|name| name.to_ascii_lowercase())
            .collect();
        if lower.len() < self.0.len() {
            return Err(validation(
                "The encryption context has names that differ in case alone.",
            ));
        }
        Ok(())
    }

    /// The same of all contexts that are equal, and of no others: each text after its length.
    pub(super) fn canonical(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for text in self.0.iter().flat_map(|(name, value)| [name, value]) {
            bytes.extend((text.len() as u64).to_be_bytes());
            bytes.extend(text.as_bytes());
        }
        bytes
    }

    /// A need with what policies can ask about it.
    pub(super) fn on(&self, need: Need) -> Need {
        if self.0.is_empty() {
            return need;
        }
        let names: Vec<String> = self.0.keys().map(|name| (*name).to_owned()).collect();
        let need = need.with(&keys::KMS_CONTEXT_KEYS, names);
        self.0.iter().fold(need, |need, (name, value)| {
            need.with_part(&keys::KMS_CONTEXT, name, value)
        })
    }
}

impl<'a> FromIterator<(&'a str, &'a str)> for Context<'a> {
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a str)>>(entries: I) -> Self {
        Self(entries.into_iter().collect())
    }
}

// Source: KMS API Reference, "Encrypt".
const CONTEXT_BYTES_MAX: usize = 8_192;

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(entries: &[(&str, &str)]) -> Vec<u8> {
        entries.iter().copied().collect::<Context<'_>>().canonical()
    }

    #[test]
    fn order_does_not_matter_and_everything_else_does() {
        let one = canonical(&[("a", "b"), ("c", "d")]);
        assert_eq!(one, canonical(&[("c", "d"), ("a", "b")]));
        for other in [
            &[][..],
            &[("a", "b")],
            &[("a", "bc"), ("", "d")],
            &[("a", "bcd")],
            &[("a", "d"), ("c", "b")],
            &[("A", "b"), ("c", "d")],
            &[("a", "b"), ("c", "d"), ("", "")],
        ] {
            assert_ne!(one, canonical(other), "{other:?}");
        }
    }

    #[test]
    fn what_is_too_long_or_ambiguous_is_refused() {
        let long = "x".repeat(CONTEXT_BYTES_MAX);
        let check =
            |entries: &[(&str, &str)]| entries.iter().copied().collect::<Context<'_>>().check();
        assert_eq!(check(&[("", &long)]), Ok(()));
        assert!(check(&[("n", &long)]).is_err());
        assert!(check(&[("Team", "a"), ("team", "b")]).is_err());
    }
}
