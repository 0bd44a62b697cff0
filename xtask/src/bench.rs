//! `cargo xtask bench`: the release binary beside bare servers, turn by turn, in one run.

use std::process::{Command, ExitCode};

use anyhow::{Result, ensure};

use crate::workspace::{cargo, root, succeed};

/// Builds both in release and prints the table.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    let is_known = matches!(arguments, [] | [_]) && arguments.iter().all(|what| what == "size");
    ensure!(
        is_known,
        "`bench` takes `size` or nothing\n{}",
        crate::USAGE
    );
    let packages = ["--package", "rolecall", "--package", "rolecall-bench"];
    succeed(cargo(&["build", "--release"])?.args(packages))?;
    let built = root()?.join("target/release");
    let mut bench = Command::new(built.join("rolecall-bench"));
    succeed(bench.arg(built.join("rolecall")).args(arguments))?;
    Ok(ExitCode::SUCCESS)
}
