//! What rules look at: an account, what was read with it, and what each instance of it has; and
//! what they add to. Knows no rule.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use policy::{Access, Applied, Unknown};

use super::engine::{self, Engine};
use super::facts::{AccountFacts, Instance, InstanceProfile, Role, UserData};
use super::metadata::Options;
use crate::host::HostFacts;
use crate::{Finding, Missing, Verdict};

/// An instance and its verdicts.
#[derive(Debug, Clone)]
pub struct InstanceReport {
    /// ARN.
    pub arn: String,
    /// Its tag `Name`.
    pub name: Option<String>,
    /// Region.
    pub region: Arc<str>,
    /// ARN of its profile.
    pub profile: Option<Arc<str>>,
    /// ARN of the role in it.
    pub role: Option<Arc<str>>,
    /// A profile, a role in it that exists and trusts EC2, and a metadata service that serves it.
    pub role_usable: Verdict,
    /// No long-lived key is there for a process to use.
    pub keys_absent: Verdict,
    /// Something on it calls AWS.
    pub role_needed: Verdict,
    pub(super) lack: Option<Lack>,
}

/// What an instance's role lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lack {
    /// No profile.
    Profile,
    /// A role in it, or the profile or role itself.
    Role,
    /// EC2 among those it trusts.
    Trust,
    /// A metadata service that serves it.
    Service,
}

/// Whether a role is usable, and what is missing if not.
#[derive(Debug, Clone)]
pub(super) struct Usable {
    pub(super) verdict: Verdict,
    pub(super) lack: Option<Lack>,
}

impl Usable {
    fn no(lack: Lack, why: impl Into<Cow<'static, str>>) -> Usable {
        Usable {
            verdict: Verdict::No(why.into()),
            lack: Some(lack),
        }
    }

    fn not_known(why: impl Into<Cow<'static, str>>) -> Usable {
        Usable {
            verdict: Verdict::NotKnown(why.into()),
            lack: None,
        }
    }
}

/// A profile as many instances have it, or none.
#[derive(Debug)]
pub(super) struct Worn {
    profile: Option<Arc<str>>,
    role: Option<Arc<str>>,
    usable: Usable,
}

/// What all rules look at.
#[derive(Debug)]
pub(super) struct Case<'e> {
    pub(super) facts: &'e AccountFacts,
    /// All accounts that were read: those are one's own.
    pub(super) accounts: &'e [AccountFacts],
    pub(super) host: Option<&'e HostFacts>,
    pub(super) now: Timestamp,
    pub(super) engine: &'e Engine<'e>,
    /// By ARN; `None` where they were not read.
    pub(super) profiles: Option<BTreeMap<&'e str, &'e InstanceProfile>>,
    /// By ARN.
    pub(super) roles: BTreeMap<&'e str, &'e Role>,
    /// Roles in the profiles of instances, and how many instances have each.
    pub(super) in_use: BTreeMap<&'e str, usize>,
}

/// What rules add to.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) findings: Vec<Finding>,
    pub(super) missing: BTreeSet<Missing>,
}

impl Worn {
    pub(super) fn of(case: &Case<'_>, profile: Option<&str>) -> Worn {
        let held = profile.and_then(|name| case.profile(name).ok().flatten());
        Worn {
            profile: profile.map(Into::into),
            role: held.and_then(|it| it.role.as_deref()).map(Into::into),
            usable: case.gives_role(profile),
        }
    }
}

impl Found {
    pub(super) fn missing(&mut self, what: &str, place: &str, why: &impl ToString) {
        self.missing.insert(Missing {
            what: what.to_owned(),
            place: place.to_owned(),
            why: why.to_string(),
        });
    }

    /// Without the organization's policies more is allowed than is so, which is told.
    pub(super) fn levels<'e>(
        &mut self,
        levels: Result<Vec<Vec<Applied<'e>>>, Unknown>,
    ) -> Vec<Vec<Applied<'e>>> {
        levels.unwrap_or_else(|unknown| {
            self.missing("policies of the organization", "organization", &unknown);
            Vec::new()
        })
    }
}

impl<'e> Case<'e> {
    pub(super) fn new(
        engine: &'e Engine<'e>,
        accounts: &'e [AccountFacts],
        host: Option<&'e HostFacts>,
        now: Timestamp,
    ) -> Case<'e> {
        let facts = engine.facts;
        let identities = facts.identities.as_ref();
        let profiles = identities.and_then(|it| it.profiles.as_ref());
        let profiles: Option<BTreeMap<_, _>> =
            profiles.map(|list| list.iter().map(|it| (it.arn.as_str(), it)).collect());
        let roles = identities.map(|it| it.roles.as_slice()).unwrap_or_default();
        let mut in_use = BTreeMap::new();
        let instances = facts.regions.iter().flat_map(|it| it.instances.iter());
        for instance in instances.flatten() {
            let held = instance.profile.as_deref().zip(profiles.as_ref());
            let profile = held.and_then(|(arn, profiles)| profiles.get(arn));
            if let Some(role) = profile.and_then(|it| it.role.as_deref()) {
                *in_use.entry(role).or_default() += 1;
            }
        }
        Case {
            facts,
            accounts,
            host,
            now,
            engine,
            profiles,
            roles: roles.iter().map(|it| (it.arn.as_str(), it)).collect(),
            in_use,
        }
    }

    pub(super) fn arn(&self, service: &str, region: &str, resource: &str) -> String {
        let AccountFacts {
            account, partition, ..
        } = self.facts;
        format!("arn:{partition}:{service}:{region}:{account}:{resource}")
    }

    /// The profile of this ARN or name.
    ///
    /// # Errors
    ///
    /// Profiles were not read.
    pub(super) fn profile(&self, name: &str) -> Result<Option<&'e InstanceProfile>, String> {
        let profiles = self.profiles.as_ref();
        let profiles = profiles.ok_or("the account's instance profiles were not read")?;
        if name.starts_with("arn:") {
            return Ok(profiles.get(name).copied());
        }
        let tail = format!("/{name}");
        let mut all = profiles.values();
        Ok(all.find(|it| it.arn.ends_with(&tail)).copied())
    }

    /// Whether a profile gives a role that EC2 can assume.
    pub(super) fn gives_role(&self, profile: Option<&str>) -> Usable {
        let no = |lack, why: String| Usable::no(lack, why);
        let not_known = |why: String| Usable::not_known(why);
        let Some(name) = profile else {
            return Usable::no(Lack::Profile, "it has no instance profile");
        };
        let role = match self.profile(name) {
            Err(why) => return not_known(why),
            Ok(None) => return no(Lack::Role, format!("the profile {name} does not exist")),
            Ok(Some(profile)) => profile.role.as_deref(),
        };
        let Some(role) = role else {
            return no(Lack::Role, format!("the profile {name} holds no role"));
        };
        if !self.roles.contains_key(role) {
            return no(Lack::Role, format!("the role {role} does not exist"));
        }
        let service = match self.facts.partition.as_str() {
            "aws-cn" => "ec2.amazonaws.com.cn",
            _ => "ec2.amazonaws.com",
        };
        match self.engine.trusts(role, service) {
            Err(unknown) => not_known(unknown.to_string()),
            Ok(Access::Always { .. }) => Usable {
                verdict: Verdict::Yes,
                lack: None,
            },
            Ok(Access::Never { .. }) => no(
                Lack::Trust,
                format!("the role {role} does not trust {service}"),
            ),
            Ok(access) => {
                let when = engine::conditions(&access).unwrap_or_default();
                not_known(format!("{role} trusts {service} only if {when}"))
            }
        }
    }

    pub(super) fn report(
        &self,
        instance: &Instance,
        region: &Arc<str>,
        worn: &Worn,
        options: &Options,
    ) -> InstanceReport {
        let served = options.endpoint.as_ref().map_or(true, |it| it.value);
        let usable = if worn.usable.verdict.is_yes() && !served {
            let why = "its metadata service is disabled, so nothing gets credentials";
            Usable::no(Lack::Service, why)
        } else {
            worn.usable.clone()
        };
        InstanceReport {
            arn: self.arn("ec2", region, &format!("instance/{}", instance.id)),
            name: instance.name.clone(),
            region: Arc::clone(region),
            profile: worn.profile.clone(),
            role_usable: usable.verdict,
            lack: usable.lack,
            keys_absent: self.keys_absent(instance),
            role_needed: self.role_needed(instance, worn.role.as_deref()),
            role: worn.role.clone(),
        }
    }

    /// The facts of the host that the instance is.
    pub(super) fn host_of(&self, instance: &Instance) -> Option<&'e HostFacts> {
        self.host
            .filter(|host| host.instance_id.as_deref() == Some(&instance.id))
    }

    fn keys_absent(&self, instance: &Instance) -> Verdict {
        if has_keys(&instance.user_data) {
            return Verdict::No("its user data holds a key".into());
        }
        match self.host_of(instance) {
            Some(host) => host.keys_absent(),
            None => Verdict::NotKnown("the host was not looked at".into()),
        }
    }

    fn role_needed(&self, instance: &Instance, role: Option<&str>) -> Verdict {
        if has_keys(&instance.user_data) {
            return Verdict::Yes;
        }
        if let Some(host) = self.host_of(instance) {
            let verdict = host.role_needed();
            if !matches!(verdict, Verdict::NotKnown(_)) {
                return verdict;
            }
        }
        // A role that one instance alone has, and that was used, was used by it.
        let used = role.and_then(|role| self.roles.get(role)?.last_used.map(|_| role));
        let alone = used.is_some_and(|role| self.in_use.get(role) == Some(&1));
        if alone {
            return Verdict::Yes;
        }
        Verdict::NotKnown("the host was not looked at, nor its calls".into())
    }
}

fn has_keys(user_data: &UserData) -> bool {
    matches!(user_data, UserData::Searched(keys) if !keys.is_empty())
}
