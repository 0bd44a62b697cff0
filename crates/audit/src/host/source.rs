//! What sort of place a path is: who reads it, and when. Knows conventional paths, and no file.

use serde::{Deserialize, Serialize};

use super::login::{User, owner};

/// A sort of place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The environment of every login: `/etc/environment`, `/etc/profile.d`.
    AllLogins,
    /// What a user's shell reads when it starts.
    Login(String),
    /// What a user typed.
    History(String),
    /// The SDKs' credentials or configuration file of a user.
    SharedFile(String),
    /// The same of a unit that asks for it by its path.
    SharedFileOf(String),
    /// A unit of systemd or a drop-in of it.
    Unit(String),
    /// The environment file of a service: `/etc/default`, `/etc/sysconfig`.
    ServiceDefaults(String),
    /// A timetable.
    Cron,
    /// What a container runs with.
    Container(String),
    /// User data and scripts of cloud-init, and what they logged.
    CloudInit,
    /// The environment of a process.
    Process(String),
    /// The arguments of a process, which every user may read.
    CommandLine(String),
    /// Other configuration of the system.
    System,
    /// A file of an application, or of anybody.
    Application,
}

/// What sort of place a path below the root is.
pub fn source(path: &str, users: &[User]) -> Source {
    let name = path.rsplit('/').next().unwrap_or_default();
    if let Some((user, rest)) = owner(path, users) {
        let user = user.name.clone();
        if rest.starts_with(".aws/") {
            return Source::SharedFile(user);
        }
        if rest.starts_with(".docker/") {
            return Source::Container(user);
        }
        if rest.starts_with(".config/systemd/user/") {
            return Source::Unit(unit_of(path));
        }
        if HISTORIES.contains(&name) || name.ends_with("_history") {
            return Source::History(user);
        }
        if !rest.contains('/') && LOGIN_FILES.contains(&rest) || rest.starts_with(LOGIN_FOLDER) {
            return Source::Login(user);
        }
        return Source::Application;
    }
    let below = |folder: &str| path.strip_prefix(folder);
    if ALL_LOGINS.contains(&path) || below("/etc/profile.d/").is_some() {
        return Source::AllLogins;
    }
    if let Some(rest) = below("/etc/default/").or_else(|| below("/etc/sysconfig/")) {
        return Source::ServiceDefaults(rest.to_owned());
    }
    if let Some(rest) = below("/var/lib/docker/containers/") {
        let id = rest.split('/').next().unwrap_or_default();
        return Source::Container(id.chars().take(CONTAINER_ID_SHOWN).collect());
    }
    for folder in CONTAINERS {
        if let Some(rest) = below(folder) {
            let mut parts = rest.split('/');
            let name = if folder.ends_with(".task/") {
                parts.nth(1)
            } else {
                parts.next()
            };
            let name = name.unwrap_or_default();
            return Source::Container(name.chars().take(NAME_SHOWN).collect());
        }
    }
    let is_unit = UNIT_FOLDERS.iter().any(|folder| path.starts_with(folder));
    if is_unit {
        return Source::Unit(unit_of(path));
    }
    let is_cloud_init = CLOUD_INIT.iter().any(|prefix| path.starts_with(prefix));
    if is_cloud_init {
        return Source::CloudInit;
    }
    if CRON.iter().any(|prefix| path.starts_with(prefix)) {
        return Source::Cron;
    }
    if COMPOSE.contains(&name) {
        return Source::Container(path.to_owned());
    }
    if below("/etc/").is_some() {
        Source::System
    } else {
        Source::Application
    }
}

/// The unit that a file or drop-in is of: `web.service` for `.../web.service.d/keys.conf`.
fn unit_of(path: &str) -> String {
    let mut parts = path.rsplit('/');
    let file = parts.next().unwrap_or_default();
    let folder = parts.next().unwrap_or_default();
    folder.strip_suffix(".d").unwrap_or(file).to_owned()
}

impl Source {
    /// As reports speak of it.
    pub fn describe(&self) -> String {
        match self {
            Source::AllLogins => "the environment of every login".to_owned(),
            Source::Login(user) => format!("the shell of user {user}"),
            Source::History(user) => format!("the shell history of user {user}"),
            Source::SharedFile(user) => format!("the AWS files of user {user}"),
            Source::SharedFileOf(unit) => format!("the AWS files that unit {unit} asks for"),
            Source::Unit(unit) => format!("unit {unit}"),
            Source::ServiceDefaults(service) => format!("the environment file of {service}"),
            Source::Cron => "a timetable".to_owned(),
            Source::Container(name) => format!("the configuration of containers ({name})"),
            Source::CloudInit => "cloud-init's data".to_owned(),
            Source::Process(process) => format!("the environment of process {process}"),
            Source::CommandLine(process) => format!("the arguments of process {process}"),
            Source::System => "the system's configuration".to_owned(),
            Source::Application => "a file".to_owned(),
        }
    }
}

const ALL_LOGINS: [&str; 7] = [
    "/etc/environment",
    "/etc/profile",
    "/etc/bash.bashrc",
    "/etc/bashrc",
    "/etc/zshenv",
    "/etc/zsh/zshenv",
    "/etc/zsh/zprofile",
];
const LOGIN_FILES: [&str; 11] = [
    ".bashrc",
    ".bash_profile",
    ".bash_aliases",
    ".bash_login",
    ".profile",
    ".zshrc",
    ".zshenv",
    ".zprofile",
    ".kshrc",
    ".pam_environment",
    ".envrc",
];
const LOGIN_FOLDER: &str = ".config/fish/";
const HISTORIES: [&str; 3] = [".histfile", "fish_history", ".lesshst"];
const UNIT_FOLDERS: [&str; 5] = [
    "/etc/systemd/system/",
    "/etc/systemd/user/",
    "/usr/lib/systemd/system/",
    "/lib/systemd/system/",
    "/run/systemd/",
];
const CLOUD_INIT: [&str; 3] = ["/var/lib/cloud/", "/var/log/cloud-init", "/etc/cloud/"];
const CRON: [&str; 3] = ["/etc/cron", "/var/spool/cron/", "/etc/anacrontab"];
const COMPOSE: [&str; 4] = [
    "docker-compose.yml",
    "docker-compose.yaml",
    "compose.yml",
    "compose.yaml",
];
// Podman's, containerd's, and what a kubelet runs.
const CONTAINERS: [&str; 6] = [
    "/var/lib/containers/storage/overlay-containers/",
    "/run/containerd/io.containerd.runtime.v2.task/",
    "/run/containers/storage/overlay-containers/",
    "/etc/kubernetes/manifests/",
    "/var/lib/kubelet/",
    "/var/lib/rancher/",
];
const NAME_SHOWN: usize = 64;
// As `docker ps` shows it.
const CONTAINER_ID_SHOWN: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::users;

    #[test]
    fn paths_say_who_reads_them() {
        let users = users("root:x:0:0::/root:\napp:x:1:1::/home/app:\n");
        let app = || "app".to_owned();
        for (path, expected) in [
            ("/etc/environment", Source::AllLogins),
            ("/etc/profile.d/aws.sh", Source::AllLogins),
            (
                "/etc/default/web",
                Source::ServiceDefaults("web".to_owned()),
            ),
            (
                "/etc/systemd/system/web.service",
                Source::Unit("web.service".to_owned()),
            ),
            (
                "/etc/systemd/system/web.service.d/env.conf",
                Source::Unit("web.service".to_owned()),
            ),
            ("/home/app/.bash_history", Source::History(app())),
            ("/home/app/.bashrc", Source::Login(app())),
            ("/home/app/.aws/credentials", Source::SharedFile(app())),
            ("/home/app/src/.bashrc", Source::Application),
            ("/root/.aws/config", Source::SharedFile("root".to_owned())),
            ("/var/lib/cloud/instance/user-data.txt", Source::CloudInit),
            (
                "/var/lib/docker/containers/0123456789abcdef/config.v2.json",
                Source::Container("0123456789ab".to_owned()),
            ),
            (
                "/srv/app/docker-compose.yml",
                Source::Container("/srv/app/docker-compose.yml".to_owned()),
            ),
            (
                "/run/containerd/io.containerd.runtime.v2.task/k8s.io/0123abc/config.json",
                Source::Container("0123abc".to_owned()),
            ),
            (
                "/etc/kubernetes/manifests/web.yaml",
                Source::Container("web.yaml".to_owned()),
            ),
            ("/etc/cron.d/backup", Source::Cron),
            ("/etc/boto.cfg", Source::System),
            ("/opt/app/config.yaml", Source::Application),
        ] {
            assert_eq!(source(path, &users), expected, "{path}");
        }
    }
}
