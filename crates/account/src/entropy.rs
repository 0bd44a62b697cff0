//! Random bytes for one call, drawn from a seed that the world provides.
//!
//! A call that is handled twice with the same seed makes the same ids, so it can be tried on a
//! snapshot and repeated by the writer, and replayed in a test.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A stream of bytes that only the seed determines: HMAC-SHA-256 over a counter.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Entropy {
    seed: [u8; SEED_BYTES],
    drawn: u64,
}

impl Entropy {
    /// The stream of `seed`, which must come from the operating system and serve one call only.
    pub fn new(seed: [u8; SEED_BYTES]) -> Self {
        Self { seed, drawn: 0 }
    }

    /// The next `N` bytes.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut out = [0; N];
        self.fill(&mut out);
        out
    }

    /// The same for a buffer whose length is known when it is drawn.
    pub(crate) fn fill(&mut self, out: &mut [u8]) {
        for chunk in out.chunks_mut(BLOCK_BYTES) {
            let block = keyed_hash(&self.seed, &[&self.drawn.to_be_bytes()]);
            self.drawn += 1;
            chunk.copy_from_slice(block.get(..chunk.len()).unwrap_or(&[]));
        }
    }
}

impl std::fmt::Debug for Entropy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Entropy(redacted)")
    }
}

/// HMAC-SHA-256 of the parts, each preceded by its length so that no two lists of parts agree.
pub(crate) fn keyed_hash(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut block = zeroize::Zeroizing::new([0; HMAC_BLOCK_BYTES]);
    // RFC 2104: a key shorter than a block is padded with zeros.
    block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    let mut mac = Hmac::<Sha256>::new((&*block).into());
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// Size of a seed in bytes.
pub const SEED_BYTES: usize = 32;

const BLOCK_BYTES: usize = 32;
const HMAC_BLOCK_BYTES: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_determines_its_stream() {
        let (mut one, mut two) = (Entropy::new([1; 32]), Entropy::new([1; 32]));

        assert_eq!(one.bytes::<50>(), two.bytes::<50>());
        assert_ne!(one.bytes::<16>(), Entropy::new([2; 32]).bytes::<16>());
    }

    #[test]
    fn draws_do_not_repeat() {
        let mut entropy = Entropy::new([1; 32]);

        assert_ne!(entropy.bytes::<32>(), entropy.bytes::<32>());
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(
            keyed_hash(&[0; 32], &[b"ab", b"c"]),
            keyed_hash(&[0; 32], &[b"a", b"bc"])
        );
    }
}
