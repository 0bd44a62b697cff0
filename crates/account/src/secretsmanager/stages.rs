//! Staging labels, moved and listed by hand.

use protocol::{Fault, Record, Value};

use super::answer::named;
use super::faults::{invalid_parameter, invalid_request};
use super::labels::{CURRENT, PREVIOUS};
use super::lookup::{load, load_live, on_secret};
use super::values;
use crate::entity::{Entity, SecretEntity, SecretVersion};
use crate::gate::{Caller, Need, keys};
use crate::operation::{Row, required};
use crate::state::HeldSecret;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[
    Row {
        operation: "UpdateSecretVersionStage",
        needs: |transaction, _, input| {
            let action = "secretsmanager:UpdateSecretVersionStage";
            let needs = on_secret(action, transaction, input)?;
            let stage = required(input, "VersionStage")?;
            let with = |need: Need| need.with(&keys::SECRET_VERSION_STAGE, stage);
            Ok(needs.into_iter().map(with).collect())
        },
        run: update,
    },
    Row {
        operation: "ListSecretVersionIds",
        needs: |t, _, i| on_secret("secretsmanager:ListSecretVersionIds", t, i),
        run: list,
    },
];

fn update(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
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
    check_holder(&secret, stage, from, to)?;
    match to {
        Some(to) if stage == PREVIOUS && secret.stages.get(CURRENT).is_some_and(|id| id == to) => {
            return Err(invalid_parameter(format!(
                "You can't attach staging label AWSPREVIOUS to version {to}, because AWSCURRENT \
                 is attached to it.",
            )));
        }
        Some(to) if stage == CURRENT && is_empty(&held, to) => {
            return Err(invalid_request(format!(
                "You can't attach staging label AWSCURRENT to version {to}, because it has no \
                 value.",
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

/// Refuses a move that does not name the version that has the label now.
fn check_holder(
    secret: &SecretEntity,
    stage: &str,
    from: Option<&str>,
    to: Option<&str>,
) -> Result<(), Fault> {
    let holder = secret.stages.get(stage).map(String::as_str);
    match (holder, from, to) {
        (_, None, None) => Err(invalid_parameter(
            "You must provide RemoveFromVersionId, MoveToVersionId or both.",
        )),
        (Some(holder), Some(from), _) if holder != from => Err(invalid_parameter(format!(
            "The staging label {stage} isn't attached to version {from}, it's attached to \
                 version {holder}.",
        ))),
        (Some(holder), None, Some(to)) if holder != to => Err(invalid_parameter(format!(
            "The parameter RemoveFromVersionId can't be empty. Staging label {stage} is \
                 currently attached to version {holder}, so you must explicitly reference that \
                 version in RemoveFromVersionId.",
        ))),
        (None, Some(from), _) => Err(invalid_parameter(format!(
            "The staging label {stage} isn't attached to version {from}.",
        ))),
        _ => Ok(()),
    }
}

/// Whether a version waits for its value.
fn is_empty(held: &HeldSecret, version: &str) -> bool {
    let version = held.versions.get(version);
    version.is_some_and(|version| version.value.is_none())
}

fn list(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
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
