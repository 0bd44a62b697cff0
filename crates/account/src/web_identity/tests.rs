//! Issuers of the tests: keys made here, and tokens signed with them as a provider would.

#![expect(
    clippy::disallowed_methods,
    reason = "the tests stand in for an issuer, which has a random source of its own"
)]

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, KeyPair as _, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512,
    RsaEncoding, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value as Json, json};

use super::*;

/// A private key of an issuer.
pub(crate) enum Signer {
    Rsa(RsaKeyPair),
    Ec(&'static str, EcdsaKeyPair),
}

impl Signer {
    pub(crate) fn rsa() -> Self {
        Self::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).unwrap())
    }

    pub(crate) fn p256() -> Self {
        Self::ec("P-256", &ECDSA_P256_SHA256_FIXED_SIGNING)
    }

    fn p384() -> Self {
        Self::ec("P-384", &ECDSA_P384_SHA384_FIXED_SIGNING)
    }

    fn ec(curve: &'static str, algorithm: &'static EcdsaSigningAlgorithm) -> Self {
        Self::Ec(curve, EcdsaKeyPair::generate(algorithm).unwrap())
    }

    /// The public key as its issuer publishes it.
    pub(crate) fn jwk(&self, id: &str) -> Json {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match self {
            Self::Rsa(pair) => {
                // RSAPublicKey of RFC 8017 for 2048 bits and the exponent 65537: both have one
                // place, because every length is known.
                let der = pair.public_key().as_ref();
                assert_eq!((der.len(), &der[265..]), (270, &[2, 3, 1, 0, 1][..]));
                let (n, e) = (text(&der[9..265]), text(&[1, 0, 1]));
                json!({"kty": "RSA", "use": "sig", "kid": id, "n": n, "e": e})
            }
            Self::Ec(curve, pair) => {
                let point = &pair.public_key().as_ref()[1..];
                let (x, y) = point.split_at(point.len() / 2);
                json!({"kty": "EC", "crv": curve, "kid": id, "x": text(x), "y": text(y)})
            }
        }
    }

    pub(crate) fn token(&self, header: &Json, claims: &Json) -> String {
        let part = |json: &Json| URL_SAFE_NO_PAD.encode(json.to_string());
        let text = format!("{}.{}", part(header), part(claims));
        let signature = self.sign(header["alg"].as_str().unwrap_or(""), text.as_bytes());
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn sign(&self, algorithm: &str, text: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Self::Rsa(pair) => {
                let encoding: &'static dyn RsaEncoding = match algorithm {
                    "RS384" => &RSA_PKCS1_SHA384,
                    "RS512" => &RSA_PKCS1_SHA512,
                    _ => &RSA_PKCS1_SHA256,
                };
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(encoding, &random, text, &mut signature).unwrap();
                signature
            }
            Self::Ec(_, pair) => pair.sign(&random, text).unwrap().as_ref().to_vec(),
        }
    }
}

pub(crate) fn key_set(keys: &[Json]) -> Vec<u8> {
    json!({"keys": keys}).to_string().into_bytes()
}

fn verifies(signer: &Signer, key: &Json, algorithm: &str) -> bool {
    let keys = keys::read(&key_set(std::slice::from_ref(key))).unwrap();
    let algorithm_known = keys::Algorithm::named(algorithm).unwrap();
    let signature = signer.sign(algorithm, b"text");
    keys[0].is_for(Some("1"), algorithm_known)
        && keys[0].verifies(algorithm_known, b"text", &signature)
        && !keys[0].verifies(algorithm_known, b"test", &signature)
}

#[test]
fn each_algorithm_is_checked_with_its_own_kind_of_key() {
    let (rsa, p256, p384) = (Signer::rsa(), Signer::p256(), Signer::p384());
    let all = ["RS256", "RS384", "RS512", "ES256", "ES384"];
    for (signer, fits) in [(&rsa, &all[..3]), (&p256, &all[3..4]), (&p384, &all[4..])] {
        for algorithm in all {
            let expect = fits.contains(&algorithm);
            assert_eq!(
                verifies(signer, &signer.jwk("1"), algorithm),
                expect,
                "{algorithm}"
            );
        }
    }
}

#[test]
fn a_key_is_used_for_what_it_says_alone() {
    let rsa = Signer::rsa();
    let mut key = rsa.jwk("1");
    key["alg"] = json!("RS384");
    assert!(verifies(&rsa, &key, "RS384"));
    assert!(!verifies(&rsa, &key, "RS256"));
    assert!(!verifies(&rsa, &rsa.jwk("2"), "RS256"));
}

#[test]
fn what_holds_no_key_is_no_key_set() {
    let check = |keys: &[Json], expect: &IssuerError| {
        let read = Issuers::default().add("https://a.example", &key_set(keys));
        assert_eq!(read.as_ref(), Err(expect), "{keys:?}");
    };
    let rsa = Signer::rsa().jwk("1");
    let with = |member: &str, value: Json| {
        let mut key = rsa.clone();
        key[member] = value;
        key
    };
    check(&[], &IssuerError::NoKey);
    check(
        &[json!({"kty": "oct", "k": "c2VjcmV0"})],
        &IssuerError::NoKey,
    );
    check(&[with("use", json!("enc"))], &IssuerError::NoKey);
    check(&[with("alg", json!("HS256"))], &IssuerError::NoKey);
    check(&[with("alg", json!("none"))], &IssuerError::NoKey);
    // 1024 bits.
    let short = URL_SAFE_NO_PAD.encode([0xff; 128]);
    check(&[with("n", json!(short))], &IssuerError::NoKey);
    check(&[with("n", json!("not base64!"))], &IssuerError::NoKey);
    let mut short_point = Signer::p256().jwk("1");
    short_point["x"] = json!("AQ");
    check(&[short_point], &IssuerError::NoKey);

    for text in ["", "{}", "[]", "{\"keys\":1}"] {
        let read = Issuers::default().add("https://a.example", text.as_bytes());
        assert!(matches!(read, Err(IssuerError::NoKeySet(_))), "{text}");
    }
}

#[test]
fn an_issuer_has_one_url_that_begins_with_https() {
    let keys = key_set(&[Signer::p256().jwk("1")]);
    for url in ["http://a.example", "a.example", "https://", ""] {
        let expect = Err(IssuerError::Url(url.to_owned()));
        assert_eq!(Issuers::default().add(url, &keys), expect);
    }
    let mut issuers = Issuers::default();
    let url = "https://a.example/path";
    assert_eq!(issuers.add(url, &keys), Ok(()));
    let expect = Err(IssuerError::Twice(url.to_owned()));
    assert_eq!(issuers.add(url, &keys), expect);
}
