//! What the account remembers: one entity for one record of the store, and the record's form.
//!
//! An entity is the unit of change: it is put whole or deleted. Its stored form is JSON, named here
//! once; the store seals it and knows nothing of its inside.

mod accounts;
mod autoscaling;
mod ec2;
mod iam;
mod kms;
mod rotation;
mod secrets;
mod settings;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::home::Home;

pub use accounts::AccountEntity;
pub use autoscaling::{Activity, AutoScalingGroup, GroupTag, Member, UsedTemplate};
pub use ec2::{
    Association, Attributes, Credits, Instance, LaunchTemplate, LaunchTemplateVersion,
    MetadataOptions, Placement, ShutdownBehavior, Toggle, Tokens, Volume,
};
pub use iam::{
    AccessKey, AccessKeyStatus, CredentialReport, Group, IamAccount, InlinePolicies,
    InstanceProfile, LastUse, ManagedPolicy, PasswordPolicy, PolicyVersion, Role, User,
};
pub use kms::{
    KmsAlias, KmsGrant, KmsGrantConstraint, KmsKey, KmsKeySpec, KmsKeyState, KmsKeyUsage,
    KmsMaterial, KmsRotation, RsaBits,
};
pub use rotation::{
    FunctionError, RotationFunction, RotationJob, RotationRules, RotationStep, SecretRotation,
    Window,
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
#[expect(
    clippy::large_enum_variant,
    reason = "entities live in maps behind an Arc, not in rows"
)]
pub enum Entity {
    /// What the account was made with.
    Settings(Settings),
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
    /// An EC2 instance.
    Instance(Instance),
    /// A KMS key with its material.
    KmsKey(KmsKey),
    /// A name of a KMS key.
    KmsAlias(KmsAlias),
    /// What somebody may do with a KMS key.
    KmsGrant(KmsGrant),
    /// A launch template with its versions.
    LaunchTemplate(LaunchTemplate),
    /// An Auto Scaling group.
    AutoScalingGroup(AutoScalingGroup),
    /// A secret without its values.
    Secret(SecretEntity),
    /// One version of a secret.
    SecretVersion(SecretVersion),
    /// A function that rotates secrets.
    RotationFunction(RotationFunction),
}

/// Where an entity stands in the store.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// There is one for all accounts.
    Settings,
    /// There is one for an account.
    Account,
    /// By name in lower case, because IAM names differ by more than case.
    Role(String),
    /// By name in lower case.
    User(String),
    /// By name in lower case.
    Group(String),
    /// By access key id.
    AccessKey(String),
    /// By ARN.
    ManagedPolicy(String),
    /// By name in lower case.
    InstanceProfile(String),
    /// There is one.
    IamAccount,
    /// By access key id or unique id of a role.
    LastUse(String),
    /// By instance id.
    Instance(String),
    /// By key id.
    KmsKey(String),
    /// By name, without `alias/`.
    KmsAlias(String),
    /// By key id and grant id.
    KmsGrant(String, String),
    /// By launch template id.
    LaunchTemplate(String),
    /// By name.
    AutoScalingGroup(String),
    /// By name.
    Secret(String),
    /// By secret name and version id.
    SecretVersion(String, String),
    /// By ARN.
    RotationFunction(String),
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
            Self::Account(_) => Key::Account,
            Self::Role(role) => Key::Role(role.name.to_lowercase()),
            Self::User(user) => Key::User(user.name.to_lowercase()),
            Self::Group(group) => Key::Group(group.name.to_lowercase()),
            Self::AccessKey(key) => Key::AccessKey(key.id.clone()),
            Self::ManagedPolicy(policy) => Key::ManagedPolicy(policy.arn.clone()),
            Self::InstanceProfile(profile) => Key::InstanceProfile(profile.name.to_lowercase()),
            Self::IamAccount(_) => Key::IamAccount,
            Self::LastUse(last) => Key::LastUse(last.of.clone()),
            Self::Instance(instance) => Key::Instance(instance.id.clone()),
            Self::KmsKey(key) => Key::KmsKey(key.id.clone()),
            Self::KmsAlias(alias) => Key::KmsAlias(alias.name.clone()),
            Self::KmsGrant(grant) => Key::KmsGrant(grant.key.clone(), grant.id.clone()),
            Self::AutoScalingGroup(group) => Key::AutoScalingGroup(group.name.clone()),
            Self::LaunchTemplate(template) => Key::LaunchTemplate(template.id.clone()),
            Self::Secret(secret) => Key::Secret(secret.name.clone()),
            Self::SecretVersion(version) => {
                Key::SecretVersion(version.secret.clone(), version.id.clone())
            }
            Self::RotationFunction(function) => Key::RotationFunction(function.arn.clone()),
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
            Self::KmsGrant(grant) => grant.bytes_expected() + ENTITY_BYTES_USUAL,
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
        let (home, local) = match key.split_once('/') {
            None => (Home::new("", GLOBAL), key),
            Some((account, rest)) => {
                let (region, local) = rest.split_once('/').ok_or_else(unknown)?;
                (Home::new(account, region), local)
            }
        };
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

/// The key as text, in which a slash parts and a name's own slashes follow the last part.
impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Settings => f.write_str("settings"),
            Self::Account => f.write_str("account"),
            Self::Role(name) => write!(f, "iam/role/{name}"),
            Self::User(name) => write!(f, "iam/user/{name}"),
            Self::Group(name) => write!(f, "iam/group/{name}"),
            Self::AccessKey(id) => write!(f, "iam/access-key/{id}"),
            Self::ManagedPolicy(arn) => write!(f, "iam/policy/{arn}"),
            Self::InstanceProfile(name) => write!(f, "iam/instance-profile/{name}"),
            Self::IamAccount => f.write_str("iam/account/settings"),
            Self::LastUse(of) => write!(f, "iam/last-use/{of}"),
            Self::Instance(id) => write!(f, "ec2/instance/{id}"),
            Self::KmsKey(id) => write!(f, "kms/key/{id}"),
            Self::KmsAlias(name) => write!(f, "kms/alias/{name}"),
            Self::KmsGrant(key, id) => write!(f, "kms/grant/{key}/{id}"),
            Self::AutoScalingGroup(name) => write!(f, "autoscaling/group/{name}"),
            Self::LaunchTemplate(id) => write!(f, "ec2/launch-template/{id}"),
            Self::Secret(name) => write!(f, "secretsmanager/secret/{name}"),
            // The id has no slash, the name may.
            Self::SecretVersion(name, id) => write!(f, "secretsmanager/version/{id}/{name}"),
            Self::RotationFunction(arn) => write!(f, "lambda/function/{arn}"),
        }
    }
}

impl Key {
    /// Whether each region has its own.
    pub fn is_regional(&self) -> bool {
        match self {
            Self::Settings
            | Self::Account
            | Self::Role(_)
            | Self::User(_)
            | Self::AccessKey(_)
            | Self::ManagedPolicy(_)
            | Self::InstanceProfile(_)
            | Self::Group(_)
            | Self::IamAccount
            | Self::LastUse(_) => false,
            Self::Instance(_)
            | Self::KmsKey(_)
            | Self::KmsAlias(_)
            | Self::KmsGrant(..)
            | Self::LaunchTemplate(_)
            | Self::AutoScalingGroup(_)
            | Self::RotationFunction(_)
            | Self::Secret(_)
            | Self::SecretVersion(..) => true,
        }
    }

    /// Key of the record of what stands here: `123456789012/us-east-1/ec2/instance/i-…`.
    fn in_record(&self, home: &Home) -> String {
        match self {
            Self::Settings => self.to_string(),
            _ if self.is_regional() => format!("{home}/{self}"),
            _ => format!("{}/{GLOBAL}/{self}", home.account()),
        }
    }

    /// Reads what `Display` writes.
    ///
    /// # Errors
    ///
    /// [`EntityError::UnknownKey`] for anything else.
    pub fn parse(text: &str) -> Result<Self, EntityError> {
        let unknown = || EntityError::UnknownKey(text.to_owned());
        match text {
            "settings" => return Ok(Self::Settings),
            "account" => return Ok(Self::Account),
            _ => {}
        }
        let mut parts = text.splitn(3, '/');
        let (Some(service), Some(kind), Some(name)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(unknown());
        };
        let name = name.to_owned();
        Ok(match (service, kind) {
            ("iam", "role") => Self::Role(name),
            ("iam", "user") => Self::User(name),
            ("iam", "group") => Self::Group(name),
            ("iam", "access-key") => Self::AccessKey(name),
            ("iam", "policy") => Self::ManagedPolicy(name),
            ("iam", "instance-profile") => Self::InstanceProfile(name),
            ("iam", "account") if name == "settings" => Self::IamAccount,
            ("iam", "last-use") => Self::LastUse(name),
            ("ec2", "instance") => Self::Instance(name),
            ("kms", "key") => Self::KmsKey(name),
            ("kms", "alias") => Self::KmsAlias(name),
            ("kms", "grant") => {
                let (key, id) = name.split_once('/').ok_or_else(unknown)?;
                Self::KmsGrant(key.to_owned(), id.to_owned())
            }
            ("autoscaling", "group") => Self::AutoScalingGroup(name),
            ("ec2", "launch-template") => Self::LaunchTemplate(name),
            ("secretsmanager", "secret") => Self::Secret(name),
            ("lambda", "function") => Self::RotationFunction(name),
            ("secretsmanager", "version") => {
                let (id, name) = name.split_once('/').ok_or_else(unknown)?;
                Self::SecretVersion(name.to_owned(), id.to_owned())
            }
            _ => return Err(unknown()),
        })
    }
}

/// A [`protocol::Secret`] in the stored form: base64, in records that are sealed before they leave
/// the process.
mod stored_secret {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use protocol::Secret;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use zeroize::Zeroizing;

    pub(super) fn serialize<S: Serializer>(secret: &Secret, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&Zeroizing::new(STANDARD.encode(secret.expose())))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Secret, D::Error> {
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
// Stands for the region in keys of what is one for an account.
const GLOBAL: &str = "global";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_reads_back() {
        let keys = [
            Key::Settings,
            Key::Account,
            Key::Role("a".into()),
            Key::User("a".into()),
            Key::Group("a".into()),
            Key::AccessKey("AKIA".into()),
            Key::ManagedPolicy("arn:aws:iam::123456789012:policy/path/x".into()),
            Key::InstanceProfile("a".into()),
            Key::IamAccount,
            Key::LastUse("AROA".into()),
            Key::Instance("i-1".into()),
            Key::KmsKey("1234abcd-12ab-34cd-56ef-1234567890ab".into()),
            Key::KmsAlias("with/slash".into()),
            Key::KmsGrant("1234abcd-12ab-34cd-56ef-1234567890ab".into(), "0f".into()),
            Key::LaunchTemplate("lt-1".into()),
            Key::AutoScalingGroup("with/slash".into()),
            Key::Secret("with/slash".into()),
            Key::SecretVersion("with/slash".into(), "id".into()),
            Key::RotationFunction("arn:aws:lambda:us-east-1:123456789012:function:f".into()),
        ];
        for key in keys {
            assert_eq!(Key::parse(&key.to_string()), Ok(key));
        }
    }

    #[test]
    fn keys_of_other_versions_are_refused() {
        for text in [
            "",
            "x",
            "iam/role",
            "kms/grant/1",
            "iam/account/other",
            "secretsmanager/version/id",
        ] {
            assert_eq!(
                Key::parse(text),
                Err(EntityError::UnknownKey(text.into())),
                "{text}"
            );
        }
    }

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
    fn what_does_not_decode_is_not_quoted() {
        let error = Entity::decode("settings", b"{\"AccessKey\":\"hunter2\"}").unwrap_err();

        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}
