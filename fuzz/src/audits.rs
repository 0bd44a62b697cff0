//! The auditor: what reads files of strangers.

use audit::keys;

/// A file. See [`crate::TARGETS`].
pub fn keys(bytes: &[u8]) {
    let found = keys::find(bytes, b"a key of the audit");
    let lines = bytes.split(|byte| *byte == b'\n').count();
    for key in &found.keys {
        let placed = key.offset < bytes.len() && (1..=lines).contains(&key.line);
        assert!(placed && key.column >= 1, "{key:?}");
        assert_eq!(key.inner_line.is_some(), !key.within.is_empty(), "{key:?}");
        assert!(key.key_id.is_some() || key.has_secret, "{key:?}");
    }
    assert_eq!(keys::find(bytes, b"a key of the audit"), found);
}
