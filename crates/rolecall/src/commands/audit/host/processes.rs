//! Environments and arguments of the running processes, as proc(5) shows them.

use std::path::{Path, PathBuf};

use audit::host::{Looked, look_at_arguments, look_at_environment};
use rustix::fs::Dir;
use rustix::io::Errno;
use zeroize::Zeroizing;

use super::walk::why;
use super::{Gathered, lacks};
use crate::commands::audit::tree::{Tree, read};

/// What the processes hold. Those of other users may be out of reach, which is told once.
pub(super) fn look(tree: &Tree, key: &[u8]) -> Gathered {
    let mut gathered = Gathered::default();
    let folder = match tree.folder(Path::new("proc")) {
        Ok(folder) => folder,
        Err(errno) => {
            gathered.miss(lacks("/proc", &why(errno)));
            return gathered;
        }
    };
    let mut refused = 0;
    let entries = Dir::read_from(&folder).into_iter().flatten();
    let numbers = entries.filter_map(|entry| entry.ok()?.file_name().to_str().ok()?.parse().ok());
    // The audit itself holds the keys that it was started with, for the account.
    let own = std::process::id();
    for pid in numbers.filter(|pid| *pid != own).take(PROCESSES_MAX) {
        match one(tree, pid, key) {
            Ok(found) => {
                gathered.looked_at.processes += 1;
                for looked in found {
                    gathered.keep(&format!("/proc/{pid}"), looked);
                }
            }
            // It ended, or is the kernel's.
            Err(Errno::NOENT | Errno::SRCH | Errno::INVAL) => {}
            Err(_) => refused += 1,
        }
    }
    if refused > 0 {
        let what = format!("the environments of {refused} processes");
        gathered.miss(lacks(&what, "permission denied (run as root to see them)"));
    }
    gathered
}

fn one(tree: &Tree, pid: u32, key: &[u8]) -> Result<[Looked; 2], Errno> {
    let path = |name: &str| PathBuf::from(format!("proc/{pid}/{name}"));
    let name = tree.text(&format!("proc/{pid}/comm")).unwrap_or_default();
    let name: String = name.trim().chars().filter(|it| !it.is_control()).collect();
    let mut bytes = Zeroizing::new(Vec::new());
    let (arguments, stat) = tree.file(&path("cmdline"))?;
    read(&arguments, ENVIRONMENT_BYTES_MAX, &mut bytes)?;
    let arguments = look_at_arguments(pid, &name, stat.st_uid, &bytes, key);
    let (environment, _) = tree.file(&path("environ"))?;
    read(&environment, ENVIRONMENT_BYTES_MAX, &mut bytes)?;
    let environment = look_at_environment(pid, &name, stat.st_uid, &bytes, key);
    Ok([arguments, environment])
}

// The kernel's default bound is 2 MiB for both together.
const ENVIRONMENT_BYTES_MAX: usize = 8 << 20;
const PROCESSES_MAX: usize = 100_000;
