//! What a report begins with: how much was looked at, the three verdicts, findings by severity.
//! Formats nothing.

use std::collections::BTreeSet;

use ::audit::account::InstanceReport;
use ::audit::{Severity, Verdict};

use super::View;

/// How many instances have each answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) yes: usize,
    pub(super) no: usize,
    pub(super) not_known: usize,
}

impl View<'_> {
    /// What was looked at, in one line.
    pub(super) fn looked_at(&self) -> String {
        let mut parts = Vec::new();
        if let Some(first) = self.facts.accounts.first() {
            let accounts = &self.facts.accounts;
            let name = match &first.organization {
                Some(organization) => {
                    let count = counted(accounts.len(), "account");
                    format!("organization {}: {count}", organization.id)
                }
                None => format!("account {}", first.account),
            };
            let regions = accounts.iter().flat_map(|it| &it.regions);
            let regions: BTreeSet<&str> = regions.map(|it| it.name.as_str()).collect();
            let joint = if first.organization.is_some() {
                ","
            } else {
                ":"
            };
            parts.push(format!(
                "{name}{joint} {}, {}",
                counted(regions.len(), "region"),
                counted(self.report.instances.len(), "instance")
            ));
        }
        if let Some(host) = &self.facts.host {
            parts.push(format!("host below {}", host.root));
        }
        parts.extend(
            self.facts
                .code
                .iter()
                .map(|it| format!("code in {}", it.folder)),
        );
        if parts.is_empty() {
            parts.push("nothing was looked at".to_owned());
        }
        parts.join("; ")
    }

    /// The three verdicts.
    pub(super) fn verdicts(&self) -> [(&'static str, Count); 3] {
        let count = |of: fn(&InstanceReport) -> &Verdict| {
            let mut count = Count::default();
            for instance in &self.report.instances {
                match of(instance) {
                    Verdict::Yes => count.yes += 1,
                    Verdict::No(_) => count.no += 1,
                    Verdict::NotKnown(_) => count.not_known += 1,
                }
            }
            count
        };
        [
            ("role usable", count(|it| &it.role_usable)),
            ("keys absent", count(|it| &it.keys_absent)),
            ("role needed", count(|it| &it.role_needed)),
        ]
    }

    /// How many findings of each severity, the gravest first.
    pub(super) fn severities(&self) -> [(Severity, usize); 5] {
        Severity::ALL.map(|severity| {
            let findings = self.report.findings.iter();
            (
                severity,
                findings.filter(|it| it.severity == severity).count(),
            )
        })
    }

    /// Waivers whose day is over and that something is still found for.
    pub(super) fn expired(&self) -> Vec<&::audit::Waiver> {
        let mut expired = self.waivers.iter();
        let found = &self.report.findings;
        let is_over = |waiver: &&::audit::Waiver| {
            waiver.is_expired(self.today) && found.iter().any(|it| waiver.is_for(it))
        };
        expired.by_ref().filter(is_over).collect()
    }
}

/// A number of things.
pub(crate) fn counted(number: usize, thing: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{ending}")
}
