//! `cargo xtask package`: the Debian package, and whether it is as it must be.
//!
//! Knows what is put together from where; what cargo-deb does with it stands in the manifest of
//! `rolecall`. What is looked at afterwards is in the files below.

mod licences;
mod look;
mod try_out;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};

use crate::workspace::{cargo, root, succeed};
use crate::{prepare, sample, say};

/// Builds the binary and the package, and looks at it.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    ensure!(
        arguments.is_empty(),
        "`package` takes no argument\n{}",
        crate::USAGE
    );
    let cargo_deb = prepare::cargo_deb()?;
    succeed(&mut cargo(&[
        "build",
        "--release",
        "--package",
        "rolecall",
    ])?)?;
    let checked = make(&cargo_deb, "release")?;
    say(&format!("{checked} checks passed"));
    Ok(ExitCode::SUCCESS)
}

/// Makes the package of the binary that is there of a profile, and tells how many checks it passed.
pub(crate) fn make(cargo_deb: &Path, profile: &str) -> Result<u64> {
    let built = root()?.join("target").join(profile);
    let folder = built.join("package");
    prepare::fresh(&folder)?;
    let binary = built.join("rolecall");
    write_texts(&folder, &binary)?;
    let package = folder.join("rolecall.deb");
    succeed(
        Command::new(cargo_deb)
            .args(["--no-build", "--package", "rolecall", "--profile"])
            .args([profile, "--output"])
            .arg(&package)
            .current_dir(root()?),
    )?;
    let looked = look::at(&package, &folder.join("unpacked"))?;
    let tried = try_out::run(&package, &folder)?;
    say(&format!("the package: {}", package.display()));
    Ok(looked + tried)
}

/// What the package holds and the tree does not.
fn write_texts(folder: &Path, binary: &Path) -> Result<()> {
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::write(&path, text).with_context(|| format!("cannot write `{}`", path.display()))
    };
    write("agent.yaml", &sample::configuration(SAMPLE))?;
    write("licences.txt", &licences::all()?)?;
    for shell in ["bash", "zsh", "fish"] {
        let script = said(Command::new(binary).args(["completions", shell]))?;
        write(&format!("rolecall.{shell}"), &script)?;
    }
    prepare::fresh(&folder.join("man"))?;
    let page = sample::man_page(SAMPLE, env!("CARGO_PKG_VERSION"));
    write("man/rolecall-agent.yaml.5", &page)?;
    let mut pending: Vec<Vec<String>> = vec![Vec::new()];
    while let Some(words) = pending.pop() {
        let page = said(Command::new(binary).arg("man").args(&words))?;
        pending.extend(subcommands(&page, &words));
        let name = [&["rolecall".to_owned()], words.as_slice()].concat();
        write(&format!("man/{}.1", name.join("-")), &page)?;
    }
    // `-n`: the same pages make the same files.
    let man = folder.join("man");
    let pages = files(&man)?;
    said(Command::new("gzip").arg("-9n").args(pages).current_dir(man)).map(drop)
}

/// The commands that a man page lists, as words.
fn subcommands(page: &str, words: &[String]) -> Vec<Vec<String>> {
    let name = [&["rolecall".to_owned()], words].concat().join("-");
    let listed = page.lines().filter_map(|line| {
        let line = line.replace("\\-", "-");
        let (_, word) = line
            .strip_suffix("(1)")?
            .split_once(&format!("{name}-"))
            .filter(|(before, _)| before.is_empty())?;
        Some([words, &[word.to_owned()]].concat())
    });
    listed.collect()
}

/// What a program prints, which must end well.
fn said(command: &mut Command) -> Result<String> {
    let shown = crate::workspace::shown(command);
    let output = command
        .output()
        .with_context(|| format!("cannot start `{shown}`"))?;
    ensure!(
        output.status.success(),
        "`{shown}` failed ({}): {}",
        output.status,
        String::from_utf8_lossy(&output.stderr).trim()
    );
    String::from_utf8(output.stdout).with_context(|| format!("`{shown}` prints no text"))
}

/// The files below a folder, from there.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut pending = vec![folder.to_owned()];
    while let Some(next) = pending.pop() {
        for entry in std::fs::read_dir(&next)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                pending.push(entry.path());
            } else {
                found.push(entry.path().strip_prefix(folder)?.to_owned());
            }
        }
    }
    found.sort();
    Ok(found)
}

const SAMPLE: &str = include_str!("../../crates/agent/sample/agent.yaml");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_lists_its_commands_only() {
        let page = ".TP\nrolecall\\-account\\-init(1)\nrolecall\\-up(1)\nsee rolecall\\-account(1)";
        let account = ["account".to_owned()];
        assert_eq!(
            subcommands(page, &account),
            [["account".to_owned(), "init".to_owned()]]
        );
        assert!(subcommands("", &account).is_empty());
    }

    #[test]
    fn the_changelog_of_the_package_begins_with_this_version() {
        let changelog = include_str!("../../packaging/changelog");
        let expect = concat!("rolecall (", env!("CARGO_PKG_VERSION"), "-1) ");
        assert!(changelog.starts_with(expect), "{changelog}");
    }
}
