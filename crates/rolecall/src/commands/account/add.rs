//! `rolecall account add`: one more account in a data folder that nobody serves just now.

use account::{Home, sample};

use super::super::founding;
use super::init::show_key;
use crate::cli;
use crate::clock;
use crate::failure::{Exit, Failure};
use crate::term;

/// Prints the new administrator's key; it is shown nowhere again.
pub(super) fn run(flags: &cli::Add) -> Result<Exit, Failure> {
    let folder = founding::kept(&flags.folder, &flags.etcd)?.beside_server();
    let (store, partition) = founding::open_existing(&folder)?;
    let id = flags.account_id.as_str();
    let seed = clock::random()?;
    let made = sample::another(&partition, id, flags.name.as_deref(), clock::now(), seed);
    let made = made.map_err(|error| {
        Failure::wrong(error.to_string())
            .hint("name the twelve digits of an account that is not there with `--account-id`")
    })?;
    store
        .commit(&made.changes)
        .map_err(|error| Failure::unfinished(format!("the new account cannot be kept: {error}")))?;
    show_key(
        &made.admin,
        &Home::new(id, &partition.settings().region),
        flags.format,
    );
    let path = folder.name();
    term::talk(&format!(
        "account {id} is in `{path}` too; its administrator's key above is shown this once"
    ));
    Ok(Exit::Done)
}
