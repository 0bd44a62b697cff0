//! `rolecall account`: the account without the sample world around it, one file a subcommand.

mod add;
mod backup;
mod config;
mod doctor;
mod identity_certificate;
mod init;
mod migrate;
mod rekey;
mod serve;
mod trail;

use super::block_on;
use crate::cli::Account;
use crate::failure::{Exit, Failure};

/// Runs a subcommand to its end.
pub(super) fn run(command: Account) -> Result<Exit, Failure> {
    match command {
        Account::Add(flags) => add::run(&flags),
        Account::Init(flags) => init::run(&flags),
        Account::Serve(flags) => block_on(serve::run(*flags))?,
        Account::Backup(flags) => backup::backup(&flags),
        Account::Restore(flags) => backup::restore(&flags),
        Account::Rekey(flags) => rekey::run(flags),
        Account::Migrate(flags) => migrate::run(&flags),
        Account::Doctor(flags) => doctor::run(&flags),
        Account::IdentityCertificate(flags) => identity_certificate::run(&flags),
        Account::Trail(flags) => block_on(trail::run(flags))?,
    }
}
