//! The trail's files: segments by the number of their first record, and the head.
//!
//! Knows names, bounds and how to find the end again after a crash; not what a record says.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::chain::{Line, Link};

/// One segment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Segment {
    /// Number of its first record.
    pub(super) first: u64,
    pub(super) path: PathBuf,
}

/// Where writing goes on.
#[derive(Debug)]
pub(super) struct End {
    /// The last record.
    pub(super) link: Link,
    /// The segment that it ends, if that can be written on.
    pub(super) segment: Option<PathBuf>,
}

impl Segment {
    /// The segment that begins after a record.
    pub(super) fn after(folder: &Path, link: &Link) -> Self {
        let first = link.number + 1;
        Self {
            first,
            path: folder.join(format!("{PREFIX}{first:020}{SUFFIX}")),
        }
    }

    /// The segments there are, the oldest first.
    pub(super) fn all(folder: &Path) -> io::Result<Vec<Self>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder)? {
            let name = entry?.file_name();
            let name = name.to_string_lossy();
            let first = name
                .strip_prefix(PREFIX)
                .and_then(|rest| rest.strip_suffix(SUFFIX))
                .filter(|digits| digits.len() == 20)
                .and_then(|digits| digits.parse().ok());
            if let Some(first) = first {
                let path = folder.join(&*name);
                found.push(Self { first, path });
            }
        }
        found.sort();
        Ok(found)
    }

    /// Makes the file with its first line, whole or not at all.
    pub(super) fn make(&self, after: &Link) -> io::Result<()> {
        if self.path.exists() {
            return Err(ErrorKind::AlreadyExists.into());
        }
        crate::store::write_private(&self.path, &after.header())
            .map_err(|failure| io::Error::other(failure.message))
    }

    /// The bytes of the file.
    pub(super) fn read(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let file = File::open(&self.path)?;
        file.take(FILE_BYTES_MAX).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// Makes the folder for its owner alone.
pub(super) fn make_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// The head as it stands; `None` where there is none, or it is none.
pub(super) fn read_head(folder: &Path) -> io::Result<Option<Link>> {
    let mut text = String::new();
    let file = match File::open(folder.join(HEAD)) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    match file.take(HEAD_BYTES_MAX).read_to_string(&mut text) {
        Ok(_) => Ok(Link::parse_header(&text)),
        Err(error) if error.kind() == ErrorKind::InvalidData => Ok(None),
        Err(error) => Err(error),
    }
}

/// The head, to be written over in place.
pub(super) fn open_head(folder: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false).mode(0o600);
    options.open(folder.join(HEAD))
}

/// Finds the end of the trail, and cuts off a last line that was not written to its end.
///
/// Where the head is further than the last segment, or that cannot be read, writing goes on after
/// the head in a new segment: what is missing stays visible, and no number is used twice.
pub(super) fn recover(folder: &Path) -> io::Result<End> {
    let head = read_head(folder)?;
    let fresh = |link| End {
        link,
        segment: None,
    };
    let Some(last) = Segment::all(folder)?.pop() else {
        return Ok(fresh(head.unwrap_or(Link::START)));
    };
    let bytes = last.read()?;
    let kept = bytes
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |at| at + 1);
    if kept < bytes.len() {
        let torn = bytes.len() - kept;
        tracing::warn!(segment = %last.path.display(), bytes = torn, "a torn last line is cut");
        let file = OpenOptions::new().write(true).open(&last.path)?;
        file.set_len(u64::try_from(kept).unwrap_or(u64::MAX))?;
        file.sync_all()?;
    }
    let text = bytes.get(..kept).unwrap_or_default();
    let newest_first = text.rsplit(|byte| *byte == b'\n').skip(1).enumerate();
    let found = newest_first
        .map(|(at, line)| (at, link(&String::from_utf8_lossy(line))))
        .find_map(|(at, link)| Some((at, link?)));
    let ahead = |link: &Link| head.is_some_and(|head| head.number > link.number);
    Ok(match found {
        Some((0, link)) if !ahead(&link) => End {
            link,
            segment: Some(last.path),
        },
        Some((_, link)) => {
            let link = head.filter(|_| ahead(&link)).unwrap_or(link);
            tracing::warn!(after = link.number, "the trail is damaged at its end");
            fresh(link)
        }
        None => {
            tracing::warn!(segment = %last.path.display(), "a segment of the trail is unreadable");
            fresh(head.unwrap_or(Link::START))
        }
    })
}

/// What the store knows better than the trail's own files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Amiss {
    /// How many records are not there, or not those that were written.
    pub(super) records: u64,
    pub(super) reason: &'static str,
}

/// Holds the end that was found against a record that the store knows to have been written. Where
/// the trail does not get that far, writing goes on after that record, so that those missing are
/// seen. What is no longer kept cannot be compared.
pub(super) fn hold_against(
    folder: &Path,
    end: &mut End,
    anchor: Link,
) -> io::Result<Option<Amiss>> {
    if end.link.number < anchor.number {
        let records = anchor.number - end.link.number;
        *end = End {
            link: anchor,
            segment: None,
        };
        let reason = "the trail ended before the last write; it was put back, or power was lost";
        return Ok(Some(Amiss { records, reason }));
    }
    let mut segments = Segment::all(folder)?.into_iter().rev();
    let Some(segment) = segments.find(|segment| segment.first <= anchor.number) else {
        return Ok(None);
    };
    let bytes = segment.read()?;
    let newest_first = bytes.rsplit(|byte| *byte == b'\n');
    let mut links = newest_first.filter_map(|line| link(std::str::from_utf8(line).ok()?));
    let found = links.find(|link| link.number == anchor.number);
    Ok(found.filter(|found| *found != anchor).map(|_| Amiss {
        records: anchor.number,
        reason: "the trail up to the last write is not the one that was written",
    }))
}

fn link(line: &str) -> Option<Link> {
    Line::parse(line)
        .map(|line| line.link)
        .or_else(|| Link::parse_header(line))
}

const PREFIX: &str = "calls-";
const SUFFIX: &str = ".jsonl";
pub(super) const HEAD: &str = "head";
const HEAD_BYTES_MAX: u64 = 1_024;
// Twice what a segment grows to.
const FILE_BYTES_MAX: u64 = 2 * super::writer::SEGMENT_BYTES;
