//! Grants of KMS keys, found by key, by grantee and by who may retire them.
//!
//! Every call on a key that its policy does not allow looks for the caller's grants, so they are
//! found without a walk over those of others.

use std::sync::Arc;

use imbl::{OrdMap, OrdSet};
use policy::{Kind, Policy};

use super::StateError;
use super::held::compile;
use crate::entity::KmsGrant;

/// A grant as a policy.
#[derive(Debug)]
pub(crate) struct HeldGrant {
    pub(crate) grant: KmsGrant,
    /// How reasons name it.
    pub(crate) name: String,
    /// What it allows to whom, retiring it among that.
    pub(crate) policy: Policy,
}

/// All grants.
#[derive(Debug, Clone, Default)]
pub(super) struct Grants {
    of_keys: OrdMap<String, OfKey>,
    // Key id and grant id, by who may retire the grant.
    retired_by: OrdMap<String, OrdSet<(String, String)>>,
}

/// The grants of one key.
#[derive(Debug, Clone, Default)]
struct OfKey {
    grants: OrdMap<String, Arc<HeldGrant>>,
    of_grantees: OrdMap<String, OrdSet<String>>,
}

impl HeldGrant {
    pub(crate) fn new(grant: KmsGrant) -> Result<Self, StateError> {
        let at = format!("{}/{}", grant.key, grant.id);
        let policy = compile("kms/grant", &at, &statements(&grant), Kind::Resource)?;
        Ok(Self {
            name: format!("grant {}", grant.id),
            grant,
            policy,
        })
    }
}

/// What a grant says, as a policy says it. The constraint is no part of it: conditions do not tell
/// names apart that differ in case alone.
fn statements(grant: &KmsGrant) -> String {
    const RETIRE: &str = "RetireGrant";
    let statement = |principals: &[&str], actions: &[String]| {
        serde_json::json!({
            "Effect": "Allow",
            "Principal": {"AWS": principals},
            "Action": actions,
            "Resource": "*",
        })
    };
    let operations = grant.operations.iter();
    let actions: Vec<String> = operations
        .filter(|operation| *operation != RETIRE)
        .map(|operation| format!("kms:{operation}"))
        .collect();
    let mut retiring: Vec<&str> = grant.retiring.as_deref().into_iter().collect();
    if actions.len() < grant.operations.len() {
        retiring.push(&grant.grantee);
    }
    let mut statements = Vec::new();
    if !actions.is_empty() {
        statements.push(statement(&[&grant.grantee], &actions));
    }
    if !retiring.is_empty() {
        statements.push(statement(&retiring, &[format!("kms:{RETIRE}")]));
    }
    serde_json::json!({"Version": "2012-10-17", "Statement": statements}).to_string()
}

impl Grants {
    pub(super) fn of_key(&self, key: &str) -> Option<&OrdMap<String, Arc<HeldGrant>>> {
        Some(&self.of_keys.get(key)?.grants)
    }

    pub(super) fn of_grantee<'a>(
        &'a self,
        key: &str,
        grantee: &str,
    ) -> impl Iterator<Item = &'a Arc<HeldGrant>> + use<'a> {
        let of_key = self.of_keys.get(key);
        let ids = of_key.and_then(|of_key| of_key.of_grantees.get(grantee));
        let ids = ids.into_iter().flatten();
        ids.filter_map(move |id| of_key?.grants.get(id))
    }

    pub(super) fn retired_by<'a>(
        &'a self,
        principal: &str,
    ) -> impl Iterator<Item = &'a Arc<HeldGrant>> + use<'a> {
        let ids = self.retired_by.get(principal).into_iter().flatten();
        ids.filter_map(|(key, id)| self.of_keys.get(key)?.grants.get(id))
    }

    pub(super) fn put(&mut self, grant: KmsGrant) -> Result<(), StateError> {
        let held = HeldGrant::new(grant)?;
        let KmsGrant { id, key, .. } = &held.grant;
        let (id, key) = (id.clone(), key.clone());
        self.delete(&key, &id);
        if let Some(retiring) = &held.grant.retiring {
            let of = self.retired_by.entry(retiring.clone()).or_default();
            of.insert((key.clone(), id.clone()));
        }
        let of_key = self.of_keys.entry(key).or_default();
        let of_grantee = of_key.of_grantees.entry(held.grant.grantee.clone());
        of_grantee.or_default().insert(id.clone());
        of_key.grants.insert(id, Arc::new(held));
        Ok(())
    }

    pub(super) fn delete(&mut self, key: &str, id: &str) {
        let Some(of_key) = self.of_keys.get_mut(key) else {
            return;
        };
        let Some(held) = of_key.grants.remove(id) else {
            return;
        };
        if let Some(ids) = of_key.of_grantees.get_mut(&held.grant.grantee) {
            ids.remove(id);
            if ids.is_empty() {
                of_key.of_grantees.remove(&held.grant.grantee);
            }
        }
        if of_key.grants.is_empty() {
            self.of_keys.remove(key);
        }
        let Some(retiring) = &held.grant.retiring else {
            return;
        };
        if let Some(ids) = self.retired_by.get_mut(retiring) {
            ids.remove(&(key.to_owned(), id.to_owned()));
            if ids.is_empty() {
                self.retired_by.remove(retiring);
            }
        }
    }
}
