//! The functions of Terraform's language that texts, lists and objects are made with, as far as
//! their arguments are literal. Reads no file.
//!
//! Source: Terraform language documentation, "Built-in functions".

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::code::value::{ELSEWHERE, NOT_LITERAL, Node, Value};
use crate::code::yaml;

/// What a function gives; `Unknown` where that is not known.
pub(super) fn call(name: &str, arguments: &[Value]) -> Value {
    let first = arguments.first();
    let known = |value: Option<Value>| value.unwrap_or(Value::Unknown);
    match name {
        "tostring" | "sensitive" | "nonsensitive" | "tolist" | "toset" | "tomap" | "try"
        | "tonumber" | "tobool" => known(first.cloned()),
        "one" => known(first.and_then(only)),
        "trimspace" | "chomp" | "lower" | "upper" | "base64encode" | "base64decode"
        | "jsondecode" | "length" => known(first.and_then(|it| of_one(name, it))),
        "jsonencode" => known(
            first
                .filter(|it| !matches!(it, Value::Unknown))
                .map(|value| Value::Text(Node::new(1, value.clone()).json().to_string())),
        ),
        "coalesce" => coalesced(arguments),
        "concat" | "flatten" | "compact" | "distinct" => known(lists(name, arguments)),
        "merge" => known(merged(arguments)),
        "join" => known(joined(arguments)),
        "split" => known(split(arguments)),
        "format" => known(formatted(arguments)),
        "replace" => known(replaced(arguments)),
        "lookup" | "element" => known(looked_up(arguments)),
        "contains" => known(contains(arguments)),
        "keys" | "values" => known(parts(name, first)),
        _ => Value::Unknown,
    }
}

/// What a value is as a text.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// As many as a list, a text or an object has.
fn length(value: &Value) -> Option<usize> {
    match value {
        Value::List(items) => Some(items.len()),
        Value::Object(members) => Some(members.len()),
        Value::Text(text) if !text.contains(NOT_LITERAL) && !text.contains(ELSEWHERE) => {
            Some(text.chars().count())
        }
        _ => None,
    }
}

fn of_one(name: &str, value: &Value) -> Option<Value> {
    if name == "length" {
        let length = u32::try_from(length(value)?).ok()?;
        return Some(Value::Number(f64::from(length)));
    }
    let text = text(value)?;
    Some(match name {
        "trimspace" => Value::Text(text.trim().to_owned()),
        "chomp" => Value::Text(text.trim_end_matches(['\r', '\n']).to_owned()),
        "lower" => Value::Text(text.to_lowercase()),
        "upper" => Value::Text(text.to_uppercase()),
        "base64encode" => Value::Text(STANDARD.encode(text)),
        "base64decode" => Value::Text(String::from_utf8(STANDARD.decode(text).ok()?).ok()?),
        _ => yaml::parse(&text).ok()?.value,
    })
}

/// The item of a list of at most one.
fn only(value: &Value) -> Option<Value> {
    match value {
        Value::List(items) if items.is_empty() => Some(Value::Null),
        Value::List(items) if items.len() == 1 => items.first().map(|it| it.value.clone()),
        _ => None,
    }
}

/// The first that is something; what is not known may be it.
fn coalesced(arguments: &[Value]) -> Value {
    let is_nothing =
        |it: &Value| matches!(it, Value::Null) || text(it).is_some_and(|it| it.is_empty());
    let found = arguments.iter().find(|it| !is_nothing(it));
    found.cloned().unwrap_or(Value::Null)
}

fn lists(name: &str, arguments: &[Value]) -> Option<Value> {
    let mut made: Vec<Node> = Vec::new();
    for argument in arguments {
        let Value::List(items) = argument else {
            return None;
        };
        for item in items {
            match (&item.value, name) {
                (Value::List(inner), "flatten") => made.extend(inner.iter().cloned()),
                (Value::Null, "compact") => {}
                (Value::Text(text), "compact") if text.is_empty() => {}
                (other, "distinct") if made.iter().any(|it| is_same(&it.value, other)) => {}
                _ => made.push(item.clone()),
            }
        }
        if made.len() > ITEMS_MAX {
            return None;
        }
    }
    Some(Value::List(made))
}

fn is_same(one: &Value, other: &Value) -> bool {
    text(one).is_some_and(|it| Some(it) == text(other))
}

fn merged(arguments: &[Value]) -> Option<Value> {
    let mut made: Vec<(String, Node)> = Vec::new();
    for argument in arguments {
        match argument {
            Value::Object(members) => {
                for (key, node) in members {
                    made.retain(|(it, _)| it != key);
                    made.push((key.clone(), node.clone()));
                }
            }
            Value::Null => {}
            _ => return None,
        }
    }
    Some(Value::Object(made))
}

fn joined(arguments: &[Value]) -> Option<Value> {
    let (between, lists) = arguments.split_first()?;
    let between = text(between)?;
    let mut parts = Vec::new();
    for list in lists {
        let Value::List(items) = list else {
            return None;
        };
        let items = items.iter();
        parts.extend(items.map(|it| text(&it.value).unwrap_or_else(|| it.value.hole().to_owned())));
    }
    Some(Value::Text(parts.join(&between)))
}

fn split(arguments: &[Value]) -> Option<Value> {
    let between = text(arguments.first()?).filter(|it| !it.is_empty())?;
    let from = text(arguments.get(1)?)?;
    let part = |it: &str| Node::new(1, Value::Text(it.to_owned()));
    Some(Value::List(
        from.split(&between).take(ITEMS_MAX).map(part).collect(),
    ))
}

/// `%s`, `%d` and `%v`; others are not known.
fn formatted(arguments: &[Value]) -> Option<Value> {
    let (pattern, arguments) = arguments.split_first()?;
    let pattern = text(pattern)?;
    let mut arguments = arguments.iter();
    let mut made = String::new();
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        if character != '%' {
            made.push(character);
            continue;
        }
        match characters.next()? {
            '%' => made.push('%'),
            's' | 'd' | 'v' => {
                let argument = text(arguments.next()?);
                made.push_str(argument.as_deref().unwrap_or(NOT_LITERAL));
            }
            _ => return None,
        }
    }
    Some(Value::Text(made))
}

fn replaced(arguments: &[Value]) -> Option<Value> {
    let texts = arguments
        .iter()
        .map(text)
        .collect::<Option<Vec<String>>>()?;
    let [from, what, by] = texts.as_slice() else {
        return None;
    };
    let is_pattern = what.len() > 1 && what.starts_with('/') && what.ends_with('/');
    let is_plain = !is_pattern && !what.is_empty();
    is_plain.then(|| Value::Text(from.replace(what, by)))
}

fn looked_up(arguments: &[Value]) -> Option<Value> {
    match (arguments.first()?, arguments.get(1)?) {
        (Value::Object(members), key) => {
            let key = text(key)?;
            let found = members.iter().rev().find(|(name, _)| *name == key);
            let default = || arguments.get(2).cloned();
            found.map(|(_, node)| node.value.clone()).or_else(default)
        }
        (Value::List(items), key) if !items.is_empty() => {
            let index = usize::try_from(Node::new(1, key.clone()).number()?).ok()?;
            items.get(index % items.len()).map(|it| it.value.clone())
        }
        _ => None,
    }
}

fn contains(arguments: &[Value]) -> Option<Value> {
    let (Value::List(items), wanted) = (arguments.first()?, text(arguments.get(1)?)?) else {
        return None;
    };
    let items = items
        .iter()
        .map(|it| text(&it.value))
        .collect::<Option<Vec<_>>>()?;
    Some(Value::Bool(items.contains(&wanted)))
}

fn parts(name: &str, value: Option<&Value>) -> Option<Value> {
    let Value::Object(members) = value? else {
        return None;
    };
    let mut members: Vec<&(String, Node)> = members.iter().collect();
    members.sort_by(|one, other| one.0.cmp(&other.0));
    let part = |(key, node): &(String, Node)| match name {
        "keys" => Node::new(node.line, Value::Text(key.clone())),
        _ => node.clone(),
    };
    Some(Value::List(members.into_iter().map(part).collect()))
}

// A list that people write has some dozen.
const ITEMS_MAX: usize = 10_000;
