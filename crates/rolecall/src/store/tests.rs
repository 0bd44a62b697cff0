//! The store keeps what was committed, shows nothing of it, and says what is wrong with a folder.

use account::sample;
use jiff::Timestamp;

use account::entity::Located;

use redb::Database;

use super::embedded::{META, RECORDS, Table};
use super::summary::FORMAT_KEY;
use super::*;

pub(super) fn folder(at: &std::path::Path) -> Folder {
    Folder::prepare(Some(at.to_owned()), None).unwrap()
}

pub(super) fn changes() -> Vec<Change> {
    sample::sample("123456789012", "us-east-1", Timestamp::UNIX_EPOCH, [1; 32])
        .unwrap()
        .changes
}

#[expect(clippy::unnecessary_wraps, reason = "what opens a store may refuse")]
pub(super) fn all(entities: Entities) -> Result<Vec<Located>, Failure> {
    Ok(entities.into_iter().collect())
}

pub(super) fn open(at: &std::path::Path) -> Opened<Vec<Located>> {
    Store::open(&folder(at), all).unwrap()
}

pub(super) fn filled(at: &std::path::Path) {
    match open(at) {
        Opened::New(store) => store.commit(&changes()).unwrap(),
        Opened::Account(..) => panic!("the folder is not new"),
    }
}

fn message(at: &std::path::Path) -> String {
    Store::open(&folder(at), Ok).unwrap_err().message
}

#[test]
fn what_was_committed_is_there_after_opening_again() {
    let at = tempfile::tempdir().unwrap();
    filled(at.path());

    let Opened::Account(store, entities) = open(at.path()) else {
        panic!("the account is not there");
    };
    assert_eq!(entities.len(), changes().len());

    store.commit(&[entities[0].delete()]).unwrap();
    drop(store);
    let Opened::Account(_, left) = open(at.path()) else {
        panic!("the account is not there");
    };
    assert_eq!(left.len(), entities.len() - 1);
}

#[test]
fn files_are_for_their_owner_alone_and_show_no_secret() {
    use std::os::unix::fs::PermissionsExt;
    let at = tempfile::tempdir().unwrap();
    filled(at.path());

    for file in std::fs::read_dir(at.path()).unwrap() {
        let path = file.unwrap().path();
        assert_eq!(
            path.metadata().unwrap().permissions().mode() & 0o777,
            0o600,
            "{path:?}"
        );
        let bytes = std::fs::read(&path).unwrap();
        let needle = b"\"username\"";
        assert!(
            !bytes.windows(needle.len()).any(|window| window == needle),
            "{path:?}"
        );
    }
}

#[test]
fn a_folder_in_use_is_refused() {
    let at = tempfile::tempdir().unwrap();
    filled(at.path());
    let _held = open(at.path());

    assert!(message(at.path()).ends_with("is in use by another process"));
}

#[test]
fn another_root_key_is_refused() {
    let at = tempfile::tempdir().unwrap();
    filled(at.path());
    let key = at.path().join("root.key");
    std::fs::write(&key, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n").unwrap();
    assert!(message(at.path()).contains("does not open the data folder"));

    std::fs::write(&key, "not a key").unwrap();
    assert!(message(at.path()).contains("is no root key"));

    std::fs::remove_file(&key).unwrap();
    assert!(message(at.path()).ends_with("is missing"));
    assert!(!key.exists(), "a folder with data gets no new key");
}

#[test]
fn another_format_is_refused() {
    let at = tempfile::tempdir().unwrap();
    filled(at.path());
    let database = Database::open(at.path().join("rolecall.redb")).unwrap();
    let write = database.begin_write().unwrap();
    write
        .open_table(META)
        .unwrap()
        .insert(FORMAT_KEY, b"1".as_slice())
        .unwrap();
    write.commit().unwrap();
    drop(database);

    assert!(message(at.path()).ends_with("has format 1, this version knows format 2"));
}

#[test]
fn a_record_that_was_taken_out_or_put_back_is_noticed() {
    let at = tempfile::tempdir().unwrap();
    filled(at.path());
    let file = at.path().join("rolecall.redb");
    let whole = std::fs::read(&file).unwrap();
    let table = |act: &dyn Fn(&mut Table<'_>)| {
        let database = Database::open(&file).unwrap();
        let write = database.begin_write().unwrap();
        act(&mut write.open_table(RECORDS).unwrap());
        write.commit().unwrap();
    };
    let secret = "123456789012/us-east-1/secretsmanager/secret/my-secret";
    let mut taken = Vec::new();
    let taken_out = std::cell::RefCell::new(&mut taken);
    table(&|records| {
        let value = records.remove(secret).unwrap().unwrap().value().to_vec();
        taken_out.borrow_mut().extend(value);
    });
    assert!(message(at.path()).contains("are not the"));

    // The account takes the secret out by itself; somebody puts it back.
    std::fs::write(&file, &whole).unwrap();
    let Opened::Account(store, entities) = open(at.path()) else {
        panic!("the account is not there");
    };
    let held = entities.iter().find(|held| held.record_key() == secret);
    store.commit(&[held.unwrap().delete()]).unwrap();
    drop(store);
    assert!(matches!(open(at.path()), Opened::Account(..)));
    table(&|records| drop(records.insert(secret, taken.as_slice()).unwrap()));
    assert!(message(at.path()).contains("are not the"));
}

#[test]
fn a_new_root_key_takes_the_place_of_the_old_one() {
    let at = tempfile::tempdir().unwrap();
    filled(at.path());
    let passphrase = at.path().join("passphrase");
    std::fs::write(&passphrase, "correct horse battery").unwrap();
    let by_passphrase = KeySource::PassphraseFile(passphrase);
    let by_file = KeySource::File(at.path().join("new.key"));
    let mut old = folder(at.path());
    for (new, with_data_key) in [(by_passphrase, false), (by_file, true)] {
        let count = Store::rekey(&old, Some(&new), with_data_key).unwrap();
        assert_eq!(count, changes().len() as u64);
        assert!(Store::open(&old, Ok).is_err());
        old = Folder::prepare(Some(at.path().to_owned()), Some(new)).unwrap();
        let Opened::Account(store, entities) = Store::open(&old, all).unwrap() else {
            panic!("the account is not there");
        };
        assert_eq!(entities.len(), changes().len());
        store.commit(&changes()).unwrap();
    }
    Store::rekey(&old, None, true).unwrap();
    assert!(matches!(Store::open(&old, Ok), Ok(Opened::Account(..))));
    let same = KeySource::File(at.path().join("new.key"));
    let failure = Store::rekey(&old, Some(&same), false).unwrap_err();
    assert_eq!(failure.message, "the new root key is the old one");
}

#[test]
fn a_record_moved_to_another_place_is_noticed() {
    let at = tempfile::tempdir().unwrap();
    filled(at.path());
    let database = Database::open(at.path().join("rolecall.redb")).unwrap();
    let write = database.begin_write().unwrap();
    {
        let mut records = write.open_table(RECORDS).unwrap();
        let secret = "123456789012/us-east-1/secretsmanager/secret/my-secret";
        let moved = records.remove(secret).unwrap().unwrap().value().to_vec();
        records
            .insert(
                "123456789012/us-east-1/secretsmanager/secret/other",
                moved.as_slice(),
            )
            .unwrap();
    }
    write.commit().unwrap();
    drop(database);

    assert!(
        message(at.path())
            .contains("record `123456789012/us-east-1/secretsmanager/secret/other` does not open")
    );
}

#[test]
fn a_file_that_is_no_database_is_left_as_it_is() {
    let at = tempfile::tempdir().unwrap();
    let file = at.path().join("rolecall.redb");
    let garbage = vec![b'x'; 20_000];
    std::fs::write(&file, &garbage).unwrap();

    assert!(message(at.path()).contains("is no database of rolecall"));
    assert_eq!(std::fs::read(&file).unwrap(), garbage);
}
