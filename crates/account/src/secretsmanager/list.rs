//! The list of secrets, filtered, sorted and paged.

use protocol::{Fault, Record};

use super::faults::invalid_parameter;
use super::lookup::is_gone;
use super::secrets::shown;
use crate::entity::SecretEntity;
use crate::gate::{Caller, Need};
use crate::operation::Row;
use crate::transaction::Transaction;

pub(super) static ROWS: &[Row] = &[Row {
    operation: "ListSecrets",
    needs: |_, _, _| Ok(vec![Need::new("secretsmanager:ListSecrets", "*")]),
    run: list,
}];

fn list(transaction: &mut Transaction<'_>, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let sort_by = input.text("SortBy").unwrap_or("created-date");
    let deleted_too = input.boolean("IncludePlannedDeletion").unwrap_or(false);
    let filters = filters(transaction, input)?;
    let now = transaction.now;
    let mut found: Vec<&SecretEntity> = transaction
        .state()
        .secrets()
        .values()
        .map(|held| &held.secret)
        .filter(|secret| !is_gone(secret, now) && (deleted_too || secret.deletion.is_none()))
        .filter(|secret| filters.iter().all(|filter| filter.admits(secret)))
        .collect();
    // Newest first unless asked otherwise; between equals the name decides, so pages are stable.
    found.sort_by(|one, two| {
        let order = match sort_by {
            "name" => std::cmp::Ordering::Equal,
            "last-changed-date" => one.changed.cmp(&two.changed),
            // When a secret was last read is not kept; that order is the one of creation.
            _ => one.created.cmp(&two.created),
        };
        order.then(one.name.cmp(&two.name))
    });
    if input.text("SortOrder") != Some("asc") {
        found.reverse();
    }
    let max = input
        .integer("MaxResults")
        .and_then(|max| usize::try_from(max).ok());
    let after = input.text("NextToken");
    let mut rest = found.into_iter();
    if let Some(after) = after
        && !rest.by_ref().any(|secret| secret.arn == after)
    {
        return Err(Fault::new(
            "InvalidNextTokenException",
            "The NextToken value is invalid.",
        ));
    }
    let page: Vec<&SecretEntity> = rest.by_ref().take(max.unwrap_or(PAGE_ITEMS)).collect();
    let last = page.last().map(|secret| secret.arn.clone());
    let next = last.filter(|_| rest.next().is_some());
    let shown: Vec<Record> = page.into_iter().map(entry).collect();
    Ok(Record::new()
        .with("SecretList", shown)
        .with_some("NextToken", next))
}

fn entry(secret: &SecretEntity) -> Record {
    shown(secret).with_some(
        "SecretVersionsToStages",
        super::secrets::stages_by_version(secret),
    )
}

/// One filter: a key and values of which one must fit, each of which a `!` turns around.
struct Filter<'a> {
    key: &'a str,
    values: Vec<&'a str>,
    region: &'a str,
}

fn filters<'a>(
    transaction: &'a Transaction<'_>,
    input: &'a Record,
) -> Result<Vec<Filter<'a>>, Fault> {
    let region = transaction.state().region();
    let read = |filter: &'a Record| {
        let key = filter.text("Key").unwrap_or_default();
        let values: Vec<&str> = filter.texts("Values").collect();
        if key.is_empty() || values.is_empty() {
            return Err(invalid_parameter(
                "A filter needs a Key and at least one of Values.",
            ));
        }
        Ok(Filter {
            key,
            values,
            region,
        })
    };
    input.records("Filters").map(read).collect()
}

impl Filter<'_> {
    fn admits(&self, secret: &SecretEntity) -> bool {
        self.values
            .iter()
            .any(|value| match value.strip_prefix('!') {
                Some(value) => !self.matches(secret, value),
                None => self.matches(secret, value),
            })
    }

    /// Names and tags match by prefix and case, descriptions without case: ListSecrets, "Filters".
    fn matches(&self, secret: &SecretEntity, value: &str) -> bool {
        let description = secret
            .description
            .as_deref()
            .unwrap_or_default()
            .to_lowercase();
        let value_lower = value.to_lowercase();
        let in_description = description
            .split_whitespace()
            .any(|word| word.starts_with(&value_lower));
        let mut tags = secret.tags.iter();
        match self.key {
            "name" => secret.name.starts_with(value),
            "description" => in_description,
            "tag-key" => tags.any(|tag| tag.key.starts_with(value)),
            "tag-value" => tags.any(|tag| tag.value.starts_with(value)),
            "primary-region" => self.region.starts_with(value),
            "all" => {
                secret.name.to_lowercase().starts_with(&value_lower)
                    || in_description
                    || tags.any(|tag| {
                        tag.key.to_lowercase().starts_with(&value_lower)
                            || tag.value.to_lowercase().starts_with(&value_lower)
                    })
            }
            // `owning-service`: no service owns a secret here.
            _ => false,
        }
    }
}

const PAGE_ITEMS: usize = 100;
