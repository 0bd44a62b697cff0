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
    starts
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

const FOLDERS: [&str; 24] = [
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
