//! Whether conditions hold, operator by operator, each as the guide's tables tell it. Moments and
//! addresses are looked up or written out in bits, so no arithmetic is shared with the product.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::literal::{Symbol, chars, expand, glob, strings};

/// The values of each condition key, by key in lower case.
pub(crate) type Values = BTreeMap<String, Vec<String>>;

/// Moments in seconds since 1970.
pub(crate) const MOMENTS: [(&str, i64); 6] = [
    ("2026", 1_767_225_600),
    ("2026-01-01", 1_767_225_600),
    ("1767225600", 1_767_225_600),
    ("2025-12-31T23:00:00-01:00", 1_767_225_600),
    ("2026-06-01T12:30Z", 1_780_317_000),
    ("2019-02-28T23:59:59.5Z", 1_551_398_399),
];

pub(crate) fn hold(statement: &Json, has_variables: bool, values: &Values) -> bool {
    let denies = statement["Effect"] == "Deny";
    let operators = statement["Condition"].as_object().expect("conditions");
    operators.iter().all(|(operator, keys)| {
        let keys = keys.as_object().expect("keys");
        keys.iter().all(|(key, wanted)| {
            let nothing = Vec::new();
            let found = values.get(&key.to_lowercase()).unwrap_or(&nothing);
            let test = |value: &String| one(operator, wanted, value, has_variables, values, denies);
            holds(operator, wanted, found, &test, denies)
        })
    })
}

fn holds(
    operator: &str,
    wanted: &Json,
    found: &[String],
    test: &dyn Fn(&String) -> bool,
    denies: bool,
) -> bool {
    if operator == "Null" {
        return strings(wanted).contains(&if found.is_empty() { "true" } else { "false" });
    }
    let empty = found.iter().all(String::is_empty);
    if operator.starts_with("ForAllValues:") {
        return empty || found.iter().all(test);
    }
    if operator.starts_with("ForAnyValue:") {
        return found.is_empty() && operator.ends_with("IfExists")
            || !empty && found.iter().any(test);
    }
    match found {
        [] => operator.ends_with("IfExists") || operator.contains("Not"),
        [value] => test(value),
        _ => denies,
    }
}

/// Whether one value of the request satisfies the operator against all values of the policy.
fn one(
    operator: &str,
    wanted: &Json,
    found: &str,
    has_variables: bool,
    values: &Values,
    denies: bool,
) -> bool {
    let name = operator.rsplit(':').next().expect("a name");
    let name = name.strip_suffix("IfExists").unwrap_or(name);
    let positive = name.replace("Not", "");
    let is_negated = positive != name;
    let like = |wanted: &&str| matches(&positive, wanted, found, has_variables, values);
    let results: Vec<Option<bool>> = strings(wanted).iter().map(like).collect();
    // What cannot be compared is the same for every value: it is the request's that is no number.
    if results.contains(&None) {
        return is_negated && denies;
    }
    results.contains(&Some(true)) != is_negated
}

fn matches(
    name: &str,
    wanted: &str,
    found: &str,
    has_variables: bool,
    values: &Values,
) -> Option<bool> {
    let expanded = || expand(wanted, has_variables, values);
    let text = |symbols: Vec<Symbol>| -> String {
        let plain = |symbol| match symbol {
            Symbol::Pattern(c) | Symbol::Text(c) => c,
        };
        symbols.into_iter().map(plain).collect()
    };
    Some(match name {
        "StringEquals" => expanded().is_some_and(|symbols| text(symbols) == found),
        "StringEqualsIgnoreCase" => {
            expanded().is_some_and(|symbols| text(symbols).to_lowercase() == found.to_lowercase())
        }
        "StringLike" => expanded().is_some_and(|symbols| glob(&symbols, &chars(found), true, 0)),
        "ArnEquals" | "ArnLike" => {
            if found.matches(':').count() < 5 {
                return None;
            }
            expanded().is_some_and(|symbols| arn_like(&symbols, found))
        }
        "Bool" => {
            let found = found.to_lowercase();
            if found != "true" && found != "false" {
                return None;
            }
            wanted.to_lowercase() == found
        }
        "BinaryEquals" => {
            if !BYTES.contains(&found) {
                return None;
            }
            wanted == found
        }
        "IpAddress" => {
            let found = bits(found)?;
            let (address, length) = match wanted.split_once('/') {
                Some((address, length)) => (bits(address)?, length.parse::<usize>().ok()?),
                None => (bits(wanted)?, found.len()),
            };
            address.len() == found.len()
                && address.chars().take(length).eq(found.chars().take(length))
        }
        _ => match (name.strip_prefix("Numeric"), name.strip_prefix("Date")) {
            (Some(how), _) => compare(how, found.parse().ok()?, wanted.parse().ok()?),
            (_, Some(how)) => compare(how, moment(found)?, moment(wanted)?),
            _ => panic!("{name}"),
        },
    })
}

fn arn_like(symbols: &[Symbol], found: &str) -> bool {
    let is_colon = |symbol: &Symbol| matches!(symbol, Symbol::Pattern(':') | Symbol::Text(':'));
    let wanted: Vec<&[Symbol]> = symbols.splitn(6, is_colon).collect();
    let found: Vec<&str> = found.splitn(6, ':').collect();
    wanted.len() == 6
        && wanted
            .iter()
            .zip(found)
            .all(|(part, text)| glob(part, &chars(text), true, 0))
}

fn compare(how: &str, found: f64, wanted: f64) -> bool {
    match how {
        "Equals" => found.total_cmp(&wanted).is_eq(),
        "LessThan" => found < wanted,
        "LessThanEquals" => found <= wanted,
        "GreaterThan" => found > wanted,
        "GreaterThanEquals" => found >= wanted,
        _ => panic!("{how}"),
    }
}

fn moment(text: &str) -> Option<f64> {
    let known = MOMENTS.iter().find(|(known, _)| *known == text);
    let half = if text.contains(".5") { 0.5 } else { 0.0 };
    known.map(|(_, seconds)| f64::from(i32::try_from(*seconds).expect("before 2038")) + half)
}

/// An address as a text of zeros and ones.
fn bits(text: &str) -> Option<String> {
    let octets = match text.parse().ok()? {
        std::net::IpAddr::V4(address) => address.octets().to_vec(),
        std::net::IpAddr::V6(address) => address.octets().to_vec(),
    };
    let written: Vec<String> = octets.iter().map(|octet| format!("{octet:08b}")).collect();
    Some(written.concat())
}

/// The base64 texts that come up; no two are of the same bytes.
pub(crate) const BYTES: [&str; 4] = ["", "Zg==", "Zm8=", "Zm9v"];
