//! Conditions: keys that are in no request, operators that do not fit, values that cannot be read.
//!
//! Source: IAM User Guide, "Condition operators", "Multivalued context keys", and the check
//! reference of Access Analyzer.

use super::action::{Meaning, meanings};
use super::model::{Condition, Statement};
use super::{Check, Code, Findings};
use crate::actions::{self, ConditionKey, KeyType, Service};
use crate::json::Text;

mod value;

pub(super) fn check(check: &Check<'_>, findings: &mut Findings) {
    for statement in &check.document.statements {
        let meanings = meanings(statement);
        for condition in &statement.conditions {
            let operator = Operator::of(&condition.operator.value);
            if let Some(operator) = &operator {
                value::check(operator, condition, findings);
                sets(statement, operator, condition, findings);
            }
            match find(&condition.key.value) {
                Found::Key(key) => {
                    in_requests(&condition.key, &meanings, findings);
                    if let Some(operator) = &operator {
                        fits(operator, key, condition, findings);
                    }
                }
                Found::Nothing => unknown(&condition.key, findings),
                Found::Foreign => {}
            }
        }
        absent_and_there(statement, findings);
    }
}

/// An operator's name, taken apart.
pub(super) struct Operator<'t> {
    set: Set,
    pub(super) base: &'t str,
    if_exists: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Set {
    None,
    All,
    Any,
}

impl<'t> Operator<'t> {
    fn of(name: &'t str) -> Option<Operator<'t>> {
        let (set, rest) = match name.split_once(':') {
            Some(("ForAllValues", rest)) => (Set::All, rest),
            Some(("ForAnyValue", rest)) => (Set::Any, rest),
            Some(_) => return None,
            None => (Set::None, name),
        };
        let base = rest.strip_suffix("IfExists").unwrap_or(rest);
        Some(Operator {
            set,
            base,
            if_exists: base.len() < rest.len(),
        })
    }

    pub(super) fn family(&self) -> Option<Family> {
        let families = [
            ("String", Family::String),
            ("Arn", Family::Arn),
            ("Numeric", Family::Numeric),
            ("Date", Family::Date),
            ("IpAddress", Family::IpAddress),
            ("NotIpAddress", Family::IpAddress),
            ("Bool", Family::Bool),
        ];
        let mut families = families.into_iter();
        families
            .find(|(begin, _)| self.base.starts_with(begin))
            .map(|(_, family)| family)
    }

    fn is_negated(&self) -> bool {
        self.base.contains("Not")
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    String,
    Arn,
    Numeric,
    Date,
    IpAddress,
    Bool,
}

enum Found {
    Key(&'static ConditionKey),
    /// Its prefix is known, and has no such key.
    Nothing,
    /// Of a service or an identity provider whose keys are not known here.
    Foreign,
}

fn find(name: &str) -> Found {
    let Some((prefix, _)) = name.split_once(':') else {
        return Found::Foreign;
    };
    if let Some(key) = actions::global_key(name) {
        return Found::Key(key);
    }
    if let Some(service) = Service::find(prefix) {
        return service.key(name).map_or(Found::Nothing, Found::Key);
    }
    if prefix.eq_ignore_ascii_case("aws") {
        return Found::Nothing;
    }
    // The keys of identity providers stand in the table of STS; those of a provider of one's own
    // begin with its host name.
    let sts = Service::find("sts").and_then(|sts| sts.key(name));
    match sts {
        Some(key) => Found::Key(key),
        None if prefix.contains('.') || actions::is_prefix(prefix) => Found::Foreign,
        None => Found::Nothing,
    }
}

fn unknown(key: &Text, findings: &mut Findings) {
    let name = &key.value;
    let hint = match actions::nearest_key(name) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "see the condition keys in AWS's service authorization reference".to_owned(),
    };
    let message = format!("no request has the condition key `{name}`");
    findings.add(Code::UnknownConditionKey, key.place, message, hint);
}

/// Whether any request that the statement is about has the key of a service.
fn in_requests(key: &Text, meanings: &[(&Text, Meaning)], findings: &mut Findings) {
    let name = &key.value;
    if actions::global_key(name).is_some() || meanings.is_empty() {
        return;
    }
    let has = |(_, meaning): &(&Text, Meaning)| match meaning {
        Meaning::Known(service, meant) => meant
            .iter()
            .any(|action| service.action_has_key(action, name)),
        Meaning::Everything | Meaning::Foreign => true,
        Meaning::NoService | Meaning::NoAction(_) => false,
    };
    let known = |(_, meaning): &(&Text, Meaning)| matches!(meaning, Meaning::Known(..));
    if !meanings.iter().any(known) || meanings.iter().any(has) {
        return;
    }
    findings.add(
        Code::ConditionKeyNotForAction,
        key.place,
        format!("no request for these actions has the condition key `{name}`"),
        "take the key out, or put the actions that have it in a statement with it",
    );
}

/// Whether the operator compares what the key holds.
fn fits(operator: &Operator<'_>, key: &ConditionKey, condition: &Condition, out: &mut Findings) {
    let Some(family) = operator.family() else {
        return;
    };
    let (place, name) = (condition.operator.place, &condition.key.value);
    let (wanted, held) = match key.kind {
        KeyType::String => (Family::String, "text"),
        KeyType::Arn => (Family::Arn, "an ARN"),
        KeyType::Numeric => (Family::Numeric, "a number"),
        KeyType::Bool => (Family::Bool, "`true` or `false`"),
        KeyType::Date => (Family::Date, "a moment"),
        KeyType::IpAddress => (Family::IpAddress, "an IP address"),
    };
    let epoch = key.is("aws:EpochTime") && family == Family::Numeric;
    let written = &condition.operator.value;
    if family == wanted || epoch {
        return;
    }
    if key.kind == KeyType::Arn && family == Family::String {
        let message = format!("`{name}` holds an ARN, and `{written}` compares plain text");
        let hint = "use `ArnLike`, which compares ARNs part by part";
        return out.add(Code::StringOperatorOnArn, place, message, hint);
    }
    // A text may well be an ARN, and the reference calls some such keys texts.
    let arns = family == Family::Arn && condition.values.iter().all(|it| it.value.contains(':'));
    if key.kind == KeyType::String && arns {
        return;
    }
    // Nothing but texts takes policy variables, and comparing two keys is what they are for.
    let is_variable = |text: &str| text.starts_with("${") && text.ends_with('}');
    let variables = condition.values.iter().all(|it| is_variable(&it.value));
    if family == Family::String && variables {
        return;
    }
    out.add(
        Code::OperatorTypeMismatch,
        place,
        format!("`{name}` holds {held}, which `{written}` does not compare"),
        format!("use an operator for it, such as `{}`", example(wanted)),
    );
}

fn example(family: Family) -> &'static str {
    match family {
        Family::String => "StringEquals",
        Family::Arn => "ArnLike",
        Family::Numeric => "NumericLessThanEquals",
        Family::Date => "DateLessThan",
        Family::IpAddress => "IpAddress",
        Family::Bool => "Bool",
    }
}

/// `ForAllValues:` and `ForAnyValue:`, and keys that want one of them.
fn sets(
    statement: &Statement,
    operator: &Operator<'_>,
    condition: &Condition,
    findings: &mut Findings,
) {
    let (place, name) = (condition.operator.place, &condition.key.value);
    let single = match find(name) {
        Found::Key(key) => Some(!key.multivalued),
        _ => None,
    };
    let null_check = |it: &Condition| {
        it.operator.value == "Null"
            && it.key.value.eq_ignore_ascii_case(name)
            && it
                .values
                .iter()
                .all(|value| value.value.eq_ignore_ascii_case("false"))
    };
    if operator.set == Set::None {
        if single == Some(false) && operator.base != "Null" {
            findings.add(
                Code::MultivaluedKeyWithoutSetOperator,
                place,
                format!("`{name}` may have several values, and the operator compares one"),
                "put `ForAnyValue:` or `ForAllValues:` in front of the operator",
            );
        }
    } else if single == Some(true) {
        findings.add(
            Code::SetOperatorOnSingleValuedKey,
            place,
            format!("`{name}` has one value, and the operator compares several"),
            "leave out `ForAnyValue:` or `ForAllValues:`; the latter also holds without the key",
        );
    } else if operator.set == Set::All
        && statement.allows()
        && !statement.conditions.iter().any(null_check)
    {
        findings.add(
            Code::ForAllValuesWithoutNullCheck,
            place,
            format!("`ForAllValues:` also holds when the request has no `{name}`"),
            format!("add `\"Null\": {{\"{name}\": \"false\"}}` to the condition"),
        );
    }
}

/// `Null` wants the key absent, and another operator wants a value of it.
fn absent_and_there(statement: &Statement, findings: &mut Findings) {
    let mut wanted = std::collections::HashSet::new();
    for condition in &statement.conditions {
        let Some(operator) = Operator::of(&condition.operator.value) else {
            continue;
        };
        let holds_without = operator.if_exists || operator.is_negated() || operator.set == Set::All;
        if operator.base != "Null" && !holds_without {
            wanted.insert(condition.key.value.to_ascii_lowercase());
        }
    }
    for condition in &statement.conditions {
        let absent = condition.operator.value == "Null"
            && condition
                .values
                .iter()
                .all(|it| it.value.eq_ignore_ascii_case("true"));
        let name = &condition.key.value;
        if absent && wanted.contains(&name.to_ascii_lowercase()) {
            findings.add(
                Code::NullWithValue,
                condition.key.place,
                format!("`{name}` is to be absent and to have a value: the condition never holds"),
                "add `IfExists` to the operator that compares the value, and leave out `Null`",
            );
        }
    }
}

/// Whether a value with wildcards is compared as if it had none.
fn is_literal(operator: &Operator<'_>) -> bool {
    operator.base.starts_with("StringEquals") || operator.base.starts_with("StringNotEquals")
}

/// Values with `*` in them, where that is no wildcard.
fn wildcard(operator: &Operator<'_>, condition: &Condition, text: &Text, out: &mut Findings) {
    let value = &text.value;
    if !is_literal(operator) || !value.contains('*') || value.contains("${*}") {
        return;
    }
    let written = &condition.operator.value;
    let like = if operator.is_negated() {
        "StringNotLike"
    } else {
        "StringLike"
    };
    out.add(
        Code::WildcardWithoutLike,
        text.place,
        format!("`{written}` takes the `*` in `{value}` for an ordinary character"),
        format!("use `{like}` where `*` is to stand for any text"),
    );
}
