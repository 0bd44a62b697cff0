//! Rules over profiles and trust policies. Knows no permission.

use std::collections::BTreeSet;

use policy::{Access, Found as Outside, Known, Outsider, Policy};

use crate::account::case::{Case, Found};
use crate::account::catalog::{TRUSTS_ACCOUNT, TRUSTS_EVERYBODY, TRUSTS_OTHERS, UNUSED_PROFILE};
use crate::account::engine;
use crate::account::facts::Role;
use crate::{Finding, Severity, Subject, SubjectKind};

/// Judges who is in the account.
pub(in crate::account) fn judge(case: &Case<'_>, found: &mut Found) {
    for role in case.roles.values() {
        trust(case, role, found);
    }
    unused(case, found);
}

fn trust(case: &Case<'_>, role: &Role, found: &mut Found) {
    let known = Known::nothing();
    let asked = case.engine.who(ASSUME, &role.arn, &known, &[]);
    let answer = match asked {
        Ok(answer) => answer,
        Err(unknown) => {
            found.missing("trust policy", &role.arn, &unknown);
            return;
        }
    };
    let subject = Subject::new(SubjectKind::Role, &role.arn).of_account(&case.facts.account);
    let everybody = answer
        .outsiders
        .iter()
        .any(|it| it.outsider == Outsider::EveryAccount);
    for outside in &answer.outsiders {
        let Some(name) = foreign(case, outside, everybody) else {
            continue;
        };
        let conditions = engine::conditions(&outside.access);
        let is_all = outside.outsider == Outsider::EveryAccount;
        if conditions.is_some() && !is_all {
            continue;
        }
        let broken = if is_all {
            &TRUSTS_EVERYBODY
        } else {
            &TRUSTS_ACCOUNT
        };
        let statements = engine::statements(&outside.access).join("; ");
        let mut finding = Finding::new(broken, subject.clone(), format!("it trusts {name}"))
            .read(DETAILS, format!("the trust policy lets {name} assume it"))
            .decided("trust policy", statements);
        if let Some(conditions) = conditions {
            finding = finding
                .severity(Severity::Medium)
                .read("trust policy", format!("only if {conditions}"));
        }
        found.findings.push(finding);
    }
    if case.in_use.contains_key(role.arn.as_str()) {
        let others = others(case, role, &answer.outsiders);
        if !others.is_empty() {
            let list = others.into_iter().collect::<Vec<_>>().join(", ");
            let title = format!("it is the role of instances, and of {list}");
            let finding = Finding::new(&TRUSTS_OTHERS, subject, title)
                .read(DETAILS, format!("the trust policy names {list} beside EC2"))
                .decided("trust policy", role.arn.clone());
            found.findings.push(finding);
        }
    }
}

/// Whom of another account this is; services and providers are none, and no user or role that is
/// named of an account that was read as well: that one is ours.
fn foreign(case: &Case<'_>, outside: &Outside<'_>, everybody: bool) -> Option<String> {
    let is_ours = |arn: &str| {
        let account = engine::account_of(arn);
        case.accounts.iter().any(|it| it.account == account)
    };
    if matches!(outside.access, Access::Never { .. }) {
        return None;
    }
    match outside.outsider {
        Outsider::EveryAccount => Some("everybody".to_owned()),
        _ if everybody => None,
        Outsider::Account { id, .. } => Some(format!("account {id}")),
        Outsider::User(arn) | Outsider::Role(arn) | Outsider::Session(arn) => {
            (!is_ours(arn)).then(|| arn.to_owned())
        }
        _ => None,
    }
}

/// Whom an instance's role trusts beside EC2: whoever the trust policy names of this account, and
/// other services. Those of other accounts are told of by rules of their own.
fn others(case: &Case<'_>, role: &Role, outsiders: &[Outside<'_>]) -> BTreeSet<String> {
    let services = outsiders
        .iter()
        .filter_map(|outside| match outside.outsider {
            Outsider::Service(name) if !name.starts_with("ec2.amazonaws.com") => {
                Some(name.to_owned())
            }
            Outsider::Federated(name) => Some(name.to_owned()),
            _ => None,
        });
    let mut others: BTreeSet<String> = services.collect();
    if case.engine.trusts_account(&role.arn) {
        others.insert("whoever of the account may assume roles".to_owned());
    }
    let own = format!(":{}:", case.facts.account);
    if let Ok(policy) = Policy::parse_held(&role.trust, policy::Kind::Trust) {
        let named = policy.principal_arns().filter(|arn| arn.contains(&own));
        others.extend(named.filter(|arn| *arn != role.arn).map(str::to_owned));
    }
    others
}

fn unused(case: &Case<'_>, found: &mut Found) {
    let Some(profiles) = &case.profiles else {
        return;
    };
    let regions = &case.facts.regions;
    let in_full = regions.iter().all(|region| {
        region.instances.is_some() && region.templates.is_some() && region.configurations.is_some()
    });
    if !in_full || !case.facts.all_regions {
        return;
    }
    let mut used: BTreeSet<&str> = BTreeSet::new();
    for region in regions {
        let instances = region.instances.iter().flatten();
        used.extend(instances.filter_map(|it| it.profile.as_deref()));
        let templates = region.templates.iter().flatten();
        used.extend(templates.filter_map(|it| it.profile.as_deref()));
        let configurations = region.configurations.iter().flatten();
        used.extend(configurations.filter_map(|it| it.profile.as_deref()));
    }
    for (arn, profile) in profiles {
        let name = arn.rsplit('/').next().unwrap_or_default();
        if used.contains(arn) || used.contains(name) {
            continue;
        }
        let role = profile.role.as_deref().unwrap_or("no role");
        let id = Subject::new(SubjectKind::InstanceProfile, *arn).of_account(&case.facts.account);
        let title = format!("nothing uses the profile, which holds {role}");
        let finding = Finding::new(&UNUSED_PROFILE, id, title)
            .read("iam:ListInstanceProfiles", format!("{arn} holds {role}"))
            .read("ec2:DescribeInstances", "no instance has it, in any region");
        found.findings.push(finding);
    }
}

const ASSUME: &str = "sts:AssumeRole";
const DETAILS: &str = "iam:GetAccountAuthorizationDetails";
