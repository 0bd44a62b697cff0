//! The values of conditions, read as their operator reads them.

use std::net::IpAddr;

use super::{Code, Condition, Family, Findings, Operator, wildcard};

pub(super) fn check(operator: &Operator<'_>, condition: &Condition, findings: &mut Findings) {
    let Some(family) = operator.family() else {
        return;
    };
    for text in &condition.values {
        let value = text.value.as_str();
        wildcard(operator, condition, text, findings);
        if value.contains("${") {
            continue;
        }
        let (good, what, hint) = match family {
            Family::Numeric => (is_number(value), "number", "write digits, as in `3600`"),
            Family::Date => (
                is_date(value),
                "moment",
                "write it as in `2030-01-31T12:00:00Z`, or as seconds since 1970",
            ),
            Family::IpAddress => (
                is_address(value),
                "IP address or range",
                "write it as in `203.0.113.0/24` or `2001:db8::/32`",
            ),
            Family::Bool => (is_truth(value), "truth value", "write `true` or `false`"),
            Family::String | Family::Arn => continue,
        };
        if !good {
            let message = format!("`{value}` is no {what}");
            findings.add(Code::ConditionValueMalformed, text.place, message, hint);
        }
    }
}

fn is_truth(text: &str) -> bool {
    text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false")
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    are_digits(whole) && are_digits(fraction)
}

/// An address, or one and how many of its bits count.
fn is_address(text: &str) -> bool {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, Some(bits)),
        None => (text, None),
    };
    let most = match address.parse() {
        Ok(IpAddr::V4(_)) => 32,
        Ok(IpAddr::V6(_)) => 128,
        Err(_) => return false,
    };
    bits.is_none_or(|bits| are_digits(bits) && bits.parse::<u8>().is_ok_and(|bits| bits <= most))
}

/// A moment of the W3C's profile of ISO 8601, or seconds since 1970.
fn is_date(text: &str) -> bool {
    if are_digits(text) && text.len() > 4 {
        return true;
    }
    let (day, time) = match text.split_once('T') {
        Some((day, time)) => (day, Some(time)),
        None => (text, None),
    };
    let mut parts = day.split('-');
    let year = parts
        .next()
        .is_some_and(|it| it.len() == 4 && are_digits(it));
    let month = parts.next().is_none_or(|it| two_digits(it, 1, 12));
    let date = parts.next().is_none_or(|it| two_digits(it, 1, 31));
    let whole = day.len() == "yyyy-mm-dd".len();
    year && month && date && parts.next().is_none() && time.is_none_or(|it| whole && is_time(it))
}

/// Hours and minutes, maybe seconds and a fraction, and the zone.
fn is_time(text: &str) -> bool {
    let (clock, zone) = match text.find(['Z', '+', '-']) {
        Some(at) => text.split_at(at),
        None => return false,
    };
    let zone = zone == "Z"
        || zone
            .get(1..)
            .is_some_and(|offset| match offset.split_once(':') {
                Some((hours, minutes)) => two_digits(hours, 0, 23) && two_digits(minutes, 0, 59),
                None => false,
            });
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let mut parts = clock.split(':');
    let hours = parts.next().is_some_and(|it| two_digits(it, 0, 23));
    let minutes = parts.next().is_some_and(|it| two_digits(it, 0, 59));
    let seconds = parts.next().is_none_or(|it| two_digits(it, 0, 60));
    zone && hours && minutes && seconds && parts.next().is_none() && are_digits(fraction)
}

fn two_digits(text: &str, least: u8, most: u8) -> bool {
    let number = text.parse::<u8>();
    text.len() == 2 && are_digits(text) && number.is_ok_and(|it| (least..=most).contains(&it))
}

fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(reads: fn(&str) -> bool, good: &[&str], bad: &[&str]) {
        for text in good {
            assert!(reads(text), "{text}");
        }
        for text in bad {
            assert!(!reads(text), "{text}");
        }
    }

    #[test]
    fn numbers() {
        let bad = ["", "-", "1.", ".5", "1e3", "one", "1 ", "0x1"];
        check(is_number, &["0", "-3", "3.25", "+7"], &bad);
    }

    #[test]
    fn addresses() {
        let good = [
            "10.0.0.1",
            "10.0.0.0/8",
            "::1",
            "2001:db8::/32",
            "0.0.0.0/0",
            "10.0.0.1/32",
            "::1/128",
        ];
        let bad = [
            "",
            "10.0.0",
            "10.0.0.0/33",
            "10.0.0.0/",
            "10.0.0.0/+8",
            "::/129",
            "10.0.*",
            "x/8",
        ];
        check(is_address, &good, &bad);
    }

    #[test]
    fn dates() {
        let good = [
            "2030",
            "2030-01",
            "2030-01-31",
            "2030-01-31T12:00Z",
            "2030-01-31T12:00:00Z",
            "2030-01-31T12:00:00.5+01:00",
            "1893456000",
        ];
        let bad = [
            "",
            "30-01-31",
            "2030-13-01",
            "2030-01-32",
            "2030-1-1",
            "2030-01-31 12:00:00Z",
            "2030-01-31T12:00:00",
            "2030-01-31T25:00:00Z",
            "2030-01-31T12Z",
            "2030-01T12:00Z",
            "2030-01-31T12:00:00+0100",
            "2030-01-31T12:00:00+24:00",
            "2030-01-31T12:00:00+01:60",
            "tomorrow",
        ];
        check(is_date, &good, &bad);
    }
}
