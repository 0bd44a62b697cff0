//! Rules over secrets: whom they let in from outside, and how many read them. Knows no value.

use policy::{Access, Outsider};

use crate::account::access::{self, Asked, GET, Secrets};
use crate::account::case::{Case, Found};
use crate::account::catalog::{SECRET_MANY, SECRET_OUTSIDE};
use crate::account::engine::{self, Caller};
use crate::account::facts::ResourcePolicy;
use crate::{Finding, Severity, Subject, SubjectKind};

/// Judges each secret of the account.
pub(in crate::account) fn judge(case: &Case<'_>, secrets: &Secrets<'_>, found: &mut Found) {
    let callers = callers(case, found);
    for asked in secrets.own(&case.facts.account) {
        outside(case, asked, found);
        many(case, asked, &callers, found);
    }
}

/// Users and roles that are no administrators; those are meant to read everything.
fn callers<'e>(case: &Case<'e>, found: &mut Found) -> Vec<&'e Caller<'e>> {
    let mut callers = Vec::new();
    let unheard = case.arn("rolecall-unheard-of", "", "of");
    for (arn, caller) in case.engine.callers() {
        match caller {
            Err(unknown) => found.missing("permissions", arn, &unknown),
            Ok(caller) => {
                let known = policy::Known::nothing();
                let anything = case.engine.access(caller, UNHEARD, &unheard, &known);
                if !anything.is_ok_and(|access| engine::may(&access)) {
                    callers.push(caller);
                }
            }
        }
    }
    callers
}

fn outside(case: &Case<'_>, asked: &Asked<'_>, found: &mut Found) {
    let Asked {
        secret,
        region,
        known,
        ..
    } = asked;
    if !matches!(secret.policy, ResourcePolicy::Text(_)) {
        return;
    }
    let answer = match case.engine.who(GET, &secret.arn, known, &[]) {
        Ok(answer) => answer,
        Err(unknown) => {
            found.missing(SECRET_OUTSIDE.code, &secret.arn, &unknown);
            return;
        }
    };
    for outside in &answer.outsiders {
        let (name, severity) = match outside.outsider {
            Outsider::EveryAccount => ("every account".to_owned(), Severity::Critical),
            Outsider::Anonymous => ("anybody, unsigned".to_owned(), Severity::Critical),
            Outsider::Account { id, .. } => (format!("account {id}"), SECRET_OUTSIDE.severity),
            Outsider::User(arn) | Outsider::Role(arn) | Outsider::Session(arn) => {
                (arn.to_owned(), SECRET_OUTSIDE.severity)
            }
            _ => continue,
        };
        if matches!(outside.access, Access::Never { .. }) {
            continue;
        }
        let subject = Subject::new(SubjectKind::Secret, &secret.arn)
            .of_account(&case.facts.account)
            .in_region(&region.name);
        let statements = engine::statements(&outside.access).join("; ");
        let mut finding = Finding::new(&SECRET_OUTSIDE, subject, format!("{name} may read it"))
            .severity(severity)
            .read(
                "secretsmanager:GetResourcePolicy",
                format!("it allows {name} {GET}"),
            )
            .decided("resource policy", statements);
        if let Some(conditions) = engine::conditions(&outside.access) {
            finding = finding
                .severity(Severity::Medium)
                .read("conditions", format!("only if {conditions}"));
        }
        if secret.key.is_none() {
            let said = "the key that AWS manages lets no other account read it";
            finding = finding
                .severity(Severity::Low)
                .read("secretsmanager:ListSecrets", said);
        }
        found.findings.push(finding);
    }
}

fn many(case: &Case<'_>, asked: &Asked<'_>, callers: &[&Caller<'_>], found: &mut Found) {
    let Asked { secret, region, .. } = asked;
    let mut readers = Vec::new();
    for caller in callers {
        match access::read(caller, asked) {
            Ok(None) => {}
            Ok(Some(_)) => readers.push(caller.entity.name()),
            Err(why) => {
                found.missing(SECRET_MANY.code, &secret.arn, &why);
                return;
            }
        }
    }
    if readers.len() <= READERS_MAX {
        return;
    }
    let subject = Subject::new(SubjectKind::Secret, &secret.arn)
        .of_account(&case.facts.account)
        .in_region(&region.name);
    let count = readers.len();
    readers.truncate(READERS_MAX);
    let said = format!("{} and {} more", readers.join(", "), count - readers.len());
    let title = format!("{count} users and roles can read it");
    let finding =
        Finding::new(&SECRET_MANY, subject, title).read("iam:GetAccountAuthorizationDetails", said);
    found.findings.push(finding);
}

const UNHEARD: &str = "rolecall-unheard-of:Do";
// Beside administrators.
const READERS_MAX: usize = 10;
