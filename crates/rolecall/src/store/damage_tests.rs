//! A damaged file, and an older copy: what is served is what was written, or there is an error that
//! names the way back; never a panic, never anything else.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use account::entity::Located;

use super::tests::{all, changes, filled, folder, open};
use super::{Folder, Opened, Store};
use crate::failure::Failure;
use crate::host::quiet_test;

/// Deterministic numbers; a failed seed fails again.
pub(super) struct Numbers(pub(super) u64);

impl Numbers {
    /// Below `end`. SplitMix64, of Steele, Lea and Flood, 2014.
    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % (end as u64)).unwrap()
    }

    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

fn texts(entities: &[Located]) -> Vec<String> {
    let text = |located: &Located| {
        let bytes = located.entity.encode().unwrap();
        format!(
            "{} {}",
            located.record_key(),
            String::from_utf8_lossy(&bytes)
        )
    };
    let mut texts: Vec<String> = entities.iter().map(text).collect();
    texts.sort();
    texts
}

fn database(at: &Path) -> PathBuf {
    at.join("rolecall.redb")
}

/// In memory where there is such a place: thousands of syncs would be waited for otherwise.
fn fast_folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").unwrap_or_else(|_| tempfile::tempdir().unwrap())
}

/// A folder with an account in it that was written to many times; what is in it, and its file as a
/// killed server leaves it.
fn used(at: &Path) -> (Vec<String>, Vec<u8>) {
    filled(at);
    let Opened::Account(store, entities) = open(at) else {
        panic!("the account is not there");
    };
    for round in 0..30 {
        let entity = &entities[round % entities.len()];
        let again = entity.clone().put();
        store.commit(&[entity.delete()]).unwrap();
        store.commit(&[again]).unwrap();
    }
    let killed = std::fs::read(database(at)).unwrap();
    (texts(&entities), killed)
}

/// One way to spoil a file.
fn spoil(bytes: &mut Vec<u8>, numbers: &mut Numbers) {
    // The first page has the header, on which everything depends; a third of the places are there.
    let end = if numbers.chance(33) { 512 } else { bytes.len() };
    let place = numbers.below(end);
    match numbers.below(6) {
        0 | 1 => bytes[place] ^= 1 << numbers.below(8),
        2 => {
            for _ in 0..8 {
                let place = numbers.below(end);
                bytes[place] = numbers.below(256).try_into().unwrap();
            }
        }
        3 => {
            let sector = place / 512 * 512;
            let end = bytes.len().min(sector + 512);
            bytes[sector..end].fill(0);
        }
        4 => bytes.truncate(numbers.below(bytes.len())),
        _ => {
            let (one, other) = (
                place / 4096 * 4096,
                numbers.below(bytes.len()) / 4096 * 4096,
            );
            for at in 0..4096.min(bytes.len() - one.max(other)) {
                bytes.swap(one + at, other + at);
            }
        }
    }
}

/// Opens a folder. A process that another test starts holds its lock too, until it has become
/// another program.
fn open_alone(at: &Path) -> Result<Opened<Vec<Located>>, Failure> {
    let begun = Instant::now();
    loop {
        match Store::open(&folder(at), all) {
            Err(failure) if failure.message.contains("in use") && begun.elapsed() < START_MAX => {
                std::thread::yield_now();
            }
            opened => return opened,
        }
    }
}

/// Opens a damaged file; tells whether it was served.
fn is_served(at: &Path, expected: &[String], seed: u64) -> bool {
    let opened = match open_alone(at) {
        Ok(opened) => opened,
        Err(failure) => {
            let name = at.display().to_string();
            let names = failure.message.contains(&name);
            assert!(names, "seed {seed}: {}", failure.message);
            assert!(!failure.hints.is_empty(), "seed {seed}");
            return false;
        }
    };
    let Opened::Account(store, entities) = opened else {
        panic!("seed {seed}: a damaged file counts as a new one");
    };
    assert_eq!(texts(&entities), expected, "seed {seed}");
    let first = &entities[0];
    store.commit(&[first.delete()]).unwrap();
    let again = first.clone().put();
    store.commit(&[again]).unwrap();
    true
}

#[test]
fn a_damaged_file_is_refused_or_as_it_was_written() {
    let at = fast_folder();
    quiet_test();
    let (expected, killed) = used(at.path());
    let closed = std::fs::read(database(at.path())).unwrap();
    let head = std::fs::read(at.path().join("head")).unwrap();
    let mut served = 0;
    for seed in 0..SEEDS {
        let mut numbers = Numbers(seed);
        let mut bytes = if seed % 3 == 0 { &killed } else { &closed }.clone();
        spoil(&mut bytes, &mut numbers);
        std::fs::write(database(at.path()), &bytes).unwrap();
        std::fs::write(at.path().join("head"), &head).unwrap();
        if is_served(at.path(), &expected, seed) {
            served += 1;
            // What was written on it is there.
            assert!(is_served(at.path(), &expected, seed), "seed {seed}");
        }
    }
    // Both happen: places that are in use, and places that are not.
    assert!((1..SEEDS).contains(&served), "{served} of {SEEDS}");
}

#[test]
fn an_older_copy_is_refused_until_it_is_accepted() {
    let at = tempfile::tempdir().unwrap();
    filled(at.path());
    let older = std::fs::read(database(at.path())).unwrap();
    let written = {
        let Opened::Account(store, _) = open(at.path()) else {
            panic!("the account is not there");
        };
        store.commit(&changes()).unwrap();
        store.generation()
    };
    std::fs::write(database(at.path()), &older).unwrap();
    let failure = Store::open(&folder(at.path()), Ok).unwrap_err();
    assert!(failure.message.contains("is an older copy"), "{failure:?}");
    assert!(
        failure
            .hints
            .iter()
            .any(|hint| hint.contains("--accept-rollback"))
    );
    assert_eq!(std::fs::read(database(at.path())).unwrap(), older);

    let accepting = folder(at.path()).accepting_rollback(true);
    let Ok(Opened::Account(store, _)) = Store::open(&accepting, Ok) else {
        panic!("it is not accepted");
    };
    assert!(store.generation() > written);
    drop(store);
    // Once is enough.
    assert!(matches!(open(at.path()), Opened::Account(..)));
}

#[test]
fn a_store_that_is_gone_is_not_made_anew() {
    let at = tempfile::tempdir().unwrap();
    filled(at.path());
    for empty in [false, true] {
        std::fs::remove_file(database(at.path())).unwrap();
        if empty {
            std::fs::write(database(at.path()), "").unwrap();
        }
        let failure = Store::open(&folder(at.path()), Ok).unwrap_err();
        assert!(failure.message.contains("is gone"), "{failure:?}");
        std::fs::write(database(at.path()), "").unwrap();
    }
    let accepting = folder(at.path()).accepting_rollback(true);
    let Ok(Opened::New(store)) = Store::open(&accepting, Ok) else {
        panic!("it is not accepted");
    };
    store.commit(&changes()).unwrap();
    drop(store);
    assert!(matches!(open(at.path()), Opened::Account(..)));
}

#[test]
fn a_head_that_is_behind_or_gone_is_no_alarm() {
    let at = tempfile::tempdir().unwrap();
    filled(at.path());
    let head = at.path().join("head");
    let behind = std::fs::read(&head).unwrap();
    let Opened::Account(store, _) = open(at.path()) else {
        panic!("the account is not there");
    };
    store.commit(&changes()).unwrap();
    let ahead = std::fs::read(&head).unwrap();
    drop(store);
    for text in [behind, b"garbage".to_vec(), Vec::new()] {
        std::fs::write(&head, text).unwrap();
        assert!(matches!(open(at.path()), Opened::Account(..)));
        assert_eq!(std::fs::read(&head).unwrap(), ahead);
    }
    std::fs::remove_file(&head).unwrap();
    assert!(matches!(open(at.path()), Opened::Account(..)));
    assert_eq!(std::fs::read(&head).unwrap(), ahead);
}

#[test]
fn the_newest_export_is_named_where_the_file_is_damaged() {
    let at = tempfile::tempdir().unwrap();
    filled(&at.path().join("data"));
    let exports = at.path().join("exports");
    std::fs::create_dir(&exports).unwrap();
    for name in ["20260101T000000.000Z-9", "20260201T000000.000Z-10"] {
        std::fs::write(exports.join(format!("rolecall-{name}.export")), "").unwrap();
    }
    std::fs::write(database(&at.path().join("data")), "x".repeat(9_000)).unwrap();
    let folder = Folder::prepare(Some(at.path().join("data")), None).unwrap();
    let failure = Store::open(&folder.with_exports(Some(exports)), Ok).unwrap_err();
    let hints = failure.hints.join("\n");
    assert!(hints.contains("20260201T000000.000Z-10.export"), "{hints}");
}

const SEEDS: u64 = 600;
const START_MAX: Duration = Duration::from_secs(10);
