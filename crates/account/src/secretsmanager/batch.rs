//! BatchGetSecretValue: several values in one call, each authorized for itself.
//!
//! A secret that the caller may not read, or that has no value, is an entry of `Errors` and takes
//! nothing from the others.
//!
//! Source: Secrets Manager API Reference, "BatchGetSecretValue".

use protocol::{Fault, Record, Value};

use super::faults::invalid_parameter;
use super::{list, values};
use crate::gate::{Caller, Need};
use crate::operation::Row;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[Row {
    operation: "BatchGetSecretValue",
    needs,
    run: get,
}];

fn needs(transaction: &Transaction, _: &Caller, input: &Record) -> Result<Vec<Need>, Fault> {
    let mut needs = vec![Need::new("secretsmanager:BatchGetSecretValue", "*")];
    if !input.list("Filters").is_empty() {
        needs.push(Need::new("secretsmanager:ListSecrets", "*"));
    }
    // What is wrong with the call is told by the handler, to whom may know.
    let (ids, _) = picked(transaction, input).unwrap_or_default();
    for id in ids {
        let of_one = values::to_get(transaction, &one(&id))?;
        needs.extend(of_one.into_iter().map(|need| need.of_part(&id)));
    }
    Ok(needs)
}

fn one(id: &str) -> Record {
    Record::new().with("SecretId", id)
}

/// The secrets of the call, and where the next page begins.
fn picked(
    transaction: &Transaction,
    input: &Record,
) -> Result<(Vec<String>, Option<String>), Fault> {
    let ids: Vec<String> = input.texts("SecretIdList").map(str::to_owned).collect();
    let has_filters = !input.list("Filters").is_empty();
    if ids.is_empty() != has_filters {
        return Err(invalid_parameter(
            "You must include Filters or SecretIdList, but not both.",
        ));
    }
    if has_filters {
        // In the order of ListSecrets, of which the call has no say.
        let filtered = ["Filters", "MaxResults", "NextToken"];
        let listing = filtered.into_iter().fold(Record::new(), |listing, member| {
            listing.with_some(member, input.get(member).cloned())
        });
        let (page, next) = list::select(transaction, &listing, BATCH_SECRETS_MAX)?;
        let arns = page.into_iter().map(|secret| secret.arn.clone());
        return Ok((arns.collect(), next));
    }
    let of_pages = ["MaxResults", "NextToken"];
    if let Some(member) = of_pages.iter().find(|member| input.get(member).is_some()) {
        return Err(invalid_parameter(format!(
            "To use {member}, you must also use Filters."
        )));
    }
    Ok((ids, None))
}

fn get(transaction: &mut Transaction, caller: &Caller, input: &Record) -> Result<Record, Fault> {
    let (ids, next) = picked(transaction, input)?;
    let (mut found, mut errors) = (Vec::new(), Vec::new());
    for id in ids {
        let read = match transaction.refused(&id) {
            Some(denied) => Err(denied.clone()),
            None => values::read(transaction, caller, &one(&id)),
        };
        match read {
            Ok(value) => found.push(value),
            Err(fault) => errors.push(
                Record::new()
                    .with("SecretId", id)
                    .with("ErrorCode", fault.code.as_ref())
                    .with("Message", fault.message.as_ref()),
            ),
        }
    }
    Ok(Record::new()
        .with("SecretValues", Value::from(found))
        .with_some("NextToken", next)
        .with("Errors", Value::from(errors)))
}

const BATCH_SECRETS_MAX: usize = 20;
