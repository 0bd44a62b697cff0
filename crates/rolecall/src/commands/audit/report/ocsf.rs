//! The findings as OCSF 1.3 compliance findings (class 2003), a list.
//!
//! Source: Open Cybersecurity Schema Framework, "Compliance Finding".

use std::io::{self, Write};

use ::audit::{Finding, Severity};
use serde_json::{Value, json};

use super::View;

/// Writes the list, an event a line.
pub(in super::super) fn ocsf(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let open = view.report.findings.iter().map(|it| event(view, it, NEW));
    let waived = view
        .report
        .waived
        .iter()
        .map(|(it, _)| event(view, it, SUPPRESSED));
    super::lines(out, open.chain(waived))?;
    out.write_all(b"\n")
}

fn event(view: &View<'_>, finding: &Finding, status: (u32, &str)) -> Value {
    let (status_id, status) = status;
    let subject = &finding.subject;
    let rule = finding.rule;
    let standards: Vec<String> = rule.references.iter().map(ToString::to_string).collect();
    let evidence = finding.evidence.iter();
    let evidence = evidence.map(|it| json!({"source": it.source, "said": it.said}));
    json!({
        "activity_id": 1,
        "activity_name": "Create",
        "category_uid": 2,
        "category_name": "Findings",
        "class_uid": 2003,
        "class_name": "Compliance Finding",
        "type_uid": 200_301,
        "type_name": "Compliance Finding: Create",
        "time": view.now.as_millisecond(),
        "severity_id": severity(finding.severity),
        "severity": finding.severity.name(),
        "status_id": status_id,
        "status": status,
        "message": finding.title,
        "metadata": {
            "version": "1.3.0",
            "product": {
                "name": "rolecall audit",
                "vendor_name": "Rolecall",
                "version": env!("CARGO_PKG_VERSION"),
            },
        },
        "cloud": {
            "provider": "AWS",
            "account": {"uid": subject.account.as_deref()},
            "region": subject.region.as_deref(),
        },
        "compliance": {
            "control": rule.code,
            "standards": standards,
            "status_id": 3,
            "status": "Fail",
        },
        "finding_info": {
            "uid": finding.fingerprint(),
            "title": rule.title,
            "desc": rule.why,
            "created_time": view.now.as_millisecond(),
        },
        "remediation": {"desc": rule.fix_cli},
        "resources": [{
            "uid": subject.id,
            "type": subject.kind.name(),
            "region": subject.region.as_deref(),
        }],
        "unmapped": {
            "evidence": evidence.collect::<Vec<_>>(),
            "decided": finding.decided.as_ref().map(|it| format!("{}: {}", it.layer, it.by)),
        },
    })
}

/// `severity_id`.
fn severity(severity: Severity) -> u32 {
    match severity {
        Severity::Info => 1,
        Severity::Low => 2,
        Severity::Medium => 3,
        Severity::High => 4,
        Severity::Critical => 5,
    }
}

const NEW: (u32, &str) = (1, "New");
const SUPPRESSED: (u32, &str) = (3, "Suppressed");
