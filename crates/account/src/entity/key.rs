//! Where entities stand in the store.

use std::fmt;

use super::{EntityError, version_of, version_text};
use crate::home::Home;

/// Where an entity stands in the store.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// There is one for all accounts.
    Settings,
    /// There is one for all accounts.
    IdentityKey,
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
    /// By URL, without `https://`.
    OpenIdProvider(String),
    /// By instance id.
    Instance(String),
    /// There is one.
    MetadataDefaults,
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
    /// By id.
    Organization(String),
    /// By id.
    OrganizationalUnit(String),
    /// By id.
    ControlPolicy(String),
    /// By account id.
    MemberAccount(String),
    /// By id.
    AccountRequest(String),
    /// By id.
    Handshake(String),
    /// By name.
    LaunchConfiguration(String),
    /// By name.
    Secret(String),
    /// By secret name and version id.
    SecretVersion(String, String),
    /// By ARN.
    RotationFunction(String),
    /// By name.
    Bucket(String),
    /// By bucket, version and name.
    S3Object {
        /// Name of the bucket.
        bucket: String,
        /// None for the version `null`.
        version: Option<u128>,
        /// Name of the object.
        key: String,
    },
    /// By bucket and upload id.
    Upload(String, String),
    /// By bucket, upload id and number.
    UploadPart(String, String, u16),
}

/// The key as text, in which a slash parts and a name's own slashes follow the last part.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Settings => f.write_str("settings"),
            Self::IdentityKey => f.write_str("identity-key"),
            Self::Account => f.write_str("account"),
            Self::Role(name) => write!(f, "iam/role/{name}"),
            Self::User(name) => write!(f, "iam/user/{name}"),
            Self::Group(name) => write!(f, "iam/group/{name}"),
            Self::AccessKey(id) => write!(f, "iam/access-key/{id}"),
            Self::ManagedPolicy(arn) => write!(f, "iam/policy/{arn}"),
            Self::InstanceProfile(name) => write!(f, "iam/instance-profile/{name}"),
            Self::IamAccount => f.write_str("iam/account/settings"),
            Self::LastUse(of) => write!(f, "iam/last-use/{of}"),
            Self::OpenIdProvider(host) => write!(f, "iam/oidc-provider/{host}"),
            Self::Instance(id) => write!(f, "ec2/instance/{id}"),
            Self::MetadataDefaults => write!(f, "ec2/defaults/{METADATA}"),
            Self::KmsKey(id) => write!(f, "kms/key/{id}"),
            Self::KmsAlias(name) => write!(f, "kms/alias/{name}"),
            Self::KmsGrant(key, id) => write!(f, "kms/grant/{key}/{id}"),
            Self::AutoScalingGroup(name) => write!(f, "autoscaling/group/{name}"),
            Self::LaunchConfiguration(name) => write!(f, "autoscaling/configuration/{name}"),
            Self::LaunchTemplate(id) => write!(f, "ec2/launch-template/{id}"),
            Self::Organization(id) => write!(f, "organizations/organization/{id}"),
            Self::OrganizationalUnit(id) => write!(f, "organizations/unit/{id}"),
            Self::ControlPolicy(id) => write!(f, "organizations/policy/{id}"),
            Self::MemberAccount(id) => write!(f, "organizations/account/{id}"),
            Self::AccountRequest(id) => write!(f, "organizations/request/{id}"),
            Self::Handshake(id) => write!(f, "organizations/handshake/{id}"),
            Self::Secret(name) => write!(f, "secretsmanager/secret/{name}"),
            // The id has no slash, the name may.
            Self::SecretVersion(name, id) => write!(f, "secretsmanager/version/{id}/{name}"),
            Self::RotationFunction(arn) => write!(f, "lambda/function/{arn}"),
            Self::Bucket(name) => write!(f, "s3/bucket/{name}"),
            Self::S3Object {
                bucket,
                version,
                key,
            } => write!(f, "s3/object/{bucket}/{}/{key}", version_text(*version)),
            Self::Upload(bucket, id) => write!(f, "s3/upload/{bucket}/{id}"),
            Self::UploadPart(bucket, id, number) => write!(f, "s3/part/{bucket}/{id}/{number}"),
        }
    }
}

impl Key {
    /// Whether each region has its own.
    pub fn is_regional(&self) -> bool {
        match self {
            Self::Settings
            | Self::IdentityKey
            | Self::Account
            | Self::Role(_)
            | Self::User(_)
            | Self::AccessKey(_)
            | Self::ManagedPolicy(_)
            | Self::InstanceProfile(_)
            | Self::Group(_)
            | Self::IamAccount
            | Self::LastUse(_)
            | Self::OpenIdProvider(_)
            | Self::Organization(_)
            | Self::OrganizationalUnit(_)
            | Self::ControlPolicy(_)
            | Self::MemberAccount(_)
            | Self::AccountRequest(_)
            | Self::Handshake(_) => false,
            Self::Instance(_)
            | Self::MetadataDefaults
            | Self::LaunchConfiguration(_)
            | Self::KmsKey(_)
            | Self::KmsAlias(_)
            | Self::KmsGrant(..)
            | Self::LaunchTemplate(_)
            | Self::AutoScalingGroup(_)
            | Self::RotationFunction(_)
            | Self::Secret(_)
            | Self::SecretVersion(..)
            | Self::Bucket(_)
            | Self::S3Object { .. }
            | Self::Upload(..)
            | Self::UploadPart(..) => true,
        }
    }

    /// Whether it is of AWS Organizations.
    pub(crate) fn is_of_organization(&self) -> bool {
        matches!(
            self,
            Self::Organization(_)
                | Self::OrganizationalUnit(_)
                | Self::ControlPolicy(_)
                | Self::MemberAccount(_)
                | Self::AccountRequest(_)
                | Self::Handshake(_)
        )
    }

    /// Key of the record of what stands here: `123456789012/us-east-1/ec2/instance/i-…`.
    pub(super) fn in_record(&self, home: &Home) -> String {
        match self {
            Self::Settings | Self::IdentityKey => self.to_string(),
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
            "identity-key" => return Ok(Self::IdentityKey),
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
            ("iam", "oidc-provider") => Self::OpenIdProvider(name),
            ("ec2", "instance") => Self::Instance(name),
            ("ec2", "defaults") if name == METADATA => Self::MetadataDefaults,
            ("kms", "key") => Self::KmsKey(name),
            ("kms", "alias") => Self::KmsAlias(name),
            ("kms", "grant") => {
                let (key, id) = name.split_once('/').ok_or_else(unknown)?;
                Self::KmsGrant(key.to_owned(), id.to_owned())
            }
            ("autoscaling", "group") => Self::AutoScalingGroup(name),
            ("autoscaling", "configuration") => Self::LaunchConfiguration(name),
            ("ec2", "launch-template") => Self::LaunchTemplate(name),
            ("organizations", "organization") => Self::Organization(name),
            ("organizations", "unit") => Self::OrganizationalUnit(name),
            ("organizations", "policy") => Self::ControlPolicy(name),
            ("organizations", "account") => Self::MemberAccount(name),
            ("organizations", "request") => Self::AccountRequest(name),
            ("organizations", "handshake") => Self::Handshake(name),
            ("secretsmanager", "secret") => Self::Secret(name),
            ("lambda", "function") => Self::RotationFunction(name),
            ("s3", "bucket") => Self::Bucket(name),
            ("s3", "object") => {
                let (bucket, rest) = name.split_once('/').ok_or_else(unknown)?;
                let (version, key) = rest.split_once('/').ok_or_else(unknown)?;
                Self::S3Object {
                    bucket: bucket.to_owned(),
                    version: version_of(version).ok_or_else(unknown)?,
                    key: key.to_owned(),
                }
            }
            ("s3", "upload") => {
                let (bucket, id) = name.split_once('/').ok_or_else(unknown)?;
                Self::Upload(bucket.to_owned(), id.to_owned())
            }
            ("s3", "part") => {
                let (bucket, rest) = name.split_once('/').ok_or_else(unknown)?;
                let (id, number) = rest.split_once('/').ok_or_else(unknown)?;
                let number = number.parse().map_err(|_| unknown())?;
                Self::UploadPart(bucket.to_owned(), id.to_owned(), number)
            }
            ("secretsmanager", "version") => {
                let (id, name) = name.split_once('/').ok_or_else(unknown)?;
                Self::SecretVersion(name.to_owned(), id.to_owned())
            }
            _ => return Err(unknown()),
        })
    }
}

const METADATA: &str = "metadata";
// Stands for the region in keys of what is one for an account.
pub(super) const GLOBAL: &str = "global";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_reads_back() {
        let keys = [
            Key::Settings,
            Key::IdentityKey,
            Key::Account,
            Key::Role("a".into()),
            Key::User("a".into()),
            Key::Group("a".into()),
            Key::AccessKey("AKIA".into()),
            Key::ManagedPolicy("arn:aws:iam::123456789012:policy/path/x".into()),
            Key::InstanceProfile("a".into()),
            Key::IamAccount,
            Key::LastUse("AROA".into()),
            Key::OpenIdProvider("issuer.example/with/slash".into()),
            Key::Instance("i-1".into()),
            Key::MetadataDefaults,
            Key::KmsKey("1234abcd-12ab-34cd-56ef-1234567890ab".into()),
            Key::KmsAlias("with/slash".into()),
            Key::KmsGrant("1234abcd-12ab-34cd-56ef-1234567890ab".into(), "0f".into()),
            Key::LaunchTemplate("lt-1".into()),
            Key::AutoScalingGroup("with/slash".into()),
            Key::LaunchConfiguration("with/slash".into()),
            Key::Organization("x".into()),
            Key::OrganizationalUnit("x".into()),
            Key::ControlPolicy("x".into()),
            Key::MemberAccount("x".into()),
            Key::AccountRequest("x".into()),
            Key::Handshake("x".into()),
            Key::Secret("with/slash".into()),
            Key::SecretVersion("with/slash".into(), "id".into()),
            Key::RotationFunction("arn:aws:lambda:us-east-1:123456789012:function:f".into()),
            Key::Bucket("b".into()),
            Key::S3Object {
                bucket: "b".into(),
                version: None,
                key: "with/slash/".into(),
            },
            Key::S3Object {
                bucket: "b".into(),
                version: Some(7),
                key: "\0".into(),
            },
            Key::Upload("b".into(), "id".into()),
            Key::UploadPart("b".into(), "id".into(), 10_000),
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
            "ec2/defaults/other",
            "secretsmanager/version/id",
        ] {
            assert_eq!(
                Key::parse(text),
                Err(EntityError::UnknownKey(text.into())),
                "{text}"
            );
        }
    }
}
