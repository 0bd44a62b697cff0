//! `rolecall instance boot`: the user data of an instance, run once, and what it prints on the
//! instance's console.
//!
//! Runs scripts alone, those that begin with `#!`, as root of the namespaces.
//!
//! Source: EC2 User Guide, "Run commands when you launch an EC2 instance with user data input".

use std::ffi::OsString;
use std::fs::File;
use std::io::{PipeReader, Read, Seek, Write};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::ffi::OsStringExt;

use protocol::Secret;
use rustix::io::{FdFlags, fcntl_setfd};

use super::enter::{Entered, enter};
use super::inside::Plan;
use crate::cli::Boot;
use crate::control::Control;
use crate::failure::{Exit, Failure};
use crate::host::namespaces::Inside;
use crate::host::unnamed;
use crate::term;

/// Runs the user data to their end.
pub(super) fn run(flags: Boot) -> Result<Exit, Failure> {
    let control = Control::connect(flags.entering.running.data.clone())?;
    let (instance, authority) = control.enter(&flags.id)?;
    let mut script = control.user_data()?;
    let command = interpreter(&mut script)?;
    let failed = |error: std::io::Error| {
        Failure::unfinished(format!("the user data cannot be run: {error}"))
    };
    // The interpreter reads it by its number.
    fcntl_setfd(&script, FdFlags::empty()).map_err(|errno| failed(errno.into()))?;
    let (output, input) = std::io::pipe().map_err(failed)?;
    let plan = Plan {
        flags: flags.entering,
        instance,
        authority,
        command,
        is_shell: false,
        output: Some(OwnedFd::from(input)),
    };
    let running = match enter(plan, control, Inside::Root)? {
        Entered::Running(running) => running,
        Entered::Ended(exit) => return Ok(exit),
    };
    drop(script);
    let console = std::thread::spawn(move || record(output));
    let exit = running.wait()?;
    let console = console.join().ok().transpose().map_err(failed)?;
    if let Some(console) = console {
        running.control.console(&console)?;
    }
    Ok(exit)
}

/// What runs a script: the words of its first line, and the script's own path.
fn interpreter(script: &mut File) -> Result<Vec<OsString>, Failure> {
    let mut head = [0; LINE_BYTES_MAX];
    let read = script.read(&mut head).unwrap_or_default();
    script
        .rewind()
        .map_err(|error| Failure::unfinished(format!("the user data cannot be read: {error}")))?;
    let head = head.get(..read).unwrap_or_default();
    let Some(words) = words(head) else {
        return Err(
            Failure::wrong(format!("the user data are {}: not run", kind(head)))
                .hint("`rolecall instance boot` runs scripts, which begin with `#!`"),
        );
    };
    let path = format!("/proc/self/fd/{}", script.as_raw_fd());
    Ok(words.into_iter().chain([OsString::from(path)]).collect())
}

/// As the kernel reads it: a path, and the rest of the line as one argument.
fn words(head: &[u8]) -> Option<Vec<OsString>> {
    let line = head
        .strip_prefix(b"#!")?
        .split(|byte| *byte == b'\n')
        .next()?;
    let line = line.trim_ascii();
    let end = line
        .iter()
        .position(u8::is_ascii_whitespace)
        .unwrap_or(line.len());
    let (path, rest) = line.split_at_checked(end)?;
    let parts = [path, rest.trim_ascii()].into_iter();
    let words: Vec<OsString> = parts
        .filter(|part| !part.is_empty())
        .map(|part| OsString::from_vec(part.to_vec()))
        .collect();
    (!words.is_empty()).then_some(words)
}

fn kind(head: &[u8]) -> &'static str {
    match head {
        _ if head.starts_with(b"#cloud-config") => "for cloud-init (`#cloud-config`)",
        _ if head.starts_with(b"\x1f\x8b") => "gzipped",
        _ if head.starts_with(b"Content-Type: multipart") => "in several parts (MIME)",
        _ => "no script",
    }
}

/// Shows the output as it comes; the end of it that a console holds.
fn record(mut output: PipeReader) -> std::io::Result<File> {
    let most = account::hosts::CONSOLE_BYTES_MAX;
    let mut kept: Vec<u8> = Vec::with_capacity(2 * most);
    let mut buffer = [0; 4_096];
    loop {
        let read = output.read(&mut buffer)?;
        let bytes = buffer.get(..read).unwrap_or_default();
        if bytes.is_empty() {
            break;
        }
        let _unread = term::bytes(bytes);
        if kept.len() + bytes.len() > 2 * most {
            kept.drain(..kept.len() - most);
        }
        kept.write_all(bytes)?;
    }
    unnamed("console", &Secret::new(kept)).map_err(|failure| std::io::Error::other(failure.message))
}

/// Of the kernel's `BINPRM_BUF_SIZE`.
const LINE_BYTES_MAX: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_names_what_runs_a_script() {
        for (head, expect) in [
            (&b"#!/bin/sh\necho"[..], Some(vec!["/bin/sh"])),
            (b"#! /bin/bash -xe \n", Some(vec!["/bin/bash", "-xe"])),
            (
                b"#!/usr/bin/env python3 -u\n",
                Some(vec!["/usr/bin/env", "python3 -u"]),
            ),
            (b"#!/bin/sh", Some(vec!["/bin/sh"])),
            (b"#!\n/bin/sh", None),
            (b"#cloud-config\n", None),
            (b"", None),
        ] {
            let expect = expect.map(|words| words.into_iter().map(OsString::from).collect());
            assert_eq!(words(head), expect, "{head:?}");
        }
    }

    #[test]
    fn what_is_not_run_is_named() {
        assert!(kind(b"#cloud-config\nruncmd: []").contains("cloud-init"));
        assert_eq!(kind(b"\x1f\x8b\x08"), "gzipped");
        assert_eq!(kind(b"echo hello"), "no script");
    }
}
