//! JSON Web Keys (RFC 7517, RFC 7518) that check the signatures AWS takes.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RsaPublicKeyComponents,
    UnparsedPublicKey,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

use super::IssuerError;

/// A public key of an issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Jwk {
    id: Option<String>,
    /// The only algorithm it is for, where it says so.
    algorithm: Option<Algorithm>,
    material: Material,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Material {
    Rsa {
        modulus: Vec<u8>,
        exponent: Vec<u8>,
    },
    /// Uncompressed points.
    P256(Vec<u8>),
    P384(Vec<u8>),
}

/// How a token is signed: IAM User Guide, "Create an OpenID Connect (OIDC) identity provider in
/// IAM". `none` and keys that both sides share are not among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) enum Algorithm {
    RS256,
    RS384,
    RS512,
    ES256,
    ES384,
}

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct RawKey {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    used_for: Option<String>,
    alg: Option<String>,
    n: Option<String>,
    e: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

/// The keys of a set that are of use here.
pub(super) fn read(text: &[u8]) -> Result<Vec<Jwk>, IssuerError> {
    let set: KeySet =
        serde_json::from_slice(text).map_err(|error| IssuerError::NoKeySet(error.to_string()))?;
    let keys: Vec<Jwk> = set.keys.into_iter().filter_map(Jwk::read).collect();
    if keys.is_empty() {
        return Err(IssuerError::NoKey);
    }
    Ok(keys)
}

impl Jwk {
    fn read(json: serde_json::Value) -> Option<Self> {
        let raw: RawKey = serde_json::from_value(json).ok()?;
        if raw.used_for.is_some_and(|used_for| used_for != "sig") {
            return None;
        }
        let algorithm = match raw.alg {
            Some(name) => Some(Algorithm::named(&name)?),
            None => None,
        };
        let bytes = |text: Option<String>| URL_SAFE_NO_PAD.decode(text?).ok();
        let point = |x: Vec<u8>, y: Vec<u8>, length: usize| {
            let whole = x.len() == length && y.len() == length;
            whole.then(|| [vec![UNCOMPRESSED], x, y].concat())
        };
        let material = match (raw.kty.as_str(), raw.crv.as_deref()) {
            ("RSA", None) => {
                let (modulus, exponent) = (bytes(raw.n)?, bytes(raw.e)?);
                let modulus: Vec<u8> = modulus.into_iter().skip_while(|byte| *byte == 0).collect();
                if modulus.len() < MODULUS_BYTES_MIN || modulus.len() > MODULUS_BYTES_MAX {
                    return None;
                }
                Material::Rsa { modulus, exponent }
            }
            ("EC", Some("P-256")) => Material::P256(point(bytes(raw.x)?, bytes(raw.y)?, 32)?),
            ("EC", Some("P-384")) => Material::P384(point(bytes(raw.x)?, bytes(raw.y)?, 48)?),
            _ => return None,
        };
        Some(Self {
            id: raw.kid,
            algorithm,
            material,
        })
    }

    /// Whether a token that names this key id, or none, may be signed by this key.
    pub(super) fn is_for(&self, id: Option<&str>, algorithm: Algorithm) -> bool {
        let is_named = id.is_none_or(|id| self.id.as_deref().is_none_or(|own| own == id));
        is_named
            && self.algorithm.is_none_or(|own| own == algorithm)
            && matches!(
                (&self.material, algorithm),
                (
                    Material::Rsa { .. },
                    Algorithm::RS256 | Algorithm::RS384 | Algorithm::RS512
                ) | (Material::P256(_), Algorithm::ES256)
                    | (Material::P384(_), Algorithm::ES384)
            )
    }

    pub(super) fn verifies(&self, algorithm: Algorithm, text: &[u8], signature: &[u8]) -> bool {
        let verified = match (&self.material, algorithm) {
            (Material::Rsa { modulus, exponent }, algorithm) => {
                let parameters = match algorithm {
                    Algorithm::RS256 => &RSA_PKCS1_2048_8192_SHA256,
                    Algorithm::RS384 => &RSA_PKCS1_2048_8192_SHA384,
                    Algorithm::RS512 => &RSA_PKCS1_2048_8192_SHA512,
                    Algorithm::ES256 | Algorithm::ES384 => return false,
                };
                let key = RsaPublicKeyComponents {
                    n: modulus,
                    e: exponent,
                };
                key.verify(parameters, text, signature)
            }
            (Material::P256(point), Algorithm::ES256) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(text, signature)
            }
            (Material::P384(point), Algorithm::ES384) => {
                UnparsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, point).verify(text, signature)
            }
            _ => return false,
        };
        verified.is_ok()
    }
}

impl Algorithm {
    /// By the name that tokens and keys have for it.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "RS256" => Self::RS256,
            "RS384" => Self::RS384,
            "RS512" => Self::RS512,
            "ES256" => Self::ES256,
            "ES384" => Self::ES384,
            _ => return None,
        })
    }
}

// SEC 1, section 2.3.3.
const UNCOMPRESSED: u8 = 4;
// 2048 to 8192 bits.
const MODULUS_BYTES_MIN: usize = 256;
const MODULUS_BYTES_MAX: usize = 1_024;
