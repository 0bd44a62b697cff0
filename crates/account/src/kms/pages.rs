//! Listings, a page at a time, by `Limit` and `Marker`.

use protocol::{Fault, Record, Value};

use crate::pages;

/// One page of a listing.
///
/// `name` gives what a marker remembers; it must grow along the listing.
pub(super) fn page<T>(
    input: &Record,
    member: &'static str,
    items: impl Iterator<Item = T>,
    name: impl Fn(&T) -> String,
    show: impl Fn(&T) -> Value,
) -> Result<Record, Fault> {
    let limit = input
        .integer("Limit")
        .and_then(|limit| usize::try_from(limit).ok());
    let after = input.text("Marker").map(unmark).transpose()?;
    let limit = limit.unwrap_or(PAGE_ITEMS);
    let page = pages::page(items, limit, after.as_deref(), name);
    Ok(Record::new()
        .with(member, page.items.iter().map(show).collect::<Vec<Value>>())
        .with("Truncated", page.next.is_some())
        .with_some("NextMarker", page.next))
}

fn unmark(marker: &str) -> Result<String, Fault> {
    let invalid = || Fault::new("InvalidMarkerException", "The marker is invalid.");
    pages::read_token(marker).ok_or_else(invalid)
}

// As the CLI's default: KMS API Reference, "ListAliases" says 50, "ListKeys" 100.
const PAGE_ITEMS: usize = 50;
