//! Listings, a page at a time, by `MaxResults` and `NextToken`.

use protocol::{Fault, Record, Value};

use super::faults::invalid_input;
use crate::pages;

/// One page of a listing.
///
/// `name` gives what a token remembers; it must grow along the listing.
pub(super) fn page<T>(
    input: &Record,
    member: &'static str,
    items: impl Iterator<Item = T>,
    name: impl Fn(&T) -> String,
    show: impl Fn(&T) -> Value,
) -> Result<Record, Fault> {
    let limit = input
        .integer("MaxResults")
        .and_then(|limit| usize::try_from(limit).ok());
    let after = input.text("NextToken").map(read).transpose()?;
    let limit = limit.unwrap_or(PAGE_ITEMS);
    let page = pages::page(items, limit, after.as_deref(), name);
    Ok(Record::new()
        .with(member, page.items.iter().map(show).collect::<Vec<Value>>())
        .with_some("NextToken", page.next))
}

/// The only page of what there is none of.
pub(super) fn none(input: &Record, member: &'static str) -> Result<Record, Fault> {
    page(
        input,
        member,
        std::iter::empty::<()>(),
        |()| String::new(),
        |()| Value::from(Record::new()),
    )
}

fn read(token: &str) -> Result<String, Fault> {
    let invalid = || invalid_input("You specified an invalid value for nextToken.");
    pages::read_token(token).ok_or_else(invalid)
}

// The most that a caller may ask for as well. Source: API Reference, "ListAccounts".
const PAGE_ITEMS: usize = 20;
