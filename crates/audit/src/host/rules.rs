//! What the rules say of a host by itself.

use std::fmt::Write as _;

use jiff::Timestamp;

use super::catalog::{
    KEY_BEFORE_ROLE, KEY_ID_ALONE, LONG_LIVED_KEY, METADATA_REACH, ONE_ADDRESS_GUARDED,
    ROLE_CREDENTIALS_COPIED,
};
use super::chain::consumers;
use super::filter::InForce;
use super::firewall::ADDRESSES;
use super::{Guard, HostFacts, Reach, Sighting, Source};
use crate::keys::{Confidence, Kind};
use crate::{Finding, Place, Rule, Severity, Subject, SubjectKind};

/// What the rules say of a host.
pub fn findings(facts: &HostFacts, now: Timestamp) -> Vec<Finding> {
    let mut found = Vec::new();
    for places in same_keys(facts) {
        found.extend(key(&places, now));
    }
    for consumer in consumers(facts) {
        let sighting = consumer.sighting;
        let key = &sighting.key;
        let title = format!("{} uses key {} and not the role", consumer.who, key.masked);
        let subject = Subject::new(SubjectKind::HostFile, consumer.who.clone());
        let finding = Finding::new(&KEY_BEFORE_ROLE, subject.at(place(sighting)), title)
            .read(place_text(sighting), said(sighting))
            .decided(consumer.link.describe(), place_text(sighting));
        found.push(finding);
    }
    found.extend(reach(facts));
    found
}

/// Sightings of the same key, in the order of the first one.
pub(super) fn same_keys(facts: &HostFacts) -> Vec<Vec<&Sighting>> {
    let mut groups: Vec<Vec<&Sighting>> = Vec::new();
    let mut index = std::collections::BTreeMap::new();
    for sighting in &facts.sightings {
        let key = &sighting.key;
        let mut names = [
            key.key_id.as_ref().map(|id| format!("id {id}")),
            key.fingerprint.as_ref().map(|it| format!("value {it}")),
        ]
        .into_iter()
        .flatten();
        let known = names.clone().find_map(|name| index.get(&name).copied());
        let group = known.unwrap_or(groups.len());
        if group == groups.len() {
            groups.push(Vec::new());
        }
        if let Some(places) = groups.get_mut(group) {
            places.push(sighting);
        }
        names.by_ref().for_each(|name| {
            index.entry(name).or_insert(group);
        });
    }
    groups
}

/// The finding of one key at all its places.
fn key(places: &[&Sighting], now: Timestamp) -> Option<Finding> {
    // A place with the secret counts before one without.
    let first = places
        .iter()
        .find(|it| it.key.has_secret)
        .or(places.first())?;
    let key = &first.key;
    let has_secret = key.has_secret;
    let kept = |it: &&&Sighting| !matches!(it.source, Source::Process(_));
    let is_temporary = key.kind == Kind::Temporary;
    let (rule, what): (&'static Rule, _) = match (has_secret, is_temporary) {
        (true, false) => (&LONG_LIVED_KEY, "access key"),
        (true, true) => {
            // In the environment of a process is where temporary credentials may be.
            places.iter().find(kept)?;
            (&ROLE_CREDENTIALS_COPIED, "temporary credentials")
        }
        (false, _) => (&KEY_ID_ALONE, "id of an access key"),
    };
    let count = match places.len() {
        1 => String::new(),
        many => format!(" and {} more places", many - 1),
    };
    let title = format!("{what} {} in {}{count}", key.masked, first.path);
    let mut subject = Subject::new(SubjectKind::AccessKey, key.masked.clone()).at(place(first));
    subject.account = key.account.as_deref().map(Into::into);
    let mut finding = Finding::new(rule, subject, title);
    if has_secret && places.iter().any(|it| it.readers.everybody()) {
        let graver = if is_temporary {
            Severity::High
        } else {
            Severity::Critical
        };
        finding = finding.severity(graver);
    }
    if is_temporary && has_ended(key.expires.as_deref(), now) || key.confidence == Confidence::Low {
        finding = finding.severity(Severity::Low);
    }
    for sighting in places.iter().take(PLACES_SHOWN_MAX) {
        finding = finding.read(place_text(sighting), said(sighting));
    }
    if places.len() > PLACES_SHOWN_MAX {
        let more = places.len() - PLACES_SHOWN_MAX;
        finding = finding.read("host", format!("{more} more places"));
    }
    Some(finding)
}

fn has_ended(expires: Option<&str>, now: Timestamp) -> bool {
    let end = expires.and_then(|text| text.parse::<Timestamp>().ok());
    end.is_some_and(|end| end <= now)
}

fn reach(facts: &HostFacts) -> Option<Finding> {
    let subject = Subject::new(SubjectKind::HostFile, facts.root.clone());
    match facts.reach.as_ref()? {
        Reach::Everybody => {
            let title = "no rule says who may reach the metadata service";
            let finding = Finding::new(&METADATA_REACH, subject, title);
            Some(finding.read(
                "firewall files",
                "no rule names 169.254.169.254 or fd00:ec2::254",
            ))
        }
        Reach::Guarded(guards) => {
            let names = |address: &str| guards.iter().any(|guard| guard.address == address);
            let open = ADDRESSES.iter().find(|address| !names(address))?;
            let title = format!("no rule says who may reach the metadata service at {open}");
            let mut finding = Finding::new(&ONE_ADDRESS_GUARDED, subject, title);
            for guard in guards {
                let source = format!("{}:{}", guard.path, guard.line);
                finding = finding.read(source, guard.rule.clone());
            }
            Some(finding)
        }
        Reach::InForce(addresses, files) => in_force(subject, addresses, files),
        Reach::NotKnown => None,
    }
}

/// What the kernel has in force counts, and not what stands in files.
fn in_force(subject: Subject, addresses: &[InForce], files: &[Guard]) -> Option<Finding> {
    let open: Vec<&InForce> = addresses.iter().filter(|it| it.is_open()).collect();
    let first = open.first()?;
    let mut finding = if open.len() == addresses.len() {
        let title = "no rule in force says who may reach the metadata service";
        Finding::new(&METADATA_REACH, subject, title)
    } else {
        let title = format!(
            "no rule in force says who may reach the metadata service at {}",
            first.address
        );
        Finding::new(&ONE_ADDRESS_GUARDED, subject, title)
    };
    for address in addresses {
        let source = format!("rules in force for {}", address.address);
        finding = finding.read(source, address.describe());
        for rule in &address.by {
            finding = finding.read("rules in force", rule.clone());
        }
    }
    for guard in files {
        let source = format!("{}:{}", guard.path, guard.line);
        let said = format!("{} (in the file alone, if it is not above)", guard.rule);
        finding = finding.read(source, said);
    }
    Some(finding)
}

pub(super) fn place(sighting: &Sighting) -> Place {
    Place {
        file: sighting.path.clone(),
        line: sighting.key.line,
        column: sighting.key.column,
    }
}

pub(super) fn place_text(sighting: &Sighting) -> String {
    format!("{}:{}", sighting.path, sighting.key.line)
}

/// What was read there, without anything secret.
pub(super) fn said(sighting: &Sighting) -> String {
    let key = &sighting.key;
    let mut text = format!("{} in {}", key.masked, sighting.source.describe());
    if let Some(profile) = &sighting.profile {
        let _ = write!(text, ", profile `{profile}`");
    }
    if let Some(name) = &key.name {
        let _ = write!(text, ", as `{name}`");
    }
    if !key.within.is_empty() {
        let line = key.inner_line.unwrap_or(1);
        let _ = write!(text, ", in {} (line {line} of it)", key.containers());
    }
    if let Some(account) = &key.account {
        let _ = write!(text, ", of account {account}");
    }
    if let Some(expires) = &key.expires {
        let _ = write!(text, ", ends {expires}");
    }
    if sighting.readers.everybody() {
        text += ", readable by every user";
    }
    text
}

const PLACES_SHOWN_MAX: usize = 50;
