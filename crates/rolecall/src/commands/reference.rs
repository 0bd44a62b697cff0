//! `rolecall completions` and `rolecall man`: made from the one table of flags.

use crate::failure::{Exit, Failure};
use crate::{cli, term};

/// Prints a completion script.
pub(crate) fn completions(shell: clap_complete::Shell) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut cli::table(), "rolecall", &mut script);
    term::data(&String::from_utf8_lossy(&script));
    Exit::Done
}

/// Prints the man page of the program, or of the command that the words lead to.
pub(crate) fn man(words: &[String]) -> Result<Exit, Failure> {
    let mut command = cli::table().disable_help_subcommand(true);
    // Gives each command the name that it is called by, and the flags that all have.
    command.build();
    for word in words {
        let found = command.find_subcommand(word).cloned();
        command = found.ok_or_else(|| {
            Failure::wrong(format!("there is no command `{}`", words.join(" ")))
                .hint("`rolecall --help` lists the commands")
        })?;
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command)
        .source(concat!("rolecall ", env!("CARGO_PKG_VERSION")))
        .manual("Rolecall")
        .render(&mut page)
        .map_err(|error| Failure::unfinished(format!("the man page cannot be made: {error}")))?;
    term::data(&String::from_utf8_lossy(&page));
    Ok(Exit::Done)
}
