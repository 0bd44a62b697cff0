//! The names of condition operators, taken apart.

use crate::error::ParseError;
use crate::json::Text;

/// What an operator's name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Operator {
    pub(super) compared: Compared,
    pub(super) negated: bool,
    pub(super) if_exists: bool,
    pub(super) set: Set,
}

/// What is compared how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compared {
    Text,
    TextIgnoringCase,
    Wildcards,
    Arn,
    Truth,
    Absence,
    Number(Order),
    Moment(Order),
    Bytes,
    Address,
}

/// How many of a key's values have to match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Set {
    /// The only one there is.
    None,
    All,
    Any,
}

/// How the request's value stands to the policy's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Order {
    pub(super) fn holds(self, found: i128, wanted: i128) -> bool {
        match self {
            Order::Equal => found == wanted,
            Order::Less => found < wanted,
            Order::LessOrEqual => found <= wanted,
            Order::Greater => found > wanted,
            Order::GreaterOrEqual => found >= wanted,
        }
    }
}

pub(super) fn parse(name: &Text) -> Result<Operator, ParseError> {
    let written = name.value.as_str();
    let (set, rest) = match written.split_once(':') {
        Some(("ForAllValues", rest)) => (Set::All, rest),
        Some(("ForAnyValue", rest)) => (Set::Any, rest),
        _ => (Set::None, written),
    };
    let base = rest.strip_suffix("IfExists");
    let found = match base.unwrap_or(rest) {
        // Absence is of the key as a whole, so it has neither form.
        "Null" if base.is_none() && set == Set::None => Some((Compared::Absence, false)),
        name => compared(name),
    };
    let (compared, negated) = found.ok_or_else(|| {
        let what = format_args!("unknown condition operator `{written}`");
        name.place.syntax(what)
    })?;
    Ok(Operator {
        compared,
        negated,
        if_exists: base.is_some(),
        set,
    })
}

fn compared(name: &str) -> Option<(Compared, bool)> {
    Some(match name {
        "StringEquals" => (Compared::Text, false),
        "StringNotEquals" => (Compared::Text, true),
        "StringEqualsIgnoreCase" => (Compared::TextIgnoringCase, false),
        "StringNotEqualsIgnoreCase" => (Compared::TextIgnoringCase, true),
        "StringLike" => (Compared::Wildcards, false),
        "StringNotLike" => (Compared::Wildcards, true),
        "ArnEquals" | "ArnLike" => (Compared::Arn, false),
        "ArnNotEquals" | "ArnNotLike" => (Compared::Arn, true),
        "Bool" => (Compared::Truth, false),
        "BinaryEquals" => (Compared::Bytes, false),
        "IpAddress" => (Compared::Address, false),
        "NotIpAddress" => (Compared::Address, true),
        _ => {
            let numeric = name.strip_prefix("Numeric");
            let (order, negated) = order(numeric.or_else(|| name.strip_prefix("Date"))?)?;
            match numeric {
                Some(_) => (Compared::Number(order), negated),
                None => (Compared::Moment(order), negated),
            }
        }
    })
}

fn order(name: &str) -> Option<(Order, bool)> {
    Some(match name {
        "Equals" => (Order::Equal, false),
        "NotEquals" => (Order::Equal, true),
        "LessThan" => (Order::Less, false),
        "LessThanEquals" => (Order::LessOrEqual, false),
        "GreaterThan" => (Order::Greater, false),
        "GreaterThanEquals" => (Order::GreaterOrEqual, false),
        _ => return None,
    })
}
