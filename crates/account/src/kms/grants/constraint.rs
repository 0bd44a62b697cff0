//! Whether what is asked stays within a grant.
//!
//! Source: KMS Developer Guide, "Grants in KMS", "Using grant constraints".

use std::collections::BTreeMap;

use policy::Value as KeyValue;

use super::{CREATE, EQUALS};
use crate::entity::{KmsGrant, KmsGrantConstraint};
use crate::gate::{Need, keys};

/// Whether what a need asks keeps to a grant's constraint, and for a grant made by a grant, whether
/// it gives no more on than it has.
pub(crate) fn covers(grant: &KmsGrant, need: &Need) -> bool {
    let Some(operation) = need.action.strip_prefix("kms:") else {
        return false;
    };
    if !grant.operations.iter().any(|own| own == operation) {
        return false;
    }
    let prefix = keys::KMS_CONTEXT.of_part("");
    let entries = need.keys.iter().filter_map(|(name, value)| match value {
        KeyValue::Text(value) => Some((name.strip_prefix(&prefix)?, value.as_str())),
        _ => None,
    });
    let context: BTreeMap<&str, &str> = entries.collect();
    let has = |entries: &BTreeMap<String, String>| {
        let mut entries = entries.iter();
        entries.all(|(name, value)| context.get(name.as_str()) == Some(&value.as_str()))
    };
    let key = |name: &str| need.keys.iter().find(|(known, _)| known == name);
    let is_equals = || match key(keys::KMS_GRANT_CONSTRAINT_TYPE.name) {
        Some((_, KeyValue::Text(kind))) => kind == EQUALS,
        _ => false,
    };
    let keeps = match &grant.constraint {
        None => true,
        // These have no encryption context.
        Some(_) if matches!(operation, "DescribeKey" | "RetireGrant") => true,
        Some(KmsGrantConstraint::Subset(entries)) => has(entries),
        Some(KmsGrantConstraint::Equals(entries)) => {
            let is_whole = entries.len() == context.len() && has(entries);
            is_whole && (operation != CREATE || is_equals())
        }
    };
    let gives = match key(keys::KMS_GRANT_OPERATIONS.name) {
        Some((_, KeyValue::List(given))) => given.iter().all(|it| grant.operations.contains(it)),
        _ => operation != CREATE,
    };
    keeps && gives
}
