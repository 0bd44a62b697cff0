//! All rules over the accounts that were read, in one go, and the three verdicts of each instance.
//! Knows no rule from within.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::access::{self, RoleAccess, Secrets};
use super::case::{Case, Found, InstanceReport, Worn};
use super::chain::Chains;
use super::engine::{self, Compiled, Controls, Engine, Engines};
use super::facts::AccountFacts;
use super::metadata::{Layer, Region};
use super::rules;
use crate::host::HostFacts;
use crate::{Finding, Missing, Subject, SubjectKind};

/// What the rules say of accounts.
#[derive(Debug, Default)]
pub struct Judged {
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// Each instance, and the three verdicts.
    pub instances: Vec<InstanceReport>,
    /// What each role that an instance has can read.
    pub access: Vec<RoleAccess>,
    /// What could not be judged, and why.
    pub missing: Vec<Missing>,
}

/// Judges accounts, each by itself and what one lets another do, with what is known of one of
/// their instances from within.
pub fn judge(accounts: &[AccountFacts], host: Option<&HostFacts>, now: Timestamp) -> Judged {
    let mut found = Found::default();
    let compiled: Vec<Compiled> = accounts.iter().map(engine::compile).collect();
    let levels: Vec<_> = compiled
        .iter()
        .map(|it| {
            let service = found.levels(it.details.service_control());
            (service, found.levels(it.details.resource_control()))
        })
        .collect();
    let slices: Vec<_> = levels
        .iter()
        .map(|(service, resource)| (engine::slices(service), engine::slices(resource)))
        .collect();
    let engines = accounts.iter().zip(&compiled).zip(&slices);
    let engines = engines.map(|((facts, compiled), (service, resource))| {
        let controls = Controls { service, resource };
        Engine::new(facts, compiled, controls, now)
    });
    let engines = Engines::new(engines);
    let cases: Vec<Case<'_>> = engines
        .all()
        .map(|engine| Case::new(engine, accounts, host, now))
        .collect();
    let mut reports = Vec::new();
    let secrets = Secrets::of(&engines);
    for case in &cases {
        reports.extend(instances(case, &mut found));
        rules::launch::judge(case, &mut found);
        rules::keys::judge(case, &mut found);
        rules::identity::judge(case, &mut found);
        rules::policy::judge(case, &mut found);
        rules::secret::judge(case, &secrets, &mut found);
    }
    let chains = Chains::of(&engines);
    rules::power::judge(&cases, &chains, &secrets, &mut found);
    let access = access::of_roles(&cases, &secrets, &chains, &mut found);
    Judged {
        findings: found.findings,
        instances: reports,
        access,
        missing: found.missing.into_iter().collect(),
    }
}

fn instances(case: &Case<'_>, found: &mut Found) -> Vec<InstanceReport> {
    let facts = case.facts;
    let count = facts.regions.iter().flat_map(|it| &it.instances);
    let mut reports = Vec::with_capacity(count.map(Vec::len).sum());
    let mut worn = BTreeMap::new();
    for facts in &facts.regions {
        let region = Region::of(facts);
        let name: Arc<str> = facts.name.as_str().into();
        let subject = Subject::new(SubjectKind::Instance, "").of_account(&case.facts.account);
        let subject = subject.in_region(&name);
        for instance in facts.instances.iter().flatten() {
            let image = instance.image.as_deref();
            let options = region.in_force(instance.metadata, &Layer::Instance, image);
            let profile = instance.profile.as_deref();
            let worn = worn
                .entry(profile)
                .or_insert_with(|| Worn::of(case, profile));
            let report = case.report(instance, &name, worn, &options);
            rules::instance::judge(case, &subject, instance, &report, &options, found);
            reports.push(report);
        }
    }
    reports
}
