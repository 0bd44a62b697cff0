//! What an account's API told, and the rules over it. Knows no call: collectors hand the facts in.

mod facts;

pub use facts::{
    AccessKey, AccountFacts, Fleet, Group, Identities, Image, Instance, InstanceProfile, Key,
    LaunchConfiguration, LaunchTemplateVersion, Layers, ManagedPolicy, MetadataOptions, NamedText,
    RegionFacts, Role, ScalingGroup, Secret, TemplateRef, Tokens, User, UserData,
};

use crate::Rule;

/// Rules over an account, by code.
pub const RULES: &[Rule] = &[];
