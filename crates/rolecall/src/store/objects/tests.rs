//! Files of objects: what is written is read, and nothing else.

use super::*;

fn place(key: &str) -> Place {
    Place {
        bucket: "b".into(),
        key: key.into(),
    }
}

fn key() -> Secret {
    Secret::new([7; 32])
}

fn stored(objects: &Objects, bytes: &[u8]) -> Segment {
    let mut writing = objects.create(&place("k"), &key()).unwrap();
    // Pieces that fit no chunk.
    for piece in bytes.chunks(70_001) {
        writing.write(piece).unwrap();
    }
    writing.finish().unwrap().keep()
}

fn read_from(objects: &Objects, segment: Segment, offset: u64) -> io::Result<Vec<u8>> {
    let mut reading = objects.read(segment, &place("k"), &key())?;
    let start = reading.seek(offset);
    let mut all = Vec::new();
    loop {
        let next = reading.next(segment.size)?;
        if next.is_empty() {
            break;
        }
        all.extend(next);
    }
    Ok(all.split_off(usize::try_from(offset - start).unwrap()))
}

fn bytes(count: usize) -> Vec<u8> {
    (0..count)
        .map(|at| u8::try_from(at % 251).unwrap())
        .collect()
}

#[test]
fn what_is_written_is_read_from_anywhere() {
    let folder = tempfile::tempdir().unwrap();
    let objects = Objects::open(folder.path(), std::iter::empty()).unwrap();
    for count in [
        0,
        1,
        CHUNK_BYTES - 1,
        CHUNK_BYTES,
        CHUNK_BYTES + 1,
        5 * CHUNK_BYTES + 3,
    ] {
        let bytes = bytes(count);
        let segment = stored(&objects, &bytes);
        assert_eq!(segment.size, count as u64);
        for offset in [0, count / 2, count.saturating_sub(1)] {
            let read = read_from(&objects, segment, offset as u64).unwrap();
            assert!(read == bytes[offset..], "{count} from {offset}");
        }
    }
}

#[test]
fn another_key_another_name_and_another_byte_are_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let objects = Objects::open(folder.path(), std::iter::empty()).unwrap();
    let segment = stored(&objects, b"text that is not to be seen");
    let path = objects.path(segment.file);
    let sealed = std::fs::read(&path).unwrap();
    assert!(!sealed.windows(4).any(|it| it == b"text"));
    let read = |place: &Place, key: &Secret| {
        let mut reading = objects.read(segment, place, key).unwrap();
        reading.next(segment.size)
    };
    assert!(read(&place("k"), &key()).is_ok());
    assert!(read(&place("other"), &key()).is_err());
    assert!(read(&place("k"), &Secret::new([8; 32])).is_err());
    let mut altered = sealed.clone();
    altered[3] ^= 1;
    std::fs::write(&path, altered).unwrap();
    assert!(read(&place("k"), &key()).is_err());
    std::fs::write(&path, &sealed[..sealed.len() - 1]).unwrap();
    assert!(read(&place("k"), &key()).is_err());
}

#[test]
fn chunks_cannot_change_places() {
    let folder = tempfile::tempdir().unwrap();
    let objects = Objects::open(folder.path(), std::iter::empty()).unwrap();
    let segment = stored(&objects, &bytes(2 * CHUNK_BYTES));
    let path = objects.path(segment.file);
    let sealed = std::fs::read(&path).unwrap();
    let (first, second) = sealed.split_at(SEALED_BYTES);
    std::fs::write(&path, [second, first].concat()).unwrap();
    assert!(read_from(&objects, segment, 0).is_err());
}

#[test]
fn a_start_removes_what_no_object_has() {
    let folder = tempfile::tempdir().unwrap();
    let objects = Objects::open(folder.path(), std::iter::empty()).unwrap();
    let kept = stored(&objects, b"kept");
    let lost = stored(&objects, b"lost");
    let mut half = objects.create(&place("k"), &key()).unwrap();
    half.write(b"half").unwrap();
    let half = objects.path(std::mem::ManuallyDrop::new(half).id);
    let again = Objects::open(folder.path(), [kept.file].into_iter()).unwrap();
    assert!(again.path(kept.file).exists());
    assert!(!again.path(lost.file).exists());
    assert!(!half.exists());
}

#[test]
fn a_file_that_is_read_stays_until_that_has_ended() {
    let folder = tempfile::tempdir().unwrap();
    let objects = Objects::open(folder.path(), std::iter::empty()).unwrap();
    let segment = stored(&objects, b"x");
    let (one, two) = (
        objects.lease(vec![segment.file]),
        objects.lease(vec![segment.file]),
    );
    objects.remove(&[segment.file]);
    drop(one);
    assert!(objects.path(segment.file).exists());
    drop(two);
    assert!(!objects.path(segment.file).exists());
}

fn stored_and_not_kept(objects: &Objects) -> PathBuf {
    let writing = objects.create(&place("k"), &key()).unwrap();
    let path = objects.path(writing.id);
    let finished = writing.finish().unwrap();
    assert!(path.exists());
    drop(finished);
    path
}

#[test]
fn what_is_at_hand_is_read_at_once_and_in_memory_used_again() {
    let folder = tempfile::tempdir().unwrap();
    let objects = Objects::open(folder.path(), std::iter::empty()).unwrap();
    let bytes = bytes(3 * CHUNK_BYTES + 5);
    let segment = stored(&objects, &bytes);
    for (start, end) in [(0, 10), (CHUNK_BYTES as u64 + 1, segment.size)] {
        let mut reading = match objects.read_at_once(segment, &place("k"), &key()).unwrap() {
            Some(reading) => reading,
            // The way to it is not in the kernel's memory.
            None => objects.read(segment, &place("k"), &key()).unwrap(),
        };
        let mut at = usize::try_from(reading.seek(start)).unwrap();
        while at < usize::try_from(end).unwrap() {
            let found = match reading.next_at_once(end).unwrap() {
                Some(found) => found,
                None => reading.next(end).unwrap(),
            };
            assert!(!found.is_empty());
            assert!(found == bytes[at..at + found.len()]);
            at += found.len();
        }
    }
    assert_eq!(objects.pool.lock().len(), 1);
}

#[test]
fn a_file_that_is_given_up_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let objects = Objects::open(folder.path(), std::iter::empty()).unwrap();
    let mut writing = objects.create(&place("k"), &key()).unwrap();
    writing.write(b"half").unwrap();
    drop(writing);
    let finished = stored_and_not_kept(&objects);
    for folder in std::fs::read_dir(folder.path().join(FOLDER)).unwrap() {
        let left = std::fs::read_dir(folder.unwrap().path()).unwrap();
        assert_eq!(left.count(), 0);
    }
    assert!(!finished.exists());
}
