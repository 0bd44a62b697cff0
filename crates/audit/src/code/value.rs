//! Values as code gives them, whatever its language: literal as far as they are, with their lines.
//! Not shown by `Debug`, as some are secrets.

use serde_json::{Map, Number};

/// A value and where it stands.
#[derive(Clone)]
pub(super) struct Node {
    /// From 1.
    pub(super) line: usize,
    pub(super) value: Value,
}

#[derive(Clone)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
    /// Something else of the code, by its address.
    Reference(String),
    /// What only a run would tell.
    Unknown,
}

/// What code says of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Said<'a> {
    /// Nothing.
    Unset,
    /// Nothing, in so many words: `null`, or an empty text.
    Empty(usize),
    Text(&'a str, usize),
    Reference(&'a str, usize),
    /// Something that is not literal.
    Unknown(usize),
}

impl Node {
    pub(super) fn new(line: usize, value: Value) -> Node {
        Node { line, value }
    }

    /// A member of an object, or of the first of a list of objects (as nested blocks are). Of what
    /// is not known, no member is.
    pub(super) fn get(&self, name: &str) -> Option<&Node> {
        match &self.value {
            Value::Object(members) => {
                let mut found = members.iter().filter(|(key, _)| key == name);
                found.next_back().map(|(_, node)| node)
            }
            Value::List(items) => items.first()?.get(name),
            Value::Unknown => Some(self),
            _ => None,
        }
    }

    /// A member of a member.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, name| node.get(name))
    }

    /// All items of a list; anything else is one item.
    pub(super) fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            _ => std::slice::from_ref(self),
        }
    }

    pub(super) fn said(&self, name: &str) -> Said<'_> {
        self.get(name).map_or(Said::Unset, Node::says)
    }

    pub(super) fn says(&self) -> Said<'_> {
        match &self.value {
            Value::Null => Said::Empty(self.line),
            Value::Text(text) if text.trim().is_empty() => Said::Empty(self.line),
            Value::Text(text) => Said::Text(text, self.line),
            Value::Reference(address) => Said::Reference(address, self.line),
            // A list of one, as nested arguments are given sometimes.
            Value::List(items) if items.len() == 1 => items.first().map_or(Said::Unset, Node::says),
            _ => Said::Unknown(self.line),
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A whole number, also where it is written as a text.
    pub(super) fn number(&self) -> Option<i64> {
        match &self.value {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "saturates, and hops are few"
            )]
            Value::Number(number) => Some(*number as i64),
            Value::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// As JSON; what is not literal stands there as [`NOT_LITERAL`], and what is something else of
    /// the code as [`ELSEWHERE`].
    pub(super) fn json(&self) -> serde_json::Value {
        match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(value) => (*value).into(),
            Value::Number(number) => number_json(*number),
            Value::Text(text) => text.clone().into(),
            Value::List(items) => items.iter().map(Node::json).collect(),
            Value::Object(members) => {
                let members = members.iter().map(|(key, node)| (key.clone(), node.json()));
                members.collect::<Map<_, _>>().into()
            }
            Value::Reference(_) => ELSEWHERE.into(),
            Value::Unknown => NOT_LITERAL.into(),
        }
    }
}

fn number_json(number: f64) -> serde_json::Value {
    let is_whole = number.fract().abs() < f64::EPSILON && number.abs() < WHOLE_MAX;
    if is_whole {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "it is whole, and small enough"
        )]
        let whole = number as i64;
        whole.into()
    } else {
        Number::from_f64(number).map_or(serde_json::Value::Null, Into::into)
    }
}

impl Value {
    /// In place of a part of a text that is not known.
    pub(super) fn hole(&self) -> &'static str {
        match self {
            Value::Reference(_) => ELSEWHERE,
            _ => NOT_LITERAL,
        }
    }
}

/// In place of what only a run would tell.
pub(super) const NOT_LITERAL: &str = "(not literal)";
/// In place of a name or an ARN of something else, which is no `*`.
pub(super) const ELSEWHERE: &str = "(elsewhere)";
// Doubles hold whole numbers up to here.
const WHOLE_MAX: f64 = 9_007_199_254_740_992.0;
