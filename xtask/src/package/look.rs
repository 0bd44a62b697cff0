//! A look at a package from outside: files, modes, owners, scripts, documentation.
//!
//! Installs nothing. What Debian's policy asks for and a tool like lintian would tell is held here
//! as far as it concerns this package.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use super::{files, said};
use crate::prepare;

/// Unpacks the package, and tells how many checks it passed; fails with every flaw at once.
pub(super) fn at(package: &Path, unpacked: &Path) -> Result<u64> {
    prepare::fresh(unpacked)?;
    let control = unpacked.with_extension("control");
    prepare::fresh(&control)?;
    let deb = |option: &str| {
        let mut command = Command::new("dpkg-deb");
        command.arg(option).arg(package);
        command
    };
    said(deb("--extract").arg(unpacked))?;
    said(deb("--control").arg(&control))?;
    let listing = said(&mut deb("--contents"))?;
    let entries: Result<Vec<Entry>> = listing.lines().map(Entry::read).collect();
    let mut checks = Checks::default();
    for entry in entries? {
        checks.entry(&entry);
    }
    checks.wanted(unpacked)?;
    checks.control(&control, unpacked)?;
    checks.texts(unpacked)?;
    checks.end()
}

/// A line of `dpkg-deb --contents`.
#[derive(Debug, PartialEq, Eq)]
struct Entry {
    mode: String,
    owner: String,
    path: String,
}

impl Entry {
    fn read(line: &str) -> Result<Self> {
        let mut words = line.split_whitespace();
        let mut next = || {
            words
                .next()
                .with_context(|| format!("not a listing: {line}"))
        };
        let (mode, owner) = (next()?.to_owned(), next()?.to_owned());
        let (_size, _day, _time) = (next()?, next()?, next()?);
        let path = next()?.trim_start_matches('.').to_owned();
        Ok(Self { mode, owner, path })
    }
}

#[derive(Debug, Default)]
struct Checks {
    passed: u64,
    flaws: Vec<String>,
}

impl Checks {
    fn that(&mut self, holds: bool, flaw: impl FnOnce() -> String) {
        if holds {
            self.passed += 1;
        } else {
            self.flaws.push(flaw());
        }
    }

    fn end(self) -> Result<u64> {
        if self.flaws.is_empty() {
            return Ok(self.passed);
        }
        bail!(
            "the package is not as it must be:\n{}",
            self.flaws.join("\n")
        );
    }

    /// Everything is root's; only the configuration and programs have modes of their own.
    fn entry(&mut self, entry: &Entry) {
        let wanted = match entry.path.as_str() {
            path if path.ends_with('/') => "drwxr-xr-x",
            "/usr/bin/rolecall" => "-rwxr-xr-x",
            CONFIGURATION => "-rw-r-----",
            _ => "-rw-r--r--",
        };
        // The archive names no users, only numbers.
        let is_fine = entry.mode == wanted && entry.owner == "0/0";
        self.that(is_fine, || format!("{entry:?} is not {wanted} of root"));
    }

    fn wanted(&mut self, unpacked: &Path) -> Result<()> {
        let found = files(unpacked)?;
        for path in WANTED {
            let there = found.iter().any(|file| file == Path::new(path));
            self.that(there, || format!("`{path}` is missing"));
        }
        for path in &found {
            let known = WANTED.iter().any(|wanted| path == Path::new(wanted))
                || KNOWN_FOLDERS.iter().any(|folder| path.starts_with(folder));
            self.that(known, || format!("`{}` is not expected", path.display()));
        }
        let symbols = said(Command::new("nm").arg(unpacked.join("usr/bin/rolecall")))?;
        self.that(symbols.is_empty(), || {
            "the binary is not stripped".to_owned()
        });
        Ok(())
    }

    /// Dependencies, configuration files, scripts.
    fn control(&mut self, control: &Path, unpacked: &Path) -> Result<()> {
        let text = std::fs::read_to_string(control.join("control"))?;
        let fields: BTreeMap<&str, &str> = text
            .lines()
            .filter_map(|line| line.split_once(": "))
            .collect();
        for (field, wanted) in FIELDS {
            let found = fields.get(field).copied().unwrap_or_default();
            self.that(found.contains(wanted), || {
                format!("`{field}: {found}` does not say `{wanted}`")
            });
        }
        let kept = std::fs::read_to_string(control.join("conffiles"))?;
        for path in files(&unpacked.join("etc"))? {
            let path = Path::new("/etc").join(path);
            let is_kept = kept.lines().any(|line| Path::new(line) == path);
            self.that(is_kept, || format!("`{}` is no conffile", path.display()));
        }
        for name in ["postinst", "prerm", "postrm"] {
            let script = control.join(name);
            let text = std::fs::read_to_string(&script)?;
            said(Command::new("sh").arg("-n").arg(&script))?;
            let is_strict = text.contains("\nset -e\n");
            self.that(is_strict, || format!("{name} goes on after a failure"));
            self.that(!text.contains("#DEBHELPER#"), || {
                format!("{name} lacks what cargo-deb adds")
            });
        }
        let postinst = std::fs::read_to_string(control.join("postinst"))?;
        for part in ["systemd-sysusers", "was-enabled", "try-restart"] {
            self.that(postinst.contains(part), || format!("no {part} in postinst"));
        }
        Ok(())
    }

    /// Man pages are pages, and those of the unit are there.
    fn texts(&mut self, unpacked: &Path) -> Result<()> {
        let man = unpacked.join("usr/share/man");
        let pages = files(&man)?;
        for page in &pages {
            let text = said(Command::new("gzip").arg("-cd").arg(man.join(page)))?;
            self.that(text.contains(".SH NAME\n"), || {
                format!("`{}` is no man page", page.display())
            });
        }
        for unit in ["rolecall-agent", "rolecall-guard"] {
            let path = unpacked.join(format!("usr/lib/systemd/system/{unit}.service"));
            let text = std::fs::read_to_string(path)?;
            let named = text.split("man:").skip(1);
            let named: Vec<PathBuf> = named.filter_map(page_file).collect();
            ensure!(!named.is_empty(), "{unit} names no man page");
            for page in named {
                self.that(pages.contains(&page), || {
                    format!("{unit} names `{}`, which is missing", page.display())
                });
            }
        }
        Ok(())
    }
}

/// `name(1)` as a file.
fn page_file(text: &str) -> Option<PathBuf> {
    let (name, rest) = text.split_once('(')?;
    let (section, _) = rest.split_once(')')?;
    Some(PathBuf::from(format!("man{section}/{name}.{section}.gz")))
}

const CONFIGURATION: &str = "/etc/rolecall/agent.yaml";
const WANTED: &[&str] = &[
    "etc/logrotate.d/rolecall-agent",
    "etc/logrotate.d/rolecall-guard",
    "etc/rolecall/agent.yaml",
    "etc/rolecall/guard.yaml",
    "usr/bin/rolecall",
    "usr/lib/systemd/system/rolecall-agent.service",
    "usr/lib/systemd/system/rolecall-guard.service",
    "usr/lib/sysusers.d/rolecall.conf",
    "usr/share/bash-completion/completions/rolecall",
    "usr/share/doc/rolecall/changelog.Debian.gz",
    "usr/share/doc/rolecall/copyright",
    "usr/share/doc/rolecall/examples/client.service",
    "usr/share/doc/rolecall/examples/credentials.conf",
    "usr/share/doc/rolecall/examples/exe.conf",
    "usr/share/doc/rolecall/examples/rolecall-agent.socket",
    "usr/share/doc/rolecall/licences.txt",
    "usr/share/fish/vendor_completions.d/rolecall.fish",
    "usr/share/man/man1/rolecall-account-serve.1.gz",
    "usr/share/man/man1/rolecall-agent.1.gz",
    "usr/share/man/man1/rolecall-get.1.gz",
    "usr/share/man/man1/rolecall-guard-run.1.gz",
    "usr/share/man/man1/rolecall-guard.1.gz",
    "usr/share/man/man1/rolecall.1.gz",
    "usr/share/man/man5/rolecall-agent.yaml.5.gz",
    "usr/share/zsh/vendor-completions/_rolecall",
];
const KNOWN_FOLDERS: &[&str] = &["usr/share/man/man1", "usr/share/doc/rolecall"];
const FIELDS: &[(&str, &str)] = &[
    ("Package", "rolecall"),
    ("Version", concat!(env!("CARGO_PKG_VERSION"), "-1")),
    ("Depends", "libc6 (>= "),
    ("Depends", "systemd-sysusers"),
    ("Section", "admin"),
    ("Maintainer", "@"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listings_and_names_of_pages_are_read() {
        let line = "-rw-r--r-- 0/0      5 2026-01-02 03:04 ./usr/share/x";
        let expect = Entry {
            mode: "-rw-r--r--".to_owned(),
            owner: "0/0".to_owned(),
            path: "/usr/share/x".to_owned(),
        };
        assert_eq!(Entry::read(line).unwrap(), expect);
        assert!(Entry::read("-rw-r--r-- 0/0").is_err());
        let expect = PathBuf::from("man5/a.yaml.5.gz");
        assert_eq!(page_file("a.yaml(5) man:b(1)"), Some(expect));
        assert_eq!(page_file("nothing"), None);
    }

    #[test]
    fn flaws_are_told_together() {
        let entry = |mode: &str, owner: &str, path: &str| Entry {
            mode: mode.to_owned(),
            owner: owner.to_owned(),
            path: path.to_owned(),
        };
        let mut checks = Checks::default();
        checks.entry(&entry("-rw-r-----", "0/0", CONFIGURATION));
        checks.entry(&entry("drwxr-xr-x", "0/0", "/etc/"));
        assert_eq!(checks.passed, 2);
        checks.entry(&entry("-rw-rw-rw-", "0/0", "/etc/open"));
        checks.entry(&entry("-rw-r--r--", "me/me", "/usr/share/mine"));
        checks.entry(&entry("-rwsr-xr-x", "0/0", "/usr/bin/rolecall"));
        let told = checks.end().unwrap_err().to_string();
        for path in ["/etc/open", "/usr/share/mine", "/usr/bin/rolecall"] {
            assert!(told.contains(path), "{told}");
        }
    }
}
