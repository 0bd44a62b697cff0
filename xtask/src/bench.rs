//! `cargo xtask bench`: the release binary beside bare servers, turn by turn, in one run.

use std::process::{Command, ExitCode};

use anyhow::{Result, ensure};

use crate::workspace::{cargo, root, succeed};

/// Builds both in release and prints the table.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    ensure!(
        arguments.is_empty(),
        "`bench` takes no argument\n{}",
        crate::USAGE
    );
    let packages = ["--package", "rolecall", "--package", "rolecall-bench"];
    succeed(cargo(&["build", "--release"])?.args(packages))?;
    let built = root()?.join("target/release");
    succeed(Command::new(built.join("rolecall-bench")).arg(built.join("rolecall")))?;
    Ok(ExitCode::SUCCESS)
}
