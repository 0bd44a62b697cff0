//! `rolecall policy lint`: what is wrong with policies in files, or only unwise.
//!
//! Reads and prints; the rules are those of the policy package, and `docs/lint.md` explains each.

use std::fmt::Write as _;
use std::io::Read;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use policy::{Code, Finding, Kind, Severity};
use serde_json::{Value, json};

use crate::cli::{self, LintFormat, LintKind};
use crate::failure::{Exit, Failure};
use crate::term::{self, shown};

/// Prints the findings; the exit code tells whether any is more than a suggestion.
pub(super) fn run(flags: &cli::Lint) -> Result<Exit, Failure> {
    let reports: Vec<Report> = flags
        .files
        .iter()
        .map(|name| {
            let text = read(name)?;
            let kind = kind(flags.kind, &text);
            let findings = policy::lint(&text, kind);
            let name = if name == STDIN { "stdin" } else { name };
            Ok(Report {
                name: name.to_owned(),
                kind,
                findings,
            })
        })
        .collect::<Result<_, Failure>>()?;
    term::data(&match flags.format {
        LintFormat::Text => text(&reports),
        LintFormat::Json => format!("{:#}\n", listed(&reports)),
        LintFormat::Sarif => format!("{:#}\n", sarif(&reports)),
    });
    let mut findings = reports.iter().flat_map(|report| &report.findings);
    let bad = findings.any(|finding| finding.severity() != Severity::Suggestion);
    Ok(if bad { Exit::No } else { Exit::Done })
}

struct Report {
    name: String,
    kind: Kind,
    /// In the order of the text.
    findings: Vec<Finding>,
}

fn read(name: &str) -> Result<String, Failure> {
    let wrong = |what: &dyn std::fmt::Display| {
        Failure::wrong(format!("cannot read `{name}`: {what}"))
            .hint("name files that hold one policy document each, or `-` for standard input")
    };
    let mut bytes = Vec::new();
    let bounded = |source: &mut dyn Read, bytes: &mut Vec<u8>| {
        source.take(FILE_BYTES_MAX + 1).read_to_end(bytes)
    };
    let done = if name == STDIN {
        bounded(&mut std::io::stdin().lock(), &mut bytes)
    } else {
        std::fs::File::open(name).and_then(|mut file| bounded(&mut file, &mut bytes))
    };
    let length = done.map_err(|error| wrong(&error))?;
    if length as u64 > FILE_BYTES_MAX {
        return Err(wrong(&format_args!(
            "it is longer than {FILE_BYTES_MAX} bytes"
        )));
    }
    String::from_utf8(bytes).map_err(|_| wrong(&"it is no UTF-8 text"))
}

fn kind(chosen: Option<LintKind>, text: &str) -> Kind {
    match chosen {
        Some(LintKind::Identity) => Kind::Identity,
        Some(LintKind::Resource) => Kind::Resource,
        Some(LintKind::Trust) => Kind::Trust,
        Some(LintKind::ServiceControl) => Kind::ServiceControl,
        Some(LintKind::ResourceControl) => Kind::ResourceControl,
        None => policy::guess_kind(text),
    }
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Identity => "identity",
        Kind::Resource => "resource",
        Kind::Trust => "trust",
        Kind::ServiceControl => "service-control",
        Kind::ResourceControl => "resource-control",
    }
}

/// Two lines a finding: what an editor can jump to, and the way out.
fn text(reports: &[Report]) -> String {
    let mut out = String::new();
    for Report { name, findings, .. } in reports {
        for finding in findings {
            let Finding {
                code,
                line,
                column,
                message,
                hint,
            } = finding;
            let (severity, code) = (finding.severity().name(), code.name());
            let (message, hint) = (shown(message), shown(hint));
            let _ = writeln!(out, "{name}:{line}:{column}: {severity}[{code}]: {message}");
            let _ = writeln!(out, "  hint: {hint}");
        }
    }
    out
}

fn listed(reports: &[Report]) -> Value {
    let finding = |report: &Report, it: &Finding| {
        json!({
            "file": report.name,
            "kind": kind_name(report.kind),
            "line": it.line,
            "column": it.column,
            "severity": it.severity().name(),
            "code": it.code.name(),
            "message": it.message,
            "hint": it.hint,
        })
    };
    reports
        .iter()
        .flat_map(|report| report.findings.iter().map(move |it| finding(report, it)))
        .collect()
}

/// SARIF 2.1.0 (OASIS), with every rule, found or not.
fn sarif(reports: &[Report]) -> Value {
    let results: Vec<Value> = reports
        .iter()
        .flat_map(|report| report.findings.iter().map(|it| result(report, it)))
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "rolecall policy lint",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": Code::ALL.iter().map(|code| rule(*code)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn rule(code: Code) -> Value {
    let name = code.name();
    let mut rule = json!({
        "id": name,
        "shortDescription": {"text": code.title()},
        "help": {"text": format!("docs/lint.md#{name}")},
        "defaultConfiguration": {"level": level(code.severity())},
    });
    if let (Some(uri), Some(members)) = (help_uri(name), rule.as_object_mut()) {
        members.insert("helpUri".to_owned(), uri.into());
    }
    rule
}

/// Where the heading is on the web: SARIF wants an absolute URI, and it begins with the
/// repository's that the package names.
fn help_uri(name: &str) -> Option<String> {
    let (scheme, repository) = env!("CARGO_PKG_REPOSITORY").split_once("://")?;
    Some(format!(
        "{scheme}://{repository}/blob/main/docs/lint.md#{name}"
    ))
}

fn result(report: &Report, finding: &Finding) -> Value {
    let Finding { message, hint, .. } = finding;
    json!({
        "ruleId": finding.code.name(),
        "ruleIndex": Code::ALL.iter().position(|code| *code == finding.code),
        "level": level(finding.severity()),
        "message": {"text": format!("{message}; {hint}")},
        "locations": [{"physicalLocation": {
            "artifactLocation": {
                "uri": utf8_percent_encode(&report.name, OUTSIDE_PATH).to_string(),
            },
            "region": {"startLine": finding.line, "startColumn": finding.column},
        }}],
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Suggestion => "note",
    }
}

const STDIN: &str = "-";
// Far more than any policy may have; what a mistyped name can cost.
const FILE_BYTES_MAX: u64 = 1 << 20;
// What stands for itself in the path of a URI (RFC 3986, section 3.3), slashes included.
const OUTSIDE_PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
  "Principal": {"Service": "ec2.amazonaws.com"},
  "Action": "secretsmanager:GetSecretValue", "Resource": "*"}]}"#;

    fn report(chosen: Option<LintKind>) -> Vec<Report> {
        let kind = kind(chosen, POLICY);
        vec![Report {
            name: "a b/policy.json".to_owned(),
            kind,
            findings: policy::lint(POLICY, kind),
        }]
    }

    #[test]
    fn a_finding_is_a_place_an_editor_jumps_to() {
        let text = text(&report(Some(LintKind::Identity)));
        let first = "a b/policy.json:2:3: error[principal-in-identity-policy]: an identity policy \
                     may not name a principal: the caller is whoever has the policy\n  hint: ";
        assert!(text.starts_with(first), "{text}");
    }

    #[test]
    fn the_kind_is_guessed_unless_it_is_said() {
        let listed = listed(&report(None));
        assert_eq!(listed[0]["kind"], "resource");
        assert_eq!(listed[0]["code"], "service-principal-never-calls");
        assert_eq!(listed[0]["line"], 2);
        assert_eq!(kind(Some(LintKind::Trust), POLICY), Kind::Trust);
    }

    #[test]
    fn sarif_names_rule_level_and_place() {
        let sarif = sarif(&report(None));
        let run = &sarif["runs"][0];
        let result = &run["results"][0];
        let index = result["ruleIndex"].as_u64().unwrap();
        let rule = &run["tool"]["driver"]["rules"][usize::try_from(index).unwrap()];
        assert_eq!(sarif["version"], "2.1.0");
        assert_eq!(rule["id"], result["ruleId"]);
        assert_eq!(rule["defaultConfiguration"]["level"], result["level"]);
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "a%20b/policy.json");
        assert_eq!(place["region"]["startLine"], 2);
    }

    #[test]
    fn what_cannot_be_read_is_code_2() {
        for name in ["no/such/file", "/"] {
            assert_eq!(read(name).unwrap_err().exit, Exit::Wrong, "{name}");
        }
    }

    #[test]
    fn control_characters_stay_away_from_the_terminal() {
        assert_eq!(shown("a\u{1b}[31m\nb"), "a\u{fffd}[31m\u{fffd}b");
    }
}
