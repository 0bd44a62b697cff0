//! Whether a role may do anything at all, or read any secret: the engine is asked for things that
//! nobody has thought of.

use policy::{Access, Known, Unknown};

use crate::account::access::any_secret;
use crate::account::case::Case;
use crate::account::catalog::{ADMINISTRATOR, ALL_SECRETS};
use crate::account::engine::{self, Caller, Engine};
use crate::{Finding, Severity, Subject, SubjectKind};

/// What may do something that nobody has thought of may do anything; what may not change roles
/// besides may do almost anything.
pub(super) fn administrator(case: &Case<'_>, role: &str, caller: &Caller<'_>) -> Option<Finding> {
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

pub(super) fn all_secrets(case: &Case<'_>, role: &str, caller: &Caller<'_>) -> Option<Finding> {
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
        .decided("identity policy", statements);
    if let Some(conditions) = engine::conditions(&access) {
        finding = finding
            .severity(Severity::Medium)
            .read("conditions", conditions);
    }
    Some(finding)
}

/// Of a role.
pub(super) fn finding(
    case: &Case<'_>,
    role: &str,
    broken: &'static crate::Rule,
    title: String,
) -> Finding {
    let subject = Subject::new(SubjectKind::Role, role).of_account(&case.facts.account);
    Finding::new(broken, subject, title)
}

const DETAILS: &str = "iam:GetAccountAuthorizationDetails";
const UNHEARD: &str = "rolecall-unheard-of:Do";
const PROBE: &str = "secret:rolecall-asks-for-nothing-7Q4Z-AbCdEf";
