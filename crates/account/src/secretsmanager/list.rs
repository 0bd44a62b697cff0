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

fn list(transaction: &mut Transaction, _: &Caller, input: &Record) -> Result<Record, Fault> {
    let (page, next) = select(transaction, input, PAGE_ITEMS)?;
    let shown: Vec<Record> = page.into_iter().map(entry).collect();
    Ok(Record::new()
        .with("SecretList", shown)
        .with_some("NextToken", next))
}

/// The page that a call asks for, and where the next one begins.
pub(super) fn select<'a>(
    transaction: &'a Transaction,
    input: &Record,
    page_items: usize,
) -> Result<(Vec<&'a SecretEntity>, Option<String>), Fault> {
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
    let page: Vec<&SecretEntity> = rest.by_ref().take(max.unwrap_or(page_items)).collect();
    let last = page.last().map(|secret| secret.arn.clone());
    let next = last.filter(|_| rest.next().is_some());
    Ok((page, next))
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

fn filters<'a>(transaction: &'a Transaction, input: &'a Record) -> Result<Vec<Filter<'a>>, Fault> {
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

    /// Source: API Reference, "Filter"; User Guide, "Find secrets in Secrets Manager".
    fn matches(&self, secret: &SecretEntity, value: &str) -> bool {
        let mut tags = secret.tags.iter();
        match self.key {
            "name" => secret.name.starts_with(value),
            "description" => {
                let description = secret.description.as_deref().unwrap_or_default();
                let has = |word: &str| {
                    let mut words = description.split_whitespace();
                    words.any(|of| starts_with(of, word))
                };
                value.split_whitespace().all(has)
            }
            "tag-key" => tags.any(|tag| tag.key.starts_with(value)),
            "tag-value" => tags.any(|tag| tag.value.starts_with(value)),
            "primary-region" => {
                let primary = secret.primary_region.as_deref().unwrap_or(self.region);
                primary.starts_with(value)
            }
            "all" => {
                let asked = words(value);
                let name = [Some(secret.name.as_str()), secret.description.as_deref()];
                let tags = tags.flat_map(|tag| [tag.key.as_str(), tag.value.as_str()]);
                let mut texts = name.into_iter().flatten().chain(tags);
                texts.any(|text| {
                    let found = words(text);
                    let is_asked =
                        |word: &String| asked.iter().any(|asked| starts_with(word, asked));
                    found.iter().any(is_asked)
                })
            }
            // `owning-service`: no service owns a secret here.
            _ => false,
        }
    }
}

/// Whether a word begins so, whatever its case.
fn starts_with(word: &str, start: &str) -> bool {
    word.to_lowercase().starts_with(&start.to_lowercase())
}

/// The words of a text: letters or numbers, a new one where a capital follows a small letter.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = Kind::Other;
    for letter in text.chars() {
        let kind = Kind::of(letter);
        let goes_on = before == kind || (before == Kind::Upper && kind == Kind::Lower);
        match words.last_mut().filter(|_| goes_on) {
            Some(word) if kind != Kind::Other => word.push(letter),
            _ if kind != Kind::Other => words.push(letter.to_string()),
            _ => {}
        }
        before = kind;
    }
    words
}

/// What a letter is, where a text is taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Upper,
    Lower,
    Number,
    Other,
}

impl Kind {
    fn of(letter: char) -> Self {
        if letter.is_numeric() {
            Self::Number
        } else if letter.is_uppercase() {
            Self::Upper
        } else if letter.is_alphabetic() {
            Self::Lower
        } else {
            Self::Other
        }
    }
}

const PAGE_ITEMS: usize = 100;
