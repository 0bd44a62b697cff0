//! The condition keys of one request. Knows no policy.
//!
//! Source: IAM User Guide, "AWS global condition context keys": key names are not case-sensitive.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// What is known of a request beside who, what and on what: values by condition key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    // By key in lower case.
    values: BTreeMap<Box<str>, Value>,
}

/// The value of a condition key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// One text; also for a key that AWS gives as an ARN or an address.
    Text(String),
    /// A multivalued key, as `aws:TagKeys`. Without an entry the key counts as missing.
    List(Vec<String>),
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Number(i64),
    /// A moment as ISO 8601 text.
    Date(String),
}

impl Context {
    /// A request of which nothing more is known.
    pub fn new() -> Context {
        Context::default()
    }

    /// The same with `key`, in any case, set to `value`; an earlier value of it is gone.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Context {
        self.values
            .insert(key.to_ascii_lowercase().into(), value.into());
        self
    }

    /// The value of `key`, which is in lower case.
    pub(crate) fn get(&self, key: &str) -> Option<&Value> {
        self.values
            .get(key)
            .filter(|value| !matches!(value, Value::List(entries) if entries.is_empty()))
    }
}

impl Value {
    /// The value as the text that operators compare; `None` for several values.
    pub(crate) fn single(&self) -> Option<Cow<'_, str>> {
        match self {
            Value::Text(text) | Value::Date(text) => Some(Cow::Borrowed(text)),
            Value::Bool(true) => Some(Cow::Borrowed("true")),
            Value::Bool(false) => Some(Cow::Borrowed("false")),
            Value::Number(number) => Some(Cow::Owned(number.to_string())),
            Value::List(entries) => match entries.as_slice() {
                [one] => Some(Cow::Borrowed(one)),
                _ => None,
            },
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl From<Vec<String>> for Value {
    fn from(entries: Vec<String>) -> Value {
        Value::List(entries)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Value {
        Value::Number(number)
    }
}
