//! The little JSON that the protocol needs: flat objects of strings, read without losing anything.
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
