//! All that an audit says, in one order, with what was waived and what is new. Formats nothing.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::account::{AccountFacts, InstanceReport, RoleAccess};
use crate::host::HostFacts;
use crate::waiver::Waiver;
use crate::{Facts, Finding, Missing, account, code, host};

/// What an audit says.
#[derive(Debug, Default)]
pub struct Report {
    /// What is wrong and not waived, the gravest first.
    pub findings: Vec<Finding>,
    /// What is wrong and waived, with the place of its waiver in the list.
    pub waived: Vec<(Finding, usize)>,
    /// How many findings the baseline held already.
    pub known: usize,
    /// Each instance of the account, with its verdicts.
    pub instances: Vec<InstanceReport>,
    /// What each role that an instance has can read.
    pub access: Vec<RoleAccess>,
    /// What could not be read or judged.
    pub missing: Vec<Missing>,
}

/// Judges all facts together.
pub fn judge(facts: &Facts, now: Timestamp) -> Report {
    let mut report = Report {
        missing: facts.missing.clone(),
        ..Report::default()
    };
    let judged = account::judge(&facts.accounts, facts.host.as_ref(), now);
    report.findings.extend(judged.findings);
    report.instances = judged.instances;
    report.access = judged.access;
    report.missing.extend(judged.missing);
    if let Some(host) = &facts.host {
        report.findings.extend(host::findings(host, now));
        if let Some(account) = account_of(host, &facts.accounts) {
            report.findings.extend(host::joined(host, account, now));
        }
    }
    for folder in &facts.code {
        report.findings.extend(code::findings(folder, now));
    }
    report.findings.sort_by(|one, two| {
        let graver = two.severity.cmp(&one.severity);
        let rule = || one.rule.code.cmp(two.rule.code);
        let subject = || one.subject.cmp(&two.subject);
        let title = || one.title.cmp(&two.title);
        graver.then_with(rule).then_with(subject).then_with(title)
    });
    report.missing.sort();
    report.missing.dedup();
    report
}

/// The account that has the host as an instance; the first where none has.
fn account_of<'a>(host: &HostFacts, accounts: &'a [AccountFacts]) -> Option<&'a AccountFacts> {
    let id = host.instance_id.as_deref();
    let has_it = |account: &&AccountFacts| {
        let regions = account.regions.iter();
        let mut instances = regions.flat_map(|it| it.instances.iter().flatten());
        id.is_some_and(|id| instances.any(|it| it.id == id))
    };
    accounts.iter().find(has_it).or(accounts.first())
}

impl Report {
    /// Takes out what is waived on this day.
    pub fn waive(&mut self, waivers: &[Waiver], today: Date) {
        let mut open = Vec::new();
        for finding in std::mem::take(&mut self.findings) {
            let waiver = waivers.iter().position(|it| it.counts(&finding, today));
            match waiver {
                Some(at) => self.waived.push((finding, at)),
                None => open.push(finding),
            }
        }
        self.findings = open;
    }

    /// Takes out what an earlier report had, by fingerprints.
    pub fn since(&mut self, baseline: &BTreeSet<String>) {
        let before = self.findings.len();
        self.findings
            .retain(|finding| !baseline.contains(&finding.fingerprint()));
        self.known = before - self.findings.len();
    }
}
