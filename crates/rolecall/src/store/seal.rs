//! Sealing: AES-256-GCM under a data key, which is itself sealed under the root key.
//!
//! The place of a record is associated data, so a record moved to another place does not open.
//! Nonces are random: at the store's rate of writes the bound of NIST SP 800-38D (2^32 seals under
//! one key) is centuries away.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::{constant_time, hmac};
use protocol::Secret;
use zeroize::Zeroizing;

use super::root_key::{Made, RootKey};
use crate::clock;
use crate::failure::Failure;

/// The key that seals records.
#[derive(Debug, Clone)]
pub(super) struct DataKey(Secret);

/// Seals and opens records.
#[derive(Debug)]
pub(super) struct Sealer {
    cipher: LessSafeKey,
    digests: hmac::Key,
    exports: hmac::Key,
}

/// Takes in the bytes of an export.
#[derive(Debug)]
pub(super) struct Mac(hmac::Context);

impl Mac {
    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(super) fn sign(self) -> [u8; MAC_BYTES] {
        array(&self.0.sign())
    }

    pub(super) fn verifies(self, mac: &[u8; MAC_BYTES]) -> bool {
        constant_time::verify_slices_are_equal(&self.sign(), mac).is_ok()
    }
}

impl DataKey {
    /// A new key.
    pub(super) fn make() -> Result<Self, Failure> {
        let bytes = Zeroizing::new(clock::random::<KEY_BYTES>()?);
        Ok(Self(Secret::new(*bytes)))
    }

    /// The key as it is stored.
    pub(super) fn wrap(&self, root: &RootKey, made: &Made) -> Result<Vec<u8>, Failure> {
        let sealed =
            cipher(root.expose()).and_then(|root| seal(&root, &place(made), self.0.expose()));
        sealed.ok_or_else(|| Failure::unfinished("the root key cannot seal"))
    }

    /// The key that `root` once wrapped; `None` for any other root key.
    pub(super) fn unwrap(root: &RootKey, made: &Made, wrapped: &[u8]) -> Option<Self> {
        let bytes = open(&cipher(root.expose())?, &place(made), wrapped)?;
        (bytes.len() == KEY_BYTES).then(|| Self(Secret::new(bytes.as_slice())))
    }
}

/// How the root key is made goes into the wrapped key: nobody turns it into something cheaper.
fn place(made: &Made) -> Vec<u8> {
    [WRAPPED_AAD, made.text().as_bytes()].concat()
}

impl Sealer {
    #[expect(
        clippy::expect_used,
        reason = "a data key is made with the length that AES-256 takes"
    )]
    pub(super) fn new(key: &DataKey) -> Self {
        let key = key.0.expose();
        let derived = |purpose: &[u8]| {
            let key = hmac::Key::new(hmac::HMAC_SHA256, key);
            hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&key, purpose).as_ref())
        };
        Self {
            cipher: cipher(key).expect("32 bytes"),
            digests: derived(b"rolecall digests of records"),
            exports: derived(b"rolecall exports"),
        }
    }

    pub(super) fn seal(&self, key: &str, bytes: &[u8]) -> Option<Vec<u8>> {
        seal(&self.cipher, key.as_bytes(), bytes)
    }

    pub(super) fn open(&self, key: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        open(&self.cipher, key.as_bytes(), sealed)
    }

    /// Tells a sealed record in its place from every other.
    pub(super) fn digest(&self, key: &str, sealed: &[u8]) -> Digest {
        let mut context = hmac::Context::with_key(&self.digests);
        let length = u64::try_from(key.len()).unwrap_or(u64::MAX);
        context.update(&length.to_be_bytes());
        context.update(key.as_bytes());
        context.update(sealed);
        array(&context.sign())
    }

    /// For an export.
    pub(super) fn mac(&self) -> Mac {
        Mac(hmac::Context::with_key(&self.exports))
    }
}

/// Seals bytes that are no record, under a key of their own. `place` is what they are; `None` for a
/// key of another length than 32 bytes.
pub(crate) fn seal_under(key: &Secret, place: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
    seal(&cipher(key.expose())?, place, bytes)
}

/// The bytes that [`seal_under`] sealed; `None` for another key or place, and for altered bytes.
pub(crate) fn open_under(key: &Secret, place: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    open(&cipher(key.expose())?, place, sealed)
}

fn array(tag: &hmac::Tag) -> [u8; DIGEST_BYTES] {
    let mut array = [0; DIGEST_BYTES];
    let pairs = array.iter_mut().zip(tag.as_ref());
    pairs.for_each(|(to, from)| *to = *from);
    array
}

fn cipher(key: &[u8]) -> Option<LessSafeKey> {
    UnboundKey::new(&AES_256_GCM, key)
        .ok()
        .map(LessSafeKey::new)
}

/// Form, nonce, text and tag.
fn seal(cipher: &LessSafeKey, aad: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
    let nonce = clock::random::<NONCE_LEN>().ok()?;
    let mut sealed = Vec::with_capacity(1 + NONCE_LEN + bytes.len() + TAG_BYTES);
    sealed.push(FORM);
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(bytes);
    let (_, text) = sealed.split_at_mut_checked(1 + NONCE_LEN)?;
    let nonce = Nonce::assume_unique_for_key(nonce);
    let tag = cipher
        .seal_in_place_separate_tag(nonce, Aad::from(aad), text)
        .ok()?;
    sealed.extend_from_slice(tag.as_ref());
    Some(sealed)
}

fn open(cipher: &LessSafeKey, aad: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (form, rest) = sealed.split_first()?;
    let (nonce, text) = rest.split_first_chunk::<NONCE_LEN>()?;
    if *form != FORM {
        return None;
    }
    let mut text = Zeroizing::new(text.to_vec());
    let nonce = Nonce::assume_unique_for_key(*nonce);
    let length = cipher
        .open_in_place(nonce, Aad::from(aad), &mut text)
        .ok()?
        .len();
    text.truncate(length);
    Some(text)
}

const KEY_BYTES: usize = 32;
const TAG_BYTES: usize = 16;
/// Of a record in its place.
pub(super) type Digest = [u8; DIGEST_BYTES];
const DIGEST_BYTES: usize = 32;
/// Bytes at the end of an export.
pub(super) const MAC_BYTES: usize = 32;
/// First byte of what is sealed; another algorithm gets another number.
const FORM: u8 = 1;
const WRAPPED_AAD: &[u8] = b"rolecall data key, root key: ";

#[cfg(test)]
mod tests {
    use super::*;

    fn sealer() -> Sealer {
        Sealer::new(&DataKey(Secret::new([1; 32])))
    }

    #[test]
    fn a_record_opens_in_its_place_only() {
        let sealed = sealer().seal("iam/role/a", b"text").unwrap();

        assert_eq!(*sealer().open("iam/role/a", &sealed).unwrap(), b"text");
        assert!(sealer().open("iam/role/b", &sealed).is_none());
    }

    #[test]
    fn no_byte_of_a_record_can_be_changed() {
        let sealed = sealer().seal("k", b"text").unwrap();
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert!(sealer().open("k", &altered).is_none(), "byte {at}");
        }
        for length in 0..sealed.len() {
            assert!(
                sealer().open("k", &sealed[..length]).is_none(),
                "length {length}"
            );
        }
    }

    #[test]
    fn equal_texts_do_not_look_equal() {
        assert_ne!(sealer().seal("k", b"text"), sealer().seal("k", b"text"));
    }
}
