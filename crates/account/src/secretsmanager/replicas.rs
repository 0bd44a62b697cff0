//! Copies of secrets in other regions.
//!
//! A copy follows what it is a copy of within the call that changes it: whoever reads the answer
//! reads the new value in every region. Copies are changed by nothing else.
//!
//! Source: Secrets Manager User Guide, "Replicate AWS Secrets Manager secrets across Regions"; API
//! Reference, "ReplicateSecretToRegions", "RemoveRegionsFromReplication",
//! "StopReplicationToReplica".

use std::collections::BTreeSet;
use std::sync::Arc;

use protocol::{Arn, Fault, Record, Value};

use super::faults::{invalid_parameter, invalid_request};
use super::labels::CURRENT;
use super::lookup::{is_gone, load_live, on_secret};
use super::protection::{self, Asked};
use crate::entity::{Entity, Key, Replica, SecretEntity, SecretKey, SecretVersion, Step};
use crate::gate::{Caller, Need, keys};
use crate::home::Home;
use crate::kms::{self, Use};
use crate::operation::Row;
use crate::state::{HeldSecret, Partition, State};
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "ReplicateSecretToRegions",
        needs: replicate_needs,
        run: replicate,
    },
    Row {
        operation: "RemoveRegionsFromReplication",
        needs: |t, _, i| on_secret("secretsmanager:RemoveRegionsFromReplication", t, i),
        run: remove,
    },
    Row {
        operation: "StopReplicationToReplica",
        needs: |t, _, i| on_secret("secretsmanager:StopReplicationToReplica", t, i),
        run: stop,
    },
];

fn replicate_needs(
    transaction: &Transaction,
    _: &Caller,
    input: &Record,
) -> Result<Vec<Need>, Fault> {
    let action = "secretsmanager:ReplicateSecretToRegions";
    let needs = on_secret(action, transaction, input)?;
    let mut needs: Vec<Need> = needs.into_iter().map(|need| asking(need, input)).collect();
    if let Ok(held) = load_live(transaction, input) {
        let version = held.secret.stages.get(CURRENT);
        let version = version.and_then(|id| held.versions.get(id));
        let read =
            version.and_then(|version| protection::to_read(transaction, &held.secret, version));
        needs.extend(read);
        needs.extend(to_write(transaction, &held.secret.arn, input));
    }
    Ok(needs)
}

/// What a call needs that makes a secret and copies of it.
pub(super) fn needs_of_new(transaction: &Transaction, arn: &str, input: &Record) -> Vec<Need> {
    if input.list("AddReplicaRegions").is_empty() {
        return Vec::new();
    }
    let action = "secretsmanager:ReplicateSecretToRegions";
    let mut needs = vec![asking(Need::new(action, arn), input)];
    needs.extend(to_write(transaction, arn, input));
    needs
}

fn asking(need: Need, input: &Record) -> Need {
    let regions = input.records("AddReplicaRegions");
    let regions = regions.filter_map(|of| of.text("Region").map(str::to_owned));
    let force = input.boolean("ForceOverwriteReplicaSecret");
    need.with(
        &keys::SECRET_ADD_REPLICA_REGIONS,
        regions.collect::<Vec<_>>(),
    )
    .with(&keys::SECRET_FORCE_OVERWRITE, force.unwrap_or(false))
}

/// What the copies need on the keys of their regions.
fn to_write(transaction: &Transaction, arn: &str, input: &Record) -> Vec<Need> {
    let of_region = |of: &Record| {
        let there = elsewhere(transaction.state(), of.text("Region")?)?;
        let key = protection::asked(of)?.key?;
        let held = kms::named_from(&there, key, transaction.now).ok()?;
        let arn = arn_in(arn, there.region());
        let context = [
            ("SecretARN", arn.as_str()),
            ("SecretVersionId", protection::VALIDATION),
        ];
        let of = Use::GenerateDataKey;
        let need = kms::asked(&there, "secretsmanager", of, &held, &context);
        Some(need.denied_as(protection::DENIED))
    };
    let regions = input.records("AddReplicaRegions");
    regions.filter_map(of_region).collect()
}

/// The copies that a call asks for, none of which is there yet.
pub(super) fn asked(
    transaction: &Transaction,
    name: &str,
    input: &Record,
) -> Result<Vec<Replica>, Fault> {
    let force = input
        .boolean("ForceOverwriteReplicaSecret")
        .unwrap_or(false);
    let state = transaction.state();
    let mut asked: Vec<Replica> = Vec::new();
    for of in input.records("AddReplicaRegions") {
        let region = of.text("Region").unwrap_or_default();
        if region == state.region() || asked.iter().any(|known| known.region == region) {
            return Err(invalid_parameter(format!(
                "Invalid replica region: {region}."
            )));
        }
        let there = elsewhere(state, region)
            .ok_or_else(|| invalid_parameter(format!("Invalid replica region: {region}.")))?;
        let key = protection::asked(of).and_then(|Asked { key }| key);
        let taken = there.secret(name);
        let taken = taken.is_some_and(|held| !is_gone(&held.secret, transaction.now));
        let failure = if taken && !force {
            Some(format!(
                "Replication failed: A secret with this name already exists in {region}. Use \
                 ForceOverwriteReplicaSecret to replace it."
            ))
        } else if key.is_some_and(|key| !can_protect(transaction, &there, key)) {
            Some(format!(
                "Replication failed: the KMS key cannot be used in {region}."
            ))
        } else {
            None
        };
        asked.push(Replica {
            region: region.to_owned(),
            kms_key_id: key.map(str::to_owned),
            failure,
        });
    }
    Ok(asked)
}

fn can_protect(transaction: &Transaction, there: &State, key: &str) -> bool {
    let held = kms::named_from(there, key, transaction.now);
    held.is_ok_and(|held| kms::check(&held).is_ok())
}

/// `ReplicationStatus`, of a secret that has copies.
pub(super) fn status(secret: &SecretEntity) -> Option<Value> {
    if secret.replicas.is_empty() {
        return None;
    }
    let shown = secret.replicas.iter().map(|replica| {
        let status = if replica.failure.is_some() {
            "Failed"
        } else {
            "InSync"
        };
        let key = replica
            .kms_key_id
            .as_deref()
            .unwrap_or(protection::DEFAULT_KEY);
        Record::new()
            .with("Region", replica.region.as_str())
            .with("KmsKeyId", key)
            .with("Status", status)
            .with_some("StatusMessage", replica.failure.as_deref())
    });
    Some(shown.collect())
}

fn replicate(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let held = load_live(transaction, input)?;
    let mut secret = held.secret.clone();
    for replica in asked(transaction, &held.secret.name, input)? {
        let known = secret
            .replicas
            .iter_mut()
            .find(|known| known.region == replica.region);
        match known {
            Some(known) if known.failure.is_some() => *known = replica,
            Some(known) => {
                return Err(invalid_request(format!(
                    "The secret is already replicated to {}.",
                    known.region
                )));
            }
            None => secret.replicas.push(replica),
        }
    }
    commit(transaction, secret)
}

fn remove(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let held = load_live(transaction, input)?;
    let mut secret = held.secret.clone();
    for region in input.texts("RemoveReplicaRegions") {
        let known = secret
            .replicas
            .iter()
            .position(|replica| replica.region == region);
        let Some(at) = known else {
            return Err(invalid_parameter(format!(
                "The secret is not replicated to {region}."
            )));
        };
        secret.replicas.remove(at);
    }
    commit(transaction, secret)
}

fn commit(transaction: &mut Transaction, secret: SecretEntity) -> Result<Record, Fault> {
    let answer = Record::new()
        .with("ARN", secret.arn.as_str())
        .with_some("ReplicationStatus", status(&secret));
    transaction.put(Entity::Secret(secret))?;
    Ok(answer)
}

/// Makes a copy a secret of its own.
fn stop(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let held = load_live(transaction, input)?;
    let mut secret = held.secret.clone();
    let Some(primary) = secret.primary_region.take() else {
        return Err(invalid_request(
            "You can't stop replication of a secret that is not a replica.",
        ));
    };
    let answer = Record::new().with("ARN", secret.arn.as_str());
    let region = transaction.state().region().to_owned();
    if let Some(there) = elsewhere(transaction.state(), &primary)
        && let Some(original) = there.secret(&secret.name)
    {
        let mut original = original.secret.clone();
        original.replicas.retain(|replica| replica.region != region);
        transaction.put_in(there.home().clone(), Entity::Secret(original))?;
    }
    transaction.put(Entity::Secret(secret))?;
    Ok(answer)
}

/// Has the copies follow what a call has changed, and refuses changes of copies.
pub(crate) fn propagate(
    transaction: &mut Transaction,
    before: &Arc<Partition>,
) -> Result<(), Fault> {
    let changed = changed(transaction);
    if changed.is_empty() {
        return Ok(());
    }
    let before = before.state(transaction.state().home());
    for name in changed {
        let old = before.as_ref().and_then(|before| before.secret(&name));
        let new = transaction.state().secret(&name).cloned();
        follow(transaction, old, new.as_deref())?;
    }
    Ok(())
}

/// Names of the secrets of its own region that a call has changed.
fn changed(transaction: &Transaction) -> BTreeSet<String> {
    let home = transaction.state().home();
    let own = transaction
        .changes()
        .iter()
        .filter(|change| change.home == *home);
    let names = own.filter_map(|change| match &change.step {
        Step::Put(entity) => match &**entity {
            Entity::Secret(secret) => Some(&secret.name),
            Entity::SecretVersion(version) => Some(&version.secret),
            _ => None,
        },
        Step::Delete(Key::Secret(name) | Key::SecretVersion(name, _)) => Some(name),
        Step::Delete(_) => None,
    });
    names.cloned().collect()
}

fn follow(
    transaction: &mut Transaction,
    old: Option<&Arc<HeldSecret>>,
    new: Option<&HeldSecret>,
) -> Result<(), Fault> {
    let is_copy = |held: &HeldSecret| held.secret.primary_region.is_some();
    if old.is_some_and(|held| is_copy(held)) && new.is_none_or(is_copy) {
        return Err(invalid_request(
            "Operation not permitted on a replica secret. Call must be made in primary secret's \
             region.",
        ));
    }
    let before = old.map_or(&[][..], |held| &held.secret.replicas);
    let Some(new) = new else {
        return refuse_deletion(before);
    };
    let secret = &new.secret;
    if secret.deletion.is_some() {
        refuse_deletion(&secret.replicas)?;
    }
    let is_left = |replica: &&Replica| {
        secret
            .replicas
            .iter()
            .all(|kept| kept.region != replica.region)
    };
    for left in before.iter().filter(is_left) {
        forget(transaction, &left.region, secret)?;
    }
    for replica in secret
        .replicas
        .iter()
        .filter(|replica| replica.failure.is_none())
    {
        mirror(transaction, replica, new)?;
    }
    Ok(())
}

fn refuse_deletion(replicas: &[Replica]) -> Result<(), Fault> {
    let regions: Vec<&str> = replicas
        .iter()
        .map(|replica| replica.region.as_str())
        .collect();
    if regions.is_empty() {
        return Ok(());
    }
    Err(invalid_request(format!(
        "You can't delete secret that still has replica regions [{}]",
        regions.join(", ")
    )))
}

/// Removes the copy of a region, unless that is one no more.
fn forget(transaction: &mut Transaction, region: &str, secret: &SecretEntity) -> Result<(), Fault> {
    let Some(there) = elsewhere(transaction.state(), region) else {
        return Ok(());
    };
    let own = Some(transaction.state().region());
    let copy = there.secret(&secret.name);
    let Some(copy) = copy.filter(|copy| copy.secret.primary_region.as_deref() == own) else {
        return Ok(());
    };
    purge(transaction, &there, copy)
}

fn purge(transaction: &mut Transaction, there: &State, held: &HeldSecret) -> Result<(), Fault> {
    let name = &held.secret.name;
    for id in held.versions.keys() {
        let key = Key::SecretVersion(name.clone(), id.clone());
        transaction.delete_in(there.home().clone(), key)?;
    }
    transaction.delete_in(there.home().clone(), Key::Secret(name.clone()))
}

/// Makes the copy of a region what the secret is.
fn mirror(
    transaction: &mut Transaction,
    replica: &Replica,
    original: &HeldSecret,
) -> Result<(), Fault> {
    let own = transaction.state().region().to_owned();
    let Some(there) = elsewhere(transaction.state(), &replica.region) else {
        return Ok(());
    };
    let name = &original.secret.name;
    let mut known = there.secret(name).cloned();
    // What stood there under its name was to be overwritten.
    if let Some(other) = &known
        && other.secret.primary_region.as_deref() != Some(own.as_str())
    {
        purge(transaction, &there, other)?;
        known = None;
    }
    let home = there.home();
    let copy = SecretEntity {
        arn: arn_in(&original.secret.arn, &replica.region),
        kms_key_id: replica.kms_key_id.clone(),
        replicas: Vec::new(),
        primary_region: Some(own),
        ..original.secret.clone()
    };
    transaction.put_in(home.clone(), Entity::Secret(copy))?;
    let versions = known.map(|held| held.versions.clone()).unwrap_or_default();
    for id in versions
        .keys()
        .filter(|id| !original.versions.contains_key(*id))
    {
        transaction.delete_in(home.clone(), Key::SecretVersion(name.clone(), id.clone()))?;
    }
    let key = protection_there(transaction, &there, replica)?;
    for (id, version) in &original.versions {
        if versions
            .get(id)
            .is_some_and(|known| known.value == version.value)
        {
            continue;
        }
        let version = SecretVersion {
            key: key.clone(),
            ..(**version).clone()
        };
        transaction.put_in(home.clone(), Entity::SecretVersion(version))?;
    }
    Ok(())
}

/// What protects the versions of a copy.
fn protection_there(
    transaction: &Transaction,
    there: &State,
    replica: &Replica,
) -> Result<Option<SecretKey>, Fault> {
    let Some(id) = &replica.kms_key_id else {
        return Ok(None);
    };
    let held = kms::named_from(there, id, transaction.now)
        .ok()
        .filter(|held| kms::check(held).is_ok());
    let material = held.as_ref().and_then(|held| kms::newest(held));
    match held.zip(material) {
        Some((held, material)) => Ok(Some(SecretKey {
            id: held.key.id.clone(),
            material,
        })),
        None => Err(protection::encryption_failure()),
    }
}

/// The same account in another region.
fn elsewhere(state: &State, region: &str) -> Option<State> {
    let home = Home::new(state.account_id(), region);
    state.partition().state(&home)
}

/// The ARN of a copy: of the same name and suffix.
fn arn_in(arn: &str, region: &str) -> String {
    Arn::parse(arn).map_or_else(String::new, |arn| {
        Arn::new("secretsmanager", region, arn.account(), arn.resource()).to_string()
    })
}

#[cfg(test)]
mod tests;
