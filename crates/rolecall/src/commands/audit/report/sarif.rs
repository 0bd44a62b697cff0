//! The findings as SARIF 2.1.0 (OASIS), with every rule, found or not.

use std::fmt::Write as _;
use std::io;

use ::audit::{Finding, Rule, Severity, catalog};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::View;

/// Writes the report, a result a line.
pub(in super::super) fn sarif(view: &View<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let rules: Vec<&Rule> = catalog().collect();
    let open = view.report.findings.iter().map(|it| result(it, &rules));
    let waived = view.report.waived.iter().map(|(finding, at)| {
        let mut value = result(finding, &rules);
        if let (Some(waiver), Some(members)) = (view.waivers.get(*at), value.as_object_mut()) {
            let why = format!(
                "{} ({}, until {})",
                waiver.reason, waiver.owner, waiver.expires
            );
            let suppression = json!([{"kind": "external", "justification": why}]);
            members.insert("suppressions".to_owned(), suppression);
        }
        value
    });
    let missing = view.report.missing.iter().map(|it| {
        let text = format!("{} of {}: {}", it.what, it.place, it.why);
        json!({"level": "error", "message": {"text": text}})
    });
    let is_whole = view.report.missing.is_empty();
    let tool = json!({"driver": {
        "name": "rolecall audit",
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": rules.iter().map(|it| rule(it)).collect::<Vec<_>>(),
    }});
    let invocation = json!({
        "executionSuccessful": is_whole,
        "toolExecutionNotifications": missing.collect::<Vec<_>>(),
    });
    write!(
        out,
        "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\n\"tool\":{tool},\n\
         \"invocations\":[{invocation}],\n\"columnKind\":\"unicodeCodePoints\",\n\"results\":"
    )?;
    super::lines(out, open.chain(waived))?;
    out.write_all(b"}]}\n")
}

fn rule(rule: &Rule) -> Value {
    let help = format!("{}\n\n{}", rule.fix_terraform, rule.fix_cli);
    json!({
        "id": rule.code,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "help": {"text": help.trim()},
        "defaultConfiguration": {"level": level(rule.severity)},
        "properties": {
            "security-severity": score(rule.severity),
            "tags": rule.references.iter().map(ToString::to_string).collect::<Vec<_>>(),
        },
    })
}

fn result(finding: &Finding, rules: &[&Rule]) -> Value {
    let subject = &finding.subject;
    let index = rules.iter().position(|it| it.code == finding.rule.code);
    let name = json!([{
        "fullyQualifiedName": subject.id,
        "kind": subject.kind.name(),
    }]);
    let location = match &subject.place {
        Some(place) => json!({
            "physicalLocation": {
                "artifactLocation": {
                    "uri": utf8_percent_encode(&place.file, OUTSIDE_PATH).to_string(),
                },
                "region": {"startLine": place.line, "startColumn": place.column},
            },
            "logicalLocations": name,
        }),
        None => json!({"logicalLocations": name}),
    };
    json!({
        "ruleId": finding.rule.code,
        "ruleIndex": index,
        "level": level(finding.severity),
        "message": {"text": message(finding)},
        "locations": [location],
        "partialFingerprints": {"rolecall/v1": finding.fingerprint()},
        "properties": {"severity": finding.severity.name()},
    })
}

fn message(finding: &Finding) -> String {
    let mut text = format!("{}: {}", finding.subject.id, finding.title);
    for evidence in &finding.evidence {
        let _ = write!(text, "; {}: {}", evidence.source, evidence.said);
    }
    text
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// What code hosts sort by, 0 to 10 as text.
fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "3.0",
        Severity::Info => "1.0",
    }
}

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
// What stands for itself in the path of a URI (RFC 3986, section 3.3), slashes included.
const OUTSIDE_PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');
