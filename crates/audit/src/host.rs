//! What was found on a host or below a mounted root, and the rules over it. Reads no file: the
//! collector hands in what it read, one text after the other.

mod catalog;
mod chain;
pub mod filter;
mod firewall;
mod join;
mod login;
mod rules;
mod shared;
mod source;
mod text;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::Verdict;
use crate::keys::{FoundKey, Kind};

pub use catalog::RULES;
pub use chain::{Consumer, Link, moved_by_units};
pub use firewall::{Guard, guards, is_rule_file};
pub use join::joined;
pub use login::{User, users};
pub use rules::findings;
pub use source::{Source, source};
pub use text::{
    Looked, Readers, look, look_as_shared, look_at_arguments, look_at_environment,
    look_at_environment_file,
};

/// What a host showed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct HostFacts {
    /// `i-...`, where the host knows which instance it is; joins it with the account's facts.
    pub instance_id: Option<String>,
    /// The folder that was taken for `/`.
    pub root: String,
    /// Whether that is the host which ran the audit, processes and all.
    #[serde(default)]
    pub is_running: bool,
    /// Keys, with where they stand.
    #[serde(default)]
    pub sightings: Vec<Sighting>,
    /// What says that something here calls AWS, beside keys: a path and what stands there.
    #[serde(default)]
    pub traces: Vec<Trace>,
    /// Units that run as a user other than root, or say something to SDKs.
    #[serde(default)]
    pub services: Vec<Service>,
    /// Profiles of the shared files.
    #[serde(default)]
    pub profiles: Vec<Profile>,
    /// Profiles that are asked for by `AWS_PROFILE`.
    #[serde(default)]
    pub chosen: Vec<Chosen>,
    /// Shared files that are asked for by `AWS_SHARED_CREDENTIALS_FILE` and `AWS_CONFIG_FILE`.
    #[serde(default)]
    pub moved: Vec<Moved>,
    /// Who can reach the metadata service; `None` for a host that has none.
    #[serde(default)]
    pub reach: Option<Reach>,
    /// How much was looked at.
    #[serde(default)]
    pub looked_at: LookedAt,
}

/// A key at its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sighting {
    /// Below the root, with a slash before it.
    pub path: String,
    /// What sort of place it is.
    pub source: Source,
    /// Who may read it.
    pub readers: Readers,
    /// The profile it is of, in a shared credentials or configuration file.
    #[serde(default)]
    pub profile: Option<String>,
    /// The key.
    pub key: FoundKey,
}

/// Something that speaks of AWS.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Trace {
    /// Where.
    pub path: String,
    /// What: `AWS_REGION`.
    pub said: String,
}

/// A unit and the user it runs as.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Service {
    /// `web.service`.
    pub unit: String,
    /// Its `User=`, or root.
    pub user: String,
    /// Its `EnvironmentFile=`s.
    #[serde(default)]
    pub files: Vec<String>,
}

/// A profile of a user's shared files.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Profile {
    /// Whose.
    pub user: String,
    /// `default`.
    pub name: String,
    /// Its `source_profile`, whose credentials take a role.
    pub source: Option<String>,
}

/// A profile that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Chosen {
    /// By what.
    pub by: Source,
    /// Where that stands.
    pub path: String,
    /// The profile.
    pub profile: String,
}

/// A shared file that is asked for in place of the one in the home.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Moved {
    /// By what.
    pub by: Source,
    /// Where that stands.
    pub path: String,
    /// The file.
    pub file: String,
    /// Whether it is the one with credentials.
    pub of_credentials: bool,
}

/// Who can reach the metadata service on the host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// Whoever runs a program: there is no rule about it.
    Everybody,
    /// These rules of files restrict it.
    Guarded(Vec<Guard>),
    /// What the kernel has in force, for each address; and the rules of files.
    InForce(Vec<filter::InForce>, Vec<Guard>),
    /// The kernel may have rules that no file holds.
    NotKnown,
}

/// How much was looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookedAt {
    /// Files that were read.
    pub files: u64,
    /// Bytes of them.
    pub bytes: u64,
    /// Processes whose environment was read.
    pub processes: u64,
    /// Places that could not be read, or not to their end.
    pub missed: u64,
}

impl HostFacts {
    /// Whether no long-lived key is there for a process to use.
    pub fn keys_absent(&self) -> Verdict {
        let usable = |it: &&Sighting| it.key.has_secret && it.key.kind != Kind::Temporary;
        let places: Vec<&Sighting> = self.sightings.iter().filter(usable).collect();
        match (places.first(), self.looked_at) {
            (Some(first), _) => {
                let key = &first.key.masked;
                let place = format!("{}:{}", first.path, first.key.line);
                let why = match places.len() {
                    1 => format!("key {key} stands in {place}"),
                    many => format!("keys stand in {many} places, the first ({key}) in {place}"),
                };
                Verdict::No(why.into())
            }
            (None, LookedAt { files: 0, .. }) => {
                Verdict::NotKnown("the host was not looked at".into())
            }
            (None, LookedAt { missed: 0, .. }) => Verdict::Yes,
            (None, LookedAt { missed, .. }) => {
                let why = format!("{missed} places of the host could not be read");
                Verdict::NotKnown(why.into())
            }
        }
    }

    /// Whether something on the host calls AWS.
    pub fn role_needed(&self) -> Verdict {
        let has_evidence = !self.traces.is_empty() || !self.sightings.is_empty();
        match self.looked_at.files {
            _ if has_evidence => Verdict::Yes,
            0 => Verdict::NotKnown("the host was not looked at".into()),
            _ => Verdict::NotKnown("nothing on the host speaks of AWS".into()),
        }
    }
}
