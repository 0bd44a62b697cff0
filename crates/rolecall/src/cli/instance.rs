//! The flags of `rolecall instance`.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};

use super::{Format, ImdsOption};

/// Subcommands of `rolecall instance`.
#[derive(Debug, Subcommand)]
pub(crate) enum Instance {
    /// List the instances of the running account.
    List(ListInstances),
    /// Show one instance.
    Show(ShowInstance),
    /// Run a command, or a shell, as if on an instance: no root, no container.
    Enter(Enter),
    /// Serve the metadata service of an instance on an address of this host.
    Serve(ServeInstance),
    /// Tell an instance what AWS would: maintenance, a rebalance, the end of a spot instance.
    Event(Event),
    /// Run the user data of an instance once, as if at its first boot.
    Boot(Boot),
}

/// Which account.
#[derive(Debug, Args)]
pub(crate) struct Running {
    /// Where the account is kept [default: $XDG_STATE_HOME/rolecall, else ~/.local/state/rolecall].
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
}

/// Flags of `rolecall instance list`.
#[derive(Debug, Args)]
pub(crate) struct ListInstances {
    #[command(flatten)]
    pub(crate) running: Running,

    /// How the list looks.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

/// Flags of `rolecall instance show`.
#[derive(Debug, Args)]
pub(crate) struct ShowInstance {
    #[command(flatten)]
    pub(crate) running: Running,

    /// The instance, as in `i-0123456789abcdef0`.
    #[arg(value_name = "ID")]
    pub(crate) id: String,

    /// How it looks.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

/// How it is inside.
#[derive(Debug, Args)]
pub(crate) struct Entering {
    #[command(flatten)]
    pub(crate) running: Running,

    /// Stand one hop away from the instance, as a container on it does.
    #[arg(long)]
    pub(crate) container: bool,

    /// Leave names and trust alone; only `AWS_ENDPOINT_URL` leads to the account.
    #[arg(long)]
    pub(crate) no_names: bool,

    /// Leave the environment's own `AWS_...` variables and ~/.aws in place.
    #[arg(long)]
    pub(crate) keep_env: bool,

    /// Set `AWS_REGION`, which EC2 does not: some SDKs do not ask the metadata service for it.
    #[arg(long, value_name = "R")]
    pub(crate) region: Option<String>,

    /// Have the metadata service differ from what EC2's does now.
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    pub(crate) imds_option: Vec<ImdsOption>,
}

/// Flags of `rolecall instance enter`.
#[derive(Debug, Args)]
#[command(after_help = CODES)]
pub(crate) struct Enter {
    #[command(flatten)]
    pub(crate) entering: Entering,

    /// Be root inside, over nothing but what is inside.
    #[arg(long)]
    pub(crate) root: bool,

    /// The instance, as in `i-0123456789abcdef0`.
    #[arg(value_name = "ID")]
    pub(crate) id: String,

    /// The command and its arguments [default: $SHELL].
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "CMD"
    )]
    pub(crate) command: Vec<OsString>,
}

/// Flags of `rolecall instance serve`.
#[derive(Debug, Args)]
pub(crate) struct ServeInstance {
    #[command(flatten)]
    pub(crate) running: Running,

    /// The instance, as in `i-0123456789abcdef0`.
    #[arg(value_name = "ID")]
    pub(crate) id: String,

    /// Where to listen; port 0 takes a free one. Whoever reaches it has the instance's role.
    #[arg(long, value_name = "ADDR:PORT")]
    pub(crate) listen: SocketAddr,

    /// Have the metadata service differ from what EC2's does now.
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    pub(crate) imds_option: Vec<ImdsOption>,
}

/// Flags of `rolecall instance event`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("what").required(true).args(
    ["maintenance", "rebalance", "spot_interruption", "complete", "clear"]
))]
pub(crate) struct Event {
    #[command(flatten)]
    pub(crate) running: Running,

    /// The instance, as in `i-0123456789abcdef0`.
    #[arg(value_name = "ID")]
    pub(crate) id: String,

    /// Schedule maintenance, such as `system-reboot`.
    #[arg(long, value_name = "CODE", requires = "not_before")]
    pub(crate) maintenance: Option<String>,

    /// It begins then or later: RFC 3339, or a span from now such as `15m`, `2h` or `7d`.
    #[arg(long, value_name = "T", requires = "maintenance")]
    pub(crate) not_before: Option<String>,

    /// It has ended by then.
    #[arg(long, value_name = "T", requires = "maintenance")]
    pub(crate) not_after: Option<String>,

    /// Recommend a rebalance, as of now.
    #[arg(long)]
    pub(crate) rebalance: bool,

    /// Announce the end of a spot instance at that time; EC2 says so two minutes before.
    #[arg(long, value_name = "T")]
    pub(crate) spot_interruption: Option<String>,

    /// What is done to it: `terminate`, `stop` or `hibernate` [default: terminate].
    #[arg(long, value_name = "ACTION", requires = "spot_interruption")]
    pub(crate) action: Option<String>,

    /// What is scheduled has been; nothing else is announced any more.
    #[arg(long)]
    pub(crate) complete: bool,

    /// What is scheduled is canceled; nothing else is announced any more.
    #[arg(long)]
    pub(crate) clear: bool,
}

/// Flags of `rolecall instance boot`.
#[derive(Debug, Args)]
#[command(after_help = CODES)]
pub(crate) struct Boot {
    #[command(flatten)]
    pub(crate) entering: Entering,

    /// The instance, as in `i-0123456789abcdef0`.
    #[arg(value_name = "ID")]
    pub(crate) id: String,
}

const CODES: &str = "\
Exit codes:
  The command's own, and 128 and the signal's number where one ended it; 127 if there is no such
  command, 126 if it cannot be started; 1 if there is no such instance, 2 if the command line is
  wrong, 3 if this system makes no namespaces or the account does not run.";
