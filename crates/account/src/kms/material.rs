//! What is made with a key's material: authentication codes, and ciphertext blobs, which say the
//! key and the version of its material.
//!
//! A blob is a byte for its form, the key's id (16 bytes), the version (4 bytes), a nonce (12
//! bytes) and the text sealed with AES-256-GCM. The head and the encryption context are associated
//! data, so that neither can be altered. Knows no state and no permission.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hmac;
use protocol::Secret;
use zeroize::Zeroizing;

use super::context::Context;
use crate::entity::{KmsKey, KmsKeySpec, KmsMaterial};
use crate::entropy::{Entropy, keyed_hash};
use crate::ids;

/// As many random bytes as keys of the spec have; `None` for key pairs.
pub(super) fn drawn(spec: KmsKeySpec, entropy: &mut Entropy) -> Option<Secret> {
    let mut secret = vec![0; spec.material_bytes()?].into_boxed_slice();
    entropy.fill(&mut secret);
    Some(Secret::new(secret))
}

/// A blob, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Blob<'a> {
    /// Id of the key.
    pub(super) key: String,
    /// Of the key's material.
    pub(super) version: u32,
    head: &'a [u8],
    nonce: [u8; NONCE_LEN],
    sealed: &'a [u8],
}

impl<'a> Blob<'a> {
    /// Reads the head of a blob; `None` where it is none.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let (head, rest) = bytes.split_at_checked(HEAD_BYTES)?;
        let (form, named) = head.split_first()?;
        let (id, version) = named.split_first_chunk::<16>()?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE_LEN>()?;
        (*form == FORM).then_some(Self {
            key: ids::uuid_text(id),
            version: u32::from_be_bytes(version.try_into().ok()?),
            head,
            nonce: *nonce,
            sealed,
        })
    }

    /// What was sealed, if this key sealed it with this context.
    pub(super) fn open(&self, key: &KmsKey, context: &Context<'_>) -> Option<Secret> {
        let material = material(key, self.version)?;
        let mut text = Zeroizing::new(self.sealed.to_vec());
        let nonce = Nonce::assume_unique_for_key(self.nonce);
        let aad = Aad::from(associated(self.head, context));
        let opened = cipher(material)?
            .open_in_place(nonce, aad, &mut text)
            .ok()?;
        Some(Secret::new(&*opened))
    }
}

/// Seals a text under the key's newest material. The nonce must be another one every time.
pub(super) fn seal(
    key: &KmsKey,
    text: &Secret,
    context: &Context<'_>,
    nonce: [u8; NONCE_LEN],
) -> Option<Vec<u8>> {
    let newest = newest(key)?;
    let mut blob = vec![FORM];
    blob.extend(ids::uuid_bytes(&key.id)?);
    blob.extend(newest.version.to_be_bytes());
    let aad = Aad::from(associated(&blob, context));
    blob.extend(nonce);
    // Room for the tag as well: a buffer that grew would leave the text behind.
    let mut sealed = Vec::with_capacity(text.len() + AES_256_GCM.tag_len());
    sealed.extend(text.expose());
    let nonce = Nonce::assume_unique_for_key(nonce);
    cipher(newest)?
        .seal_in_place_append_tag(nonce, aad, &mut sealed)
        .ok()?;
    blob.extend(sealed);
    Some(blob)
}

/// The authentication code of a message (RFC 2104), if the key is for such.
pub(super) fn mac(key: &KmsKey, message: &Secret) -> Option<Vec<u8>> {
    let code = hmac::sign(&hmac_key(key)?, message.expose());
    Some(code.as_ref().to_vec())
}

/// Whether it is the code of the message, in a time that tells nothing.
pub(super) fn is_mac(key: &KmsKey, message: &Secret, code: &[u8]) -> bool {
    hmac_key(key).is_some_and(|key| hmac::verify(&key, message.expose(), code).is_ok())
}

fn hmac_key(key: &KmsKey) -> Option<hmac::Key> {
    let algorithm = match key.spec {
        KmsKeySpec::Hmac224 => hmac::HMAC_SHA224,
        KmsKeySpec::Hmac256 => hmac::HMAC_SHA256,
        KmsKeySpec::Hmac384 => hmac::HMAC_SHA384,
        KmsKeySpec::Hmac512 => hmac::HMAC_SHA512,
        _ => return None,
    };
    Some(hmac::Key::new(algorithm, newest(key)?.secret.expose()))
}

/// The material that encrypts.
pub(super) fn newest(key: &KmsKey) -> Option<&KmsMaterial> {
    key.materials.last()
}

fn material(key: &KmsKey, version: u32) -> Option<&KmsMaterial> {
    key.materials
        .iter()
        .find(|material| material.version == version)
}

/// The id by which KMS shows a material: 64 hexadecimal digits, from which nothing of it follows.
pub(super) fn shown_id(key: &KmsKey, version: u32) -> Option<String> {
    let secret = material(key, version)?.secret.expose().try_into().ok()?;
    Some(ids::hex(&keyed_hash(secret, &[MATERIAL_ID])))
}

fn cipher(material: &KmsMaterial) -> Option<LessSafeKey> {
    let key = UnboundKey::new(&AES_256_GCM, material.secret.expose()).ok()?;
    Some(LessSafeKey::new(key))
}

/// The head has one length, so it needs none before the context.
fn associated(head: &[u8], context: &Context<'_>) -> Vec<u8> {
    [head, &context.canonical()].concat()
}

/// First byte of a blob; another form gets another number.
const FORM: u8 = 1;
const HEAD_BYTES: usize = 1 + 16 + 4;
const MATERIAL_ID: &[u8] = b"rolecall kms material id";
/// Of a nonce.
pub(super) const NONCE_BYTES: usize = NONCE_LEN;
