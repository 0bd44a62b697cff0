//! The collector of a host: reads what may hold keys on this host or below a mounted root, and
//! hands each text to `audit::host`, which knows what it means.
//!
//! It opens nothing for writing, follows no link out of the root, opens no device or pipe, starts
//! no program, and sends nothing. What it cannot read it says.

mod asked;
mod filter;
mod gathered;
mod places;
mod processes;
mod walk;

#[cfg(test)]
mod leaks;
#[cfg(test)]
mod tests;

use std::path::Path;

use audit::Missing;
use audit::host::{Guard, HostFacts, Reach, users};

use super::tree::Tree;
use crate::failure::Failure;

/// What is on the host below `root`. `key` tells values apart in this audit and is drawn for it.
pub(crate) fn collect(root: &Path, key: &[u8]) -> Result<(HostFacts, Vec<Missing>), Failure> {
    let tree = Tree::open(root).map_err(|errno| {
        let message = format!(
            "`{}` is no folder that can be read: {errno}",
            root.display()
        );
        Failure::wrong(message).hint("--host takes `/`, or where another system's `/` is mounted")
    })?;
    let is_running = tree.is_own_root();
    let passwd = tree.text("etc/passwd");
    let users = users(passwd.as_deref().unwrap_or_default());
    let starts = places::starts(&tree, &users, passwd.is_some());
    let (mut gathered, mut looked_at) = walk::walk(&tree, &starts, &users, key);
    if is_running {
        looked_at.processes = processes::look(&tree, key, &mut gathered);
    }
    let mut facts = HostFacts {
        instance_id: instance_id(&tree),
        root: root.display().to_string(),
        is_running,
        looked_at,
        ..HostFacts::default()
    };
    let (guards, mut missing, missed) = gathered.share_out(&mut facts);
    facts.looked_at.missed = missed;
    let mut lacking = asked::look(&tree, &starts, &users, key, &mut facts);
    lacking.retain(|it| !missing.contains(it));
    facts.looked_at.missed += u64::try_from(lacking.len()).unwrap_or(u64::MAX);
    missing.extend(lacking);
    // A host without an instance's id has no metadata service.
    if facts.instance_id.is_some() {
        let (reach, lacking) = if is_running {
            filter::reach(&tree, guards)
        } else {
            (in_files(guards), None)
        };
        facts.reach = Some(reach);
        facts.looked_at.missed += u64::from(lacking.is_some());
        missing.extend(lacking);
    }
    Ok((facts, missing))
}

/// Something that could not be read.
fn lacks(what: &str, why: &str) -> Missing {
    Missing {
        what: what.to_owned(),
        place: "host".to_owned(),
        why: why.to_owned(),
    }
}

/// The id that the hypervisor or cloud-init left.
fn instance_id(tree: &Tree) -> Option<String> {
    let mut texts = INSTANCE_ID_FILES.iter().filter_map(|path| tree.text(path));
    texts.find_map(|text| {
        let id = text.trim();
        let digits = id.strip_prefix("i-")?;
        let is_id = digits.len() >= 8 && digits.bytes().all(|it| it.is_ascii_hexdigit());
        is_id.then(|| id.to_owned())
    })
}

/// Who can reach the metadata service, by files alone.
fn in_files(guards: Vec<Guard>) -> Reach {
    if guards.is_empty() {
        Reach::Everybody
    } else {
        Reach::Guarded(guards)
    }
}

const INSTANCE_ID_FILES: [&str; 2] = [
    "sys/devices/virtual/dmi/id/board_asset_tag",
    "var/lib/cloud/data/instance-id",
];
