//! The findings as comma-separated values (RFC 4180), a line each.

use std::io::{self, Write};

use super::View;

/// Writes the table, with a head.
pub(in super::super) fn csv(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{}\r\n", HEAD.join(","))?;
    for finding in &view.report.findings {
        let subject = &finding.subject;
        let evidence: Vec<String> = finding
            .evidence
            .iter()
            .map(|it| format!("{}: {}", it.source, it.said))
            .collect();
        let decided = finding.decided.as_ref();
        let decided = decided.map(|it| format!("{}: {}", it.layer, it.by));
        let references = finding.rule.references.iter();
        let references: Vec<String> = references.map(ToString::to_string).collect();
        let place = subject.place.as_ref();
        let place = place.map(|it| format!("{}:{}:{}", it.file, it.line, it.column));
        let fields = [
            finding.rule.code,
            finding.severity.name(),
            subject.kind.name(),
            &subject.id,
            subject.account.as_deref().unwrap_or_default(),
            subject.region.as_deref().unwrap_or_default(),
            &place.unwrap_or_default(),
            &finding.title,
            &evidence.join("; "),
            &decided.unwrap_or_default(),
            &references.join("; "),
        ];
        let line: Vec<String> = fields.iter().map(|field| quoted(field)).collect();
        write!(out, "{}\r\n", line.join(","))?;
    }
    Ok(())
}

/// Within quotation marks where it must be. What a spreadsheet would take for a formula begins with
/// an apostrophe.
fn quoted(field: &str) -> String {
    let is_formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let field = if is_formula {
        format!("'{field}")
    } else {
        field.to_owned()
    };
    if field.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field
    }
}

const HEAD: [&str; 11] = [
    "rule",
    "severity",
    "kind",
    "subject",
    "account",
    "region",
    "place",
    "title",
    "evidence",
    "decided",
    "references",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_quoted_where_it_must_be_and_never_a_formula() {
        assert_eq!(quoted("plain"), "plain");
        assert_eq!(quoted("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(quoted("=HYPERLINK(1)"), "'=HYPERLINK(1)");
    }
}
