//! What a role gets by making another version of a managed policy the default: each version is put
//! in the place of the default and asked the same questions. Knows no rule.
//!
//! Versions whose conditions alone differ are not compared.

use policy::{Access, Known, Unknown};
use serde_json::Value;

use super::escalation::{Route, Ways};
use super::large::{administrator, all_secrets};
use crate::account::access::{self, Secrets};
use crate::account::case::Case;
use crate::account::engine::{self, Caller};
use crate::account::facts::{PolicyVersion, Role};

/// What the versions are judged with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Versions<'v, 'e> {
    pub(super) case: &'v Case<'e>,
    pub(super) ways: &'v Ways,
    pub(super) secrets: &'v Secrets<'v>,
    /// ARNs of the roles of its account that the role may assume.
    pub(super) assumable: &'v [&'v str],
}

/// What a role could do with a version, the least first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Gain {
    /// Some more.
    More,
    /// Read secrets that it cannot read now.
    Secrets,
    AnySecret,
    /// Give itself more.
    Way,
    Anything,
}

#[derive(Debug)]
struct Gained {
    gain: Gain,
    what: String,
    by: String,
    is_certain: bool,
}

impl Versions<'_, '_> {
    /// What is gained by each policy that the role, or one that it may assume, has: by the version
    /// that gives the most, with what the others give.
    ///
    /// # Errors
    ///
    /// A policy that has a say is not known or not understood.
    pub(super) fn open_to(self, caller: &Caller<'_>) -> Result<Vec<Route>, Unknown> {
        let identities = self.case.facts.identities.as_ref();
        let versions = identities.map_or(&[][..], |it| &it.versions);
        let mut routes = Vec::new();
        for policies in versions.chunk_by(|one, two| one.policy == two.policy) {
            let Some(PolicyVersion { policy, .. }) = policies.first() else {
                continue;
            };
            let own = &*caller.entity.arn;
            let roles = std::iter::once(own).chain(self.assumable.iter().copied());
            let roles = roles.filter_map(|role| self.case.roles.get(role));
            for role in roles.filter(|role| has(role, policy)) {
                routes.extend(self.by(caller, role, policies)?);
            }
        }
        Ok(routes)
    }

    /// By the versions of one policy that a role has.
    fn by(
        self,
        caller: &Caller<'_>,
        role: &Role,
        versions: &[PolicyVersion],
    ) -> Result<Option<Route>, Unknown> {
        let Some(PolicyVersion { policy, .. }) = versions.first() else {
            return Ok(None);
        };
        let engine = self.case.engine;
        let set = engine.access(caller, SET, policy, &Known::nothing())?;
        if !engine::may(&set) {
            return Ok(None);
        }
        let mut gained = Vec::new();
        for version in versions {
            let gain = self.gain(role, version)?;
            gained.extend(gain.map(|gain| (version, gain)));
        }
        gained.sort_by(|(_, one), (_, two)| two.gain.cmp(&one.gain));
        let Some((version, most)) = gained.first() else {
            return Ok(None);
        };
        let name = policy.rsplit('/').next().unwrap_or_default();
        let as_whom = if *role.arn == *caller.entity.arn {
            String::new()
        } else {
            let name = role.arn.rsplit('/').next().unwrap_or_default();
            format!(" as {name}, which it can assume,")
        };
        let what = format!(
            "set the policy {name} to its version {}, and then{as_whom} {}",
            version.id, most.what
        );
        let by = engine::statements(&set).join("; ");
        let mut steps = vec![(format!("{SET} on {policy}"), by)];
        steps.extend(gained.iter().map(|(version, gained)| {
            let by = format!("it could {}: {}", gained.what, gained.by);
            (format!("version {} of {policy}", version.id), by)
        }));
        Ok(Some(Route {
            what,
            steps,
            is_certain: most.is_certain && engine::conditions(&set).is_none(),
        }))
    }

    /// What a role could do with a version that it cannot do now.
    fn gain(self, role: &Role, version: &PolicyVersion) -> Result<Option<Gained>, Unknown> {
        let Self { case, .. } = self;
        let details = engine::supposed(case.facts, role, &version.policy, &version.text);
        let (Some(now), Some(then)) = (
            case.engine.caller(&role.arn),
            case.engine.supposed(&details, &role.arn),
        ) else {
            return Ok(None);
        };
        let (now, then) = (now.as_ref().map_err(Clone::clone)?, &then?);
        if administrator(case, &role.arn, now).is_some() {
            return Ok(None);
        }
        let certain = |finding: &crate::Finding| finding.severity == finding.rule.severity;
        let decided = |finding: &crate::Finding| {
            let by = finding.decided.as_ref().map(|it| it.by.to_string());
            by.unwrap_or_default()
        };
        if let Some(finding) = administrator(case, &role.arn, then) {
            return Ok(Some(Gained {
                gain: Gain::Anything,
                what: finding.title.replacen("it may ", "", 1),
                by: decided(&finding),
                is_certain: certain(&finding),
            }));
        }
        let before = self.ways.open_to(case, now, &[])?;
        let after = self.ways.open_to(case, then, &[])?;
        let mut new = after.into_iter();
        let is_new = |way: &Route| before.iter().all(|it| it.what != way.what);
        if let Some(way) = new.find(is_new) {
            let by = way
                .steps
                .into_iter()
                .map(|(step, by)| format!("{step} by {by}"));
            return Ok(Some(Gained {
                gain: Gain::Way,
                by: by.collect::<Vec<_>>().join("; "),
                what: way.what,
                is_certain: way.is_certain,
            }));
        }
        let reads_all = all_secrets(case, &role.arn, then);
        if let Some(finding) = reads_all.filter(|_| all_secrets(case, &role.arn, now).is_none()) {
            return Ok(Some(Gained {
                gain: Gain::AnySecret,
                what: "read any secret".to_owned(),
                by: decided(&finding),
                is_certain: certain(&finding),
            }));
        }
        Ok(self
            .secrets(now, then)
            .or_else(|| self.more(role, version, now, then)))
    }

    /// Secrets of whose policies something is missing are told of where they are judged.
    fn secrets(self, now: &Caller<'_>, then: &Caller<'_>) -> Option<Gained> {
        let account = &self.case.facts.account;
        let all = self.secrets.own(account).iter();
        let reads = |caller: &Caller<'_>, asked| access::read(caller, asked).ok().flatten();
        let new = all
            .chain(self.secrets.foreign(account))
            .filter_map(|asked| {
                let access = reads(then, asked)?;
                reads(now, asked).is_none().then_some(access)
            });
        let new: Vec<_> = new.collect();
        let first = new.first()?;
        let names: Vec<&str> = new.iter().map(|it| it.name.as_str()).collect();
        Some(Gained {
            gain: Gain::Secrets,
            what: format!("read {}", listed("secret", &names)),
            by: first.statements.join("; "),
            is_certain: new.iter().any(|it| it.conditions.is_empty()),
        })
    }

    /// Asked of names that the statements mean, of the version, the default and the boundary, and
    /// that nothing has.
    fn more(
        self,
        role: &Role,
        version: &PolicyVersion,
        now: &Caller<'_>,
        then: &Caller<'_>,
    ) -> Option<Gained> {
        let engine = self.case.engine;
        let managed = self.case.facts.identities.iter().flat_map(|it| &it.managed);
        let beside = managed.filter(|it| {
            it.name == version.policy || role.policies.boundary.as_ref() == Some(&it.name)
        });
        let texts = std::iter::once(&version.text).chain(beside.map(|it| &it.text));
        let probes = probes(texts);
        let mut gained = Vec::new();
        let mut by = Vec::new();
        let known = Known::nothing();
        for Probe {
            shown,
            action,
            resource,
        } in &probes
        {
            let may = |caller| engine.access(caller, action, resource, &known).ok();
            let (Some(before), Some(after)) = (may(now), may(then)) else {
                continue;
            };
            let is_more = match before {
                Access::Never { .. } => engine::may(&after),
                Access::When(_) => matches!(after, Access::Always { .. }),
                _ => false,
            };
            if is_more && !gained.contains(shown) {
                gained.push(shown.clone());
                by.extend(engine::statements(&after));
            }
        }
        by.dedup();
        let names: Vec<&str> = gained.iter().map(String::as_str).collect();
        (!gained.is_empty()).then(|| Gained {
            gain: Gain::More,
            what: format!("do more than now: {}", listed("", &names)),
            by: by.join("; "),
            is_certain: false,
        })
    }
}

fn has(role: &Role, policy: &str) -> bool {
    let policies = &role.policies;
    policies.managed.iter().any(|it| it == policy) || policies.boundary.as_deref() == Some(policy)
}

/// The first of some names, and how many more there are.
fn listed(thing: &str, names: &[&str]) -> String {
    let some: Vec<&str> = names.iter().copied().take(NAMES_MAX).collect();
    let plural = if names.len() == 1 { "" } else { "s" };
    let head = if thing.is_empty() {
        String::new()
    } else {
        format!("the {thing}{plural} ")
    };
    match names.len() - some.len() {
        0 => format!("{head}{}", some.join(", ")),
        more => format!("{head}{} and {more} more", some.join(", ")),
    }
}

/// A request that a statement is about.
struct Probe {
    /// As the statement writes it.
    shown: String,
    action: String,
    resource: String,
}

/// For each action and each resource that statements name, a request that both mean.
fn probes<'t>(texts: impl Iterator<Item = &'t String>) -> Vec<Probe> {
    let (mut actions, mut resources) = (Vec::new(), Vec::new());
    for text in texts {
        let document: Value = serde_json::from_str(text).unwrap_or_default();
        for statement in document.get("Statement").map(each).unwrap_or_default() {
            names(statement, "Action", &mut actions);
            names(statement, "Resource", &mut resources);
        }
    }
    let all = actions.iter().flat_map(|action| {
        let resources = resources.iter().filter(move |resource| {
            // A bucket's ARN says nothing to an action of EC2.
            let service = resource.split(':').nth(2).unwrap_or_default();
            let is_of = action.split(':').next() == Some(service);
            service.is_empty() || is_of || action == "*" || service.contains('*')
        });
        resources.map(move |resource| Probe {
            shown: format!("{action} on {resource}"),
            action: if action == "*" {
                UNHEARD.to_owned()
            } else {
                filled(action)
            },
            resource: filled(resource),
        })
    });
    all.take(PROBES_MAX).collect()
}

/// What a statement names; everything where it says what it does not mean.
fn names(statement: &Value, element: &str, all: &mut Vec<String>) {
    let everything = Value::from("*");
    for name in each(statement.get(element).unwrap_or(&everything)) {
        if let Some(name) = name.as_str()
            && !all.iter().any(|it| it == name)
        {
            all.push(name.to_owned());
        }
    }
}

fn each(value: &Value) -> &[Value] {
    match value {
        Value::Array(list) => list,
        one => std::slice::from_ref(one),
    }
}

/// A name that a pattern matches, and likely no narrower one.
fn filled(pattern: &str) -> String {
    if pattern == "*" {
        return pattern.to_owned();
    }
    pattern.replace('*', NOTHING).replace('?', "7")
}

const SET: &str = "iam:SetDefaultPolicyVersion";
const UNHEARD: &str = "rolecall-unheard-of:Do";
const NOTHING: &str = "RolecallAsksForNothing7Q4Z";
// Of a list; the policy's version has them all.
const NAMES_MAX: usize = 5;
// A policy has 6,144 characters at most, which is room for some hundreds.
const PROBES_MAX: usize = 4_000;
