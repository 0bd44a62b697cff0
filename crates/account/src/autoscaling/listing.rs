//! Pages of what is listed.

use protocol::{Fault, Record, Value};

use super::group::invalid;

/// One page by `MaxRecords` and `NextToken`, of what is in the order of `name`.
pub(super) fn page<T>(
    input: &Record,
    member: &'static str,
    all: impl Iterator<Item = T>,
    name: impl Fn(&T) -> String,
    show: impl Fn(&T) -> Record,
) -> Result<Record, Fault> {
    let max = input.integer("MaxRecords").unwrap_or(PAGE_ITEMS);
    let size = usize::try_from(max).ok();
    let size = size.filter(|size| (1..=PAGE_ITEMS_MAX).contains(size));
    let size = size.ok_or_else(|| {
        invalid(format!(
            "MaxRecords must be between 1 and {PAGE_ITEMS_MAX}: {max}"
        ))
    })?;
    let after = input.text("NextToken");
    let mut rest = all.filter(|item| after.is_none_or(|after| name(item).as_str() > after));
    let items: Vec<T> = rest.by_ref().take(size).collect();
    let last = items.last().map(&name);
    let next = last.filter(|_| rest.next().is_some());
    Ok(Record::new()
        .with(member, items.iter().map(show).collect::<Value>())
        .with_some("NextToken", next))
}

// Source: Auto Scaling API Reference, DescribeAutoScalingGroups.
const PAGE_ITEMS: i64 = 50;
const PAGE_ITEMS_MAX: usize = 100;
