//! Which members of calls and answers stand in the record: those that say what a call is about.
//!
//! A member is left out unless its name is in [`SHOWN`]. What is in there are names, ids, ARNs,
//! labels, counts and moments of the shape tables; a value that the model marks sensitive is left
//! out whatever its name. A structure is walked for those of its members that are shown.

use protocol::{Record, Value};

/// The members of a call or an answer that may be shown.
pub(super) fn kept(record: &Record) -> Record {
    let mut room = CHARACTERS_MAX;
    structure(record, &mut room, 0)
}

fn structure(record: &Record, room: &mut usize, depth: usize) -> Record {
    let mut kept = Record::new();
    for (name, value) in record.members() {
        if let Some(value) = member(name, value, room, depth) {
            kept.set(name, value);
        }
    }
    kept
}

fn member(name: &str, value: &Value, room: &mut usize, depth: usize) -> Option<Value> {
    if depth > DEPTH_MAX || *room < name.len() {
        return None;
    }
    match value {
        Value::Structure(record) => {
            let kept = structure(record, room, depth + 1);
            (!kept.is_empty()).then(|| kept.into())
        }
        Value::List(values) => {
            let kept = values.iter().take(ITEMS_MAX);
            let kept: Vec<Value> = kept
                .filter_map(|value| member(name, value, room, depth + 1))
                .collect();
            (!kept.is_empty()).then_some(Value::List(kept))
        }
        _ if SHOWN.binary_search(&name).is_err() => None,
        Value::Boolean(_) | Value::Integer(_) | Value::Timestamp(_) => {
            *room -= name.len();
            Some(value.clone())
        }
        Value::String(text) => {
            *room = room.checked_sub(name.len() + text.len())?;
            Some(value.clone())
        }
        Value::Float(_) | Value::Secret(_) | Value::Blob(_) | Value::Map(_) => None,
    }
}

/// What says which thing a call is about, and how it is to be.
// Sorted, so that it is found soon, and that a reader finds what is missing: `Description`,
// `Tags`, `Filters` and their like are free text, `ClientRequestToken`, `NextToken` and `Marker`
// are tokens.
const SHOWN: &[&str] = &[
    "ARN",
    "AccessKeyId",
    "AccountId",
    "AliasArn",
    "AliasName",
    "Arn",
    "AssociationId",
    "AssociationIds",
    "AssumedRoleId",
    "AttributeKey",
    "AttributeValue",
    "AutomaticallyAfterDays",
    "BlockPublicPolicy",
    "BypassPolicyLockoutSafetyCheck",
    "ChildId",
    "CreateAccountRequestId",
    "CustomerMasterKeySpec",
    "DefaultVersionId",
    "DeletionDate",
    "DestinationEncryptionAlgorithm",
    "DestinationKeyId",
    "DestinationParentId",
    "DryRun",
    "Duration",
    "DurationSeconds",
    "EncryptionAlgorithm",
    "EndTime",
    "Expiration",
    "Filter",
    "ForceDeleteWithoutRecovery",
    "GrantId",
    "GranteePrincipal",
    "HandshakeId",
    "HttpEndpoint",
    "HttpProtocolIpv6",
    "HttpPutResponseHopLimit",
    "HttpTokens",
    "ImageId",
    "IncludeKeyMaterial",
    "InstanceId",
    "InstanceIds",
    "InstanceMetadataTags",
    "InstanceProfileId",
    "InstanceProfileName",
    "InstanceType",
    "IsDefaultVersion",
    "KeyAgreementAlgorithm",
    "KeyId",
    "KeyPairSpec",
    "KeySpec",
    "KeyState",
    "KeyUsage",
    "KmsKeyId",
    "MacAlgorithm",
    "MaxCount",
    "MaxItems",
    "MaxResults",
    "MaxSessionDuration",
    "MessageType",
    "MinCount",
    "MoveToVersionId",
    "MultiRegion",
    "Name",
    "NumberOfBytes",
    "OnlyAttached",
    "Operations",
    "OrganizationalUnitId",
    "Origin",
    "ParentId",
    "Path",
    "PathPrefix",
    "PendingWindowInDays",
    "PolicyArn",
    "PolicyId",
    "PolicyName",
    "PolicyType",
    "PrivateIpAddress",
    "RecoveryWindowInDays",
    "RemoveFromVersionId",
    "ResourceId",
    "RetiringPrincipal",
    "RoleArn",
    "RoleId",
    "RoleName",
    "RoleSessionName",
    "RootId",
    "RotateImmediately",
    "RotationLambdaARN",
    "RotationPeriodInDays",
    "ScheduleExpression",
    "Scope",
    "SecretId",
    "SecretIdList",
    "SecurityGroupIds",
    "SetAsDefault",
    "SigningAlgorithm",
    "SourceEncryptionAlgorithm",
    "SourceIdentity",
    "SourceKeyId",
    "SourceParentId",
    "StartTime",
    "Status",
    "SubnetId",
    "TargetId",
    "TargetKeyId",
    "UserId",
    "UserName",
    "VersionId",
    "VersionStage",
    "VersionStages",
    "arn",
];
// Names and texts of one call together; a secret's id alone may have 2,048.
const CHARACTERS_MAX: usize = 8 * 1_024;
const ITEMS_MAX: usize = 50;
const DEPTH_MAX: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::Secret;
    use protocol::shape::{Kind, SERVICES, Shape};

    /// Calls back with every leaf below a shape, by its member's name.
    fn leaves(name: &str, shape: &'static Shape, depth: usize, see: &mut impl FnMut(&str, &Shape)) {
        if depth > DEPTH_MAX {
            return;
        }
        match shape.kind {
            Kind::Structure(members) => {
                for member in members {
                    leaves(member.name, member.shape, depth + 1, see);
                }
            }
            Kind::List { member, .. } => leaves(name, member, depth + 1, see),
            _ => see(name, shape),
        }
    }

    fn every_leaf(mut see: impl FnMut(&str, &Shape)) {
        for operation in SERVICES.iter().flat_map(|service| service.operations) {
            for shape in [operation.input, operation.output].into_iter().flatten() {
                leaves("", shape, 0, &mut see);
            }
        }
    }

    #[test]
    fn nothing_that_sounds_secret_or_long_is_shown() {
        let bad = [
            "Binary",
            "Code",
            "Data",
            "Description",
            "Document",
            "External",
            "Marker",
            "Password",
            "SecretAccessKey",
            "SecretString",
            "Tag",
            "Token",
        ];
        for name in SHOWN {
            let sounds = bad.iter().find(|bad| name.contains(**bad));
            assert!(
                sounds.is_none() || *name == "InstanceMetadataTags" || *name == "HttpTokens",
                "{name}"
            );
        }
    }

    #[test]
    fn the_names_are_sorted_as_they_are_looked_up() {
        assert!(SHOWN.is_sorted_by(|one, next| one < next));
    }

    #[test]
    fn no_sensitive_shape_goes_by_a_shown_name() {
        every_leaf(|name, shape| {
            let sensitive = match &shape.kind {
                Kind::String(text) => text.sensitive,
                Kind::Blob { .. } | Kind::Map { .. } => true,
                _ => false,
            };
            // The name of an account in an organization is answered as a secret, and so left out.
            let sensitive = sensitive && shape.name != "AccountName";
            assert!(!(sensitive && SHOWN.contains(&name)), "{name}");
        });
    }

    #[test]
    fn every_shown_name_is_one_of_the_models() {
        let mut unknown: Vec<&str> = SHOWN.to_vec();
        every_leaf(|name, _| unknown.retain(|shown| *shown != name));
        assert!(unknown.is_empty(), "{unknown:?}");
    }

    #[test]
    fn a_secret_is_left_out_whatever_its_name() {
        let record = Record::new()
            .with("Name", Secret::new(*b"value"))
            .with("SecretId", Value::Blob(b"value".to_vec()))
            .with("Policy", "{}")
            .with("Credentials", Record::new().with("SessionToken", "value"));

        assert!(kept(&record).is_empty());
    }

    #[test]
    fn what_is_too_long_is_left_out() {
        let long = "x".repeat(CHARACTERS_MAX);
        let record = Record::new().with("SecretId", long).with("Name", "n");

        assert_eq!(kept(&record), Record::new().with("Name", "n"));
        let names = vec!["x".repeat(100); 1_000];
        let kept = kept(&Record::new().with("InstanceIds", names));
        assert_eq!(kept.texts("InstanceIds").count(), ITEMS_MAX);
    }
}
