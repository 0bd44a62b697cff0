//! A service's table as Rust text, before rustfmt.
//!
//! Knows the vocabulary of `crates/protocol/src/shape/table.rs` and what EC2 calls its parameters.

use std::collections::BTreeMap;
use std::fmt::Write;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::model::{Model, Object, flag, known, object, shape_of, text};

/// The file of one service.
pub(super) fn render(
    service: &str,
    model: &Model,
    operations: &[&str],
    version: &str,
) -> Result<String> {
    let protocol = text(&model.metadata, "protocol").context("the model names no protocol")?;
    let mut calls = String::new();
    let mut roots = Vec::new();
    let mut errors = BTreeMap::new();
    for name in operations {
        let call = Call::read(model, name)?;
        calls.push_str(&call.text);
        roots.extend(call.shapes);
        errors.extend(call.errors);
    }
    let mut body = String::new();
    let api_version = text(&model.metadata, "apiVersion").context("the model has no version")?;
    write!(
        body,
        "pub(super) static SERVICE: Service = Service {{ name: {service:?}, protocol: {}, \
         api_version: {api_version:?}, operations: &[{calls}] }};\n\n",
        protocol_text(protocol, &model.metadata)?
    )?;
    let mut names = BTreeMap::new();
    for (name, shape) in model.reachable(&roots)? {
        unique(&mut names, &name)?;
        body.push_str(&shape_text(&name, shape, protocol)?);
    }
    for (name, text) in errors {
        unique(&mut names, &name)?;
        body.push_str(&text);
    }
    Ok(format!("{}{body}", header(service, version, &body)))
}

/// What an operation's row says, and what it refers to.
struct Call {
    text: String,
    shapes: Vec<String>,
    errors: BTreeMap<String, String>,
}

impl Call {
    fn read(model: &Model, name: &str) -> Result<Self> {
        let operation = model.operation(name)?;
        let mut text = format!("operation({name:?})");
        let mut shapes = Vec::new();
        let mut errors = BTreeMap::new();
        if let Some(input) = operation.get("input") {
            let shape = shape_of(input)?;
            write!(text, ".takes(&{})", constant(&shape))?;
            shapes.push(shape);
        }
        if let Some(output) = operation.get("output") {
            let shape = shape_of(output)?;
            write!(text, ".returns(&{})", constant(&shape))?;
            shapes.push(shape);
            if let Some(wrapper) = output.get("resultWrapper").and_then(Value::as_str) {
                write!(text, ".wrapped({wrapper:?})")?;
            }
        }
        let declared = operation.get("errors").and_then(Value::as_array);
        if let Some(declared) = declared.filter(|declared| !declared.is_empty()) {
            text.push_str(".fails(&[");
            for error in declared {
                let shape = shape_of(error)?;
                write!(text, "&{},", constant(&shape))?;
                let row = error_text(&shape, model.shape(&shape)?)?;
                errors.insert(shape, row);
            }
            text.push_str("])");
        }
        text.push_str(",\n");
        Ok(Self {
            text,
            shapes,
            errors,
        })
    }
}

fn header(service: &str, version: &str, body: &str) -> String {
    let uses = |word: &&&str| body.contains(&format!("{word}("));
    let words: Vec<&str> = WORDS.iter().filter(uses).copied().collect();
    let pattern = if body.contains("Pattern::new") {
        "Pattern, "
    } else {
        ""
    };
    let text = if body.contains("Text::ANY") {
        "Text, "
    } else {
        ""
    };
    let error = if body.contains(": ErrorShape") {
        "ErrorShape, "
    } else {
        ""
    };
    format!(
        "//! Shapes of {service}, made by `cargo xtask shapes` from botocore {version}; \
         not edited by hand.\n//! Facts only, no documentation text.\n\n\
         use super::table::{{{}}};\n\
         use super::{{{error}{pattern}Protocol, Service, Shape, {text}}};\n\n",
        words.join(", ")
    )
}

fn protocol_text(protocol: &str, metadata: &Object) -> Result<String> {
    let fact =
        |name: &str| text(metadata, name).with_context(|| format!("the model has no `{name}`"));
    Ok(match protocol {
        "query" => format!(
            "Protocol::Query {{ namespace: {:?} }}",
            fact("xmlNamespace")?
        ),
        // EC2's answers end the address with a slash, which the model leaves out.
        "ec2" => format!(
            "Protocol::Ec2 {{ namespace: \"{}/\" }}",
            fact("xmlNamespace")?.trim_end_matches('/')
        ),
        "json" => format!(
            "Protocol::Json {{ version: {:?}, target_prefix: {:?} }}",
            fact("jsonVersion")?,
            fact("targetPrefix")?
        ),
        other => bail!("protocol `{other}` is none of query, ec2, json"),
    })
}

fn shape_text(name: &str, shape: &Object, protocol: &str) -> Result<String> {
    let kind = text(shape, "type").with_context(|| format!("`{name}` has no type"))?;
    let mut before = String::new();
    let value = match kind {
        "structure" => structure(name, shape, protocol)?,
        "list" => list(name, shape)?,
        "map" => {
            known(shape, name, &["type", "key", "value"])?;
            let part = |part: &str| shape.get(part).context("a map lacks a part");
            let (key, value) = (shape_of(part("key")?)?, shape_of(part("value")?)?);
            format!("map({name:?}, &{}, &{})", constant(&key), constant(&value))
        }
        "string" => string(name, shape, &mut before)?,
        "blob" => {
            known(shape, name, &["type", "min", "max", "sensitive"])?;
            format!(
                "blob({name:?}, {}, {})",
                bounds(shape),
                flag(shape, "sensitive")
            )
        }
        "integer" | "long" => {
            known(shape, name, &["type", "min", "max"])?;
            let bits = if kind == "long" { 64 } else { 32 };
            format!("integer({name:?}, {bits}, {})", bounds(shape))
        }
        "boolean" | "timestamp" => {
            known(shape, name, &["type"])?;
            format!("{kind}({name:?})")
        }
        "double" | "float" => {
            // Bounds of such numbers are left to handlers; those that take one today refuse it.
            known(shape, name, &["type", "min", "max"])?;
            format!("float({name:?})")
        }
        other => bail!("`{name}` is of type `{other}`, which the tables cannot hold"),
    };
    Ok(format!(
        "{before}static {}: Shape = {value};\n\n",
        constant(name)
    ))
}

fn structure(name: &str, shape: &Object, protocol: &str) -> Result<String> {
    // Of a union one member is given; the handlers of those that take one count.
    known(shape, name, &["type", "members", "required", "union"])?;
    let required = shape.get("required").and_then(Value::as_array);
    let mut rows = String::new();
    for (member, reference) in object(shape, "members").context("a structure without members")? {
        let facts = reference.as_object().context("a member is no object")?;
        known(
            facts,
            &format!("`{name}.{member}`"),
            &["shape", "locationName", "queryName"],
        )?;
        write!(
            rows,
            "member({member:?}, &{})",
            constant(&shape_of(reference)?)
        )?;
        if required.is_some_and(|names| names.iter().any(|name| name == member)) {
            rows.push_str(".required()");
        }
        if let Some(wire) = text(facts, "locationName").filter(|wire| wire != member) {
            write!(rows, ".wire({wire:?})")?;
        }
        if let Some(parameter) = parameter(facts, protocol).filter(|name| name != member) {
            write!(rows, ".query({parameter:?})")?;
        }
        rows.push_str(",\n");
    }
    Ok(format!("structure({name:?}, &[{rows}])"))
}

/// What EC2 calls a member in a request: its `queryName`, else its `locationName` with a capital.
fn parameter(facts: &Object, protocol: &str) -> Option<String> {
    if protocol != "ec2" {
        return None;
    }
    if let Some(name) = text(facts, "queryName") {
        return Some(name.to_owned());
    }
    let mut letters = text(facts, "locationName")?.chars();
    let first = letters.next()?.to_ascii_uppercase();
    Some(std::iter::once(first).chain(letters).collect())
}

fn list(name: &str, shape: &Object) -> Result<String> {
    // A list's own name on the wire is the one that the member holding it gives.
    known(
        shape,
        name,
        &["type", "member", "min", "max", "locationName"],
    )?;
    let reference = shape.get("member").context("a list without member")?;
    let facts = reference
        .as_object()
        .context("a list's member is no object")?;
    known(
        facts,
        &format!("`{name}`'s member"),
        &["shape", "locationName"],
    )?;
    let member = constant(&shape_of(reference)?);
    let wire = text(facts, "locationName");
    Ok(format!(
        "list({name:?}, &{member}, {wire:?}, {})",
        bounds(shape)
    ))
}

fn string(name: &str, shape: &Object, before: &mut String) -> Result<String> {
    known(
        shape,
        name,
        &["type", "min", "max", "pattern", "enum", "sensitive"],
    )?;
    let mut text = "Text::ANY".to_owned();
    for bound in ["min", "max"] {
        if let Some(number) = shape.get(bound) {
            write!(text, ".{bound}({})", readable(number))?;
        }
    }
    if let Some(pattern) = shape.get("pattern").and_then(Value::as_str) {
        ensure!(
            !pattern.contains('"'),
            "`{name}` has a quotation mark in its pattern"
        );
        let held = format!("{}_PATTERN", constant(name));
        writeln!(
            before,
            "static {held}: Pattern = Pattern::new(r\"{pattern}\");\n"
        )?;
        write!(text, ".pattern(&{held})")?;
    }
    if let Some(values) = shape.get("enum").and_then(Value::as_array) {
        let values: Vec<String> = values.iter().map(Value::to_string).collect();
        write!(text, ".values(&[{}])", values.join(", "))?;
    }
    if flag(shape, "sensitive") {
        text.push_str(".sensitive()");
    }
    Ok(format!("string({name:?}, {text})"))
}

fn error_text(name: &str, shape: &Object) -> Result<String> {
    known(
        shape,
        name,
        &["type", "members", "required", "error", "fault"],
    )?;
    let stated = object(shape, "error");
    let code = stated.and_then(|error| text(error, "code")).unwrap_or(name);
    let status = stated
        .and_then(|error| error.get("httpStatusCode"))
        .and_then(Value::as_u64)
        .unwrap_or(if flag(shape, "fault") { 500 } else { 400 });
    Ok(format!(
        "static {}: ErrorShape = error({code:?}, {status});\n\n",
        constant(name)
    ))
}

/// `min, max` as arguments.
fn bounds(shape: &Object) -> String {
    let bound = |name: &str| match shape.get(name) {
        Some(number) => format!("Some({})", readable(number)),
        None => "None".to_owned(),
    };
    format!("{}, {}", bound("min"), bound("max"))
}

/// A number as clippy wants to read it: `131_072`.
fn readable(number: &Value) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && digit != '-' && (digits.len() - at).is_multiple_of(3) && !text.ends_with('-') {
            text.push('_');
        }
        text.push(digit);
    }
    text
}

/// `roleNameType` as a static is called: `ROLE_NAME_TYPE`.
fn constant(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut constant = String::with_capacity(name.len() + 8);
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        let after = letters.get(at + 1);
        let starts = letter.is_ascii_uppercase()
            && before.is_some_and(|before| {
                !before.is_ascii_uppercase() || after.is_some_and(char::is_ascii_lowercase)
            });
        if starts && !constant.ends_with('_') {
            constant.push('_');
        }
        constant.push(letter.to_ascii_uppercase());
    }
    constant
}

fn unique(names: &mut BTreeMap<String, String>, name: &str) -> Result<()> {
    if let Some(other) = names.insert(constant(name), name.to_owned()) {
        bail!("`{name}` and `{other}` would be one static");
    }
    Ok(())
}

// The functions of `table.rs`, in the order in which rustfmt wants them imported.
const WORDS: &[&str] = &[
    "blob",
    "boolean",
    "error",
    "float",
    "integer",
    "list",
    "map",
    "member",
    "operation",
    "string",
    "structure",
    "timestamp",
];

#[cfg(test)]
mod tests;
