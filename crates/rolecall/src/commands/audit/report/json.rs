//! The report as JSON: all of it, with evidence and what decided.

use ::audit::account::{InstanceReport, RoleAccess};
use ::audit::{Finding, Verdict};
use serde_json::{Value, json};

use super::View;

/// The report.
pub(in super::super) fn json(view: &View<'_>) -> String {
    let report = view.report;
    let waived = report.waived.iter().map(|(finding, at)| {
        let mut value = one(finding);
        if let (Some(waiver), Some(members)) = (view.waivers.get(*at), value.as_object_mut()) {
            let waiver = json!({
                "reason": waiver.reason,
                "owner": waiver.owner,
                "expires": waiver.expires.to_string(),
            });
            members.insert("waiver".to_owned(), waiver);
        }
        value
    });
    let expired = view.expired().into_iter().map(|waiver| {
        json!({
            "rule": waiver.rule,
            "subject": waiver.subject,
            "owner": waiver.owner,
            "expires": waiver.expires.to_string(),
        })
    });
    let verdicts = view.verdicts().map(|(name, count)| {
        let count = json!({"yes": count.yes, "no": count.no, "not_known": count.not_known});
        (name.replace(' ', "_"), count)
    });
    let severities = view
        .severities()
        .map(|(severity, count)| (severity.name().to_owned(), json!(count)));
    let whole = json!({
        "version": VERSION,
        "rolecall": env!("CARGO_PKG_VERSION"),
        "at": view.now.to_string(),
        "account": view.facts.account.as_ref().map(|it| &it.account),
        "summary": {
            "verdicts": serde_json::Map::from_iter(verdicts),
            "findings": serde_json::Map::from_iter(severities),
            "waived": report.waived.len(),
            "not_new": report.known,
            "missing": report.missing.len(),
        },
        "findings": report.findings.iter().map(one).collect::<Vec<_>>(),
        "waived": waived.collect::<Vec<_>>(),
        "expired_waivers": expired.collect::<Vec<_>>(),
        "instances": report.instances.iter().map(instance).collect::<Vec<_>>(),
        "access": report.access.iter().map(role).collect::<Vec<_>>(),
        "readers": readers(view),
        "missing": report.missing.iter().map(missing).collect::<Vec<_>>(),
    });
    format!("{whole:#}\n")
}

fn missing(missing: &::audit::Missing) -> Value {
    json!({"what": missing.what, "place": missing.place, "why": missing.why})
}

fn one(finding: &Finding) -> Value {
    let Finding { rule, subject, .. } = finding;
    let evidence = finding.evidence.iter();
    let evidence = evidence.map(|it| json!({"source": it.source, "said": it.said}));
    let decided = finding.decided.as_ref();
    let place = subject.place.as_ref();
    json!({
        "rule": rule.code,
        "severity": finding.severity.name(),
        "subject": {
            "kind": subject.kind.name(),
            "id": subject.id,
            "account": subject.account,
            "region": subject.region,
            "place": place.map(|it| json!({
                "file": it.file, "line": it.line, "column": it.column,
            })),
        },
        "title": finding.title,
        "evidence": evidence.collect::<Vec<_>>(),
        "decided": decided.map(|it| json!({"layer": it.layer, "by": it.by})),
        "why": rule.why,
        "fix": {"terraform": rule.fix_terraform, "cli": rule.fix_cli},
        "references": rule.references.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "fingerprint": finding.fingerprint(),
    })
}

fn instance(instance: &InstanceReport) -> Value {
    json!({
        "arn": instance.arn,
        "name": instance.name,
        "region": instance.region,
        "profile": instance.profile,
        "role": instance.role,
        "role_usable": verdict(&instance.role_usable),
        "keys_absent": verdict(&instance.keys_absent),
        "role_needed": verdict(&instance.role_needed),
    })
}

fn verdict(verdict: &Verdict) -> Value {
    json!({"is": verdict.word(), "because": verdict.why()})
}

fn role(role: &RoleAccess) -> Value {
    let secrets = role.secrets.iter().map(|secret| {
        json!({
            "secret": secret.secret,
            "name": secret.name,
            "statements": secret.statements,
            "key": secret.key,
            "key_statements": secret.key_statements,
            "conditions": secret.conditions,
        })
    });
    json!({
        "role": role.role,
        "instances": role.instances,
        "secrets": secrets.collect::<Vec<_>>(),
    })
}

/// The other way round: which instances read a secret, through which role.
fn readers(view: &View<'_>) -> Value {
    let mut readers = serde_json::Map::new();
    for role in &view.report.access {
        let has = |it: &&InstanceReport| it.role.as_ref() == Some(&role.role);
        let instances = view.report.instances.iter().filter(has);
        let instances: Vec<&str> = instances.map(|it| it.arn.as_str()).collect();
        for secret in &role.secrets {
            let entry = readers
                .entry(secret.secret.clone())
                .or_insert_with(|| json!([]));
            if let Some(list) = entry.as_array_mut() {
                list.push(json!({"role": role.role, "instances": instances.clone()}));
            }
        }
    }
    Value::Object(readers)
}

// Of the form of the report; a new member is no new version.
const VERSION: u32 = 1;
