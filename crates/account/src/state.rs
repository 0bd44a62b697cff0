//! The account as a value: the fold of its changes.
//!
//! A [`Partition`] is all accounts of a server; a [`State`] is the view from one region of one of
//! them, which is what a call sees. Both are immutable to their readers and cheap to clone
//! (persistent maps), so a snapshot is taken without a lock and a transaction works on a copy. What
//! later calls need again and again is made once, here, when a change is applied: policies are
//! compiled.

mod account;
pub(crate) mod aws_managed;
mod buckets;
mod grants;
mod held;
mod organization;
mod partition;
mod regional;

use std::net::Ipv4Addr;
use std::sync::Arc;

use imbl::OrdMap;
use protocol::Arn;

use self::regional::Regional;
use crate::entity::{
    AccessKey, AccessKeyStatus, AutoScalingGroup, Change, EntityError, IamAccount, InstanceProfile,
    KmsAlias, LastUse, LaunchConfiguration, LaunchTemplate, MetadataDefaults, OpenIdProvider,
    RotationFunction, Settings,
};
use crate::home::Home;

pub(crate) use self::account::Account;
pub(crate) use self::buckets::{HeldBucket, HeldUpload};
pub(crate) use self::grants::HeldGrant;
pub(crate) use self::held::{
    HeldGroup, HeldInstance, HeldKey, HeldPolicy, HeldRole, HeldSecret, HeldUser, Inline,
};
pub(crate) use self::organization::{
    HeldControlPolicy, HeldOrganization, Membership, UNIT_DEPTH_MAX, default_policy, kind_of,
};
pub use self::partition::Partition;

/// Name of the user that an account is made with.
pub(crate) const ADMIN: &str = "administrator";

/// One account as it is seen from one of its regions, at one moment.
#[derive(Debug, Clone)]
pub struct State {
    partition: Arc<Partition>,
    account: Arc<Account>,
    regional: Arc<Regional>,
    home: Home,
}

/// Why a set of records is no account.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// There is no record of what the account was made with.
    #[error("the record `settings` is missing")]
    NoSettings,
    /// A version's secret is not there, or an object's bucket.
    #[error("record `{0}` belongs to something that is not there")]
    Orphan(String),
    /// The account or the region is not there.
    #[error("there are records in `{0}`, where there is no account")]
    Nowhere(String),
    /// A record is no entity, or one that cannot be used.
    #[error(transparent)]
    Entity(#[from] EntityError),
}

impl State {
    /// The state after one more change, wherever that is made.
    ///
    /// # Errors
    ///
    /// [`StateError`] when the change cannot be part of an account; the state is then unchanged.
    pub(crate) fn apply(&mut self, change: Change) -> Result<(), StateError> {
        let mut partition = Arc::clone(&self.partition);
        Arc::make_mut(&mut partition).apply(change)?;
        let nowhere = || StateError::Nowhere(self.home.to_string());
        *self = partition.state(&self.home).ok_or_else(nowhere)?;
        Ok(())
    }

    /// All accounts.
    pub(crate) fn partition(&self) -> &Arc<Partition> {
        &self.partition
    }

    /// IAM of an account, this one or another.
    pub(crate) fn account_by_id(&self, id: &str) -> Option<&Account> {
        if id == self.account_id() {
            return Some(&self.account);
        }
        self.partition.account(id).map(AsRef::as_ref)
    }

    /// The view from the same region of another account.
    pub(crate) fn of_account(&self, id: &str) -> Option<State> {
        self.partition.state(&Home::new(id, self.region()))
    }

    /// Where this is the view from.
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// What the account was made with.
    pub fn settings(&self) -> &Settings {
        &self.regional.settings
    }

    /// The twelve digits.
    pub fn account_id(&self) -> &str {
        self.home.account()
    }

    /// The region.
    pub fn region(&self) -> &str {
        self.home.region()
    }

    /// Ids of the instances, those recently terminated among them.
    #[cfg(test)]
    pub(crate) fn instance_ids(&self) -> impl Iterator<Item = &str> {
        self.regional.instances.keys().map(String::as_str)
    }

    /// Id of the running instance that was launched first.
    pub fn first_running_instance(&self) -> Option<&str> {
        let running = self.regional.instances.values().map(|held| &held.instance);
        let running = running.filter(|instance| instance.is_running());
        let first = running.min_by_key(|instance| (instance.launched, instance.id.as_str()))?;
        Some(&first.id)
    }

    /// An active key of the administrator that the account was made with, if it still has one.
    pub fn administrator_key(&self) -> Option<&AccessKey> {
        let mut keys = self.account.access_keys().values().map(AsRef::as_ref);
        keys.find(|key| key.user == ADMIN && key.status == AccessKeyStatus::Active)
    }

    /// ARN of an IAM resource of this account.
    pub(crate) fn iam_arn(&self, kind: &str, path: &str, name: &str) -> Arn {
        self.account.iam_arn(kind, path, name)
    }

    pub(crate) fn role(&self, name: &str) -> Option<&Arc<HeldRole>> {
        self.account.role(name)
    }

    pub(crate) fn roles(&self) -> &OrdMap<String, Arc<HeldRole>> {
        self.account.roles()
    }

    pub(crate) fn user(&self, name: &str) -> Option<&Arc<HeldUser>> {
        self.account.user(name)
    }

    pub(crate) fn users(&self) -> &OrdMap<String, Arc<HeldUser>> {
        self.account.users()
    }

    pub(crate) fn iam_group(&self, name: &str) -> Option<&Arc<HeldGroup>> {
        self.account.iam_group(name)
    }

    pub(crate) fn iam_groups(&self) -> &OrdMap<String, Arc<HeldGroup>> {
        self.account.iam_groups()
    }

    pub(crate) fn iam_account(&self) -> &IamAccount {
        self.account.iam_account()
    }

    /// When an access key or a role was last used, as far as that was kept.
    pub(crate) fn last_use(&self, of: &str) -> Option<&LastUse> {
        self.account.last_use(of)
    }

    pub(crate) fn access_key(&self, id: &str) -> Option<&Arc<AccessKey>> {
        self.account.access_key(id)
    }

    pub(crate) fn access_keys(&self) -> &OrdMap<String, Arc<AccessKey>> {
        self.account.access_keys()
    }

    /// A managed policy, of the account's own or of AWS's.
    pub(crate) fn policy(&self, arn: &str) -> Option<&Arc<HeldPolicy>> {
        self.account.policy(arn)
    }

    pub(crate) fn policies(&self) -> &OrdMap<String, Arc<HeldPolicy>> {
        self.account.policies()
    }

    pub(crate) fn profile(&self, name: &str) -> Option<&Arc<InstanceProfile>> {
        self.account.profile(name)
    }

    pub(crate) fn profiles(&self) -> &OrdMap<String, Arc<InstanceProfile>> {
        self.account.profiles()
    }

    /// By URL without `https://`.
    pub(crate) fn open_id_providers(&self) -> &OrdMap<String, Arc<OpenIdProvider>> {
        self.account.open_id_providers()
    }

    pub(crate) fn metadata_defaults(&self) -> &MetadataDefaults {
        &self.regional.metadata_defaults
    }

    pub(crate) fn launch_configurations(&self) -> &OrdMap<String, Arc<LaunchConfiguration>> {
        &self.regional.launch_configurations
    }

    pub(crate) fn instance(&self, id: &str) -> Option<&Arc<HeldInstance>> {
        self.regional.instances.get(id)
    }

    pub(crate) fn instances(&self) -> &OrdMap<String, Arc<HeldInstance>> {
        &self.regional.instances
    }

    pub(crate) fn launch_templates(&self) -> &OrdMap<String, Arc<LaunchTemplate>> {
        &self.regional.launch_templates
    }

    pub(crate) fn auto_scaling_groups(&self) -> &OrdMap<String, Arc<AutoScalingGroup>> {
        &self.regional.groups
    }

    pub(crate) fn is_address_free(&self, address: Ipv4Addr) -> bool {
        !self.regional.addresses.contains_key(&address)
    }

    pub(crate) fn launched_with(&self, token: &str) -> impl Iterator<Item = &Arc<HeldInstance>> {
        let ids = self.regional.client_tokens.get(token).into_iter().flatten();
        ids.filter_map(|id| self.regional.instances.get(id))
    }

    pub(crate) fn secret(&self, name: &str) -> Option<&Arc<HeldSecret>> {
        self.regional.secrets.get(name)
    }

    pub(crate) fn secrets(&self) -> &OrdMap<String, Arc<HeldSecret>> {
        &self.regional.secrets
    }

    pub(crate) fn bucket(&self, name: &str) -> Option<&Arc<HeldBucket>> {
        self.regional.buckets.get(name)
    }

    pub(crate) fn rotation_functions(&self) -> &OrdMap<String, Arc<RotationFunction>> {
        &self.regional.rotation_functions
    }

    pub(crate) fn kms_key(&self, id: &str) -> Option<&Arc<HeldKey>> {
        self.regional.kms_keys.get(id)
    }

    /// The key by its id, of this account or of any other in this region.
    pub(crate) fn kms_key_of_any_account(&self, id: &str) -> Option<&Arc<HeldKey>> {
        self.kms_key(id)
            .or_else(|| self.partition.kms_key(self.region(), id))
    }

    pub(crate) fn kms_keys(&self) -> &OrdMap<String, Arc<HeldKey>> {
        &self.regional.kms_keys
    }

    /// The alias by its name without `alias/`.
    pub(crate) fn kms_alias(&self, name: &str) -> Option<&Arc<KmsAlias>> {
        self.regional.kms_aliases.get(name)
    }

    pub(crate) fn kms_aliases(&self) -> &OrdMap<String, Arc<KmsAlias>> {
        &self.regional.kms_aliases
    }

    /// Names of a key's aliases, without `alias/`, sorted.
    pub(crate) fn kms_aliases_of(&self, key: &str) -> impl Iterator<Item = &str> {
        self.regional.kms_aliases_of(key)
    }

    /// The grants of a key by their ids, if it has any.
    pub(crate) fn kms_grants(&self, key: &str) -> Option<&OrdMap<String, Arc<HeldGrant>>> {
        self.regional.kms_grants.of_key(key)
    }

    /// The grants of a key that name this grantee.
    pub(crate) fn kms_grants_to<'a>(
        &'a self,
        key: &str,
        grantee: &str,
    ) -> impl Iterator<Item = &'a Arc<HeldGrant>> + use<'a> {
        self.regional.kms_grants.of_grantee(key, grantee)
    }

    /// The grants of all keys that name who may retire them, sorted by key and id.
    pub(crate) fn kms_grants_retired_by<'a>(
        &'a self,
        principal: &str,
    ) -> impl Iterator<Item = &'a Arc<HeldGrant>> + use<'a> {
        self.regional.kms_grants.retired_by(principal)
    }
}

#[cfg(test)]
mod tests;
