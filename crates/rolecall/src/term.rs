//! Everything a person reads: data on stdout, talk on stderr. The only place that prints.

use std::fmt;
use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;
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

/// Prints data piece by piece, so that all of it need not be there at once. A reader that went away
/// is no error.
pub(crate) fn data_by(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::unfinished(
            format!("standard output cannot be written: {error}"),
        )),
        _ => Ok(()),
    }
}

/// Prints bytes that must come out whole and leave no copy in a buffer. A reader that went away is
/// no error.
pub(crate) fn bytes(bytes: &[u8]) -> Result<(), Failure> {
    let unwritten = |error: io::Error| {
        Failure::unfinished(format!("standard output cannot be written: {error}"))
    };
    let out = io::stdout().as_fd().try_clone_to_owned();
    let mut out = File::from(out.map_err(unwritten)?);
    match out.write_all(bytes) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(unwritten(error)),
        _ => Ok(()),
    }
}

/// Whether what is printed as data goes to a terminal.
pub(crate) fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Whether what is said beside the data goes to a terminal.
pub(crate) fn is_talk_terminal() -> bool {
    io::stderr().is_terminal()
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

/// Lines below lines, as a tree of text.
#[derive(Debug)]
pub(crate) struct Tree {
    line: String,
    children: Vec<Tree>,
}

impl Tree {
    /// A line, without the control characters that data from elsewhere may bring.
    pub(crate) fn new(line: impl AsRef<str>) -> Self {
        Self {
            line: shown(line.as_ref()),
            children: Vec::new(),
        }
    }

    /// Adds a line below this one.
    pub(crate) fn add(&mut self, line: impl AsRef<str>) {
        self.push(Self::new(line));
    }

    /// Adds a tree below this line.
    pub(crate) fn push(&mut self, child: Self) {
        self.children.push(child);
    }

    /// The last line below this one.
    pub(crate) fn last(&mut self) -> Option<&mut Self> {
        self.children.last_mut()
    }

    pub(crate) fn is_leaf(&self) -> bool {
        self.children.is_empty()
    }

    fn write(&self, indent: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.line)?;
        let last = self.children.len().saturating_sub(1);
        for (index, child) in self.children.iter().enumerate() {
            let (branch, below) = if index == last {
                ("└─ ", "   ")
            } else {
                ("├─ ", "│  ")
            };
            write!(f, "{indent}{branch}")?;
            child.write(&format!("{indent}{below}"), f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write("", f)
    }
}

/// Without the control characters that a policy may bring to the terminal.
pub(crate) fn shown(text: &str) -> String {
    let visible = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    text.chars().map(visible).collect()
}

const RED: &str = "\x1b[1;31m";
const CYAN: &str = "\x1b[1;36m";
const RESET: &str = "\x1b[0m";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_shows_what_is_below_what() {
        let mut root = Tree::new("root");
        root.add("a");
        if let Some(a) = root.last() {
            a.add("b\u{1b}[31m");
        }
        root.add("c");
        if let Some(c) = root.last() {
            c.add("d");
        }
        let expected = "root\n├─ a\n│  └─ b\u{fffd}[31m\n└─ c\n   └─ d\n";
        assert_eq!(root.to_string(), expected);
    }
}
