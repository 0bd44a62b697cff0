//! Listings, a page at a time, by `Limit` and `Marker`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use protocol::{Fault, Record, Value};

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
    let mut rest =
        items.skip_while(|item| after.as_ref().is_some_and(|after| name(item) <= *after));
    let items: Vec<T> = rest.by_ref().take(limit.unwrap_or(PAGE_ITEMS)).collect();
    let truncated = rest.next().is_some();
    let last = items.last().filter(|_| truncated);
    Ok(Record::new()
        .with(member, items.iter().map(show).collect::<Vec<Value>>())
        .with("Truncated", truncated)
        .with_some(
            "NextMarker",
            last.map(|last| URL_SAFE_NO_PAD.encode(name(last))),
        ))
}

fn unmark(marker: &str) -> Result<String, Fault> {
    let bytes = URL_SAFE_NO_PAD.decode(marker).ok();
    bytes
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(|| Fault::new("InvalidMarkerException", "The marker is invalid."))
}

// As the CLI's default: KMS API Reference, "ListAliases" says 50, "ListKeys" 100.
const PAGE_ITEMS: usize = 50;
