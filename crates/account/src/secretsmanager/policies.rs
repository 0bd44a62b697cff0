//! Resource policies: who else may use a secret, said at the secret.
//!
//! Source: Secrets Manager User Guide, "Resource-based policies", and API Reference,
//! "PutResourcePolicy".

use policy::{Kind, Policy};
use protocol::{Fault, Record, Value};

use super::answer::named;
use super::faults::refuse;
use super::lookup::{load, load_live, on_secret};
use crate::entity::Entity;
use crate::gate::{Caller, Need, keys, public};
use crate::iam;
use crate::operation::{Row, required};
use crate::state::State;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "GetResourcePolicy",
        needs: |t, _, i| on_secret("secretsmanager:GetResourcePolicy", t, i),
        run: get,
    },
    Row {
        operation: "PutResourcePolicy",
        needs: |transaction, _, input| {
            let needs = on_secret("secretsmanager:PutResourcePolicy", transaction, input)?;
            let blocks = blocks_public(input);
            let with = |need: Need| need.with(&keys::SECRET_BLOCK_PUBLIC_POLICY, blocks);
            Ok(needs.into_iter().map(with).collect())
        },
        run: put,
    },
    Row {
        operation: "DeleteResourcePolicy",
        needs: |t, _, i| on_secret("secretsmanager:DeleteResourcePolicy", t, i),
        run: delete,
    },
    Row {
        operation: "ValidateResourcePolicy",
        needs: |transaction, _, input| {
            let action = "secretsmanager:ValidateResourcePolicy";
            match input.text("SecretId") {
                Some(_) => on_secret(action, transaction, input),
                None => Ok(vec![Need::new(action, "*")]),
            }
        },
        run: validate,
    },
];

fn blocks_public(input: &Record) -> bool {
    input.boolean("BlockPublicPolicy").unwrap_or(false)
}

fn get(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    refuse(input, REFUSED)?;
    let held = load(transaction, input)?;
    Ok(named(&held.secret).with_some("ResourcePolicy", held.secret.policy.as_deref()))
}

fn put(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    refuse(input, REFUSED)?;
    let held = load_live(transaction, input)?;
    let text = required(input, "ResourcePolicy")?;
    check(transaction.state(), text)?;
    if blocks_public(input)
        && let Some(why) = public(text)
    {
        return Err(Fault::new("PublicPolicyException", why));
    }
    let mut secret = held.secret.clone();
    secret.policy = Some(text.to_owned());
    let answer = named(&secret);
    transaction.put(Entity::Secret(secret))?;
    Ok(answer)
}

fn delete(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    refuse(input, REFUSED)?;
    let held = load_live(transaction, input)?;
    let answer = named(&held.secret);
    if held.secret.policy.is_some() {
        let mut secret = held.secret.clone();
        secret.policy = None;
        transaction.put(Entity::Secret(secret))?;
    }
    Ok(answer)
}

fn validate(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    if input.text("SecretId").is_some() {
        load(transaction, input)?;
    }
    let text = required(input, "ResourcePolicy")?;
    check(transaction.state(), text)?;
    let error = public(text).map(|why| {
        Record::new()
            .with("CheckName", "CheckNoPublicAccess")
            .with("ErrorMessage", why)
    });
    Ok(Record::new()
        .with("PolicyValidationPassed", error.is_none())
        .with("ValidationErrors", error.into_iter().collect::<Value>()))
}

/// A policy that is understood in full, and whose users and roles of this account are there.
fn check(state: &State, text: &str) -> Result<(), Fault> {
    let malformed = |why: String| Fault::new("MalformedPolicyDocumentException", why);
    let policy = Policy::parse(text, Kind::Resource).map_err(|error| {
        malformed(format!(
            "This resource policy contains a syntax error: {error}"
        ))
    })?;
    match policy
        .principal_arns()
        .find(|arn| !iam::is_known(state, arn))
    {
        Some(arn) => Err(malformed(format!(
            "This resource policy contains an unsupported principal: {arn}"
        ))),
        None => Ok(()),
    }
}

/// A secret has one policy, and it has no name.
pub(super) const REFUSED: &[&str] = &["PolicyName"];
