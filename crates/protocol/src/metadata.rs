//! The bytes of the instance metadata service: paths, pages, listings, documents, the token's TTL.
//!
//! Knows no instance, no tree and no token: which path has which value is the account's matter,
//! who may read it the guard's. Sources: EC2 User Guide, "Instance metadata and user data" and
//! "How Instance Metadata Service Version 2 works"; captures of real answers where the guide is
//! silent.

mod document;
mod page;
mod path;

use std::time::Duration;

pub use document::{document, instant};
pub use page::{ErrorStatus, error_page};
pub use path::{MetadataPath, PATH_BYTES_MAX, PathError, Route, SEGMENTS_MAX, Version, normalize};

/// Reads `X-aws-ec2-metadata-token-ttl-seconds`; `None` where the request has no such header. More
/// than one header is for the caller to refuse.
///
/// # Errors
///
/// See [`TtlError`]; all of them are answered with [`ErrorStatus::BadRequest`].
pub fn token_ttl(value: Option<&[u8]>) -> Result<Duration, TtlError> {
    let value = value.ok_or(TtlError::Missing)?;
    if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
        return Err(TtlError::NotNumber);
    }
    let seconds = std::str::from_utf8(value)
        .ok()
        .and_then(|text| text.parse().ok())
        .filter(|seconds| (1..=TOKEN_TTL_SECONDS_MAX).contains(seconds))
        .ok_or(TtlError::OutOfRange)?;
    Ok(Duration::from_secs(seconds))
}

/// Why a token's TTL is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TtlError {
    /// No header.
    #[error("the header `X-aws-ec2-metadata-token-ttl-seconds` is missing")]
    Missing,
    /// Something other than decimal digits.
    #[error("the token's TTL is not a number of seconds")]
    NotNumber,
    /// Nought or too much.
    #[error("the token's TTL is not between 1 and {TOKEN_TTL_SECONDS_MAX} seconds")]
    OutOfRange,
}

/// A directory's listing: one name a line and nothing behind the last one.
///
/// A line feed there would reach the URI of a client that appends the listing as it is, as the AWS
/// SDK for Rust does with a role's name.
pub fn listing<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for (place, name) in names.into_iter().enumerate() {
        if place > 0 {
            text.push('\n');
        }
        text.push_str(name);
    }
    text
}

/// Six hours, the longest life of a token.
pub const TOKEN_TTL_SECONDS_MAX: u64 = 21_600;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_ttl_is_a_number_of_seconds_up_to_six_hours() {
        for (value, expect) in [
            (&b"1"[..], Ok(1)),
            (b"60", Ok(60)),
            (b"21600", Ok(21_600)),
            (b"0", Err(TtlError::OutOfRange)),
            (b"21601", Err(TtlError::OutOfRange)),
            (b"99999999999999999999999", Err(TtlError::OutOfRange)),
            (b"", Err(TtlError::NotNumber)),
            (b" 60", Err(TtlError::NotNumber)),
            (b"+60", Err(TtlError::NotNumber)),
            (b"-1", Err(TtlError::NotNumber)),
            (b"60s", Err(TtlError::NotNumber)),
            (b"6e1", Err(TtlError::NotNumber)),
            (b"0x10", Err(TtlError::NotNumber)),
            (b"\xd9\xa3", Err(TtlError::NotNumber)),
        ] {
            assert_eq!(
                token_ttl(Some(value)),
                expect.map(Duration::from_secs),
                "{value:?}"
            );
        }
        assert_eq!(token_ttl(None), Err(TtlError::Missing));
    }

    #[test]
    fn a_listing_has_no_last_line_feed() {
        assert_eq!(listing([]), "");
        assert_eq!(listing(["role"]), "role");
        assert_eq!(listing(["ami-id", "iam/"]), "ami-id\niam/");
    }

    proptest! {
        #[test]
        fn no_ttl_is_out_of_bounds(value in proptest::collection::vec(any::<u8>(), 0..30)) {
            if let Ok(ttl) = token_ttl(Some(&value)) {
                prop_assert!((1..=TOKEN_TTL_SECONDS_MAX).contains(&ttl.as_secs()));
            }
        }
    }
}
