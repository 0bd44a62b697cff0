//! The tree's own rules, as tests: documentation, sizes, words that must not be committed.
//!
//! Each test names every place that breaks its rule. What the pure packages depend on is held by
//! `src/dependencies.rs`.

#![cfg(test)]

use std::path::{Path, PathBuf};

/// A file of the tree.
struct Source {
    /// Below the workspace's folder.
    path: String,
    text: String,
}

impl Source {
    /// Made by a command, as its first line says.
    fn is_generated(&self) -> bool {
        let first = self.text.lines().next().unwrap_or_default();
        first.contains("not edited by hand")
    }

    /// Lines with their numbers, from one.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines())
    }
}

fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap().to_owned()
}

/// Files below these folders whose names end so; a folder that is not there has none.
fn files(folders: &[&str], ending: &str) -> Vec<Source> {
    let root = root();
    let mut found = Vec::new();
    let mut pending: Vec<PathBuf> = folders.iter().map(|folder| root.join(folder)).collect();
    while let Some(folder) = pending.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() && !BUILT.contains(&name) {
                pending.push(path);
            } else if path.is_file() && name.ends_with(ending) {
                found.push(source(&path));
            }
        }
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    found
}

fn source(path: &Path) -> Source {
    let below = path.strip_prefix(root()).unwrap();
    Source {
        path: below.to_str().unwrap().to_owned(),
        text: std::fs::read_to_string(path).unwrap(),
    }
}

fn rust() -> Vec<Source> {
    let found = files(SOURCES, ".rs");
    assert!(found.len() > 50, "the sources are not where they were");
    found
}

/// Fails with all flaws at once.
fn none(flaws: impl IntoIterator<Item = String>) {
    let flaws: Vec<String> = flaws.into_iter().collect();
    assert!(flaws.is_empty(), "\n{}\n", flaws.join("\n"));
}

/// Fails with every line of code that the rule tells a flaw of.
fn no_line(rule: impl Fn(&Source, &str) -> Option<String>) {
    let mut flaws = Vec::new();
    for source in rust() {
        for (number, line) in source.lines() {
            if let Some(flaw) = rule(&source, line) {
                flaws.push(format!("{}:{number}: {flaw}", source.path));
            }
        }
    }
    none(flaws);
}

#[test]
fn every_file_says_what_it_is() {
    none(rust().into_iter().filter_map(|source| {
        let first = source.text.lines().next().unwrap_or_default();
        let said = first.strip_prefix("//! ").unwrap_or_default();
        let told = !said.trim().is_empty();
        (!told).then(|| format!("{}: the first line is no `//!` doc", source.path))
    }));
}

#[test]
fn lines_fit_the_width() {
    no_line(|source, line| {
        let columns = line.chars().count();
        let exempt = line.contains("://") || source.is_generated();
        (columns > COLUMNS_MAX && !exempt).then(|| format!("{columns} columns"))
    });
}

#[test]
fn files_fit_a_head() {
    none(rust().into_iter().filter_map(|source| {
        let lines = source.lines().count();
        let long = lines > FILE_LINES_MAX && !source.is_generated();
        long.then(|| format!("{}: {lines} lines of {FILE_LINES_MAX}", source.path))
    }));
}

#[test]
fn nothing_is_left_for_later() {
    no_line(|_, line| {
        LEFT_FOR_LATER
            .iter()
            .find(|word| line.contains(**word))
            .map(|word| format!("`{word}`"))
    });
}

#[test]
fn unsafe_stands_in_one_place() {
    no_line(|source, line| {
        let code = line.split("//").next().unwrap_or_default();
        let found = UNSAFE.iter().any(|word| code.contains(word));
        let allowed = source.path.starts_with(UNSAFE_FOLDER);
        (found && !allowed).then(|| format!("unsafe code outside {UNSAFE_FOLDER}"))
    });
}

#[test]
fn pure_packages_share_one_clippy_file() {
    let pure = ["account", "agent", "audit", "policy", "protocol"];
    let paths = pure.map(|package| root().join(format!("crates/{package}/clippy.toml")));
    let wanted = source(paths.first().unwrap());
    none(paths.iter().map(|path| source(path)).filter_map(|other| {
        let differs = other.text != wanted.text;
        differs.then(|| format!("{} differs from {}", other.path, wanted.path))
    }));
}

#[test]
fn every_dependency_says_what_it_is_for() {
    let mut manifests = files(SOURCES, "Cargo.toml");
    manifests.push(source(&root().join("Cargo.toml")));
    let mut flaws = Vec::new();
    for manifest in manifests {
        let mut in_dependencies = false;
        let mut commented = false;
        for (number, line) in manifest.lines() {
            if let Some(section) = line.strip_prefix('[') {
                in_dependencies = section.contains("dependencies");
            }
            let comment = line.contains('#');
            let chosen = in_dependencies && is_choice(line);
            if chosen && !comment && !commented {
                flaws.push(format!("{}:{number}: {line}", manifest.path));
            }
            commented = line.starts_with('#');
        }
    }
    none(flaws);
}

/// A dependency that is chosen in this line: neither one of ours nor the workspace's choice.
fn is_choice(line: &str) -> bool {
    line.contains(" = ") && !line.contains("path = ") && !line.contains("workspace = true")
}

#[test]
fn every_page_can_be_found() {
    let entrances: String = ["README.md", "ARCHITECTURE.md"]
        .iter()
        .filter_map(|name| std::fs::read_to_string(root().join(name)).ok())
        .collect();
    none(files(&["docs"], ".md").into_iter().filter_map(|page| {
        let linked = entrances.contains(&page.path);
        (!linked).then(|| format!("{} is linked from no entrance", page.path))
    }));
}

#[test]
fn every_link_leads_somewhere() {
    let mut pages = files(&["docs"], ".md");
    for entry in std::fs::read_dir(root()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|it| it == "md") {
            pages.push(source(&path));
        }
    }
    let mut flaws = Vec::new();
    for page in pages {
        let folder = root().join(&page.path).parent().unwrap().to_owned();
        for (number, line) in page.lines() {
            for part in line.split("](").skip(1) {
                let target = part.split([')', '#']).next().unwrap_or_default();
                let outside = target.is_empty() || target.contains("://");
                if !outside && !folder.join(target).exists() {
                    flaws.push(format!("{}:{number}: no `{target}`", page.path));
                }
            }
        }
    }
    none(flaws);
}

const SOURCES: &[&str] = &["bench", "crates", "fuzz", "xtask"];
const COLUMNS_MAX: usize = 100;
// A file that is longer has more than one subject.
const FILE_LINES_MAX: usize = 600;
const BUILT: &[&str] = &["target", "corpus", "artifacts"];
const UNSAFE_FOLDER: &str = "crates/rolecall/src/host/";
// Put together, so that this file does not break its own rules.
const LEFT_FOR_LATER: &[&str] = &[
    concat!("to", "do!"),
    concat!("unimpl", "emented!"),
    concat!("d", "bg!("),
    concat!("#[ig", "nore"),
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
];
const UNSAFE: &[&str] = &[
    concat!("un", "safe {"),
    concat!("un", "safe fn"),
    concat!("un", "safe impl"),
    concat!("un", "safe extern"),
    concat!("un", "safe trait"),
];
