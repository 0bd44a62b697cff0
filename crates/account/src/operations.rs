//! The table of operations: what each needs to be allowed, and what does it.
//!
//! An operation of the shape tables that has no row here is denied, and a test fails.

use crate::operation::Row;
use crate::{autoscaling, cloudtrail, ec2, iam, kms, organizations, secretsmanager, sts};

/// The row of an operation.
pub(crate) fn row(service: &str, operation: &str) -> Option<&'static Row> {
    rows(service).find(|row| row.operation == operation)
}

/// All rows of a service.
pub(crate) fn rows(service: &str) -> impl Iterator<Item = &'static Row> {
    let rows: &'static [&'static [Row]] = match service {
        "autoscaling" => autoscaling::ROWS,
        "cloudtrail" => cloudtrail::ROWS,
        "ec2" => ec2::ROWS,
        "iam" => iam::ROWS,
        "kms" => kms::ROWS,
        "organizations" => organizations::ROWS,
        "secretsmanager" => secretsmanager::ROWS,
        "sts" => sts::ROWS,
        _ => &[],
    };
    rows.iter().copied().flatten()
}

#[cfg(test)]
mod tests;
