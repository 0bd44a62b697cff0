//! What a guard that was killed leaves to the next: the key of its tokens, and what the metadata
//! service said last.
//!
//! A file beside its lock that root alone reads, in memory and never on a disk: nothing is kept
//! where the folder is on another file system than tmpfs, and no credentials where memory may be
//! swapped out. A guard that ends by itself removes it. Whose answers they are and how long they
//! hold is the endpoint's to say.

use std::fs::File;
use std::io::Read;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use protocol::Secret;
use protocol::json::{self, Sink};
use rustix::fs::{OFlags, statfs};
use serde::Deserialize;

use super::only::Only;
use crate::failure::Failure;
use crate::host::{Owner, Place};

/// Where it is kept.
#[derive(Debug, Clone)]
pub(crate) struct Kept(PathBuf);

/// What was kept.
#[derive(Debug)]
pub(crate) struct Before {
    pub(crate) key: Secret,
    pub(crate) answers: Vec<Said>,
}

/// What the metadata service said at a path.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Said {
    pub(crate) path: String,
    pub(crate) at: Timestamp,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

#[derive(Deserialize)]
struct Text {
    format: u32,
    key: String,
    answers: Vec<Said>,
}

impl Kept {
    /// `None` where it would come to a disk.
    pub(crate) fn beside(only: &Only) -> Option<Self> {
        let path = only.beside(ENDING);
        let folder = path.parent()?;
        let is_memory = statfs(folder).is_ok_and(|it| it.f_type == TMPFS_MAGIC);
        if !is_memory {
            let folder = folder.display();
            tracing::info!(%folder, "not in memory: tokens do not outlive this guard");
        }
        is_memory.then_some(Self(path))
    }

    /// What the guard before kept that was killed. Something else in its place is passed over.
    pub(crate) fn load(&self) -> Option<Before> {
        let bytes = Secret::new(read(&self.0).ok()?);
        let text: Text = serde_json::from_slice(bytes.expose()).ok()?;
        let key = Secret::from_text(text.key);
        let key = base64::Engine::decode(&FORM, key.expose()).ok()?;
        (text.format == FORMAT && key.len() == KEY_BYTES).then(|| Before {
            key: Secret::new(key),
            answers: text.answers,
        })
    }

    /// Blocks for a moment.
    pub(crate) fn save(&self, before: &Before) -> Result<(), Failure> {
        let with_credentials = is_never_swapped();
        let answers = before.answers.iter();
        let answers = answers.filter(|said| with_credentials || !said.is_of_credentials());
        let answers: Vec<&Said> = answers.collect();
        let text = json::secret(|to| write(to, &before.key, &answers));
        Place::find(&self.0)?
            .put(&text, MODE, Owner::default())
            .map(drop)
    }
}

/// What was said may be credentials.
impl std::fmt::Debug for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Said")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl Said {
    fn is_of_credentials(&self) -> bool {
        self.path.to_ascii_lowercase().contains("credentials")
    }
}

fn write(to: &mut dyn Sink, key: &Secret, answers: &[&Said]) {
    to.raw(b"{\"format\":1,\"key\":");
    to.base64(key.expose());
    to.raw(b",\"answers\":[");
    for (at, said) in answers.iter().enumerate() {
        to.raw(if at == 0 {
            b"{\"path\":"
        } else {
            b",{\"path\":"
        });
        to.string(&said.path);
        to.raw(b",\"at\":");
        to.string(&said.at.to_string());
        to.raw(b",\"headers\":[");
        for (at, (name, value)) in said.headers.iter().enumerate() {
            to.raw(if at == 0 { b"[" } else { b",[" });
            to.string(name);
            to.raw(b",");
            to.string(value);
            to.raw(b"]");
        }
        to.raw(b"],\"body\":");
        to.string(&said.body);
        to.raw(b"}");
    }
    to.raw(b"]}");
}

/// Of root, and of nobody else.
fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let flags = i32::try_from(OFlags::NOFOLLOW.bits()).unwrap_or_default();
    let file = File::options().read(true).custom_flags(flags).open(path)?;
    let found = file.metadata()?;
    let own = rustix::process::geteuid().as_raw();
    let is_private = found.is_file() && found.uid() == own && found.mode() & 0o777 == MODE;
    if !is_private || found.len() > BYTES_MAX {
        return Err(std::io::ErrorKind::InvalidData.into());
    }
    // As long as it is, so that it is read into one place, which is wiped.
    let mut bytes = Vec::with_capacity(usize::try_from(found.len()).unwrap_or_default() + 1);
    file.take(BYTES_MAX).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Whether there is nothing to which memory could be written. Asked of the kernel, as a unit may
/// not see all of /proc.
fn is_never_swapped() -> bool {
    rustix::system::sysinfo().totalswap == 0
}

/// The ending of its name.
pub(super) const ENDING: &str = "kept";
const MODE: u32 = 0o600;
const FORMAT: u32 = 1;
const FORM: base64::engine::GeneralPurpose = base64::engine::general_purpose::STANDARD;
const KEY_BYTES: usize = 32;
// `TMPFS_MAGIC` of the kernel.
const TMPFS_MAGIC: i64 = 0x0102_1994;
// As many answers as are remembered, each as long as it may be, as JSON.
const BYTES_MAX: u64 = 64 << 20;

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn kept() -> (tempfile::TempDir, Kept, Before) {
        let folder = tempfile::tempdir().unwrap();
        let kept = Kept(folder.path().join("1.kept"));
        let said = |path: &str, body: &str| Said {
            path: path.to_owned(),
            at: Timestamp::from_second(1_790_000_000).unwrap(),
            headers: vec![("content-type".to_owned(), "text/plain".to_owned())],
            body: body.to_owned(),
        };
        let before = Before {
            key: Secret::new([7; KEY_BYTES]),
            answers: vec![
                said("/latest/meta-data/mac", "02:00 \"quoted\"\n"),
                said("/latest/meta-data/iam/security-credentials/r", "{}"),
            ],
        };
        (folder, kept, before)
    }

    #[test]
    fn what_is_kept_comes_back_and_is_roots_alone() {
        let (_folder, kept, before) = kept();
        assert!(kept.load().is_none(), "nothing was kept yet");
        kept.save(&before).unwrap();
        let found = kept.load().unwrap();
        assert_eq!(found.key, before.key);
        let expect = if is_never_swapped() { 2 } else { 1 };
        assert_eq!(found.answers, before.answers[..expect]);
        let mode = std::fs::metadata(&kept.0).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn what_others_could_have_written_or_is_damaged_is_passed_over() {
        let (_folder, kept, before) = kept();
        kept.save(&before).unwrap();
        let open = std::fs::Permissions::from_mode(0o620);
        std::fs::set_permissions(&kept.0, open).unwrap();
        assert!(kept.load().is_none(), "others may write to it");
        kept.save(&before).unwrap();
        let mut text = std::fs::read(&kept.0).unwrap();
        text.truncate(text.len() / 2);
        std::fs::write(&kept.0, text).unwrap();
        assert!(kept.load().is_none(), "the half of it");
        let aside = kept.0.with_extension("aside");
        kept.save(&before).unwrap();
        std::fs::rename(&kept.0, &aside).unwrap();
        std::os::unix::fs::symlink(&aside, &kept.0).unwrap();
        assert!(kept.load().is_none(), "a link");
    }
}
