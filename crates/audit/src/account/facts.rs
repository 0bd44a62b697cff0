//! What an account's API told, in the field's terms and without anything secret. Knows no rule.
//!
//! Whatever is `None` was not read: what depends on it is not known. The serialized form is the
//! recorded inventory of `rolecall audit --from`.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::keys::FoundKey;

/// One account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccountFacts {
    /// 12 digits.
    pub account: String,
    /// `aws`, `aws-cn`, `aws-us-gov`.
    pub partition: String,
    /// When it was read.
    pub read_at: Timestamp,
    /// Its place in an organization, if that was read.
    #[serde(default)]
    pub organization: Option<Membership>,
    /// Users, groups, roles and their policies.
    pub identities: Option<Identities>,
    /// Long-lived keys of users.
    pub access_keys: Option<Vec<AccessKey>>,
    /// Service control policies, level by level from the root down.
    #[serde(default)]
    pub service_control: Vec<Vec<NamedText>>,
    /// Resource control policies, likewise.
    #[serde(default)]
    pub resource_control: Vec<Vec<NamedText>>,
    /// Whether `regions` are all that the account has enabled.
    #[serde(default)]
    pub all_regions: bool,
    /// What is regional.
    pub regions: Vec<RegionFacts>,
}

/// Where an account stands in an organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// `o-...`.
    pub id: String,
    /// As `aws:PrincipalOrgPaths` has it: `o-.../r-.../ou-.../`.
    pub path: String,
}

/// Who is in the account: `iam:GetAccountAuthorizationDetails` and `iam:ListInstanceProfiles`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Identities {
    /// Users.
    pub users: Vec<User>,
    /// Groups.
    pub groups: Vec<Group>,
    /// Roles.
    pub roles: Vec<Role>,
    /// Managed policies that somebody has, with the text of the default version.
    pub managed: Vec<NamedText>,
    /// Versions of the account's own managed policies that are not the default.
    #[serde(default)]
    pub versions: Vec<PolicyVersion>,
    /// Whether the root user has access keys: `iam:GetAccountSummary`.
    #[serde(default)]
    pub root_keys: Option<bool>,
    /// Ids of keys of which it was not read when they last called.
    #[serde(default)]
    pub use_not_read: Vec<String>,
    /// All instance profiles. The details tell of those only that hold a role.
    pub profiles: Option<Vec<InstanceProfile>>,
}

/// A version of a managed policy that somebody may make the default.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PolicyVersion {
    /// ARN of the policy.
    pub policy: String,
    /// `v1`.
    pub id: String,
    /// The document, JSON.
    pub text: String,
}

/// A text and the name by which reasons speak of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NamedText {
    /// An ARN, or a name.
    pub name: String,
    /// The document, JSON.
    pub text: String,
}

/// The policies that somebody has.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Layers {
    /// ARNs of managed policies.
    #[serde(default)]
    pub managed: Vec<String>,
    /// Policies of its own.
    #[serde(default)]
    pub inline: Vec<NamedText>,
    /// ARN of the permissions boundary.
    #[serde(default)]
    pub boundary: Option<String>,
    /// Keys and values.
    #[serde(default)]
    pub tags: Vec<(String, String)>,
}

/// A user.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct User {
    /// With its path.
    pub arn: String,
    /// `AIDA...`.
    pub id: Option<String>,
    /// Its policies.
    pub policies: Layers,
    /// Names of its groups.
    #[serde(default)]
    pub groups: Vec<String>,
}

/// A group.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Its policies.
    pub policies: Layers,
}

/// A role.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Role {
    /// With its path.
    pub arn: String,
    /// `AROA...`.
    pub id: Option<String>,
    /// Its policies.
    pub policies: Layers,
    /// Its trust policy, JSON.
    pub trust: String,
    /// When a session of it last called, if the account remembers.
    #[serde(default)]
    pub last_used: Option<Timestamp>,
}

/// A managed policy.
pub type ManagedPolicy = NamedText;

/// An instance profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceProfile {
    /// With its path.
    pub arn: String,
    /// ARN of the role it holds. A profile without one gives no credentials.
    pub role: Option<String>,
}

/// A long-lived access key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccessKey {
    /// `AKIA...`.
    pub id: String,
    /// ARN of its user.
    pub user: String,
    /// An inactive key opens nothing.
    pub active: bool,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// When it last called; `None` for never, or not known.
    pub last_used: Option<Timestamp>,
}

/// One region.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct RegionFacts {
    /// `eu-central-1`.
    pub name: String,
    /// The account's defaults of the metadata service here; unset ones are `None` inside.
    pub metadata_defaults: Option<MetadataOptions>,
    /// Instances.
    pub instances: Option<Vec<Instance>>,
    /// The versions that are default, newest, or in use.
    pub templates: Option<Vec<LaunchTemplateVersion>>,
    /// Launch configurations.
    pub configurations: Option<Vec<LaunchConfiguration>>,
    /// Auto Scaling groups.
    pub groups: Option<Vec<ScalingGroup>>,
    /// Images that instances and templates name. What is not listed is not known.
    pub images: Option<Vec<Image>>,
    /// Secrets.
    pub secrets: Option<Vec<Secret>>,
    /// KMS keys of the secrets.
    #[serde(default)]
    pub keys: Vec<Key>,
}

/// Options of the metadata service as one layer sets them; `None` is unset, never disabled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetadataOptions {
    /// `HttpTokens`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens: Option<Tokens>,
    /// `HttpPutResponseHopLimit`, 1 to 64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hop_limit: Option<u32>,
    /// `HttpEndpoint` is enabled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<bool>,
    /// `HttpTokensEnforced`: launches with optional tokens fail. Of account defaults only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enforced: Option<bool>,
}

/// Whether the metadata service wants a session token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tokens {
    /// IMDSv1 is answered too.
    Optional,
    /// IMDSv2 alone.
    Required,
}

/// An instance that is not terminated.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Instance {
    /// `i-...`.
    pub id: String,
    /// Its tag `Name`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `running`, `stopped`.
    pub state: String,
    /// `ami-...`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// ARN of its instance profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// As EC2 tells them of the instance itself.
    #[serde(default)]
    pub metadata: MetadataOptions,
    /// The template it was launched from, by its tags.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<TemplateRef>,
    /// The Auto Scaling group it is of, by its tags.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// What its user data holds.
    #[serde(default)]
    pub user_data: UserData,
}

/// What user data holds. It may hold secrets, so no text of it is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UserData {
    /// It was not read.
    #[default]
    NotRead,
    /// It was searched, and these keys are in it.
    Searched(Vec<FoundKey>),
}

/// A launch template and a version of it, as groups and fleets name it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TemplateRef {
    /// `lt-...`, or the template's name.
    pub template: String,
    /// A number, `$Default` or `$Latest`.
    pub version: String,
}

/// A version of a launch template.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LaunchTemplateVersion {
    /// `lt-...`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// From 1.
    pub version: i64,
    /// Whether it is the default.
    pub is_default: bool,
    /// Whether it is the newest that was seen; `$Latest` stands for it.
    pub is_latest: bool,
    /// `ami-...`; unset or `resolve:ssm:...` where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// Name or ARN of an instance profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// As the template sets them.
    #[serde(default)]
    pub metadata: MetadataOptions,
    /// What its user data holds.
    #[serde(default)]
    pub user_data: UserData,
}

/// A launch configuration.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LaunchConfiguration {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// `ami-...`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// Name or ARN of an instance profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// As the configuration sets them.
    #[serde(default)]
    pub metadata: MetadataOptions,
    /// What its user data holds.
    #[serde(default)]
    pub user_data: UserData,
}

/// An Auto Scaling group.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ScalingGroup {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// What it launches from.
    pub launches: Vec<Fleet>,
    /// How many instances it has.
    pub size: usize,
}

/// What a group launches from. A mixed instances policy has several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fleet {
    /// A version of a launch template.
    Template(TemplateRef),
    /// A launch configuration, by name.
    Configuration(String),
}

/// A machine image.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Image {
    /// `ami-...`.
    pub id: String,
    /// Whether its `imds-support` is `v2.0`: what is launched from it has tokens required and hop
    /// limit 2, unless an earlier layer says otherwise.
    pub imds_v2: bool,
}

/// A secret, without its value.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Secret {
    /// With the six characters at its end.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// ARN of its KMS key; `None` for the key that AWS manages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Keys and values.
    #[serde(default)]
    pub tags: Vec<(String, String)>,
    /// Its resource policy.
    #[serde(default)]
    pub policy: ResourcePolicy,
}

/// What a resource's own policy is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResourcePolicy {
    /// It was not read.
    #[default]
    NotRead,
    /// There is none.
    Absent,
    /// JSON.
    Text(String),
}

/// A KMS key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Key {
    /// Its ARN.
    pub arn: String,
    /// Its key policy, if it was read.
    pub policy: Option<String>,
    /// Whether AWS manages it for the account.
    #[serde(default)]
    pub aws_managed: bool,
    /// Those of its grants that allow `Decrypt`, if they were read.
    #[serde(default)]
    pub grants: Option<Vec<Grant>>,
}

/// A grant of a KMS key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Its id.
    pub id: String,
    /// The ARN of whom it lets.
    pub grantee: String,
    /// Pairs that the encryption context has to have.
    #[serde(default)]
    pub context: Vec<(String, String)>,
    /// Whether it may have no others.
    #[serde(default)]
    pub is_whole: bool,
}
