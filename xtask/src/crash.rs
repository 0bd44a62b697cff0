//! `cargo xtask crash`: the release binary is killed among writes, as often as asked for.

use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::workspace::{cargo, succeed};

/// A failed run says its seed; the same one fails again, as far as two processes allow.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    let (mut rounds, mut seed) = (ROUNDS, 0_u64);
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let number = match argument.as_str() {
            "--rounds" => &mut rounds,
            "--seed" => &mut seed,
            other => bail!("unknown argument `{other}`\n{}", crate::USAGE),
        };
        let value = arguments
            .next()
            .with_context(|| format!("`{argument}` needs a number"))?;
        *number = value
            .parse()
            .with_context(|| format!("`{value}` is no number"))?;
    }
    let mut test = cargo(&["test", "--release", "--package", "rolecall"])?;
    test.args(["--test", "crash"])
        .env("ROLECALL_CRASH_ROUNDS", rounds.to_string())
        .env("ROLECALL_CRASH_SEED", seed.to_string());
    succeed(&mut test)?;
    Ok(ExitCode::SUCCESS)
}

const ROUNDS: u64 = 1_000;
