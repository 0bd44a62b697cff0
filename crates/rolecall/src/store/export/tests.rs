//! An export restores what it was made of, and no other file restores anything.

use std::path::Path;

use account::entity::Located;

use super::super::exports::{Exports, newest};
use super::super::tests::{all, changes, filled, folder, open};
use super::super::{Folder, KeySource, Opened, Store, restore};
use crate::failure::Failure;

/// A folder with an account, its root key beside it, and an export.
fn exported(at: &Path) -> Vec<u8> {
    filled(&at.join("data"));
    let Opened::Account(store, _) = open(&at.join("data")) else {
        panic!("the account is not there");
    };
    let path = at.join("export");
    let count = store.export(&path, jiff::Timestamp::UNIX_EPOCH).unwrap();
    assert_eq!(count, changes().len() as u64);
    std::fs::read(path).unwrap()
}

fn into(at: &Path, name: &str) -> Folder {
    let key = KeySource::File(at.join("data/root.key"));
    Folder::prepare(Some(at.join(name)), Some(key)).unwrap()
}

fn restored(at: &Path, name: &str) -> Result<u64, Failure> {
    let restored = restore(&into(at, name), &at.join("export"), |_| Ok(()))?;
    Ok(restored.count)
}

#[test]
fn an_export_becomes_the_same_account() {
    let at = tempfile::tempdir().unwrap();
    exported(at.path());
    assert_eq!(restored(at.path(), "new").unwrap(), changes().len() as u64);

    let sorted = |folder: &Folder| {
        let Opened::Account(store, entities) = Store::open(folder, all).unwrap() else {
            panic!("the account is not there");
        };
        let mut texts: Vec<String> = entities.iter().map(encoded).collect();
        texts.sort();
        (store.generation(), texts)
    };
    let (generation, before) = sorted(&folder(&at.path().join("data")));
    let (after, found) = sorted(&into(at.path(), "new"));
    assert_eq!(found, before);
    // Whoever has seen a later write knows it for an older copy.
    assert_eq!(after, generation);
}

fn encoded(located: &Located) -> String {
    let bytes = located.entity.encode().unwrap();
    format!(
        "{} {}",
        located.record_key(),
        String::from_utf8_lossy(&bytes)
    )
}

#[test]
fn an_export_shows_no_secret_and_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let at = tempfile::tempdir().unwrap();
    let bytes = exported(at.path());
    let mode = at.path().join("export").metadata().unwrap().permissions();
    assert_eq!(mode.mode() & 0o777, 0o600);
    let needle = b"\"username\"";
    assert!(!bytes.windows(needle.len()).any(|part| part == needle));
}

#[test]
fn no_byte_of_an_export_can_be_changed_or_missing() {
    let at = tempfile::tempdir().unwrap();
    let whole = exported(at.path());
    let file = at.path().join("export");
    let step = whole.len() / 300 + 1;
    let check = |bytes: &[u8], what: &str| {
        std::fs::write(&file, bytes).unwrap();
        let failure = restored(at.path(), "new").unwrap_err();
        assert!(!failure.hints.is_empty(), "{what}");
        let left = std::fs::read_dir(at.path().join("new")).unwrap();
        assert_eq!(left.count(), 0, "{what}");
    };
    for place in (0..600).chain((600..whole.len()).step_by(step)) {
        let mut changed = whole.clone();
        changed[place] ^= 1;
        check(&changed, &format!("byte {place}"));
        check(&whole[..place], &format!("length {place}"));
    }
    check(&[&whole[..], b"x"].concat(), "longer");
    std::fs::write(&file, &whole).unwrap();
    restored(at.path(), "new").unwrap();
}

#[test]
fn a_folder_with_something_in_it_is_refused() {
    let at = tempfile::tempdir().unwrap();
    exported(at.path());
    let failure = restored(at.path(), "data").unwrap_err();
    assert!(failure.message.contains("is not empty"), "{failure:?}");

    // The root key may be there.
    std::fs::create_dir(at.path().join("new")).unwrap();
    let key = at.path().join("new/root.key");
    std::fs::copy(at.path().join("data/root.key"), key).unwrap();
    let new = folder(&at.path().join("new"));
    restore(&new, &at.path().join("export"), |_| Ok(())).unwrap();
    assert!(matches!(Store::open(&new, Ok), Ok(Opened::Account(..))));
}

#[test]
fn another_root_key_restores_nothing() {
    let at = tempfile::tempdir().unwrap();
    exported(at.path());
    let key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    std::fs::write(at.path().join("other.key"), key).unwrap();
    let key = KeySource::File(at.path().join("other.key"));
    let new = Folder::prepare(Some(at.path().join("new")), Some(key)).unwrap();
    let failure = restore(&new, &at.path().join("export"), |_| Ok(())).unwrap_err();
    assert!(failure.message.contains("does not open"), "{failure:?}");
}

#[test]
fn exports_are_made_of_what_is_new_and_the_oldest_go() {
    let at = tempfile::tempdir().unwrap();
    filled(&at.path().join("data"));
    let Opened::Account(store, _) = open(&at.path().join("data")) else {
        panic!("the account is not there");
    };
    let exports = Exports {
        folder: at.path().join("exports"),
        every: std::time::Duration::from_secs(1),
        keep: 2,
    };
    std::fs::create_dir(&exports.folder).unwrap();
    std::fs::write(exports.folder.join("mine"), "not an export").unwrap();
    let count = || std::fs::read_dir(&exports.folder).unwrap().count() - 1;
    exports.export_now(&store).unwrap();
    exports.export_now(&store).unwrap();
    assert_eq!(count(), 1);
    for _ in 0..3 {
        store.commit(&changes()).unwrap();
        exports.export_now(&store).unwrap();
    }
    assert_eq!(count(), 2);
    let newest = newest(&exports.folder).unwrap();
    std::fs::copy(newest, at.path().join("export")).unwrap();
    restored(at.path(), "new").unwrap();
}
