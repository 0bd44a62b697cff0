//! Terraform's JSON syntax, written as the HCL that it stands for, with the line of each part.
//!
//! Source: Terraform language documentation, "JSON Configuration Syntax". Nested blocks become
//! arguments with lists of objects, which are read alike. Knows no `dynamic` block in it.

use std::fmt::Write as _;

use crate::code::value::{Node, Value};
use crate::code::yaml;

/// HCL, and for each of its lines the one it comes from.
#[derive(Default)]
pub(super) struct Written {
    pub(super) text: String,
    pub(super) lines: Vec<usize>,
}

/// A file of configuration.
pub(super) fn configuration(text: &str) -> Result<Written, String> {
    let tree = yaml::parse(text)?;
    let mut written = Written::default();
    for (name, node) in members(&tree) {
        let labels = match name.as_str() {
            "resource" | "data" => 2,
            "locals" | "terraform" => 0,
            _ => 1,
        };
        if is_name(name) {
            written.blocks(name, labels, node);
        }
    }
    Ok(written)
}

/// A file of values for variables.
pub(super) fn values(text: &str) -> Result<Written, String> {
    let tree = yaml::parse(text)?;
    let mut written = Written::default();
    written.arguments(&tree);
    Ok(written)
}

impl Written {
    fn blocks(&mut self, head: &str, labels: usize, node: &Node) {
        for item in node.items() {
            if labels == 0 {
                self.line(node.line, &format!("{head} {{"));
                self.arguments(item);
                self.line(node.line, "}");
                continue;
            }
            for (label, inner) in members(item) {
                let label = quoted(label);
                self.blocks(&format!("{head} {label}"), labels - 1, inner);
            }
        }
    }

    fn arguments(&mut self, node: &Node) {
        for (name, value) in members(node).iter().filter(|(name, _)| is_name(name)) {
            self.line(value.line, &format!("{name} = {}", expression(value)));
        }
    }

    fn line(&mut self, from: usize, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
        self.lines.push(from);
    }
}

fn members(node: &Node) -> &[(String, Node)] {
    match &node.value {
        Value::Object(members) => members,
        _ => &[],
    }
}

fn is_name(text: &str) -> bool {
    let is_part = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-');
    text.bytes().all(is_part) && text.as_bytes().first().is_some_and(u8::is_ascii_alphabetic)
}

fn expression(node: &Node) -> String {
    match &node.value {
        Value::Null | Value::Unknown | Value::Reference(_) => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => template(text),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(expression).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let members = members.iter();
            let members = members.map(|(key, it)| format!("{} = {}", quoted(key), expression(it)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
    }
}

/// A text in which nothing is left open.
fn quoted(text: &str) -> String {
    template(&text.replace("${", "$${").replace("%{", "%%{"))
}

/// A text whose `${...}` stay what they are.
fn template(text: &str) -> String {
    let mut made = String::from("\"");
    let mut open = 0_usize;
    let mut before = '\0';
    for character in text.chars() {
        match character {
            '{' if open > 0 || matches!(before, '$' | '%') => {
                open += 1;
                made.push(character);
            }
            '}' if open > 0 => {
                open -= 1;
                made.push(character);
            }
            '\n' | '\r' | '\t' if open > 0 => made.push(' '),
            _ if open > 0 => made.push(character),
            '"' => made.push_str("\\\""),
            '\\' => made.push_str("\\\\"),
            '\n' => made.push_str("\\n"),
            other if other.is_control() => {
                let _ = write!(made, "\\u{:04x}", u32::from(other));
            }
            other => made.push(other),
        }
        before = character;
    }
    made.push('"');
    made
}
