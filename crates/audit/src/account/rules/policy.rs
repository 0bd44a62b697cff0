//! Rules over the texts of managed policies of the account's own, by `policy::lint`. Knows nobody
//! who has one, but that somebody has.

use std::collections::BTreeSet;

use policy::{Kind, Severity as Weight, lint, statement_spans};

use crate::account::case::{Case, Found};
use crate::account::catalog::POLICY_DEFECT;
use crate::account::facts::{Identities, NamedText};
use crate::{Finding, Severity, Subject, SubjectKind};

/// Judges each policy that is attached to somebody, or is a boundary.
pub(in crate::account) fn judge(case: &Case<'_>, found: &mut Found) {
    let Some(identities) = &case.facts.identities else {
        return;
    };
    let attached = attached(identities);
    let own = format!("::{}:policy/", case.facts.account);
    for policy in &identities.managed {
        if attached.contains(policy.name.as_str()) && policy.name.contains(&own) {
            found.findings.extend(defects(case, policy));
        }
    }
}

fn attached(identities: &Identities) -> BTreeSet<&str> {
    let users = identities.users.iter().map(|it| &it.policies);
    let groups = identities.groups.iter().map(|it| &it.policies);
    let roles = identities.roles.iter().map(|it| &it.policies);
    let all = users.chain(groups).chain(roles);
    all.flat_map(|it| it.managed.iter().chain(&it.boundary))
        .map(String::as_str)
        .collect()
}

fn defects(case: &Case<'_>, policy: &NamedText) -> Vec<Finding> {
    let flaws = lint(&policy.text, Kind::Identity);
    let spans = statement_spans(&policy.text).unwrap_or_default();
    let sids = sids(&policy.text);
    let grave = flaws
        .iter()
        .filter(|it| it.severity() != Weight::Suggestion);
    let findings = grave.take(FLAWS_MAX).map(|flaw| {
        let place = (flaw.line, flaw.column);
        // A span begins behind its brace, where the statement itself may be meant.
        let has = |span: &&policy::Span| {
            (span.start.0, span.start.1.saturating_sub(1)) <= place && place <= span.end
        };
        let at = spans.iter().position(|span| has(&span));
        let statement = match at {
            None => "the document".to_owned(),
            Some(at) => match sids.get(at).and_then(Option::as_ref) {
                Some(sid) => format!("statement {} ({sid})", at + 1),
                None => format!("statement {}", at + 1),
            },
        };
        let severity = match flaw.severity() {
            Weight::Error => POLICY_DEFECT.severity,
            _ => Severity::Low,
        };
        let subject = Subject::new(SubjectKind::Policy, policy.name.as_str());
        let title = format!("{}: {}", flaw.code.name(), flaw.message);
        Finding::new(
            &POLICY_DEFECT,
            subject.of_account(&case.facts.account),
            title,
        )
        .severity(severity)
        .read(
            "iam:GetAccountAuthorizationDetails",
            format!(
                "line {}, column {}: {}",
                flaw.line, flaw.column, flaw.message
            ),
        )
        .read("way out", flaw.hint.clone())
        .decided("managed policy", statement)
    });
    findings.collect()
}

/// The `Sid` of each statement.
fn sids(text: &str) -> Vec<Option<String>> {
    let document: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let statements = match document.get("Statement") {
        Some(serde_json::Value::Array(list)) => list.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    let sid = |it: &serde_json::Value| Some(it.get("Sid")?.as_str()?.to_owned());
    statements.iter().map(sid).collect()
}

// Of one policy; `rolecall policy lint` tells them all.
const FLAWS_MAX: usize = 20;
