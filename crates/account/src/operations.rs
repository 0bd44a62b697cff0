//! The table of operations: what each needs to be allowed, and what does it.
//!
//! An operation of the shape tables that has no row here is denied, and a test fails.

use crate::operation::Row;
use crate::{autoscaling, cloudtrail, ec2, iam, kms, organizations, secretsmanager, sts};

/// The row of an operation.
pub(crate) fn row(service: &str, operation: &str) -> Option<&'static Row> {
    let rows: &[&[Row]] = match service {
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
    rows.iter()
        .copied()
        .flatten()
        .find(|row| row.operation == operation)
}

#[cfg(test)]
mod tests;
