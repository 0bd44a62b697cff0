//! Auto Scaling's entities.

use jiff::Timestamp;
use protocol::Secret;
use serde::{Deserialize, Serialize};

/// A group that keeps a number of instances.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AutoScalingGroup {
    /// Unique in the account.
    pub name: String,
    /// UUID, part of the ARN.
    pub id: String,
    /// When it was made.
    pub created: Timestamp,
    /// Least number of instances.
    pub min: u32,
    /// Greatest number of instances.
    pub max: u32,
    /// How many instances are kept.
    pub desired: u32,
    /// What instances are launched by.
    #[serde(rename = "template")]
    pub by: LaunchedBy,
    /// `subnet-…`, in the order given; never empty.
    pub subnets: Vec<String>,
    /// Seconds between scalings that honour it.
    pub cooldown_seconds: u32,
    /// Seconds after a launch in which health is not looked at.
    pub grace_seconds: u32,
    /// As given; the choice of what goes is always that of `Default`.
    pub termination_policies: Vec<String>,
    /// Whether new instances are kept when the group shrinks.
    pub protects_new: bool,
    /// Names of the processes that are suspended.
    #[serde(default)]
    pub suspended: Vec<String>,
    /// Tags.
    pub tags: Vec<GroupTag>,
    /// Its instances, the oldest first.
    pub members: Vec<Member>,
    /// What it did, the latest last. Only so many are kept.
    pub activities: Vec<Activity>,
}

/// What a group launches by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum LaunchedBy {
    /// A launch template.
    Template(UsedTemplate),
    /// A launch configuration.
    Configuration {
        /// Its name.
        configuration: String,
    },
}

/// What instances of a group can be launched by, without versions. It never changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LaunchConfiguration {
    /// Unique in the account.
    pub name: String,
    /// UUID, part of the ARN.
    pub id: String,
    /// When it was made.
    pub created: Timestamp,
    /// `CreateLaunchConfigurationType` as JSON. User data often hold keys, so all is treated as
    /// secret.
    #[serde(with = "super::stored_secret")]
    pub data: Secret,
}

/// A launch template and its version, as a group uses it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsedTemplate {
    /// `lt-…`
    pub id: String,
    /// Its name when the group was told of it.
    pub name: String,
    /// A number, `$Latest` or `$Default`; as given.
    pub version: Option<String>,
}

/// A tag of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupTag {
    /// Unique among the group's tags.
    pub key: String,
    /// May be empty.
    pub value: String,
    /// Whether instances get it as well.
    pub propagates: bool,
}

/// An instance of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// `i-…`
    pub instance: String,
    /// Number of the template's version it was launched by; 0 for a launch configuration.
    pub version: u32,
    /// Name of the launch configuration it was launched by, if it was by one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub configuration: Option<String>,
    /// Whether it is kept when the group shrinks.
    pub is_protected: bool,
}

/// Something that a group did. It was over at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// UUID.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// `Launching a new EC2 instance: i-…`
    pub description: String,
    /// Why.
    pub cause: String,
    /// What went wrong, where something did.
    pub failure: Option<String>,
}
