//! New accounts: an empty one, and the sample world of `rolecall up`.
//!
//! The sample is made of the same entities that API calls would make, in one set of changes.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use jiff::Timestamp;
use protocol::Secret;

use crate::ec2;
use crate::entity::{
    AccessKey, AccessKeyStatus, AccountEntity, Association, Attributes, Change, Credits, Entity,
    InlinePolicies, Instance, InstanceProfile, Keyring, Located, ManagedPolicy, MetadataOptions,
    Network, Placement, PolicyVersion, Role, SecretEntity, SecretValue, SecretVersion, Settings,
    Step, Subnet, Tag, Tokens, User,
};
use crate::entropy::{Entropy, SEED_BYTES};
use crate::home::Home;
use crate::ids;
use crate::network;
use crate::state::{ADMIN, Partition, StateError};

/// An account that was just made.
#[derive(Debug)]
pub struct NewAccount {
    /// To be committed as one.
    pub changes: Vec<Change>,
    /// The first administrator's access key, shown once.
    pub admin: AccessKey,
}

impl NewAccount {
    /// The account, once the changes are committed.
    ///
    /// # Errors
    ///
    /// [`StateError`] when they are no whole account, which would be a mistake here.
    pub fn into_partition(self) -> Result<Partition, StateError> {
        Partition::load(self.changes.into_iter().filter_map(|change| {
            let Change { home, step } = change;
            match step {
                Step::Put(entity) => Some(Located {
                    home,
                    entity: *entity,
                }),
                Step::Delete(_) => None,
            }
        }))
    }
}

/// Why no account can be made as asked.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NewAccountError {
    /// The account id is not one.
    #[error("`{0}` is no account id: twelve digits are needed")]
    AccountId(String),
    /// There is such an account.
    #[error("there is an account `{0}` already")]
    Taken(String),
    /// There are as many as there can be.
    #[error("there are {ACCOUNTS_MAX} accounts already, which is the bound")]
    TooMany,
    /// The region is not one.
    #[error("`{0}` is no region: it should look like `us-east-1`")]
    Region(String),
}

/// An account with an administrator and the network that every account starts with.
///
/// # Errors
///
/// [`NewAccountError`] when the id or the region is not well formed.
pub fn empty(
    account_id: &str,
    region: &str,
    now: Timestamp,
    seed: [u8; SEED_BYTES],
) -> Result<NewAccount, NewAccountError> {
    Maker::new(account_id, region, now, seed).map(|mut maker| maker.empty())
}

/// The same with the sample world in it: a role, its policy and profile, an instance, a secret.
///
/// # Errors
///
/// As for [`empty`].
pub fn sample(
    account_id: &str,
    region: &str,
    now: Timestamp,
    seed: [u8; SEED_BYTES],
) -> Result<NewAccount, NewAccountError> {
    let mut maker = Maker::new(account_id, region, now, seed)?;
    let mut account = maker.empty();
    let home = maker.home();
    let made = maker.sample().into_iter();
    let made = made.map(|entity| Change::put(home.clone(), entity));
    account.changes.extend(made);
    Ok(account)
}

/// One more account beside those that are there, with an administrator of its own.
///
/// # Errors
///
/// [`NewAccountError`] when the id is not well formed, or taken, or there are too many.
pub fn another(
    partition: &Partition,
    account_id: &str,
    name: Option<&str>,
    now: Timestamp,
    seed: [u8; SEED_BYTES],
) -> Result<NewAccount, NewAccountError> {
    let region = &partition.settings().region;
    checked(account_id, region)?;
    if partition.account(account_id).is_some() {
        return Err(NewAccountError::Taken(account_id.to_owned()));
    }
    if partition.accounts().len() >= ACCOUNTS_MAX {
        return Err(NewAccountError::TooMany);
    }
    let now = Timestamp::from_second(now.as_second()).unwrap_or(now);
    let (user, admin) = administrator(now, &mut Entropy::new(seed));
    let entities = [
        Entity::Account(AccountEntity::new(account_id, name, now)),
        Entity::User(user),
        Entity::AccessKey(admin.clone()),
    ];
    let home = Home::new(account_id, region);
    let put = |entity| Change::put(home.clone(), entity);
    Ok(NewAccount {
        changes: entities.into_iter().map(put).collect(),
        admin,
    })
}

/// Whether an account can be made of these.
///
/// # Errors
///
/// As for [`empty`].
pub fn check(account_id: &str, region: &str) -> Result<(), NewAccountError> {
    checked(account_id, region).map(drop)
}

/// Name of the sample's role.
pub const ROLE: &str = "ec2-secrets-manager-role";
/// Name of the sample's secret.
pub const SECRET: &str = "my-secret";

/// The prefix of the region's zone ids, where both are well formed.
fn checked(account_id: &str, region: &str) -> Result<String, NewAccountError> {
    if account_id.len() != 12 || !account_id.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NewAccountError::AccountId(account_id.to_owned()));
    }
    network::zone_id_prefix(region).ok_or_else(|| NewAccountError::Region(region.to_owned()))
}

struct Maker {
    account_id: String,
    region: String,
    network: Network,
    now: Timestamp,
    entropy: Entropy,
}

impl Maker {
    fn new(
        account_id: &str,
        region: &str,
        now: Timestamp,
        seed: [u8; SEED_BYTES],
    ) -> Result<Self, NewAccountError> {
        let zone_prefix = checked(account_id, region)?;
        let mut entropy = Entropy::new(seed);
        let network = network::made(region, &zone_prefix, &mut entropy);
        // Whole seconds: what AWS shows of a moment is all there is to it.
        let now = Timestamp::from_second(now.as_second()).unwrap_or(now);
        let (account_id, region) = (account_id.to_owned(), region.to_owned());
        Ok(Self {
            account_id,
            region,
            network,
            now,
            entropy,
        })
    }

    fn home(&self) -> Home {
        Home::new(&self.account_id, &self.region)
    }

    fn empty(&mut self) -> NewAccount {
        let home = self.home();
        let entropy = &mut self.entropy;
        let keyring = Keyring {
            session_seal: Secret::new(entropy.bytes::<32>()),
            session_keys: Secret::new(entropy.bytes::<32>()),
            metadata_seal: Secret::new(entropy.bytes::<32>()),
        };
        let settings = Settings {
            account_id: self.account_id.clone(),
            region: self.region.clone(),
            created: self.now,
            keyring,
            network: self.network.clone(),
        };
        let (user, admin) = administrator(self.now, entropy);
        let entities = [
            Entity::Settings(settings),
            Entity::User(user),
            Entity::AccessKey(admin.clone()),
        ];
        NewAccount {
            changes: entities
                .into_iter()
                .map(|entity| Change::put(home.clone(), entity))
                .collect(),
            admin,
        }
    }

    fn sample(&mut self) -> Vec<Entity> {
        let (secret, version) = self.secret();
        let policy = self.policy(&secret.arn);
        let role = self.role(&policy.arn);
        let profile = self.profile();
        let instance = self.instance(&profile);
        vec![
            Entity::Secret(secret),
            Entity::SecretVersion(version),
            Entity::ManagedPolicy(policy),
            Entity::Role(role),
            Entity::InstanceProfile(profile),
            Entity::Instance(instance),
        ]
    }

    fn secret(&mut self) -> (SecretEntity, SecretVersion) {
        let password = ids::secret_access_key(&self.entropy.bytes());
        let password = password.expose_text().unwrap_or_default();
        let value = format!("{{\"username\":\"app\",\"password\":\"{password}\"}}");
        let id = ids::uuid(&mut self.entropy);
        let suffix = ids::secret_suffix(&mut self.entropy);
        let secret = SecretEntity {
            name: SECRET.to_owned(),
            arn: format!(
                "arn:aws:secretsmanager:{}:{}:secret:{SECRET}-{suffix}",
                self.region, self.account_id
            ),
            description: Some("The secret of the sample world".to_owned()),
            kms_key_id: None,
            created: self.now,
            changed: self.now,
            deletion: None,
            stages: BTreeMap::from([("AWSCURRENT".to_owned(), id.clone())]),
            tags: Vec::new(),
            policy: None,
            replicas: Vec::new(),
            primary_region: None,
            rotation: None,
        };
        let version = SecretVersion {
            secret: SECRET.to_owned(),
            id,
            created: self.now,
            value: Some(SecretValue::Text(Secret::from_text(value))),
            key: None,
        };
        (secret, version)
    }

    fn policy(&mut self, secret_arn: &str) -> ManagedPolicy {
        let document = format!(
            r#"{{
  "Version": "2012-10-17",
  "Statement": [
    {{
      "Sid": "ReadMySecret",
      "Effect": "Allow",
      "Action": [
        "secretsmanager:GetSecretValue",
        "secretsmanager:DescribeSecret"
      ],
      "Resource": "{secret_arn}"
    }}
  ]
}}"#
        );
        let name = "ec2-secrets-manager-policy";
        ManagedPolicy {
            name: name.to_owned(),
            path: "/".to_owned(),
            id: ids::unique_id("ANPA", &mut self.entropy),
            arn: format!("arn:aws:iam::{}:policy/{name}", self.account_id),
            created: self.now,
            updated: self.now,
            description: Some("Reads one secret".to_owned()),
            default_version: 1,
            next_version: 2,
            versions: vec![PolicyVersion {
                number: 1,
                document,
                created: self.now,
            }],
            tags: Vec::new(),
        }
    }

    fn role(&mut self, policy_arn: &str) -> Role {
        Role {
            name: ROLE.to_owned(),
            path: "/".to_owned(),
            id: ids::unique_id("AROA", &mut self.entropy),
            created: self.now,
            description: Some("The role of the sample instance".to_owned()),
            max_session_seconds: 3_600,
            trust: TRUST_EC2.to_owned(),
            inline: InlinePolicies::new(),
            attached: vec![policy_arn.to_owned()],
            boundary: None,
            tags: Vec::new(),
        }
    }

    fn profile(&mut self) -> InstanceProfile {
        InstanceProfile {
            name: "ec2-secrets-manager-profile".to_owned(),
            path: "/".to_owned(),
            id: ids::unique_id("AIPA", &mut self.entropy),
            created: self.now,
            role: Some(ROLE.to_owned()),
            tags: Vec::new(),
        }
    }

    fn instance(&mut self, profile: &InstanceProfile) -> Instance {
        let entropy = &mut self.entropy;
        let image = ec2::image(IMAGE);
        let subnet = self.network.subnets.first();
        let base = subnet.map_or(network::VPC_BASE, |subnet| subnet.base);
        let of = |read: fn(&Subnet) -> &str| subnet.map_or("", read).to_owned();
        Instance {
            id: ids::resource_id("i-", entropy),
            reservation_id: ids::resource_id("r-", entropy),
            launch_index: 0,
            image_id: IMAGE.to_owned(),
            instance_type: "t3.micro".to_owned(),
            launched: self.now,
            terminated: None,
            stopped: None,
            placement: Placement {
                subnet_id: of(|subnet| &subnet.id),
                availability_zone: of(|subnet| &subnet.availability_zone),
                availability_zone_id: of(|subnet| &subnet.availability_zone_id),
                private_ip: Ipv4Addr::from_bits(base.to_bits() + SAMPLE_HOST),
            },
            interface_id: ids::resource_id("eni-", entropy),
            mac: ids::mac(entropy),
            user_data: None,
            metadata_options: MetadataOptions {
                http_tokens: Tokens::Required,
                ..MetadataOptions::default()
            },
            association: Some(Association {
                id: ids::resource_id("iip-assoc-", entropy),
                profile_arn: format!(
                    "arn:aws:iam::{}:instance-profile/{}",
                    self.account_id, profile.name
                ),
                profile_id: profile.id.clone(),
                since: self.now,
            }),
            termination_protected: false,
            attributes: Attributes {
                credits: Some(Credits::Unlimited),
                ..Attributes::default()
            },
            volumes: image
                .map(|image| ec2::root_volume(image, entropy))
                .into_iter()
                .collect(),
            notices: Box::default(),
            console: None,
            client_token: None,
            tags: vec![Tag {
                key: "Name".to_owned(),
                value: "ec2-with-imds-and-secrets".to_owned(),
            }],
        }
    }
}

/// The first user of an account, who may do everything, and its access key.
fn administrator(now: Timestamp, entropy: &mut Entropy) -> (User, AccessKey) {
    let user = User {
        name: ADMIN.to_owned(),
        path: "/".to_owned(),
        id: ids::unique_id("AIDA", entropy),
        created: now,
        inline: InlinePolicies::from([(ADMIN_POLICY.to_owned(), ALLOW_ALL.to_owned())]),
        attached: Vec::new(),
        boundary: None,
        groups: std::collections::BTreeSet::new(),
        tags: Vec::new(),
    };
    let key = AccessKey {
        id: ids::access_key_id("AKIA", &entropy.bytes()),
        user: ADMIN.to_owned(),
        secret: ids::secret_access_key(&entropy.bytes()),
        status: AccessKeyStatus::Active,
        created: now,
    };
    (user, key)
}

/// Accounts of one server, the first one among them.
pub const ACCOUNTS_MAX: usize = 1_000;
const ADMIN_POLICY: &str = "AdministratorAccess";
const ALLOW_ALL: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
const TRUST_EC2: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": {"Service": "ec2.amazonaws.com"},
      "Action": "sts:AssumeRole"
    }
  ]
}"#;
const SAMPLE_HOST: u32 = 10;
const IMAGE: &str = "ami-0a1b2c3d4e5f60001";

#[cfg(test)]
mod tests;
