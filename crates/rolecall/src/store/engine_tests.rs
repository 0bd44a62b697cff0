//! What holds for every engine: one file of cases, and a map that random operations are held
//! against, with crashes in between.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::embedded::Embedded;
use super::engine::{Beside, Commit, CommitError, Engine, News, Revision, Sealed, View};
use super::etcd::{Cluster, Etcd};
use super::summary::SUMMARY;

#[path = "../../tests/scenario/etcd.rs"]
pub(super) mod process;

/// A place that engines are opened on, one after the other.
trait Place {
    fn open(&self) -> Box<dyn Engine>;

    /// An engine ends where it stands, or what it asks does, and comes back.
    fn crash(&self, engine: Box<dyn Engine>);
}

struct File(tempfile::TempDir);

impl Place for File {
    fn open(&self) -> Box<dyn Engine> {
        let database = redb::Database::create(self.0.path().join("f")).unwrap();
        Box::new(Embedded::new(database))
    }

    fn crash(&self, engine: Box<dyn Engine>) {
        // As a process that is killed leaves it: nothing is written when it is closed.
        let [file, killed] = ["f", "killed"].map(|name| self.0.path().join(name));
        std::fs::copy(&file, &killed).unwrap();
        drop(engine);
        std::fs::rename(killed, file).unwrap();
    }
}

/// One prefix of a cluster that all tests share.
struct Prefix<'a> {
    below: String,
    etcd: &'a RefCell<process::Etcd>,
    crashes: Cell<usize>,
}

impl Place for Prefix<'_> {
    fn open(&self) -> Box<dyn Engine> {
        let cluster = Cluster {
            endpoints: self.etcd.borrow().endpoints(),
            prefix: self.below.clone(),
            ..Cluster::default()
        };
        Box::new(Etcd::new(&cluster).unwrap())
    }

    fn crash(&self, _engine: Box<dyn Engine>) {
        let crashes = self.crashes.get();
        self.crashes.set(crashes + 1);
        // A member takes its time to come back; another engine costs nothing.
        if crashes < CRASHES_OF_MEMBERS {
            let mut etcd = self.etcd.borrow_mut();
            let member = crashes % etcd.endpoints().len();
            etcd.kill(member);
            etcd.start_again(member);
            etcd.wait(member);
        }
    }
}

type Case = fn(&dyn Place);

const CASES: &[(&str, Case)] = &[
    ("nothing", nothing_is_there_at_first),
    ("whole", a_commit_is_there_whole),
    ("stale", a_commit_on_an_older_one_is_refused),
    ("last", of_several_steps_of_a_record_the_last_counts),
    ("moment", a_view_stays_as_it_was),
    ("again", what_was_committed_is_there_after_opening_again),
    ("bytes", keys_and_bytes_are_kept_as_they_are),
    ("many", many_records_come_in_the_order_of_their_keys),
    (
        "failed",
        a_commit_whose_values_cannot_be_made_leaves_nothing,
    ),
    ("watch", a_watch_tells_every_commit_in_order),
    ("model", random_operations_do_as_a_map_does),
];

#[test]
fn the_embedded_engine_does_what_an_engine_does() {
    for (name, case) in CASES {
        told(name, &File(tempfile::tempdir().unwrap()), *case);
    }
}

#[test]
fn etcd_does_what_an_engine_does() {
    for members in [1, 3] {
        let etcd = RefCell::new(process::Etcd::start(members));
        for (name, case) in CASES {
            let place = Prefix {
                below: format!("/test/{name}"),
                etcd: &etcd,
                crashes: Cell::new(0),
            };
            told(name, &place, *case);
        }
        assert!(
            etcd.borrow().folder().join("m0/member").is_dir(),
            "nothing is on the disk"
        );
    }
}

/// Says which case it is that fails.
fn told(name: &str, place: &dyn Place, case: Case) {
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| case(place)));
    assert!(outcome.is_ok(), "case `{name}`");
}

/// Beside the records of a commit stands this.
pub(super) struct Values(pub(super) Vec<u8>);

impl Beside for Values {
    fn replaces(&mut self, _: &str, _: &[u8]) {}

    fn values(&mut self) -> Result<Vec<(&'static str, Vec<u8>)>, CommitError> {
        Ok(vec![(SUMMARY, self.0.clone())])
    }
}

pub(super) fn put(key: &str, bytes: &[u8]) -> Sealed {
    (key.to_owned(), Some(bytes.to_vec()))
}

fn delete(key: &str) -> Sealed {
    (key.to_owned(), None)
}

pub(super) fn commit(
    engine: &dyn Engine,
    on: Revision,
    records: &[Sealed],
    summary: &[u8],
) -> Result<Revision, CommitError> {
    let beside = &mut Values(summary.to_vec());
    engine.commit(on, Commit { records, beside })
}

pub(super) fn last(engine: &dyn Engine) -> Revision {
    engine.revision(SOON).unwrap()
}

fn records(view: &dyn View) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut each = |key: &str, bytes: &[u8]| {
        found.push((key.to_owned(), bytes.to_vec()));
        Ok(())
    };
    view.each(&mut each).unwrap();
    found
}

pub(super) fn all(engine: &dyn Engine) -> Vec<(String, Vec<u8>)> {
    records(&*engine.view().unwrap())
}

fn owned(records: &[(&str, &[u8])]) -> Vec<(String, Vec<u8>)> {
    let owned = |(key, bytes): &(&str, &[u8])| ((*key).to_owned(), bytes.to_vec());
    records.iter().map(owned).collect()
}

fn nothing_is_there_at_first(place: &dyn Place) {
    let engine = place.open();
    let view = engine.view().unwrap();
    assert_eq!(view.beside(SUMMARY).unwrap(), None);
    assert_eq!(view.revision(), last(&*engine));
}

fn a_commit_is_there_whole(place: &dyn Place) {
    let engine = place.open();
    let before = last(&*engine);
    let made = commit(&*engine, before, &[put("b", b"2"), put("a", b"1")], b"s").unwrap();
    assert!(made > before);
    assert_eq!(last(&*engine), made);
    let view = engine.view().unwrap();
    assert_eq!(view.revision(), made);
    assert_eq!(view.beside(SUMMARY).unwrap().unwrap(), b"s");
    assert_eq!(view.beside("other").unwrap(), None);
    assert_eq!(records(&*view), owned(&[("a", b"1"), ("b", b"2")]));

    let next = commit(&*engine, made, &[delete("a"), put("c", b"3")], b"t").unwrap();
    assert!(next > made);
    assert_eq!(all(&*engine), owned(&[("b", b"2"), ("c", b"3")]));
    commit(&*engine, next, &[delete("never")], b"u").unwrap();
    commit(&*engine, last(&*engine), &[], b"v").unwrap();
    assert_eq!(all(&*engine), owned(&[("b", b"2"), ("c", b"3")]));
}

fn a_commit_on_an_older_one_is_refused(place: &dyn Place) {
    let engine = place.open();
    let first = last(&*engine);
    let second = commit(&*engine, first, &[put("a", b"1")], b"s").unwrap();
    for on in [first, second.next()] {
        let refused = commit(&*engine, on, &[put("a", b"2"), delete("b")], b"t");
        assert!(matches!(refused, Err(CommitError::Conflict)), "{refused:?}");
    }
    assert_eq!(last(&*engine), second);
    assert_eq!(all(&*engine), owned(&[("a", b"1")]));
    let view = engine.view().unwrap();
    assert_eq!(view.beside(SUMMARY).unwrap().unwrap(), b"s");
}

fn of_several_steps_of_a_record_the_last_counts(place: &dyn Place) {
    let engine = place.open();
    let steps = [
        put("a", b"1"),
        put("b", b"1"),
        put("a", b"2"),
        delete("b"),
        delete("c"),
        put("c", b"3"),
    ];
    commit(&*engine, last(&*engine), &steps, b"s").unwrap();
    assert_eq!(all(&*engine), owned(&[("a", b"2"), ("c", b"3")]));
}

fn a_view_stays_as_it_was(place: &dyn Place) {
    let engine = place.open();
    let made = commit(&*engine, last(&*engine), &[put("a", b"1")], b"s").unwrap();
    let view = engine.view().unwrap();
    commit(&*engine, made, &[put("a", b"2"), put("b", b"1")], b"t").unwrap();
    assert_eq!(records(&*view), owned(&[("a", b"1")]));
    assert_eq!(view.beside(SUMMARY).unwrap().unwrap(), b"s");
    assert_eq!(view.revision(), made);
}

fn what_was_committed_is_there_after_opening_again(place: &dyn Place) {
    let engine = place.open();
    commit(&*engine, last(&*engine), &[put("a", b"1")], b"s").unwrap();
    drop(engine);
    let engine = place.open();
    assert_eq!(all(&*engine), owned(&[("a", b"1")]));
    let view = engine.view().unwrap();
    assert_eq!(view.beside(SUMMARY).unwrap().unwrap(), b"s");
    drop(view);
    commit(&*engine, last(&*engine), &[delete("a")], b"t").unwrap();
    assert_eq!(all(&*engine), []);
}

fn keys_and_bytes_are_kept_as_they_are(place: &dyn Place) {
    let engine = place.open();
    let large = vec![7; 128 * 1_024];
    let every: Vec<u8> = (0..=255).collect();
    let keys = ["0/1/with/slash", "ünïcode", "a b\nc", "~", "x"];
    let puts: Vec<Sealed> = keys.iter().map(|key| put(key, &every)).collect();
    let mut on = commit(&*engine, last(&*engine), &puts, b"s").unwrap();
    on = commit(&*engine, on, &[put("x", &large), put("empty", b"")], &every).unwrap();
    let found: BTreeMap<String, Vec<u8>> = all(&*engine).into_iter().collect();
    assert_eq!(found.len(), keys.len() + 1);
    assert_eq!(found["x"], large);
    assert_eq!(found["empty"], b"");
    assert_eq!(found["ünïcode"], every);
    let view = engine.view().unwrap();
    assert_eq!(view.beside(SUMMARY).unwrap().unwrap(), every);
    assert_eq!(view.revision(), on);
}

fn many_records_come_in_the_order_of_their_keys(place: &dyn Place) {
    let engine = place.open();
    let mut on = last(&*engine);
    // More than one page of an answer.
    for batch in 0..21 {
        let puts: Vec<Sealed> = (0..100)
            .map(|number| put(&format!("{number:03}/{batch:03}"), b"1"))
            .collect();
        on = commit(&*engine, on, &puts, b"s").unwrap();
    }
    let found = all(&*engine);
    assert_eq!(found.len(), 2_100);
    assert!(found.is_sorted());
}

fn a_commit_whose_values_cannot_be_made_leaves_nothing(place: &dyn Place) {
    struct Refusing;
    impl Beside for Refusing {
        fn replaces(&mut self, _: &str, _: &[u8]) {}

        fn values(&mut self) -> Result<Vec<(&'static str, Vec<u8>)>, CommitError> {
            Err(CommitError::Seal)
        }
    }
    let engine = place.open();
    let on = commit(&*engine, last(&*engine), &[put("a", b"1")], b"s").unwrap();
    let records = &[put("a", b"2"), put("b", b"1")];
    let beside = &mut Refusing;
    let refused = engine.commit(on, Commit { records, beside });
    assert!(matches!(refused, Err(CommitError::Seal)));
    assert_eq!(last(&*engine), on);
    assert_eq!(all(&*engine), owned(&[("a", b"1")]));
}

fn a_watch_tells_every_commit_in_order(place: &dyn Place) {
    let engine = place.open();
    let first = commit(&*engine, last(&*engine), &[put("a", b"1")], b"1").unwrap();
    let second = commit(&*engine, first, &[put("b", b"1"), delete("a")], b"2").unwrap();
    let Some(mut watch) = engine.watch(first) else {
        // Nobody else writes to it.
        return;
    };
    let third = commit(&*engine, second, &[put("c", b"1")], b"3").unwrap();
    for (revision, records, summary) in [
        (second, vec![put("b", b"1"), delete("a")], b"2"),
        (third, vec![put("c", b"1")], b"3"),
    ] {
        let Some(News::Committed(mut told)) = watch.next(SOON) else {
            panic!("nothing is told");
        };
        assert_eq!(told.revision, revision);
        // Those of one commit come in the order of their writing.
        told.records
            .sort_by_key(|(key, _)| records.iter().position(|(it, _)| it == key));
        assert_eq!(told.records, records);
        assert_eq!(told.beside, [put(SUMMARY, summary)]);
    }
    assert_eq!(watch.next(Duration::from_millis(50)), None);
}

/// What a random walk does.
#[derive(Debug, Clone)]
enum Step {
    Commit(Vec<(u8, Option<u8>)>),
    /// On the commit before the last one.
    Stale(Vec<(u8, Option<u8>)>),
    OpenAgain,
    Crash,
    Look,
}

fn random_operations_do_as_a_map_does(place: &dyn Place) {
    let writes = || prop::collection::vec((0..12_u8, prop::option::of(any::<u8>())), 0..6);
    let step = prop_oneof![
        6 => writes().prop_map(Step::Commit),
        2 => writes().prop_map(Step::Stale),
        1 => Just(Step::OpenAgain),
        1 => Just(Step::Crash),
        2 => Just(Step::Look),
    ];
    let walk = prop::collection::vec(step, 1..40);
    let mut runner = TestRunner::new(Config {
        cases: 12,
        failure_persistence: None,
        ..Config::default()
    });
    // One place for all walks: each begins with what the one before left.
    let model = std::cell::RefCell::new(BTreeMap::new());
    runner
        .run(&walk, |walk| {
            let mut model = model.borrow_mut();
            let mut engine = Some(place.open());
            for step in walk {
                let open = engine.as_deref().unwrap();
                match step {
                    Step::Commit(writes) => {
                        let made = commit(open, last(open), &sealed(&writes), b"s");
                        made.unwrap();
                        for (key, byte) in writes {
                            let key = format!("k{key:02}");
                            match byte {
                                Some(byte) => drop(model.insert(key, vec![byte])),
                                None => drop(model.remove(&key)),
                            }
                        }
                    }
                    Step::Stale(writes) => {
                        let on = last(open).next();
                        let refused = commit(open, on, &sealed(&writes), b"t");
                        prop_assert!(matches!(refused, Err(CommitError::Conflict)));
                    }
                    Step::OpenAgain => {
                        drop(engine.take());
                        engine = Some(place.open());
                    }
                    Step::Crash => {
                        place.crash(engine.take().unwrap());
                        engine = Some(place.open());
                    }
                    Step::Look => {
                        let found: BTreeMap<_, _> = all(open).into_iter().collect();
                        prop_assert_eq!(&found, &*model);
                    }
                }
            }
            let found: BTreeMap<_, _> = all(engine.as_deref().unwrap()).into_iter().collect();
            prop_assert_eq!(&found, &*model);
            Ok(())
        })
        .unwrap();
}

fn sealed(writes: &[(u8, Option<u8>)]) -> Vec<Sealed> {
    let sealed = |(key, byte): &(u8, Option<u8>)| (format!("k{key:02}"), byte.map(|it| vec![it]));
    writes.iter().map(sealed).collect()
}

const CRASHES_OF_MEMBERS: usize = 6;
pub(super) const SOON: Duration = Duration::from_secs(10);
