//! `cargo xtask test`: every test there is, after preparing what the scenario tests run.
//!
//! Knows the order of the runs and adds up what they report; it goes on after a run that failed,
//! so that one call tells all.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::workspace::{cargo, shown};
use crate::{dependencies, package, prepare, say};

/// Prepares and tests, or with `--prepare` only prepares.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    let prepare_only = match arguments {
        [] => false,
        [flag] if flag == "--prepare" => true,
        [other, ..] => bail!("unknown argument `{other}`\n{}", crate::USAGE),
    };
    say("== tools");
    let tools = prepare::run()?;
    if prepare_only {
        return Ok(ExitCode::SUCCESS);
    }
    all(&tools)
}

fn all(tools: &Path) -> Result<ExitCode> {
    let mut pure = vec!["test", "--no-fail-fast", "--package", "xtask"];
    pure.extend(["--package", "rolecall-fuzz"]);
    for package in dependencies::PURE {
        pure.extend(["--package", package.name]);
    }
    let binary = [
        "test",
        "--no-fail-fast",
        "--profile",
        PROFILE,
        "--package",
        "rolecall",
    ];
    let scenario = [binary.as_slice(), &["--test", "scenario"]].concat();
    // With the same packages selected, dependencies are not compiled with other features again.
    let oracle = [pure.as_slice(), &["--test", "oracle"]].concat();
    // As the tests want it, which is what is packaged then: it is compiled once, with both cores.
    let build = ["--no-run", "--bin", "rolecall", "--test", "*"];
    let build = [binary.as_slice(), &build].concat();
    let before: [(&str, &[&str]); 3] = [
        (
            "the pure packages, their fuzz targets and the tree, with debug assertions",
            &pure,
        ),
        ("the policy language beside an independent oracle", &oracle),
        ("the binary, optimised, and what tests it", &build),
    ];
    let after: [(&str, &[&str]); 2] = [
        ("the binary's own tests", &binary),
        ("scenarios: the binary against real clients", &scenario),
    ];
    let run = |&(title, arguments): &(&'static str, &[&str])| {
        say(&format!("== {title}"));
        let start = Instant::now();
        let mut command = cargo(arguments)?;
        command.env("ROLECALL_TEST_TOOLS", tools);
        Ok((title, count(&mut command)?, start.elapsed()))
    };
    let mut summary: Vec<_> = before.iter().map(run).collect::<Result<_>>()?;
    summary.push(the_package());
    for runs in &after {
        summary.push(run(runs)?);
    }
    say("== summary");
    let mut total = Count::default();
    for (title, count, took) in summary {
        say(&format!(
            "{:>5} passed {:>3} failed {:>5} s  {title}",
            count.passed,
            count.failed,
            took.as_secs()
        ));
        total.passed += count.passed;
        total.failed += count.failed;
    }
    show(&format!("{} passed, {} failed", total.passed, total.failed))?;
    Ok(match total.failed {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}

/// Its flaws are told together, and count as one.
fn the_package() -> (&'static str, Count, Duration) {
    let start = Instant::now();
    let title = "the Debian package, also under systemd";
    say(&format!("== {title}"));
    let made = prepare::cargo_deb().and_then(|cargo_deb| package::make(&cargo_deb, PROFILE));
    let count = match made {
        Ok(passed) => Count { passed, failed: 0 },
        Err(error) => {
            say(&format!("error: {error:#}"));
            Count {
                passed: 0,
                failed: 1,
            }
        }
    };
    (title, count, start.elapsed())
}

/// Runs cargo, passing its output on as it comes. A run that fails without a failed test (it did
/// not compile, or it crashed) counts as one.
fn count(command: &mut Command) -> Result<Count> {
    let shown = shown(command);
    say(&format!("$ {shown}"));
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{shown}`"))?;
    let output = child.stdout.take().context("cargo has no output")?;
    let mut count = Count::default();
    for line in BufReader::new(output).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        show(&line)?;
        if let Some(result) = Count::read(&line) {
            count.passed += result.passed;
            count.failed += result.failed;
        }
    }
    if !child.wait()?.success() && count.failed == 0 {
        count.failed = 1;
    }
    Ok(count)
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Count {
    passed: u64,
    failed: u64,
}

impl Count {
    /// Reads `test result: ok. 12 passed; 0 failed; …`.
    fn read(line: &str) -> Option<Self> {
        let (_, rest) = line.split_once("test result: ")?;
        let of = |word: &str| {
            let (before, _) = rest.split_once(word)?;
            before.split_whitespace().next_back()?.parse().ok()
        };
        Some(Self {
            passed: of(" passed;")?,
            failed: of(" failed;")?,
        })
    }
}

fn show(line: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").context("cannot write to standard output")
}

// Between two builds: as optimised as tests need it, and compiled in half the time of a release.
const PROFILE: &str = "tested";

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expect: Option<(u64, u64)>) {
        let expect = expect.map(|(passed, failed)| Count { passed, failed });
        assert_eq!(Count::read(line), expect, "{line}");
    }

    #[test]
    fn results_are_read_and_nothing_else() {
        check(
            "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 3 filtered out",
            Some((12, 0)),
        );
        check(
            "test result: FAILED. 1 passed; 20 failed; 0 ignored",
            Some((1, 20)),
        );
        check("test a_test ... ok", None);
        check("test result: unclear", None);
        check("12 passed; 0 failed;", None);
    }
}
