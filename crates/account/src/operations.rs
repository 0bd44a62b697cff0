//! The table of operations: what each needs to be allowed, and what does it.
//!
//! An operation of the shape tables that has no row here is denied, and a test fails.

use protocol::{Fault, Record};

use crate::gate::{Caller, Need};
use crate::transaction::Transaction;
use crate::{ec2, iam, secretsmanager, sts};

/// One operation's row.
pub(crate) struct Row {
    /// `CreateRole`
    pub(crate) operation: &'static str,
    /// What must be allowed before the handler runs. Only [`sts`]'s GetCallerIdentity needs nothing.
    pub(crate) needs: Needs,
    /// The handler. Its input has been checked against the shapes.
    pub(crate) run: Run,
}

pub(crate) type Needs = fn(&Transaction<'_>, &Caller, &Record) -> Result<Vec<Need>, Fault>;
pub(crate) type Run = fn(&mut Transaction<'_>, &Caller, &Record) -> Result<Record, Fault>;

/// The row of an operation.
pub(crate) fn row(service: &str, operation: &str) -> Option<&'static Row> {
    let rows: &[&[Row]] = match service {
        "ec2" => ec2::ROWS,
        "iam" => iam::ROWS,
        "secretsmanager" => secretsmanager::ROWS,
        "sts" => sts::ROWS,
        _ => &[],
    };
    rows.iter()
        .copied()
        .flatten()
        .find(|row| row.operation == operation)
}

/// A member that the shapes require, which decoding has already seen to.
pub(crate) fn required<'a>(input: &'a Record, member: &'static str) -> Result<&'a str, Fault> {
    input.text(member).ok_or_else(|| {
        Fault::new(
            "ValidationError",
            format!("The parameter {member} is required."),
        )
    })
}

#[cfg(test)]
mod tests;
