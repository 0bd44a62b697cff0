//! A secret by its name, its ARN, or its ARN without the random suffix.

use std::sync::Arc;

use jiff::Timestamp;
use protocol::{Arn, Fault, Record};

use super::faults::{invalid_request, missing};
use crate::entity::SecretEntity;
use crate::gate::{Need, keys};
use crate::operation::required;
use crate::state::{HeldSecret, State};
use crate::transaction::Transaction;

/// A need on the secret that `SecretId` names.
pub(super) fn on_secret(
    action: &'static str,
    transaction: &Transaction,
    input: &Record,
) -> Result<Vec<Need>, Fault> {
    let id = required(input, "SecretId")?;
    let state = transaction.state();
    let Some(held) = find(state, id, transaction.now) else {
        return Ok(vec![Need::new(action, arn_of_missing(state, id))]);
    };
    let secret = &held.secret;
    let need = Need::new(action, secret.arn.as_str())
        .of_secret(&secret.name)
        .with(&keys::SECRET_ID, id)
        .on_tagged(&keys::SECRET_RESOURCE_TAG, &secret.tags);
    let need = match primary(secret) {
        Some(region) => need.with(&keys::SECRET_PRIMARY_REGION, region),
        None => need,
    };
    let function = secret.rotation.as_ref().map(|of| of.function.as_str());
    Ok(vec![match function {
        Some(function) => need.with(&keys::SECRET_OWN_FUNCTION, function),
        None => need,
    }])
}

/// What a policy is asked about a secret that is not there.
pub(super) fn arn_of_missing(state: &State, id: &str) -> String {
    if Arn::parse(id).is_some() {
        id.to_owned()
    } else {
        arn(state, id)
    }
}

pub(super) fn arn(state: &State, name: &str) -> String {
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
pub(super) fn find<'a>(state: &'a State, id: &str, now: Timestamp) -> Option<&'a Arc<HeldSecret>> {
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
pub(super) fn is_gone(secret: &SecretEntity, now: Timestamp) -> bool {
    secret.deletion.is_some_and(|(_, end)| end <= now)
}

/// The secret that a call is about.
pub(super) fn load(transaction: &Transaction, input: &Record) -> Result<Arc<HeldSecret>, Fault> {
    let id = required(input, "SecretId")?;
    find(transaction.state(), id, transaction.now)
        .cloned()
        .ok_or_else(missing)
}

/// The secret that a call is about, unless it is on its way out.
pub(super) fn load_live(
    transaction: &Transaction,
    input: &Record,
) -> Result<Arc<HeldSecret>, Fault> {
    let held = load(transaction, input)?;
    if held.secret.deletion.is_some() {
        return Err(invalid_request(
            "You can't perform this operation on the secret because it was marked for deletion.",
        ));
    }
    Ok(held)
}

// A hyphen and six characters end every secret's ARN.
pub(super) const SUFFIX_BYTES: usize = 7;

/// `PrimaryRegion`, of a secret that has copies or is one.
pub(super) fn primary(secret: &SecretEntity) -> Option<String> {
    let own = || Arn::parse(&secret.arn).map(|arn| arn.region().to_owned());
    let primary = secret.primary_region.clone();
    primary.or_else(|| (!secret.replicas.is_empty()).then(own).flatten())
}
