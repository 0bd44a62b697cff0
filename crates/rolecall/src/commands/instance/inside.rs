//! The first process of the new namespaces: it furnishes them, starts the command, and waits for
//! its end. When it ends, the kernel ends every process in there.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use rustix::process::Pid;

use super::network::{Network, Wanted};
use super::surroundings;
use crate::cli::Entering;
use crate::control::{Control, Shown};
use crate::failure::{Exit, Failure};
use crate::host::{Blocked, mounts, namespaces};

/// What is to be run, and how it is to be around it.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) flags: Entering,
    pub(super) instance: Shown,
    /// What is to be trusted, PEM.
    pub(super) authority: String,
    pub(super) command: Vec<OsString>,
    /// Whether the command is a shell that a person uses.
    pub(super) is_shell: bool,
    /// Where the command's output goes, if not where this one's does.
    pub(super) output: Option<OwnedFd>,
}

/// Variables that lead to the account.
#[derive(Debug, Default)]
struct Ways {
    bundle: Option<PathBuf>,
    endpoint: Option<SocketAddr>,
}

/// Runs the command to its end, once the parent has said who is who.
pub(super) fn run(
    plan: &Plan,
    control: Control,
    mut parent: UnixStream,
    signals: &Blocked,
) -> Result<Exit, Failure> {
    let gone = |_| Failure::unfinished("the command was ended before it began");
    parent.read_exact(&mut [0]).map_err(gone)?;
    namespaces::end_with_parent()?;
    let network = Network::make(Wanted {
        container: plan.flags.container,
        names: !plan.flags.no_names,
        private_ip: plan.instance.private_ip,
    })?;
    control.serve(&network.sockets)?;
    let Network {
        sockets,
        endpoint,
        held,
    } = network;
    // The account has them; were they open here too, connections would wait after its end.
    drop((sockets, control));
    let bundle = furnish(plan)?;
    let ways = Ways { bundle, endpoint };
    // Had the parent ended before the kernel was told what that means, it would not answer.
    parent.write_all(&[0]).map_err(gone)?;
    parent.read_exact(&mut [0]).map_err(gone)?;
    drop(parent);
    let mut command = command(plan, &ways)?;
    let started = signals.spawn(&mut command, plan.is_shell);
    let child = started.map_err(|error| unstarted(&plan.command, &error))?;
    // It holds the other end of the output.
    drop(command);
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let pid = pid.ok_or_else(|| Failure::unfinished("the command has no number"))?;
    let code = signals.wait(pid)?;
    drop(held);
    Ok(Exit::Child(code))
}

/// Puts files in place; where what is to be trusted stands, if it is needed.
fn furnish(plan: &Plan) -> Result<Option<PathBuf>, Failure> {
    let failed = |errno| namespaces::refused("the files of the instance cannot be made", errno);
    mounts::part().map_err(failed)?;
    let hidden = surroundings::hidden(&plan.flags);
    hidden
        .iter()
        .try_for_each(|folder| mounts::hide(folder))
        .map_err(failed)?;
    let mut bundle = None;
    if !plan.flags.no_names {
        let mut files = surroundings::names();
        let bundles = surroundings::bundles(&plan.authority);
        bundle = bundles.first().map(|first| first.path.clone());
        files.extend(bundles);
        mounts::show(&files).map_err(failed)?;
        if bundle.is_none() {
            let left = mounts::leave("rolecall-authority.pem", plan.authority.as_bytes());
            bundle = Some(left.map_err(failed)?);
        }
    }
    mounts::show_processes();
    Ok(bundle)
}

fn command(plan: &Plan, ways: &Ways) -> Result<Command, Failure> {
    let nothing = || Failure::wrong("no command is given");
    let (program, arguments) = plan.command.split_first().ok_or_else(nothing)?;
    let mut command = Command::new(program);
    command.args(arguments);
    for name in surroundings::without(&plan.flags) {
        command.env_remove(name);
    }
    let id = plan.instance.instance_id.as_str();
    let with = surroundings::with(&plan.flags, id, ways.bundle.as_deref(), ways.endpoint);
    command.envs(with);
    if plan.is_shell {
        command.envs(surroundings::prompt(id));
    }
    if let Some(output) = &plan.output {
        let copy = || {
            let copy = output.try_clone().map_err(|error| {
                Failure::unfinished(format!("the output cannot be taken: {error}"))
            });
            copy.map(Stdio::from)
        };
        command.stdin(Stdio::null()).stdout(copy()?).stderr(copy()?);
    }
    Ok(command)
}

/// Codes as every shell and wrapper has them.
fn unstarted(command: &[OsString], error: &std::io::Error) -> Failure {
    let name = command.first().map(|name| name.to_string_lossy());
    let name = name.unwrap_or_default();
    let mut failure = Failure::wrong(format!("`{name}` cannot be started: {error}"));
    failure.exit = Exit::Child(match error.kind() {
        std::io::ErrorKind::NotFound => NOT_FOUND,
        _ => NOT_STARTED,
    });
    failure
}

const NOT_STARTED: u8 = 126;
const NOT_FOUND: u8 = 127;
