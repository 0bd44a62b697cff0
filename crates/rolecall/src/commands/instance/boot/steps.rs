//! What a boot does with user data, step by step, in cloud-init's order; and doing it.
//!
//! Boothooks, `bootcmd`, files, files that wait, scripts of each kind by their names; `runcmd` is a
//! script of that name among the user's.
//!
//! Source: cloud-init documentation, "Boot stages"; Debian's `cloud.cfg` for the order of modules.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::File;
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStringExt;

use protocol::Secret;
use rustix::io::{FdFlags, fcntl_setfd};

use super::config::{self, REPLACED};
use super::files::Given;
use super::parts::{Kind, Part, When};
use crate::failure::Failure;
use crate::host::unnamed;
use crate::term::shown;

/// What is to be done, and what is not.
#[derive(Debug)]
pub(crate) struct Boot {
    pub(crate) steps: Vec<Step>,
    /// Each names something that is not run.
    pub(crate) not_run: Vec<String>,
}

/// One step.
#[derive(Debug)]
pub(crate) enum Step {
    Script(Script),
    /// Up to the first that cannot be written.
    Files(Vec<Given>),
}

/// A program that names its interpreter in its first line.
#[derive(Debug)]
pub(crate) struct Script {
    /// `part-001`, or what a part or a key is called.
    pub(crate) name: String,
    content: Secret,
}

impl Boot {
    /// Of the parts of user data.
    pub(super) fn of(parts: Vec<Part>) -> Result<Self, Failure> {
        let mut boothooks = Vec::new();
        let mut documents = Vec::new();
        let mut scripts: BTreeMap<(When, String), Secret> = BTreeMap::new();
        let mut not_run = Vec::new();
        let is_alone = parts.len() == 1;
        for part in parts {
            let name = shown(&part.name);
            for header in part.ignored {
                let why = match header {
                    "Launch-Index" => "the part is run whichever instance this is",
                    _ => REPLACED,
                };
                not_run.push(format!("`{header}` of `{name}`: {why}"));
            }
            match part.kind {
                Kind::Boothook => boothooks.push((part.name, after_first_word(&part.content))),
                Kind::Script(when) => {
                    scripts.insert((when, part.name), with_plain_lines(&part.content));
                }
                Kind::CloudConfig => {
                    let file = if is_alone {
                        "user data".to_owned()
                    } else {
                        format!("user data, {name}")
                    };
                    documents.push((file, part.content));
                }
                Kind::Other(found) => {
                    let found = described(&found);
                    not_run.push(if is_alone {
                        found
                    } else {
                        format!("`{name}`, {found}")
                    });
                }
            }
        }
        let documents: Vec<(String, &Secret)> = documents
            .iter()
            .map(|(name, text)| (name.clone(), text))
            .collect();
        let config = config::read(&documents)?;
        not_run.extend(config.not_run);
        if let Some(script) = config.runcmd {
            scripts.insert((When::User, "runcmd".to_owned()), script);
        }
        let script = |(name, content)| Step::Script(Script { name, content });
        let bootcmd = config.bootcmd.map(|text| ("bootcmd".to_owned(), text));
        let files = [config.files, config.deferred].into_iter();
        let files = files.filter(|files| !files.is_empty()).map(Step::Files);
        let scripts = scripts.into_iter().map(|((_, name), text)| (name, text));
        let first = boothooks.into_iter().chain(bootcmd).map(script);
        let steps = first.chain(files).chain(scripts.map(script)).collect();
        Ok(Self { steps, not_run })
    }
}

impl Script {
    /// The words that run it, and the file that the last of them names, which is to stay open until
    /// then. `None` where its first line names no interpreter.
    pub(crate) fn ready(&self) -> Result<Option<(Vec<OsString>, File)>, Failure> {
        let Some(words) = words(self.content.expose()) else {
            return Ok(None);
        };
        let file = unnamed("user-data", &self.content)?;
        // The interpreter reads it by its number.
        fcntl_setfd(&file, FdFlags::empty()).map_err(|errno| {
            Failure::unfinished(format!("the user data cannot be handed on: {errno}"))
        })?;
        let path = OsString::from(format!("/proc/self/fd/{}", file.as_raw_fd()));
        Ok(Some((words.into_iter().chain([path]).collect(), file)))
    }
}

/// As the kernel reads it: a path, and the rest of the line as one argument.
fn words(script: &[u8]) -> Option<Vec<OsString>> {
    let head = script.get(..LINE_BYTES_MAX).unwrap_or(script);
    let line = head
        .strip_prefix(b"#!")?
        .split(|byte| *byte == b'\n')
        .next()?;
    let line = line.trim_ascii();
    let end = line
        .iter()
        .position(u8::is_ascii_whitespace)
        .unwrap_or(line.len());
    let (path, rest) = line.split_at_checked(end)?;
    let parts = [path, rest.trim_ascii()].into_iter();
    let words: Vec<OsString> = parts
        .filter(|part| !part.is_empty())
        .map(|part| OsString::from_vec(part.to_vec()))
        .collect();
    (!words.is_empty()).then_some(words)
}

/// Without the carriage returns of an editor that ends lines with them.
fn with_plain_lines(content: &Secret) -> Secret {
    let bytes = content.expose();
    let first = bytes.iter().position(|byte| *byte == b'\n');
    let ended = first.and_then(|first| bytes.get(..first));
    if ended.is_none_or(|line| line.last() != Some(&b'\r')) {
        return content.clone();
    }
    let mut plain = Vec::with_capacity(bytes.len());
    for (at, byte) in bytes.iter().enumerate() {
        if *byte != b'\r' || bytes.get(at + 1) != Some(&b'\n') {
            plain.push(*byte);
        }
    }
    Secret::new(plain)
}

/// A boothook without the word that makes it one.
fn after_first_word(content: &Secret) -> Secret {
    let plain = with_plain_lines(content);
    let bytes = plain.expose();
    let rest = bytes.strip_prefix(BOOTHOOK).unwrap_or(bytes);
    Secret::new(rest.trim_ascii_start())
}

/// What cannot be run, as people know it.
fn described(content_type: &str) -> String {
    let known = match content_type {
        "text/x-not-multipart" => return "user data that are no script (`#!`)".to_owned(),
        "text/x-include-url" | "text/x-include-once-url" => "addresses (`#include`)",
        "text/cloud-config-archive" => "an archive (`#cloud-config-archive`)",
        "text/cloud-config-jsonp" => "a patch (`#cloud-config-jsonp`)",
        "text/jinja2" => "a template (`## template: jinja`)",
        "text/part-handler" => "Python for cloud-init (`#part-handler`)",
        other => return format!("a part of type `{}`", shown(other)),
    };
    known.to_owned()
}

const BOOTHOOK: &[u8] = b"#cloud-boothook";
/// Of the kernel's `BINPRM_BUF_SIZE`.
const LINE_BYTES_MAX: usize = 256;

#[cfg(test)]
mod tests;
