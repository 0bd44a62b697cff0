//! The one table of commands and flags. Help, the man page and completions are made from it.

mod account;
mod agent;
mod audit;
mod etcd;
mod guard;
mod imds;
mod instance;
mod policy;
mod sealing;
mod shell;

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::rotation::RotationCommand;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

pub(crate) use account::{
    Account, Add, Backup, Doctor, Init, Migrate, Rekey, Restore, Serve, Trail,
};
pub(crate) use agent::{Agent, AgentCommand, Explain as ExplainAccess, Way};
pub(crate) use audit::{Audit, AuditFormat};
pub(crate) use etcd::Etcd;
pub(crate) use guard::{CheckGuard, ExplainGuard, Guard, RunGuard, ServiceOfGuard, StatsOfGuard};
pub(crate) use imds::ImdsOption;
pub(crate) use instance::{
    Boot, Enter, Entering, Event, Instance, ListInstances, ServeInstance, ShowInstance,
};
pub(crate) use policy::{Explain, Generate, Lint, LintFormat, LintKind, Policy, WhoCan};
pub(crate) use sealing::{NewSealing, Sealing};
pub(crate) use shell::{Assignment, Credentials, Exec, Form, Get, OnChange, Render};

/// From IAM role to secret, with no key on disk.
#[derive(Debug, Parser)]
#[command(name = "rolecall", version, about, max_term_width = 100, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// What to log, as in `debug` or `rolecall=debug` [default: info, or as a configuration says].
    #[arg(long, global = true, value_name = "FILTER")]
    pub(crate) log: Option<String>,

    /// How log lines look.
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text")]
    pub(crate) log_format: Format,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run account, metadata service and agent together; the first run makes a sample world.
    Up(Up),
    /// Look after the account of a data folder.
    #[command(subcommand)]
    Account(Account),
    /// Run the agent of this host: secrets for local processes, read with the host's role.
    Agent(Agent),
    /// Say who on this host may use the metadata service, and hold them to it.
    #[command(subcommand)]
    Guard(Guard),
    /// Run commands as if on an instance of the running account.
    #[command(subcommand)]
    Instance(Instance),
    /// Print a secret, or a part of it, as it is stored.
    Get(Get),
    /// Run a command with secrets in its environment, in files or on its standard input.
    Exec(Exec),
    /// Write a file with secrets in it from a template.
    Render(Render),
    /// Print temporary credentials for a shell, a file or `credential_process`.
    Credentials(Credentials),
    /// Ask what IAM policies say.
    #[command(subcommand)]
    Policy(Policy),
    /// Say which instance reaches AWS with what, and what it can read: account, host and code.
    Audit(Audit),
    /// Print a completion script for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the man page of `rolecall` or of one of its commands.
    Man {
        /// The command, as in `policy explain`.
        command: Vec<String>,
    },
}

/// Where an account is kept, and what opens it.
#[derive(Debug, Args)]
pub(crate) struct DataFolder {
    /// Where the account is kept [default: $XDG_STATE_HOME/rolecall, else ~/.local/state/rolecall].
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) root_key: Sealing,

    /// Go on with an older copy of the data, or without it; what was written since is lost.
    #[arg(long)]
    pub(crate) accept_rollback: bool,
}

/// Where an account is kept: in a folder, or in a cluster.
#[derive(Debug, Args)]
pub(crate) struct Kept {
    #[command(flatten)]
    pub(crate) folder: DataFolder,

    #[command(flatten)]
    pub(crate) etcd: Etcd,
}

/// What a new account is made with.
#[derive(Debug, Args)]
pub(crate) struct NewAccount {
    /// The twelve digits of a new account [default: 123456789012].
    #[arg(long, value_name = "ID")]
    pub(crate) account_id: Option<String>,

    /// The region of a new account [default: us-east-1].
    #[arg(long, value_name = "R")]
    pub(crate) region: Option<String>,
}

/// What rotates secrets.
#[derive(Debug, Args)]
pub(crate) struct Rotation {
    /// A command in place of a Lambda function that rotates secrets; may be given again.
    #[arg(long, value_name = "ARN role=NAME COMMAND...")]
    pub(crate) rotation_command: Vec<RotationCommand>,
}

/// Flags of `rolecall up`.
#[derive(Debug, Args)]
pub(crate) struct Up {
    #[command(flatten)]
    pub(crate) folder: DataFolder,

    /// The account's API, all services on one port.
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:4566")]
    pub(crate) listen: SocketAddr,

    /// The metadata service of the sample instance.
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:1338")]
    pub(crate) imds: SocketAddr,

    /// How that differs from what EC2 does now; may be given again.
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    pub(crate) imds_option: Vec<ImdsOption>,

    /// The Secret Agent protocol.
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:3005")]
    pub(crate) agent_tcp: SocketAddr,

    /// AWS's local HTTP interface.
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:2773")]
    pub(crate) agent_http: SocketAddr,

    /// Make an account without the sample world.
    #[arg(long)]
    pub(crate) empty: bool,

    #[command(flatten)]
    pub(crate) new: NewAccount,

    /// Answer a call only after its record is on the disk.
    #[arg(long)]
    pub(crate) strict_trail: bool,

    #[command(flatten)]
    pub(crate) rotation: Rotation,

    /// Written when everything answers: endpoints and the administrator's key, as JSON, mode 0600.
    #[arg(long, value_name = "FILE")]
    pub(crate) ready_file: Option<PathBuf>,
}

/// For people or for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
}

/// Reads the command line.
pub(crate) fn parse() -> Result<Cli, clap::Error> {
    Cli::try_parse()
}

/// The table itself, for what is made from it.
pub(crate) fn table() -> clap::Command {
    Cli::command()
}

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  the answer is no: denied, findings, not found
  2  the command line or a file is wrong
  3  could not finish: upstream, incomplete evidence";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_consistent() {
        table().debug_assert();
    }
}
