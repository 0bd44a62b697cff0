//! `rolecall policy`: what IAM policies say, one file a subcommand.
//!
//! All of them decide here, with the same engine that the account decides with, on what
//! `iam:GetAccountAuthorizationDetails` tells of the account, or a file that holds its answer.

mod evidence;
mod explain;
mod generate;
mod lint;
mod records;
mod who_can;

use super::block_on;
use crate::cli::Policy;
use crate::failure::{Exit, Failure};

/// Runs a subcommand to its end.
pub(super) fn run(command: Policy) -> Result<Exit, Failure> {
    match command {
        Policy::Explain(flags) => block_on(explain::run(flags))?,
        Policy::WhoCan(flags) => block_on(who_can::run(flags))?,
        Policy::Lint(flags) => lint::run(&flags),
        Policy::Generate(flags) => block_on(generate::run(flags))?,
    }
}
