//! Where the workspace stands, and how its commands are started.
//!
//! Every command is shown before it runs, so that a person can repeat it by hand.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

/// The folder of the workspace.
pub(crate) fn root() -> Result<PathBuf> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    Ok(package
        .parent()
        .context("xtask stands in no workspace")?
        .to_owned())
}

/// Flags of a command that makes files out of a package.
#[derive(Debug, Default)]
pub(crate) struct Making {
    /// Nothing is written; what is out of date is told.
    pub(crate) check: bool,
    /// The folder of the package, where it is not the prepared one.
    pub(crate) package: Option<PathBuf>,
}

impl Making {
    /// Reads `--check` and the flag that names the folder.
    pub(crate) fn read(arguments: &[String], folder_flag: &str) -> Result<Self> {
        let mut making = Self::default();
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--check" => making.check = true,
                flag if flag == folder_flag => {
                    let folder = arguments.next();
                    let folder = folder.with_context(|| format!("{flag} wants a directory"))?;
                    making.package = Some(PathBuf::from(folder));
                }
                other => bail!("unknown argument `{other}`\n{}", crate::USAGE),
            }
        }
        Ok(making)
    }
}

/// The cargo that started this, in the folder of the workspace.
pub(crate) fn cargo(arguments: &[&str]) -> Result<Command> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(root()?).args(arguments);
    Ok(command)
}

/// Shows the command, runs it, and wants it to succeed.
pub(crate) fn succeed(command: &mut Command) -> Result<()> {
    let shown = shown(command);
    crate::say(&format!("$ {shown}"));
    let status = command
        .status()
        .with_context(|| format!("cannot start `{shown}`"))?;
    ensure!(status.success(), "`{shown}` failed ({status})");
    Ok(())
}

/// The command as a person would type it, without the folders of its program.
pub(crate) fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut words = vec![program.file_name().unwrap_or_default().to_string_lossy()];
    words.extend(command.get_args().map(|word| word.to_string_lossy()));
    words.join(" ")
}

/// Whether a program of this name is on the path.
pub(crate) fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}
