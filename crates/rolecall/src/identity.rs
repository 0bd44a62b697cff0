//! The key that identity documents of instances are signed with: made once and kept with the
//! account, with a certificate that it signs itself.
//!
//! The certificate names Rolecall, never AWS: whoever verifies documents has to be told it.

use account::entity::{Change, Entity, IdentityKey};
use account::{Partition, RsaBits};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use rcgen::{
    CertificateParams, DistinguishedName, DnType, KeyUsagePurpose, PublicKeyData,
    SignatureAlgorithm, SigningKey,
};

use crate::failure::Failure;
use crate::serve::new_rsa_key;
use crate::store::Store;

/// Makes the key where there is none yet. Nobody else must be using the store.
pub(crate) fn establish(store: &Store, partition: &mut Partition) -> Result<(), Failure> {
    if partition.identity_certificate().is_some() {
        return Ok(());
    }
    let unmade = |why: &dyn std::fmt::Display| {
        Failure::unfinished(format!(
            "the key of instance identity documents cannot be made: {why}"
        ))
    };
    let made = make().ok_or_else(|| unmade(&"the crypto library refused"))?;
    let change = Change::put(partition.home(), Entity::IdentityKey(made));
    partition
        .apply(change.clone())
        .map_err(|error| unmade(&error))?;
    store
        .commit(&[change])
        .map_err(|error| unmade(&format!("it cannot be kept: {error}")))
}

fn make() -> Option<IdentityKey> {
    let pkcs8 = new_rsa_key(RsaBits::Rsa2048)?;
    let pair = Pair(RsaKeyPair::from_pkcs8(pkcs8.expose()).ok()?);
    let mut parameters = CertificateParams::new(Vec::new()).ok()?;
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, SUBJECT);
    parameters.distinguished_name = name;
    parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    let certificate = parameters.self_signed(&pair).ok()?.pem();
    Some(IdentityKey { pkcs8, certificate })
}

/// Signs the certificate, with no copy of the key in another library's hands.
struct Pair(RsaKeyPair);

impl PublicKeyData for Pair {
    fn der_bytes(&self) -> &[u8] {
        self.0.public_key().as_ref()
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &rcgen::PKCS_RSA_SHA256
    }
}

impl SigningKey for Pair {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        let mut made = vec![0; self.0.public_modulus_len()];
        self.0
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut made)
            .map_err(|_| rcgen::Error::RemoteKeyError)?;
        Ok(made)
    }
}

const SUBJECT: &str = "Rolecall instance identity";
