//! `rolecall guard`: who on this host may use the metadata service.

mod check;
mod explain;
mod keeping;
mod run;
mod service;
mod stats;

use std::io::ErrorKind;
use std::path::Path;

use agent::guard::{Config, Rules};

pub(crate) use check::run as check;
pub(crate) use explain::run as explain;
pub(crate) use run::run;
pub(crate) use service::run as service;
pub(crate) use stats::run as stats;

use crate::failure::Failure;
use crate::host::users;

/// Reads a configuration, or says all that is wrong with it.
fn read(path: &Path) -> Result<Config, Failure> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| {
        let message = format!("the configuration `{name}` cannot be read: {error}");
        let failure = Failure::wrong(message);
        match error.kind() {
            ErrorKind::NotFound => failure.hint("name the file with `--config FILE`"),
            _ => failure,
        }
    })?;
    agent::guard::parse(&text, &name).map_err(|errors| Failure::configuration(&errors))
}

fn rules(config: &Config) -> Result<Rules, Failure> {
    Rules::new(config, users::uid, users::gid).map_err(|error| {
        Failure::wrong(error.to_string()).hint("`getent passwd` and `getent group` list the names")
    })
}
