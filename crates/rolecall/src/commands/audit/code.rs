//! The collector of code: the files of a folder, handed to `audit::code`, which knows what they
//! say.
//!
//! It follows no link, opens nothing for writing, and runs neither Terraform nor a provider. What
//! was downloaded (`.terraform`) and a repository's own records (`.git`) are left out.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};

use audit::Missing;
use audit::code::{CodeFacts, File, read};
use rustix::fs::{Dir, FileType};
use rustix::io::Errno;

use super::tree::{Tree, entry, kind, read as read_file, shown};
use crate::failure::Failure;

/// What the files of a folder say. `key` tells values apart in this audit.
pub(super) fn collect(folder: &Path, key: &[u8]) -> Result<(CodeFacts, Vec<Missing>), Failure> {
    let tree = Tree::open(folder).map_err(|errno| {
        let message = format!(
            "`{}` is no folder that can be read: {errno}",
            folder.display()
        );
        Failure::wrong(message).hint("--code takes the folder of the Terraform or stack files")
    })?;
    let mut walk = Walk {
        tree,
        files: Vec::new(),
        missing: Vec::new(),
        bytes: 0,
    };
    walk.all();
    let name = folder.display().to_string();
    walk.files.sort_by(|one, other| one.path.cmp(&other.path));
    let (facts, missing) = read(&name, &walk.files, key);
    walk.missing.extend(missing);
    if facts.files == 0 {
        // Nothing that could be judged is no clean bill.
        walk.miss(&name, "there is no Terraform or CloudFormation file");
    }
    walk.missing.sort();
    Ok((facts, walk.missing))
}

struct Walk {
    tree: Tree,
    files: Vec<File>,
    missing: Vec<Missing>,
    /// That are held.
    bytes: usize,
}

impl Walk {
    fn all(&mut self) {
        let mut pending = vec![(PathBuf::new(), 0)];
        while let Some((path, depth)) = pending.pop() {
            if depth > DEPTH_MAX {
                self.miss(
                    &relative(&path),
                    "folders in folders beyond what is looked at",
                );
                continue;
            }
            if let Err(errno) = self.folder(&path, depth, &mut pending) {
                self.miss(&relative(&path), &why(errno));
            }
            if self.files.len() > FILES_MAX || self.bytes > BYTES_MAX {
                self.miss(
                    "a part of the files",
                    "there are more than are read in one audit",
                );
                return;
            }
        }
    }

    fn folder(
        &mut self,
        path: &Path,
        depth: usize,
        pending: &mut Vec<(PathBuf, usize)>,
    ) -> Result<(), Errno> {
        let folder = self.tree.folder(path)?;
        for found in Dir::read_from(&folder)? {
            let found = found?;
            let name = OsString::from_vec(found.file_name().to_bytes().to_vec());
            if LEFT_OUT.iter().any(|it| name == *it) {
                continue;
            }
            let sort = match found.file_type() {
                FileType::Unknown => kind(&folder, &name).unwrap_or(FileType::Unknown),
                known => known,
            };
            match sort {
                FileType::Directory => pending.push((path.join(name), depth + 1)),
                FileType::RegularFile => self.file(&folder, &name, &path.join(&name)),
                _ => {}
            }
        }
        Ok(())
    }

    fn file(&mut self, folder: &std::os::fd::OwnedFd, name: &OsString, path: &Path) {
        let mut bytes = Vec::new();
        let whole =
            entry(folder, name).and_then(|(file, _)| read_file(&file, FILE_BYTES_MAX, &mut bytes));
        match whole {
            Ok(true) => {}
            Ok(false) => {
                let why = format!("only the first {} MiB were read", FILE_BYTES_MAX >> 20);
                self.miss(&relative(path), &why);
            }
            Err(Errno::NOENT) => return,
            Err(errno) => return self.miss(&relative(path), &why(errno)),
        }
        self.bytes += bytes.len();
        self.files.push(File {
            path: relative(path),
            bytes,
        });
    }

    fn miss(&mut self, what: &str, why: &str) {
        if self.missing.len() < MISSING_MAX {
            self.missing.push(Missing {
                what: what.to_owned(),
                place: "code".to_owned(),
                why: why.to_owned(),
            });
        }
    }
}

fn relative(path: &Path) -> String {
    shown(path).trim_start_matches('/').to_owned()
}

fn why(errno: Errno) -> String {
    match errno {
        Errno::ACCESS | Errno::PERM => "permission denied".to_owned(),
        other => other.to_string(),
    }
}

const LEFT_OUT: [&str; 4] = [".", "..", ".git", ".terraform"];
const DEPTH_MAX: usize = 64;
const FILES_MAX: usize = 100_000;
const FILE_BYTES_MAX: usize = 16 << 20;
// Held at once, as one file may speak of another.
const BYTES_MAX: usize = 1 << 30;
const MISSING_MAX: usize = 1_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_read_without_its_links_and_downloads() {
        let folder = tempfile::TempDir::new().unwrap();
        let put = |path: &str, text: &str| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        put("main.tf", "resource \"aws_instance\" \"web\" {}\n");
        put("a/b/broken.tf", "resource {");
        put(
            ".terraform/modules/x/main.tf",
            "resource \"aws_instance\" \"other\" {}\n",
        );
        std::os::unix::fs::symlink(".", folder.path().join("a/loop")).unwrap();
        std::os::unix::fs::symlink("/etc", folder.path().join("etc")).unwrap();
        let (facts, missing) = collect(folder.path(), b"key").unwrap();

        assert_eq!(facts.launches.len(), 1);
        let what: Vec<&str> = missing.iter().map(|it| it.what.as_str()).collect();
        assert_eq!(what, ["a/b/broken.tf"]);
    }

    #[test]
    fn a_folder_without_code_is_no_clean_bill() {
        let folder = tempfile::TempDir::new().unwrap();
        let (_, missing) = collect(folder.path(), b"key").unwrap();
        assert_eq!(missing.len(), 1);
    }
}
