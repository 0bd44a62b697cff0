//! JSON inputs and outputs, read into values and written from them without a tree between: read by
//! serde, written into one buffer.
//!
//! Knows shapes; no constraint is checked here. A member given twice counts as it was last
//! given, one that is null as not given at all.
//!
//! Source: Smithy's `awsJson1_1`; the messages are those of AWS's services.

use bytes::Bytes;
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde::ser::Serialize;

use super::time::Epoch;
use super::{scalar, wiped};
use crate::json::Sink as _;
use crate::shape::{Kind, Member, Shape};
use crate::{Fault, Record, Secret, Value};

/// Reads a structure; a body without a byte is a structure without a member.
pub(super) fn decode(shape: &'static Shape, body: &[u8]) -> Result<Record, Fault> {
    if body.is_empty() {
        return Ok(Record::of(shape));
    }
    let mut json = serde_json::Deserializer::from_slice(body);
    let seed = Seed { shape, depth: 0 };
    let value = seed
        .deserialize(&mut json)
        .map_err(|error| unreadable(&error))?;
    json.end().map_err(|error| unreadable(&error))?;
    match value {
        Some(Value::Structure(record)) => Ok(record),
        _ => Ok(Record::of(shape)),
    }
}

/// Writes a structure.
pub(super) fn encode(shape: &Shape, record: &Record) -> Bytes {
    let mut body = Vec::with_capacity(record.bytes_hint() + 2);
    structure(&mut body, super::members(shape), record);
    wiped(body)
}

/// Writes a fault. Of the two spellings that clients know, `message` is the one of the JSON
/// protocol; `Message` is older.
pub(super) fn encode_fault(fault: &Fault) -> Bytes {
    serde_json::json!({"__type": fault.code, "message": fault.message})
        .to_string()
        .into()
}

/// Reads a fault, in either spelling, the code with or without its namespace.
pub(super) fn decode_fault(body: &[u8], status: u16) -> Option<Fault> {
    let fault: serde_json::Value = serde_json::from_slice(body).ok()?;
    let code = fault.get("__type").or(fault.get("code"))?.as_str()?;
    let code = code.rsplit_once('#').map_or(code, |(_, code)| code);
    let message = fault.get("message").or(fault.get("Message"));
    let message = message
        .and_then(serde_json::Value::as_str)
        .unwrap_or_default();
    Some(Fault::new(code.to_owned(), message.to_owned()).status(status))
}

struct Seed {
    shape: &'static Shape,
    depth: usize,
}

impl Seed {
    fn below(&self, shape: &'static Shape) -> Self {
        Self {
            shape,
            depth: self.depth + 1,
        }
    }

    /// AWS's complaint about a token that the shape has no place for.
    fn mismatch<E: serde::de::Error>(&self, token: &str) -> E {
        let wanted = match self.shape.kind {
            Kind::Boolean => "a Boolean",
            Kind::Integer { bits: 64, .. } => "a Long",
            Kind::Integer { .. } => "an Integer",
            Kind::Float => "a Double",
            Kind::String(_) => "a String",
            Kind::Blob { .. } => "a Blob",
            Kind::Timestamp => "milliseconds since epoch",
            Kind::List { .. } => "a list",
            Kind::Map { .. } => "a map",
            Kind::Structure(_) => "a structure",
        };
        E::custom(format_args!("{token} can not be converted to {wanted}"))
    }

    fn check_depth<E: serde::de::Error>(&self) -> Result<(), E> {
        if self.depth > DEPTH_MAX {
            return Err(E::custom(format_args!(
                "there are more than {DEPTH_MAX} levels"
            )));
        }
        Ok(())
    }
}

/// `None` stands for `null`.
impl<'de> DeserializeSeed<'de> for Seed {
    type Value = Option<Value>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed {
    type Value = Option<Value>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a value of `{}`", self.shape.name)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E: serde::de::Error>(self, truth: bool) -> Result<Self::Value, E> {
        match self.shape.kind {
            Kind::Boolean => Ok(Some(Value::Boolean(truth))),
            _ => Err(self.mismatch(if truth { "TRUE_VALUE" } else { "FALSE_VALUE" })),
        }
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Self::Value, E> {
        let value = match self.shape.kind {
            Kind::Integer { bits, .. } if scalar::fits(number, bits) => {
                Some(Value::Integer(number))
            }
            #[expect(
                clippy::cast_precision_loss,
                reason = "a double is what the shape holds"
            )]
            Kind::Float => Some(Value::Float(number as f64)),
            Kind::Timestamp => Epoch::Whole(number).moment().map(Value::Timestamp),
            _ => None,
        };
        value.map(Some).ok_or_else(|| self.mismatch("NUMBER_VALUE"))
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Self::Value, E> {
        match i64::try_from(number) {
            Ok(number) => self.visit_i64(number),
            Err(_) => Err(self.mismatch("NUMBER_VALUE")),
        }
    }

    fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Self::Value, E> {
        let value = match self.shape.kind {
            Kind::Float => Some(Value::Float(number)),
            Kind::Timestamp => Epoch::Fraction(number).moment().map(Value::Timestamp),
            _ => None,
        };
        value.map(Some).ok_or_else(|| self.mismatch("NUMBER_VALUE"))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
        let value = match &self.shape.kind {
            Kind::String(bounds) if bounds.sensitive => {
                Some(Value::Secret(Secret::new(text.as_bytes())))
            }
            Kind::String(_) => Some(Value::String(text.to_owned())),
            Kind::Blob { sensitive, .. } => scalar::blob(text, *sensitive),
            _ => None,
        };
        value.map(Some).ok_or_else(|| self.mismatch("STRING_VALUE"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut json: A) -> Result<Self::Value, A::Error> {
        self.check_depth()?;
        let Kind::List { member, .. } = self.shape.kind else {
            return Err(A::Error::custom("Unexpected list"));
        };
        let mut values = Vec::new();
        while let Some(value) = json.next_element_seed(self.below(member))? {
            values.push(value.ok_or_else(|| A::Error::custom("Unexpected null in a list"))?);
        }
        Ok(Some(Value::List(values)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut json: A) -> Result<Self::Value, A::Error> {
        self.check_depth()?;
        match self.shape.kind {
            Kind::Structure(members) => {
                let mut record = Record::of(self.shape);
                while let Some(member) = json.next_key_seed(MemberName(members))? {
                    let Some(member) = member else {
                        json.next_value::<IgnoredAny>()?;
                        continue;
                    };
                    if let Some(value) = json.next_value_seed(self.below(member.shape))? {
                        record.set(member.name, value);
                    }
                }
                Ok(Some(Value::Structure(record)))
            }
            Kind::Map { value: shape, .. } => {
                let mut entries = std::collections::BTreeMap::new();
                while let Some(key) = json.next_key::<String>()? {
                    let value = json.next_value_seed(self.below(shape))?;
                    let value =
                        value.ok_or_else(|| A::Error::custom("Unexpected null in a map"))?;
                    entries.insert(key, value);
                }
                Ok(Some(Value::Map(entries.into_iter().collect())))
            }
            _ => Err(A::Error::custom(
                "Start of structure or map found where not expected",
            )),
        }
    }
}

/// A key, as the member that it names.
struct MemberName(&'static [Member]);

impl<'de> DeserializeSeed<'de> for MemberName {
    type Value = Option<&'static Member>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_identifier(self)
    }
}

impl Visitor<'_> for MemberName {
    type Value = Option<&'static Member>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().find(|member| wire_name(member) == name))
    }
}

/// Writes a structure's members. Names of the tables need no escapes.
fn structure(to: &mut Vec<u8>, members: &'static [Member], record: &Record) {
    list(
        to,
        *b"{}",
        record.in_shape(members),
        |to, (member, value)| {
            to.raw(b"\"");
            to.raw(wire_name(member).as_bytes());
            to.raw(b"\":");
            shaped(to, member.shape, value);
        },
    );
}

fn shaped(to: &mut Vec<u8>, shape: &'static Shape, value: &Value) {
    match (&shape.kind, value) {
        (Kind::Boolean, Value::Boolean(truth)) => {
            to.raw(if *truth { b"true" } else { b"false" });
        }
        (Kind::Integer { .. }, Value::Integer(number)) => plain(to, number),
        (Kind::Float, Value::Float(number)) => plain(to, number),
        (Kind::String(_), Value::String(text)) => to.string(text),
        (Kind::String(_), Value::Secret(secret)) => {
            to.string(secret.expose_text().unwrap_or_default());
        }
        (Kind::Blob { .. }, Value::Blob(bytes)) => to.base64(bytes),
        (Kind::Blob { .. }, Value::Secret(secret)) => to.base64(secret.expose()),
        (Kind::Timestamp, Value::Timestamp(moment)) => match Epoch::of(*moment) {
            Epoch::Whole(seconds) => plain(to, &seconds),
            Epoch::Fraction(seconds) => plain(to, &seconds),
        },
        (Kind::List { member, .. }, Value::List(values)) => {
            let values = values.iter().filter(|value| value.is_of(member));
            list(to, *b"[]", values, |to, value| shaped(to, member, value));
        }
        (Kind::Map { value: shape, .. }, Value::Map(entries)) => {
            let entries = entries.iter().filter(|(_, value)| value.is_of(shape));
            list(to, *b"{}", entries, |to, (key, value)| {
                to.string(key);
                to.raw(b":");
                shaped(to, shape, value);
            });
        }
        (Kind::Structure(members), Value::Structure(record)) => structure(to, members, record),
        _ => to.raw(b"null"),
    }
}

/// Items with commas between, in brackets.
fn list<T>(
    to: &mut Vec<u8>,
    [open, close]: [u8; 2],
    items: impl Iterator<Item = T>,
    write: impl Fn(&mut Vec<u8>, T),
) {
    to.push(open);
    for (at, item) in items.enumerate() {
        if at > 0 {
            to.push(b',');
        }
        write(to, item);
    }
    to.push(close);
}

/// A number as serde writes it; what is none in JSON is `null`.
fn plain(to: &mut Vec<u8>, number: &impl Serialize) {
    let written = serde_json::to_writer(to, number);
    debug_assert!(written.is_ok(), "a vector takes all bytes");
}

fn wire_name(member: &Member) -> &'static str {
    member.wire_name.unwrap_or(member.name)
}

/// What AWS says of a body; nothing of the body is in it.
fn unreadable(error: &serde_json::Error) -> Fault {
    if !error.is_data() {
        return Fault::new("SerializationException", "the body is not JSON");
    }
    let message = error.to_string();
    // Where in the body is of no use to a client that did not write it by hand.
    let message = message
        .rsplit_once(" at line ")
        .map_or(message.as_str(), |(message, _)| message);
    Fault::new("SerializationException", message.to_owned())
}

/// The deepest structure of the models has half as many levels.
const DEPTH_MAX: usize = 32;

#[cfg(test)]
mod tests;
