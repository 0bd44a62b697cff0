//! Data key pairs, which sign, encrypt and agree elsewhere; their private keys are encrypted here.
//!
//! Source: KMS API Reference, "GenerateDataKeyPair" and "GenerateDataKeyPairWithoutPlaintext".

use protocol::{Fault, Record, Secret, Value};

use super::context::Context;
use super::crypto::{seal, to_encrypt};
use super::faults::{check_dry_run, refuse, unsupported};
use super::grants::check_tokens;
use super::lookup::{By, SYMMETRIC, check_usable, check_usage, named};
use super::{material, pair};
use crate::entity::{KmsKeySpec, KmsKeyUsage};
use crate::gate::{Need, keys};
use crate::operation::{Needs, Row, required};
use crate::transaction::{Transaction, internal_failure};

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "GenerateDataKeyPair",
        needs: WITH_PLAINTEXT,
        run: |transaction, _, input| {
            refuse(input, REFUSED)?;
            let (private, answer) = data_key_pair(transaction, input, "GenerateDataKeyPair")?;
            Ok(answer.with("PrivateKeyPlaintext", private))
        },
    },
    Row {
        operation: "GenerateDataKeyPairWithoutPlaintext",
        needs: WITHOUT_PLAINTEXT,
        run: |transaction, _, input| {
            let operation = "GenerateDataKeyPairWithoutPlaintext";
            data_key_pair(transaction, input, operation).map(|(_, answer)| answer)
        },
    },
];

const WITH_PLAINTEXT: Needs = |t, _, i| needs("kms:GenerateDataKeyPair", t, i);
const WITHOUT_PLAINTEXT: Needs = |t, _, i| needs("kms:GenerateDataKeyPairWithoutPlaintext", t, i);

fn needs(
    action: &'static str,
    transaction: &Transaction,
    input: &Record,
) -> Result<Vec<Need>, Fault> {
    let context = Context::given(input, "EncryptionContext");
    let (id, spec) = (required(input, "KeyId")?, required(input, "KeyPairSpec")?);
    let need = to_encrypt(action, transaction, (id, SYMMETRIC), &context);
    Ok(vec![need.with(&keys::KMS_DATA_KEY_PAIR_SPEC, spec)])
}

/// A private key, and the answer that has it encrypted.
fn data_key_pair(
    transaction: &mut Transaction,
    input: &Record,
    operation: &str,
) -> Result<(Secret, Record), Fault> {
    check_tokens(input)?;
    let asked = required(input, "KeyPairSpec")?;
    let spec = KmsKeySpec::find(asked).filter(|spec| spec.is_asymmetric());
    let spec = spec.ok_or_else(|| {
        unsupported(format!(
            "This server does not support KeyPairSpec {asked}, only RSA_* and ECC_*."
        ))
    })?;
    let context = Context::given(input, "EncryptionContext");
    context.check()?;
    let held = named(transaction, input, "KeyId", By::Alias)?.held;
    let usage = KmsKeyUsage::EncryptDecrypt;
    check_usage(&held, operation, usage, Some(SYMMETRIC))?;
    check_usable(&held)?;
    check_dry_run(input)?;
    let secret = make(transaction, spec)?;
    let private = pair::private(spec, &secret).ok_or_else(internal_failure)?;
    let public = pair::public(spec, &secret).ok_or_else(internal_failure)?;
    let (held, blob) = seal(transaction, &held, &private, &context)?;
    let newest = material::newest(&held.key);
    let material = newest.and_then(|newest| material::shown_id(&held.key, newest.version));
    let answer = Record::new()
        .with("PrivateKeyCiphertextBlob", Value::Blob(blob))
        .with("PublicKey", Value::Blob(public))
        .with("KeyId", held.key.arn.as_str())
        .with("KeyPairSpec", spec.name())
        .with_some("KeyMaterialId", material);
    Ok((private, answer))
}

/// The private key of a new pair, as [`pair`] takes it.
pub(super) fn make(transaction: &mut Transaction, spec: KmsKeySpec) -> Result<Secret, Fault> {
    match spec.rsa_bits() {
        Some(bits) => transaction.rsa_key(bits),
        None => pair::drawn(spec, &mut transaction.entropy).ok_or_else(internal_failure),
    }
}

/// There are no enclaves.
pub(super) const REFUSED: &[&str] = &["Recipient"];
