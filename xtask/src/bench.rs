//! `cargo xtask bench`: the release binary beside bare servers, turn by turn, in one run.
//! `bench size` measures what grows, `bench enter` what a command on an instance costs, `bench
//! guard` what the guard adds to a read, `bench agent` beside AWS's own agent, which comes from
//! crates.io, `bench moto` beside moto's server, `bench audit` the auditor on large accounts,
//! moto's among them, `bench tree` beside another scanner of keys; both come from PyPI; `bench
//! etcd` three servers over one etcd, `bench etcd-size` what the records of large accounts take in
//! one, and `bench s3` objects beside nginx and `dd`.

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};

use crate::prepare;
use crate::workspace::{cargo, root, succeed};

/// Builds both in release and prints the table.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    let what: Vec<&str> = arguments.iter().map(String::as_str).collect();
    ensure!(
        matches!(
            what.as_slice(),
            [] | ["size"
                | "enter"
                | "guard"
                | "agent"
                | "audit"
                | "moto"
                | "tree"
                | "etcd"
                | "etcd-size"
                | "s3"]
                | ["audit", "small"]
        ),
        "`bench` takes `size`, `enter`, `guard`, `agent`, `audit`, `moto`, `tree`, `etcd`, \
         `etcd-size`, `s3` or nothing\n{}",
        crate::USAGE
    );
    let other = match what.as_slice() {
        ["moto" | "audit", ..] => Some(prepare::moto_server()?),
        ["agent"] => Some(peer()?),
        ["tree"] => Some(prepare::scanner()?),
        ["etcd" | "etcd-size"] => Some(prepare::etcd()?),
        ["s3"] => Some(prepare::nginx()?),
        _ => None,
    };
    let mut arguments = arguments.to_vec();
    arguments.extend(other.map(|path| path.to_string_lossy().into_owned()));
    let packages = ["--package", "rolecall", "--package", "rolecall-bench"];
    succeed(cargo(&["build", "--release"])?.args(packages))?;
    let built = root()?.join("target/release");
    let mut bench = Command::new(built.join("rolecall-bench"));
    succeed(bench.arg(built.join("rolecall")).args(arguments))?;
    Ok(ExitCode::SUCCESS)
}

/// AWS's own agent, built once as its makers build it. Nothing but this benchmark knows of it.
fn peer() -> Result<PathBuf> {
    let folder = root()?.join("target/tools/peer");
    let program = folder.join("bin/aws-workload-credentials-provider");
    if program.is_file() {
        return Ok(program);
    }
    let mut install = cargo(&["install", "--locked", "--version", PEER_VERSION])?;
    install.arg("--root").arg(&folder).arg(PEER);
    succeed(&mut install).context("crates.io is needed for AWS's agent")?;
    Ok(program)
}

const PEER: &str = "aws_workload_credentials_provider";
const PEER_VERSION: &str = "3.1.2";
