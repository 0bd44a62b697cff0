//! The store on a disk that loses power, or fails: what was answered is there, and what was under
//! way is there in full or not at all.
//!
//! The disk keeps what was synced. Of what was not, each sector of 512 bytes survives half of the
//! time, in any combination, and a change of the file's length seven times in ten. The cut, or an
//! error of the disk, comes at a random call of the engine, also while it recovers from the one
//! before. After a full disk there is room again, as often as not, and the store goes on without a
//! new start. A seed is a run; a failed one fails again.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};

use redb::{Builder, StorageBackend};

use super::damage_tests::Numbers;
use super::embedded::Embedded;
use super::engine::Sealed;
use super::folder;
use super::records::{Records, Tip};
use super::root_key::Made;
use super::seal::{DataKey, Sealer};
use super::summary::{ANCHOR_BYTES, Anchor, Envelope, Meta, Summary};
use super::*;
use crate::host::quiet_test;

/// What a disk is told and has not synced.
#[derive(Debug, Clone)]
enum Unsynced {
    Bytes(usize, Vec<u8>),
    Length(usize),
}

/// What goes wrong at a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    PowerCut,
    Error,
    NoSpace,
}

#[derive(Debug)]
struct Platters {
    synced: Vec<u8>,
    /// As the running process sees it.
    seen: Vec<u8>,
    unsynced: Vec<Unsynced>,
    calls_left: usize,
    fault: Fault,
    has_failed: bool,
    is_off: bool,
}

#[derive(Debug, Clone)]
struct Disk(Arc<Mutex<Platters>>);

impl Disk {
    fn new(bytes: Vec<u8>, fault: Fault, calls_left: usize) -> Self {
        Self(Arc::new(Mutex::new(Platters {
            synced: bytes.clone(),
            seen: bytes,
            unsynced: Vec::new(),
            calls_left,
            fault,
            has_failed: false,
            is_off: false,
        })))
    }

    fn call<T>(
        &self,
        changes: bool,
        act: impl FnOnce(&mut Platters) -> io::Result<T>,
    ) -> io::Result<T> {
        let mut platters = self.0.lock().unwrap();
        if platters.is_off {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        // Reading needs no space.
        if platters.fault != Fault::NoSpace || changes {
            if platters.calls_left == 0 {
                platters.has_failed = true;
                platters.calls_left = usize::MAX;
                match platters.fault {
                    Fault::PowerCut => platters.is_off = true,
                    Fault::Error => {}
                    Fault::NoSpace => platters.calls_left = 0,
                }
                let error = match platters.fault {
                    Fault::NoSpace => rustix::io::Errno::NOSPC,
                    _ => rustix::io::Errno::IO,
                };
                return Err(error.into());
            }
            platters.calls_left -= 1;
        }
        act(&mut platters)
    }

    /// What is on the disk afterwards.
    fn left(&self, numbers: &mut Numbers) -> Vec<u8> {
        let platters = self.0.lock().unwrap();
        // After a mere error the system still knows what was not synced, as often as not.
        if !platters.is_off && numbers.chance(50) {
            return platters.seen.clone();
        }
        let mut left = platters.synced.clone();
        for change in &platters.unsynced {
            match change {
                Unsynced::Length(length) if numbers.chance(70) => left.resize(*length, 0),
                Unsynced::Length(_) => {}
                Unsynced::Bytes(offset, bytes) => {
                    // Sectors of the disk, whatever the offset.
                    let mut at = 0;
                    while at < bytes.len() {
                        let place = offset + at;
                        let end = (at + SECTOR - place % SECTOR).min(bytes.len());
                        if numbers.chance(50) && offset + end <= left.len() {
                            left[place..offset + end].copy_from_slice(&bytes[at..end]);
                        }
                        at = end;
                    }
                }
            }
        }
        left
    }
}

impl Disk {
    fn has_failed(&self) -> bool {
        self.0.lock().unwrap().has_failed
    }

    /// Somebody removes what nobody needs; the power may still go.
    fn make_room(&self, calls_left: usize) {
        let mut platters = self.0.lock().unwrap();
        platters.fault = Fault::PowerCut;
        platters.calls_left = calls_left;
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        self.call(false, |it| Ok(it.seen.len() as u64))
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let at = usize::try_from(offset).unwrap();
        self.call(false, |it| {
            let bytes = it.seen.get(at..at + out.len());
            out.copy_from_slice(bytes.ok_or(io::ErrorKind::UnexpectedEof)?);
            Ok(())
        })
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        let length = usize::try_from(length).unwrap();
        self.call(true, |it| {
            it.seen.resize(length, 0);
            it.unsynced.push(Unsynced::Length(length));
            Ok(())
        })
    }

    fn sync_data(&self) -> io::Result<()> {
        self.call(true, |it| {
            for change in std::mem::take(&mut it.unsynced) {
                match change {
                    Unsynced::Length(length) => it.synced.resize(length, 0),
                    Unsynced::Bytes(at, bytes) => {
                        it.synced[at..at + bytes.len()].copy_from_slice(&bytes);
                    }
                }
            }
            Ok(())
        })
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let at = usize::try_from(offset).unwrap();
        self.call(true, |it| {
            let end = at + data.len();
            if it.seen.len() < end {
                it.seen.resize(end, 0);
                it.unsynced.push(Unsynced::Length(end));
            }
            it.seen[at..end].copy_from_slice(data);
            it.unsynced.push(Unsynced::Bytes(at, data.to_vec()));
            Ok(())
        })
    }
}

type Content = BTreeMap<String, Vec<u8>>;

/// What must be there.
#[derive(Debug, Default, Clone)]
struct Expected {
    answered: Content,
    /// With a write that was under way.
    maybe: Vec<Content>,
    generation: u64,
}

struct Run {
    numbers: Numbers,
    key: DataKey,
    expected: Expected,
    /// Writes that were answered after the disk was full.
    went_on: u64,
}

impl Run {
    fn envelope() -> Envelope {
        Envelope {
            made: Made::File,
            wrapped: vec![1],
        }
    }

    /// Opens what is there; holds it against what must be.
    fn open(&mut self, disk: &Disk, seed: u64) -> Option<Records> {
        let mut builder = Builder::new();
        builder.set_cache_size(1_024 * 1_024);
        let opened = caught(|| folder::checked(builder.create_with_backend(disk.clone())));
        let opened = opened.unwrap_or_else(|| panic!("seed {seed}: it panics"));
        let database = match opened {
            Ok(database) => database,
            Err(error) => {
                assert!(disk.has_failed(), "seed {seed}: {error}");
                return None;
            }
        };
        let sealer = Sealer::new(&self.key);
        let mut content = Content::new();
        let mut each = |key: &str, bytes: &[u8]| {
            content.insert(key.to_owned(), bytes.to_vec());
            Ok(())
        };
        let found = caught(|| -> Result<Option<Summary>, Damage> {
            let view = Moment::of(&database, Revision::default())?;
            let Some(meta) = Meta::read(&view)? else {
                return Ok(None);
            };
            meta.scan(&view, &sealer, None, &mut each).map(Some)
        });
        let found = found.unwrap_or_else(|| panic!("seed {seed}: it panics when it is read"));
        let summary = match found {
            Ok(summary) => summary,
            Err(Damage(why)) => {
                assert!(disk.has_failed(), "seed {seed}: {why}");
                return None;
            }
        };
        let summary = summary.unwrap_or_default();
        let Expected {
            answered,
            maybe,
            generation,
        } = &self.expected;
        let is_whole = content == *answered || maybe.contains(&content);
        assert!(is_whole, "seed {seed}: what is there was never written");
        // How far the trail was comes and goes with its commit.
        let anchored = (summary.generation > 0).then(|| anchor(summary.generation));
        assert_eq!(summary.anchor, anchored, "seed {seed}");
        // No false alarm: the head has at most the last generation that was answered.
        assert!(summary.generation >= *generation, "seed {seed}");
        self.expected = Expected {
            answered: content,
            maybe: Vec::new(),
            generation: summary.generation,
        };
        let mut tip = Tip::empty(Self::envelope(), 0);
        tip.is_kept = summary.generation > 0;
        tip.summary = summary;
        let disk = disk.clone();
        let again = move || {
            let mut builder = Builder::new();
            builder.set_cache_size(1_024 * 1_024);
            folder::checked(builder.create_with_backend(disk.clone()))
        };
        let engine = Embedded::new(database).reopened_by(again, Duration::ZERO);
        Some(Records::opened(Box::new(engine), sealer, tip))
    }

    /// Some puts and deletes.
    fn changes(&mut self) -> Vec<Sealed> {
        let numbers = &mut self.numbers;
        let count = 1 + numbers.below(6);
        let mut changes = BTreeMap::new();
        for _ in 0..count {
            let key = format!("kind/{}", numbers.below(16));
            let bytes = (!numbers.chance(25)).then(|| {
                let byte = u8::try_from(numbers.below(256)).unwrap();
                let bytes_max = if numbers.chance(10) { 9_000 } else { 600 };
                vec![byte; 1 + numbers.below(bytes_max)]
            });
            changes.insert(key, bytes);
        }
        changes.into_iter().collect()
    }

    /// One life: opens, writes until something goes wrong, or is closed in good order.
    fn live(&mut self, bytes: Vec<u8>, seed: u64) -> (Vec<u8>, usize) {
        let fault = match self.numbers.below(4) {
            0 => Fault::Error,
            1 => Fault::NoSpace,
            _ => Fault::PowerCut,
        };
        let calls = self.numbers.below(CALLS_MAX);
        let disk = Disk::new(bytes, fault, calls);
        let mut answered = 0;
        if let Some(records) = self.open(&disk, seed) {
            for _ in 0..self.numbers.below(8) {
                let changes = self.changes();
                let mut after = self.expected.answered.clone();
                for (key, bytes) in &changes {
                    match bytes {
                        Some(bytes) => drop(after.insert(key.clone(), bytes.clone())),
                        None => drop(after.remove(key)),
                    }
                }
                let anchor = anchor(records.summary().generation + 1);
                match records.write(records.revision(), &changes, Some(anchor)) {
                    Ok(written) => {
                        self.expected.answered = after;
                        self.expected.generation = written.summary.generation;
                        self.expected.maybe.clear();
                        self.went_on += u64::from(disk.has_failed());
                        answered += 1;
                    }
                    Err(CommitError::Broken) => panic!("seed {seed}: a commit panics"),
                    // What it met is still there, or it is taken back before the next one.
                    Err(CommitError::Full(_)) if self.numbers.chance(70) => {
                        self.expected.maybe.push(after);
                        if self.numbers.chance(60) {
                            disk.make_room(self.numbers.below(CALLS_MAX));
                        }
                    }
                    Err(_) => {
                        self.expected.maybe.push(after);
                        break;
                    }
                }
            }
            let closed = caught(|| drop(records));
            assert!(closed.is_some(), "seed {seed}: closing panics");
        }
        (disk.left(&mut self.numbers), answered)
    }
}

/// How far the trail is at a commit.
fn anchor(generation: u64) -> Anchor {
    let mut anchor = [7; ANCHOR_BYTES];
    let (number, _) = anchor.split_at_mut(8);
    number.copy_from_slice(&generation.to_be_bytes());
    anchor
}

#[test]
fn no_power_cut_and_no_error_of_the_disk_loses_what_was_answered() {
    quiet_test();
    let made = made();
    let (mut answered, mut went_on) = (0, 0);
    for seed in 0..seeds() {
        let mut run = Run {
            numbers: Numbers(seed),
            key: DataKey::make().unwrap(),
            expected: Expected::default(),
            went_on: 0,
        };
        let mut bytes = made.clone();
        for _ in 0..LIVES {
            let (left, count) = run.live(bytes, seed);
            answered += u64::try_from(count).unwrap();
            bytes = left;
        }
        let disk = Disk::new(bytes, Fault::PowerCut, usize::MAX / 2);
        let last = run.open(&disk, seed);
        assert!(last.is_some(), "seed {seed}");
        went_on += run.went_on;
    }
    assert!(answered > seeds(), "{answered} writes were answered");
    assert!(went_on > seeds() / 20, "{went_on} after a full disk");
}

/// A file as it is when it gets its name: a database without records, closed in good order.
fn made() -> Vec<u8> {
    let disk = Disk::new(Vec::new(), Fault::PowerCut, usize::MAX);
    drop(Builder::new().create_with_backend(disk.clone()).unwrap());
    let platters = disk.0.lock().unwrap();
    assert!(platters.unsynced.is_empty());
    platters.synced.clone()
}

/// As many as fit into a test run; more by `ROLECALL_POWER_CUT_SEEDS`.
fn seeds() -> u64 {
    let asked = std::env::var("ROLECALL_POWER_CUT_SEEDS").ok();
    asked.map_or(SEEDS, |asked| asked.parse().unwrap())
}

const SEEDS: u64 = 2_000;
/// Starts of the store in one seed.
const LIVES: usize = 4;
/// Calls of the engine before something goes wrong; opening and eight writes take about as many.
const CALLS_MAX: usize = 300;
const SECTOR: usize = 512;
