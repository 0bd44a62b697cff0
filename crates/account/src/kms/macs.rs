//! Authentication codes of messages of at most 4,096 bytes.
//!
//! Source: KMS API Reference, "GenerateMac" and "VerifyMac"; Developer Guide, "HMAC keys in KMS".

use std::sync::Arc;

use protocol::{Fault, Record, Secret, Value};

use super::faults::check_dry_run;
use super::grants::check_tokens;
use super::lookup::{self, By, check_usable, check_usage, named};
use super::material;
use crate::entity::KmsKeyUsage;
use crate::gate::{Caller, Need, keys};
use crate::operation::{Row, required};
use crate::state::HeldKey;
use crate::transaction::{Transaction, internal_failure};

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "GenerateMac",
        needs: |t, _, i| needs("kms:GenerateMac", t, i),
        run: generate,
    },
    Row {
        operation: "VerifyMac",
        needs: |t, _, i| needs("kms:VerifyMac", t, i),
        run: verify,
    },
];

fn needs(
    action: &'static str,
    transaction: &Transaction,
    input: &Record,
) -> Result<Vec<Need>, Fault> {
    let (id, algorithm) = (required(input, "KeyId")?, required(input, "MacAlgorithm")?);
    let need = lookup::need(action, transaction, id, By::Alias);
    Ok(vec![need.with(&keys::KMS_MAC_ALGORITHM, algorithm)])
}

/// The key and the message of a call.
fn read<'i>(
    transaction: &Transaction,
    input: &'i Record,
    operation: &str,
) -> Result<(Arc<HeldKey>, &'i Secret), Fault> {
    check_tokens(input)?;
    let held = named(transaction, input, "KeyId", By::Alias)?.held;
    let usage = KmsKeyUsage::GenerateVerifyMac;
    check_usage(&held, operation, usage, input.text("MacAlgorithm"))?;
    check_usable(&held)?;
    let message = input.secret("Message").ok_or_else(internal_failure)?;
    Ok((held, message))
}

fn answer(held: &HeldKey) -> Record {
    let algorithm = held.key.algorithms().first().copied();
    Record::new()
        .with("KeyId", held.key.arn.as_str())
        .with_some("MacAlgorithm", algorithm)
}

fn generate(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let (held, message) = read(transaction, input, "GenerateMac")?;
    check_dry_run(input)?;
    let code = material::mac(&held.key, message).ok_or_else(internal_failure)?;
    Ok(answer(&held).with("Mac", Value::Blob(code)))
}

fn verify(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let (held, message) = read(transaction, input, "VerifyMac")?;
    let valid = match input.get("Mac") {
        Some(Value::Blob(code)) => material::is_mac(&held.key, message, code),
        _ => false,
    };
    if !valid {
        return Err(Fault::new("KMSInvalidMacException", ""));
    }
    check_dry_run(input)?;
    Ok(answer(&held).with("MacValid", true))
}
