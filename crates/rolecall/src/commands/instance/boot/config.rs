//! A `#cloud-config` document: what of it is run here, as scripts and files, and what is not.
//!
//! `bootcmd`, `write_files` and `runcmd` need nothing but an instance's processes and files. All
//! other keys are named. Runs and writes nothing.
//!
//! Source: cloud-init documentation, "Module reference"; its `util.shellify`, `cc_write_files.py`
//! and `handlers/cloud_config.py`.

use agent::yaml::{self, Kind, Node};
use protocol::Secret;

use super::files::{self, Given};
use super::scalars::Plain;
use crate::failure::Failure;
use crate::term::shown;

/// What the documents of an instance come to.
#[derive(Debug, Default)]
pub(super) struct Config {
    pub(super) bootcmd: Option<Secret>,
    pub(super) runcmd: Option<Secret>,
    /// In their order.
    pub(super) files: Vec<Given>,
    /// Written later, when packages would be installed.
    pub(super) deferred: Vec<Given>,
    /// What is in there and not run.
    pub(super) not_run: Vec<String>,
}

/// Reads the documents of all parts, each with the name that messages have for it; a key of a later
/// one takes the place of the same key of an earlier one.
pub(super) fn read(documents: &[(String, &Secret)]) -> Result<Config, Failure> {
    let mut merged: Vec<(String, Node, String)> = Vec::new();
    let mut config = Config::default();
    for (name, text) in documents {
        for (key, node) in keys(name, text)? {
            if matches!(key.as_str(), "merge_how" | "merge_type") {
                if documents.len() > 1 {
                    config.not_run.push(format!("`{key}`: {REPLACED}"));
                }
                continue;
            }
            merged.retain(|(held, ..)| *held != key);
            merged.push((key, node, name.clone()));
        }
    }
    for (key, node, file) in merged {
        match key.as_str() {
            "bootcmd" => config.bootcmd = script(&node, &key, &file)?,
            "runcmd" => config.runcmd = script(&node, &key, &file)?,
            "write_files" => {
                for given in files::read(&node, &file, &mut config.not_run)? {
                    let list = if given.is_deferred {
                        &mut config.deferred
                    } else {
                        &mut config.files
                    };
                    list.push(given);
                }
            }
            other => config.not_run.push(format!("`{}`", shown(other))),
        }
    }
    Ok(config)
}

fn keys(file: &str, text: &Secret) -> Result<Vec<(String, Node)>, Failure> {
    let text = text
        .expose_text()
        .ok_or_else(|| Failure::wrong(format!("{file}: a `#cloud-config` that is not UTF-8")))?;
    // A document of nothing but comments is an empty one.
    let is_comment = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
    if text.lines().all(is_comment) {
        return Ok(Vec::new());
    }
    let node = yaml::read(text, file, |_, node| Some(node))
        .map_err(|errors| Failure::configuration(&errors))?;
    match node.kind {
        Kind::Map(entries) => {
            let entries = entries.into_iter();
            Ok(entries.map(|(key, node)| (key.text, node)).collect())
        }
        Kind::Null => Ok(Vec::new()),
        _ => Err(at(&node, file, "a `#cloud-config` is a map of keys")),
    }
}

/// A list of commands as one script: a text is a line of it, a list the words of one.
fn script(node: &Node, key: &str, file: &str) -> Result<Option<Secret>, Failure> {
    let Kind::List(items) = &node.kind else {
        return Err(at(node, file, &format!("`{key}` is a list of commands")));
    };
    let mut text = String::from("#!/bin/sh\n");
    for item in items {
        match &item.kind {
            Kind::Null => continue,
            Kind::Scalar { text: line, plain } => {
                if *plain && Plain::of(line) != Plain::Text {
                    let message = format!("`{}` is no command to cloud-init", shown(line));
                    return Err(at(item, file, &message).hint("put it in quotes"));
                }
                text.push_str(line);
            }
            Kind::List(words) => {
                let words: Result<Vec<String>, Failure> =
                    words.iter().map(|word| quoted(word, file)).collect();
                text.push_str(&words?.join(" "));
            }
            Kind::Map(_) => {
                let message = format!("a command of `{key}` is a map");
                let hint = "put the command in quotes: a colon with a blank after it makes a map";
                return Err(at(item, file, &message).hint(hint));
            }
        }
        text.push('\n');
    }
    let script = Secret::from_text(text);
    Ok((!items.is_empty()).then_some(script))
}

/// A word as a shell takes it for one.
fn quoted(word: &Node, file: &str) -> Result<String, Failure> {
    let text = match &word.kind {
        Kind::Null => "None".to_owned(),
        Kind::Scalar { text, plain: true } => Plain::of(text).in_python(text),
        Kind::Scalar { text, plain: false } => text.as_str().to_owned(),
        Kind::List(_) | Kind::Map(_) => {
            return Err(at(word, file, "a word of a command is a text"));
        }
    };
    Ok(format!("'{}'", text.replace('\'', r"'\''")))
}

/// A problem at a place of the document.
pub(super) fn at(node: &Node, file: &str, message: &str) -> Failure {
    let (line, column) = (node.place.line, node.place.column);
    Failure::wrong(format!("{file}:{line}:{column}: {message}"))
}

/// What happens to keys that several documents have.
pub(super) const REPLACED: &str = "a key of a later part takes the place of an earlier one's";

#[cfg(test)]
mod tests;
