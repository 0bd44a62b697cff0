//! Flags of `rolecall guard`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Format;

/// Subcommands of `rolecall guard`.
#[derive(Debug, Subcommand)]
pub(crate) enum Guard {
    /// Lock the metadata service down, prove it, and answer everybody but root by the rules.
    ///
    /// Needs root and nft. Ends with SIGTERM, and takes the lockdown away then.
    Run(RunGuard),
    /// Say whether a caller may read a path, and what each rule of the configuration says.
    ///
    /// Exit code 0: it may; 1: it may not. Nothing is read and no guard is asked.
    Explain(ExplainGuard),
    /// Say what the metadata service shows to whom on this host, as it is now; changes nothing.
    ///
    /// Tries as this user and, run as root, as `nobody` too. Exit code 0: users other than root get
    /// no credentials; 1: they do; 3: nothing answers.
    Check(CheckGuard),
    /// Wire a systemd service to the guard: credentials by a secret that nobody else can read.
    ///
    /// Writes the secret and a drop-in for the unit; SDKs in it need no metadata service then. The
    /// configuration says under `services.rules` what the service gets.
    Service(ServiceOfGuard),
    /// Say what the running guard has counted: who reads without a token, rules, users.
    ///
    /// Programs in the first list are refused once tokens are required. Run it as root, in the
    /// network of the guard.
    Stats(StatsOfGuard),
}

/// Flags of `rolecall guard service`.
#[derive(Debug, Args)]
pub(crate) struct ServiceOfGuard {
    /// The unit, with or without `.service`.
    pub(crate) name: String,

    /// The guard's configuration.
    #[arg(long, value_name = "FILE", default_value = FILE)]
    pub(crate) config: PathBuf,

    /// Print the drop-in, and write nothing.
    #[arg(long, conflicts_with = "remove")]
    pub(crate) print: bool,

    /// Take the secret and the drop-in away.
    #[arg(long)]
    pub(crate) remove: bool,

    /// The folder of units, as of an image that is being made.
    #[arg(long, value_name = "DIR", default_value = "/etc/systemd/system")]
    pub(crate) units: PathBuf,
}

/// Flags of `rolecall guard stats`.
#[derive(Debug, Args)]
pub(crate) struct StatsOfGuard {
    /// As a person or a program reads it.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// Flags of `rolecall guard check`.
#[derive(Debug, Args)]
pub(crate) struct CheckGuard {
    /// As a person or a program reads it.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// Flags of `rolecall guard run`.
#[derive(Debug, Args)]
#[command(after_help = SIGNALS)]
pub(crate) struct RunGuard {
    /// The configuration.
    #[arg(long, value_name = "FILE", default_value = FILE)]
    pub(crate) config: PathBuf,
}

/// Flags of `rolecall guard explain`.
#[derive(Debug, Args)]
pub(crate) struct ExplainGuard {
    /// The configuration.
    #[arg(long, value_name = "FILE", default_value = FILE)]
    pub(crate) config: PathBuf,

    /// The path that is asked for, with its version, as in `/latest/user-data`.
    #[arg(long)]
    pub(crate) path: String,

    /// The caller's user, by number or name.
    #[arg(long, value_name = "USER")]
    pub(crate) uid: String,

    /// A group of the caller, by number or name; once for each.
    #[arg(long, value_name = "GROUP")]
    pub(crate) gid: Vec<String>,

    /// The caller's executable.
    #[arg(long, value_name = "PATH")]
    pub(crate) exe: Option<String>,

    /// The caller's systemd unit.
    #[arg(long)]
    pub(crate) unit: Option<String>,

    /// The caller's control group.
    #[arg(long, value_name = "PATH")]
    pub(crate) cgroup: Option<String>,

    /// The caller's network namespace: `host`, or the path that the rules have for it.
    #[arg(long, value_name = "PATH")]
    pub(crate) network_namespace: Option<String>,

    /// As a person or a program reads it.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

const FILE: &str = "/etc/rolecall/guard.yaml";
const SIGNALS: &str = "\
Signals:
  SIGHUP   reads the rules and opens the audit log again; a file that is wrong leaves the old
           ones in force
  SIGTERM  takes the lockdown away, unless `stay: true`, and ends";
