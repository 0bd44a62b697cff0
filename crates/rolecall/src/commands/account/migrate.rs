//! `rolecall account migrate`: a copy of an account in another engine, or below another prefix.

use std::path::PathBuf;

use super::super::founding;
use crate::cli;
use crate::failure::{Exit, Failure};
use crate::store::{self, Folder};
use crate::term;

/// Copies; what it is copied from stays as it is.
pub(super) fn run(flags: &cli::Migrate) -> Result<Exit, Failure> {
    if flags.from == flags.to {
        let message = format!("`{}` is both where from and where to", flags.from);
        return Err(Failure::wrong(message));
    }
    let from = place(flags, &flags.from)?.beside_server();
    let to = place(flags, &flags.to)?;
    let count = store::migrate(&from, &to)?;
    let (from, to) = (from.name(), to.name());
    term::talk(&format!(
        "{count} records of `{from}` are in `{to}` too, sealed with the same root key"
    ));
    Ok(Exit::Done)
}

/// A folder, or `etcd://HOST:PORT,HOST:PORT/PREFIX`.
fn place(flags: &cli::Migrate, text: &str) -> Result<Folder, Failure> {
    let Some(cluster) = text.strip_prefix("etcd://") else {
        let source = flags.root_key.source();
        return Folder::prepare(Some(PathBuf::from(text)), source);
    };
    let scheme = if flags.etcd.ca.is_some() {
        "https"
    } else {
        "http"
    };
    let (members, prefix) = match cluster.split_once('/') {
        Some((members, prefix)) => (members, Some(format!("/{prefix}"))),
        None => (cluster, None),
    };
    let members = members.split(',');
    let etcd = cli::Etcd {
        endpoints: members
            .map(|member| format!("{scheme}://{member}"))
            .collect(),
        prefix: prefix.or_else(|| flags.etcd.prefix.clone()),
        ..flags.etcd.clone()
    };
    let source = flags.root_key.source().ok_or_else(|| {
        Failure::wrong("nothing says which root key opens the account")
            .hint("name it with `--root-key-file FILE`: it is the same on both sides")
    })?;
    // What a server would keep beside the cluster is of no use here.
    let folder = Folder::prepare(Some(std::env::temp_dir()), Some(source))?;
    Ok(folder
        .sharing(etcd.shared(founding::MAX_STALENESS)?)
        .beside_server())
}
