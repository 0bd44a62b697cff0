//! `rolecall guard`: who on this host may use the metadata service.

mod check;
mod explain;
mod keeping;
mod run;
mod service;
mod stats;

use std::io::ErrorKind;
use std::path::Path;

use agent::guard::{Config, Rules, SessionPolicy};

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
    let config = agent::guard::parse(&text, &name);
    let mut config = config.map_err(|errors| Failure::configuration(&errors))?;
    let rules = config.rules.iter_mut();
    let rules = rules.map(|rule| ("rule", &rule.name, &mut rule.own));
    let services = config.services.iter_mut();
    let services = services.flat_map(|services| &mut services.rules);
    let services = services.map(|it| ("the rule of the service", &it.name, &mut it.own));
    for (kind, name, own) in rules.chain(services) {
        if let Some(policy) = own.as_mut().and_then(|own| own.policy.as_mut()) {
            read_policy(&format!("{kind} `{name}`"), policy)?;
        }
    }
    Ok(config)
}

/// Puts a session policy in the place of the file that holds it.
fn read_policy(rule: &str, policy: &mut SessionPolicy) -> Result<(), Failure> {
    let SessionPolicy::File(file) = policy else {
        return Ok(());
    };
    let wrong = |why: String| {
        let message = format!("{rule}: the session policy `{file}` {why}");
        Failure::wrong(message).hint("a policy document as AWS takes it")
    };
    let text = std::fs::read_to_string(&*file);
    let text = text.map_err(|error| wrong(format!("cannot be read: {error}")))?;
    let document = serde_json::from_str::<serde::de::IgnoredAny>(&text);
    document.map_err(|error| wrong(format!("is not JSON: {error}")))?;
    *policy = SessionPolicy::Document(text);
    Ok(())
}

fn rules(config: &Config) -> Result<Rules, Failure> {
    Rules::new(config, users::uid, users::gid).map_err(|error| {
        Failure::wrong(error.to_string()).hint("`getent passwd` and `getent group` list the names")
    })
}
