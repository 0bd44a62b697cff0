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

/// Prints the man page, every command in it.
pub(crate) fn man() -> Result<Exit, Failure> {
    let mut page = Vec::new();
    let unwritten = |error| Failure::unfinished(format!("the man page cannot be made: {error}"));
    clap_mangen::Man::new(cli::table())
        .render(&mut page)
        .map_err(unwritten)?;
    for command in cli::table().get_subcommands() {
        let name = format!("rolecall-{}", command.get_name());
        let titled = command.clone().name(name);
        clap_mangen::Man::new(titled)
            .render_description_section(&mut page)
            .map_err(unwritten)?;
        clap_mangen::Man::new(command.clone())
            .render_options_section(&mut page)
            .map_err(unwritten)?;
    }
    term::data(&String::from_utf8_lossy(&page));
    Ok(Exit::Done)
}
