//! Where to look below a root: the places of configuration, of users and of applications. A folder
//! that is no system's root is looked at as a whole.

use std::path::{Path, PathBuf};

use audit::host::User;
use rustix::fs::{Dir, FileType};

use crate::commands::audit::tree::{Tree, kind};

/// Where to begin.
#[derive(Debug, Default)]
pub(super) struct Starts {
    /// Folders, with all that is below them.
    pub(super) folders: Vec<PathBuf>,
    /// Files that links may stand for, below the root.
    pub(super) files: Vec<PathBuf>,
}

/// The places of a root. `is_system` says whether it has users.
pub(super) fn starts(tree: &Tree, users: &[User], is_system: bool) -> Starts {
    if !is_system {
        return Starts {
            folders: vec![PathBuf::new()],
            files: Vec::new(),
        };
    }
    let mut starts = Starts {
        folders: FOLDERS.iter().map(PathBuf::from).collect(),
        files: FILES.iter().map(PathBuf::from).collect(),
    };
    for user in users {
        let home = Path::new(user.home.trim_start_matches('/'));
        let is_own =
            !home.as_os_str().is_empty() && !SHARED_HOMES.iter().any(|it| home == Path::new(it));
        if is_own {
            starts.folders.push(home.to_owned());
        }
        let shared = ["credentials", "config"];
        starts
            .files
            .extend(shared.map(|name| home.join(".aws").join(name)));
    }
    starts.folders.extend(others(tree));
    starts.files.extend(tasks(tree));
    starts
}

/// What containerd runs: of each task its configuration, and not the files of its image.
fn tasks(tree: &Tree) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for namespace in names(tree, Path::new(TASKS)) {
        let namespace = Path::new(TASKS).join(namespace);
        for task in names(tree, &namespace) {
            if found.len() >= TASKS_MAX {
                return found;
            }
            found.push(namespace.join(task).join("config.json"));
        }
    }
    found
}

/// The names in a folder; none where it is not there.
fn names(tree: &Tree, folder: &Path) -> Vec<String> {
    let Ok(folder) = tree.folder(folder) else {
        return Vec::new();
    };
    let entries = Dir::read_from(&folder).into_iter().flatten();
    let names = entries.filter_map(|it| it.ok()?.file_name().to_str().ok().map(str::to_owned));
    names
        .filter(|it| it != "." && it != "..")
        .take(TASKS_MAX)
        .collect()
}

/// Folders of the root that no system has: applications, and what was mounted for them.
fn others(tree: &Tree) -> Vec<PathBuf> {
    let Ok(root) = tree.folder(Path::new(".")) else {
        return Vec::new();
    };
    let entries = Dir::read_from(&root).into_iter().flatten();
    let mut found = Vec::new();
    for entry in entries.filter_map(Result::ok) {
        let Ok(name) = entry.file_name().to_str() else {
            continue;
        };
        let is_folder = match entry.file_type() {
            FileType::Unknown => kind(&root, name.as_ref()) == Ok(FileType::Directory),
            known => known == FileType::Directory,
        };
        let is_known = [".", ".."].contains(&name) || SYSTEM.contains(&name);
        if is_folder && !is_known {
            found.push(PathBuf::from(name));
        }
    }
    found
}

const FOLDERS: [&str; 26] = [
    "var/lib/containers/storage/overlay-containers",
    "run/containers/storage/overlay-containers",
    "etc",
    "root",
    "home",
    "opt",
    "srv",
    "usr/local",
    "usr/lib/systemd/system",
    "lib/systemd/system",
    "run/systemd/system",
    "run/systemd/generator",
    "run/systemd/transient",
    "var/www",
    "var/lib/cloud",
    "var/lib/docker/containers",
    "var/lib/kubelet",
    "var/lib/rancher",
    "var/lib/jenkins",
    "var/lib/ecs",
    "var/spool/cron",
    "var/backups",
    "var/tmp",
    "tmp",
    "dev/shm",
    "run/secrets",
];
const TASKS: &str = "run/containerd/io.containerd.runtime.v2.task";
// A host runs some hundred.
const TASKS_MAX: usize = 10_000;
const FILES: [&str; 4] = [
    "etc/environment",
    "etc/profile",
    "var/log/cloud-init.log",
    "var/log/cloud-init-output.log",
];
// Of users that are no people.
const SHARED_HOMES: [&str; 10] = [
    "bin", "sbin", "usr", "usr/bin", "usr/sbin", "dev", "proc", "sys", "var", "run",
];
const SYSTEM: [&str; 26] = [
    "bin",
    "boot",
    "dev",
    "etc",
    "home",
    "lib",
    "lib32",
    "lib64",
    "libx32",
    "lost+found",
    "media",
    "mnt",
    "opt",
    "proc",
    "root",
    "run",
    "sbin",
    "snap",
    "srv",
    "sys",
    "tmp",
    "usr",
    "var",
    ".snapshots",
    "efi",
    "bin.usr-is-merged",
];
