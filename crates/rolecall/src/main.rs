//! `rolecall`: from IAM role to secret, with no key on disk.
//!
//! This package is the world: flags, files, sockets, clock, entropy, the store and the terminal. It
//! decides nothing about policies, tokens or secrets; it asks the pure packages.

// rustdoc follows maps in maps (an upload's parts in a bucket of an account) down to their nodes.
#![recursion_limit = "256"]

mod cli;
mod client;
mod clock;
mod commands;
mod control;
mod failure;
mod guard;
mod host;
mod identity;
mod log;
mod rotation;
mod serve;
mod store;
mod sweeper;
mod term;
mod trail;
mod upstream;

use std::process::ExitCode;

use host::memory::Wiping;

/// The system's, and wiping where a command switches that on.
#[global_allocator]
static ALLOCATOR: Wiping = Wiping;

fn main() -> ExitCode {
    host::harden();
    let cli = match cli::parse() {
        Ok(cli) => cli,
        Err(error) => return term::usage(&error),
    };
    let ended = commands::run(cli);
    serve::settle_audit();
    match ended {
        Ok(exit) => exit.into(),
        Err(failure) => term::failure(&failure),
    }
}
