//! The values that operators compare, read from their texts. Knows no operator.
//!
//! Source: IAM User Guide, "Condition operators"; W3C note "Date and Time Formats" (which the guide
//! names); RFC 4648 section 4; RFC 4632 and RFC 4291 for address prefixes.

use std::net::IpAddr;

pub(super) fn truth(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// A whole or decimal number in billionths.
pub(super) fn number(text: &str) -> Option<i128> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = match digits.split_once('.') {
        Some((_, "")) => return None,
        Some((whole, fraction)) => (whole, fraction),
        None => (digits, ""),
    };
    let whole = unsigned(whole, WHOLE_DIGITS_MAX)?;
    Some(sign * (whole * BILLION + billionths(fraction)?))
}

/// A moment in nanoseconds since 1970: as ISO 8601 in one of the forms of the W3C note, or in
/// seconds since 1970. Four digits are a year.
pub(crate) fn moment(text: &str) -> Option<i128> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.len() != 4 && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return number(text);
    }
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let mut fields = date.split('-');
    let year = exactly(fields.next()?, 4)?;
    let month = fields.next();
    let day = fields.next();
    if fields.next().is_some() || time.is_some() && day.is_none() {
        return None;
    }
    let month = month.map_or(Some(1), |text| exactly(text, 2))?;
    let day = day.map_or(Some(1), |text| exactly(text, 2))?;
    if !(1..=12).contains(&month) || day < 1 || day > days_in(year, month) {
        return None;
    }
    let midnight = days_before(year, month, day) * DAY_SECONDS * BILLION;
    Some(midnight + time.map_or(Some(0), time_of_day)?)
}

/// `hh:mm`, `hh:mm:ss` or `hh:mm:ss.s` and the offset from UTC, which may not be missing.
fn time_of_day(text: &str) -> Option<i128> {
    let (clock, offset) = if let Some(clock) = text.strip_suffix('Z') {
        (clock, 0)
    } else {
        let at = text.find(['+', '-'])?;
        let (clock, offset) = text.split_at_checked(at)?;
        let sign = if offset.starts_with('-') { -1 } else { 1 };
        let (hours, minutes) = offset.get(1..)?.split_once(':')?;
        (clock, sign * clock_seconds(hours, minutes, "00")?)
    };
    let mut fields = clock.split(':');
    let (hours, minutes) = (fields.next()?, fields.next()?);
    let seconds = fields.next();
    if fields.next().is_some() {
        return None;
    }
    let (seconds, fraction) = match seconds.map(|text| text.split_once('.').ok_or(text)) {
        None => ("00", ""),
        Some(Err(whole)) => (whole, ""),
        Some(Ok((_, ""))) => return None,
        Some(Ok((whole, fraction))) => (whole, fraction),
    };
    Some((clock_seconds(hours, minutes, seconds)? - offset) * BILLION + billionths(fraction)?)
}

fn clock_seconds(hours: &str, minutes: &str, seconds: &str) -> Option<i128> {
    let (hours, minutes) = (exactly(hours, 2)?, exactly(minutes, 2)?);
    // 60 is a leap second.
    let seconds = exactly(seconds, 2)?;
    (hours < 24 && minutes < 60 && seconds <= 60).then(|| hours * 3600 + minutes * 60 + seconds)
}

fn is_leap(year: i128) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in(year: i128, month: i128) -> i128 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 to this one.
fn days_before(year: i128, month: i128, day: i128) -> i128 {
    let leaps = |year: i128| year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let years = (year - 1970) * 365 + leaps(year - 1) - leaps(1969);
    years + (1..month).map(|month| days_in(year, month)).sum::<i128>() + day - 1
}

fn exactly(text: &str, digits: usize) -> Option<i128> {
    (text.len() == digits)
        .then(|| unsigned(text, digits))
        .flatten()
}

fn unsigned(text: &str, digits_max: usize) -> Option<i128> {
    let good = (1..=digits_max).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    good.then(|| text.parse().ok()).flatten()
}

fn billionths(text: &str) -> Option<i128> {
    if text.is_empty() {
        return Some(0);
    }
    let digits = unsigned(text, FRACTION_DIGITS_MAX)?;
    let missing = FRACTION_DIGITS_MAX.checked_sub(text.len())?;
    Some(digits * 10_i128.pow(u32::try_from(missing).ok()?))
}

/// Bytes from base64 with padding.
pub(super) fn base64(text: &str) -> Option<Box<[u8]>> {
    let bytes = text.as_bytes();
    if !bytes.len().is_multiple_of(4) {
        return None;
    }
    let padding = bytes.iter().rev().take_while(|byte| **byte == b'=').count();
    let digits = bytes.len().checked_sub(padding).filter(|_| padding <= 2)?;
    let mut decoded = Vec::with_capacity(bytes.len() / 4 * 3);
    for quad in bytes.get(..digits)?.chunks(4) {
        let mut bits = 0_u32;
        for byte in quad {
            bits = bits << 6 | sextet(*byte)?;
        }
        // Two digits hold one byte and four bits of nothing, three hold two and two.
        let spare = match quad.len() {
            4 => 0,
            3 => 2,
            2 => 4,
            _ => return None,
        };
        if bits & ((1 << spare) - 1) != 0 {
            return None;
        }
        let whole = (bits >> spare).to_be_bytes();
        decoded.extend_from_slice(whole.get(4 - (quad.len() - 1)..)?);
    }
    Some(decoded.into())
}

fn sextet(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

/// An address, or a block of them. The two families have no address in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Network {
    first: u128,
    mask: u128,
    is_v4: bool,
}

impl Network {
    pub(super) fn parse(text: &str) -> Option<Network> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let bits = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            Some(prefix) => u32::try_from(unsigned(prefix, 3)?).ok()?,
            None => bits,
        };
        let host_bits = bits.checked_sub(prefix)?;
        let mask = u128::MAX.checked_shl(host_bits).unwrap_or(0);
        Some(Network {
            first: number_of(address) & mask,
            mask,
            is_v4: address.is_ipv4(),
        })
    }

    pub(super) fn contains(&self, address: IpAddr) -> bool {
        address.is_ipv4() == self.is_v4 && number_of(address) & self.mask == self.first
    }
}

fn number_of(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(u32::from(address)),
        IpAddr::V6(address) => u128::from(address),
    }
}

const BILLION: i128 = 1_000_000_000;
const DAY_SECONDS: i128 = 86_400;
// 10^18 billionths of a billion fit 128 bits many times over, and no key counts further.
const WHOLE_DIGITS_MAX: usize = 18;
const FRACTION_DIGITS_MAX: usize = 9;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for (text, expect) in [
            ("0", 0),
            ("-0", 0),
            ("+7", 7 * BILLION),
            ("007", 7 * BILLION),
            ("-1.5", -1_500_000_000),
            ("0.000000001", 1),
            ("999999999999999999", 999_999_999_999_999_999 * BILLION),
        ] {
            assert_eq!(number(text), Some(expect), "{text}");
        }
        for text in [
            "",
            "-",
            "+",
            "1.",
            ".5",
            "1e3",
            " 1",
            "1 ",
            "0x1",
            "1_0",
            "--1",
            "+-1",
            "1.-5",
            "٣",
            "1.0.0",
            "NaN",
            "1000000000000000000",
            "0.0000000001",
        ] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn moments() {
        for (text, seconds) in [
            ("1970", 0),
            ("0", 0),
            ("-1", -1),
            ("1969-12-31T23:59:59Z", -1),
            ("2000-03-01", 951_868_800),
            ("2000-02-29T00:00Z", 951_782_400),
            ("1900-03-01", -2_203_891_200),
            ("2026-11-21T06:22:08Z", 1_795_242_128),
            ("2026-11-21T07:22:08+01:00", 1_795_242_128),
            ("2026-11-20T21:52:08-08:30", 1_795_242_128),
            ("1795242128", 1_795_242_128),
            ("2026-11", 1_793_491_200),
            ("1990-12-31T23:59:60Z", 662_688_000),
        ] {
            assert_eq!(moment(text), Some(seconds * BILLION), "{text}");
        }
        assert_eq!(moment("1970-01-01T00:00:00.25Z"), Some(BILLION / 4));
        for text in [
            "",
            "-",
            "now",
            "26-11-21",
            "2026-13-01",
            "2026-00-01",
            "2026-02-29",
            "1900-02-29",
            "2026-11-21T06:22:08",
            "2026-11-21 06:22:08Z",
            "2026-11-21T",
            "2026-11-21TZ",
            "2026-11T06:22Z",
            "2026T06:22Z",
            "2026-11-21T24:00Z",
            "2026-11-21T06:60Z",
            "2026-11-21T06:22:61Z",
            "2026-11-21T06:22:08.Z",
            "2026-11-21T06Z",
            "2026-11-21T06:22:08+1:00",
            "2026-11-21T06:22:08+01",
            "2026-11-21-01",
            "2026-1-1",
        ] {
            assert_eq!(moment(text), None, "{text}");
        }
    }

    #[test]
    fn bytes() {
        for (text, expect) in [
            ("", &b""[..]),
            ("Zg==", b"f"),
            ("Zm8=", b"fo"),
            ("Zm9v", b"foo"),
            ("/+8AZg==", &[255, 239, 0, 102]),
        ] {
            assert_eq!(base64(text).as_deref(), Some(expect), "{text}");
        }
        for text in [
            "Z", "Zg", "Zg=", "Zh==", "Zm9=", "====", "Z===", "Zm9v=", "Zm-v", "Zg==Zg==",
        ] {
            assert_eq!(base64(text), None, "{text}");
        }
    }

    #[test]
    fn addresses() {
        let check = |network: &str, address: &str, expect| {
            let found = Network::parse(network).unwrap();
            assert_eq!(
                found.contains(address.parse().unwrap()),
                expect,
                "{network} {address}"
            );
        };
        check("203.0.113.0/24", "203.0.113.255", true);
        check("203.0.113.0/24", "203.0.114.0", false);
        check("203.0.113.9/24", "203.0.113.1", true);
        check("203.0.113.9", "203.0.113.9", true);
        check("203.0.113.9", "203.0.113.8", false);
        check("0.0.0.0/0", "255.1.2.3", true);
        check("0.0.0.0/0", "::1", false);
        check("::/0", "10.0.0.1", false);
        check("::/0", "2001:db8::1", true);
        check(
            "2001:db8:1234:5678::/64",
            "2001:DB8:1234:5678:ffff::1",
            true,
        );
        check("2001:db8:1234:5678::/64", "2001:db8:1234:5679::1", false);
        check("::ffff:10.0.0.0/104", "10.0.0.1", false);
        for text in [
            "",
            "10.0.0.0/33",
            "::/129",
            "10.0.0/8",
            "10.0.0.0/",
            "10.0.0.0/-1",
            "10.0.0.0/8/8",
            "10.0.0.0/x",
            "010.0.0.1",
            "host",
            "10.0.0.*",
            "[::1]",
        ] {
            assert_eq!(Network::parse(text), None, "{text}");
        }
    }
}
