//! Identifiers as AWS makes them, from random bytes that are an argument.
//!
//! Source: IAM User Guide, "IAM identifiers" (unique id prefixes); EC2 User Guide, "Resource IDs".

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use protocol::Secret;

use crate::entropy::Entropy;

/// A unique id of IAM: a four-letter prefix and 17 letters or digits.
pub(crate) fn unique_id(prefix: &str, entropy: &mut Entropy) -> String {
    prefixed(prefix, &entropy.bytes::<17>(), BASE32)
}

/// An access key id: a four-letter prefix and 16 letters or digits.
pub(crate) fn access_key_id(prefix: &str, random: &[u8; 16]) -> String {
    prefixed(prefix, random, BASE32)
}

/// A secret access key: 40 characters from 240 random bits.
pub(crate) fn secret_access_key(random: &[u8; 30]) -> Secret {
    Secret::from_text(STANDARD.encode(random))
}

/// A resource id of EC2: a prefix such as `i-` and 17 hexadecimal digits.
pub(crate) fn resource_id(prefix: &str, entropy: &mut Entropy) -> String {
    prefixed(prefix, &entropy.bytes::<17>(), HEX)
}

/// A locally administered hardware address (IEEE 802), as EC2's are.
pub(crate) fn mac(entropy: &mut Entropy) -> String {
    let bytes = entropy.bytes::<5>();
    bytes
        .iter()
        .fold("02".to_owned(), |mac, byte| format!("{mac}:{byte:02x}"))
}

/// The six characters that end a secret's ARN.
pub(crate) fn secret_suffix(entropy: &mut Entropy) -> String {
    prefixed("", &entropy.bytes::<6>(), ALPHANUMERIC)
}

/// An id of AWS Organizations: a prefix such as `ou-ab12-` and small letters or digits.
pub(crate) fn organizations_id<const N: usize>(prefix: &str, entropy: &mut Entropy) -> String {
    prefixed(prefix, &entropy.bytes::<N>(), LOWERCASE)
}

/// A number of twelve digits, of which the first is no zero.
pub(crate) fn account_id(entropy: &mut Entropy) -> String {
    let first = prefixed("", &entropy.bytes::<1>(), b"123456789");
    prefixed(&first, &entropy.bytes::<11>(), b"0123456789")
}

/// A version 4 UUID (RFC 9562, section 5.4).
pub(crate) fn uuid(entropy: &mut Entropy) -> String {
    uuid_of(entropy.bytes())
}

/// The same of given bytes.
pub(crate) fn uuid_of(mut bytes: [u8; 16]) -> String {
    let [.., version, _, variant, _, _, _, _, _, _, _] = &mut bytes;
    *version = (*version & 0x0f) | 0x40;
    *variant = (*variant & 0x3f) | 0x80;
    uuid_text(&bytes)
}

/// 16 bytes in the form of a UUID.
pub(crate) fn uuid_text(bytes: &[u8; 16]) -> String {
    let mut text = [b'-'; UUID_BYTES];
    let (mut rest, mut bytes) = (text.as_mut_slice(), bytes.as_slice());
    for group in UUID_GROUPS {
        let (now, later) = bytes.split_at(group.min(bytes.len()));
        let digits = rest.chunks_exact_mut(2).zip(now);
        digits.for_each(|(pair, byte)| pair.copy_from_slice(&hex_of(*byte)));
        // The hyphen after a group is there.
        rest = rest.get_mut(2 * group + 1..).unwrap_or_default();
        bytes = later;
    }
    String::from_utf8_lossy(&text).into_owned()
}

/// The 16 bytes that a UUID is the form of.
pub(crate) fn uuid_bytes(uuid: &str) -> Option<[u8; 16]> {
    let hex: String = uuid.split('-').collect();
    let number = u128::from_str_radix(&hex, 16).ok()?;
    (hex.len() == 32).then(|| number.to_be_bytes())
}

/// Two hexadecimal digits for each byte.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| hex_of(*byte));
    digits.map(char::from).collect()
}

fn hex_of(byte: u8) -> [u8; 2] {
    [byte >> 4, byte & 0x0f].map(|digit| match digit {
        0..=9 => b'0' + digit,
        _ => b'a' + digit - 10,
    })
}

/// Each byte picks a letter. The alphabets' lengths divide 256 or nearly, so the bias is harmless:
/// ids are names, not keys.
fn prefixed(prefix: &str, random: &[u8], alphabet: &[u8]) -> String {
    let letters = random
        .iter()
        .filter_map(|byte| alphabet.get(usize::from(*byte) % alphabet.len()));
    prefix
        .chars()
        .chain(letters.map(|letter| char::from(*letter)))
        .collect()
}

const BASE32: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const HEX: &[u8] = b"0123456789abcdef";
// 32 digits and four hyphens.
const UUID_BYTES: usize = 36;
// Bytes between hyphens.
const UUID_GROUPS: [usize; 5] = [4, 2, 2, 2, 6];
const LOWERCASE: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
const ALPHANUMERIC: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

#[cfg(test)]
mod tests {
    use super::*;

    fn entropy() -> Entropy {
        Entropy::new([7; 32])
    }

    #[test]
    fn ids_have_the_lengths_that_aws_gives_them() {
        assert_eq!(unique_id("AROA", &mut entropy()).len(), 21);
        assert_eq!(access_key_id("AKIA", &[0; 16]).len(), 20);
        assert_eq!(secret_access_key(&[0; 30]).len(), 40);
        assert_eq!(resource_id("i-", &mut entropy()).len(), 19);
        assert_eq!(secret_suffix(&mut entropy()).len(), 6);
        assert_eq!(organizations_id::<8>("p-", &mut entropy()).len(), 10);
        assert_eq!(account_id(&mut entropy()).len(), 12);
    }

    #[test]
    fn a_uuid_says_its_version_and_variant() {
        let uuid = uuid(&mut entropy());
        let parts: Vec<&str> = uuid.split('-').collect();

        assert_eq!(
            parts.iter().map(|part| part.len()).collect::<Vec<_>>(),
            [8, 4, 4, 4, 12]
        );
        assert_eq!(uuid_text(&uuid_bytes(&uuid).unwrap()), uuid);
        assert!(parts[2].starts_with('4'), "{uuid}");
        assert!(parts[3].starts_with(['8', '9', 'a', 'b']), "{uuid}");
    }
}
