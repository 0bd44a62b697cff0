//! `cargo xtask mutants`: which changes to the policy package no test notices.
//!
//! Knows where the survivors are told of, and none of them: `crates/policy/mutants.md`.

use std::process::{ExitCode, Stdio};

use anyhow::{Result, bail, ensure};

use crate::workspace::{cargo, succeed};

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
    succeed(&mut command)?;
    Ok(ExitCode::SUCCESS)
}

// Inputs that a property is tried on for each mutant.
const PROPERTY_CASES: &str = "64";
// Requests that the reference evaluator is asked for each mutant.
const REFERENCE_CASES: &str = "8000";
