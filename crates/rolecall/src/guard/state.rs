//! The file in which counts outlive the guard: for its user alone, and never there by halves.

use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use agent::guard::Counts;
use protocol::Secret;

use crate::clock;
use crate::failure::Failure;
use crate::host::{Owner, Place};

/// Where counts are kept.
#[derive(Debug, Clone)]
pub(crate) struct State(PathBuf);

impl State {
    pub(crate) fn new(path: &str) -> Self {
        Self(path.into())
    }

    /// What was counted before. A file that is damaged is no reason to leave the host without a
    /// guard: then counting begins anew.
    pub(crate) fn load(&self) -> Counts {
        let anew = || Counts::new(clock::now());
        let path = self.0.display();
        let text = match read(&self.0) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return anew(),
            Err(error) => {
                tracing::error!(%path, %error, "counts cannot be read, and begin anew");
                return anew();
            }
        };
        serde_json::from_slice(&text).unwrap_or_else(|error| {
            tracing::error!(%path, %error, "counts are damaged, and begin anew");
            anew()
        })
    }

    /// Blocks until it is on the disk.
    pub(crate) fn save(&self, counts: &Counts) -> Result<(), Failure> {
        let text = serde_json::to_vec(counts).unwrap_or_default();
        let place = Place::find(&self.0)?;
        let owner = Owner::default();
        place.put(&Secret::new(text), 0o600, owner).map(drop)
    }
}

fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut text = Vec::new();
    std::fs::File::open(path)?
        .take(STATE_BYTES_MAX)
        .read_to_end(&mut text)?;
    Ok(text)
}

// All callers that have a place, with the longest paths.
const STATE_BYTES_MAX: u64 = 16 << 20;

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn counts_are_private_and_come_back_and_a_damaged_file_is_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.json");
        let state = State::new(path.to_str().unwrap());
        assert!(state.load().users.is_empty(), "nothing was kept yet");
        let mut counts = Counts::new(clock::now());
        counts.users.entry(33).or_default().refused = 3;
        state.save(&counts).unwrap();
        assert_eq!(state.load(), counts);
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let mut text = std::fs::read(&path).unwrap();
        text.truncate(text.len() / 2);
        std::fs::write(&path, text).unwrap();
        assert!(state.load().users.is_empty());
        let nowhere = State::new("/nonexistent/state.json");
        assert!(nowhere.save(&counts).is_err());
    }
}
