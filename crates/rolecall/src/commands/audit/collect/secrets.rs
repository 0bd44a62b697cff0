//! The secrets of a region, who guards them, and the keys they are under. Reads no value.

use std::collections::BTreeSet;
use std::sync::Arc;

use audit::account::{Grant, Key, ResourcePolicy, Secret};
use protocol::{Record, Value};
use tokio::task::JoinSet;

use super::calls::{Calls, Paged, listed};
use crate::upstream::ApiError;

/// Reads secrets, their resource policies, and their keys.
pub(super) async fn gather(calls: &Arc<Calls>, region: &str) -> (Option<Vec<Secret>>, Vec<Key>) {
    let input = Record::new().with("MaxResults", SECRETS_PER_PAGE);
    let list = listed("ListSecrets");
    let Some(pages) = calls.pages(SERVICE, region, &list, &input).await else {
        return (None, Vec::new());
    };
    let records = pages.iter().flat_map(|page| page.records("SecretList"));
    let mut secrets: Vec<Secret> = records.filter_map(read).collect();
    let mut policies = JoinSet::new();
    for (at, secret) in secrets.iter().enumerate() {
        let (calls, region, arn) = (Arc::clone(calls), region.to_owned(), secret.arn.clone());
        policies.spawn(async move { (at, policy(&calls, &region, &arn).await) });
    }
    for (at, policy) in policies.join_all().await {
        if let Some(secret) = secrets.get_mut(at) {
            secret.policy = policy;
        }
    }
    let named: BTreeSet<String> = secrets.iter().filter_map(|it| it.key.clone()).collect();
    let mut keys = Vec::new();
    for name in named {
        let Some(key) = key(calls, region, &name).await else {
            continue;
        };
        // A key id or an alias stands for its ARN.
        for secret in &mut secrets {
            if secret.key.as_deref() == Some(&name) {
                secret.key = Some(key.arn.clone());
            }
        }
        keys.push(key);
    }
    (Some(secrets), keys)
}

fn read(record: &Record) -> Option<Secret> {
    let tags = record.records("Tags").filter_map(|tag| {
        let (key, value) = (tag.text("Key")?, tag.text("Value")?);
        Some((key.to_owned(), value.to_owned()))
    });
    Some(Secret {
        arn: record.text("ARN")?.to_owned(),
        name: record.text("Name")?.to_owned(),
        key: record.text("KmsKeyId").map(str::to_owned),
        tags: tags.collect(),
        policy: ResourcePolicy::NotRead,
    })
}

async fn policy(calls: &Calls, region: &str, arn: &str) -> ResourcePolicy {
    let operation = "GetResourcePolicy";
    let input = Record::new().with("SecretId", arn);
    match calls.ask(SERVICE, region, operation, &input).await {
        Ok(answer) => match answer.text("ResourcePolicy") {
            Some(text) => ResourcePolicy::Text(text.to_owned()),
            None => ResourcePolicy::Absent,
        },
        Err(ApiError::Fault(fault)) if fault.code.contains("NotFound") => ResourcePolicy::Absent,
        Err(error) => {
            calls.miss(&format!("{SERVICE}:{operation}"), arn, &error);
            ResourcePolicy::NotRead
        }
    }
}

async fn key(calls: &Calls, region: &str, name: &str) -> Option<Key> {
    let input = Record::new().with("KeyId", name);
    let described = calls.get("kms", region, "DescribeKey", &input).await?;
    let described = described.record("KeyMetadata")?;
    let arn = described.text("Arn")?.to_owned();
    let aws_managed = described.text("KeyManager") == Some("AWS");
    let policy = if aws_managed {
        None
    } else {
        let input = Record::new().with("KeyId", arn.as_str());
        let answer = calls.get("kms", region, "GetKeyPolicy", &input).await;
        answer.and_then(|it| it.text("Policy").map(str::to_owned))
    };
    let grants = if aws_managed {
        None
    } else {
        let input = Record::new()
            .with("KeyId", arn.as_str())
            .with("Limit", GRANTS_PER_PAGE);
        let pages = calls.pages("kms", region, &GRANTS, &input).await;
        pages.map(|pages| {
            let records = pages.iter().flat_map(|page| page.records("Grants"));
            records.filter_map(grant).collect()
        })
    };
    Some(Key {
        arn,
        policy,
        aws_managed,
        grants,
    })
}

/// A grant that allows `Decrypt`.
fn grant(record: &Record) -> Option<Grant> {
    record.texts("Operations").find(|it| *it == "Decrypt")?;
    let constraints = record.record("Constraints");
    let pairs = |name: &str| match constraints.and_then(|it| it.get(name)) {
        Some(Value::Map(pairs)) if !pairs.is_empty() => {
            let pairs = pairs.iter().filter_map(|(name, value)| match value {
                Value::String(value) => Some((name.clone(), value.clone())),
                _ => None,
            });
            Some(pairs.collect())
        }
        _ => None,
    };
    let (equals, subset) = (
        pairs("EncryptionContextEquals"),
        pairs("EncryptionContextSubset"),
    );
    Some(Grant {
        id: record.text("GrantId")?.to_owned(),
        grantee: record.text("GranteePrincipal")?.to_owned(),
        is_whole: equals.is_some(),
        context: equals.or(subset).unwrap_or_default(),
    })
}

const GRANTS: Paged = Paged {
    operation: "ListGrants",
    sent: "Marker",
    told: "NextMarker",
};
// The most that KMS gives.
const GRANTS_PER_PAGE: i64 = 100;
const SERVICE: &str = "secretsmanager";
// The most that Secrets Manager gives.
const SECRETS_PER_PAGE: i64 = 100;
