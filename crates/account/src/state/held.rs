//! Entities as a state holds them: with their policies compiled.

use std::sync::Arc;

use imbl::OrdMap;
use policy::{Kind, Policy};

use super::StateError;
use crate::entity::{
    EntityError, Group, InlinePolicies, Instance, KmsKey, ManagedPolicy, Role, SecretEntity,
    SecretVersion, User,
};
use crate::metadata::Signed;

/// A role with its policies compiled.
#[derive(Debug)]
pub(crate) struct HeldRole {
    pub(crate) role: Role,
    pub(crate) trust: Policy,
    pub(crate) inline: Vec<Inline>,
}

/// A user with its policies compiled.
#[derive(Debug)]
pub(crate) struct HeldUser {
    pub(crate) user: User,
    pub(crate) inline: Vec<Inline>,
}

/// A group with its policies compiled.
#[derive(Debug)]
pub(crate) struct HeldGroup {
    pub(crate) group: Group,
    pub(crate) inline: Vec<Inline>,
}

/// A compiled inline policy.
#[derive(Debug)]
pub(crate) struct Inline {
    pub(crate) name: String,
    pub(crate) policy: Policy,
}

/// A managed policy with its default version compiled.
#[derive(Debug)]
pub(crate) struct HeldPolicy {
    pub(crate) policy: ManagedPolicy,
    pub(crate) compiled: Policy,
}

/// An instance, and what was signed for it.
#[derive(Debug)]
pub(crate) struct HeldInstance {
    pub(crate) instance: Instance,
    pub(crate) signed: Signed,
}

/// A secret with its versions and its policy compiled.
#[derive(Debug, Clone)]
pub(crate) struct HeldSecret {
    pub(crate) secret: SecretEntity,
    /// The resource policy, compiled.
    pub(crate) policy: Option<Arc<Policy>>,
    pub(crate) versions: OrdMap<String, Arc<SecretVersion>>,
}

/// A KMS key with its policy compiled.
#[derive(Debug)]
pub(crate) struct HeldKey {
    pub(crate) key: KmsKey,
    pub(crate) policy: Policy,
}

impl HeldRole {
    pub(super) fn new(role: Role) -> Result<Self, StateError> {
        let trust = compile("iam/role", &role.name, &role.trust, Kind::Trust)?;
        let inline = compile_inline("iam/role", &role.name, &role.inline)?;
        Ok(Self {
            role,
            trust,
            inline,
        })
    }
}

impl HeldUser {
    pub(super) fn new(user: User) -> Result<Self, StateError> {
        let inline = compile_inline("iam/user", &user.name, &user.inline)?;
        Ok(Self { user, inline })
    }
}

impl HeldGroup {
    pub(super) fn new(group: Group) -> Result<Self, StateError> {
        let inline = compile_inline("iam/group", &group.name, &group.inline)?;
        Ok(Self { group, inline })
    }
}

impl HeldPolicy {
    pub(super) fn new(policy: ManagedPolicy) -> Result<Self, StateError> {
        let version = policy.default();
        let text = version.map_or("", |version| version.document.as_str());
        let compiled = compile("iam/policy", &policy.arn, text, Kind::Identity)?;
        Ok(Self { policy, compiled })
    }
}

impl HeldKey {
    pub(super) fn new(key: KmsKey) -> Result<Self, StateError> {
        let policy = compile("kms/key", &key.id, &key.policy, Kind::Resource)?;
        Ok(Self { key, policy })
    }
}

impl HeldSecret {
    pub(super) fn new(
        secret: SecretEntity,
        versions: OrdMap<String, Arc<SecretVersion>>,
    ) -> Result<Self, StateError> {
        let text = secret.policy.as_deref();
        let policy =
            text.map(|text| compile("secretsmanager/secret", &secret.name, text, Kind::Resource));
        Ok(Self {
            policy: policy.transpose()?.map(Arc::new),
            secret,
            versions,
        })
    }
}

pub(super) fn compile(kind: &str, name: &str, text: &str, of: Kind) -> Result<Policy, StateError> {
    Policy::parse(text, of)
        .map_err(|error| EntityError::Policy(format!("{kind}/{name}"), error.to_string()).into())
}

pub(super) fn compile_inline(
    kind: &str,
    owner: &str,
    policies: &InlinePolicies,
) -> Result<Vec<Inline>, StateError> {
    let compiled = policies.iter().map(|(name, text)| {
        let policy = compile(kind, owner, text, Kind::Identity)?;
        Ok(Inline {
            name: name.clone(),
            policy,
        })
    });
    compiled.collect()
}
