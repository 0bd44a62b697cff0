//! What the account remembers: one entity for one record of the store, and the record's form.
//!
//! An entity is the unit of change: it is put whole or deleted. Its stored form is JSON, named here
//! once; the store seals it and knows nothing of its inside.

mod accounts;
mod autoscaling;
mod ec2;
mod iam;
mod identity;
mod key;
mod kms;
mod notices;
mod organizations;
mod rotation;
mod s3;
mod secrets;
mod settings;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::home::Home;
use key::GLOBAL;

pub use accounts::AccountEntity;
pub use autoscaling::{
    Activity, AutoScalingGroup, GroupTag, LaunchConfiguration, LaunchedBy, Member, UsedTemplate,
};
pub use ec2::{
    AUTO_SCALING_GROUP_TAG, Association, Attributes, Console, Credits, Instance, LaunchTemplate,
    LaunchTemplateVersion, MetadataDefaults, MetadataOptions, Placement, ShutdownBehavior, Toggle,
    Tokens, Volume,
};
pub use iam::{
    AccessKey, AccessKeyStatus, CredentialReport, Group, IamAccount, InlinePolicies,
    InstanceProfile, LastUse, ManagedPolicy, OpenIdProvider, PasswordPolicy, PolicyVersion, Role,
    User,
};
pub use identity::IdentityKey;
pub use key::Key;
pub use kms::{
    KmsAlias, KmsGrant, KmsGrantConstraint, KmsKey, KmsKeySpec, KmsKeyState, KmsKeyUsage,
    KmsMaterial, KmsRotation, RsaBits,
};
pub use notices::{
    Interruption, InterruptionAction, Maintenance, MaintenanceCode, MaintenanceState, Notices,
};
pub use organizations::{
    AccountRequest, Attached, Attachments, ControlPolicy, ControlType, Handshake, HandshakeState,
    MemberAccount, Organization, OrganizationalUnit,
};
pub use rotation::{
    FunctionError, RotationFunction, RotationJob, RotationRules, RotationStep, SecretRotation,
    Window,
};
pub use s3::{
    Bucket, BucketEncryption, Checksum, ChecksumAlgorithm, Content, CorsRule, EncryptionAlgorithm,
    Expiration, FilterForm, Headers, LifecycleFilter, LifecycleRule, ObjectOwnership,
    PublicAccessBlock, S3Object, Sealing, Segment, Upload, UploadPart, Versioning, version_of,
    version_text,
};
pub use secrets::{Replica, SecretEntity, SecretKey, SecretValue, SecretVersion};
pub use settings::{Keyring, Network, Settings, Subnet};

/// A tag of a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// Unique among the resource's tags.
    pub key: String,
    /// May be empty.
    pub value: String,
}

/// One record of the store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Entity {
    /// What the account was made with.
    Settings(Settings),
    /// What the identity documents of instances are signed with.
    IdentityKey(IdentityKey),
    /// An account.
    Account(AccountEntity),
    /// An IAM role with its inline policies and attachments.
    Role(Role),
    /// An IAM user with its inline policies and attachments.
    User(User),
    /// An IAM group with its inline policies and attachments.
    Group(Group),
    /// An access key of a user.
    AccessKey(AccessKey),
    /// A customer managed policy with its versions.
    ManagedPolicy(ManagedPolicy),
    /// An instance profile.
    InstanceProfile(InstanceProfile),
    /// What IAM keeps for the account as a whole.
    IamAccount(IamAccount),
    /// When an access key or a role was last used.
    LastUse(LastUse),
    /// An identity provider that signs tokens.
    OpenIdProvider(OpenIdProvider),
    /// An EC2 instance.
    Instance(Instance),
    /// What launches take for metadata options that they do not name.
    MetadataDefaults(MetadataDefaults),
    /// A KMS key with its material.
    KmsKey(KmsKey),
    /// A name of a KMS key.
    KmsAlias(KmsAlias),
    /// What somebody may do with a KMS key.
    KmsGrant(KmsGrant),
    /// A launch template with its versions.
    LaunchTemplate(LaunchTemplate),
    /// An organization.
    Organization(Organization),
    /// A unit of an organization.
    OrganizationalUnit(OrganizationalUnit),
    /// A policy of an organization.
    ControlPolicy(ControlPolicy),
    /// A member of an organization.
    MemberAccount(MemberAccount),
    /// What became of a call to make an account.
    AccountRequest(AccountRequest),
    /// An invitation to an organization.
    Handshake(Handshake),
    /// An Auto Scaling group.
    AutoScalingGroup(AutoScalingGroup),
    /// What Auto Scaling groups without a launch template launch by.
    LaunchConfiguration(LaunchConfiguration),
    /// A secret without its values.
    Secret(SecretEntity),
    /// One version of a secret.
    SecretVersion(SecretVersion),
    /// A function that rotates secrets.
    RotationFunction(RotationFunction),
    /// A bucket of S3.
    Bucket(Bucket),
    /// A version of an object.
    S3Object(S3Object),
    /// An upload in parts.
    Upload(Upload),
    /// A part of one.
    UploadPart(UploadPart),
}

/// One step from a state to the next.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Where it is made.
    pub home: Home,
    /// What is made of it.
    pub step: Step,
}

/// What a change does.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// The entity is now as given.
    Put(Box<Entity>),
    /// The entity is gone.
    Delete(Key),
}

/// An entity and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Located {
    /// For what is global in its account, a region of no meaning.
    pub home: Home,
    /// What stands there.
    pub entity: Entity,
}

/// Why a record of the store is no entity.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntityError {
    /// The key is none that this version makes.
    #[error("record `{0}` is of a kind that this version does not know")]
    UnknownKey(String),
    /// The record does not decode.
    #[error("record `{0}` does not decode: {1}")]
    Undecodable(String, String),
    /// The record holds an entity of another place.
    #[error("record `{0}` holds what belongs to `{1}`")]
    Misplaced(String, String),
    /// A policy that was accepted once does not parse.
    #[error("record `{0}` holds a policy that does not parse: {1}")]
    Policy(String, String),
}

impl Entity {
    /// Where the entity stands.
    pub fn key(&self) -> Key {
        match self {
            Self::Settings(_) => Key::Settings,
            Self::IdentityKey(_) => Key::IdentityKey,
            Self::Account(_) => Key::Account,
            Self::Role(role) => Key::Role(role.name.to_lowercase()),
            Self::User(user) => Key::User(user.name.to_lowercase()),
            Self::Group(group) => Key::Group(group.name.to_lowercase()),
            Self::AccessKey(key) => Key::AccessKey(key.id.clone()),
            Self::ManagedPolicy(policy) => Key::ManagedPolicy(policy.arn.clone()),
            Self::InstanceProfile(profile) => Key::InstanceProfile(profile.name.to_lowercase()),
            Self::IamAccount(_) => Key::IamAccount,
            Self::LastUse(last) => Key::LastUse(last.of.clone()),
            Self::OpenIdProvider(provider) => Key::OpenIdProvider(provider.host.clone()),
            Self::Instance(instance) => Key::Instance(instance.id.clone()),
            Self::MetadataDefaults(_) => Key::MetadataDefaults,
            Self::KmsKey(key) => Key::KmsKey(key.id.clone()),
            Self::KmsAlias(alias) => Key::KmsAlias(alias.name.clone()),
            Self::KmsGrant(grant) => Key::KmsGrant(grant.key.clone(), grant.id.clone()),
            Self::AutoScalingGroup(group) => Key::AutoScalingGroup(group.name.clone()),
            Self::LaunchConfiguration(configuration) => {
                Key::LaunchConfiguration(configuration.name.clone())
            }
            Self::LaunchTemplate(template) => Key::LaunchTemplate(template.id.clone()),
            Self::Organization(it) => Key::Organization(it.id.clone()),
            Self::OrganizationalUnit(it) => Key::OrganizationalUnit(it.id.clone()),
            Self::ControlPolicy(it) => Key::ControlPolicy(it.id.clone()),
            Self::MemberAccount(it) => Key::MemberAccount(it.id.clone()),
            Self::AccountRequest(it) => Key::AccountRequest(it.id.clone()),
            Self::Handshake(it) => Key::Handshake(it.id.clone()),
            Self::Secret(secret) => Key::Secret(secret.name.clone()),
            Self::SecretVersion(version) => {
                Key::SecretVersion(version.secret.clone(), version.id.clone())
            }
            Self::RotationFunction(function) => Key::RotationFunction(function.arn.clone()),
            Self::Bucket(bucket) => Key::Bucket(bucket.name.to_string()),
            Self::S3Object(object) => Key::S3Object {
                bucket: object.bucket.to_string(),
                version: object.version,
                key: object.key.to_string(),
            },
            Self::Upload(upload) => Key::Upload(upload.bucket.to_string(), upload.id.clone()),
            Self::UploadPart(part) => {
                Key::UploadPart(part.bucket.to_string(), part.upload.clone(), part.number)
            }
        }
    }

    /// The stored form, which may hold secrets and is wiped when dropped.
    ///
    /// # Errors
    ///
    /// None of today's entities can fail; the codec's signature can.
    pub fn encode(&self) -> Result<Zeroizing<Vec<u8>>, EntityError> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(self.bytes_expected()));
        serde_json::to_writer(&mut *bytes, self)
            .map_err(|error| EntityError::Undecodable(self.key().to_string(), error.to_string()))?;
        Ok(bytes)
    }

    /// Reads the stored form of the record at `key`.
    ///
    /// # Errors
    ///
    /// [`EntityError`] when the bytes are no entity, or one that belongs elsewhere.
    pub fn decode(key: &str, bytes: &[u8]) -> Result<Self, EntityError> {
        let entity: Self = serde_json::from_slice(bytes)
            // Only the place: the message of the codec may quote what it read.
            .map_err(|error| {
                EntityError::Undecodable(key.to_owned(), format!("at byte {}", error.column()))
            })?;
        let own = entity.key().to_string();
        if own == key {
            Ok(entity)
        } else {
            Err(EntityError::Misplaced(key.to_owned(), own))
        }
    }

    /// Room for the stored form, so that a growing buffer leaves no copies of a secret behind.
    fn bytes_expected(&self) -> usize {
        match self {
            Self::SecretVersion(version) => {
                version.value_len().div_ceil(3) * 4 + ENTITY_BYTES_USUAL
            }
            Self::Instance(instance) => {
                instance
                    .user_data
                    .as_ref()
                    .map_or(0, protocol::Secret::len)
                    .div_ceil(3)
                    * 4
                    + 4 * ENTITY_BYTES_USUAL
            }
            Self::KmsKey(key) => key.bytes_expected() + ENTITY_BYTES_USUAL,
            Self::IdentityKey(key) => {
                key.pkcs8.len().div_ceil(3) * 4 + key.certificate.len() + ENTITY_BYTES_USUAL
            }
            Self::KmsGrant(grant) => grant.bytes_expected() + ENTITY_BYTES_USUAL,
            Self::LaunchConfiguration(configuration) => {
                configuration.data.len().div_ceil(3) * 4 + ENTITY_BYTES_USUAL
            }
            Self::LaunchTemplate(template) => {
                let data = template
                    .versions
                    .iter()
                    .map(|version| version.data.len().div_ceil(3) * 4 + ENTITY_BYTES_USUAL);
                data.sum::<usize>() + ENTITY_BYTES_USUAL
            }
            _ => ENTITY_BYTES_USUAL,
        }
    }
}

impl Change {
    /// Puts an entity.
    pub fn put(home: Home, entity: Entity) -> Self {
        let step = Step::Put(Box::new(entity));
        Self { home, step }
    }

    /// Removes what stands at a key.
    pub fn delete(home: Home, key: Key) -> Self {
        let step = Step::Delete(key);
        Self { home, step }
    }

    /// Removes the record at `key`.
    ///
    /// # Errors
    ///
    /// [`EntityError::UnknownKey`] when no entity stands there.
    pub fn deletion(key: &str) -> Result<Self, EntityError> {
        let unknown = || EntityError::UnknownKey(key.to_owned());
        let (home, local) = located(key).ok_or_else(unknown)?;
        let change = Self::delete(home, Key::parse(local)?);
        if change.record_key() == key {
            Ok(change)
        } else {
            Err(unknown())
        }
    }

    /// Key of the record that it changes.
    pub fn record_key(&self) -> String {
        match &self.step {
            Step::Put(entity) => entity.key().in_record(&self.home),
            Step::Delete(key) => key.in_record(&self.home),
        }
    }
}

impl Located {
    /// The change that puts it where it stands.
    pub fn put(self) -> Change {
        Change::put(self.home, self.entity)
    }

    /// The change that removes it.
    pub fn delete(&self) -> Change {
        Change::delete(self.home.clone(), self.entity.key())
    }

    /// Key of its record.
    pub fn record_key(&self) -> String {
        self.entity.key().in_record(&self.home)
    }

    /// Reads the stored form of the record at `key`.
    ///
    /// # Errors
    ///
    /// [`EntityError`] when the bytes are no entity, or one that belongs elsewhere.
    pub fn decode(key: &str, bytes: &[u8]) -> Result<Self, EntityError> {
        let unknown = || EntityError::UnknownKey(key.to_owned());
        let (home, local) = located(key).ok_or_else(unknown)?;
        let entity = Entity::decode(local, bytes)?;
        let located = Self { home, entity };
        // What is global stands under no region, and what is regional under one.
        if located.record_key() == key {
            Ok(located)
        } else {
            Err(unknown())
        }
    }
}

/// Where a record stands, and its key there.
fn located(key: &str) -> Option<(Home, &str)> {
    let Some((account, rest)) = key.split_once('/') else {
        return Some((Home::new("", GLOBAL), key));
    };
    let (region, local) = rest.split_once('/')?;
    Some((Home::new(account, region), local))
}

/// A [`protocol::Secret`] in the stored form: base64, in records that are sealed before they leave
/// the process.
pub(crate) mod stored_secret {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use protocol::Secret;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use zeroize::Zeroizing;

    pub(crate) fn serialize<S: Serializer>(secret: &Secret, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&Zeroizing::new(STANDARD.encode(secret.expose())))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Secret, D::Error> {
        let text = Zeroizing::new(String::deserialize(from)?);
        STANDARD
            .decode(&*text)
            .map(Secret::new)
            .map_err(|_| D::Error::custom("not base64"))
    }

    pub(super) mod option {
        use super::{Deserialize, Deserializer, Secret, Serializer};

        #[derive(Deserialize)]
        struct Wrapped(#[serde(with = "super")] Secret);

        #[expect(clippy::ref_option, reason = "the signature that serde calls")]
        pub(crate) fn serialize<S: Serializer>(
            secret: &Option<Secret>,
            to: S,
        ) -> Result<S::Ok, S::Error> {
            match secret {
                Some(secret) => super::serialize(secret, to),
                None => to.serialize_none(),
            }
        }

        pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
            from: D,
        ) -> Result<Option<Secret>, D::Error> {
            Ok(Option::<Wrapped>::deserialize(from)?.map(|Wrapped(secret)| secret))
        }
    }
}

const ENTITY_BYTES_USUAL: usize = 1_024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entity_in_a_foreign_place_is_refused() {
        let key = AccessKey {
            id: "AKIA1".into(),
            user: "u".into(),
            secret: protocol::Secret::from_text("s3cret".into()),
            status: AccessKeyStatus::Active,
            created: jiff::Timestamp::UNIX_EPOCH,
        };
        let bytes = Entity::AccessKey(key.clone()).encode().unwrap();

        assert_eq!(
            Entity::decode("iam/access-key/AKIA1", &bytes),
            Ok(Entity::AccessKey(key))
        );
        assert_eq!(
            Entity::decode("iam/access-key/AKIA2", &bytes),
            Err(EntityError::Misplaced(
                "iam/access-key/AKIA2".into(),
                "iam/access-key/AKIA1".into()
            ))
        );
    }

    #[test]
    fn a_deletion_names_the_record_that_it_came_from() {
        for key in [
            "settings",
            "123456789012/global/iam/role/a",
            "123456789012/us-east-1/secretsmanager/version/id/with/slash",
        ] {
            let change = Change::deletion(key).unwrap();
            assert!(matches!(change.step, Step::Delete(_)));
            assert_eq!(change.record_key(), key);
        }
        for key in [
            "",
            "123456789012/us-east-1/iam/role/a",
            "123456789012/iam/role/a",
            "123456789012/global/settings",
            "x",
        ] {
            let unknown = Change::deletion(key).unwrap_err();
            assert!(matches!(unknown, EntityError::UnknownKey(_)), "{key}");
        }
    }

    #[test]
    fn what_does_not_decode_is_not_quoted() {
        let error = Entity::decode("settings", b"{\"AccessKey\":\"hunter2\"}").unwrap_err();

        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}
