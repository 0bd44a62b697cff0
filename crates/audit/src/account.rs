//! What an account's API told, and the rules over it. Knows no call: collectors hand the facts in.

mod access;
mod case;
mod catalog;
mod chain;
mod doors;
mod engine;
mod facts;
mod judge;
pub mod metadata;
mod rules;

pub use access::{RoleAccess, SecretAccess};
pub use case::InstanceReport;
pub use catalog::RULES;
pub use facts::{
    AccessKey, AccountFacts, Fleet, Grant, Group, Identities, Image, Instance, InstanceProfile,
    Key, LaunchConfiguration, LaunchTemplateVersion, Layers, ManagedPolicy, Membership,
    MetadataOptions, NamedText, PolicyVersion, RegionFacts, ResourcePolicy, Role, ScalingGroup,
    Secret, TemplateRef, Tokens, User, UserData,
};
pub use judge::{Judged, judge};

#[cfg(test)]
mod tests;
