//! The collector of a host: reads what may hold keys on this host or below a mounted root, and
//! hands each text to `audit::host`, which knows what it means.
//!
//! It opens nothing for writing, follows no link out of the root, opens no device or pipe, starts
//! no program, and sends nothing. What it cannot read it says.

mod places;
mod processes;

mod walk;

#[cfg(test)]
mod tests;

use std::path::Path;

use audit::Missing;
use audit::host::{Guard, HostFacts, Looked, Reach, users};

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
    let mut gathered = walk::walk(&tree, &starts, &users, key);
    if is_running {
        gathered.add(processes::look(&tree, key));
    }
    let mut facts = HostFacts {
        instance_id: instance_id(&tree),
        root: root.display().to_string(),
        is_running,
        looked_at: gathered.looked_at,
        ..HostFacts::default()
    };
    let guards = gathered.share_out(&mut facts);
    facts.reach = reach(&tree, &facts, guards);
    let mut missing = gathered.missing;
    if facts.reach == Some(Reach::NotKnown) {
        missing.push(lacks(
            "rules about the metadata service",
            "the kernel filters packets, its rules are not readable as files, and no file of the \
             host names 169.254.169.254",
        ));
    }
    missing.sort();
    missing.dedup();
    facts.looked_at.missed = u64::try_from(missing.len()).unwrap_or(u64::MAX);
    Ok((facts, missing))
}

/// What was gathered, in parts.
#[derive(Debug, Default)]
struct Gathered {
    looked: Vec<Looked>,
    missing: Vec<Missing>,
    looked_at: audit::host::LookedAt,
}

impl Gathered {
    fn add(&mut self, other: Gathered) {
        self.looked.extend(other.looked);
        self.looked_at.files += other.looked_at.files;
        self.looked_at.bytes += other.looked_at.bytes;
        self.looked_at.processes += other.looked_at.processes;
        for missing in other.missing {
            self.miss(missing);
        }
    }

    fn miss(&mut self, missing: Missing) {
        if self.missing.len() < MISSING_MAX {
            self.missing.push(missing);
        } else if self.missing.len() == MISSING_MAX {
            self.missing
                .push(lacks("more places", "the list ends here"));
        }
    }

    /// Takes down what a text held, and what was not looked at of it.
    fn keep(&mut self, path: &str, looked: Looked) {
        for why in &looked.cut {
            self.miss(lacks(path, why));
        }
        let is_empty = looked.sightings.is_empty()
            && looked.traces.is_empty()
            && looked.guards.is_empty()
            && looked.service.is_none();
        if !is_empty {
            self.looked.push(looked);
        }
    }

    /// Puts what was found among the facts, in the order of paths; the guards are handed back.
    fn share_out(&mut self, facts: &mut HostFacts) -> Vec<Guard> {
        let mut guards = Vec::new();
        let mut is_full = false;
        for looked in self.looked.drain(..) {
            let room = SIGHTINGS_MAX - facts.sightings.len().min(SIGHTINGS_MAX);
            if looked.sightings.len() > room && !is_full {
                is_full = true;
                self.missing
                    .push(lacks("more keys", "the list of keys ends here"));
            }
            facts
                .sightings
                .extend(looked.sightings.into_iter().take(room));
            facts.traces.extend(looked.traces);
            facts.services.extend(looked.service);
            guards.extend(looked.guards);
        }
        facts.sightings.sort_by(|one, other| {
            let place = |it: &audit::host::Sighting| (it.path.clone(), it.key.offset);
            place(one).cmp(&place(other))
        });
        facts.traces.sort();
        facts.services.sort();
        guards.sort();
        guards
    }
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
// More than anyone reads.
const SIGHTINGS_MAX: usize = 50_000;
const MISSING_MAX: usize = 1_000;
