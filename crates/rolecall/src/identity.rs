//! The key that identity documents of instances are signed with: made once, when it is first asked
//! for, and kept with the account, with a certificate that it signs itself. A start does not wait
//! for it.
//!
//! The certificate names Rolecall, never AWS: whoever verifies documents has to be told it.

use std::sync::Arc;

use account::entity::{Change, Entity, IdentityKey};
use account::rotation::Turn;
use account::{Partition, RsaBits};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use rcgen::{
    CertificateParams, DistinguishedName, DnType, KeyUsagePurpose, PublicKeyData,
    SignatureAlgorithm, SigningKey,
};
use tokio::sync::Mutex;

use crate::failure::Failure;
use crate::serve::new_rsa_key;
use crate::store::{Ledger, Store};

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

/// Has the writer keep a key where there is none yet; there is one then. Whoever comes while it is
/// made waits for the same one, and a maker whose client goes away still makes it.
pub(crate) async fn established(ledger: &Ledger) -> Result<(), Unestablished> {
    let ledger = ledger.clone();
    let making = tokio::spawn(async move {
        let _one_at_a_time = MAKING.lock().await;
        if ledger.partition().identity_certificate().is_some() {
            return Ok(());
        }
        let made = tokio::task::spawn_blocking(make).await;
        let made = made.ok().flatten().ok_or(Unestablished)?;
        let keep = move |partition: &Arc<Partition>, _, _| Turn {
            changes: put(partition, made.clone()).into_iter().collect(),
            ..Turn::default()
        };
        ledger.turn(keep).await.map_err(|_| Unestablished)?;
        Ok(())
    });
    let made = making.await.unwrap_or(Err(Unestablished));
    if made.is_err() {
        tracing::error!("no key of instance identity documents can be made or kept");
    }
    made
}

/// There is still no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unestablished;

/// What keeps a key, unless there is one.
fn put(partition: &Partition, made: IdentityKey) -> Option<Change> {
    let is_first = partition.identity_certificate().is_none();
    is_first.then(|| Change::put(partition.home(), Entity::IdentityKey(made)))
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

/// Of the one account that a process serves.
static MAKING: Mutex<()> = Mutex::const_new(());
const SUBJECT: &str = "Rolecall instance identity";

#[cfg(test)]
mod tests {
    use account::sample;
    use jiff::Timestamp;

    use super::*;
    use crate::store::{Folder, Opened};

    fn run<T>(work: impl Future<Output = T>) -> T {
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        runtime.worker_threads(2).build().unwrap().block_on(work)
    }

    #[test]
    fn whoever_comes_first_or_later_finds_one_key() {
        let at = tempfile::tempdir().unwrap();
        let folder = Folder::prepare(Some(at.path().to_owned()), None).unwrap();
        let Opened::New(store) = Store::open::<()>(&folder, |_| panic!("it is new")).unwrap()
        else {
            panic!("the folder is not new");
        };
        let made = sample::sample("123456789012", "us-east-1", Timestamp::UNIX_EPOCH, [1; 32]);
        let made = made.unwrap();
        store.commit(&made.changes).unwrap();
        let partition = made.into_partition().unwrap();
        assert_eq!(partition.identity_certificate(), None);

        let certificate = run(async {
            let store = Arc::new(store);
            let anchor = || [0; crate::store::ANCHOR_BYTES];
            let (ledger, writing) = Ledger::start(store, partition, anchor).unwrap();
            let both = tokio::join!(established(&ledger), established(&ledger));
            assert_eq!(both, (Ok(()), Ok(())));
            let certificate = ledger.partition().identity_certificate().map(str::to_owned);
            assert_eq!(established(&ledger).await, Ok(()));
            let after = ledger.partition().identity_certificate().map(str::to_owned);
            assert_eq!(certificate, after);
            writing.close().await;
            certificate.unwrap()
        });
        let load = |entities| Ok(Partition::load(entities).unwrap());
        let (_store, partition) = Store::open_existing(&folder, load).unwrap();
        assert_eq!(partition.identity_certificate(), Some(certificate.as_str()));
    }

    #[test]
    fn a_second_key_is_not_put_beside_the_first() {
        let made = sample::sample("123456789012", "us-east-1", Timestamp::UNIX_EPOCH, [1; 32]);
        let mut partition = made.unwrap().into_partition().unwrap();
        let first = put(&partition, make().unwrap()).unwrap();
        partition.apply(first).unwrap();
        assert!(put(&partition, make().unwrap()).is_none());
    }
}
