//! The command itself: how it is started, what it is sent, and how it ended.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitStatus};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::process::Child;
use tokio::time::{Instant, timeout_at};

use super::delivery::{Files, Parts, Plan};
use super::signals::{Signals, comes_from_terminal};
use crate::cli::Exec;
use crate::client::TOKEN_VARIABLES;
use crate::failure::{Exit, Failure};
use crate::host::in_memory;

/// The command as it runs. Dropping it kills it.
#[derive(Debug)]
pub(super) struct Running {
    child: Child,
}

/// How it ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ended(ExitStatus);

impl Ended {
    /// As a shell tells it.
    pub(super) fn code(self) -> u8 {
        let code = self.0.code().and_then(|code| u8::try_from(code).ok());
        let signal = self.0.signal().and_then(|signal| u8::try_from(signal).ok());
        code.or(signal.map(|signal| SIGNAL_BASE.saturating_add(signal)))
            .unwrap_or(u8::MAX)
    }
}

/// The exit code of a process that a signal ended.
pub(super) fn code_of(signal: Signal) -> u8 {
    u8::try_from(signal.as_raw()).map_or(u8::MAX, |signal| SIGNAL_BASE.saturating_add(signal))
}

impl Running {
    pub(super) fn start(
        flags: &Exec,
        plan: &Plan,
        parts: &Parts,
        files: &Files,
    ) -> Result<Self, Failure> {
        let command = command(flags, plan, parts, files)?;
        let mut command = tokio::process::Command::from(command);
        let child = command.kill_on_drop(true).spawn();
        let child = child.map_err(|error| unstarted(flags, &error))?;
        Ok(Self { child })
    }

    /// Waits for its end.
    pub(super) async fn ended(&mut self) -> Result<Ended, Failure> {
        let ended = self.child.wait().await;
        ended.map(Ended).map_err(|error| {
            Failure::unfinished(format!("the command cannot be waited for: {error}"))
        })
    }

    /// Passes on what was sent to this process.
    pub(super) fn pass(&self, signal: Signal) {
        if !comes_from_terminal(signal) {
            self.send(signal);
        }
    }

    pub(super) fn send(&self, signal: Signal) {
        let id = self.child.id().and_then(|id| i32::try_from(id).ok());
        if let Some(process) = id.and_then(Pid::from_raw) {
            let _gone = kill_process(process, signal);
        }
    }

    /// Stops it, so that it can start again. If this process is told to end meanwhile, tells how
    /// the command ended for good.
    pub(super) async fn stop(&mut self, signals: &mut Signals) -> Result<Option<Ended>, Failure> {
        let until = Instant::now() + STOP_TIME_MAX;
        self.send(Signal::TERM);
        let mut for_good = false;
        loop {
            tokio::select! {
                ended = timeout_at(until, self.child.wait()) => {
                    if ended.is_err() {
                        tracing::warn!("the command did not end in time and is killed");
                        self.send(Signal::KILL);
                    }
                    let ended = self.ended().await?;
                    return Ok(for_good.then_some(ended));
                }
                signal = signals.next() => {
                    for_good |= ENDING.contains(&signal);
                    self.pass(signal);
                }
            }
        }
    }
}

/// The command with all that it gets.
pub(super) fn command(
    flags: &Exec,
    plan: &Plan,
    parts: &Parts,
    files: &Files,
) -> Result<Command, Failure> {
    let (program, arguments) = flags
        .command
        .split_first()
        .ok_or_else(|| Failure::wrong("no command is given"))?;
    let mut command = Command::new(program);
    command.args(arguments);
    if flags.pristine {
        command.env_clear();
    } else if !flags.pass_agent_token {
        for name in without() {
            command.env_remove(name);
        }
    }
    for (name, value) in plan.variables(parts) {
        command.env(name, OsStr::from_bytes(value.expose()));
    }
    if let Some(folder) = files.folder() {
        command.env(FOLDER, folder);
    }
    if let Some(stdin) = &parts.stdin {
        command.stdin(in_memory(stdin)?);
    }
    Ok(command)
}

/// Variables with the agent's token. That of a container's credentials stays where there are such.
pub(in crate::commands) fn without() -> impl Iterator<Item = &'static str> {
    let container = CONTAINER_URIS
        .iter()
        .any(|name| std::env::var_os(name).is_some());
    TOKEN_VARIABLES
        .iter()
        .copied()
        .filter(move |name| !(container && name.starts_with("AWS_CONTAINER_")))
}

/// Codes as every shell and wrapper has them.
pub(super) fn unstarted(flags: &Exec, error: &std::io::Error) -> Failure {
    let name = flags.command.first().map(|name| name.to_string_lossy());
    let mut failure = Failure::wrong(format!(
        "`{}` cannot be started: {error}",
        name.unwrap_or_default()
    ));
    failure.exit = Exit::Child(match error.kind() {
        ErrorKind::NotFound => NOT_FOUND,
        _ => NOT_STARTED,
    });
    failure
}

const FOLDER: &str = "ROLECALL_FILES";
const CONTAINER_URIS: [&str; 2] = [
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
];
const ENDING: [Signal; 4] = [Signal::HUP, Signal::INT, Signal::QUIT, Signal::TERM];
const STOP_TIME_MAX: Duration = Duration::from_secs(10);
const SIGNAL_BASE: u8 = 128;
const NOT_STARTED: u8 = 126;
const NOT_FOUND: u8 = 127;
