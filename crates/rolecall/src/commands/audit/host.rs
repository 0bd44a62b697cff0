//! The collector of a host: reads what may hold keys on this host or below a mounted root, and
//! hands each text to `audit::host`, which knows what it means.
//!
//! It opens nothing for writing, follows no link out of the root, opens no device or pipe, starts
//! no program, and sends nothing. What it cannot read it says.

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
    facts.reach = reach(&tree, &facts, guards);
    if facts.reach == Some(Reach::NotKnown) {
        missing.push(lacks(
            "rules about the metadata service",
            "the kernel filters packets, its rules are not readable as files, and no file of the \
             host names 169.254.169.254",
        ));
        facts.looked_at.missed += 1;
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

/// Who can reach the metadata service, on a host that has one.
fn reach(tree: &Tree, facts: &HostFacts, guards: Vec<Guard>) -> Option<Reach> {
    facts.instance_id.as_ref()?;
    if !guards.is_empty() {
        return Some(Reach::Guarded(guards));
    }
    // What a kernel filters is not in files; that it filters nothing is.
    let modules = tree.text("proc/modules").unwrap_or_default();
    let filters = modules.lines().any(|line| {
        let name = line.split(' ').next().unwrap_or_default();
        FILTERS.contains(&name)
    });
    if facts.is_running && filters {
        return Some(Reach::NotKnown);
    }
    Some(Reach::Everybody)
}

const INSTANCE_ID_FILES: [&str; 2] = [
    "sys/devices/virtual/dmi/id/board_asset_tag",
    "var/lib/cloud/data/instance-id",
];
const FILTERS: [&str; 4] = ["nf_tables", "ip_tables", "iptable_filter", "x_tables"];
