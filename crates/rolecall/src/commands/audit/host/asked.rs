//! Files that units ask for by their paths, wherever these lie: those of `EnvironmentFile=`, and
//! the shared files that their environments name. Which ones is known when all units were read.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use audit::Missing;
use audit::host::{
    HostFacts, Looked, Readers, User, look_as_shared, look_at_environment_file, moved_by_units,
};
use rustix::io::Errno;
use zeroize::Zeroizing;

use super::lacks;
use super::places::Starts;
use super::walk::why;
use crate::commands::audit::tree::{Tree, read};

/// Looks into them, and hands back what could not be read.
pub(super) fn look(
    tree: &Tree,
    starts: &Starts,
    users: &[User],
    key: &[u8],
    facts: &mut HostFacts,
) -> Vec<Missing> {
    let mut missing = Vec::new();
    // What makes units of a name that is given is none itself.
    let services = facts.services.iter().filter(|it| !it.unit.contains("@."));
    let files = services.flat_map(|it| it.files.clone());
    let files: BTreeSet<String> = files.filter(|it| it.starts_with('/')).collect();
    for path in files.iter().take(ASKED_MAX) {
        if path.contains(['%', '*', '?', '[']) {
            let why = "the name of a unit's environment file is a pattern, which is not followed";
            missing.push(lacks(path, why));
        } else if let Some((bytes, readers)) = text(tree, path, &mut missing) {
            let looked = look_at_environment_file(path, readers, &bytes, users, key);
            let was_walked = starts.folders.iter().any(|it| is_below(path, it));
            take(facts, looked, !was_walked);
        }
    }
    let moved = moved_by_units(facts);
    for (unit, path) in moved.iter().take(ASKED_MAX) {
        if let Some((bytes, readers)) = text(tree, path, &mut missing) {
            let looked = look_as_shared(unit, path, readers, &bytes, key);
            // It was taken for a file of anybody.
            facts.sightings.retain(|it| it.path != *path);
            take(facts, looked, true);
        }
    }
    facts.traces.sort();
    facts.traces.dedup();
    for left in [files.len(), moved.len()] {
        if let Some(left) = left.checked_sub(ASKED_MAX).filter(|left| *left > 0) {
            let why = format!("{left} are more than are read in one audit");
            missing.push(lacks("a part of the files that units ask for", &why));
        }
    }
    missing
}

fn is_below(path: &str, folder: &PathBuf) -> bool {
    let path = path.trim_start_matches('/');
    Path::new(path).starts_with(folder)
}

fn text(
    tree: &Tree,
    path: &str,
    missing: &mut Vec<Missing>,
) -> Option<(Zeroizing<Vec<u8>>, Readers)> {
    let mut bytes = Zeroizing::new(Vec::new());
    let found = tree.file(Path::new(path)).and_then(|(file, stat)| {
        let is_whole = read(&file, FILE_BYTES_MAX, &mut bytes)?;
        Ok((stat, is_whole))
    });
    match found {
        Ok((stat, is_whole)) => {
            if !is_whole {
                let mib = FILE_BYTES_MAX >> 20;
                missing.push(lacks(path, &format!("only the first {mib} MiB were read")));
            }
            let mode = stat.st_mode & 0o7777;
            let uid = stat.st_uid;
            Some((bytes, Readers { uid, mode }))
        }
        Err(Errno::NOENT | Errno::NOTDIR) => None,
        Err(errno) => {
            missing.push(lacks(path, &why(errno)));
            None
        }
    }
}

fn take(facts: &mut HostFacts, looked: Looked, with_keys: bool) {
    if with_keys {
        facts.sightings.extend(looked.sightings);
    }
    facts.traces.extend(looked.traces);
    facts.chosen.extend(looked.chosen);
    facts.moved.extend(looked.moved);
    facts.profiles.extend(looked.profiles);
}

// A host has some hundred units.
const ASKED_MAX: usize = 1_000;
const FILE_BYTES_MAX: usize = 16 << 20;
