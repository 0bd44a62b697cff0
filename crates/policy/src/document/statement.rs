//! One statement: which elements it has, and that each has its shape.

use super::{
    ConditionEntry, Effect, Kind, List, Names, PrincipalBlock, PrincipalType, Statement, object,
    string, unknown_element,
};
use crate::error::{ParseError, Place};
use crate::json::{Member, Node, Text, Value};

/// The statement, and where its `Sid` stands (or where it begins, without one).
pub(super) fn read(node: Node, kind: Kind) -> Result<(Statement, Place), ParseError> {
    let place = node.place;
    let mut sid: Option<Text> = None;
    let mut effect = None;
    let mut principals = None;
    let mut actions = None;
    let mut resources = None;
    let mut conditions = Vec::new();
    for Member { key, value } in object(node)? {
        let name = key.value.as_str();
        let negated = name.starts_with("Not");
        let prohibited = match name {
            "Principal" => !kind.names_principals(),
            "NotPrincipal" => !kind.names_principals() || kind == Kind::ResourceControl,
            "Resource" | "NotResource" => kind == Kind::Trust,
            "NotAction" => kind == Kind::ResourceControl,
            _ => false,
        };
        if prohibited {
            return Err(key.place.error(format!("Has prohibited field {name}")));
        }
        match name {
            "Sid" => sid = Some(read_sid(value, kind)?),
            "Effect" => effect = Some(read_effect(value)?),
            "Principal" | "NotPrincipal" => {
                let names = read_names(value)?;
                once(&mut principals, PrincipalBlock { negated, names }, &key)?;
            }
            "Action" | "NotAction" => {
                let values = strings(value, "Policy statement must contain actions.")?;
                once(&mut actions, List { negated, values }, &key)?;
            }
            "Resource" | "NotResource" => {
                let values = strings(value, "Policy statement must contain resources.")?;
                once(&mut resources, List { negated, values }, &key)?;
            }
            "Condition" => conditions = read_conditions(value)?,
            _ => return Err(unknown_element(&key)),
        }
    }
    let missing = |field: &str| place.error(format!("Missing required field {field}"));
    let effect = effect.ok_or_else(|| missing("Effect"))?;
    let actions = actions.ok_or_else(|| missing("Action"))?;
    if principals.is_none() && kind.names_principals() {
        return Err(missing("Principal"));
    }
    if resources.is_none() && kind != Kind::Trust {
        return Err(missing("Resource"));
    }
    // `NotPrincipal` must be used with Deny; with Allow it "is not supported": it would grant to
    // everyone else, strangers included.
    if effect == Effect::Allow && principals.as_ref().is_some_and(|block| block.negated) {
        return Err(place.error("Allow with NotPrincipal is not allowed."));
    }
    let sid_place = sid.as_ref().map_or(place, |sid| sid.place);
    let statement = Statement {
        line: place.line,
        sid: sid.map(|sid| sid.value),
        effect,
        principals,
        actions,
        resources,
        conditions,
    };
    if kind == Kind::ResourceControl {
        check_resource_control(&statement, place)?;
    }
    Ok((statement, sid_place))
}

/// Source: AWS Organizations User Guide, "RCP syntax".
fn check_resource_control(statement: &Statement, place: Place) -> Result<(), ParseError> {
    let to_everyone = |block: &PrincipalBlock| matches!(block.names, Names::Everyone);
    if !statement.principals.as_ref().is_some_and(to_everyone) {
        let what = "the principal of a resource control policy is `\"*\"`";
        return Err(place.syntax(what));
    }
    let is_all = |list: &List| !list.negated && list.values.iter().any(|text| text.value == "*");
    let all_actions = is_all(&statement.actions);
    match statement.effect {
        Effect::Deny if all_actions => {
            let what = "a resource control policy names the services whose actions it denies";
            Err(place.syntax(what))
        }
        Effect::Deny => Ok(()),
        // `RCPFullAWSAccess`
        Effect::Allow
            if all_actions
                && statement.resources.as_ref().is_some_and(is_all)
                && statement.conditions.is_empty() =>
        {
            Ok(())
        }
        Effect::Allow => Err(place.syntax("a resource control policy can only deny")),
    }
}

/// Fills `slot`, which an element shares with its `Not...` twin.
fn once<T>(slot: &mut Option<T>, value: T, key: &Text) -> Result<(), ParseError> {
    if slot.replace(value).is_some() {
        let name = key.value.trim_start_matches("Not");
        let what = format!("`{name}` and `Not{name}` in one statement");
        return Err(key.place.syntax(what));
    }
    Ok(())
}

/// IAM takes letters and digits; the services that own resource policies take more, as KMS with its
/// `Enable IAM User Permissions`.
fn read_sid(node: Node, kind: Kind) -> Result<Text, ParseError> {
    let sid = string(node)?;
    let allowed = |c: char| match kind {
        Kind::Resource => !c.is_control(),
        _ => c.is_ascii_alphanumeric(),
    };
    if sid.value.chars().all(allowed) {
        return Ok(sid);
    }
    Err(sid.place.error(
        "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular \
         expression [0-9A-Za-z]*",
    ))
}

fn read_effect(node: Node) -> Result<Effect, ParseError> {
    let text = string(node)?;
    match text.value.as_str() {
        "Allow" => Ok(Effect::Allow),
        "Deny" => Ok(Effect::Deny),
        other => Err(text.place.syntax(format_args!(
            "effect `{other}` is neither `Allow` nor `Deny`"
        ))),
    }
}

fn read_names(node: Node) -> Result<Names, ParseError> {
    let place = node.place;
    let members = match node.value {
        Value::String(text) if text == "*" => return Ok(Names::Everyone),
        Value::String(text) => {
            return Err(place.error(format!("Invalid principal in policy: \"{text}\"")));
        }
        _ => object(node)?,
    };
    let mut listed = Vec::new();
    for Member { key, value } in members {
        let kind = match key.value.as_str() {
            "AWS" => PrincipalType::Aws,
            "Service" => PrincipalType::Service,
            "Federated" => PrincipalType::Federated,
            "CanonicalUser" => PrincipalType::CanonicalUser,
            _ => return Err(unknown_element(&key)),
        };
        let names = strings(value, NO_PRINCIPAL)?;
        listed.extend(names.into_iter().map(|name| (kind, name)));
    }
    if listed.is_empty() {
        return Err(place.error(NO_PRINCIPAL));
    }
    Ok(Names::Listed(listed))
}

fn read_conditions(node: Node) -> Result<Vec<ConditionEntry>, ParseError> {
    let mut entries: Vec<ConditionEntry> = Vec::new();
    for operator in object(node)? {
        let first = entries.len();
        for Member { key, value } in object(operator.value)? {
            let same = |other: &ConditionEntry| other.key.value.eq_ignore_ascii_case(&key.value);
            if entries.iter().skip(first).any(same) {
                let name = &key.value;
                return Err(key.place.syntax(format_args!("duplicate key `{name}`")));
            }
            entries.push(ConditionEntry {
                operator: operator.key.clone(),
                key,
                values: condition_values(value)?,
            });
        }
    }
    Ok(entries)
}

/// "Quotation marks are optional for numeric and Boolean values", of which the text counts.
fn condition_values(node: Node) -> Result<Vec<Text>, ParseError> {
    let place = node.place;
    let nodes = match node.value {
        Value::Array(nodes) => nodes,
        _ => vec![node],
    };
    if nodes.is_empty() {
        return Err(place.syntax("a condition key without a value"));
    }
    let text = |Node { place, value, .. }| {
        let value = match value {
            Value::String(text) => text,
            Value::Bool(truth) => truth.to_string(),
            Value::Number(digits) if !digits.contains(['e', 'E']) => digits,
            Value::Number(_) => return Err(place.syntax("a number with an exponent")),
            _ => return Err(place.syntax("expected a string, a number or a Boolean")),
        };
        Ok(Text { place, value })
    };
    nodes.into_iter().map(text).collect()
}

/// A string or a list of strings, of which there must be one.
fn strings(node: Node, if_empty: &str) -> Result<Vec<Text>, ParseError> {
    let place = node.place;
    match node.value {
        Value::Array(nodes) if nodes.is_empty() => Err(place.error(if_empty)),
        Value::Array(nodes) => nodes.into_iter().map(string).collect(),
        Value::String(_) => Ok(vec![string(node)?]),
        _ => Err(place.syntax("expected a string or a list of strings")),
    }
}

const NO_PRINCIPAL: &str = "Missing required field Principal cannot be empty!";
