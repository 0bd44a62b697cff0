//! Inputs as forms, in the Query protocol and as EC2 speaks it.
//!
//! Knows shapes and the tree of parameters; no constraint is checked here.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::Request;
use zeroize::Zeroizing;

use super::dialect::Dialect;
use super::form::{self, Node};
use super::path::{Path, Step};
use super::validate::shown;
use super::{members, scalar};
use crate::shape::{Kind, Member, Shape};
use crate::{Fault, Record, Value};

/// Reads a call's input.
pub(super) fn decode(
    dialect: Dialect,
    shape: &'static Shape,
    request: &Request<Bytes>,
) -> Result<Record, Fault> {
    let tree = form::parse(request)?;
    Decoder {
        dialect,
        path: Path::default(),
    }
    .structure(shape, members(shape), tree)
}

/// Writes a call's input behind what the form holds already. What is empty is left out, as the SDKs
/// do, save for lists of the Query protocol.
pub(super) fn encode(dialect: Dialect, shape: &Shape, input: &Record, form: &mut String) {
    Encoder { dialect, form }.structure(members(shape), input, "");
}

struct Decoder {
    dialect: Dialect,
    path: Path,
}

impl Decoder {
    /// A value, if one is there. An empty structure is as good as none.
    fn value(&mut self, shape: &'static Shape, node: Node) -> Result<Option<Value>, Fault> {
        if let Kind::Structure(_) | Kind::List { .. } | Kind::Map { .. } = shape.kind {
            self.holds_no_text(shape, &node)?;
        }
        Ok(match &shape.kind {
            Kind::Structure(_) if node.children.is_empty() => None,
            Kind::Structure(members) => {
                Some(Value::Structure(self.structure(shape, members, node)?))
            }
            Kind::List {
                member,
                member_name,
                ..
            } => Some(Value::List(self.list(member, *member_name, node)?)),
            Kind::Map { value, .. } => Some(Value::Map(self.map(value, node)?)),
            _ => node
                .value
                .map(|text| self.scalar(shape, text))
                .transpose()?,
        })
    }

    fn structure(
        &mut self,
        shape: &'static Shape,
        members: &'static [Member],
        mut node: Node,
    ) -> Result<Record, Fault> {
        let mut record = Record::of(shape);
        for member in members {
            let Some(node) = node.children.remove(self.dialect.parameter(member)) else {
                continue;
            };
            let value = self.under(Step::Member(member), |it| it.value(member.shape, node))?;
            if let Some(value) = value {
                record.set(member.name, value);
            }
        }
        Ok(record)
    }

    fn list(
        &mut self,
        member: &'static Shape,
        member_name: Option<&'static str>,
        node: Node,
    ) -> Result<Vec<Value>, Fault> {
        let node = match self.dialect.list_step(member_name) {
            Some(step) => self.only_child(node, step)?,
            None => node,
        };
        let mut values = Vec::with_capacity(node.children.len());
        for (at, node) in self.in_order(node)?.enumerate() {
            values.push(self.under(Step::Item(at + 1), |it| {
                it.value(member, node)?
                    .ok_or_else(|| it.mismatch(member, ""))
            })?);
        }
        Ok(values)
    }

    fn map(&mut self, shape: &'static Shape, node: Node) -> Result<Vec<(String, Value)>, Fault> {
        let node = self.only_child(node, "entry")?;
        let mut entries: Vec<(String, Value)> = Vec::with_capacity(node.children.len());
        for mut node in self.in_order(node)? {
            let key = node.children.remove("key").and_then(|node| node.value);
            let key = key.ok_or_else(|| self.refusal("", "a key"))?.to_string();
            if entries.iter().any(|(known, _)| *known == key) {
                return Err(self.refusal(&key, "a key that is there once"));
            }
            let node = node.children.remove("value").unwrap_or_default();
            let value = self.under(Step::Entry(key.clone()), |it| {
                it.value(shape, node)?.ok_or_else(|| it.mismatch(shape, ""))
            })?;
            entries.push((key, value));
        }
        Ok(entries)
    }

    fn scalar(&self, shape: &Shape, mut text: Zeroizing<String>) -> Result<Value, Fault> {
        scalar::read(&shape.kind, &mut text).ok_or_else(|| self.mismatch(shape, &text))
    }

    /// A list or structure has no text of its own: to ignore it could turn a filter into none.
    fn holds_no_text(&self, shape: &Shape, node: &Node) -> Result<(), Fault> {
        match &node.value {
            Some(text) if !text.is_empty() => Err(self.mismatch(shape, text)),
            _ => Ok(()),
        }
    }

    /// The child between a list or map and its numbers.
    fn only_child(&self, mut node: Node, step: &str) -> Result<Node, Fault> {
        let child = node.children.remove(step).unwrap_or_default();
        match node.children.pop_first() {
            None => Ok(child),
            Some((other, _)) => Err(self.refusal(&other, "a list of members")),
        }
    }

    /// The children in the order of their numbers, whichever numbers are left out.
    fn in_order(&self, node: Node) -> Result<impl Iterator<Item = Node> + use<>, Fault> {
        let mut nodes = BTreeMap::new();
        for (name, node) in node.children {
            let is_number = name.bytes().all(|byte| byte.is_ascii_digit());
            let number: Option<u32> = name.parse().ok().filter(|_| is_number);
            let number = number.ok_or_else(|| self.refusal(&name, "a number in a list"))?;
            if nodes.insert(number, node).is_some() {
                return Err(self.refusal(&name, "a number that is there once"));
            }
        }
        Ok(nodes.into_values())
    }

    fn under<T>(&mut self, step: Step, run: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(step);
        let result = run(self);
        self.path.pop();
        result
    }

    fn mismatch(&self, shape: &Shape, text: &str) -> Fault {
        self.refusal(shown(shape, text), scalar::noun(&shape.kind))
    }

    fn refusal(&self, shown: &str, wanted: &str) -> Fault {
        match self.dialect {
            Dialect::Query => {
                let place = self.path.camel_case();
                Fault::new(
                    "MalformedInput",
                    format!("Value '{shown}' at '{place}' is not {wanted}"),
                )
            }
            Dialect::Ec2 => {
                let place = self.path.parameter();
                let message =
                    format!("Value ({shown}) for parameter {place} is invalid. Expected {wanted}.");
                Fault::new("InvalidParameterValue", message)
            }
        }
    }
}

struct Encoder<'f> {
    dialect: Dialect,
    form: &'f mut String,
}

impl Encoder<'_> {
    fn structure(&mut self, members: &'static [Member], record: &Record, prefix: &str) {
        for (member, value) in record.in_shape(members) {
            let name = self.dialect.parameter(member);
            let place = if prefix.is_empty() {
                name.to_owned()
            } else {
                format!("{prefix}.{name}")
            };
            self.value(member.shape, value, &place);
        }
    }

    fn value(&mut self, shape: &Shape, value: &Value, place: &str) {
        match (&shape.kind, value) {
            (Kind::Structure(members), Value::Structure(record)) => {
                self.structure(members, record, place);
            }
            (
                Kind::List {
                    member,
                    member_name,
                    ..
                },
                Value::List(values),
            ) => {
                let step = self.dialect.list_step(*member_name);
                if values.is_empty() && step.is_some() {
                    form::push(self.form, place, "");
                }
                let place = step.map_or_else(|| place.to_owned(), |step| format!("{place}.{step}"));
                let values = values.iter().filter(|value| value.is_of(member));
                for (at, value) in values.enumerate() {
                    self.value(member, value, &format!("{place}.{}", at + 1));
                }
            }
            (Kind::Map { value: shape, .. }, Value::Map(entries)) => {
                let entries = entries.iter().filter(|(_, value)| value.is_of(shape));
                for (at, (key, value)) in entries.enumerate() {
                    let place = format!("{place}.entry.{}", at + 1);
                    form::push(self.form, &format!("{place}.key"), key);
                    self.value(shape, value, &format!("{place}.value"));
                }
            }
            (kind, value) => {
                form::push(
                    self.form,
                    place,
                    &scalar::write(kind, value, |at| at.to_string()),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests;
