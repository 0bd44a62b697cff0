//! Secrets that a scenario saw, and the search for them where they must not be.

use std::collections::BTreeSet;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

/// Texts that must be found nowhere in clear.
#[derive(Default)]
pub(crate) struct Canaries {
    // INVARIANT: none is short enough to be found by chance.
    texts: BTreeSet<String>,
}

impl Canaries {
    pub(crate) fn add(&mut self, text: &str) {
        assert!(text.len() >= BYTES_MIN, "a canary of {} bytes", text.len());
        self.texts.insert(text.to_owned());
    }

    pub(crate) fn len(&self) -> usize {
        self.texts.len()
    }

    /// Fails when a file below one of the places holds a canary. The message shows none.
    pub(crate) fn search(&self, places: &[&Path], exempt: &[&Path]) {
        let mut found = Vec::new();
        for file in places.iter().flat_map(|place| files(place)) {
            if exempt.contains(&file.as_path()) {
                continue;
            }
            let bytes = std::fs::read(&file).unwrap();
            for text in self.texts.iter().filter(|text| holds(&bytes, text)) {
                let start: String = text.chars().take(4).collect();
                found.push(format!("{}: `{start}…`", file.display()));
            }
        }
        assert!(found.is_empty(), "in clear:\n{}", found.join("\n"));
    }
}

/// Every file at or below a place. A socket holds nothing.
pub(crate) fn files(place: &Path) -> Vec<PathBuf> {
    if std::fs::symlink_metadata(place).is_ok_and(|found| found.file_type().is_socket()) {
        return Vec::new();
    }
    if !place.is_dir() {
        return vec![place.to_owned()];
    }
    let mut found: Vec<PathBuf> = std::fs::read_dir(place)
        .unwrap()
        .flat_map(|entry| files(&entry.unwrap().path()))
        .collect();
    found.sort();
    found
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|part| part == text.as_bytes())
}

const BYTES_MIN: usize = 12;

#[test]
fn a_canary_is_found_in_the_middle_of_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, b"\x00\xff-the-canary-sings-\x00").unwrap();
    let mut canaries = Canaries::default();
    canaries.add("the-canary-sings");

    canaries.search(&[folder.path()], &[&path]);
    let found = std::panic::catch_unwind(|| canaries.search(&[folder.path()], &[]));

    assert!(found.is_err());
}
