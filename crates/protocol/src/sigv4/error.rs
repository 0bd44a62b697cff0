//! Why a signature was not read or not accepted, in AWS's words.
//!
//! Knows no protocol: which code and status a service gives an error is the caller's matter. The
//! messages are meant for the client and follow AWS's own sentences, which clients and people
//! search for; so they start with a capital and end with a full stop, unlike the others here. None
//! repeats a signature, a session token or the `Authorization` header.

use std::fmt;

use jiff::{SignedDuration, Timestamp};

use super::{EXPIRES_SECONDS_MAX, SCOPE_TERMINATOR, SKEW_MAX, text};

/// What is wrong with the claims of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// Not signed at all.
    Missing,
    /// Signed in the header and in the query.
    BothForms,
    /// Another algorithm or authentication scheme.
    Algorithm,
    /// Parts of the `Authorization` header are not there.
    HeaderIncomplete(Vec<Part>),
    /// Parameters of the presigned query are not there.
    QueryIncomplete(Vec<Part>),
    /// Something that must stand once stands more than once.
    Repeated {
        /// Header, parameter or part, as AWS writes it.
        what: &'static str,
    },
    /// Something is not written as it must be.
    Malformed {
        /// Header, parameter or part, as AWS writes it.
        what: &'static str,
        /// How it must be written.
        must: &'static str,
    },
    /// Something is longer than any real one.
    TooLong {
        /// Header, parameter or part, as AWS writes it.
        what: &'static str,
        /// What is allowed, in bytes or in pieces.
        max: usize,
    },
    /// The scope is of another day than the request.
    ScopeDate {
        /// The date in the scope, eight digits.
        scope: String,
        /// The moment of the request.
        moment: Timestamp,
    },
    /// The scope does not end in `aws4_request`.
    ScopeTerminator,
    /// `host` is not signed.
    HostUnsigned,
    /// Headers of the request that must be signed are not.
    Unsigned {
        /// The first such header.
        header: String,
    },
    /// A header is said to be signed and is not in the request.
    Absent {
        /// The first such header.
        header: String,
    },
}

/// A part that every signature has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// `X-Amz-Algorithm`.
    Algorithm,
    /// `Credential` or `X-Amz-Credential`.
    Credential,
    /// `SignedHeaders` or `X-Amz-SignedHeaders`.
    SignedHeaders,
    /// `Signature` or `X-Amz-Signature`.
    Signature,
    /// The header `X-Amz-Date` or `Date`, or the parameter `X-Amz-Date`.
    Date,
    /// `X-Amz-Expires`.
    Expires,
}

/// Why well-formed claims are not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VerifyError {
    /// The signature does not count at this time.
    Skewed {
        /// When it was made.
        moment: Timestamp,
        /// The verifier's time.
        now: Timestamp,
        /// In which way.
        skew: Skew,
    },
    /// `x-amz-content-sha256` is not the hash of the body.
    PayloadMismatch,
    /// `x-amz-content-sha256` names a form of payload that is not taken here.
    PayloadUnsupported,
    /// The signature is not the one that this request and this key yield.
    SignatureMismatch {
        /// The canonical request, without the session token's value.
        canonical_request: String,
        /// The string to sign, of the canonical request with the token.
        string_to_sign: String,
    },
}

/// How a signature misses its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Skew {
    /// Made more than [`SKEW_MAX`] ago.
    Old,
    /// Made more than [`SKEW_MAX`] from now.
    Early,
    /// Presigned, and past its `X-Amz-Expires`.
    Expired {
        /// `X-Amz-Expires`.
        expires_seconds: u32,
    },
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Self::Algorithm => "Algorithm",
            Self::Credential => "Credential",
            Self::SignedHeaders => "SignedHeaders",
            Self::Signature => "Signature",
            Self::Date => "Date",
            Self::Expires => "Expires",
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("Request is missing Authentication Token"),
            Self::BothForms => f.write_str(
                "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter or the \
                 Authorization header should be specified.",
            ),
            Self::Algorithm => {
                f.write_str("Unsupported AWS 'algorithm': only 'AWS4-HMAC-SHA256' is accepted.")
            }
            Self::HeaderIncomplete(parts) => header_incomplete(f, parts),
            Self::QueryIncomplete(parts) => {
                for part in parts {
                    let name = part.name();
                    write!(
                        f,
                        "AWS query-string parameters must include 'X-Amz-{name}'. "
                    )?;
                }
                f.write_str("Re-examine the query-string parameters.")
            }
            Self::Repeated { what } => write!(f, "'{what}' must be given once."),
            Self::Malformed { what, must } => write!(f, "'{what}' must {must}."),
            Self::TooLong { what, max } => write!(f, "'{what}' must not be longer than {max}."),
            Self::ScopeDate { scope, moment } => {
                let moment = basic(*moment);
                let date = moment.get(..8).unwrap_or_default();
                write!(
                    f,
                    "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of \
                     date from HTTP: '{scope}' != '{date}', from '{moment}'."
                )
            }
            Self::ScopeTerminator => write!(
                f,
                "Credential should be scoped with a valid terminator: '{SCOPE_TERMINATOR}'."
            ),
            Self::HostUnsigned => f.write_str(
                "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
            ),
            Self::Unsigned { header } => write!(
                f,
                "There were headers present in the request which were not signed: '{header}'."
            ),
            Self::Absent { header } => write!(
                f,
                "'{header}' is a 'SignedHeader' in the AWS Authorization and not in the request."
            ),
        }
    }
}

impl std::error::Error for ReadError {}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Skewed { moment, now, skew } => skewed(f, *moment, *now, *skew),
            Self::PayloadMismatch => f.write_str(
                "The provided 'x-amz-content-sha256' header does not match what was computed.",
            ),
            Self::PayloadUnsupported => f.write_str(
                "The provided 'x-amz-content-sha256' header must be a valid SHA256; chunked and \
                 unsigned payloads are not accepted here.",
            ),
            Self::SignatureMismatch {
                canonical_request,
                string_to_sign,
            } => write!(
                f,
                "The request signature we calculated does not match the signature you provided. \
                 Check your AWS Secret Access Key and signing method. Consult the service \
                 documentation for details.\n\nThe Canonical String for this request should have \
                 been\n'{canonical_request}'\n\nThe String-to-Sign should have been\n\
                 '{string_to_sign}'\n"
            ),
        }
    }
}

impl std::error::Error for VerifyError {}

fn header_incomplete(f: &mut fmt::Formatter<'_>, parts: &[Part]) -> fmt::Result {
    for (place, part) in parts.iter().enumerate() {
        if place > 0 {
            f.write_str(" ")?;
        }
        if *part == Part::Date {
            f.write_str(
                "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' \
                 header.",
            )?;
        } else {
            let name = part.name();
            write!(f, "Authorization header requires '{name}' parameter.")?;
        }
    }
    Ok(())
}

fn skewed(
    f: &mut fmt::Formatter<'_>,
    moment: Timestamp,
    now: Timestamp,
    skew: Skew,
) -> fmt::Result {
    let minutes = SKEW_MAX.as_mins();
    let at =
        |moment: Timestamp, by: SignedDuration| basic(moment.saturating_add(by).unwrap_or(moment));
    let (signed, now_text) = (basic(moment), basic(now));
    match skew {
        Skew::Old => {
            let bound = at(now, -SKEW_MAX);
            write!(
                f,
                "Signature expired: {signed} is now earlier than {bound} ({now_text} - {minutes} \
                 min.)"
            )
        }
        Skew::Early => {
            let bound = at(now, SKEW_MAX);
            write!(
                f,
                "Signature not yet current: {signed} is still later than {bound} ({now_text} + \
                 {minutes} min.)"
            )
        }
        Skew::Expired { expires_seconds } => {
            let seconds = expires_seconds.min(EXPIRES_SECONDS_MAX);
            let end = at(moment, SignedDuration::from_secs(i64::from(seconds)));
            write!(
                f,
                "Signature expired: {end} is now earlier than {now_text} ({signed} + {seconds} s)"
            )
        }
    }
}

fn basic(moment: Timestamp) -> String {
    text::basic_time(moment)
        .iter()
        .copied()
        .map(char::from)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn check(error: &ReadError, expect: &str) {
        assert_eq!(error.to_string(), expect);
    }

    #[test]
    fn what_cannot_be_read_is_told_in_the_words_of_aws() {
        check(
            &ReadError::HeaderIncomplete(vec![Part::Credential, Part::Date]),
            "Authorization header requires 'Credential' parameter. Authorization header requires \
             existence of either a 'X-Amz-Date' or a 'Date' header.",
        );
        check(
            &ReadError::QueryIncomplete(vec![Part::Signature]),
            "AWS query-string parameters must include 'X-Amz-Signature'. Re-examine the \
             query-string parameters.",
        );
        check(
            &ReadError::ScopeDate {
                scope: "20150829".to_owned(),
                moment: moment("2015-08-30T12:36:00Z"),
            },
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from \
             HTTP: '20150829' != '20150830', from '20150830T123600Z'.",
        );
    }

    #[test]
    fn what_misses_its_time_says_by_how_much() {
        let check = |skew, expect: &str| {
            let error = VerifyError::Skewed {
                moment: moment("2015-08-30T12:36:00Z"),
                now: moment("2015-08-30T13:00:00Z"),
                skew,
            };
            assert_eq!(error.to_string(), expect);
        };
        check(
            Skew::Old,
            "Signature expired: 20150830T123600Z is now earlier than 20150830T125500Z \
             (20150830T130000Z - 5 min.)",
        );
        check(
            Skew::Early,
            "Signature not yet current: 20150830T123600Z is still later than 20150830T130500Z \
             (20150830T130000Z + 5 min.)",
        );
        check(
            Skew::Expired {
                expires_seconds: 60,
            },
            "Signature expired: 20150830T123700Z is now earlier than 20150830T130000Z \
             (20150830T123600Z + 60 s)",
        );
    }
}
