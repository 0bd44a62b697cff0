//! The report as one page: style and picture inside, no script, nothing fetched; made to be
//! printed.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use ::audit::account::{InstanceReport, SecretAccess};
use ::audit::{Finding, Rule, Verdict};

use super::View;
use super::picture::picture;
use super::summary::counted;

/// The page.
pub(in super::super) fn html(view: &View<'_>) -> String {
    let mut page = String::from(HEAD);
    let looked_at = escaped(&view.looked_at());
    let _ = write!(
        page,
        "<h1>rolecall audit</h1>\n<p>{looked_at}<br>{}</p>\n",
        view.now.round(jiff::Unit::Second).unwrap_or(view.now)
    );
    summary(view, &mut page);
    if let Some(picture) = picture(&view.report.access) {
        let _ = write!(page, "<h2>What instances can read</h2>\n{picture}");
        access(view, &mut page);
        readers(view, &mut page);
    }
    findings(view, &mut page);
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
        let count = counted(view.report.missing.len(), "piece");
        let _ = writeln!(
            page,
            "<p class=\"warn\">{count} of evidence missing: this is no clean bill.</p>"
        );
    }
}

fn access(view: &View<'_>, page: &mut String) {
    page.push_str(
        "<table class=\"wide\"><thead><tr><th>role</th><th>reads the secret</th><th>by</th></tr>\
         </thead>\n",
    );
    let rows = view.report.access.iter().flat_map(|role| {
        let secrets = role.secrets.iter();
        secrets.map(move |secret| (role, secret))
    });
    let total: usize = view.report.access.iter().map(|it| it.secrets.len()).sum();
    let mut before = "";
    for (role, secret) in rows.take(ROWS_MAX) {
        // A role is named once, above all that it reads.
        let name = if role.role == before { "" } else { &role.role };
        before = &role.role;
        let (name, read) = (escaped(name), escaped(&secret.name));
        let _ = writeln!(
            page,
            "<tr><td>{name}</td><td>{read}</td><td>{}</td></tr>",
            by(secret)
        );
    }
    page.push_str("</table>\n");
    cut(total, ROWS_MAX, page);
}

/// The roles on the way, the statements, and what has to be so.
fn by(secret: &SecretAccess) -> String {
    let through = secret.through.iter();
    let through = through.map(|role| format!("as {}", escaped(role)));
    let by = secret.statements.iter().chain(&secret.key_statements);
    let conditions = secret.conditions.iter();
    let conditions = conditions.map(|it| format!("only if {}", escaped(it)));
    let all = through.chain(by.map(|it| escaped(it))).chain(conditions);
    all.collect::<Vec<_>>().join("<br>")
}

/// The other way round.
fn readers(view: &View<'_>, page: &mut String) {
    let mut readers: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for role in &view.report.access {
        let instances = counted(role.instances, "instance");
        for secret in &role.secrets {
            let reader = format!("{} ({instances})", escaped(&role.role));
            readers.entry(&secret.secret).or_default().push(reader);
        }
    }
    page.push_str(
        "<h2>Who reads a secret</h2>\n<table class=\"wide\"><thead><tr><th>secret</th><th>is read \
         by</th></tr></thead>\n",
    );
    for (secret, roles) in readers.iter().take(ROWS_MAX) {
        let (secret, shown) = (escaped(secret), roles.len().min(READERS_MAX));
        let mut list = roles.get(..shown).unwrap_or_default().join("<br>");
        if roles.len() > shown {
            let _ = write!(list, "<br>and {} more", roles.len() - shown);
        }
        let _ = writeln!(page, "<tr><td>{secret}</td><td>{list}</td></tr>");
    }
    page.push_str("</table>\n");
    cut(readers.len(), ROWS_MAX, page);
}

/// Each rule once, with all that it found.
fn findings(view: &View<'_>, page: &mut String) {
    let all = &view.report.findings;
    let _ = writeln!(page, "<h2>Findings</h2>");
    let shown = all.get(..all.len().min(FINDINGS_MAX)).unwrap_or_default();
    let is_same = |one: &Finding, two: &Finding| {
        one.rule.code == two.rule.code && one.severity == two.severity
    };
    for group in shown.chunk_by(is_same) {
        let Some(first) = group.first() else {
            continue;
        };
        rule(first.rule, first.severity.name(), page);
        page.push_str(
            "<table class=\"wide\"><thead><tr><th>where</th><th>what was read</th></tr></thead>\n",
        );
        for finding in group {
            one(finding, page);
        }
        page.push_str("</table></section>\n");
    }
    cut(all.len(), FINDINGS_MAX, page);
}

fn rule(rule: &Rule, severity: &str, page: &mut String) {
    let _ = write!(
        page,
        "<section><div class=\"head\"><h3><span class=\"tag {severity}\">{severity}</span> {}: \
         {}</h3>\n<p>{}</p></div>\n<details><summary>the way out</summary>",
        rule.code,
        escaped(rule.title),
        escaped(rule.why)
    );
    for fix in [rule.fix_cli, rule.fix_terraform] {
        if !fix.is_empty() {
            let _ = write!(page, "<pre>{}</pre>", escaped(fix));
        }
    }
    page.push_str("</details>\n");
    if !rule.references.is_empty() {
        let references: Vec<String> = rule.references.iter().map(ToString::to_string).collect();
        let _ = writeln!(
            page,
            "<p class=\"refs\">{}</p>",
            escaped(&references.join(", "))
        );
    }
}

fn one(finding: &Finding, page: &mut String) {
    let place = finding.subject.place.as_ref();
    let place = place.map(|it| format!("<br>{}:{}", escaped(&it.file), it.line));
    let _ = write!(
        page,
        "<tr><td><code>{}</code>{}<br>{}</td><td>",
        escaped(&finding.subject.id),
        place.unwrap_or_default(),
        escaped(&finding.title)
    );
    let evidence = finding.evidence.iter();
    let evidence = evidence.map(|it| format!("{}: {}", escaped(&it.source), escaped(&it.said)));
    let decided = finding.decided.iter();
    let decided =
        decided.map(|it| format!("decided by {}: {}", escaped(&it.layer), escaped(&it.by)));
    let lines: Vec<String> = evidence.chain(decided).collect();
    let _ = writeln!(page, "{}</td></tr>", lines.join("<br>"));
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
        "<h2>Instances</h2>\n<table class=\"wide five\"><thead><tr><th>instance</th><th>role</th>\
         <th>role usable</th><th>keys absent</th><th>role needed</th></tr></thead>\n",
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
.wide{width:100%;table-layout:fixed}.five th:nth-child(n+3){width:15%}\n\
th,td{border-bottom:1px solid #d5dae1;padding:.25rem .6rem;text-align:left;vertical-align:top;\
overflow-wrap:anywhere}\n\
section{border-left:3px solid #d5dae1;padding:0 .8rem;margin:1.4rem 0}\n\
h3{font-size:15px;margin:.2rem 0}\npre{background:#f4f6f8;padding:.5rem;white-space:pre-wrap;\
overflow-wrap:anywhere}\n\
code{overflow-wrap:anywhere}.refs{color:#57606a;font-size:13px}\n\
.tag{border-radius:3px;padding:0 .4rem;background:#e6e9ee}\n\
.critical{background:#8c1127;color:#fff}.high{background:#c8391a;color:#fff}\n\
.medium{background:#f0b429}.low{background:#cfe3f7}\n.warn{color:#8c1127;font-weight:600}\n\
svg{max-width:100%;height:auto}\n\
tr,g,pre,.head{break-inside:avoid}h2,.head{break-after:avoid}thead{display:table-header-group}\n\
@page{margin:14mm}\n\
@media print{body{font-size:11px}table,pre,.refs{font-size:9.5px}h3{font-size:12px}\n\
details>*{display:block}details::details-content{content-visibility:visible;\
display:block;block-size:auto}main{margin:0;padding:0;max-width:none}\n\
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}\n\
</style></head><body><main>\n";
// What a browser still lays out at once.
const FINDINGS_MAX: usize = 1_000;
const ROWS_MAX: usize = 2_000;
// Of one secret.
const READERS_MAX: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_an_account_names_becomes_markup() {
        let name = "<script>alert('x')</script>\u{1b}&\"";
        let safe = escaped(name);
        assert!(!safe.contains(['<', '>', '"', '\'', '\u{1b}']), "{safe}");
    }

    /// Two accounts that have a role and a secret of the same name, and names that are markup.
    const FACTS: &str = r#"{"accounts":[ACCOUNTS],"missing":[]}"#;
    const ACCOUNT: &str = r#"{"account":"ID","partition":"aws","read_at":"2026-11-22T06:00:00Z",
        "access_keys":[],"regions":[{"name":"eu-west-1","metadata_defaults":{},"templates":[],
        "configurations":[],"groups":[],"images":[],"instances":[
        {"id":"i-1","name":"<b>&\"'","state":"running","metadata":{"tokens":"optional"},
        "profile":"arn:aws:iam::ID:instance-profile/app"},
        {"id":"i-2","state":"running","metadata":{"tokens":"optional"}}],
        "secrets":[{"arn":"arn:aws:secretsmanager:eu-west-1:ID:secret:db-AbCdEf",
        "name":"db<i>","policy":"absent"}]}],
        "identities":{"users":[],"groups":[],"managed":[],
        "profiles":[{"arn":"arn:aws:iam::ID:instance-profile/app",
        "role":"arn:aws:iam::ID:role/app"}],
        "roles":[{"arn":"arn:aws:iam::ID:role/app","id":null,"policies":{"inline":[{"name":"<p>",
        "text":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",
        \"Resource\":\"*\"}]}"}]},"trust":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":
        \"Allow\",\"Principal\":{\"Service\":\"ec2.amazonaws.com\"},\"Action\":
        \"sts:AssumeRole\"}]}"}]
        }}"#;

    fn page() -> String {
        let accounts = ["111111111111", "222222222222"];
        let accounts = accounts
            .map(|id| ACCOUNT.replace("ID", id).replace('\n', ""))
            .join(",");
        let facts = FACTS.replace("ACCOUNTS", &accounts);
        let facts: ::audit::Facts = serde_json::from_str(&facts).unwrap();
        let now: jiff::Timestamp = "2026-11-22T06:00:00.123456Z".parse().unwrap();
        let report = ::audit::judge(&facts, now);
        let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
        html(&View {
            facts: &facts,
            report: &report,
            waivers: &[],
            today,
            now,
        })
    }

    /// Every element is closed in its turn, so that browsers see what was meant.
    #[test]
    fn elements_are_closed_in_their_turn() {
        let page = page();
        let mut open: Vec<&str> = Vec::new();
        for tag in page.split('<').skip(1) {
            let (tag, _) = tag.split_once('>').unwrap();
            let name = tag.trim_start_matches('/');
            let name = name.split([' ', '/', '\n']).next().unwrap();
            if tag.starts_with('/') {
                assert_eq!(open.pop(), Some(name), "{tag}");
            } else if !tag.ends_with('/') && !["!doctype", "meta", "br"].contains(&name) {
                open.push(name);
            }
        }
        assert_eq!(open, Vec::<&str>::new());
    }

    #[test]
    fn a_rule_is_told_once_and_each_of_its_findings() {
        let page = page();
        assert_eq!(page.matches("RC-IAM-002: ").count(), 1);
        for account in ["111111111111", "222222222222"] {
            let role = format!("<code>arn:aws:iam::{account}:role/app</code>");
            assert_eq!(page.matches(&role).count(), 1, "{page}");
            assert!(page.contains(&format!("app (1 instance, {account})")));
            assert!(page.contains(&format!("db&lt;i&gt; ({account})")));
            // The other way round.
            let secret = format!("<td>arn:aws:secretsmanager:eu-west-1:{account}:secret:db-AbCdEf");
            assert!(page.contains(&secret));
        }
        assert!(page.contains("2026-11-22T06:00:00Z"));
        assert!(!page.contains("<b>") && !page.contains("<i>"));
    }

    #[test]
    fn print_has_all_that_the_screen_folds() {
        let print = HEAD.split("@media print").nth(1).unwrap();
        assert!(print.contains("details>*{display:block}"));
        assert!(HEAD.contains("@page{margin") && HEAD.contains("tr,g,pre,.head{break-inside"));
    }

    #[test]
    fn the_page_fetches_nothing() {
        for outside in ["http://", "https://", "<script", "@import", "url("] {
            assert!(!HEAD.contains(outside), "{outside}");
        }
    }
}
