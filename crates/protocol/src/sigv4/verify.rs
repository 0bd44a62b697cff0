//! Whether a request is what the holder of a key signed.
//!
//! Knows no clock and keeps nothing: a caller that must refuse a request sent twice remembers
//! [`Presented::signature`] itself.

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::canonical::{self, Canonical, View};
use super::{Form, Presented, SigningKey, Skew, VerifyError, text};

/// Checks time, payload and signature, in this order.
///
/// `presented` must be what [`super::read`] made of this request, and `key` be derived for its
/// scope from the secret key of its access key id: in the header form that look-up is all that
/// binds the id, so no two ids may share a secret key. For an unknown access key id a caller
/// verifies with any key and answers alike, so that the answer's time does not tell which ids
/// exist.
///
/// # Errors
///
/// See [`VerifyError`]. The payload counts as mismatched where `x-amz-content-sha256` is there and
/// is not the body's hash; `UNSIGNED-PAYLOAD` is S3's alone, and what its presigned URLs mean when
/// they say nothing.
pub fn verify(
    request: &http::Request<Bytes>,
    presented: &Presented,
    key: &SigningKey,
    now: Timestamp,
) -> Result<(), VerifyError> {
    check_time(presented, now)?;
    let payload = payload(request, presented)?;
    let canonical = Canonical::new(
        request,
        &presented.signed_headers,
        payload.as_bytes(),
        &presented.scope.service,
    );
    let bytes = canonical.to_bytes(View::Exact);
    let string = canonical::string_to_sign(presented.moment, &presented.scope, &bytes);
    if key.signature(&string).ct_eq(&presented.signature).into() {
        return Ok(());
    }
    Err(VerifyError::SignatureMismatch {
        canonical_request: String::from_utf8_lossy(&canonical.to_bytes(View::Shown)).into_owned(),
        string_to_sign: String::from_utf8_lossy(&string).into_owned(),
    })
}

fn check_time(presented: &Presented, now: Timestamp) -> Result<(), VerifyError> {
    let age = now.duration_since(presented.moment);
    let skew = match presented.form {
        _ if age < -SKEW_MAX => Skew::Early,
        Form::Header if age > SKEW_MAX => Skew::Old,
        Form::Query { expires_seconds }
            if age > SignedDuration::from_secs(i64::from(expires_seconds)) =>
        {
            Skew::Expired { expires_seconds }
        }
        _ => return Ok(()),
    };
    Err(VerifyError::Skewed {
        moment: presented.moment,
        now,
        skew,
    })
}

enum Payload {
    Hash([u8; 64]),
    Unsigned,
}

impl Payload {
    fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Hash(hash) => hash,
            Self::Unsigned => UNSIGNED,
        }
    }
}

fn payload(request: &http::Request<Bytes>, presented: &Presented) -> Result<Payload, VerifyError> {
    let stated = request
        .headers()
        .get(CONTENT_HASH)
        .map(http::HeaderValue::as_bytes);
    let s3 = presented.scope.service == "s3";
    match stated {
        Some(UNSIGNED) if s3 => return Ok(Payload::Unsigned),
        None if s3 && presented.form != Form::Header => return Ok(Payload::Unsigned),
        Some(stated) if text::read_hex(stated).is_none() => {
            return Err(VerifyError::PayloadUnsupported);
        }
        _ => {}
    }
    let hash = text::hex(&Sha256::digest(request.body()).into());
    match stated {
        Some(stated) if stated != hash => Err(VerifyError::PayloadMismatch),
        _ => Ok(Payload::Hash(hash)),
    }
}

/// How far a signature's moment may lie from the verifier's time, either way. AWS documents five
/// minutes for most services ("within five minutes of the time stamp in the request").
pub const SKEW_MAX: SignedDuration = SignedDuration::from_mins(5);

/// The header that states the body's hash.
pub(super) const CONTENT_HASH: &str = "x-amz-content-sha256";
const UNSIGNED: &[u8] = b"UNSIGNED-PAYLOAD";

#[cfg(test)]
mod tests;
