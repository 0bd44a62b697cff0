//! Where files are put and where they are not: links, folders of everybody, what is in the way.

use std::os::unix::fs::{PermissionsExt, symlink};

use tempfile::TempDir;

use super::*;

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn put(path: &Path, text: &str) -> Result<Placed, Failure> {
    let place = Place::find(path)?;
    place.put(&Secret::from_text(text.to_owned()), 0o400, Owner::default())
}

#[track_caller]
fn refused(path: &Path, words: &str) {
    let failure = put(path, "x").unwrap_err();
    assert!(failure.message.contains(words), "{failure:?}");
}

fn names(folder: &Path) -> Vec<OsString> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name()).collect()
}

#[test]
fn a_link_at_the_end_is_refused() {
    let folder = folder();
    let (target, link) = (folder.path().join("target"), folder.path().join("link"));
    std::fs::write(&target, "kept").unwrap();
    symlink(&target, &link).unwrap();

    refused(&link, "is a symbolic link");
    symlink("nowhere", folder.path().join("dangling")).unwrap();
    refused(&folder.path().join("dangling"), "is a symbolic link");
    assert_eq!(std::fs::read(&target).unwrap(), b"kept");
}

#[test]
fn a_link_on_the_way_is_refused_where_others_write() {
    let folder = folder();
    let real = folder.path().join("real");
    std::fs::create_dir(&real).unwrap();
    let open = folder.path().join("open");
    std::fs::create_dir(&open).unwrap();
    std::fs::set_permissions(&open, PermissionsExt::from_mode(0o1777)).unwrap();
    symlink(&real, open.join("link")).unwrap();

    refused(&open.join("link/file"), "`link` in");
    assert_eq!(names(&real), Vec::<OsString>::new());
    std::fs::write(real.join("file"), "").unwrap();
    refused(&real.join("file/x"), "no folder");
}

#[test]
fn a_folder_that_everybody_writes_is_refused_without_the_sticky_bit() {
    let folder = folder();
    let open = folder.path().join("open");
    std::fs::create_dir(&open).unwrap();
    std::fs::set_permissions(&open, PermissionsExt::from_mode(0o777)).unwrap();
    std::fs::create_dir(open.join("below")).unwrap();

    refused(
        &open.join("file"),
        "everybody may write to the folder `open`",
    );
    refused(
        &open.join("below/file"),
        "everybody may write to the folder `open`",
    );
    std::fs::set_permissions(&open, PermissionsExt::from_mode(0o1777)).unwrap();
    assert!(put(&open.join("file"), "x").is_ok());
}

#[test]
fn what_names_no_file_is_refused() {
    let folder = folder();
    std::fs::create_dir(folder.path().join("a")).unwrap();
    refused(&folder.path().join("a"), "is a folder");
    refused(&folder.path().join("a/../b"), "holds `..`");
    refused(&folder.path().join("none/b"), "the folder `none`");
    refused(Path::new("/"), "names no file");
    refused(Path::new("/dev/null"), "no regular file");
    assert!(put(Path::new(""), "x").is_err());
}

#[test]
fn a_file_is_put_whole_with_its_mode() {
    let folder = folder();
    let path = folder.path().join("file");
    put(&path, "one").unwrap();
    let mode = || std::fs::metadata(&path).unwrap().permissions().mode() & 0o7777;
    assert_eq!(
        (std::fs::read(&path).unwrap(), mode()),
        (b"one".to_vec(), 0o400)
    );

    put(&path, "two").unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), b"two");
    let place = Place::find(&path).unwrap();
    assert!(place.holds(&Secret::new(*b"two")));
    for other in ["", "tw", "twx", "two "] {
        assert!(!place.holds(&Secret::from_text(other.to_owned())));
    }
    place.adjust(0o640, Owner::default()).unwrap();
    assert_eq!(mode(), 0o640);
    assert_eq!(names(folder.path()), ["file"], "nothing else is left");
}

#[test]
fn a_file_of_somebody_else_is_not_taken_away() {
    let folder = folder();
    let path = folder.path().join("file");
    let place = Place::find(&path).unwrap();
    let placed = put(&path, "ours").unwrap();
    std::fs::rename(&path, folder.path().join("elsewhere")).unwrap();
    std::fs::write(&path, "theirs").unwrap();
    place.remove(placed);
    assert!(path.exists());

    let placed = put(&path, "ours").unwrap();
    place.remove(placed);
    assert!(!path.exists());
    place.remove(placed);
}

#[test]
fn memory_is_told_from_disk() {
    assert!(Place::find(Path::new("/dev/shm/x")).unwrap().is_in_memory());
    assert!(!Place::find(Path::new("/proc/x")).unwrap().is_in_memory());
}
