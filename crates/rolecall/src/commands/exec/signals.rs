//! Signals that a command is to have in place of the process that stands before it.
//!
//! One that is ignored when this starts stays ignored for both, as `nohup` wants it.
//! Source: proc(5), `SigIgn` of `/proc/PID/status`.

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
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let ignored = ignored(&status);
        let passed = PASSED
            .into_iter()
            .filter(|passed| ignored & bit(*passed) == 0);
        let heard = passed.map(|passed| {
            let kind = SignalKind::from_raw(passed.as_raw());
            signal(kind).map(|heard| (passed, heard))
        });
        let heard: Result<Vec<_>, _> = heard.collect();
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

/// The signals that a process ignores, a bit each.
fn ignored(status: &str) -> u64 {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or_default()
}

fn bit(signal: Signal) -> u64 {
    1_u64 << (signal.as_raw() - 1)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ignored_signals_are_told_by_their_bits() {
        let status = "Name:\tx\nSigBlk:\t0000000000000001\nSigIgn:\t0000000000001001\n";
        let found = ignored(status);
        assert_ne!(found & bit(Signal::HUP), 0);
        assert_eq!(found & bit(Signal::TERM), 0);
        assert_eq!(found, bit(Signal::HUP) | bit(Signal::PIPE));
        assert_eq!(ignored(""), 0);
    }
}
