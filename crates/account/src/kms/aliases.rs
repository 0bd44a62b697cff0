//! Aliases: names of keys that can become another key's.
//!
//! Source: KMS Developer Guide, "Aliases in KMS" and "Controlling access to aliases": a call needs
//! to be allowed on the alias and on the key.

use protocol::{Fault, Record, Value};

use super::faults::{limit_exceeded, validation};
use super::lookup::{self, ALIAS, By, alias_arn, check_kept, live, missing_alias, need_on};
use super::pages;
use crate::entity::{Entity, Key, KmsAlias, KmsKey};
use crate::gate::{Caller, Need};
use crate::operation::{Row, required};
use crate::state::HeldKey;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "CreateAlias",
        needs: |transaction, _, input| {
            let target = required(input, "TargetKeyId")?;
            let key = lookup::need("kms:CreateAlias", transaction, target, By::Id);
            Ok(vec![on_alias("kms:CreateAlias", transaction, input)?, key])
        },
        run: create,
    },
    Row {
        operation: "UpdateAlias",
        needs: |transaction, _, input| {
            let target = required(input, "TargetKeyId")?;
            let mut needs = on_alias_and_key("kms:UpdateAlias", transaction, input)?;
            needs.push(lookup::need("kms:UpdateAlias", transaction, target, By::Id));
            Ok(needs)
        },
        run: update,
    },
    Row {
        operation: "DeleteAlias",
        needs: |t, _, i| on_alias_and_key("kms:DeleteAlias", t, i),
        run: delete,
    },
    Row {
        operation: "ListAliases",
        needs: |_, _, _| Ok(vec![Need::new("kms:ListAliases", "*")]),
        run: list,
    },
];

fn on_alias(
    action: &'static str,
    transaction: &Transaction,
    input: &Record,
) -> Result<Need, Fault> {
    let name = required(input, "AliasName")?;
    let arn = lookup::arn(transaction.state(), name);
    Ok(Need::new(action, arn))
}

/// The alias, and the key that it is a name of until now.
fn on_alias_and_key(
    action: &'static str,
    transaction: &Transaction,
    input: &Record,
) -> Result<Vec<Need>, Fault> {
    let state = transaction.state();
    let mut needs = vec![on_alias(action, transaction, input)?];
    let name = required(input, "AliasName")?.strip_prefix(ALIAS);
    let alias = name.and_then(|name| state.kms_alias(name));
    if let Some(held) = alias.and_then(|alias| live(state, &alias.key, transaction.now)) {
        needs.push(need_on(action, state, &held.key));
    }
    Ok(needs)
}

/// The name without `alias/`, of an alias that a customer may have.
fn name(input: &Record) -> Result<&str, Fault> {
    let whole = required(input, "AliasName")?;
    let name = whole.strip_prefix(ALIAS).filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| validation("Invalid identifier"))?;
    if name == "aws" || name.starts_with("aws/") {
        return Err(Fault::new(
            "NotAuthorizedException",
            "Aliases that begin with alias/aws/ are reserved for AWS managed keys.",
        ));
    }
    Ok(name)
}

/// The alias that a call is about; one whose key is gone is gone with it.
fn load(transaction: &Transaction, name: &str) -> Result<KmsAlias, Fault> {
    let state = transaction.state();
    let alias = state.kms_alias(name);
    let alias = alias.filter(|alias| live(state, &alias.key, transaction.now).is_some());
    alias
        .map(|alias| (**alias).clone())
        .ok_or_else(|| missing_alias(state, name))
}

/// The key that an alias is to be a name of.
fn target(transaction: &Transaction, input: &Record) -> Result<KmsKey, Fault> {
    let id = required(input, "TargetKeyId")?;
    let is_alias = id.starts_with(ALIAS) || id.contains(":alias/");
    if is_alias {
        return Err(validation("Aliases must refer to keys. Not aliases"));
    }
    let found = lookup::find(transaction.state(), id, By::Id, transaction.now)?;
    check_kept(&found.held)?;
    let aliases = transaction.state().kms_aliases_of(&found.held.key.id);
    if aliases.count() >= ALIASES_MAX {
        return Err(limit_exceeded(format!(
            "A key has at most {ALIASES_MAX} aliases."
        )));
    }
    Ok(found.held.key.clone())
}

fn create(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let name = name(input)?;
    let target = target(transaction, input)?;
    if load(transaction, name).is_ok() {
        let arn = alias_arn(transaction.state(), name);
        return Err(Fault::new(
            "AlreadyExistsException",
            format!("An alias with the name {arn} already exists"),
        ));
    }
    transaction.put(Entity::KmsAlias(KmsAlias {
        name: name.to_owned(),
        key: target.id,
        created: transaction.now,
        updated: transaction.now,
    }))?;
    Ok(Record::new())
}

fn update(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let mut alias = load(transaction, name(input)?)?;
    if lookup::find(
        transaction.state(),
        required(input, "TargetKeyId")?,
        By::Id,
        transaction.now,
    )
    .is_ok_and(|found| found.held.key.id == alias.key)
    {
        return Ok(Record::new());
    }
    let target = target(transaction, input)?;
    let before = live(transaction.state(), &alias.key, transaction.now);
    let is_alike = |held: &HeldKey| {
        let is_asymmetric = held.key.spec.is_asymmetric();
        held.key.usage() == target.usage() && is_asymmetric == target.spec.is_asymmetric()
    };
    if before.is_some_and(|held| !is_alike(held)) {
        return Err(validation(
            "The current and the new key of an alias must have the same key type and key usage.",
        ));
    }
    alias.key = target.id;
    alias.updated = transaction.now;
    transaction.put(Entity::KmsAlias(alias))?;
    Ok(Record::new())
}

fn delete(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let alias = load(transaction, name(input)?)?;
    transaction.delete(Key::KmsAlias(alias.name))?;
    Ok(Record::new())
}

fn list(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let (state, now) = (transaction.state(), transaction.now);
    let of = match input.text("KeyId") {
        Some(id) => Some(lookup::find(state, id, By::Id, now)?.held.key.id.clone()),
        None => None,
    };
    let shown = state.kms_aliases().values().filter(|alias| {
        of.as_ref().is_none_or(|of| alias.key == *of) && live(state, &alias.key, now).is_some()
    });
    let show = |alias: &&std::sync::Arc<KmsAlias>| {
        Value::from(
            Record::new()
                .with("AliasName", format!("{ALIAS}{}", alias.name))
                .with("AliasArn", alias_arn(state, &alias.name))
                .with("TargetKeyId", alias.key.as_str())
                .with("CreationDate", alias.created)
                .with("LastUpdatedDate", alias.updated),
        )
    };
    pages::page(input, "Aliases", shown, |alias| alias.name.clone(), show)
}

// Source: KMS Developer Guide, "Resource quotas".
const ALIASES_MAX: usize = 50;
