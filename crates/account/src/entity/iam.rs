//! IAM's entities.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use protocol::Secret;
use serde::{Deserialize, Serialize};

use super::Tag;

/// Policy texts by name, as embedded in a role or user.
pub type InlinePolicies = BTreeMap<String, String>;

/// An IAM role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// As created; unique without regard to case.
    pub name: String,
    /// Begins and ends with a slash.
    pub path: String,
    /// `AROA…`
    pub id: String,
    /// When it was created.
    pub created: Timestamp,
    /// What a person wrote about it.
    pub description: Option<String>,
    /// Longest session, in seconds.
    pub max_session_seconds: i64,
    /// The trust policy's text.
    pub trust: String,
    /// Inline policies.
    pub inline: InlinePolicies,
    /// ARNs of attached managed policies, in the order of attaching.
    pub attached: Vec<String>,
    /// ARN of the managed policy that is its permissions boundary.
    #[serde(default)]
    pub boundary: Option<String>,
    /// Tags.
    pub tags: Vec<Tag>,
}

/// An IAM user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// As created; unique without regard to case.
    pub name: String,
    /// Begins and ends with a slash.
    pub path: String,
    /// `AIDA…`
    pub id: String,
    /// When it was created.
    pub created: Timestamp,
    /// Inline policies.
    pub inline: InlinePolicies,
    /// ARNs of attached managed policies, in the order of attaching.
    pub attached: Vec<String>,
    /// ARN of the managed policy that is its permissions boundary.
    #[serde(default)]
    pub boundary: Option<String>,
    /// Names of the groups it is in.
    #[serde(default)]
    pub groups: BTreeSet<String>,
    /// Tags.
    pub tags: Vec<Tag>,
}

/// An IAM group. Who is in it, its users know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// As created; unique without regard to case.
    pub name: String,
    /// Begins and ends with a slash.
    pub path: String,
    /// `AGPA…`
    pub id: String,
    /// When it was created.
    pub created: Timestamp,
    /// Inline policies.
    pub inline: InlinePolicies,
    /// ARNs of attached managed policies, in the order of attaching.
    pub attached: Vec<String>,
}

/// A long-term access key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AccessKey {
    /// `AKIA…`
    pub id: String,
    /// Name of the user it belongs to.
    pub user: String,
    /// The secret access key.
    #[serde(with = "super::stored_secret")]
    pub secret: Secret,
    /// Whether calls signed with it are answered.
    pub status: AccessKeyStatus,
    /// When it was created.
    pub created: Timestamp,
}

/// Whether an access key may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AccessKeyStatus {
    /// It may.
    Active,
    /// It may not.
    Inactive,
}

/// A customer managed policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManagedPolicy {
    /// As created; unique without regard to case.
    pub name: String,
    /// Begins and ends with a slash.
    pub path: String,
    /// `ANPA…`
    pub id: String,
    /// Its full name.
    pub arn: String,
    /// When it was created.
    pub created: Timestamp,
    /// When its default version last changed.
    pub updated: Timestamp,
    /// What a person wrote about it; cannot be changed later.
    pub description: Option<String>,
    /// Number of the version in force.
    pub default_version: u32,
    /// Number that the next version gets; numbers are not used twice.
    pub next_version: u32,
    /// At most five, in the order of creation.
    pub versions: Vec<PolicyVersion>,
    /// Tags.
    pub tags: Vec<Tag>,
}

/// One text of a managed policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyVersion {
    /// 3 of `v3`.
    pub number: u32,
    /// The policy's text.
    pub document: String,
    /// When it was created.
    pub created: Timestamp,
}

/// An instance profile: what hands a role to an instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceProfile {
    /// As created; unique without regard to case.
    pub name: String,
    /// Begins and ends with a slash.
    pub path: String,
    /// `AIPA…`
    pub id: String,
    /// When it was created.
    pub created: Timestamp,
    /// Name of the role in it; at most one.
    pub role: Option<String>,
    /// Tags.
    pub tags: Vec<Tag>,
}

/// When an access key, or any session of a role, last signed a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastUse {
    /// The access key's id, or the role's unique id.
    pub of: String,
    /// When.
    pub at: Timestamp,
    /// The region of the signature.
    pub region: String,
    /// The service of the signature.
    pub service: String,
}

/// What IAM keeps for the account as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IamAccount {
    /// The account's other name; at most one.
    pub alias: Option<String>,
    /// What passwords would have to be like.
    pub password_policy: Option<PasswordPolicy>,
    /// The credential report that was made last.
    pub report: Option<CredentialReport>,
}

/// What passwords would have to be like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a member of the API's structure"
)]
pub struct PasswordPolicy {
    /// In characters.
    pub minimum_length: i64,
    /// Whether one of `!@#$%^&*()_+-=[]{}|'` has to be in it.
    pub symbols: bool,
    /// Whether a digit.
    pub numbers: bool,
    /// Whether an upper-case letter.
    pub uppercase: bool,
    /// Whether a lower-case letter.
    pub lowercase: bool,
    /// Whether users may change their own.
    pub users_may_change: bool,
    /// Days until it expires, if it does.
    pub max_age_days: Option<i64>,
    /// How many old ones may not be used again.
    pub reuse_prevention: Option<i64>,
    /// Whether an expired one cannot be changed by its user.
    pub hard_expiry: Option<bool>,
}

/// A credential report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialReport {
    /// When it was made.
    pub generated: Timestamp,
    /// Comma-separated values with a line of headings.
    pub text: String,
}

impl AccessKeyStatus {
    /// As the API spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Inactive => "Inactive",
        }
    }
}

impl ManagedPolicy {
    /// The version in force.
    pub fn default(&self) -> Option<&PolicyVersion> {
        self.version(self.default_version)
    }

    /// A version by number.
    pub fn version(&self, number: u32) -> Option<&PolicyVersion> {
        self.versions
            .iter()
            .find(|version| version.number == number)
    }
}
