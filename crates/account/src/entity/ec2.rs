//! EC2's entities.

use std::net::Ipv4Addr;

use jiff::Timestamp;
use protocol::Secret;
use serde::{Deserialize, Serialize};

use super::{Notices, Tag};

/// An instance: what the metadata service and the API tell of it. Nothing runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Instance {
    /// `i-…`
    pub id: String,
    /// `r-…`, shared by the instances of one call.
    pub reservation_id: String,
    /// Position in its reservation, from 0.
    pub launch_index: u32,
    /// `ami-…`
    pub image_id: String,
    /// `t3.micro`
    pub instance_type: String,
    /// When it was launched.
    pub launched: Timestamp,
    /// When it was terminated.
    pub terminated: Option<Timestamp>,
    /// When it was stopped, as long as it is.
    #[serde(default)]
    pub stopped: Option<Timestamp>,
    /// Where it stands.
    pub placement: Placement,
    /// `eni-…`
    pub interface_id: String,
    /// `02:…`
    pub mac: String,
    /// Decoded user data, at most 16 KiB. It often holds keys, so it is treated as secret.
    #[serde(with = "super::stored_secret::option")]
    pub user_data: Option<Secret>,
    /// How its metadata service behaves.
    pub metadata_options: MetadataOptions,
    /// The profile it has, if any.
    pub association: Option<Association>,
    /// Whether TerminateInstances is refused.
    pub termination_protected: bool,
    /// What else ModifyInstanceAttribute changes.
    #[serde(default)]
    pub attributes: Attributes,
    /// Its volumes, the root volume first. They go with it.
    #[serde(default)]
    pub volumes: Vec<Volume>,
    /// What it was told of its future.
    #[serde(default)]
    pub notices: Box<Notices>,
    /// What makes RunInstances idempotent, with a digest of the parameters it came with.
    pub client_token: Option<Box<(String, String)>>,
    /// What running it as an instance has printed, if anything.
    #[serde(default)]
    pub console: Option<Box<Console>>,
    /// Tags.
    pub tags: Vec<Tag>,
}

/// What stands on an instance's console.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Console {
    /// When it was taken.
    pub taken: Timestamp,
    /// The last 64 KiB of it. Boot scripts print keys, so it is treated as secret.
    #[serde(with = "super::stored_secret")]
    pub output: Secret,
}

/// What instances can be launched by, in versions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LaunchTemplate {
    /// `lt-…`
    pub id: String,
    /// Unique in the account.
    pub name: String,
    /// When it was made.
    pub created: Timestamp,
    /// Number of the version that `$Default` means.
    pub default_version: u32,
    /// In the order of their numbers; never empty.
    pub versions: Vec<LaunchTemplateVersion>,
    /// Tags.
    pub tags: Vec<Tag>,
}

/// One version of a launch template. It never changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LaunchTemplateVersion {
    /// From 1.
    pub number: u32,
    /// `VersionDescription`
    pub description: Option<String>,
    /// When it was made.
    pub created: Timestamp,
    /// ARN of who made it.
    pub created_by: String,
    /// `RequestLaunchTemplateData` as JSON. User data often hold keys, so all is treated as secret.
    #[serde(with = "super::stored_secret")]
    pub data: Secret,
    /// What makes its making idempotent.
    pub client_token: Option<String>,
}

/// Where an instance stands in the network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placement {
    /// `subnet-…`
    pub subnet_id: String,
    /// `us-east-1a`
    pub availability_zone: String,
    /// `use1-az1`
    pub availability_zone_id: String,
    /// Its private address.
    pub private_ip: Ipv4Addr,
}

/// The metadata options of an instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetadataOptions {
    /// Whether IMDSv1 is still answered.
    pub http_tokens: Tokens,
    /// Whether anything is answered.
    pub http_endpoint: Toggle,
    /// Whether the IPv6 address is answered.
    pub http_protocol_ipv6: Toggle,
    /// IP TTL of the token answer, 1 to 64.
    pub hop_limit: u8,
    /// Whether tags are shown.
    pub instance_tags: Toggle,
}

/// What the account prefers for the metadata options of new instances; `None` is no preference.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetadataDefaults {
    /// Whether `IMDSv1` is still answered.
    pub http_tokens: Option<Tokens>,
    /// Whether anything is answered.
    pub http_endpoint: Option<Toggle>,
    /// IP TTL of the token answer, 1 to 64.
    pub hop_limit: Option<u8>,
    /// Whether tags are shown.
    pub instance_tags: Option<Toggle>,
    /// Whether `IMDSv1` is refused to those that ask for it.
    pub tokens_enforced: Option<Toggle>,
}

/// Attributes of an instance that change how calls treat it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an attribute that the API has as a boolean"
)]
pub struct Attributes {
    /// What shutting down from inside would do.
    pub shutdown: ShutdownBehavior,
    /// Whether StopInstances is refused.
    pub stop_protected: bool,
    /// Whether its network interface drops what is not its own.
    pub source_dest_check: bool,
    /// Whether it was asked to be optimized for EBS.
    pub ebs_optimized: bool,
    /// Whether detailed monitoring was asked for.
    pub monitored: bool,
    /// How CPU credits are spent, on burstable types.
    pub credits: Option<Credits>,
}

/// `InstanceInitiatedShutdownBehavior`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ShutdownBehavior {
    /// It is stopped.
    Stop,
    /// It is terminated.
    Terminate,
}

/// `CpuCredits`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Credits {
    /// Bursts end with the credits.
    Standard,
    /// Bursts go on and are charged.
    Unlimited,
}

/// A volume that is attached to an instance from launch to termination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Volume {
    /// `vol-…`
    pub id: String,
    /// `/dev/xvda`
    pub device: String,
    /// Size in GiB.
    pub gib: u32,
    /// `gp3`
    pub volume_type: String,
    /// Input and output operations per second, of types that have a number.
    pub iops: Option<u32>,
    /// MiB per second, of gp3.
    pub throughput: Option<u32>,
    /// Whether encryption was asked for.
    pub encrypted: bool,
    /// Tags.
    pub tags: Vec<Tag>,
}

/// Whether a session token must be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tokens {
    /// `IMDSv1` and `IMDSv2` are answered.
    Optional,
    /// Only `IMDSv2` is answered.
    Required,
}

/// A setting that is on or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Toggle {
    /// On.
    Enabled,
    /// Off.
    Disabled,
}

/// The profile of an instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Association {
    /// `iip-assoc-…`
    pub id: String,
    /// ARN of the profile.
    pub profile_arn: String,
    /// `AIPA…`
    pub profile_id: String,
    /// When it was made.
    pub since: Timestamp,
}

impl LaunchTemplate {
    /// The version that `$Latest` means.
    pub fn latest(&self) -> Option<&LaunchTemplateVersion> {
        self.versions.last()
    }

    /// The version by what a call names it: a number, `$Latest` or `$Default`.
    pub fn version(&self, named: &str) -> Option<&LaunchTemplateVersion> {
        let number = match named {
            "$Latest" => return self.latest(),
            "$Default" => self.default_version,
            number => number.parse().ok()?,
        };
        self.versions
            .iter()
            .find(|version| version.number == number)
    }
}

impl Instance {
    /// Whether it is neither stopped nor terminated.
    pub fn is_running(&self) -> bool {
        self.stopped.is_none() && self.terminated.is_none()
    }

    /// The Auto Scaling group that it belongs to, by a tag that no call can set.
    pub fn auto_scaling_group(&self) -> Option<&str> {
        let mut tags = self.tags.iter();
        let tag = tags.find(|tag| tag.key == AUTO_SCALING_GROUP_TAG)?;
        Some(&tag.value)
    }
}

/// The tag that says to which Auto Scaling group an instance belongs.
pub const AUTO_SCALING_GROUP_TAG: &str = "aws:autoscaling:groupName";

impl Tokens {
    /// As the API spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Optional => "optional",
            Self::Required => "required",
        }
    }
}

impl ShutdownBehavior {
    /// As the API spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Terminate => "terminate",
        }
    }
}

impl Credits {
    /// As the API spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Unlimited => "unlimited",
        }
    }
}

impl Toggle {
    /// As the API spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
        }
    }
}

/// What EC2 gives an instance that asks for nothing.
impl Default for Attributes {
    fn default() -> Self {
        Self {
            shutdown: ShutdownBehavior::Stop,
            stop_protected: false,
            source_dest_check: true,
            ebs_optimized: false,
            monitored: false,
            credits: None,
        }
    }
}

/// What EC2 gives an instance that asks for nothing, on images that do not ask for more.
impl Default for MetadataOptions {
    fn default() -> Self {
        Self {
            http_tokens: Tokens::Optional,
            http_endpoint: Toggle::Enabled,
            http_protocol_ipv6: Toggle::Disabled,
            hop_limit: 1,
            instance_tags: Toggle::Disabled,
        }
    }
}
