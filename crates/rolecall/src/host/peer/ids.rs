//! Which ids mean what they say, as seen from this process's user namespace.
//!
//! Source: user_namespaces(7) of the Linux manual, "Unmapped user and group IDs".

use std::path::Path;
use std::sync::LazyLock;

use agent::caller::{NO_GID, Process};

use super::{Unidentified, held, parse};

/// The ids that the kernel shows for whatever has no place in the namespace; `None` outside of
/// user namespaces, where all have one.
#[derive(Debug, Clone, Copy)]
struct Overflow {
    uid: Option<u32>,
    gid: Option<u32>,
}

/// A process with threads cannot change its user namespace, so it is looked up once.
static OVERFLOW: LazyLock<Overflow> = LazyLock::new(|| Overflow {
    uid: overflow("uid"),
    gid: overflow("gid"),
});

/// A process of which only the user and perhaps the group are known.
pub(super) fn nameless(uid: u32, gid: Option<u32>) -> Result<Process, Unidentified> {
    if OVERFLOW.uid == Some(uid) {
        return Err(Unidentified::OutsideNamespace(uid));
    }
    Ok(Process {
        pid: None,
        uid,
        gid: gid.filter(|gid| has_place(*gid)).unwrap_or(NO_GID),
        groups: Vec::new(),
        exe: None,
        unit: None,
        cgroup: None,
        network: None,
    })
}

/// The groups that mean what they say.
pub(super) fn groups(groups: &[u32]) -> Vec<u32> {
    groups
        .iter()
        .copied()
        .filter(|gid| has_place(*gid))
        .collect()
}

fn has_place(gid: u32) -> bool {
    OVERFLOW.gid != Some(gid)
}

fn overflow(kind: &str) -> Option<u32> {
    let text = |path: String| held::text(Path::new(&path), MAP_BYTES_MAX);
    let map = text(format!("/proc/self/{kind}_map"));
    if map.is_some_and(|map| parse::maps_all(&map)) {
        return None;
    }
    let id = text(format!("/proc/sys/kernel/overflow{kind}"));
    Some(
        id.and_then(|id| id.trim().parse().ok())
            .unwrap_or(OVERFLOW_DEFAULT),
    )
}

// A map has 340 lines at most.
const MAP_BYTES_MAX: u64 = 16 << 10;
const OVERFLOW_DEFAULT: u32 = 65_534;
