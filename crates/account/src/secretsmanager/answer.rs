//! The answer that most operations give.

use protocol::Record;

use crate::entity::SecretEntity;

/// The answer most operations give: which secret it was.
pub(super) fn named(secret: &SecretEntity) -> Record {
    Record::new()
        .with("ARN", secret.arn.as_str())
        .with("Name", secret.name.as_str())
}
