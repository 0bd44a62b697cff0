//! Signals that a command is to have in place of the process that stands before it.

use std::io::IsTerminal;
use std::task::Poll;

use rustix::process::{Signal, getpgrp};
use rustix::termios::tcgetpgrp;
use tokio::signal::unix::{self, SignalKind, signal};

use crate::failure::Failure;

/// The signals that arrive. Heard from the moment this is made.
#[derive(Debug)]
pub(super) struct Signals(Vec<(Signal, unix::Signal)>);

impl Signals {
    pub(super) fn listen() -> Result<Self, Failure> {
        let heard = PASSED.map(|passed| {
            let kind = SignalKind::from_raw(passed.as_raw());
            signal(kind).map(|heard| (passed, heard))
        });
        let heard: Result<Vec<_>, _> = heard.into_iter().collect();
        heard
            .map(Self)
            .map_err(|error| Failure::unfinished(format!("signals cannot be heard: {error}")))
    }

    /// The next one.
    pub(super) async fn next(&mut self) -> Signal {
        std::future::poll_fn(|context| {
            for (signal, heard) in &mut self.0 {
                if heard.poll_recv(context).is_ready() {
                    return Poll::Ready(*signal);
                }
            }
            Poll::Pending
        })
        .await
    }
}

/// Whether the terminal sends this signal to the command by itself.
pub(super) fn comes_from_terminal(signal: Signal) -> bool {
    let stdin = std::io::stdin();
    let foreground = || tcgetpgrp(&stdin).is_ok_and(|group| group == getpgrp());
    matches!(signal, Signal::INT | Signal::QUIT | Signal::WINCH)
        && stdin.is_terminal()
        && foreground()
}

const PASSED: [Signal; 9] = [
    Signal::HUP,
    Signal::INT,
    Signal::QUIT,
    Signal::TERM,
    Signal::USR1,
    Signal::USR2,
    Signal::ALARM,
    Signal::CONT,
    Signal::WINCH,
];
