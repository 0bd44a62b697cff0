//! Flags of `rolecall agent`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// Flags of `rolecall agent`.
#[derive(Debug, Args)]
#[command(after_help = AGENT_SIGNALS)]
pub(crate) struct Agent {
    /// The configuration; a Secret Agent's file runs unchanged.
    #[arg(
        long,
        value_name = "FILE",
        default_value = "/etc/rolecall/agent.yaml",
        global = true
    )]
    pub(crate) config: PathBuf,

    /// Check the configuration, say what is wrong with it, and end.
    #[arg(long)]
    pub(crate) check: bool,

    #[command(subcommand)]
    pub(crate) command: Option<AgentCommand>,
}

/// What else there is to an agent than to run it.
#[derive(Debug, Subcommand)]
pub(crate) enum AgentCommand {
    /// Say whether a caller may read a secret, and what each rule of the configuration says.
    ///
    /// Exit code 0: it may; 1: it may not. Nothing is read and no agent is asked.
    Explain(Explain),
}

/// Flags of `rolecall agent explain`: what is known of a caller, and what it wants.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// A resource of the configuration, or a secret's name or ARN.
    #[arg(long, value_name = "NAME")]
    pub(crate) secret: String,

    /// One key of the secret; without it the whole.
    #[arg(long)]
    pub(crate) key: Option<String>,

    /// The caller's user, by number or name.
    #[arg(long, value_name = "USER")]
    pub(crate) uid: Option<String>,

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

    /// A name in the caller's certificate.
    #[arg(long, value_name = "NAME")]
    pub(crate) certificate: Option<String>,

    /// Name of the token that the caller shows: `token-file`, or one of `access.tokens`.
    #[arg(long, value_name = "NAME")]
    pub(crate) token: Option<String>,

    /// How the caller asks.
    #[arg(long, value_enum, default_value_t = Way::AwsSocket)]
    pub(crate) listener: Way,

    /// As a person or a program reads it.
    #[arg(long, value_enum, default_value_t = super::Format::Text)]
    pub(crate) format: super::Format,
}

/// A listener of the agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Way {
    /// Secret Agent frames over TCP.
    Tcp,
    /// The same with a client certificate.
    Tls,
    /// Secret Agent frames on a Unix socket.
    Uds,
    /// Reads beside health and metrics.
    Http,
    /// AWS's local HTTP interface over TCP.
    AwsHttp,
    /// The same on a Unix socket.
    #[value(name = "aws-http-socket")]
    AwsSocket,
    /// An SDK over TCP.
    Sdk,
    /// A unit's `LoadCredential=`.
    SystemdCredentials,
}

const AGENT_SIGNALS: &str = "\
Signals:
  SIGHUP   reads the configuration again; one that is wrong leaves the old one in force
  SIGUSR1  fetches all that is held anew
  SIGTERM  ends it, when the answers under way are given

The configuration: rolecall-agent.yaml(5)";
