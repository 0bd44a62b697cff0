//! What one operation of the table consists of.

use protocol::{Fault, Record};

use crate::gate::{Caller, Need};
use crate::transaction::Transaction;

/// One operation's row.
pub(crate) struct Row {
    /// `CreateRole`
    pub(crate) operation: &'static str,
    /// What must be allowed before the handler runs. Only GetCallerIdentity and GetSessionToken
    /// need nothing.
    pub(crate) needs: Needs,
    /// The handler. Its input has been checked against the shapes.
    pub(crate) run: Run,
}

pub(crate) type Needs = fn(&Transaction, &Caller, &Record) -> Result<Vec<Need>, Fault>;
pub(crate) type Run = fn(&mut Transaction, &Caller, &Record) -> Result<Record, Fault>;

/// A member that the shapes require, which decoding has already seen to.
pub(crate) fn required<'a>(input: &'a Record, member: &'static str) -> Result<&'a str, Fault> {
    input.text(member).ok_or_else(|| {
        Fault::new(
            "ValidationError",
            format!("The parameter {member} is required."),
        )
    })
}
