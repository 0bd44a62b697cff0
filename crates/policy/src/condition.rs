//! Condition operators: one operator, one key, the values it is compared with. Knows which
//! operators are evaluated exactly, and refuses the others by name.
//!
//! Source: IAM User Guide, "IAM JSON policy elements: Condition operators".

use crate::context::Context;
use crate::document::{ConditionEntry, Effect};
use crate::error::ParseError;
use crate::json::Text;
use crate::pattern::{ArnPattern, Pattern};

/// A condition that is understood in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Condition {
    // In lower case.
    key: Box<str>,
    negated: bool,
    if_exists: bool,
    test: Test,
}

/// What is compared how; one of the values has to match.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    Equals(Box<[String]>),
    EqualsIgnoreCase(Box<[String]>),
    Like(Box<[Pattern]>),
    Arn(Box<[ArnPattern]>),
    Bool(Box<[bool]>),
    Null(Box<[bool]>),
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
        for text in entry.values.iter().chain([key]) {
            refuse_variable(text, has_variables)?;
        }
        let operator = operator(&entry.operator)?;
        let test = match operator.compared {
            Compared::Text => Test::Equals(texts(entry.values)),
            Compared::TextIgnoringCase => Test::EqualsIgnoreCase(texts(entry.values)),
            Compared::Wildcards => {
                let patterns = entry.values.iter().map(|text| Pattern::new(&text.value));
                Test::Like(patterns.collect())
            }
            Compared::Arn => Test::Arn(each(&entry.values, arn)?),
            Compared::Truth => Test::Bool(each(&entry.values, truth)?),
            Compared::Absence => Test::Null(each(&entry.values, truth)?),
        };
        Ok(Condition {
            key: entry.key.value.to_ascii_lowercase().into(),
            negated: operator.negated,
            if_exists: operator.if_exists,
            test,
        })
    }

    /// Whether the condition holds in a statement of the given effect.
    ///
    /// The effect matters in one case. AWS asks for `ForAllValues:` or `ForAnyValue:` on a
    /// multivalued key and does not say what an operator without them does with several values;
    /// here such a condition keeps an Allow from applying and lets a Deny apply.
    pub(crate) fn holds(&self, context: &Context, effect: Effect) -> bool {
        let value = context.get(&self.key);
        if let Test::Null(wanted) = &self.test {
            return wanted.contains(&value.is_none());
        }
        let Some(value) = value else {
            return self.negated || self.if_exists;
        };
        let Some(text) = value.single() else {
            return effect == Effect::Deny;
        };
        self.test.matches(&text) != self.negated
    }
}

impl Test {
    fn matches(&self, text: &str) -> bool {
        match self {
            Test::Equals(values) => values.iter().any(|value| value == text),
            Test::EqualsIgnoreCase(values) => values.iter().any(|value| same_letters(value, text)),
            Test::Like(patterns) => patterns.iter().any(|pattern| pattern.matches(text)),
            Test::Arn(patterns) => patterns.iter().any(|pattern| pattern.matches(text)),
            Test::Bool(values) => as_truth(text).is_some_and(|truth| values.contains(&truth)),
            Test::Null(_) => false,
        }
    }
}

/// An operator's name, taken apart.
struct Operator {
    compared: Compared,
    negated: bool,
    if_exists: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Compared {
    Text,
    TextIgnoringCase,
    Wildcards,
    Arn,
    Truth,
    Absence,
}

fn operator(name: &Text) -> Result<Operator, ParseError> {
    let written = name.value.as_str();
    let unsupported = |what: &str| {
        let message = format!("condition operator `{written}`: {what} is not supported");
        name.place.error(message)
    };
    for set in ["ForAllValues:", "ForAnyValue:"] {
        if written.starts_with(set) {
            return Err(unsupported(&format!("`{set}`")));
        }
    }
    let base = written.strip_suffix("IfExists");
    let (compared, negated) = match base.unwrap_or(written) {
        "StringEquals" => (Compared::Text, false),
        "StringNotEquals" => (Compared::Text, true),
        "StringEqualsIgnoreCase" => (Compared::TextIgnoringCase, false),
        "StringLike" => (Compared::Wildcards, false),
        "StringNotLike" => (Compared::Wildcards, true),
        "ArnEquals" | "ArnLike" => (Compared::Arn, false),
        "Bool" => (Compared::Truth, false),
        "Null" if base.is_none() => (Compared::Absence, false),
        known if UNSUPPORTED.contains(&known) => {
            return Err(unsupported(&format!("`{known}`")));
        }
        _ => {
            let what = format_args!("unknown condition operator `{written}`");
            return Err(name.place.syntax(what));
        }
    };
    Ok(Operator {
        compared,
        negated,
        if_exists: base.is_some(),
    })
}

/// Refuses `${...}`: in version 2012-10-17 it stands for something else than itself.
pub(crate) fn refuse_variable(text: &Text, has_variables: bool) -> Result<(), ParseError> {
    if has_variables && text.value.contains("${") {
        let value = &text.value;
        let message = format!("policy variable in `{value}`: variables are not supported");
        return Err(text.place.error(message));
    }
    Ok(())
}

fn texts(values: Vec<Text>) -> Box<[String]> {
    values.into_iter().map(|text| text.value).collect()
}

fn each<T>(
    values: &[Text],
    compile: impl Fn(&Text) -> Result<T, ParseError>,
) -> Result<Box<[T]>, ParseError> {
    values.iter().map(compile).collect()
}

fn arn(text: &Text) -> Result<ArnPattern, ParseError> {
    ArnPattern::by_parts(&text.value).ok_or_else(|| {
        let value = &text.value;
        let what = format_args!("`{value}` has not the six parts of an ARN");
        text.place.syntax(what)
    })
}

fn truth(text: &Text) -> Result<bool, ParseError> {
    as_truth(&text.value).ok_or_else(|| {
        let value = &text.value;
        let what = format_args!("`{value}` is neither `true` nor `false`");
        text.place.syntax(what)
    })
}

fn as_truth(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

fn same_letters(a: &str, b: &str) -> bool {
    let folded = |text: &str| {
        text.chars()
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    a.eq_ignore_ascii_case(b) || folded(a) == folded(b)
}

/// AWS's answer to an action or a condition key without a prefix.
pub(crate) const NO_VENDOR: &str =
    "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.";

// Operators of AWS that are not evaluated here, so that nobody looks for a misspelling.
const UNSUPPORTED: [&str; 18] = [
    "StringNotEqualsIgnoreCase",
    "ArnNotEquals",
    "ArnNotLike",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
];
