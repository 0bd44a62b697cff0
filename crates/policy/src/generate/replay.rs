//! The test that documents have to pass: every recorded need is put to [`decide`] again, and so is
//! what was not recorded. Knows nothing of how documents are written.

use std::collections::BTreeSet;

use super::{GenerateError, Needed, Needs, Resource};
use crate::actions;
use crate::{Applied, Context, Kind, Policies, Policy, Principal, Request, decide};

/// How many decisions came out which way.
#[derive(Debug)]
pub(super) struct Tested {
    pub(super) allowed: u64,
    pub(super) denied: u64,
    pub(super) undecided: u64,
}

/// Decides every need, all allowed, and every other action of the tables and of the record on
/// every recorded resource, all denied.
pub(super) fn test(documents: &[String], needs: &Needs) -> Result<Tested, GenerateError> {
    let policies = documents
        .iter()
        .map(|text| Policy::parse(text, Kind::Identity));
    let policies: Vec<Policy> = policies.collect::<Result<_, _>>()?;
    let applied: Vec<Applied<'_>> = policies
        .iter()
        .map(|policy| Applied {
            name: "generated",
            policy,
        })
        .collect();
    let test = Test {
        applied: &applied,
        needs,
        context: Context::new(),
    };
    let allowed = test.recorded()?;
    let (denied, undecided) = test.others()?;
    Ok(Tested {
        allowed,
        denied,
        undecided,
    })
}

struct Test<'t> {
    applied: &'t [Applied<'t>],
    needs: &'t Needs,
    context: Context,
}

impl Test<'_> {
    fn recorded(&self) -> Result<u64, GenerateError> {
        let mut allowed = 0;
        for needed in self.needs.values() {
            for resource in needed.resources.iter().map(Resource::sample) {
                if !self.allows(&needed.spelling, &resource) {
                    return Err(GenerateError::Denied {
                        action: needed.spelling.clone(),
                        resource,
                    });
                }
                allowed += 1;
            }
        }
        Ok(allowed)
    }

    fn others(&self) -> Result<(u64, u64), GenerateError> {
        let resources: BTreeSet<String> = self
            .needs
            .values()
            .flat_map(|needed| needed.resources.iter().map(Resource::sample))
            .collect();
        let actions = self.actions();
        let all = actions.len().saturating_mul(resources.len());
        let step = step(all, actions.len());
        let pairs = resources
            .iter()
            .flat_map(|resource| actions.iter().map(move |action| (resource, action)));
        let (mut denied, mut seen) = (0, 0_u64);
        for (resource, (action, needed)) in pairs.step_by(step) {
            seen += 1;
            let mut own = needed.iter().flat_map(|it| &it.resources);
            if own.any(|it| it.covers(resource)) {
                continue;
            }
            if self.allows(action, resource) {
                return Err(GenerateError::Allowed {
                    action: action.clone(),
                    resource: resource.clone(),
                });
            }
            denied += 1;
        }
        let all = u64::try_from(all).unwrap_or(u64::MAX);
        Ok((denied, all.saturating_sub(seen)))
    }

    /// Every action of the tables and of the record, and what was recorded of it.
    fn actions(&self) -> Vec<(String, Option<&Needed>)> {
        let mut names: BTreeSet<String> = self.needs.keys().cloned().collect();
        for service in actions::services() {
            let of_service = service.actions.iter();
            let full = of_service.map(|it| format!("{}:{}", service.prefix, it.name));
            names.extend(full.map(|name| name.to_ascii_lowercase()));
        }
        let with_needed = |name: String| {
            let needed = self.needs.get(&name);
            (name, needed)
        };
        names.into_iter().map(with_needed).collect()
    }

    fn allows(&self, action: &str, resource: &str) -> bool {
        let request = Request {
            principal: Principal::User {
                account: ACCOUNT,
                arn: USER,
                unique_id: None,
            },
            action,
            resource,
            resource_account: ACCOUNT,
            context: &self.context,
        };
        let policies = Policies {
            identity: self.applied,
            ..Policies::default()
        };
        decide(&request, &policies).is_allowed()
    }
}

/// How many pairs to go on by, so that there are no more than the bound. It shares no factor with
/// the number of actions, or it would meet some of them only.
fn step(pairs: usize, actions: usize) -> usize {
    let mut step = pairs.div_ceil(OTHERS_MAX).max(1);
    while greatest_common_divisor(step, actions) > 1 {
        step += 1;
    }
    step
}

fn greatest_common_divisor(a: usize, b: usize) -> usize {
    if b == 0 {
        a
    } else {
        greatest_common_divisor(b, a % b)
    }
}

// Any will do: identity policies do not ask, and no condition is written.
const ACCOUNT: &str = "123456789012";
const USER: &str = "arn:aws:iam::123456789012:user/replay";
// Decisions on what was not recorded: some seconds.
const OTHERS_MAX: usize = 400_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::{Generator, Need};

    const SECRET: &str = "arn:aws:secretsmanager:us-east-1:123456789012:secret:a-a1B2c3";

    fn needs(list: &[(&str, &str)]) -> Needs {
        let mut generator = Generator::new();
        let needs = list
            .iter()
            .map(|(action, resource)| Need::new(action, resource));
        generator.add(&needs.collect::<Vec<_>>()).unwrap();
        generator.needs
    }

    fn document(actions: &[&str], resources: &[&str]) -> String {
        serde_json::json!({
            "Version": "2012-10-17",
            "Statement": {"Effect": "Allow", "Action": actions, "Resource": resources}
        })
        .to_string()
    }

    #[test]
    fn a_document_that_says_too_little_is_found_out() {
        let needs = needs(&[
            ("secretsmanager:GetSecretValue", SECRET),
            ("secretsmanager:ListSecrets", "*"),
        ]);
        let little = document(&["secretsmanager:GetSecretValue"], &[SECRET]);
        assert_eq!(
            test(&[little], &needs).unwrap_err(),
            GenerateError::Denied {
                action: "secretsmanager:ListSecrets".into(),
                resource: "*".into()
            }
        );
    }

    #[test]
    fn a_document_that_says_too_much_is_found_out() {
        let needs = needs(&[("secretsmanager:GetSecretValue", SECRET)]);
        for (action, resource) in [
            ("secretsmanager:*", SECRET),
            ("secretsmanager:Get*", "*"),
            ("*", SECRET),
        ] {
            let error = test(&[document(&[action], &[resource])], &needs).unwrap_err();
            assert!(matches!(error, GenerateError::Allowed { .. }), "{action}");
        }
    }

    #[test]
    fn an_action_beside_a_resource_it_was_not_recorded_with_is_found_out() {
        let other = "arn:aws:secretsmanager:us-east-1:123456789012:secret:b-a1B2c3";
        let needs = needs(&[
            ("secretsmanager:GetSecretValue", SECRET),
            ("secretsmanager:DescribeSecret", other),
        ]);
        let actions = [
            "secretsmanager:GetSecretValue",
            "secretsmanager:DescribeSecret",
        ];
        let merged = document(&actions, &[SECRET, other]);
        assert!(matches!(
            test(&[merged], &needs).unwrap_err(),
            GenerateError::Allowed { .. }
        ));
    }

    #[test]
    fn a_document_that_is_none_is_refused() {
        let error = test(&["{}".to_owned()], &Needs::new()).unwrap_err();
        assert!(matches!(error, GenerateError::Refused(_)));
    }

    #[test]
    fn a_step_meets_every_action_in_the_end() {
        assert_eq!(step(OTHERS_MAX, 1_200), 1);
        assert_eq!(step(OTHERS_MAX * 3, 1_200), 7);
        assert_eq!(step(0, 0), 1);
    }
}
