//! `rolecall guard service`: what wires a systemd unit to the guard.
//!
//! The secret is root's. systemd hands the unit a copy (`LoadCredential=`) in a folder that the
//! unit's user alone can read, and that is in memory.
//!
//! Source: systemd.exec(5), "Credentials", and `%d` in systemd.unit(5), since version 250.

use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use agent::guard::{Services, service_name};
use protocol::Secret;

use super::read;
use crate::cli::ServiceOfGuard;
use crate::clock;
use crate::commands::agent::token;
use crate::failure::{Exit, Failure};
use crate::host::{Owner, Place};
use crate::term;

/// Writes, prints or removes it.
pub(crate) fn run(flags: &ServiceOfGuard) -> Result<Exit, Failure> {
    let name = service_name(&flags.name).ok_or_else(|| {
        let name = term::shown(&flags.name);
        Failure::wrong(format!("`{name}` is no name of a service"))
            .hint("the name of its unit: letters, digits and `:-_.@`")
    })?;
    let services = read(&flags.config)?.services;
    let services = services.ok_or_else(|| no_rule(&flags.config, name))?;
    let folder = flags.units.join(format!("{name}.service.d"));
    if flags.remove {
        return remove(&services, name, &folder);
    }
    if !services.rules.iter().any(|rule| rule.name == name) {
        return Err(no_rule(&flags.config, name));
    }
    if flags.print {
        term::data(&drop_in(&services, name));
        return Ok(Exit::Done);
    }
    make_secret(&services, name)?;
    folder_for(&folder, 0o755)?;
    let drop_in = Secret::from_text(drop_in(&services, name));
    let path = folder.join(DROP_IN);
    Place::find(&path)?.put(&drop_in, 0o644, Owner::default())?;
    term::talk(&format!("wrote `{}`", path.display()));
    term::talk(&format!(
        "hint: `systemctl daemon-reload && systemctl restart {name}` has it take effect"
    ));
    Ok(Exit::Done)
}

fn no_rule(config: &Path, name: &str) -> Failure {
    let config = config.display();
    Failure::wrong(format!("`{config}` has no rule for the service `{name}`")).hint(format!(
        "add `- {{name: {name}, allow: everything}}` to `services.rules`"
    ))
}

fn drop_in(services: &Services, name: &str) -> String {
    let (file, url) = (services.token_file(name), services.url(name));
    let file = file.replace('%', "%%");
    format!(
        "# Made by `rolecall guard service {name}`, which takes it away with `--remove`.\n\
         [Unit]\n\
         Wants=rolecall-guard.service\n\
         After=rolecall-guard.service\n\
         \n\
         [Service]\n\
         LoadCredential={CREDENTIAL}:{file}\n\
         Environment=AWS_CONTAINER_CREDENTIALS_FULL_URI={url}\n\
         Environment=AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=%d/{CREDENTIAL}\n"
    )
}

/// One that is good stays: the unit may be running with it.
fn make_secret(services: &Services, name: &str) -> Result<(), Failure> {
    let path = PathBuf::from(services.token_file(name));
    if token(&path).is_ok() {
        return Place::find(&path)?.adjust(0o600, Owner::default());
    }
    if let Some(folder) = path.parent() {
        folder_for(folder, 0o700)?;
    }
    // SDKs send the file as it is, and refuse a line's end.
    let [high, low] = [clock::random()?, clock::random()?].map(u128::from_ne_bytes);
    let text = format!("{high:032x}{low:032x}");
    let place = Place::find(&path)?;
    place
        .put(&Secret::from_text(text), 0o600, Owner::default())
        .map(drop)
}

fn remove(services: &Services, name: &str, folder: &Path) -> Result<Exit, Failure> {
    let secret = PathBuf::from(services.token_file(name));
    let mut was_there = false;
    for path in [folder.join(DROP_IN), secret] {
        match std::fs::remove_file(&path) {
            Ok(()) => {
                was_there = true;
                term::talk(&format!("removed `{}`", path.display()));
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => {
                let path = path.display();
                let message = format!("`{path}` cannot be removed: {error}");
                return Err(Failure::unfinished(message).hint("run it as root"));
            }
        }
    }
    // Drop-ins of others stay.
    let _not_empty = std::fs::remove_dir(folder);
    if !was_there {
        return Err(Failure::no(format!(
            "the service `{name}` was not wired to the guard"
        )));
    }
    term::talk(&format!(
        "hint: `systemctl daemon-reload && systemctl restart {name}` has it take effect"
    ));
    Ok(Exit::Done)
}

fn folder_for(folder: &Path, mode: u32) -> Result<(), Failure> {
    let mut builder = std::fs::DirBuilder::new();
    let done = builder.recursive(true).mode(mode).create(folder);
    done.map_err(|error| {
        let folder = folder.display();
        Failure::unfinished(format!("the folder `{folder}` cannot be made: {error}"))
            .hint("run it as root")
    })
}

const DROP_IN: &str = "50-rolecall-guard.conf";
const CREDENTIAL: &str = "rolecall-guard.token";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drop_in_names_the_secret_and_does_not_hold_it() {
        let text = "services: {tokens: /t, rules: [{name: a@1, allow: everything}]}";
        let services = agent::guard::parse(text, "g").unwrap().services.unwrap();
        let text = drop_in(&services, "a@1");
        for line in [
            "LoadCredential=rolecall-guard.token:/t/a@1.token",
            "Environment=AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1:981/services/a@1",
            "Environment=AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=%d/rolecall-guard.token",
        ] {
            assert!(text.lines().any(|found| found == line), "no {line}\n{text}");
        }
    }
}
