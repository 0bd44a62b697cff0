//! What the Describe calls have in common: ids, filters and pages over things that have an id.
//!
//! Knows no kind of thing.

use protocol::{Fault, Record, Value};

use super::filters::Filters;

/// What one Describe call asks for.
#[derive(Debug)]
pub(super) struct Listing<'a> {
    ids: Vec<&'a str>,
    filters: Filters<'a>,
    max: usize,
    after: Option<&'a str>,
}

impl<'a> Listing<'a> {
    /// Reads the ids of the member `ids`, and filters of the names `known` or about tags.
    pub(super) fn read(
        input: &'a Record,
        ids: &'static str,
        known: &[&str],
    ) -> Result<Self, Fault> {
        let filters = Filters::read(input)?;
        filters.check(|name| known.contains(&name) || name.starts_with("tag:"))?;
        let ids: Vec<&str> = match member(input, ids) {
            Some(Value::List(values)) => values.iter().filter_map(text).collect(),
            _ => Vec::new(),
        };
        let max = match member(input, "MaxResults") {
            Some(Value::Integer(max)) => page_items(*max)?,
            _ => PAGE_ITEMS_MAX,
        };
        Ok(Self {
            ids,
            filters,
            max,
            after: member(input, "NextToken").and_then(text),
        })
    }

    /// Refuses ids of what is not there.
    pub(super) fn check_there(
        &self,
        is_there: impl Fn(&str) -> bool,
        missing: impl Fn(&str) -> Fault,
    ) -> Result<(), Fault> {
        match self.ids.iter().find(|id| !is_there(id)) {
            Some(id) => Err(missing(id)),
            None => Ok(()),
        }
    }

    /// One page of `all`, which is in the order of `id`, and what goes on after it.
    pub(super) fn page<T>(
        &self,
        all: impl Iterator<Item = T>,
        id: impl Fn(&T) -> String,
        attributes: impl Fn(&T, &str) -> Option<Vec<String>>,
    ) -> (Vec<T>, Option<String>) {
        let mut rest = all
            .filter(|item| self.ids.is_empty() || self.ids.contains(&id(item).as_str()))
            .filter(|item| self.after.is_none_or(|after| id(item).as_str() > after))
            // Names were checked; a name without a meaning for this thing admits nothing.
            .filter(|item| {
                let admitted = self.filters.admit(|name| attributes(item, name));
                admitted.unwrap_or(false)
            });
        let page: Vec<T> = rest.by_ref().take(self.max).collect();
        let last = page.last().map(&id);
        let next = last.filter(|_| rest.next().is_some());
        (page, next)
    }
}

/// A member that not every Describe call has.
fn member<'a>(input: &'a Record, name: &str) -> Option<&'a Value> {
    let mut members = input.members();
    members
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value)
}

fn text(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

fn page_items(asked: i64) -> Result<usize, Fault> {
    let size = usize::try_from(asked).ok();
    size.filter(|size| (1..=PAGE_ITEMS_MAX).contains(size))
        .ok_or_else(|| {
            Fault::new(
                "InvalidParameterValue",
                format!(
                    "Value ( {asked} ) for parameter maxResults is invalid. Expecting a value \
                     between 1 and {PAGE_ITEMS_MAX}."
                ),
            )
        })
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "an arm of a match in which other names have no value"
)]
/// One value under a filter's name.
pub(super) fn one(text: impl Into<String>) -> Option<Vec<String>> {
    Some(vec![text.into()])
}

// Source: EC2 API Reference, the Describe calls.
const PAGE_ITEMS_MAX: usize = 1_000;
