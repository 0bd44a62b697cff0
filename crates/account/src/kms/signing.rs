//! Signatures, public keys, and secrets that two sides agree upon.
//!
//! Source: KMS API Reference, "Sign", "Verify", "GetPublicKey" and "DeriveSharedSecret"; Developer
//! Guide, "Asymmetric keys in KMS".

use std::sync::Arc;

use protocol::{Fault, Record, Secret, Value};

use super::faults::{check_dry_run, refuse, unsupported, validation};
use super::grants::check_tokens;
use super::lookup::{self, By, check_usable, check_usage, named};
use super::pair::{self, Message};
use crate::entity::KmsKeyUsage;
use crate::gate::{Caller, Need, keys};
use crate::operation::{Row, required};
use crate::state::HeldKey;
use crate::transaction::{Transaction, internal_failure};

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "GetPublicKey",
        needs: |transaction, _, input| {
            let id = required(input, "KeyId")?;
            let need = lookup::need("kms:GetPublicKey", transaction, id, By::Alias);
            Ok(vec![need])
        },
        run: public_key,
    },
    Row {
        operation: "Sign",
        needs: |t, _, i| needs("kms:Sign", t, i),
        run: sign,
    },
    Row {
        operation: "Verify",
        needs: |t, _, i| needs("kms:Verify", t, i),
        run: verify,
    },
    Row {
        operation: "DeriveSharedSecret",
        needs: |transaction, _, input| {
            let id = required(input, "KeyId")?;
            let algorithm = required(input, "KeyAgreementAlgorithm")?;
            let need = lookup::need("kms:DeriveSharedSecret", transaction, id, By::Alias);
            Ok(vec![
                need.with(&keys::KMS_KEY_AGREEMENT_ALGORITHM, algorithm),
            ])
        },
        run: derive,
    },
];

fn needs(
    action: &'static str,
    transaction: &Transaction,
    input: &Record,
) -> Result<Vec<Need>, Fault> {
    let id = required(input, "KeyId")?;
    let algorithm = required(input, "SigningAlgorithm")?;
    let need = lookup::need(action, transaction, id, By::Alias);
    let need = need.with(&keys::KMS_SIGNING_ALGORITHM, algorithm);
    Ok(vec![
        need.with(&keys::KMS_MESSAGE_TYPE, message_type(input)),
    ])
}

fn message_type(input: &Record) -> &str {
    input.text("MessageType").unwrap_or(RAW)
}

fn public_key(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    check_tokens(input)?;
    let held = named(transaction, input, "KeyId", By::Alias)?.held;
    let (key, usage) = (&held.key, held.key.usage());
    if !key.spec.is_asymmetric() {
        return Err(unsupported(format!(
            "{} key spec is {} which is not valid for GetPublicKey.",
            key.arn,
            key.spec.name()
        )));
    }
    check_usable(&held)?;
    let public = pair::public(key.spec, private(&held)?).ok_or_else(internal_failure)?;
    Ok(Record::new()
        .with("KeyId", key.arn.as_str())
        .with("PublicKey", Value::Blob(public))
        .with("CustomerMasterKeySpec", key.spec.name())
        .with("KeySpec", key.spec.name())
        .with("KeyUsage", usage.name())
        .with(usage.algorithms_member(), key.algorithms().to_vec()))
}

/// What a call signs, and how.
struct Signing<'i> {
    held: Arc<HeldKey>,
    algorithm: &'i str,
    message: Message<'i>,
}

fn read<'i>(
    transaction: &Transaction,
    input: &'i Record,
    operation: &str,
) -> Result<Signing<'i>, Fault> {
    check_tokens(input)?;
    let algorithm = required(input, "SigningAlgorithm")?;
    let held = named(transaction, input, "KeyId", By::Alias)?.held;
    check_usage(&held, operation, KmsKeyUsage::SignVerify, Some(algorithm))?;
    check_usable(&held)?;
    let bytes = input.secret("Message").ok_or_else(internal_failure)?;
    let bytes = bytes.expose();
    let message = match (message_type(input), pair::digest_bytes(algorithm)) {
        (RAW, _) => Message::Raw(bytes),
        (DIGEST, Some(length)) if bytes.len() == length => Message::Digest(bytes),
        (DIGEST, Some(_)) => {
            return Err(validation(format!(
                "Digest is invalid length for algorithm {algorithm}."
            )));
        }
        (other, _) => {
            return Err(validation(format!(
                "Message type {other} is not supported by the algorithm {algorithm}."
            )));
        }
    };
    Ok(Signing {
        held,
        algorithm,
        message,
    })
}

fn sign(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let Signing {
        held,
        algorithm,
        message,
    } = read(transaction, input, "Sign")?;
    check_dry_run(input)?;
    let signature = pair::sign(held.key.spec, private(&held)?, algorithm, message);
    let signature = signature.ok_or_else(internal_failure)?;
    Ok(Record::new()
        .with("KeyId", held.key.arn.as_str())
        .with("Signature", Value::Blob(signature))
        .with("SigningAlgorithm", algorithm))
}

fn verify(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let Signing {
        held,
        algorithm,
        message,
    } = read(transaction, input, "Verify")?;
    let secret = private(&held)?;
    let valid = match input.get("Signature") {
        Some(Value::Blob(signature)) => {
            pair::is_signature(held.key.spec, secret, algorithm, (message, signature))
        }
        _ => false,
    };
    if !valid {
        return Err(Fault::new("KMSInvalidSignatureException", ""));
    }
    check_dry_run(input)?;
    Ok(Record::new()
        .with("KeyId", held.key.arn.as_str())
        .with("SignatureValid", true)
        .with("SigningAlgorithm", algorithm))
}

fn derive(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    refuse(input, REFUSED)?;
    check_tokens(input)?;
    let algorithm = required(input, "KeyAgreementAlgorithm")?;
    let held = named(transaction, input, "KeyId", By::Alias)?.held;
    let usage = KmsKeyUsage::KeyAgreement;
    check_usage(&held, "DeriveSharedSecret", usage, Some(algorithm))?;
    check_usable(&held)?;
    let spec = held.key.spec;
    let shared = match input.get("PublicKey") {
        Some(Value::Blob(peer)) => pair::shared(spec, private(&held)?, peer),
        _ => None,
    };
    let shared = shared.ok_or_else(|| {
        validation(format!(
            "PublicKey is no public key of the key spec {} in DER.",
            spec.name()
        ))
    })?;
    check_dry_run(input)?;
    Ok(Record::new()
        .with("KeyId", held.key.arn.as_str())
        .with("SharedSecret", shared)
        .with("KeyAgreementAlgorithm", algorithm)
        .with("KeyOrigin", lookup::ORIGIN))
}

/// The private key of a key that has one; it does not rotate.
pub(super) fn private(held: &HeldKey) -> Result<&Secret, Fault> {
    let material = held.key.materials.last().ok_or_else(internal_failure)?;
    Ok(&material.secret)
}

const RAW: &str = "RAW";
const DIGEST: &str = "DIGEST";

/// Of DeriveSharedSecret: there are no enclaves.
pub(super) const REFUSED: &[&str] = &["Recipient"];
