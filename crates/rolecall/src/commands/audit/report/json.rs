//! The report as JSON: all of it, with evidence and what decided.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use ::audit::account::{InstanceReport, RoleAccess};
use ::audit::{Finding, Rule, Verdict};
use serde_json::{Value, json};

use super::View;

/// The report: an object whose lists have a line for each of theirs, so that many cost no more
/// memory than their text.
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
    let mut out = String::from("{\n");
    member(&mut out, "version", &json!(VERSION));
    member(&mut out, "rolecall", &json!(env!("CARGO_PKG_VERSION")));
    member(&mut out, "at", &json!(view.now.to_string()));
    let account = view.facts.account.as_ref().map(|it| &it.account);
    member(&mut out, "account", &json!(account));
    member(&mut out, "summary", &summary(view));
    member(&mut out, "rules", &rules(view));
    list(&mut out, "findings", report.findings.iter().map(one));
    list(&mut out, "waived", waived);
    list(&mut out, "expired_waivers", expired);
    list(&mut out, "instances", report.instances.iter().map(instance));
    list(&mut out, "access", report.access.iter().map(role));
    member(&mut out, "readers", &readers(view));
    list(&mut out, "missing", report.missing.iter().map(missing));
    // The last member is followed by nothing.
    out.truncate(out.trim_end_matches(",\n").len());
    out.push_str("\n}\n");
    out
}

fn member(out: &mut String, name: &str, value: &Value) {
    let _ = writeln!(out, "  \"{name}\": {value},");
}

fn list(out: &mut String, name: &str, values: impl Iterator<Item = Value>) {
    let _ = write!(out, "  \"{name}\": [");
    for (at, value) in values.enumerate() {
        let comma = if at == 0 { "" } else { "," };
        let _ = write!(out, "{comma}\n    {value}");
    }
    out.push_str("],\n");
}

fn summary(view: &View<'_>) -> Value {
    let report = view.report;
    let verdicts = view.verdicts().map(|(name, count)| {
        let count = json!({"yes": count.yes, "no": count.no, "not_known": count.not_known});
        (name.replace(' ', "_"), count)
    });
    let severities = view
        .severities()
        .map(|(severity, count)| (severity.name().to_owned(), json!(count)));
    json!({
        "verdicts": serde_json::Map::from_iter(verdicts),
        "findings": serde_json::Map::from_iter(severities),
        "waived": report.waived.len(),
        "not_new": report.known,
        "missing": report.missing.len(),
    })
}

/// The rules that found something, each once.
fn rules(view: &View<'_>) -> Value {
    let waived = view.report.waived.iter().map(|(finding, _)| finding);
    let all = view.report.findings.iter().chain(waived);
    let used: BTreeMap<&str, &Rule> = all.map(|it| (it.rule.code, it.rule)).collect();
    let used = used.into_values().map(|rule| {
        let references: Vec<String> = rule.references.iter().map(ToString::to_string).collect();
        let value = json!({
            "title": rule.title,
            "severity": rule.severity.name(),
            "why": rule.why,
            "fix": {"terraform": rule.fix_terraform, "cli": rule.fix_cli},
            "references": references,
        });
        (rule.code.to_owned(), value)
    });
    Value::Object(used.collect())
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
    let mut with: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for instance in &view.report.instances {
        if let Some(role) = &instance.role {
            with.entry(role).or_default().push(&instance.arn);
        }
    }
    let mut readers = serde_json::Map::new();
    for role in &view.report.access {
        let instances = with.get(role.role.as_str()).cloned().unwrap_or_default();
        for secret in &role.secrets {
            let entry = readers
                .entry(secret.secret.clone())
                .or_insert_with(|| json!([]));
            if let Some(list) = entry.as_array_mut() {
                list.push(json!({"role": role.role, "instances": instances}));
            }
        }
    }
    Value::Object(readers)
}

// Of the form of the report; a new member is no new version.
const VERSION: u32 = 1;
