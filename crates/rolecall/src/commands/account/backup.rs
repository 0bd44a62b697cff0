//! `rolecall account backup` and `rolecall account restore`: an account as one file, and back.

use ::account::Partition;

use super::super::founding;
use crate::cli;
use crate::clock;
use crate::failure::{Exit, Failure};
use crate::store;
use crate::term;

/// Writes an export of a folder that no server uses.
pub(super) fn backup(flags: &cli::Backup) -> Result<Exit, Failure> {
    let folder = founding::kept(&flags.folder, &flags.etcd)?.beside_server();
    let opened = founding::open_existing(&folder).map_err(|mut failure| {
        if failure.message.ends_with("is in use by another process") {
            failure.hints = vec![
                "a server that runs with `--export-dir DIR` writes exports by itself: copy the \
                 newest of them"
                    .to_owned(),
            ];
        }
        failure
    });
    let (store, _) = opened?;
    let count = store.export(&flags.output, clock::now())?;
    let (path, to) = (folder.name(), flags.output.display());
    term::talk(&format!(
        "{count} records of `{path}` are in `{to}`, sealed"
    ));
    Ok(Exit::Done)
}

/// Makes the account of an export in an empty folder.
pub(super) fn restore(flags: &cli::Restore) -> Result<Exit, Failure> {
    let folder = founding::kept(&flags.folder, &flags.etcd)?;
    let accept = |entities| {
        let wrong = |error: &dyn std::fmt::Display| {
            Failure::wrong(format!("the export is of no account: {error}"))
        };
        Partition::load(entities)
            .map(drop)
            .map_err(|error| wrong(&error))
    };
    let restored = store::restore(&folder, &flags.from, accept)?;
    let (count, made) = (restored.count, restored.made);
    let path = folder.name();
    term::talk(&format!(
        "{count} records as they were at {made:.0} are in `{path}`"
    ));
    Ok(Exit::Done)
}
