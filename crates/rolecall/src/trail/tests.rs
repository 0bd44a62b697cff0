//! What is written is read; what was changed, cut out or cut off is told.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use account::Home;
use account::Trail;
use account::trail::{Decision, Event};
use tempfile::TempDir;

use super::chain::Link;
use super::files::{HEAD, Segment, read_head};
use super::queue::Batch;
use super::writer::{Limits, SEGMENT_BYTES, Writer};
use super::*;

fn place() -> Home {
    Home::new("123456789012", "us-east-1")
}

fn call(id: &str) -> Trail {
    let mut trail = Trail::default();
    trail.request_id = id.to_owned();
    trail.principal = Some("arn:aws:iam::123456789012:user/u".to_owned());
    trail
}

fn calls(count: usize) -> Vec<Trail> {
    (0..count).map(|number| call(&number.to_string())).collect()
}

fn writer(at: &Path) -> Writer {
    Writer::open(at, place(), Limits::default(), None).unwrap()
}

/// Has records written, of calls and of as many calls that found no room; whether all of it was.
fn write(
    writer: &mut Writer,
    calls: &[Trail],
    overflowed: u64,
    is_strict: bool,
    is_last: bool,
) -> bool {
    let mut batch = Batch::default();
    (batch.overflowed, batch.is_last) = (overflowed, is_last);
    for call in calls {
        let mut record = Vec::new();
        call.write(&place(), &mut record);
        batch.push(&record);
    }
    let (tell, _told) = tokio::sync::oneshot::channel();
    batch.waiting.extend(is_strict.then_some(tell));
    writer.write(&batch)
}

/// A trail of as many calls.
fn written(count: usize) -> TempDir {
    let at = tempfile::tempdir().unwrap();
    assert!(write(
        &mut writer(at.path()),
        &calls(count),
        0,
        false,
        false
    ));
    at
}

fn only_segment(at: &Path) -> PathBuf {
    let mut segments = Segment::all(at).unwrap();
    assert_eq!(segments.len(), 1);
    segments.remove(0).path
}

/// Request ids, or what else a record is, and what is wrong.
fn read(at: &Path) -> (Vec<String>, Vec<String>) {
    read_keeping(at, 16)
}

fn read_keeping(at: &Path, segments: usize) -> (Vec<String>, Vec<String>) {
    let mut reader = Reader::keeping(at, segments).unwrap();
    let mut seen = Vec::new();
    reader.read(&mut |record| seen.push(id(record))).unwrap();
    (seen, reader.flaws())
}

fn id(record: &str) -> String {
    let record: serde_json::Value = serde_json::from_str(record).unwrap();
    let id = record["requestID"].as_str();
    id.map_or_else(|| record["eventName"].to_string(), str::to_owned)
}

/// Alters the only segment's text.
fn alter(at: &Path, change: impl FnOnce(String) -> String) {
    let path = only_segment(at);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, change(text)).unwrap();
}

fn without_line(text: &str, number: usize) -> String {
    let lines = text.split_inclusive('\n').enumerate();
    lines
        .filter(|(at, _)| *at != number)
        .map(|(_, line)| line)
        .collect()
}

#[track_caller]
fn told(at: &Path, words: &str) {
    let (_, flaws) = read(at);
    assert!(flaws.iter().any(|flaw| flaw.contains(words)), "{flaws:?}");
}

#[test]
fn a_new_trail_is_whole_and_empty() {
    let at = written(0);
    assert_eq!(read(at.path()), (Vec::new(), Vec::new()));
}

#[test]
fn what_was_written_is_read_in_order_also_after_opening_again() {
    let at = written(3);
    assert!(write(
        &mut writer(at.path()),
        &[call("later")],
        0,
        true,
        true
    ));
    let (ids, flaws) = read(at.path());
    assert_eq!(ids, ["0", "1", "2", "later"]);
    assert!(flaws.is_empty(), "{flaws:?}");
    assert!(only_segment(at.path()).exists());
}

#[test]
fn files_are_for_their_owner_alone() {
    let at = tempfile::tempdir().unwrap();
    let trail = folder(at.path());
    assert!(write(&mut writer(&trail), &calls(1), 0, false, false));
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&trail), 0o700);
    for entry in fs::read_dir(&trail).unwrap() {
        assert_eq!(mode(&entry.unwrap().path()), 0o600);
    }
}

#[test]
fn a_changed_record_is_told() {
    let at = written(3);
    alter(at.path(), |text| {
        text.replace(r#""requestID":"1""#, r#""requestID":"x""#)
    });
    told(
        at.path(),
        "record 2 or the one before it is not as it was written",
    );
}

#[test]
fn a_record_that_is_cut_out_is_told() {
    let at = written(3);
    alter(at.path(), |text| without_line(&text, 2));
    told(at.path(), "record 2 is missing");
}

#[test]
fn records_that_changed_places_are_told() {
    let at = written(3);
    alter(at.path(), |text| {
        let lines: Vec<&str> = text.lines().collect();
        [lines[0], lines[2], lines[1], lines[3], ""].join("\n")
    });
    told(at.path(), "record 1 is missing");
}

#[test]
fn lines_cut_off_at_the_end_are_told_and_stay_told() {
    let at = written(5);
    alter(at.path(), |text| without_line(&without_line(&text, 5), 4));
    told(at.path(), "records 4 to 5 are missing");

    assert!(write(
        &mut writer(at.path()),
        &[call("later")],
        0,
        false,
        false
    ));
    let (ids, flaws) = read(at.path());
    assert_eq!(ids, ["0", "1", "2", "later"]);
    assert_eq!(flaws, ["records 4 to 5 are missing"]);
    assert_eq!(read_head(at.path()).unwrap().unwrap().number, 6);
}

#[test]
fn a_whole_new_chain_is_told_by_the_head() {
    let (at, other) = (written(3), written(0));
    let mut forged = calls(3);
    forged.reverse();
    assert!(write(&mut writer(other.path()), &forged, 0, false, false));
    fs::copy(only_segment(other.path()), only_segment(at.path())).unwrap();
    told(at.path(), "record 3 is not the one at the head");
}

#[test]
fn a_head_that_is_gone_or_none_is_told() {
    let at = written(2);
    fs::write(at.path().join(HEAD), "{}").unwrap();
    told(at.path(), "the head is missing");
    fs::remove_file(at.path().join(HEAD)).unwrap();
    told(at.path(), "the head is missing");
}

#[test]
fn all_segments_gone_are_told_by_the_head() {
    let at = written(2);
    fs::remove_file(only_segment(at.path())).unwrap();
    told(at.path(), "records 1 to 2 are missing");
    assert!(write(
        &mut writer(at.path()),
        &[call("later")],
        0,
        false,
        false
    ));
    told(at.path(), "records 1 to 2 are missing");
}

#[test]
fn a_line_that_is_no_record_is_told() {
    for garbage in ["garbage\n", "\u{0}\n", "{}\n", "\n"] {
        let at = written(2);
        alter(at.path(), |text| format!("{text}{garbage}"));
        told(at.path(), "after record 2 that is no record");
        // Nothing is written over it, and what comes is read.
        assert!(write(
            &mut writer(at.path()),
            &[call("later")],
            0,
            false,
            false
        ));
        let (ids, flaws) = read(at.path());
        assert_eq!(ids, ["0", "1", "later"], "{garbage:?}");
        assert_eq!(flaws.len(), 1, "{flaws:?}");
    }
}

#[test]
fn a_segment_without_its_first_line_is_told() {
    let at = written(2);
    alter(at.path(), |text| without_line(&text, 0));
    told(at.path(), "does not begin as a segment does");
}

#[test]
fn a_torn_last_line_is_cut_at_start() {
    let at = written(3);
    let path = only_segment(at.path());
    let whole = fs::read(&path).unwrap();
    let mut ends = whole.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    let third = ends.nth(2).unwrap().0 + 1;
    for end in [third + 1, third + 40, whole.len() - 1] {
        fs::write(&path, &whole[..end]).unwrap();
        // As the head is after a crash among lines that were never acknowledged.
        let head = Link::parse_header(std::str::from_utf8(&whole[..128]).unwrap()).unwrap();
        fs::write(at.path().join(HEAD), head.header()).unwrap();
        let mut reader = Reader::open(at.path()).unwrap();
        reader.read(&mut |_| {}).unwrap();
        assert!(reader.torn() > 0);

        assert!(write(
            &mut writer(at.path()),
            &[call("later")],
            0,
            false,
            false
        ));
        let (ids, flaws) = read(at.path());
        assert_eq!(ids, ["0", "1", "later"]);
        assert!(flaws.is_empty(), "{flaws:?}");
    }
}

#[test]
fn segments_rotate_and_the_oldest_goes() {
    let at = tempfile::tempdir().unwrap();
    let limits = Limits {
        segment_bytes: 4_000,
        segments: 3,
    };
    let mut writer = Writer::open(at.path(), place(), limits, None).unwrap();
    for number in 0..40 {
        assert!(write(
            &mut writer,
            &[call(&number.to_string())],
            0,
            false,
            false
        ));
    }
    drop(writer);
    let segments = Segment::all(at.path()).unwrap();
    assert_eq!(segments.len(), 3);
    for segment in &segments {
        let length = segment.path.metadata().unwrap().len();
        assert!(length <= 4_000, "{length}");
    }
    let (ids, flaws) = read_keeping(at.path(), 3);
    assert!(flaws.is_empty(), "{flaws:?}");
    assert_eq!(ids.last().map(String::as_str), Some("39"));
    assert_eq!(ids.len() as u64, 41 - segments[0].first);

    fs::remove_file(&segments[0].path).unwrap();
    let (_, flaws) = read_keeping(at.path(), 3);
    assert!(flaws[0].starts_with("records 1 to "), "{flaws:?}");
    fs::remove_file(&segments[1].path).unwrap();
    fs::copy(&segments[2].path, &segments[1].path).unwrap();
    let (_, flaws) = read_keeping(at.path(), 2);
    assert!(!flaws.is_empty());
}

#[test]
fn a_segment_that_is_gone_from_the_middle_is_told() {
    let at = tempfile::tempdir().unwrap();
    let limits = Limits {
        segment_bytes: 4_000,
        segments: 16,
    };
    let mut writer = Writer::open(at.path(), place(), limits, None).unwrap();
    assert!(write(&mut writer, &calls(30), 0, false, false));
    let segments = Segment::all(at.path()).unwrap();
    assert!(segments.len() > 3);
    fs::remove_file(&segments[1].path).unwrap();
    let (from, to) = (segments[1].first, segments[2].first - 1);
    told(at.path(), &format!("records {from} to {to} are missing"));
}

#[test]
fn a_reader_goes_on_where_it_stopped_also_over_segments() {
    let at = tempfile::tempdir().unwrap();
    let limits = Limits {
        segment_bytes: 4_000,
        segments: 16,
    };
    let mut writer = Writer::open(at.path(), place(), limits, None).unwrap();
    let mut reader = Reader::open(at.path()).unwrap();
    let mut seen = Vec::new();
    for number in 0..20 {
        assert!(write(
            &mut writer,
            &[call(&number.to_string())],
            0,
            false,
            false
        ));
        reader.read(&mut |record| seen.push(id(record))).unwrap();
        assert_eq!(seen.len(), number + 1);
    }
    assert_eq!(seen.last().map(String::as_str), Some("19"));
    assert!(reader.flaws().is_empty());
}

#[test]
fn calls_that_found_no_room_are_a_record() {
    let at = written(1);
    assert!(write(
        &mut writer(at.path()),
        &[call("next")],
        7,
        false,
        false
    ));
    let mut reader = Reader::open(at.path()).unwrap();
    let mut events = Vec::new();
    reader
        .read(&mut |record| events.push(Event::read(record).unwrap()))
        .unwrap();
    assert_eq!(events.len(), 3);
    assert_eq!(events[1].decision, Decision::Lost);
    assert!(events[1].reason.as_ref().unwrap().starts_with("7 calls"));
}

#[tokio::test]
async fn strangers_push_nobody_out() {
    let at = tempfile::tempdir().unwrap();
    let (recorder, recording) = Recorder::start(at.path(), place(), false, None).unwrap();
    for _ in 0..1_000 {
        recorder.note(&Trail::default());
    }
    recorder.note(&call("known"));
    recording.close().await;
    let mut lost = String::new();
    let mut ids = Vec::new();
    let mut reader = Reader::open(at.path()).unwrap();
    reader
        .read(&mut |record| {
            let event = Event::read(record).unwrap();
            if event.decision == Decision::Lost {
                lost += event.reason.as_deref().unwrap();
            } else {
                ids.push(id(record));
            }
        })
        .unwrap();
    assert!(ids.len() < 200, "{}", ids.len());
    assert_eq!(ids.last().map(String::as_str), Some("known"));
    let counted = 1_000 - (ids.len() - 1);
    assert!(lost.starts_with(&format!("{counted} calls")), "{lost}");
}

#[test]
fn what_cannot_be_written_is_counted_when_it_can_again() {
    let at = tempfile::tempdir().unwrap();
    let trail = folder(at.path());
    let limits = Limits {
        segment_bytes: 0,
        segments: 16,
    };
    // Every record but the first wants a segment of its own, for which there is no folder.
    let mut writer = Writer::open(&trail, place(), limits, None).unwrap();
    let away = at.path().join("away");
    fs::rename(&trail, &away).unwrap();
    assert!(!write(&mut writer, &calls(3), 4, false, false));
    fs::rename(&away, &trail).unwrap();
    assert!(write(&mut writer, &[call("known")], 0, false, false));
    let mut reasons = Vec::new();
    let mut reader = Reader::open(&trail).unwrap();
    let mut see = |record: &str| reasons.extend(Event::read(record).unwrap().reason);
    reader.read(&mut see).unwrap();
    let counts: Vec<&str> = reasons
        .iter()
        .filter_map(|reason| reason.get(..7))
        .collect();
    assert_eq!(counts, ["4 calls", "3 calls"]);
}

#[test]
fn a_trail_that_cannot_be_gone_on_with_is_refused() {
    let at = written(0);
    fs::write(only_segment(at.path()), "garbage\n").unwrap();
    fs::remove_file(at.path().join(HEAD)).unwrap();
    let refused = Writer::open(at.path(), place(), Limits::default(), None).map(drop);
    assert_eq!(
        refused.unwrap_err().kind(),
        std::io::ErrorKind::AlreadyExists
    );
    assert_eq!(fs::read(only_segment(at.path())).unwrap(), b"garbage\n");
}

#[test]
fn a_segment_is_read_whole() {
    const { assert!(SEGMENT_BYTES < u32::MAX as u64) };
    let at = written(0);
    let long = "x".repeat(1_024);
    let many: Vec<Trail> = (0..200).map(|_| call(&long)).collect();
    let mut writer = writer(at.path());
    assert!(write(&mut writer, &many, 0, true, false));
    let (ids, flaws) = read(at.path());
    assert_eq!((ids.len(), flaws.len()), (200, 0));
}

#[tokio::test]
async fn what_was_handed_in_is_read_after_a_flush() {
    let at = tempfile::tempdir().unwrap();
    let (recorder, recording) = Recorder::start(at.path(), place(), false, None).unwrap();
    for number in 0..100 {
        recorder.note(&call(&number.to_string()));
    }
    recorder.flush().await;
    assert_eq!(read(at.path()).0.len(), 100);
    recorder.note(&call("last"));
    recording.close().await;
    assert_eq!(read(at.path()).0.len(), 101);
}

#[tokio::test]
async fn a_strict_record_is_there_when_its_call_goes_on() {
    let at = tempfile::tempdir().unwrap();
    let (recorder, recording) = Recorder::start(at.path(), place(), true, None).unwrap();
    for number in 1..4 {
        assert_eq!(recorder.record(&call("strict")).await, Ok(()));
        assert_eq!(read(at.path()).0.len(), number);
    }
    recording.close().await;
    assert_eq!(recorder.record(&call("late")).await, Err(NotRecorded));
    assert_eq!(read(at.path()).0.len(), 3);
}

#[tokio::test]
async fn a_strict_record_that_cannot_be_written_holds_its_call_back() {
    let at = tempfile::tempdir().unwrap();
    let trail = folder(at.path());
    let (recorder, recording) = Recorder::start(&trail, place(), true, None).unwrap();
    // Enough for a segment more, for which there is no folder.
    fs::rename(&trail, at.path().join("away")).unwrap();
    let long = "x".repeat(1024 * 1024);
    let mut refused = 0;
    for _ in 0..17 {
        refused += u32::from(recorder.record(&call(&long)).await.is_err());
    }
    assert!(refused > 0);
    recording.close().await;
}

/// What a start finds amiss, by what the store knows, and what is then in the trail.
fn started(at: &Path, anchor: Link) -> (Vec<(u64, String)>, Vec<String>) {
    let mut writer = Writer::open(at, place(), Limits::default(), Some(anchor)).unwrap();
    assert!(write(&mut writer, &[call("later")], 0, false, false));
    let mut amiss = Vec::new();
    let mut reader = Reader::open(at).unwrap();
    let mut see = |record: &str| {
        let record: serde_json::Value = serde_json::from_str(record).unwrap();
        let lost = &record["additionalEventData"];
        if let Some(calls) = lost["calls"].as_u64() {
            amiss.push((calls, lost["reason"].as_str().unwrap().to_owned()));
        }
    };
    reader.read(&mut see).unwrap();
    (amiss, reader.flaws())
}

fn end(at: &Path) -> Link {
    read_head(at).unwrap().unwrap()
}

#[test]
fn a_trail_that_is_as_the_store_knows_it_is_gone_on_with() {
    let at = written(3);
    let anchor = end(at.path());
    assert!(write(&mut writer(at.path()), &calls(2), 0, false, false));
    for anchor in [Link::START, anchor, end(at.path())] {
        assert_eq!(started(at.path(), anchor), (Vec::new(), Vec::new()));
    }
}

#[test]
fn a_trail_that_was_put_back_with_its_head_is_told() {
    let (at, old) = (written(3), tempfile::tempdir().unwrap());
    for entry in fs::read_dir(at.path()).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), old.path().join(entry.file_name())).unwrap();
    }
    assert!(write(&mut writer(at.path()), &calls(4), 0, false, false));
    let anchor = end(at.path());
    assert!(read(old.path()).1.is_empty());
    let (amiss, flaws) = started(old.path(), anchor);
    assert_eq!(amiss.len(), 1);
    assert_eq!(amiss[0].0, 4);
    assert_eq!(flaws, ["records 4 to 7 are missing"]);
    // It is told once.
    let (again, _) = started(old.path(), anchor);
    assert_eq!(again, amiss);

    let gone = tempfile::tempdir().unwrap();
    let (amiss, flaws) = started(gone.path(), anchor);
    assert_eq!((amiss.len(), amiss[0].0), (1, 7));
    assert_eq!(flaws, ["records 1 to 7 are missing"]);
}

#[test]
fn a_whole_new_chain_with_its_head_is_told_by_the_store() {
    for more in [0, 3] {
        let (at, other) = (written(3), written(0));
        let mut forged = calls(3 + more);
        forged.reverse();
        assert!(write(&mut writer(other.path()), &forged, 0, false, false));
        let (amiss, flaws) = started(other.path(), end(at.path()));
        assert_eq!((amiss.len(), amiss[0].0), (1, 3), "{flaws:?}");
        assert!(amiss[0].1.contains("not the one that was written"));
    }
}

#[test]
fn what_is_no_longer_kept_is_not_compared() {
    let at = tempfile::tempdir().unwrap();
    let limits = Limits {
        segment_bytes: 4_000,
        segments: 2,
    };
    let mut writer = Writer::open(at.path(), place(), limits, None).unwrap();
    assert!(write(&mut writer, &calls(2), 0, false, false));
    let anchor = end(at.path());
    assert!(write(&mut writer, &calls(60), 0, false, false));
    drop(writer);
    let (amiss, _) = started(at.path(), anchor);
    assert!(amiss.is_empty(), "{amiss:?}");
}
