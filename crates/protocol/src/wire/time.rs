//! Moments on the wire: ISO 8601 in forms and XML, seconds since the epoch in JSON.
//!
//! Knows no clock. AWS's services keep milliseconds at most; what is finer is cut off.

use jiff::Timestamp;

/// `2026-11-21T03:05:49Z`, the Query protocol's.
pub(super) fn in_seconds(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// `2026-11-21T03:05:49.000Z`, EC2's.
pub(super) fn in_milliseconds(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// Reads what either of the two writes, and any other offset.
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

/// Seconds since the epoch, with a fraction only where there is one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Epoch {
    Whole(i64),
    Fraction(f64),
}

impl Epoch {
    /// The moment as a JSON number.
    pub(super) fn of(moment: Timestamp) -> Self {
        let milliseconds = moment.as_millisecond();
        if milliseconds % 1000 == 0 {
            return Self::Whole(milliseconds / 1000);
        }
        #[expect(
            clippy::cast_precision_loss,
            reason = "year 9999 has 48 bits of milliseconds"
        )]
        Self::Fraction(milliseconds as f64 / 1000.0)
    }

    /// The moment that a JSON number stands for, where the calendar goes that far.
    pub(super) fn moment(self) -> Option<Timestamp> {
        match self {
            Self::Whole(seconds) => Timestamp::from_second(seconds).ok(),
            Self::Fraction(seconds) => {
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "saturates, then is refused"
                )]
                let milliseconds = (seconds * 1000.0).round() as i64;
                Timestamp::from_millisecond(milliseconds).ok()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(milliseconds: i64) -> Timestamp {
        Timestamp::from_millisecond(milliseconds).unwrap()
    }

    #[test]
    fn each_protocol_has_its_precision() {
        let at = moment(1_795_230_349_123);

        assert_eq!(in_seconds(at), "2026-11-21T03:05:49Z");
        assert_eq!(in_milliseconds(at), "2026-11-21T03:05:49.123Z");
        assert_eq!(in_milliseconds(moment(0)), "1970-01-01T00:00:00.000Z");
        assert_eq!(Epoch::of(at), Epoch::Fraction(1_795_230_349.123));
        assert_eq!(Epoch::of(moment(7000)), Epoch::Whole(7));
    }

    #[test]
    fn milliseconds_survive() {
        for milliseconds in [
            0,
            1,
            -1,
            999,
            1_795_230_349_123,
            253_402_207_100_001,
            -1_500,
        ] {
            let at = moment(milliseconds);

            assert_eq!(Epoch::of(at).moment(), Some(at));
            assert_eq!(parse(&in_milliseconds(at)), Some(at));
        }
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "2026-11-21",
            "2026-13-01T00:00:00Z",
            "1795230349",
            "now",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        for number in [f64::MAX, f64::MIN, f64::INFINITY, 1e15] {
            assert_eq!(Epoch::Fraction(number).moment(), None);
        }
        assert_eq!(Epoch::Whole(i64::MAX).moment(), None);
    }
}
