//! Conditions: one operator, one key, the values it is compared with. Knows no statement.
//!
//! Source: IAM User Guide, "IAM JSON policy elements: Condition operators" and "Single-valued vs.
//! multivalued context keys".

use crate::context::Context;
use crate::document::{ConditionEntry, Effect};
use crate::error::ParseError;
use crate::json::Text;
use crate::pattern::{ArnPattern, PARTS, Pattern, Symbol, symbols_match};
use crate::template::{Part, Reading, Symbols, Template, has_variable, parts};

mod compare;
mod operator;
mod partly;
mod value;

pub(crate) use compare::Sided;
pub(crate) use value::moment;

use operator::{Compared, Order, Set};
use value::Network;

/// A condition that is understood in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Condition {
    // As written, for people.
    operator: Box<str>,
    written_key: Box<str>,
    written_values: Box<[Box<str>]>,
    // In lower case.
    key: Box<str>,
    negated: bool,
    if_exists: bool,
    set: Set,
    test: Test,
}

/// What is compared how; one of the values has to match.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    Equals(Box<[Template]>),
    EqualsIgnoreCase(Box<[Template]>),
    Like(Box<[Template]>),
    Arn(Box<[ArnTest]>),
    Bool(Box<[bool]>),
    Numeric(Order, Box<[i128]>),
    Date(Order, Box<[i128]>),
    Binary(Box<[Box<[u8]>]>),
    Address(Box<[Network]>),
    Null(Box<[bool]>),
}

/// An ARN to compare with. With a variable in it its parts are known only in a request: the value
/// may bring colons.
#[derive(Debug, Clone, PartialEq, Eq)]
enum ArnTest {
    Plain(ArnPattern<Pattern>),
    Varied(Box<[Part]>),
}

/// Why a condition does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unmet {
    /// The request has no such key.
    Absent,
    /// It has, where it must not.
    Present,
    /// The key has several values, and the operator no `ForAllValues:` or `ForAnyValue:`.
    SeveralValues,
    /// Its value is another.
    Differs,
}

impl Condition {
    pub(crate) fn compile(
        entry: ConditionEntry,
        has_variables: bool,
    ) -> Result<Condition, ParseError> {
        let key = &entry.key;
        let prefixed = key.value.split_once(':');
        if !prefixed.is_some_and(|(vendor, name)| !vendor.is_empty() && !name.is_empty()) {
            return Err(key.place.error(NO_VENDOR));
        }
        if has_variables && has_variable(&key.value) {
            let value = &key.value;
            let what = format_args!("policy variable in the condition key `{value}`");
            return Err(key.place.syntax(what));
        }
        let operator = operator::parse(&entry.operator)?;
        let test = Test::compile(operator.compared, &entry.values, has_variables)?;
        let written = entry.values.into_iter().map(|text| text.value.into());
        Ok(Condition {
            key: entry.key.value.to_ascii_lowercase().into(),
            operator: entry.operator.value.into(),
            written_key: entry.key.value.into(),
            written_values: written.collect(),
            negated: operator.negated,
            if_exists: operator.if_exists,
            set: operator.set,
            test,
        })
    }

    /// The operator and the key, as written.
    pub(crate) fn names(&self) -> (&str, &str) {
        (&self.operator, &self.written_key)
    }

    /// The values that the key is compared with, as written.
    pub(crate) fn written_values(&self) -> &[Box<str>] {
        &self.written_values
    }

    /// Whether the condition holds in a statement of the given effect.
    pub(crate) fn holds(&self, context: &Context, effect: Effect) -> bool {
        self.unmet(context, effect).is_none()
    }

    /// What keeps the condition from holding in a statement of the given effect.
    ///
    /// The effect matters in two cases, on which AWS is silent: an operator without `ForAllValues:`
    /// or `ForAnyValue:` that meets several values, and a negated operator that meets a value it
    /// cannot compare, as `NumericNotEquals` a word. Both keep an Allow from applying and let a
    /// Deny apply.
    pub(crate) fn unmet(&self, context: &Context, effect: Effect) -> Option<Unmet> {
        self.unmet_by(context.values(&self.key), context, effect)
    }

    /// The same of given values of the key.
    fn unmet_by(&self, values: &[String], context: &Context, effect: Effect) -> Option<Unmet> {
        if let Test::Null(wanted) = &self.test {
            return match (wanted.contains(&values.is_empty()), values) {
                (true, _) => None,
                (false, []) => Some(Unmet::Absent),
                (false, _) => Some(Unmet::Present),
            };
        }
        let matches = |value: &String| match self.test.matches(value, context) {
            Some(found) => found != self.negated,
            None => self.negated && effect == Effect::Deny,
        };
        // "... or if the context key value resolves to a null dataset, such as an empty string."
        let is_null = values.iter().all(String::is_empty);
        let (holds, otherwise) = match (self.set, values) {
            (Set::Any, []) => (self.if_exists, Unmet::Absent),
            (Set::All, []) => (true, Unmet::Absent),
            (Set::None, []) => (self.negated || self.if_exists, Unmet::Absent),
            (Set::None, [one]) => (matches(one), Unmet::Differs),
            (Set::None, _) => (effect == Effect::Deny, Unmet::SeveralValues),
            (Set::All, values) => (is_null || values.iter().all(matches), Unmet::Differs),
            (Set::Any, values) => (!is_null && values.iter().any(matches), Unmet::Differs),
        };
        (!holds).then_some(otherwise)
    }
}

impl Test {
    fn compile(
        compared: Compared,
        values: &[Text],
        has_variables: bool,
    ) -> Result<Test, ParseError> {
        let templates = |reading| {
            each(values, |text| {
                Template::compile(text, &text.value, reading, has_variables)
            })
        };
        Ok(match compared {
            Compared::Text => Test::Equals(templates(Reading::Exactly)?),
            Compared::TextIgnoringCase => Test::EqualsIgnoreCase(templates(Reading::Exactly)?),
            Compared::Wildcards => Test::Like(templates(Reading::Wildcards)?),
            Compared::Arn => Test::Arn(each(values, |text| ArnTest::compile(text, has_variables))?),
            Compared::Truth => Test::Bool(each(values, truth)?),
            Compared::Absence => Test::Null(each(values, truth)?),
            Compared::Number(order) => {
                Test::Numeric(order, typed(values, "a number", value::number)?)
            }
            Compared::Moment(order) => Test::Date(order, typed(values, "a date", value::moment)?),
            Compared::Bytes => Test::Binary(typed(values, "base64", value::base64)?),
            Compared::Address => Test::Address(typed(values, "an address", Network::parse)?),
        })
    }

    /// Whether one of the values is like `text`; `None` when `text` is nothing to compare with.
    fn matches(&self, text: &str, context: &Context) -> Option<bool> {
        Some(match self {
            Test::Equals(values) | Test::Like(values) => {
                values.iter().any(|value| value.matches(text, context))
            }
            Test::EqualsIgnoreCase(values) => values
                .iter()
                .any(|value| value.matches_ignoring_case(text, context)),
            Test::Arn(values) => {
                let is_arn = text.splitn(PARTS, ':').count() == PARTS;
                return is_arn.then(|| values.iter().any(|value| value.matches(text, context)));
            }
            Test::Bool(values) => values.contains(&value::truth(text)?),
            Test::Numeric(order, values) => {
                let found = value::number(text)?;
                values.iter().any(|value| order.holds(found, *value))
            }
            Test::Date(order, values) => {
                let found = value::moment(text)?;
                values.iter().any(|value| order.holds(found, *value))
            }
            Test::Binary(values) => {
                let found = value::base64(text)?;
                values.iter().any(|value| **value == *found)
            }
            Test::Address(values) => {
                let found = text.parse().ok()?;
                values.iter().any(|network| network.contains(found))
            }
            Test::Null(_) => return None,
        })
    }
}

impl ArnTest {
    fn compile(text: &Text, has_variables: bool) -> Result<ArnTest, ParseError> {
        let value = text.value.as_str();
        if has_variables && has_variable(value) {
            return Ok(ArnTest::Varied(parts(text, value, Reading::Wildcards)?));
        }
        let pattern = ArnPattern::by_parts(value).ok_or_else(|| {
            let what = format_args!("`{value}` has not the six parts of an ARN");
            text.place.syntax(what)
        })?;
        Ok(ArnTest::Plain(
            pattern.try_map(|rest| Ok::<_, ParseError>(Pattern::new(rest)))?,
        ))
    }

    fn matches(&self, text: &str, context: &Context) -> bool {
        match self {
            ArnTest::Plain(pattern) => pattern
                .strip(text)
                .is_some_and(|left| pattern.rest.matches(left)),
            // The one test that takes memory: a rare one.
            ArnTest::Varied(parts) => Symbols::new(parts, context).is_some_and(|symbols| {
                let symbols: Vec<Symbol> = symbols.collect();
                let wanted = symbols.splitn(PARTS, |symbol| *symbol == Symbol::Exactly(':'));
                let wanted: Vec<&[Symbol]> = wanted.collect();
                wanted.len() == PARTS
                    && wanted
                        .iter()
                        .zip(text.splitn(PARTS, ':'))
                        .all(|(part, text)| symbols_match(part.iter().copied(), text))
            }),
        }
    }
}

fn each<T>(
    values: &[Text],
    compile: impl Fn(&Text) -> Result<T, ParseError>,
) -> Result<Box<[T]>, ParseError> {
    values.iter().map(compile).collect()
}

fn typed<T>(
    values: &[Text],
    name: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Box<[T]>, ParseError> {
    each(values, |text| {
        let value = &text.value;
        parse(value).ok_or_else(|| text.place.syntax(format_args!("`{value}` is not {name}")))
    })
}

fn truth(text: &Text) -> Result<bool, ParseError> {
    value::truth(&text.value).ok_or_else(|| {
        let value = &text.value;
        let what = format_args!("`{value}` is neither `true` nor `false`");
        text.place.syntax(what)
    })
}

/// AWS's answer to an action or a condition key without a prefix.
pub(crate) const NO_VENDOR: &str =
    "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.";
