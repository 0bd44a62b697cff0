//! The licenses of what is linked into the binary: who has which, and each text once.
//!
//! Does not judge them.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use super::said;
use crate::workspace::cargo;

/// A list of packages with their licenses, and the texts that came with them.
pub(super) fn all() -> Result<String> {
    let linked = linked()?;
    let metadata = said(&mut cargo(&["metadata", "--format-version", "1"])?)?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let packages = metadata.get("packages").and_then(Value::as_array);
    let packages = packages.context("cargo tells of no packages")?;
    let mut list = LIST_HEAD.to_owned();
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let text = |package: &Value, key: &str| {
        let found = package.get(key).and_then(Value::as_str);
        found.unwrap_or_default().to_owned()
    };
    for package in packages {
        let name = format!("{} {}", text(package, "name"), text(package, "version"));
        // Without a source it is ours.
        if !linked.contains(&name) || package.get("source").is_none_or(Value::is_null) {
            continue;
        }
        writeln!(list, "{name}: {}", text(package, "license"))?;
        let manifest = text(package, "manifest_path");
        let folder = Path::new(&manifest).parent();
        for found in texts_in(folder.context("a manifest stands in no folder")?)? {
            texts.entry(found).or_default().push(name.clone());
        }
    }
    for (text, names) in texts {
        write!(list, "\n{RULE}\n{}\n{RULE}\n\n{text}\n", names.join(", "))?;
    }
    Ok(list)
}

/// Names and versions of the packages in the binary.
fn linked() -> Result<Vec<String>> {
    let tree = [
        "tree",
        "--package",
        "rolecall",
        "--edges",
        "normal",
        "--prefix",
        "none",
    ];
    let tree = said(&mut cargo(&tree)?)?;
    let name = |line: &str| {
        let mut words = line.split(' ');
        let (name, version) = (words.next()?, words.next()?);
        Some(format!("{name} {}", version.strip_prefix('v')?))
    };
    Ok(tree.lines().filter_map(name).collect())
}

fn texts_in(folder: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = name.to_ascii_uppercase();
        let is_license = NAMES.iter().any(|start| name.starts_with(start));
        if is_license && path.is_file() {
            let bytes = std::fs::read(&path)?;
            found.push(String::from_utf8_lossy(&bytes).trim().to_owned());
        }
    }
    Ok(found)
}

const LIST_HEAD: &str = "\
Rust packages that are linked into the program, with their licenses. The texts that came with them
follow.

";
const RULE: &str = "----------------------------------------------------------------------------";
const NAMES: &[&str] = &[
    "LICENSE",
    "LICENCE",
    "COPYING",
    "COPYRIGHT",
    "NOTICE",
    "UNLICENSE",
];
