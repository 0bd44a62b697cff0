//! What the account was made with: its number, region, keys and network.

use jiff::Timestamp;
use protocol::Secret;
use serde::{Deserialize, Serialize};

/// Written once, when the data folder is made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Twelve digits.
    pub account_id: String,
    /// Such as `us-east-1`.
    pub region: String,
    /// When the account was made.
    pub created: Timestamp,
    /// The account's own keys.
    pub keyring: Keyring,
    /// The default network.
    pub network: Network,
}

/// Keys that never leave the account; each serves one purpose.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Keyring {
    /// Seals session tokens (AES-256-GCM), 32 bytes.
    #[serde(with = "super::stored_secret")]
    pub session_seal: Secret,
    /// Derives the secret access keys of sessions (HMAC-SHA-256), 32 bytes.
    #[serde(with = "super::stored_secret")]
    pub session_keys: Secret,
    /// Seals metadata service tokens (AES-256-GCM), 32 bytes.
    #[serde(with = "super::stored_secret")]
    pub metadata_seal: Secret,
}

/// The VPC that an account has from the start, as EC2 calls the default VPC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Network {
    /// `vpc-…`
    pub vpc_id: String,
    /// `172.31.0.0/16`, as in every default VPC.
    pub vpc_cidr: String,
    /// `sg-…`, named `default`.
    pub security_group_id: String,
    /// One for each availability zone.
    pub subnets: Vec<Subnet>,
}

/// A subnet of the default VPC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subnet {
    /// `subnet-…`
    pub id: String,
    /// `us-east-1a`
    pub availability_zone: String,
    /// `use1-az1`
    pub availability_zone_id: String,
    /// First address; the prefix length is 20, as in every default VPC.
    pub base: std::net::Ipv4Addr,
}
