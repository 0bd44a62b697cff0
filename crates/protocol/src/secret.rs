//! The one type for secret values and secret keys: cannot be shown, is wiped when dropped.
//!
//! Clones share one buffer, so a snapshot of the account costs no copy of a secret. The bytes are
//! read by [`Secret::expose`] alone, which makes every reader greppable.

use std::sync::Arc;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Bytes that must not reach a log, an error, a panic or a `Debug`.
#[derive(Clone)]
pub struct Secret(Arc<Zeroizing<Box<[u8]>>>);

impl Secret {
    /// Takes the bytes over; the caller keeps no copy.
    pub fn new(bytes: impl Into<Box<[u8]>>) -> Self {
        Self(Arc::new(Zeroizing::new(bytes.into())))
    }

    /// Takes a string's bytes over.
    pub fn from_text(text: String) -> Self {
        Self::new(text.into_bytes())
    }

    /// The bytes themselves. Every call is a place where a secret can leak.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// The bytes as text, where they are UTF-8. Every call is a place where a secret can leak.
    pub fn expose_text(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// Whether these are the bytes, without a copy of them. In constant time for equal lengths:
    /// eight bytes at once, as a comparison of single ones takes longer than the rest of a request.
    pub fn is(&self, bytes: &[u8]) -> bool {
        let (words, rest) = self.0.as_chunks::<8>();
        let (other_words, other_rest) = bytes.as_chunks::<8>();
        let word = |bytes: &[u8; 8]| u64::from_ne_bytes(*bytes);
        let pairs = words.iter().zip(other_words);
        let same = pairs.fold(rest.ct_eq(other_rest), |same, (one, other)| {
            same & word(one).ct_eq(&word(other))
        });
        words.len() == other_words.len() && same.into()
    }

    /// Length in bytes, which is not secret.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no byte in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// In constant time for equal lengths.
impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.is(&other.0)
    }
}

impl Eq for Secret {}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing_of_the_bytes() {
        let secret = Secret::from_text("hunter2".to_owned());

        assert_eq!(
            format!("{secret:?} {secret:#?}"),
            "Secret(redacted) Secret(redacted)"
        );
    }

    #[test]
    fn equality_is_that_of_the_bytes() {
        assert_eq!(Secret::new(*b"a"), Secret::from_text("a".to_owned()));
        assert_ne!(Secret::new(*b"a"), Secret::new(*b"b"));
        assert_ne!(Secret::new(*b"a"), Secret::new(*b"aa"));
    }

    #[test]
    fn every_byte_of_it_counts() {
        let bytes: [u8; 21] = std::array::from_fn(|at| b'a' + u8::try_from(at).unwrap());
        for length in 0..=bytes.len() {
            let secret = Secret::new(&bytes[..length]);
            assert!(secret.is(&bytes[..length]));
            for other in (0..=bytes.len()).filter(|other| *other != length) {
                assert!(!secret.is(&bytes[..other]), "{length} {other}");
            }
            for at in 0..length {
                let mut changed = bytes;
                changed[at] ^= 0x80;
                assert!(!secret.is(&changed[..length]), "{length} {at}");
            }
        }
    }

    #[test]
    fn bytes_that_are_not_text_are_not_text() {
        assert_eq!(Secret::new([0xff, 0xfe]).expose_text(), None);
    }
}
