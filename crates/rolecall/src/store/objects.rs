//! What objects hold: a file for each, sealed in chunks, beside the store.
//!
//! A file is written under a name of its own that no object has yet, synced, and moved to its
//! place; then the object is committed. So an object is whole or absent, and what a crash leaves
//! behind is a file that no object names, which the next start removes. A file that is being read
//! stays until that has ended. Every chunk of 64 KiB is sealed with AES-256-GCM under a key of the
//! file's own, made of the object's data key and the file's random name; the nonce counts chunks,
//! and the names of bucket, object and file and the chunk's number are associated data.
//!
//! Knows no caller and no permission.

use std::collections::{HashMap, HashSet};
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use account::entity::Segment;
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hmac;
use protocol::Secret;

use crate::clock;

/// The folder with the files of all objects.
#[derive(Debug, Clone)]
pub(crate) struct Objects {
    folder: Arc<PathBuf>,
    leases: Arc<Mutex<Leases>>,
}

/// Files that are being read, and those of them that nobody needs afterwards.
#[derive(Debug, Default)]
struct Leases {
    held: HashMap<u128, usize>,
    doomed: HashSet<u128>,
}

/// Files that stay as long as this does.
#[derive(Debug)]
pub(crate) struct Lease {
    objects: Objects,
    files: Vec<u128>,
}

/// The object that a file is of, for the seals.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) bucket: Arc<str>,
    pub(crate) key: Arc<str>,
}

/// A file that is being written.
#[derive(Debug)]
pub(crate) struct Writing {
    objects: Objects,
    file: File,
    id: u128,
    sealer: Sealer,
    // What does not fill a chunk yet.
    rest: Vec<u8>,
    // Sealed chunks on their way to the file.
    out: Vec<u8>,
    size: u64,
    is_kept: bool,
}

/// A file that is being read.
#[derive(Debug)]
pub(crate) struct Reading {
    file: File,
    sealer: Sealer,
    // Before they were sealed.
    size: u64,
    buffer: Vec<u8>,
}

struct Sealer {
    key: LessSafeKey,
    aad: Vec<u8>,
    chunk: u64,
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sealer")
            .field("chunk", &self.chunk)
            .finish_non_exhaustive()
    }
}

impl Objects {
    /// Opens the folder and removes what no object has. `known` are the files that objects have.
    pub(crate) fn open(data: &Path, known: impl Iterator<Item = u128>) -> io::Result<Self> {
        let folder = data.join(FOLDER);
        make_folder(&folder)?;
        make_folder(&folder.join(NEW))?;
        let objects = Self {
            folder: Arc::new(folder),
            leases: Arc::default(),
        };
        objects.sweep(&known.collect())?;
        Ok(objects)
    }

    fn sweep(&self, known: &HashSet<u128>) -> io::Result<()> {
        let mut removed = 0_u64;
        for folder in std::fs::read_dir(&*self.folder)? {
            let folder = folder?.path();
            for entry in std::fs::read_dir(&folder)? {
                let path = entry?.path();
                let id = path.file_name().and_then(|name| name.to_str());
                let id = id.and_then(|name| u128::from_str_radix(name, 16).ok());
                let is_new = folder.ends_with(NEW);
                if is_new || id.is_none_or(|id| !known.contains(&id)) {
                    std::fs::remove_file(&path)?;
                    removed += 1;
                }
            }
        }
        if removed > 0 {
            tracing::info!(removed, "files of objects that were never kept are gone");
        }
        Ok(())
    }

    /// Begins a file.
    pub(crate) fn create(&self, place: &Place, data_key: &Secret) -> io::Result<Writing> {
        let id = clock::random::<16>().map_err(|_| io::Error::other("no random bytes"))?;
        let id = u128::from_be_bytes(id);
        let mut options = OpenOptions::new();
        let file = options.write(true).create_new(true).mode(0o600);
        Ok(Writing {
            file: file.open(self.new_path(id))?,
            objects: self.clone(),
            id,
            sealer: Sealer::new(place, data_key, id)?,
            rest: Vec::new(),
            out: Vec::new(),
            size: 0,
            is_kept: false,
        })
    }

    /// Opens a file.
    pub(crate) fn read(
        &self,
        segment: Segment,
        place: &Place,
        data_key: &Secret,
    ) -> io::Result<Reading> {
        Ok(Reading {
            file: File::open(self.path(segment.file))?,
            sealer: Sealer::new(place, data_key, segment.file)?,
            size: segment.size,
            buffer: Vec::new(),
        })
    }

    /// Keeps files from going away while they are read.
    pub(crate) fn lease(&self, files: Vec<u128>) -> Lease {
        let mut leases = self.lock();
        for file in &files {
            *leases.held.entry(*file).or_default() += 1;
        }
        drop(leases);
        Lease {
            objects: self.clone(),
            files,
        }
    }

    /// Removes files that no object has any more; those that are being read, when that has ended.
    pub(crate) fn remove(&self, files: &[u128]) {
        let mut leases = self.lock();
        let (read, free): (Vec<u128>, Vec<u128>) = files
            .iter()
            .partition(|file| leases.held.contains_key(*file));
        leases.doomed.extend(read);
        drop(leases);
        self.unlink(&free);
    }

    fn unlink(&self, files: &[u128]) {
        for file in files {
            if let Err(error) = std::fs::remove_file(self.path(*file))
                && error.kind() != io::ErrorKind::NotFound
            {
                tracing::warn!(%error, "a file of an object stays until the next start");
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Leases> {
        self.leases.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn path(&self, id: u128) -> PathBuf {
        let name = format!("{id:032x}");
        let first = name.get(..2).unwrap_or_default();
        self.folder.join(first).join(&name)
    }

    fn new_path(&self, id: u128) -> PathBuf {
        self.folder.join(NEW).join(format!("{id:032x}"))
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let mut leases = self.objects.lock();
        let mut gone = Vec::new();
        for file in &self.files {
            if let Some(count) = leases.held.get_mut(file) {
                *count -= 1;
                if *count == 0 {
                    leases.held.remove(file);
                    gone.extend(leases.doomed.take(file));
                }
            }
        }
        drop(leases);
        self.objects.unlink(&gone);
    }
}

impl Writing {
    /// Adds bytes.
    pub(crate) fn write(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        self.size += bytes.len() as u64;
        if !self.rest.is_empty() {
            let (first, more) = bytes.split_at(bytes.len().min(CHUNK_BYTES - self.rest.len()));
            self.rest.extend_from_slice(first);
            bytes = more;
            if self.rest.len() == CHUNK_BYTES {
                let rest = std::mem::take(&mut self.rest);
                self.seal(&rest)?;
                self.rest = rest;
                self.rest.clear();
            }
        }
        let whole = bytes.chunks_exact(CHUNK_BYTES);
        self.rest.extend_from_slice(whole.remainder());
        for chunk in whole {
            self.seal(chunk)?;
        }
        self.flush()
    }

    fn seal(&mut self, chunk: &[u8]) -> io::Result<()> {
        self.sealer.seal(chunk, &mut self.out)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.write_all(&self.out)?;
        self.out.clear();
        Ok(())
    }

    /// Ends the file: it is on the disk, in its place.
    pub(crate) fn finish(mut self) -> io::Result<Segment> {
        if !self.rest.is_empty() {
            let rest = std::mem::take(&mut self.rest);
            self.seal(&rest)?;
            self.flush()?;
        }
        self.file.sync_data()?;
        let place = self.objects.path(self.id);
        let folder = place.parent().unwrap_or(&self.objects.folder);
        if make_folder(folder)? {
            File::open(&*self.objects.folder)?.sync_data()?;
        }
        std::fs::rename(self.objects.new_path(self.id), &place)?;
        self.is_kept = true;
        File::open(folder)?.sync_data()?;
        Ok(Segment {
            file: self.id,
            size: self.size,
        })
    }
}

/// What is not finished is not kept.
impl Drop for Writing {
    fn drop(&mut self) {
        if !self.is_kept {
            let _gone = std::fs::remove_file(self.objects.new_path(self.id));
        }
    }
}

impl Reading {
    /// Goes to a chunk; the bytes of it that come before `offset` are to be left out by the caller.
    pub(crate) fn seek(&mut self, offset: u64) -> io::Result<u64> {
        let chunk = offset / CHUNK_BYTES as u64;
        self.file
            .seek(SeekFrom::Start(chunk * SEALED_BYTES as u64))?;
        self.sealer.chunk = chunk;
        Ok(chunk * CHUNK_BYTES as u64)
    }

    /// The next chunks, about [`BATCH_BYTES`]; empty at the end.
    pub(crate) fn next(&mut self) -> io::Result<Vec<u8>> {
        let at = self.sealer.chunk * CHUNK_BYTES as u64;
        let left = self.size.saturating_sub(at);
        let wanted = usize::try_from(left).unwrap_or(usize::MAX).min(BATCH_BYTES);
        let sealed = wanted + wanted.div_ceil(CHUNK_BYTES) * TAG_BYTES;
        self.buffer.resize(sealed, 0);
        self.file.read_exact(&mut self.buffer)?;
        let mut opened = Vec::with_capacity(wanted);
        let mut buffer = std::mem::take(&mut self.buffer);
        for chunk in buffer.chunks_mut(SEALED_BYTES) {
            opened.extend_from_slice(self.sealer.open(chunk)?);
        }
        self.buffer = buffer;
        Ok(opened)
    }
}

impl Sealer {
    fn new(place: &Place, data_key: &Secret, file: u128) -> io::Result<Self> {
        let name = file.to_be_bytes();
        let own = hmac::Key::new(hmac::HMAC_SHA256, data_key.expose());
        let own = hmac::sign(&own, &[FILE_KEY, &name].concat());
        let key = UnboundKey::new(&AES_256_GCM, own.as_ref());
        let key = key.map_err(|_| io::Error::other("a data key is none"))?;
        let mut aad = Vec::new();
        for part in [place.bucket.as_bytes(), place.key.as_bytes(), &name] {
            aad.extend((part.len() as u64).to_be_bytes());
            aad.extend(part);
        }
        Ok(Self {
            key: LessSafeKey::new(key),
            aad,
            chunk: 0,
        })
    }

    fn next(&mut self) -> (Nonce, Aad<Vec<u8>>) {
        let mut nonce = [0; NONCE_LEN];
        let number = self.chunk.to_be_bytes();
        nonce
            .iter_mut()
            .skip(NONCE_LEN - number.len())
            .zip(number)
            .for_each(|(to, from)| *to = from);
        self.chunk += 1;
        let aad = Aad::from([self.aad.as_slice(), &number].concat());
        (Nonce::assume_unique_for_key(nonce), aad)
    }

    fn seal(&mut self, chunk: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
        let (nonce, aad) = self.next();
        let start = out.len();
        out.extend_from_slice(chunk);
        let text = out.get_mut(start..).unwrap_or_default();
        let tag = self.key.seal_in_place_separate_tag(nonce, aad, text);
        let tag = tag.map_err(|_| io::Error::other("a chunk cannot be sealed"))?;
        out.extend_from_slice(tag.as_ref());
        Ok(())
    }

    fn open<'c>(&mut self, chunk: &'c mut [u8]) -> io::Result<&'c [u8]> {
        let (nonce, aad) = self.next();
        let opened = self.key.open_in_place(nonce, aad, chunk);
        let altered = |_| {
            io::Error::new(
                io::ErrorKind::InvalidData,
                "a file of an object was altered",
            )
        };
        opened.map(|opened| &*opened).map_err(altered)
    }
}

/// Makes a folder, and says whether it was not there.
fn make_folder(path: &Path) -> io::Result<bool> {
    match std::fs::DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        made => made.map(|()| true),
    }
}

/// Below the data folder.
const FOLDER: &str = "objects";
const NEW: &str = "new";
const FILE_KEY: &[u8] = b"rolecall object file";
// Sealed by itself: enough to cost little, few enough to read from the middle.
const CHUNK_BYTES: usize = 64 * 1_024;
const TAG_BYTES: usize = 16;
const SEALED_BYTES: usize = CHUNK_BYTES + TAG_BYTES;
/// Read and written at once.
pub(crate) const BATCH_BYTES: usize = 4 * CHUNK_BYTES;

#[cfg(test)]
mod tests {
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
        writing.finish().unwrap()
    }

    fn read_from(objects: &Objects, segment: Segment, offset: u64) -> io::Result<Vec<u8>> {
        let mut reading = objects.read(segment, &place("k"), &key())?;
        let start = reading.seek(offset)?;
        let mut all = Vec::new();
        loop {
            let next = reading.next()?;
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
        let read = |place: &Place, key: &Secret| objects.read(segment, place, key).unwrap().next();
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
        std::fs::write(objects.new_path(1), b"half").unwrap();
        let again = Objects::open(folder.path(), [kept.file].into_iter()).unwrap();
        assert!(again.path(kept.file).exists());
        assert!(!again.path(lost.file).exists());
        assert!(!again.new_path(1).exists());
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

    #[test]
    fn a_file_that_is_given_up_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let objects = Objects::open(folder.path(), std::iter::empty()).unwrap();
        let mut writing = objects.create(&place("k"), &key()).unwrap();
        writing.write(b"half").unwrap();
        drop(writing);
        let left = std::fs::read_dir(folder.path().join(FOLDER).join(NEW)).unwrap();
        assert_eq!(left.count(), 0);
    }
}
