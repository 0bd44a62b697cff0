//! What EC2 signs the identity documents of instances with.

use protocol::Secret;
use serde::{Deserialize, Serialize};

/// An RSA key of the server's own and its certificate. There is one for all accounts and regions,
/// and it stays: whoever verifies documents has pinned the certificate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IdentityKey {
    /// RSA, 2048 bits, in PKCS #8 (RFC 5208).
    #[serde(with = "super::stored_secret")]
    pub pkcs8: Secret,
    /// Self-signed, in PEM (RFC 7468).
    pub certificate: String,
}
