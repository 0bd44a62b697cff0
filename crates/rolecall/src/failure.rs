//! Why a command did not do what it was asked: what is wrong, where, and the way out.

use std::process::ExitCode;

/// How a command ends. The same numbers for every command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done.
    Done,
    /// The answer is no.
    No,
    /// The command line or a file is wrong.
    Wrong,
    /// Could not finish.
    Unfinished,
    /// As the command ended that was run.
    Child(u8),
}

/// One problem as a person reads it.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    /// Lower case, no full stop, what the user typed in backticks.
    pub(crate) message: String,
    /// Ways out.
    pub(crate) hints: Vec<String>,
}

impl Failure {
    /// The answer is no.
    pub(crate) fn no(message: impl Into<String>) -> Self {
        Self {
            exit: Exit::No,
            message: message.into(),
            hints: Vec::new(),
        }
    }

    /// The command line or a file is wrong.
    pub(crate) fn wrong(message: impl Into<String>) -> Self {
        Self {
            exit: Exit::Wrong,
            message: message.into(),
            hints: Vec::new(),
        }
    }

    /// Something outside kept the command from finishing.
    pub(crate) fn unfinished(message: impl Into<String>) -> Self {
        Self {
            exit: Exit::Unfinished,
            message: message.into(),
            hints: Vec::new(),
        }
    }

    /// All that is wrong with a configuration file.
    pub(crate) fn configuration(errors: &[agent::yaml::ConfigError]) -> Self {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        let mut failure = Self::wrong(lines.join("\n"));
        let hints = errors.iter().filter_map(|error| error.hint.clone());
        failure.hints.extend(hints);
        failure
    }

    /// The same failure with a way out.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::No => 1,
            Exit::Wrong => 2,
            Exit::Unfinished => 3,
            Exit::Child(code) => code,
        })
    }
}
