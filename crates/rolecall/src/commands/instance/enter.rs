//! `rolecall instance enter`: a command in namespaces of its own, in which it is the instance.
//!
//! This process stays outside: it holds the connection to the account, which serves the instance
//! as long as that is open, passes signals on, and ends as the command does.

use std::ffi::OsString;
use std::io::Write;
use std::net::TcpListener;
use std::os::unix::net::UnixStream;
use std::path::Path;

use super::inside::{self, Plan, Work};
use super::keeper::Keeper;
use crate::cli::Enter;
use crate::control::Control;
use crate::failure::{Exit, Failure};
use crate::host::namespaces::{self, Forked, Inside};
use crate::host::{Blocked, passing};

/// Runs the command to its end.
pub(super) fn run(flags: Enter) -> Result<Exit, Failure> {
    let control = Control::connect(flags.entering.running.data.clone())?;
    let (instance, authority) = control.enter(&flags.id, &flags.entering.imds_option)?;
    let is_shell = is_shell(&flags.command);
    let inside = if flags.root {
        Inside::Root
    } else {
        Inside::Same
    };
    let plan = Plan {
        flags: flags.entering,
        instance,
        authority,
        work: Work::Command(if flags.command.is_empty() {
            shell()
        } else {
            flags.command
        }),
        is_shell,
        output: None,
    };
    let entered = enter(plan, control, inside)?;
    entered.wait()
}

/// The command as it runs inside.
pub(super) enum Entered {
    /// Outside.
    Running(Box<Running>),
    /// Inside: nothing is left to do there.
    Ended(Exit),
}

pub(super) struct Running {
    first: rustix::process::Pid,
    signals: Blocked,
    /// The account serves the instance as long as this is open.
    pub(super) control: Control,
}

impl Entered {
    fn wait(self) -> Result<Exit, Failure> {
        match self {
            Self::Running(running) => running.wait(),
            Self::Ended(exit) => Ok(exit),
        }
    }
}

impl Running {
    pub(super) fn wait(&self) -> Result<Exit, Failure> {
        let code = self.signals.wait(self.first)?;
        self.signals.take_terminal_back();
        Ok(Exit::Child(code))
    }
}

/// Begins the command. What goes wrong inside is told there, and shows here as an exit code.
pub(super) fn enter(plan: Plan, control: Control, inside: Inside) -> Result<Entered, Failure> {
    let signals = Blocked::new()?;
    let broken = |error: std::io::Error| {
        Failure::unfinished(format!("the namespaces cannot be spoken to: {error}"))
    };
    let (mut ours, theirs) = UnixStream::pair().map_err(broken)?;
    let first = match namespaces::fork()? {
        Forked::Child => {
            drop(ours);
            return inside::run(&plan, control, theirs, &signals).map(Entered::Ended);
        }
        Forked::Parent(first) => first,
    };
    let mut keeper = Keeper {
        data: plan.flags.running.data.clone(),
        id: plan.instance.instance_id.clone(),
        imds_options: plan.flags.imds_option.clone(),
        listeners: Vec::new(),
        // The terminal is the command's.
        says: |_| {},
    };
    drop((theirs, plan));
    if let Err(failure) = namespaces::map_users(first, inside) {
        namespaces::give_up(first);
        return Err(failure);
    }
    // Where one of these fails, the child has told why, and has ended.
    let mut sockets = Vec::new();
    let begun = ours
        .write_all(&[0])
        .and_then(|()| Ok(passing::receive(&ours, &mut [0], &mut sockets)?));
    let _told = begun.and_then(|_| ours.write_all(&[0]));
    keeper.listeners = sockets.into_iter().map(TcpListener::from).collect();
    drop(keeper.start());
    Ok(Entered::Running(Box::new(Running {
        first,
        signals,
        control,
    })))
}

/// Whether somebody is going to type commands: nothing, or a shell without a script.
fn is_shell(command: &[OsString]) -> bool {
    match command {
        [] => true,
        [program] => {
            let name = Path::new(program).file_name();
            name.is_some_and(|name| name.as_encoded_bytes().ends_with(b"sh"))
        }
        _ => false,
    }
}

fn shell() -> Vec<OsString> {
    let own = std::env::var_os("SHELL").filter(|shell| !shell.is_empty());
    vec![own.unwrap_or_else(|| OsString::from("/bin/sh"))]
}
