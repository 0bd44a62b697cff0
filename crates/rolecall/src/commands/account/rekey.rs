//! `rolecall account rekey`: another root key, of whatever kind, and another data key where wanted.

use super::super::founding;
use crate::cli;
use crate::control::Control;
use crate::failure::{Exit, Failure};
use crate::store::{self, KeySource, Store};
use crate::term;

/// Seals anew, also while a server has the folder; it opens with the old key or with the new one,
/// at every moment.
pub(super) fn run(flags: cli::Rekey) -> Result<Exit, Failure> {
    let new = flags.new.source();
    if new.is_none() && !flags.data_key {
        return Err(Failure::wrong("`rekey` is not told what to change").hint(
            "give a new root key, as in `--new-root-key-file FILE`, or `--data-key`, or both",
        ));
    }
    let folder = founding::kept(&flags.folder, &flags.etcd)?.beside_server();
    let path = folder.name();
    let records = match Store::rekey(&folder, new.as_ref(), flags.data_key) {
        Err(failure) if failure.message.ends_with("is in use by another process") => {
            let new = new.as_ref().filter(|_| !flags.data_key);
            let new = new.ok_or_else(|| {
                failure.hint("`--data-key` seals every record anew: stop the server for that")
            })?;
            let server = Control::connect(Some(folder.path().to_owned()))?;
            store::rekey_beside(&folder, new, |step| server.keys(step))?;
            0
        }
        done => done?,
    };
    if flags.data_key {
        term::talk(&format!(
            "{records} records in `{path}` are sealed under a new data key"
        ));
    }
    if let Some(new) = &new {
        term::talk(&format!("`{path}` now opens with {}", with(new)));
        term::talk("exports and copies that were made before open with the old root key alone");
    }
    Ok(Exit::Done)
}

fn with(source: &KeySource) -> String {
    match source {
        KeySource::File(path) => format!("`--root-key-file {}`", path.display()),
        KeySource::Credential(name) => format!("`--root-key-credential {name}`"),
        KeySource::PassphraseFile(_) | KeySource::Prompt => {
            "the new passphrase: `--root-key-passphrase-file FILE`, or `--root-key-passphrase`"
                .to_owned()
        }
        KeySource::Command(line) => format!("`--root-key-command '{line}'`"),
    }
}
