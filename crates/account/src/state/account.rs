//! What is one for a whole account: IAM, and which regions hold something.

use std::borrow::Cow;
use std::sync::Arc;

use imbl::OrdMap;
use protocol::Arn;

use super::held::{HeldGroup, HeldPolicy, HeldRole, HeldUser};
use super::organization::HeldOrganization;
use super::regional::Regional;
use super::{StateError, aws_managed};
use crate::entity::{
    AccessKey, AccountEntity, Entity, EntityError, IamAccount, InstanceProfile, Key, LastUse,
    OpenIdProvider,
};

/// An account: its IAM, and its regions.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(super) record: Arc<AccountEntity>,
    roles: OrdMap<String, Arc<HeldRole>>,
    users: OrdMap<String, Arc<HeldUser>>,
    access_keys: OrdMap<String, Arc<AccessKey>>,
    policies: OrdMap<String, Arc<HeldPolicy>>,
    profiles: OrdMap<String, Arc<InstanceProfile>>,
    iam_groups: OrdMap<String, Arc<HeldGroup>>,
    open_id_providers: OrdMap<String, Arc<OpenIdProvider>>,
    iam: Arc<IamAccount>,
    last_uses: OrdMap<String, Arc<LastUse>>,
    organization: HeldOrganization,
    /// Those that anything was ever put into.
    pub(super) regions: OrdMap<String, Arc<Regional>>,
}

impl Account {
    pub(super) fn new(record: AccountEntity) -> Self {
        Self {
            record: Arc::new(record),
            roles: OrdMap::new(),
            users: OrdMap::new(),
            access_keys: OrdMap::new(),
            policies: OrdMap::new(),
            profiles: OrdMap::new(),
            iam_groups: OrdMap::new(),
            open_id_providers: OrdMap::new(),
            iam: Arc::default(),
            last_uses: OrdMap::new(),
            organization: HeldOrganization::default(),
            regions: OrdMap::new(),
        }
    }

    /// The twelve digits.
    pub(crate) fn id(&self) -> &str {
        &self.record.id
    }

    /// ARN of an IAM resource of this account.
    pub(crate) fn iam_arn(&self, kind: &str, path: &str, name: &str) -> Arn {
        Arn::new("iam", "", self.id(), &[kind, path, name].concat())
    }

    pub(crate) fn role(&self, name: &str) -> Option<&Arc<HeldRole>> {
        self.roles
            .get(&*folded(name))
            .filter(|held| held.role.name == name)
    }

    pub(crate) fn roles(&self) -> &OrdMap<String, Arc<HeldRole>> {
        &self.roles
    }

    pub(crate) fn user(&self, name: &str) -> Option<&Arc<HeldUser>> {
        self.users
            .get(&*folded(name))
            .filter(|held| held.user.name == name)
    }

    pub(crate) fn users(&self) -> &OrdMap<String, Arc<HeldUser>> {
        &self.users
    }

    pub(crate) fn iam_group(&self, name: &str) -> Option<&Arc<HeldGroup>> {
        self.iam_groups
            .get(&*folded(name))
            .filter(|held| held.group.name == name)
    }

    pub(crate) fn iam_groups(&self) -> &OrdMap<String, Arc<HeldGroup>> {
        &self.iam_groups
    }

    /// By URL without `https://`.
    pub(crate) fn open_id_providers(&self) -> &OrdMap<String, Arc<OpenIdProvider>> {
        &self.open_id_providers
    }

    pub(crate) fn iam_account(&self) -> &IamAccount {
        &self.iam
    }

    /// When an access key or a role was last used, as far as that was kept.
    pub(crate) fn last_use(&self, of: &str) -> Option<&LastUse> {
        self.last_uses.get(of).map(AsRef::as_ref)
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
            .get(&*folded(name))
            .filter(|profile| profile.name == name)
    }

    pub(crate) fn profiles(&self) -> &OrdMap<String, Arc<InstanceProfile>> {
        &self.profiles
    }

    /// What people call it, and its mail address.
    pub(crate) fn record(&self) -> &AccountEntity {
        &self.record
    }

    /// The organization that it manages, if it does.
    pub(crate) fn organization(&self) -> &HeldOrganization {
        &self.organization
    }

    pub(super) fn put(&mut self, key: Key, entity: Entity) -> Result<(), StateError> {
        match (key, entity) {
            (Key::Account, Entity::Account(record)) => self.record = Arc::new(record),
            (Key::Role(at), Entity::Role(role)) => {
                self.roles.insert(at, Arc::new(HeldRole::new(role)?));
            }
            (Key::User(at), Entity::User(user)) => {
                self.users.insert(at, Arc::new(HeldUser::new(user)?));
            }
            (Key::Group(at), Entity::Group(group)) => {
                self.iam_groups.insert(at, Arc::new(HeldGroup::new(group)?));
            }
            (Key::OpenIdProvider(at), Entity::OpenIdProvider(provider)) => {
                self.open_id_providers.insert(at, Arc::new(provider));
            }
            (_, Entity::IamAccount(account)) => self.iam = Arc::new(account),
            (Key::LastUse(at), Entity::LastUse(last)) => {
                self.last_uses.insert(at, Arc::new(last));
            }
            (Key::AccessKey(at), Entity::AccessKey(key)) => {
                self.access_keys.insert(at, Arc::new(key));
            }
            (Key::ManagedPolicy(at), Entity::ManagedPolicy(policy)) => {
                self.policies.insert(at, Arc::new(HeldPolicy::new(policy)?));
            }
            (Key::InstanceProfile(at), Entity::InstanceProfile(profile)) => {
                self.profiles.insert(at, Arc::new(profile));
            }
            // What is regional is put elsewhere.
            (key, _) if key.is_regional() => {
                return Err(EntityError::UnknownKey(key.to_string()).into());
            }
            // `Entity::key` pairs each kind with its own.
            (key, entity) => self.organization.put(key, entity)?,
        }
        Ok(())
    }

    pub(super) fn delete(&mut self, key: &Key) {
        match key {
            Key::Role(at) => drop(self.roles.remove(at)),
            Key::User(at) => drop(self.users.remove(at)),
            Key::Group(at) => drop(self.iam_groups.remove(at)),
            Key::OpenIdProvider(at) => drop(self.open_id_providers.remove(at)),
            Key::IamAccount => self.iam = Arc::default(),
            Key::LastUse(at) => drop(self.last_uses.remove(at)),
            Key::AccessKey(at) => drop(self.access_keys.remove(at)),
            Key::ManagedPolicy(at) => drop(self.policies.remove(at)),
            Key::InstanceProfile(at) => drop(self.profiles.remove(at)),
            // There is no account without settings and its record; nothing asks for it.
            _ => self.organization.delete(key),
        }
    }
}

/// A name as entities are found by: IAM has no two that differ in case alone.
fn folded(name: &str) -> Cow<'_, str> {
    let is_small = |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase();
    if name.bytes().all(is_small) {
        return Cow::Borrowed(name);
    }
    Cow::Owned(name.to_lowercase())
}
