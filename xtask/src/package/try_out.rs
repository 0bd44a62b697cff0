//! The package installed, upgraded, removed and purged, in a copy of this machine that is gone
//! afterwards.
//!
//! The copy is an overlay over the root folder in a mount namespace of its own: what is written
//! goes to memory. Where that is not allowed (a container without rights), the package is unpacked
//! and its program tried, and that the rest is missing is said.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Result, ensure};

use super::said;
use crate::say;
use crate::workspace::{root, succeed};

/// Tells how many checks it passed.
pub(super) fn run(package: &Path, folder: &Path) -> Result<usize> {
    let unpacked = folder.join("unpacked");
    let check = said(
        Command::new(unpacked.join("usr/bin/rolecall"))
            .args(["agent", "--check", "--config"])
            .arg(unpacked.join("etc/rolecall/agent.yaml")),
    )?;
    ensure!(check.ends_with(": ok\n"), "{check}");
    if !can_have_a_copy(folder) {
        say("SKIPPED: the package is not installed, as no copy of this machine can be made");
        say("hint: run as root where mounting is allowed, as with `--privileged` in a container");
        return Ok(1);
    }
    let copy = folder.join("copy");
    crate::prepare::fresh(&copy)?;
    let scripts = root()?.join("xtask/src/package");
    let try_out = scripts.join("try_out.sh");
    succeed(
        isolated()
            .args(["sh", "-eu"])
            .arg(scripts.join("copy.sh"))
            .arg(&copy)
            .arg(package)
            .arg(&try_out)
            .stdin(Stdio::null()),
    )?;
    let checks = std::fs::read_to_string(try_out)?;
    Ok(1 + checks.lines().filter(|line| is_check(line)).count())
}

fn is_check(line: &str) -> bool {
    line.starts_with("test ") || line.contains(" | grep -q")
}

fn isolated() -> Command {
    let mut command = Command::new("unshare");
    command.args(["--mount", "--pid", "--fork", "--ipc", "--uts"]);
    command
}

fn can_have_a_copy(folder: &Path) -> bool {
    let mut attempt = isolated();
    attempt.args(["mount", "-t", "tmpfs", "tmpfs"]).arg(folder);
    let attempt = attempt.stdout(Stdio::null()).stderr(Stdio::null());
    attempt.status().is_ok_and(|status| status.success())
}
