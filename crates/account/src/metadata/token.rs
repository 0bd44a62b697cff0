//! Session tokens of the metadata service: sealed, bound to whose they are, kept nowhere.
//!
//! A token is its own expiry, sealed under a key with a text as associated data: the id of the
//! instance, or whatever else its reader knows of whoever shows it. So there is no table that a
//! caller could fill and nothing to sweep, and a token of another instance does not open.

use std::time::Duration;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use jiff::Timestamp;
use protocol::Secret;

/// Mints a token that ends `ttl` after `now` and is good with the same `bound_to` alone; `None`
/// where the key has not 32 bytes.
pub fn mint(
    key: &Secret,
    bound_to: &str,
    ttl: Duration,
    now: Timestamp,
    nonce: [u8; NONCE_LEN],
) -> Option<String> {
    let end = now.as_second().checked_add_unsigned(ttl.as_secs())?;
    let mut sealed = end.to_be_bytes().to_vec();
    seal_key(key)?
        .seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(bound_to.as_bytes()),
            &mut sealed,
        )
        .ok()?;
    let token: Vec<u8> = FORM.into_iter().chain(nonce).chain(sealed).collect();
    Some(URL_SAFE.encode(token))
}

/// How long a token still lives; `None` for anything that is no live token with this key and
/// `bound_to`.
pub fn remaining(key: &Secret, bound_to: &str, token: &[u8], now: Timestamp) -> Option<Duration> {
    if token.len() != TOKEN_CHARACTERS {
        return None;
    }
    let bytes = URL_SAFE.decode(token).ok()?;
    let (form, rest) = bytes.split_first_chunk::<4>()?;
    let (nonce, sealed) = rest.split_first_chunk::<NONCE_LEN>()?;
    if *form != FORM {
        return None;
    }
    let mut sealed = sealed.to_vec();
    let opened = seal_key(key)?
        .open_in_place(
            Nonce::assume_unique_for_key(*nonce),
            Aad::from(bound_to.as_bytes()),
            &mut sealed,
        )
        .ok()?;
    let end = i64::from_be_bytes((*opened).try_into().ok()?);
    let left = u64::try_from(end.checked_sub(now.as_second())?).ok()?;
    (left > 0).then(|| Duration::from_secs(left))
}

fn seal_key(key: &Secret) -> Option<LessSafeKey> {
    Some(LessSafeKey::new(
        UnboundKey::new(&AES_256_GCM, key.expose()).ok()?,
    ))
}

// Makes tokens look as they do on EC2: 56 characters that begin with `AQAEA` and end in `==`.
const FORM: [u8; 4] = [1, 0, 4, 0];
const TOKEN_CHARACTERS: usize = 56;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::seconds;

    const TTL: Duration = Duration::from_mins(1);

    fn key(of: u8) -> Secret {
        Secret::new([of; 32])
    }

    fn token() -> String {
        mint(&key(1), "i-1", TTL, seconds(0), [9; 12]).unwrap()
    }

    fn remaining_at(token: &str, at: i64) -> Option<u64> {
        remaining(&key(1), "i-1", token.as_bytes(), seconds(at)).map(|left| left.as_secs())
    }

    #[test]
    fn a_token_looks_as_on_ec2() {
        let token = token();

        assert_eq!(token.len(), TOKEN_CHARACTERS);
        assert!(
            token.starts_with("AQAEA") && token.ends_with("=="),
            "{token}"
        );
    }

    #[test]
    fn a_token_is_dead_at_its_end() {
        assert_eq!(remaining_at(&token(), 0), Some(60));
        assert_eq!(remaining_at(&token(), 59), Some(1));
        assert_eq!(remaining_at(&token(), 60), None);
    }

    #[test]
    fn a_token_of_another_instance_or_key_is_none() {
        let now = seconds(0);

        assert_eq!(remaining(&key(1), "i-2", token().as_bytes(), now), None);
        assert_eq!(remaining(&key(2), "i-1", token().as_bytes(), now), None);
    }

    #[test]
    fn no_bit_of_a_token_can_be_changed() {
        let bytes = URL_SAFE.decode(token()).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut altered = bytes.clone();
            altered[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(
                remaining_at(&URL_SAFE.encode(altered), 0),
                None,
                "bit {bit}"
            );
        }
    }

    #[test]
    fn what_is_no_token_is_none() {
        for text in [
            "",
            "x",
            &"A".repeat(56),
            &"é".repeat(28),
            &token().replacen('=', "", 1),
        ] {
            assert_eq!(remaining_at(text, 0), None, "{text}");
        }
    }
}
