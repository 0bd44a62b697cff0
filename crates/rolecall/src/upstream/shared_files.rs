//! The shared files of the AWS SDKs: where they are and whether they changed.
//!
//! Reads none of them; the SDK does. Source: AWS SDKs and Tools Reference Guide, "Location of the
//! shared config and credentials files".

use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::time::Duration;

use agent::shared_file::Watched;

/// The credentials file and the configuration file.
#[derive(Debug)]
pub(super) struct SharedFiles {
    paths: Vec<PathBuf>,
    watched: Watched<Vec<Look>>,
}

/// What tells one content from another: the file itself, as a rename replaces it, its size and when
/// it was written, in nanoseconds. `None` where there is none.
type Look = Option<(u64, u64, u64, i64, i64)>;

impl SharedFiles {
    /// As they are now.
    pub(super) fn find() -> Self {
        let home = std::env::var_os("HOME").map(PathBuf::from);
        let path = |variable: &str, name: &str| {
            let named = std::env::var_os(variable).filter(|path| !path.is_empty());
            let named = named.map(PathBuf::from);
            match named
                .as_deref()
                .and_then(|path| path.strip_prefix("~").ok())
            {
                Some(rest) => home.as_ref().map(|home| home.join(rest)),
                None => named.or_else(|| home.as_ref().map(|home| home.join(".aws").join(name))),
            }
        };
        let paths = [
            path("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
            path("AWS_CONFIG_FILE", "config"),
        ];
        Self::at(paths.into_iter().flatten().collect())
    }

    fn at(paths: Vec<PathBuf>) -> Self {
        let watched = Watched::new(look(&paths));
        Self { paths, watched }
    }

    /// Resolves once they have changed and are whole.
    pub(super) async fn changed(&mut self) {
        loop {
            tokio::time::sleep(LOOK_EACH).await;
            if self.watched.looked(look(&self.paths)) {
                return;
            }
        }
    }
}

fn look(paths: &[PathBuf]) -> Vec<Look> {
    let looks = paths.iter().map(|path| {
        let file = std::fs::metadata(path).ok()?;
        let written = (file.mtime(), file.mtime_nsec());
        Some((file.dev(), file.ino(), file.size(), written.0, written.1))
    });
    looks.collect()
}

const LOOK_EACH: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_comes_changes_or_is_replaced_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let paths = vec![folder.path().join("credentials")];
        let path = &paths[0];
        let mut looks = vec![look(&paths)];
        std::fs::write(path, "one").unwrap();
        looks.push(look(&paths));
        assert_eq!(look(&paths), looks[1]);
        std::fs::write(path, "three").unwrap();
        looks.push(look(&paths));
        let next = folder.path().join("next");
        std::fs::write(&next, "three").unwrap();
        std::fs::rename(&next, path).unwrap();
        looks.push(look(&paths));
        std::fs::remove_file(path).unwrap();

        assert_eq!(look(&paths), looks[0]);
        assert!(looks.windows(2).all(|two| two[0] != two[1]), "{looks:?}");
    }
}
