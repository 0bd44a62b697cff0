//! Data keys, which encrypt elsewhere, and random bytes.
//!
//! Source: KMS API Reference, "GenerateDataKey", "GenerateDataKeyWithoutPlaintext" and
//! "GenerateRandom".

use protocol::{Fault, Record, Secret, Value};

use super::context::Context;
use super::crypto::{seal, to_encrypt};
use super::faults::{check_dry_run, refuse, validation};
use super::grants::check_tokens;
use super::lookup::{By, SYMMETRIC, check_usable, check_usage, named};
use super::material;
use crate::entity::KmsKeyUsage;
use crate::gate::{Caller, Need};
use crate::operation::{Needs, Row, required};
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "GenerateDataKey",
        needs: WITH_PLAINTEXT,
        run: |transaction, _, input| {
            refuse(input, REFUSED)?;
            let (text, answer) = data_key(transaction, input)?;
            Ok(answer.with("Plaintext", text))
        },
    },
    Row {
        operation: "GenerateDataKeyWithoutPlaintext",
        needs: WITHOUT_PLAINTEXT,
        run: |transaction, _, input| data_key(transaction, input).map(|(_, answer)| answer),
    },
    Row {
        operation: "GenerateRandom",
        needs: |_, _, _| Ok(vec![Need::new("kms:GenerateRandom", "*")]),
        run: random,
    },
];

const WITH_PLAINTEXT: Needs = |t, _, i| data_key_needs("kms:GenerateDataKey", t, i);
const WITHOUT_PLAINTEXT: Needs =
    |t, _, i| data_key_needs("kms:GenerateDataKeyWithoutPlaintext", t, i);

fn data_key_needs(
    action: &'static str,
    transaction: &Transaction,
    input: &Record,
) -> Result<Vec<Need>, Fault> {
    let context = Context::given(input, "EncryptionContext");
    let id = required(input, "KeyId")?;
    Ok(vec![to_encrypt(
        action,
        transaction,
        (id, SYMMETRIC),
        &context,
    )])
}

/// A data key, and the answer that has it encrypted.
fn data_key(transaction: &mut Transaction, input: &Record) -> Result<(Secret, Record), Fault> {
    check_tokens(input)?;
    let bytes = match (input.text("KeySpec"), bytes_asked(input)) {
        (Some("AES_128"), None) => 16,
        (Some(_), None) => 32,
        (None, Some(bytes)) => bytes,
        _ => {
            return Err(validation(
                "Please specify either number of bytes or key spec.",
            ));
        }
    };
    let context = Context::given(input, "EncryptionContext");
    context.check()?;
    let held = named(transaction, input, "KeyId", By::Alias)?.held;
    let usage = KmsKeyUsage::EncryptDecrypt;
    check_usage(&held, "GenerateDataKey", usage, Some(SYMMETRIC))?;
    check_usable(&held)?;
    check_dry_run(input)?;
    let text = random_secret(transaction, bytes);
    let (held, blob) = seal(transaction, &held, &text, &context)?;
    let newest = material::newest(&held.key);
    let material = newest.and_then(|newest| material::shown_id(&held.key, newest.version));
    let answer = Record::new()
        .with("CiphertextBlob", Value::Blob(blob))
        .with("KeyId", held.key.arn.as_str())
        .with_some("KeyMaterialId", material);
    Ok((text, answer))
}

fn random(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    refuse(input, REFUSED_OF_RANDOM)?;
    let bytes = bytes_asked(input).ok_or_else(|| validation("NumberOfBytes is required."))?;
    let text = random_secret(transaction, bytes);
    Ok(Record::new().with("Plaintext", text))
}

/// The shapes bound it to 1,024.
fn bytes_asked(input: &Record) -> Option<usize> {
    let bytes = input.integer("NumberOfBytes")?;
    usize::try_from(bytes).ok()
}

fn random_secret(transaction: &mut Transaction, bytes: usize) -> Secret {
    let mut text = vec![0; bytes].into_boxed_slice();
    transaction.entropy.fill(&mut text);
    Secret::new(text)
}

/// There are no enclaves.
pub(super) const REFUSED: &[&str] = &["Recipient"];
pub(super) const REFUSED_OF_RANDOM: &[&str] = &["CustomKeyStoreId", "Recipient"];
