//! Everything a person reads: data on stdout, talk on stderr. The only place that prints.

use std::io::Write;
use std::process::ExitCode;

use crate::failure::Failure;

/// Prints data. A reader that went away is no error.
pub(crate) fn data(text: &str) {
    let _gone = is_read(text);
}

/// Prints data that more may follow; tells whether anybody still reads.
pub(crate) fn is_read(text: &str) -> bool {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.is_ok()
}

/// Says something beside the data.
pub(crate) fn talk(text: &str) {
    let mut err = anstream::stderr().lock();
    let _gone = writeln!(err, "{text}");
}

/// Says why a command failed, and the way out. A message of several lines tells several errors.
pub(crate) fn failure(failure: &Failure) -> ExitCode {
    for line in failure.message.lines() {
        talk(&format!("{RED}error:{RESET} {line}"));
    }
    for hint in &failure.hints {
        talk(&format!("{CYAN}hint:{RESET} {hint}"));
    }
    failure.exit.into()
}

/// Says what is wrong with the command line, or what `--help` and `--version` ask for.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    let _gone = error.print();
    match error.exit_code() {
        0 => ExitCode::SUCCESS,
        _ => crate::failure::Exit::Wrong.into(),
    }
}

const RED: &str = "\x1b[1;31m";
const CYAN: &str = "\x1b[1;36m";
const RESET: &str = "\x1b[0m";
