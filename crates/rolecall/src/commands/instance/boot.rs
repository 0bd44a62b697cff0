//! `rolecall instance boot`: the user data of an instance, run once, and what it prints on the
//! instance's console.
//!
//! Runs scripts, and of what is cloud-init's what needs nothing but processes and files; all else
//! is named. As root of the namespaces.
//!
//! Source: EC2 User Guide, "Run commands when you launch an EC2 instance with user data input".

mod config;
mod files;
mod parts;
mod scalars;
mod steps;

use std::fs::File;
use std::io::{PipeReader, Read, Write};
use std::os::fd::OwnedFd;

use protocol::Secret;

pub(super) use self::files::Given;
use self::steps::Boot;
pub(super) use self::steps::{Script, Step};
use super::enter::{Entered, enter};
use super::inside::{Plan, Work};
use crate::cli::Boot as Flags;
use crate::control::Control;
use crate::failure::{Exit, Failure};
use crate::host::namespaces::Inside;
use crate::host::unnamed;
use crate::term;

/// Runs the user data to their end.
pub(super) fn run(flags: Flags) -> Result<Exit, Failure> {
    let control = Control::connect(flags.entering.running.data.clone())?;
    let (instance, authority) = control.enter(&flags.id, &flags.entering.imds_option)?;
    let boot = read(control.user_data()?)?;
    let not_run: Vec<String> = boot.not_run.iter().map(|what| told(what)).collect();
    for line in &not_run {
        term::talk(line);
    }
    let failed = |error: std::io::Error| {
        Failure::unfinished(format!("the user data cannot be run: {error}"))
    };
    let (output, input) = std::io::pipe().map_err(failed)?;
    let plan = Plan {
        flags: flags.entering,
        instance,
        authority,
        work: Work::Boot(boot.steps),
        is_shell: false,
        output: Some(OwnedFd::from(input)),
    };
    let running = match enter(plan, control, Inside::Root)? {
        Entered::Running(running) => running,
        Entered::Ended(exit) => return Ok(exit),
    };
    let console = std::thread::spawn(move || record(output, &not_run));
    let exit = running.wait()?;
    let console = console.join().ok().transpose().map_err(failed)?;
    if let Some(console) = console {
        running.control.console(&console)?;
    }
    Ok(exit)
}

/// What is to be done; never nothing.
fn read(mut data: File) -> Result<Boot, Failure> {
    let mut bytes = Vec::new();
    data.read_to_end(&mut bytes)
        .map_err(|error| Failure::unfinished(format!("the user data cannot be read: {error}")))?;
    let boot = Boot::of(parts::parts(&Secret::new(bytes))?)?;
    if boot.steps.is_empty() {
        let what = boot.not_run.join(", ");
        let what = if what.is_empty() { "empty" } else { &what };
        let message = format!("nothing of the user data is run here: {what}");
        return Err(Failure::wrong(message).hint(RUN));
    }
    Ok(boot)
}

fn told(what: &str) -> String {
    format!("not run: {what}")
}

/// Shows the output as it comes; what was not run and the end of it, as a console holds them.
fn record(mut output: PipeReader, not_run: &[String]) -> std::io::Result<File> {
    let most = account::hosts::CONSOLE_BYTES_MAX;
    let mut kept: Vec<u8> = Vec::with_capacity(2 * most);
    for line in not_run {
        writeln!(kept, "{line}")?;
    }
    let mut buffer = [0; 4_096];
    loop {
        let read = output.read(&mut buffer)?;
        let bytes = buffer.get(..read).unwrap_or_default();
        if bytes.is_empty() {
            break;
        }
        let _unread = term::bytes(bytes);
        kept.write_all(bytes)?;
        if kept.len() > 2 * most {
            kept.drain(..kept.len() - most);
        }
    }
    unnamed("console", &Secret::new(kept)).map_err(|failure| std::io::Error::other(failure.message))
}

const RUN: &str = "`rolecall instance boot` runs scripts, which begin with `#!`, and `bootcmd`, \
     `write_files` and `runcmd` of a `#cloud-config`";
