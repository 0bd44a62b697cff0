//! `cargo xtask dependencies`: what each pure package depends on, however far down.
//!
//! The lists are committed beside the packages, so a new name in one is seen in review. A test here
//! compares them, and holds the direction of dependencies and the ban on runtimes.

use std::collections::BTreeSet;
use std::process::ExitCode;

use anyhow::{Context, Result, bail, ensure};

use crate::say;
use crate::workspace::{cargo, root};

/// Writes the lists, or with `--check` says what in them is out of date.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    let check = match arguments {
        [] => false,
        [flag] if flag == "--check" => true,
        [other, ..] => bail!("unknown argument `{other}`\n{}", crate::USAGE),
    };
    let mut stale = false;
    for package in PURE {
        let found = closure(package)?;
        if let Some(name) = misdirected(package, &found).next() {
            bail!("`{}` may not depend on `{name}`", package.name);
        }
        if check {
            let held = held(package)?;
            for line in differences(&held, &found) {
                stale = true;
                say(&format!("{}: {line}", package.list()));
            }
        } else {
            let mut text = found
                .iter()
                .map(String::as_str)
                .collect::<Vec<_>>()
                .join("\n");
            if !text.is_empty() {
                text.push('\n');
            }
            std::fs::write(root()?.join(package.list()), text)
                .with_context(|| format!("cannot write `{}`", package.list()))?;
            say(&format!("wrote {}", package.list()));
        }
    }
    if stale {
        say(HINT);
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// A package that calls no clock, file, socket, environment, thread or random source.
#[derive(Debug)]
pub(crate) struct Pure {
    /// As cargo knows it.
    pub(crate) name: &'static str,
    folder: &'static str,
    /// Which of ours it may depend on.
    ours: &'static [&'static str],
}

impl Pure {
    fn list(&self) -> String {
        format!("crates/{}/dependencies.txt", self.folder)
    }
}

/// The pure packages, and the one direction in which they depend on each other.
pub(crate) const PURE: &[Pure] = &[
    Pure {
        name: "rolecall-account",
        folder: "account",
        ours: &["rolecall-policy", "rolecall-protocol"],
    },
    Pure {
        name: "rolecall-agent",
        folder: "agent",
        ours: &["rolecall-policy", "rolecall-protocol"],
    },
    Pure {
        name: "rolecall-audit",
        folder: "audit",
        ours: &["rolecall-policy", "rolecall-protocol"],
    },
    Pure {
        name: "rolecall-policy",
        folder: "policy",
        ours: &[],
    },
    Pure {
        name: "rolecall-protocol",
        folder: "protocol",
        ours: &[],
    },
];

/// Names of all that is linked into the package, itself left out. One target for every machine, so
/// that the lists do not depend on who writes them.
fn closure(package: &Pure) -> Result<BTreeSet<String>> {
    let mut tree = cargo(&["tree", "--package", package.name, "--edges", "normal"])?;
    tree.args(["--prefix", "none", "--format", "{p}"]);
    tree.args(["--target", "x86_64-unknown-linux-gnu"]);
    let output = tree.output().context("cannot start `cargo tree`")?;
    ensure!(
        output.status.success(),
        "`cargo tree` failed for `{}`: {}",
        package.name,
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout)?;
    let names = text.lines().filter_map(|line| line.split(' ').next());
    Ok(names
        .filter(|name| !name.is_empty() && *name != package.name)
        .map(str::to_owned)
        .collect())
}

fn held(package: &Pure) -> Result<BTreeSet<String>> {
    let list = package.list();
    let text = std::fs::read_to_string(root()?.join(&list))
        .with_context(|| format!("cannot read `{list}`\n{HINT}"))?;
    Ok(text.lines().map(str::to_owned).collect())
}

/// Packages of ours that this one must not know.
fn misdirected<'a>(
    package: &'a Pure,
    found: &'a BTreeSet<String>,
) -> impl Iterator<Item = &'a String> {
    found
        .iter()
        .filter(|name| name.starts_with("rolecall"))
        .filter(|name| !package.ours.contains(&name.as_str()))
}

fn differences(held: &BTreeSet<String>, found: &BTreeSet<String>) -> Vec<String> {
    let added = found.difference(held).map(|name| format!("{name} is new"));
    let gone = held.difference(found).map(|name| format!("{name} is gone"));
    added.chain(gone).collect()
}

const HINT: &str = "hint: if it is meant, run `cargo xtask dependencies` and commit the lists";

#[cfg(test)]
mod tests {
    use super::*;

    /// What no pure package may reach: runtimes, sockets, clocks and random sources.
    const BANNED: &[&str] = &[
        "async-io",
        "async-std",
        "chrono",
        "getrandom",
        "hyper",
        "hyper-util",
        "mio",
        "nix",
        "polling",
        "rand",
        "reqwest",
        "rustix",
        "smol",
        "socket2",
        "tokio",
        "ureq",
    ];

    fn check(rule: impl Fn(&Pure, &BTreeSet<String>) -> Vec<String>) {
        let flaws: Vec<String> = PURE
            .iter()
            .flat_map(|package| {
                let found = closure(package).unwrap();
                let flaws = rule(package, &found);
                flaws
                    .into_iter()
                    .map(|flaw| format!("{}: {flaw}", package.name))
            })
            .collect();
        assert!(flaws.is_empty(), "{}", flaws.join("\n"));
    }

    #[test]
    fn the_committed_lists_are_true() {
        check(|package, found| {
            let mut flaws = differences(&held(package).unwrap(), found);
            if !flaws.is_empty() {
                flaws.push(HINT.to_owned());
            }
            flaws
        });
    }

    #[test]
    fn no_pure_package_reaches_the_world() {
        check(|_, found| {
            let banned = BANNED.iter().filter(|name| found.contains(**name));
            banned.map(|name| format!("reaches {name}")).collect()
        });
    }

    #[test]
    fn dependencies_point_one_way() {
        check(|package, found| {
            misdirected(package, found)
                .map(|name| format!("depends on {name}"))
                .collect()
        });
    }

    #[test]
    fn differences_are_told_by_name() {
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let (held, found): (BTreeSet<String>, _) = (set(&["a", "b"]), set(&["b", "c"]));

        assert_eq!(differences(&held, &found), ["c is new", "a is gone"]);
        assert_eq!(differences(&held, &held), [""; 0]);
    }
}
