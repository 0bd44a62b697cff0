//! All accounts of a server: the fold of their changes.

use std::sync::Arc;

use imbl::OrdMap;
use jiff::Timestamp;
use protocol::shape::REGIONS;

use super::account::Account;
use super::buckets::HeldBucket;
use super::held::{HeldInstance, HeldKey};
use super::organization::Membership;
use super::regional::Regional;
use super::{State, StateError};
use crate::entity::{
    AccountEntity, Bucket, Change, Entity, EntityError, Key, Located, RotationFunction, Settings,
    Step,
};
use crate::gate::Derived;
use crate::home::Home;
use crate::metadata::Signer;
use crate::network;
use crate::usage;

/// All accounts, in all their regions, at one moment.
///
/// Cheap to clone: what does not change is shared.
#[derive(Debug, Clone)]
pub struct Partition {
    settings: Arc<Settings>,
    // None before the server was first started.
    signer: Option<Arc<Signer>>,
    accounts: OrdMap<String, Arc<Account>>,
    // Whose an access key is: a call brings no more than the key's id.
    key_accounts: OrdMap<String, String>,
    // Where a bucket is: a call brings no more than its name.
    bucket_homes: OrdMap<String, Home>,
    // Of each account that is in an organization.
    memberships: OrdMap<String, Arc<Membership>>,
    // No part of the state: made of it, and shared with the states that follow.
    derived: Arc<Derived>,
}

impl Partition {
    /// Folds all records of a store, in any order.
    ///
    /// # Errors
    ///
    /// [`StateError`] when they are no whole account.
    pub fn load(records: impl IntoIterator<Item = Located>) -> Result<Self, StateError> {
        Self::load_batches(vec![records.into_iter().collect()])
    }

    /// The same of records that are in memory already, some and some: there they are taken from,
    /// and not moved about before.
    ///
    /// # Errors
    ///
    /// As [`Partition::load`].
    pub fn load_batches(mut batches: Vec<Vec<Located>>) -> Result<Self, StateError> {
        let mut settings = None;
        let mut accounts = Vec::new();
        for batch in &mut batches {
            let heads = |record: &mut Located| {
                matches!(record.entity, Entity::Settings(_) | Entity::Account(_))
            };
            for record in batch.extract_if(.., heads) {
                match record.entity {
                    Entity::Settings(found) => settings = Some(found),
                    _ => accounts.push(record),
                }
            }
        }
        let mut partition = Self::new(settings.ok_or(StateError::NoSettings)?);
        // Accounts come before what stands in them, secrets before their versions, an organization
        // before its members, buckets before objects and uploads, those before their parts.
        partition.put_all(accounts)?;
        for batch in &mut batches {
            let comes_first = |record: &mut Located| {
                let late = matches!(
                    record.entity,
                    Entity::SecretVersion(_)
                        | Entity::MemberAccount(_)
                        | Entity::S3Object(_)
                        | Entity::Upload(_)
                        | Entity::UploadPart(_)
                );
                !late
            };
            partition.put_all(batch.extract_if(.., comes_first))?;
        }
        for batch in &mut batches {
            let is_before_parts =
                |record: &mut Located| !matches!(record.entity, Entity::UploadPart(_));
            partition.put_all(batch.extract_if(.., is_before_parts))?;
        }
        for batch in batches {
            partition.put_all(batch)?;
        }
        Ok(partition)
    }

    fn put_all(&mut self, records: impl IntoIterator<Item = Located>) -> Result<(), StateError> {
        for Located { home, entity } in records {
            self.put(&home, entity)?;
        }
        Ok(())
    }

    fn new(settings: Settings) -> Self {
        let record = AccountEntity::founding(&settings);
        let id = settings.account_id.clone();
        Self {
            settings: Arc::new(settings),
            signer: None,
            accounts: OrdMap::unit(id, Arc::new(Account::new(record))),
            key_accounts: OrdMap::new(),
            bucket_homes: OrdMap::new(),
            memberships: OrdMap::new(),
            derived: Arc::default(),
        }
    }

    /// The same, but that nothing of a call helps the next one.
    #[cfg(test)]
    pub(crate) fn forgetting(mut self) -> Self {
        self.derived = Arc::new(Derived::nothing());
        self
    }

    /// What calls were verified with of late.
    pub(crate) fn derived(&self) -> &Derived {
        &self.derived
    }

    /// The same after one more change.
    ///
    /// # Errors
    ///
    /// [`StateError`] when the change cannot be part of it; nothing is then changed.
    pub fn apply(&mut self, change: Change) -> Result<(), StateError> {
        match change.step {
            Step::Put(entity) => self.put(&change.home, *entity),
            Step::Delete(key) => {
                self.delete(&change.home, &key);
                Ok(())
            }
        }
    }

    /// What it was made with.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The account it was made with, in its region.
    pub fn home(&self) -> Home {
        Home::new(&self.settings.account_id, &self.settings.region)
    }

    /// The view from one region of one account; `None` where there is no such account, or no such
    /// region.
    pub fn state(self: &Arc<Self>, home: &Home) -> Option<State> {
        let account = self.accounts.get(home.account())?;
        let regional = self.regional(account, home)?;
        Some(State {
            partition: Arc::clone(self),
            account: Arc::clone(account),
            regional,
            home: home.clone(),
        })
    }

    /// The view from where it was made.
    pub fn founding_state(self: &Arc<Self>) -> Option<State> {
        self.state(&self.home())
    }

    /// Secrets whose rotation goes on by itself, the next one first; at most `max` of each
    /// place.
    pub(crate) fn rotations(&self, max: usize) -> Vec<(Timestamp, Home, String)> {
        let accounts = self.accounts.iter();
        let places = accounts.flat_map(|(id, account)| {
            let regions = account.regions.iter();
            regions.map(move |(region, regional)| (Home::new(id, region), regional))
        });
        let mut next: Vec<_> = places
            .flat_map(|(home, regional)| {
                let rotations = regional.rotations.iter().take(max);
                rotations.map(move |(moment, name)| (*moment, home.clone(), name.clone()))
            })
            .collect();
        next.sort_unstable();
        next
    }

    /// Instances of all accounts, and where.
    pub(crate) fn instances(&self) -> impl Iterator<Item = (Home, &Arc<HeldInstance>)> {
        let accounts = self.accounts.iter();
        let places = accounts.flat_map(|(id, account)| {
            let regions = account.regions.iter();
            regions.map(move |(region, regional)| (Home::new(id, region), regional))
        });
        places.flat_map(|(home, regional)| {
            let instances = regional.instances.values();
            instances.map(move |held| (home.clone(), held))
        })
    }

    /// Rotation functions that can be called, and where.
    pub(crate) fn rotation_functions(
        &self,
    ) -> impl Iterator<Item = (Home, &Arc<RotationFunction>)> {
        let accounts = self.accounts.iter();
        let places = accounts.flat_map(|(id, account)| {
            let regions = account.regions.iter();
            regions.map(move |(region, regional)| (Home::new(id, region), regional))
        });
        places.flat_map(|(home, regional)| {
            let functions = regional.rotation_functions.values();
            functions.map(move |function| (home.clone(), function))
        })
    }

    /// Whether a use that a call made is worth a record as things are now.
    pub fn is_news(&self, used: &Located) -> bool {
        match (&used.entity, self.accounts.get(used.home.account())) {
            (Entity::LastUse(last), Some(account)) => usage::is_news(account, last),
            _ => false,
        }
    }

    /// The certificate by which the identity documents of instances are verified, in PEM; `None`
    /// where there is no [`Entity::IdentityKey`] yet.
    pub fn identity_certificate(&self) -> Option<&str> {
        self.signer.as_deref().map(Signer::certificate)
    }

    pub(crate) fn signer(&self) -> Option<&Signer> {
        self.signer.as_deref()
    }

    pub(crate) fn account(&self, id: &str) -> Option<&Arc<Account>> {
        self.accounts.get(id)
    }

    pub(crate) fn accounts(&self) -> &OrdMap<String, Arc<Account>> {
        &self.accounts
    }

    /// What an account is in its organization, if it is in one.
    pub(crate) fn membership(&self, account: &str) -> Option<&Arc<Membership>> {
        self.memberships.get(account)
    }

    /// The account of an access key.
    pub(crate) fn account_of_key(&self, access_key_id: &str) -> Option<&Arc<Account>> {
        self.accounts.get(self.key_accounts.get(access_key_id)?)
    }

    /// The key by its id in any account.
    pub(super) fn kms_key(&self, region: &str, id: &str) -> Option<&Arc<HeldKey>> {
        let mut regions = self
            .accounts
            .values()
            .filter_map(|account| account.regions.get(region));
        regions.find_map(|regional| regional.kms_keys.get(id))
    }

    /// Where a bucket is.
    pub(crate) fn bucket_home(&self, name: &str) -> Option<&Home> {
        self.bucket_homes.get(name)
    }

    /// Account id of a bucket's owner.
    pub fn owner_of_bucket(&self, name: &str) -> Option<&str> {
        self.bucket_homes.get(name).map(Home::account)
    }

    /// A bucket, by its name.
    pub fn bucket(&self, name: &str) -> Option<&Arc<Bucket>> {
        let held = self.held_bucket(name)?;
        Some(&held.bucket)
    }

    pub(crate) fn held_bucket(&self, name: &str) -> Option<&Arc<HeldBucket>> {
        let home = self.bucket_homes.get(name)?;
        let account = self.accounts.get(home.account())?;
        account.regions.get(home.region())?.buckets.get(name)
    }

    /// All buckets, and where they are.
    pub(crate) fn held_buckets(&self) -> impl Iterator<Item = (&Home, &Arc<HeldBucket>)> {
        let homes = self.bucket_homes.iter();
        homes.filter_map(|(name, home)| Some((home, self.held_bucket(name)?)))
    }

    /// Whether a bucket keeps versions, or did.
    pub fn is_bucket_versioned(&self, name: &str) -> bool {
        let bucket = self.bucket(name);
        bucket.is_some_and(|bucket| bucket.versioning.is_some())
    }

    /// Names of buckets of an account, and where they are, by name.
    pub(crate) fn buckets_of(&self, account: &str) -> impl Iterator<Item = (&str, &Home)> {
        let all = self.bucket_homes.iter();
        all.filter(move |(_, home)| home.account() == account)
            .map(|(name, home)| (name.as_str(), home))
    }

    /// Names of all files that hold bytes of objects.
    pub fn object_files(&self) -> impl Iterator<Item = u128> {
        let accounts = self.accounts.values();
        let regions = accounts.flat_map(|account| account.regions.values());
        let buckets = regions.flat_map(|regional| regional.buckets.values());
        buckets.flat_map(|held| {
            let contents = held.objects().filter_map(|object| object.content.as_ref());
            let of_objects = contents.flat_map(|content| &content.segments);
            let uploads = held.uploads.values();
            let of_parts = uploads.flat_map(|held| held.parts.values().map(|part| &part.segment));
            of_objects.chain(of_parts).map(|segment| segment.file)
        })
    }

    /// Whether calls may be made to a region.
    pub(crate) fn is_region_served(&self, region: &str) -> bool {
        region == self.settings.region || REGIONS.binary_search(&region).is_ok()
    }

    /// All regions, by name.
    pub(crate) fn regions(&self) -> Vec<&str> {
        let own = self.settings.region.as_str();
        let mut all: Vec<&str> = REGIONS.to_vec();
        if let Err(at) = all.binary_search(&own) {
            all.insert(at, own);
        }
        all
    }

    /// A region that nothing was ever put into is made of the account's own keys each time, and is
    /// always the same.
    fn regional(&self, account: &Account, home: &Home) -> Option<Arc<Regional>> {
        if let Some(regional) = account.regions.get(home.region()) {
            return Some(Arc::clone(regional));
        }
        self.new_regional(home).map(Arc::new)
    }

    fn new_regional(&self, home: &Home) -> Option<Regional> {
        if *home == self.home() {
            return Some(Regional::new(Arc::clone(&self.settings)));
        }
        if !self.is_region_served(home.region()) {
            return None;
        }
        let network = network::of(home, &self.settings.keyring)?;
        let settings = Settings {
            account_id: home.account().to_owned(),
            region: home.region().to_owned(),
            created: self.settings.created,
            keyring: self.settings.keyring.clone(),
            network,
        };
        Some(Regional::new(Arc::new(settings)))
    }

    fn put(&mut self, home: &Home, entity: Entity) -> Result<(), StateError> {
        let key = entity.key();
        if let Entity::Settings(settings) = entity {
            self.settings = Arc::new(settings);
            // Sessions are opened with its keys.
            self.derived = Arc::default();
            return Ok(());
        }
        if let Entity::IdentityKey(key) = &entity {
            let signer = Signer::read(key).ok_or_else(|| {
                let why = "the key and its certificate do not belong together";
                EntityError::Undecodable("identity-key".to_owned(), why.to_owned())
            })?;
            self.signer = Some(Arc::new(signer));
            return Ok(());
        }
        if let Entity::Account(record) = &entity
            && !self.accounts.contains_key(home.account())
        {
            let account = Arc::new(Account::new(record.clone()));
            self.accounts.insert(home.account().to_owned(), account);
        }
        if let Key::Bucket(name) = &key {
            self.bucket_homes.insert(name.clone(), home.clone());
        }
        if key.is_regional() {
            return self.put_regional(home, key, entity);
        }
        if let Key::AccessKey(id) = &key {
            self.key_accounts
                .insert(id.clone(), home.account().to_owned());
        }
        let account = self.accounts.get_mut(home.account());
        let account = account.ok_or_else(|| StateError::Nowhere(home.to_string()))?;
        if !key.is_of_organization() {
            return Arc::make_mut(account).put(key, entity);
        }
        let mut changed = (**account).clone();
        changed.put(key.clone(), entity)?;
        let memberships = changed.organization().memberships(home.account(), &key)?;
        *account = Arc::new(changed);
        for (member, membership) in memberships {
            self.memberships.insert(member, Arc::new(membership));
        }
        Ok(())
    }

    fn put_regional(&mut self, home: &Home, key: Key, entity: Entity) -> Result<(), StateError> {
        let nowhere = || StateError::Nowhere(home.to_string());
        let is_new = |account: &Arc<Account>| !account.regions.contains_key(home.region());
        if self.accounts.get(home.account()).is_some_and(is_new) {
            let mut regional = self.new_regional(home).ok_or_else(nowhere)?;
            regional.put(key, entity)?;
            let account = self.accounts.get_mut(home.account()).ok_or_else(nowhere)?;
            let regions = &mut Arc::make_mut(account).regions;
            regions.insert(home.region().to_owned(), Arc::new(regional));
            return Ok(());
        }
        let account = self.accounts.get_mut(home.account()).ok_or_else(nowhere)?;
        let regions = &mut Arc::make_mut(account).regions;
        let regional = regions.get_mut(home.region()).ok_or_else(nowhere)?;
        Arc::make_mut(regional).put(key, entity)
    }

    fn delete(&mut self, home: &Home, key: &Key) {
        match key {
            Key::AccessKey(id) => drop(self.key_accounts.remove(id)),
            Key::MemberAccount(id) => drop(self.memberships.remove(id)),
            Key::Bucket(name) => drop(self.bucket_homes.remove(name)),
            _ => {}
        }
        let Some(account) = self.accounts.get_mut(home.account()) else {
            return;
        };
        let account = Arc::make_mut(account);
        if !key.is_regional() {
            account.delete(key);
        } else if let Some(regional) = account.regions.get_mut(home.region()) {
            Arc::make_mut(regional).delete(key);
        }
    }
}
