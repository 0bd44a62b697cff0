//! The constraints of the model, and AWS's words for a value that breaks one.
//!
//! Knows shapes and values, not how they came. A sensitive value is never shown.

use super::path::{Path, Step};
use crate::shape::{Kind, Member, Protocol, Shape};
use crate::{Fault, Record, Value};

/// Refuses an input that breaks constraints: Query and JSON services list them, EC2 names one.
pub(super) fn check(
    protocol: Protocol,
    shape: &'static Shape,
    input: &Record,
) -> Result<(), Fault> {
    let mut checker = Checker::default();
    checker.structure(super::members(shape), input);
    let Some(first) = checker.violations.first() else {
        return Ok(());
    };
    Err(match protocol {
        Protocol::Query { .. } => Fault::new("ValidationError", list(&checker.violations)),
        Protocol::Json { .. } => Fault::new("ValidationException", list(&checker.violations)),
        Protocol::Ec2 { .. } => first.as_ec2(),
    })
}

/// A text as a message may show it: not at all where its shape is sensitive, and not at any length.
pub(super) fn shown<'t>(shape: &Shape, text: &'t str) -> &'t str {
    if is_sensitive(shape) {
        return HIDDEN;
    }
    let end = text
        .char_indices()
        .nth(SHOWN_CHARACTERS_MAX)
        .map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or_default()
}

#[derive(Debug)]
struct Violation {
    path: Path,
    /// `None` where nothing is there.
    value: Option<String>,
    constraint: Constraint,
}

#[derive(Debug)]
enum Constraint {
    NotNull,
    LengthMin(u64),
    LengthMax(u64),
    Min(i64),
    Max(i64),
    Pattern(&'static str),
    Values(&'static [&'static str]),
}

#[derive(Default)]
struct Checker {
    path: Path,
    violations: Vec<Violation>,
}

impl Checker {
    fn structure(&mut self, members: &'static [Member], record: &Record) {
        for member in members {
            self.path.push(Step::Member(member));
            match record.get(member.name) {
                Some(value) => self.value(member.shape, value),
                None if member.required => self.report(None, Constraint::NotNull),
                None => {}
            }
            self.path.pop();
        }
    }

    fn value(&mut self, shape: &'static Shape, value: &Value) {
        match (&shape.kind, value) {
            (Kind::String(_), Value::String(text)) => self.text(shape, text),
            (Kind::String(_), Value::Secret(secret)) => {
                self.text(shape, secret.expose_text().unwrap_or_default());
            }
            (Kind::Blob { min, max, .. }, value) => {
                self.length(shape, value, length(value), *min, *max);
            }
            (Kind::Integer { min, max, .. }, Value::Integer(number)) => {
                if let Some(min) = min.filter(|min| number < min) {
                    self.report(Some(number.to_string()), Constraint::Min(min));
                }
                if let Some(max) = max.filter(|max| number > max) {
                    self.report(Some(number.to_string()), Constraint::Max(max));
                }
            }
            (
                Kind::List {
                    member, min, max, ..
                },
                Value::List(values),
            ) => {
                self.length(shape, value, values.len(), *min, *max);
                for (at, value) in values.iter().enumerate() {
                    self.under(Step::Item(at + 1), |it| it.value(member, value));
                }
            }
            (
                Kind::Map {
                    key: key_shape,
                    value: shape,
                },
                Value::Map(entries),
            ) => {
                for (key, value) in entries {
                    self.under(Step::Entry(key.clone()), |it| {
                        it.text(key_shape, key);
                        it.value(shape, value);
                    });
                }
            }
            (Kind::Structure(members), Value::Structure(record)) => self.structure(members, record),
            _ => {}
        }
    }

    fn text(&mut self, shape: &'static Shape, text: &str) {
        let Kind::String(bounds) = &shape.kind else {
            return;
        };
        let value = || Some(shown(shape, text).to_owned());
        let characters = text.chars().count() as u64;
        if let Some(max) = bounds.max.filter(|max| characters > *max) {
            self.report(value(), Constraint::LengthMax(max));
        }
        if let Some(min) = bounds.min.filter(|min| characters < *min) {
            self.report(value(), Constraint::LengthMin(min));
        }
        if let Some(pattern) = bounds.pattern.filter(|pattern| !pattern.matches(text)) {
            self.report(value(), Constraint::Pattern(pattern.source()));
        }
        if !bounds.values.is_empty() && !bounds.values.contains(&text) {
            self.report(value(), Constraint::Values(bounds.values));
        }
    }

    fn length(
        &mut self,
        shape: &Shape,
        value: &Value,
        length: usize,
        min: Option<u64>,
        max: Option<u64>,
    ) {
        let length = length as u64;
        if let Some(max) = max.filter(|max| length > *max) {
            self.report(Some(summary(shape, value)), Constraint::LengthMax(max));
        }
        if let Some(min) = min.filter(|min| length < *min) {
            self.report(Some(summary(shape, value)), Constraint::LengthMin(min));
        }
    }

    fn under(&mut self, step: Step, run: impl FnOnce(&mut Self)) {
        self.path.push(step);
        run(self);
        self.path.pop();
    }

    fn report(&mut self, value: Option<String>, constraint: Constraint) {
        if self.violations.len() < VIOLATIONS_MAX {
            self.violations.push(Violation {
                path: self.path.clone(),
                value,
                constraint,
            });
        }
    }
}

impl Violation {
    fn as_ec2(&self) -> Fault {
        let place = self.path.parameter();
        let Some(value) = &self.value else {
            return Fault::new(
                "MissingParameter",
                format!("The request must contain the parameter {place}"),
            );
        };
        let expected = match self.constraint {
            Constraint::Values(values) if values.len() > EC2_VALUES_MAX => {
                format!("Expected one of the {} that are known", values.len())
            }
            Constraint::Values(values) => format!("Expected one of {}", values.join(", ")),
            ref other => other.to_string(),
        };
        Fault::new(
            "InvalidParameterValue",
            format!("Value ({value}) for parameter {place} is invalid. {expected}."),
        )
    }
}

impl std::fmt::Display for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.value {
            Some(value) => write!(f, "Value '{value}'")?,
            None => f.write_str("Value null")?,
        }
        let (place, constraint) = (self.path.camel_case(), &self.constraint);
        write!(
            f,
            " at '{place}' failed to satisfy constraint: {constraint}"
        )
    }
}

impl std::fmt::Display for Constraint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Member must ")?;
        match self {
            Self::NotNull => f.write_str("not be null"),
            Self::LengthMin(min) => write!(f, "have length greater than or equal to {min}"),
            Self::LengthMax(max) => write!(f, "have length less than or equal to {max}"),
            Self::Min(min) => write!(f, "have value greater than or equal to {min}"),
            Self::Max(max) => write!(f, "have value less than or equal to {max}"),
            Self::Pattern(pattern) => write!(f, "satisfy regular expression pattern: {pattern}"),
            Self::Values(values) => write!(f, "satisfy enum value set: [{}]", values.join(", ")),
        }
    }
}

fn list(violations: &[Violation]) -> String {
    let count = violations.len();
    let plural = if count == 1 { "" } else { "s" };
    let listed: Vec<String> = violations.iter().map(Violation::to_string).collect();
    format!(
        "{count} validation error{plural} detected: {}",
        listed.join("; ")
    )
}

fn is_sensitive(shape: &Shape) -> bool {
    match &shape.kind {
        Kind::String(text) => text.sensitive,
        Kind::Blob { sensitive, .. } => *sensitive,
        _ => false,
    }
}

fn length(value: &Value) -> usize {
    match value {
        Value::Blob(bytes) => bytes.len(),
        Value::Secret(secret) => secret.len(),
        _ => 0,
    }
}

/// A list or blob in a message: its strings, and only what they are where they are none.
fn summary(shape: &Shape, value: &Value) -> String {
    let (Kind::List { member, .. }, Value::List(values)) = (&shape.kind, value) else {
        return HIDDEN.to_owned();
    };
    let items = values
        .iter()
        .take(SHOWN_ITEMS_MAX)
        .map(|value| match value {
            Value::String(text) => shown(member, text),
            _ => member.name,
        });
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

/// What stands in a message for a value that must not be in it.
const HIDDEN: &str = "***";

/// More than that, such as the instance types, help nobody.
const EC2_VALUES_MAX: usize = 32;

/// AWS lists no more.
const VIOLATIONS_MAX: usize = 10;

/// Enough to recognise a value by, little enough that ten of them are a message.
const SHOWN_CHARACTERS_MAX: usize = 512;

/// As above, for the members of a list.
const SHOWN_ITEMS_MAX: usize = 8;

#[cfg(test)]
mod tests;
