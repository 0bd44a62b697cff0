//! Rules over what the roles of instances may do, by evaluating their documents. Knows no name of
//! any policy.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::escalation::{Route, Ways};
use super::large::{administrator, all_secrets, finding};
use super::versions::Versions;
use crate::account::access::Secrets;
use crate::account::case::{Case, Found};
use crate::account::catalog::{ADMINISTRATOR, ALL_SECRETS, ESCALATION};
use crate::account::chain::{Chains, Reached};
use crate::account::engine;
use crate::{Finding, Severity};

/// Judges the roles that instances have, and those that they may assume as theirs.
pub(in crate::account) fn judge<'e>(
    cases: &[Case<'e>],
    chains: &Chains<'_, 'e>,
    secrets: &Secrets<'_>,
    found: &mut Found,
) {
    let mut own = BTreeMap::new();
    for case in cases {
        let ways = match Ways::of(case) {
            Ok(ways) => Some(ways),
            Err(unknown) => {
                found.missing(ESCALATION.code, "the rules themselves", &unknown);
                None
            }
        };
        own.insert(case.facts.account.as_str(), (case, ways));
    }
    let mut powers = Powers {
        own,
        chains,
        secrets,
        known: BTreeMap::new(),
    };
    for case in cases {
        for (role, instances) in &case.in_use {
            powers.judge(case, role, *instances, found);
        }
    }
}

/// What a role may do that matters.
enum Power {
    /// Anything at all, or nearly.
    Anything(Finding),
    Some {
        /// It reads any secret.
        secrets: Option<Finding>,
        /// It can give itself more.
        routes: Vec<Route>,
    },
}

/// What roles may do, each asked once.
struct Powers<'p, 'e> {
    /// Each account and the ways that may be open in it.
    own: BTreeMap<&'p str, (&'p Case<'e>, Option<Ways>)>,
    chains: &'p Chains<'p, 'e>,
    secrets: &'p Secrets<'p>,
    known: BTreeMap<&'e str, Option<Rc<Power>>>,
}

impl<'e> Powers<'_, 'e> {
    fn judge(&mut self, case: &Case<'e>, role: &'e str, instances: usize, found: &mut Found) {
        let held_by = format!("{instances} instances have it");
        let Some(power) = self.of(role, found) else {
            return;
        };
        match &*power {
            Power::Anything(finding) => {
                let finding = finding.clone();
                found.findings.push(finding.read("role", held_by));
                return;
            }
            Power::Some { secrets, routes } => {
                let secrets = secrets.iter().cloned();
                let routes = routes.iter().map(|it| escalation_of(case, role, it));
                let all = secrets.chain(routes);
                let all = all.map(|finding| finding.read("role", held_by.clone()));
                found.findings.extend(all);
            }
        }
        self.chained(case, role, &held_by, found);
    }

    /// `None` where its policies are not understood, which is told.
    fn of(&mut self, role: &'e str, found: &mut Found) -> Option<Rc<Power>> {
        if let Some(known) = self.known.get(role) {
            return known.clone();
        }
        let power = self.ask(role, found).map(Rc::new);
        self.known.insert(role, power.clone());
        power
    }

    fn ask(&self, role: &'e str, found: &mut Found) -> Option<Power> {
        let (case, ways) = self.own.get(engine::account_of(role))?;
        let caller = match case.engine.caller(role)? {
            Ok(caller) => caller,
            Err(unknown) => {
                found.missing("permissions", role, unknown);
                return None;
            }
        };
        if let Some(finding) = administrator(case, role, caller) {
            return Some(Power::Anything(finding));
        }
        let mut routes = Vec::new();
        if let Some(ways) = ways {
            // No call of IAM is one to another account.
            let links = self.chains.links(role);
            let links = links.iter().map(|link| link.role);
            let is_own = |other: &&str| engine::account_of(other) == case.facts.account;
            let assumable: Vec<&str> = links.filter(is_own).collect();
            let versions = Versions {
                case,
                ways,
                secrets: self.secrets,
                assumable: &assumable,
            };
            let open = ways.open_to(case, caller, &assumable);
            for open in [open, versions.open_to(caller)] {
                match open {
                    Ok(open) => routes.extend(open),
                    Err(unknown) => found.missing(ESCALATION.code, role, &unknown),
                }
            }
        }
        Some(Power::Some {
            secrets: all_secrets(case, role, caller),
            routes,
        })
    }

    /// What it can through roles that it assumes, unless an administrator is on the way already.
    fn chained(&mut self, case: &Case<'e>, role: &'e str, held_by: &str, found: &mut Found) {
        let mut ends = BTreeSet::new();
        for reached in self.chains.reached(role) {
            if reached.links.iter().any(|link| ends.contains(link.role)) {
                continue;
            }
            let Some(power) = self.of(reached.role, found) else {
                continue;
            };
            let name = name_from(role, reached.role);
            let (broken, title, is_certain) = match &*power {
                Power::Anything(finding) => {
                    ends.insert(reached.role);
                    let title = format!("it can assume {name}, and then: {}", finding.title);
                    let is_certain = finding.severity == ADMINISTRATOR.severity;
                    (&ESCALATION, title, is_certain)
                }
                Power::Some { secrets, routes } => match (routes.first(), secrets) {
                    (Some(route), _) => {
                        let title = format!("it can assume {name}, and then {}", route.what);
                        (&ESCALATION, title, route.is_certain)
                    }
                    (None, Some(finding)) => {
                        let title = format!("it can assume {name}, which reads any secret");
                        let is_certain = finding.severity == ALL_SECRETS.severity;
                        (&ALL_SECRETS, title, is_certain)
                    }
                    (None, None) => continue,
                },
            };
            let finding = finding(case, role, broken, title);
            let finding = by_links(finding, &reached, is_certain);
            found
                .findings
                .push(finding.read("role", held_by.to_owned()));
        }
    }
}

/// A role's name, with its account where that is another one.
fn name_from(from: &str, role: &str) -> String {
    let name = role.rsplit('/').next().unwrap_or_default();
    let account = engine::account_of(role);
    if account == engine::account_of(from) {
        name.to_owned()
    } else {
        format!("{name} of account {account}")
    }
}

fn by_links(mut finding: Finding, reached: &Reached<'_>, is_certain: bool) -> Finding {
    for link in &reached.links {
        finding = finding.read(
            format!("sts:AssumeRole on {}", link.role),
            link.by.join("; "),
        );
    }
    let mut conditions = reached.conditions().peekable();
    if !is_certain || conditions.peek().is_some() {
        finding = finding.severity(Severity::Medium);
    }
    for condition in conditions {
        finding = finding.read("conditions", format!("only if {condition}"));
    }
    let by = reached.links.first().map(|link| link.by.join("; "));
    finding.decided("identity policy", by.unwrap_or_default())
}

fn escalation_of(case: &Case<'_>, role: &str, route: &Route) -> Finding {
    let mut finding = finding(case, role, &ESCALATION, format!("it can {}", route.what));
    for (step, statements) in &route.steps {
        finding = finding.read(step.clone(), statements.clone());
    }
    let by = route.steps.first().map(|(_, by)| by.clone());
    finding = finding.decided("identity policy", by.unwrap_or_default());
    if !route.is_certain {
        finding = finding.severity(Severity::Medium);
    }
    finding
}
