//! `cargo xtask fuzz`: the coverage-guided fuzzer on one target of the package `fuzz`, or on each
//! in turn. Knows no target: their names are those of its files.

use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::workspace::{cargo, root, succeed};

/// Stops at the first target that finds a flaw; the bytes are then below `fuzz/artifacts`.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    let mut seconds = SECONDS;
    let mut wanted = None;
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--seconds" => {
                let value = arguments.next().context("`--seconds` needs a number")?;
                seconds = value
                    .parse()
                    .with_context(|| format!("`{value}` is no number of seconds"))?;
            }
            name if wanted.is_none() && !name.starts_with('-') => wanted = Some(name.to_owned()),
            other => bail!("unknown argument `{other}`\n{}", crate::USAGE),
        }
    }
    installed()?;
    let targets = targets()?;
    if let Some(name) = &wanted {
        let all = targets.join(", ");
        ensure!(
            targets.contains(name),
            "no target `{name}`\nhint: it is one of {all}"
        );
    }
    for target in targets {
        if wanted.as_ref().is_none_or(|wanted| *wanted == target) {
            fuzz(&target, seconds)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn installed() -> Result<()> {
    let found = cargo(&["fuzz", "--version"])?
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    ensure!(
        found.is_ok_and(|status| status.success()),
        "cargo has no command `fuzz`\nhint: cargo install cargo-fuzz"
    );
    Ok(())
}

fn targets() -> Result<Vec<String>> {
    let folder = root()?.join("fuzz/fuzz_targets");
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&folder)? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default();
        names.push(name.to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// What the fuzzer finds worth keeping stays below `target` for the next run.
fn fuzz(target: &str, seconds: u64) -> Result<()> {
    let corpus = root()?.join("target/fuzz-corpus").join(target);
    std::fs::create_dir_all(&corpus)
        .with_context(|| format!("cannot make `{}`", corpus.display()))?;
    let mut command = cargo(&["fuzz", "run", "--features", "coverage-guided"])?;
    // There is no unsafe code in what is fuzzed for a sanitizer to watch.
    command.args(["--sanitizer", "none", "--target-dir", "target/fuzz", target]);
    command.arg(&corpus).arg(format!("fuzz/seeds/{target}"));
    command.arg("--");
    command.args([
        format!("-max_total_time={seconds}"),
        format!("-max_len={INPUT_BYTES_MAX}"),
        format!("-timeout={INPUT_SECONDS_MAX}"),
        "-print_final_stats=1".to_owned(),
    ]);
    succeed(fast_to_build(&mut command))
}

/// The flags that instrument code are for a nightly compiler, and a stable one takes them when
/// told so. Optimising across packages takes minutes for each target and finds nothing.
fn fast_to_build(command: &mut Command) -> &mut Command {
    command
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
}

// For each target, unless told otherwise.
const SECONDS: u64 = 60;
// A policy at IAM's limits is larger; its flaws fit into less.
const INPUT_BYTES_MAX: u32 = 4_096;
// What takes longer for one input is a flaw.
const INPUT_SECONDS_MAX: u32 = 10;
