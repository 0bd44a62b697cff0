//! What objects hold: a file for each, sealed in chunks, beside the store.
//!
//! A file has a random name that no object has yet, and is synced with its folder; then the object
//! is committed. So an object is whole or absent, and what a crash leaves behind is a file that no
//! object names, which the next start removes. A file that is being read stays until that has
//! ended. Every chunk of 64 KiB is sealed with AES-256-GCM under a key of the
//! file's own, made of the object's data key and the file's random name; the nonce counts chunks,
//! and the names of bucket, object and file and the chunk's number are associated data. Chunks are
//! opened where they were read to, and handed on from there; the memory is used again.
//!
//! Knows no caller and no permission.

use std::collections::{HashMap, HashSet};
use std::fs::{File, OpenOptions};
use std::io::{self, IoSliceMut, Write};
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use account::entity::Segment;
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hmac;
use bytes::Bytes;
use protocol::Secret;
use rustix::fs::{CWD, Mode, OFlags, ResolveFlags, openat2};
use rustix::io::{Errno, ReadWriteFlags, preadv2};

use crate::{clock, host};

mod missing;

pub(crate) use self::missing::missing;

/// The folder with the files of all objects.
#[derive(Debug, Clone)]
pub(crate) struct Objects {
    folder: Arc<PathBuf>,
    leases: Arc<Mutex<Leases>>,
    pool: Arc<Pool>,
}

/// Memory for what is read, to be used again: what is fresh costs as much as opening a chunk.
#[derive(Debug, Default)]
struct Pool(Mutex<Vec<Vec<u8>>>);

/// Chunks that were opened where they stand; their memory goes back.
struct Pooled {
    buffer: Vec<u8>,
    pool: Arc<Pool>,
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
    // Bytes in the file, and how many of them the disk was told of.
    written: u64,
    told: u64,
    is_kept: bool,
}

/// A file that was written, and goes unless it is kept.
#[derive(Debug)]
pub(crate) struct Finished(Writing);

/// A file that is being read.
#[derive(Debug)]
pub(crate) struct Reading {
    file: File,
    sealer: Sealer,
    // Before they were sealed.
    size: u64,
    pool: Arc<Pool>,
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
        let objects = Self {
            folder: Arc::new(folder),
            leases: Arc::default(),
            pool: Arc::default(),
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
                if id.is_none_or(|id| !known.contains(&id)) {
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
        let path = self.path(id);
        let file = match file.open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.make_folders()?;
                file.open(&path)?
            }
            opened => opened?,
        };
        Ok(Writing {
            file,
            objects: self.clone(),
            id,
            sealer: Sealer::new(place, data_key, id)?,
            rest: Vec::new(),
            out: Vec::new(),
            size: 0,
            written: 0,
            told: 0,
            is_kept: false,
        })
    }

    /// Makes all folders at once, so that one wait for the disk does for all of them.
    fn make_folders(&self) -> io::Result<()> {
        for first in 0..=u8::MAX {
            make_folder(&self.folder.join(format!("{first:02x}")))?;
        }
        File::open(&*self.folder)?.sync_data()
    }

    /// Opens a file.
    pub(crate) fn read(
        &self,
        segment: Segment,
        place: &Place,
        data_key: &Secret,
    ) -> io::Result<Reading> {
        let file = File::open(self.path(segment.file))?;
        self.reading(file, segment, place, data_key)
    }

    /// The same, where the kernel has the way to it at hand; `None` where a disk would have to be
    /// waited for.
    pub(crate) fn read_at_once(
        &self,
        segment: Segment,
        place: &Place,
        data_key: &Secret,
    ) -> io::Result<Option<Reading>> {
        let flags = OFlags::RDONLY | OFlags::CLOEXEC;
        let path = self.path(segment.file);
        match openat2(CWD, path, flags, Mode::empty(), ResolveFlags::CACHED) {
            Ok(file) => self
                .reading(file.into(), segment, place, data_key)
                .map(Some),
            Err(Errno::AGAIN | Errno::INVAL | Errno::NOSYS | Errno::PERM) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn reading(
        &self,
        file: File,
        segment: Segment,
        place: &Place,
        data_key: &Secret,
    ) -> io::Result<Reading> {
        Ok(Reading {
            file,
            sealer: Sealer::new(place, data_key, segment.file)?,
            size: segment.size,
            pool: Arc::clone(&self.pool),
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
        let name = name(id);
        self.folder.join(name.strip_prefix(FOLDER).unwrap_or(&name))
    }
}

impl Pool {
    /// At least so many bytes.
    fn take(&self, bytes: usize) -> Vec<u8> {
        if bytes <= SEALED_BYTES {
            return vec![0; bytes];
        }
        let kept = self.lock().pop();
        kept.unwrap_or_else(|| vec![0; SEALED_BATCH_BYTES])
    }

    fn give(&self, buffer: Vec<u8>) {
        let mut kept = self.lock();
        if buffer.len() == SEALED_BATCH_BYTES && kept.len() < POOLED_MAX {
            kept.push(buffer);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Vec<u8>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl AsRef<[u8]> for Pooled {
    fn as_ref(&self) -> &[u8] {
        &self.buffer
    }
}

impl Drop for Pooled {
    fn drop(&mut self) {
        self.pool.give(std::mem::take(&mut self.buffer));
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
        self.written += self.out.len() as u64;
        self.out.clear();
        Ok(())
    }

    /// Has the disk begin with what was written, so that little is left to wait for at the end.
    pub(crate) fn settle(&mut self) {
        host::begin_writeback(&self.file, self.told, self.written - self.told);
        self.told = self.written;
    }

    /// Ends the file: its bytes are on the disk, and so is its name.
    pub(crate) fn finish(mut self) -> io::Result<Finished> {
        if !self.rest.is_empty() {
            let rest = std::mem::take(&mut self.rest);
            self.seal(&rest)?;
            self.flush()?;
        }
        self.file.sync_data()?;
        // Afterwards it costs next to nothing: the file system wrote both.
        let path = self.objects.path(self.id);
        File::open(path.parent().unwrap_or(&path))?.sync_data()?;
        Ok(Finished(self))
    }
}

impl Finished {
    /// The file, which stays from here on.
    pub(crate) fn keep(mut self) -> Segment {
        self.0.is_kept = true;
        Segment {
            file: self.0.id,
            size: self.0.size,
        }
    }
}

/// What is not finished is not kept.
impl Drop for Writing {
    fn drop(&mut self) {
        if !self.is_kept {
            let _gone = std::fs::remove_file(self.objects.path(self.id));
        }
    }
}

impl Reading {
    /// Goes to a chunk; the bytes of it that come before `offset` are to be left out by the caller.
    pub(crate) fn seek(&mut self, offset: u64) -> u64 {
        self.sealer.chunk = offset / CHUNK_BYTES as u64;
        self.sealer.chunk * CHUNK_BYTES as u64
    }

    /// The next chunks before `end`, at most [`BATCH_BYTES`]; none at the end.
    pub(crate) fn next(&mut self, end: u64) -> io::Result<Bytes> {
        let bytes = self.sealed_before(end);
        let mut buffer = self.pool.take(bytes);
        let wanted = buffer.get_mut(..bytes).unwrap_or_default();
        self.file.read_exact_at(wanted, self.at())?;
        self.open(buffer, bytes)
    }

    /// The same, where the kernel has it at hand; `None` where the disk would have to be waited
    /// for.
    pub(crate) fn next_at_once(&mut self, end: u64) -> io::Result<Option<Bytes>> {
        let bytes = self.sealed_before(end);
        let mut buffer = self.pool.take(bytes);
        let wanted = buffer.get_mut(..bytes).unwrap_or_default();
        let mut all = [IoSliceMut::new(wanted)];
        match preadv2(&self.file, &mut all, self.at(), ReadWriteFlags::NOWAIT) {
            Ok(read) if read == bytes => self.open(buffer, bytes).map(Some),
            Ok(_) | Err(Errno::AGAIN | Errno::OPNOTSUPP | Errno::NOSYS | Errno::PERM) => {
                self.pool.give(buffer);
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Where the next chunk stands in the file.
    fn at(&self) -> u64 {
        self.sealer.chunk * SEALED_BYTES as u64
    }

    /// How many bytes the next chunks take that begin before `end`.
    fn sealed_before(&self, end: u64) -> usize {
        let at = self.sealer.chunk * CHUNK_BYTES as u64;
        let end = end.next_multiple_of(CHUNK_BYTES as u64).min(self.size);
        let left = usize::try_from(end.saturating_sub(at)).unwrap_or(usize::MAX);
        let wanted = left.min(BATCH_BYTES);
        wanted + wanted.div_ceil(CHUNK_BYTES) * TAG_BYTES
    }

    /// Opens chunks where they stand, and moves them together over what sealed them.
    fn open(&mut self, mut buffer: Vec<u8>, bytes: usize) -> io::Result<Bytes> {
        let mut opened = 0;
        for start in (0..bytes).step_by(SEALED_BYTES) {
            let end = bytes.min(start + SEALED_BYTES);
            let chunk = buffer.get_mut(start..end).unwrap_or_default();
            let length = self.sealer.open(chunk)?.len();
            buffer.copy_within(start..start + length, opened);
            opened += length;
        }
        let pool = Arc::clone(&self.pool);
        let all = Bytes::from_owner(Pooled { buffer, pool });
        Ok(all.slice(..opened))
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

/// A file's name below the data folder.
fn name(id: u128) -> PathBuf {
    let name = format!("{id:032x}");
    let first = name.get(..2).unwrap_or_default();
    Path::new(FOLDER).join(first).join(&name)
}

/// Makes a folder, if it is not there.
fn make_folder(path: &Path) -> io::Result<()> {
    match std::fs::DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}

/// Below the data folder.
pub(super) const FOLDER: &str = "objects";
const FILE_KEY: &[u8] = b"rolecall object file";
// Sealed by itself: enough to cost little, few enough to read from the middle.
const CHUNK_BYTES: usize = 64 * 1_024;
const TAG_BYTES: usize = 16;
const SEALED_BYTES: usize = CHUNK_BYTES + TAG_BYTES;
// Read at once: little enough to stay near the processor until it is in the socket.
const BATCH_BYTES: usize = 4 * CHUNK_BYTES;
const SEALED_BATCH_BYTES: usize = 4 * SEALED_BYTES;
// Kept for what is read next: 8 MiB.
const POOLED_MAX: usize = 32;

#[cfg(test)]
mod tests;
