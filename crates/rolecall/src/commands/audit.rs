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
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;

use ::audit::{Facts, Report};
use jiff::tz::TimeZone;
use serde::Deserialize;

use self::report::counted;
use crate::cli::{Audit, AuditFormat};
use crate::clock;
use crate::failure::{Exit, Failure};
use crate::term;

/// Looks, judges and reports.
pub(super) async fn run(flags: Audit) -> Result<Exit, Failure> {
    if flags.policy {
        term::data(&policy::text(role(&flags)));
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
        write(path, |out| Ok(serde_json::to_writer(out, &facts)?))?;
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
    let form = |out: &mut dyn io::Write| match flags.format {
        AuditFormat::Text => out.write_all(report::text(&view).as_bytes()),
        AuditFormat::Json => report::json(&view, out),
        AuditFormat::Sarif => report::sarif(&view, out),
        AuditFormat::Html => out.write_all(report::html(&view).as_bytes()),
        AuditFormat::Ocsf => report::ocsf(&view, out),
        AuditFormat::Csv => report::csv(&view, out),
    };
    match &flags.output {
        Some(path) => write(path, form)?,
        None => term::data_by(form)?,
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
    if flags.account || flags.organization || (flags.host.is_none() && flags.code.is_empty()) {
        let before = flags.resume.as_deref().map(recorded).transpose()?;
        let scope = collect::Scope {
            kept: Arc::new(collect::Kept::new(before, flags.record.clone())),
            regions: flags.region.clone(),
            user_data: flags.user_data,
            // What is found on the host is looked up among them.
            exact_keys: flags.host.is_some(),
            role: role(flags).map(str::to_owned),
        };
        let gathered = collect::gather(&scope).await?;
        let regions = gathered.accounts.iter().map(|it| it.regions.len()).sum();
        let (regions, calls) = (counted(regions, "region"), counted(gathered.calls, "call"));
        let accounts = match gathered.accounts.len() {
            1 => String::new(),
            many => format!(" of {many} accounts"),
        };
        term::talk(&format!("read {regions}{accounts} with {calls}"));
        facts.accounts = gathered.accounts;
        facts.missing.extend(gathered.missing);
    }
    Ok(facts)
}

/// The role to assume in the accounts of an organization, if it is asked for.
fn role(flags: &Audit) -> Option<&str> {
    let role = flags.role.as_deref().unwrap_or(ROLE);
    flags.organization.then_some(role)
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
    let text = bounded(path, REPORT_BYTES_MAX)?;
    let report: Before = serde_json::from_slice(&text).map_err(|error| {
        let name = path.display();
        Failure::wrong(format!("`{name}` is no report: {error}"))
            .hint("write one with `rolecall audit --format json -o FILE`")
    })?;
    let all = report.findings.into_iter().chain(report.waived);
    Ok(all.map(|it| it.fingerprint).collect())
}

/// What of an earlier report counts.
#[derive(Deserialize)]
struct Before {
    findings: Vec<Print>,
    #[serde(default)]
    waived: Vec<Print>,
}

#[derive(Deserialize)]
struct Print {
    fingerprint: String,
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
fn write(
    path: &Path,
    form: impl FnOnce(&mut dyn io::Write) -> io::Result<()>,
) -> Result<(), Failure> {
    let mut options = std::fs::OpenOptions::new();
    let file = options.write(true).create(true).truncate(true).mode(0o600);
    let written = file.open(path).and_then(|file| {
        let mut file = io::BufWriter::new(file);
        form(&mut file)?;
        file.flush()
    });
    written.map_err(|error| {
        let name = path.display();
        Failure::unfinished(format!("`{name}` cannot be written: {error}"))
    })
}

// What AWS Organizations makes in each account that it makes.
const ROLE: &str = "OrganizationAccountAccessRole";
// A kilobyte an instance, and what a million of them take.
const RECORDED_BYTES_MAX: u64 = 2 << 30;
const REPORT_BYTES_MAX: u64 = 2 << 30;
