//! A configuration put in force: its tokens read, its names looked up, its audit log opened.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use agent::Ask;
use agent::access::Rules;
use agent::aws_http::{self, TOKEN_FILE, Token};
use agent::config::{Aws, Config};
use protocol::Secret;

use crate::failure::Failure;
use crate::host::users;
use crate::serve::{AuditLog, Live};
use crate::upstream::Secrets;

/// All that a configuration needs to be in force, or what is wrong with it.
pub(crate) fn live(
    config: Arc<Config>,
    secrets: Arc<Secrets>,
    generation: u64,
) -> Result<Live, Failure> {
    Ok(Live {
        generation,
        rules: rules(&config)?,
        tokens: tokens(&config)?,
        roles: roles(&config.secret_manager),
        audit: config.audit.as_ref().map(AuditLog::open).transpose()?,
        config,
        secrets,
    })
}

/// Looks up and reads what a configuration names, and puts nothing in force.
pub(super) fn check(config: &Config) -> Result<(), Failure> {
    rules(config)?;
    tokens(config)?;
    Ok(())
}

/// What is fetched before anybody asks.
pub(crate) fn prefetched(config: &Config) -> Vec<Ask> {
    config.secret_manager.resources.values().cloned().collect()
}

/// The rules, with names of this host.
pub(super) fn rules(config: &Config) -> Result<Rules, Failure> {
    let own_uid = rustix::process::geteuid().as_raw();
    let resources = &config.secret_manager.resources;
    let rules = Rules::new(&config.access, resources, own_uid, users::uid, users::gid);
    rules.map_err(|error| {
        Failure::wrong(error.to_string())
            .hint("make it, or write the number: rules by number need no name")
    })
}

fn tokens(config: &Config) -> Result<Vec<Token>, Failure> {
    let own = config.service.aws_http.as_ref();
    let own = own.and_then(|http| Some((TOKEN_FILE, http.token_file.as_deref()?)));
    let named = config.access.tokens.iter();
    let named = named.map(|(name, file)| (name.as_str(), file.as_str()));
    let token = |(name, file): (&str, &str)| {
        Ok(Token {
            name: name.to_owned(),
            secret: token(Path::new(file))?,
        })
    };
    own.into_iter().chain(named).map(token).collect()
}

/// ARN of the last role of each chain, which is the one that the client means, to its name.
fn roles(aws: &Aws) -> BTreeMap<String, String> {
    let roles = aws.roles.iter();
    let roles = roles.filter_map(|(name, chain)| Some((chain.last()?.role_arn.clone(), name)));
    roles.map(|(arn, name)| (arn, name.clone())).collect()
}

/// The token that a file holds.
pub(crate) fn token(path: &Path) -> Result<Secret, Failure> {
    let wrong = |why: &dyn std::fmt::Display| {
        Failure::wrong(format!(
            "the token file `{}` cannot be used: {why}",
            path.display()
        ))
        .hint("`openssl rand -hex 32` makes a token; let only its readers read the file")
    };
    let file = std::fs::read(path).map_err(|error| wrong(&error))?;
    aws_http::token(&Secret::new(file)).map_err(|error| wrong(&error))
}
