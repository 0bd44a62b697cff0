//! `rolecall audit`: facts from collectors, judged by the audit package, reported.
//!
//! Exit codes: 0 nothing found, 1 findings, 2 a wrong command line or file, 3 evidence is missing,
//! whatever else was found.

mod code;
mod collect;
mod host;
mod policy;
mod report;
mod tree;
mod waivers;

use std::collections::BTreeSet;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use ::audit::{Facts, Report};
use jiff::tz::TimeZone;
use serde_json::Value;

use self::report::counted;
use crate::cli::{Audit, AuditFormat};
use crate::clock;
use crate::failure::{Exit, Failure};
use crate::term;

/// Looks, judges and reports.
pub(super) async fn run(flags: Audit) -> Result<Exit, Failure> {
    if flags.policy {
        term::data(&policy::text());
        return Ok(Exit::Done);
    }
    let waivers = flags.waivers.as_deref().map(waivers::read).transpose()?;
    let waivers = waivers.unwrap_or_default();
    let baseline = flags.baseline.as_deref().map(baseline).transpose()?;
    let facts = match &flags.from {
        Some(path) => recorded(path)?,
        None => look(&flags).await?,
    };
    if let Some(path) = &flags.record {
        let text = serde_json::to_vec(&facts)
            .map_err(|error| Failure::unfinished(format!("the facts have no JSON: {error}")))?;
        write(path, &text)?;
    }
    let now = clock::now();
    let today = now.to_zoned(TimeZone::UTC).date();
    let mut judged = ::audit::judge(&facts, now);
    judged.waive(&waivers, today);
    if let Some(baseline) = &baseline {
        judged.since(baseline);
    }
    let view = report::View {
        facts: &facts,
        report: &judged,
        waivers: &waivers,
        today,
        now,
    };
    let text = match flags.format {
        AuditFormat::Text => report::text(&view),
        AuditFormat::Json => report::json(&view),
        AuditFormat::Sarif => report::sarif(&view),
        AuditFormat::Html => report::html(&view),
        AuditFormat::Ocsf => report::ocsf(&view),
        AuditFormat::Csv => report::csv(&view),
    };
    match &flags.output {
        Some(path) => write(path, text.as_bytes())?,
        None => term::data(&text),
    }
    Ok(exit(&judged))
}

fn exit(report: &Report) -> Exit {
    if !report.missing.is_empty() {
        Exit::Unfinished
    } else if report.findings.is_empty() {
        Exit::Done
    } else {
        Exit::No
    }
}

/// Runs the collectors that were asked for; the account's if none was.
async fn look(flags: &Audit) -> Result<Facts, Failure> {
    let mut facts = Facts::default();
    // Tells values of secrets apart, and means nothing to another audit.
    let key: [u8; 32] = clock::random()?;
    if let Some(root) = &flags.host {
        host(root, &key, &mut facts)?;
    }
    for folder in &flags.code {
        code(folder, &key, &mut facts)?;
    }
    if flags.account || (flags.host.is_none() && flags.code.is_empty()) {
        let scope = collect::Scope {
            regions: flags.region.clone(),
            user_data: flags.user_data,
        };
        let gathered = collect::account(&scope).await?;
        let regions = counted(gathered.facts.regions.len(), "region");
        let calls = counted(gathered.calls, "call");
        term::talk(&format!("read {regions} with {calls}"));
        facts.account = Some(gathered.facts);
        facts.missing.extend(gathered.missing);
    }
    Ok(facts)
}

fn host(root: &Path, key: &[u8], facts: &mut Facts) -> Result<(), Failure> {
    let (found, missing) = host::collect(root, key)?;
    let looked_at = found.looked_at;
    term::talk(&format!(
        "read {} files ({} MB) and {} processes of the host",
        looked_at.files,
        looked_at.bytes / 1_000_000,
        looked_at.processes
    ));
    facts.host = Some(found);
    facts.missing.extend(missing);
    Ok(())
}

fn code(folder: &Path, key: &[u8], facts: &mut Facts) -> Result<(), Failure> {
    let (found, missing) = code::collect(folder, key)?;
    term::talk(&format!(
        "read {} files of code in `{}`",
        found.files, found.folder
    ));
    facts.code.push(found);
    facts.missing.extend(missing);
    Ok(())
}

/// What `--record` has written.
fn recorded(path: &Path) -> Result<Facts, Failure> {
    let text = bounded(path, RECORDED_BYTES_MAX)?;
    serde_json::from_slice(&text).map_err(|error| {
        let name = path.display();
        Failure::wrong(format!("`{name}` is no recorded inventory: {error}"))
            .hint("write one with `rolecall audit --record FILE`")
    })
}

/// The fingerprints of a report that `--format json` has written.
fn baseline(path: &Path) -> Result<BTreeSet<String>, Failure> {
    let name = path.display();
    let wrong = |what: &str| {
        Failure::wrong(format!("`{name}` is no report: {what}"))
            .hint("write one with `rolecall audit --format json -o FILE`")
    };
    let text = bounded(path, REPORT_BYTES_MAX)?;
    let report: Value = serde_json::from_slice(&text).map_err(|error| wrong(&error.to_string()))?;
    let findings = report.get("findings").and_then(Value::as_array);
    let findings = findings.ok_or_else(|| wrong("it has no `findings`"))?;
    let waived = report.get("waived").and_then(Value::as_array);
    let all = findings.iter().chain(waived.into_iter().flatten());
    let prints = all.filter_map(|it| it.get("fingerprint").and_then(Value::as_str));
    Ok(prints.map(str::to_owned).collect())
}

fn bounded(path: &Path, bytes_max: u64) -> Result<Vec<u8>, Failure> {
    let name = path.display();
    let wrong = |what: String| Failure::wrong(format!("cannot read `{name}`: {what}"));
    let length = std::fs::metadata(path).map_err(|error| wrong(error.to_string()))?;
    if length.len() > bytes_max {
        return Err(wrong(format!("it is longer than {bytes_max} bytes")));
    }
    std::fs::read(path).map_err(|error| wrong(error.to_string()))
}

/// For its owner alone: a report says where to look for what.
fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut options = std::fs::OpenOptions::new();
    let file = options.write(true).create(true).truncate(true).mode(0o600);
    let written = file.open(path).and_then(|mut file| file.write_all(bytes));
    written.map_err(|error| {
        let name = path.display();
        Failure::unfinished(format!("`{name}` cannot be written: {error}"))
    })
}

// A kilobyte an instance, and what a million of them take.
const RECORDED_BYTES_MAX: u64 = 2 << 30;
const REPORT_BYTES_MAX: u64 = 2 << 30;
