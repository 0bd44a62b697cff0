//! The flags of `rolecall account`.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{DataFolder, Etcd, Format, Kept, NewAccount, NewSealing, Rotation, Sealing};

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
    Serve(Box<Serve>),
    /// Write the account into one sealed file; a server that runs does it by `--export-dir`.
    Backup(Backup),
    /// Make the account of such a file in an empty folder.
    Restore(Restore),
    /// Seal the data under another root key, also while the server runs.
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
