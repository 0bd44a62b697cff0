//! What hides keys: base64 wherever a pattern shows it, gzip, and UTF-16. Each is opened within
//! bounds.

use std::io::Read as _;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use flate2::read::MultiGzDecoder;
use zeroize::Zeroizing;

/// Takes what is decoded from a text of unknown origin: padding or none, and last bits of any kind.
pub(super) const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// A text in base64 at its place.
#[derive(Debug)]
pub(super) struct Encoded {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Letters before the first group that was read, less than four.
    pub(super) skipped: usize,
    pub(super) decoded: Zeroizing<Vec<u8>>,
}

/// The base64 around `at`, whose groups begin `place` characters before it. Lines that end in the
/// midst of it are joined.
///
/// Nothing before `from` is looked at, and [`ENCODED_BYTES_MAX`] at most.
pub(super) fn base64_around(bytes: &[u8], at: usize, place: usize, from: usize) -> Option<Encoded> {
    let start = begin(bytes, at, from);
    let end = finish(bytes, at);
    let mut text = Zeroizing::new(Vec::with_capacity(end - start));
    let mut before = 0;
    for (index, byte) in (start..).zip(bytes.get(start..end)?) {
        let letter = match byte {
            b'-' => b'+',
            b'_' => b'/',
            letter if is_letter(*letter) => *letter,
            _ => continue,
        };
        if index < at {
            before += 1;
        }
        text.push(letter);
    }
    // The groups are counted from the pattern: what stands before the first whole one is no part.
    let extra = (before + 4 - place % 4) % 4;
    let whole = text.get(extra..)?;
    let whole = match whole.len() % 4 {
        1 => whole.get(..whole.len() - 1)?,
        _ => whole,
    };
    let decoded = Zeroizing::new(LENIENT.decode(whole).ok()?);
    Some(Encoded {
        start,
        end,
        skipped: extra,
        decoded,
    })
}

/// How many letters of base64 there are.
pub(super) fn letters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|it| is_letter(**it)).count()
}

/// Whether these bytes begin as a gzip member does.
pub(super) fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b, 0x08])
}

/// What a gzip file holds, up to `bytes_max`; whether that was all. What a damaged one gave before
/// its damage is given.
pub(super) fn gunzip(bytes: &[u8], bytes_max: usize) -> (Zeroizing<Vec<u8>>, bool) {
    let mut opened = Zeroizing::new(Vec::new());
    let bound = u64::try_from(bytes_max).unwrap_or(u64::MAX);
    let mut reader = MultiGzDecoder::new(bytes).take(bound);
    // An error ends the reading; what came before it stands.
    let is_whole = reader.read_to_end(&mut opened).is_ok() && opened.len() < bytes_max;
    (opened, is_whole)
}

/// A text of UTF-16 with a byte for each unit, `?` where that is not of ASCII; `None` where it is
/// none. It is known by its mark, or by every second byte being NUL.
pub(super) fn utf16(bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let head = bytes.get(..bytes.len().min(UTF16_HEAD_BYTES))?;
    let nuls = |from: usize| {
        head.iter()
            .skip(from)
            .step_by(2)
            .filter(|it| **it == 0)
            .count()
    };
    let half = head.len() / 2;
    let is_mostly = |count: usize| half >= UTF16_UNITS_MIN && count * 10 >= half * 9;
    let (low_first, text) = match bytes {
        [0xff, 0xfe, text @ ..] => (true, text),
        [0xfe, 0xff, text @ ..] => (false, text),
        _ if is_mostly(nuls(1)) && nuls(0) == 0 => (true, bytes),
        _ if is_mostly(nuls(0)) && nuls(1) == 0 => (false, bytes),
        _ => return None,
    };
    let letter = |unit: &[u8; 2]| match (unit, low_first) {
        ([low, 0], true) | ([0, low], false) if low.is_ascii() => *low,
        _ => b'?',
    };
    let (units, _) = text.as_chunks();
    Some(Zeroizing::new(units.iter().map(letter).collect()))
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// Where the text around `at` begins, over ends of lines.
fn begin(bytes: &[u8], at: usize, from: usize) -> usize {
    let from = from.max(at.saturating_sub(ENCODED_BYTES_MAX));
    let mut start = at;
    loop {
        let line = bytes.get(from..start).unwrap_or_default();
        start -= line.iter().rev().take_while(|it| is_letter(**it)).count();
        let head = bytes.get(from..start).unwrap_or_default();
        let break_bytes = line_break_before(head);
        let head = head.get(..head.len() - break_bytes).unwrap_or_default();
        let letters = head.iter().rev().take_while(|it| is_letter(**it)).count();
        if break_bytes == 0 || letters < LINE_LETTERS_MIN {
            return start;
        }
        start -= break_bytes;
    }
}

/// Where the text around `at` ends, over ends of lines.
fn finish(bytes: &[u8], at: usize) -> usize {
    let to = bytes.len().min(at.saturating_add(ENCODED_BYTES_MAX));
    let mut end = at;
    loop {
        let line = bytes.get(end..to).unwrap_or_default();
        let letters = line.iter().take_while(|it| is_letter(**it)).count();
        end += letters;
        let tail = bytes.get(end..to).unwrap_or_default();
        let break_bytes = line_break_after(tail);
        if break_bytes == 0 || letters < LINE_LETTERS_MIN / 2 {
            return end;
        }
        let next = tail.get(break_bytes..).unwrap_or_default();
        let letters = next.iter().take_while(|it| is_letter(**it)).count();
        let ends_so = next
            .get(letters)
            .is_none_or(|it| matches!(it, b'\n' | b'\r' | b'=' | b'"' | b'\'' | b' ' | b'\t'));
        if letters == 0 || !ends_so {
            return end;
        }
        end += break_bytes;
    }
}

/// Bytes of an end of line with the indentation that follows, at the beginning of `tail`.
fn line_break_after(tail: &[u8]) -> usize {
    let ends = match tail {
        [b'\r', b'\n', ..] => 2,
        [b'\n', ..] => 1,
        _ => return 0,
    };
    let indentation = tail.iter().skip(ends).take(INDENTATION_MAX);
    ends + indentation
        .take_while(|it| matches!(it, b' ' | b'\t'))
        .count()
}

/// The same at the end of `head`.
fn line_break_before(head: &[u8]) -> usize {
    let indentation = head.iter().rev().take(INDENTATION_MAX);
    let indentation = indentation
        .take_while(|it| matches!(it, b' ' | b'\t'))
        .count();
    let ends = match head.get(..head.len() - indentation) {
        Some([.., b'\r', b'\n']) => 2,
        Some([.., b'\n']) => 1,
        _ => return 0,
    };
    ends + indentation
}

// User data has 16 KB, a Kubernetes secret 1 MiB.
const ENCODED_BYTES_MAX: usize = 2 << 20;
// Lines of base64 have 60, 64 or 76; a word of a text has fewer.
const LINE_LETTERS_MIN: usize = 40;
const INDENTATION_MAX: usize = 64;
const UTF16_HEAD_BYTES: usize = 256;
const UTF16_UNITS_MIN: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::STANDARD;

    fn opened(text: &str, pattern: &str) -> Option<String> {
        let at = text.find(pattern).unwrap();
        let encoded = base64_around(text.as_bytes(), at, 0, 0)?;
        String::from_utf8(encoded.decoded.to_vec()).ok()
    }

    #[test]
    fn lines_are_joined_and_what_is_around_is_left() {
        let hidden = "a script of some length, so that it takes more than one line of base64, yes";
        let text = STANDARD.encode(hidden);
        let (one, two) = text.split_at(60);
        for wrapped in [
            format!("content: {text}\nother: x"),
            format!("content: |\n    {one}\n    {two}\nother: x"),
            format!("\"{one}\r\n{two}\""),
        ] {
            let found = opened(&wrapped, text.get(..8).unwrap());
            assert_eq!(found.as_deref(), Some(hidden), "{wrapped}");
        }
    }

    #[test]
    fn utf16_is_known_by_its_mark_or_its_zeros() {
        let text = "a text in two bytes each, \u{e9}";
        let units: Vec<u16> = text.encode_utf16().collect();
        let low: Vec<u8> = units.iter().flat_map(|it| it.to_le_bytes()).collect();
        let high: Vec<u8> = units.iter().flat_map(|it| it.to_be_bytes()).collect();
        let expected = text.replace('\u{e9}', "?");
        for bytes in [
            &low,
            &high,
            &[&[0xff, 0xfe], &low[..]].concat(),
            &[&[0xfe, 0xff], &high[..]].concat(),
        ] {
            assert_eq!(utf16(bytes).unwrap().as_slice(), expected.as_bytes());
        }
        for none in [
            &b""[..],
            b"A\0",
            b"A=1\0B=2\0C=3\0D=4\0E=5\0F=6\0G=7\0",
            &[0; 64],
        ] {
            assert!(utf16(none).is_none(), "{none:?}");
        }
    }

    #[test]
    fn gzip_is_read_as_far_as_the_bound() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut packed, &[b'a'; 4096]).unwrap();
        let packed = packed.finish().unwrap();

        assert_eq!(gunzip(&packed, 8192).0.len(), 4096);
        assert!(gunzip(&packed, 8192).1);
        assert_eq!(gunzip(&packed, 100).0.len(), 100);
        assert!(!gunzip(&packed, 100).1);
        assert!(!gunzip(&packed[..20], 8192).1);
    }
}
