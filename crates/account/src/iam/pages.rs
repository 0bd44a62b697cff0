//! Listings, a page at a time.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use protocol::{Fault, Record, Value};

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
    let max = max.unwrap_or(PAGE_ITEMS);
    let after = input.text("Marker").map(unmark).transpose()?;
    let mut rest =
        items.skip_while(|item| after.as_ref().is_some_and(|after| name(item) <= *after));
    let items: Vec<T> = rest.by_ref().take(max).collect();
    let truncated = rest.next().is_some();
    let marker = items
        .last()
        .filter(|_| truncated)
        .map(|last| mark(&name(last)));
    Ok(Page { items, marker })
}

pub(super) fn mark(name: &str) -> String {
    URL_SAFE_NO_PAD.encode(name)
}

pub(super) fn unmark(marker: &str) -> Result<String, Fault> {
    let bytes = URL_SAFE_NO_PAD.decode(marker).ok();
    bytes
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(|| Fault::new("ValidationError", "Invalid Marker"))
}

pub(super) const PAGE_ITEMS: usize = 100;
