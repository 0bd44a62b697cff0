//! One text of a host: the keys in it, who may read it, and what else in it counts.

use serde::{Deserialize, Serialize};

use super::login::User;
use super::shared::{from_the_instance, profile_at, profiles};
use super::source::source;
use super::{
    Chosen, Guard, Moved, Profile, Service, Sighting, Source, Trace, guards, is_rule_file,
};
use crate::keys;

/// Who may read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Readers {
    /// The owner's number.
    pub uid: u32,
    /// Permission bits.
    pub mode: u32,
}

impl Readers {
    /// Whether every user of the host may.
    pub fn everybody(self) -> bool {
        self.mode & 0o004 != 0
    }
}

/// What a text holds.
#[derive(Debug, Default)]
pub struct Looked {
    /// Its keys.
    pub sightings: Vec<Sighting>,
    /// What in it speaks of AWS.
    pub traces: Vec<Trace>,
    /// The unit that it is, if that runs as a user.
    pub service: Option<Service>,
    /// Profiles that it has, as one of the SDKs' files.
    pub profiles: Vec<Profile>,
    /// Profiles that it asks for.
    pub chosen: Vec<Chosen>,
    /// Shared files that it asks for.
    pub moved: Vec<Moved>,
    /// Rules about the metadata service.
    pub guards: Vec<Guard>,
    /// What a bound cut off.
    pub cut: Vec<&'static str>,
}

/// What a file holds. `path` is below the root, with a slash before it; `opened_bytes_max` of what
/// is packed in it are opened.
pub fn look(
    path: &str,
    readers: Readers,
    bytes: &[u8],
    users: &[User],
    key: &[u8],
    opened_bytes_max: usize,
) -> Looked {
    look_as(
        &source(path, users),
        path,
        readers,
        bytes,
        key,
        opened_bytes_max,
    )
}

/// What the file of a unit's `EnvironmentFile=` holds, wherever it lies.
pub fn look_at_environment_file(
    path: &str,
    readers: Readers,
    bytes: &[u8],
    users: &[User],
    key: &[u8],
) -> Looked {
    let source = source(path, users);
    let opened = keys::OPENED_BYTES_MAX;
    let mut looked = look_as(&source, path, readers, bytes, key, opened);
    for line in String::from_utf8_lossy(bytes).lines() {
        let line = line.trim().trim_start_matches("export ");
        looked.trace_variable(path, &source, line);
    }
    looked.chosen.dedup();
    looked.moved.dedup();
    looked
}

/// What a file holds that a unit asks for as its shared file.
pub fn look_as_shared(
    unit: &str,
    path: &str,
    readers: Readers,
    bytes: &[u8],
    key: &[u8],
) -> Looked {
    let source = Source::SharedFileOf(unit.to_owned());
    look_as(&source, path, readers, bytes, key, keys::OPENED_BYTES_MAX)
}

fn look_as(
    source: &Source,
    path: &str,
    readers: Readers,
    bytes: &[u8],
    key: &[u8],
    opened_bytes_max: usize,
) -> Looked {
    let found = keys::find(bytes, key, opened_bytes_max);
    let mut looked = Looked {
        cut: found.cut,
        ..Looked::default()
    };
    let is_asked_for = matches!(source, Source::SharedFileOf(_));
    if found.keys.is_empty() && !may_count(path) && !is_asked_for {
        return looked;
    }
    let head = bytes.get(..HEAD_BYTES).unwrap_or(bytes);
    let is_configuration = !head.contains(&0) && bytes.len() <= TEXT_BYTES_MAX;
    let text = is_configuration.then(|| String::from_utf8_lossy(bytes));
    for key in found.keys {
        let profile = match (source, &text) {
            (Source::SharedFile(_) | Source::SharedFileOf(_), Some(text)) => {
                profile_at(text, key.line)
            }
            _ => None,
        };
        looked.sightings.push(Sighting {
            path: path.to_owned(),
            source: source.clone(),
            readers,
            profile,
            key,
        });
    }
    if let Some(text) = text {
        looked.read_configuration(path, source, &text);
    }
    looked
}

/// What the environment of a process holds: entries that end with NUL.
pub fn look_at_environment(pid: u32, name: &str, uid: u32, bytes: &[u8], key: &[u8]) -> Looked {
    let path = format!("/proc/{pid}/environ");
    let source = Source::Process(format!("{pid} ({name})"));
    let mut looked = process(&path, &source, Readers { uid, mode: 0o400 }, bytes, key);
    for entry in bytes.split(|byte| *byte == 0) {
        looked.trace_variable(&path, &source, &String::from_utf8_lossy(entry));
    }
    looked
}

/// What the arguments of a process hold, each ended by NUL. Every user of the host may read them.
pub fn look_at_arguments(pid: u32, name: &str, uid: u32, bytes: &[u8], key: &[u8]) -> Looked {
    let path = format!("/proc/{pid}/cmdline");
    let source = Source::CommandLine(format!("{pid} ({name})"));
    process(&path, &source, Readers { uid, mode: 0o444 }, bytes, key)
}

fn process(path: &str, source: &Source, readers: Readers, bytes: &[u8], key: &[u8]) -> Looked {
    let found = keys::find(bytes, key, keys::OPENED_BYTES_MAX);
    let sighting = |key| Sighting {
        path: path.to_owned(),
        source: source.clone(),
        readers,
        profile: None,
        key,
    };
    Looked {
        sightings: found.keys.into_iter().map(sighting).collect(),
        cut: found.cut,
        ..Looked::default()
    }
}

/// Whether a file without keys may still say something.
fn may_count(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_own = name.starts_with('.') || path.contains("/.aws/");
    is_own || path.starts_with("/etc/") || path.contains("/systemd/")
}

impl Looked {
    /// Whether there is nothing to tell.
    pub fn is_empty(&self) -> bool {
        self.sightings.is_empty()
            && self.traces.is_empty()
            && self.guards.is_empty()
            && self.service.is_none()
            && self.profiles.is_empty()
            && self.chosen.is_empty()
            && self.moved.is_empty()
            && self.cut.is_empty()
    }

    fn read_configuration(&mut self, path: &str, source: &Source, text: &str) {
        if is_rule_file(path) {
            self.guards = guards(path, text);
        }
        match source {
            Source::SharedFile(user) => {
                let of_instance = from_the_instance(text);
                let said = if of_instance.is_empty() {
                    "profiles of the SDKs".to_owned()
                } else {
                    let names = of_instance.join(", ");
                    format!("profile `{names}` takes the instance's role")
                };
                let is_read = path.ends_with("/config") || path.ends_with("/credentials");
                if is_read {
                    self.trace(path, said);
                    let all = profiles(text).into_iter();
                    self.profiles.extend(all.map(|(name, source)| Profile {
                        user: user.clone(),
                        name,
                        source,
                    }));
                }
            }
            Source::SharedFileOf(unit) => {
                let all = profiles(text).into_iter();
                self.profiles.extend(all.map(|(name, source)| Profile {
                    user: of_unit(unit),
                    name,
                    source,
                }));
            }
            Source::Unit(unit) => self.read_unit(path, source, unit, text),
            Source::AllLogins | Source::ServiceDefaults(_) | Source::Login(_) => {
                for line in text.lines() {
                    let line = line.trim().trim_start_matches("export ");
                    self.trace_variable(path, source, line);
                }
            }
            _ => {}
        }
    }

    /// A unit: systemd.exec(5).
    fn read_unit(&mut self, path: &str, source: &Source, unit: &str, text: &str) {
        let settings = |name: &'static str| {
            let lines = text.lines().map(str::trim);
            lines.filter_map(move |line| line.strip_prefix(name)?.strip_prefix('='))
        };
        for line in settings("Environment") {
            for word in line.split_whitespace() {
                self.trace_variable(path, source, word.trim_matches(['"', '\'']));
            }
        }
        let files = settings("EnvironmentFile").map(|it| it.trim_start_matches('-').trim());
        let files: Vec<String> = files.take(FILES_MAX).map(|it| named(it, unit)).collect();
        let user = settings("User").next_back().map(str::trim);
        if user.is_some() || !files.is_empty() || !self.chosen.is_empty() || !self.moved.is_empty()
        {
            self.service = Some(Service {
                unit: unit.to_owned(),
                user: user.unwrap_or(ROOT).to_owned(),
                files,
            });
        }
    }

    /// Takes down a variable that an SDK reads.
    fn trace_variable(&mut self, path: &str, source: &Source, assignment: &str) {
        let (name, value) = assignment.split_once('=').unwrap_or((assignment, ""));
        let value = value.trim().trim_matches(['"', '\'']);
        if name == "AWS_PROFILE" && !value.is_empty() && self.chosen.len() < TRACES_MAX {
            self.chosen.push(Chosen {
                by: source.clone(),
                path: path.to_owned(),
                profile: value.chars().take(PROFILE_CHARACTERS_MAX).collect(),
            });
        }
        let is_file = name == CREDENTIALS_FILE || name == CONFIG_FILE;
        if is_file && value.starts_with('/') && self.moved.len() < TRACES_MAX {
            self.moved.push(Moved {
                by: source.clone(),
                path: path.to_owned(),
                file: value.to_owned(),
                of_credentials: name == CREDENTIALS_FILE,
            });
        }
        if VARIABLES.contains(&name) {
            self.trace(path, name.to_owned());
        }
    }

    fn trace(&mut self, path: &str, said: String) {
        let trace = Trace {
            path: path.to_owned(),
            said,
        };
        if self.traces.len() < TRACES_MAX && !self.traces.contains(&trace) {
            self.traces.push(trace);
        }
    }
}

/// A name with what systemd puts in for the unit's own: systemd.unit(5), "SPECIFIERS".
fn named(path: &str, unit: &str) -> String {
    let name = unit.rsplit_once('.').map_or(unit, |(name, _)| name);
    let prefix = name.split('@').next().unwrap_or(name);
    let path = path.trim_matches('"').replace("%n", unit);
    path.replace("%N", name).replace("%p", prefix)
}

/// In place of a user, for the profiles of the files that a unit asks for.
pub(super) fn of_unit(unit: &str) -> String {
    format!("unit {unit}")
}

const CREDENTIALS_FILE: &str = "AWS_SHARED_CREDENTIALS_FILE";
const CONFIG_FILE: &str = "AWS_CONFIG_FILE";
// A file that has a NUL here is no configuration.
const HEAD_BYTES: usize = 4_096;
const TEXT_BYTES_MAX: usize = 1 << 20;
const TRACES_MAX: usize = 16;
const FILES_MAX: usize = 16;
const PROFILE_CHARACTERS_MAX: usize = 64;
const VARIABLES: [&str; 9] = [
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_PROFILE",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    CONFIG_FILE,
    CREDENTIALS_FILE,
];

/// Who a unit runs as where it names nobody.
pub(super) const ROOT: &str = "root";
