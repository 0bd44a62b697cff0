//! `write_files` of a `#cloud-config`: what is to be written where, and writing it.
//!
//! Writes with the rights of whoever runs it, to the files that are there.
//!
//! Source: cloud-init's `cc_write_files.py`.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use agent::yaml::{Kind, Node};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use protocol::Secret;

use super::config::at;
use super::parts::unpacked;
use super::scalars::Plain;
use crate::failure::Failure;
use crate::host::Owner;
use crate::term::shown;

/// A file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Given {
    pub(super) path: PathBuf,
    content: Secret,
    mode: u32,
    /// `USER` or `USER:GROUP`.
    owner: String,
    appends: bool,
    pub(super) is_deferred: bool,
}

/// Reads the list; what of it is not done is added to `not_run`.
pub(super) fn read(
    node: &Node,
    file: &str,
    not_run: &mut Vec<String>,
) -> Result<Vec<Given>, Failure> {
    let Kind::List(items) = &node.kind else {
        return Err(at(node, file, "`write_files` is a list of files"));
    };
    let items = items.iter().enumerate();
    let given: Result<Vec<Option<Given>>, Failure> = items
        .map(|(number, item)| one(item, number + 1, file, not_run))
        .collect();
    Ok(given?.into_iter().flatten().collect())
}

fn one(
    node: &Node,
    number: usize,
    file: &str,
    not_run: &mut Vec<String>,
) -> Result<Option<Given>, Failure> {
    let Kind::Map(entries) = &node.kind else {
        return Err(at(node, file, "a file of `write_files` is a map"));
    };
    let find = |name: &str| entries.iter().find(|(key, _)| key.text == name);
    let text = |name: &str| {
        let scalar = find(name).map(|(_, node)| match &node.kind {
            Kind::Null => Ok(None),
            Kind::Scalar { text, plain } => Ok(Some((text.as_str(), *plain))),
            _ => Err(at(node, file, &format!("`{name}` is a text"))),
        });
        scalar.transpose().map(Option::flatten)
    };
    let Some((path, _)) = text("path")?.filter(|(path, _)| !path.is_empty()) else {
        not_run.push(format!("`write_files` number {number}: it has no path"));
        return Ok(None);
    };
    for (key, _) in entries {
        if !KEYS.contains(&key.text.as_str()) {
            let (key, path) = (shown(&key.text), shown(path));
            not_run.push(format!("`{key}` of `{path}` in `write_files`"));
        }
    }
    let content = text("content")?.map_or("", |(content, _)| content);
    let encoding = text("encoding")?.map_or("", |(encoding, _)| encoding);
    let content = decoded(content, encoding).map_err(|why| {
        at(
            node,
            file,
            &format!("the content of `{}` {why}", shown(path)),
        )
    })?;
    let is = |name: &str| Ok::<_, Failure>(text(name)?.is_some_and(|(text, _)| is_true(text)));
    let permissions = text("permissions")?;
    let mode = permissions.map_or(Some(MODE), |(text, plain)| mode(text, plain));
    if mode.is_none() {
        let path = shown(path);
        not_run.push(format!(
            "`permissions` of `{path}` in `write_files`: they are no mode"
        ));
    }
    Ok(Some(Given {
        // As on an instance, where the working folder is the root.
        path: Path::new("/").join(path),
        content,
        mode: mode.unwrap_or(MODE) & 0o7777,
        owner: text("owner")?.map_or(OWNER, |(owner, _)| owner).to_owned(),
        appends: is("append")?,
        is_deferred: is("defer")?,
    }))
}

fn decoded(content: &str, encoding: &str) -> Result<Secret, String> {
    let encoding = encoding.trim().to_ascii_lowercase();
    let base64 = || {
        let plain: String = content.split_ascii_whitespace().collect();
        let bytes = STANDARD.decode(plain);
        bytes.map_err(|error| format!("is not base64: {error}"))
    };
    let bytes = match encoding.as_str() {
        "b64" | "base64" => return base64().map(Secret::new),
        "gz" | "gzip" => content.as_bytes().to_vec(),
        "gz+base64" | "gzip+base64" | "gz+b64" | "gzip+b64" => base64()?,
        "" | "text/plain" => return Ok(Secret::new(content.as_bytes())),
        other => return Err(format!("is in an unknown encoding, `{}`", shown(other))),
    };
    let packed = Secret::new(bytes);
    let content = unpacked(&packed).map_err(|failure| format!("cannot be: {}", failure.message))?;
    if content == packed {
        return Err("is not gzipped".to_owned());
    }
    Ok(content)
}

/// A number stands for itself, so that `0644` is a mode, and a text for its octal digits.
fn mode(text: &str, plain: bool) -> Option<u32> {
    match Plain::of(text) {
        Plain::Integer(number) if plain => u32::try_from(number).ok(),
        _ => u32::from_str_radix(text.trim().trim_start_matches("0o"), 8).ok(),
    }
}

fn is_true(text: &str) -> bool {
    let text = text.trim().to_ascii_lowercase();
    matches!(text.as_str(), "true" | "1" | "on" | "yes")
}

impl Given {
    /// Writes it; folders that are missing are made.
    pub(crate) fn write(&self) -> Result<(), Failure> {
        let path = shown(&self.path.to_string_lossy());
        let failed = |error: std::io::Error| {
            Failure::unfinished(format!("`{path}` cannot be written: {error}"))
        };
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        let mut options = OpenOptions::new();
        options.create(true).append(self.appends);
        options.write(true).truncate(!self.appends);
        let mut file = options.open(&self.path).map_err(failed)?;
        file.write_all(self.content.expose()).map_err(failed)?;
        let mode = fs::Permissions::from_mode(self.mode);
        fs::set_permissions(&self.path, mode).map_err(failed)?;
        let owner = Owner::find(&self.owner)?;
        rustix::fs::fchown(&file, owner.user, owner.group).map_err(|errno| failed(errno.into()))
    }
}

const MODE: u32 = 0o644;
const OWNER: &str = "root:root";
const KEYS: [&str; 7] = [
    "path",
    "content",
    "encoding",
    "owner",
    "permissions",
    "append",
    "defer",
];

#[cfg(test)]
mod tests;
