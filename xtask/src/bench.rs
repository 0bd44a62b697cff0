//! `cargo xtask bench`: the release binary beside bare servers, turn by turn, in one run.
//! `bench size` measures what grows, `bench moto` beside moto's server, which comes from PyPI.

use std::process::{Command, ExitCode};

use anyhow::{Result, ensure};

use crate::prepare;
use crate::workspace::{cargo, root, succeed};

/// Builds both in release and prints the table.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    let what: Vec<&str> = arguments.iter().map(String::as_str).collect();
    ensure!(
        matches!(what.as_slice(), [] | ["size" | "moto"]),
        "`bench` takes `size`, `moto` or nothing\n{}",
        crate::USAGE
    );
    let mut arguments = arguments.to_vec();
    if what == ["moto"] {
        let server = prepare::moto_server()?;
        arguments.push(server.to_string_lossy().into_owned());
    }
    let packages = ["--package", "rolecall", "--package", "rolecall-bench"];
    succeed(cargo(&["build", "--release"])?.args(packages))?;
    let built = root()?.join("target/release");
    let mut bench = Command::new(built.join("rolecall-bench"));
    succeed(bench.arg(built.join("rolecall")).args(arguments))?;
    Ok(ExitCode::SUCCESS)
}
