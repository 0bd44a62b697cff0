//! Key policies: who may use and manage a key, said at the key. Whom it does not allow may nothing.
//!
//! Source: KMS Developer Guide, "Key policies in KMS" and "Default key policy".

use policy::{Kind, Policy};
use protocol::{Fault, Record};

use super::faults::{limit_exceeded, not_found};
use super::lookup::{load, need_on, on_key};
use super::pages;
use crate::entity::{Entity, KmsKey};
use crate::gate::{self, Caller, keys};
use crate::iam;
use crate::operation::{Row, required};
use crate::state::State;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "GetKeyPolicy",
        needs: |t, _, i| on_key("kms:GetKeyPolicy", t, i),
        run: get,
    },
    Row {
        operation: "PutKeyPolicy",
        needs: |transaction, _, input| {
            let needs = on_key("kms:PutKeyPolicy", transaction, input)?;
            let needs = needs.into_iter();
            Ok(needs
                .map(|need| need.with(&keys::KMS_BYPASS, bypasses(input)))
                .collect())
        },
        run: put,
    },
    Row {
        operation: "ListKeyPolicies",
        needs: |t, _, i| on_key("kms:ListKeyPolicies", t, i),
        run: list,
    },
];

pub(super) fn bypasses(input: &Record) -> bool {
    input
        .boolean("BypassPolicyLockoutSafetyCheck")
        .unwrap_or(false)
}

/// The policy of a key that is made without one: it hands the key over to the account's policies.
pub(super) fn default(state: &State) -> String {
    let account = state.account_id();
    format!(
        r#"{{
  "Version" : "2012-10-17",
  "Id" : "key-default-1",
  "Statement" : [ {{
    "Sid" : "Enable IAM User Permissions",
    "Effect" : "Allow",
    "Principal" : {{
      "AWS" : "arn:aws:iam::{account}:root"
    }},
    "Action" : "kms:*",
    "Resource" : "*"
  }} ]
}}"#
    )
}

/// A policy that is understood in full, whose users and roles of this account are there, and that
/// does not lock out the caller, unless that is wanted.
pub(super) fn check(
    transaction: &Transaction,
    caller: &Caller,
    key: &KmsKey,
    text: &str,
    bypasses: bool,
) -> Result<(), Fault> {
    let state = transaction.state();
    let malformed = |why: String| Fault::new("MalformedPolicyDocumentException", why);
    let policy = Policy::parse(text, Kind::Resource).map_err(|error| {
        if error.is_over_quota() {
            limit_exceeded(error.message)
        } else {
            malformed(error.to_string())
        }
    })?;
    let unknown = policy
        .principal_arns()
        .find(|arn| !iam::is_known(state, arn));
    if let Some(arn) = unknown {
        return Err(malformed(format!(
            "Policy contains a statement with one or more invalid principals: {arn}"
        )));
    }
    if bypasses {
        return Ok(());
    }
    let need = need_on("kms:PutKeyPolicy", state, key).with(&keys::KMS_BYPASS, false);
    if gate::admits(state, caller, &policy, &need, transaction.now) {
        return Ok(());
    }
    Err(malformed(
        "The new key policy will not allow you to update the key policy in the future.".to_owned(),
    ))
}

fn check_name(input: &Record) -> Result<(), Fault> {
    match input.text("PolicyName") {
        Some(name) if name != POLICY_NAME => Err(not_found("No such policy exists")),
        _ => Ok(()),
    }
}

fn get(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let held = load(transaction, input)?;
    check_name(input)?;
    Ok(Record::new()
        .with("Policy", held.key.policy.as_str())
        .with("PolicyName", POLICY_NAME))
}

fn put(transaction: &mut Transaction, caller: &Caller, input: &Record) -> Result<Record, Fault> {
    let held = load(transaction, input)?;
    check_name(input)?;
    let text = required(input, "Policy")?;
    check(transaction, caller, &held.key, text, bypasses(input))?;
    let mut key = held.key.clone();
    text.clone_into(&mut key.policy);
    transaction.put(Entity::KmsKey(key))?;
    Ok(Record::new())
}

fn list(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    load(transaction, input)?;
    let names = [POLICY_NAME].into_iter();
    let name = |name: &&str| (*name).to_owned();
    pages::page(input, "PolicyNames", names, name, |name| (*name).into())
}

/// The one policy that a key has.
const POLICY_NAME: &str = "default";
