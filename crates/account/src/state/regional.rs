//! What an account has in one region.

use std::net::Ipv4Addr;
use std::sync::Arc;

use imbl::{OrdMap, OrdSet};
use jiff::Timestamp;

use super::StateError;
use super::buckets::{HeldBucket, HeldUpload};
use super::grants::Grants;
use super::held::{HeldInstance, HeldKey, HeldSecret};
use crate::entity::{
    AutoScalingGroup, Entity, EntityError, Instance, Key, KmsAlias, LaunchConfiguration,
    LaunchTemplate, MetadataDefaults, RotationFunction, Settings,
};
use crate::metadata::Signed;

/// One region of one account.
#[derive(Debug, Clone)]
pub(crate) struct Regional {
    pub(super) settings: Arc<Settings>,
    pub(super) instances: OrdMap<String, Arc<HeldInstance>>,
    pub(super) metadata_defaults: Arc<MetadataDefaults>,
    pub(super) launch_configurations: OrdMap<String, Arc<LaunchConfiguration>>,
    pub(super) launch_templates: OrdMap<String, Arc<LaunchTemplate>>,
    pub(super) groups: OrdMap<String, Arc<AutoScalingGroup>>,
    pub(super) secrets: OrdMap<String, Arc<HeldSecret>>,
    // Secrets by the moment when their rotation goes on: the next one is found without a walk.
    pub(super) rotations: OrdSet<(Timestamp, String)>,
    pub(super) rotation_functions: OrdMap<String, Arc<RotationFunction>>,
    pub(super) buckets: OrdMap<String, Arc<HeldBucket>>,
    pub(super) kms_keys: OrdMap<String, Arc<HeldKey>>,
    pub(super) kms_aliases: OrdMap<String, Arc<KmsAlias>>,
    // Names of aliases by key id: every decision about a key may ask for them.
    pub(super) kms_aliases_of: OrdMap<String, OrdSet<String>>,
    pub(super) kms_grants: Grants,
    // Addresses in use and by whom: a new instance finds a free one without a walk over all.
    // A terminated instance keeps its address in its record, while another may already have it.
    pub(super) addresses: OrdMap<Ipv4Addr, String>,
    // Instances by client token, so that RunInstances is idempotent without a walk over all.
    pub(super) client_tokens: OrdMap<String, OrdSet<String>>,
}

impl Regional {
    pub(super) fn new(settings: Arc<Settings>) -> Self {
        Self {
            settings,
            instances: OrdMap::new(),
            metadata_defaults: Arc::default(),
            launch_configurations: OrdMap::new(),
            launch_templates: OrdMap::new(),
            groups: OrdMap::new(),
            secrets: OrdMap::new(),
            rotations: OrdSet::new(),
            rotation_functions: OrdMap::new(),
            buckets: OrdMap::new(),
            kms_keys: OrdMap::new(),
            kms_aliases: OrdMap::new(),
            kms_aliases_of: OrdMap::new(),
            kms_grants: Grants::default(),
            addresses: OrdMap::new(),
            client_tokens: OrdMap::new(),
        }
    }

    /// Names of a key's aliases, without `alias/`, sorted.
    pub(super) fn kms_aliases_of(&self, key: &str) -> impl Iterator<Item = &str> {
        let names = self.kms_aliases_of.get(key).into_iter().flatten();
        names.map(String::as_str)
    }

    pub(super) fn put(&mut self, key: Key, entity: Entity) -> Result<(), StateError> {
        match (key, entity) {
            (Key::Instance(at), Entity::Instance(instance)) => self.put_instance(at, instance),
            (_, Entity::MetadataDefaults(defaults)) => self.metadata_defaults = Arc::new(defaults),
            (Key::LaunchConfiguration(at), Entity::LaunchConfiguration(configuration)) => {
                self.launch_configurations
                    .insert(at, Arc::new(configuration));
            }
            (Key::KmsKey(at), Entity::KmsKey(key)) => {
                self.kms_keys.insert(at, Arc::new(HeldKey::new(key)?));
            }
            (Key::KmsAlias(at), Entity::KmsAlias(alias)) => self.put_alias(at, alias),
            (_, Entity::KmsGrant(grant)) => self.kms_grants.put(grant)?,
            (Key::LaunchTemplate(at), Entity::LaunchTemplate(template)) => {
                self.launch_templates.insert(at, Arc::new(template));
            }
            (Key::AutoScalingGroup(at), Entity::AutoScalingGroup(group)) => {
                self.groups.insert(at, Arc::new(group));
            }
            (Key::Secret(at), Entity::Secret(secret)) => {
                let before = self.secrets.get(&at);
                let versions = before.map(|held| held.versions.clone());
                // At the start of a server nearly every one is new.
                let is_new = before.is_none();
                let held = HeldSecret::new(secret, versions.unwrap_or_default())?;
                if !is_new {
                    self.forget_rotation(&at);
                }
                if let Some(due) = held.secret.rotation_due() {
                    self.rotations.insert((due, at.clone()));
                }
                self.secrets.insert(at, Arc::new(held));
            }
            (key, Entity::SecretVersion(version)) => {
                let orphan = || StateError::Orphan(key.to_string());
                let held = self.secrets.get_mut(&version.secret).ok_or_else(orphan)?;
                let held = Arc::make_mut(held);
                held.versions.insert(version.id.clone(), Arc::new(version));
            }
            (Key::RotationFunction(at), Entity::RotationFunction(function)) => {
                self.rotation_functions.insert(at, Arc::new(function));
            }
            (Key::Bucket(at), Entity::Bucket(bucket)) => {
                let held = HeldBucket::new(bucket, self.buckets.get(&at).map(AsRef::as_ref))?;
                self.buckets.insert(at, Arc::new(held));
            }
            (_, Entity::S3Object(object)) => self.bucket_mut(&object.bucket)?.put(object),
            (Key::Upload(_, id), Entity::Upload(upload)) => {
                let upload = HeldUpload {
                    parts: OrdMap::new(),
                    upload: Arc::new(upload),
                };
                let bucket = Arc::clone(&upload.upload.bucket);
                self.bucket_mut(&bucket)?.uploads.insert(id, upload);
            }
            (key, Entity::UploadPart(part)) => {
                let uploads = &mut self.bucket_mut(&part.bucket)?.uploads;
                let held = uploads.get_mut(&part.upload);
                let held = held.ok_or_else(|| StateError::Orphan(key.to_string()))?;
                held.parts.insert(part.number, Arc::new(part));
            }
            // `Entity::key` pairs each kind with its own, and what is global is put elsewhere.
            (key, _) => return Err(EntityError::UnknownKey(key.to_string()).into()),
        }
        Ok(())
    }

    pub(super) fn delete(&mut self, key: &Key) {
        match key {
            Key::Instance(at) => self.delete_instance(at),
            Key::MetadataDefaults => self.metadata_defaults = Arc::default(),
            Key::LaunchConfiguration(at) => drop(self.launch_configurations.remove(at)),
            Key::KmsKey(at) => drop(self.kms_keys.remove(at)),
            Key::KmsAlias(at) => self.delete_alias(at),
            Key::KmsGrant(key, id) => self.kms_grants.delete(key, id),
            Key::LaunchTemplate(at) => drop(self.launch_templates.remove(at)),
            Key::AutoScalingGroup(at) => drop(self.groups.remove(at)),
            Key::Secret(at) => {
                self.forget_rotation(at);
                self.secrets.remove(at);
            }
            Key::RotationFunction(at) => drop(self.rotation_functions.remove(at)),
            Key::SecretVersion(secret, id) => {
                if let Some(held) = self.secrets.get_mut(secret) {
                    Arc::make_mut(held).versions.remove(id);
                }
            }
            Key::Bucket(at) => drop(self.buckets.remove(at)),
            Key::S3Object {
                bucket,
                version,
                key,
            } => {
                if let Ok(held) = self.bucket_mut(bucket) {
                    held.delete(key, *version);
                }
            }
            Key::Upload(bucket, id) => {
                if let Ok(held) = self.bucket_mut(bucket) {
                    held.uploads.remove(id);
                }
            }
            Key::UploadPart(bucket, id, number) => {
                let held = self.bucket_mut(bucket).ok();
                if let Some(upload) = held.and_then(|held| held.uploads.get_mut(id)) {
                    upload.parts.remove(number);
                }
            }
            _ => {}
        }
    }

    fn bucket_mut(&mut self, name: &str) -> Result<&mut HeldBucket, StateError> {
        let held = self.buckets.get_mut(name);
        let held = held.ok_or_else(|| StateError::Orphan(format!("s3/bucket/{name}")))?;
        Ok(Arc::make_mut(held))
    }

    fn forget_rotation(&mut self, at: &str) {
        let held = self.secrets.get(at);
        if let Some(due) = held.and_then(|held| held.secret.rotation_due()) {
            self.rotations.remove(&(due, at.to_owned()));
        }
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
        if let Some((token, _)) = instance.client_token.as_deref() {
            self.client_tokens
                .entry(token.clone())
                .or_default()
                .insert(at.clone());
        }
        let signed = Signed::default();
        self.instances
            .insert(at, Arc::new(HeldInstance { instance, signed }));
    }

    fn delete_instance(&mut self, at: &str) {
        let Some(held) = self.instances.remove(at) else {
            return;
        };
        self.free_address(&held.instance);
        if let Some((token, _)) = held.instance.client_token.as_deref()
            && let Some(ids) = self.client_tokens.get_mut(token)
        {
            ids.remove(at);
            if ids.is_empty() {
                self.client_tokens.remove(token);
            }
        }
    }

    fn free_address(&mut self, instance: &Instance) {
        let address = instance.placement.private_ip;
        if self.addresses.get(&address) == Some(&instance.id) {
            self.addresses.remove(&address);
        }
    }
}
