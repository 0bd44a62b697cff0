//! What some calls need beside the action of their name. Knows no more than the operations' pages
//! say under "Permissions".

use serde_json::Value;

use super::super::event::{Event, fits, texts};
use super::{Found, Unmapped, ec2, resources};
use crate::actions::{ResourceType, Service};
use crate::generate::Resource;

pub(super) fn add(event: &Event<'_>, service: &Service, found: &mut Found) {
    match (service.prefix, event.name) {
        ("s3", _) => s3(event, service, found),
        ("kms", "ReEncrypt") => re_encrypt(event, service, found),
        ("sts", "AssumeRole") => assume_role(event, service, found),
        ("ec2", _) => launch(event, service, found),
        ("autoscaling", "CreateLaunchConfiguration") => pass_role(event, found),
        ("iam", "AddRoleToInstanceProfile") => {
            on_found(event, service, "role", found, "iam:PassRole");
        }
        ("secretsmanager", name) => secrets(event, name, service, found),
        _ => {}
    }
}

/// `action` on what the record tells of a type.
fn on_found(event: &Event<'_>, service: &Service, kind: &str, found: &mut Found, action: &str) {
    let own = service.action(event.name).zip(service.resource(kind));
    let list = own.map(|(own, kind)| resources::find(event, service, own, kind));
    match list.filter(|list| !list.is_empty()) {
        Some(list) => list.into_iter().for_each(|it| found.need(action, it)),
        None => found.unmapped(Unmapped::Resource {
            action: action.to_owned(),
            kind: kind.to_owned(),
        }),
    }
}

/// What is read to be copied, and what headers of an upload ask for.
fn s3(event: &Event<'_>, service: &Service, found: &mut Found) {
    if matches!(event.name, "CopyObject" | "UploadPartCopy") {
        match copy_source(event, service) {
            Some((action, arn)) => found.need(action, Resource::Arn(arn)),
            None => found.unmapped(Unmapped::Resource {
                action: "s3:GetObject".to_owned(),
                kind: "object".to_owned(),
            }),
        }
    }
    for (events, headers, action) in HEADERS {
        let asked = headers
            .iter()
            .any(|header| event.parameter(header).is_some());
        let action = service
            .action(action)
            .filter(|_| asked && events.contains(&event.name));
        if let Some(action) = action {
            super::on_resources(event, service, action, found);
        }
    }
}

/// The object that a copy is made of: `bucket/key`, percent-encoded, with or without a slash before
/// it and a version behind it.
fn copy_source(event: &Event<'_>, service: &Service) -> Option<(&'static str, String)> {
    let header = event.parameter_text("x-amz-copy-source")?;
    let (path, version) = match header.split_once("?versionId=") {
        Some((path, version)) => (path, Some(version)),
        None => (header, None),
    };
    let path = percent_decoded(path.strip_prefix('/').unwrap_or(path))?;
    let (bucket, key) = path.split_once('/')?;
    let arn = event.arn(service.resource("bucket")?, bucket)?;
    let whole = !bucket.is_empty() && !bucket.contains(':') && !key.is_empty();
    let action = if version.is_some() {
        "s3:GetObjectVersion"
    } else {
        "s3:GetObject"
    };
    whole.then(|| (action, format!("{arn}/{key}")))
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || char::from(rest.next()?).to_digit(16);
        let value = digit()? * 16 + digit()?;
        bytes.push(u8::try_from(value).ok()?);
    }
    String::from_utf8(bytes).ok()
}

/// "The `resources` field specifies two KMS keys, the source and the destination, in that order."
fn re_encrypt(event: &Event<'_>, service: &Service, found: &mut Found) {
    let key = service.resource("key");
    let mut listed = event
        .resource_arns()
        .filter(|arn| key.is_some_and(|key| fits(arn, key)));
    let (first, second) = (listed.next(), listed.next());
    let named = |name: &str| {
        let id = event.parameter_text(name)?;
        resources::key(event, key?, id)
    };
    let source = first.map(Resource::new).or_else(|| named("sourceKeyId"));
    let destination = second.or(first).map(Resource::new);
    let destination = destination.or_else(|| named("destinationKeyId"));
    for (action, resource) in [
        ("kms:ReEncryptFrom", source),
        ("kms:ReEncryptTo", destination),
    ] {
        match resource {
            Some(resource) => found.need(action, resource),
            None => found.unmapped(Unmapped::Resource {
                action: action.to_owned(),
                kind: "key".to_owned(),
            }),
        }
    }
}

fn assume_role(event: &Event<'_>, service: &Service, found: &mut Found) {
    let is_given = |name: &str| {
        let value = event.parameter(name);
        value.is_some_and(|it| it.as_array().is_none_or(|list| !list.is_empty()))
    };
    for (parameter, action) in [
        ("tags", "sts:TagSession"),
        ("sourceIdentity", "sts:SetSourceIdentity"),
    ] {
        if is_given(parameter) {
            on_found(event, service, "role", found, action);
        }
    }
}

/// Tags that a call puts on what it makes, and the role that an instance profile holds.
fn launch(event: &Event<'_>, service: &Service, found: &mut Found) {
    pass_role(event, found);
    let mut kinds = Vec::new();
    let tags = event
        .parameter("tagSpecificationSet")
        .or(event.parameter("tagSpecifications"));
    texts(
        tags.unwrap_or(&Value::Null),
        &|key: &str| key.eq_ignore_ascii_case("resourceType"),
        &mut kinds,
    );
    for kind in kinds {
        let made = |kind: &ResourceType| ec2::made(event, kind);
        match service.resource(kind).and_then(made) {
            Some(resource) => found.need("ec2:CreateTags", resource),
            None => found.unmapped(Unmapped::Resource {
                action: "ec2:CreateTags".to_owned(),
                kind: kind.to_owned(),
            }),
        }
    }
}

/// An instance profile goes with `iam:PassRole` on its role, and its name need not be the role's.
fn pass_role(event: &Event<'_>, found: &mut Found) {
    let Some(profile) = event.parameter("iamInstanceProfile") else {
        return;
    };
    let mut names = Vec::new();
    let is_name = |key: &str| {
        ["arn", "name"]
            .iter()
            .any(|it| key.eq_ignore_ascii_case(it))
    };
    texts(profile, &is_name, &mut names);
    names.extend(profile.as_str());
    if let Some(name) = names.first() {
        found.unmapped(Unmapped::PassRole((*name).to_owned()));
    }
}

fn secrets(event: &Event<'_>, name: &str, service: &Service, found: &mut Found) {
    let is_given = |name: &str| {
        let value = event.parameter(name);
        value.is_some_and(|it| it.as_array().is_none_or(|list| !list.is_empty()))
    };
    match name {
        "CreateSecret" if is_given("tags") => {
            on_found(
                event,
                service,
                "Secret",
                found,
                "secretsmanager:TagResource",
            );
        }
        "RotateSecret" => {
            if let Some(function) = event.parameter_text("rotationLambdaARN") {
                found.need("lambda:InvokeFunction", Resource::new(function));
            }
        }
        // Each secret that it answers has a record of its own, as `GetSecretValue`.
        "BatchGetSecretValue" if is_given("filters") => {
            found.need("secretsmanager:ListSecrets", Resource::Any);
        }
        _ => {}
    }
}

static UPLOADS: &[&str] = &["CopyObject", "CreateMultipartUpload", "PutObject"];
static ACL_HEADERS: &[&str] = &[
    "x-amz-acl",
    "x-amz-grant-full-control",
    "x-amz-grant-read",
    "x-amz-grant-read-acp",
    "x-amz-grant-write",
    "x-amz-grant-write-acp",
];
static LOCK_HEADERS: &[&str] = &[
    "x-amz-object-lock-mode",
    "x-amz-object-lock-retain-until-date",
];

// S3 API Reference, `PutObject` and `CreateBucket`, "Permissions".
#[rustfmt::skip]
static HEADERS: &[(&[&str], &[&str], &str)] = &[
    (UPLOADS, ACL_HEADERS, "PutObjectAcl"),
    (UPLOADS, &["x-amz-tagging"], "PutObjectTagging"),
    (UPLOADS, &["x-amz-object-lock-legal-hold"], "PutObjectLegalHold"),
    (UPLOADS, LOCK_HEADERS, "PutObjectRetention"),
    (&["CreateBucket"], ACL_HEADERS, "PutBucketAcl"),
    (&["CreateBucket"], &["x-amz-bucket-object-lock-enabled"], "PutBucketObjectLockConfiguration"),
    (&["CreateBucket"], &["x-amz-bucket-object-lock-enabled"], "PutBucketVersioning"),
    (&["CreateBucket"], &["x-amz-object-ownership"], "PutBucketOwnershipControls"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_of_the_table_is_one() {
        let s3 = Service::find("s3").unwrap();
        for (_, _, action) in HEADERS {
            assert!(s3.action(action).is_some(), "{action}");
        }
    }

    #[test]
    fn percent_signs_are_taken_apart_or_refused() {
        assert_eq!(percent_decoded("b/a%20b%C3%A9").as_deref(), Some("b/a bé"));
        for text in ["%", "%4", "%zz", "%C3", "%+1"] {
            assert_eq!(percent_decoded(text), None, "{text}");
        }
    }
}
