//! The scope of a signature and the key derived for it.
//!
//! Knows no request. Source: IAM User Guide, "Create a signed AWS API request", step 4.

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{SCOPE_TERMINATOR, text};
use crate::Secret;

/// Where and on which day a signature counts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Scope {
    /// `YYYYMMDD`, UTC.
    pub date: String,
    /// `us-east-1`.
    pub region: String,
    /// The name the service signs with, `secretsmanager`.
    pub service: String,
}

/// What signs the requests of one scope; not the secret key, but as good as it for that scope.
///
/// It is HMAC with the key taken in already, which is half the work of signing a short text.
#[derive(Clone)]
pub struct SigningKey(Hmac<Sha256>);

impl Scope {
    /// The scope of a request that is signed at `moment`.
    pub fn at(moment: Timestamp, region: impl Into<String>, service: impl Into<String>) -> Self {
        let date = text::basic_time(moment);
        Self {
            date: date.iter().take(8).map(|byte| char::from(*byte)).collect(),
            region: region.into(),
            service: service.into(),
        }
    }
}

impl SigningKey {
    /// The signature of a string to sign.
    pub(super) fn signature(&self, string_to_sign: &[u8]) -> [u8; 32] {
        let mut mac = self.0.clone();
        mac.update(string_to_sign);
        mac.finalize().into_bytes().into()
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningKey(redacted)")
    }
}

/// Derives the key of a scope: four rounds of HMAC, which a caller may save by keeping the key
/// under access key id and scope for as long as the secret key is valid.
pub fn signing_key(secret: &Secret, scope: &Scope) -> SigningKey {
    let mut seed = Zeroizing::new(Vec::with_capacity(SEED.len() + secret.len()));
    seed.extend_from_slice(SEED);
    seed.extend_from_slice(secret.expose());
    let date = mac(&seed, scope.date.as_bytes());
    let region = mac(date.as_slice(), scope.region.as_bytes());
    let service = mac(region.as_slice(), scope.service.as_bytes());
    let key = mac(service.as_slice(), SCOPE_TERMINATOR.as_bytes());
    SigningKey(keyed(key.as_slice()))
}

fn mac(key: &[u8], message: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut mac = keyed(key);
    mac.update(message);
    Zeroizing::new(mac.finalize().into_bytes().into())
}

#[expect(
    clippy::expect_used,
    reason = "HMAC is defined for keys of every length, RFC 2104"
)]
fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes keys of every length")
}

const SEED: &[u8] = b"AWS4";

#[cfg(test)]
mod tests {
    use super::*;

    fn scope() -> Scope {
        Scope::at("2015-08-30T12:36:00Z".parse().unwrap(), "us-east-1", "iam")
    }

    #[test]
    fn the_published_key_comes_out() {
        let secret = Secret::from_text("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned());
        let key = signing_key(&secret, &scope());

        let published = "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9";
        let published = text::read_hex(published.as_bytes()).unwrap();
        let message = b"AWS4-HMAC-SHA256";
        assert_eq!(key.signature(message), *mac(&published, message));
        // The key is not used up.
        assert_eq!(key.signature(message), *mac(&published, message));
    }

    #[test]
    fn each_part_of_the_scope_changes_the_key() {
        let secret = Secret::from_text("secret".to_owned());
        let key = signing_key(&secret, &scope());
        for other in [
            Scope {
                date: "20150831".to_owned(),
                ..scope()
            },
            Scope {
                region: "us-east-2".to_owned(),
                ..scope()
            },
            Scope {
                service: "sts".to_owned(),
                ..scope()
            },
        ] {
            let other_key = signing_key(&secret, &other);
            assert_ne!(other_key.signature(b""), key.signature(b""), "{other:?}");
        }
    }

    #[test]
    fn debug_shows_nothing_of_the_key() {
        let key = signing_key(&Secret::from_text("secret".to_owned()), &scope());

        assert_eq!(format!("{key:?}"), "SigningKey(redacted)");
    }
}
