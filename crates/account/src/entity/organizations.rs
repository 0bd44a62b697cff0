//! AWS Organizations' entities. All of an organization stand in the global part of its management
//! account; what each knows of the tree is its parent.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Tag;

/// An organization, and the root of its tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    /// `o-…`
    pub id: String,
    /// `r-…`
    pub root_id: String,
    /// When it was made.
    pub created: Timestamp,
    /// The policy types that count.
    pub enabled: Vec<ControlType>,
    /// What is attached to the root.
    pub attached: Attachments,
    /// Tags of the root.
    pub tags: Vec<Tag>,
}

/// An organizational unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationalUnit {
    /// `ou-…`
    pub id: String,
    /// Unique among those of its parent.
    pub name: String,
    /// Id of the root or of another unit.
    pub parent: String,
    /// What is attached to it.
    pub attached: Attachments,
    /// Tags.
    pub tags: Vec<Tag>,
}

/// An account as a member of an organization; its management account is one too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberAccount {
    /// Twelve digits.
    pub id: String,
    /// Id of the root or of a unit.
    pub parent: String,
    /// Whether it was made in the organization, and not invited.
    pub is_created: bool,
    /// When it became a member.
    pub joined: Timestamp,
    /// When it was closed.
    pub closed: Option<Timestamp>,
    /// What is attached to it.
    pub attached: Attachments,
    /// Tags.
    pub tags: Vec<Tag>,
}

/// A service or resource control policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ControlPolicy {
    /// `p-…`
    pub id: String,
    /// Full name.
    pub arn: String,
    /// Unique among those of its type.
    pub name: String,
    /// What a person wrote about it.
    pub description: String,
    /// What it limits.
    pub of: ControlType,
    /// The policy's text.
    pub content: String,
    /// Tags.
    pub tags: Vec<Tag>,
}

/// What a policy of an organization limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ControlType {
    /// What the principals of its accounts may do.
    Service,
    /// What may be done to the resources of its accounts.
    Resource,
}

/// The policies attached to a root, a unit or an account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachments {
    /// Service control policies.
    pub service: Attached,
    /// Resource control policies.
    pub resource: Attached,
}

/// Those of one type.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attached {
    /// Whether AWS's policy that allows everything was detached.
    pub without_default: bool,
    /// Ids of the organization's own, in the order of attaching.
    pub policies: Vec<String>,
}

/// What became of a call to make an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRequest {
    /// `car-…`
    pub id: String,
    /// The name asked for.
    pub account_name: String,
    /// When it was asked for, and done.
    pub requested: Timestamp,
    /// The account's number, or why there is none.
    pub outcome: Result<String, String>,
}

/// An invitation to an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handshake {
    /// `h-…`
    pub id: String,
    /// The account invited.
    pub account: String,
    /// When it was sent.
    pub requested: Timestamp,
    /// When it counts no more.
    pub expires: Timestamp,
    /// What became of it.
    pub state: HandshakeState,
    /// What a person wrote to the account's owner.
    pub notes: Option<String>,
    /// Tags that the account gets when it joins.
    pub tags: Vec<Tag>,
}

/// What became of an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum HandshakeState {
    /// It was sent.
    Open,
    /// The account joined.
    Accepted,
    /// The account's owner said no.
    Declined,
    /// The organization took it back.
    Canceled,
}

impl ControlType {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Service, Self::Resource];

    /// As the API spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Service => "SERVICE_CONTROL_POLICY",
            Self::Resource => "RESOURCE_CONTROL_POLICY",
        }
    }

    /// The reverse; AWS has more types than these.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|of| of.as_str() == name)
    }
}

impl Attachments {
    /// Those of one type.
    pub fn of(&self, of: ControlType) -> &Attached {
        match of {
            ControlType::Service => &self.service,
            ControlType::Resource => &self.resource,
        }
    }

    /// The same, to be changed.
    pub fn of_mut(&mut self, of: ControlType) -> &mut Attached {
        match of {
            ControlType::Service => &mut self.service,
            ControlType::Resource => &mut self.resource,
        }
    }
}
