//! Single values as text, alike in forms and XML.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use zeroize::Zeroizing;

use super::time;
use crate::shape::Kind;
use crate::{Secret, Value};

/// Reads a value of a shape; what was expected where the text is none.
pub(super) fn read(kind: &Kind, mut text: Zeroizing<String>) -> Result<Value, &'static str> {
    match kind {
        Kind::String(bounds) if bounds.sensitive => Ok(Value::Secret(Secret::new(text.as_bytes()))),
        Kind::String(_) => Ok(Value::String(std::mem::take(&mut *text))),
        Kind::Boolean if text.eq_ignore_ascii_case("true") => Ok(Value::Boolean(true)),
        Kind::Boolean if text.eq_ignore_ascii_case("false") => Ok(Value::Boolean(false)),
        Kind::Boolean => Err("a boolean"),
        Kind::Integer { bits, .. } => {
            let number = text.parse().ok().filter(|number| fits(*number, *bits));
            number.map(Value::Integer).ok_or("an integer")
        }
        Kind::Float => text.parse().map(Value::Float).map_err(|_| "a number"),
        Kind::Timestamp => time::parse(&text)
            .map(Value::Timestamp)
            .ok_or("a timestamp"),
        Kind::Blob { sensitive, .. } => blob(&text, *sensitive).ok_or("base64"),
        Kind::List { .. } => Err("a list"),
        Kind::Map { .. } => Err("a map"),
        Kind::Structure(_) => Err("a structure"),
    }
}

/// Writes a value. How a moment is written is the protocol's matter.
pub(super) fn write(value: &Value, moment: impl FnOnce(Timestamp) -> String) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        Value::Secret(secret) => match secret.expose_text() {
            Some(text) => Cow::Borrowed(text),
            None => Cow::Owned(STANDARD.encode(secret.expose())),
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
    fn check(kind: &Kind, text: &str, expect: &Result<Value, &'static str>) {
        assert_eq!(read(kind, Zeroizing::new(text.to_owned())), *expect);
    }

    #[test]
    fn values_are_read() {
        check(&Kind::Boolean, "True", &Ok(Value::Boolean(true)));
        check(&INTEGER, "-7", &Ok(Value::Integer(-7)));
        check(&Kind::Float, "1.5", &Ok(Value::Float(1.5)));
        let blob = Kind::Blob {
            min: None,
            max: None,
            sensitive: true,
        };
        check(&blob, "AAE=", &Ok(Value::Secret(Secret::new([0, 1]))));
    }

    #[test]
    fn what_is_no_value_of_the_kind_is_refused() {
        for text in ["", "1", "yes", "true "] {
            check(&Kind::Boolean, text, &Err("a boolean"));
        }
        for text in [
            "",
            "1.0",
            "0x1",
            "2147483648",
            "-2147483649",
            "9223372036854775808",
        ] {
            check(&INTEGER, text, &Err("an integer"));
        }
        check(&Kind::Float, "one", &Err("a number"));
        check(&Kind::Timestamp, "1795230349", &Err("a timestamp"));
        let blob = Kind::Blob {
            min: None,
            max: None,
            sensitive: false,
        };
        for text in ["A", "AAE", "A-E=", "AA E="] {
            check(&blob, text, &Err("base64"));
        }
    }

    #[test]
    fn values_are_written() {
        let check = |value: Value, expect: &str| {
            assert_eq!(write(&value, |at| at.to_string()), expect);
        };
        check(Value::Boolean(false), "false");
        check(Value::Integer(-7), "-7");
        check(Value::Float(1.5), "1.5");
        check(Value::Blob(vec![0, 1]), "AAE=");
        check(Secret::new(*b"s3cret").into(), "s3cret");
    }
}
