//! A key by its id, its ARN, or an alias of it where the operation takes one, and what a call on it
//! needs.
//!
//! Source: KMS Developer Guide, "Key identifiers (KeyId)".

use std::sync::Arc;

use jiff::Timestamp;
use protocol::{Arn, Fault, Record};

use super::faults::{invalid_arn, invalid_state, not_found};
use crate::entity::{KmsKey, KmsKeyState, KmsKeyUsage};
use crate::gate::{Need, keys};
use crate::operation::required;
use crate::state::{HeldKey, State};
use crate::transaction::Transaction;

/// How a key may be named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// By its id or ARN.
    Id,
    /// By an alias as well.
    Alias,
}

/// A key that was looked for.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) held: Arc<HeldKey>,
    /// The alias that led to it, with `alias/`.
    pub(super) alias: Option<String>,
}

/// The key that `id` names.
pub(super) fn find(state: &State, id: &str, by: By, now: Timestamp) -> Result<Found, Fault> {
    let unknown = || not_found(format!("Invalid keyId '{id}'"));
    if let Some(name) = id.strip_prefix(ALIAS) {
        return match by {
            By::Alias => by_alias(state, name, now),
            By::Id => Err(unknown()),
        };
    }
    if !id.starts_with("arn:") {
        return if is_key_id(id) {
            by_id(state, id, now)
        } else {
            Err(unknown())
        };
    }
    let arn = Arn::parse(id)
        .filter(|arn| arn.service() == "kms")
        .ok_or_else(|| invalid_arn(format!("Invalid arn {id}")))?;
    if arn.region() != state.region() {
        return Err(not_found(format!("Invalid arn {}", arn.region())));
    }
    if arn.account() != state.account_id() {
        return Err(not_found(format!("Key '{id}' does not exist")));
    }
    match (arn.resource().split_once('/'), by) {
        (Some(("key", id)), _) => by_id(state, id, now),
        (Some(("alias", name)), By::Alias) => by_alias(state, name, now),
        (Some(("alias", _)), By::Id) => Err(invalid_arn(
            "Key Aliases are not supported for this operation.",
        )),
        _ => Err(invalid_arn(format!("Invalid arn {id}"))),
    }
}

/// The key that `id` names, in another account as well where it is an ARN: for what uses a key
/// without changing it. Whether the caller may is decided there and here.
pub(super) fn find_across(state: &State, id: &str, by: By, now: Timestamp) -> Result<Found, Fault> {
    let there = Arn::parse(id)
        .filter(|arn| arn.account() != state.account_id())
        .and_then(|arn| state.of_account(arn.account()));
    find(there.as_ref().unwrap_or(state), id, by, now)
}

/// The key by its id alone, unless its waiting period has ended.
pub(super) fn live<'a>(state: &'a State, id: &str, now: Timestamp) -> Option<&'a Arc<HeldKey>> {
    state.kms_key(id).filter(|held| !held.key.is_gone(now))
}

/// The same of any account: the name under which a service or a ciphertext remembers it.
pub(super) fn remembered<'a>(
    state: &'a State,
    id: &str,
    now: Timestamp,
) -> Option<&'a Arc<HeldKey>> {
    let held = state.kms_key_of_any_account(id);
    held.filter(|held| !held.key.is_gone(now))
}

fn by_id(state: &State, id: &str, now: Timestamp) -> Result<Found, Fault> {
    let held = live(state, id, now);
    let held = held.ok_or_else(|| {
        not_found(format!(
            "Key '{}' does not exist",
            arn(state, &format!("key/{id}"))
        ))
    })?;
    Ok(Found {
        held: Arc::clone(held),
        alias: None,
    })
}

fn by_alias(state: &State, name: &str, now: Timestamp) -> Result<Found, Fault> {
    let alias = state.kms_alias(name);
    let held = alias.and_then(|alias| live(state, &alias.key, now));
    let held = held.ok_or_else(|| missing_alias(state, name))?;
    Ok(Found {
        held: Arc::clone(held),
        alias: Some(format!("{ALIAS}{name}")),
    })
}

pub(super) fn missing_alias(state: &State, name: &str) -> Fault {
    not_found(format!("Alias {} is not found.", alias_arn(state, name)))
}

/// ARN of the alias by its name without `alias/`.
pub(super) fn alias_arn(state: &State, name: &str) -> String {
    arn(state, &format!("{ALIAS}{name}"))
}

pub(super) fn arn(state: &State, resource: &str) -> String {
    Arn::new("kms", state.region(), state.account_id(), resource).to_string()
}

/// Whether it has the form of a key's id (RFC 9562, section 4).
fn is_key_id(id: &str) -> bool {
    id.len() == KEY_ID_BYTES
        && id.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// The key that `KeyId` names, by id or ARN.
pub(super) fn load(transaction: &Transaction, input: &Record) -> Result<Arc<HeldKey>, Fault> {
    named(transaction, input, "KeyId", By::Id).map(|found| found.held)
}

/// The key that a member names.
pub(super) fn named(
    transaction: &Transaction,
    input: &Record,
    member: &'static str,
    by: By,
) -> Result<Found, Fault> {
    find(
        transaction.state(),
        required(input, member)?,
        by,
        transaction.now,
    )
}

/// A need on the key that `KeyId` names by id or ARN.
pub(super) fn on_key(
    action: &'static str,
    transaction: &Transaction,
    input: &Record,
) -> Result<Vec<Need>, Fault> {
    let id = required(input, "KeyId")?;
    Ok(vec![need(action, transaction, id, By::Id)])
}

/// A need on the key that `id` names.
pub(super) fn need(action: &'static str, transaction: &Transaction, id: &str, by: By) -> Need {
    let state = transaction.state();
    match find(state, id, by, transaction.now) {
        Ok(Found { held, alias }) => {
            let need = need_on(action, state, &held.key);
            match alias {
                Some(alias) => need.with(&keys::KMS_REQUEST_ALIAS, alias),
                None => need,
            }
        }
        // Nobody's policy speaks of it; who may do this to such a key is told that it is not there.
        Err(_) if id.starts_with("arn:") => Need::new(action, id),
        Err(_) if id.starts_with(ALIAS) => Need::new(action, arn(state, id)),
        Err(_) => Need::new(action, arn(state, &format!("key/{id}"))),
    }
}

/// A need on a key that is there.
pub(super) fn need_on(action: &'static str, state: &State, key: &KmsKey) -> Need {
    let aliases: Vec<String> = state
        .kms_aliases_of(&key.id)
        .map(|name| format!("{ALIAS}{name}"))
        .collect();
    let need = Need::new(action, key.arn.as_str()).of_key(&key.id);
    let need = of_spec(need, key.spec.name(), key.usage().name()).on_tags(&key.tags);
    if aliases.is_empty() {
        return need;
    }
    need.with(&keys::KMS_RESOURCE_ALIASES, aliases)
}

/// The same need with what never changes of a key.
pub(super) fn of_spec(need: Need, spec: &str, usage: &str) -> Need {
    need.with(&keys::KMS_KEY_SPEC, spec)
        .with(&keys::KMS_KEY_USAGE, usage)
        .with(&keys::KMS_KEY_ORIGIN, ORIGIN)
        .with(&keys::KMS_MULTI_REGION, false)
}

/// Refuses a key that is for something else, and an algorithm that it does not have.
pub(super) fn check_usage(
    held: &HeldKey,
    operation: &str,
    usage: KmsKeyUsage,
    algorithm: Option<&str>,
) -> Result<(), Fault> {
    let KmsKey { arn, spec, .. } = &held.key;
    let own = held.key.usage();
    let why = match algorithm {
        _ if own != usage => {
            let own = own.name();
            format!("{arn} key usage is {own} which is not valid for {operation}.")
        }
        Some(other) if !held.key.algorithms().contains(&other) => {
            format!(
                "Algorithm {other} is incompatible with key spec {}.",
                spec.name()
            )
        }
        _ => return Ok(()),
    };
    Err(Fault::new("InvalidKeyUsageException", why))
}

/// Refuses a key with which nothing can be encrypted or decrypted now.
pub(super) fn check_usable(held: &HeldKey) -> Result<(), Fault> {
    if held.key.state == KmsKeyState::Disabled {
        let message = format!("{} is disabled.", held.key.arn);
        return Err(Fault::new("DisabledException", message));
    }
    check_kept(held)
}

/// Refuses a key that waits for its deletion.
pub(super) fn check_kept(held: &HeldKey) -> Result<(), Fault> {
    match held.key.state {
        KmsKeyState::PendingDeletion { .. } => Err(invalid_state(format!(
            "{} is pending deletion.",
            held.key.arn
        ))),
        KmsKeyState::Enabled | KmsKeyState::Disabled => Ok(()),
    }
}

pub(super) const ALIAS: &str = "alias/";
/// The algorithm of symmetric keys, and their spec.
pub(super) const SYMMETRIC: &str = "SYMMETRIC_DEFAULT";
pub(super) const ORIGIN: &str = "AWS_KMS";
const KEY_ID_BYTES: usize = 36;
