//! The customer's KMS key of a secret: what callers need on it, and whether it can be used.
//!
//! Each version remembers the key that it was put under. It is read by those alone who may decrypt
//! with that key, as long as that can be used. Versions under `aws/secretsmanager` remember none.
//!
//! Source: Secrets Manager User Guide, "Secret encryption and decryption"; API Reference,
//! "UpdateSecret".

use std::sync::Arc;

use protocol::{Fault, Record};

use super::faults::{invalid_parameter, invalid_request};
use super::labels::{CURRENT, PENDING, PREVIOUS};
use crate::entity::{SecretEntity, SecretKey, SecretVersion};
use crate::gate::{Caller, Need};
use crate::kms::{self, Use};
use crate::state::HeldSecret;
use crate::transaction::Transaction;

/// The key that a call asks for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    /// As it is named; none for `aws/secretsmanager`.
    pub(super) key: Option<&'a str>,
}

/// The key that a call asks for, if it says anything of keys.
pub(super) fn asked(input: &Record) -> Option<Asked<'_>> {
    let id = input.text("KmsKeyId")?;
    let is_default = id.is_empty() || id == DEFAULT_KEY || id.ends_with(DEFAULT_KEY_OF_ARN);
    Some(Asked {
        key: (!is_default).then_some(id),
    })
}

/// Refuses a key that is not there, or cannot be used.
pub(super) fn check_asked(transaction: &Transaction, id: Option<&str>) -> Result<(), Fault> {
    let Some(id) = id else {
        return Ok(());
    };
    let held = kms::named(transaction, id).map_err(|fault| {
        let why = fault.message;
        invalid_parameter(format!(
            "The operation failed because of an invalid KMS key: {why}"
        ))
    })?;
    kms::check(&held).map_err(|_| encryption_failure())
}

/// What protects a version that is put now.
pub(super) fn protect(
    transaction: &mut Transaction,
    id: Option<&str>,
) -> Result<Option<SecretKey>, Fault> {
    let Some(id) = id else {
        return Ok(None);
    };
    let held = kms::named(transaction, id).map_err(|_| encryption_failure())?;
    kms::check(&held).map_err(|_| encryption_failure())?;
    Ok(Some(SecretKey {
        material: kms::protect(transaction, &held)?,
        id: held.key.id.clone(),
    }))
}

/// Refuses a version whose key cannot be used, or is gone.
pub(super) fn check_readable(
    transaction: &Transaction,
    version: &SecretVersion,
) -> Result<(), Fault> {
    if is_readable(transaction, version) {
        return Ok(());
    }
    Err(Fault::new(
        "DecryptionFailure",
        "Secrets Manager can't decrypt the protected secret text using the provided KMS key.",
    ))
}

/// Refuses callers of other accounts the key that is each account's own.
pub(super) fn check_reach(
    transaction: &Transaction,
    caller: &Caller,
    is_default_key: bool,
) -> Result<(), Fault> {
    if is_default_key && caller.account != transaction.state().account_id() {
        return Err(invalid_request(
            "You can't access a secret from a different AWS account if you encrypt the secret with \
             the default KMS service key.",
        ));
    }
    Ok(())
}

fn is_readable(transaction: &Transaction, version: &SecretVersion) -> bool {
    version.key.as_ref().is_none_or(|key| {
        let held = kms::find(transaction, &key.id);
        held.is_some_and(|held| kms::check(held).is_ok())
    })
}

/// What reading a version needs on its key.
pub(super) fn to_read(
    transaction: &Transaction,
    secret: &SecretEntity,
    version: &SecretVersion,
) -> Option<Need> {
    let key = version.key.as_ref()?;
    let held = kms::find(transaction, &key.id)?;
    let need = need(transaction, Use::Decrypt, held, &secret.arn, &version.id);
    Some(need)
}

/// What a secret of this ARN needs on the key asked for, whether or not it has a value.
pub(super) fn to_ask(transaction: &Transaction, id: &str, arn: &str) -> Vec<Need> {
    let Ok(held) = kms::named(transaction, id) else {
        return Vec::new();
    };
    let need = |of| need(transaction, of, &held, arn, VALIDATION);
    vec![need(Use::GenerateDataKey), need(Use::Decrypt)]
}

/// What putting a version needs on the key of its secret.
pub(super) fn to_put(
    transaction: &Transaction,
    key: Option<&str>,
    arn: &str,
    version: &str,
) -> Option<Need> {
    let held = kms::named(transaction, key?).ok()?;
    Some(need(transaction, Use::GenerateDataKey, &held, arn, version))
}

/// What moving versions to another key needs on both.
pub(super) fn to_move(
    transaction: &Transaction,
    held: &HeldSecret,
    key: Option<&str>,
) -> Vec<Need> {
    let arn = &held.secret.arn;
    let new = key.and_then(|key| kms::named(transaction, key).ok());
    let of_version = |version: &Arc<SecretVersion>| {
        let new = new.as_ref();
        let new = new.map(|new| need(transaction, Use::Encrypt, new, arn, &version.id));
        to_read(transaction, &held.secret, version)
            .into_iter()
            .chain(new)
    };
    let moved = moved(transaction, held, key);
    moved.iter().flat_map(of_version).collect()
}

/// The versions in use that follow when a secret gets another key. What cannot be read any more
/// stays where it is.
pub(super) fn moved(
    transaction: &Transaction,
    held: &HeldSecret,
    key: Option<&str>,
) -> Vec<Arc<SecretVersion>> {
    let new = key.and_then(|key| kms::named(transaction, key).ok());
    let new = new.as_ref().map(|held| held.key.id.as_str());
    let mut moved: Vec<Arc<SecretVersion>> = Vec::new();
    for stage in [CURRENT, PENDING, PREVIOUS] {
        let id = held.secret.stages.get(stage);
        let Some(version) = id.and_then(|id| held.versions.get(id)) else {
            continue;
        };
        let old = version.key.as_ref().map(|key| key.id.as_str());
        let is_new = moved.iter().all(|known| known.id != version.id);
        let has_value = version.value.is_some();
        if old != new && is_new && has_value && is_readable(transaction, version) {
            moved.push(Arc::clone(version));
        }
    }
    moved
}

fn need(
    transaction: &Transaction,
    of: Use,
    held: &crate::state::HeldKey,
    arn: &str,
    version: &str,
) -> Need {
    let context = [("SecretARN", arn), ("SecretVersionId", version)];
    kms::asked(transaction.state(), "secretsmanager", of, held, &context).denied_as(DENIED)
}

pub(super) fn encryption_failure() -> Fault {
    Fault::new(
        "EncryptionFailure",
        "Secrets Manager can't encrypt the protected secret text using the provided KMS key. Check \
         that the KMS key is available, enabled, and not in an invalid state.",
    )
}

/// The key that needs no permission of its own.
pub(super) const DEFAULT_KEY: &str = "alias/aws/secretsmanager";
const DEFAULT_KEY_OF_ARN: &str = ":alias/aws/secretsmanager";
pub(super) const DENIED: &str = "Access to KMS is not allowed";
// What stands for a version while Secrets Manager only tries the key.
pub(super) const VALIDATION: &str = "RequestToValidateKeyAccess";
