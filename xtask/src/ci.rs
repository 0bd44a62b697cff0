//! `cargo xtask ci`: all that a change must pass, in the order of what fails fastest.

use std::process::ExitCode;

use anyhow::{Result, ensure};

use crate::workspace::{cargo, succeed};
use crate::{actions, managed_policies, prepare, say, shapes, test};

/// Stops at the first step that fails.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    ensure!(
        arguments.is_empty(),
        "`ci` takes no argument\n{}",
        crate::USAGE
    );
    say("== formatting");
    succeed(&mut cargo(&["fmt", "--all", "--check"])?)?;
    say("== lints");
    let lints = [
        "clippy",
        "--workspace",
        "--exclude",
        BENCHMARK,
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ];
    succeed(&mut cargo(&lints)?)?;
    // `--all-targets` leaves out what is tested by name only. The same packages are selected: with
    // fewer, their dependencies would have other features, and be compiled again.
    let by_name = [
        "clippy",
        "--workspace",
        "--exclude",
        BENCHMARK,
        "--test",
        "oracle",
        "--test",
        "scenario",
        "--",
        "-D",
        "warnings",
    ];
    succeed(&mut cargo(&by_name)?)?;
    say("== documentation");
    let mut documentation = cargo(&["doc", "--workspace", "--exclude", BENCHMARK, "--no-deps"])?;
    succeed(documentation.env("RUSTDOCFLAGS", "-D warnings"))?;
    say("== shapes");
    prepare::run()?;
    let shapes = shapes::run(&["--check".to_owned()])?;
    if shapes != ExitCode::SUCCESS {
        return Ok(shapes);
    }
    say("== actions");
    let actions = actions::run(&["--check".to_owned()])?;
    if actions != ExitCode::SUCCESS {
        return Ok(actions);
    }
    say("== managed policies");
    let policies = managed_policies::run(&["--check".to_owned()])?;
    if policies != ExitCode::SUCCESS {
        return Ok(policies);
    }
    test::run(&[])
}

// Compares with another policy engine, which is large; nothing but the comparison builds it.
const BENCHMARK: &str = "rolecall-bench-policy";
