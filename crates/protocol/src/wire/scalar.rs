//! Single values as text, alike in forms and XML.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use zeroize::Zeroizing;

use super::time;
use crate::shape::Kind;
use crate::{Secret, Value};

/// Reads a value of a shape, taking the text out; `None`, the text untouched, where it is none.
pub(super) fn read(kind: &Kind, text: &mut String) -> Option<Value> {
    match kind {
        Kind::String(bounds) if bounds.sensitive => {
            let text = Zeroizing::new(std::mem::take(text));
            Some(Value::Secret(Secret::new(text.as_bytes())))
        }
        Kind::String(_) => Some(Value::String(std::mem::take(text))),
        Kind::Boolean if text.eq_ignore_ascii_case("true") => Some(Value::Boolean(true)),
        Kind::Boolean if text.eq_ignore_ascii_case("false") => Some(Value::Boolean(false)),
        Kind::Integer { bits, .. } => {
            let number = text.parse().ok().filter(|number| fits(*number, *bits));
            number.map(Value::Integer)
        }
        Kind::Float => text.parse().ok().map(Value::Float),
        Kind::Timestamp => time::parse(text).map(Value::Timestamp),
        Kind::Blob { sensitive, .. } => blob(text, *sensitive),
        Kind::Boolean | Kind::List { .. } | Kind::Map { .. } | Kind::Structure(_) => None,
    }
}

/// What a message calls a value of the kind.
pub(super) fn noun(kind: &Kind) -> &'static str {
    match kind {
        Kind::Boolean => "a boolean",
        Kind::Integer { .. } => "an integer",
        Kind::Float => "a number",
        Kind::String(_) => "a string",
        Kind::Blob { .. } => "base64",
        Kind::Timestamp => "a timestamp",
        Kind::List { .. } => "a list",
        Kind::Map { .. } => "a map",
        Kind::Structure(_) => "a structure",
    }
}

/// Writes a value of a shape. How a moment is written is the protocol's matter.
pub(super) fn write<'v>(
    kind: &Kind,
    value: &'v Value,
    moment: impl FnOnce(Timestamp) -> String,
) -> Cow<'v, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        Value::Secret(secret) => match secret.expose_text() {
            Some(text) if !matches!(kind, Kind::Blob { .. }) => Cow::Borrowed(text),
            _ => Cow::Owned(STANDARD.encode(secret.expose())),
        },
        Value::Boolean(true) => Cow::Borrowed("true"),
        Value::Boolean(false) => Cow::Borrowed("false"),
        Value::Integer(number) => Cow::Owned(number.to_string()),
        Value::Float(number) => Cow::Owned(number.to_string()),
        Value::Timestamp(at) => Cow::Owned(moment(*at)),
        Value::Blob(bytes) => Cow::Owned(STANDARD.encode(bytes)),
        Value::List(_) | Value::Map(_) | Value::Structure(_) => Cow::Borrowed(""),
    }
}

/// Bytes from base64, as the shape wants them held.
pub(super) fn blob(text: &str, sensitive: bool) -> Option<Value> {
    let bytes = STANDARD.decode(text).ok()?;
    if sensitive {
        let bytes = Zeroizing::new(bytes);
        return Some(Value::Secret(Secret::new(bytes.as_slice())));
    }
    Some(Value::Blob(bytes))
}

/// Whether an integer shape of so many bits can hold the number.
pub(super) fn fits(number: i64, bits: u32) -> bool {
    bits >= 64 || i32::try_from(number).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTEGER: Kind = Kind::Integer {
        bits: 32,
        min: None,
        max: None,
    };

    #[track_caller]
    fn check(kind: &Kind, text: &str, expect: &Value) {
        assert_eq!(read(kind, &mut text.to_owned()).as_ref(), Some(expect));
    }

    #[track_caller]
    fn refused(kind: &Kind, text: &str) {
        let mut held = text.to_owned();

        assert_eq!(read(kind, &mut held), None, "{text}");
        assert_eq!(held, text);
    }

    #[test]
    fn values_are_read() {
        check(&Kind::Boolean, "True", &Value::Boolean(true));
        check(&INTEGER, "-7", &Value::Integer(-7));
        check(&Kind::Float, "1.5", &Value::Float(1.5));
        let blob = Kind::Blob {
            min: None,
            max: None,
            sensitive: true,
        };
        check(&blob, "AAE=", &Value::Secret(Secret::new([0, 1])));
    }

    #[test]
    fn what_is_no_value_of_the_kind_is_refused() {
        for text in ["", "1", "yes", "true "] {
            refused(&Kind::Boolean, text);
        }
        for text in [
            "",
            "1.0",
            "0x1",
            "2147483648",
            "-2147483649",
            "9223372036854775808",
        ] {
            refused(&INTEGER, text);
        }
        refused(&Kind::Float, "one");
        refused(&Kind::Timestamp, "1795230349");
        let blob = Kind::Blob {
            min: None,
            max: None,
            sensitive: false,
        };
        for text in ["A", "AAE", "A-E=", "AA E="] {
            refused(&blob, text);
        }
        refused(&Kind::Structure(&[]), "");
    }

    #[test]
    fn values_are_written() {
        let blob = Kind::Blob {
            min: None,
            max: None,
            sensitive: true,
        };
        let secret = Secret::new(*b"s3cret").into();
        assert_eq!(write(&blob, &secret, |at| at.to_string()), "czNjcmV0");
        let check = |value: Value, expect: &str| {
            assert_eq!(write(&INTEGER, &value, |at| at.to_string()), expect);
        };
        check(Value::Boolean(false), "false");
        check(Value::Integer(-7), "-7");
        check(Value::Float(1.5), "1.5");
        check(Value::Blob(vec![0, 1]), "AAE=");
        check(Secret::new(*b"s3cret").into(), "s3cret");
    }
}
