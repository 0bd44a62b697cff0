//! Which link of the SDKs' credential chain a key is, and whom it keeps from the instance's role.
//!
//! Source: AWS SDKs and Tools Reference Guide, "Standardized credential providers": the environment
//! comes first, then the shared files, and the metadata service last.

use serde::{Deserialize, Serialize};

use super::text::{ROOT, of_unit};
use super::{Chosen, HostFacts, Moved, Service, Sighting, Source};

/// A link of the chain that comes before the role of the instance, in their order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Link {
    /// `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`.
    Environment,
    /// A profile of the shared files that is used without being asked for.
    SharedFile(String),
}

/// Someone whose SDK finds a key before it asks for the role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consumer<'a> {
    /// `user app`, `service web.service`.
    pub who: String,
    /// The link that wins.
    pub link: Link,
    /// The key that it gives.
    pub sighting: &'a Sighting,
}

/// Everybody whose SDK finds a key, with the one that it takes.
pub(super) fn consumers(facts: &HostFacts) -> Vec<Consumer<'_>> {
    let mut found: Vec<Consumer<'_>> = Vec::new();
    for sighting in facts.sightings.iter().filter(|it| it.key.has_secret) {
        for (who, link) in links(sighting, facts) {
            found.push(Consumer {
                who,
                link,
                sighting,
            });
        }
    }
    found.sort_by(|one, other| {
        let key = |it: &Consumer<'_>| (it.who.clone(), it.link.clone(), it.sighting.path.clone());
        key(one).cmp(&key(other))
    });
    found.dedup_by(|one, other| one.who == other.who);
    found
}

fn links(sighting: &Sighting, facts: &HostFacts) -> Vec<(String, Link)> {
    let name = sighting.key.name.as_deref().unwrap_or_default();
    let is_variable = VARIABLES.contains(&name);
    let environment = |who: String| {
        let link = is_variable.then_some((who, Link::Environment));
        link.into_iter().collect()
    };
    if let Some(found) = in_environment_files(sighting, facts).filter(|_| is_variable) {
        return found;
    }
    match &sighting.source {
        Source::AllLogins => environment("every login".to_owned()),
        Source::Login(user) => environment(format!("user {user}")),
        Source::Unit(unit) => environment(format!("service {unit}")),
        Source::ServiceDefaults(service) => environment(format!("service {service}.service")),
        Source::Container(name) => environment(format!("container {name}")),
        Source::Process(process) => environment(format!("process {process}")),
        Source::SharedFile(user) => {
            let Some(profile) = sighting.profile.as_deref() else {
                return Vec::new();
            };
            let link = Link::SharedFile(profile.to_owned());
            let units = units(facts).into_iter().filter(|it| it.user == *user);
            let units = units.filter(|it| !has_own_credentials(facts, it));
            let units = units.filter(|it| {
                let of = [user.clone(), of_unit(&it.unit)];
                takes(facts, &of, asked_by_unit(facts, it), profile)
            });
            let services = units.map(|it| format!("service {}", it.unit));
            let asked = asked_by_login(facts, user);
            let login = takes(facts, std::slice::from_ref(user), asked, profile)
                .then(|| format!("user {user}"));
            let all = login.into_iter().chain(services);
            all.map(|who| (who, link.clone())).collect()
        }
        Source::SharedFileOf(unit) => {
            let profile = sighting.profile.as_deref();
            let mut units = units(facts).into_iter();
            let service = units.find(|it| it.unit == *unit);
            let (Some(profile), Some(service)) = (profile, service) else {
                return Vec::new();
            };
            let of = [of_unit(unit), service.user.clone()];
            let link = Link::SharedFile(profile.to_owned());
            let taken = takes(facts, &of, asked_by_unit(facts, &service), profile);
            let found = taken.then(|| (format!("service {unit}"), link));
            found.into_iter().collect()
        }
        Source::History(_)
        | Source::Cron
        | Source::CloudInit
        | Source::CommandLine(_)
        | Source::System
        | Source::Application => Vec::new(),
    }
}

/// Each unit once: what its own file and its drop-ins say together.
fn units(facts: &HostFacts) -> Vec<Service> {
    let mut merged: Vec<Service> = Vec::new();
    for service in &facts.services {
        match merged.iter_mut().find(|it| it.unit == service.unit) {
            Some(known) => {
                if service.user != ROOT {
                    known.user.clone_from(&service.user);
                }
                known.files.extend(service.files.iter().cloned());
            }
            None => merged.push(service.clone()),
        }
    }
    merged
}

/// The units whose `EnvironmentFile=` it stands in, if there are some.
fn in_environment_files(sighting: &Sighting, facts: &HostFacts) -> Option<Vec<(String, Link)>> {
    let reads = |it: &&Service| it.files.contains(&sighting.path);
    let units = facts.services.iter().filter(reads);
    let found: Vec<(String, Link)> = units
        .map(|it| (format!("service {}", it.unit), Link::Environment))
        .collect();
    (!found.is_empty()).then_some(found)
}

/// The profile that a unit asks for: itself, or in a file of its environment.
fn asked_by_unit<'a>(facts: &'a HostFacts, service: &Service) -> &'a str {
    let is_own = |it: &&Chosen| is_of_unit(service, &it.by, &it.path);
    let chosen = facts.chosen.iter().rfind(is_own);
    chosen.map_or(DEFAULT, |it| &it.profile)
}

/// Whether what stands at a path is said to a unit.
fn is_of_unit(service: &Service, by: &Source, path: &str) -> bool {
    let name = service.unit.trim_end_matches(".service");
    let by_file = service.files.iter().any(|it| it == path);
    by_file
        || match by {
            Source::Unit(unit) => *unit == service.unit,
            Source::ServiceDefaults(of) => of == name && service.files.is_empty(),
            _ => false,
        }
}

/// Whether a unit takes no credentials from the home of its user.
fn has_own_credentials(facts: &HostFacts, service: &Service) -> bool {
    let is_own = |it: &Moved| it.of_credentials && is_of_unit(service, &it.by, &it.path);
    facts.moved.iter().any(is_own)
}

/// The shared files that units ask for by their paths: unit and file.
pub fn moved_by_units(facts: &HostFacts) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for service in units(facts) {
        let own = facts.moved.iter();
        let own = own.filter(|it| is_of_unit(&service, &it.by, &it.path));
        found.extend(own.map(|it| (service.unit.clone(), it.file.clone())));
    }
    found.sort();
    found.dedup();
    found
}

/// The profile that a user's shell asks for.
fn asked_by_login<'a>(facts: &'a HostFacts, user: &str) -> &'a str {
    let of = |is_it: &dyn Fn(&Source) -> bool| facts.chosen.iter().rfind(|it| is_it(&it.by));
    let own = of(&|by| matches!(by, Source::Login(of) if of == user));
    let chosen = own.or_else(|| of(&|by| *by == Source::AllLogins));
    chosen.map_or(DEFAULT, |it| &it.profile)
}

/// Whether asking for one profile of a user takes the key of another: itself, or the one that it
/// names as its `source_profile`.
fn takes(facts: &HostFacts, of: &[String], asked: &str, profile: &str) -> bool {
    let mut name = asked;
    for _ in 0..SOURCES_MAX {
        if name == profile {
            return true;
        }
        let mut own = facts
            .profiles
            .iter()
            .filter(|it| of.contains(&it.user) && it.name == name);
        match own.find_map(|it| it.source.as_deref()) {
            Some(source) => name = source,
            None => return false,
        }
    }
    false
}

impl Link {
    /// As reports speak of it.
    pub fn describe(&self) -> String {
        match self {
            Link::Environment => "the environment".to_owned(),
            Link::SharedFile(profile) => format!("profile `{profile}` of the shared files"),
        }
    }
}

const DEFAULT: &str = "default";
// Profiles of profiles.
const SOURCES_MAX: usize = 8;
// The second is what the older SDK for Java reads too.
const VARIABLES: [&str; 4] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_ACCESS_KEY",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SECRET_KEY",
];
