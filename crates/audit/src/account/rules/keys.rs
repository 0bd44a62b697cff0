//! Rules over long-lived access keys of users and of the root user. Knows no permission.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::account::case::{Case, Found};
use crate::account::catalog::{OLD_KEY, ROOT_KEYS, TWO_KEYS, UNUSED_KEY};
use crate::account::facts::AccessKey;
use crate::{Finding, Rule, Subject, SubjectKind};

/// Judges the keys of an account.
pub(in crate::account) fn judge(case: &Case<'_>, found: &mut Found) {
    let mut active: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let keys = case.facts.access_keys.iter().flatten();
    for key in keys.filter(|key| key.active) {
        active.entry(&key.user).or_default().push(&key.id);
        found.findings.extend(old(case, key));
        found.findings.extend(unused(case, key));
    }
    for (user, keys) in active {
        if let [_, _, ..] = keys.as_slice() {
            let title = format!("{} active keys", keys.len());
            let said = format!("{} are active", keys.join(" and "));
            let finding = of_user(case, &TWO_KEYS, user, title).read(LISTED, said);
            found.findings.push(finding);
        }
    }
    let identities = case.facts.identities.as_ref();
    if identities.and_then(|it| it.root_keys) == Some(true) {
        let root = case.arn("iam", "", "root");
        let finding = of_user(case, &ROOT_KEYS, &root, "it has access keys".to_owned());
        let said = "AccountAccessKeysPresent is 1";
        found
            .findings
            .push(finding.read("iam:GetAccountSummary", said));
    }
}

fn of_user(case: &Case<'_>, broken: &'static Rule, arn: &str, title: String) -> Finding {
    let subject = Subject::new(SubjectKind::User, arn).of_account(&case.facts.account);
    Finding::new(broken, subject, title)
}

fn old(case: &Case<'_>, key: &AccessKey) -> Option<Finding> {
    let created = key.created?;
    let days = days(created, case.now);
    if days <= KEY_DAYS_MAX {
        return None;
    }
    let used = match key.last_used {
        Some(moment) => format!("last used {} days ago", self::days(moment, case.now)),
        None => "never used, or not known when".to_owned(),
    };
    let finding = of_key(
        case,
        &OLD_KEY,
        key,
        format!("the key is {days} days old, {used}"),
    );
    let said = format!("CreateDate is {created}, Status is Active");
    Some(finding.read(LISTED, said).read(USED, used))
}

fn unused(case: &Case<'_>, key: &AccessKey) -> Option<Finding> {
    let identities = case.facts.identities.as_ref();
    let not_read = identities.is_some_and(|it| it.use_not_read.contains(&key.id));
    let since = key.last_used.or(key.created).filter(|_| !not_read)?;
    let days = days(since, case.now);
    if days <= UNUSED_DAYS_MAX {
        return None;
    }
    let (title, said) = match key.last_used {
        Some(moment) => (
            format!("the key was last used {days} days ago"),
            format!("LastUsedDate is {moment}"),
        ),
        None => (
            format!("the key was never used in {days} days"),
            "there is no LastUsedDate".to_owned(),
        ),
    };
    Some(of_key(case, &UNUSED_KEY, key, title).read(USED, said))
}

fn of_key(case: &Case<'_>, broken: &'static Rule, key: &AccessKey, title: String) -> Finding {
    let id = format!("{}/{}", key.user, key.id);
    let subject = Subject::new(SubjectKind::AccessKey, id).of_account(&case.facts.account);
    Finding::new(broken, subject, title)
}

fn days(from: Timestamp, to: Timestamp) -> i64 {
    to.duration_since(from).as_hours() / 24
}

const LISTED: &str = "iam:ListAccessKeys";
const USED: &str = "iam:GetAccessKeyLastUsed";
// CIS 3.0, 1.14.
const KEY_DAYS_MAX: i64 = 90;
// CIS 3.0, 1.12.
const UNUSED_DAYS_MAX: i64 = 45;
