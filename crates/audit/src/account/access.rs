//! Effective access: which secrets the role of an instance reads, through which statements, the
//! secret's own policy and the KMS key counted. Knows no rule.
//!
//! Instances with one role share what it can read; a condition that names one of them stays as the
//! condition it is.

use policy::{Access, Known, ResourceRule};
use serde::Serialize;

use super::engine::{self, Caller, Engine};
use super::facts::{Key, RegionFacts, ResourcePolicy, Secret};
use super::judge::{Case, Found};

/// What a role can read.
#[derive(Debug, Clone, Serialize)]
pub struct RoleAccess {
    /// ARN.
    pub role: String,
    /// How many instances have it.
    pub instances: usize,
    /// What it may read, by the secret's ARN.
    pub secrets: Vec<SecretAccess>,
}

/// How a role reads a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SecretAccess {
    /// The secret's ARN.
    pub secret: String,
    /// Its name.
    pub name: String,
    /// The statements that allow reading it.
    pub statements: Vec<String>,
    /// ARN of its KMS key; `None` for the one that AWS manages, which any reader may use.
    pub key: Option<String>,
    /// The statements that allow the use of the key.
    pub key_statements: Vec<String>,
    /// What else has to be so; none if it can read always.
    pub conditions: Vec<String>,
}

/// A secret, and what is known of every call that reads it.
#[derive(Debug)]
pub(super) struct Asked<'f> {
    pub(super) secret: &'f Secret,
    pub(super) region: &'f RegionFacts,
    pub(super) known: Known,
    decrypt: Known,
    key: Option<&'f Key>,
}

/// All secrets, made ready to be asked of many.
pub(super) fn asked<'f>(engine: &Engine<'f>) -> Vec<Asked<'f>> {
    let mut all = Vec::new();
    for region in &engine.facts.regions {
        for secret in region.secrets.iter().flatten() {
            let mut keys = region.keys.iter();
            all.push(Asked {
                secret,
                region,
                known: engine.of_secret(secret, &region.name),
                decrypt: engine.of_decrypt(secret, &region.name),
                key: keys.find(|key| secret.key.as_ref() == Some(&key.arn)),
            });
        }
    }
    all
}

/// What each role that an instance has can read.
pub(super) fn of_roles(
    case: &Case<'_>,
    secrets: &[Asked<'_>],
    found: &mut Found,
) -> Vec<RoleAccess> {
    let roles = case.in_use.iter();
    let roles = roles.filter_map(|(role, instances)| {
        let caller = match case.engine.caller(role)? {
            Ok(caller) => caller,
            Err(unknown) => {
                found.missing("effective access", role, unknown);
                return None;
            }
        };
        let mut readable = Vec::new();
        for asked in secrets {
            match read(case.engine, caller, asked) {
                Ok(access) => readable.extend(access),
                Err(why) => found.missing("effective access", &asked.secret.arn, &why),
            }
        }
        Some(RoleAccess {
            role: (*role).to_owned(),
            instances: *instances,
            secrets: readable,
        })
    });
    roles.collect()
}

/// How a caller reads a secret; `None` if it cannot.
///
/// # Errors
///
/// A policy that has a say is not known or not understood.
pub(super) fn read(
    engine: &Engine<'_>,
    caller: &Caller<'_>,
    asked: &Asked<'_>,
) -> Result<Option<SecretAccess>, String> {
    let secret = asked.secret;
    let access = engine.access(caller, GET, &secret.arn, &asked.known);
    let access = access.map_err(|unknown| unknown.to_string())?;
    // Without the resource's policy more cannot be said than that its own policies allow.
    if secret.policy == ResourcePolicy::NotRead {
        return Err(format!("{GET} depends on its resource policy, not read"));
    }
    if !engine::may(&access) {
        return Ok(None);
    }
    let mut found = SecretAccess {
        secret: secret.arn.clone(),
        name: secret.name.clone(),
        statements: engine::statements(&access),
        key: None,
        key_statements: Vec::new(),
        conditions: engine::conditions(&access).into_iter().collect(),
    };
    let Some(arn) = &secret.key else {
        return Ok(Some(found));
    };
    if asked.key.is_some_and(|key| key.aws_managed) {
        return Ok(Some(found));
    }
    let unlocked = engine.access(caller, "kms:Decrypt", arn, &asked.decrypt);
    let unlocked = unlocked.map_err(|unknown| unknown.to_string())?;
    if !engine::may(&unlocked) {
        return Ok(None);
    }
    found.key = Some(arn.clone());
    found.key_statements = engine::statements(&unlocked);
    found.conditions.extend(engine::conditions(&unlocked));
    Ok(Some(found))
}

/// Of a secret that does not exist: whether its name matters at all.
pub(super) fn any_secret<'a>(
    engine: &'a Engine<'_>,
    caller: &'a Caller<'_>,
    probe: &'a str,
    region: &str,
) -> Access<'a> {
    let known = engine
        .of_region(region)
        .with("secretsmanager:SecretId", probe)
        .without_prefix("aws:ResourceTag/")
        .without_prefix("secretsmanager:ResourceTag/");
    engine.access_by(ResourceRule::None, caller, GET, probe, &known)
}

pub(super) const GET: &str = "secretsmanager:GetSecretValue";
