//! The report for a terminal: the summary first, then each rule with what it found.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use ::audit::{Finding, Missing, Severity};

use super::View;
use super::summary::counted;
use crate::term::shown;

/// The report.
pub(in super::super) fn text(view: &View<'_>) -> String {
    let mut out = String::new();
    summary(view, &mut out);
    findings(view, &mut out);
    access(view, &mut out);
    aside(view, &mut out);
    out
}

fn summary(view: &View<'_>, out: &mut String) {
    let _ = writeln!(out, "{}\n", shown(&view.looked_at()));
    if !view.report.instances.is_empty() {
        for (name, count) in view.verdicts() {
            let _ = writeln!(
                out,
                "  {name:<12} {:>6} yes {:>6} no {:>6} not known",
                count.yes, count.no, count.not_known
            );
        }
        out.push('\n');
    }
    let found: Vec<String> = view
        .severities()
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| format!("{count} {}", severity.name()))
        .collect();
    let found = if found.is_empty() {
        "no findings".to_owned()
    } else {
        format!("findings: {}", found.join(", "))
    };
    let _ = write!(out, "  {found}");
    if !view.report.waived.is_empty() {
        let _ = write!(out, "; {} waived", view.report.waived.len());
    }
    if view.report.known > 0 {
        let _ = write!(out, "; {} not new", view.report.known);
    }
    out.push('\n');
    if !view.report.missing.is_empty() {
        let missing = counted(view.report.missing.len(), "piece");
        let _ = writeln!(
            out,
            "  {missing} of evidence missing: this is no clean bill"
        );
    }
}

fn findings(view: &View<'_>, out: &mut String) {
    for severity in Severity::ALL {
        let of: Vec<&Finding> = view
            .report
            .findings
            .iter()
            .filter(|it| it.severity == severity)
            .collect();
        let groups = of.chunk_by(|one, two| one.rule.code == two.rule.code);
        for group in groups {
            let Some(first) = group.first() else {
                continue;
            };
            let rule = first.rule;
            let name = severity.name();
            let _ = writeln!(out, "\n{name} {}: {}", rule.code, rule.title);
            for finding in group.iter().take(SHOWN_MAX) {
                write_finding(finding, out);
            }
            if group.len() > SHOWN_MAX {
                let more = group.len() - SHOWN_MAX;
                let _ = writeln!(out, "  and {more} more: `--format json` has them all");
            }
            for line in rule.fix_cli.lines() {
                let _ = writeln!(out, "  mend: {line}");
            }
        }
    }
}

fn write_finding(finding: &Finding, out: &mut String) {
    let place = match &finding.subject.place {
        Some(place) => format!("{}:{}: ", place.file, place.line),
        None => String::new(),
    };
    let subject = &finding.subject.id;
    let _ = writeln!(out, "  {}", shown(&format!("{place}{subject}")));
    let _ = writeln!(out, "    {}", shown(&finding.title));
    for evidence in &finding.evidence {
        let said = format!("{}: {}", evidence.source, evidence.said);
        let _ = writeln!(out, "    read {}", shown(&said));
    }
    if let Some(decided) = &finding.decided {
        let by = format!("{}: {}", decided.layer, decided.by);
        let _ = writeln!(out, "    decided by {}", shown(&by));
    }
}

fn access(view: &View<'_>, out: &mut String) {
    if view.report.access.is_empty() {
        return;
    }
    let _ = writeln!(out, "\nwhat instances can read");
    for role in &view.report.access {
        let instances = counted(role.instances, "instance");
        let secrets = counted(role.secrets.len(), "secret");
        let _ = writeln!(out, "  {} ({instances}): {secrets}", shown(&role.role));
        for secret in role.secrets.iter().take(SHOWN_MAX) {
            let _ = writeln!(out, "    {}", shown(&secret.name));
            for role in &secret.through {
                let _ = writeln!(out, "      as {}", shown(role));
            }
            let by = secret.statements.iter().chain(&secret.key_statements);
            for by in by {
                let _ = writeln!(out, "      by {}", shown(by));
            }
            for condition in &secret.conditions {
                let _ = writeln!(out, "      only if {}", shown(condition));
            }
        }
        if role.secrets.len() > SHOWN_MAX {
            let more = role.secrets.len() - SHOWN_MAX;
            let _ = writeln!(out, "    and {more} more");
        }
    }
}

fn aside(view: &View<'_>, out: &mut String) {
    let expired = view.expired();
    if !expired.is_empty() {
        let _ = writeln!(out, "\nwaivers that are over");
        for waiver in expired {
            let ::audit::Waiver {
                rule,
                subject,
                owner,
                expires,
                ..
            } = waiver;
            let line = format!("{rule} {subject}: until {expires}, {owner}");
            let _ = writeln!(out, "  {}", shown(&line));
        }
    }
    if !view.report.missing.is_empty() {
        let _ = writeln!(out, "\nmissing evidence");
        let mut places: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
        for Missing { what, place, why } in &view.report.missing {
            places.entry((what, why)).or_default().push(place);
        }
        for ((what, why), places) in places {
            let _ = writeln!(out, "  {}", shown(&format!("{what}: {why}")));
            for place in places.iter().take(PLACES_SHOWN_MAX) {
                let _ = writeln!(out, "    {}", shown(place));
            }
            if places.len() > PLACES_SHOWN_MAX {
                let more = places.len() - PLACES_SHOWN_MAX;
                let _ = writeln!(out, "    and {more} more: `--format json` has them all");
            }
        }
    }
}

// Of one rule, or of one role: a thousand instances without a profile are one thing to mend.
const SHOWN_MAX: usize = 10;
const PLACES_SHOWN_MAX: usize = 5;
