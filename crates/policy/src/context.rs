//! The condition keys of one request. Knows no policy.
//!
//! Source: IAM User Guide, "AWS global condition context keys": key names are not case-sensitive.

use std::collections::BTreeMap;
use std::slice;

/// What is known of a request beside who, what and on what: values by condition key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    // By key in lower case.
    values: BTreeMap<Box<str>, Held>,
}

/// The value of a condition key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// One text; also for a key that AWS gives as an ARN or an address, and base64 for one that it
    /// gives as binary.
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

/// Values as texts, which is what operators compare, so that a decision has none to make.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Held {
    One(String),
    Several(Vec<String>),
}

impl Context {
    /// A request of which nothing more is known.
    pub fn new() -> Context {
        Context::default()
    }

    /// The same with `key`, in any case, set to `value`; an earlier value of it is gone.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Context {
        let held = match value.into() {
            Value::Text(text) | Value::Date(text) => Held::One(text),
            Value::Bool(truth) => Held::One(truth.to_string()),
            Value::Number(number) => Held::One(number.to_string()),
            Value::List(entries) => Held::Several(entries),
        };
        self.values.insert(key.to_ascii_lowercase().into(), held);
        self
    }

    /// Takes over the keys of `other`.
    pub(crate) fn extend(&mut self, other: &Context) {
        let entries = other.values.iter();
        self.values
            .extend(entries.map(|(key, held)| (key.clone(), held.clone())));
    }

    /// Whether `key`, which is in lower case, was set, be it to an empty list.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.values.contains_key(key)
    }

    /// Every key that is set, in lower case and in order, with its values.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.values.iter().map(|(key, held)| {
            let values = match held {
                Held::One(text) => slice::from_ref(text),
                Held::Several(entries) => entries.as_slice(),
            };
            (&**key, values)
        })
    }

    /// The values of `key`, which is in lower case. None at all is what a missing key has.
    pub(crate) fn values(&self, key: &str) -> &[String] {
        match self.values.get(key) {
            None => &[],
            Some(Held::One(text)) => slice::from_ref(text),
            Some(Held::Several(entries)) => entries,
        }
    }

    /// The value of `key`, which is in lower case, if it is a key of one value: "you cannot use a
    /// multivalued context key as a policy variable", however many values it has.
    pub(crate) fn single(&self, key: &str) -> Option<&str> {
        match self.values.get(key) {
            Some(Held::One(text)) => Some(text),
            _ => None,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_all_that_was_set() {
        let several = vec!["a".to_owned(), "b".to_owned()];
        let context = Context::new()
            .with("b:Keys", several.clone())
            .with("A:Key", true)
            .with("a:key", "last");
        let entries: Vec<(&str, &[String])> = context.entries().collect();
        let one = ["last".to_owned()];
        assert_eq!(entries, [("a:key", &one[..]), ("b:keys", &several[..])]);
    }
}
