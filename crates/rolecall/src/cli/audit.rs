//! Flags of `rolecall audit`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Flags of `rolecall audit`.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of its own on the command line"
)]
pub(crate) struct Audit {
    /// Look at the account of the credentials; what is done unless something else is asked for.
    #[arg(long)]
    pub(crate) account: bool,

    /// Look at every account of the organization, by assuming a role in all but the own.
    #[arg(long)]
    pub(crate) organization: bool,

    /// The role to assume in each account [default: `OrganizationAccountAccessRole`].
    #[arg(long, value_name = "NAME", requires = "organization")]
    pub(crate) role: Option<String>,

    /// Look at this host, or at a root that is mounted somewhere.
    #[arg(long, value_name = "ROOT", num_args = 0..=1, default_missing_value = "/")]
    pub(crate) host: Option<PathBuf>,

    /// Look at a folder of Terraform or CloudFormation files; may be given again.
    #[arg(long, value_name = "DIR")]
    pub(crate) code: Vec<PathBuf>,

    /// Only this region; may be given again [default: all that the account has enabled].
    #[arg(long, value_name = "R")]
    pub(crate) region: Vec<String>,

    /// Search user data of instances for keys: one call for each instance, 20 a second.
    #[arg(long)]
    pub(crate) user_data: bool,

    /// What an audit recorded, in place of looking.
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["account", "organization", "host", "code", "region"]
    )]
    pub(crate) from: Option<PathBuf>,

    /// Write what was read, to judge it again with `--from`.
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,

    /// What an audit recorded that was broken off, or had something missing: only that is read.
    #[arg(long, value_name = "FILE", conflicts_with = "from")]
    pub(crate) resume: Option<PathBuf>,

    /// How the report looks.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: AuditFormat,

    /// Where the report goes [default: standard output].
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Findings that somebody answers for, until a day: a YAML file.
    #[arg(long, value_name = "FILE")]
    pub(crate) waivers: Option<PathBuf>,

    /// Only what is new since this report, which `--format json` has written.
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,

    /// Print the least policy that looking needs (with `--organization`, at all accounts), and end.
    #[arg(long)]
    pub(crate) policy: bool,
}

/// For people, for programs, for code hosts, for browsers, for security lakes, for spreadsheets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AuditFormat {
    Text,
    Json,
    Sarif,
    Html,
    Ocsf,
    Csv,
}
