//! Whether the records of a store belong together: how many there are of each kind, and which of
//! them name something that is not there.
//!
//! What AWS lets be named without being there is not looked at: a KMS key of another account, a
//! policy of AWS's own, a principal in a policy.

use std::collections::{BTreeMap, BTreeSet};

use crate::entity::{Change, Entity, Key, Located};
use crate::home::Home;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Number of records of each kind, as their keys name it.
    pub counts: BTreeMap<String, usize>,
    /// In the order of the records.
    pub dangling: Vec<Dangling>,
}

/// A record that names something which is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dangling {
    /// Key of the record.
    pub of: String,
    /// Key of the record that it names.
    pub name: String,
}

/// Looks at all records of a store.
pub fn examine(records: &[Located]) -> Report {
    let keys: BTreeSet<String> = records.iter().map(Located::record_key).collect();
    let mut report = Report::default();
    for record in records {
        *report.counts.entry(kind(&record.entity.key())).or_default() += 1;
        for (home, key) in named(record) {
            let name = Change::delete(home, key).record_key();
            if !keys.contains(&name) {
                let of = record.record_key();
                report.dangling.push(Dangling { of, name });
            }
        }
    }
    report
}

/// The first two parts of a key, or all of a shorter one.
fn kind(key: &Key) -> String {
    let text = key.to_string();
    text.splitn(3, '/').take(2).collect::<Vec<_>>().join("/")
}

/// What must be there with a record.
fn named(record: &Located) -> Vec<(Home, Key)> {
    let home = &record.home;
    let here = |keys: Vec<Key>| keys.into_iter().map(|key| (home.clone(), key)).collect();
    here(match &record.entity {
        Entity::AccessKey(key) => vec![Key::User(key.user.to_lowercase())],
        Entity::User(user) => {
            let groups = user
                .groups
                .iter()
                .map(|name| Key::Group(name.to_lowercase()));
            groups
                .chain(policies(&user.attached, user.boundary.as_ref()))
                .collect()
        }
        Entity::Group(group) => policies(&group.attached, None).collect(),
        Entity::Role(role) => policies(&role.attached, role.boundary.as_ref()).collect(),
        Entity::InstanceProfile(profile) => {
            let role = profile.role.iter();
            role.map(|name| Key::Role(name.to_lowercase())).collect()
        }
        Entity::Secret(secret) => {
            let versions = secret.stages.values();
            versions
                .map(|id| Key::SecretVersion(secret.name.clone(), id.clone()))
                .collect()
        }
        Entity::SecretVersion(version) => vec![Key::Secret(version.secret.clone())],
        Entity::KmsAlias(alias) => vec![Key::KmsKey(alias.key.clone())],
        Entity::KmsGrant(grant) => vec![Key::KmsKey(grant.key.clone())],
        Entity::S3Object(object) => vec![Key::Bucket(object.bucket.to_string())],
        Entity::Upload(upload) => vec![Key::Bucket(upload.bucket.to_string())],
        Entity::UploadPart(part) => {
            vec![Key::Upload(part.bucket.to_string(), part.upload.clone())]
        }
        _ => Vec::new(),
    })
}

/// Policies of the account itself.
fn policies<'a>(
    attached: &'a [String],
    boundary: Option<&'a String>,
) -> impl Iterator<Item = Key> + 'a {
    let all = attached.iter().chain(boundary);
    let own = all.filter(|arn| !arn.contains(":iam::aws:policy/"));
    own.map(|arn| Key::ManagedPolicy(arn.clone()))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::entity::Step;
    use crate::sample;

    fn records() -> Vec<Located> {
        let made = sample::sample("123456789012", "us-east-1", Timestamp::UNIX_EPOCH, [1; 32]);
        let changes = made.unwrap().changes.into_iter();
        changes
            .filter_map(|change| match change.step {
                Step::Put(entity) => Some(Located {
                    home: change.home,
                    entity: *entity,
                }),
                Step::Delete(_) => None,
            })
            .collect()
    }

    fn without(kind: &str) -> Report {
        let mut records = records();
        let before = records.len();
        records.retain(|record| !record.record_key().contains(kind));
        assert!(records.len() < before, "there is no {kind}");
        examine(&records)
    }

    #[test]
    fn the_sample_world_is_whole() {
        let report = examine(&records());
        assert_eq!(report.dangling, []);
        assert_eq!(report.counts["iam/role"], 1);
        assert_eq!(report.counts["secretsmanager/version"], 1);
        assert_eq!(report.counts["settings"], 1);
        assert_eq!(report.counts.values().sum::<usize>(), records().len());
    }

    #[test]
    fn what_is_named_and_not_there_is_told() {
        for (lost, of) in [
            ("/iam/user/", "/iam/access-key/"),
            ("/iam/role/", "/iam/instance-profile/"),
            ("/iam/policy/", "/iam/role/"),
            ("/secretsmanager/secret/", "/secretsmanager/version/"),
            ("/secretsmanager/version/", "/secretsmanager/secret/"),
        ] {
            let report = without(lost);
            assert_eq!(report.dangling.len(), 1, "{lost}: {report:?}");
            assert!(report.dangling[0].of.contains(of), "{report:?}");
            assert!(report.dangling[0].name.contains(lost), "{report:?}");
        }
    }

    #[test]
    fn a_policy_of_aws_is_in_no_store() {
        let attached = [
            "arn:aws:iam::aws:policy/AdministratorAccess".to_owned(),
            "arn:aws:iam::123456789012:policy/own".to_owned(),
        ];
        let own = Key::ManagedPolicy(attached[1].clone());
        assert_eq!(policies(&attached, None).collect::<Vec<_>>(), [own]);
    }
}
