//! Which link of the SDKs' credential chain a key is, and whom it keeps from the instance's role.
//!
//! Source: AWS SDKs and Tools Reference Guide, "Standardized credential providers": the environment
//! comes first, then the shared files, and the metadata service last.

use serde::{Deserialize, Serialize};

use super::{HostFacts, Sighting, Source};

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
    match &sighting.source {
        Source::AllLogins => environment("every login".to_owned()),
        Source::Login(user) => environment(format!("user {user}")),
        Source::Unit(unit) => environment(format!("service {unit}")),
        Source::ServiceDefaults(service) => environment(format!("service {service}.service")),
        Source::Container(name) => environment(format!("container {name}")),
        Source::Process(process) => environment(format!("process {process}")),
        Source::SharedFile(user) => {
            let profile = sighting.profile.as_deref();
            let Some(profile) = profile.filter(|it| *it == "default") else {
                return Vec::new();
            };
            let link = Link::SharedFile(profile.to_owned());
            let units = facts.services.iter().filter(|it| it.user == *user);
            let services = units.map(|it| format!("service {}", it.unit));
            let all = std::iter::once(format!("user {user}")).chain(services);
            all.map(|who| (who, link.clone())).collect()
        }
        Source::History(_)
        | Source::Cron
        | Source::CloudInit
        | Source::CommandLine(_)
        | Source::System
        | Source::Application => Vec::new(),
    }
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

// The second is what the older SDK for Java reads too.
const VARIABLES: [&str; 4] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_ACCESS_KEY",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SECRET_KEY",
];
