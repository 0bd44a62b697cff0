//! The first process of the new namespaces: it furnishes them, starts the command, or the steps of
//! a boot, and waits for the end. When it ends, the kernel ends every process in there.

use std::ffi::OsString;
use std::io::Read;
use std::net::SocketAddr;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use rustix::process::Pid;

use super::boot::{Given, Script, Step};
use super::network::{Network, Wanted};
use super::surroundings;
use crate::cli::Entering;
use crate::control::{Control, Purpose, Shown};
use crate::failure::{Exit, Failure};
use crate::host::{Blocked, mounts, namespaces, passing};
use crate::term;

/// What is to be run, and how it is to be around it.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) flags: Entering,
    pub(super) instance: Shown,
    /// What is to be trusted, PEM.
    pub(super) authority: String,
    pub(super) work: Work,
    /// Whether the command is a shell that a person uses.
    pub(super) is_shell: bool,
    /// Where the command's output goes, if not where this one's does.
    pub(super) output: Option<OwnedFd>,
}

/// What is run.
#[derive(Debug)]
pub(super) enum Work {
    Command(Vec<OsString>),
    /// User data, one step after the other.
    Boot(Vec<Step>),
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
    let gone = |_: std::io::Error| Failure::unfinished("the command was ended before it began");
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
    let bundle = furnish(plan)?;
    // A name that nobody could look up is none.
    if !plan.flags.no_names {
        let name = &plan.instance.private_dns_name;
        namespaces::name_host(name)
            .map_err(|errno| namespaces::refused("the instance cannot be named", errno))?;
    }
    let ways = Ways { bundle, endpoint };
    // Those that the parent is to answer on when the account is gone.
    let metadata = sockets
        .iter()
        .filter(|(purpose, _)| *purpose == Purpose::Metadata);
    let metadata: Vec<_> = metadata.map(|(_, socket)| socket.as_fd()).collect();
    // Had the parent ended before the kernel was told what that means, it would not answer.
    passing::send(&parent, &[0], &metadata).map_err(|errno| gone(errno.into()))?;
    // The account has them; were they open here too, connections would wait after its end.
    drop((sockets, control));
    parent.read_exact(&mut [0]).map_err(gone)?;
    drop(parent);
    let code = match &plan.work {
        Work::Command(words) => {
            let command = command(plan, &ways, words)?;
            end_of(command, words, plan.is_shell, signals)?
        }
        Work::Boot(steps) => boot(plan, &ways, steps, signals)?,
    };
    drop(held);
    Ok(Exit::Child(code))
}

/// Starts a command and waits for its end.
fn end_of(
    mut command: Command,
    words: &[OsString],
    leads: bool,
    signals: &Blocked,
) -> Result<u8, Failure> {
    let started = signals.spawn(&mut command, leads);
    let child = started.map_err(|error| unstarted(words, &error))?;
    // It holds the other end of the output.
    drop(command);
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let pid = pid.ok_or_else(|| Failure::unfinished("the command has no number"))?;
    signals.wait(pid)
}

/// Takes step after step, also after one that failed; the code is that of the first that did.
fn boot(plan: &Plan, ways: &Ways, steps: &[Step], signals: &Blocked) -> Result<u8, Failure> {
    let mut code = 0;
    for step in steps {
        let ended = match step {
            Step::Script(script) => run_script(plan, ways, script, signals),
            Step::Files(files) => files.iter().try_for_each(Given::write).map(|()| 0),
        };
        let ended = match ended {
            Ok(ended) => ended,
            Err(failure) => {
                say(plan, &failure)?;
                match failure.exit {
                    Exit::Child(code) => code,
                    _ => FAILED,
                }
            }
        };
        if code == 0 {
            code = ended;
        }
        // Somebody wants it all to end.
        if ENDED.contains(&ended) {
            break;
        }
    }
    Ok(code)
}

fn run_script(plan: &Plan, ways: &Ways, script: &Script, signals: &Blocked) -> Result<u8, Failure> {
    let Some((words, file)) = script.ready()? else {
        let name = term::shown(&script.name);
        let mut failure = Failure::wrong(format!("`{name}` names no program after `#!`"));
        failure.exit = Exit::Child(NOT_STARTED);
        return Err(failure);
    };
    let mut command = command(plan, ways, &words)?;
    command.env("INSTANCE_ID", &plan.instance.instance_id);
    let ended = end_of(command, &words, false, signals);
    drop(file);
    ended
}

/// Where the output goes.
fn say(plan: &Plan, failure: &Failure) -> Result<(), Failure> {
    let line = format!("error: {}\n", failure.message);
    let written = match &plan.output {
        Some(output) => rustix::io::write(output, line.as_bytes()),
        None => return Ok(()),
    };
    let unsaid = |errno| Failure::unfinished(format!("the output cannot be written: {errno}"));
    written.map(drop).map_err(unsaid)
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

fn command(plan: &Plan, ways: &Ways, words: &[OsString]) -> Result<Command, Failure> {
    let nothing = || Failure::wrong("no command is given");
    let (program, arguments) = words.split_first().ok_or_else(nothing)?;
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

const FAILED: u8 = 1;
const NOT_STARTED: u8 = 126;
const NOT_FOUND: u8 = 127;
/// By SIGHUP, SIGINT, SIGQUIT, SIGTERM.
const ENDED: [u8; 4] = [129, 130, 131, 143];
