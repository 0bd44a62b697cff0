//! `rolecall account backup` and `rolecall account restore`: an account as one file, and back.

use ::account::Partition;
use ::account::entity::Located;

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
    let (store, partition) = opened?;
    let count = store.export(&flags.output, clock::now())?;
    let (path, to) = (folder.name(), flags.output.display());
    term::talk(&format!(
        "{count} records of `{path}` are in `{to}`, sealed"
    ));
    let files = partition.object_files().count();
    if files > 0 {
        let objects = folder.path().join("objects");
        term::talk(&format!(
            "it has no bytes of objects: copy the {files} files below `{}` beside it",
            objects.display()
        ));
    }
    Ok(Exit::Done)
}

/// Makes the account of an export in an empty folder.
pub(super) fn restore(flags: &cli::Restore) -> Result<Exit, Failure> {
    let folder = founding::kept(&flags.folder, &flags.etcd)?;
    let mut missing = 0;
    let accept = |entities: Vec<Located>| {
        missing = store::missing(folder.path(), &entities).len();
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
    if missing > 0 {
        term::talk(&format!(
            "{missing} files of objects are not there: copy `objects` of the account's old folder \
             to `{}`; `rolecall account doctor` names what is missing then",
            folder.path().join("objects").display()
        ));
    }
    Ok(Exit::Done)
}
