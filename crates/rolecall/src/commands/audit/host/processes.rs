//! Environments and arguments of the running processes, as proc(5) shows them.

use std::path::{Path, PathBuf};

use audit::host::{look_at_arguments, look_at_environment};
use rustix::fs::Dir;
use rustix::io::Errno;
use zeroize::Zeroizing;

use super::gathered::Gathered;
use super::lacks;
use super::walk::why;
use crate::commands::audit::tree::{Tree, read};

/// What the processes hold, and how many were looked at. Those of other users may be out of reach,
/// which is told once.
pub(super) fn look(tree: &Tree, key: &[u8], gathered: &mut Gathered) -> u64 {
    let mut looked_at = 0;
    let folder = match tree.folder(Path::new("proc")) {
        Ok(folder) => folder,
        Err(errno) => {
            gathered.miss(lacks("/proc", &why(errno)));
            return looked_at;
        }
    };
    let mut refused = 0;
    let entries = Dir::read_from(&folder).into_iter().flatten();
    let numbers = entries.filter_map(|entry| entry.ok()?.file_name().to_str().ok()?.parse().ok());
    // The audit itself holds the keys that it was started with, for the account.
    let own = std::process::id();
    for pid in numbers.filter(|pid| *pid != own) {
        let of = |what: Result<(), Errno>| match what {
            // It ended, or is the kernel's.
            Ok(()) | Err(Errno::NOENT | Errno::SRCH | Errno::INVAL) => false,
            Err(_) => true,
        };
        // The arguments of a process are open to more readers than its environment.
        let arguments = arguments(tree, pid, key, gathered);
        let environment = environment(tree, pid, key, gathered);
        looked_at += u64::from(environment.is_ok());
        refused += u64::from(of(arguments) || of(environment));
    }
    if refused > 0 {
        let what = format!("the environments of {refused} processes");
        gathered.miss(lacks(&what, "permission denied (run as root to see them)"));
    }
    looked_at
}

fn arguments(tree: &Tree, pid: u32, key: &[u8], gathered: &mut Gathered) -> Result<(), Errno> {
    let (bytes, uid) = part(tree, pid, "cmdline", gathered)?;
    let looked = look_at_arguments(pid, &name(tree, pid), uid, &bytes, key);
    gathered.keep(&format!("/proc/{pid}/cmdline"), looked);
    Ok(())
}

fn environment(tree: &Tree, pid: u32, key: &[u8], gathered: &mut Gathered) -> Result<(), Errno> {
    let (bytes, uid) = part(tree, pid, "environ", gathered)?;
    let looked = look_at_environment(pid, &name(tree, pid), uid, &bytes, key);
    gathered.keep(&format!("/proc/{pid}/environ"), looked);
    Ok(())
}

/// What a file of a process holds, and whose it is.
fn part(
    tree: &Tree,
    pid: u32,
    what: &str,
    gathered: &mut Gathered,
) -> Result<(Zeroizing<Vec<u8>>, u32), Errno> {
    let mut bytes = Zeroizing::new(Vec::new());
    let (file, stat) = tree.file(&PathBuf::from(format!("proc/{pid}/{what}")))?;
    if !read(&file, ENVIRONMENT_BYTES_MAX, &mut bytes)? {
        let mib = ENVIRONMENT_BYTES_MAX >> 20;
        let why = format!("only the first {mib} MiB were read");
        gathered.miss(lacks(&format!("/proc/{pid}/{what}"), &why));
    }
    Ok((bytes, stat.st_uid))
}

fn name(tree: &Tree, pid: u32) -> String {
    let name = tree.text(&format!("proc/{pid}/comm")).unwrap_or_default();
    name.trim().chars().filter(|it| !it.is_control()).collect()
}

// The kernel's default bound is 2 MiB for both together.
const ENVIRONMENT_BYTES_MAX: usize = 8 << 20;
