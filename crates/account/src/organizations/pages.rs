//! Listings, a page at a time, by `MaxResults` and `NextToken`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use protocol::{Fault, Record, Value};

use super::faults::invalid_input;

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
    let mut rest =
        items.skip_while(|item| after.as_ref().is_some_and(|after| name(item) <= *after));
    let items: Vec<T> = rest.by_ref().take(limit.unwrap_or(PAGE_ITEMS)).collect();
    let more = rest.next().is_some();
    let last = items.last().filter(|_| more);
    Ok(Record::new()
        .with(member, items.iter().map(show).collect::<Vec<Value>>())
        .with_some(
            "NextToken",
            last.map(|last| URL_SAFE_NO_PAD.encode(name(last))),
        ))
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
    let bytes = URL_SAFE_NO_PAD.decode(token).ok();
    bytes
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(|| invalid_input("You specified an invalid value for nextToken."))
}

// The most that a caller may ask for as well. Source: API Reference, "ListAccounts".
const PAGE_ITEMS: usize = 20;
