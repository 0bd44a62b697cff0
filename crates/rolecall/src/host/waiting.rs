//! Waiting for a child while passing signals on to it, as one that the terminal does not notice.
//!
//! Signals are blocked and taken one by one, so none comes between two steps and no handler runs.
//! Those that the terminal sends go to the child by themselves. One that is ignored when this
//! starts stays ignored for both.
//!
//! Source: sigwaitinfo(2), tcsetpgrp(3) of the Linux manual.

use std::io::IsTerminal;
use std::os::fd::AsFd;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command};

use nix::sys::signal::{SigSet, Signal as Known};
use rustix::process::{Pid, Signal, WaitOptions, getpgrp, getpid, kill_process, setpgid, wait};
use rustix::termios::{tcgetpgrp, tcsetpgrp};

use crate::failure::Failure;

/// Signals, blocked from the moment this is made. Children begin with the same blocked.
#[derive(Debug)]
pub(crate) struct Blocked {
    set: SigSet,
    before: SigSet,
    had_terminal: bool,
}

impl Blocked {
    pub(crate) fn new() -> Result<Self, Failure> {
        let unheard = |error| Failure::unfinished(format!("signals cannot be heard: {error}"));
        wait_for_children();
        let mut set = SigSet::empty();
        for signal in PASSED {
            set.add(signal);
        }
        set.add(Known::SIGCHLD);
        let before = SigSet::thread_get_mask().map_err(unheard)?;
        set.thread_block().map_err(unheard)?;
        Ok(Self {
            set,
            before,
            had_terminal: has_terminal(),
        })
    }

    /// Starts a command that has none of them blocked. One that leads has the terminal to itself,
    /// as a shell wants it that starts where its group has no number.
    #[expect(unsafe_code, reason = "the mask is set between fork and exec")]
    pub(crate) fn spawn(&self, command: &mut Command, leads: bool) -> std::io::Result<Child> {
        let (before, leads) = (self.before, leads && self.had_terminal);
        let prepare = move || {
            if leads {
                setpgid(None, None)?;
                stop_at_nothing()?;
                tcsetpgrp(std::io::stdin().as_fd(), getpid())?;
            }
            Ok(before.thread_set_mask()?)
        };
        // SAFETY: it makes system calls that are allowed after a fork, and allocates nothing.
        unsafe {
            command.pre_exec(prepare);
        }
        command.spawn()
    }

    /// Waits for the end of a child, and takes what others left that nobody waits for; the code is
    /// as a shell tells it.
    pub(crate) fn wait(&self, child: Pid) -> Result<u8, Failure> {
        loop {
            if let Some(code) = reap(child)? {
                return Ok(code);
            }
            let (signal, from_kernel) = self.next()?;
            // The terminal sends its signals to the child as well.
            if signal != Signal::CHILD && !from_kernel {
                let _gone = kill_process(child, signal);
            }
        }
    }

    /// The next signal, and whether the kernel sent it of its own accord.
    #[expect(unsafe_code, reason = "who sent a signal has no safe wrapper")]
    fn next(&self) -> Result<(Signal, bool), Failure> {
        loop {
            let mut info = std::mem::MaybeUninit::<libc::siginfo_t>::zeroed();
            // SAFETY: both are valid for the call, and the kernel writes no more than the second.
            let number = unsafe { libc::sigwaitinfo(self.set.as_ref(), info.as_mut_ptr()) };
            if number < 0 {
                let error = std::io::Error::last_os_error();
                if error.kind() == std::io::ErrorKind::Interrupted {
                    continue;
                }
                let message = format!("signals cannot be heard: {error}");
                return Err(Failure::unfinished(message));
            }
            // SAFETY: the call succeeded, so it is filled in; zeroes are a value of it too.
            let info = unsafe { info.assume_init() };
            if let Some(signal) = Signal::from_named_raw(number) {
                return Ok((signal, info.si_code == libc::SI_KERNEL));
            }
        }
    }

    /// What was in the foreground may have been a group that is gone now. Not for a process whose
    /// group is of another namespace: it has no number there.
    pub(crate) fn take_terminal_back(&self) {
        let stdin = std::io::stdin();
        if !self.had_terminal || has_terminal() {
            return;
        }
        if stop_at_nothing().is_ok() {
            let _not_ours = tcsetpgrp(stdin.as_fd(), getpgrp());
        }
    }
}

/// Lets a process in the background have its way with the terminal.
fn stop_at_nothing() -> nix::Result<()> {
    let mut stops = SigSet::empty();
    stops.add(Known::SIGTTOU);
    stops.thread_block()
}

/// Whether this process is in the foreground of a terminal.
fn has_terminal() -> bool {
    let stdin = std::io::stdin();
    stdin.is_terminal() && tcgetpgrp(stdin.as_fd()).is_ok_and(|group| group == getpgrp())
}

/// Takes every child that has ended; the code of the one that is waited for, if it is among them.
fn reap(child: Pid) -> Result<Option<u8>, Failure> {
    loop {
        match wait(WaitOptions::NOHANG) {
            Ok(Some((ended, status))) if ended == child => {
                let code = status.exit_status();
                let signal = status
                    .terminating_signal()
                    .map(|signal| SIGNAL_BASE + signal);
                let code = code.or(signal).and_then(|code| u8::try_from(code).ok());
                return Ok(Some(code.unwrap_or(u8::MAX)));
            }
            Ok(Some(_)) => {}
            Ok(None) => return Ok(None),
            Err(error) => {
                let message = format!("the command cannot be waited for: {error}");
                return Err(Failure::unfinished(message));
            }
        }
    }
}

/// A parent that ignored SIGCHLD would leave this without the ends of its children.
#[expect(unsafe_code, reason = "a signal's disposition has no safe setter")]
fn wait_for_children() {
    // SAFETY: the default is no handler, so no code of ours can run at a bad moment.
    let _as_it_was = unsafe { libc::signal(libc::SIGCHLD, libc::SIG_DFL) };
}

const SIGNAL_BASE: i32 = 128;
const PASSED: [Known; 8] = [
    Known::SIGHUP,
    Known::SIGINT,
    Known::SIGQUIT,
    Known::SIGTERM,
    Known::SIGUSR1,
    Known::SIGUSR2,
    Known::SIGALRM,
    Known::SIGWINCH,
];
