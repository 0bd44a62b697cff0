//! The flags of `rolecall policy`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::Format;

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
