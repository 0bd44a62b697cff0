//! Listings, a page at a time.

use protocol::{Fault, Record, Value};

use crate::pages;

/// One page of a listing, in the listing's order, by `Marker` and `MaxItems`.
///
/// `name` gives what a marker remembers; it must grow along the listing.
pub(super) fn page<T>(
    input: &Record,
    member: &'static str,
    items: impl Iterator<Item = T>,
    name: impl Fn(&T) -> String,
    show: impl Fn(&T) -> Value,
) -> Result<Record, Fault> {
    let page = cut(input, items, name)?;
    let shown = page.items.iter().map(show).collect::<Vec<Value>>();
    Ok(Record::new()
        .with(member, shown)
        .with("IsTruncated", page.marker.is_some())
        .with_some("Marker", page.marker))
}

/// What a page holds, and the marker of the next one if there is one.
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    pub(super) marker: Option<String>,
}

/// The items of one page, as [`page`] takes them.
pub(super) fn cut<T>(
    input: &Record,
    items: impl Iterator<Item = T>,
    name: impl Fn(&T) -> String,
) -> Result<Page<T>, Fault> {
    let max = input
        .integer("MaxItems")
        .and_then(|max| usize::try_from(max).ok());
    let after = input.text("Marker").map(unmark).transpose()?;
    let page = pages::page(items, max.unwrap_or(PAGE_ITEMS), after.as_deref(), name);
    Ok(Page {
        items: page.items,
        marker: page.next,
    })
}

pub(super) fn mark(name: &str) -> String {
    pages::token(name)
}

pub(super) fn unmark(marker: &str) -> Result<String, Fault> {
    let invalid = || Fault::new("ValidationError", "Invalid Marker");
    pages::read_token(marker).ok_or_else(invalid)
}

pub(super) const PAGE_ITEMS: usize = 100;
