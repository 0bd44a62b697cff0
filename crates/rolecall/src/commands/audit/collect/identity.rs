//! Who is in the account: users, groups, roles, their policies and profiles. Knows no rule.

use std::sync::Arc;

use audit::account::{
    AccessKey, Group, Identities, InstanceProfile, Layers, NamedText, PolicyVersion, Role, User,
};
use jiff::Timestamp;
use protocol::{Record, Value};

use super::calls::{Calls, Paged};
use super::keys;

/// The region that IAM's calls are signed for.
pub(super) fn region(partition: &str) -> &'static str {
    match partition {
        "aws-cn" => "cn-north-1",
        "aws-us-gov" => "us-gov-west-1",
        _ => "us-east-1",
    }
}

/// Reads identities, and the keys of users, of each as it is now if exactly.
pub(super) async fn gather(
    calls: &Arc<Calls>,
    region: &str,
    exactly: bool,
) -> (Option<Identities>, Option<Vec<AccessKey>>) {
    let details = paged("GetAccountAuthorizationDetails");
    let profiles = paged("ListInstanceProfiles");
    let all = Record::new().with("MaxItems", ITEMS_PER_PAGE);
    let nothing = Record::new();
    let (details, profiles, summary) = tokio::join!(
        calls.pages("iam", region, &details, &all),
        calls.pages("iam", region, &profiles, &all),
        calls.get("iam", region, "GetAccountSummary", &nothing),
    );
    let Some(details) = details else {
        return (None, None);
    };
    let records = |member: &'static str| details.iter().flat_map(move |it| it.records(member));
    let users: Vec<User> = records("UserDetailList").filter_map(user).collect();
    let mut identities = Identities {
        groups: records("GroupDetailList").filter_map(group).collect(),
        roles: records("RoleDetailList").filter_map(role).collect(),
        managed: records("Policies").filter_map(managed).collect(),
        versions: records("Policies").flat_map(versions).collect(),
        root_keys: summary.as_ref().and_then(root_keys),
        use_not_read: Vec::new(),
        profiles: profiles.map(|pages| {
            let records = pages.iter().flat_map(|it| it.records("InstanceProfiles"));
            records.filter_map(profile).collect()
        }),
        users,
    };
    let keys = keys::gather(calls, region, &identities.users, exactly).await;
    let keys = keys.map(|(keys, not_read)| {
        identities.use_not_read = not_read;
        keys
    });
    (Some(identities), keys)
}

/// Whether the root user has access keys.
fn root_keys(summary: &Record) -> Option<bool> {
    let Some(Value::Map(counts)) = summary.get("SummaryMap") else {
        return None;
    };
    let count = counts
        .iter()
        .find(|(name, _)| *name == "AccountAccessKeysPresent");
    match count? {
        (_, Value::Integer(count)) => Some(*count > 0),
        _ => None,
    }
}

pub(super) const fn paged(operation: &'static str) -> Paged {
    Paged {
        operation,
        sent: "Marker",
        told: "Marker",
    }
}

fn user(record: &Record) -> Option<User> {
    Some(User {
        arn: record.text("Arn")?.to_owned(),
        id: record.text("UserId").map(str::to_owned),
        policies: layers_of_entity(record, "UserPolicyList"),
        groups: record.texts("GroupList").map(str::to_owned).collect(),
    })
}

fn group(record: &Record) -> Option<Group> {
    Some(Group {
        name: record.text("GroupName")?.to_owned(),
        policies: layers(record, "GroupPolicyList"),
    })
}

fn role(record: &Record) -> Option<Role> {
    let used = record.record("RoleLastUsed");
    Some(Role {
        arn: record.text("Arn")?.to_owned(),
        id: record.text("RoleId").map(str::to_owned),
        policies: layers_of_entity(record, "RolePolicyList"),
        trust: document(record.text("AssumeRolePolicyDocument").unwrap_or_default()),
        last_used: used.and_then(|it| moment(it, "LastUsedDate")),
    })
}

fn managed(record: &Record) -> Option<NamedText> {
    let mut versions = record.records("PolicyVersionList");
    let default = versions.find(|it| it.boolean("IsDefaultVersion") == Some(true))?;
    Some(NamedText {
        name: record.text("Arn")?.to_owned(),
        text: document(default.text("Document")?),
    })
}

/// Those of a policy of the account's own that are not the default. AWS alone sets its own.
fn versions(record: &Record) -> Vec<PolicyVersion> {
    let arn = record.text("Arn").unwrap_or_default();
    if arn.contains(":iam::aws:") {
        return Vec::new();
    }
    let versions = record.records("PolicyVersionList");
    let others = versions.filter(|it| it.boolean("IsDefaultVersion") != Some(true));
    let others = others.filter_map(|it| {
        Some(PolicyVersion {
            policy: arn.to_owned(),
            id: it.text("VersionId")?.to_owned(),
            text: document(it.text("Document")?),
        })
    });
    others.collect()
}

fn profile(record: &Record) -> Option<InstanceProfile> {
    let role = record.records("Roles").next();
    Some(InstanceProfile {
        arn: record.text("Arn")?.to_owned(),
        role: role.and_then(|it| it.text("Arn")).map(str::to_owned),
    })
}

fn layers(record: &Record, inline: &str) -> Layers {
    let attached = record.records("AttachedManagedPolicies");
    let inline = record.records(inline).filter_map(|it| {
        Some(NamedText {
            name: it.text("PolicyName")?.to_owned(),
            text: document(it.text("PolicyDocument")?),
        })
    });
    Layers {
        managed: attached
            .filter_map(|it| it.text("PolicyArn"))
            .map(str::to_owned)
            .collect(),
        inline: inline.collect(),
        ..Layers::default()
    }
}

/// The same of a user or role, which have a boundary and tags besides.
fn layers_of_entity(record: &Record, inline: &str) -> Layers {
    let boundary = record.record("PermissionsBoundary");
    let tags = record.records("Tags").filter_map(|tag| {
        let (key, value) = (tag.text("Key")?, tag.text("Value")?);
        Some((key.to_owned(), value.to_owned()))
    });
    Layers {
        boundary: boundary
            .and_then(|it| it.text("PermissionsBoundaryArn"))
            .map(str::to_owned),
        tags: tags.collect(),
        ..layers(record, inline)
    }
}

/// IAM answers documents URL-encoded (RFC 3986).
fn document(text: &str) -> String {
    if !text.starts_with('%') {
        return text.to_owned();
    }
    let decoded = percent_encoding::percent_decode_str(text).decode_utf8();
    decoded.map_or_else(|_| text.to_owned(), std::borrow::Cow::into_owned)
}

pub(super) fn moment(record: &Record, member: &str) -> Option<Timestamp> {
    match record.get(member) {
        Some(Value::Timestamp(moment)) => Some(*moment),
        _ => None,
    }
}

// The most that IAM gives.
const ITEMS_PER_PAGE: i64 = 1_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_come_encoded_or_plain() {
        assert_eq!(document("%7B%22Version%22%3A1%7D"), r#"{"Version":1}"#);
        assert_eq!(document(r#"{"a":"%"}"#), r#"{"a":"%"}"#);
    }

    #[test]
    fn a_profile_without_a_role_is_one() {
        let record = Record::new()
            .with("Arn", "arn:aws:iam::1:instance-profile/p")
            .with("Roles", Value::List(Vec::new()));
        assert_eq!(profile(&record).unwrap().role, None);
    }
}
