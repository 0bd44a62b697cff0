//! `cargo xtask mutants`: which changes to the policy package no test notices, beside those that
//! `crates/policy/mutants.md` tells of.

use std::process::{ExitCode, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::say;
use crate::workspace::{cargo, root, shown};

/// Mutates the whole package, or with `-- FILE...` these files.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    let files = match arguments {
        [] => &[],
        [separator, files @ ..] if separator == "--" && !files.is_empty() => files,
        [other, ..] => bail!("unknown argument `{other}`\n{}", crate::USAGE),
    };
    let found = cargo(&["mutants", "--version"])?
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    ensure!(
        found.is_ok_and(|status| status.success()),
        "cargo has no command `mutants`\nhint: cargo install cargo-mutants"
    );
    let mut command = cargo(&["mutants", "--package", "rolecall-policy"])?;
    command.args(["--output", "target"]);
    for file in files {
        command.args(["--file", file]);
    }
    // Enough to notice, few enough to do it in a second.
    command.env("ROLECALL_POLICY_CASES", REFERENCE_CASES);
    command.env("PROPTEST_CASES", PROPERTY_CASES);
    let shown = shown(&command);
    say(&format!("$ {shown}"));
    let status = command.status()?;
    // Some were missed, or took too long, as a loop without an end does.
    ensure!(
        matches!(status.code(), Some(0 | 2 | 3)),
        "`{shown}` failed ({status})"
    );
    survivors()
}

fn survivors() -> Result<ExitCode> {
    let root = root()?;
    let read = |path: &str| {
        std::fs::read_to_string(root.join(path)).with_context(|| format!("cannot read `{path}`"))
    };
    let page = read(PAGE)?;
    let told: Vec<Told<'_>> = told(&page).collect();
    let mut code = ExitCode::SUCCESS;
    for line in read("target/mutants.out/missed.txt")?.lines() {
        let missed = Missed::read(line).with_context(|| format!("what is `{line}`"))?;
        let text = read(&format!("{SOURCES}{}", missed.file))?;
        let code_line = text.lines().nth(missed.line.saturating_sub(1));
        let is_told = |it: &Told<'_>| {
            let there = code_line.is_some_and(|line| line.contains(it.part));
            it.file == missed.file && it.mutant == missed.mutant && there
        };
        if !told.iter().any(is_told) {
            say(&format!("no test notices: {line}"));
            code = ExitCode::FAILURE;
        }
    }
    if code == ExitCode::FAILURE {
        say(&format!(
            "hint: write a test, or say in {PAGE} why there can be none"
        ));
    }
    Ok(code)
}

/// A line of cargo-mutants' own list.
#[derive(Debug, PartialEq, Eq)]
struct Missed<'a> {
    file: &'a str,
    line: usize,
    mutant: &'a str,
}

impl<'a> Missed<'a> {
    /// Reads `crates/policy/src/FILE:LINE:COLUMN: MUTANT`.
    fn read(line: &'a str) -> Option<Self> {
        let (place, mutant) = line.split_once(": ")?;
        let mut parts = place.strip_prefix(SOURCES)?.split(':');
        let (file, line) = (parts.next()?, parts.next()?.parse().ok()?);
        Some(Self { file, line, mutant })
    }
}

/// An entry of the page: part of a line of code, and what may become of it.
#[derive(Debug, PartialEq, Eq)]
struct Told<'a> {
    file: &'a str,
    part: &'a str,
    mutant: &'a str,
}

fn told(page: &str) -> impl Iterator<Item = Told<'_>> {
    let mut file = "";
    page.lines().filter_map(move |line| {
        file = line.strip_prefix("## ").unwrap_or(file);
        let (part, rest) = line.strip_prefix("- `")?.split_once("`, `")?;
        let (mutant, _) = rest.split_once("`: ")?;
        Some(Told { file, part, mutant })
    })
}

const PAGE: &str = "crates/policy/mutants.md";
const SOURCES: &str = "crates/policy/src/";
// Inputs that a property is tried on for each mutant.
const PROPERTY_CASES: &str = "64";
// Requests that the reference evaluator is asked for each mutant.
const REFERENCE_CASES: &str = "8000";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_page_tells_of_is_there() {
        let root = root().unwrap();
        let page = std::fs::read_to_string(root.join(PAGE)).unwrap();
        let entries = page.lines().filter(|line| line.starts_with("- ")).count();
        assert_eq!(told(&page).count(), entries);
        for it in told(&page) {
            let text = std::fs::read_to_string(root.join(SOURCES).join(it.file)).unwrap();
            assert!(text.lines().any(|line| line.contains(it.part)), "{it:?}");
        }
    }

    #[test]
    fn a_survivor_is_its_place_and_its_change() {
        let line = "crates/policy/src/pattern/search.rs:24:15: replace += with *= in search";
        let missed = Missed {
            file: "pattern/search.rs",
            line: 24,
            mutant: "replace += with *= in search",
        };
        assert_eq!(Missed::read(line), Some(missed));
        assert_eq!(Missed::read("crates/agent/src/lib.rs:1:1: x"), None);
        assert_eq!(Missed::read("crates/policy/src/lib.rs"), None);
    }

    #[test]
    fn an_entry_is_told_with_its_file() {
        let page = "# T\n\n- no entry\n\n## a.rs\n\n- `x | y`, `replace | with ^ in f`: why\n";
        let entry = Told {
            file: "a.rs",
            part: "x | y",
            mutant: "replace | with ^ in f",
        };
        assert_eq!(told(page).collect::<Vec<_>>(), [entry]);
    }
}
