//! Reading the trail from its oldest record on, and holding its chain together.
//!
//! Works on the files alone, whether a server writes them or not. A reader goes on where it
//! stopped when it is asked again.

use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::chain::{Line, Link};
use super::files::{Segment, read_head};
use super::writer::SEGMENTS_KEPT;

/// A place in the trail, and what was wrong on the way to it.
#[derive(Debug)]
pub(crate) struct Reader {
    folder: PathBuf,
    /// Where the writer was when reading began.
    head: Option<Link>,
    segment: Option<Segment>,
    /// Bytes of the segment that have been read, whole lines only.
    offset: u64,
    /// Bytes after the last whole line.
    torn: u64,
    /// The last record; none before the first, and after one that cannot be read.
    link: Option<Link>,
    /// Number of the first record that was read.
    pub(crate) first: Option<u64>,
    /// How many records were read.
    pub(crate) records: u64,
    /// How many segments there are before the oldest goes.
    segments_kept: usize,
    flaws: Vec<String>,
    more_flaws: u64,
}

impl Reader {
    pub(crate) fn open(folder: &Path) -> io::Result<Self> {
        Self::keeping(folder, SEGMENTS_KEPT)
    }

    /// The same for a trail that keeps fewer or more segments.
    pub(super) fn keeping(folder: &Path, segments_kept: usize) -> io::Result<Self> {
        // Before the segments: what is written from now on is further than this.
        let head = read_head(folder)?;
        Ok(Self {
            folder: folder.to_owned(),
            head,
            segment: None,
            offset: 0,
            torn: 0,
            link: None,
            first: None,
            records: 0,
            segments_kept,
            flaws: Vec::new(),
            more_flaws: 0,
        })
    }

    /// Shows every record that has come since the last time.
    pub(crate) fn read(&mut self, see: &mut dyn FnMut(&str)) -> io::Result<()> {
        loop {
            self.read_segment(see)?;
            let Some(next) = self.next_segment()? else {
                return Ok(());
            };
            // No line is added to a segment once there is another.
            self.read_segment(see)?;
            if self.torn > 0 {
                self.flaw(format!("{} has a torn last line", self.place()));
            }
            if self.segment.is_none() {
                self.check_oldest(&next)?;
            }
            self.segment = Some(next);
            (self.offset, self.torn) = (0, 0);
        }
    }

    /// The last record that was read.
    pub(crate) fn last(&self) -> Option<u64> {
        self.link.map(|link| link.number)
    }

    /// Bytes at the end that are no whole line: one that is being written, or was when the server
    /// was killed.
    pub(crate) fn torn(&self) -> u64 {
        self.torn
    }

    /// What is wrong with what was read, the end included.
    pub(crate) fn flaws(mut self) -> Vec<String> {
        self.check_end();
        if self.more_flaws > 0 {
            self.flaws.push(format!("and {} more", self.more_flaws));
        }
        self.flaws
    }

    fn next_segment(&self) -> io::Result<Option<Segment>> {
        let after = self.segment.as_ref().map_or(0, |segment| segment.first);
        let segments = Segment::all(&self.folder)?;
        Ok(segments.into_iter().find(|segment| segment.first > after))
    }

    fn read_segment(&mut self, see: &mut dyn FnMut(&str)) -> io::Result<()> {
        let Some(segment) = &self.segment else {
            return Ok(());
        };
        let mut file = match File::open(&segment.path) {
            Ok(file) => file,
            // The oldest one may go while it is read.
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        file.seek(SeekFrom::Start(self.offset))?;
        let mut file = BufReader::with_capacity(BUFFER_BYTES, file);
        let mut bytes = Vec::new();
        loop {
            bytes.clear();
            let read = file
                .by_ref()
                .take(LINE_BYTES_MAX)
                .read_until(b'\n', &mut bytes)?;
            let read = u64::try_from(read).unwrap_or(u64::MAX);
            let Some((b'\n', line)) = bytes.split_last() else {
                if read < LINE_BYTES_MAX {
                    self.torn = read;
                    return Ok(());
                }
                self.flaw(format!("{} has a line without an end", self.place()));
                self.offset += read;
                self.link = None;
                continue;
            };
            let is_first = self.offset == 0;
            self.offset += read;
            match std::str::from_utf8(line) {
                Ok(line) if is_first => self.header(line),
                Ok(line) => self.line(line, see),
                Err(_) => self.unreadable(),
            }
        }
    }

    /// A segment says what came before it.
    fn header(&mut self, line: &str) {
        let Some(after) = Link::parse_header(line) else {
            self.flaw(format!("{} does not begin as a segment does", self.place()));
            return;
        };
        let first = self.segment.as_ref().map(|segment| segment.first);
        if first != Some(after.number + 1) {
            self.flaw(format!(
                "{} is not named after its first record",
                self.place()
            ));
        }
        if let Some(link) = self.link.filter(|link| *link != after) {
            self.flaw(if after.number > link.number {
                missing(link.number + 1, after.number)
            } else {
                format!("{} does not follow the one before it", self.place())
            });
        }
        self.link = Some(after);
    }

    fn line(&mut self, line: &str, see: &mut dyn FnMut(&str)) {
        let Some(Line { link, record }) = Line::parse(line) else {
            self.unreadable();
            return;
        };
        if let Some(before) = self.link {
            if link.number > before.number + 1 {
                self.flaw(missing(before.number + 1, link.number - 1));
            } else if link != before.next(record.as_bytes()) {
                let number = link.number;
                self.flaw(format!(
                    "record {number} or the one before it is not as it was written"
                ));
            }
        }
        if self
            .head
            .is_some_and(|head| head.number == link.number && head != link)
        {
            self.flaw(format!("record {} is not the one at the head", link.number));
        }
        self.link = Some(link);
        self.first.get_or_insert(link.number);
        self.records += 1;
        see(record);
    }

    fn unreadable(&mut self) {
        let after = self.link.map_or(String::new(), |link| {
            format!(" after record {}", link.number)
        });
        self.flaw(format!(
            "{} has a line{after} that is no record",
            self.place()
        ));
        self.link = None;
    }

    /// Segments go from the oldest on, and only when there are as many as are kept.
    fn check_oldest(&mut self, oldest: &Segment) -> io::Result<()> {
        if oldest.first > 1 && Segment::all(&self.folder)?.len() < self.segments_kept {
            self.flaw(missing(1, oldest.first - 1));
        }
        Ok(())
    }

    fn check_end(&mut self) {
        let Some(head) = self.head else {
            self.flaw("the head is missing or is none: nobody knows how far the trail went".into());
            return;
        };
        let last = self.last().unwrap_or(0);
        // After a line that is no record nobody knows the number.
        let is_known = self.link.is_some() || self.records == 0;
        if is_known && head.number > last {
            self.flaw(missing(last + 1, head.number));
        }
    }

    fn place(&self) -> String {
        let path = self.segment.as_ref().map(|segment| segment.path.display());
        path.map_or(String::new(), |path| format!("`{path}`"))
    }

    fn flaw(&mut self, flaw: String) {
        if self.flaws.len() < FLAWS_SHOWN_MAX {
            self.flaws.push(flaw);
        } else {
            self.more_flaws += 1;
        }
    }
}

fn missing(from: u64, to: u64) -> String {
    if from == to {
        format!("record {from} is missing")
    } else {
        format!("records {from} to {to} are missing")
    }
}

// A record is far below it.
const LINE_BYTES_MAX: u64 = 1_024 * 1_024;
const BUFFER_BYTES: usize = 64 * 1_024;
// Enough to see what happened.
const FLAWS_SHOWN_MAX: usize = 20;
