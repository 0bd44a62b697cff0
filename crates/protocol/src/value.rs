//! Values of calls: what a decoder reads and an encoder writes, for every protocol alike.
//!
//! Handlers see only these, checked against the shape tables; nothing here knows the wire.

use jiff::Timestamp;

use crate::Secret;
use crate::shape::{Kind, Member, Shape};

/// One value of a call.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A floating-point number.
    Float(f64),
    /// Text that may be shown.
    String(String),
    /// Text or bytes of a shape that the model marks sensitive.
    Secret(Secret),
    /// Bytes that may be shown.
    Blob(Vec<u8>),
    /// A moment.
    Timestamp(Timestamp),
    /// Values in order.
    List(Vec<Value>),
    /// Values by name, in the order given.
    Map(Vec<(String, Value)>),
    /// Members of a structure.
    Structure(Record),
}

impl Value {
    /// Whether the value is of a shape's kind. One that is not is a bug, which debug builds notice.
    pub(crate) fn is_of(&self, shape: &Shape) -> bool {
        let is_of = match (&shape.kind, self) {
            (Kind::String(_), Self::Secret(secret)) => secret.expose_text().is_some(),
            (Kind::Boolean, Self::Boolean(_))
            | (Kind::Integer { .. }, Self::Integer(_))
            | (Kind::Float, Self::Float(_))
            | (Kind::String(_), Self::String(_))
            | (Kind::Blob { .. }, Self::Blob(_) | Self::Secret(_))
            | (Kind::Timestamp, Self::Timestamp(_))
            | (Kind::List { .. }, Self::List(_))
            | (Kind::Map { .. }, Self::Map(_))
            | (Kind::Structure(_), Self::Structure(_)) => true,
            _ => false,
        };
        debug_assert!(is_of, "a value is not of the kind of `{}`", shape.name);
        is_of
    }

    /// About how many bytes this takes on the wire. A buffer of that size need not grow, so what a
    /// secret leaves behind in freed memory is less.
    pub(crate) fn bytes_hint(&self) -> usize {
        match self {
            Self::Boolean(_) | Self::Integer(_) | Self::Float(_) | Self::Timestamp(_) => 24,
            Self::String(text) => text.len(),
            // Quotation marks are doubled by escapes, bytes grow by a third in base64.
            Self::Secret(secret) => 2 * secret.len(),
            Self::Blob(bytes) => 2 * bytes.len(),
            Self::List(values) => values.iter().map(|value| value.bytes_hint() + 16).sum(),
            Self::Map(entries) => entries
                .iter()
                .map(|(key, value)| key.len() + value.bytes_hint() + 64)
                .sum(),
            Self::Structure(record) => record.bytes_hint(),
        }
    }
}

/// The members of a structure, by their names in the service model.
#[derive(Clone, Default)]
pub struct Record {
    // INVARIANT: no name twice.
    members: Vec<(&'static str, Value)>,
    // What was decoded; a built answer has none and is held against its shape by the encoder.
    shape: Option<&'static Shape>,
}

impl Record {
    /// A record without members.
    pub fn new() -> Self {
        Self::default()
    }

    /// A record about to be filled by a decoder; reading a member its shape lacks is then a bug
    /// that debug builds notice.
    pub(crate) fn of(shape: &'static Shape) -> Self {
        Self {
            members: Vec::new(),
            shape: Some(shape),
        }
    }

    /// The same record with a member more.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.set(name, value);
        self
    }

    /// The same record with a member more, if there is one: what is absent is left out, never null.
    #[must_use]
    pub fn with_some(self, name: &'static str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Sets a member, replacing what it held.
    pub fn set(&mut self, name: &'static str, value: impl Into<Value>) {
        let value = value.into();
        match self.members.iter_mut().find(|(known, _)| *known == name) {
            Some((_, held)) => *held = value,
            None => self.members.push((name, value)),
        }
    }

    /// The members in the order they were set.
    pub fn members(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.members.iter().map(|(name, value)| (*name, value))
    }

    /// The members in the order of a shape. One that the shape lacks, or has of another kind, is a
    /// bug: debug builds notice, and it is left out.
    pub(crate) fn in_shape(
        &self,
        members: &'static [Member],
    ) -> impl Iterator<Item = (&'static Member, &Value)> {
        for (name, _) in self.members() {
            debug_assert!(
                members.iter().any(|member| member.name == name),
                "no member `{name}` in the shape of this record"
            );
        }
        members
            .iter()
            .filter_map(|member| Some((member, self.find(member.name)?)))
            .filter(|(member, value)| value.is_of(member.shape))
    }

    /// Whether no member is set.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The member, where it is set.
    pub fn get(&self, name: &str) -> Option<&Value> {
        debug_assert!(
            self.knows(name),
            "no member `{name}` in {:?}",
            self.shape.map(|s| s.name)
        );
        self.find(name)
    }

    /// A string member.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// A sensitive member.
    pub fn secret(&self, name: &str) -> Option<&Secret> {
        match self.get(name)? {
            Value::Secret(secret) => Some(secret),
            _ => None,
        }
    }

    /// A whole-number member.
    pub fn integer(&self, name: &str) -> Option<i64> {
        match self.get(name)? {
            Value::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// A boolean member.
    pub fn boolean(&self, name: &str) -> Option<bool> {
        match self.get(name)? {
            Value::Boolean(truth) => Some(*truth),
            _ => None,
        }
    }

    /// A structure member.
    pub fn record(&self, name: &str) -> Option<&Record> {
        match self.get(name)? {
            Value::Structure(record) => Some(record),
            _ => None,
        }
    }

    /// A list member; absent and empty are alike.
    pub fn list(&self, name: &str) -> &[Value] {
        match self.get(name) {
            Some(Value::List(values)) => values,
            _ => &[],
        }
    }

    /// The strings of a list member.
    pub fn texts(&self, name: &str) -> impl Iterator<Item = &str> {
        self.list(name).iter().filter_map(|value| match value {
            Value::String(text) => Some(text.as_str()),
            _ => None,
        })
    }

    /// The structures of a list member.
    pub fn records(&self, name: &str) -> impl Iterator<Item = &Record> {
        self.list(name).iter().filter_map(|value| match value {
            Value::Structure(record) => Some(record),
            _ => None,
        })
    }

    /// As [`Value::bytes_hint`].
    pub(crate) fn bytes_hint(&self) -> usize {
        self.members()
            .map(|(name, value)| 2 * name.len() + 8 + value.bytes_hint())
            .sum()
    }

    fn find(&self, name: &str) -> Option<&Value> {
        self.members
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }

    fn knows(&self, name: &str) -> bool {
        match self.shape.map(|shape| &shape.kind) {
            Some(Kind::Structure(members)) => members.iter().any(|member| member.name == name),
            _ => true,
        }
    }
}

/// The members alone; a [`Secret`] among them stays hidden.
impl std::fmt::Debug for Record {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map().entries(self.members()).finish()
    }
}

/// Members compare as a set: their order and the shape they came by do not matter.
impl PartialEq for Record {
    fn eq(&self, other: &Self) -> bool {
        self.members.len() == other.members.len()
            && self.members().all(|(name, value)| {
                other
                    .members()
                    .any(|(known, held)| known == name && held == value)
            })
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Boolean(truth)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<Timestamp> for Value {
    fn from(moment: Timestamp) -> Self {
        Self::Timestamp(moment)
    }
}

impl From<Secret> for Value {
    fn from(secret: Secret) -> Self {
        Self::Secret(secret)
    }
}

impl From<Record> for Value {
    fn from(record: Record) -> Self {
        Self::Structure(record)
    }
}

impl<V: Into<Value>> From<Vec<V>> for Value {
    fn from(values: Vec<V>) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}

impl<V: Into<Value>> FromIterator<V> for Value {
    fn from_iter<I: IntoIterator<Item = V>>(values: I) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}
