//! Who outside an identity provider vouches for: the issuers whose keys the operator gave, and the
//! tokens that they sign.
//!
//! There is no network here: the keys of an issuer (its JWKS, RFC 7517) are handed in. A provider
//! that IAM knows and the operator gave no keys for is one whose keys could not be fetched.

mod keys;
mod token;

use std::collections::BTreeMap;

use self::keys::Jwk;
pub(crate) use self::token::{WebIdentity, authenticate};

/// Keys by the URL of the issuer. The world puts them, behind an `Arc`, among the extensions of
/// each request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Issuers {
    keys: BTreeMap<String, Vec<Jwk>>,
}

/// Why an issuer is not taken.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum IssuerError {
    /// AWS takes no other.
    #[error("`{0}` is no URL that begins with `https://`")]
    Url(String),
    /// The same issuer twice.
    #[error("issuer `{0}` is given twice")]
    Twice(String),
    /// The text is no JSON Web Key Set.
    #[error("the keys are no JSON Web Key Set: {0}")]
    NoKeySet(String),
    /// None of the keys can check a signature that AWS takes.
    #[error("none of the keys is an RSA key of at least 2048 bits or a key on P-256 or P-384")]
    NoKey,
}

impl Issuers {
    /// Adds an issuer with its keys, as its `jwks_uri` answers. Keys of other kinds are passed
    /// over, as the standard wants it.
    ///
    /// # Errors
    ///
    /// [`IssuerError`] when no token of it could ever be checked.
    pub fn add(&mut self, url: &str, key_set: &[u8]) -> Result<(), IssuerError> {
        if bare(url).is_none_or(str::is_empty) {
            return Err(IssuerError::Url(url.to_owned()));
        }
        let keys = keys::read(key_set)?;
        if self.keys.insert(url.to_owned(), keys).is_some() {
            return Err(IssuerError::Twice(url.to_owned()));
        }
        Ok(())
    }

    fn keys_of(&self, issuer: &str) -> Option<&[Jwk]> {
        self.keys.get(issuer).map(Vec::as_slice)
    }
}

/// A provider's URL as ARNs and condition keys have it.
pub(crate) fn bare(url: &str) -> Option<&str> {
    url.strip_prefix("https://")
}

#[cfg(test)]
pub(crate) mod tests;
