//! The policies that AWS manages, as data: an index, a line a policy, and documents in deflated
//! blocks. `cargo xtask managed-policies` makes both files.
//!
//! A document is unpacked and compiled when it is first asked for, once for the process. Of each
//! policy there is the version in force.
//!
//! Source: AWS Managed Policy Reference Guide, as PyPI's `moto` 5.2.5 (Apache-2.0) carries it.

use std::sync::{Arc, LazyLock, OnceLock};

use jiff::Timestamp;
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;
use policy::{Kind, Policy};

use super::held::HeldPolicy;
use crate::entity::{ManagedPolicy, PolicyVersion};
use crate::entropy::Entropy;
use crate::ids;

/// One policy of AWS's.
#[derive(Debug)]
pub(crate) struct AwsManaged {
    pub(crate) name: &'static str,
    pub(crate) path: &'static str,
    pub(crate) arn: String,
    version: u32,
    created: Timestamp,
    updated: Timestamp,
    place: Place,
    held: OnceLock<Option<Arc<HeldPolicy>>>,
}

/// Where the document is: a block of the file, and a part of what the block unpacks to.
#[derive(Debug, Clone, Copy)]
struct Place {
    start: usize,
    bytes: usize,
    offset: usize,
    length: usize,
}

/// All of them, by name.
pub(crate) fn all() -> &'static [AwsManaged] {
    static ALL: LazyLock<Vec<AwsManaged>> =
        LazyLock::new(|| INDEX.lines().filter_map(AwsManaged::read).collect());
    &ALL
}

/// Whether the ARN is of a policy that AWS manages, there or not.
pub(crate) fn is_awss(arn: &str) -> bool {
    arn.starts_with(ARN_PREFIX)
}

/// The policy of this ARN, compiled.
pub(crate) fn held(arn: &str) -> Option<&'static Arc<HeldPolicy>> {
    let name = arn.strip_prefix(ARN_PREFIX)?.rsplit('/').next()?;
    let all = all();
    let at = all.binary_search_by(|it| it.name.cmp(name)).ok()?;
    let found = all.get(at).filter(|it| it.arn == arn)?;
    found.held.get_or_init(|| found.compile()).as_ref()
}

impl AwsManaged {
    fn read(line: &'static str) -> Option<Self> {
        let mut columns = line.split('\t');
        let mut next = || columns.next();
        let (name, path) = (next()?, next()?);
        Some(Self {
            name,
            path,
            arn: format!("{ARN_PREFIX}{}{name}", path.trim_start_matches('/')),
            version: next()?.parse().ok()?,
            created: next()?.parse().ok()?,
            updated: next()?.parse().ok()?,
            place: Place {
                start: next()?.parse().ok()?,
                bytes: next()?.parse().ok()?,
                offset: next()?.parse().ok()?,
                length: next()?.parse().ok()?,
            },
            held: OnceLock::new(),
        })
    }

    /// As policies of an account are shown; without its document.
    pub(crate) fn policy(&self) -> ManagedPolicy {
        // The same in every account and at every time, as AWS's is.
        let mut seed = [0_u8; 32];
        for (place, byte) in self.name.bytes().enumerate() {
            if let Some(slot) = seed.get_mut(place % 32) {
                *slot = slot.wrapping_mul(31).wrapping_add(byte);
            }
        }
        ManagedPolicy {
            name: self.name.to_owned(),
            path: self.path.to_owned(),
            id: ids::unique_id("ANPA", &mut Entropy::new(seed)),
            arn: self.arn.clone(),
            created: self.created,
            updated: self.updated,
            description: None,
            default_version: self.version,
            next_version: self.version + 1,
            versions: Vec::new(),
            tags: Vec::new(),
        }
    }

    fn document(&self) -> Option<String> {
        let Place {
            start,
            bytes,
            offset,
            length,
        } = self.place;
        let block = BLOCKS.get(start..start + bytes)?;
        let block = decompress_to_vec_zlib_with_limit(block, BLOCK_BYTES_MAX).ok()?;
        let text = block.get(offset..offset + length)?;
        Some(std::str::from_utf8(text).ok()?.to_owned())
    }

    fn compile(&self) -> Option<Arc<HeldPolicy>> {
        let document = self.document()?;
        let compiled = Policy::parse_held(&document, Kind::Identity).ok()?;
        let mut policy = self.policy();
        policy.versions.push(PolicyVersion {
            number: self.version,
            document,
            created: self.updated,
        });
        Some(Arc::new(HeldPolicy { policy, compiled }))
    }
}

const ARN_PREFIX: &str = "arn:aws:iam::aws:policy/";
static INDEX: &str = include_str!("aws_managed/index.tsv");
static BLOCKS: &[u8] = include_bytes!("aws_managed/policies.bin");
// The longest document has some 190 KB, and a block for itself.
const BLOCK_BYTES_MAX: usize = 1 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    /// Has a policy variable in an ARN before the fifth colon, where IAM's guide rules it out.
    const NOT_UNDERSTOOD: &[&str] = &["AmazonTimestreamInfluxDBServiceRolePolicy"];

    /// AWS's own use of its language.
    #[test]
    fn the_policies_of_awss_are_understood_in_full() {
        let lines = INDEX.lines().count();
        assert!(lines > 1_500, "{lines}");
        assert_eq!(all().len(), lines);
        let refused = all().iter().filter(|policy| policy.compile().is_none());
        let refused: Vec<&str> = refused.map(|policy| policy.name).collect();
        assert_eq!(refused, NOT_UNDERSTOOD);
        let names = all().iter().map(|it| it.name);
        assert!(names.is_sorted());
    }

    #[test]
    fn a_policy_is_found_by_its_whole_arn_alone() {
        let arn = "arn:aws:iam::aws:policy/SecretsManagerReadWrite";
        assert_eq!(held(arn).unwrap().policy.arn, arn);
        let with_path = "arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM";
        assert_eq!(held(with_path).unwrap().policy.path, "/service-role/");
        for arn in [
            "",
            "arn:aws:iam::aws:policy/",
            "arn:aws:iam::aws:policy/AmazonEC2RoleforSSM",
            "arn:aws:iam::aws:policy/secretsmanagerreadwrite",
            "arn:aws:iam::aws:policy/no-such-policy",
            "arn:aws:iam::123456789012:policy/SecretsManagerReadWrite",
        ] {
            assert!(held(arn).is_none(), "{arn}");
        }
    }

    #[test]
    fn an_id_looks_like_one_and_is_the_policys_alone() {
        let ids: std::collections::BTreeSet<String> =
            all().iter().map(|it| it.policy().id).collect();
        assert_eq!(ids.len(), all().len());
        let is_one = |id: &String| id.starts_with("ANPA") && id.len() == 21;
        assert!(ids.iter().all(is_one), "{:?}", ids.first());
    }
}
