//! JSON as a record has it: written member by member into one buffer, with no tree and no text
//! between. Names of members are the writer's own and are written as they stand.

use std::io::Write as _;
use std::net::IpAddr;

use jiff::Timestamp;
use jiff::tz::Offset;
use protocol::json::Sink as _;

/// A record that is being written. Whatever writes to it opens and closes its own braces.
pub(super) struct Text<'a>(pub(super) &'a mut Vec<u8>);

impl Text<'_> {
    /// Bytes as they stand.
    pub(super) fn raw(&mut self, text: &str) -> &mut Self {
        self.0.extend_from_slice(text.as_bytes());
        self
    }

    /// A string, after what stands before it: a name with its colon and the comma before it.
    pub(super) fn string(&mut self, before: &str, text: &str) -> &mut Self {
        self.raw(before);
        self.0.string(text);
        self
    }

    /// The same where there is one.
    pub(super) fn some_string(&mut self, before: &str, text: Option<&str>) -> &mut Self {
        match text {
            Some(text) => self.string(before, text),
            None => self,
        }
    }

    /// A string that needs no escapes, as numbers, addresses and moments are.
    pub(super) fn shown(&mut self, before: &str, value: impl std::fmt::Display) -> &mut Self {
        self.raw(before).raw("\"");
        let _infallible = write!(self.0, "{value}");
        self.raw("\"")
    }

    /// An address. Most are of IPv4, whose form is plain.
    pub(super) fn address(&mut self, before: &str, address: IpAddr) -> &mut Self {
        let IpAddr::V4(address) = address else {
            return self.shown(before, address);
        };
        self.raw(before);
        for (at, octet) in address.octets().into_iter().enumerate() {
            self.0.push(if at == 0 { b'"' } else { b'.' });
            let digits = [octet / 100, octet / 10, octet].map(|it| digit(it.into()));
            let zeros = usize::from(octet < 100) + usize::from(octet < 10);
            self.0.extend(digits.into_iter().skip(zeros));
        }
        self.raw("\"")
    }

    /// A number.
    pub(super) fn number(&mut self, before: &str, number: impl Into<i128>) -> &mut Self {
        self.raw(before);
        let _infallible = write!(self.0, "{}", number.into());
        self
    }

    /// `true` or `false`.
    pub(super) fn truth(&mut self, before: &str, truth: bool) -> &mut Self {
        self.raw(before).raw(if truth { "true" } else { "false" })
    }

    /// A moment to the second, as CloudTrail has it.
    pub(super) fn moment(&mut self, before: &str, moment: Timestamp) -> &mut Self {
        let at = Offset::UTC.to_datetime(moment);
        let mut text = *b"\"0000-00-00T00:00:00Z\"";
        let year = at.year().unsigned_abs();
        let two = |number: i8| u16::from(number.unsigned_abs());
        let fields = [
            (1, year / 100),
            (3, year % 100),
            (6, two(at.month())),
            (9, two(at.day())),
            (12, two(at.hour())),
            (15, two(at.minute())),
            (18, two(at.second())),
        ];
        for (place, number) in fields {
            if let Some([tens, ones]) = text.get_mut(place..place + 2) {
                (*tens, *ones) = (digit(number / 10), digit(number));
            }
        }
        self.raw(before);
        self.0.extend_from_slice(&text);
        self
    }
}

fn digit(number: u16) -> u8 {
    b'0' + u8::try_from(number % 10).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            text: String,
            some: Option<String>,
            number: i64,
            truth: bool,
        ) {
            let mut bytes = Vec::new();
            let mut to = Text(&mut bytes);
            to.string("{\"text\":", &text).some_string(",\"some\":", some.as_deref());
            to.number(",\"number\":", number).truth(",\"truth\":", truth);
            to.shown(",\"shown\":", number).raw("}");
            let read: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
            prop_assert_eq!(read["text"].as_str(), Some(&*text));
            prop_assert_eq!(read["some"].as_str(), some.as_deref());
            prop_assert_eq!(read["number"].as_i64(), Some(number));
            prop_assert_eq!(read["truth"].as_bool(), Some(truth));
            let shown = number.to_string();
            prop_assert_eq!(read["shown"].as_str(), Some(&*shown));
        }

        #[test]
        fn an_address_is_what_its_library_writes(address: IpAddr) {
            let mut bytes = Vec::new();
            Text(&mut bytes).address("", address);
            prop_assert_eq!(bytes, format!("\"{address}\"").into_bytes());
        }

        #[test]
        fn a_moment_is_what_its_library_writes(second in 0_i64..253_402_300_799) {
            let moment = Timestamp::from_second(second).unwrap();
            let mut bytes = Vec::new();
            Text(&mut bytes).moment("", moment);
            let expect = format!("\"{}\"", moment.strftime("%Y-%m-%dT%H:%M:%SZ"));
            prop_assert_eq!(bytes, expect.into_bytes());
        }
    }
}
