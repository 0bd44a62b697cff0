//! Staging labels, moved and listed by hand.

use protocol::{Fault, Record, Value};

use super::{CURRENT, PREVIOUS, invalid_parameter, load, load_live, named, on_secret, values};
use crate::entity::{Entity, SecretVersion};
use crate::gate::Caller;
use crate::operations::{Row, required};
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "UpdateSecretVersionStage",
        needs: |t, _, i| on_secret("secretsmanager:UpdateSecretVersionStage", t, i),
        run: update,
    },
    Row {
        operation: "ListSecretVersionIds",
        needs: |t, _, i| on_secret("secretsmanager:ListSecretVersionIds", t, i),
        run: list,
    },
];

fn update(transaction: &mut Transaction<'_>, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let held = load_live(transaction, input)?;
    let mut secret = held.secret.clone();
    let stage = required(input, "VersionStage")?;
    let (from, to) = (
        input.text("RemoveFromVersionId"),
        input.text("MoveToVersionId"),
    );
    if let Some(unknown) = [from, to]
        .into_iter()
        .flatten()
        .find(|id| !held.versions.contains_key(*id))
    {
        return Err(Fault::new(
            "ResourceNotFoundException",
            format!("Secrets Manager can't find the specified secret version: {unknown}"),
        ));
    }
    let holder = secret.stages.get(stage).map(String::as_str);
    match (holder, from, to) {
        (_, None, None) => {
            return Err(invalid_parameter(
                "You must provide RemoveFromVersionId, MoveToVersionId or both.",
            ));
        }
        (Some(holder), Some(from), _) if holder != from => {
            return Err(invalid_parameter(format!(
                "The staging label {stage} isn't attached to version {from}, it's attached to \
                 version {holder}.",
            )));
        }
        (Some(holder), None, Some(to)) if holder != to => {
            return Err(invalid_parameter(format!(
                "The parameter RemoveFromVersionId can't be empty. Staging label {stage} is \
                 currently attached to version {holder}, so you must explicitly reference that \
                 version in RemoveFromVersionId.",
            )));
        }
        (None, Some(from), _) => {
            return Err(invalid_parameter(format!(
                "The staging label {stage} isn't attached to version {from}.",
            )));
        }
        _ => {}
    }
    match to {
        Some(to) if stage == PREVIOUS && secret.stages.get(CURRENT).is_some_and(|id| id == to) => {
            return Err(invalid_parameter(format!(
                "You can't attach staging label AWSPREVIOUS to version {to}, because AWSCURRENT \
                 is attached to it.",
            )));
        }
        Some(to) => values::attach(&mut secret, stage, to),
        None if stage == CURRENT => {
            return Err(invalid_parameter(
                "You can only move staging label AWSCURRENT to a different secret version. It \
                 can't be completely removed.",
            ));
        }
        None => drop(secret.stages.remove(stage)),
    }
    values::check_labels(&secret)?;
    secret.changed = transaction.now;
    let answer = named(&secret);
    transaction.put(Entity::Secret(secret))?;
    Ok(answer)
}

fn list(transaction: &mut Transaction<'_>, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let held = load(transaction, input)?;
    let deprecated_too = input.boolean("IncludeDeprecated").unwrap_or(false);
    let max = input
        .integer("MaxResults")
        .and_then(|max| usize::try_from(max).ok());
    let max = max.unwrap_or(PAGE_ITEMS);
    let shown = |version: &SecretVersion| {
        let stages = held.secret.stages_of(&version.id);
        Record::new()
            .with("VersionId", version.id.as_str())
            .with_some(
                "VersionStages",
                (!stages.is_empty()).then(|| Value::from(stages)),
            )
            .with("CreatedDate", version.created)
    };
    let after = input.text("NextToken");
    let mut rest = held
        .versions
        .values()
        .filter(|version| deprecated_too || !held.secret.stages_of(&version.id).is_empty())
        .skip_while(|version| after.is_some_and(|after| version.id.as_str() <= after));
    let page: Vec<&SecretVersion> = rest.by_ref().take(max).map(AsRef::as_ref).collect();
    let last = page.last().map(|version| version.id.clone());
    let next = last.filter(|_| rest.next().is_some());
    Ok(named(&held.secret)
        .with(
            "Versions",
            page.into_iter().map(shown).collect::<Vec<Record>>(),
        )
        .with_some("NextToken", next))
}

const PAGE_ITEMS: usize = 100;
