//! The report as JSON: all of it, with evidence and what decided.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use ::audit::account::{InstanceReport, RoleAccess};
use ::audit::{Decided, Evidence, Finding, Place, Rule, Verdict};
use serde::Serialize;
use serde_json::{Value, json};

use super::View;

/// Writes the report: an object whose lists have a line for each of theirs, so that many cost no
/// memory.
pub(in super::super) fn json(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let report = view.report;
    let waived = report.waived.iter().map(|(finding, at)| {
        let waiver = view.waivers.get(*at).map(|waiver| Waived {
            reason: &waiver.reason,
            owner: &waiver.owner,
            expires: waiver.expires.to_string(),
        });
        One {
            waiver,
            ..One::of(finding)
        }
    });
    let expired = view.expired().into_iter().map(|waiver| {
        json!({
            "rule": waiver.rule,
            "subject": waiver.subject,
            "owner": waiver.owner,
            "expires": waiver.expires.to_string(),
        })
    });
    let accounts = view.facts.accounts.iter().map(|it| &it.account);
    let holders = holders(view);
    let holders = holders
        .iter()
        .map(|(role, instances)| json!({"role": role, "instances": instances}));
    let mut object = Object {
        out,
        is_begun: false,
    };
    object.member("version", &VERSION)?;
    object.member("rolecall", &env!("CARGO_PKG_VERSION"))?;
    object.member("at", &view.now.to_string())?;
    object.list("accounts", accounts)?;
    object.member("summary", &summary(view))?;
    object.member("rules", &rules(view))?;
    object.list("findings", report.findings.iter().map(One::of))?;
    object.list("waived", waived)?;
    object.list("expired_waivers", expired)?;
    object.list("instances", report.instances.iter().map(Instance::of))?;
    object.list("access", &report.access)?;
    object.member("readers", &readers(&report.access))?;
    object.list("holders", holders)?;
    object.list("missing", &report.missing)?;
    object.out.write_all(b"\n}\n")
}

/// The object while it is written, a member a line.
struct Object<'o> {
    out: &'o mut dyn Write,
    is_begun: bool,
}

impl Object<'_> {
    fn member(&mut self, name: &str, value: &impl Serialize) -> io::Result<()> {
        self.name(name)?;
        Ok(serde_json::to_writer(&mut *self.out, value)?)
    }

    fn list<T: Serialize>(
        &mut self,
        name: &str,
        values: impl IntoIterator<Item = T>,
    ) -> io::Result<()> {
        self.name(name)?;
        let mut before = "[";
        for value in values {
            write!(self.out, "{before}\n    ")?;
            serde_json::to_writer(&mut *self.out, &value)?;
            before = ",";
        }
        self.out.write_all(if before == "[" { b"[]" } else { b"]" })
    }

    fn name(&mut self, name: &str) -> io::Result<()> {
        let before = if self.is_begun { "," } else { "{" };
        self.is_begun = true;
        write!(self.out, "{before}\n  \"{name}\": ")
    }
}

#[derive(Serialize)]
struct One<'a> {
    rule: &'a str,
    severity: &'a str,
    subject: Subject<'a>,
    title: &'a str,
    evidence: &'a [Evidence],
    decided: Option<&'a Decided>,
    fingerprint: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    waiver: Option<Waived<'a>>,
}

#[derive(Serialize)]
struct Subject<'a> {
    kind: &'a str,
    id: &'a str,
    account: Option<&'a str>,
    region: Option<&'a str>,
    place: Option<&'a Place>,
}

#[derive(Serialize)]
struct Waived<'a> {
    reason: &'a str,
    owner: &'a str,
    expires: String,
}

impl<'a> One<'a> {
    fn of(finding: &'a Finding) -> One<'a> {
        let subject = &finding.subject;
        One {
            rule: finding.rule.code,
            severity: finding.severity.name(),
            subject: Subject {
                kind: subject.kind.name(),
                id: &subject.id,
                account: subject.account.as_deref(),
                region: subject.region.as_deref(),
                place: subject.place.as_ref(),
            },
            title: &finding.title,
            evidence: &finding.evidence,
            decided: finding.decided.as_ref(),
            fingerprint: finding.fingerprint(),
            waiver: None,
        }
    }
}

#[derive(Serialize)]
struct Instance<'a> {
    arn: &'a str,
    name: Option<&'a str>,
    region: &'a str,
    profile: Option<&'a str>,
    role: Option<&'a str>,
    role_usable: Answer<'a>,
    keys_absent: Answer<'a>,
    role_needed: Answer<'a>,
}

#[derive(Serialize)]
struct Answer<'a> {
    is: &'a str,
    because: Option<&'a str>,
}

impl<'a> Instance<'a> {
    fn of(instance: &'a InstanceReport) -> Instance<'a> {
        let answer = |verdict: &'a Verdict| Answer {
            is: verdict.word(),
            because: verdict.why(),
        };
        Instance {
            arn: &instance.arn,
            name: instance.name.as_deref(),
            region: &instance.region,
            profile: instance.profile.as_deref(),
            role: instance.role.as_deref(),
            role_usable: answer(&instance.role_usable),
            keys_absent: answer(&instance.keys_absent),
            role_needed: answer(&instance.role_needed),
        }
    }
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

/// The other way round: which roles read a secret.
fn readers(access: &[RoleAccess]) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut readers: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for role in access {
        for secret in &role.secrets {
            readers
                .entry(&secret.secret)
                .or_default()
                .insert(&role.role);
        }
    }
    readers
}

/// Which instances have a role that reads something, each told once, however many secrets it is.
fn holders<'a>(view: &View<'a>) -> BTreeMap<&'a str, Vec<&'a str>> {
    let readers = view.report.access.iter();
    let readers = readers.filter(|it| !it.secrets.is_empty());
    let mut holders: BTreeMap<&str, Vec<&str>> =
        readers.map(|it| (it.role.as_str(), Vec::new())).collect();
    for instance in &view.report.instances {
        let list = instance
            .role
            .as_deref()
            .and_then(|role| holders.get_mut(role));
        if let Some(list) = list {
            list.push(&instance.arn);
        }
    }
    holders
}

// Of the form of the report; a new member is no new version.
const VERSION: u32 = 1;
