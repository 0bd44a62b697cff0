//! AWS Signature Version 4: verifying what others signed, signing what the client side sends.
//!
//! Knows no account: the caller finds the secret key that belongs to an access key id, and decides
//! what an error is called in its protocol. [`read`] takes a request's claims apart and refuses
//! what is malformed before anything is computed; [`signing_key`] derives the key that claims of
//! one scope share, which a caller may keep; [`verify`] checks. The request's path is not
//! rewritten: whoever routes by path must treat dot segments as the service does.
//!
//! Source: IAM User Guide, "AWS Signature Version 4 for API requests" and "Create a signed AWS API
//! request". Not here: `SigV4a`, chunked (`STREAMING-`) payloads, Signature Version 2.

mod canonical;
mod error;
mod key;
mod presented;
mod read;
mod sign;
mod text;
mod verify;

#[cfg(test)]
mod vectors;

pub use error::{Part, ReadError, Skew, VerifyError};
pub use key::{Scope, SigningKey, signing_key};
pub use presented::{Form, Presented};
pub use read::{
    ACCESS_KEY_ID_BYTES_MAX, AUTHORIZATION_BYTES_MAX, EXPIRES_SECONDS_MAX, QUERY_BYTES_MAX,
    SCOPE_PART_BYTES_MAX, SESSION_TOKEN_BYTES_MAX, SIGNED_HEADERS_MAX, read,
};
pub use sign::{Credentials, SignError, sign};
pub use verify::{SKEW_MAX, verify};

/// The one algorithm, as it stands in headers and in the string to sign.
pub const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// The last part of every credential scope.
const SCOPE_TERMINATOR: &str = "aws4_request";
