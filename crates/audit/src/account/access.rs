//! Effective access: which secrets the role of an instance reads, through which statements, the
//! secret's own policy and the KMS key counted. Knows no rule.
//!
//! A secret of another account that was read is one if that account lets the role in: by the
//! secret's policy and its key's.
//!
//! Instances with one role share what it can read; a condition that names one of them stays as the
//! condition it is.

use std::collections::BTreeMap;
use std::rc::Rc;

use policy::{Access, Known, ResourceRule};
use serde::Serialize;

use super::case::{Case, Found};
use super::chain::{Chains, Reached};
use super::doors::Doors;
use super::engine::{self, Caller, Engine, Engines};
use super::facts::{Key, RegionFacts, ResourcePolicy, Secret};

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
    /// ARNs of the roles that are assumed first, one from another; none where it reads it itself.
    pub through: Vec<String>,
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
    pub(super) engine: &'f Engine<'f>,
    pub(super) secret: &'f Secret,
    pub(super) region: &'f RegionFacts,
    pub(super) known: Known,
    decrypt: Known,
    key: Option<&'f Key>,
}

/// All secrets, made ready to be asked of many.
#[derive(Debug)]
pub(super) struct Secrets<'f> {
    by_account: BTreeMap<&'f str, Vec<Asked<'f>>>,
    /// Those that may let somebody of another account in, by account and place.
    from_outside: Doors<(&'f str, usize)>,
}

impl<'f> Secrets<'f> {
    pub(super) fn of(engines: &'f Engines<'f>) -> Secrets<'f> {
        let mut by_account = BTreeMap::new();
        let mut from_outside = Doors::default();
        for engine in engines.all() {
            let account = engine.facts.account.as_str();
            let asked = asked(engine);
            if engines.are_many() {
                for (at, asked) in asked.iter().enumerate() {
                    // AWS's own key lets nobody of another account read.
                    if let (ResourcePolicy::Text(text), Some(_)) =
                        (&asked.secret.policy, &asked.secret.key)
                    {
                        from_outside.add(text, (account, at));
                    }
                }
            }
            by_account.insert(account, asked);
        }
        Secrets {
            by_account,
            from_outside,
        }
    }

    /// Those of an account.
    pub(super) fn own(&self, account: &str) -> &[Asked<'f>] {
        self.by_account.get(account).map_or(&[], Vec::as_slice)
    }

    /// Those of other accounts that may let somebody of this one in.
    pub(super) fn foreign(&self, account: &str) -> impl Iterator<Item = &Asked<'f>> {
        let open = self.from_outside.open_to(account);
        let others = open.filter(move |(owner, _)| *owner != account);
        others.filter_map(|(owner, at)| self.by_account.get(owner)?.get(*at))
    }
}

fn asked<'f>(engine: &'f Engine<'f>) -> Vec<Asked<'f>> {
    let mut all = Vec::new();
    for region in &engine.facts.regions {
        for secret in region.secrets.iter().flatten() {
            let mut keys = region.keys.iter();
            all.push(Asked {
                engine,
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

/// What each role that an instance has can read, by itself and through roles that it assumes.
pub(super) fn of_roles<'e>(
    cases: &[Case<'e>],
    secrets: &Secrets<'_>,
    chains: &Chains<'_, 'e>,
    found: &mut Found,
) -> Vec<RoleAccess> {
    let mut readers = Readers {
        chains,
        secrets,
        known: BTreeMap::new(),
    };
    let in_use = cases.iter().flat_map(|case| &case.in_use);
    let all = in_use.filter_map(|(role, instances)| {
        let own = readers.of(role, found)?;
        let mut readable: BTreeMap<String, SecretAccess> = BTreeMap::new();
        for access in own.iter() {
            readable.insert(access.secret.clone(), access.clone());
        }
        for reached in chains.reached(role) {
            let Some(access) = readers.of(reached.role, found) else {
                continue;
            };
            for access in access.iter() {
                let access = through(&reached, access);
                let before = readable.get(&access.secret);
                if before.is_none_or(|it| it.is_worse_than(&access)) {
                    readable.insert(access.secret.clone(), access);
                }
            }
        }
        Some(RoleAccess {
            role: (*role).to_owned(),
            instances: *instances,
            secrets: readable.into_values().collect(),
        })
    });
    all.collect()
}

fn through(reached: &Reached<'_>, access: &SecretAccess) -> SecretAccess {
    let mut access = access.clone();
    let roles = reached.links.iter().map(|link| link.role.to_owned());
    access.through = roles.collect();
    access.conditions.extend(reached.conditions());
    access
}

impl SecretAccess {
    fn is_worse_than(&self, other: &SecretAccess) -> bool {
        !self.conditions.is_empty() && other.conditions.is_empty()
    }
}

/// What roles read by themselves, each asked once.
struct Readers<'r, 'e> {
    chains: &'r Chains<'r, 'e>,
    secrets: &'r Secrets<'r>,
    known: BTreeMap<String, Option<Rc<[SecretAccess]>>>,
}

impl Readers<'_, '_> {
    /// `None` where the role's own policies are not understood, which is told.
    fn of(&mut self, role: &str, found: &mut Found) -> Option<Rc<[SecretAccess]>> {
        if let Some(known) = self.known.get(role) {
            return known.clone();
        }
        let read = self.ask(role, found);
        self.known.insert(role.to_owned(), read.clone());
        read
    }

    fn ask(&self, role: &str, found: &mut Found) -> Option<Rc<[SecretAccess]>> {
        let caller = match self.chains.engines().caller(role)? {
            Ok(caller) => caller,
            Err(unknown) => {
                found.missing("effective access", role, unknown);
                return None;
            }
        };
        let account = engine::account_of(role);
        let own = self.secrets.own(account).iter();
        let mut readable = Vec::new();
        for asked in own.chain(self.secrets.foreign(account)) {
            match read(caller, asked) {
                Ok(access) => readable.extend(access),
                Err(why) => found.missing("effective access", &asked.secret.arn, &why),
            }
        }
        Some(readable.into())
    }
}

/// How a caller reads a secret; `None` if it cannot.
///
/// # Errors
///
/// A policy that has a say is not known or not understood.
pub(super) fn read(caller: &Caller<'_>, asked: &Asked<'_>) -> Result<Option<SecretAccess>, String> {
    let Asked { engine, secret, .. } = asked;
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
        through: Vec::new(),
        statements: engine::statements(&access),
        key: None,
        key_statements: Vec::new(),
        conditions: engine::conditions(&access).into_iter().collect(),
    };
    let account = caller.entity.account();
    let is_own = account == engine.facts.account;
    let customers = secret.key.as_ref();
    let customers = customers.filter(|_| !asked.key.is_some_and(|key| key.aws_managed));
    let Some(arn) = customers else {
        return Ok(is_own.then_some(found));
    };
    let decrypt = asked.decrypt.clone().with("kms:CallerAccount", account);
    let unlocked = engine.decrypts(caller, arn, &decrypt);
    let unlocked = unlocked.map_err(|unknown| unknown.to_string())?;
    if !engine::may(&unlocked) {
        let is_read = asked.key.is_some_and(|key| key.grants.is_some());
        return if is_read {
            Ok(None)
        } else {
            Err(format!("grants of {arn} were not read"))
        };
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
