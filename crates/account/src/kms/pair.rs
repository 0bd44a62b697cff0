//! Pairs of a private and a public key: what is signed, encrypted and agreed upon with them. Knows
//! no state and no permission.
//!
//! A private key is a secret of bytes: an RSA key in PKCS #8, a curve's scalar in big-endian, the
//! seed of an Edwards key. Scalars and seeds are drawn from the call's entropy; RSA keys are made
//! by the world. For signatures and OAEP the crypto library draws random numbers of its own: none
//! of them becomes part of the state, so a call that is handled twice still makes the same changes.
//!
//! Source: FIPS 186-5; RFC 8017 (RSA), RFC 8032 (Ed25519), RFC 5915 and RFC 5480 (curves).

use aws_lc_rs::agreement::{self, agree};
use aws_lc_rs::digest::{self, Digest};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::{
    OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepAlgorithm, OaepPrivateDecryptingKey,
    OaepPublicEncryptingKey, PrivateDecryptingKey,
};
use aws_lc_rs::signature::{
    self, ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256K1_SHA256_ASN1,
    ECDSA_P256K1_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1, ECDSA_P384_SHA384_ASN1_SIGNING,
    ECDSA_P521_SHA512_ASN1, ECDSA_P521_SHA512_ASN1_SIGNING, ED25519, EcdsaKeyPair,
    EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair as _, RsaEncoding, RsaKeyPair,
    VerificationAlgorithm,
};
use protocol::Secret;
use zeroize::Zeroizing;

use crate::entity::KmsKeySpec;
use crate::entropy::Entropy;

/// What is signed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Message<'a> {
    /// The message itself.
    Raw(&'a [u8]),
    /// Its digest.
    Digest(&'a [u8]),
}

/// A private key, taken apart.
enum Pair {
    Rsa(RsaKeyPair),
    Curve(EcdsaKeyPair, &'static dyn VerificationAlgorithm),
    Edwards(Ed25519KeyPair),
}

/// Draws a private key of a curve; `None` for other specs.
pub(super) fn drawn(spec: KmsKeySpec, entropy: &mut Entropy) -> Option<Secret> {
    let bytes = spec.material_bytes().filter(|_| spec.is_asymmetric())?;
    // FIPS 186-5, A.2.2: numbers that are no scalar are drawn again.
    for _ in 0..DRAWS_MAX {
        let mut scalar = vec![0; bytes].into_boxed_slice();
        entropy.fill(&mut scalar);
        if let (KmsKeySpec::EccP521, Some(first)) = (spec, scalar.first_mut()) {
            // 521 bits in 66 bytes.
            *first &= 1;
        }
        let secret = Secret::new(scalar);
        if Pair::read(spec, &secret).is_some() {
            return Some(secret);
        }
    }
    None
}

/// The public key as X.509 has it, `SubjectPublicKeyInfo` in DER (RFC 5280, section 4.1).
pub(super) fn public(spec: KmsKeySpec, secret: &Secret) -> Option<Vec<u8>> {
    let der: PublicKeyX509Der<'_> = match Pair::read(spec, secret)? {
        Pair::Rsa(pair) => pair.public_key().as_der().ok()?,
        Pair::Curve(pair, _) => pair.public_key().as_der().ok()?,
        Pair::Edwards(pair) => pair.public_key().as_der().ok()?,
    };
    Some(der.as_ref().to_vec())
}

/// The private key in PKCS #8, in DER.
pub(super) fn private(spec: KmsKeySpec, secret: &Secret) -> Option<Secret> {
    match Pair::read(spec, secret)? {
        Pair::Rsa(_) => Some(secret.clone()),
        Pair::Curve(pair, _) => {
            let document = pair.to_pkcs8v1().ok()?;
            Some(Secret::new(document.as_ref()))
        }
        Pair::Edwards(pair) => {
            let der: Pkcs8V1Der<'_> = pair.as_der().ok()?;
            Some(Secret::new(der.as_ref()))
        }
    }
}

/// How long the digests of a signing algorithm are; none for one that takes no digests.
pub(super) fn digest_bytes(algorithm: &str) -> Option<usize> {
    digest_of(algorithm).map(digest::Algorithm::output_len)
}

/// The signature, where the algorithm is one of the spec's and the message fits it.
pub(super) fn sign(
    spec: KmsKeySpec,
    secret: &Secret,
    algorithm: &str,
    message: Message<'_>,
) -> Option<Vec<u8>> {
    match Pair::read(spec, secret)? {
        Pair::Rsa(pair) => {
            let (encoding, _) = rsa(algorithm)?;
            let mut made = vec![0; pair.public_modulus_len()];
            let digest = digested(algorithm, message)?;
            pair.sign_digest(encoding, &digest, &mut made).ok()?;
            Some(made)
        }
        Pair::Curve(pair, _) => {
            let made = pair.sign_digest(&digested(algorithm, message)?).ok()?;
            Some(made.as_ref().to_vec())
        }
        Pair::Edwards(pair) => match message {
            Message::Raw(message) => Some(pair.try_sign(message).ok()?.as_ref().to_vec()),
            Message::Digest(_) => None,
        },
    }
}

/// Whether it is a signature of the message.
pub(super) fn is_signature(
    spec: KmsKeySpec,
    secret: &Secret,
    algorithm: &str,
    (message, signature): (Message<'_>, &[u8]),
) -> bool {
    let verified = || {
        let (by, key): (&dyn VerificationAlgorithm, Vec<u8>) = match Pair::read(spec, secret)? {
            Pair::Rsa(pair) => (rsa(algorithm)?.1, pair.public_key().as_ref().to_vec()),
            Pair::Curve(pair, by) => (by, pair.public_key().as_ref().to_vec()),
            Pair::Edwards(pair) => (&ED25519, pair.public_key().as_ref().to_vec()),
        };
        match (message, digest_of(algorithm)) {
            (Message::Raw(message), None) => by.verify_sig(&key, message, signature).ok(),
            (_, None) => None,
            (_, Some(_)) => {
                let digest = digested(algorithm, message)?;
                by.verify_digest_sig(&key, &digest, signature).ok()
            }
        }
    };
    verified().is_some()
}

/// How long a text can be that is encrypted so.
pub(super) fn plaintext_bytes_max(secret: &Secret, algorithm: &str) -> Option<usize> {
    let (key, oaep) = (
        PrivateDecryptingKey::from_pkcs8(secret.expose()),
        oaep(algorithm)?,
    );
    let public = OaepPublicEncryptingKey::new(key.ok()?.public_key()).ok()?;
    Some(public.max_plaintext_size(oaep))
}

/// The text, encrypted to the public key.
pub(super) fn encrypt(secret: &Secret, algorithm: &str, text: &Secret) -> Option<Vec<u8>> {
    let key = PrivateDecryptingKey::from_pkcs8(secret.expose()).ok()?;
    let public = OaepPublicEncryptingKey::new(key.public_key()).ok()?;
    let mut sealed = vec![0; public.ciphertext_size()];
    public
        .encrypt(oaep(algorithm)?, text.expose(), &mut sealed, None)
        .ok()?;
    Some(sealed)
}

/// The text that was encrypted to the public key.
pub(super) fn decrypt(secret: &Secret, algorithm: &str, sealed: &[u8]) -> Option<Secret> {
    let key = PrivateDecryptingKey::from_pkcs8(secret.expose()).ok()?;
    let key = OaepPrivateDecryptingKey::new(key).ok()?;
    let mut room = Zeroizing::new(vec![0; key.min_output_size()]);
    let text = key
        .decrypt(oaep(algorithm)?, sealed, &mut room, None)
        .ok()?;
    Some(Secret::new(&*text))
}

/// What both sides of an agreement come to (NIST SP 800-56A, ECC CDH), with the other side's public
/// key as [`public`] makes them.
pub(super) fn shared(spec: KmsKeySpec, secret: &Secret, peer: &[u8]) -> Option<Secret> {
    let by = match spec {
        KmsKeySpec::EccP256 => &agreement::ECDH_P256,
        KmsKeySpec::EccP384 => &agreement::ECDH_P384,
        KmsKeySpec::EccP521 => &agreement::ECDH_P521,
        _ => return None,
    };
    let own = agreement::PrivateKey::from_private_key(by, secret.expose()).ok()?;
    let peer = agreement::UnparsedPublicKey::new(by, peer);
    agree(&own, peer, (), |shared| Ok(Secret::new(shared))).ok()
}

impl Pair {
    fn read(spec: KmsKeySpec, secret: &Secret) -> Option<Self> {
        if spec.rsa_bits().is_some() {
            return RsaKeyPair::from_pkcs8(secret.expose()).ok().map(Self::Rsa);
        }
        if spec == KmsKeySpec::Ed25519 {
            let pair = Ed25519KeyPair::from_seed_unchecked(secret.expose());
            return pair.ok().map(Self::Edwards);
        }
        let (signing, verifying) = curve(spec)?;
        let der = ec_private_key(secret)?;
        let pair = EcdsaKeyPair::from_private_key_der(signing, &der).ok()?;
        Some(Self::Curve(pair, verifying))
    }
}

fn curve(
    spec: KmsKeySpec,
) -> Option<(
    &'static EcdsaSigningAlgorithm,
    &'static dyn VerificationAlgorithm,
)> {
    Some(match spec {
        KmsKeySpec::EccP256 => (&ECDSA_P256_SHA256_ASN1_SIGNING, &ECDSA_P256_SHA256_ASN1),
        KmsKeySpec::EccP384 => (&ECDSA_P384_SHA384_ASN1_SIGNING, &ECDSA_P384_SHA384_ASN1),
        KmsKeySpec::EccP521 => (&ECDSA_P521_SHA512_ASN1_SIGNING, &ECDSA_P521_SHA512_ASN1),
        KmsKeySpec::EccP256K1 => (&ECDSA_P256K1_SHA256_ASN1_SIGNING, &ECDSA_P256K1_SHA256_ASN1),
        _ => return None,
    })
}

/// `ECPrivateKey` of RFC 5915 with nothing but the scalar, from which the public key is computed.
fn ec_private_key(scalar: &Secret) -> Option<Zeroizing<Vec<u8>>> {
    let length = u8::try_from(scalar.len()).ok()?;
    // INTEGER 1, OCTET STRING; each length is below 128, which takes one byte.
    let whole = length.checked_add(5).filter(|whole| *whole < 0x80)?;
    let mut der = Zeroizing::new(Vec::with_capacity(usize::from(whole) + 2));
    der.extend([0x30, whole, 0x02, 0x01, 0x01, 0x04, length]);
    der.extend(scalar.expose());
    Some(der)
}

fn rsa(algorithm: &str) -> Option<(&'static dyn RsaEncoding, &'static dyn VerificationAlgorithm)> {
    Some(match algorithm {
        "RSASSA_PKCS1_V1_5_SHA_256" => (
            &signature::RSA_PKCS1_SHA256,
            &signature::RSA_PKCS1_2048_8192_SHA256,
        ),
        "RSASSA_PKCS1_V1_5_SHA_384" => (
            &signature::RSA_PKCS1_SHA384,
            &signature::RSA_PKCS1_2048_8192_SHA384,
        ),
        "RSASSA_PKCS1_V1_5_SHA_512" => (
            &signature::RSA_PKCS1_SHA512,
            &signature::RSA_PKCS1_2048_8192_SHA512,
        ),
        "RSASSA_PSS_SHA_256" => (
            &signature::RSA_PSS_SHA256,
            &signature::RSA_PSS_2048_8192_SHA256,
        ),
        "RSASSA_PSS_SHA_384" => (
            &signature::RSA_PSS_SHA384,
            &signature::RSA_PSS_2048_8192_SHA384,
        ),
        "RSASSA_PSS_SHA_512" => (
            &signature::RSA_PSS_SHA512,
            &signature::RSA_PSS_2048_8192_SHA512,
        ),
        _ => return None,
    })
}

fn oaep(algorithm: &str) -> Option<&'static OaepAlgorithm> {
    match algorithm {
        "RSAES_OAEP_SHA_1" => Some(&OAEP_SHA1_MGF1SHA1),
        "RSAES_OAEP_SHA_256" => Some(&OAEP_SHA256_MGF1SHA256),
        _ => None,
    }
}

/// The hash in a signing algorithm's name; Ed25519 hashes by itself.
fn digest_of(algorithm: &str) -> Option<&'static digest::Algorithm> {
    if algorithm.starts_with("ED25519") {
        return None;
    }
    match algorithm.rsplit_once("_SHA_")? {
        (_, "256") => Some(&digest::SHA256),
        (_, "384") => Some(&digest::SHA384),
        (_, "512") => Some(&digest::SHA512),
        _ => None,
    }
}

fn digested(algorithm: &str, message: Message<'_>) -> Option<Digest> {
    let by = digest_of(algorithm)?;
    match message {
        Message::Raw(message) => Some(digest::digest(by, message)),
        Message::Digest(digest) => Digest::import_less_safe(digest, by).ok(),
    }
}

// One draw in 2^32 fails, for the curve where most do.
const DRAWS_MAX: usize = 16;
