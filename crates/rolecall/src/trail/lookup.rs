//! The newest records that a call over the API asks for.

use std::io::{self, ErrorKind};
use std::path::Path;

use account::Asked;
use account::trail::Event;

use super::chain::Line;
use super::files::Segment;

/// What is asked for, by number, the newest first and no more than is needed. Lines that are no
/// record are passed over: `rolecall account trail` tells of them.
pub(crate) fn newest(folder: &Path, asked: &Asked) -> io::Result<Vec<(u64, Event)>> {
    let mut found = Vec::new();
    for segment in Segment::all(folder)?.into_iter().rev() {
        if asked.before().is_some_and(|before| segment.first >= before) {
            continue;
        }
        let bytes = match segment.read() {
            Ok(bytes) => bytes,
            // The oldest one may go while it is read.
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        // What follows the last line's end is still being written.
        for line in bytes.rsplit(|byte| *byte == b'\n').skip(1) {
            let line = std::str::from_utf8(line).ok().and_then(Line::parse);
            let Some(Line { link, record }) = line else {
                continue;
            };
            if asked.before().is_some_and(|before| link.number >= before) {
                continue;
            }
            let event = Event::read(record).filter(|event| asked.takes(event));
            found.extend(event.map(|event| (link.number, event)));
            if found.len() >= asked.records_max() {
                return Ok(found);
            }
        }
    }
    Ok(found)
}
