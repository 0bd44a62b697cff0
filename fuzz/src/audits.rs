//! The auditor: what reads files of strangers.

use audit::code::{self, File};
use audit::{host, keys};
use jiff::Timestamp;

/// A file. See [`crate::TARGETS`].
pub fn keys(bytes: &[u8]) {
    let found = keys::find(bytes, b"a key of the audit", keys::OPENED_BYTES_MAX);
    let lines = bytes.split(|byte| *byte == b'\n').count();
    for key in &found.keys {
        let placed = key.offset < bytes.len() && (1..=lines).contains(&key.line);
        assert!(placed && key.column >= 1, "{key:?}");
        assert_eq!(key.inner_line.is_some(), !key.within.is_empty(), "{key:?}");
        assert!(key.key_id.is_some() || key.has_secret, "{key:?}");
    }
    assert_eq!(
        keys::find(bytes, b"a key of the audit", keys::OPENED_BYTES_MAX),
        found
    );
}

/// A file of code, as Terraform and as a stack. See [`crate::TARGETS`].
pub fn audited_code(bytes: &[u8]) {
    let lines = 1 + bytes.split(|byte| *byte == b'\n').count();
    for path in ["main.tf", "stack.yaml"] {
        let file = File {
            path: path.to_owned(),
            bytes: bytes.to_vec(),
        };
        let (facts, missing) = code::read("folder", &[file], b"a key of the audit");
        for finding in code::findings(&facts, Timestamp::UNIX_EPOCH) {
            let place = finding.subject.place.expect("code has a place");
            assert!((1..=lines).contains(&place.line), "{place:?} of {lines}");
        }
        assert!(
            missing.iter().all(|it| !it.why.contains('\n')),
            "{missing:?}"
        );
    }
}

/// A file of a host, at each sort of place. See [`crate::TARGETS`].
pub fn audited_host(bytes: &[u8]) {
    let users = host::users(&String::from_utf8_lossy(bytes));
    let readers = host::Readers { uid: 0, mode: 0 };
    let mut facts = host::HostFacts::default();
    for path in HOST_PATHS {
        let looked = host::look(
            path,
            readers,
            bytes,
            &users,
            b"a key of the audit",
            keys::OPENED_BYTES_MAX,
        );
        facts.sightings.extend(looked.sightings);
        facts.services.extend(looked.service);
        facts.profiles.extend(looked.profiles);
        facts.chosen.extend(looked.chosen);
    }
    let found = host::findings(&facts, Timestamp::UNIX_EPOCH);
    assert!(found.len() <= 3 * facts.sightings.len() + 1, "{found:?}");
}

const HOST_PATHS: [&str; 4] = [
    "/root/.aws/credentials",
    "/etc/systemd/system/x.service",
    "/etc/nftables.conf",
    "/etc/environment",
];
