//! `cargo xtask managed-policies`: the policies that AWS manages, out of PyPI's `moto`.
//!
//! Knows how the package writes them down and how `crates/account` keeps them: an index, a line a
//! policy, and their documents in blocks that are deflated (RFC 1950).

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::process::ExitCode;

use anyhow::{Context, Result, bail, ensure};
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use serde_json::{Map, Value};

use crate::workspace::{Making, root};

/// Writes the files, or with `--check` says whether they are out of date.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    let Making { check, package } = Making::read(arguments, "--package")?;
    let root = root()?;
    let package = package.unwrap_or_else(|| root.join(PREPARED));
    let wanted = read(&package)?;
    let folder = root.join(FOLDER);
    if check {
        let same = held(&folder).is_ok_and(|held| held == wanted);
        if !same {
            crate::say(&format!("{FOLDER} is out of date"));
            crate::say("hint: run `cargo xtask managed-policies` and commit what it writes");
        }
        return Ok(if same {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        });
    }
    let (index, blocks) = packed(&wanted)?;
    for (name, bytes) in [(INDEX, index.as_bytes()), (BLOCKS, blocks.as_slice())] {
        let path = folder.join(name);
        std::fs::write(&path, bytes).with_context(|| format!("cannot write `{name}`"))?;
        crate::say(&format!("wrote {FOLDER}/{name}"));
    }
    Ok(ExitCode::SUCCESS)
}

/// A policy: the columns of the index that are about it, and its document.
#[derive(Debug, PartialEq, Eq)]
struct Policy {
    columns: String,
    document: String,
}

/// What the package has, by name.
fn read(package: &std::path::Path) -> Result<Vec<Policy>> {
    let path = package.join(SOURCE);
    let text = std::fs::read_to_string(&path).with_context(|| {
        format!(
            "cannot read `{}`\nhint: run `cargo xtask test --prepare`",
            path.display()
        )
    })?;
    let json = text.split("\"\"\"").nth(1);
    let json = json.context("the package does not keep the policies as one text any more")?;
    let all: Map<String, Value> = serde_json::from_str(json)?;
    ensure!(all.len() > 1_000, "the package has {} policies", all.len());
    let mut policies = Vec::with_capacity(all.len());
    for (name, policy) in &all {
        let text = |member: &str| {
            let found = policy.get(member).and_then(Value::as_str);
            found.with_context(|| format!("{name} has no {member}"))
        };
        let version = text("DefaultVersionId")?.trim_start_matches('v');
        let (created, updated) = (text("CreateDate")?, text("UpdateDate")?);
        let path = text("Path")?;
        ensure!(
            [name, path].iter().all(|text| !text.contains(['\t', '\n'])),
            "{name} does not fit a line"
        );
        let document = policy.get("Document").context("no Document")?;
        policies.push(Policy {
            columns: format!("{name}\t{path}\t{version}\t{created}\t{updated}"),
            document: document.to_string(),
        });
    }
    policies.sort_by(|one, two| one.columns.cmp(&two.columns));
    Ok(policies)
}

/// The index, and the blocks one behind the other.
fn packed(policies: &[Policy]) -> Result<(String, Vec<u8>)> {
    let (mut index, mut blocks) = (String::new(), Vec::new());
    let mut rest = policies;
    while !rest.is_empty() {
        let mut length = 0;
        let fits = |policy: &&Policy| {
            length += policy.document.len();
            length <= BLOCK_BYTES
        };
        let count = rest.iter().take_while(fits).count().max(1);
        let (block, behind) = rest.split_at(count);
        rest = behind;
        let text: String = block.iter().map(|it| it.document.as_str()).collect();
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(text.as_bytes())?;
        let packed = encoder.finish()?;
        let (start, bytes) = (blocks.len(), packed.len());
        blocks.extend(packed);
        let mut offset = 0;
        for Policy { columns, document } in block {
            let length = document.len();
            writeln!(index, "{columns}\t{start}\t{bytes}\t{offset}\t{length}")?;
            offset += length;
        }
    }
    Ok((index, blocks))
}

/// What is checked in, unpacked: other versions of the compressor write other bytes.
fn held(folder: &std::path::Path) -> Result<Vec<Policy>> {
    let index = std::fs::read_to_string(folder.join(INDEX))?;
    let blocks = std::fs::read(folder.join(BLOCKS))?;
    let read = |line: &str| {
        let mut columns: Vec<&str> = line.split('\t').collect();
        let places = columns.split_off(5.min(columns.len()));
        let places: Vec<usize> = places
            .iter()
            .map(|place| place.parse())
            .collect::<Result<_, _>>()?;
        let [start, bytes, offset, length] = places[..] else {
            bail!("a line of {} columns", places.len());
        };
        let block = blocks.get(start..start + bytes).context("no block")?;
        let mut text = String::new();
        ZlibDecoder::new(block).read_to_string(&mut text)?;
        let document = text.get(offset..offset + length).context("no document")?;
        Ok(Policy {
            columns: columns.join("\t"),
            document: document.to_owned(),
        })
    };
    index.lines().map(read).collect()
}

const PREPARED: &str = "target/tools/moto";
const SOURCE: &str = "moto/iam/aws_managed_policies.py";
const FOLDER: &str = "crates/account/src/state/aws_managed";
const INDEX: &str = "index.tsv";
const BLOCKS: &str = "policies.bin";
// What is unpacked to read one policy; a policy that is longer has a block for itself.
const BLOCK_BYTES: usize = 64 * 1024;
