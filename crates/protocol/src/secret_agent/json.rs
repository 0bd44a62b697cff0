//! The little JSON that the protocol needs: flat objects of strings, read without losing anything
//! and written into a buffer whose size is known beforehand.
//!
//! Knows no field name. Reading keeps apart what is no JSON, what is no object, what is no string
//! and what stands twice; `serde_json::Value` would forget the last and keep copies of a secret.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use zeroize::Zeroizing;

/// Two named fields of an object; all others are ignored.
pub(super) struct Fields {
    pub(super) first: Field,
    pub(super) second: Field,
}

/// What stands under one name.
pub(super) enum Field {
    Absent,
    Text(Text),
    /// A value that is not a string.
    Other,
    /// The name stands more than once.
    Twice,
}

/// A string that may be a secret: wiped when dropped.
pub(super) type Text = Zeroizing<Box<str>>;

/// Why a body yields no fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    NotJson,
    NotObject,
}

/// Reads an object's fields of these two names, exactly so spelt.
pub(super) fn read(body: &[u8], first: &str, second: &str) -> Result<Fields, Flaw> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let names = Names { first, second };
    let fields = deserializer.deserialize_map(names).map_err(|error| {
        if error.is_data() {
            Flaw::NotObject
        } else {
            Flaw::NotJson
        }
    })?;
    deserializer.end().map_err(|_| Flaw::NotJson)?;
    Ok(fields)
}

/// How many bytes [`write_text`] writes.
pub(crate) fn text_bytes(text: &str) -> usize {
    let escaped = |byte| match escape(byte) {
        Escape::None => 1,
        Escape::Short(_) => 2,
        Escape::Hex(..) => 6,
    };
    text.bytes().map(escaped).sum::<usize>() + 2
}

/// Writes a JSON string (RFC 8259, section 7).
pub(crate) fn write_text(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    for byte in text.bytes() {
        match escape(byte) {
            Escape::None => out.push(byte),
            Escape::Short(letter) => out.extend_from_slice(&[b'\\', letter]),
            Escape::Hex(high, low) => {
                out.extend_from_slice(&[b'\\', b'u', b'0', b'0', high, low]);
            }
        }
    }
    out.push(b'"');
}

enum Escape {
    None,
    Short(u8),
    Hex(u8, u8),
}

fn escape(byte: u8) -> Escape {
    match byte {
        b'"' | b'\\' => Escape::Short(byte),
        b'\n' => Escape::Short(b'n'),
        b'\r' => Escape::Short(b'r'),
        b'\t' => Escape::Short(b't'),
        0..=0x1f => {
            let low = byte & 0xf;
            let low = if low < 10 {
                b'0' + low
            } else {
                b'a' + low - 10
            };
            Escape::Hex(b'0' + (byte >> 4), low)
        }
        _ => Escape::None,
    }
}

struct Names<'a> {
    first: &'a str,
    second: &'a str,
}

impl<'de> Visitor<'de> for Names<'_> {
    type Value = Fields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
        let mut fields = Fields {
            first: Field::Absent,
            second: Field::Absent,
        };
        while let Some(Value(name)) = map.next_key()? {
            let slot = match name.as_deref() {
                Some(name) if **name == *self.first => &mut fields.first,
                Some(name) if **name == *self.second => &mut fields.second,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            let Value(text) = map.next_value()?;
            *slot = match (&slot, text) {
                (Field::Absent, Some(text)) => Field::Text(text),
                (Field::Absent, None) => Field::Other,
                _ => Field::Twice,
            };
        }
        Ok(fields)
    }
}

/// A string, or `None` for any other value.
struct Value(Option<Text>);

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value(Some(Zeroizing::new(text.into()))))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Value, E> {
        Ok(Value(None))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Value, E> {
        Ok(Value(None))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Value, E> {
        Ok(Value(None))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Value, E> {
        Ok(Value(None))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Value(None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn texts_are_written_as_serde_json_reads_them(text: String) {
            let mut out = Vec::new();
            write_text(&mut out, &text);

            prop_assert_eq!(out.len(), text_bytes(&text));
            prop_assert_eq!(serde_json::from_slice::<String>(&out).unwrap(), text);
        }
    }
}
