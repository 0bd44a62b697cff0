//! `rolecall instance`: commands that run as if on an instance of the running account.

mod boot;
mod enter;
mod event;
mod inside;
mod keeper;
mod network;
mod serve;
mod show;
mod surroundings;

use crate::cli::Instance;
use crate::failure::{Exit, Failure};

/// Runs one of them. The process has one thread still.
pub(super) fn run(command: Instance) -> Result<Exit, Failure> {
    match command {
        Instance::List(flags) => show::list(flags),
        Instance::Show(flags) => show::show(flags),
        Instance::Enter(flags) => enter::run(flags),
        Instance::Event(flags) => event::run(&flags),
        Instance::Serve(flags) => serve::run(flags),
        Instance::Boot(flags) => boot::run(flags),
    }
}
