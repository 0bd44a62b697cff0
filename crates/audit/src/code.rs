//! What was found in code (Terraform, CloudFormation), and the rules over it. Reads no file: the
//! collector hands in the files of a folder.

mod catalog;
mod cloudformation;
mod model;
mod policy;
mod rules;
mod scripts;
mod terraform;
mod value;
mod yaml;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::keys::{self, FoundKey};
use crate::{Missing, Place};

pub use catalog::RULES;
pub use rules::findings;

/// What a folder of code showed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct CodeFacts {
    /// The folder, as it was given.
    pub folder: String,
    /// How many files of it are code.
    #[serde(default)]
    pub files: u64,
    /// Instances, launch templates and launch configurations.
    #[serde(default)]
    pub launches: Vec<Launch>,
    /// Auto Scaling groups.
    #[serde(default)]
    pub groups: Vec<Group>,
    /// Instance profiles.
    #[serde(default)]
    pub profiles: Vec<Profile>,
    /// What is wrong with policies by itself.
    #[serde(default)]
    pub policies: Vec<PolicyFlaw>,
    /// What of policies only a run would tell: where, and what.
    #[serde(default)]
    pub open: Vec<(Spot, String)>,
    /// Long-lived access keys that the code makes.
    #[serde(default)]
    pub access_keys: Vec<Spot>,
    /// Broad policies of AWS that the code gives to roles: the policy, and where.
    #[serde(default)]
    pub broad: Vec<(String, Spot)>,
    /// What no provider knows: a resource type, or an argument of one.
    #[serde(default)]
    pub unknown_names: Vec<(String, Spot)>,
    /// What scripts do with the metadata service that they should not.
    #[serde(default)]
    pub scripts: Vec<(ScriptFlaw, Spot)>,
    /// Keys in the files, with the block they stand in.
    #[serde(default)]
    pub keys: Vec<KeyInCode>,
    /// Whether the code sets the region's default of the metadata service to tokens required.
    #[serde(default)]
    pub default_tokens_required: bool,
}

/// A part of the code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Spot {
    /// `module.web.aws_instance.app`, or a logical id.
    pub address: String,
    /// Below the folder.
    pub file: String,
    /// From 1.
    pub line: usize,
}

/// What sort of thing launches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LaunchKind {
    /// An instance.
    Instance,
    /// A launch template.
    Template,
    /// A launch configuration.
    Configuration,
}

/// What the code says of an attribute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Setting {
    /// Nothing.
    Unset,
    /// `null` or an empty text, in this line.
    Empty(usize),
    /// This text, in this line.
    Text(String, usize),
    /// Another part of the code, in this line.
    Reference(String, usize),
    /// Something that is not literal, in this line.
    NotLiteral(usize),
}

/// An instance, launch template or launch configuration.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Launch {
    /// Where.
    pub spot: Spot,
    /// What sort.
    pub kind: LaunchKind,
    /// Its instance profile.
    pub profile: Setting,
    /// The launch template that it takes the rest from.
    pub template: Setting,
    /// `http_tokens`.
    pub tokens: Setting,
    /// `http_put_response_hop_limit`, with its line.
    pub hop_limit: Option<(i64, usize)>,
    /// The line of a hop limit that is not literal.
    #[serde(default)]
    pub hop_limit_open: Option<usize>,
    /// The metadata service is disabled.
    pub is_disabled: bool,
}

/// An Auto Scaling group.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Group {
    /// Where.
    pub spot: Spot,
    /// What it launches from.
    pub launches: Vec<Setting>,
}

/// An instance profile.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Profile {
    /// Where.
    pub spot: Spot,
    /// Its role.
    pub role: Setting,
}

/// Something wrong with a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyFlaw {
    /// Where.
    pub spot: Spot,
    /// What.
    pub what: Flaw,
}

/// What can be wrong with a policy by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Flaw {
    /// A policy of an identity names a principal: AWS refuses it.
    PrincipalOfIdentity,
    /// Values of all secrets may be read.
    AllSecrets,
    /// All may be done with all.
    Everything,
    /// A secret's policy lets in EC2 itself, which reads none.
    ServiceOfSecret,
}

/// What can be wrong with a line of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScriptFlaw {
    /// The metadata service has no such address or path.
    NoSuchAddress,
    /// A role's credentials are put into a file.
    CredentialsToFile,
}

/// A key at its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyInCode {
    /// Below the folder.
    pub file: String,
    /// The block it stands in: `provider aws`, `aws_instance.web`.
    pub block: Option<String>,
    /// The key.
    pub key: FoundKey,
}

/// A file of the folder.
#[derive(Debug)]
pub struct File {
    /// Below the folder, with slashes and without one before it.
    pub path: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// What a folder's files say, and which of them could not be read. `key` tells values apart.
pub fn read(folder: &str, files: &[File], key: &[u8]) -> (CodeFacts, Vec<Missing>) {
    let mut facts = CodeFacts {
        folder: folder.to_owned(),
        ..CodeFacts::default()
    };
    let mut read = Read::default();
    terraform::read(files, &mut read);
    cloudformation::read(files, &mut read);
    facts.files = read.files;
    for resource in &read.resources {
        model::take(resource, &mut facts);
    }
    for (spot, line, what) in rules::not_known(&facts) {
        let place = format!("{}:{}", spot.file, line.unwrap_or(spot.line));
        read.miss(&place, &format!("{} {what}", spot.address));
    }
    for file in files {
        let flaws = scripts::flaws(file, |line| read.block_at(&file.path, line));
        facts.scripts.extend(flaws);
        let found = keys::find(&file.bytes, key, keys::OPENED_BYTES_MAX);
        for key in found.keys {
            let block = read.block_at(&file.path, key.line);
            facts.keys.push(KeyInCode {
                file: file.path.clone(),
                block,
                key,
            });
        }
        for why in found.cut {
            read.miss(&file.path, why);
        }
    }
    read.missing.sort();
    read.missing.dedup();
    (facts, read.missing)
}

/// A resource of either language.
struct Resource {
    /// `aws_instance`, `AWS::EC2::Instance`.
    sort: String,
    spot: Spot,
    body: value::Node,
}

/// What all files together gave.
#[derive(Default)]
struct Read {
    resources: Vec<Resource>,
    /// File, first and last line, and name of each block.
    blocks: Vec<(String, usize, usize, String)>,
    files: u64,
    missing: Vec<Missing>,
    /// Folders of modules that were looked into.
    entered: std::collections::BTreeSet<String>,
}

impl Read {
    fn miss(&mut self, file: &str, why: &str) {
        self.missing.push(Missing {
            what: file.to_owned(),
            place: "code".to_owned(),
            // Names in code are whatever stands there.
            why: why.replace(char::is_control, "\u{fffd}"),
        });
    }

    fn block_at(&self, file: &str, line: usize) -> Option<String> {
        let around =
            |it: &&(String, usize, usize, String)| it.0 == file && (it.1..=it.2).contains(&line);
        // The innermost begins last.
        let found = self.blocks.iter().filter(around).max_by_key(|it| it.1);
        found.map(|(.., name)| name.clone())
    }
}

impl Setting {
    fn from(said: value::Said<'_>) -> Setting {
        match said {
            value::Said::Unset => Setting::Unset,
            value::Said::Empty(line) => Setting::Empty(line),
            value::Said::Text(text, line) => Setting::Text(text.to_owned(), line),
            value::Said::Reference(address, line) => Setting::Reference(address.to_owned(), line),
            value::Said::Unknown(line) => Setting::NotLiteral(line),
        }
    }

    /// The line, where something is said.
    pub fn line(&self) -> Option<usize> {
        match self {
            Setting::Unset => None,
            Setting::Empty(line)
            | Setting::NotLiteral(line)
            | Setting::Text(_, line)
            | Setting::Reference(_, line) => Some(*line),
        }
    }
}

impl Spot {
    fn place(&self, line: Option<usize>) -> Place {
        Place {
            file: self.file.clone(),
            line: line.unwrap_or(self.line),
            column: 1,
        }
    }
}
