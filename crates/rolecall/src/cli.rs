//! The one table of commands and flags. Help, the man page and completions are made from it.

mod agent;
mod audit;
mod etcd;
mod guard;
mod imds;
mod instance;
mod sealing;
mod shell;

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use crate::rotation::RotationCommand;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

pub(crate) use agent::{Agent, AgentCommand, Explain as ExplainAccess, Way};
pub(crate) use audit::{Audit, AuditFormat};
pub(crate) use etcd::Etcd;
pub(crate) use guard::{CheckGuard, ExplainGuard, Guard, RunGuard, ServiceOfGuard, StatsOfGuard};
pub(crate) use imds::ImdsOption;
pub(crate) use instance::{
    Boot, Enter, Entering, Event, Instance, ListInstances, ServeInstance, ShowInstance,
};
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
#[expect(clippy::large_enum_variant, reason = "there is one for a process")]
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

/// Flags of `rolecall account backup`.
#[derive(Debug, Args)]
pub(crate) struct Backup {
    #[command(flatten)]
    pub(crate) folder: DataFolder,

    #[command(flatten)]
    pub(crate) etcd: Etcd,

    /// The file to write, mode 0600, whole or not at all.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: PathBuf,
}

/// Flags of `rolecall account restore`.
#[derive(Debug, Args)]
pub(crate) struct Restore {
    #[command(flatten)]
    pub(crate) folder: DataFolder,

    #[command(flatten)]
    pub(crate) etcd: Etcd,

    /// The file that `backup` or a server has written.
    #[arg(long, value_name = "EXPORT")]
    pub(crate) from: PathBuf,
}

/// Flags of `rolecall account rekey`.
#[derive(Debug, Args)]
pub(crate) struct Rekey {
    #[command(flatten)]
    pub(crate) folder: DataFolder,

    #[command(flatten)]
    pub(crate) etcd: Etcd,

    #[command(flatten)]
    pub(crate) new: NewSealing,

    /// Seal every record under a new data key as well.
    #[arg(long)]
    pub(crate) data_key: bool,
}

/// Flags of `rolecall account migrate`.
#[derive(Debug, Args)]
pub(crate) struct Migrate {
    /// A data folder that nobody serves just now, or `etcd://HOST:PORT,.../PREFIX`.
    #[arg(long, value_name = "WHERE")]
    pub(crate) from: String,

    /// A new data folder, or `etcd://HOST:PORT,.../PREFIX` with no account there.
    #[arg(long, value_name = "WHERE")]
    pub(crate) to: String,

    #[command(flatten)]
    pub(crate) root_key: Sealing,

    #[command(flatten)]
    pub(crate) etcd: Etcd,
}

/// Flags of `rolecall account doctor`.
#[derive(Debug, Args)]
pub(crate) struct Doctor {
    #[command(flatten)]
    pub(crate) folder: DataFolder,

    #[command(flatten)]
    pub(crate) etcd: Etcd,

    /// Lines for people, or JSON.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

/// Subcommands of `rolecall account`.
#[derive(Debug, Subcommand)]
pub(crate) enum Account {
    /// Make an account, and print its first administrator's access key once.
    Init(Init),
    /// Make one more account in a data folder, and print its administrator's access key once.
    Add(Add),
    /// Serve the account's API.
    Serve(Serve),
    /// Write the account into one sealed file; a server that runs does it by `--export-dir`.
    Backup(Backup),
    /// Make the account of such a file in an empty folder.
    Restore(Restore),
    /// Seal the data under another root key, in one step.
    Rekey(Rekey),
    /// Copy an account from a data folder into an etcd cluster, or back.
    Migrate(Migrate),
    /// Look whether every record opens and everything that one names is there; count the kinds.
    Doctor(Doctor),
    /// Print the certificate by which identity documents of instances are verified, as PEM.
    IdentityCertificate(Kept),
    /// Show the record of calls, or check that it is whole; needs no running server.
    Trail(Trail),
}

/// Flags of `rolecall account init`.
#[derive(Debug, Args)]
pub(crate) struct Init {
    #[command(flatten)]
    pub(crate) folder: DataFolder,

    #[command(flatten)]
    pub(crate) etcd: Etcd,

    #[command(flatten)]
    pub(crate) new: NewAccount,

    /// A shared credentials file, or JSON.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

/// Flags of `rolecall account add`.
#[derive(Debug, Args)]
pub(crate) struct Add {
    #[command(flatten)]
    pub(crate) folder: DataFolder,

    #[command(flatten)]
    pub(crate) etcd: Etcd,
    /// The twelve digits of the new account.
    #[arg(long, value_name = "ID")]
    pub(crate) account_id: String,
    /// What people call it [default: its twelve digits].
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// A shared credentials file, or JSON.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

/// Flags of `rolecall account serve`.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// These flags as a YAML file, without their dashes; a flag that is given has precedence.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Check the configuration, say what is wrong with it, and end.
    #[arg(long, requires = "config")]
    pub(crate) check: bool,

    #[command(flatten)]
    pub(crate) folder: DataFolder,

    #[command(flatten)]
    pub(crate) etcd: Etcd,

    /// How old what is known of other servers' writes may be for calls to be decided [default: 2s].
    #[arg(long, value_name = "SPAN")]
    pub(crate) max_staleness: Option<String>,

    /// The account's API, all services on one port [default: 127.0.0.1:4566].
    #[arg(long, value_name = "ADDR:PORT")]
    pub(crate) listen: Option<SocketAddr>,

    /// TLS with this certificate chain, PEM.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,

    /// The private key of the certificate, PEM.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,

    /// TLS with a certificate made for this run, written there for clients to trust.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["tls_cert", "tls_key"])]
    pub(crate) tls_write_cert: Option<PathBuf>,

    /// Plain HTTP on an address that other hosts reach.
    #[arg(long)]
    pub(crate) allow_plain_http: bool,

    /// An identity provider's issuer and its keys, a JSON Web Key Set, read once; may be repeated.
    #[arg(long, value_name = "URL=FILE")]
    pub(crate) web_identity_issuer: Vec<String>,

    /// A domain below which names are S3 buckets, beside `localhost`; may be repeated.
    #[arg(long, value_name = "DOMAIN")]
    pub(crate) s3_domain: Vec<String>,

    /// Answer no call before its record is written.
    #[arg(long)]
    pub(crate) strict_trail: bool,

    /// How long an instance is pending, stopping or shutting down, such as `5s` [default: 0s].
    #[arg(long, value_name = "SPAN")]
    pub(crate) instance_delay: Option<String>,

    /// Keep sealed exports of the account in this folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) export_dir: Option<PathBuf>,

    /// How often, if something was written: a span such as `15m` or `2h` [default: 1h].
    #[arg(long, value_name = "SPAN")]
    pub(crate) export_every: Option<String>,

    /// How many exports stay; the oldest are removed [default: 24].
    #[arg(long, value_name = "N")]
    pub(crate) export_keep: Option<NonZeroUsize>,
    #[command(flatten)]
    pub(crate) rotation: Rotation,

    /// Written when it answers: the endpoint, as JSON, mode 0600.
    #[arg(long, value_name = "FILE")]
    pub(crate) ready_file: Option<PathBuf>,
}

/// Flags of `rolecall account trail`.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
#[derive(Debug, Args)]
pub(crate) struct Trail {
    /// Where the account is kept [default: $XDG_STATE_HOME/rolecall, else ~/.local/state/rolecall].
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,

    /// Only calls of a user, a role session, or all sessions of a role.
    #[arg(long, value_name = "ARN")]
    pub(crate) principal: Option<String>,

    /// Only calls from then on: RFC 3339, or a span before now such as `15m`, `2h` or `7d`.
    #[arg(long, value_name = "T")]
    pub(crate) since: Option<String>,

    /// Only calls until then.
    #[arg(long, value_name = "T")]
    pub(crate) until: Option<String>,

    /// Only calls of an operation, as in `GetSecretValue`.
    #[arg(long, value_name = "NAME")]
    pub(crate) event: Option<String>,

    /// Only calls that were denied.
    #[arg(long)]
    pub(crate) denied: bool,

    /// Only calls with an instance's credentials that did not come from that instance.
    #[arg(long)]
    pub(crate) suspicious: bool,

    /// Go on with what comes, until stopped.
    #[arg(long, conflicts_with = "until")]
    pub(crate) follow: bool,

    /// Show no calls, but say whether the record is whole.
    #[arg(
        long,
        conflicts_with_all =
            ["principal", "since", "until", "event", "denied", "suspicious", "follow"]
    )]
    pub(crate) verify: bool,

    /// How calls look: a line each, or CloudTrail's JSON, a line each.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

/// Subcommands of `rolecall policy`.
#[derive(Debug, Subcommand)]
pub(crate) enum Policy {
    /// Say whether a principal may do something, and which statement decides.
    Explain(Explain),
    /// List the principals that may do an action on a resource, and under which conditions.
    WhoCan(WhoCan),
    /// Say what is wrong with policy documents in files, where, and the fix.
    Lint(Lint),
    /// Write the least policy that allows what a principal was recorded to do.
    Generate(Generate),
}

/// Flags of `rolecall policy explain`.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// ARN of a user, a role or a role session.
    #[arg(long, value_name = "ARN")]
    pub(crate) principal: String,

    /// The action, as in `secretsmanager:GetSecretValue`.
    #[arg(long, value_name = "A")]
    pub(crate) action: String,

    /// ARN of what it is done to, or `*`.
    #[arg(long, value_name = "ARN")]
    pub(crate) resource: String,

    /// A condition key and its value; given again, another key or another value of the same.
    #[arg(long, value_name = "K=V")]
    pub(crate) context: Vec<String>,

    /// A file of `aws iam get-account-authorization-details` in place of the account itself.
    #[arg(long, value_name = "FILE")]
    pub(crate) from: Option<PathBuf>,

    /// How the answer looks.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

/// Flags of `rolecall policy who-can`.
#[derive(Debug, Args)]
pub(crate) struct WhoCan {
    /// The action, as in `secretsmanager:GetSecretValue`.
    #[arg(value_name = "ACTION")]
    pub(crate) action: String,

    /// ARN of what it is done to, or `*`.
    #[arg(value_name = "RESOURCE")]
    pub(crate) resource: String,

    /// A condition key and its value that are to be taken as given.
    #[arg(long, value_name = "K=V")]
    pub(crate) context: Vec<String>,

    /// List those who never can as well, and why.
    #[arg(long)]
    pub(crate) all: bool,

    /// A file of `aws iam get-account-authorization-details` in place of the account itself.
    #[arg(long, value_name = "FILE")]
    pub(crate) from: Option<PathBuf>,

    /// How the answer looks.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

/// Flags of `rolecall policy generate`.
#[derive(Debug, Args)]
pub(crate) struct Generate {
    /// ARN of a user, a role (all its sessions) or one session.
    #[arg(long, value_name = "ARN")]
    pub(crate) principal: String,

    /// Only calls from then on: RFC 3339, or a span before now such as `15m`, `2h` or `7d`.
    #[arg(long, value_name = "T")]
    pub(crate) since: Option<String>,

    /// Files of CloudTrail records, also gzipped, or `-`, in place of the account's own record.
    #[arg(long, value_name = "FILE")]
    pub(crate) from: Vec<String>,

    /// Allow what was denied as well.
    #[arg(long)]
    pub(crate) with_denied: bool,

    /// The policies alone, or a report with them.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

/// Flags of `rolecall policy lint`.
#[derive(Debug, Args)]
pub(crate) struct Lint {
    /// Policy documents; `-` is standard input.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<String>,

    /// What the policies are for [default: told by what is in them].
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Option<LintKind>,

    /// How the findings look.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: LintFormat,
}

/// What a policy is attached to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LintKind {
    /// A user, group or role.
    Identity,
    /// A role, to say who assumes it.
    Trust,
    /// A secret, key or bucket.
    Resource,
    /// An organization, a unit or an account, for its users and roles.
    ServiceControl,
    /// The same, for its resources.
    ResourceControl,
}

/// For people, for programs, or for code hosts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LintFormat {
    Text,
    Json,
    Sarif,
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
