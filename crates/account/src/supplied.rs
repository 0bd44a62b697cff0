//! What a call needs that only the world can make: an RSA key, for which the crypto library draws
//! random numbers of its own until it has found primes.
//!
//! The handler says what is wanted after everything about the call was checked and allowed, and the
//! call comes to nothing. The world makes it, puts it among the extensions of the request, and has
//! the same call handled again.

use protocol::Secret;

pub use crate::entity::RsaBits;

/// What a call wants made, and is then to be handled again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// An RSA key of this length.
    RsaKey(RsaBits),
}

/// What was made for a call; among the extensions of its request.
#[derive(Debug, Clone)]
pub struct Supplied {
    wanted: Wanted,
    secret: Secret,
}

impl Supplied {
    /// An RSA key in PKCS #8 (RFC 5208), made for this call alone.
    pub fn rsa_key(bits: RsaBits, pkcs8: Secret) -> Self {
        Self {
            wanted: Wanted::RsaKey(bits),
            secret: pkcs8,
        }
    }

    /// What is wanted, if that is what was made.
    pub(crate) fn take(self, wanted: Wanted) -> Option<Secret> {
        (self.wanted == wanted).then_some(self.secret)
    }
}
