//! Secrets Manager: secrets, their versions and staging labels.
//!
//! Source: Secrets Manager API Reference; User Guide, "Secrets Manager secret versions" and
//! "Quotas". A secret is named by its name, its ARN, or its ARN without the random suffix.

mod deletion;
mod list;
mod secrets;
mod stages;
mod values;

use std::sync::Arc;

use jiff::Timestamp;
use protocol::{Arn, Fault, Record};

use crate::entity::{Entity, Key, SecretEntity};
use crate::gate::Need;
use crate::operations::{Row, required};
use crate::state::{HeldSecret, State};
use crate::transaction::Transaction;

pub(crate) static ROWS: &[&[Row]] = &[
    secrets::ROWS,
    values::ROWS,
    stages::ROWS,
    deletion::ROWS,
    list::ROWS,
];

/// A need on the secret that `SecretId` names.
fn on_secret(
    action: &'static str,
    transaction: &Transaction<'_>,
    input: &Record,
) -> Result<Vec<Need>, Fault> {
    let id = required(input, "SecretId")?;
    let state = transaction.state();
    let Some(held) = find(state, id, transaction.now) else {
        return Ok(vec![Need::new(action, arn_of_missing(state, id))]);
    };
    let secret = &held.secret;
    let need = Need::new(action, secret.arn.as_str())
        .with("secretsmanager:SecretId", id)
        .on_tagged("secretsmanager:ResourceTag", &secret.tags);
    Ok(vec![need])
}

/// What a policy is asked about a secret that is not there.
fn arn_of_missing(state: &State, id: &str) -> String {
    if Arn::parse(id).is_some() {
        id.to_owned()
    } else {
        arn(state, id)
    }
}

fn arn(state: &State, name: &str) -> String {
    let resource = format!("secret:{name}");
    Arn::new(
        "secretsmanager",
        state.region(),
        state.account_id(),
        &resource,
    )
    .to_string()
}

/// The secret by name, ARN, or ARN without its suffix; `None` once its recovery window has ended.
fn find<'a>(state: &'a State, id: &str, now: Timestamp) -> Option<&'a Arc<HeldSecret>> {
    let held = match Arn::parse(id) {
        None => state.secret(id),
        Some(arn) => {
            let name = arn.resource().strip_prefix("secret:")?;
            let whole = name
                .len()
                .checked_sub(SUFFIX_BYTES)
                .and_then(|end| name.get(..end));
            let by_arn = whole
                .and_then(|name| state.secret(name))
                .filter(|held| held.secret.arn == arn.as_str());
            by_arn.or_else(|| {
                let bare = |held: &&Arc<HeldSecret>| {
                    let end = held.secret.arn.len() - SUFFIX_BYTES;
                    held.secret.arn.get(..end) == Some(arn.as_str())
                };
                state.secret(name).filter(bare)
            })
        }
    }?;
    (!is_gone(&held.secret, now)).then_some(held)
}

/// Whether the recovery window has ended: the secret is then as if it had never been.
fn is_gone(secret: &SecretEntity, now: Timestamp) -> bool {
    secret.deletion.is_some_and(|(_, end)| end <= now)
}

/// The secret that a call is about.
fn load(transaction: &Transaction<'_>, input: &Record) -> Result<Arc<HeldSecret>, Fault> {
    let id = required(input, "SecretId")?;
    find(transaction.state(), id, transaction.now)
        .cloned()
        .ok_or_else(missing)
}

/// The secret that a call is about, unless it is on its way out.
fn load_live(transaction: &Transaction<'_>, input: &Record) -> Result<Arc<HeldSecret>, Fault> {
    let held = load(transaction, input)?;
    if held.secret.deletion.is_some() {
        return Err(invalid_request(
            "You can't perform this operation on the secret because it was marked for deletion.",
        ));
    }
    Ok(held)
}

/// Removes a secret and all its versions for good.
fn purge(transaction: &mut Transaction<'_>, held: &HeldSecret) -> Result<(), Fault> {
    let name = &held.secret.name;
    for id in held.versions.keys() {
        transaction.delete(Key::SecretVersion(name.clone(), id.clone()))?;
    }
    transaction.delete(Entity::Secret(held.secret.clone()).key())
}

fn missing() -> Fault {
    Fault::new(
        "ResourceNotFoundException",
        "Secrets Manager can't find the specified secret.",
    )
}

fn invalid_request(message: impl Into<String>) -> Fault {
    Fault::new("InvalidRequestException", message.into())
}

fn invalid_parameter(message: impl Into<String>) -> Fault {
    Fault::new("InvalidParameterException", message.into())
}

/// Refuses members that would be silently without effect.
fn refuse(input: &Record, members: &[&'static str]) -> Result<(), Fault> {
    match members.iter().find(|member| input.get(member).is_some()) {
        Some(member) => Err(invalid_parameter(format!(
            "This server does not support {member}."
        ))),
        None => Ok(()),
    }
}

/// The answer most operations give: which secret it was.
fn named(secret: &SecretEntity) -> Record {
    Record::new()
        .with("ARN", secret.arn.as_str())
        .with("Name", secret.name.as_str())
}

const CURRENT: &str = "AWSCURRENT";
const PREVIOUS: &str = "AWSPREVIOUS";
// A hyphen and six characters end every secret's ARN.
const SUFFIX_BYTES: usize = 7;

#[cfg(test)]
mod tests;
