//! The JSON of authorization details, as `aws iam get-account-authorization-details` prints it.
//!
//! Documents may be objects, as the AWS CLI prints them, or texts, plain or URL-encoded, as the API
//! gives them. Beside IAM's members there may be some that no single call of AWS gives:
//! `ResourcePolicies` (`ResourceArn` and `Policy`), and `ServiceControlPolicies` and
//! `ResourceControlPolicies`, lists of levels from the root down, each a list of `Name` and
//! `Policy`.

use std::borrow::Cow;

use policy::{Attachments, AuthorizationDetails, Document, Entity, Kind};
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Root<'a> {
    #[serde(borrow, default)]
    user_detail_list: Vec<Detail<'a>>,
    #[serde(borrow, default)]
    group_detail_list: Vec<Detail<'a>>,
    #[serde(borrow, default)]
    role_detail_list: Vec<Detail<'a>>,
    #[serde(borrow, default)]
    policies: Vec<Managed<'a>>,
    #[serde(borrow, default)]
    resource_policies: Vec<OfResource<'a>>,
    #[serde(borrow, default)]
    service_control_policies: Vec<Vec<OfOrganization<'a>>>,
    #[serde(borrow, default)]
    resource_control_policies: Vec<Vec<OfOrganization<'a>>>,
    #[serde(default)]
    is_truncated: bool,
    next_token: Option<String>,
}

/// A user, a group or a role: what one has, the others lack.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Detail<'a> {
    arn: String,
    #[serde(alias = "UserId", alias = "RoleId", alias = "GroupId")]
    id: Option<String>,
    group_name: Option<String>,
    #[serde(
        borrow,
        default,
        alias = "UserPolicyList",
        alias = "GroupPolicyList",
        alias = "RolePolicyList"
    )]
    inline: Vec<Inline<'a>>,
    #[serde(default)]
    attached_managed_policies: Vec<Attached>,
    #[serde(default)]
    group_list: Vec<String>,
    permissions_boundary: Option<Boundary>,
    #[serde(default)]
    tags: Vec<Tag>,
    #[serde(borrow)]
    assume_role_policy_document: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Inline<'a> {
    policy_name: String,
    #[serde(borrow)]
    policy_document: &'a RawValue,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Attached {
    policy_arn: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Boundary {
    permissions_boundary_arn: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Tag {
    key: String,
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Managed<'a> {
    arn: String,
    #[serde(borrow)]
    policy_version_list: Vec<Version<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Version<'a> {
    #[serde(borrow)]
    document: &'a RawValue,
    is_default_version: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OfResource<'a> {
    resource_arn: String,
    #[serde(borrow)]
    policy: &'a RawValue,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OfOrganization<'a> {
    name: String,
    #[serde(borrow)]
    policy: &'a RawValue,
}

/// What is wrong is told with its place in `text`.
pub(super) fn read(text: &str) -> Result<AuthorizationDetails, String> {
    let root: Root<'_> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if root.is_truncated || root.next_token.is_some() {
        return Err("it holds the first page of several".to_owned());
    }
    let mut details = AuthorizationDetails::new();
    for policy in &root.policies {
        let mut versions = policy.policy_version_list.iter();
        let default = versions
            .find(|version| version.is_default_version)
            .ok_or_else(|| format!("no version of {} is the default", policy.arn))?;
        details.add_managed_policy(&policy.arn, &document(default.document)?);
    }
    for group in &root.group_detail_list {
        let name = group.group_name.as_deref();
        let name = name.ok_or_else(|| format!("{} has no `GroupName`", group.arn))?;
        let whose = format!(" of group {name}");
        details.add_group(name, attachments(group, &whose)?);
    }
    for detail in root.user_detail_list.iter().chain(&root.role_detail_list) {
        details.add_entity(entity(detail)?);
    }
    for of_resource in &root.resource_policies {
        let text = document(of_resource.policy)?;
        details.add_resource_policy(&of_resource.resource_arn, &text);
    }
    for level in &root.service_control_policies {
        details.add_service_control_level(documents(level, Kind::ServiceControl)?);
    }
    for level in &root.resource_control_policies {
        details.add_resource_control_level(documents(level, Kind::ResourceControl)?);
    }
    Ok(details)
}

fn entity(detail: &Detail<'_>) -> Result<Entity, String> {
    let trust = detail.assume_role_policy_document;
    let trust = trust
        .map(|raw| Ok::<_, String>(Document::read(TRUST_POLICY, &document(raw)?, Kind::Trust)))
        .transpose()?;
    let tag = |tag: &Tag| (tag.key.as_str().into(), tag.value.as_str().into());
    let boundary = detail.permissions_boundary.as_ref();
    Ok(Entity {
        arn: detail.arn.as_str().into(),
        unique_id: detail.id.as_deref().map(Into::into),
        tags: detail.tags.iter().map(tag).collect(),
        attachments: attachments(detail, "")?,
        groups: detail
            .group_list
            .iter()
            .map(|name| name.as_str().into())
            .collect(),
        boundary: boundary.map(|it| it.permissions_boundary_arn.as_str().into()),
        trust,
    })
}

fn attachments(detail: &Detail<'_>, whose: &str) -> Result<Attachments, String> {
    let managed = detail.attached_managed_policies.iter();
    let managed = managed.map(|it| it.policy_arn.as_str().into()).collect();
    let inline = detail.inline.iter().map(|inline| {
        let name = format!("inline policy {}{whose}", inline.policy_name);
        let text = document(inline.policy_document)?;
        Ok(Document::read(name, &text, Kind::Identity))
    });
    let inline = inline.collect::<Result<_, String>>()?;
    Ok(Attachments { managed, inline })
}

fn documents(level: &[OfOrganization<'_>], kind: Kind) -> Result<Vec<Document>, String> {
    let read = |it: &OfOrganization<'_>| {
        let text = document(it.policy)?;
        Ok(Document::read(it.name.as_str(), &text, kind))
    };
    level.iter().map(read).collect()
}

/// The text of a document, whichever way it is written.
fn document(raw: &RawValue) -> Result<Cow<'_, str>, String> {
    let text = raw.get();
    if !text.starts_with('"') {
        return Ok(Cow::Borrowed(text));
    }
    let text: String = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if !text.starts_with('%') {
        return Ok(Cow::Owned(text));
    }
    let decoded = percent_encoding::percent_decode_str(&text).decode_utf8();
    let decoded = decoded.map_err(|_| "a document is no UTF-8 text".to_owned())?;
    Ok(Cow::Owned(decoded.into_owned()))
}

const TRUST_POLICY: &str = "trust policy";

#[cfg(test)]
mod tests {
    use super::*;

    const ROLE: &str = "arn:aws:iam::123456789012:role/app";
    const POLICY: &str = r#"{"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#;

    fn role(documents: &str) -> String {
        format!(
            r#"{{"RoleDetailList":[{{"Arn":"{ROLE}","RoleId":"AROAEXAMPLEEXAMPLE01",
            "AssumeRolePolicyDocument":{{}},"RolePolicyList":[{documents}]}}],"UserDetailList":[],
            "Policies":[]}}"#
        )
    }

    fn held(text: &str) -> Result<usize, String> {
        let details = read(text)?;
        let entity = details.entity(ROLE).ok_or("no role")?;
        let held = details.held(entity).map_err(|error| error.to_string())?;
        Ok(held.identity.len())
    }

    #[test]
    fn a_document_is_an_object_or_a_text_plain_or_encoded() {
        let encoded =
            percent_encoding::utf8_percent_encode(POLICY, percent_encoding::NON_ALPHANUMERIC);
        let quoted = serde_json::to_string(POLICY).unwrap();
        for form in [POLICY, &quoted, &format!("\"{encoded}\"")] {
            let inline = format!(r#"{{"PolicyName":"p","PolicyDocument":{form}}}"#);
            assert_eq!(held(&role(&inline)), Ok(1), "{form}");
        }
    }

    #[test]
    fn what_is_no_policy_is_kept_as_its_error() {
        let error = held(&role(r#"{"PolicyName":"p","PolicyDocument":{}}"#)).unwrap_err();
        assert!(
            error.starts_with("inline policy p cannot be understood"),
            "{error}"
        );
    }

    #[test]
    fn what_is_no_account_is_refused_with_its_place() {
        for (text, words) in [
            ("", "EOF"),
            ("[]", "line 1"),
            (r#"{"RoleDetailList":[{}]}"#, "missing field `Arn`"),
            (r#"{"RoleDetailList":{}}"#, "line 1"),
            (r#"{"IsTruncated":true}"#, "first page"),
            (r#"{"NextToken":"x"}"#, "first page"),
            (
                r#"{"Policies":[{"Arn":"a","PolicyVersionList":[]}]}"#,
                "no version of a",
            ),
            (r#"{"GroupDetailList":[{"Arn":"g"}]}"#, "GroupName"),
            (
                r#"{"ResourcePolicies":[{"ResourceArn":"a","Policy":"%FF"}]}"#,
                "UTF-8",
            ),
        ] {
            let error = read(text).err().unwrap_or_default();
            assert!(error.contains(words), "{text}: {error}");
        }
    }

    #[test]
    fn groups_boundaries_and_organizations_are_read() {
        let text = format!(
            r#"{{"UserDetailList":[{{"Arn":"arn:aws:iam::123456789012:user/ann","UserId":"A",
              "GroupList":["g"],"PermissionsBoundary":{{"PermissionsBoundaryType":"Policy",
              "PermissionsBoundaryArn":"arn:b"}},"Tags":[{{"Key":"team","Value":"blue"}}]}}],
            "GroupDetailList":[{{"Arn":"arn:g","GroupName":"g",
              "GroupPolicyList":[{{"PolicyName":"p","PolicyDocument":{POLICY}}}]}}],
            "Policies":[{{"Arn":"arn:b","PolicyVersionList":[
              {{"Document":{{}},"VersionId":"v1","IsDefaultVersion":false}},
              {{"Document":{POLICY},"VersionId":"v2","IsDefaultVersion":true}}]}}],
            "ResourcePolicies":[{{"ResourceArn":"arn:r","Policy":{{}}}}],
            "ServiceControlPolicies":[[{{"Name":"scp","Policy":{POLICY}}}],[]],
            "ResourceControlPolicies":[]}}"#
        );
        let details = read(&text).unwrap();
        let user = details
            .entity("arn:aws:iam::123456789012:user/ann")
            .unwrap();
        let held = details.held(user).unwrap();
        assert_eq!(held.identity[0].name, "inline policy p of group g");
        assert_eq!(held.boundary.map(|applied| applied.name), Some("arn:b"));
        assert_eq!(details.service_control().unwrap().len(), 2);
        assert!(details.has_resource_policy("arn:r"));
        assert!(details.rule("s3:GetObject", "arn:r").is_err());
    }
}
