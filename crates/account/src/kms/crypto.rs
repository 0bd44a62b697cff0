//! Texts of at most 4,096 bytes, encrypted and decrypted under a key.
//!
//! Source: KMS API Reference, "Encrypt", "Decrypt" and "ReEncrypt".

use std::sync::Arc;

use protocol::{Fault, Record, Secret, Value};

use super::context::Context;
use super::faults::{check_dry_run, invalid_ciphertext, refuse, validation};
use super::grants::check_tokens;
use super::lookup::{self, By, SYMMETRIC, check_usable, check_usage, named, remembered};
use super::material::{self, Blob, NONCE_BYTES};
use super::signing::private;
use super::{pair, rotation};
use crate::entity::KmsKeyUsage;
use crate::gate::{Caller, Need, keys};
use crate::operation::{Row, required};
use crate::state::HeldKey;
use crate::transaction::{Transaction, internal_failure};

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "Encrypt",
        needs: |transaction, _, input| {
            let context = Context::given(input, "EncryptionContext");
            let by = (required(input, "KeyId")?, algorithm(input, ALGORITHM));
            Ok(vec![to_encrypt("kms:Encrypt", transaction, by, &context)])
        },
        run: encrypt,
    },
    Row {
        operation: "Decrypt",
        needs: |transaction, _, input| {
            let context = Context::given(input, "EncryptionContext");
            let members = ("KeyId", ALGORITHM);
            let need = to_decrypt("kms:Decrypt", transaction, input, members, &context);
            Ok(vec![need])
        },
        run: decrypt,
    },
    Row {
        operation: "ReEncrypt",
        needs: re_encrypt_needs,
        run: re_encrypt,
    },
];

/// The algorithm that a call asks for.
fn algorithm<'i>(input: &'i Record, member: &str) -> &'i str {
    input.text(member).unwrap_or(SYMMETRIC)
}

/// A need on the key that a call names for what it encrypts, and by which algorithm.
pub(super) fn to_encrypt(
    action: &'static str,
    transaction: &Transaction,
    (id, algorithm): (&str, &str),
    context: &Context<'_>,
) -> Need {
    let need = lookup::need(action, transaction, id, By::Alias);
    context.on(need.with(&keys::KMS_ALGORITHM, algorithm))
}

/// A need on the key that a call names for what it decrypts, or else on the key that encrypted it.
/// A blob that no key made is nobody's in particular.
fn to_decrypt(
    action: &'static str,
    transaction: &Transaction,
    input: &Record,
    (id, by): (&'static str, &'static str),
    context: &Context<'_>,
) -> Need {
    let blob = blob(input).and_then(Blob::read);
    let need = match (input.text(id), blob) {
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
    context.on(need.with(&keys::KMS_ALGORITHM, algorithm(input, by)))
}

fn re_encrypt_needs(
    transaction: &Transaction,
    _: &Caller,
    input: &Record,
) -> Result<Vec<Need>, Fault> {
    let from = Context::given(input, "SourceEncryptionContext");
    let to = Context::given(input, "DestinationEncryptionContext");
    let source = ("SourceKeyId", SOURCE_ALGORITHM);
    let target = (
        required(input, "DestinationKeyId")?,
        algorithm(input, TARGET_ALGORITHM),
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

/// Encrypts with the key's newest material; the key and the blob.
pub(super) fn seal(
    transaction: &mut Transaction,
    held: &Arc<HeldKey>,
    text: &Secret,
    context: &Context<'_>,
) -> Result<(Arc<HeldKey>, Vec<u8>), Fault> {
    let held = rotation::current(transaction, held)?;
    let nonce = transaction.entropy.bytes::<NONCE_BYTES>();
    let blob = material::seal(&held.key, text, context, nonce).ok_or_else(internal_failure)?;
    Ok((held, blob))
}

/// Encrypts by the algorithm: the key as it is then, and what is sealed.
fn seal_by(
    transaction: &mut Transaction,
    held: &Arc<HeldKey>,
    algorithm: &str,
    (text, context): (&Secret, &Context<'_>),
) -> Result<(Arc<HeldKey>, Vec<u8>), Fault> {
    if algorithm == SYMMETRIC {
        return seal(transaction, held, text, context);
    }
    let sealed = pair::encrypt(private(held)?, algorithm, text);
    Ok((Arc::clone(held), sealed.ok_or_else(internal_failure)?))
}

/// Refuses a text that is too long for the algorithm.
fn check_length(held: &HeldKey, algorithm: &str, text: &Secret) -> Result<(), Fault> {
    if algorithm == SYMMETRIC {
        return Ok(());
    }
    let max = pair::plaintext_bytes_max(private(held)?, algorithm).ok_or_else(internal_failure)?;
    if text.len() <= max {
        return Ok(());
    }
    let spec = held.key.spec.name();
    Err(validation(format!(
        "Algorithm {algorithm} and key spec {spec} cannot encrypt data larger than {max} bytes."
    )))
}

/// Refuses a context that would be without effect.
fn check_context(algorithm: &str, context: &Context<'_>) -> Result<(), Fault> {
    if algorithm != SYMMETRIC && !context.is_empty() {
        return Err(validation(format!(
            "An encryption context is not supported by the algorithm {algorithm}."
        )));
    }
    context.check()
}

fn encrypt(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    check_tokens(input)?;
    let context = Context::given(input, "EncryptionContext");
    let algorithm = algorithm(input, ALGORITHM);
    check_context(algorithm, &context)?;
    let held = named(transaction, input, "KeyId", By::Alias)?.held;
    check_usage(&held, "Encrypt", ENCRYPTS, Some(algorithm))?;
    check_usable(&held)?;
    let text = input.secret("Plaintext").ok_or_else(internal_failure)?;
    check_length(&held, algorithm, text)?;
    check_dry_run(input)?;
    let (held, blob) = seal_by(transaction, &held, algorithm, (text, &context))?;
    Ok(Record::new()
        .with("CiphertextBlob", Value::Blob(blob))
        .with("KeyId", held.key.arn.as_str())
        .with("EncryptionAlgorithm", algorithm))
}

/// What was decrypted, by which key and which of its materials.
struct Opened {
    held: Arc<HeldKey>,
    /// None where there are no versions.
    version: Option<u32>,
    text: Secret,
}

impl Opened {
    fn material_id(&self) -> Option<String> {
        material::shown_id(&self.held.key, self.version?)
    }
}

/// Decrypts the blob of a call, if the key that it names is the one that encrypted it.
fn open(
    transaction: &Transaction,
    input: &Record,
    (operation, key, by): (&'static str, &'static str, &'static str),
    context: &Context<'_>,
) -> Result<Opened, Fault> {
    let algorithm = algorithm(input, by);
    check_context(algorithm, context)?;
    let bytes = blob(input).ok_or_else(|| validation("CiphertextBlob is required."))?;
    let named = match input.get(key) {
        Some(_) => Some(named(transaction, input, key, By::Alias)?.held),
        None => None,
    };
    if algorithm != SYMMETRIC {
        let held = named.ok_or_else(|| {
            validation(format!("{key} is required with the algorithm {algorithm}."))
        })?;
        check_usage(&held, operation, ENCRYPTS, Some(algorithm))?;
        check_usable(&held)?;
        let text = pair::decrypt(private(&held)?, algorithm, bytes);
        return Ok(Opened {
            text: text.ok_or_else(invalid_ciphertext)?,
            version: None,
            held,
        });
    }
    let blob = Blob::read(bytes).ok_or_else(invalid_ciphertext)?;
    let held = match named {
        Some(held) => held,
        None => encrypted_by(transaction, &blob)?,
    };
    if held.key.id != blob.key {
        return Err(Fault::new(
            "IncorrectKeyException",
            "The key ID in the request does not identify a CMK that can perform this operation.",
        ));
    }
    check_usage(&held, operation, ENCRYPTS, Some(algorithm))?;
    check_usable(&held)?;
    let text = blob
        .open(&held.key, context)
        .ok_or_else(invalid_ciphertext)?;
    Ok(Opened {
        version: Some(blob.version),
        held,
        text,
    })
}

/// The key that a blob says.
fn encrypted_by(transaction: &Transaction, blob: &Blob<'_>) -> Result<Arc<HeldKey>, Fault> {
    let held = remembered(transaction.state(), &blob.key, transaction.now);
    held.cloned().ok_or_else(|| {
        Fault::new(
            "AccessDeniedException",
            "The ciphertext refers to a customer master key that does not exist, does not exist in \
             this region, or you are not allowed to access.",
        )
    })
}

fn decrypt(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    refuse(input, REFUSED)?;
    check_tokens(input)?;
    let context = Context::given(input, "EncryptionContext");
    let members = ("Decrypt", "KeyId", ALGORITHM);
    let opened = open(transaction, input, members, &context)?;
    check_dry_run(input)?;
    let material = opened.material_id();
    Ok(Record::new()
        .with("KeyId", opened.held.key.arn.as_str())
        .with("Plaintext", opened.text)
        .with("EncryptionAlgorithm", algorithm(input, ALGORITHM))
        .with_some("KeyMaterialId", material))
}

fn re_encrypt(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    refuse(input, REFUSED_OF_RE_ENCRYPT)?;
    check_tokens(input)?;
    let from = Context::given(input, "SourceEncryptionContext");
    let to = Context::given(input, "DestinationEncryptionContext");
    let by = algorithm(input, TARGET_ALGORITHM);
    check_context(by, &to)?;
    let target = named(transaction, input, "DestinationKeyId", By::Alias)?.held;
    check_usage(&target, "ReEncrypt", ENCRYPTS, Some(by))?;
    let members = ("ReEncrypt", "SourceKeyId", SOURCE_ALGORITHM);
    let opened = open(transaction, input, members, &from)?;
    check_usable(&target)?;
    check_length(&target, by, &opened.text)?;
    check_dry_run(input)?;
    let (target, blob) = seal_by(transaction, &target, by, (&opened.text, &to))?;
    let newest = material::newest(&target.key).filter(|_| by == SYMMETRIC);
    let newest = newest.and_then(|newest| material::shown_id(&target.key, newest.version));
    Ok(Record::new()
        .with("CiphertextBlob", Value::Blob(blob))
        .with("SourceKeyId", opened.held.key.arn.as_str())
        .with("KeyId", target.key.arn.as_str())
        .with(SOURCE_ALGORITHM, algorithm(input, SOURCE_ALGORITHM))
        .with(TARGET_ALGORITHM, by)
        .with_some("SourceKeyMaterialId", opened.material_id())
        .with_some("DestinationKeyMaterialId", newest))
}

const ENCRYPTS: KmsKeyUsage = KmsKeyUsage::EncryptDecrypt;
const ALGORITHM: &str = "EncryptionAlgorithm";
const SOURCE_ALGORITHM: &str = "SourceEncryptionAlgorithm";
const TARGET_ALGORITHM: &str = "DestinationEncryptionAlgorithm";
/// There are no enclaves.
pub(super) const REFUSED: &[&str] = &["Recipient", "DryRunModifiers"];
pub(super) const REFUSED_OF_RE_ENCRYPT: &[&str] = &["DryRunModifiers"];
