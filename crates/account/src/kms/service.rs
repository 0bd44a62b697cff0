//! What other services of the account do with keys, in the name of whoever calls them.
//!
//! Source: KMS Developer Guide, "kms:ViaService"; Secrets Manager User Guide, "Secret encryption
//! and decryption".

use std::sync::Arc;

use jiff::Timestamp;
use protocol::{Fault, Secret};

use super::context::Context;
use super::faults::{invalid_ciphertext, not_found};
use super::lookup::{self, By, SYMMETRIC, check_usable, check_usage, need_on, remembered};
use super::material::Blob;
use super::{crypto, material, rotation};
use crate::entity::KmsKeyUsage;
use crate::gate::{Need, keys};
use crate::state::{HeldKey, State};
use crate::transaction::{Transaction, internal_failure};

/// What a service does with a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// It encrypts something anew that was encrypted under another key.
    Encrypt,
    /// It decrypts what it encrypted.
    Decrypt,
    /// It encrypts with a data key that it has made.
    GenerateDataKey,
}

/// The key by its id, ARN, alias or alias ARN, if it is one that encrypts.
pub(crate) fn named(transaction: &Transaction, id: &str) -> Result<Arc<HeldKey>, Fault> {
    named_from(transaction.state(), id, transaction.now)
}

/// The key by its id, ARN, alias or alias ARN, if it is one that encrypts, seen from a place.
pub(crate) fn named_from(state: &State, id: &str, now: Timestamp) -> Result<Arc<HeldKey>, Fault> {
    let found = lookup::find_across(state, id, By::Alias, now)?;
    let usage = KmsKeyUsage::EncryptDecrypt;
    check_usage(&found.held, "GenerateDataKey", usage, Some(SYMMETRIC))?;
    Ok(found.held)
}

/// The version of the key's newest material.
pub(crate) fn newest(held: &HeldKey) -> Option<u32> {
    material::newest(&held.key).map(|newest| newest.version)
}

/// The key by its id, unless it is gone.
pub(crate) fn find<'a>(transaction: &'a Transaction, id: &str) -> Option<&'a Arc<HeldKey>> {
    remembered(transaction.state(), id, transaction.now)
}

/// What a caller needs so that a service may use a key in its name.
pub(crate) fn asked(
    state: &State,
    service: &str,
    of: Use,
    held: &HeldKey,
    context: &[(&str, &str)],
) -> Need {
    let action = match of {
        Use::Encrypt => "kms:Encrypt",
        Use::Decrypt => "kms:Decrypt",
        Use::GenerateDataKey => "kms:GenerateDataKey",
    };
    let via = format!("{service}.{}.amazonaws.com", state.region());
    let need = need_on(action, state, &held.key)
        .with(&keys::KMS_ALGORITHM, SYMMETRIC)
        .with(&keys::KMS_VIA_SERVICE, via)
        .with(&keys::VIA_AWS_SERVICE, true);
    let context: Context<'_> = context.iter().copied().collect();
    context.on(need)
}

/// Refuses a key with which nothing can be encrypted or decrypted now.
pub(crate) fn check(held: &HeldKey) -> Result<(), Fault> {
    check_usable(held)
}

/// The version of the key's material under which something is protected from now on.
pub(crate) fn protect(transaction: &mut Transaction, held: &Arc<HeldKey>) -> Result<u32, Fault> {
    let held = rotation::current(transaction, held)?;
    let newest = material::newest(&held.key).ok_or_else(internal_failure)?;
    Ok(newest.version)
}

/// Encrypts for a service, with a context that it must tell again.
pub(crate) fn seal(
    transaction: &mut Transaction,
    held: &Arc<HeldKey>,
    text: &Secret,
    context: &[(&str, &str)],
) -> Result<Vec<u8>, Fault> {
    let context: Context<'_> = context.iter().copied().collect();
    let (_, blob) = crypto::seal(transaction, held, text, &context)?;
    Ok(blob)
}

/// The key that sealed a blob for a service.
pub(crate) fn sealed_by(transaction: &Transaction, blob: &[u8]) -> Result<Arc<HeldKey>, Fault> {
    let blob = Blob::read(blob).ok_or_else(invalid_ciphertext)?;
    let held = find(transaction, &blob.key);
    held.cloned()
        .ok_or_else(|| not_found(format!("Key '{}' does not exist", blob.key)))
}

/// Decrypts what [`seal`] made.
pub(crate) fn open(
    transaction: &Transaction,
    blob: &[u8],
    context: &[(&str, &str)],
) -> Result<Secret, Fault> {
    let held = sealed_by(transaction, blob)?;
    check_usable(&held)?;
    let context: Context<'_> = context.iter().copied().collect();
    let blob = Blob::read(blob).ok_or_else(invalid_ciphertext)?;
    let opened = blob.open(&held.key, &context);
    opened.ok_or_else(invalid_ciphertext)
}
