//! Bytes that the account gives out and takes back, readable to itself alone.
//!
//! Knows keys and associated data, and not what is sealed.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use protocol::Secret;

use crate::entropy::keyed_hash;

/// What sets one use of a key apart from every other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Purpose {
    /// First byte of what is sealed; another form of the text gets another number.
    pub(crate) form: u8,
    /// Associated data.
    pub(crate) aad: &'static [u8],
}

/// Seals `text`. The nonce is bound to the text, so it repeats only where all of it does.
pub(crate) fn seal(
    key: &Secret,
    purpose: Purpose,
    mut text: Vec<u8>,
    random: &[u8; 32],
) -> Option<Vec<u8>> {
    let mut nonce = [0; NONCE_LEN];
    let digest = keyed_hash(random, &[purpose.aad, &text]);
    nonce.copy_from_slice(digest.get(..NONCE_LEN)?);
    cipher(key)?
        .seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(purpose.aad),
            &mut text,
        )
        .ok()?;
    Some(
        [purpose.form]
            .into_iter()
            .chain(nonce)
            .chain(text)
            .collect(),
    )
}

/// Opens what was sealed under the same key for the same purpose.
pub(crate) fn open(key: &Secret, purpose: Purpose, sealed: &[u8]) -> Option<Vec<u8>> {
    let (form, rest) = sealed.split_first()?;
    if *form != purpose.form {
        return None;
    }
    let (nonce, text) = rest.split_at_checked(NONCE_LEN)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let mut text = text.to_vec();
    let length = cipher(key)?
        .open_in_place(nonce, Aad::from(purpose.aad), &mut text)
        .ok()?
        .len();
    text.truncate(length);
    Some(text)
}

fn cipher(key: &Secret) -> Option<LessSafeKey> {
    let key = UnboundKey::new(&AES_256_GCM, key.expose()).ok()?;
    Some(LessSafeKey::new(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Purpose = Purpose {
        form: 1,
        aad: b"one",
    };

    fn key(byte: u8) -> Secret {
        Secret::new([byte; 32])
    }

    #[test]
    fn what_is_sealed_opens_for_its_purpose_under_its_key_alone() {
        let sealed = seal(&key(1), ONE, b"text".to_vec(), &[3; 32]).unwrap();
        let open = |key: &Secret, purpose| open(key, purpose, &sealed);

        assert_eq!(open(&key(1), ONE).as_deref(), Some(&b"text"[..]));
        assert_eq!(open(&key(2), ONE), None);
        assert_eq!(open(&key(1), Purpose { form: 2, ..ONE }), None);
        assert_eq!(open(&key(1), Purpose { aad: b"two", ..ONE }), None);
    }

    #[test]
    fn what_is_altered_or_cut_does_not_open() {
        let sealed = seal(&key(1), ONE, b"text".to_vec(), &[3; 32]).unwrap();
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert_eq!(open(&key(1), ONE, &altered), None, "{at}");
            assert_eq!(open(&key(1), ONE, &sealed[..at]), None, "{at}");
        }
    }
}
