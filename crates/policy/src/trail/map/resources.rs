//! What a call was done to, for services whose records name it by ARN or by its own name. Knows no
//! event by name but those that make what they name.
//!
//! `resources` comes first, then ARNs among the parameters, then those of the answer, and last an
//! ARN made of a name.

use super::super::event::{Event, fits, texts};
use crate::actions::{Action, ResourceType, Service};
use crate::generate::{Resource, Unknown};

/// The resources of this type that the action was done to; none where the record tells none.
pub(super) fn find(
    event: &Event<'_>,
    service: &Service,
    action: &Action,
    kind: &ResourceType,
) -> Vec<Resource> {
    let own = |arn: &&str| fits(arn, kind);
    let listed: Vec<&str> = event.resource_arns().filter(own).collect();
    let arns = [listed, requested(event, kind), answered(event, kind)];
    // What is being made has no ARN yet when the call is decided but for its name.
    let is_new = is_creation(service, action);
    let known = arns.into_iter().find(|arns| !arns.is_empty() && !is_new);
    match known {
        Some(arns) if service.prefix == "secretsmanager" => arns.into_iter().map(secret).collect(),
        Some(arns) => arns.into_iter().map(Resource::new).collect(),
        None => named(event, service, action, kind),
    }
}

fn is_creation(service: &Service, action: &Action) -> bool {
    (service.prefix, action.name) == ("secretsmanager", "CreateSecret")
}

/// A resource as Rolecall's own server asked for it: EC2 is asked about `kind/*` for what the call
/// makes.
pub(super) fn asked(resource: &str) -> Resource {
    let of_ec2 = resource.split(':').nth(2) == Some("ec2");
    match resource
        .strip_suffix('*')
        .filter(|it| of_ec2 && it.ends_with('/'))
    {
        Some(before) => Resource::assigned(before),
        None => Resource::new(resource),
    }
}

/// Whether a key is named by an alias.
pub(super) fn names_alias(event: &Event<'_>) -> bool {
    let named = KEY_PARAMETERS
        .iter()
        .filter_map(|name| event.parameter_text(name));
    named.into_iter().any(|id| id.contains("alias/"))
}

/// The key by this id in the caller's account and region.
pub(super) fn key(event: &Event<'_>, kind: &ResourceType, id: &str) -> Option<Resource> {
    if fits(id, kind) {
        return Some(Resource::new(id));
    }
    let in_id = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let arn = event.arn(kind, id).filter(|_| id.chars().all(in_id));
    arn.map(Resource::Arn)
}

fn requested<'v>(event: &Event<'v>, kind: &ResourceType) -> Vec<&'v str> {
    let Some(parameters) = event.request().as_object() else {
        return Vec::new();
    };
    let texts = parameters.values().filter_map(|value| value.as_str());
    texts.filter(|arn| fits(arn, kind)).collect()
}

fn answered<'v>(event: &Event<'v>, kind: &ResourceType) -> Vec<&'v str> {
    let mut arns = Vec::new();
    let is_arn = |key: &str| key.eq_ignore_ascii_case("arn");
    texts(event.response(), &is_arn, &mut arns);
    arns.retain(|arn| fits(arn, kind));
    arns
}

/// "Secrets Manager includes six random characters at the end of the secret's ARN"; a call may
/// leave them out.
fn secret(arn: &str) -> Resource {
    let suffix = arn.rsplit_once('-').map(|(_, suffix)| suffix);
    let drawn = suffix.is_some_and(|suffix| {
        suffix.len() == SUFFIX_CHARACTERS && suffix.bytes().all(|it| it.is_ascii_alphanumeric())
    });
    if drawn {
        Resource::new(arn)
    } else {
        Resource::secret(arn)
    }
}

/// By the name among the parameters.
fn named(
    event: &Event<'_>,
    service: &Service,
    action: &Action,
    kind: &ResourceType,
) -> Vec<Resource> {
    let arn = |name: &str| event.arn(kind, name);
    let found = match service.prefix {
        "secretsmanager" => {
            let name = if is_creation(service, action) {
                event.parameter_text("name")
            } else {
                event.parameter_text("secretId")
            };
            let name = name.filter(|name| !name.starts_with("arn:"));
            name.and_then(arn).map(|arn| Resource::secret(&arn))
        }
        "kms" => kms(event, kind),
        "s3" => s3(event, kind).map(Resource::Arn),
        "autoscaling" => return auto_scaling(event, kind),
        "iam" => iam(event, action, kind).map(Resource::Arn),
        "sts" if kind.name == "federated-user" => event
            .parameter_text("name")
            .and_then(arn)
            .map(Resource::Arn),
        _ => None,
    };
    found.into_iter().collect()
}

fn kms(event: &Event<'_>, kind: &ResourceType) -> Option<Resource> {
    if kind.name == "alias" {
        let name = event.parameter_text("aliasName")?.strip_prefix("alias/")?;
        return event.arn(kind, name).map(Resource::Arn);
    }
    let mut ids = KEY_PARAMETERS
        .iter()
        .filter_map(|name| event.parameter_text(name));
    ids.find_map(|id| key(event, kind, id))
}

fn s3(event: &Event<'_>, kind: &ResourceType) -> Option<String> {
    let bucket = event.parameter_text("bucketName")?;
    if bucket.contains([':', '/']) {
        return None;
    }
    let bucket_arn = |name: &str| {
        let bucket = Service::find("s3")?.resource("bucket")?;
        event.arn(bucket, name)
    };
    match kind.name {
        "bucket" => bucket_arn(bucket),
        "object" => {
            let key = event.parameter_text("key")?;
            bucket_arn(bucket).map(|bucket| format!("{bucket}/{key}"))
        }
        _ => None,
    }
}

/// A group's ARN has an identifier besides its name, for which policies write `*`.
///
/// Source: Amazon EC2 Auto Scaling User Guide, "Resource types".
fn auto_scaling(event: &Event<'_>, kind: &ResourceType) -> Vec<Resource> {
    let (parameter, label) = match kind.name {
        "autoScalingGroup" => ("autoScalingGroupName", "autoScalingGroupName/"),
        "launchConfiguration" => ("launchConfigurationName", "launchConfigurationName/"),
        _ => return Vec::new(),
    };
    let mut names: Vec<&str> = event.parameter_text(parameter).into_iter().collect();
    if names.is_empty() && parameter == "autoScalingGroupName" {
        // Tags name what they are put on, and groups alone can have any.
        let tags = event.parameter("tags").unwrap_or(&serde_json::Value::Null);
        texts(tags, &|key: &str| key == "resourceId", &mut names);
    }
    let head = kind
        .arn
        .split_once("${GroupId}")
        .or(kind.arn.split_once("${Id}"));
    let Some((head, _)) = head else {
        return Vec::new();
    };
    let head = ResourceType { arn: head, ..*kind };
    let partly = |name: &str| {
        event.arn(&head, "").map(|before| Resource::Partly {
            before,
            unknown: Unknown::Assigned,
            after: format!(":{label}{name}"),
        })
    };
    names.into_iter().filter_map(partly).collect()
}

/// Names of IAM stand below a path, which only calls that make them state: elsewhere it is taken
/// to be `/`, as it is unless someone asked for another.
fn iam(event: &Event<'_>, action: &Action, kind: &ResourceType) -> Option<String> {
    let parameter = IAM_NAMES.iter().find(|(name, _)| *name == kind.name);
    let name = parameter.and_then(|(_, parameter)| event.parameter_text(parameter));
    if name.is_none() && kind.name == "user" && IMPLICIT_USER.contains(&action.name) {
        return event.caller.own_user().map(str::to_owned);
    }
    let path = event.parameter_text("path").unwrap_or("/");
    let path = path.strip_prefix('/')?;
    event.arn(kind, &format!("{path}{}", name?))
}

static KEY_PARAMETERS: &[&str] = &["keyId", "targetKeyId"];

static IAM_NAMES: &[(&str, &str)] = &[
    ("group", "groupName"),
    ("instance-profile", "instanceProfileName"),
    ("mfa", "virtualMFADeviceName"),
    ("policy", "policyName"),
    ("role", "roleName"),
    ("saml-provider", "name"),
    ("server-certificate", "serverCertificateName"),
    ("user", "userName"),
];

// IAM API Reference: "If you do not specify a user name, IAM determines the user name implicitly
// based on the AWS access key ID signing the request".
static IMPLICIT_USER: &[&str] = &[
    "ChangePassword",
    "CreateAccessKey",
    "DeleteAccessKey",
    "DeleteSigningCertificate",
    "GetUser",
    "ListAccessKeys",
    "ListMFADevices",
    "ListSSHPublicKeys",
    "ListServiceSpecificCredentials",
    "ListSigningCertificates",
    "UpdateAccessKey",
    "UpdateSigningCertificate",
    "UploadSigningCertificate",
];

// Secrets Manager User Guide, "ARN" of a secret.
const SUFFIX_CHARACTERS: usize = 6;
