//! What goes where: variables, files and standard input of the command.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use agent::{Ask, Reference};
use protocol::Secret;

use crate::cli::{Assignment, Exec};
use crate::client::{Versions, part};
use crate::failure::Failure;
use crate::host::{Owner, Place, Placed, PrivateFolder};
use crate::term;

/// What the flags ask for, checked.
#[derive(Debug)]
pub(super) struct Plan {
    variables: Vec<Assignment>,
    files: Vec<Assignment>,
    stdin: Option<Reference>,
}

/// The values of a plan, in its order.
#[derive(Debug)]
pub(super) struct Parts {
    variables: Vec<Secret>,
    files: Vec<Secret>,
    pub(super) stdin: Option<Secret>,
}

impl Plan {
    pub(super) fn of(flags: &Exec) -> Result<Self, Failure> {
        let (variables, files) = (flags.env.clone(), flags.file.clone());
        if variables.is_empty() && files.is_empty() && flags.stdin.is_none() {
            return Err(Failure::wrong("no secret is asked for")
                .hint("name one by `--env`, `--file` or `--stdin`"));
        }
        if let Some(wrong) = variables.iter().find(|it| !is_variable(&it.to)) {
            return Err(
                Failure::wrong(format!("`{}` is no name of a variable", wrong.to))
                    .hint("letters, digits and `_`, no digit at the start"),
            );
        }
        for file in &files {
            check_path(&file.to)?;
        }
        for all in [&variables, &files] {
            let mut seen = BTreeSet::new();
            if let Some(twice) = all.iter().find(|it| !seen.insert(&it.to)) {
                return Err(Failure::wrong(format!("`{}` is given twice", twice.to)));
            }
        }
        Ok(Self {
            variables,
            files,
            stdin: flags.stdin.clone(),
        })
    }

    /// Which secrets to read, each once.
    pub(super) fn asks(&self) -> BTreeSet<Ask> {
        let assigned = self.variables.iter().chain(&self.files);
        let assigned = assigned.map(|assignment| &assignment.reference);
        let all = assigned.chain(&self.stdin);
        all.map(|reference| reference.ask().clone()).collect()
    }

    /// The values, all of them or none.
    pub(super) fn parts(&self, versions: &Versions) -> Result<Parts, Failure> {
        let of = |reference: &Reference| {
            let version = versions.get(reference.ask());
            let unread = || Failure::unfinished(format!("`{}` was not read", reference.text()));
            part(reference, version.ok_or_else(unread)?)
        };
        let all = |assignments: &[Assignment]| {
            let parts = assignments
                .iter()
                .map(|assignment| of(&assignment.reference));
            parts.collect::<Result<Vec<_>, _>>()
        };
        let parts = Parts {
            variables: all(&self.variables)?,
            files: all(&self.files)?,
            stdin: self.stdin.as_ref().map(of).transpose()?,
        };
        for (name, value) in self.variables(&parts) {
            if value.expose().contains(&0) {
                return Err(
                    Failure::no(format!("the value for `{name}` holds a NUL byte"))
                        .hint("no variable can hold it; hand it over by `--file` or `--stdin`"),
                );
            }
        }
        Ok(parts)
    }

    /// The variables and their values.
    pub(super) fn variables<'a>(
        &'a self,
        parts: &'a Parts,
    ) -> impl Iterator<Item = (&'a str, &'a Secret)> {
        let names = self
            .variables
            .iter()
            .map(|assignment| assignment.to.as_str());
        names.zip(&parts.variables)
    }
}

/// Files of the command, which go when this is dropped.
#[derive(Debug)]
pub(super) struct Files {
    // After the places in it, so that it is empty when it goes.
    places: Vec<(Place, Option<Placed>)>,
    folder: Option<PrivateFolder>,
}

impl Files {
    /// Finds the places for all files before any is written.
    pub(super) fn make(plan: &Plan) -> Result<Self, Failure> {
        let bare = |file: &Assignment| !file.to.contains('/');
        let folder = if plan.files.iter().any(bare) {
            Some(PrivateFolder::make(&bases())?)
        } else {
            None
        };
        let mut places = Vec::new();
        for file in &plan.files {
            let place = match &folder {
                Some(folder) if bare(file) => folder.place(&file.to)?,
                _ => Place::find(Path::new(&file.to))?,
            };
            in_the_way(&place)?;
            if !place.is_in_memory() {
                let path = place.path().display();
                term::talk(&format!("warning: `{path}` is on a disk, which remembers"));
            }
            places.push((place, None));
        }
        Ok(Self { places, folder })
    }

    /// Puts values in their places, each whole.
    pub(super) fn put(&mut self, plan: &Plan, parts: &Parts) -> Result<(), Failure> {
        debug_assert_eq!(plan.files.len(), parts.files.len(), "a value for each file");
        for ((place, placed), value) in self.places.iter_mut().zip(&parts.files) {
            *placed = Some(place.put(value, FILE_MODE, Owner::default())?);
        }
        Ok(())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Where files with a bare name are.
    pub(super) fn folder(&self) -> Option<&Path> {
        self.folder.as_ref().map(PrivateFolder::path)
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        for (place, placed) in &self.places {
            if let Some(placed) = placed {
                place.remove(*placed);
            }
        }
    }
}

/// A file that is there already is replaced, and later removed, only if it looks like one that an
/// earlier run was killed over.
fn in_the_way(place: &Place) -> Result<(), Failure> {
    let ours = |found: &rustix::fs::Stat| {
        let mode = found.st_mode & 0o7777;
        mode == FILE_MODE && found.st_uid == rustix::process::geteuid().as_raw()
    };
    match place.existing()? {
        Some(found) if !ours(&found) => {
            let path = place.path().display();
            Err(Failure::wrong(format!("`{path}` is there already"))
                .hint("the file is removed when the command ends; name one that is not there"))
        }
        _ => Ok(()),
    }
}

/// Where private folders are made: in memory on every Linux with a session or POSIX shared memory.
fn bases() -> Vec<PathBuf> {
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let runtime = runtime.filter(|path| path.is_absolute());
    runtime
        .into_iter()
        .chain([PathBuf::from("/dev/shm")])
        .collect()
}

fn is_variable(name: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    name.bytes().all(word) && !name.starts_with(|c: char| c.is_ascii_digit())
}

fn check_path(path: &str) -> Result<(), Failure> {
    if path.contains('/') && !path.starts_with('/') {
        return Err(
            Failure::wrong(format!("`{path}` is neither a name nor an absolute path"))
                .hint("a bare name stands in `$ROLECALL_FILES`; anything else begins with `/`"),
        );
    }
    if matches!(path, "." | "..") {
        return Err(Failure::wrong(format!("`{path}` names no file")));
    }
    Ok(())
}

const FILE_MODE: u32 = 0o400;

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::{Cli, Command};
    use crate::failure::Exit;

    fn plan(flags: &[&str]) -> Result<Plan, Failure> {
        let words = ["rolecall", "exec"]
            .into_iter()
            .chain(flags.iter().copied());
        let cli = Cli::try_parse_from(words.chain(["--", "true"])).unwrap();
        let Command::Exec(flags) = cli.command else {
            panic!("another command");
        };
        Plan::of(&flags)
    }

    #[test]
    fn what_cannot_be_handed_over_is_refused() {
        for flags in [
            &[][..],
            &["--env", "1A=db"],
            &["--env", "A-B=db"],
            &["--env", "A=db", "--env", "A=other"],
            &["--file", "a/b=db"],
            &["--file", "..=db"],
            &["--file", "a=db", "--file", "a=other"],
        ] {
            let failure = plan(flags).unwrap_err();
            assert_eq!(failure.exit, Exit::Wrong, "{flags:?} {failure:?}");
        }
    }

    #[test]
    fn a_secret_is_read_once() {
        let flags = [
            "--env",
            "A=db:a",
            "--file",
            "/x=db:b",
            "--stdin",
            "db#AWSPREVIOUS",
        ];
        let asks = plan(&flags).unwrap().asks();
        assert_eq!(asks.len(), 2, "{asks:?}");
    }

    #[test]
    fn a_value_that_was_not_read_is_no_value() {
        let plan = plan(&["--env", "A=db:a"]).unwrap();
        assert!(plan.parts(&Versions::new()).is_err());
    }
}
