//! The package installed, upgraded, removed and purged, and its unit run under systemd, in copies
//! of this machine that are gone afterwards.
//!
//! A copy is an overlay over the root folder in namespaces of its own: what is written goes to
//! memory. Where that is not allowed (a container without rights), the package is unpacked and its
//! program tried, and that the rest is missing is said.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use super::said;
use crate::say;
use crate::workspace::{root, succeed};

/// Tells how many checks it passed.
pub(super) fn run(package: &Path, folder: &Path) -> Result<u64> {
    let unpacked = folder.join("unpacked");
    let check = said(
        Command::new(unpacked.join("usr/bin/rolecall"))
            .args(["agent", "--check", "--config"])
            .arg(unpacked.join("etc/rolecall/agent.yaml")),
    )?;
    ensure!(check.ends_with(": ok\n"), "{check}");
    let out = folder.join("out");
    crate::prepare::fresh(&out)?;
    if !can_have_a_copy(folder) {
        say("SKIPPED: the package is not installed, as no copy of this machine can be made");
        say("hint: run as root where mounting is allowed, as with `--privileged` in a container");
        return Ok(1);
    }
    let scripts = root()?.join("xtask/src/package");
    let copy = folder.join("copy");
    let in_copy = |script: &str| -> Result<Command> {
        crate::prepare::fresh(&copy)?;
        let mut command = isolated();
        command.args(["sh", "-eu"]).arg(scripts.join("copy.sh"));
        command.arg(&copy).arg(package).arg(scripts.join(script));
        command.arg(&out).stdin(Stdio::null());
        Ok(command)
    };
    let tried = succeed(&mut in_copy("try_out.sh")?);
    remove_control_group(&copy)?;
    tried?;
    std::fs::copy(scripts.join("trial.sh"), out.join("trial.sh"))?;
    let mut boot = in_copy("boot.sh")?;
    say(&format!("$ {}", crate::workspace::shown(&boot)));
    let said = boot.output().context("cannot start `unshare`")?;
    remove_control_group(&copy)?;
    let log = std::fs::read_to_string(out.join("log")).unwrap_or_default();
    if log.lines().next_back() != Some("passed") {
        let before = String::from_utf8_lossy(&said.stderr);
        bail!("the unit does not do under systemd what it must:\n{before}\n{log}");
    }
    let mut checks = 1;
    for script in ["try_out.sh", "trial.sh"] {
        let text = std::fs::read_to_string(scripts.join(script))?;
        let lines = text.lines().filter(|line| is_check(line)).count();
        checks += u64::try_from(lines)?;
    }
    Ok(checks)
}

fn is_check(line: &str) -> bool {
    ["test ", "grep -q", "until_true "]
        .iter()
        .any(|start| line.starts_with(start))
        || line.contains(" | grep -q")
}

/// `timeout`, as nobody looks at what systemd does.
fn isolated() -> Command {
    let mut command = Command::new("timeout");
    command.args(["--signal=KILL", "120", "unshare"]);
    command.args([
        "--mount",
        "--pid",
        "--fork",
        "--kill-child",
        "--ipc",
        "--uts",
    ]);
    command
}

/// What `copy.sh` has made, and systemd in it.
fn remove_control_group(folder: &Path) -> Result<()> {
    let script = "mount -t cgroup2 cgroup2 $1; find $1/rolecall-copy -depth -type d -delete";
    let mut command = isolated();
    command.args(["sh", "-euc", script, "sh"]).arg(folder);
    said(&mut command).map(drop)
}

fn can_have_a_copy(folder: &Path) -> bool {
    let mut attempt = isolated();
    attempt
        .args(["mount", "-t", "cgroup2", "cgroup2"])
        .arg(folder);
    let attempt = attempt.stdout(Stdio::null()).stderr(Stdio::null());
    attempt.status().is_ok_and(|status| status.success())
}
