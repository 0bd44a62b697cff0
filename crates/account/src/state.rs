//! The account as a value: the fold of its changes.
//!
//! A [`State`] is immutable to its readers and cheap to clone (persistent maps), so a snapshot is
//! taken without a lock and a transaction works on a copy. What later calls need again and again is
//! made once, here, when a change is applied: policies are compiled, metadata trees are built.

use std::net::Ipv4Addr;
use std::sync::Arc;

use imbl::{OrdMap, OrdSet};
use policy::{Kind, Policy};
use protocol::Arn;

use crate::entity::{
    AccessKey, AccessKeyStatus, AutoScalingGroup, Change, Entity, EntityError, InlinePolicies,
    Instance, InstanceProfile, Key, KmsAlias, KmsKey, LaunchConfiguration, LaunchTemplate,
    ManagedPolicy, MetadataDefaults, OpenIdProvider, Role, SecretEntity, SecretVersion, Settings,
    User,
};
use crate::iam::aws_managed;
use crate::metadata::Tree;
use crate::sample;

/// All that the account knows at one moment.
#[derive(Debug, Clone)]
pub struct State {
    settings: Arc<Settings>,
    roles: OrdMap<String, Arc<HeldRole>>,
    users: OrdMap<String, Arc<HeldUser>>,
    access_keys: OrdMap<String, Arc<AccessKey>>,
    policies: OrdMap<String, Arc<HeldPolicy>>,
    profiles: OrdMap<String, Arc<InstanceProfile>>,
    open_id_providers: OrdMap<String, Arc<OpenIdProvider>>,
    metadata_defaults: Arc<MetadataDefaults>,
    instances: OrdMap<String, Arc<HeldInstance>>,
    launch_templates: OrdMap<String, Arc<LaunchTemplate>>,
    groups: OrdMap<String, Arc<AutoScalingGroup>>,
    launch_configurations: OrdMap<String, Arc<LaunchConfiguration>>,
    secrets: OrdMap<String, Arc<HeldSecret>>,
    kms_keys: OrdMap<String, Arc<HeldKey>>,
    kms_aliases: OrdMap<String, Arc<KmsAlias>>,
    // Names of aliases by key id: every decision about a key may ask for them.
    kms_aliases_of: OrdMap<String, OrdSet<String>>,
    // Addresses in use and by whom: a new instance finds a free one without a walk over all.
    // A terminated instance keeps its address in its record, while another may already have it.
    addresses: OrdMap<Ipv4Addr, String>,
    // Instances by client token, so that RunInstances is idempotent without a walk over all.
    client_tokens: OrdMap<String, OrdSet<String>>,
}

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

/// An instance with its metadata laid out.
#[derive(Debug)]
pub(crate) struct HeldInstance {
    pub(crate) instance: Instance,
    pub(crate) tree: Tree,
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

/// Why a set of records is no account.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// There is no record of what the account was made with.
    #[error("the record `settings` is missing")]
    NoSettings,
    /// A version's secret is not there.
    #[error("record `{0}` belongs to a secret that is not there")]
    Orphan(String),
    /// A record is no entity, or one that cannot be used.
    #[error(transparent)]
    Entity(#[from] EntityError),
}

impl State {
    /// Folds all entities of a store, in any order.
    ///
    /// # Errors
    ///
    /// [`StateError`] when they are no whole account.
    pub fn load(entities: impl IntoIterator<Item = Entity>) -> Result<Self, StateError> {
        let mut settings = None;
        let mut first = Vec::new();
        let mut versions = Vec::new();
        for entity in entities {
            match entity {
                Entity::Settings(found) => settings = Some(found),
                // Instances' trees and versions' secrets need what the others bring.
                Entity::Instance(_) | Entity::SecretVersion(_) => versions.push(entity),
                other => first.push(other),
            }
        }
        let mut state = Self::new(settings.ok_or(StateError::NoSettings)?);
        for entity in first.into_iter().chain(versions) {
            state.put(entity)?;
        }
        Ok(state)
    }

    fn new(settings: Settings) -> Self {
        Self {
            settings: Arc::new(settings),
            roles: OrdMap::new(),
            users: OrdMap::new(),
            access_keys: OrdMap::new(),
            policies: OrdMap::new(),
            profiles: OrdMap::new(),
            open_id_providers: OrdMap::new(),
            metadata_defaults: Arc::default(),
            instances: OrdMap::new(),
            launch_templates: OrdMap::new(),
            groups: OrdMap::new(),
            launch_configurations: OrdMap::new(),
            secrets: OrdMap::new(),
            kms_keys: OrdMap::new(),
            kms_aliases: OrdMap::new(),
            kms_aliases_of: OrdMap::new(),
            addresses: OrdMap::new(),
            client_tokens: OrdMap::new(),
        }
    }

    /// The state after one more change.
    ///
    /// # Errors
    ///
    /// [`StateError`] when the change cannot be part of an account; the state is then unchanged.
    pub fn apply(&mut self, change: Change) -> Result<(), StateError> {
        match change {
            Change::Put(entity) => self.put(*entity),
            Change::Delete(key) => {
                self.delete(&key);
                Ok(())
            }
        }
    }

    /// What the account was made with.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The twelve digits.
    pub fn account_id(&self) -> &str {
        &self.settings.account_id
    }

    /// The region.
    pub fn region(&self) -> &str {
        &self.settings.region
    }

    /// Ids of the instances, those recently terminated among them.
    #[cfg(test)]
    pub(crate) fn instance_ids(&self) -> impl Iterator<Item = &str> {
        self.instances.keys().map(String::as_str)
    }

    /// Id of the running instance that was launched first.
    pub fn first_running_instance(&self) -> Option<&str> {
        let running = self.instances.values().map(|held| &held.instance);
        let running = running.filter(|instance| instance.is_running());
        let first = running.min_by_key(|instance| (instance.launched, instance.id.as_str()))?;
        Some(&first.id)
    }

    /// An active key of the administrator that the account was made with, if it still has one.
    pub fn administrator_key(&self) -> Option<&AccessKey> {
        let mut keys = self.access_keys.values().map(AsRef::as_ref);
        keys.find(|key| key.user == sample::ADMIN && key.status == AccessKeyStatus::Active)
    }

    /// ARN of an IAM resource of this account.
    pub(crate) fn iam_arn(&self, kind: &str, path: &str, name: &str) -> Arn {
        Arn::new("iam", "", self.account_id(), &format!("{kind}{path}{name}"))
    }

    pub(crate) fn role(&self, name: &str) -> Option<&Arc<HeldRole>> {
        self.roles
            .get(&name.to_lowercase())
            .filter(|held| held.role.name == name)
    }

    pub(crate) fn roles(&self) -> &OrdMap<String, Arc<HeldRole>> {
        &self.roles
    }

    pub(crate) fn user(&self, name: &str) -> Option<&Arc<HeldUser>> {
        self.users
            .get(&name.to_lowercase())
            .filter(|held| held.user.name == name)
    }

    pub(crate) fn users(&self) -> &OrdMap<String, Arc<HeldUser>> {
        &self.users
    }

    pub(crate) fn access_key(&self, id: &str) -> Option<&Arc<AccessKey>> {
        self.access_keys.get(id)
    }

    pub(crate) fn access_keys(&self) -> &OrdMap<String, Arc<AccessKey>> {
        &self.access_keys
    }

    /// A managed policy, of the account's own or of AWS's.
    pub(crate) fn policy(&self, arn: &str) -> Option<&Arc<HeldPolicy>> {
        let own = self.policies.get(arn);
        own.or_else(|| aws_managed::held(arn))
    }

    pub(crate) fn policies(&self) -> &OrdMap<String, Arc<HeldPolicy>> {
        &self.policies
    }

    pub(crate) fn profile(&self, name: &str) -> Option<&Arc<InstanceProfile>> {
        self.profiles
            .get(&name.to_lowercase())
            .filter(|profile| profile.name == name)
    }

    pub(crate) fn profiles(&self) -> &OrdMap<String, Arc<InstanceProfile>> {
        &self.profiles
    }

    /// By URL without `https://`.
    pub(crate) fn open_id_providers(&self) -> &OrdMap<String, Arc<OpenIdProvider>> {
        &self.open_id_providers
    }

    pub(crate) fn metadata_defaults(&self) -> &MetadataDefaults {
        &self.metadata_defaults
    }

    pub(crate) fn instance(&self, id: &str) -> Option<&Arc<HeldInstance>> {
        self.instances.get(id)
    }

    pub(crate) fn instances(&self) -> &OrdMap<String, Arc<HeldInstance>> {
        &self.instances
    }

    pub(crate) fn launch_templates(&self) -> &OrdMap<String, Arc<LaunchTemplate>> {
        &self.launch_templates
    }

    pub(crate) fn auto_scaling_groups(&self) -> &OrdMap<String, Arc<AutoScalingGroup>> {
        &self.groups
    }

    pub(crate) fn launch_configurations(&self) -> &OrdMap<String, Arc<LaunchConfiguration>> {
        &self.launch_configurations
    }

    pub(crate) fn is_address_free(&self, address: Ipv4Addr) -> bool {
        !self.addresses.contains_key(&address)
    }

    pub(crate) fn launched_with(&self, token: &str) -> impl Iterator<Item = &Arc<HeldInstance>> {
        let ids = self.client_tokens.get(token).into_iter().flatten();
        ids.filter_map(|id| self.instances.get(id))
    }

    pub(crate) fn secret(&self, name: &str) -> Option<&Arc<HeldSecret>> {
        self.secrets.get(name)
    }

    pub(crate) fn secrets(&self) -> &OrdMap<String, Arc<HeldSecret>> {
        &self.secrets
    }

    pub(crate) fn kms_key(&self, id: &str) -> Option<&Arc<HeldKey>> {
        self.kms_keys.get(id)
    }

    pub(crate) fn kms_keys(&self) -> &OrdMap<String, Arc<HeldKey>> {
        &self.kms_keys
    }

    /// The alias by its name without `alias/`.
    pub(crate) fn kms_alias(&self, name: &str) -> Option<&Arc<KmsAlias>> {
        self.kms_aliases.get(name)
    }

    pub(crate) fn kms_aliases(&self) -> &OrdMap<String, Arc<KmsAlias>> {
        &self.kms_aliases
    }

    /// Names of a key's aliases, without `alias/`, sorted.
    pub(crate) fn kms_aliases_of(&self, key: &str) -> impl Iterator<Item = &str> {
        let names = self.kms_aliases_of.get(key).into_iter().flatten();
        names.map(String::as_str)
    }

    fn put(&mut self, entity: Entity) -> Result<(), StateError> {
        let key = entity.key();
        match (key, entity) {
            (_, Entity::Settings(settings)) => self.settings = Arc::new(settings),
            (Key::Role(at), Entity::Role(role)) => {
                self.roles.insert(at, Arc::new(HeldRole::new(role)?));
            }
            (Key::User(at), Entity::User(user)) => {
                let inline = compile_inline("iam/user", &user.name, &user.inline)?;
                self.users.insert(at, Arc::new(HeldUser { user, inline }));
            }
            (Key::AccessKey(at), Entity::AccessKey(key)) => {
                self.access_keys.insert(at, Arc::new(key));
            }
            (Key::ManagedPolicy(at), Entity::ManagedPolicy(policy)) => {
                let text = policy
                    .default()
                    .map_or("", |version| version.document.as_str());
                let compiled = compile("iam/policy", &policy.arn, text, Kind::Identity)?;
                self.policies
                    .insert(at, Arc::new(HeldPolicy { policy, compiled }));
            }
            (Key::InstanceProfile(at), Entity::InstanceProfile(profile)) => {
                self.profiles.insert(at, Arc::new(profile));
            }
            (Key::OpenIdProvider(at), Entity::OpenIdProvider(provider)) => {
                self.open_id_providers.insert(at, Arc::new(provider));
            }
            (_, Entity::MetadataDefaults(defaults)) => self.metadata_defaults = Arc::new(defaults),
            (Key::LaunchConfiguration(at), Entity::LaunchConfiguration(configuration)) => {
                self.launch_configurations
                    .insert(at, Arc::new(configuration));
            }
            (Key::Instance(at), Entity::Instance(instance)) => self.put_instance(at, instance),
            (Key::KmsKey(at), Entity::KmsKey(key)) => {
                let policy = compile("kms/key", &at, &key.policy, Kind::Resource)?;
                self.kms_keys.insert(at, Arc::new(HeldKey { key, policy }));
            }
            (Key::KmsAlias(at), Entity::KmsAlias(alias)) => self.put_alias(at, alias),
            (Key::LaunchTemplate(at), Entity::LaunchTemplate(template)) => {
                self.launch_templates.insert(at, Arc::new(template));
            }
            (Key::AutoScalingGroup(at), Entity::AutoScalingGroup(group)) => {
                self.groups.insert(at, Arc::new(group));
            }
            (Key::Secret(at), Entity::Secret(secret)) => {
                let versions = self.secrets.get(&at).map(|held| held.versions.clone());
                let versions = versions.unwrap_or_default();
                let policy = secret.policy.as_deref();
                let policy = policy
                    .map(|text| compile("secretsmanager/secret", &at, text, Kind::Resource))
                    .transpose()?
                    .map(Arc::new);
                let held = HeldSecret {
                    secret,
                    policy,
                    versions,
                };
                self.secrets.insert(at, Arc::new(held));
            }
            (key, Entity::SecretVersion(version)) => {
                let orphan = || StateError::Orphan(key.to_string());
                let held = self.secrets.get_mut(&version.secret).ok_or_else(orphan)?;
                let held = Arc::make_mut(held);
                held.versions.insert(version.id.clone(), Arc::new(version));
            }
            // `Entity::key` pairs each kind with its own.
            (key, _) => return Err(EntityError::UnknownKey(key.to_string()).into()),
        }
        Ok(())
    }

    fn put_alias(&mut self, at: String, alias: KmsAlias) {
        self.delete_alias(&at);
        self.kms_aliases_of
            .entry(alias.key.clone())
            .or_default()
            .insert(at.clone());
        self.kms_aliases.insert(at, Arc::new(alias));
    }

    fn delete_alias(&mut self, at: &str) {
        let Some(alias) = self.kms_aliases.remove(at) else {
            return;
        };
        if let Some(names) = self.kms_aliases_of.get_mut(&alias.key) {
            names.remove(at);
            if names.is_empty() {
                self.kms_aliases_of.remove(&alias.key);
            }
        }
    }

    fn put_instance(&mut self, at: String, instance: Instance) {
        if instance.terminated.is_some() {
            self.free_address(&instance);
        } else {
            self.addresses
                .insert(instance.placement.private_ip, at.clone());
        }
        if let Some((token, _)) = &instance.client_token {
            self.client_tokens
                .entry(token.clone())
                .or_default()
                .insert(at.clone());
        }
        let tree = Tree::of(&instance, &self.settings);
        self.instances
            .insert(at, Arc::new(HeldInstance { instance, tree }));
    }

    fn free_address(&mut self, instance: &Instance) {
        let address = instance.placement.private_ip;
        if self.addresses.get(&address) == Some(&instance.id) {
            self.addresses.remove(&address);
        }
    }

    fn delete(&mut self, key: &Key) {
        match key {
            // There is no account without them; nothing asks for it.
            Key::Settings => {}
            Key::Role(at) => drop(self.roles.remove(at)),
            Key::User(at) => drop(self.users.remove(at)),
            Key::AccessKey(at) => drop(self.access_keys.remove(at)),
            Key::ManagedPolicy(at) => drop(self.policies.remove(at)),
            Key::InstanceProfile(at) => drop(self.profiles.remove(at)),
            Key::OpenIdProvider(at) => drop(self.open_id_providers.remove(at)),
            Key::MetadataDefaults => self.metadata_defaults = Arc::default(),
            Key::LaunchConfiguration(at) => drop(self.launch_configurations.remove(at)),
            Key::Instance(at) => {
                let Some(held) = self.instances.remove(at) else {
                    return;
                };
                self.free_address(&held.instance);
                if let Some((token, _)) = &held.instance.client_token
                    && let Some(ids) = self.client_tokens.get_mut(token)
                {
                    ids.remove(at);
                    if ids.is_empty() {
                        self.client_tokens.remove(token);
                    }
                }
            }
            Key::KmsKey(at) => drop(self.kms_keys.remove(at)),
            Key::KmsAlias(at) => self.delete_alias(at),
            Key::LaunchTemplate(at) => drop(self.launch_templates.remove(at)),
            Key::AutoScalingGroup(at) => drop(self.groups.remove(at)),
            Key::Secret(at) => drop(self.secrets.remove(at)),
            Key::SecretVersion(secret, id) => {
                if let Some(held) = self.secrets.get_mut(secret) {
                    Arc::make_mut(held).versions.remove(id);
                }
            }
        }
    }
}

impl HeldRole {
    fn new(role: Role) -> Result<Self, StateError> {
        let trust = compile("iam/role", &role.name, &role.trust, Kind::Trust)?;
        let inline = compile_inline("iam/role", &role.name, &role.inline)?;
        Ok(Self {
            role,
            trust,
            inline,
        })
    }
}

fn compile(kind: &str, name: &str, text: &str, of: Kind) -> Result<Policy, StateError> {
    Policy::parse(text, of)
        .map_err(|error| EntityError::Policy(format!("{kind}/{name}"), error.to_string()).into())
}

fn compile_inline(
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

#[cfg(test)]
mod tests;
