//! `cargo xtask shapes`: the shape tables of `crates/protocol`, out of botocore's service models.
//!
//! Knows where the models lie and where the tables go; `model` reads the one, `table` writes the
//! other, `diff` says what changed. Facts are taken, documentation text is not.

mod diff;
mod model;
mod table;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, ensure};

use crate::workspace::{Making, root};
use model::Model;

/// Writes the tables, or with `--check` says what in them is out of date.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    let Making { check, package } = Making::read(arguments, "--botocore")?;
    let root = root()?;
    let botocore = match package {
        Some(directory) => directory,
        None => prepared_botocore(&root)?,
    };
    let files = generate(&root, &botocore)?;
    if check {
        return compare(&root, &files);
    }
    for (path, text) in &files {
        std::fs::write(root.join(path), text).with_context(|| format!("cannot write `{path}`"))?;
        crate::say(&format!("wrote {path}"));
    }
    Ok(ExitCode::SUCCESS)
}

/// Path under the workspace and text of each generated file.
fn generate(root: &Path, botocore: &Path) -> Result<Vec<(String, String)>> {
    let version = botocore_version(botocore)?;
    let mut files = Vec::new();
    for (service, operations) in wanted(OPERATIONS)? {
        let model = Model::read(botocore, service)?;
        let text = table::render(service, &model, &operations, &version)
            .with_context(|| format!("cannot lay out `{service}`"))?;
        files.push((format!("{TABLES}/{service}.rs"), rustfmt(root, &text)?));
    }
    let regions = regions(&botocore.join("data/partitions.json"), &version)?;
    files.push((format!("{TABLES}/regions.rs"), rustfmt(root, &regions)?));
    files.push((format!("{TABLES}/botocore-version"), version));
    Ok(files)
}

/// The regions of the `aws` partition.
fn regions(path: &Path, version: &str) -> Result<String> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read `{}`", path.display()))?;
    let partitions: serde_json::Value = serde_json::from_str(&text)?;
    let all = partitions.get("partitions").and_then(|all| all.as_array());
    let is_aws = |partition: &&serde_json::Value| {
        partition.get("id").and_then(|id| id.as_str()) == Some("aws")
    };
    let aws = all
        .and_then(|all| all.iter().find(is_aws))
        .and_then(|partition| partition.get("regions")?.as_object())
        .with_context(|| format!("no partition `aws` in `{}`", path.display()))?;
    // A name for what is global in the partition, and no region.
    let mut names: Vec<&String> = aws.keys().filter(|name| *name != "aws-global").collect();
    names.sort();
    Ok(format!(
        "//! The regions of the `aws` partition, out of botocore {version}. Made by `cargo xtask \
         shapes`.\n\n/// By name, sorted.\npub static REGIONS: &[&str] = &{names:?};\n"
    ))
}

fn compare(root: &Path, files: &[(String, String)]) -> Result<ExitCode> {
    let mut stale = false;
    for (path, wanted) in files {
        let held = std::fs::read_to_string(root.join(path))
            .with_context(|| format!("cannot read `{path}`"))?;
        if held == *wanted {
            continue;
        }
        stale = true;
        crate::say(&format!("{path} is out of date"));
        for line in diff::operations(&held, wanted) {
            crate::say(&format!("  {line}"));
        }
    }
    if stale {
        crate::say("hint: run `cargo xtask shapes` and commit what it writes");
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// The services of `operations.txt`, each with its operations in order.
fn wanted(text: &str) -> Result<Vec<(&str, Vec<&str>)>> {
    let mut services: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in text.lines() {
        let name = line.trim();
        if name.is_empty() || name.starts_with('#') {
            continue;
        }
        if line.starts_with(' ') {
            let (service, operations) = services
                .last_mut()
                .with_context(|| format!("operation `{name}` stands before any service"))?;
            ensure!(
                operations.last().is_none_or(|last| *last < name),
                "`{name}` of `{service}` is out of order or there twice"
            );
            operations.push(name);
        } else {
            services.push((name, Vec::new()));
        }
    }
    Ok(services)
}

/// The botocore that `cargo xtask test --prepare` installs.
fn prepared_botocore(root: &Path) -> Result<PathBuf> {
    let library = root.join("target/tools/venv/lib");
    let found = std::fs::read_dir(&library)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("python3"))
        .map(|entry| entry.path().join("site-packages/botocore"))
        .find(|path| path.is_dir());
    found.with_context(|| {
        format!(
            "no botocore under `{}`\nhint: run `cargo xtask test --prepare`, \
             or name one with `--botocore DIR`",
            library.display()
        )
    })
}

fn botocore_version(botocore: &Path) -> Result<String> {
    let path = botocore.join("__init__.py");
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("no botocore at `{}`", botocore.display()))?;
    text.lines()
        .find_map(|line| line.strip_prefix("__version__ = "))
        .map(|version| version.trim_matches(['\'', '"']).to_owned())
        .with_context(|| format!("no `__version__` in `{}`", path.display()))
}

fn rustfmt(root: &Path, text: &str) -> Result<String> {
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--emit", "stdout", "--config-path"])
        .arg(root)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start `rustfmt`\nhint: rustup component add rustfmt")?;
    let mut input = child
        .stdin
        .take()
        .context("rustfmt has no standard input")?;
    // rustfmt reads all of its input before it writes, so this cannot wait for itself.
    input.write_all(text.as_bytes())?;
    drop(input);
    let output = child.wait_with_output()?;
    ensure!(output.status.success(), "rustfmt refused the tables");
    Ok(String::from_utf8(output.stdout)?)
}

const OPERATIONS: &str = include_str!("../operations.txt");

const TABLES: &str = "crates/protocol/src/shape";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_and_operations_are_read_in_order() {
        let services = wanted("# note\na\n  One\n  Two\n\nb\n  Three\n").unwrap();

        assert_eq!(services, [("a", vec!["One", "Two"]), ("b", vec!["Three"])]);
    }

    #[test]
    fn an_operation_without_service_is_refused() {
        assert!(wanted("  One\n").is_err());
    }

    #[test]
    fn operations_out_of_order_or_twice_are_refused() {
        assert!(wanted("a\n  Two\n  One\n").is_err());
        assert!(wanted("a\n  One\n  One\n").is_err());
    }

    #[test]
    fn the_list_that_is_used_is_well_formed() {
        assert!(wanted(OPERATIONS).is_ok_and(|services| !services.is_empty()));
    }
}
