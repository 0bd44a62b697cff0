//! Moments of the command line.

use std::time::Duration;

use jiff::{Span, Timestamp};

use crate::failure::Failure;

/// RFC 3339, or a number and a unit before `now`.
pub(super) fn moment(flag: &str, text: &str, now: Timestamp) -> Result<Timestamp, Failure> {
    let wrong = || {
        Failure::wrong(format!("`{flag} {text}` is neither a moment nor a span"))
            .hint("try `15m`, `2h`, `7d` or `2026-11-21T08:00:00Z`")
    };
    if let Ok(moment) = text.parse() {
        return Ok(moment);
    }
    let seconds = seconds(text).ok_or_else(wrong)?;
    let span = Span::new().try_seconds(seconds).map_err(|_| wrong())?;
    now.checked_sub(span).map_err(|_| wrong())
}

/// RFC 3339, or a number and a unit after `now`.
pub(super) fn coming(flag: &str, text: &str, now: Timestamp) -> Result<Timestamp, Failure> {
    if let Ok(moment) = text.parse() {
        return Ok(moment);
    }
    let wrong = || {
        Failure::wrong(format!("`{flag} {text}` is neither a moment nor a span"))
            .hint("try `2m`, `2h`, `7d` or `2026-11-21T08:00:00Z`")
    };
    let seconds = seconds(text).ok_or_else(wrong)?;
    let span = Span::new().try_seconds(seconds).map_err(|_| wrong())?;
    now.checked_add(span).map_err(|_| wrong())
}

/// A number and a unit.
pub(super) fn span(flag: &str, text: &str) -> Result<Duration, Failure> {
    let seconds = seconds(text).and_then(|seconds| u64::try_from(seconds).ok());
    let seconds = seconds.ok_or_else(|| {
        Failure::wrong(format!("`{flag} {text}` is no span")).hint("try `15m`, `2h` or `7d`")
    })?;
    Ok(Duration::from_secs(seconds))
}

fn seconds(text: &str) -> Option<i64> {
    let mut letters = text.chars();
    let seconds = match letters.next_back() {
        Some('s') => 1,
        Some('m') => 60,
        Some('h') => 3_600,
        Some('d') => 86_400,
        Some('w') => 604_800,
        _ => return None,
    };
    let number = letters.as_str();
    let is_plain = number.bytes().all(|byte| byte.is_ascii_digit());
    let number: u32 = number.parse().ok().filter(|_| is_plain)?;
    Some(i64::from(number) * seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-21T08:00:00Z".parse().unwrap()
    }

    fn read(text: &str) -> Option<String> {
        let read = moment("--since", text, now());
        read.ok().map(|moment| moment.to_string())
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "m",
            "-5m",
            "+5m",
            "5",
            "5 m",
            "5M",
            "5y",
            "1.5h",
            "yesterday",
            "2026-11-21",
            "99999999999d",
            "4294967295w",
            "2026-11-21T08:00:00",
            "5m5m",
            "١m",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn what_comes_is_after_now() {
        let read = |text: &str| coming("--not-before", text, now()).ok();
        let expect = |text: &str| Some(text.parse().unwrap());
        assert_eq!(read("2m"), expect("2026-11-21T08:02:00Z"));
        assert_eq!(read("2030-01-01T00:00:00Z"), expect("2030-01-01T00:00:00Z"));
        for text in ["", "soon", "-2m", "2"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_span_is_before_now() {
        for (text, expect) in [
            ("0s", "2026-11-21T08:00:00Z"),
            ("15m", "2026-11-21T07:45:00Z"),
            ("2h", "2026-11-21T06:00:00Z"),
            ("7d", "2026-11-14T08:00:00Z"),
            ("1w", "2026-11-14T08:00:00Z"),
            ("2026-11-20T10:00:00+02:00", "2026-11-20T08:00:00Z"),
        ] {
            assert_eq!(read(text).as_deref(), Some(expect), "{text}");
        }
    }
}
