//! A tree of files searched for keys: `rolecall audit --host` beside another scanner, turn by turn.
//!
//! `cargo xtask bench tree` runs it. The tree is made of numbers drawn from a fixed beginning, so
//! every run searches the same: 6,000 files, 36 MB, words as in code, and one key pair in every
//! three hundredth file.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, ensure};

use crate::report;

/// Makes the tree, has each search it, and prints the table.
pub(crate) fn run(binary: &str, peer: Option<&str>) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let tree = folder.path().join("tree");
    let bytes = make(&tree)?;
    report::say(&format!("{FILES} files, {bytes} bytes, {PLANTED} pairs"));
    let ours = || {
        let mut command = Command::new(binary);
        command
            .args(["audit", "--format", "json", "--host"])
            .arg(&tree);
        command
    };
    let theirs = |peer: &str| {
        let mut command = Command::new(peer);
        command.args(["scan", "--no-validate", "--no-dedup", "--no-update-check"]);
        command.args(["--format", "json"]).arg(&tree);
        command.env("HOME", folder.path());
        command
    };
    let (mut one, mut other) = (Vec::new(), Vec::new());
    // The first round fills the cache of files, and the peer's of rules.
    for round in 0..=ROUNDS {
        let taken = once(ours())?;
        ensure!(
            taken.told >= PLANTED,
            "{} of {PLANTED} pairs told",
            taken.told
        );
        let beside = peer.map(|peer| once(theirs(peer))).transpose()?;
        if round > 0 {
            one.push(taken);
            other.extend(beside);
        }
    }
    report::head(&["scanner", "wall ms", "files told, of 20"]);
    row("rolecall audit --host", &mut one);
    if !other.is_empty() {
        row("kingfisher scan --no-dedup", &mut other);
    }
    Ok(())
}

struct Taken {
    wall_ms: u128,
    /// How many of the files with a pair are in the report.
    told: usize,
}

fn once(mut command: Command) -> anyhow::Result<Taken> {
    let start = Instant::now();
    let output = command
        .stdin(Stdio::null())
        .output()
        .context("it does not start")?;
    let wall_ms = start.elapsed().as_millis();
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(Taken {
        wall_ms,
        told: planted(&text).len(),
    })
}

/// The names of files with a pair in a report.
fn planted(text: &str) -> BTreeSet<&str> {
    let after = text.split("planted-").skip(1);
    let names = after.filter_map(|rest| Some(rest.split_once(".js")?.0));
    names
        .filter(|it| it.bytes().all(|it| it.is_ascii_digit()))
        .collect()
}

fn row(name: &str, rounds: &mut [Taken]) {
    rounds.sort_by_key(|it| it.wall_ms);
    if let Some(median) = rounds.get(rounds.len() / 2) {
        report::cells(&[name, &median.wall_ms.to_string(), &median.told.to_string()]);
    }
}

/// Writes the files; tells their bytes.
fn make(tree: &Path) -> anyhow::Result<usize> {
    let mut dice = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        dice
    };
    let mut bytes = 0;
    for number in 0..FILES {
        let mut text = String::new();
        while text.len() < FILE_BYTES {
            let word = next();
            let at = usize::try_from(word % 16)?;
            let name = WORDS.get(at).copied().unwrap_or_default();
            let _ = writeln!(
                text,
                "  {name}.{:x}({word:016x}); // {}",
                word % 4_096,
                word % 97
            );
        }
        if number % (FILES / PLANTED) == 0 {
            let _ = writeln!(
                text,
                "aws_access_key_id = {ID}\naws_secret_access_key = {SECRET}"
            );
        }
        let name = if number % (FILES / PLANTED) == 0 {
            NAME
        } else {
            "part"
        };
        let folder = tree.join(format!("{:02}/{:02}", number % 40, number / 40 % 10));
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join(format!("{name}-{number}.js")), &text)?;
        bytes += text.len();
    }
    Ok(bytes)
}

const FILES: usize = 6_000;
const FILE_BYTES: usize = 6_000;
const PLANTED: usize = 20;
const ROUNDS: usize = 5;
// Of the files that hold a pair: both scanners name the file.
const NAME: &str = "planted";
const WORDS: [&str; 16] = [
    "const", "secret", "return", "function", "token", "module", "exports", "require", "string",
    "session", "value", "access", "config", "region", "client", "AKIA",
];
// Made up, and put together here.
const ID: &str = concat!("AKIA", "Y34FZKBOKMUTVV7A");
const SECRET: &str = concat!("q8Zr3Lk0", "VnT5yXwB1mHj", "/7PdEoAc9+sRu2GfKi6N");
