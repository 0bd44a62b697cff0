//! Texts of at most 4,096 bytes, encrypted and decrypted under a key.
//!
//! Source: KMS API Reference, "Encrypt", "Decrypt" and "ReEncrypt".

use std::sync::Arc;

use protocol::{Fault, Record, Secret, Value};

use super::context::Context;
use super::faults::{invalid_ciphertext, refuse, validation};
use super::lookup::{self, ALGORITHM, By, ENCRYPTS, check_usable, check_usage, named, remembered};
use super::material::{self, Blob, NONCE_BYTES};
use super::rotation;
use crate::gate::{Caller, Need, keys};
use crate::operation::{Row, required};
use crate::state::HeldKey;
use crate::transaction::{Transaction, internal_failure};

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "Encrypt",
        needs: |transaction, _, input| {
            let context = Context::given(input, "EncryptionContext");
            let id = required(input, "KeyId")?;
            Ok(vec![to_encrypt("kms:Encrypt", transaction, id, &context)])
        },
        run: encrypt,
    },
    Row {
        operation: "Decrypt",
        needs: |transaction, _, input| {
            let context = Context::given(input, "EncryptionContext");
            let id = input.text("KeyId");
            Ok(vec![to_decrypt(
                "kms:Decrypt",
                transaction,
                input,
                id,
                &context,
            )])
        },
        run: decrypt,
    },
    Row {
        operation: "ReEncrypt",
        needs: re_encrypt_needs,
        run: re_encrypt,
    },
];

/// A need on the key that a call names for what it encrypts.
pub(super) fn to_encrypt(
    action: &'static str,
    transaction: &Transaction<'_>,
    id: &str,
    context: &Context<'_>,
) -> Need {
    let need = lookup::need(action, transaction, id, By::Alias);
    context.on(need.with(&keys::KMS_ALGORITHM, ALGORITHM))
}

/// A need on the key that a call names for what it decrypts, or else on the key that encrypted it.
/// A blob that no key made is nobody's in particular.
fn to_decrypt(
    action: &'static str,
    transaction: &Transaction<'_>,
    input: &Record,
    id: Option<&str>,
    context: &Context<'_>,
) -> Need {
    let blob = blob(input).and_then(Blob::read);
    let need = match (id, blob) {
        (Some(id), _) => lookup::need(action, transaction, id, By::Alias),
        (None, Some(blob)) => {
            let state = transaction.state();
            match remembered(state, &blob.key, transaction.now) {
                Some(held) => lookup::need_on(action, state, &held.key),
                None => lookup::need(action, transaction, &blob.key, By::Id),
            }
        }
        (None, None) => Need::new(action, "*"),
    };
    context.on(need.with(&keys::KMS_ALGORITHM, ALGORITHM))
}

fn re_encrypt_needs(
    transaction: &Transaction<'_>,
    _: &Caller,
    input: &Record,
) -> Result<Vec<Need>, Fault> {
    let from = Context::given(input, "SourceEncryptionContext");
    let to = Context::given(input, "DestinationEncryptionContext");
    let (source, target) = (
        input.text("SourceKeyId"),
        required(input, "DestinationKeyId")?,
    );
    let from = to_decrypt("kms:ReEncryptFrom", transaction, input, source, &from);
    let to = to_encrypt("kms:ReEncryptTo", transaction, target, &to);
    let same = from.resource == to.resource;
    let with = |need: Need| need.with(&keys::KMS_SAME_KEY, same);
    Ok(vec![with(from), with(to)])
}

fn blob(input: &Record) -> Option<&[u8]> {
    match input.get("CiphertextBlob") {
        Some(Value::Blob(bytes)) => Some(bytes),
        _ => None,
    }
}

/// `DryRun`: the caller wants to know whether it may and could, and nothing done.
pub(super) fn check_dry_run(input: &Record) -> Result<(), Fault> {
    match input.boolean("DryRun") {
        Some(true) => Err(Fault::new(
            "DryRunOperationException",
            "The request would have succeeded, but the DryRun option is set.",
        )),
        _ => Ok(()),
    }
}

/// Encrypts with the key's newest material; the key and the blob.
pub(super) fn seal(
    transaction: &mut Transaction<'_>,
    held: &Arc<HeldKey>,
    text: &Secret,
    context: &Context<'_>,
) -> Result<(Arc<HeldKey>, Vec<u8>), Fault> {
    let held = rotation::current(transaction, held)?;
    let nonce = transaction.entropy.bytes::<NONCE_BYTES>();
    let blob = material::seal(&held.key, text, context, nonce).ok_or_else(internal_failure)?;
    Ok((held, blob))
}

fn encrypt(transaction: &mut Transaction<'_>, _: &Caller, input: &Record) -> Result<Record, Fault> {
    refuse(input, &["GrantTokens"])?;
    let context = Context::given(input, "EncryptionContext");
    context.check()?;
    let held = named(transaction, input, "KeyId", By::Alias)?.held;
    check_usage(
        &held,
        "Encrypt",
        ENCRYPTS,
        input.text("EncryptionAlgorithm"),
    )?;
    check_usable(&held)?;
    let text = input.secret("Plaintext").ok_or_else(internal_failure)?;
    check_dry_run(input)?;
    let (held, blob) = seal(transaction, &held, text, &context)?;
    Ok(Record::new()
        .with("CiphertextBlob", Value::Blob(blob))
        .with("KeyId", held.key.arn.as_str())
        .with("EncryptionAlgorithm", ALGORITHM))
}

/// What was decrypted, by which key and which of its materials.
struct Opened {
    held: Arc<HeldKey>,
    version: u32,
    text: Secret,
}

/// Decrypts the blob of a call, if the key that it names is the one that encrypted it.
fn open(
    transaction: &Transaction<'_>,
    input: &Record,
    (operation, key, algorithm): (&'static str, &'static str, &'static str),
    context: &Context<'_>,
) -> Result<Opened, Fault> {
    context.check()?;
    let bytes = blob(input).ok_or_else(|| validation("CiphertextBlob is required."))?;
    let named = match input.get(key) {
        Some(_) => Some(named(transaction, input, key, By::Alias)?.held),
        None => None,
    };
    let blob = Blob::read(bytes).ok_or_else(invalid_ciphertext)?;
    let held = match named {
        Some(held) if held.key.id != blob.key => {
            return Err(Fault::new(
                "IncorrectKeyException",
                "The key ID in the request does not identify a CMK that can perform this \
                 operation.",
            ));
        }
        Some(held) => held,
        None => remembered(transaction.state(), &blob.key, transaction.now)
            .cloned()
            .ok_or_else(|| {
                Fault::new(
                    "AccessDeniedException",
                    "The ciphertext refers to a customer master key that does not exist, does not \
                     exist in this region, or you are not allowed to access.",
                )
            })?,
    };
    check_usage(&held, operation, ENCRYPTS, input.text(algorithm))?;
    check_usable(&held)?;
    let text = blob
        .open(&held.key, context)
        .ok_or_else(invalid_ciphertext)?;
    Ok(Opened {
        version: blob.version,
        held,
        text,
    })
}

fn decrypt(transaction: &mut Transaction<'_>, _: &Caller, input: &Record) -> Result<Record, Fault> {
    refuse(input, &["GrantTokens", "Recipient", "DryRunModifiers"])?;
    let context = Context::given(input, "EncryptionContext");
    let members = ("Decrypt", "KeyId", "EncryptionAlgorithm");
    let Opened {
        held,
        version,
        text,
    } = open(transaction, input, members, &context)?;
    check_dry_run(input)?;
    Ok(Record::new()
        .with("KeyId", held.key.arn.as_str())
        .with("Plaintext", text)
        .with("EncryptionAlgorithm", ALGORITHM)
        .with_some("KeyMaterialId", material::shown_id(&held.key, version)))
}

fn re_encrypt(
    transaction: &mut Transaction<'_>,
    _: &Caller,
    input: &Record,
) -> Result<Record, Fault> {
    refuse(input, &["GrantTokens", "DryRunModifiers"])?;
    let from = Context::given(input, "SourceEncryptionContext");
    let to = Context::given(input, "DestinationEncryptionContext");
    to.check()?;
    let target = named(transaction, input, "DestinationKeyId", By::Alias)?.held;
    let algorithm = input.text("DestinationEncryptionAlgorithm");
    check_usage(&target, "ReEncrypt", ENCRYPTS, algorithm)?;
    let members = ("ReEncrypt", "SourceKeyId", "SourceEncryptionAlgorithm");
    let opened = open(transaction, input, members, &from)?;
    check_usable(&target)?;
    check_dry_run(input)?;
    let (target, blob) = seal(transaction, &target, &opened.text, &to)?;
    let source = &opened.held.key;
    let newest = material::newest(&target.key).map(|newest| newest.version);
    Ok(Record::new()
        .with("CiphertextBlob", Value::Blob(blob))
        .with("SourceKeyId", source.arn.as_str())
        .with("KeyId", target.key.arn.as_str())
        .with("SourceEncryptionAlgorithm", ALGORITHM)
        .with("DestinationEncryptionAlgorithm", ALGORITHM)
        .with_some(
            "SourceKeyMaterialId",
            material::shown_id(source, opened.version),
        )
        .with_some(
            "DestinationKeyMaterialId",
            newest.and_then(|version| material::shown_id(&target.key, version)),
        ))
}
