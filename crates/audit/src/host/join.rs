//! Rules over a host and its account together: joined on the instance, and on the ids of keys.

use jiff::Timestamp;

use super::HostFacts;
use super::catalog::{DEAD_KEY, FOREIGN_KEY, KEY_OWNER, ROLE_AND_KEY};
use super::chain::consumers;
use super::rules::{place, place_text, said, same_keys};
use crate::account::{AccessKey, AccountFacts, Instance};
use crate::keys::{FoundKey, Kind};
use crate::{Finding, Severity, Subject, SubjectKind};

/// What both together say; nothing that either says alone.
pub fn joined(host: &HostFacts, account: &AccountFacts, now: Timestamp) -> Vec<Finding> {
    let mut found = Vec::new();
    found.extend(role_and_key(host, account));
    for places in same_keys(host) {
        let Some(sighting) = places.iter().find(|it| it.key.has_secret) else {
            continue;
        };
        let key = &sighting.key;
        if key.kind != Kind::LongLived {
            continue;
        }
        let finding = match owner(key, account) {
            Owner::Known(of_user) => Some(owned(of_user, now)),
            Owner::Foreign(other) => {
                let subject = Subject::new(SubjectKind::AccessKey, key.masked.clone());
                let title = format!("key {} is of account {other}", key.masked);
                let finding = Finding::new(&FOREIGN_KEY, subject.of_account(other), title);
                Some(finding.read("the id of the key", format!("account {other}")))
            }
            Owner::Gone => {
                let subject = Subject::new(SubjectKind::AccessKey, key.masked.clone());
                let subject = subject.of_account(&account.account);
                let title = format!(
                    "account {} does not know key {}",
                    account.account, key.masked
                );
                let finding = Finding::new(&DEAD_KEY, subject, title);
                Some(finding.read("iam:ListAccessKeys", "no key has this id"))
            }
            Owner::NotKnown => None,
        };
        found.extend(finding.map(|mut finding| {
            finding.subject.place = Some(place(sighting));
            finding.read(place_text(sighting), said(sighting))
        }));
    }
    found
}

enum Owner<'a> {
    Known(&'a AccessKey),
    Foreign(&'a str),
    /// The id is of this account, and no user has it.
    Gone,
    NotKnown,
}

fn owner<'a>(key: &'a FoundKey, account: &'a AccountFacts) -> Owner<'a> {
    let Some(keys) = &account.access_keys else {
        return Owner::NotKnown;
    };
    let of_user = keys.iter().find(|it| Some(&it.id) == key.key_id.as_ref());
    match (of_user, &key.account) {
        (Some(of_user), _) => Owner::Known(of_user),
        (None, Some(other)) if *other != account.account => Owner::Foreign(other),
        (None, Some(_)) => Owner::Gone,
        (None, None) => Owner::NotKnown,
    }
}

fn owned(key: &AccessKey, now: Timestamp) -> Finding {
    let subject = Subject::new(SubjectKind::User, key.user.clone());
    let masked: String = key.id.chars().take(4).chain(['…']).collect();
    let masked = masked + key.id.get(16..).unwrap_or_default();
    let age = key.created.and_then(|created| days(created, now));
    let aged = age.map_or_else(String::new, |days| format!(", {days} days old"));
    if !key.active {
        let title = format!("key {masked} of {} is inactive", key.user);
        return Finding::new(&DEAD_KEY, subject, title)
            .read("iam:ListAccessKeys", "Status is Inactive");
    }
    let title = format!("key {masked} of {}{aged}", key.user);
    let is_old = age.is_some_and(|days| days > AGE_DAYS_MAX);
    let used = key.last_used.map_or_else(
        || "no use of it is known".to_owned(),
        |used| format!("last used {used}"),
    );
    let finding = Finding::new(&KEY_OWNER, subject, title)
        .read("iam:ListAccessKeys", format!("Status is Active{aged}"))
        .read("iam:GetAccessKeyLastUsed", used);
    if is_old {
        finding.severity(Severity::Critical)
    } else {
        finding
    }
}

fn days(from: Timestamp, to: Timestamp) -> Option<i64> {
    let seconds = to.as_second().checked_sub(from.as_second())?;
    Some(seconds / SECONDS_A_DAY)
}

/// The instance that the host is, and what its SDKs use in place of its role.
fn role_and_key(host: &HostFacts, account: &AccountFacts) -> Option<Finding> {
    let instance = instance(host, account)?;
    let profile = instance.profile.as_ref()?;
    let users = consumers(host);
    let first = users.first()?;
    let who: Vec<&str> = users
        .iter()
        .take(WHO_SHOWN_MAX)
        .map(|it| it.who.as_str())
        .collect();
    let more = match users.len().saturating_sub(WHO_SHOWN_MAX) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let title = format!(
        "{} has profile {profile}, and {}{more} use a key",
        instance.id,
        who.join(", ")
    );
    let subject = Subject::new(SubjectKind::Instance, instance.id.clone());
    let subject = subject
        .of_account(&account.account)
        .at(place(first.sighting));
    let mut finding = Finding::new(&ROLE_AND_KEY, subject, title).read(
        "ec2:DescribeInstances",
        format!("IamInstanceProfile is {profile}"),
    );
    for consumer in &users {
        let said = format!("{}: {}", consumer.who, said(consumer.sighting));
        finding = finding.read(place_text(consumer.sighting), said);
    }
    Some(finding.decided(first.link.describe(), place_text(first.sighting)))
}

fn instance<'a>(host: &HostFacts, account: &'a AccountFacts) -> Option<&'a Instance> {
    let id = host.instance_id.as_ref()?;
    let instances = account
        .regions
        .iter()
        .filter_map(|it| it.instances.as_ref());
    instances.flatten().find(|it| it.id == *id)
}

const AGE_DAYS_MAX: i64 = 90;
const SECONDS_A_DAY: i64 = 86_400;
const WHO_SHOWN_MAX: usize = 5;
