//! DescribeSecret through the official SDK.

use std::collections::BTreeMap;

use agent::Failure;
use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::operation::describe_secret::DescribeSecretOutput;
use aws_smithy_types::DateTime;
use jiff::Timestamp;

use super::fetch::{failure, incomplete, moment};

/// What is known of a secret without its value, in the service's words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct SecretDescription {
    pub(crate) arn: String,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) kms_key_id: Option<String>,
    pub(crate) owning_service: Option<String>,
    pub(crate) primary_region: Option<String>,
    pub(crate) rotation_enabled: bool,
    pub(crate) created: Option<Timestamp>,
    pub(crate) last_changed: Option<Timestamp>,
    pub(crate) last_accessed: Option<Timestamp>,
    pub(crate) last_rotated: Option<Timestamp>,
    pub(crate) next_rotation: Option<Timestamp>,
    pub(crate) deleted: Option<Timestamp>,
    /// Labels by version id.
    pub(crate) versions: BTreeMap<String, Vec<String>>,
    pub(crate) tags: BTreeMap<String, String>,
}

/// Asks the service.
pub(super) async fn describe(
    client: &Client,
    secret_id: &str,
) -> Result<SecretDescription, Failure> {
    let answer = client.describe_secret().secret_id(secret_id).send().await;
    let output = answer.map_err(|error| failure(&error))?;
    read(output).ok_or_else(incomplete)
}

fn read(output: DescribeSecretOutput) -> Option<SecretDescription> {
    let date = |date: Option<DateTime>| date.as_ref().and_then(moment);
    let tags = output.tags.into_iter().flatten();
    Some(SecretDescription {
        arn: output.arn?,
        name: output.name?,
        description: output.description,
        kms_key_id: output.kms_key_id,
        owning_service: output.owning_service,
        primary_region: output.primary_region,
        rotation_enabled: output.rotation_enabled.unwrap_or_default(),
        created: date(output.created_date),
        last_changed: date(output.last_changed_date),
        last_accessed: date(output.last_accessed_date),
        last_rotated: date(output.last_rotated_date),
        next_rotation: date(output.next_rotation_date),
        deleted: date(output.deleted_date),
        versions: output.version_ids_to_stages.into_iter().flatten().collect(),
        tags: tags
            .filter_map(|tag| Some((tag.key?, tag.value?)))
            .collect(),
    })
}
