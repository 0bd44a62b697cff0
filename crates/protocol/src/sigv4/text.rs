//! Small texts of Signature Version 4: basic-format dates, hexadecimal, percent-encoding.
//!
//! Knows no request. Sources: IAM User Guide, "Create a signed AWS API request" (`UriEncode`,
//! `YYYYMMDD'T'HHMMSS'Z'`); RFC 3986 section 2.3 (unreserved characters).

use jiff::{Timestamp, civil, tz::Offset};

/// `20150830T123600Z`.
pub(super) fn basic_time(moment: Timestamp) -> [u8; BASIC_TIME_BYTES] {
    let at = Offset::UTC.to_datetime(moment);
    let year = at.year().unsigned_abs();
    let mut text = *b"00000000T000000Z";
    let fields = [
        (0, digit(year / 1_000)),
        (1, digit(year / 100)),
        (2, digit(year / 10)),
        (3, digit(year)),
        (4, digit(at.month().unsigned_abs() / 10)),
        (5, digit(at.month().unsigned_abs())),
        (6, digit(at.day().unsigned_abs() / 10)),
        (7, digit(at.day().unsigned_abs())),
        (9, digit(at.hour().unsigned_abs() / 10)),
        (10, digit(at.hour().unsigned_abs())),
        (11, digit(at.minute().unsigned_abs() / 10)),
        (12, digit(at.minute().unsigned_abs())),
        (13, digit(at.second().unsigned_abs() / 10)),
        (14, digit(at.second().unsigned_abs())),
    ];
    for (place, value) in fields {
        if let Some(byte) = text.get_mut(place) {
            *byte = value;
        }
    }
    text
}

/// Reads `20150830T123600Z`, and nothing that is not exactly so.
pub(super) fn read_basic_time(text: &[u8]) -> Option<Timestamp> {
    let text: &[u8; BASIC_TIME_BYTES] = text.try_into().ok()?;
    let [
        y1,
        y2,
        y3,
        y4,
        o1,
        o2,
        d1,
        d2,
        b'T',
        h1,
        h2,
        m1,
        m2,
        s1,
        s2,
        b'Z',
    ] = text
    else {
        return None;
    };
    let year = i16::from(two(*y1, *y2)?) * 100 + i16::from(two(*y3, *y4)?);
    let at = civil::DateTime::new(
        year,
        two(*o1, *o2)?,
        two(*d1, *d2)?,
        two(*h1, *h2)?,
        two(*m1, *m2)?,
        two(*s1, *s2)?,
        0,
    );
    Offset::UTC.to_timestamp(at.ok()?).ok()
}

/// Reads a `Date` header: the basic format, or `Sun, 30 Aug 2015 12:36:00 GMT` (RFC 9110, 5.6.7).
pub(super) fn read_http_date(text: &str) -> Option<Timestamp> {
    if let Some(moment) = read_basic_time(text.as_bytes()) {
        return Some(moment);
    }
    if text.len() != HTTP_DATE_BYTES || !text.ends_with(" GMT") {
        return None;
    }
    jiff::fmt::rfc2822::DateTimeParser::new()
        .parse_timestamp(text)
        .ok()
}

/// The pieces of a text between bytes of ASCII.
pub(super) fn split(text: &str, at: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let piece = rest?;
        let Some((piece, after)) = cut(piece, at) else {
            rest = None;
            return Some(piece);
        };
        rest = Some(after);
        Some(piece)
    })
}

/// What stands before the first such byte of ASCII, and what after it.
pub(super) fn cut(text: &str, at: u8) -> Option<(&str, &str)> {
    let place = memchr::memchr(at, text.as_bytes())?;
    Some((text.get(..place)?, text.get(place + 1..)?))
}

/// 32 bytes as 64 lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8; 32]) -> [u8; 64] {
    let mut text = [0; 64];
    for (pair, byte) in text.chunks_exact_mut(2).zip(bytes) {
        if let [high, low] = pair {
            *high = hex_digit(byte >> 4, b'a');
            *low = hex_digit(byte & 0xf, b'a');
        }
    }
    text
}

/// Reads 64 lower-case hexadecimal digits; upper case is refused, as no signer writes it.
pub(super) fn read_hex(text: &[u8]) -> Option<[u8; 32]> {
    let text: &[u8; 64] = text.try_into().ok()?;
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        let [high, low] = pair else { return None };
        *byte = lower_unhex(*high)? << 4 | lower_unhex(*low)?;
    }
    Some(bytes)
}

/// Writes one byte as `UriEncode` does: unreserved as it is, everything else as `%XX`.
pub(super) fn encode_byte(out: &mut Vec<u8>, byte: u8) {
    if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
        out.push(byte);
    } else {
        out.extend_from_slice(&[
            b'%',
            hex_digit(byte >> 4, b'A'),
            hex_digit(byte & 0xf, b'A'),
        ]);
    }
}

/// The bytes that a query name or value stands for.
///
/// `+` is a space, as in every form; a `%` without two digits behind it is itself. Both are what
/// AWS's own signer takes them for.
pub(super) fn decoded(text: &str) -> impl Iterator<Item = u8> {
    let mut rest = text.as_bytes();
    std::iter::from_fn(move || {
        let (byte, after) = match rest {
            [] => return None,
            [b'%', high, low, after @ ..] => match (unhex(*high), unhex(*low)) {
                (Some(high), Some(low)) => (high << 4 | low, after),
                _ => (b'%', rest.get(1..)?),
            },
            [b'+', after @ ..] => (b' ', after),
            [byte, after @ ..] => (*byte, after),
        };
        rest = after;
        Some(byte)
    })
}

/// The name and value of each pair of a query string, still encoded; empty pairs are skipped.
pub(super) fn pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

fn digit(value: impl Into<u16>) -> u8 {
    b'0' + u8::try_from(value.into() % 10).unwrap_or_default()
}

fn two(high: u8, low: u8) -> Option<i8> {
    if !high.is_ascii_digit() || !low.is_ascii_digit() {
        return None;
    }
    i8::try_from((high - b'0') * 10 + (low - b'0')).ok()
}

fn hex_digit(nibble: u8, ten: u8) -> u8 {
    if nibble < 10 {
        b'0' + nibble
    } else {
        ten + nibble - 10
    }
}

fn lower_unhex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

fn unhex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

pub(super) const BASIC_TIME_BYTES: usize = 16;
const HTTP_DATE_BYTES: usize = 29;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOON: &str = "2015-08-30T12:36:00Z";

    #[test]
    fn basic_time_is_as_published() {
        let moment: Timestamp = NOON.parse().unwrap();

        assert_eq!(&basic_time(moment), b"20150830T123600Z");
        assert_eq!(read_basic_time(b"20150830T123600Z"), Some(moment));
    }

    #[test]
    fn what_is_not_basic_time_is_refused() {
        for text in [
            "",
            "20150830T123600",
            "20150830T123600Z ",
            "20150830t123600Z",
            "20150830T123600z",
            "2015-08-30T12:36",
            "20151330T123600Z",
            "20150230T123600Z",
            "20150830T243600Z",
            "20150830T126000Z",
            "20150830T123660Z",
            "2015083 T123600Z",
            "201508/0T123600Z",
            "+0150830T123600Z",
        ] {
            assert_eq!(read_basic_time(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn http_dates_are_read_in_one_form() {
        let moment: Timestamp = NOON.parse().unwrap();

        for (text, expect) in [
            ("Sun, 30 Aug 2015 12:36:00 GMT", Some(moment)),
            ("20150830T123600Z", Some(moment)),
            ("Sun, 30 Aug 2015 14:36:00 +0200", None),
            ("Mon, 30 Aug 2015 12:36:00 GMT", None),
            ("Sunday, 30-Aug-15 12:36:00 GMT", None),
            ("Sun Aug 30 12:36:00 2015", None),
            ("1440938160", None),
        ] {
            assert_eq!(read_http_date(text), expect, "{text}");
        }
    }

    #[test]
    fn only_lower_case_hexadecimal_of_the_right_length_is_read() {
        let text = "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b";

        assert_eq!(hex(&read_hex(text.as_bytes()).unwrap()), *text.as_bytes());
        for bad in [
            text.to_uppercase(),
            text.replace('5', "g"),
            text.replace("5da7", "5da"),
            format!("{text}00"),
            String::new(),
        ] {
            assert_eq!(read_hex(bad.as_bytes()), None, "{bad}");
        }
    }

    #[test]
    fn query_text_is_decoded_once() {
        for (text, expect) in [
            ("a%2Fb", "a/b"),
            ("a%2fb", "a/b"),
            ("a+b", "a b"),
            ("a%2Bb", "a+b"),
            ("%252F", "%2F"),
            ("%", "%"),
            ("%4", "%4"),
            ("%zz", "%zz"),
        ] {
            let bytes: Vec<u8> = decoded(text).collect();
            assert_eq!(bytes, expect.as_bytes(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn basic_time_round_trips(second in 0_i64..253_402_300_799) {
            let moment = Timestamp::from_second(second).unwrap();
            prop_assert_eq!(read_basic_time(&basic_time(moment)), Some(moment));
        }

        #[test]
        fn no_bytes_make_a_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..70)) {
            let _ = read_basic_time(&bytes);
            let _ = read_hex(&bytes);
            let text = String::from_utf8_lossy(&bytes);
            let _ = read_http_date(&text);
            prop_assert!(decoded(&text).count() <= text.len());
            prop_assert!(pairs(&text).count() <= text.len());
        }

        #[test]
        fn pieces_are_those_of_the_library(text in "[a;é]{0,12}") {
            let expect: Vec<&str> = text.split(';').collect();
            prop_assert_eq!(split(&text, b';').collect::<Vec<_>>(), expect);
            prop_assert_eq!(cut(&text, b';'), text.split_once(';'));
        }

        #[test]
        fn no_16_bytes_make_a_date_panic(bytes: [u8; 16], date in "[0-9]{8}T[0-9]{6}Z") {
            let _ = read_basic_time(&bytes);
            let _ = read_basic_time(date.as_bytes());
        }

        #[test]
        fn hexadecimal_round_trips(bytes: [u8; 32]) {
            prop_assert_eq!(read_hex(&hex(&bytes)), Some(bytes));
        }

        #[test]
        fn encoding_is_undone_by_decoding(bytes: Vec<u8>) {
            let mut text = Vec::new();
            for byte in &bytes {
                encode_byte(&mut text, *byte);
            }
            let text = String::from_utf8(text).unwrap();
            prop_assert_eq!(decoded(&text).collect::<Vec<u8>>(), bytes);
        }
    }
}
