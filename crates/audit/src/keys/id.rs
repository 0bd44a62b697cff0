//! Access key ids: which 20 characters are one, how sure that is, and which account is in it.

use super::{Confidence, Kind};

/// What begins an id: long-lived, temporary, a bearer token of STS, a context-specific credential.
pub(super) const PREFIXES: [&str; 4] = ["AKIA", "ASIA", "ABIA", "ACCA"];

/// Bytes of an id.
pub(super) const BYTES: usize = 20;

/// What 20 bytes say if they are an id: how sure it is. `None` for what is a placeholder.
pub(super) fn judge(id: &str) -> Option<Confidence> {
    let own = id.get(4..)?;
    let is_shaped = id.len() == BYTES
        && PREFIXES.iter().any(|prefix| id.starts_with(prefix))
        && own
            .bytes()
            .all(|it| it.is_ascii_uppercase() || it.is_ascii_digit());
    if !is_shaped || is_placeholder(own) {
        return None;
    }
    let is_base32 = own.bytes().all(|it| base32(it).is_some());
    Some(if is_base32 {
        Confidence::Medium
    } else {
        Confidence::Low
    })
}

/// How long a key of this id lives.
pub(super) fn kind(id: &str) -> Kind {
    if id.starts_with("ASIA") {
        Kind::Temporary
    } else {
        Kind::LongLived
    }
}

/// For people: the prefix and the last four characters.
pub(super) fn masked(id: &str) -> String {
    let prefix = id.get(..4).unwrap_or_default();
    let last = id.get(16..).unwrap_or_default();
    format!("{prefix}…{last}")
}

/// The 12 digits of the account that owns the key of this id, where they are in it: ids of before
/// March 2019 hold none.
///
/// 80 bits follow the prefix; the first says the generation, the next 40 are the account.
pub fn account_of(id: &str) -> Option<String> {
    let own = id.get(4..12).filter(|_| id.len() == BYTES)?;
    // Eight characters are the first 40 bits; the ninth holds the last one of the account.
    let ninth = base32(*id.as_bytes().get(12)?)?;
    let mut bits: u64 = 0;
    for character in own.bytes() {
        bits = bits << 5 | u64::from(base32(character)?);
    }
    let bits = bits << 5 | u64::from(ninth);
    let is_new = bits >> 44 & 1 == 1;
    let account = bits >> 4 & 0xff_ffff_ffff;
    (is_new && account <= ACCOUNT_MAX).then(|| format!("{account:012}"))
}

/// RFC 4648, section 6.
fn base32(character: u8) -> Option<u8> {
    match character {
        b'A'..=b'Z' => Some(character - b'A'),
        b'2'..=b'7' => Some(character - b'2' + 26),
        _ => None,
    }
}

/// What documentation and templates have in place of an id. Of random ids, one in ten thousand
/// looks so.
fn is_placeholder(own: &str) -> bool {
    let says_so = WORDS.iter().any(|word| own.contains(word));
    let mut seen = 0_u128;
    for byte in own.bytes() {
        seen |= 1 << (byte & 0x7f);
    }
    says_so || seen.count_ones() < DISTINCT_MIN || has_sequence(own.as_bytes(), SEQUENCE_MAX)
}

/// Whether more than `longest` bytes follow each other as in `ABCDEF` or `123456`.
pub(super) fn has_sequence(bytes: &[u8], longest: usize) -> bool {
    let mut length = 1;
    let pairs = bytes.iter().zip(bytes.iter().skip(1));
    for (one, next) in pairs {
        let follows = one.checked_add(1) == Some(*next);
        length = if follows { length + 1 } else { 1 };
        if length > longest {
            return true;
        }
    }
    false
}

const ACCOUNT_MAX: u64 = 999_999_999_999;
const WORDS: [&str; 6] = [
    "EXAMPLE",
    "SAMPLE",
    "DUMMY",
    "XXXX",
    "CHANGEME",
    "PLACEHOLD",
];
// Sixteen random characters of 32 hold twelve different ones or so.
const DISTINCT_MIN: u32 = 7;
const SEQUENCE_MAX: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_account_is_in_ids_of_the_new_generation() {
        // The published vector.
        let id = concat!("ASIA", "Y34FZKBOKMUTVV7A");

        assert_eq!(account_of(id).as_deref(), Some("609629065308"));
    }

    #[test]
    fn old_ids_and_other_texts_say_no_account() {
        for id in ["AKIAIOSFODNN7EXAMPLE", "AKIA", "", "AKIAJ34FZKBOKMUTVV7A"] {
            assert_eq!(account_of(id), None, "{id}");
        }
    }

    #[test]
    fn ids_with_digits_that_none_has_are_unlikely_ones() {
        assert_eq!(judge("AKIAQ4WZ7KTRM2VXBH6D"), Some(Confidence::Medium));
        assert_eq!(judge("AKIAQ4WZ9KTRM0VXBH6D"), Some(Confidence::Low));
    }

    #[test]
    fn placeholders_are_no_ids() {
        for id in [
            "AKIAIOSFODNN7EXAMPLE",
            "AKIAXXXXXXXXXXXXXXXX",
            "AKIAABCDEFGHIJKLMNOP",
            "AKIA1234567890123456",
            "AKIAAAAAAAAAAAAAAAAA",
            "AIDAQ4WZ7KTRM2VXBH6D",
            "AKIAQ4WZ7KTRM2VXBH6",
            "AKIAQ4WZ7KTRM2VXbH6D",
        ] {
            assert_eq!(judge(id), None, "{id}");
        }
    }

    #[test]
    fn a_masked_id_shows_its_ends() {
        assert_eq!(masked("AKIAQ4WZ7KTRM2VXBH6D"), "AKIA…BH6D");
    }
}
