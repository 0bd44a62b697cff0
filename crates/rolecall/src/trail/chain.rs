//! The chain: how a record becomes a line, and what a line says of those before it.
//!
//! The hash of a line is SHA-256 of the hash before it, its number as eight bytes, the highest
//! first, and the bytes of its record. A segment begins with a line that names the last number and
//! hash of the segment before; the head is that same line of the last record written. Knows no
//! file.

use std::io::Write as _;

use aws_lc_rs::digest::{Context, SHA256};

use crate::store::ANCHOR_BYTES;

/// A place in the chain: a record's number, from 1, and its hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) number: u64,
    hash: [u8; 32],
}

/// A line of a segment.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    pub(super) link: Link,
    pub(super) record: &'a str,
}

impl Link {
    /// As the store keeps it.
    pub(crate) fn anchor(&self) -> [u8; ANCHOR_BYTES] {
        let mut anchor = [0; ANCHOR_BYTES];
        let bytes = self.number.to_be_bytes().into_iter().chain(self.hash);
        anchor
            .iter_mut()
            .zip(bytes)
            .for_each(|(to, from)| *to = from);
        anchor
    }

    /// What [`Link::anchor`] made.
    pub(crate) fn of_anchor(anchor: &[u8; ANCHOR_BYTES]) -> Option<Self> {
        let (number, hash) = anchor.split_first_chunk()?;
        Some(Self {
            number: u64::from_be_bytes(*number),
            hash: hash.try_into().ok()?,
        })
    }

    /// Before the first record.
    pub(super) const START: Self = Self {
        number: 0,
        hash: [0; 32],
    };

    /// The place of a record that follows.
    pub(super) fn next(&self, record: &[u8]) -> Self {
        let number = self.number + 1;
        let mut context = Context::new(&SHA256);
        context.update(&self.hash);
        context.update(&number.to_be_bytes());
        context.update(record);
        let mut hash = [0; 32];
        let digest = context.finish();
        hash.iter_mut()
            .zip(digest.as_ref())
            .for_each(|(to, from)| *to = *from);
        Self { number, hash }
    }

    /// Appends the line of a record at this place.
    pub(super) fn write(&self, record: &[u8], to: &mut Vec<u8>) {
        self.write_place(NUMBER, to);
        to.extend_from_slice(RECORD.as_bytes());
        to.extend_from_slice(record);
        to.extend_from_slice(b"}\n");
    }

    /// The first line of a segment that follows this place, and the head that stands at it. As
    /// long as every other, so that a head is written over another in place.
    pub(super) fn header(&self) -> Vec<u8> {
        let mut line = Vec::with_capacity(HEADER_BYTES + 1);
        self.write_place(FORMAT, &mut line);
        line.extend_from_slice(b"\"}");
        line.resize(HEADER_BYTES, b' ');
        line.push(b'\n');
        line
    }

    /// Reads what `header` writes, without the line's end.
    pub(super) fn parse_header(line: &str) -> Option<Self> {
        let (place, rest) = Self::parse(line.trim_end().strip_prefix(FORMAT)?)?;
        (rest == "\"}").then_some(place)
    }

    /// A number and a hash, and what comes after them.
    fn parse(text: &str) -> Option<(Self, &str)> {
        let (number, rest) = text.split_once(HASH)?;
        let is_plain = number.bytes().all(|byte| byte.is_ascii_digit());
        let number = number.parse().ok().filter(|_| is_plain)?;
        let (hex, rest) = rest.split_at_checked(64)?;
        let mut hash = [0; 32];
        for (byte, pair) in hash.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
            let digit = |digit: u8| match digit {
                b'0'..=b'9' => Some(digit - b'0'),
                b'a'..=b'f' => Some(digit - b'a' + 10),
                _ => None,
            };
            let [high, low] = pair else { return None };
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Some((Self { number, hash }, rest))
    }

    fn write_place(&self, before: &str, to: &mut Vec<u8>) {
        to.extend_from_slice(before.as_bytes());
        let _infallible = write!(to, "{}", self.number);
        to.extend_from_slice(HASH.as_bytes());
        let mut hex = [0; 64];
        for (pair, byte) in hex.chunks_exact_mut(2).zip(self.hash) {
            pair.copy_from_slice(&[byte >> 4, byte & 0x0f].map(|digit| match digit {
                0..=9 => b'0' + digit,
                _ => b'a' + digit - 10,
            }));
        }
        to.extend_from_slice(&hex);
    }
}

impl<'a> Line<'a> {
    /// Reads what [`Link::write`] writes, without the line's end. The hash is as the line claims.
    pub(super) fn parse(line: &'a str) -> Option<Self> {
        let (place, rest) = Link::parse(line.strip_prefix(NUMBER)?)?;
        let record = rest.strip_prefix(RECORD)?.strip_suffix('}')?;
        let is_whole = record.starts_with('{') && record.ends_with('}');
        is_whole.then_some(Self {
            link: place,
            record,
        })
    }
}

const NUMBER: &str = "{\"number\":";
const HASH: &str = ",\"hash\":\"";
const RECORD: &str = "\",\"record\":";
// The number is that of the layout; another gets another.
const FORMAT: &str = "{\"trail\":1,\"after\":";
// Room for the largest number.
const HEADER_BYTES: usize = 127;
/// Bytes of a segment's first line.
pub(super) const FIRST_LINE_BYTES: u64 = HEADER_BYTES as u64 + 1;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(link: &Link, record: &str) -> String {
        let mut bytes = Vec::new();
        link.write(record.as_bytes(), &mut bytes);
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_hash_depends_on_number_record_and_all_before() {
        let one = Link::START.next(b"{}");
        assert_ne!(one.hash, Link::START.next(b"{ }").hash);
        assert_ne!(one.next(b"{}").hash, one.hash);
        let renumbered = Link { number: 7, ..one };
        assert_ne!(renumbered.next(b"{}").hash, one.next(b"{}").hash);
    }

    #[test]
    fn an_anchor_is_the_place_it_was_made_of() {
        let link = Link::START.next(b"{}").next(b"{}");
        assert_eq!(Link::of_anchor(&link.anchor()), Some(link));
        assert_ne!(Link::START.next(b"{}").anchor(), link.anchor());
    }

    #[test]
    fn headers_are_of_one_length() {
        let last = Link {
            number: u64::MAX,
            hash: [0xff; 32],
        };
        for link in [Link::START, last] {
            assert_eq!(link.header().len(), HEADER_BYTES + 1);
            let header = String::from_utf8(link.header()).unwrap();
            assert_eq!(Link::parse_header(&header), Some(link));
        }
    }

    #[test]
    fn what_is_no_line_is_none() {
        let whole = line(&Link::START.next(b"{}"), "{}");
        let whole = whole.trim_end();
        assert!(Line::parse(whole).is_some());
        for cut in 0..whole.len() {
            assert_eq!(Line::parse(whole.split_at(cut).0), None, "{cut}");
        }
        for bad in [
            whole.replace(":1,", ":+1,"),
            whole.replace(":1,", ":-1,"),
            whole.replace(":1,", ":99999999999999999999,"),
            whole.replace(",\"hash\":\"", ",\"hash\":\"X"),
            whole.to_uppercase(),
            String::from_utf8(Link::START.header()).unwrap(),
        ] {
            assert_eq!(Line::parse(&bad), None, "{bad}");
        }
        assert_eq!(Link::parse_header(whole), None);
        assert_eq!(Link::parse_header(""), None);
    }

    proptest! {
        #[test]
        fn a_line_is_read_as_it_was_written(number in 1..u64::MAX, record in "\\{[^\n]{0,80}\\}") {
            let link = Link { number, hash: Link::START.next(record.as_bytes()).hash };
            let line = line(&link, &record);
            let read = Line::parse(line.trim_end_matches('\n'));
            prop_assert_eq!(read, Some(Line { link, record: &record }));
            let whole = line.replace(&record, "{}");
            let whole: Result<serde_json::Value, _> = serde_json::from_str(&whole);
            prop_assert!(whole.is_ok());
        }
    }
}
