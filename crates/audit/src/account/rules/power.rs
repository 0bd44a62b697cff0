//! Rules over what the roles of instances may do, by evaluating their documents. Knows no name of
//! any policy.

use policy::{Access, Known, Unknown};

use super::escalation;
use crate::account::access::any_secret;
use crate::account::catalog::{ADMINISTRATOR, ALL_SECRETS, ESCALATION};
use crate::account::engine::{self, Caller, Engine};
use crate::account::judge::{Case, Found};
use crate::{Finding, Severity, Subject, SubjectKind};

/// Judges the roles that instances have.
pub(in crate::account) fn judge(case: &Case<'_>, found: &mut Found) {
    let ways = match escalation::ways() {
        Ok(ways) => ways,
        Err(unknown) => {
            found.missing(ESCALATION.code, "the rules themselves", &unknown);
            Vec::new()
        }
    };
    for (role, instances) in &case.in_use {
        let caller = match case.engine.caller(role) {
            None => continue,
            Some(Ok(caller)) => caller,
            Some(Err(unknown)) => {
                found.missing("permissions", role, &unknown);
                continue;
            }
        };
        let held_by = format!("{instances} instances have it");
        if let Some(finding) = administrator(case, role, caller, &held_by) {
            found.findings.push(finding);
            continue;
        }
        found
            .findings
            .extend(all_secrets(case, role, caller, &held_by));
        match escalation::found(case, caller, &ways) {
            Err(unknown) => found.missing(ESCALATION.code, role, &unknown),
            Ok(routes) => {
                for route in routes {
                    let title = format!("it can {}", route.what);
                    let mut finding = finding(case, role, &ESCALATION, title);
                    let by = route.steps.first().map(|(_, by)| by.clone());
                    for (step, statements) in route.steps {
                        finding = finding.read(step, statements);
                    }
                    finding = finding.decided("identity policy", by.unwrap_or_default());
                    if !route.is_certain {
                        finding = finding.severity(Severity::Medium);
                    }
                    found.findings.push(finding.read("role", held_by.clone()));
                }
            }
        }
    }
}

fn finding(case: &Case<'_>, role: &str, broken: &'static crate::Rule, title: String) -> Finding {
    let subject = Subject::new(SubjectKind::Role, role).of_account(&case.facts.account);
    Finding::new(broken, subject, title)
}

/// What may do something that nobody has thought of may do anything; what may not change roles
/// besides may do almost anything.
fn administrator(case: &Case<'_>, role: &str, caller: &Caller<'_>, by: &str) -> Option<Finding> {
    let unheard = case.arn("rolecall-unheard-of", "", "of");
    let anything = power(case.engine, caller, UNHEARD, &unheard).ok()?;
    if !engine::may(&anything) {
        return None;
    }
    let other = case.arn("iam", "", "role/rolecall-asks-for-nobody-7Q4Z");
    let change = power(case.engine, caller, "iam:PutRolePolicy", &other).ok()?;
    let is_all = engine::may(&change);
    let conditions = engine::conditions(&anything);
    let (title, severity) = match (is_all, &conditions) {
        (true, None) => ("it may do anything", ADMINISTRATOR.severity),
        (false, None) => (
            "it may do anything but what is kept from it",
            Severity::High,
        ),
        (_, Some(_)) => ("it may do anything, under conditions", Severity::High),
    };
    let statements = engine::statements(&anything).join("; ");
    let mut finding = finding(case, role, &ADMINISTRATOR, title.to_owned())
        .severity(severity)
        .read(
            DETAILS,
            format!("an action that no service has is allowed: {statements}"),
        )
        .read("role", by.to_owned())
        .decided("identity policy", statements);
    if let Some(conditions) = conditions {
        finding = finding.read("conditions", conditions);
    }
    Some(finding)
}

fn power<'a>(
    engine: &'a Engine<'_>,
    caller: &'a Caller<'_>,
    action: &'a str,
    resource: &'a str,
) -> Result<Access<'a>, Unknown> {
    engine.access(caller, action, resource, &Known::nothing())
}

fn all_secrets(case: &Case<'_>, role: &str, caller: &Caller<'_>, by: &str) -> Option<Finding> {
    let region = case.facts.regions.first()?;
    let probe = case.arn("secretsmanager", &region.name, PROBE);
    let access = any_secret(case.engine, caller, &probe, &region.name);
    if !engine::may(&access) {
        return None;
    }
    let statements = engine::statements(&access).join("; ");
    let mut finding = finding(case, role, &ALL_SECRETS, "it reads any secret".to_owned())
        .read(
            DETAILS,
            format!("a secret of any name is readable: {statements}"),
        )
        .read("role", by.to_owned())
        .decided("identity policy", statements);
    if let Some(conditions) = engine::conditions(&access) {
        finding = finding
            .severity(Severity::Medium)
            .read("conditions", conditions);
    }
    Some(finding)
}

const DETAILS: &str = "iam:GetAccountAuthorizationDetails";
const UNHEARD: &str = "rolecall-unheard-of:Do";
const PROBE: &str = "secret:rolecall-asks-for-nothing-7Q4Z-AbCdEf";
