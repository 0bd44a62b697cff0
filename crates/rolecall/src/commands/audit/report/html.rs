//! The report as one page: style and picture inside, no script, nothing fetched; made to be
//! printed.

use std::fmt::Write as _;

use ::audit::account::InstanceReport;
use ::audit::{Finding, Verdict};

use super::View;
use super::picture::picture;

/// The page.
pub(in super::super) fn html(view: &View<'_>) -> String {
    let mut page = String::from(HEAD);
    let looked_at = escaped(&view.looked_at());
    let _ = write!(
        page,
        "<h1>rolecall audit</h1>\n<p>{looked_at}<br>{}</p>\n",
        view.now
    );
    summary(view, &mut page);
    if let Some(picture) = picture(&view.report.access) {
        let _ = write!(page, "<h2>What instances can read</h2>\n{picture}");
        access(view, &mut page);
    }
    let _ = writeln!(page, "<h2>Findings</h2>");
    for finding in view.report.findings.iter().take(FINDINGS_MAX) {
        one(finding, &mut page);
    }
    cut(view.report.findings.len(), FINDINGS_MAX, &mut page);
    waived(view, &mut page);
    missing(view, &mut page);
    instances(view, &mut page);
    page.push_str("</main></body></html>\n");
    page
}

fn summary(view: &View<'_>, page: &mut String) {
    page.push_str(
        "<table class=\"sum\"><tr><th></th><th>yes</th><th>no</th><th>not known</th></tr>\n",
    );
    for (name, count) in view.verdicts() {
        let _ = writeln!(
            page,
            "<tr><th>{name}</th><td>{}</td><td>{}</td><td>{}</td></tr>",
            count.yes, count.no, count.not_known
        );
    }
    page.push_str("</table>\n<p>");
    for (severity, count) in view.severities() {
        let name = severity.name();
        let _ = write!(page, "<span class=\"tag {name}\">{count} {name}</span> ");
    }
    let _ = writeln!(page, "{} waived</p>", view.report.waived.len());
    if !view.report.missing.is_empty() {
        let count = view.report.missing.len();
        let _ = writeln!(
            page,
            "<p class=\"warn\">{count} pieces of evidence are missing: this is no clean bill.</p>"
        );
    }
}

fn access(view: &View<'_>, page: &mut String) {
    page.push_str("<table><tr><th>role</th><th>secret</th><th>by</th></tr>\n");
    let rows = view.report.access.iter().flat_map(|role| {
        let secrets = role.secrets.iter();
        secrets.map(move |secret| (role, secret))
    });
    let total: usize = view.report.access.iter().map(|it| it.secrets.len()).sum();
    for (role, secret) in rows.take(ROWS_MAX) {
        let through = secret.through.iter();
        let through = through.map(|role| format!("as {}", escaped(role)));
        let by = secret.statements.iter().chain(&secret.key_statements);
        let by: Vec<String> = through.chain(by.map(|it| escaped(it))).collect();
        let conditions: Vec<String> = secret
            .conditions
            .iter()
            .map(|it| format!("<br>only if {}", escaped(it)))
            .collect();
        let _ = writeln!(
            page,
            "<tr><td>{}</td><td>{}</td><td>{}{}</td></tr>",
            escaped(&role.role),
            escaped(&secret.name),
            by.join("<br>"),
            conditions.concat()
        );
    }
    page.push_str("</table>\n");
    cut(total, ROWS_MAX, page);
}

fn one(finding: &Finding, page: &mut String) {
    let rule = finding.rule;
    let name = finding.severity.name();
    let _ = write!(
        page,
        "<section><h3><span class=\"tag {name}\">{name}</span> {}: {}</h3>\n<p><code>{}</code>\
         <br>{}</p>\n<ul>",
        rule.code,
        escaped(rule.title),
        escaped(&finding.subject.id),
        escaped(&finding.title)
    );
    for evidence in &finding.evidence {
        let (source, said) = (escaped(&evidence.source), escaped(&evidence.said));
        let _ = write!(page, "<li>{source}: {said}</li>");
    }
    if let Some(decided) = &finding.decided {
        let (layer, by) = (escaped(&decided.layer), escaped(&decided.by));
        let _ = write!(page, "<li>decided by {layer}: {by}</li>");
    }
    let references: Vec<String> = rule.references.iter().map(ToString::to_string).collect();
    let _ = write!(
        page,
        "</ul>\n<details><summary>why, and the way out</summary><p>{}</p>",
        escaped(rule.why)
    );
    for fix in [rule.fix_cli, rule.fix_terraform] {
        if !fix.is_empty() {
            let _ = write!(page, "<pre>{}</pre>", escaped(fix));
        }
    }
    let _ = writeln!(
        page,
        "<p>{}</p></details></section>",
        escaped(&references.join(", "))
    );
}

fn waived(view: &View<'_>, page: &mut String) {
    if view.report.waived.is_empty() && view.expired().is_empty() {
        return;
    }
    page.push_str("<h2>Waivers</h2>\n<ul>");
    for (finding, at) in &view.report.waived {
        let Some(waiver) = view.waivers.get(*at) else {
            continue;
        };
        let _ = write!(
            page,
            "<li>{} <code>{}</code>: {} ({}, until {})</li>",
            finding.rule.code,
            escaped(&finding.subject.id),
            escaped(&waiver.reason),
            escaped(&waiver.owner),
            waiver.expires
        );
    }
    for waiver in view.expired() {
        let (rule, subject) = (escaped(&waiver.rule), escaped(&waiver.subject));
        let _ = write!(
            page,
            "<li class=\"warn\">over since {}: {rule} <code>{subject}</code>, {}</li>",
            waiver.expires,
            escaped(&waiver.owner)
        );
    }
    page.push_str("</ul>\n");
}

fn missing(view: &View<'_>, page: &mut String) {
    let missing = &view.report.missing;
    if missing.is_empty() {
        return;
    }
    page.push_str("<h2>Missing evidence</h2>\n<ul>");
    for it in missing.iter().take(ROWS_MAX) {
        let (what, place, why) = (escaped(&it.what), escaped(&it.place), escaped(&it.why));
        let _ = write!(page, "<li>{what} of {place}: {why}</li>");
    }
    page.push_str("</ul>\n");
    cut(missing.len(), ROWS_MAX, page);
}

fn instances(view: &View<'_>, page: &mut String) {
    let instances = &view.report.instances;
    if instances.is_empty() {
        return;
    }
    page.push_str(
        "<h2>Instances</h2>\n<table><tr><th>instance</th><th>role</th><th>role usable</th>\
         <th>keys absent</th><th>role needed</th></tr>\n",
    );
    for InstanceReport {
        arn,
        name,
        role,
        role_usable,
        keys_absent,
        role_needed,
        ..
    } in instances.iter().take(ROWS_MAX)
    {
        let name = name.as_deref().map(|it| format!("<br>{}", escaped(it)));
        let _ = writeln!(
            page,
            "<tr><td>{}{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            escaped(arn),
            name.unwrap_or_default(),
            escaped(role.as_deref().unwrap_or("none")),
            verdict(role_usable),
            verdict(keys_absent),
            verdict(role_needed)
        );
    }
    page.push_str("</table>\n");
    cut(instances.len(), ROWS_MAX, page);
}

fn verdict(verdict: &Verdict) -> String {
    let why = verdict.why().map(|why| format!(": {}", escaped(why)));
    format!("{}{}", verdict.word(), why.unwrap_or_default())
}

fn cut(all: usize, shown: usize, page: &mut String) {
    if all > shown {
        let more = all - shown;
        let _ = writeln!(page, "<p>and {more} more: --format json has them all</p>");
    }
}

/// Text within an element or a quoted attribute.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() && c != '\n' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

const HEAD: &str = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n\
<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src \
'unsafe-inline'\">\n<title>rolecall audit</title>\n<style>\n\
body{font:15px/1.45 system-ui,sans-serif;color:#1b1f24;background:#fff;margin:0}\n\
main{max-width:70rem;margin:2rem auto;padding:0 1rem}\n\
table{border-collapse:collapse;margin:.5rem 0;font-size:13px}\n\
th,td{border-bottom:1px solid #d5dae1;padding:.25rem .6rem;text-align:left;vertical-align:top;\
overflow-wrap:anywhere}\n\
section{border-left:3px solid #d5dae1;padding:0 .8rem;margin:1rem 0;break-inside:avoid}\n\
h3{font-size:15px;margin:.2rem 0}\npre{background:#f4f6f8;padding:.5rem;white-space:pre-wrap}\n\
code{overflow-wrap:anywhere}\n\
.tag{border-radius:3px;padding:0 .4rem;background:#e6e9ee}\n\
.critical{background:#8c1127;color:#fff}.high{background:#c8391a;color:#fff}\n\
.medium{background:#f0b429}.low{background:#cfe3f7}\n.warn{color:#8c1127;font-weight:600}\n\
svg{max-width:100%;height:auto}\ntr,g{break-inside:avoid}\n\
@media print{details>*{display:block}details::details-content{content-visibility:visible;\
display:block;block-size:auto}main{margin:0;max-width:none}\
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}\n\
</style></head><body><main>\n";
// What a browser still lays out at once.
const FINDINGS_MAX: usize = 1_000;
const ROWS_MAX: usize = 2_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_an_account_names_becomes_markup() {
        let name = "<script>alert('x')</script>\u{1b}&\"";
        let safe = escaped(name);
        assert!(!safe.contains(['<', '>', '"', '\'', '\u{1b}']), "{safe}");
    }

    #[test]
    fn the_page_fetches_nothing() {
        for outside in ["http://", "https://", "<script", "@import", "url("] {
            assert!(!HEAD.contains(outside), "{outside}");
        }
    }
}
